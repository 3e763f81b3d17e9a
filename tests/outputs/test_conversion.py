"""Conversions, field by field: small cases, drawn cases with histories, and every option of every reading."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from reference.oracle.strategies import cases
from tests.oracle.test_conversion import READ
from tests.outputs.checks import check_drawn, check_option, check_small_cases, looked_at, options
from tests.strategies import examples


def test_small_cases() -> None:
    check_small_cases("conversion")


@examples(80)
@given(cases("conversion"))
def test_drawn_cases(document: dict[str, Any]) -> None:
    check_drawn(document)


def test_every_reading_that_it_looks_at_has_examples() -> None:
    # What survives a conversion ranks only in a liquidation; drawn cases forfeit it.
    assert set(READ) == looked_at("conversion") - {"converted_dividends"}


@pytest.mark.parametrize(("field", "option"), options(READ))
def test_each_option_changes_both_answers(field: str, option: str) -> None:
    check_option(field, option, READ)
