"""Decide every conversion once, with nobody converted."""

from tool import lie

lie("one_shot")
