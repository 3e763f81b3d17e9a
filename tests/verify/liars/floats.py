"""Answer with JSON floats."""

from fractions import Fraction

from tool import serve, telling

serve(telling(lambda number: float(Fraction(number))))
