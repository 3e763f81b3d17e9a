"""Compare with the Original Issue Price."""

from tool import lie

lie("issue_price")
