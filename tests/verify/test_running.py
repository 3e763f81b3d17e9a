"""The command `verify`: results in every form, however the run ends, and never success without a comparison."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest

from reference.oracle.verify.results import Results

LIARS = Path(__file__).parent / "liars"
MAIN = "import sys; from reference.oracle.command import main; sys.exit(main())"
HONEST = str(LIARS / "honest.py")
CASE = {
    "case": "one",
    "charter": "quintus-1999",
    "position": {"holdings": [{"holder": "ann", "class": "F", "shares": 2}]},
    "ask": {"question": "liquidation", "assets": "30"},
}


def verify(*options: str, tool: str = HONEST, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", MAIN, "verify", *options, "--", sys.executable, tool],
        input=given,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def lines_of(*documents: Any) -> str:
    return "".join(json.dumps(document) + "\n" for document in documents)


# What it comes to


def test_a_right_tool() -> None:
    done = verify("--json", "-", "--count", "30", "--no-small")
    found = msgspec.json.decode(done.stdout, type=Results)
    assert done.returncode == found.status == 0
    assert found.total.asked == found.total.agrees == 30
    assert "30 cases asked: 30 agree" in done.stderr


def test_a_wrong_tool_in_every_form(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("found.json", "found.xml", "found.md")]
    options = [part for pair in zip(("--json", "--junit", "--markdown"), map(str, files), strict=True) for part in pair]
    done = verify(
        "--question", "liquidation", "--no-small", "--count", "150", *options, tool=str(LIARS / "tiers_ignored.py")
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "mistake tiers-ignored" in done.stderr
    found = msgspec.json.decode(files[0].read_bytes(), type=Results)
    assert found.differences[0].explanation is not None
    assert found.differences[0].explanation.id == "tiers-ignored"
    assert sum(group.cases for group in found.differences) == found.total.differs > 0
    suite = ElementTree.parse(files[1]).getroot()
    assert suite.get("failures") == str(len(found.differences))
    assert suite.get("tests") == str(len(suite.findall("testcase")))
    assert "tiers-ignored" in files[2].read_text()
    assert sorted(tmp_path.iterdir()) == sorted(files)


def test_the_command_that_reproduces_a_difference_does_so() -> None:
    done = verify("--json", "-", "--question", "votes", "--count", "0", tool=str(LIARS / "one_vote.py"))
    (group,) = json.loads(done.stdout)["differences"]
    assert group["shrunk"]
    command = group["reproduce"].replace("charterproof verify", f'{sys.executable} -c "{MAIN}" verify --json -')
    again = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert again.returncode == 1
    assert json.loads(again.stdout)["differences"][0]["differences"] == group["differences"]


def test_the_same_run_has_the_same_bytes() -> None:
    options = ("--json", "-", "--question", "dividend", "--no-small", "--count", "40", "--seed", "9")
    first, second = (verify(*options, tool=str(LIARS / "open_gate.py")) for _ in range(2))
    assert first.stdout == second.stdout
    other = verify(*options[:-1], "10", tool=str(LIARS / "open_gate.py"))
    assert json.loads(other.stdout)["total"]["asked"] == json.loads(first.stdout)["total"]["asked"]


def test_cases_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    refused = {**CASE, "case": "two", "ask": {"question": "liquidation", "assets": "x"}}
    file.write_text(lines_of(CASE, refused))
    done = verify("--cases", str(file), "--json", "-")
    assert done.returncode == 0
    assert json.loads(done.stdout)["total"]["agrees"] == 2
    file.write_text(json.dumps(CASE, indent=1))
    assert verify("--cases", str(file)).returncode == 0


def test_a_mode_that_lets_rounding_pass() -> None:
    options = ("--question", "liquidation", "--no-small", "--count", "60", "--json", "-")
    exact = verify(*options, tool=str(LIARS / "cents.py"))
    cent = verify(*options, "--compare", "cent", tool=str(LIARS / "cents.py"))
    assert (exact.returncode, cent.returncode) == (1, 0)
    found = json.loads(cent.stdout)
    assert found["agrees_by_tolerance"] == json.loads(exact.stdout)["total"]["differs"] > 0


def test_fail_fast_ends_at_the_first_finding() -> None:
    done = verify("--fail-fast", "--json", "-", "--count", "0", tool=str(LIARS / "always_zero.py"))
    found = json.loads(done.stdout)
    assert (done.returncode, found["stopped"]["code"]) == (1, "fail_fast")
    assert found["total"]["differs"] == 1


# Never success


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("", "empty_input"),
        ("\n\n", "empty_input"),
        ("{", "truncated"),
        (lines_of(CASE) + '{"case": ', "truncated"),
        (lines_of(CASE) + "nonsense\n", "invalid_json"),
        (lines_of({**CASE, "ask": {"question": "dance"}}), "unknown_question"),
        (lines_of({**CASE, "more": 1}), "unknown_field"),
    ],
)
def test_bad_cases(given: str, code: str) -> None:
    done = verify("--cases", "-", given=given)
    assert done.returncode == 2
    assert done.stderr.startswith(f"charterproof: {code}: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--compare", "cents"), "is no mode"),
        (("--question", "dance"), "dance is none"),
        (("--question", "votes", "--cases", "-"), "with --cases nothing else"),
        (("--timeout", "0"), "timeout"),
        (("--field", "by_owner.*"), "no field of an answer is like by_owner.*"),
        (("--count", "-1"), "count"),
        (("--json", "/no/such/place/x"), "no directory"),
        (("--cases", "/no/such/file"), "cannot be read"),
        (("--json", "-", "--markdown", "-"), "Only one form"),
    ],
)
def test_bad_options(options: tuple[str, ...], says: str) -> None:
    done = verify(*options)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_no_tool_and_no_such_tool() -> None:
    for command in ([], ["--", "./no-such-tool"]):
        done = subprocess.run(
            [sys.executable, "-c", MAIN, "verify", *command], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_nothing_compared_is_no_success() -> None:
    for tool in (HONEST, str(LIARS.parents[2] / "examples" / "adapters" / "adapter.py")):
        done = verify("--question", "votes", "--no-small", "--count", "0", tool=tool)
        assert done.returncode == 2
        assert "No case was compared" in done.stderr


def test_results_that_cannot_be_written_leave_nothing(tmp_path: Path) -> None:
    target = tmp_path / "found"
    target.mkdir()
    done = verify("--question", "votes", "--count", "0", "--json", str(target))
    assert done.returncode == 2
    assert "output_not_written" in done.stderr
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_shows_what_there_is(tmp_path: Path, number: signal.Signals) -> None:
    file = tmp_path / "found.json"
    command = [sys.executable, "-c", MAIN, "verify", "--no-small", "--count", "1000000", "--json", str(file)]
    # A shell that begins something in the background has it ignore an interruption, and so all that it begins.
    process = subprocess.Popen(
        [*command, "--", sys.executable, HONEST],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    time.sleep(6)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "The run was interrupted" in said
    found = msgspec.json.decode(file.read_bytes(), type=Results)
    assert found.interrupted
    assert found.total.agrees == found.total.asked > 0
