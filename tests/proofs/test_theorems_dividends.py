"""The theorems about dividends and distributions speak of the register's candidates, and notice slips."""

from __future__ import annotations

from proofs.study import run_study
from proofs.theorems import distributions, dividend_days, dividends
from reference.charter import Charter
from tests.proofs.noticed import slip_named, surprises

CANDIDATES = {f"TH-DV-{number:02}" for number in range(1, 15)}


def test_every_candidate_is_stated(quintus: Charter) -> None:
    studies = (*dividends.studies(quintus), *distributions.studies(quintus))
    stated = {name for study in studies for check in study.checks for name in check.theorem.register}
    assert stated >= CANDIDATES


def test_short_studies_come_out_as_expected(quintus: Charter) -> None:
    for study in (dividends.of_a_pool(quintus), dividends.of_years(quintus), dividends.formulas(quintus)):
        results = run_study(study)[0]
        assert [result.theorem.id for result in results if not result.as_expected] == []


def test_slips_are_noticed(quintus: Charter) -> None:
    assert surprises(slip_named("a shortfall by shares"), [dividends.of_a_pool(quintus)]) != []
    assert surprises(slip_named("exactly what is due is short"), [dividends.of_entitlements(quintus)]) != []
    assert surprises(slip_named("a day less"), dividend_days.studies(quintus)) != []
    assert surprises(slip_named("units by shares"), distributions.studies(quintus)) != []
