"""Leave the conversion price as it is after a split."""

from tool import lie

lie("unsplit_price")
