"""The theorems about section 5 speak of the register's candidates, and notice slips in the engine."""

from __future__ import annotations

import pytest

from proofs.study import run_study
from proofs.theorems import voting
from reference.charter import Charter
from tests.proofs.noticed import slip_named, surprises

CANDIDATES = {f"TH-VT-{number:02}" for number in range(1, 17)}

NOTICED = {
    "ten votes for every series": voting.shift_study,
    "a tie elects everybody": voting.shift_study,
    "seats rounded up": voting.board_study,
    "rounding down": voting.votes_study,
}


def test_every_candidate_is_stated(quintus: Charter) -> None:
    stated = {name for study in voting.studies(quintus) for check in study.checks for name in check.theorem.register}
    assert stated >= CANDIDATES


@pytest.mark.parametrize("study", [voting.votes_study, voting.board_study, voting.motion_study, voting.totals])
def test_short_studies_come_out_as_expected(quintus: Charter, study: voting.Maker) -> None:
    results, _ = run_study(study(quintus))[:2]
    assert [result.theorem.id for result in results if not result.as_expected] == []


@pytest.mark.parametrize("name", NOTICED)
def test_slips_are_noticed(quintus: Charter, name: str) -> None:
    assert surprises(slip_named(name), [NOTICED[name](quintus)]) != []
