"""Words of an office's own sheets that decide something, in the languages in which offices write them."""

LEAD = frozenset({"lead", "coordinator", "牵头", "牵头单位", "牵头方", "牵头机构"})
WITHDRAWN = frozenset({"withdrawn", "已撤回", "撤回", "已撤销", "撤销"})
SHOWN = frozenset({
    "given", "shown", "submitted", "received", "accepted", "approved", "confirmed", "verified", "valid", "active",
    "current", "ok", "yes",
    "已提供", "已提交", "已收到", "已接收", "已确认", "已核实", "已验证", "已通过", "通过", "合格", "有效", "是",
})  # fmt: skip
NOT_SHOWN = frozenset({
    "rejected", "refused", "revoked", "cancelled", "suspended", "withdrawn", "expired", "pending", "invalid", "missing",
    "no",
    "已拒绝", "拒绝", "未通过", "不通过", "不合格", "已驳回", "驳回", "已退回", "退回", "已撤销", "撤销", "已吊销", "吊销",
    "已注销", "注销", "已撤回", "撤回", "已过期", "过期", "已失效", "失效", "待审核", "审核中", "待核实", "待定", "无效",
    "未提供", "未提交", "缺失", "缺少", "无", "否",
})  # fmt: skip


def said(cell: object) -> str:
    """A cell as these words are compared: without spaces around it, in small letters; "" for a blank one."""
    return "" if cell is None else str(cell).strip().lower()
