"""Leave the preference as printed after a split."""

from tool import lie

lie("unsplit_preference")
