"""What explains a tool's answer that differs: another reading of the certificate, or a known mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from reference.oracle.alternatives import other_readings
from reference.oracle.verify.mistakes import mistake, mistakes_of
from reference.oracle.verify.mistakes_kit import Document, Plain, plain_answer

Agrees = Callable[[Plain, Any], bool]
"""Whether an answer, as plain values, is what a tool told, as closely as the two are compared."""


@dataclass(frozen=True)
class Explanation:
    """Say what gives a tool's answer: a reading and its option, such as "cap_mode=joint", or a mistake's id."""

    kind: Literal["reading", "mistake"]
    id: str
    says: str


def explanations(document: Document, told: Any, agrees: Agrees) -> tuple[Explanation, ...]:
    """Return everything known that gives a case the answer that a tool gave it: the readings, then the mistakes.

    told: the tool's answer as plain values; agrees: whether a candidate's answer is that one. Only what changes the
    right answer counts, and each candidate stands alone: no two are put together. Nothing explains an answer that
    agrees with the right one. Raise Refusal if the case cannot be read.
    """
    right = plain_answer(document)
    if right is not None and agrees(right, told):
        return ()
    return tuple(
        explanation
        for explanation, answer in _candidates(document)
        if answer is not None and answer != right and agrees(answer, told)
    )


def _candidates(document: Document) -> Iterator[tuple[Explanation, Plain | None]]:
    """Yield every other reading and every mistake that bears on the question, each with its answer."""
    for other in other_readings(document):
        says = f"{other.means} ({other.entry.clause}, {other.entry.ambiguity})"
        yield Explanation("reading", f"{other.entry.field}={other.option}", says), plain_answer(other.document)
    for own in mistakes_of(document["ask"]["question"]):
        says = f"{own.title} ({', '.join(own.clauses)})"
        yield Explanation("mistake", own.id, says), own.answer(document)


def answer_under(explanation: Explanation, document: Document) -> Plain | None:
    """Return the answer to a case that an explanation gives, as plain values; None where it has none."""
    if explanation.kind == "mistake":
        return mistake(explanation.id).answer(document)
    name, _, option = explanation.id.partition("=")
    return plain_answer({**document, "readings": {**document.get("readings", {}), name: option}})
