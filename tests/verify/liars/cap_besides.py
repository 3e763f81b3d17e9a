"""Let the cap come besides the preference."""

from tool import lie

lie("cap_besides")
