"""The catalogue of known mistakes of cap-table tools, each with the answers that a tool making it gives.

What the certificate leaves open is no mistake but a reading, see `charterproof readings`; some mistakes give the
numbers of a reading in some cases all the same, and `cap-never-lifts` gives those of ef_conversion = none in all
that the shipped charter knows.
"""

from __future__ import annotations

from reference.oracle.verify import (
    mistakes_amounts,
    mistakes_conversion,
    mistakes_dividends,
    mistakes_liquidation,
    mistakes_prices,
    mistakes_votes,
)
from reference.oracle.verify.mistakes_kit import Document, Mistake

__all__ = ["CATALOGUE", "Document", "Mistake", "mistake", "mistakes_of"]

CATALOGUE: tuple[Mistake, ...] = (
    *mistakes_liquidation.MISTAKES,
    *mistakes_prices.MISTAKES,
    *mistakes_conversion.MISTAKES,
    *mistakes_dividends.MISTAKES,
    *mistakes_votes.MISTAKES,
    *mistakes_amounts.MISTAKES,
)
"""Every known mistake, by section."""


def mistake(id: str) -> Mistake:
    """Return one mistake by its id; raise KeyError if there is none."""
    for own in CATALOGUE:
        if own.id == id:
            return own
    raise KeyError(id)


def mistakes_of(question: str) -> tuple[Mistake, ...]:
    """Return the mistakes that can bear on the answers to a question, in the catalogue's order."""
    return tuple(own for own in CATALOGUE if question in own.questions)
