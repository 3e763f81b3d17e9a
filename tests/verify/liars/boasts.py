"""Claim to answer everything, and answer liquidations alone."""

from tool import Case, honest, serve


def answer(case: Case) -> Case:
    """Answer one question, refuse the others."""
    if case["ask"]["question"] == "liquidation":
        return honest(case)
    error = {"code": "question_not_supported", "path": "ask.question", "message": "ask.question is not for us."}
    return {"case": case["case"], "status": "refused", "error": error}


serve(answer)
