"""Readings that would change the answer to a case."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reference.oracle.alternatives import alternatives
from reference.oracle.command import main
from reference.oracle.refusals import Refusal
from tests.oracle.cases import ask, case


def found(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the changes by reading and option."""
    return {(c["reading"], c["option"]): c for c in alternatives(document)["would_change"]}


def test_the_cap_modes_change_the_example_of_the_caps() -> None:
    changes = found(case(conversions="as_held"))
    joint = {c["field"]: c for c in changes["cap_mode", "joint"]["changes"]}
    assert joint["by_class.F.per_share"]["from"] == "99/8"
    assert round(Fraction(joint["by_class.F.per_share"]["to"]), 4) == Fraction("12.7268")
    assert ("cap_mode", "individual") not in changes
    assert ("cash_rank", "last") not in changes


def test_what_is_said_to_change_is_what_that_reading_answers() -> None:
    document = case("150000000", conversions="as_held")
    for change in alternatives(document)["would_change"]:
        other = ask({**document, "readings": {change["reading"]: change["option"]}})
        if "refused" in change:
            assert other["error"]["code"] == change["refused"]["code"]
        else:
            assert json.dumps(other["answer"]) != json.dumps(ask(document)["answer"])


def test_a_case_that_cannot_be_answered_is_refused() -> None:
    with pytest.raises(Refusal, match="negative"):
        alternatives(case("-1"))


def test_the_command_prints_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case(conversions="as_held")))
    assert main(["readings", str(file)]) == 0
    assert "cap_mode = joint  (AMB-19)" in capsys.readouterr().out
    assert main(["readings", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["case"] == "one"
    assert main(["readings", str(tmp_path / "missing.json")]) == 2
    file.write_text(json.dumps(case("0", common=0)))
    assert main(["readings", str(file)]) == 0


def test_a_carried_adjustment_is_a_history_without_events() -> None:
    """AMB-59: made three years on, it is rounded as a reading says, so that reading is told."""
    document = case()
    document["position"] |= {"as_of": "1999-08-24", "carried": [{"series": "A", "on": "1999-08-01", "amount": "0.004"}]}
    document["ask"] = {"question": "position", "on": "2003-01-01"}
    assert ("cp_round", "cent") in {(c["reading"], c["option"]) for c in alternatives(document)["would_change"]}
