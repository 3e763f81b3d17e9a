"""Convert one for one."""

from tool import lie

lie("one_for_one")
