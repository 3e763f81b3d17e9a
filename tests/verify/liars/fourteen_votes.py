"""Give every series fourteen votes."""

from tool import lie

lie("fourteen_votes")
