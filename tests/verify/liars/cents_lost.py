"""Drop adjustments below a cent."""

from tool import lie

lie("cents_lost")
