"""The examples of the README are what the command prints."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from reference.oracle import register
from reference.oracle.event_documents import EVENTS
from reference.oracle.questions import MODULES, PLANNED
from tests.oracle.cases import ask, changed

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", README, re.DOTALL)]
CASE, ANSWER, STEP, REFUSAL, HISTORY = BLOCKS


def test_the_answer_is_the_one_shown() -> None:
    reply = ask(CASE)
    assert {name: reply[name] for name in ANSWER} == ANSWER
    assert json.dumps(reply["answer"]) == json.dumps(ANSWER["answer"])
    assert STEP in reply["because"]
    assert any("would gain" in note for note in reply["notes"])


def test_the_history_does_what_is_said() -> None:
    paid = ask(HISTORY)["answer"]["by_class"]
    assert [name for name, amounts in paid.items() if amounts["per_share"] is not None] == ["common"]
    owed = ask({**HISTORY, "ask": {"question": "cash_amounts"}})["answer"]
    assert owed["unpaid"] == "18739020"


def test_the_words_for_events_and_questions_are_all_named() -> None:
    assert [word for word in EVENTS if f"`{word}`" not in README] == []
    assert [word for word in (*MODULES, *PLANNED) if f"`{word}`" not in README] == []
    assert not PLANNED


def test_the_refusal_is_the_one_shown() -> None:
    shown: dict[str, Any] = dict(REFUSAL)
    shown["error"] = {name: value for name, value in REFUSAL["error"].items() if name != "line"}
    assert ask(changed(CASE, "ask.assets", 1.5)) == shown


def test_the_reading_is_the_one_shown() -> None:
    (shown,) = re.findall(r"```\n(cash_rank.*?)```", README, re.DOTALL)
    assert shown in register.as_text() + "\n"


def test_the_test_command_is_the_one_that_ci_runs() -> None:
    (command,) = (line for line in README.splitlines() if line.endswith("-m pytest"))
    # Within `a && b` a failure does not end the script by itself.
    assert f"{command} || exit 1" in (ROOT / ".ci" / "run").read_text().splitlines()
