"""Notices, field by field: small cases and drawn cases with histories; no reading matters."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from reference.oracle.strategies import cases
from tests.outputs.checks import check_drawn, check_small_cases, looked_at
from tests.strategies import examples


def test_small_cases() -> None:
    check_small_cases("notice")


@examples(60)
@given(cases("notice"))
def test_drawn_cases(document: dict[str, Any]) -> None:
    check_drawn(document)


def test_it_looks_at_no_reading() -> None:
    assert looked_at("notice") == set()
