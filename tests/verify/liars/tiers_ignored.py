"""Pay all preferences together."""

from tool import lie

lie("tiers_ignored")
