"""The command: what it prints, where, and its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import types
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from proofs.executors import local
from proofs.results import Obligation, Result, Run, Scope, Theorem, Verdict
from reference.oracle.command import is_plain_answer, main
from reference.readings import REGISTER
from tests.oracle.cases import case

HEAVY = ("sympy", "z3", "jinja2", "matplotlib", "rich", "click")


def process(*arguments: str, text: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    code = "import sys; from reference.oracle.command import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        input=text,
        capture_output=True,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case(), indent=2))
    return path


# In a process of its own.


def test_a_case_in_a_file_is_answered(case_file: Path) -> None:
    done = process("answer", str(case_file))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 1
    assert json.loads(done.stdout)["status"] == "answered"


@pytest.mark.parametrize("arguments", [("answer",), ("answer", "-"), ("answer", "--", "-")])
def test_standard_input_is_answered_the_same_on_either_way(arguments: tuple[str, ...], case_file: Path) -> None:
    done = process(*arguments, text=case_file.read_bytes())
    assert done.returncode == 0
    assert done.stdout == process("answer", str(case_file)).stdout


def test_a_refusal_anywhere_is_exit_status_2() -> None:
    good = json.dumps(case()).encode()
    done = process("answer", text=good + b"\nnonsense\n" + good + b"\n")
    assert done.returncode == 2
    assert [json.loads(line)["status"] for line in done.stdout.splitlines()] == ["answered", "refused", "answered"]


def test_a_pipe_that_closes_early_is_no_failure() -> None:
    good = json.dumps(case()).encode() + b"\n"
    code = "import sys; from reference.oracle.command import main; sys.exit(main())"
    with subprocess.Popen(
        [sys.executable, "-c", code, "answer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdin.write(good)
        running.stdin.flush()
        assert running.stdout.readline()
        running.stdout.close()
        running.stdin.write(good * 3)
        running.stdin.close()
        assert running.stderr.read() == b""
        assert running.wait(60) == 0


def test_a_listing_cut_off_by_its_reader_is_no_failure() -> None:
    code = "import sys; from reference.oracle.command import main; sys.exit(main())"
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", code, "readings"], stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_short_way_loads_no_library_that_it_does_not_need(case_file: Path) -> None:
    code = f"""
import sys
from reference.oracle import command, startup
startup.leave = lambda status: None
command.main()
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""
    command = [sys.executable, "-c", code, "answer", str(case_file)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.stdout
    assert done.stderr == b"[]\n"


def test_other_commands_do_not_load_the_solvers() -> None:
    code = (
        "import sys; from reference.oracle.command import main; main(sys.argv[1:])\n"
        "print([n for n in ('sympy', 'z3', 'matplotlib') if n in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, "readings"], capture_output=True, timeout=60, check=False)
    assert done.stderr == b"[]\n"


def test_a_defect_is_one_sentence_and_its_traceback_only_on_demand() -> None:
    code = (
        "import sys; import reference.oracle.streams as s; from reference.oracle.command import main\n"
        "s.answer_file = lambda *given: 1 / 0\n"
        "sys.exit(main())"
    )
    command = [sys.executable, "-c", code, "answer"]
    quiet = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert quiet.returncode == 2
    assert quiet.stderr.count(b"\n") == 1
    assert quiet.stderr.startswith(b"charterproof: internal_error: ")
    loud = subprocess.run(
        command, capture_output=True, env={**os.environ, "CHARTERPROOF_DEBUG": "1"}, timeout=60, check=False
    )
    assert b"Traceback" in loud.stderr


# In this process.


@pytest.mark.parametrize(
    ("arguments", "plain"),
    [
        (["answer"], True),
        (["answer", "-"], True),
        (["answer", "case.json"], True),
        (["answer", "--help"], False),
        (["answer", "-h"], False),
        (["answer", "--", "case.json"], False),
        (["answer", "a", "b"], False),
        (["readings"], False),
        ([], False),
    ],
)
def test_which_commands_take_the_short_way(arguments: list[str], plain: bool) -> None:
    assert is_plain_answer(arguments) is plain


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (tmp_path / "none.json", tmp_path):
        assert main(["answer", str(name)]) == 2
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "unreadable_file"


@pytest.mark.parametrize(
    "arguments",
    [
        ["zz"],
        ["--zz"],
        ["answer", "a", "b"],
        ["schema"],
        ["schema", "zz"],
        ["formula", "zz"],
        ["formula"],
        ["formula", "liquidation", "--charter", "zz"],
        ["readings", "zz"],
        ["report"],
        ["prove", "--charter", "zz"],
    ],
)
def test_wrong_usage_is_exit_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err
    assert "Traceback" not in printed.err


@pytest.mark.parametrize("command", ["answer", "readings", "schema", "formula", "prove", "report"])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert "Usage: charterproof" in capsys.readouterr().out
    assert main(["--help"]) == 0
    assert command in capsys.readouterr().out


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("charterproof ")


def test_the_readings_are_listed_as_text_and_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["readings"]) == 0
    text = capsys.readouterr().out
    assert main(["readings", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)["readings"]
    assert [entry["name"] for entry in data] == [entry.field for entry in REGISTER]
    for entry in data:
        assert f"{entry['name']}  ({entry['clause']}, {entry['ambiguity']})" in text
        assert f"* {entry['default']}: " in text
        assert entry["default"] in [option["option"] for option in entry["options"]]


def test_the_readings_are_a_table_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "160")
    assert main(["readings"]) == 0
    assert "cap_mode" in capsys.readouterr().out


def test_the_formulas_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formula", "liquidation"]) == 0
    plain = capsys.readouterr().out
    assert main(["formula", "liquidation", "--latex"]) == 0
    assert plain.strip()
    assert capsys.readouterr().out != plain


# Proving, with a stand-in for the proofs themselves.


def theorem(name: str, verdict: Verdict, expected: Verdict = Verdict.PROVED) -> Result:
    about = Theorem(
        name, ("TH-1",), f"The statement of {name}.", ("2(a)",), ("assets are not negative",), Scope.CODE, expected
    )
    return Result(
        about, verdict, paths=3, obligations=(Obligation("all", "unsat", 5, "(check-sat)"),), witness={"W": "1"}
    )


@pytest.fixture
def proofs_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Replace the proof run by one with the given results; return the list of its calls."""

    def replace_by(*results: Result) -> list[Any]:
        calls: list[Any] = []

        def prove(charter: Any, only: str | None, progress: Callable[[str, int, int], None], *means: Any) -> Run:
            calls.append((charter.name, only, *means))
            progress("liquidation.first", 1, 2)
            return Run(charter.name, results, (), {"z3": "0"})

        module = types.ModuleType("proofs.run")
        module.__dict__["prove"] = prove
        monkeypatch.setitem(sys.modules, "proofs.run", module)
        return calls

    return replace_by


GOOD = theorem("liquidation.good", Verdict.PROVED)
WRONG = theorem("liquidation.wrong", Verdict.REFUTED)
OPEN = theorem("liquidation.open", Verdict.UNKNOWN)
EMPTY = theorem("liquidation.empty", Verdict.VACUOUS)
BROKEN = theorem("liquidation.broken", Verdict.ERROR)


@pytest.mark.parametrize(
    ("results", "status"),
    [
        ((GOOD,), 0),
        ((GOOD, WRONG), 1),
        ((GOOD, OPEN), 3),
        ((WRONG, OPEN), 1),
        ((GOOD, EMPTY), 1),
        ((GOOD, BROKEN), 1),
        ((BROKEN, OPEN), 1),
        ((), 2),
    ],
)
def test_the_exit_status_of_proving(
    results: tuple[Result, ...], status: int, proofs_of: Callable[..., list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    proofs_of(*results)
    assert main(["prove"]) == status
    assert capsys.readouterr().err


def test_proving_prints_a_line_per_theorem(
    proofs_of: Callable[..., list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    calls = proofs_of(GOOD, WRONG)
    assert main(["prove", "--only", "liquidation.*", "--fail-fast"]) == 1
    assert calls == [("quintus-1999", "liquidation.*", True, local, None, False)]
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["verdict", "PROVED", "REFUTED"]
    assert "The statement of liquidation.good." in lines[1]
    assert "(!)" in lines[2]


@pytest.mark.parametrize("command", [["prove"], ["report", "--out", "report"]])
def test_how_theorems_are_proved_is_passed_on(
    command: list[str],
    proofs_of: Callable[..., list[Any]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    calls = proofs_of(GOOD)
    monkeypatch.setattr("proofs.report.write", lambda run, directory, charter: None)
    monkeypatch.setenv("CHARTERPROOF_CACHE", str(tmp_path / "usual"))
    given = ["--cache", str(tmp_path / "other")]
    for options in ([], given, ["--no-cache"], [*given, "--no-cache"], ["--second-solver", "cvc5"]):
        assert main([*command, *options]) == 0
    assert main([*command, "--scheduler", "tcp://nobody:1"]) == 0
    kept = [None if call[4] is None else call[4].directory.name for call in calls]
    assert kept == ["usual", "other", None, None, "usual", "usual"]
    assert [call[5] for call in calls] == [False] * 4 + [True, False]
    assert [call[3] for call in calls[:5]] == [local] * 5
    assert calls[5][3].args == ("tcp://nobody:1",)
    monkeypatch.delenv("CHARTERPROOF_CACHE")
    assert main(command) == 0
    assert calls[6][4] is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [["--cache", __file__], ["--second-solver", "nobody"], ["--scheduler"]])
def test_wrong_means_are_wrong_usage(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", *wrong]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_nothing_to_prove_is_one_sentence_with_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "--only", "nothing*"]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "charterproof: no_such_theorem: No theorem has an id like 'nothing*'.\n")


def test_an_output_that_is_full_is_one_sentence(tmp_path: Path) -> None:
    code = "import sys; from reference.oracle.command import main; sys.exit(main())"
    for arguments in (["prove", "--no-cache", "--only", "liquidation.caps*"], ["readings"], ["schema", "case"]):
        with open("/dev/full", "wb") as full:
            command = [sys.executable, "-c", code, *arguments]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=100, check=False)
        assert done.returncode == 2
        assert done.stderr.decode().splitlines()[-1] == (
            "charterproof: output_not_written: The output cannot be written: No space left on device."
        )
        assert b"Traceback" not in done.stderr


def test_what_there_is_to_say_of_a_surprise_is_said(
    proofs_of: Callable[..., list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    proofs_of(replace(GOOD, detail="beside the point"), replace(BROKEN, detail="the process was killed"))
    assert main(["prove"]) == 1
    told, sentence = capsys.readouterr().err.splitlines()
    assert told == "liquidation.broken: the process was killed."
    assert sentence.startswith("Not everything came out as expected")


def test_proving_prints_data(proofs_of: Callable[..., list[Any]], capsys: pytest.CaptureFixture[str]) -> None:
    proofs_of(GOOD)
    assert main(["prove", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["theorems"]
    assert (found["id"], found["verdict"], found["expected"], found["paths"]) == (
        "liquidation.good",
        "PROVED",
        "PROVED",
        3,
    )


def test_a_report_is_written(
    proofs_of: Callable[..., list[Any]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    proofs_of(GOOD, WRONG)
    written: list[Any] = []
    monkeypatch.setattr(
        "proofs.report.write", lambda run, directory, charter: written.append((directory, charter.name))
    )
    assert main(["report", "--out", str(tmp_path / "report")]) == 1
    assert written == [(tmp_path / "report", "quintus-1999")]
    assert capsys.readouterr().out == ""


def test_a_directory_of_something_else_is_not_replaced_by_a_report(
    proofs_of: Callable[..., list[Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proofs_of(replace(GOOD, obligations=()))
    (tmp_path / "thesis.txt").write_text("Years of work.")
    assert main(["report", "--out", str(tmp_path)]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert capsys.readouterr().err
