"""The theorems about section 3(c) speak of the register's candidates, and notice slips in the engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from proofs.study import Study, run_study
from proofs.theorems import cash_amounts
from reference.charter import Charter
from tests.proofs.noticed import slip_named, surprises

CANDIDATES = {f"TH-CV-{number:02}" for number in range(16, 23)}

NOTICED = {
    "Cash Amounts by the debt and not the rest of it": cash_amounts.later_study,
    "a Cash Amount without dividends": cash_amounts.amounts_study,
}


def test_every_candidate_is_stated(quintus: Charter) -> None:
    stated = {
        name for study in cash_amounts.studies(quintus) for check in study.checks for name in check.theorem.register
    }
    assert stated == CANDIDATES


@pytest.mark.parametrize("study", [cash_amounts.amounts_study, cash_amounts.due_study])
def test_short_studies_come_out_as_expected(quintus: Charter, study: Callable[[Charter], Study]) -> None:
    results, _ = run_study(study(quintus))
    assert [result.theorem.id for result in results if not result.as_expected] == []


@pytest.mark.parametrize("name", NOTICED)
def test_slips_are_noticed(quintus: Charter, name: str) -> None:
    assert surprises(slip_named(name), [NOTICED[name](quintus)]) != []
