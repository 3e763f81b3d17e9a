"""The strategies draw documents of the published shapes, nearly all of which are answered, and leave nothing out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import reference
from reference.additional_stock import Purpose
from reference.history import WORDS
from reference.oracle import event_documents
from reference.oracle import questions as asked
from reference.oracle.answers import answer_text
from reference.oracle.charters import load
from reference.oracle.documents import Case, EventDocument, PositionDocument
from reference.oracle.questions.approvals import ActDocument
from reference.oracle.questions.reserve import OfferingDocument
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Answered
from reference.oracle.shapes import convert
from reference.oracle.strategies import cases, exhaustive, histories, positions, questions, readings
from reference.readings import REGISTER
from tests.oracle.cases import FULL, case, changed
from tests.strategies import FAMILY

Document = dict[str, Any]

DRAWN = 450
"""How many cases are drawn of each question."""

ANSWERED = Fraction(95, 100)
"""How many of them must be answered at least."""

GENERATE = settings(
    derandomize=True, database=None, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
)
INLINE = msgspec.to_builtins(FAMILY, enc_hook=str)
BARE = {
    **INLINE,
    "name": "bare",
    "series": INLINE["series"][:3],
    "liquidation_tiers": [{"series": ["Senior", "Full", "Capped"], "clause": "1"}],
}
del BARE["class_election"]

HELD: Document = {
    "holdings": [
        {"holder": holder, "class": stock, "shares": 4} for holder in ("ann", "bob") for stock in ("A", "E", "common")
    ]
}


def drawn(strategy: st.SearchStrategy[Any], number: int) -> list[Any]:
    """Return so many examples of a strategy, the same in every run."""
    found: list[Any] = []

    @settings(GENERATE, max_examples=number)
    @given(strategy)
    def keep(example: Any) -> None:
        found.append(example)

    keep()
    return found


@cache
def drawn_cases(question: str) -> list[Document]:
    return drawn(cases(question), DRAWN)


def every_case() -> Iterator[Document]:
    for question in asked.MODULES:
        yield from drawn_cases(question)


def every_event() -> Iterator[Document]:
    for document in every_case():
        yield from document.get("events", ())


def outcomes(documents: Iterable[Document]) -> Counter[str]:
    """Count the answers, and the refusals by code."""
    found: Counter[str] = Counter()
    for document in documents:
        reply = answer_text(json.dumps(document).encode())
        found["answered" if isinstance(reply, Answered) else reply.error.code] += 1
    return found


def is_well_answered(found: Counter[str]) -> bool:
    return found["internal_error"] == 0 and found["answered"] >= ANSWERED * found.total()


@cache
def event_shapes() -> dict[str, type[msgspec.Struct]]:
    return {str(shape.__struct_config__.tag): shape for shape in event_documents.shapes()}


def misshapen(document: Document) -> list[str]:
    """List what of a case is not of the published shapes."""
    parts: list[tuple[Any, Any]] = [(document, Case), (document["ask"], question_of(document).Question)]
    parts += [(event, event_shapes().get(event["do"], Case)) for event in document.get("events", ())]
    found = [] if json.loads(json.dumps(document)) == document else ["no plain JSON values"]
    for part, shape in parts:
        try:
            convert(part, shape, hook=exact)
        except Refusal as refusal:
            found.append(refusal.message)
    return found


def exact(_: Any, value: object) -> Fraction:
    """Read an amount, which is text or a whole number."""
    if not isinstance(value, (str, int)):
        raise ValueError("not exact")
    return Fraction(value)


def question_of(document: Document) -> Any:
    return asked.module(document["ask"]["question"])


def names_in(shape: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(shape)}


# What every case is


@pytest.mark.parametrize("question", asked.MODULES)
def test_nearly_all_cases_are_answered(question: str) -> None:
    assert len(drawn_cases(question)) == DRAWN
    found = outcomes(drawn_cases(question))
    assert is_well_answered(found), found


def test_too_many_refusals_would_be_noticed() -> None:
    refused = changed(case(), "ask.assets", "x")
    assert is_well_answered(outcomes([*[case()] * 19, refused]))
    assert not is_well_answered(outcomes([*[case()] * 18, refused]))
    assert not is_well_answered(Counter(answered=99, internal_error=1))


def test_cases_have_the_published_shapes() -> None:
    assert [document for document in every_case() if misshapen(document)] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("position.holdings", [{"holder": "ann", "class": "A"}]),
        ("ask.assets", 1.5),
        ("ask.what", 1),
        ("events", [{"on": "1999-09-01", "do": "split", "class": "A"}]),
        ("events", [{"on": "1999-09-01", "do": "split", "class": "A", "ratio": 1.5}]),
        ("events", [{"on": "1999-09-01", "do": "merge"}]),
        ("readings", {"cap_mode": "none"}),
        ("case", ("a", "tuple")),
    ],
)
def test_another_shape_would_be_noticed(path: str, value: object) -> None:
    assert misshapen(case()) == []
    assert misshapen(changed(case(), path, value)) != []


def test_the_same_cases_are_drawn_again() -> None:
    again = drawn(cases("votes"), 20)
    assert again == drawn(cases("votes"), 20)
    assert again != drawn(cases("directors"), 20)


def test_any_question_is_drawn() -> None:
    found = {document["ask"]["question"] for document in drawn(cases(events=False), 150)}
    assert found <= set(asked.MODULES)
    assert len(found) > 10


# Nothing is left out


def test_every_kind_of_event_occurs_with_every_field() -> None:
    found: dict[str, set[str]] = {}
    for event in every_event():
        found.setdefault(event["do"], set()).update(event)
    assert len(WORDS) == 17
    assert set(found) == set(WORDS.values())
    for kind, word in WORDS.items():
        named = {"class" if field.name == "stock" else field.name for field in fields(kind)}
        assert named <= found[word], word


def test_every_fact_of_an_issue_occurs() -> None:
    found: dict[str, set[str]] = {"facts": set(), "plan": set(), "warrant": set()}
    purposes = set()
    for event in every_event():
        facts = event.get("facts", {})
        found["facts"].update(facts)
        purposes.add(facts.get("purpose"))
        for name in ("plan", "warrant"):
            found[name].update(facts.get(name, ()))
    assert found["facts"] == {"purpose", "board_approved", "majority_acquired", "plan", "warrant", "underlying"}
    assert found["plan"] == {"board_approved_on", "in_favour", "outstanding"}
    assert found["warrant"] == {"issued", "of", "used"}
    assert purposes == {None, *Purpose}


@pytest.mark.parametrize("question", asked.MODULES)
def test_every_field_of_a_question_occurs(question: str) -> None:
    found = {name for document in drawn_cases(question) for name in document["ask"]}
    assert found == names_in(asked.module(question).Question) | {"question"}


def test_every_field_inside_of_a_question_occurs() -> None:
    inner: dict[str, tuple[str, type[msgspec.Struct]]] = {
        "liquidation": ("event", EventDocument),
        "approvals": ("act", ActDocument),
        "reserve": ("offering", OfferingDocument),
    }
    for question, (field, shape) in inner.items():
        found = {name for document in drawn_cases(question) for name in document["ask"].get(field, ())}
        assert found == names_in(shape), question


def test_every_choice_of_who_converts_occurs() -> None:
    asks = [document["ask"] for document in drawn_cases("liquidation")]
    assert {str(ask["elect"]) for ask in asks if "elect" in ask} == {"True", "False", "in_interest"}
    words = {json.dumps(ask["conversions"]) for ask in asks if "conversions" in ask}
    assert {'"as_held"', '"equilibrium"', "{}", '{"E": true}', '{"F": true}', '{"E": true, "F": true}'} <= words


@pytest.mark.parametrize("question", asked.MODULES)
def test_only_readings_that_matter_are_drawn(question: str) -> None:
    for document in drawn_cases(question):
        looking = {question, "history"} if document.get("events") else {question}
        ours = {entry.field for entry in REGISTER if looking & set(entry.questions)}
        # Where none of the drawn events was kept, the readings of histories stay.
        history = {entry.field for entry in REGISTER if "history" in entry.questions}
        assert set(document.get("readings", {})) <= ours | history


def test_every_option_of_every_reading_occurs() -> None:
    chosen = [document.get("readings", {}) for document in every_case()]
    for question in ("liquidation", "dividend", "directors"):
        chosen += drawn(readings(question=question, events=False), 120)
    found = {choice for own in chosen for choice in own.items()}
    assert found == {(entry.field, option.value) for entry in REGISTER for option, _ in entry.options}


def test_every_field_of_a_position_occurs() -> None:
    found = {name for document in every_case() for name in document["position"]}
    assert found == names_in(PositionDocument)


def test_amounts_are_written_in_every_way() -> None:
    written = [document["ask"]["assets"] for document in drawn_cases("liquidation")]
    text = [amount for amount in written if isinstance(amount, str)]
    exact = [Fraction(amount) for amount in written]
    assert any(isinstance(amount, int) for amount in written)
    assert any("/" in amount for amount in text)
    assert any("." in amount for amount in text)
    assert min(amount for amount in exact if amount) < Fraction(1, 10**18)
    assert max(exact) > 10**28
    assert 0 in exact


def test_dates_step_to_where_something_ends() -> None:
    days = [date.fromisoformat(event["on"]) for event in every_event()]
    assert {(2, 29), (12, 31), (1, 1)} <= {(day.month, day.day) for day in days}
    steps: Counter[int] = Counter()
    for document in every_case():
        own = [date.fromisoformat(event["on"]) for event in document.get("events", ())]
        steps.update((second - first).days for first, second in pairwise(own))
        assert own == sorted(own)
    assert {0, 1, 10, 11, 90, 365, 1096} <= set(steps)


# Positions


def test_positions_have_ties_nothing_and_everything() -> None:
    found = drawn(positions(), 150)
    shares = [[int(own["shares"]) for own in position["holdings"]] for position in found]
    assert sum(0 in own for own in shares) > 5
    assert sum(own == [] for own in shares) > 1
    assert sum(len(set(own)) < len(own) for own in shares) > 50
    in_full = [sum(1 for name, total in FULL.items() if total == total_of(position, name)) for position in found]
    assert max(in_full) > 4
    assert any(isinstance(own["shares"], str) for position in found for own in position["holdings"])


def total_of(position: Document, name: str) -> int:
    return sum(int(own["shares"]) for own in position["holdings"] if own["class"] == name)


def test_positions_keep_to_what_they_are_given() -> None:
    for position in drawn(positions(INLINE, most=2, holders=("x",), dated=False), 60):
        assert "as_of" not in position
        assert {own["holder"] for own in position["holdings"]} <= {"x"}
        few = {int(own["shares"]) for own in position["holdings"]} <= {0, 1, 2}
        assert few or all(int(own["shares"]) >= 1000 or int(own["shares"]) == 0 for own in position["holdings"])
    assert all("as_of" in position for position in drawn(positions(dated=True), 30))


# Histories


def test_what_the_engine_refuses_is_left_out_or_left_in() -> None:
    kept = [asking(events) for events in drawn(histories(HELD), 80)]
    assert outcomes(kept) == Counter(answered=len(kept))
    assert max(len(document["events"]) for document in kept) == 5
    raw = outcomes(asking(events) for events in drawn(histories(HELD, accepted=False), 80))
    assert raw["answered"] > 10
    assert len(raw) > 3
    assert raw["internal_error"] == 0


def test_a_history_keeps_to_its_readings() -> None:
    fiscal = {"year": "fiscal", "common_gate": "to_date"}
    found = drawn(histories(HELD, readings=fiscal, most=3), 60)
    assert max(map(len, found)) == 3
    assert outcomes(asking(events, fiscal) for events in found) == Counter(answered=len(found))
    declared = [event for events in found for event in events if event["do"] == "declare_dividend"]
    assert declared != []
    assert all("fiscal_month" in event for event in declared)


def test_undeclared_dividends_as_amounts_take_no_events() -> None:
    position = {**HELD, "undeclared_dividends": {"E": {"current_year": "1", "since_issue": "2"}}}
    assert drawn(histories(position), 20) == [[]] * len(drawn(histories(position), 20))


def asking(events: list[Document], chosen: Document | None = None) -> Document:
    return {
        "case": "x",
        "charter": "quintus-1999",
        "position": HELD,
        "readings": chosen or {},
        "events": events,
        "ask": {"question": "position"},
    }


# Questions and readings by themselves


def test_a_question_is_about_what_there_is_after_the_events() -> None:
    transfer = {"on": "2001-01-01", "do": "transfer", "class": "A", "holder": "ann", "to": "dee", "shares": 4}
    found = drawn(questions("votes", HELD, events=[transfer]), 80)
    assert "dee" in {name for ask in found for name in ask.get("in_favour", ())}
    later = drawn(questions("position", HELD, events=[transfer]), 20)
    assert all(ask.get("on", "2001-01-01") >= "2001-01-01" for ask in later)
    assert any("on" in ask for ask in later)


def test_a_question_keeps_to_its_readings() -> None:
    election = {"on": "2001-01-01", "do": "elect_conversion", "consents": {"ann": {"A": 4}, "bob": {"A": 1}}}
    freed = {"ad_election": "unlock_individual"}
    found = drawn(questions("conversion", HELD, readings=freed, events=[election]), 60)
    assert any("A" in ask.get("shares", ()) for ask in found)
    # Under the default all of the class have converted by then.
    together = drawn(questions("conversion", HELD, events=[election]), 60)
    assert any("E" in ask.get("shares", ()) for ask in together)
    assert not any("A" in ask.get("shares", ()) for ask in together)


def test_named_readings_are_always_given() -> None:
    found = drawn(readings("cap_mode", "half"), 30)
    assert {tuple(chosen) for chosen in found} == {("cap_mode", "half")}
    assert {chosen["cap_mode"] for chosen in found} == {"individual", "joint", "first_stops_all"}
    assert {name for chosen in drawn(readings(question="directors", events=False), 60) for name in chosen} == {
        "ad_as_converted",
        "oip_adjusts_in_conversion",
        "half",
        "votes",
        "shift_test",
        "vacant_seats",
    }
    assert {name for chosen in drawn(readings(), 200) for name in chosen} > {"cap_mode", "cash_pool", "annualise"}


def test_what_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="is no question"):
        cases("vote")
    with pytest.raises(ValueError, match="is no question"):
        readings(question="history")
    with pytest.raises(ValueError, match="is no question"):
        questions("history", HELD)
    with pytest.raises(ValueError, match="is no question"):
        exhaustive("history")
    with pytest.raises(ValueError, match="one holder or more"):
        positions(holders=())
    with pytest.raises(KeyError):
        readings("cap")
    with pytest.raises(Refusal):
        cases("votes", "quintus")
    with pytest.raises(Refusal):
        histories({"holdings": [{"holder": "ann", "class": "G", "shares": 1}]})


# Other charters


@pytest.mark.parametrize("charter", [INLINE, BARE], ids=lambda charter: charter["name"])
def test_cases_of_made_up_charters_are_answered(charter: Document) -> None:
    found = [document for name in asked.MODULES for document in drawn(cases(name, charter), 6)]
    assert is_well_answered(outcomes(found)), outcomes(found)
    assert all(document["charter"] == charter and document["charter"] is not charter for document in found)
    classes = {own["class"] for document in found for own in document["position"]["holdings"]}
    assert classes == {"common", *(series.name for series in load(charter).series)}


# Shrinking


SHRINKING = settings(GENERATE, phases=(Phase.generate, Phase.shrink), max_examples=300)


def test_the_simplest_case_is_empty() -> None:
    assert find(cases(events=False), lambda document: True, settings=SHRINKING) == {
        "case": "drawn",
        "charter": "quintus-1999",
        "position": {"holdings": []},
        "ask": {"question": "liquidation", "assets": 0},
    }


def test_a_position_shrinks_to_the_shares_that_matter() -> None:
    def wanted(position: Document) -> bool:
        return total_of(position, "E") > 2 and "conversion_prices" in position

    assert find(positions(), wanted, settings=SHRINKING) == {
        "holdings": [{"holder": "ann", "class": "E", "shares": 3}],
        "conversion_prices": {"A": 1},
    }


def test_a_history_shrinks_to_the_events_that_matter() -> None:
    def wanted(events: list[Document]) -> bool:
        words = [event["do"] for event in events]
        return "split" in words and "convert" in words[words.index("split") :]

    assert find(histories(HELD, most=5), wanted, settings=SHRINKING) == [
        {"on": "1999-08-24", "do": "split", "class": "common", "ratio": "2"},
        {"on": "1999-08-24", "do": "convert", "holder": "ann", "shares": {"E": 1}},
    ]


# Small cases

SMALL = {
    "liquidation": 81 * 11,
    "breakpoints": 81 * 4,
    "position": 27 * 6,
    "conversion_prices": 27 * 6,
    # Of E, 0 to n shares by choice and by consent; of A and B, every pair: 9 * 2 * (1 + 2 + 3) + 3 * (1 + 2 + 3) ** 2.
    "conversion": 9 * 2 * 6 + 3 * 36,
    "public_offering": 81 * 5,
    "cash_amounts": 27 * 5,
    "dividend": 27 * 8,
    "distribution": 27 * 4,
    # No motion, one with classes apart, and one for each number of holders in favour, who are two of three on average.
    "votes": 27 * (2 + 1 + 2),
    "directors": 81 * 4,
    "approvals": 81 * 5,
    "reserve": 81 * 4,
    "notice": 27 * 6,
}


@pytest.mark.parametrize("question", asked.MODULES)
def test_small_cases_are_all_answered_in_one_order(question: str) -> None:
    found = list(exhaustive(question))
    assert all(one == other for one, other in zip(found, exhaustive(question), strict=True))
    assert len(found) == SMALL[question]
    assert len({json.dumps({**document, "case": ""}) for document in found}) == len(found)
    assert len({document["case"] for document in found}) == len(found)
    assert [document for document in found[:: len(found) // 25] if misshapen(document)] == []
    assert outcomes(found) == Counter(answered=len(found))


# The library that draws is not needed for anything else

PACKAGE = Path(reference.__file__ or "").parent
DRAWING = {"strategies", "pytest_plugin"}

AN_IMPORT = re.compile(r"^\s*(?:from|import)\s.*", re.MULTILINE)


def imported(source: str) -> set[str]:
    """Return the words in the import statements of a source."""
    return {word for line in AN_IMPORT.findall(source) for word in re.findall(r"\w+", line)}


def test_nothing_else_imports_the_strategies() -> None:
    others = [
        file
        for root in (PACKAGE, PACKAGE.parent / "symbolic", PACKAGE.parent / "proofs")
        for file in root.rglob("*.py")
        if file.stem not in DRAWING and file.parent.name != "mutation"
    ]
    assert len(others) > 60
    assert [file for file in others if imported(file.read_text()) & {*DRAWING, "hypothesis"}] == []


@pytest.mark.parametrize(
    "source",
    [
        "import hypothesis.strategies",
        "from reference.oracle import amounts, strategies",
        "x\n    from hypothesis import st",
    ],
)
def test_such_an_import_would_be_noticed(source: str) -> None:
    assert imported(source) & {*DRAWING, "hypothesis"} != set()


def test_the_command_does_without_hypothesis() -> None:
    code = """
import sys
sys.modules["hypothesis"] = None
import reference.oracle.command, reference.oracle.cli, reference.oracle.streams, reference.oracle.schema
from reference.oracle.small_cases import exhaustive
from reference.oracle.seeded import drawn
print(len(list(exhaustive("votes"))), drawn("votes", 1, 1)["case"])
try:
    import reference.oracle.strategies
except ImportError:
    print("needed there")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split("\n")[1] == "needed there"
