"""Drop fractions of a share."""

from tool import lie

lie("rounds_down")
