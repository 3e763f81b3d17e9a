"""A whole run: what is chosen, and in what order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from proofs import run
from proofs.executors import local
from proofs.report.data import ALL_CLEAR, Outcome, summary
from proofs.results import Findings, Result, Scope, Verdict
from proofs.study import run_study
from reference.charter import Charter
from reference.oracle import proving
from tests.proofs.places import Here
from tests.proofs.toys import answers

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
QUICK = "liquidation.caps*"
TWO_STUDIES = "liquidation.[bd]*"
"""A pattern that quick theorems of two studies fit."""


def test_theorems_are_stated_in_full(quintus: Charter) -> None:
    found = run.theorems(quintus)
    ids = [theorem.id for theorem in found]
    assert len(ids) == len(set(ids))
    sections = {theorem.section for theorem in found}
    assert {"liquidation", "equilibrium"} <= sections
    assert [section for section in sections if not (ROOT / "reference" / f"{section}.py").exists()] == []
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


def test_one_process_at_a_time_gives_what_two_give(quintus: Charter) -> None:
    one, two = (run.prove(quintus, TWO_STUDIES, place=partial(local, workers)) for workers in (1, 2))
    assert one == two
    assert {"liquidation.breakpoints_equivalence", "liquidation.deemed_liquidation"} <= {
        r.theorem.id for r in one.results
    }


def broken(charter: Charter, index: int, ids: Sequence[str]) -> Findings:
    """Return findings of which none is as expected."""
    checks = [c for c in run.studies(charter)[index].checks if c.theorem.id in ids]
    return Findings(tuple(Result(c.theorem, Verdict.ERROR, 0, ()) for c in checks), ())


def test_a_run_stops_at_the_first_surprise(quintus: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    all_studies = run.studies(quintus)
    monkeypatch.setattr(run, "studies", lambda charter: all_studies)
    monkeypatch.setattr(Here, "findings", staticmethod(lambda task: broken(task.charter, task.index, task.ids)))
    place = Here()
    everything = run.prove(quintus, place=place)
    asked = [task.index for task in place.tasks]
    assert sorted(asked) == list(range(len(all_studies)))
    assert [all_studies[index].weight for index in asked] == sorted((s.weight for s in all_studies), reverse=True)
    assert len(everything.results) == len(run.theorems(quintus))
    stopped = run.prove(quintus, place=Here(), fail_fast=True)
    found = {r.theorem.id for r in stopped.results}
    assert found in [{c.theorem.id for c in study.checks} for study in all_studies]


def test_a_task_that_answers_something_else_ends_in_errors(quintus: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing, other = Findings((), ()), broken(quintus, 0, ["liquidation.totality"])
    for found in (nothing, other, replace(other, results=other.results * 2)):
        monkeypatch.setattr(Here, "findings", staticmethod(lambda task, found=found: found))
        results = run.prove(quintus, QUICK, place=Here()).results
        assert [(r.verdict, r.detail) for r in results] == [
            (Verdict.ERROR, "the process that checked it answered something else")
        ] * 2


def test_a_process_of_other_sources_ends_in_errors(quintus: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "state", lambda: "the sources as they were")
    results = run.prove(quintus, QUICK).results
    assert [(r.verdict, r.detail) for r in results] == [(Verdict.ERROR, run.CHANGED)] * 2


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


def test_a_study_made_alone_is_the_one_at_its_place(quintus: Charter) -> None:
    found = list(run.placed(quintus))
    for section, place, study in (found[0], found[6], found[-1]):
        alone = run.study_at(quintus, section, place)
        assert alone.name == study.name
        assert [c.theorem for c in alone.checks] == [c.theorem for c in study.checks]
