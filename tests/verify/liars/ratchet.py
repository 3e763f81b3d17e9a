"""Take the price of the issue."""

from tool import lie

lie("ratchet")
