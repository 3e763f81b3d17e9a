"""What has become of a case after its events: long histories, rights, every option, and slips in the fold."""

from __future__ import annotations

import ast
import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import history
from reference.history import WORDS
from reference.oracle import strategies
from tests.oracle import test_conversion, test_conversion_prices, test_public_offering
from tests.oracle.cases import ask
from tests.oracle.questions import Examples, asked, held
from tests.outputs import conversion_prices, position
from tests.outputs.checks import check_drawn, check_option, looked_at, options
from tests.outputs.compare import differences, module_of
from tests.slips import Slip, made
from tests.strategies import examples

Document = dict[str, Any]

# Histories at random

FOLDED = ("position", "conversion_prices", "cash_amounts")


@st.composite
def long_histories(draw: st.DrawFn) -> Document:
    """Draw a case with up to twelve events, under a few readings that a history looks at."""
    opening = draw(strategies.positions(most=40))
    opening.pop("undeclared_dividends", None)
    fields = draw(st.lists(st.sampled_from(sorted(looked_at("history"))), max_size=5, unique=True))
    readings = draw(strategies.readings(*fields)) if fields else {}
    events = draw(strategies.histories(opening, readings=readings, most=12))
    asks = {"question": draw(st.sampled_from(FOLDED))}
    return {"case": "long", "charter": "quintus-1999", "position": opening, "readings": readings} | {
        "events": events,
        "ask": asks,
    }


@examples(40)
@given(long_histories())
def test_long_histories(document: Document) -> None:
    check_drawn(document)


SMALL = held(("ann", "E", 100), ("ann", "A", 40), ("bob", "common", 900), as_of="1999-08-24")
OPTIONS = {"rights": "o", "shares": 60, "exercisable": 20, "exercise_price": "1", "consideration": "6"}
STEPS: tuple[Document, ...] = (
    {"do": "issue", "class": "common", "holder": "cy", "shares": 80, "consideration": "160"},
    {"do": "issue", "class": "common", "holder": "cy", "shares": 3},
    {"do": "issue", "class": "E", "holder": "cy", "shares": 5, "consideration": "5"},
    {"do": "change_rights", "rights": "o", "exercisable": 40},
    {"do": "change_rights", "rights": "o", "exercisable": 60},
    {"do": "change_rights", "rights": "o", "shares": 200, "exercisable": 90},
    {"do": "change_rights", "rights": "o", "exercise_price": "1/2"},
    {"do": "exercise_rights", "rights": "o", "holder": "dan", "shares": 10},
    {"do": "expire_rights", "rights": "o"},
    {"do": "split", "class": "common", "ratio": "2"},
    {"do": "split", "class": "E", "ratio": "2"},
    {"do": "stock_dividend", "shares": "1/10", "equivalents": "1/10"},
    {"do": "convert", "holder": "ann", "shares": {"E": 30}},
    {"do": "elect_conversion", "consents": {"ann": {"A": 40}}},
)
DATES = ("1999-09-01", "1999-09-02", "2000-02-29", "2002-08-31", "2002-09-01", "2003-02-28", "2003-03-01")
RIGHTS_READINGS = ("vesting", "grant_alloc", "replay", "weighted_average_base", "series_issue_excluded", "cent_test")


@examples(25)
@given(
    st.lists(st.sampled_from(STEPS), min_size=2, max_size=6),
    st.lists(st.sampled_from(DATES), min_size=6, max_size=6),
    strategies.readings(*RIGHTS_READINGS),
)
def test_rights_that_change(steps: list[Document], days: list[str], readings: dict[str, str]) -> None:
    events: list[Document] = [{"on": "1999-08-31", "do": "issue_rights", **OPTIONS}]
    # What the engine refuses is left out, as it comes.
    for on, step in zip(sorted(days), steps, strict=False):
        document = asked("conversion_prices", SMALL, events=[*events, {"on": on, **step}], readings=readings)
        if ask(document)["status"] == "answered":
            events.append({"on": on, **step})
    for question in ("conversion_prices", "position"):
        check_drawn(asked(question, SMALL, events=events, readings=readings))


# Every option of every reading that a history looks at

GATES = {
    "if_greater",
    "if_greater_basis",
    "annualise",
    "year",
    "partial",
    "common_gate",
    "common_gate_stage",
    "in_kind_gate",
    "paid_rights",
}
"""These decide whether the Common may have a dividend or property, and change nothing of what comes of it."""


def as_event(document: Document) -> list[Document]:
    """Return cases in which what a question asks about has happened."""
    asks = document["ask"]
    event = {name: value for name, value in asks.items() if name != "question"}
    event.setdefault("on", "1999-12-01")
    if asks["question"] == "public_offering":
        event["do"] = "public_offering"
    elif "holder" in asks:
        event["do"] = "convert"
    else:
        named = {name for own in asks["consents"].values() for name in own}
        event["do"] = "elect_conversion"
        if not named <= set("ABCD"):
            (name,) = named
            consents = {holder: own[name] for holder, own in asks["consents"].items()}
            event |= {"do": "consent_conversion", "class": name, "consents": consents}
    happened = {**copy.deepcopy(document), "events": [*document.get("events", ()), event]}
    return [{**happened, "ask": {"question": question}} for question in FOLDED]


CARRIED = [{"series": "E", "on": on, "amount": amount} for on, amount in (("1997-01-01", "0.4"), ("1998-01-01", "0.3"))]
LATE = position.on(1, "convert", holder="ann", shares={"E": 20}) | {"on": "2000-01-01"}
SALE = conversion_prices.sale("1999-09-01", 1000, "100")
ELECTION = position.on(7, "elect_conversion", consents={"ann": {"A": 60}})
FUNDS = position.on(9, "fund_cash_amounts", amount="20")
CLAIMS = [{"holder": "old", "series": "B", "converted_on": "1999-08-20", "owed": "13.25"}]
HISTORIES: Examples = {
    **{field: listed for field, listed in test_conversion_prices.READ.items() if any(own["events"] for own in listed)},
    **{
        field: [case for own in listed for case in as_event(own)]
        for field, listed in test_public_offering.READ.items()
        if field.startswith(("ipo_", "e_floor", "floor_", "combination_"))
    },
    **{
        field: [case for own in test_conversion.READ[field] for case in as_event(own)]
        for field in ("ad_election", "ad_majority", "votes", "cash_adjusts_preferred_split", "round_unit", "half")
    },
    "ad_as_converted": [asked("conversion_prices", position.SMALL, events=[SALE])],
    "cash_pool": [asked("cash_amounts", {**position.SMALL, "cash_amounts": CLAIMS}, events=[ELECTION, FUNDS])],
    "cent_anniversary": [asked("position", {**position.SMALL, "carried": CARRIED}, events=[LATE])],
    "consent_tie": [asked("position", position.SMALL, events=list(position.CONSENT_AND_OFFERING))],
    "conversions_at_close": [
        asked("position", position.SMALL, events=[{**LATE, "on": "1999-09-01"}, {**SALE, "consideration": "0"}])
    ],
    "converted_reissuable": [asked("position", position.SMALL, events=[ELECTION])],
    "oip_adjusts_in_conversion": [
        asked(
            "position",
            position.SMALL,
            events=[position.on(1, "split", **{"class": "E", "ratio": "2"}), {**LATE, "shares": {"E": 10}}],
        )
    ],
}


def test_every_reading_of_a_history_has_examples() -> None:
    # What survives a conversion ranks only in a liquidation, whose tests follow histories.
    assert set(HISTORIES) == looked_at("history") - GATES - {"converted_dividends"}


@pytest.mark.parametrize(("field", "option"), options(HISTORIES))
def test_each_option_changes_both_accounts(field: str, option: str) -> None:
    check_option(field, option, HISTORIES)


# Undeclared dividends


def undeclared(**fields: Any) -> Document:
    """Return a liquidation that counts undeclared dividends, after a declaration and a split."""
    events = [
        position.on(1, "declare_dividend", per_share={"E": "0.1", "F": "2"}),
        position.on(2, "split", **{"class": "E", "ratio": "2"}),
        position.on(3, "declare_dividend", per_share={"E": "0.2"}) | {"on": "2000-03-01"},
    ]
    opening = {**position.SMALL, "issued_on": {"E": "1998-05-05", "F": "1999-08-01"}}
    return asked("liquidation", opening, **{"events": events, "assets": "600", **fields})


@pytest.mark.parametrize("daycount", ["actual_365", "actual_year"])
@pytest.mark.parametrize("unpaid", ["undeclared_current_year", "undeclared_all", "declared_plus_undeclared_current"])
def test_undeclared_dividends(unpaid: str, daycount: str) -> None:
    readings = {"unpaid_div": unpaid, "daycount": daycount}
    assert differences(undeclared(readings=readings)) == []
    assert differences(undeclared(readings=readings, events=[])) == []


# The check is itself checked

SLIPS: tuple[Slip, ...] = (
    Slip(
        "what is owed grows in a split",
        history._multiply,
        "book.dividends.get(stock, NOTHING) / ratio",
        "book.dividends.get(stock, NOTHING)",
        "3(d)(iii)",
        "position",
    ),
    Slip(
        "a transfer to oneself",
        history._transfer,
        "book.add(event.to, event.stock, event.shares)",
        "book.add(event.holder, event.stock, event.shares)",
        "IV.A",
        "position",
    ),
    Slip(
        "an older debt forgotten",
        history._apply,
        "book.debts.get(own.holder, NOTHING) + owed",
        "owed / 2",
        "1(a)",
        "position",
    ),
    Slip(
        "equivalents that are shares",
        history._stock_dividend,
        "factor = 1 + event.shares",
        "factor = 1 + event.shares + event.equivalents",
        "3(d)(iii)",
        "position",
    ),
    Slip(
        "rights that do not split",
        history._Book.right,
        "record.deliverable * unit",
        "record.deliverable",
        "3(d)(i)(E)",
        "position",
    ),
    Slip(
        "an offering that adjusts nothing",
        history._public_offering,
        "book.prices = prices",
        "pass",
        "3(d)(i)(A)",
        "position",
    ),
    Slip(
        "a consent after the offering",
        history._consent_conversion,
        "book.offered_on == book.on",
        "False",
        "3(b)",
        "position",
    ),
    Slip(
        "a consent before the offering",
        history._consent_conversion,
        "found.count.carried and book.on in book.offerings",
        "False",
        "3(b)",
        "position",
    ),
    Slip(
        "an election that frees nobody",
        history._elect_conversion,
        "found.count.carried and not drags",
        "False",
        "3(a)",
        "position",
    ),
    Slip(
        "no Purchase Date",
        history._check_new,
        "purchased > book.on",
        "purchased < book.on",
        "3(d)(i)(A)",
        "conversion_prices",
    ),
    Slip(
        "a dividend on nothing",
        history._Book.owe,
        "self.shares.get(name, 0) > 0",
        "self.shares.get(name, 0) >= 0",
        "1(a)",
        "position",
    ),
    Slip(
        "funds that pay nobody",
        history._fund_cash_amounts,
        "book.cash = list(found.ledger)",
        "pass",
        "3(c)",
        "cash_amounts",
    ),
    Slip("time that does not pass", history.at, "book.move(on)", "book.on = on", "3(d)(i)(B)", "conversion_prices"),
    Slip(
        "converted shares not counted",
        history._apply,
        "book.converted.get(name, 0) + shares",
        "shares - shares",
        "IV.B",
        "position",
    ),
    Slip(
        "free exercise",
        history._exercise_rights,
        "paid = event.shares * own.exercise_price",
        "paid = 0 * own.exercise_price",
        "3(d)(i)(E)",
        "conversion_prices",
    ),
)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_each_slip_in_the_fold_is_caught(slip: Slip) -> None:
    listed = module_of(slip.question).EXAMPLES
    with made(slip):
        assert any(differences(document) for document in listed)


def test_slips_in_undeclared_dividends_are_caught() -> None:
    for before, after in (("accrued.current_year - in_year", "accrued.current_year"), ("- ever", "- in_year")):
        slip = Slip("declared and undeclared", history.undeclared, before, after, "2(a)", "liquidation")
        readings = [{"unpaid_div": option} for option in ("undeclared_current_year", "undeclared_all")]
        assert not any(differences(undeclared(readings=own)) for own in readings)
        with made(slip):
            assert any(differences(undeclared(readings=own)) for own in readings)


def test_every_kind_of_event_is_among_the_examples() -> None:
    modules = [module_of(question) for question in FOLDED]
    found = {event["do"] for module in modules for document in module.EXAMPLES for event in document.get("events", ())}
    assert found == set(WORDS.values())


ALLOWED = {"reference.charter", "reference.readings", "reference.oracle"}
COMPARING = {"compare", "checks"}
"""The modules that ask the engine, to set its answers beside the expected ones."""


def test_nothing_of_the_engine_computes_what_is_expected() -> None:
    folder = Path(__file__).parent
    for path in folder.glob("*.py"):
        if path.stem.startswith("test_") or path.stem in COMPARING:
            continue
        nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
        used = {node.module for node in nodes if node.module and node.module.split(".")[0] == "reference"}
        assert used <= ALLOWED, path.name
        from_oracle = {name.name for node in nodes if node.module == "reference.oracle" for name in node.names}
        assert from_oracle <= {"charters"}, path.name
