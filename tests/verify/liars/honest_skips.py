"""Answer liquidations alone, and skip those without Common with a reason."""

from tool import Case, honest, serve


def able(case: Case) -> Case:
    """Say what is answered."""
    return {"case": case["case"], "status": "answered", "answer": {"questions": ["liquidation"]}}


def answer(case: Case) -> Case:
    """Say why a case is skipped."""
    if any(own["class"] == "common" for own in case["position"]["holdings"]):
        return honest(case)
    return {"case": case["case"], "status": "skipped", "reason": "no Common is outstanding"}


serve(answer, able)
