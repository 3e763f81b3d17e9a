"""Deem nothing issued under options."""

from tool import lie

lie("no_options")
