"""Processes that answer the questions of a theorem ahead: they save time, and change nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import z3

from proofs import evidence
from proofs.cache import ANSWERS, Cache
from proofs.evidence import HELPERS, Asked, Excluded, answered_ahead
from proofs.run import placed
from proofs.solver import ATTEMPTS, BUDGET, script
from proofs.wire import Task
from proofs.worker import run_task
from reference.oracle.charters import load

QUINTUS = load("quintus-1999")
X = z3.Real("X")


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """Leave no place for answers, and no help, to other tests."""
    yield
    ANSWERS.set(None)
    HELPERS.set(1)


def questions(count: int) -> list[Asked]:
    """Return obligations that differ: that a number above one is not below zero."""
    return [
        Asked(f"path-{n}", script("t", [z3.Real("X") >= n + 1], [[z3.Not(X >= 0)]]), BUDGET, ATTEMPTS)
        for n in range(count)
    ]


def test_answers_are_kept_where_they_are_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object) -> Excluded:
        raise AssertionError("it was answered ahead")

    asked = questions(10)
    ANSWERS.set(Cache(tmp_path))
    HELPERS.set(2)
    answered_ahead(asked)
    monkeypatch.setattr(evidence, "_exclude", refuse)
    assert {own.answer().status for own in asked} == {"unsat"}


@pytest.mark.parametrize(("count", "helpers", "kept"), [(3, 2, True), (10, 1, True), (10, 2, False)])
def test_no_process_is_begun_for_little(
    count: int, helpers: int, kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> int:
        raise AssertionError("a process was begun")

    monkeypatch.setattr(os, "fork", refuse)
    ANSWERS.set(Cache(tmp_path) if kept else None)
    HELPERS.set(helpers)
    answered_ahead(questions(count))


def test_a_process_that_breaks_off_costs_nothing_but_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()
    usual = Asked.answer

    def breaks(asked: Asked) -> Excluded:
        if os.getpid() != here:
            os.kill(os.getpid(), 9)
        return usual(asked)

    monkeypatch.setattr(Asked, "answer", breaks)
    asked = questions(10)
    ANSWERS.set(Cache(tmp_path))
    HELPERS.set(2)
    answered_ahead(asked)
    assert {own.answer().status for own in asked} == {"unsat"}


def test_findings_are_the_same_with_help_and_without() -> None:
    index, (section, place, study) = next(
        (n, own) for n, own in enumerate(placed(QUINTUS)) if own[2].name == "authorised stock"
    )
    ids = tuple(check.theorem.id for check in study.checks)
    alone = run_task(Task(QUINTUS, index, section, place, ids))
    helped = run_task(Task(QUINTUS, index, section, place, ids, helpers=2))
    assert helped == alone
