"""Public offerings, field by field: small cases, drawn cases with histories, and every option of every reading."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from reference.oracle.strategies import cases
from tests.oracle.questions import Examples
from tests.oracle.test_public_offering import READ, SMALL, offering
from tests.outputs.checks import check_drawn, check_option, check_small_cases, looked_at, options
from tests.strategies import examples

DAY = "1999-11-18"
CONSENT = {"on": DAY, "do": "consent_conversion", "class": "E", "consents": {"ann": 1000}}
CHEAP = {"on": DAY, "do": "public_offering", "price": "4", "primary_shares": 10_000_000}
ALL: Examples = {
    **READ,
    # A consent and an offering of one day, and another offering on the next: so much Common is outstanding by then.
    "consent_tie": [offering(position=SMALL) | {"events": [CONSENT, CHEAP]}],
}


def test_small_cases() -> None:
    check_small_cases("public_offering")


@examples(60)
@given(cases("public_offering"))
def test_drawn_cases(document: dict[str, Any]) -> None:
    check_drawn(document)


def test_every_reading_that_it_looks_at_has_examples() -> None:
    # What survives a conversion ranks only in a liquidation; drawn cases forfeit it.
    assert set(ALL) == looked_at("public_offering") - {"converted_dividends"}


@pytest.mark.parametrize(("field", "option"), options(ALL))
def test_each_option_changes_both_answers(field: str, option: str) -> None:
    check_option(field, option, ALL)
