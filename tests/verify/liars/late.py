"""Reply with what was found for the case before."""

from tool import Case, honest, serve

before: list[Case] = []


def answer(case: Case) -> Case:
    """Keep the reply to this case for the next."""
    before.append(honest(case))
    return before[max(0, len(before) - 2)]


serve(answer)
