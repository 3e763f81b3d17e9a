"""Every slip in the engine is noticed by a theorem."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from proofs import run
from proofs.study import Study
from reference.charter import Charter
from reference.oracle.charters import load
from tests.proofs.noticed import slip_named, surprises
from tests.slips import SLIPS

NOTICED: Mapping[str, str] = {
    "a wrong comparison": "equilibrium, A-D unconverted",
    "a cap without the preference": "liquidation, given conversions",
    "a cap that grows by a split": "terms of the series",
    "a preference without dividends": "liquidation, given conversions",
    "tiers ignored": "liquidation, given conversions",
    "a Cash Amount in another rank": "liquidation after the election",
    "a conversion at the ratio upside down": "equilibrium, A-D unconverted",
    "a second holding forgotten": "deemed liquidations and holders",
    "a ratio upside down": "terms of conversion",
    "rounding down": "votes of shares",
    "each share rounded": "conversion at option",
    "a Cash Amount without dividends": "terms of conversion",
    "exactly half as a majority": "election",
    "a floor at its own price": "floors",
    "a floor that replaces the price": "floors",
    "exactly the minimum is too little": "size of an offering",
    "Cash Amounts by the debt and not the rest of it": "Cash Amounts paid",
    "the shares after the issue instead of before": "one issuance",
    "cents that never add up": "steps of a history",
    "a missing carry": "one issuance",
    "a carry that does not split": "steps of a history",
    "an as-converted base with options": "closed forms of issuances",
    "the Purchase Date itself": "Additional Stock",
    "one unit for all shares": "recapitalizations",
    "ten votes for every series": "Voting Shift Periods",
    "a tie elects everybody": "Voting Shift Periods",
    "seats rounded up": "seats",
    "exactly what is due is short": "entitlements",
    "a shortfall by shares": "rateable dividends",
    "units by shares": "distributions in kind",
    "stock that is outstanding counted as free": "changes of the reserve",
    "shares instead of votes": "approvals at full issuance",
    "notice after the record date": "notices in time",
    "a day less": "parts of dividend years",
}
"""For each slip the study that notices it."""


@pytest.fixture(scope="module")
def studies() -> dict[str, Study]:
    """Return every study by name."""
    return {study.name: study for study in run.studies(load("quintus-1999"))}


def test_every_slip_is_accounted_for() -> None:
    assert set(NOTICED) == {slip.name for slip in SLIPS}


def test_studies_have_names_of_their_own(quintus: Charter) -> None:
    found = [study.name for study in run.studies(quintus)]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("name", NOTICED)
def test_each_slip_is_noticed(studies: dict[str, Study], name: str) -> None:
    assert surprises(slip_named(name), [studies[NOTICED[name]]]) != []
