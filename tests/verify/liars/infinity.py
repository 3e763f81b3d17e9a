"""Reply with Infinity, which is not JSON."""

from tool import serve

ANSWER = {"distributed": float("Infinity")}

serve(lambda case: {"case": case["case"], "status": "answered", "answer": ANSWER})
