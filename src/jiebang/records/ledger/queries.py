"""What readers see of money: the book of a project, the rates."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import QuerySet, Sum

from jiebang.decisions.ledger import Account, Transfer
from jiebang.decisions.rates import Rate as Known
from jiebang.records.ledger.models import Claim, Debt, Fund, Order, Rate, Row
from jiebang.records.projects.models import Project


def funds(project: Project) -> QuerySet[Fund]:
    """The project's money by source, the programme's own first."""
    rows = Fund.objects.filter(project=project).select_related("party__organisation", "debt")
    return rows.order_by("party_id", "pk")


def rows(project: Project, *, fund: int | None = None, account: str = "") -> QuerySet[Row]:
    """The rows of the book in the order in which they were written; of one fund, or touching one account."""
    found = Row.objects.filter(fund__project=project).select_related(
        "fund__party__organisation", "by", "instalment"
    )
    if fund is not None:
        found = found.filter(fund=fund)
    if account:
        found = found.filter(put=account) | found.filter(drawn=account)
    return found.order_by("pk")


def transfers(found: Iterable[Row]) -> list[Transfer]:
    """Rows as decisions read them; they come with their fund."""
    return [
        Transfer(
            fund=row.fund_id, currency=row.fund.currency, act=row.act, drawn=row.drawn, put=row.put,  # type: ignore[arg-type]
            amount=row.amount, day=row.day, instalment=row.instalment_id,
        )
        for row in found
    ]  # fmt: skip


def open_orders(project: Project) -> dict[int, Order]:
    """By instalment (its key) the payment that waits for a second officer."""
    found = Order.objects.filter(instalment__project=project, status=Order.Status.OPEN)
    return {row.instalment_id: row for row in found.select_related("proposed_by")}


def claims(project: Project) -> QuerySet[Claim]:
    """The claims for an after-subsidy."""
    return Claim.objects.filter(project=project).select_related("by", "instalment").order_by("pk")


def debts(project: Project) -> QuerySet[Debt]:
    """What is to be returned."""
    return Debt.objects.filter(fund__project=project).select_related("fund").order_by("pk")


def last_day(found: Iterable[Row], *, fund: int, account: Account) -> date | None:
    """The day of the last row that put money into an account."""
    return max((row.day for row in found if row.fund_id == fund and row.put == account), default=None)


def known_rates(currencies: Collection[str], *, since: date, until: date) -> list[Known]:
    """The rates that count between these currencies, of the days from `since` to `until`."""
    found = Rate.objects.filter(replaced_at=None, base__in=currencies, quote__in=currencies)
    return [
        Known(day=row.day, base=row.base, quote=row.quote, rate=row.rate, source=row.source)
        for row in found.filter(day__gte=since, day__lte=until).order_by("day", "pk")
    ]


def rates_around(currencies: Collection[str], days: Collection[date], *, before: int) -> list[Known]:
    """The rates that conversions on these days may use; read at once."""
    if not days:
        return []
    return known_rates(currencies, since=min(days) - timedelta(before), until=max(days))


def rates(*, replaced: bool = False) -> QuerySet[Rate]:
    """Every rate, the newest day first; those that were corrected only when asked for."""
    found = Rate.objects.select_related("by").order_by("-day", "base", "quote", "-pk")
    return found if replaced else found.filter(replaced_at=None)


def granted_before(lead: int, *, call: int, currency: str) -> object:
    """What claims of one lead in one call were granted so far; None for nothing."""
    found = Claim.objects.filter(
        project__bid__consortium__lead=lead, project__challenge__call=call, currency=currency
    )
    return found.aggregate(total=Sum("instalment__amount"))["total"]
