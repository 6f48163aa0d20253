"""What currencies there are and how many decimals each has: ISO 4217 as CLDR keeps it in use.

CLDR takes away decimals that nobody can pay any more (the kip and the kyat have none there), never adds one.
"""

from decimal import Decimal
from functools import cache

from jiebang.rules.reasons import Reason, reason

MOST_DIGITS = 15  # what every database keeps of a decimal without loss


@cache
def minor_units(currency: str) -> int | None:
    """How many decimals an amount of the currency may have; None for what is no currency."""
    from babel.core import get_global  # its tables are read when first asked for

    known = get_global("currency_fractions")
    places = get_global("territory_currencies").values()
    everywhere = {code for rows in places for code, _since, until, _tender in rows if until is None} - {"XXX"}
    if currency not in everywhere:
        return None
    return int(known.get(currency, known["DEFAULT"])[0])


def fits(amount: Decimal, currency: str) -> Reason | None:
    """Why an amount cannot be one of its currency, with what would be right; None when it can."""
    places = minor_units(currency)
    if places is None:
        return reason("money.unknown_currency", currency=currency)
    plain = amount.normalize()
    digits, exponent = len(plain.as_tuple().digits), int(plain.as_tuple().exponent)
    if digits + max(exponent, 0) > MOST_DIGITS:
        return reason("money.too_many_digits", text=f"{amount:f}", limit=MOST_DIGITS)
    if -exponent <= places:
        return None
    step = Decimal(1).scaleb(-places)
    below = (amount // step) * step
    return reason(
        "money.decimals", amount=f"{amount:f}", currency=currency, below=f"{below:f}", above=f"{below + step:f}",
        places=places,
    )  # fmt: skip
