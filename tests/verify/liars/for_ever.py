"""Carry adjustments for ever."""

from tool import lie

lie("for_ever")
