"""What the catalogue of mistakes is made with: cases, changed charters, and the engine with a wrong function in it.

A mistake is made in the plainest of three ways: the case is changed, the charter is changed, or a function of the
engine gives way to a wrong one for the duration of one answer.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from reference.oracle import charters
from reference.oracle.answers import answer_document
from reference.oracle.questions import MODULES
from reference.oracle.refusals import Refusal

Document: TypeAlias = Mapping[str, Any]
"""A case document as plain values."""

Plain: TypeAlias = dict[str, Any]
Answerer: TypeAlias = Callable[[Document], Plain | None]
Function: TypeAlias = Callable[..., Any]

EVERYTHING: tuple[str, ...] = tuple(MODULES)
"""Every question: what a history does can change the answer to any."""

HOLDINGS: tuple[str, ...] = tuple(name for name in MODULES if name != "notice")
"""The questions that ask how much is outstanding or owed, and not only whether a series is."""

FULL: Mapping[str, int] = {"A": 9100000, "B": 1000000, "C": 3000000, "D": 1455000, "E": 3000000, "F": 1500000}
"""Every authorised preferred share of the shipped charter (IV.B)."""


@dataclass(frozen=True)
class Mistake:
    """Describe a known mistake of cap-table tools.

    id: stable; title: what the tool does wrong; clauses: that it breaks; questions: on whose answers it can bear;
    example: a case whose answer it changes; answer: a case's answer as the mistaken tool gives it, as plain values,
    or None where it has none.
    """

    id: str
    title: str
    clauses: tuple[str, ...]
    questions: tuple[str, ...]
    example: Document
    answer: Answerer


def plain_answer(document: Document) -> Plain | None:
    """Return the answer to a case as plain values, None if it is refused."""
    try:
        answer: Plain = msgspec.to_builtins(answer_document(document).answer)
    except Refusal:
        return None
    return answer


def in_changed_case(change: Callable[[Plain], None]) -> Answerer:
    """Return the answerer of a tool that takes each case for another; change: alters a copy of the case in place."""

    def answer(document: Document) -> Plain | None:
        changed = copy.deepcopy(dict(document))
        change(changed)
        return plain_answer(changed)

    return answer


def in_changed_charter(change: Callable[[Plain], None]) -> Answerer:
    """Return the answerer of a tool with other terms; change: alters the charter, as plain values, in place."""

    def answer(document: Document) -> Plain | None:
        try:
            charter = plain_charter(document["charter"])
        except Refusal:
            return None
        change(charter)
        return plain_answer({**document, "charter": charter})

    return answer


def plain_charter(name_or_document: Any) -> Plain:
    """Return a charter as a case document may have it inline; raise Refusal if there is no such charter."""
    charter: Plain = _given(msgspec.to_builtins(charters.load(name_or_document), enc_hook=str))
    return charter


def _given(value: Any) -> Any:
    """Leave out of plain values what is null: a charter may leave a part out, not set it to nothing."""
    if isinstance(value, dict):
        return {name: _given(part) for name, part in value.items() if part is not None}
    return [_given(part) for part in value] if isinstance(value, (list, tuple)) else value


def with_wrong(*swaps: tuple[Function, Function]) -> Answerer:
    """Return the answerer of the engine with wrong functions; swaps: pairs of the right one and the wrong one.

    Where a wrong function stumbles over its own arithmetic, the mistaken tool has no answer.
    """

    def answer(document: Document) -> Plain | None:
        with swapped(*swaps):
            try:
                return plain_answer(document)
            except ArithmeticError:
                return None

    return answer


@contextmanager
def swapped(*swaps: tuple[Function, Function]) -> Iterator[None]:
    """Run the engine with wrong functions in place of right ones, by pairs; nothing of them stays behind.

    It changes the modules themselves, so nothing else may answer at the same time in another thread.
    """
    try:
        for right, wrong in swaps:
            _rebind(right, wrong)
        yield
    finally:
        for right, wrong in swaps:
            _rebind(wrong, right)


def _rebind(old: Function, new: Function) -> None:
    """Let every name of the engine's modules that means one function mean another.

    The modules beside this one keep their own: a wrong function may call the right one.
    """
    for name in [*sys.modules]:
        if name.startswith("reference.") and not name.startswith("reference.oracle.verify"):
            names = vars(sys.modules[name])
            names.update({field: new for field, value in names.items() if value is old})


# Cases


def held(common: int = 0, series: Mapping[str, int] | None = None, **position: Any) -> Plain:
    """Return a position in which every class has one holder; series: shares by series, all there are if left out."""
    shares = {**(FULL if series is None else series), **({"common": common} if common else {})}
    holdings = [{"holder": f"holder of {name}", "class": name, "shares": count} for name, count in shares.items()]
    return {"holdings": holdings, **position}


def asking(
    case: str,
    question: str,
    position: Document,
    *,
    events: Iterable[Document] = (),
    readings: Document | None = None,
    **fields: Any,
) -> Plain:
    """Return a case under the shipped charter; fields: the question's."""
    return {
        "case": case,
        "charter": "quintus-1999",
        "position": position,
        **({"readings": readings} if readings else {}),
        **({"events": list(events)} if events else {}),
        "ask": {"question": question, **fields},
    }
