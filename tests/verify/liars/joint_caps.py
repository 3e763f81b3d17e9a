"""Stop sharing only when both caps are reached."""

from tool import read_otherwise

read_otherwise(cap_mode="joint")
