"""Votes, field by field: small cases, drawn cases with histories, and every option of every reading."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from reference.oracle.strategies import cases
from tests.oracle.questions import answered
from tests.oracle.test_votes import EXAMPLES
from tests.outputs import votes
from tests.outputs.checks import check_drawn, check_option, check_small_cases, looked_at, options
from tests.strategies import examples


def test_small_cases() -> None:
    check_small_cases("votes")


@examples(60)
@given(cases("votes"))
def test_drawn_cases(document: dict[str, Any]) -> None:
    check_drawn(document)


def test_every_reading_that_it_looks_at_has_examples() -> None:
    assert set(EXAMPLES) == looked_at("votes")


@pytest.mark.parametrize(("field", "option"), options(EXAMPLES))
def test_each_option_changes_both_answers(field: str, option: str) -> None:
    check_option(field, option, EXAMPLES)


def test_motions_count_votes_by_the_clause_on_majorities() -> None:
    motions = [answered(dict(document))["motion"] for document in votes.EXAMPLES]
    counts = [(own["counted"], own["clause"]) for motion in motions if motion for own in motion["tallies"]]
    assert set(counts) == {("votes", "5(a)")}
