"""The reserve, field by field: small cases, drawn cases with histories, and every option of every reading."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from reference.oracle.strategies import cases
from tests.oracle.questions import answered
from tests.oracle.test_reserve import EXAMPLES
from tests.outputs import reserve
from tests.outputs.checks import check_drawn, check_option, check_small_cases, looked_at, options
from tests.strategies import examples


def test_small_cases() -> None:
    check_small_cases("reserve")


@examples(60)
@given(cases("reserve"))
def test_drawn_cases(document: dict[str, Any]) -> None:
    check_drawn(document)


def test_every_reading_that_it_looks_at_has_examples() -> None:
    assert set(EXAMPLES) == looked_at("reserve")


@pytest.mark.parametrize(("field", "option"), options(EXAMPLES))
def test_each_option_changes_both_answers(field: str, option: str) -> None:
    check_option(field, option, EXAMPLES)


def test_nothing_is_sold_without_an_offering() -> None:
    assert {answered(dict(document))["at_conversion_prices"]["sold"] for document in reserve.EXAMPLES} == {"0"}
