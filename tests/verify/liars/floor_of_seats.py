"""Round the senior seats down."""

from tool import lie

lie("floor_of_seats")
