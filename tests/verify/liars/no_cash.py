"""Pay no Cash Amounts."""

from tool import lie

lie("no_cash")
