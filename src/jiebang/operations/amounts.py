"""Amounts as doors hand them over: typed text or a number of JSON, read exactly or refused with what would be right."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints

from jiebang.decisions.money import parse_amount
from jiebang.operations.kernel import Stop
from jiebang.rules.currencies import fits
from jiebang.rules.reasons import Reason


def _plain(given: Any) -> Any:
    """A number as its digits; true and false stay what they are and are refused."""
    return str(given) if isinstance(given, int | float | Decimal) and not isinstance(given, bool) else given


Typed = Annotated[str, BeforeValidator(_plain), StringConstraints(strip_whitespace=True, max_length=60)]
Currency = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=3)]


def amount_in(text: str, currency: str, *, field: str = "amount") -> Decimal:
    """The positive amount of a currency that was typed; a stop at its field otherwise."""
    found = parse_amount(text)
    wrong = found if isinstance(found, Reason) else fits(found, currency)
    if wrong is not None:
        raise Stop(Reason(wrong.code, {**wrong.params, "field": field}))
    assert isinstance(found, Decimal)
    return found
