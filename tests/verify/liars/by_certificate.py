"""Round for every certificate."""

from tool import read_otherwise

read_otherwise(round_unit="certificate")
