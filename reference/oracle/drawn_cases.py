"""Positions, readings and whole cases, drawn: nearly all are answered, and no library is needed for it.

What chooses is `Draw`: hypothesis for the strategies, a generator with a seed for other uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Any

from reference.charter import COMMON, Charter, Series
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
from reference.readings import REGISTER, Entry, Readings

QUINTUS = "quintus-1999"
HOLDERS = ("ann", "bob", "cat")

MOST = 9
"""The most shares of one class that a holder has, unless all that are authorised are outstanding."""

MOST_EVENTS = 5
MOST_READINGS = 6

HISTORY = "history"
"""The word by which the register names what folds events."""


# Positions


def position(
    draw: Draw, charter: Charter, most: int = MOST, holders: tuple[str, ...] = HOLDERS, dated: bool | None = None
) -> Document:
    """Draw the position of a case; dated: whether it has a date, either if None."""
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


def _preferred_splits(draw: Draw, charter: Charter, position: Document, _: Sequence[str]) -> Document:
    def split(series: Series) -> str | int:
        held = sum(int(own["shares"]) for own in position["holdings"] if own["class"] == series.name)
        return pick(draw, [factor for factor in SPLITS if held <= series.authorized.value * parse(factor)])

    return _by_series(draw, charter, split)


def _common_split(draw: Draw, _: Charter, __: Document, ___: Sequence[str]) -> str | int:
    return pick(draw, SPLITS)


def _common_combined(draw: Draw, _: Charter, position: Document, __: Sequence[str]) -> str | int | None:
    if "common_split" not in position:
        return None
    most = min(Fraction(1), parse(position["common_split"]))
    return pick(draw, [shown(most, "1"), *(factor for factor in ("1/2", "1/5") if parse(factor) <= most)])


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
        "common_combined": _common_combined,
        "issued_on": _issued_on,
        "purchase_dates": _purchase_dates,
        "carried": _carried,
        "cash_amounts": _cash_amounts,
    }
)
"""How each optional field of a position but its date is drawn; later ones look at earlier ones."""


# Readings


def looked_at(question: str | None, events: bool) -> tuple[Entry, ...]:
    """Return the readings that a question looks at, and a history if there is one; all for no question.

    Raise ValueError for a question that there is not.
    """
    if question is None:
        return REGISTER
    check_question(question)
    looking = {question, HISTORY} if events else {question}
    return tuple(entry for entry in REGISTER if looking & set(entry.questions))


def weighted(used: Iterable[Entry], question: str | None) -> tuple[tuple[str, str], ...]:
    """List readings with their options; those of the question as often as those that only a history looks at."""
    own: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for entry in used:
        listed = own if question is None or question in entry.questions else others
        listed += [(entry.field, option) for option in options(entry)]
    times = max(1, len(others) // len(own)) if own else 0
    return (*(own * times), *others)


def options(entry: Entry) -> list[str]:
    """List the options of a reading, its default first."""
    options = [option.value for option, _ in entry.options]
    return sorted(options, key=lambda option: option != entry.default.value)


def check_question(name: str) -> None:
    """Raise ValueError for a question that there is not."""
    if name not in MODULES:
        raise ValueError(f"{name} is no question; these are: {', '.join(MODULES)}")


def chosen(draw: Draw, choices: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Draw a few readings, each with an option; none where there is no choice."""
    return dict(pick(draw, choices) for _ in range(below(draw, MOST_READINGS + 1))) if choices else {}


@cache
def _choices(question: str, events: bool) -> tuple[tuple[str, str], ...]:
    return weighted(looked_at(question, events), question)


# Cases


def parts(draw: Draw, name: str, charter: Charter, events: bool, accepted: bool = True) -> Document:
    """Draw the position, readings and events of a case and what it asks."""
    number = below(draw, MOST_EVENTS + 1) if events else 0
    opening = position(draw, charter)
    if number:
        opening.pop("undeclared_dividends", None)
    options = chosen(draw, _choices(name, number > 0))
    case = opening_case(opening, options)
    happened, state = history_after(draw, state_after(case, charter), case.readings, number, accepted)
    return {
        "position": opening,
        **({"readings": options} if options else {}),
        **({"events": happened} if happened else {}),
        "ask": ask(draw, name, Known(state, case.readings)),
    }


def opening_case(position: Mapping[str, Any], readings: Mapping[str, str], events: Sequence[Document] = ()) -> Case:
    """Type the parts of a case that asks nothing yet."""
    typed = convert(position, PositionDocument, "position")
    return Case("drawn", QUINTUS, typed, {}, convert(readings, Readings, "readings"), list(events))
