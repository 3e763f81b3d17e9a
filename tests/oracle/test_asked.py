"""Whatever is asked of the questions on rights and powers, an answer or a refusal comes out."""

from __future__ import annotations

import ast
import copy
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import reference
from reference.oracle.refusals import CODES
from tests.oracle.cases import ask
from tests.oracle.questions import Document, asked, held
from tests.oracle.test_fuzz import paths, put
from tests.strategies import examples

POSITION = held(
    ("ann", "A", 7),
    ("bob", "C", 2),
    ("eve", "E", 3),
    ("eve", "common", 11),
    as_of="1999-08-24",
    conversion_prices={"A": "2/3", "E": "5"},
    preferred_splits={"A": "2"},
)
EVENTS = [
    {"on": "1999-09-01", "do": "declare_dividend", "per_share": {"A": "0.1", "E": "0.4"}},
    {"on": "1999-09-02", "do": "convert", "holder": "eve", "shares": {"E": 1}},
]
ACT = {"kind": "change_authorized", "class": "A", "number": 9, "provisions": ["2(b)"], "adverse_to": ["E"]}
ASKED = [
    asked("votes", POSITION, in_favour=["ann"], class_votes=[["A", "C"]]),
    asked("directors", POSITION, directors=6),
    asked("approvals", POSITION, act=ACT, consents=["eve"], class_votes=True, coalitions=True),
    asked("dividend", POSITION, on="1999-10-01", declare={"A": "0.1", "common": "0.2"}, issued={"C": "1999-07-01"}),
    asked("dividend", POSITION, on="1999-10-01", total="30", fiscal_month=7, part_of_year="1/2"),
    asked("distribution", POSITION, units="100", payable="assets"),
    asked("reserve", POSITION, offering={"price": "4", "shares": 10}),
    asked("notice", POSITION, kind="distribution", record_date="1999-10-01", mailed="1999-09-01"),
]
WORDS = ["A", "G", "common", "preferred", "ann", "2(b)", "6", "amendment", "merger", "cash"]
DATES = ["0001-01-01", "1999-09-30", "9999-12-31"]
NUMBERS = [True, 0, 1, -1, 17, 1.5, 10**70, "", "1/3", "-2", "1/0"]
VALUES = st.sampled_from([*WORDS, *DATES, *NUMBERS, None, [], {}, ["A"], [[]], {"A": "1"}])
READINGS: list[dict[str, Any]] = [
    {},
    {"ad_as_converted": "only_if_elected", "half": "even"},
    {"votes": "per_share", "shift_test": "incl_C_seat", "vacant_seats": "vacant"},
    {"if_greater": "lfp_all", "if_greater_basis": "as_converted", "annualise": "yes", "include_if_greater": "yes"},
    {"year": "fiscal", "partial": "daily", "common_gate": "to_date", "shortpay_trigger": "aggregate"},
    {"year": "rolling12", "oip_adjusts_in_conversion": "no", "if_greater": "off", "e_floor": "economic"},
]


def test_every_code_of_the_engine_is_in_the_table() -> None:
    found = set()
    for file in Path(reference.__file__ or "").parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Forbidden":
                assert isinstance(node.args[0], ast.Constant), file
                found.add(node.args[0].value)
    assert found != set()
    assert found - set(CODES) == set()


def test_each_is_answered_as_it_stands() -> None:
    for document in ASKED:
        for events in ([], EVENTS):
            assert ask({**document, "events": events})["status"] == "answered"


@examples(400)
@given(st.data())
def test_mutated_questions_are_answered_or_refused(data: st.DataObject) -> None:
    document: Document = copy.deepcopy(data.draw(st.sampled_from(ASKED)))
    document["readings"] = data.draw(st.sampled_from(READINGS))
    document["events"] = data.draw(st.sampled_from([[], EVENTS]))
    for _ in range(data.draw(st.integers(1, 2))):
        inside = [("ask", *path) for path in paths(document["ask"]) if path != ("question",)]
        put(document, data.draw(st.sampled_from(inside)), copy.deepcopy(data.draw(VALUES)))
    reply = ask(document)
    assert reply["status"] == "answered" or reply["error"]["code"] != "internal_error", reply
