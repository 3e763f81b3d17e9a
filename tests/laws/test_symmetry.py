"""Symmetry: names, the order of a list and the place of the calendar decide nothing; holders of a class are alike."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.laws.kit import (
    ELECTING,
    MANY,
    QUESTIONS,
    Document,
    answer,
    ask,
    copied,
    drawn_cases,
    numbers,
    outcome,
    same,
    small_cases,
    table,
    under,
)

OTHER_NAMES = {"ann": "yan", "bob": "abe", "cat": "mia", "zoe": "lou"}
"""In another order than the names that are drawn; "public" is a default and keeps its name."""

UNORDERED = {"recipients", "coalitions", "claims", "in_favour", "consents"}
"""The lists of an answer whose order tells nothing."""

CYCLE = 28
"""Years after which the days of the calendar are the same, within a century."""

ABSOLUTE = {"issued"}
"""The dates of a document that the certificate compares with a day of its own: when a listed warrant was issued."""


def renamed(case: Document) -> None:
    """Holders with other names get the same."""
    back = {name: own for own, name in OTHER_NAMES.items()}
    same(case, _unordered(outcome(case)), _unordered(_with_names(outcome(_with_names(case, OTHER_NAMES)), back)))


def shuffled(case: Document) -> None:
    """Who is listed first gets the same."""
    other = copied(case)
    other["position"]["holdings"].reverse()
    same(case, _unordered(outcome(case)), _unordered(outcome(other)))


def shifted(case: Document, years: int = CYCLE) -> None:
    """The same history some calendars later ends the same, but for its dates."""
    same(case, outcome(case), _moved(outcome(_moved(case, years)), -years))


def shifted_by_a_day(case: Document) -> None:
    """A record date a day later can be announced a day later (4)."""
    asked = case["ask"]
    later = {**asked, **{name: _next(asked[name]) for name in ("record_date", "mailed") if name in asked}}
    one, other = answer(case), answer({**case, "ask": later})
    moved = {**one, "latest_mailing": one["latest_mailing"] and _next(one["latest_mailing"])}
    same(case, moved, other)


def halved(case: Document) -> None:
    """Who holds in two names gets together what one would, but for what is rounded for each name.

    That is Common and votes (3(h), 5(c)), so that a history is left out, and cents where a reading rounds to them.
    """
    if case.get("events") or case["ask"]["question"] not in TOGETHER:
        return
    case = under(case, cents="exact", ad_majority="shares")
    other = copied(case)
    for own in case["position"]["holdings"]:
        shares = int(own["shares"])
        for each in other["position"]["holdings"]:
            if each["holder"] == own["holder"] and each["class"] == own["class"]:
                each["shares"] = shares // 2
        other["position"]["holdings"].append({**own, "holder": f"{own['holder']} too", "shares": shares - shares // 2})
    one, two = ask(case), ask(other)
    assert one["status"] == two["status"], (case, one, two)
    if one["status"] == "answered":
        same(case, _together(one["answer"]), _together(two["answer"]))


def merged(case: Document, holder: str = "bob", into: str = "ann") -> None:
    """What two holders may do apart, one that holds the shares of both may do."""
    other = _with_names(case, {holder: into})
    counts: dict[tuple[str, str], int] = {}
    for own in case["position"]["holdings"]:
        key = (into if own["holder"] == holder else own["holder"], own["class"])
        counts[key] = counts.get(key, 0) + int(own["shares"])
    listed = [{"holder": own, "class": stock, "shares": shares} for (own, stock), shares in counts.items()]
    other["position"] = {**other["position"], "holdings": listed}
    pairs = zip(case.get("events", []), other.get("events", []), strict=True)
    for before, after in pairs:
        for field in ("consents", "former_holders"):
            if isinstance(before.get(field), dict) and holder in before[field] and into in before[field]:
                after[field] = {**after[field], into: _added(before[field][holder], before[field][into])}
    asked = {**case, "ask": {"question": "position"}}
    if ask(asked)["status"] == "answered":
        assert ask({**other, "ask": {"question": "position"}})["status"] == "answered", case


TOGETHER = ("liquidation", "breakpoints", "dividend", "distribution", "conversion_prices", "reserve")


def _together(found: Document) -> Any:
    totals: dict[str, Fraction] = {}
    for name, amount in found.get("by_holder", {}).items():
        own = name.removesuffix(" too")
        totals[own] = totals.get(own, Fraction(0)) + Fraction(amount)
    return numbers({**found, "by_holder": {name: str(amount) for name, amount in totals.items()}, "residual": "0"})


def _added(one: Any, other: Any) -> Any:
    if isinstance(one, dict):
        return {name: int(one.get(name, 0)) + int(other.get(name, 0)) for name in dict.fromkeys((*one, *other))}
    total = Fraction(str(one)) + Fraction(str(other))
    return total.numerator if total.denominator == 1 else str(total)


def _with_names(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(key, key): _with_names(part, names) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_names(part, names) for part in value]
    return names.get(value, value) if isinstance(value, str) else value


def _unordered(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _unordered(part, key) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        parts = [_unordered(part, name) for part in value]
        return sorted(parts, key=repr) if name in UNORDERED else parts
    return value


def _moved(value: Any, years: int, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _moved(part, years, key) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_moved(part, years) for part in value]
    if not isinstance(value, str) or name in ABSOLUTE:
        return value
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return day.replace(year=day.year + years).isoformat()


def _next(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


@pytest.mark.parametrize("question", QUESTIONS)
def test_names_and_places_in_a_list_decide_nothing(question: str) -> None:
    for case in drawn_cases(question, 25):
        renamed(case)
        shuffled(case)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_place_of_the_calendar_decides_nothing(question: str) -> None:
    for case in (*drawn_cases(question, 25, seed=2), *small_cases(question, 97)):
        shifted(case)


def test_a_notice_moves_with_its_record_date() -> None:
    start = date(1999, 1, 1)
    for days in range(0, 1500, 7):
        day = (start + timedelta(days=days)).isoformat()
        asked = {"question": "notice", "kind": "distribution", "record_date": day, "mailed": day}
        shifted_by_a_day(table(("ann", "A", 1), ask=asked))


@pytest.mark.parametrize("question", TOGETHER)
def test_a_holder_in_two_names_gets_the_same(question: str) -> None:
    for case in (*drawn_cases(question, 25, seed=3, events=False), *small_cases(question, 41)):
        halved(case)


def test_two_holders_in_one_may_do_what_they_may_do_apart() -> None:
    for case in drawn_cases("position", 150, seed=4):
        merged(case)


def test_what_is_issued_today_is_new_in_whatever_hands() -> None:
    for moved in range(4):
        for converted in range(4):
            issue = {"on": "1999-09-01", "do": "issue", "class": "F", "holder": "ann", "shares": 3}
            transfer = {"on": "1999-09-01", "do": "transfer", "class": "F", "holder": "ann", "to": "bob"}
            convert = {"on": "1999-09-01", "do": "convert", "holder": "bob", "shares": {"F": converted}}
            history = [issue, {**transfer, "shares": moved}, convert]
            merged(table(("ann", "F", 1), ("bob", "F", 1), events=history))


@MANY
@pytest.mark.parametrize("question", QUESTIONS)
def test_symmetry_on_many_cases(question: str) -> None:
    for case in drawn_cases(question, 1500, seed=5):
        renamed(case)
        shuffled(case)
        shifted(case)
        merged(case)
        halved(case)


def test_the_electing_series_are_drawn() -> None:
    held = {own["class"] for case in drawn_cases("votes", 60) for own in case["position"]["holdings"]}
    assert held >= set(ELECTING)
