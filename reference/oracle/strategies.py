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
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeAlias

from hypothesis import strategies as st

from reference.charter import COMMON, Charter, Series
from reference.oracle import charters
from reference.oracle.amounts import parse
from reference.oracle.documents import Case, PositionDocument
from reference.oracle.drawn_events import history_after
from reference.oracle.drawn_questions import ask
from reference.oracle.drawn_values import (
    START,
    Document,
    Draw,
    Known,
    amount,
    below,
    earlier,
    part,
    pick,
    seldom,
    shown,
    some,
    subsets,
)
from reference.oracle.histories import state_after
from reference.oracle.questions import MODULES
from reference.oracle.shapes import convert
from reference.oracle.small_cases import exhaustive
from reference.readings import REGISTER, Entry, Readings, entry_for

__all__ = ["cases", "exhaustive", "histories", "positions", "questions", "readings"]

CharterDocument: TypeAlias = str | Mapping[str, Any]
QUINTUS = "quintus-1999"
HOLDERS = ("ann", "bob", "cat")

MOST = 9
"""The most shares of one class that a holder has, unless all that are authorised are outstanding."""

MOST_EVENTS = 5
MOST_READINGS = 6

HISTORY = "history"
"""The word by which the register names what folds events."""


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

    @st.composite
    def drawn_position(draw: Draw) -> Document:
        return _position(draw, terms, most, tuple(holders), dated)

    return drawn_position()


def _position(draw: Draw, charter: Charter, most: int, holders: tuple[str, ...], dated: bool | None) -> Document:
    found: Document = {"holdings": _holdings(draw, charter, most, holders)}
    if dated or (dated is None and below(draw, 2)):
        found["as_of"] = pick(draw, DAYS)
    for name, draw_value in FIELDS.items() if charter.series else ():
        value = draw_value(draw, charter, found, holders) if below(draw, 6) == 5 else None
        if value:
            found[name] = value
    return found


DAYS = ("1999-08-24", "1999-12-31", "2000-01-01", "2000-02-29", "2001-02-28")


def _holdings(draw: Draw, charter: Charter, most: int, holders: tuple[str, ...]) -> list[Document]:
    """Draw who holds what: of each class nobody, one or several holders; some are listed without shares at times."""
    in_full, as_text, with_none = below(draw, 6) == 5, seldom(draw), seldom(draw)
    owners: tuple[tuple[str, ...], ...] = ((), *subsets(holders[:5], 2))
    if len(holders) > 2:
        owners = (*owners, holders)
    limits = {series.name: series.authorized.value for series in charter.series}
    limits[COMMON] = charter.authorized.common.value // 4
    found: list[Document] = []
    for name, limit in limits.items():
        own = pick(draw, owners)
        for holder in own:
            shares = below(draw, min(most, limit // len(own)) + 1)
            if in_full and shares:
                shares = limit // len(own) + (limit % len(own) if holder == own[0] else 0)
            if shares or with_none:
                found.append({"holder": holder, "class": name, "shares": str(shares) if as_text else shares})
    return found


def _by_series(draw: Draw, charter: Charter, each: Callable[[Series], Any]) -> Document:
    """Draw one or two series with a value each."""
    drawn = (pick(draw, charter.series) for _ in range(1 + below(draw, 2)))
    return {series.name: each(series) for series in drawn}


def _day(position: Document) -> date:
    return date.fromisoformat(position["as_of"]) if "as_of" in position else START


def _conversion_prices(draw: Draw, charter: Charter, _: Document, __: Sequence[str]) -> Document:
    def price(series: Series) -> str | int:
        issue_price = series.original_issue_price.value
        ties = [shown(issue_price * factor, "1") for factor in (Fraction(1, 2), Fraction(2), Fraction(1), Fraction(10))]
        return amount(draw, 12, ties, positive=True)

    return _by_series(draw, charter, price)


def _dividends(draw: Draw, charter: Charter, _: Document, __: Sequence[str]) -> Document:
    return _by_series(draw, charter, lambda series: amount(draw, 6, [shown(series.dividend_rate.value)]))


def _undeclared_dividends(draw: Draw, charter: Charter, _: Document, __: Sequence[str]) -> Document:
    def undeclared(series: Series) -> Document:
        current = amount(draw, 4, [shown(series.dividend_rate.value)])
        since = parse(current) + parse(amount(draw, 8, [shown(series.dividend_rate.value)]))
        return {"current_year": current, "since_issue": shown(since, str(current))}

    return _by_series(draw, charter, undeclared)


def _issued_on(draw: Draw, charter: Charter, position: Document, _: Sequence[str]) -> Document:
    if "as_of" not in position:
        return {}
    given = position.get("undeclared_dividends", {})
    found = _by_series(draw, charter, lambda _: earlier(draw, _day(position)).isoformat())
    return {name: day for name, day in found.items() if name not in given}


SPLITS: tuple[str | int, ...] = ("2", 3, "1/2", "1.5", "1", "1/3", "10", "1000000/999999")


def _preferred_splits(draw: Draw, charter: Charter, _: Document, __: Sequence[str]) -> Document:
    return _by_series(draw, charter, lambda _: pick(draw, SPLITS))


def _common_split(draw: Draw, _: Charter, __: Document, ___: Sequence[str]) -> str | int:
    return pick(draw, SPLITS)


def _purchase_dates(draw: Draw, charter: Charter, position: Document, _: Sequence[str]) -> Document:
    return _by_series(draw, charter, lambda _: earlier(draw, _day(position)).isoformat())


CARRIED = ("0.004", "0.0099", "-0.002", "1/300", "-1/7", "0.012")


def _carried(draw: Draw, charter: Charter, position: Document, _: Sequence[str]) -> list[Document]:
    """Draw adjustments that have not been made, which leave every price above zero."""
    found = []
    for series in some(draw, charter.series):
        price = parse(position.get("conversion_prices", {}).get(series.name, str(series.original_issue_price.value)))
        off = pick(draw, CARRIED)
        on = earlier(draw, _day(position)).isoformat()
        found.append({"series": series.name, "on": on, "amount": off if parse(off) < price else "-0.002"})
    return found


def _cash_amounts(draw: Draw, charter: Charter, position: Document, holders: Sequence[str]) -> list[Document]:
    """Draw what is owed from earlier conversions, of which some may be paid."""
    found = []
    for series in some(draw, [own for own in charter.series if own.cash_amount is not None]):
        owed = amount(draw, 30, ["7.40", "2.65"])
        own = {"holder": pick(draw, holders), "series": series.name, "owed": owed}
        if below(draw, 2):
            own["paid"] = part(draw, parse(owed))
        found.append({**own, "converted_on": earlier(draw, _day(position)).isoformat()})
    return found


FIELDS: Mapping[str, Callable[[Draw, Charter, Document, Sequence[str]], Any]] = MappingProxyType(
    {
        "conversion_prices": _conversion_prices,
        "unpaid_dividends": _dividends,
        "undeclared_dividends": _undeclared_dividends,
        "preferred_splits": _preferred_splits,
        "common_split": _common_split,
        "issued_on": _issued_on,
        "purchase_dates": _purchase_dates,
        "carried": _carried,
        "cash_amounts": _cash_amounts,
    }
)
"""How each optional field of a position but its date is drawn; later ones look at earlier ones."""


# Readings


def readings(*free: str, question: str | None = None, events: bool = True) -> st.SearchStrategy[dict[str, str]]:
    """Draw the `readings` of a case: a few that differ from the defaults or repeat them.

    free: names of the only readings to draw, each of which is then given; question: draw only what it looks at,
    and what a history does if there are events. Raise KeyError for a reading that is not in the register,
    ValueError for a question that there is not.
    """
    if free:
        entries = tuple(entry_for(name) for name in dict.fromkeys(free))

        @st.composite
        def drawn_options(draw: Draw) -> dict[str, str]:
            return {entry.field: pick(draw, _options(entry)) for entry in entries}

        return drawn_options()
    used = _looked_at(question, events)
    choices = _weighted(used, question)

    @st.composite
    def drawn_readings(draw: Draw) -> dict[str, str]:
        return dict(pick(draw, choices) for _ in range(below(draw, MOST_READINGS + 1))) if choices else {}

    return drawn_readings()


def _looked_at(question: str | None, events: bool) -> tuple[Entry, ...]:
    if question is None:
        return REGISTER
    _check_question(question)
    looking = {question, HISTORY} if events else {question}
    return tuple(entry for entry in REGISTER if looking & set(entry.questions))


def _weighted(used: Iterable[Entry], question: str | None) -> tuple[tuple[str, str], ...]:
    """List readings with their options; those of the question as often as those that only a history looks at."""
    own: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for entry in used:
        listed = own if question is None or question in entry.questions else others
        listed += [(entry.field, option) for option in _options(entry)]
    times = max(1, len(others) // len(own)) if own else 0
    return (*(own * times), *others)


def _options(entry: Entry) -> list[str]:
    """List the options of a reading, its default first."""
    options = [option.value for option, _ in entry.options]
    return sorted(options, key=lambda option: option != entry.default.value)


def _check_question(name: str) -> None:
    if name not in MODULES:
        raise ValueError(f"{name} is no question; these are: {', '.join(MODULES)}")


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
    case = _case(position, readings or {})
    opening = state_after(case, terms)

    @st.composite
    def drawn_events(draw: Draw) -> list[Document]:
        number = below(draw, most + 1)
        if case.position.undeclared_dividends and accepted:
            return []
        return history_after(draw, opening, case.readings, number, accepted)[0]

    return drawn_events()


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
    _check_question(name)
    case = _case(position, readings or {}, [dict(event) for event in events])
    known = Known(state_after(case, charters.load(charter)), case.readings)

    @st.composite
    def drawn_ask(draw: Draw) -> Document:
        return ask(draw, name, known)

    return drawn_ask()


def cases(
    question: str | None = None, charter: CharterDocument = QUINTUS, *, events: bool = True
) -> st.SearchStrategy[Document]:
    """Draw whole case documents; nearly all are answered, and what is refused is refused for good reason.

    question: its name, any if None; charter: a shipped name or an inline object; events: whether most
    have a history. Raise ValueError for a question that there is not, Refusal for a charter that cannot be.
    """
    if question is not None:
        _check_question(question)
    terms = charters.load(charter)
    names = tuple(MODULES) if question is None else (question,)

    @st.composite
    def drawn_case(draw: Draw) -> Document:
        return {"case": "drawn", "charter": _copied(charter), **_parts(draw, pick(draw, names), terms, events)}

    return drawn_case()


def _copied(charter: CharterDocument) -> CharterDocument:
    return charter if isinstance(charter, str) else copy.deepcopy(dict(charter))


def _parts(draw: Draw, name: str, charter: Charter, events: bool) -> Document:
    """Draw the position, readings and events of a case and what it asks."""
    number = below(draw, MOST_EVENTS + 1) if events else 0
    position = _position(draw, charter, MOST, HOLDERS, None)
    if number:
        position.pop("undeclared_dividends", None)
    chosen = draw(CHOSEN[name, number > 0])
    case = _case(position, chosen)
    happened, state = history_after(draw, state_after(case, charter), case.readings, number)
    return {
        "position": position,
        **({"readings": chosen} if chosen else {}),
        **({"events": happened} if happened else {}),
        "ask": ask(draw, name, Known(state, case.readings)),
    }


CHOSEN = {(name, events): readings(question=name, events=events) for name in MODULES for events in (False, True)}
"""The readings of each question, with a history and without."""


def _case(position: Mapping[str, Any], readings: Mapping[str, str], events: Sequence[Document] = ()) -> Case:
    """Type the parts of a case that asks nothing yet."""
    typed = convert(position, PositionDocument, "position")
    return Case("drawn", QUINTUS, typed, {}, convert(readings, Readings, "readings"), list(events))
