"""No field of an answer is without a closed form and a comparison, and every form that is named exists."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache

import pytest

from reference.oracle import questions
from reference.oracle.charters import load
from reference.readings import Readings
from symbolic.formula import SECTIONS, definitions
from symbolic.outputs import FIELDS
from tests.outputs.compare import compared, fields, module_of

QUESTIONS = tuple(questions.MODULES)


@cache
def names(section: str) -> frozenset[str]:
    """Name every quantity of a section."""
    return frozenset(own.name for own in definitions(section, load("quintus-1999"), Readings()))


def test_every_question_has_its_fields() -> None:
    assert tuple(FIELDS) == QUESTIONS


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_field_has_a_closed_form(question: str) -> None:
    module = module_of(question)
    assert {*FIELDS[question], *module.LABELS} == set(fields(question))
    assert not set(FIELDS[question]) & set(module.LABELS)
    assert all(FIELDS[question].values())
    assert all(module.LABELS.values())


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_closed_form_exists(question: str) -> None:
    for field, forms in FIELDS[question].items():
        for form in forms:
            section, pattern = form.split(".", 1)
            assert section in SECTIONS, (field, form)
            assert any(fnmatchcase(name, pattern) for name in names(section)), (field, form)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_field_is_compared_and_varies(question: str) -> None:
    module = module_of(question)
    seen: dict[str, set[str]] = {}
    for document in module.EXAMPLES:
        found = compared(document)
        assert found.differences == []
        for field, values in found.values.items():
            seen.setdefault(field, set()).update(map(str, values))
    assert set(seen) == set(FIELDS[question])
    # A field that is always the same would agree with any account of it.
    assert [field for field, values in seen.items() if len(values) < 2] == []
