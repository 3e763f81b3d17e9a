"""Exact amounts as text: "8.25", "33/4", "7"."""

from __future__ import annotations

import math
from fractions import Fraction

import msgspec

from reference.enclosure import Enclosure

MAX_DIGITS = 4300
"""The longest whole number that is read or printed, digits: exact conversion prices get long (3(d))."""

MAX_LENGTH = 2 * MAX_DIGITS + 2
"""The longest amount that is read, characters: a quotient of two such numbers."""

MAX_WHOLE = 60
"""The longest JSON integer that is read, digits: far above any sum of money and any count."""

NEGATIVE_SIGN = "-"


class AmountError(ValueError):
    """Say why a value is no exact amount; `code` is the stable code of the refusal."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def parse(value: object) -> Fraction:
    """Read an exact amount: a decimal or a quotient as text, or an integer.

    Raise AmountError for anything else, JSON floats included: they have been rounded already.
    """
    if isinstance(value, str):
        return _parse_text(value)
    if isinstance(value, float):
        raise AmountError("float", 'is a JSON float, which is not exact; write it as text, such as "8.25" or "33/4".')
    if not isinstance(value, int) or isinstance(value, bool):
        raise AmountError("wrong_type", 'must be an amount, such as "8.25", "33/4" or 7.')
    if abs(value) >= 10**MAX_WHOLE:
        raise AmountError("amount_too_long", f"has more than {MAX_WHOLE} digits.")
    return Fraction(value)


def _parse_text(text: str) -> Fraction:
    if len(text) > MAX_LENGTH:
        raise AmountError("amount_too_long", f"has more than {MAX_LENGTH} characters.")
    body = text.removeprefix(NEGATIVE_SIGN)
    mark = "/" if "/" in body else "."
    whole, found, rest = body.partition(mark)
    if not (_is_digits(whole) and (_is_digits(rest) or not found)):
        raise AmountError("bad_amount", 'is not an exact amount; write it as "8.25", "33/4" or "7".')
    if max(len(whole), len(rest), len(whole) + len(rest) if mark == "." else 0) > MAX_DIGITS:
        raise AmountError("amount_too_long", f"has a number of more than {MAX_DIGITS} digits.")
    if found == "/" and not rest.strip("0"):
        raise AmountError("zero_denominator", "divides by zero.")
    return Fraction(text)


def _is_digits(text: str) -> bool:
    # isdigit alone would let other scripts' digits and superscripts through.
    return text.isascii() and text.isdigit()


class EnclosureText(msgspec.Struct, frozen=True, rename={"low": "from", "high": "to"}):
    """Hold an amount too long to write out: two decimals between which it lies, and what it is rounded."""

    low: str
    high: str
    decimal: str

    def __str__(self) -> str:
        """Return it as it stands in a sentence."""
        return f"{self.decimal}..."


PLACES = 60
"""The decimal places of the ends of an enclosure that are written."""


def _enclosed(amount: Enclosure) -> EnclosureText:
    low, high = (end * 10**PLACES for end in amount.ends)
    found = [math.floor(low), -math.floor(-high)]
    # The most places to which all that lies between the ends is rounded alike.
    places = PLACES
    while places and _to_nearest(low, places) != _to_nearest(high, places):
        places -= 1
    first, last = (_decimal(end, PLACES) for end in found)
    return EnclosureText(first, last, _decimal(_to_nearest(low, places), places))


def _to_nearest(units: Fraction, places: int) -> int:
    """Return the whole number of units of so many places that is nearest to a number of units of the last place."""
    whole: int = math.floor(units / 10 ** (PLACES - places) + Fraction(1, 2))
    return whole


def _decimal(units: int, places: int) -> str:
    """Write a number of units of a decimal place."""
    digits = str(abs(units)).rjust(places + 1, "0")
    whole = digits[:-places] if places else digits
    return ("-" if units < 0 else "") + whole + (f".{digits[-places:]}" if places else "")


def show(amount: Fraction | int) -> str | EnclosureText:
    """Write an amount canonically: "33/4" in lowest terms, "7" if whole, and one that is enclosed as such.

    Raise AmountError if it has more digits than the interpreter prints.
    """
    if isinstance(amount, Enclosure):
        return _enclosed(amount)
    try:
        return str(amount)
    except ValueError:
        raise AmountError("answer_too_long", "An amount of the answer has too many digits to print.") from None
