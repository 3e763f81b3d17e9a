"""The theorems about section 3(a), consents and rounding speak of the register, and notice slips in the engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from proofs.study import Study, run_study
from proofs.theorems import conversion
from reference.charter import Charter
from tests.proofs.noticed import slip_named, surprises

CANDIDATES = {f"TH-CV-{number:02}" for number in range(23, 32)}

NOTICED = {
    "a ratio upside down": conversion.terms_study,
    "a Cash Amount without dividends": conversion.terms_study,
    "rounding down": conversion.rounding_study,
    "each share rounded": conversion.rounding_study,
    "exactly half as a majority": conversion.election_study,
    "ten votes for every series": conversion.election_study,
}


def test_every_candidate_is_stated(quintus: Charter) -> None:
    stated = {
        name for study in conversion.studies(quintus) for check in study.checks for name in check.theorem.register
    }
    assert stated == CANDIDATES


@pytest.mark.parametrize("study", [conversion.terms_study, conversion.rounding_study, conversion.consent_study])
def test_short_studies_come_out_as_expected(quintus: Charter, study: Callable[[Charter], Study]) -> None:
    results, _ = run_study(study(quintus))
    assert [result.theorem.id for result in results if not result.as_expected] == []


@pytest.mark.parametrize("name", NOTICED)
def test_slips_are_noticed(quintus: Charter, name: str) -> None:
    assert surprises(slip_named(name), [NOTICED[name](quintus)]) != []
