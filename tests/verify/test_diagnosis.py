"""What explains an answer that differs: readings first, then mistakes, and nothing where nothing does."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reference.oracle.refusals import Refusal
from reference.oracle.verify.diagnosis import Explanation, explanations
from reference.oracle.verify.mistakes import CATALOGUE, Mistake, mistake
from reference.oracle.verify.mistakes_kit import asking, held, plain_answer
from tests.oracle.cases import case
from tests.verify.liars import BROKEN, HONEST, LIARS, LIES, READINGS

LIARS_FOLDER = Path(__file__).parent / "liars"

Document = dict[str, Any]


def same(answer: Document, told: Any) -> bool:
    """Compare exactly, an amount in any way of writing it."""
    return _exact(answer) == _exact(told)


def _exact(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _exact(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_exact(part) for part in value]
    try:
        return Fraction(value)
    except (TypeError, ValueError):
        return value


def ids(document: Document, told: Any) -> list[str]:
    return [own.id for own in explanations(document, told, same)]


@pytest.mark.parametrize("own", CATALOGUE, ids=lambda own: own.id)
def test_a_mistaken_answer_is_explained_by_the_mistake(own: Mistake) -> None:
    found = explanations(own.example, own.answer(own.example), same)
    assert Explanation("mistake", own.id, f"{own.title} ({', '.join(own.clauses)})") in found
    kinds = [explanation.kind for explanation in found]
    assert kinds == sorted(kinds, key=["reading", "mistake"].index)
    places = [[other.id for other in CATALOGUE].index(own.id) for own in found if own.kind == "mistake"]
    assert places == sorted(places)


def test_a_right_answer_needs_no_explanation() -> None:
    for own in CATALOGUE:
        assert ids(dict(own.example), plain_answer(own.example)) == []


def test_an_answer_that_nothing_gives_is_not_explained() -> None:
    document = case()
    told = plain_answer(document)
    assert told is not None
    told["by_holder"]["founder"] = "1"
    assert ids(document, told) == []
    assert ids(document, {}) == []
    assert ids(document, None) == []


def test_other_readings_come_first_and_are_told_with_their_option() -> None:
    document = case("150000000", conversions="as_held")
    told = plain_answer({**document, "readings": {"cap_mode": "joint"}})
    found = explanations(document, told, same)
    assert [(own.kind, own.id) for own in found] == [("reading", "cap_mode=joint")]
    assert "AMB-19" in found[0].says
    assert ids({**document, "readings": {"cap_mode": "joint"}}, plain_answer(document)) == ["cap_mode=individual"]


def test_a_mistake_that_a_reading_gives_too_is_told_as_both() -> None:
    example = dict(mistake("cap-never-lifts").example)
    found = explanations(example, mistake("cap-never-lifts").answer(example), same)
    assert [own.id for own in found] == ["ef_conversion=none", "cap-never-lifts"]


def test_only_what_changes_the_right_answer_counts() -> None:
    """Nothing explains what every candidate would: a comparison that agrees with everything finds nothing."""
    assert explanations(case(), {}, lambda answer, told: True) == ()


def test_an_answer_where_a_refusal_is_due_may_be_explained() -> None:
    """Half of the voting power is not more than half: a tool that takes it for a liquidation has an answer."""
    document = asking(
        "half the voting power",
        "liquidation",
        held(10, {"F": 10}),
        assets=5,
        event={"kind": "voting_power", "voting_power_disposed": "1/2"},
    )
    assert plain_answer(document) is None
    told = mistake("half-suffices").answer(document)
    assert told is not None
    assert ids(document, told)[-1] == "half-suffices"


def test_a_case_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Refusal):
        explanations({**case(), "readings": {"no_such": "x"}}, {}, same)


# Tools that lie


def told_by(name: str, *documents: Document) -> list[Document]:
    """Return a lying tool's replies."""
    asked = [{"case": "capabilities", "ask": {"question": "capabilities", "protocol": 1}}, *documents]
    lines = "".join(json.dumps(document) + "\n" for document in asked)
    done = subprocess.run(
        [sys.executable, LIARS_FOLDER / f"{name}.py"], input=lines, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert [reply["case"] for reply in replies] == [document["case"] for document in asked]
    return replies[1:]


@pytest.mark.parametrize("name", LIES)
def test_a_tool_that_makes_a_mistake_is_found_out(name: str) -> None:
    document = dict(mistake(LIES[name]).example)
    reply = told_by(name, document)[0]
    assert reply["status"] == "answered"
    assert LIES[name] in ids(document, reply["answer"])


WARRANTS = {"do": "issue_rights", "on": "2000-02-01", "rights": "w", "shares": 1_000_000, "exercise_price": "9"}
SALE = {"do": "issue", "on": "2000-03-01", "class": "common", "holder": "x", "shares": 1_000_000, "consideration": "2"}

TAKEN_OTHERWISE: dict[str, Document] = {
    "joint_caps": case(conversions="as_held"),
    "by_certificate": asking(
        "by certificate",
        "conversion",
        held(10, {"E": 10}, conversion_prices={"E": "3.50"}),
        holder="holder of E",
        shares={"E": 10},
    ),
    "options_in_base": asking(
        "with options",
        "conversion_prices",
        held(10_000_000, {"E": 3_000_000}, as_of="2000-01-01"),
        events=[WARRANTS, SALE],
    ),
}


@pytest.mark.parametrize("name", READINGS)
def test_a_tool_that_reads_otherwise_is_found_out(name: str) -> None:
    document = TAKEN_OTHERWISE[name]
    assert READINGS[name] in ids(document, told_by(name, document)[0]["answer"])


@pytest.mark.parametrize("name", HONEST)
def test_a_tool_that_answers_rightly_is_not(name: str) -> None:
    document = case()
    assert ids(document, told_by(name, document)[0]["answer"]) == []


def test_every_tool_is_listed() -> None:
    files = {file.stem for file in LIARS_FOLDER.glob("*.py")} - {"__init__", "tool", "lies"}
    assert files == {*LIARS, *HONEST}
    assert len(LIARS) >= 20
    assert len(LIARS) == len(LIES) + len(READINGS) + len(BROKEN)
