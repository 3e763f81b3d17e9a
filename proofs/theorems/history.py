"""Theorems about histories: what is true of every state, shown event by event and then for every history.

Each kind of event is folded from any state that satisfies the invariant, on every path: the certificate refuses it,
or the state after it satisfies the invariant again. What is claimed of every history rests on these lemmas and on the
opening.
"""

from __future__ import annotations

from proofs.study import Study
from proofs.theorems import history_amounts, history_conversions, history_rights, history_stock
from reference.charter import Charter


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of histories."""
    parts = (history_stock, history_rights, history_amounts, history_conversions)
    return tuple(study for part in parts for study in part.studies(charter))
