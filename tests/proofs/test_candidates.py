"""Every candidate of the register of theorems is stated by some theorem."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from proofs import run
from reference.charter import Charter

NUMBERS: Mapping[str, int] = {
    "TH-AU": 10,
    "TH-DV": 14,
    "TH-LQ": 25,
    "TH-EQ": 22,
    "TH-CV": 31,
    "TH-AD": 39,
    "TH-VT": 16,
    "TH-PP": 11,
}
"""How many candidates the register numbers under each heading."""

MORE = {"TH-AD-36b"}
"""Candidates that were put in between."""

CANDIDATES = {f"{heading}-{number:02}" for heading, count in NUMBERS.items() for number in range(1, count + 1)} | MORE


@pytest.fixture
def stated(quintus: Charter) -> set[str]:
    """Return the candidates that theorems name."""
    return {name for study in run.studies(quintus) for check in study.checks for name in check.theorem.register}


def test_every_candidate_is_stated(stated: set[str]) -> None:
    assert sorted(CANDIDATES - stated) == []


def test_no_other_candidate_is_named(stated: set[str]) -> None:
    assert sorted(stated - CANDIDATES) == []
