"""Cases from seeds against the closed forms, with and without a history, and some that once differed."""

from __future__ import annotations

from typing import Any

import pytest

from reference.oracle.questions import MODULES
from reference.oracle.seeded import drawn
from tests.outputs.compare import compared, differences

COMMON = {"holder": "cat", "class": "common", "shares": 2}
E_ONLY = [{"holder": "ann", "class": "E", "shares": 2}, COMMON]
LATER = [{"on": "1999-09-01", "do": "split", "class": "common", "ratio": 1}]


@pytest.mark.parametrize("question", MODULES)
def test_cases_from_a_seed(question: str) -> None:
    for number in range(25):
        for events in (False, True):
            assert differences(drawn(question, 41, number, events=events)) == []


@pytest.mark.parametrize("events", [[], LATER], ids=["no history", "a history"])
@pytest.mark.parametrize("question", ["breakpoints", "liquidation"])
@pytest.mark.parametrize(
    "position",
    [
        {"holdings": E_ONLY, "unpaid_dividends": {"F": 1}},
        {"holdings": [*E_ONLY, {"holder": "bob", "class": "F", "shares": 0}]},
    ],
    ids=["a dividend on no share", "a holder of no share"],
)
def test_what_belongs_to_no_share_is_nothing(question: str, position: dict[str, Any], events: list[Any]) -> None:
    document = {
        "case": "one",
        "charter": "quintus-1999",
        "position": {"as_of": "1999-08-24", **position},
        "events": events,
        "ask": {"question": question, **({"assets": 30} if question == "liquidation" else {})},
    }
    found = compared(document)
    assert found.differences == []
    assert found.values != {}
