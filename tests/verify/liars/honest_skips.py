"""Answer liquidations, and skip everything else with a reason."""

from tool import Case, honest, serve


def answer(case: Case) -> Case:
    """Say why a question is skipped."""
    question = case["ask"]["question"]
    if question == "liquidation":
        return honest(case)
    return {"case": case["case"], "status": "skipped", "reason": f"{question} is not implemented"}


serve(answer)
