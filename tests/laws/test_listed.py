"""Listed: a reading that changes an answer is among its readings, and each that is among them can change some answer.

That each listed one can is shown question by question, see `check_options` in the tests of single questions.
"""

from __future__ import annotations

import pytest

from reference.readings import REGISTER
from tests.laws.kit import MANY, QUESTIONS, Document, ask, drawn_cases, small_cases, under


def listed(case: Document) -> None:
    """Under another option of a reading that an answer does not list, the answer is the same, and so is a refusal."""
    reply = ask(case)
    if reply["status"] != "answered":
        return
    for entry in REGISTER:
        if entry.field in reply["readings"]:
            continue
        for option, _ in entry.options:
            other = ask(under(case, **{entry.field: option.value}))
            assert other.get("answer") == reply["answer"], (case, entry.field, option.value, other)


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_changes_an_answer_is_listed(question: str) -> None:
    for case in (*drawn_cases(question, 4, seed=16, events=False), *drawn_cases(question, 3, seed=17)):
        listed(case)
    listed(next(small_cases(question, 1)))


@MANY
@pytest.mark.parametrize("question", QUESTIONS)
def test_listed_on_many_cases(question: str) -> None:
    for case in (*drawn_cases(question, 100, seed=18, events=False), *drawn_cases(question, 100, seed=19)):
        listed(case)
