"""Numbers too long to write out, held between two others: conversion prices after many issues (3(d)(i)(A)).

Each issue that adjusts six prices multiplies their digits, so that exact ones soon fill any memory. An enclosure holds
two ends with the true number between them, and reckons outwards. Whatever is asked of it, an order, a sign or a whole
number, it answers only where both ends agree; where they do not it says so, and nothing is guessed. Whoever reckons can
then begin again with closer ends.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, Union

from reference.position import Number

Enclosed: TypeAlias = Union[Number, "Enclosure"]
"""A number of the engine, exact or enclosed."""

NARROWEST = 256
"""The binary places with which enclosures begin: far beyond any difference that money or a share makes."""


class UndecidedError(ArithmeticError):
    """Say that two ends of an enclosure do not agree on what was asked."""


class TooLongError(ArithmeticError):
    """Say that exact numbers have got longer than they can be written."""


@dataclass(frozen=True, slots=True, eq=False)
class Enclosure:
    """Hold the ends of an enclosure, in units of the last of so many binary places, low below high.

    origin: tells how it came about; two of one origin are one number.
    """

    low: int
    high: int
    places: int
    origin: bytes

    def __add__(self, other: Enclosed) -> Enclosed:
        low, high = _units(other, self.places)
        return _made(self, other, b"+", self.low + low, self.high + high)

    __radd__ = __add__

    def __neg__(self) -> Enclosed:
        return _made(self, 0, b"-", -self.high, -self.low)

    def __sub__(self, other: Enclosed) -> Enclosed:
        return Fraction(0) if _is_one(self, other) else self + (-other)

    def __rsub__(self, other: Enclosed) -> Enclosed:
        return (-self) + other

    def __mul__(self, other: Enclosed) -> Enclosed:
        if isinstance(other, Enclosure):
            products = [own * end for own in (self.low, self.high) for end in (other.low, other.high)]
            return _made(self, other, b"*", min(products) >> self.places, -(-max(products) >> self.places))
        above, below = other.as_integer_ratio()
        if above == 0:
            return Fraction(0)
        low, high = (self.low, self.high) if above > 0 else (self.high, self.low)
        return _made(self, other, b"*", low * above // below, -(-high * above // below))

    __rmul__ = __mul__

    def __truediv__(self, other: Enclosed) -> Enclosed:
        if _is_one(self, other):
            return Fraction(1)
        return self * (other._inverse() if isinstance(other, Enclosure) else 1 / Fraction(other))

    def __rtruediv__(self, other: Enclosed) -> Enclosed:
        return self._inverse() * other

    def _inverse(self) -> Enclosed:
        if self.low <= 0 <= self.high:
            raise UndecidedError("whether a divisor is zero is not certain")
        one = 1 << 2 * self.places
        return _made(self, 0, b"/", one // self.high, -(-one // self.low))

    def __floor__(self) -> int:
        low, high = self.low >> self.places, self.high >> self.places
        if low != high:
            raise UndecidedError("the whole part of a number is not certain")
        return low

    def __bool__(self) -> bool:
        return self != 0

    def __eq__(self, other: object) -> bool:
        if _is_one(self, other):
            return True
        if self._is_below(other) or self._is_above(other):  # type: ignore[arg-type]
            return False
        raise UndecidedError("whether two numbers are equal is not certain")

    def __hash__(self) -> int:
        return hash(self.origin)

    def __lt__(self, other: Enclosed) -> bool:
        if _is_one(self, other):
            return False
        if self._is_below(other):
            return True
        if self._is_above(other):
            return False
        raise UndecidedError("which of two numbers is more is not certain")

    def __gt__(self, other: Enclosed) -> bool:
        return not _is_one(self, other) and not self < other

    def __le__(self, other: Enclosed) -> bool:
        return _is_one(self, other) or self < other

    def __ge__(self, other: Enclosed) -> bool:
        return not self < other

    def _is_below(self, other: Enclosed) -> bool:
        """Say whether the whole enclosure lies below another number."""
        if isinstance(other, Enclosure):
            return self.high < other.low
        above, below = other.as_integer_ratio()
        return self.high * below < above << self.places

    def _is_above(self, other: Enclosed) -> bool:
        if isinstance(other, Enclosure):
            return self.low > other.high
        above, below = other.as_integer_ratio()
        return self.low * below > above << self.places

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """Return the two ends."""
        return Fraction(self.low, 1 << self.places), Fraction(self.high, 1 << self.places)


def ends(number: Enclosed) -> tuple[Fraction, Fraction]:
    """Return the two ends of a number; those of an exact one are itself."""
    return number.ends if isinstance(number, Enclosure) else (Fraction(number), Fraction(number))


def shortened(number: Fraction, places: int | None) -> Fraction:
    """Return a number itself if it is short, and else enclosed between ends of so many places; None leaves it exact.

    An enclosure takes the place of a number wherever one is reckoned with, and so goes by its type.
    """
    if places is None or isinstance(number, Enclosure) or number.denominator.bit_length() <= places:
        return number
    return between(number, number, places)


def between(low: Fraction, high: Fraction, places: int) -> Fraction:
    """Return what lies between two numbers, as an enclosure; the number itself if they are one with few places."""
    first, last = _units(low, places)[0], _units(high, places)[1]
    if first == last:
        return low
    return Enclosure(first, last, places, _digest(b"in", _origin(low), _origin(high)))  # type: ignore[return-value]


def _units(number: Enclosed, places: int) -> tuple[int, int]:
    """Return the ends of a number in units of a binary place, rounded outwards."""
    if isinstance(number, Enclosure):
        return number.low, number.high
    above, below = number.as_integer_ratio()
    return (above << places) // below, -((-above << places) // below)


def _made(own: Enclosure, other: Enclosed, how: bytes, low: int, high: int) -> Enclosed:
    """Return what comes of an operation on an enclosure."""
    # The order of a sum's or a product's parts makes no other number.
    parts = sorted((own.origin, _origin(other))) if how in (b"+", b"*") else [own.origin, _origin(other)]
    return Enclosure(low, high, own.places, _digest(how, *parts))


def _is_one(own: Enclosure, other: object) -> bool:
    return isinstance(other, Enclosure) and own.origin == other.origin


def _origin(number: Enclosed) -> bytes:
    if isinstance(number, Enclosure):
        return number.origin
    return _digest(b"=", *(b"%x" % part for part in number.as_integer_ratio()))


def _digest(*parts: bytes) -> bytes:
    return hashlib.blake2b(b"".join([b"%d:%b" % (len(part), part) for part in parts]), digest_size=20).digest()
