"""Compute with binary floats, and print them."""

from fractions import Fraction

from tool import serve, telling

serve(telling(lambda number: repr(float(Fraction(number))) if "/" in number else number))
