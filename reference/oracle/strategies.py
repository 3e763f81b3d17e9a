"""Hypothesis strategies for case documents, to test other tools and this one with.

They draw plain JSON values, as a case file has them. hypothesis comes with the extra `charterproof[test]`; nothing
else in the package needs it. A test that asks two programs the same:

    from hypothesis import given
    from reference.oracle.answers import answer_document
    from reference.oracle.strategies import cases

    @given(cases("liquidation", events=False))
    def test_my_tool_agrees(case):
        assert my_tool(case)["by_holder"] == answer_document(case).answer.by_holder

The parts of a case can be drawn apart. A position with two holders, its readings of the caps alone, a history
over a position of one's own, and a question about it:

    positions(holders=("ann", "bob"), most=3)
    readings("cap_mode", "cap_includes_dividends")
    histories({"holdings": [{"holder": "ann", "class": "E", "shares": 5}]}, most=3)
    questions("votes", {"holdings": [{"holder": "ann", "class": "E", "shares": 5}]})

Without hypothesis' choices, in a fixed order:

    for case in exhaustive("votes"): ...

Numbers are small and tie often; now and then a position has every authorised share, and an amount is huge, tiny or
has many digits. What is drawn shrinks to few shares, no events and whole numbers. Every strategy takes a charter by
its name or as an inline object.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias, TypeVar

from hypothesis import strategies as st

from reference.oracle import charters, drawn_cases
from reference.oracle.drawn_cases import HOLDERS, MOST, MOST_EVENTS, QUINTUS, check_question, opening_case
from reference.oracle.drawn_events import history_after
from reference.oracle.drawn_questions import ask
from reference.oracle.drawn_values import Document, Draw, Known, below, pick
from reference.oracle.histories import state_after
from reference.oracle.questions import MODULES
from reference.oracle.small_cases import exhaustive
from reference.readings import entry_for

__all__ = ["cases", "exhaustive", "histories", "positions", "questions", "readings"]

T = TypeVar("T")
CharterDocument: TypeAlias = str | Mapping[str, Any]

WIDE = 60
"""Of so many numbers a choice of no more is drawn, and reduced to what there is to choose from.

hypothesis copies parts of an example to other places, where a number out of bounds would become a zero: this way it
stays a choice like any other. Most small numbers divide it, so that choices are about equally likely.
"""

ANY = st.integers(0, WIDE - 1)


@cache
def _from(bound: int) -> st.SearchStrategy[int]:
    return st.integers(0, bound - 1)


class _Choice:
    """Choose as hypothesis does."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def __call__(self, bound: int) -> int:
        return self.draw(ANY) % bound if bound <= WIDE else self.draw(_from(bound))

    def apart(self, part: Callable[[Draw], T]) -> T:
        # A strategy of its own, so that an example shrinks by whole parts.
        return self.draw(_drawn(part))


@st.composite
def _drawn(draw: st.DrawFn, part: Callable[[Draw], T]) -> T:
    return part(_Choice(draw))


# Positions


def positions(
    charter: CharterDocument = QUINTUS,
    *,
    most: int = MOST,
    holders: Sequence[str] = HOLDERS,
    dated: bool | None = None,
) -> st.SearchStrategy[Document]:
    """Draw the `position` of a case.

    charter: a shipped name or an inline object; most: shares of one class that a holder has, unless all that are
    authorised are outstanding; holders: names, one or more; dated: whether it has a date, either if None. Raise
    Refusal for a charter that cannot be, ValueError without a holder.
    """
    terms = charters.load(charter)
    if not holders:
        raise ValueError("a position needs one holder or more to draw from")

    return _drawn(lambda draw: drawn_cases.position(draw, terms, most, tuple(holders), dated))


# Readings


def readings(*free: str, question: str | None = None, events: bool = True) -> st.SearchStrategy[dict[str, str]]:
    """Draw the `readings` of a case: a few that differ from the defaults or repeat them.

    free: names of the only readings to draw, each of which is then given; question: draw only what it looks at,
    and what a history does if there are events. Raise KeyError for a reading that is not in the register,
    ValueError for a question that there is not.
    """
    if free:
        entries = tuple(entry_for(name) for name in dict.fromkeys(free))
        return _drawn(lambda draw: {entry.field: pick(draw, drawn_cases.options(entry)) for entry in entries})
    choices = drawn_cases.weighted(drawn_cases.looked_at(question, events), question)
    return _drawn(lambda draw: drawn_cases.chosen(draw, choices))


# Histories, questions and cases


def histories(
    position: Mapping[str, Any],
    charter: CharterDocument = QUINTUS,
    *,
    readings: Mapping[str, str] | None = None,
    most: int = MOST_EVENTS,
    accepted: bool = True,
) -> st.SearchStrategy[list[Document]]:
    """Draw the `events` of a case, in the order of their dates.

    position: the opening position, a document; charter: its terms; readings: under which the history is folded;
    most: events at most; accepted: whether events that the engine refuses are left out. If they are not, some go
    beyond what is held or dated. A position with undeclared dividends as amounts takes no events. Raise Refusal
    for a position that cannot be.
    """
    terms = charters.load(charter)
    case = opening_case(position, readings or {})
    opening = state_after(case, terms)

    def drawn_events(draw: Draw) -> list[Document]:
        number = below(draw, most + 1)
        if case.position.undeclared_dividends and accepted:
            return []
        return history_after(draw, opening, case.readings, number, accepted)[0]

    return _drawn(drawn_events)


def questions(
    name: str,
    position: Mapping[str, Any],
    charter: CharterDocument = QUINTUS,
    *,
    readings: Mapping[str, str] | None = None,
    events: Sequence[Mapping[str, Any]] = (),
) -> st.SearchStrategy[Document]:
    """Draw the `ask` of a case: a question with some of its optional fields, about who and what there is.

    name: of the question; position, charter, readings, events: the other parts of the case, which the engine must
    accept. Raise ValueError for a question that there is not, Refusal for what cannot be.
    """
    check_question(name)
    case = opening_case(position, readings or {}, [dict(event) for event in events])
    known = Known(state_after(case, charters.load(charter)), case.readings)

    return _drawn(lambda draw: ask(draw, name, known))


def cases(
    question: str | None = None, charter: CharterDocument = QUINTUS, *, events: bool = True
) -> st.SearchStrategy[Document]:
    """Draw whole case documents; nearly all are answered, and what is refused is refused for good reason.

    question: its name, any if None; charter: a shipped name or an inline object; events: whether most
    have a history. Raise ValueError for a question that there is not, Refusal for a charter that cannot be.
    """
    if question is not None:
        check_question(question)
    terms = charters.load(charter)
    names = tuple(MODULES) if question is None else (question,)

    def drawn_case(draw: Draw) -> Document:
        own = drawn_cases.parts(draw, pick(draw, names), terms, events)
        return {"case": "drawn", "charter": _copied(charter), **own}

    return _drawn(drawn_case)


def _copied(charter: CharterDocument) -> CharterDocument:
    return charter if isinstance(charter, str) else copy.deepcopy(dict(charter))
