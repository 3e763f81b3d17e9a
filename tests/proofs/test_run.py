"""A whole run: what is chosen, in what order, and what becomes of a process that dies."""

from __future__ import annotations

from pathlib import Path

import pytest

from proofs import run
from reference.charter import Charter

ROOT = Path(__file__).parents[2]
QUICK = "liquidation.second_tier_is_rateable"
TWO_STUDIES = "liquidation.[dh][eo]l[de]*"
"""A pattern that theorems of more than one study fit."""


@pytest.fixture(scope="module")
def stated() -> dict[str, object]:
    """Return every theorem of the shipped charter by its id."""
    from reference.oracle.charters import load

    return {theorem.id: theorem for theorem in run.theorems(load("quintus-1999"))}


def test_theorems_have_distinct_ids_of_their_sections(quintus: Charter) -> None:
    found = run.theorems(quintus)
    ids = [theorem.id for theorem in found]
    assert len(ids) == len(set(ids)) > 20
    assert {theorem.section for theorem in found} <= {"liquidation", "equilibrium"}
