"""Give converters their fraction of everything."""

from tool import lie

lie("whole_exit")
