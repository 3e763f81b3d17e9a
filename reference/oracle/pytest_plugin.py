"""What pytest gets with the package: the oracle as a fixture, and an assertion that another tool agrees with it.

from hypothesis import given
from reference.oracle.strategies import cases

@given(case=cases("liquidation", events=False))
def test_my_tool(case, assert_agrees):
    assert_agrees(case, {"by_holder": my_tool(case)}, fields=["by_holder.*"], compare="cent")
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

Document = Mapping[str, Any]
Oracle = Callable[[Document], dict[str, Any]]
AssertAgrees = Callable[..., None]

SHOWN = 12


@pytest.fixture(scope="session")
def oracle() -> Oracle:
    """Return a function from a case document to its exact answer as plain values.

    It raises `reference.oracle.refusals.Refusal` for a case that cannot be answered.
    """
    import msgspec

    from reference.oracle.answers import answer_document

    def answer(case: Document) -> dict[str, Any]:
        return dict(msgspec.to_builtins(answer_document(case).answer))

    return answer


@pytest.fixture(scope="session")
def assert_agrees(oracle: Oracle) -> AssertAgrees:
    """Return a function that fails a test whose answer to a case is not the oracle's.

    It takes the case and the answer as plain values; compare: exact, cent or relative:TOLERANCE; fields: patterns
    of the fields to compare, such as by_holder.*, all if None. The failure names what differs, and the reading or
    the known mistake that gives the same numbers. It raises ValueError for a mode that there is not and for fields
    that no answer to the question has, Refusal for a case that cannot be answered.
    """
    from reference.oracle.verify.comparison import compared_fields, mode_named
    from reference.oracle.verify.diagnosis import explanations
    from reference.oracle.verify.judging import Judge, Kind

    def check(case: Document, answer: Any, *, compare: str = "exact", fields: Iterable[str] | None = None) -> None:
        __tracebackhide__ = True
        question = case["ask"]["question"]
        judge = Judge(mode_named(compare), None if fields is None else tuple(fields))
        if not compared_fields(question, judge.declared):
            raise ValueError(f"an answer about {question} has no field like {', '.join(judge.declared or ())}")
        outcome = judge.compared(question, oracle(case), answer)
        if outcome.kind is Kind.AGREES:
            return
        found = explanations(case, answer, lambda one, other: judge.agree(question, one, other))
        lines = [own.says for own in outcome.differences[:SHOWN]]
        lines += [f"{own.kind} {own.id} gives these numbers: {own.says}" for own in found]
        pytest.fail("\n".join([f"The answer is not the oracle's in {len(outcome.differences)} places:", *lines]))

    return check
