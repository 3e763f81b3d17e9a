"""What a report says of a run, before it is shown."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from proofs.report import document
from proofs.report.data import ALL_CLEAR, Outcome, caveats, concerns, outcome, reasons, summary, unique_names
from proofs.results import Obligation, Result, Run, Second, Twin, Verdict
from tests.report import sample

UNDECIDED_TWIN = replace(sample.SAME, twins=(Twin("the caps are ignored", Verdict.UNKNOWN),))
PASSING_TWIN = replace(sample.SAME, twins=(Twin("the caps are ignored", Verdict.PROVED),))
CONTRADICTED = replace(sample.SAME, obligations=(*sample.obligations(2), Obligation("path-03", "sat", 1, "x")))
BROKEN = replace(sample.SAME, verdict=Verdict.ERROR, theorem=replace(sample.SAME.theorem, expected=Verdict.ERROR))
UNKNOWN_AS_EXPECTED = replace(
    sample.ELECTION, theorem=replace(sample.ELECTION.theorem, expected=Verdict.UNKNOWN), obligations=()
)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (sample.CAPS, Outcome.AS_EXPECTED),
        (sample.SENIORITY, Outcome.AS_EXPECTED),
        (sample.ELECTION, Outcome.UNDECIDED),
        (UNKNOWN_AS_EXPECTED, Outcome.UNDECIDED),
        (UNDECIDED_TWIN, Outcome.UNDECIDED),
        (sample.NOTHING, Outcome.UNEXPECTED),
        (PASSING_TWIN, Outcome.UNEXPECTED),
        (CONTRADICTED, Outcome.UNEXPECTED),
        (BROKEN, Outcome.UNEXPECTED),
    ],
)
def test_outcome_of_one_theorem(result: Result, expected: Outcome) -> None:
    assert outcome(result) is expected
    assert bool(reasons(result)) is (expected is not Outcome.AS_EXPECTED)


def test_a_clean_run_says_so() -> None:
    found = summary(sample.clean())
    assert found.outcome is Outcome.AS_EXPECTED
    assert found.sentence == ALL_CLEAR
    assert concerns(sample.clean()) == ()


@pytest.mark.parametrize(
    "spoiler",
    [sample.ELECTION, sample.NOTHING, UNKNOWN_AS_EXPECTED, UNDECIDED_TWIN, PASSING_TWIN, CONTRADICTED, BROKEN],
)
def test_one_bad_theorem_spoils_the_run(spoiler: Result) -> None:
    found = summary(sample.run(sample.CAPS, sample.SENIORITY, spoiler))
    assert found.outcome is not Outcome.AS_EXPECTED
    assert ALL_CLEAR not in found.sentence


def test_an_undecided_branch_spoils_the_run() -> None:
    open_branch = replace(sample.EXPLORATIONS[0], undecided=1)
    found = summary(sample.run(sample.SAME, explorations=(open_branch,)))
    assert found.outcome is Outcome.UNDECIDED
    assert ALL_CLEAR not in found.sentence


def test_resting_on_something_unproved_spoils_the_run() -> None:
    leaning = replace(sample.SAME, theorem=replace(sample.SAME.theorem, rests_on=(sample.SENIORITY.theorem.id,)))
    assert summary(sample.run(sample.SENIORITY, leaning)).outcome is Outcome.UNDECIDED


def test_an_empty_run_is_never_clean() -> None:
    assert summary(sample.run()).outcome is Outcome.UNDECIDED


def test_counts() -> None:
    found = summary(sample.mixed())
    assert found.verdicts == {"PROVED": 2, "REFUTED": 2, "VACUOUS": 1, "UNKNOWN": 1, "ERROR": 0}
    assert (found.as_expected, found.undecided, found.not_as_expected) == (4, 1, 1)
    assert found.refuted_as_expected == 2
    assert found.obligations == 10 + 12 + 1 + 1 + 3


def test_caveats_name_what_is_missing() -> None:
    unbacked = replace(sample.SAME, obligations=())
    unshown = replace(sample.SENIORITY, counterexample=None)
    sentences = [c.sentence for c in caveats(sample.run(sample.CAPS, unbacked, unshown))]
    assert sentences == [
        "It rests on liquidation.not_in_this_run, which is not part of this run.",
        "It is called PROVED without an obligation on record.",
        "It is called REFUTED without a counterexample on record.",
    ]


@pytest.mark.parametrize("run", [sample.clean(), sample.mixed(), sample.run()])
def test_document_survives_json(run: Run) -> None:
    found = document(run)
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_document_holds_every_field_of_a_theorem() -> None:
    theorems = document(sample.mixed())["theorems"]
    assert isinstance(theorems, list)
    caps = theorems[0]
    assert caps["id"] == "liquidation.caps_respected"
    assert caps["as_expected"] is True
    assert caps["obligations"][2] == {
        "name": "path-03",
        "status": "unsat",
        "resource": 43_931,
        "file": "obligations/liquidation.caps_respected--path-03.smt2",
        "second": "not asked",
    }
    assert caps["twins"][0]["counterexample"]["engine"] == {"F per share": "66/5"}
    assert caps["twins"][1]["counterexample"] is None
    assert theorems[4]["as_expected"] is False
    assert set(caps) == {
        *("id", "register", "statement", "clauses", "scope", "expected", "verdict", "as_expected", "hypotheses"),
        *("constants", "readings", "rests_on", "paths", "obligations", "resource", "witness", "counterexample"),
        *("twins", "detail", "second"),
    }


def asked(result: Result, *seconds: Second) -> Result:
    """Return a result with what a second solver makes of its first obligations, and of the others like the last."""
    rest = seconds[-1:] * (len(result.obligations) - len(seconds))
    pairs = zip(result.obligations, (*seconds, *rest), strict=True)
    return replace(result, obligations=tuple(replace(o, second=s) for o, s in pairs))


@pytest.mark.parametrize(
    ("seconds", "whole"),
    [
        ((Second.AGREES,), Second.AGREES),
        ((Second.AGREES, Second.UNDECIDED), Second.UNDECIDED),
        ((Second.UNDECIDED, Second.NOT_ASKED, Second.AGREES), Second.NOT_ASKED),
        ((Second.AGREES, Second.DISAGREES, Second.UNDECIDED), Second.DISAGREES),
        ((Second.NOT_ASKED,), Second.NOT_ASKED),
    ],
)
def test_a_second_solver_agrees_if_it_agrees_on_everything(seconds: tuple[Second, ...], whole: Second) -> None:
    assert asked(sample.CAPS, *seconds).second is whole
    assert replace(sample.CAPS, obligations=()).second is Second.NOT_ASKED


def test_what_stands_on_one_solver_alone_is_counted() -> None:
    agreed, open_one = asked(sample.CAPS, Second.AGREES), asked(sample.SAME, Second.AGREES, Second.UNDECIDED)
    found = summary(sample.run(agreed, open_one, sample.SENIORITY))
    assert found.second == {"agrees": 1, "undecided": 1, "not asked": 0, "disagrees": 0}
    assert (found.one_solver, found.one_solver_obligations) == (1, len(open_one.obligations) - 1)
    assert found.outcome is Outcome.AS_EXPECTED
    denied = replace(asked(sample.SAME, Second.DISAGREES), verdict=Verdict.ERROR)
    found = summary(sample.run(agreed, denied))
    assert (found.second["disagrees"], found.one_solver, found.outcome) == (1, 1, Outcome.UNEXPECTED)


def test_names_are_safe_distinct_and_stable() -> None:
    wanted = ["path 1", "path/1", "PATH-1", "../../etc", "", "…", "x" * 300, "x" * 301]
    found = unique_names(wanted)
    assert found == unique_names(wanted)
    assert len({name.casefold() for name in found}) == len(wanted)
    assert found[:4] == ["path-1", "path-1-2", "PATH-1-3", "etc"]
    assert all("/" not in name and 0 < len(name) < 120 and not name.startswith(".") for name in found)
