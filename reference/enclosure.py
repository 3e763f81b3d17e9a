"""Numbers too long to write out, held between two rationals: conversion prices after many issues (3(d)(i)(A)).

Each issue that adjusts six prices multiplies their digits, so that exact ones soon fill any memory. An enclosure holds
two rationals with the true number between them, and reckons outwards. Whatever is asked of it, an order, a sign or a
whole number, it answers only where both ends agree; where they do not it says so, and nothing is guessed. Whoever
reckons can then begin again with closer ends.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, Union

from reference.position import Number

Enclosed: TypeAlias = Union[Number, "Enclosure"]
"""A number of the engine, exact or enclosed."""

NARROWEST = 256
"""The bits with which enclosures begin: far beyond any difference that money or a share makes."""

WIDEST = 4096
"""The bits beyond which nothing is tried."""


class UndecidedError(ArithmeticError):
    """Say that two ends of an enclosure do not agree on what was asked."""


@dataclass(frozen=True, slots=True, eq=False)
class Enclosure:
    """Hold the ends of an enclosure, low below high; bits: of the ends that it reckons with.

    origin: tells how it came about; two of one origin are one number.
    """

    low: Fraction
    high: Fraction
    bits: int
    origin: bytes

    def __add__(self, other: Enclosed) -> Enclosed:
        low, high = ends(other)
        return _made(self, other, b"+", (self.low + low, self.high + high))

    __radd__ = __add__

    def __neg__(self) -> Enclosed:
        return _made(self, 0, b"-", (-self.high, -self.low))

    def __sub__(self, other: Enclosed) -> Enclosed:
        return Fraction(0) if _is_one(self, other) else self + (-other)

    def __rsub__(self, other: Enclosed) -> Enclosed:
        return (-self) + other

    def __mul__(self, other: Enclosed) -> Enclosed:
        low, high = ends(other)
        if low == high == 0:
            return Fraction(0)
        products = [own * end for own in (self.low, self.high) for end in (low, high)]
        return _made(self, other, b"*", (min(products), max(products)))

    __rmul__ = __mul__

    def __truediv__(self, other: Enclosed) -> Enclosed:
        return Fraction(1) if _is_one(self, other) else self * inverse(other)

    def __rtruediv__(self, other: Enclosed) -> Enclosed:
        return inverse(self) * other

    def __floor__(self) -> int:
        low, high = math.floor(self.low), math.floor(self.high)
        if low != high:
            raise UndecidedError("the whole part of a number is not certain")
        return low

    def __bool__(self) -> bool:
        return self != 0

    def __eq__(self, other: object) -> bool:
        if _is_one(self, other):
            return True
        low, high = ends(other)  # type: ignore[arg-type]
        if self.high < low or high < self.low:
            return False
        raise UndecidedError("whether two numbers are equal is not certain")

    def __hash__(self) -> int:
        return hash(self.origin)

    def __lt__(self, other: Enclosed) -> bool:
        if _is_one(self, other):
            return False
        low, high = ends(other)
        if self.high < low:
            return True
        if self.low >= high:
            return False
        raise UndecidedError("which of two numbers is more is not certain")

    def __gt__(self, other: Enclosed) -> bool:
        if _is_one(self, other):
            return False
        low, high = ends(other)
        if self.low > high:
            return True
        if self.high <= low:
            return False
        raise UndecidedError("which of two numbers is more is not certain")

    def __le__(self, other: Enclosed) -> bool:
        return not self > other

    def __ge__(self, other: Enclosed) -> bool:
        return not self < other


def ends(number: Enclosed) -> tuple[Fraction, Fraction]:
    """Return the two ends of a number; those of an exact one are itself."""
    if isinstance(number, Enclosure):
        return number.low, number.high
    return Fraction(number), Fraction(number)


def inverse(number: Enclosed) -> Enclosed:
    """Return one over a number; raise UndecidedError if it may be zero, ZeroDivisionError if it is."""
    if not isinstance(number, Enclosure):
        return 1 / Fraction(number)
    if number.low <= 0 <= number.high:
        raise UndecidedError("whether a divisor is zero is not certain")
    return _made(number, 0, b"/", (1 / number.high, 1 / number.low))


def shortened(number: Enclosed, bits: int | None) -> Enclosed:
    """Return a number itself if it is short, and else enclosed in ends of so many bits; None leaves it exact."""
    if bits is None or isinstance(number, Enclosure) or not _is_long(Fraction(number), bits):
        return number
    exact = Fraction(number)
    low, high = outward(exact, exact, bits)
    return Enclosure(low, high, bits, _origin(exact)) if low != high else exact


def outward(low: Fraction, high: Fraction, bits: int) -> tuple[Fraction, Fraction]:
    """Return ends of so many bits, of which the lower is no more than low and the higher no less than high."""
    return _rounded(low, bits, math.floor), _rounded(high, bits, math.ceil)


def _rounded(end: Fraction, bits: int, whole: Callable[[Fraction], int]) -> Fraction:
    """Return an end with so many bits, moved to where `whole` moves a number: down or up."""
    if not _is_long(end, bits):
        return end
    scale = Fraction(2) ** (bits - end.numerator.bit_length() + end.denominator.bit_length())
    return whole(end * scale) / scale


def _is_long(number: Fraction, bits: int) -> bool:
    return number.numerator.bit_length() + number.denominator.bit_length() > 2 * bits + 2


def _made(own: Enclosure, other: Enclosed, how: bytes, found: tuple[Fraction, Fraction]) -> Enclosed:
    """Return what comes of an operation on an enclosure: exact where its ends meet."""
    low, high = outward(*found, own.bits)
    if low == high:
        return low
    # The order of a sum's or a product's parts makes no other number.
    parts = sorted((own.origin, _origin(other))) if how in (b"+", b"*") else [own.origin, _origin(other)]
    return Enclosure(low, high, own.bits, _digest(how, *parts))


def _is_one(own: Enclosure, other: object) -> bool:
    return isinstance(other, Enclosure) and own.origin == other.origin


def _origin(number: Enclosed) -> bytes:
    if isinstance(number, Enclosure):
        return number.origin
    exact = Fraction(number)
    return _digest(
        b"=", *(part.to_bytes(part.bit_length() // 8 + 1, "big", signed=True) for part in exact.as_integer_ratio())
    )


def _digest(*parts: bytes) -> bytes:
    found = hashlib.blake2b(digest_size=20)
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.digest()
