"""The theorems about section 6 speak of the register's candidates, and notice slips in the engine."""

from __future__ import annotations

import pytest

from proofs.study import run_study
from proofs.theorems import approvals
from reference.charter import Charter
from tests.proofs.noticed import slip_named, surprises

CANDIDATES = {f"TH-PP-{number:02}" for number in range(1, 12)}


def test_every_candidate_is_stated(quintus: Charter) -> None:
    stated = {name for study in approvals.studies(quintus) for check in study.checks for name in check.theorem.register}
    assert stated >= CANDIDATES


def test_studies_come_out_as_expected(quintus: Charter) -> None:
    for study in (approvals.at_full_issuance, approvals.of_the_cap, approvals.of_a_plan):
        results = run_study(study(quintus))[0]
        assert [result.theorem.id for result in results if not result.as_expected] == []


@pytest.mark.parametrize("name", ["shares instead of votes", "ten votes for every series"])
def test_slips_are_noticed(quintus: Charter, name: str) -> None:
    assert surprises(slip_named(name), [approvals.at_full_issuance(quintus), approvals.of_the_cap(quintus)]) != []
