"""The catalogue of mistakes: each changes an answer, no two are one, and the engine is as before afterwards."""

from __future__ import annotations

import re
import sys
from contextlib import ExitStack
from fractions import Fraction
from itertools import islice, permutations
from typing import Any

import pytest
from hypothesis import given, settings

from reference import liquidation
from reference.oracle.explain import clauses, is_within
from reference.oracle.questions import MODULES
from reference.oracle.small_cases import exhaustive
from reference.oracle.strategies import cases
from reference.oracle.verify.mistakes import CATALOGUE, Mistake, mistake, mistakes_of
from reference.oracle.verify.mistakes_kit import (
    asking,
    held,
    in_changed_case,
    in_changed_charter,
    plain_answer,
    plain_charter,
    swapped,
)
from tests.slips import made
from tests.verify.liars import LIES
from tests.verify.liars.lies import SLIPS

Document = dict[str, Any]

EVERY = pytest.mark.parametrize("own", CATALOGUE, ids=lambda own: own.id)

HUNDREDS = 40_000
"""So many small cases of a question are looked at, at most; a few of them are taken, evenly."""


def some_cases(question: str, most: int) -> list[Document]:
    """Return a few of the small cases of a question."""
    every = [*islice(exhaustive(question), HUNDREDS)]
    return every[:: max(1, len(every) // most)]


def slipped_answer(name: str, document: Document) -> Document | None:
    """Return the answer of the engine with the slips of a lying tool."""
    with ExitStack() as stack:
        for slip in SLIPS[name]:
            stack.enter_context(made(slip))
        return plain_answer(document)


@EVERY
def test_a_mistake_changes_the_answer_to_its_example_and_nothing_afterwards(own: Mistake) -> None:
    right = plain_answer(own.example)
    assert right is not None
    wrong = own.answer(own.example)
    assert wrong is not None
    assert wrong != right
    assert wrong["question"] == right["question"] == own.example["ask"]["question"]
    assert wrong.keys() == right.keys()
    assert plain_answer(own.example) == right
    assert own.answer(own.example) == wrong


@EVERY
def test_a_mistake_is_described(own: Mistake) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", own.id)
    assert own.title.endswith(".")
    assert own.example["ask"]["question"] in own.questions
    assert set(own.questions) <= set(MODULES)
    known = {rule.clause for rule in clauses()}
    for clause in own.clauses:
        assert any(clause == rule or is_within(rule, clause) or is_within(clause, rule) for rule in known), clause


def test_every_question_has_its_mistakes() -> None:
    assert {own.id for question in MODULES for own in mistakes_of(question)} == {own.id for own in CATALOGUE}
    assert all(mistakes_of(question) for question in MODULES)
    assert [mistake(own.id) for own in CATALOGUE] == [*CATALOGUE]
    with pytest.raises(KeyError):
        mistake("no-such-mistake")


def test_no_two_mistakes_answer_both_of_their_examples_alike() -> None:
    own = {one.id: one.answer(one.example) for one in CATALOGUE}
    alike = [
        {one.id, other.id}
        for one, other in permutations(CATALOGUE, 2)
        if one.example["ask"]["question"] in other.questions and other.answer(one.example) == own[one.id]
    ]
    assert [pair for pair in alike if alike.count(pair) > 1] == []
    assert {"one-shot-conversion", "series-tested-alone"} in alike


# Two makings of one mistake


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_in_the_text_gives_the_numbers_of_the_catalogue(name: str) -> None:
    own = mistake(LIES[name])
    documents = [other.example for other in CATALOGUE if other.example["ask"]["question"] in own.questions]
    for question in own.questions:
        documents += some_cases(question, 12)
    wrong = 0
    for document in documents:
        found = slipped_answer(name, document)
        assert found == own.answer(document), document
        wrong += found != plain_answer(document)
    assert wrong > 0


@EVERY
def test_a_charter_as_plain_values_is_the_charter(own: Mistake) -> None:
    assert in_changed_charter(lambda charter: None)(own.example) == plain_answer(own.example)
    assert in_changed_case(lambda document: None)(own.example) == plain_answer(own.example)


# Numbers from elsewhere


def paid(own: str, document: Document) -> dict[str, str]:
    """Return what each class gets in all, as a mistaken tool says."""
    answer = mistake(own).answer(document)
    assert answer is not None
    return {name: amounts["total"] for name, amounts in answer["by_class"].items()}


def test_a_capped_series_at_its_cap_for_ever() -> None:
    """200,000,000 less the preferences and caps of AMB-25 are 130,051,250 for 10,000,000 Common."""
    document = asking("register", "liquidation", held(10_000_000), assets=200_000_000)
    assert paid("cap-never-lifts", document) | {"common": "130051250"} == paid("cap-never-lifts", document)
    assert paid("cap-never-lifts", document)["E"] == "31125000"


def test_a_split_doubles_the_preference() -> None:
    """AMB-30: 24,750,000 instead of 12,375,000."""
    split = held(10_000_000, {"F": 1_500_000}, preferred_splits={"F": 2})
    split["holdings"][0]["shares"] = 3_000_000
    charter = plain_charter("quintus-1999")
    charter["series"][5]["authorized"]["value"] = 3_000_000
    charter["authorized"]["preferred"]["value"] += 1_500_000
    charter["authorized"]["total"]["value"] += 1_500_000
    document = {**asking("register", "breakpoints", split), "charter": charter}
    wrong, right = mistake("preference-not-split").answer(document), plain_answer(document)
    assert wrong is not None
    assert right is not None
    assert wrong["breakpoints"][0]["assets"] == "24750000"
    assert right["breakpoints"][0]["assets"] == "12375000"


def test_two_years_of_dividends_that_nobody_declared() -> None:
    """AMB-16: 17,325,000 instead of 12,375,000 on F."""
    undeclared = {"F": {"current_year": "1.65", "since_issue": "3.30"}}
    document = asking(
        "register",
        "liquidation",
        held(10_000_000, {"F": 1_500_000}, undeclared_dividends=undeclared),
        assets="17325000",
    )
    assert paid("cumulative-dividends", document)["F"] == "17325000"
    levels = {**document, "ask": {"question": "breakpoints"}}
    wrong = mistake("cumulative-dividends").answer(levels)
    assert wrong is not None
    assert wrong["breakpoints"][0]["assets"] == "17325000"


@pytest.mark.parametrize(("price", "ratio"), [("8", {"E": "83/80", "F": "11/8"}), ("4", {"E": "83/40", "F": "11/4"})])
def test_an_offering_without_floors_or_without_a_least_size(price: str, ratio: dict[str, str]) -> None:
    """AMB-42, AMB-43 and AMB-44: 1.0 instead of 2.075 Common per E, and 2.075 where nothing converts."""
    large = asking("register", "public_offering", held(), on="2000-06-01", price=price, primary_shares=10_000_000)
    right = plain_answer(large)
    wrong = mistake("offering-floor-ignored").answer(large)
    assert right is not None
    assert wrong is not None
    assert {name: right["series"][name]["ratio"] for name in ratio} == ratio
    assert {name: wrong["series"][name]["ratio"] for name in ratio} == {"E": "1", "F": "1"}
    small = {**large, "ask": {**large["ask"], "primary_shares": 1_000_000}}
    wrong = mistake("small-offering-converts").answer(small)
    assert wrong is not None
    assert {name: wrong["series"][name]["ratio"] for name in ratio} == ratio


def test_prices_by_hand() -> None:
    """AMB-58 and AMB-60: 20,000 free shares take .008283 off 4.15 over 10,000,000 shares, warrants at $1 .286364."""

    def price(own: str, *events: Document, on: str | None = None) -> str:
        position = held(10_000_000, {}, as_of="2000-01-01", purchase_dates={"E": "1998-01-01"})
        document = asking("by hand", "conversion_prices", position, events=events, **({"on": on} if on else {}))
        answer = mistake(own).answer(document)
        assert answer is not None
        official: str = answer["series"]["E"]["official"]
        return official

    free = {"do": "issue", "on": "2000-02-01", "class": "common", "holder": "x", "shares": 20_000}
    more = {**free, "on": "2000-03-01", "shares": 15_000}
    warrants = {"do": "issue_rights", "on": "2000-02-01", "rights": "w", "shares": 1_000_000, "exercise_price": "1"}
    assert price("small-adjustment-lost", free, more) == "83/20"
    assert price("small-adjustment-at-once", free) == str(Fraction("4.15") * 10_000 / 10_020)
    assert price("carried-for-ever", free, on="2003-02-02") == "83/20"
    assert price("options-never-deemed", warrants) == "83/20"
    assert price("full-ratchet", warrants) == "1"


def test_seats_and_reserve_of_the_register() -> None:
    """AMB-82: of six directors the senior series elect four and the Common one; AMB-78: 14,555,000 left out."""
    few = asking("register", "directors", held(10_000_000, {"A": 100_000, "B": 100_000, "C": 100_000}), directors=6)
    wrong = mistake("senior-seats-rounded-down").answer(few)
    assert wrong is not None
    assert [group["seats"] for group in wrong["seats"]] == ["4", "1", "1"]
    reserved = mistake("reserve-without-class").answer(asking("register", "reserve", held()))
    assert reserved is not None
    assert reserved["at_conversion_prices"]["total_needed"] == str(19_055_000 - 14_555_000)


# Nothing stays behind


def test_a_swap_that_fails_leaves_the_engine_as_it_was() -> None:
    names = {
        (module, name): value
        for module in [*sys.modules]
        if module.startswith("reference")
        for name, value in vars(sys.modules[module]).items()
        if callable(value)
    }

    def wrong(*_: object) -> object:
        raise RuntimeError("wrong")

    document = asking("any", "liquidation", held(10), assets=10)
    with pytest.raises(RuntimeError, match="wrong"), swapped((liquidation.ranks, wrong)):
        plain_answer(document)
    assert all(getattr(sys.modules[module], name) is value for (module, name), value in names.items())


def test_a_case_that_is_refused_has_no_wrong_answer_either() -> None:
    for own in CATALOGUE:
        refused = {**own.example, "ask": {**own.example["ask"], "no_such_field": 1}}
        assert own.answer(refused) is None
        assert own.answer({**own.example, "charter": "no-such-charter"}) is None


@settings(max_examples=60, deadline=None)
@given(cases())
def test_every_mistake_answers_any_case_or_does_not(document: Document) -> None:
    right = plain_answer(document)
    for own in mistakes_of(document["ask"]["question"]):
        answer = own.answer(document)
        assert answer is None or answer["question"] == document["ask"]["question"]
    assert plain_answer(document) == right


@settings(max_examples=100, deadline=None)
@given(cases())
def test_slips_and_catalogue_agree_on_any_case_under_the_default_readings(document: Document) -> None:
    """Under others a slip may stand in a branch that is not taken, while the catalogue's mistake is made."""
    document = {**document, "readings": {}}
    for name in SLIPS:
        own = mistake(LIES[name])
        if document["ask"]["question"] in own.questions:
            assert slipped_answer(name, document) == own.answer(document), name
