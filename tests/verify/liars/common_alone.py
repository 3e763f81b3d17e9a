"""Distribute on the Common alone."""

from tool import lie

lie("common_alone")
