"""Route: the same facts as a position, as a history or as a parameter of the question give the same answer."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from reference import history
from reference.oracle.documents import read_case
from reference.oracle.drawn_questions import ask as drawn_question
from reference.oracle.drawn_values import Known
from reference.oracle.seeded import Seeded
from tests.laws.kit import (
    COMMON,
    ELECTING,
    LONG_AGO,
    MANY,
    OPTIONAL,
    QUESTIONS,
    SERIES,
    Document,
    above_zero,
    after,
    answer,
    ask,
    asking,
    copied,
    drawn_cases,
    last_day,
    outcome,
    reading,
    same,
    state_of,
    table,
    under,
)


def reopened(case: Document) -> None:
    """Asked of the position to which a history leads, a question has the same answer as after the history.

    A position cannot say what has been declared in the year, what is owed on the Common or to former holders, which
    rights there are, what was issued or converted today and what the Common has become; nor can it have more shares
    than are authorised, which an offering can leave.
    """
    if not case.get("events") or _asks_of_the_year(case):
        return
    state = state_of(case)
    position = state.position
    if (
        state.pending
        or state.dues
        or state.debts
        or state.elected
        or state.property
        or state.combined
        or state.issued_today
        or state.before_close
        or any(own.deliverable for own in state.rights.values())
        or (state.converted and reading(case, "converted_reissuable", "yes") == "no")
        or position.common > position.charter.authorized.common.value
    ):
        return
    dates = {n: on for n, on in state.prices.purchase_dates.items() if on != history.NEVER}
    long_ago = [name for name in SERIES if state.prices.purchase_dates.get(name) is None]
    document: Document = {
        "holdings": [
            {"holder": own.holder, "class": own.stock, "shares": int(own.shares)} for own in position.holdings
        ],
        "as_of": position.as_of.isoformat(),
        "conversion_prices": _texts(position.conversion_prices),
        "unpaid_dividends": _texts(position.declared_dividends),
        "preferred_splits": _texts(position.preferred_splits),
        "purchase_dates": {n: on.isoformat() for n, on in dates.items() if on} | dict.fromkeys(long_ago, LONG_AGO),
        "carried": [
            {"series": name, "on": item.on.isoformat(), "amount": str(item.amount)}
            for name, price in state.prices.prices.items()
            for item in price.carried
        ],
        "cash_amounts": [
            {
                "holder": own.holder,
                "series": own.series,
                "converted_on": own.converted_on.isoformat(),
                "owed": str(own.owed),
                "paid": str(own.paid),
            }
            for own in state.cash
        ],
        "undeclared_dividends": {
            name: {"current_year": str(own.current_year), "since_issue": str(own.since_issue)}
            for name, own in position.undeclared_dividends.items()
        },
    }
    for name in ("common_split", "common_combined"):
        if getattr(position, name) is not None:
            document[name] = str(getattr(position, name))
    given = {**{name: value for name, value in case.items() if name != "events"}, "position": document}
    same(case, _comparable(outcome(case)), _comparable(outcome(given)))


def _asks_of_the_year(case: Document) -> bool:
    declares = any(own["do"] == "declare_dividend" for own in case["events"])
    return declares and case["ask"]["question"] in ("dividend", "distribution")


def _texts(amounts: Any) -> dict[str, str]:
    return {name: str(amount) for name, amount in amounts.items()}


def _comparable(found: list[Any]) -> list[Any]:
    """Leave out what tells the history: rights that are used up, what has converted, when a series was first issued."""
    if found[0] == "answered":
        for name in ("converted", "rights") if found[1]["question"] == "position" else ():
            found[1].pop(name)
        for own in found[1].get("series", {}).values():
            if isinstance(own, dict):
                own.pop("first_issued", None)
    return found


def converted_as_asked(case: Document, asked: Document) -> None:
    """What the question `conversion` says of a holder or a consent is what happens when it is entered (3(a), 3(b))."""
    told = ask(asking(case, "conversion", **asked))
    event = _conversion_event(asked)
    if event is None:
        return
    before, done = answer(asking(case, "position", on=asked["on"])), ask(asking(after(case, event), "position"))
    if told["status"] == "refused":
        assert done["status"] == "refused", (case, told, done)
        return
    if Fraction(told["answer"]["shortfall"]):
        return
    assert done["status"] == "answered", (case, told, done)
    held = {name: above_zero(own) for name, own in before["by_holder"].items()}
    debts = above_zero(before["debts"])
    for holder, own in told["answer"]["by_holder"].items():
        mine = held.setdefault(holder, {})
        for name, count in own["shares"].items():
            mine[name] = mine.get(name, Fraction(0)) - Fraction(count)
        mine[COMMON] = mine.get(COMMON, Fraction(0)) + Fraction(own["common"])
        debts[holder] = debts.get(holder, Fraction(0)) + sum(above_zero(own["dividends"]).values())
    now = {name: above_zero(own) for name, own in done["answer"]["by_holder"].items()}
    same(case, {name: own for name, own in ((n, above_zero(o)) for n, o in held.items()) if own}, now)
    same(case, above_zero(debts), above_zero(done["answer"]["debts"]))
    cash = Fraction(before["cash_amounts"]) + Fraction(told["answer"]["cash_amounts"])
    same(case, cash, Fraction(done["answer"]["cash_amounts"]))


def _conversion_event(asked: Document) -> Document | None:
    consents = asked.get("consents")
    if consents is None:
        return {"on": asked["on"], "do": "convert", "holder": asked["holder"], "shares": asked["shares"]}
    names = {name for own in consents.values() for name in own}
    if names and names <= set(ELECTING):
        return {"on": asked["on"], "do": "elect_conversion", "consents": consents}
    if len(names) != 1:
        return None
    (name,) = names
    in_favour = {holder: own[name] for holder, own in consents.items()}
    return {"on": asked["on"], "do": "consent_conversion", "class": name, "consents": in_favour}


def offered_as_asked(case: Document, asked: Document) -> None:
    """What the question `public_offering` says is what happens when the offering is entered (3(b))."""
    told = ask(asking(case, "public_offering", **asked))
    before = answer(asking(case, "position", on=asked["on"]))
    done = ask(asking(after(case, {"do": "public_offering", **asked}), "position"))
    if told["status"] == "refused" or done["status"] == "refused":
        return
    found, now = told["answer"], done["answer"]
    for holder in {*now["by_holder"], *before["by_holder"]} - {"public"}:
        more = [Fraction(own["by_holder"].get(holder, {}).get(COMMON, 0)) for own in (now, before)]
        same(case, more[0] - more[1], Fraction(found["common_by_holder"].get(holder, 0)))
    same(case, found["conversion_prices"], now["conversion_prices"])
    same(case, found["common_needed"], now["outstanding"][COMMON])
    same(case, Fraction(found["cash_amounts"]), Fraction(now["cash_amounts"]) - Fraction(before["cash_amounts"]))


def declared_as_asked(case: Document, asked: Document) -> None:
    """A dividend that the question lets the Board declare can be declared, and no other (1(a))."""
    if "declare" not in asked or asked.get("payable", "cash") != "cash":
        return
    asked = {name: value for name, value in asked.items() if name not in ("issued", "payable")}
    event = {"on": asked["on"], "do": "declare_dividend", "per_share": asked["declare"]}
    event |= {name: asked[name] for name in ("fiscal_month", "part_of_year") if name in asked}
    told, done = ask(asking(case, "dividend", **asked)), ask(asking(after(case, event), "position"))
    if told["status"] == "answered":
        gate = told["answer"]["gate"]
        assert (gate is None or gate["allowed"]) == (done["status"] == "answered"), (case, gate, done)


def distributed_as_asked(case: Document, asked: Document) -> None:
    """Property is shared by an event as the question says, and waits for dividends alike (1(a), 1(b), 3(e))."""
    asked = {"units": 12, "payable": asked.get("payable", "assets"), "on": asked["on"]}
    if reading(case, "year", "calendar") == "fiscal":
        asked["fiscal_month"] = 3
    told = ask(asking(case, "distribution", **asked))
    done = ask(asking(after(case, {"do": "distribute", **asked}), "position"))
    if told["status"] != "answered":
        return
    found = told["answer"]
    allowed = found["as_converted"] and (found["gate"] is None or found["gate"]["allowed"])
    assert allowed == (done["status"] == "answered"), (case, found, done)
    if allowed:
        (step,) = [own["amounts"] for own in done["because"] if own["step"] == "distribute"][-1:]
        for name, own in found["by_class"].items():
            if own["per_share"] is not None:
                same(case, Fraction(own["per_share"]), Fraction(step[f"per_share_{name}"]))


def funded_as_asked(case: Document, asked: Document) -> None:
    """Funds pay as a parameter what they pay as events (3(c))."""
    funds = ["7/2", "1", "20"]
    events = [{"on": asked["on"], "do": "fund_cash_amounts", "amount": amount} for amount in funds]
    told = answer(asking(case, "cash_amounts", on=asked["on"], funds=funds))
    done = answer(asking(after(case, *events), "cash_amounts"))
    for name in ("claims", "by_holder", "unpaid"):
        same(case, told[name], done[name])


def elected_before(case: Document, assets: str) -> None:
    """An election around a liquidation pays what one in the history before it does, where no share is rounded.

    The ranks of Cash Amounts are those of `cash_rank` either way (3(c), AMB-23, AMB-128).
    """
    consents: dict[str, Document] = {}
    for own in case["position"]["holdings"]:
        if own["class"] in ELECTING:
            consents.setdefault(own["holder"], {})[own["class"]] = own["shares"]
    if consents:
        event = {"on": "1999-09-01", "do": "elect_conversion", "consents": consents}
        one = answer(asking(case, "liquidation", assets=assets, elect=True))
        other = answer(asking(after(case, event), "liquidation", assets=assets))
        same(case, above_zero(one["by_holder"]), above_zero(other["by_holder"]))


def converted_before(case: Document, assets: str, name: str) -> None:
    """A conversion told in a liquidation pays what one in the history before it does, where no share is rounded."""
    events = [
        {"on": "1999-09-01", "do": "convert", "holder": own["holder"], "shares": {name: own["shares"]}}
        for own in case["position"]["holdings"]
        if own["class"] == name
    ]
    one = answer(asking(case, "liquidation", assets=assets, conversions={name: True}))
    other = answer(asking(after(case, *events), "liquidation", assets=assets, conversions="as_held"))
    same(case, above_zero(one["by_holder"]), above_zero(other["by_holder"]))


ASKED = {
    "conversion": converted_as_asked,
    "public_offering": offered_as_asked,
    "dividend": declared_as_asked,
    "distribution": distributed_as_asked,
    "cash_amounts": funded_as_asked,
}


def as_asked(case: Document, question: str, seed: int, later: int = 1) -> None:
    """Draw a question about a history, asked some days after it, and hold it against the event of that name."""
    if case["position"].get("undeclared_dividends"):
        return
    case = copied(case)
    case["position"].setdefault("as_of", "1999-08-24")
    typed = read_case(asking(case, "position"))
    known = Known(state_of(asking(case, "position")), typed.readings)
    day = last_day(case)
    assert day is not None
    drawn = drawn_question(Seeded(f"{question} {seed}"), question, known)
    drawn["on"] = (date.fromisoformat(day) + timedelta(days=later)).isoformat()
    if drawn.get("priced_on", day) < day:
        del drawn["priced_on"]
    del drawn["question"]
    ASKED[question](case, drawn)


def liquidated(seed: int) -> Document:
    """Draw a position of whole ratios, with what can be owed on it, and readings about liquidations."""
    draw = Random(seed)
    holders = ("ann", "bob", "cat", "dan", "eve")[: draw.randint(1, 5)]
    held = [(own, name, draw.choice((1, 2, 5))) for name in (*SERIES, COMMON) for own in holders if draw.random() < 0.6]
    if not held:
        held = [("ann", "A", 1)]
    position: Document = {}
    if draw.random() < 0.5:
        position["unpaid_dividends"] = {name: draw.choice(("1/2", "3")) for name in draw.sample(SERIES, 2)}
    if draw.random() < 0.5:
        prices = {"A": "1/2", "D": "11/8", "E": "83/40", "F": "33/8"}
        position["conversion_prices"] = {name: price for name, price in prices.items() if draw.random() < 0.5}
    if draw.random() < 0.4:
        days = ("1997-01-01", "1998-01-01", "1999-01-01", "1999-02-01")
        position["cash_amounts"] = [
            {"holder": draw.choice(("zed", *holders)), "series": name, "owed": "5/2", "converted_on": day}
            for name, day in zip(ELECTING, days, strict=True)
        ]
    readings = {
        "cash_rank": draw.choice(("creditor", "after_F", "pari_second_tier", "last")),
        "converted_dividends": draw.choice(("debt_from_assets", "forfeited")),
        "cash_pool": draw.choice(("merged", "fifo")),
        "unpaid_div": draw.choice(("declared", "literal_empty")),
        "cap_includes_dividends": draw.choice(("yes", "no")),
    }
    return under(table(*held, **position), **readings)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_history_may_be_given_as_a_position(question: str) -> None:
    for case in drawn_cases(question, 80, seed=22):
        reopened(case)


@pytest.mark.parametrize("question", ASKED)
def test_what_is_told_of_an_event_is_what_it_does(question: str) -> None:
    for index, case in enumerate(drawn_cases("position", 100, seed=23)):
        as_asked(case, question, index)
        if question in ("dividend", "distribution"):  # On a day at the close of which others have converted, too.
            as_asked(case, question, index, later=0)


def test_an_election_or_conversion_before_a_liquidation() -> None:
    for seed in range(150):
        case = liquidated(seed)
        assets = ("3", "10", "20", "45", "80", "150")[seed % 6]
        elected_before(case, assets)
        for name in OPTIONAL:
            converted_before(case, assets, name)


@MANY
def test_route_on_many_cases() -> None:
    for question in QUESTIONS:
        for case in drawn_cases(question, 1500, seed=24):
            reopened(case)
    for question in ASKED:
        for index, case in enumerate(drawn_cases("position", 2000, seed=25)):
            as_asked(case, question, index)
    for seed in range(1000, 4000):
        elected_before(liquidated(seed), "40")
