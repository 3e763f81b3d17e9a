"""Round every amount to cents."""

from decimal import ROUND_HALF_UP, Decimal, getcontext

from tool import serve, telling

getcontext().prec = 200


def to_cents(number: str) -> str:
    """Divide, and round to two places."""
    above, _, below = number.partition("/")
    return str((Decimal(above) / Decimal(below or 1)).quantize(Decimal("0.01"), ROUND_HALF_UP)) if below else number


serve(telling(to_cents))
