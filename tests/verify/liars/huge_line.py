"""Reply with a line of 64 MB."""

from tool import serve

serve(lambda case: {"case": case["case"], "status": "answered", "answer": {"padding": "x" * (1 << 26)}})
