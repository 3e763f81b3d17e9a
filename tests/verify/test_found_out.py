"""The command `verify` finds out every lying and every broken tool, names what explains it, and spares the honest."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reference.oracle.verify.mistakes import CATALOGUE, mistake
from tests.verify.liars import BROKEN, HONEST, LIES, READINGS
from tests.verify.test_diagnosis import TAKEN_OTHERWISE

FOLDER = Path(__file__).parent / "liars"
MAIN = "import sys; from reference.oracle.command import main; sys.exit(main())"

SOME = [dict(own.example) for own in (*CATALOGUE[:3], mistake("gate-ignored"))]

FAILS = {
    "answers_lists": "no_reply",
    "answers_twice": "another_case",
    "bad_utf8": "no_reply",
    "crashes": "ended",
    "cut_line": "cut_off",
    "eats_memory": "ended",
    "hangs": "timed_out",
    "huge_line": "line_too_long",
    "infinity": "no_reply",
    "late": "another_case",
    "logs": "no_reply",
    "not_a_number": "no_reply",
    "skips": "no_reason",
    "wrong_name": "another_case",
}
"""The tools that keep to no protocol, and the code of the failure."""

NOTHING_ASKED = "exits"
"""The tool that is gone before anything is asked."""


def found(name: str, documents: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the results of a run against a tool over some cases."""
    options = ["--cases", "-", "--shrink", "0", "--timeout", "4", "--json", "-"]
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "verify", *options, "--", sys.executable, str(FOLDER / f"{name}.py")],
        input="".join(json.dumps(document) + "\n" for document in documents),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    results: dict[str, Any] = json.loads(done.stdout)
    assert results["status"] == done.returncode
    return results


def named(results: dict[str, Any]) -> set[str]:
    """Return what the differences are explained by."""
    own = [part["explanation"] for part in results["differences"] if part["explanation"] is not None]
    return {part["id"] for part in own} | {part["id"] for own in results["differences"] for part in own["also"]}


@pytest.mark.parametrize("name", [*LIES, *READINGS])
def test_a_lying_tool_is_found_out_and_its_lie_named(name: str) -> None:
    own = dict(mistake(LIES[name]).example) if name in LIES else TAKEN_OTHERWISE[name]
    results = found(name, [own, *SOME])
    assert results["status"] == 1
    assert (LIES | READINGS)[name] in named(results)
    assert results["failures"] == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_tool_is_found_out_and_nothing_explains_it(name: str) -> None:
    results = found(name, SOME)
    assert results["status"] == 1
    assert named(results) == set()
    codes = {own["code"] for own in results["failures"]}
    assert codes == ({FAILS[name]} if name in FAILS else set())
    assert bool(results["differences"]) == (name not in FAILS and name != NOTHING_ASKED)


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_tool_passes(name: str) -> None:
    results = found(name, SOME)
    assert results["status"] == 0
    assert results["differences"] == results["failures"] == []
