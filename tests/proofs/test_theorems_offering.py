"""The theorems about section 3(b) speak of the register's candidates, and notice slips in the engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from proofs.study import Study, run_study
from proofs.theorems import offering
from reference.charter import Charter
from tests.proofs.noticed import slip_named, surprises

CANDIDATES = {f"TH-CV-{number:02}" for number in range(1, 16)}

NOTICED = {
    "a floor at its own price": offering.ratios_study,
    "a floor that replaces the price": offering.ratios_study,
    "exactly the minimum is too little": offering.size_study,
}


def test_every_candidate_is_stated(quintus: Charter) -> None:
    stated = {name for study in offering.studies(quintus) for check in study.checks for name in check.theorem.register}
    assert stated == CANDIDATES


@pytest.mark.parametrize("study", [offering.ratios_study, offering.order_study])
def test_short_studies_come_out_as_expected(quintus: Charter, study: Callable[[Charter], Study]) -> None:
    results, _ = run_study(study(quintus))
    assert [result.theorem.id for result in results if not result.as_expected] == []


@pytest.mark.parametrize("name", NOTICED)
def test_slips_are_noticed(quintus: Charter, name: str) -> None:
    assert surprises(slip_named(name), [NOTICED[name](quintus)]) != []
