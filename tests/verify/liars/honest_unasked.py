"""Answer rightly, and refuse to say what it can do."""

from tool import honest, serve

ERROR = {"code": "unknown_question", "path": "ask.question", "message": "ask.question is not known."}

serve(honest, lambda case: {"case": case["case"], "status": "refused", "error": ERROR})
