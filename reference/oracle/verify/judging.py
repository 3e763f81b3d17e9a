"""What becomes of one case: the tool agrees, differs, skips it or fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import UNSET

from reference.oracle import answers
from reference.oracle.documents import read_case
from reference.oracle.refusals import Refusal
from reference.oracle.verify.comparison import EXACTLY, Difference, Mode, beyond, compared_fields, differences
from reference.oracle.verify.protocol import Capabilities, ToolReply
from reference.readings import Readings

Document = Mapping[str, Any]

FLOATS = "The tool writes JSON floats, which are not exact; in another mode (--compare) they are compared as written."


class Kind(StrEnum):
    """Name what becomes of a case."""

    AGREES = "agrees"
    DIFFERS = "differs"
    SKIPPED = "skipped"
    ERRORED = "errored"


@dataclass(frozen=True)
class Expected:
    """Hold what the engine says to a case: the plain answer, or the refusal."""

    answer: Any = None
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Outcome:
    """Hold what became of a case.

    code: of a failure or a skip, stable; says: the reason in a sentence; differences: in the declared mode; rounded:
    whether it agrees by the mode's tolerance only; told: the tool's plain answer.
    """

    kind: Kind
    code: str = ""
    says: str = ""
    differences: tuple[Difference, ...] = ()
    rounded: bool = False
    told: Any = field(default=None, compare=False)


def expected_of(document: Document) -> Expected:
    """Return what the engine says to a case."""
    try:
        return Expected(msgspec.to_builtins(answers.answer_document(document).answer))
    except Refusal as refusal:
        return Expected(refusal=refusal)


@dataclass(frozen=True)
class Judge:
    """Compare replies with what is expected, in a mode, over the fields that the tool answers (all if None)."""

    mode: Mode = EXACTLY
    declared: tuple[str, ...] | None = None

    def outcome(self, document: Document, expected: Expected, reply: ToolReply) -> Outcome:
        """Return what a reply to a case comes to."""
        if reply.status == "skipped":
            if not reply.reason.strip():
                return Outcome(Kind.ERRORED, "no_reason", "The tool skipped the case and gave no reason.")
            return Outcome(Kind.SKIPPED, "skipped", reply.reason.strip())
        if expected.refusal is not None:
            return self._refusal(expected.refusal, reply)
        if reply.status == "refused":
            return Outcome(Kind.DIFFERS, "refused", f"The tool refused a case that has an answer: {_brief(reply)}")
        question = document["ask"]["question"]
        if not compared_fields(question, self.declared):
            return Outcome(Kind.SKIPPED, "no_field", f"The tool gives no field of an answer about {question}.")
        return self.compared(question, expected.answer, reply.answer)

    def _refusal(self, refusal: Refusal, reply: ToolReply) -> Outcome:
        if reply.status == "refused":
            return Outcome(Kind.AGREES)
        says = f"The tool answered a case that has no answer: {refusal.message}"
        return Outcome(Kind.DIFFERS, "answered", says, told=reply.answer)

    def compared(self, question: str, expected: Any, told: Any) -> Outcome:
        """Return what a plain answer comes to."""
        exactly = differences(question, expected, told, self.declared)
        found = tuple(beyond(exactly, self.mode))
        if found and all(own.is_float for own in found):
            return Outcome(Kind.DIFFERS, "float", FLOATS, found, told=told)
        if found:
            return Outcome(Kind.DIFFERS, "differs", "", found, told=told)
        return Outcome(Kind.AGREES, rounded=bool(exactly))

    def agree(self, question: str, one: Any, other: Any) -> bool:
        """Say whether two plain answers agree."""
        return self.compared(question, one, other).kind is Kind.AGREES


def _brief(reply: ToolReply) -> str:
    error = reply.error if isinstance(reply.error, dict) else {"message": reply.error or reply.reason or "no reason"}
    text = str(error.get("message") or error.get("code") or error)
    return text if len(text) <= 300 else f"{text[:297]}..."


@dataclass(frozen=True)
class Suited:
    """Hold a case as a tool can be asked it, or the reason why it cannot be."""

    document: Document | None
    reason: str = ""


def suited(document: Document, capabilities: Capabilities, adapt: bool) -> Suited:
    """Return a case that a tool has said it can answer.

    adapt: whether readings that the tool does not follow may be replaced by one that it does.
    """
    own = capabilities
    question = document["ask"]["question"]
    charter = document.get("charter")
    if own.questions is not UNSET and question not in own.questions:
        return Suited(None, f"does not answer {question}")
    if own.charters is not UNSET and charter not in own.charters:
        return Suited(None, f"does not know the charter {charter}" if isinstance(charter, str) else "no inline charter")
    events = {event["do"] for event in document.get("events", ())}
    if own.events is not UNSET and not events <= set(own.events):
        return Suited(None, f"does not follow the event {min(events - set(own.events))}")
    return Suited(document) if own.readings is UNSET else _with_readings(document, own.readings, adapt)


def _with_readings(document: Document, follows: Mapping[str, list[str]], adapt: bool) -> Suited:
    chosen = answers.looked_at(read_case(document))
    replaced = {}
    for name, option in chosen.items():
        options = follows.get(name) or [str(getattr(Readings(), name))]
        if option not in options:
            if not adapt:
                return Suited(None, f"does not follow the reading {name}={option}")
            replaced[name] = options[0]
    if not replaced:
        return Suited(document)
    other = {**document, "readings": {**document.get("readings", {}), **replaced}}
    # A history may be possible under some readings only.
    refusal = expected_of(other).refusal
    return Suited(other) if refusal is None else Suited(None, "not possible under the readings that it follows")


def renamed(document: Document, name: str) -> dict[str, Any]:
    """Return a case under another name."""
    return {**document, "case": name}


def failed(code: str, sentence: str) -> Outcome:
    """Return the outcome of a tool's failure."""
    return Outcome(Kind.ERRORED, code, sentence)


def without_told(outcome: Outcome) -> Outcome:
    """Return an outcome as it is kept, without the tool's whole answer."""
    return replace(outcome, told=None)
