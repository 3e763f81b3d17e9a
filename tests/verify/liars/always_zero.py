"""Answer zero, whatever is asked."""

from tool import serve, telling

serve(telling(lambda number: "0"))
