"""Count the shares after the issue."""

from tool import lie

lie("base_after")
