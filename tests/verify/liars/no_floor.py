"""Ignore the floors of an offering."""

from tool import lie

lie("no_floor")
