"""Crash on the third case."""

from itertools import count

from tool import Case, honest, serve

number = count(1)


def answer(case: Case) -> Case:
    """Answer twice, then fall over."""
    if next(number) == 3:
        raise RuntimeError("the third case was too much")
    return honest(case)


serve(answer)
