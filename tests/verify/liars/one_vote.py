"""Give one vote for each as-converted share."""

from tool import lie

lie("one_vote")
