"""Never convert a capped series."""

from tool import lie

lie("cap_never_lifts")
