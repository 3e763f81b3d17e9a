"""Participate without a cap."""

from tool import lie

lie("uncapped")
