"""Count all options in the weighted average."""

from tool import read_otherwise

read_otherwise(weighted_average_base="plus_all_options")
