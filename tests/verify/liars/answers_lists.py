"""Reply with a list."""

from tool import serve

serve(lambda case: [case["case"], "answered", {}])
