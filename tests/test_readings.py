"""The register of readings is complete and matches the type."""

from __future__ import annotations

from dataclasses import fields
from enum import StrEnum

import pytest

from reference.readings import REGISTER, Readings, entry_for

RECOMMENDED = {
    "if_greater": "common_only",
    "if_greater_basis": "per_share",
    "annualise": "no",
    "shortpay_trigger": "any",
    "year": "calendar",
    "partial": "full_rate",
    "common_gate": "full_year",
    "common_gate_stage": "stage_by_stage",
    "in_kind_gate": "sharing_only",
    "paid_rights": "distribution_3e",
    "ad_as_converted": "hypothetical",
    "unpaid_div": "declared",
    "cap_includes_dividends": "yes",
    "cap_mode": "individual",
    "cap_adjusts_for": "preferred_only",
    "ef_conversion": "equilibrium",
    "cash_rank": "creditor",
    "merger_scope": "literal",
    "oip_adjusts_in_conversion": "yes",
}
"""The defaults that the ambiguity register recommends, by option."""


def test_every_field_has_one_entry_and_every_entry_a_field() -> None:
    assert sorted(entry.field for entry in REGISTER) == sorted(f.name for f in fields(Readings))


@pytest.mark.parametrize("field", RECOMMENDED)
def test_recommended_defaults(field: str) -> None:
    assert getattr(Readings(), field) == RECOMMENDED[field] == entry_for(field).default


@pytest.mark.parametrize("entry", REGISTER, ids=lambda entry: entry.field)
def test_an_entry_is_complete(entry: object) -> None:
    found = entry_for(entry.field)  # type: ignore[attr-defined]
    options = [option for option, _ in found.options]
    kind = type(found.default)
    assert issubclass(kind, StrEnum)
    assert options == list(kind) or set(options) == set(kind)
    assert options[0] is found.default
    assert found.ambiguity.startswith("AMB-")
    assert found.clause[0] in "I123456"
    assert found.decides.endswith(".")
    assert all(effect.endswith(".") for _, effect in found.options)
    assert found.questions


def test_an_unknown_field_has_no_entry() -> None:
    with pytest.raises(KeyError, match="rounding"):
        entry_for("rounding")


def test_readings_compare_by_their_choices() -> None:
    assert Readings() == Readings()
    assert len({Readings(), Readings()}) == 1
