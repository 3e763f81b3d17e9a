"""Send the notice to all holders."""

from tool import lie

lie("notice_to_all")
