"""Theorems about conversion decisions around a liquidation."""

from __future__ import annotations

from proofs.study import Study
from reference.charter import Charter


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    return ()
