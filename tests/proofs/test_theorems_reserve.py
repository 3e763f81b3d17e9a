"""The theorems about authorised stock speak of the register's candidates, and notice slips in the engine."""

from __future__ import annotations

import pytest

from proofs.study import run_study
from proofs.theorems import reserve
from reference.charter import Charter
from tests.proofs.noticed import slip_named, surprises

CANDIDATES = {f"TH-AU-{number:02}" for number in range(1, 11)}


def test_every_candidate_is_stated(quintus: Charter) -> None:
    stated = {name for study in reserve.studies(quintus) for check in study.checks for name in check.theorem.register}
    assert stated >= CANDIDATES


def test_studies_come_out_as_expected(quintus: Charter) -> None:
    for study in (reserve.of_changes, reserve.of_an_offering, reserve.of_numbers):
        results = run_study(study(quintus))[0]
        assert [result.theorem.id for result in results if not result.as_expected] == []


@pytest.mark.parametrize("name", ["stock that is outstanding counted as free", "a ratio upside down"])
def test_slips_are_noticed(quintus: Charter, name: str) -> None:
    assert surprises(slip_named(name), [reserve.of_changes(quintus)]) != []
