"""Let every dividend on the Common be declared."""

from tool import lie

lie("open_gate")
