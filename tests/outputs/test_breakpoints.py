"""Breakpoints, field by field: small cases, drawn cases with histories, and every option of every reading."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from reference.oracle.strategies import cases
from tests.oracle.questions import Examples, asked
from tests.outputs.checks import check_drawn, check_option, check_small_cases, looked_at, options
from tests.outputs.test_liquidation import DATED, OPTIONS, OWED, SPLIT, SURVIVES, TWO_DAYS
from tests.strategies import examples

HELD = {"conversions": "as_held"}

READ: Examples = {
    "ad_election": [asked("breakpoints", elect=True)],
    "cash_pool": [asked("breakpoints", TWO_DAYS)],
    "converted_dividends": [asked("breakpoints", SURVIVES)],
    "exercise": [asked("breakpoints", events=[OPTIONS])],
    "cap_mode": [asked("breakpoints", **HELD)],
    "cap_adjusts_for": [asked("breakpoints", {**SPLIT, "common_split": "2"}, **HELD)],
    "cap_includes_dividends": [asked("breakpoints", OWED, **HELD)],
    "cash_rank": [asked("breakpoints", elect=True)],
    "cash_adjusts_preferred_split": [asked("breakpoints", SPLIT, elect=True)],
    "daycount": [asked("breakpoints", DATED, readings={"unpaid_div": "undeclared_all"})],
    "ef_conversion": [asked("breakpoints")],
    "oip_adjusts_in_conversion": [asked("breakpoints", SPLIT)],
    "unpaid_div": [asked("breakpoints", OWED)],
}


def test_small_cases() -> None:
    check_small_cases("breakpoints", every=2)


@examples(70)
@given(cases("breakpoints"))
def test_drawn_cases(document: dict[str, Any]) -> None:
    check_drawn(document)


def test_every_reading_that_it_looks_at_has_examples() -> None:
    assert set(READ) == looked_at("breakpoints")


@pytest.mark.parametrize(("field", "option"), options(READ))
def test_each_option_changes_both_answers(field: str, option: str) -> None:
    check_option(field, option, READ)
