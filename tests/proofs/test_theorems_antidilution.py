"""The theorems about section 3(d) and 3(f) speak of the register's candidates, and notice slips in the engine."""

from __future__ import annotations

import pytest

from proofs.study import Study, run_study
from proofs.theorems import (
    additional_stock,
    antidilution,
    antidilution_forms,
    antidilution_histories,
    antidilution_issuances,
    antidilution_rights,
    recapitalization,
)
from reference.charter import Charter
from tests.proofs.noticed import slip_named, surprises

CANDIDATES = {f"TH-AD-{number:02}" for number in range(1, 40)} | {"TH-AD-36b"}

NOTICED = {
    "an as-converted base with options": "closed forms of issuances",
    "the shares after the issue instead of before": "one issuance",
    "cents that never add up": "steps of a history",
    "a missing carry": "steps of a history",
    "a carry that does not split": "splits",
    "the Purchase Date itself": "Additional Stock",
    "one unit for all shares": "recapitalizations",
}
"""By slip, the study that notices it."""

SHORT = ("one issuance", "shares outstanding", "adjustments below a cent", "recapitalizations")


def every_study(charter: Charter) -> dict[str, Study]:
    """Return the studies of these sections by name."""
    modules = (antidilution, additional_stock, recapitalization)
    return {study.name: study for module in modules for study in module.studies(charter)}


def test_every_candidate_is_stated(quintus: Charter) -> None:
    stated = {
        name for study in every_study(quintus).values() for check in study.checks for name in check.theorem.register
    }
    assert stated >= CANDIDATES


def test_every_part_is_there(quintus: Charter) -> None:
    parts = (antidilution_forms, antidilution_histories, antidilution_issuances, antidilution_rights)
    names = {study.name for part in parts for study in part.studies(quintus)}
    assert names <= every_study(quintus).keys()


def test_what_theorems_rest_on_is_stated(quintus: Charter) -> None:
    theorems = [check.theorem for study in antidilution.studies(quintus) for check in study.checks]
    assert {name for theorem in theorems for name in theorem.rests_on} <= {theorem.id for theorem in theorems}


@pytest.mark.parametrize("name", SHORT)
def test_short_studies_come_out_as_expected(quintus: Charter, name: str) -> None:
    results = run_study(every_study(quintus)[name])[0]
    assert [result.theorem.id for result in results if not result.as_expected] == []
    assert [twin.change for result in results for twin in result.twins if twin.verdict != "REFUTED"] == []


@pytest.mark.parametrize("name", NOTICED)
def test_slips_are_noticed(quintus: Charter, name: str) -> None:
    assert surprises(slip_named(name), [every_study(quintus)[NOTICED[name]]]) != []
