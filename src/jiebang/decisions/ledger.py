"""A double-entry ledger of a project's money: every row draws on one account and puts into another, so it always balances.

A fund is one source's money in one currency. Its amount goes from `source` through `awarded`, `signed` and `due` to
`paid`; what is never paid ends in `lapsed`, what has to come back goes on to `owed` and `returned`. No account but
`source` can be drawn below zero, and the same thing is never awarded, due or paid twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from jiebang.rules.currencies import fits
from jiebang.rules.reasons import Reason, reason

Account = Literal["source", "awarded", "signed", "due", "paid", "owed", "returned", "lapsed"]
Act = Literal["award", "sign", "fall_due", "pay", "spend", "lapse", "claim_back", "give_back"]
ACCOUNTS: tuple[Account, ...] = (
    "source", "awarded", "signed", "due", "paid", "owed", "returned", "lapsed",
)  # fmt: skip
# Each act: what it may draw on, and where it puts it.
WAYS: Mapping[Act, tuple[frozenset[Account], Account]] = {
    "award": (frozenset({"source"}), "awarded"),
    "sign": (frozenset({"awarded"}), "signed"),
    "fall_due": (frozenset({"awarded", "signed"}), "due"),
    "pay": (frozenset({"due"}), "paid"),
    "spend": (frozenset({"awarded", "signed"}), "paid"),
    "lapse": (frozenset({"awarded", "signed", "due"}), "lapsed"),
    "claim_back": (frozenset({"paid"}), "owed"),
    "give_back": (frozenset({"owed"}), "returned"),
}
_ONCE: frozenset[Act] = frozenset({"fall_due", "pay"})  # for one instalment


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One row: `amount` of the fund's currency drawn on one account and put into another; `instalment` where it is of one."""

    fund: int
    currency: str
    act: Act
    drawn: Account
    put: Account
    amount: Decimal
    day: date
    instalment: int | None = None


Balances = dict[tuple[int, str, Account], Decimal]


def balances(rows: Iterable[Transfer]) -> Balances:
    """What stands on each account of each fund and currency; those of a fund add up to zero."""
    found: Balances = {}
    for row in rows:
        for account, amount in ((row.drawn, -row.amount), (row.put, row.amount)):
            key = (row.fund, row.currency, account)
            found[key] = found.get(key, Decimal(0)) + amount
    return found


def turnover(rows: Iterable[Transfer]) -> Balances:
    """What was ever put into each account: announced, signed and paid are told on this basis."""
    found: Balances = {}
    for row in rows:
        key = (row.fund, row.currency, row.put)
        found[key] = found.get(key, Decimal(0)) + row.amount
    return found


def against(book: Sequence[Transfer], new: Transfer) -> Reason | None:
    """Why a row cannot be added to a fund's book; None when it can."""
    if wrong := _shape(new) or fits(new.amount, new.currency):
        return wrong
    if any(row.fund == new.fund and row.currency != new.currency for row in book):
        return reason("money.fund_currency", currency=new.currency)
    if new.act in _ONCE and new.instalment is not None:
        done = [row for row in book if row.act == new.act and row.instalment == new.instalment]
        if done:
            return reason("money.twice", day=done[0].day.isoformat(), amount=_shown(done[0]))
    left = balances(book).get((new.fund, new.currency, new.drawn), Decimal(0))
    if new.drawn != "source" and new.amount > left:
        return reason("money.not_enough", account=new.drawn, left=f"{left:f}", amount=_shown(new))
    return None


def standing(rows: Iterable[Transfer], *, fund: int, account: Account) -> Decimal:
    """What stands on one account of a fund."""
    return sum(
        (amount for (of, _, name), amount in balances(rows).items() if of == fund and name == account),
        Decimal(0),
    )


def _shape(new: Transfer) -> Reason | None:
    origins, target = WAYS[new.act]
    if new.drawn not in origins or new.put != target:
        return reason("money.no_such_way", act=new.act, drawn=new.drawn, put=new.put)
    if not new.amount.is_finite() or new.amount <= 0:
        return reason("money.nothing", amount=str(new.amount))
    return None


def _shown(row: Transfer) -> str:
    return f"{row.amount:f} {row.currency}"
