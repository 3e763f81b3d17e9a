"""Whether theorems notice a slip in the engine."""

from __future__ import annotations

from collections.abc import Iterable

from proofs.study import Study, run_study
from tests.slips import SLIPS, Slip, made


def slip_named(name: str) -> Slip:
    """Return a slip by its name."""
    return next(slip for slip in SLIPS if slip.name == name)


def surprises(slip: Slip, studies: Iterable[Study]) -> list[str]:
    """List the first theorem that does not come out as expected on the engine with a slip; empty if all do."""
    with made(slip):
        for study in studies:
            results = run_study(study, fail_fast=True)[0]
            found = [result.theorem.id for result in results if not result.as_expected]
            if found:
                return found
    return []
