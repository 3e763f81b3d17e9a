"""Whole cases drawn from a seed, the same on every machine; no library is needed for it."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from reference.oracle import charters, drawn_cases
from reference.oracle.drawn_values import Document, Draw

T = TypeVar("T")


class Seeded:
    """Choose numbers by a generator that starts from a seed."""

    def __init__(self, seed: str) -> None:
        """Start from a seed; a text, so that it may name what is drawn."""
        # Text seeds the generator by its digest, which does not depend on the process.
        self.generator = random.Random(seed)

    def __call__(self, bound: int) -> int:
        """Return a whole number from zero to below a bound, above zero."""
        return self.generator.randrange(bound)

    def apart(self, part: Callable[[Draw], T]) -> T:
        """Return what a part draws."""
        return part(self)


def drawn(
    question: str,
    seed: int,
    number: int,
    charter: str | Mapping[str, Any] = drawn_cases.QUINTUS,
    events: bool = True,
    accepted: bool = True,
) -> Document:
    """Draw a case of a question by its number; no case depends on those before it.

    events: whether most have a history; accepted: whether events that the engine refuses are left out. Raise
    ValueError for a question that there is not, Refusal for a charter that cannot be.
    """
    drawn_cases.check_question(question)
    draw = Seeded(f"{question} {seed} {number} {accepted}")
    own = drawn_cases.parts(draw, question, charters.load(charter), events, accepted)
    written = charter if isinstance(charter, str) else copy.deepcopy(dict(charter))
    name = f"{question}-{seed}-{number}" if accepted else f"{question}-{seed}-{number}-unchecked"
    return {"case": name, "charter": written, **own}
