"""Reply with NaN, which is not JSON."""

from tool import serve

ANSWER = {"distributed": float("NaN")}

serve(lambda case: {"case": case["case"], "status": "answered", "answer": ANSWER})
