"""Let an up round raise the price."""

from tool import lie

lie("up_round")
