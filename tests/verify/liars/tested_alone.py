"""Test every series alone."""

from tool import lie

lie("tested_alone")
