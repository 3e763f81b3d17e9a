"""Issue fractions of a share."""

from tool import lie

lie("fraction_shares")
