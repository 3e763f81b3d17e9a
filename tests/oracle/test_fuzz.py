"""Whatever comes in, one line of JSON of the published shape comes out."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.oracle.cases import ask, ask_text, case, charter_document
from tests.strategies import examples

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
AMOUNTS = st.sampled_from(["0", "1", "-1", "1/3", "4.15", "12345678.9", "1/0", "x", 0, 7, 10**70, 1.5, None])
SERIES = st.sampled_from(["A", "B", "C", "D", "E", "F", "G", "common"])
WORDS = st.sampled_from(["equilibrium", "as_held", "in_interest", "merger", "joint", "last", "double_dip", "forced"])
NAMES = st.sampled_from(
    ["assets", "noncash", "legally_available", "conversions", "elect", "event", "question", "kind", "holder", "shares"]
)
LIKELY = st.recursive(
    AMOUNTS | SERIES | WORDS | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SERIES | NAMES, inner, max_size=3),
    max_leaves=5,
)


def paths(value: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [before] if before else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += paths(inner, (*before, key))
    return found


def put(document: Any, path: tuple[Any, ...], value: Any) -> None:
    for part in path[:-1]:
        if not isinstance(document, (dict, list)):
            return
        document = document[part]
    if isinstance(document, dict) or (isinstance(document, list) and path[-1] < len(document)):
        document[path[-1]] = value


def mutated(document: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(document)))
        if data.draw(st.booleans()):
            path = (*path[:-1], data.draw(NAMES)) if isinstance(path[-1], str) else path
        put(document, path, data.draw(LIKELY | JUNK))
    return document


def seed(data: st.DataObject) -> dict[str, Any]:
    document = case(data.draw(st.sampled_from(["0", "30000000", "110000000", "200000000"])))
    document["position"] |= {
        "as_of": "1999-12-31",
        "conversion_prices": {"E": "2"},
        "unpaid_dividends": {"A": "0.2"},
        "undeclared_dividends": {"F": {"current_year": "1", "since_issue": "2"}},
        "issued_on": {"C": "1999-01-01"},
        "preferred_splits": {"E": "1"},
    }
    document["readings"] = {
        "cap_mode": data.draw(st.sampled_from(["individual", "joint", "first_stops_all"])),
        "ef_conversion": data.draw(st.sampled_from(["equilibrium", "none", "forced", "given", "double_dip"])),
    }
    document["ask"]["elect"] = data.draw(st.sampled_from([True, False, "in_interest"]))
    return document


@examples(250)
@given(st.data())
def test_mutated_cases_are_answered_or_refused(data: st.DataObject) -> None:
    reply = ask(mutated(seed(data), data))
    assert reply["status"] == "answered" or reply["error"]["code"] != "internal_error"


@examples(100)
@given(st.data())
def test_mutated_charters_are_answered_or_refused(data: st.DataObject) -> None:
    document = seed(data) | {"charter": mutated(charter_document(), data)}
    reply = ask(document)
    assert reply["status"] == "answered" or reply["error"]["code"] != "internal_error"


@examples(200)
@given(st.data())
def test_broken_text_is_answered_or_refused(data: st.DataObject) -> None:
    text = bytearray(json.dumps(case()).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=3))
    reply = ask_text(bytes(text))
    assert reply["status"] == "answered" or reply["error"]["code"] != "internal_error"


@examples(100)
@given(JUNK)
def test_junk_is_refused(document: Any) -> None:
    assert ask(document)["status"] == "refused"
