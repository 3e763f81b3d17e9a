"""Leave unpaid dividends out of the preference."""

from tool import lie

lie("no_dividends")
