"""A whole run: what is chosen, in what order, and what becomes of a process that dies."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from proofs import run
from proofs.report.data import ALL_CLEAR, Outcome, concerns, summary
from proofs.results import Scope, Verdict
from proofs.study import run_study
from reference.charter import Charter
from reference.oracle import proving
from tests.proofs.toys import answers, dying_task

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
QUICK = "liquidation.caps*"
TWO_STUDIES = "liquidation.[bd]*"
"""A pattern that quick theorems of two studies fit."""


def test_theorems_are_stated_in_full(quintus: Charter) -> None:
    found = run.theorems(quintus)
    ids = [theorem.id for theorem in found]
    assert len(ids) == len(set(ids))
    assert {theorem.section for theorem in found} == {"liquidation", "equilibrium"}
    for theorem in found:
        assert theorem.statement.endswith("."), theorem.id
        assert theorem.expected in (Verdict.PROVED, Verdict.REFUTED), theorem.id
        assert theorem.clauses or theorem.scope is Scope.ARITHMETIC, theorem.id
        assert set(theorem.rests_on) <= set(ids), theorem.id


def test_a_pattern_that_nothing_fits_gives_no_results(quintus: Charter) -> None:
    found = run.prove(quintus, "liquidation.no_such_theorem")
    assert (found.results, found.explorations) == ((), ())
    assert summary(found).outcome is not Outcome.AS_EXPECTED


def test_the_readme_tells_what_is_proved(quintus: Charter) -> None:
    expected = {theorem.id: theorem.expected.value for theorem in run.theorems(quintus)}
    listed = dict(re.findall(r"^\| `(\w+\.\w+)` \| (\w+) \|", README, re.MULTILINE))
    assert len(listed) > 20
    assert {name: expected.get(name) for name in listed} == listed


def test_a_pattern_chooses_theorems_in_their_order(quintus: Charter, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    found = run.prove(quintus, QUICK, progress=lambda theorem, done, total: told.append((theorem, done, total)))
    names = ["liquidation.caps_respected", "liquidation.caps_respected_with_any_dividends"]
    assert [r.theorem.id for r in found.results] == names
    assert [r.verdict for r in found.results] == [Verdict.PROVED, Verdict.REFUTED]
    assert told == [(names[-1], 2, 2)]
    assert [e.function for e in found.explorations] == ["liquidation, given conversions: no conversions"]
    assert summary(found).outcome is Outcome.AS_EXPECTED
    assert (found.charter, set(found.versions)) == ("quintus-1999", {"python", "z3", "sympy", "budget"})
    # The README shows this very table.
    proving.show_table(found)
    printed = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert "\n".join(["```", *printed, ALL_CLEAR, "```"]) in README
    # The evidence on record is asked again, as text.
    (proved, _) = found.results
    assert len(proved.obligations) == proved.paths
    for obligation in proved.obligations:
        assert set(answers(obligation.smt2)) == {"unsat"}, obligation.name


def test_the_same_command_gives_the_same_bytes() -> None:
    program = "import sys; from reference.oracle.command import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "prove", "--json", "--only", QUICK]
    printed = [
        subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True)
        for seed in ("1", "2")
    ]
    assert printed[0].stdout == printed[1].stdout != b""


def test_processes_apart_give_what_one_gives(quintus: Charter) -> None:
    ids = ["liquidation.breakpoints_at_full_issuance", "liquidation.deemed_liquidation"]
    named = [[c.theorem.id for c in study.checks if c.theorem.id in ids] for study in run.studies(quintus)]
    tasks = [(index, found) for index, found in enumerate(named) if found]
    assert len(tasks) == 2
    apart, together = (sorted(run._outcomes(quintus, tasks, False, workers)) for workers in (2, 1))
    for (index, (results, explorations)), (other, (same, as_well)) in zip(apart, together, strict=True):
        assert (index, results) == (other, same)
        assert [(e.function, e.paths, e.pruned) for e in explorations] == [
            (e.function, e.paths, e.pruned) for e in as_well
        ]
    assert [r.theorem.id for _, (results, _) in apart for r in results] == ids


def test_a_process_that_dies_ends_in_errors(quintus: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "run_task", dying_task)
    found = run.prove(quintus, TWO_STUDIES, workers=2)
    assert len(found.results) >= 2
    assert all(r.verdict is Verdict.ERROR and "killed" in r.detail and not r.as_expected for r in found.results)
    assert summary(found).outcome is Outcome.UNEXPECTED
    assert {c.theorem for c in concerns(found)} == {r.theorem.id for r in found.results}


def test_a_run_stops_at_the_first_surprise(quintus: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def surprised(charter: Charter, index: int, ids: list[str], fail_fast: bool) -> run.Outcome:
        asked.append(index)
        return run._failed(charter, index, ids), []

    all_studies = run.studies(quintus)
    monkeypatch.setattr(run, "studies", lambda charter: all_studies)
    monkeypatch.setattr(run, "run_task", surprised)
    everything = run.prove(quintus, workers=1)
    assert sorted(asked) == list(range(len(all_studies)))
    assert [all_studies[index].weight for index in asked] == sorted((s.weight for s in all_studies), reverse=True)
    assert len(everything.results) == len(run.theorems(quintus))
    first = asked[0]
    asked.clear()
    stopped = run.prove(quintus, workers=1, fail_fast=True)
    assert (asked, len(stopped.results)) == ([first], len(all_studies[first].checks))


def test_each_study_has_what_its_checks_speak_of(quintus: Charter) -> None:
    for study in run.studies(quintus):
        labels = {subject.label for subject in study.subjects}
        assert len(labels) == len(study.subjects), study.name
        for check in study.checks:
            wanted = getattr(check, "labels", ()) or ((check.label,) if hasattr(check, "label") else ())
            assert set(wanted) <= labels, check.theorem.id
            for near in getattr(check, "neighbours", ()):
                assert set(getattr(near, "labels", None) or ()) <= labels, check.theorem.id


def test_no_theorem_is_checked_where_none_is_wanted(quintus: Charter) -> None:
    results, explorations = run_study(run.studies(quintus)[0], [])
    assert results == []
    assert explorations == []


def test_what_is_printed_does_not_depend_on_the_order_of_sets() -> None:
    code = "import sys; from reference.oracle.command import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "prove", "--json", "--only", "liquidation.f_caps_before_e_at_any_ratio"]
    texts = []
    for seed in ("1", "2"):
        kept = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(command, env=kept, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        texts.append(done.stdout)
    assert texts[0] == texts[1]
