"""A second solver decides again what is proved: what it makes of it, and what becomes of one that lies."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
import z3

from proofs import run, second
from proofs.cache import Cache
from proofs.executors import LostError
from proofs.report.data import Outcome, outcome
from proofs.results import Findings, Obligation, Result, Second, Verdict
from proofs.second import COVERINGS, LEMMAS, MissingError, judged, reviewed
from proofs.solver import script
from proofs.wire import Answers, Questions, decode, encode
from reference.charter import Charter
from reference.oracle.command import main
from tests.proofs.places import Here
from tests.proofs.toys import theorem

QUICK = "liquidation.caps*"
NAME = "cvc5 1"
X, Y = z3.Reals("x y")


def shown(*texts: str, verdict: Verdict = Verdict.PROVED) -> Result:
    """Return a result whose obligations have some texts."""
    obligations = tuple(Obligation(f"path-{i}", "unsat", 1, text) for i, text in enumerate(texts))
    return Result(theorem(), verdict, 1, obligations)


def saying(*statuses: str, name: str = NAME) -> Callable[[bytes], bytes]:
    """Return a second solver that gives these answers whatever it is asked."""
    return lambda request: encode(Answers(name, statuses))


@pytest.fixture
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the second solver be installed, whether it is or not."""
    monkeypatch.setattr(second, "version", lambda name: "1")


def review(review: Callable[[bytes], bytes], *results: Result, cache: Cache | None = None) -> Sequence[Result]:
    """Return what a stand-in for the second solver makes of results."""
    return reviewed(results, Here(review=review), cache)


@pytest.mark.parametrize(
    ("statuses", "whole", "verdict"),
    [
        (("unsat", "unsat"), Second.AGREES, Verdict.PROVED),
        (("unsat", "unknown"), Second.UNDECIDED, Verdict.PROVED),
        (("unknown", "unknown"), Second.UNDECIDED, Verdict.PROVED),
        (("unsat", "sat"), Second.DISAGREES, Verdict.ERROR),
        (("sat", "unknown"), Second.DISAGREES, Verdict.ERROR),
    ],
)
@pytest.mark.usefixtures("_installed")
def test_what_a_second_solver_says_is_told(statuses: tuple[str, ...], whole: Second, verdict: Verdict) -> None:
    (found,) = review(saying(*statuses), shown("a", "b"))
    assert (found.second, found.verdict) == (whole, verdict)
    assert [str(o.second) for o in found.obligations] == [
        {"unsat": "agrees", "unknown": "undecided", "sat": "disagrees"}[status] for status in statuses
    ]
    assert (outcome(found) is Outcome.AS_EXPECTED) is (verdict is Verdict.PROVED)
    if verdict is Verdict.ERROR:
        assert found.detail.startswith("cvc5 disagrees: the claim can fail at path-")


@pytest.mark.usefixtures("_installed")
def test_only_what_is_proved_is_asked() -> None:
    asked: list[tuple[str, ...]] = []

    def listen(request: bytes) -> bytes:
        asked.append(decode(request, Questions).texts)
        return encode(Answers(NAME, ("unsat",)))

    others = [shown("b", verdict=verdict) for verdict in Verdict if verdict is not Verdict.PROVED]
    found = review(listen, shown("a"), *others)
    assert asked == [("a",)]
    assert list(found[1:]) == others
    assert {r.second for r in found[1:]} == {Second.NOT_ASKED}


@pytest.mark.parametrize(
    "reply",
    [
        saying("unsat"),
        saying("unsat", "unsat", "unsat"),
        saying("unsat", "unsat", name="cvc5 2"),
        saying("unsat", "probably"),
        lambda request: b"",
        lambda request: b"{}",
    ],
)
@pytest.mark.usefixtures("_installed")
def test_answers_to_something_else_are_no_agreement(reply: Callable[[bytes], bytes]) -> None:
    (found,) = review(reply, shown("a", "b"))
    assert (found.verdict, found.second) == (Verdict.ERROR, Second.NOT_ASKED)
    assert found.detail.startswith("cvc5: the process")


@pytest.mark.usefixtures("_installed")
def test_a_second_solver_that_is_killed_ends_in_an_error() -> None:
    (found,) = reviewed([shown("a")], Here(LostError("the process that checked it was killed (SIGKILL)")))
    assert (found.verdict, found.detail) == (
        Verdict.ERROR,
        "cvc5: the process that checked it was killed (SIGKILL)",
    )


@pytest.mark.usefixtures("_installed")
def test_answers_are_kept_by_text_and_version(kept: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    def listen(request: bytes) -> bytes:
        asked.append(request)
        return encode(Answers(f"cvc5 {second.version('cvc5')}", ("unsat", "unknown")))

    first = review(listen, shown("a", "b"), cache=kept)
    assert review(listen, shown("a", "b"), cache=kept) == first
    assert len(asked) == 1
    review(listen, shown("a", "c"), cache=kept)
    assert len(asked) == 2
    monkeypatch.setattr(second, "version", lambda name: "2")
    review(listen, shown("a", "b"), cache=kept)
    assert len(asked) == 3
    monkeypatch.setattr(second, "PLAN", "another")
    review(listen, shown("a", "b"), cache=kept)
    assert len(asked) == 4


@pytest.fixture
def kept(tmp_path: Path) -> Cache:
    """Return an empty cache."""
    return Cache(tmp_path)


def test_a_lying_second_solver_ends_a_run_in_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(second, "version", lambda name: "1")
    plain = second.apart

    def lies(module: str, request: bytes) -> bytes:
        if module != "proofs.second":
            return plain(module, request)
        texts = decode(request, Questions).texts
        return encode(Answers(NAME, ("sat", *["unsat"] * (len(texts) - 1))))

    monkeypatch.setattr(second, "apart", lies)
    assert main(["prove", "--no-cache", "--only", QUICK, "--second-solver", "cvc5"]) == 1
    printed = capsys.readouterr()
    assert "ERROR (!)" in printed.out
    assert "1 not as expected" in printed.err


def test_a_missing_package_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], quintus: Charter
) -> None:
    def missing(name: str) -> str:
        raise second.PackageNotFoundError(name)

    monkeypatch.setattr(second, "version", missing)
    with pytest.raises(MissingError):
        run.prove(quintus, QUICK, place=Here(), second_solver=True)
    for command in (["prove"], ["report", "--out", "report"]):
        assert main([*command, "--no-cache", "--only", QUICK, "--second-solver", "cvc5"]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        (sentence,) = printed.err.splitlines()
        assert sentence.startswith("charterproof: missing_package: The second solver needs the package cvc5: pip ")


def test_it_is_not_asked_after_a_surprise(quintus: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second, "version", lambda name: "1")
    found = run.prove(quintus, QUICK)
    denied = replace(found.results[0], verdict=Verdict.REFUTED)
    monkeypatch.setattr(
        Here, "findings", staticmethod(lambda task: Findings((denied, *found.results[1:]), found.explorations))
    )
    place = Here(review=lambda request: pytest.fail("asked"))
    assert run.prove(quintus, QUICK, place=place, fail_fast=True, second_solver=True).results[0] == denied


# The real one.

installed = pytest.mark.skipif(
    find_spec("cvc5") is None, reason="cvc5 is not installed: pip install 'charterproof[second]'"
)


def text(*questions: Sequence[z3.BoolRef], assumed: Sequence[z3.BoolRef] = ()) -> str:
    """Return questions as they are kept."""
    return script("title", assumed, questions).text


SURE, FAILS = text([X < 0, X * X < 0], [X + 1 == X]), text([X < 0, X > 1], [X * X == 4])
WHOLE = text([z3.Int("n") * 2 == 2 * z3.Int("m") + 1])


@installed
@pytest.mark.parametrize("options", [LEMMAS, COVERINGS])
def test_texts_are_decided_as_a_whole(options: dict[str, str]) -> None:
    assert second.decided(SURE, options) == "unsat"
    assert second.decided(FAILS, options) == "sat"
    assert second.decided(text(), options) == "unsat"


@installed
def test_whole_numbers_are_understood() -> None:
    assert second.decided(WHOLE, LEMMAS) == "unsat"


@installed
def test_the_limit_of_steps_ends_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second, "STEPS", 1)
    assert second.decided(SURE, LEMMAS) == "unknown"


@installed
def test_a_complaint_is_no_answer() -> None:
    assert second.decided(SURE.replace("(check-sat)", "(get-model)\n(check-sat)", 1), LEMMAS) == "unknown"
    assert second.decided(SURE, {**LEMMAS, "unconstrained-simp": "true"}) == "unknown"


@installed
def test_what_cannot_be_read_breaks_off() -> None:
    with pytest.raises(RuntimeError):
        second.decided("(set-logic QF_NRA)\n(assert (< nobody 1.0))\n(check-sat)\n", LEMMAS)


@installed
def test_the_guard_ends_what_steps_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(smt2: str, options: object) -> str:
        while options is COVERINGS:
            pass
        return "unknown"

    monkeypatch.setattr(second, "decided", endless)
    monkeypatch.setattr(second, "GUARD", 1)
    monkeypatch.setattr(second, "PATIENCE", 1)
    assert second.answer(Questions(("a", "b"))).statuses == ("unknown", "unknown")


@installed
def test_a_process_that_dies_at_coverings_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(smt2: str, options: object) -> str:
        if options is COVERINGS:
            os.kill(os.getpid(), signal.SIGKILL)
        return "unknown"

    monkeypatch.setattr(second, "decided", dying)
    assert second.answer(Questions(("a",))).statuses == ("unknown",)


@installed
def test_what_is_proved_is_confirmed(quintus: Charter) -> None:
    found = run.prove(quintus, QUICK, second_solver=True)
    proved, refuted = found.results
    assert (proved.second, refuted.second) == (Second.AGREES, Second.NOT_ASKED)
    assert {"cvc5", "cvc5 budget"} < set(found.versions)
    # Its texts with a claim that fails instead are denied.
    tampered = replace(
        proved, obligations=tuple(replace(o, smt2=o.smt2 + "(check-sat)\n") for o in proved.obligations[:1])
    )
    (denied,) = reviewed([tampered], run.local)
    assert (denied.verdict, denied.second) == (Verdict.ERROR, Second.DISAGREES)
    assert judged(tampered, ["unsat"]).verdict is Verdict.PROVED
