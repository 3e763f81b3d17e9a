"""The quick checks of mutants and their score: what is counted, what is stale, and that nothing is hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

import reference
from proofs.mutation import quick
from proofs.mutation.fast import example_files
from proofs.mutation.mutants import HarnessError
from proofs.mutation.quick import Killers, Probe
from proofs.mutation.results import Survivor, survivors
from proofs.mutation.score import (
    KILLERS,
    MODULES,
    Notice,
    Quick,
    Score,
    Verdict,
    contradicted,
    digest_of,
    earlier,
    keep,
    lines,
    score,
    scores,
    shown,
    source_of,
    table,
)
from proofs.mutation.swap import swap
from reference import rounding, voting
from reference.readings import Half
from reference.voting import MAJORITY, Ballot, Tally

REFERENCE = Path(reference.__file__ or "").parent
ROUNDING = source_of("rounding")


def result(*verdicts: Verdict, place: int = 1, deep: str | None = None) -> Quick:
    """Return a mutant of `rounding` with the verdicts of the three checks."""
    found = {name: Notice(verdict, "") for name, verdict in zip(KILLERS, verdicts, strict=True)}
    return Quick("rounding", "nearest", "core/X", "a > b", "a < b", place, 7, found, digest_of(ROUNDING), "c1", deep)


def listed(own: Quick, kind: str = "equivalent") -> Survivor:
    """Return an entry of the list of survivors for a mutant."""
    named = {name: getattr(own, name) for name in ("module", "function", "operator", "before", "after", "place")}
    return msgspec.convert({**named, "kind": kind, "reason": "none"}, Survivor)


KEPT = [
    result("killed", "survived", "survived"),
    result("killed", "killed", "survived", place=2),
    result("survived", "survived", "survived", place=3),
    result("stopped", "survived", "survived", place=4),
    result("stopped", "killed", "survived", place=5),
    result("survived", "survived", "survived", place=6, deep="liquidation.equivalence"),
]


def test_a_score_says_what_noticed_and_what_nothing_did() -> None:
    found = score(KEPT, {"in an import": 2}, ROUNDING)
    assert (found.mutants, found.killed) == (6, 4)
    assert found.by == {"differential": 2, "example": 2, "proof": 1}
    assert found.alone == {"differential": 1, "example": 1, "proof": 1}
    assert [(own.place, own.outcome) for own in found.left] == [(3, "survived"), (4, "undecided")]
    assert found.skipped == {"in an import": 2}


def test_what_nobody_has_explained_is_counted_as_that() -> None:
    found = {"rounding": score(KEPT, {}, ROUNDING)}
    (nobody,) = [line for line in lines(found, []) if line.module == "rounding"]
    assert (nobody.explained, nobody.unexplained) == (0, 2)
    (one,) = [line for line in lines(found, [listed(KEPT[2]), listed(KEPT[0])]) if line.module == "rounding"]
    assert (one.explained, one.unexplained) == (1, 1)
    assert one.state == "of the module as it is"


def test_a_score_of_another_source_is_stale_and_the_rest_is_not_run() -> None:
    old = {"rounding": score(KEPT, {}, ROUNDING + b"\n")}
    found = {line.module: line for line in lines(old, [])}
    assert [name for name, line in found.items() if line.stale] == ["rounding"]
    assert found["rounding"].state.startswith("stale")
    assert {line.state for name, line in found.items() if name != "rounding"} == {"not run"}
    assert "stale" in table(list(found.values()))


def test_every_module_has_a_score_or_is_said_to_be_not_run() -> None:
    there = {path.stem for path in REFERENCE.glob("*.py")} - {"__init__"}
    found = shown()
    assert {line.module for line in found} == set(MODULES) == there
    assert set(scores()) <= there
    for line in found:
        assert (line.own is None) == (line.state == "not run")
        if line.own is not None:
            assert line.own.mutants == line.own.killed + line.explained + line.unexplained
            assert line.own.killed >= max(line.own.by.values())


def test_what_nothing_notices_is_explained() -> None:
    """In every module of which the score is not stale."""
    assert {line.module: line.unexplained for line in shown() if line.unexplained and not line.stale} == {}


def test_what_is_said_to_be_equivalent_and_noticed_is_a_contradiction() -> None:
    assert contradicted(KEPT, [listed(KEPT[0]), listed(KEPT[2])]) == [KEPT[0]]
    assert contradicted(KEPT, [listed(KEPT[0], "outside")]) == []


def test_scores_are_kept_in_order(tmp_path: Path) -> None:
    path = tmp_path / "score.json"
    assert scores(path) == {}
    found: dict[str, Score] = {name: score(KEPT, {}, ROUNDING) for name in ("voting", "rounding")}
    keep(found, path)
    assert list(scores(path).items()) == sorted(found.items())
    path.write_text('{"rounding": {}}', encoding="utf-8")
    with pytest.raises(HarnessError, match=r"score\.json cannot be read"):
        scores(path)


def test_results_count_as_long_as_they_hold(tmp_path: Path) -> None:
    out = tmp_path / "quick.jsonl"
    out.write_bytes(b"".join(msgspec.json.encode(own) + b"\n" for own in KEPT))
    now = {"rounding": digest_of(ROUNDING)}
    assert list(earlier(out, now, "c1").values()) == KEPT
    assert [own.place for own in earlier(out, now, "c2").values()] == [1, 2, 5, 6]
    assert list(earlier(out, now, None).values()) == KEPT
    assert earlier(out, {"rounding": "other"}, "c1") == {}
    out.write_text("{", encoding="utf-8")
    with pytest.raises(HarnessError, match="line 1 is no result"):
        earlier(out, now, "c1")


def test_the_example_files_a_module() -> None:
    assert example_files(["rounding"], history=True) == ["tests/test_rounding.py"]
    assert example_files(["price_log"], history=True) == ["tests/test_antidilution.py", "tests/test_history.py"]
    assert example_files(["price_log"], history=False) == ["tests/test_antidilution.py"]
    files = {name for module in MODULES for name in example_files([module], history=True)}
    assert [name for name in sorted(files) if not (REFERENCE.parent / name).exists()] == ["tests/test_refusal.py"]


# A mutant put in place.


@pytest.fixture
def engine() -> Iterator[None]:
    """Put the functions that these tests exchange back."""
    functions = (rounding.nearest, Ballot.weight, Tally.needed.fget)  # type: ignore[attr-defined]
    kept = [own.__code__ for own in functions]
    yield
    for own, code in zip(functions, kept, strict=True):
        own.__code__ = code


@pytest.mark.usefixtures("engine")
def test_a_function_is_exchanged_wherever_it_stands() -> None:
    assert rounding.nearest(Fraction(1, 2), Half.UP) == 1
    source = ROUNDING.decode().replace("half is Half.UP or", "")
    swap("rounding", source, "nearest", "x.py")
    assert rounding.nearest(Fraction(1, 2), Half.DOWN) == 0
    source = (
        source_of("voting")
        .decode()
        .replace("self.votes if", "self.votes + 1 if")
        .replace("+ 1 if self.", "+ 2 if self.")
    )
    swap("voting", source, "Ballot.weight", "x.py")
    swap("voting", source, "Tally.needed", "x.py")
    assert Ballot("ann", "A", 1, 10).weight("votes") == 11
    assert Tally(("A",), "votes", MAJORITY, 10, 0).needed == 7


@pytest.mark.parametrize("function", ["", "Ballot"])
def test_what_is_no_function_is_not_exchanged(function: str) -> None:
    with pytest.raises(HarnessError, match="no function"):
        swap("voting", source_of("voting").decode(), function, "x.py")
    assert voting.MAJORITY is MAJORITY


# The checks, each in a child.

MUTANT = {"module": "rounding", "first": 3, "last": 4}


def judged(*probes: Probe, change: Callable[[], None] = lambda: None) -> dict[str, str]:
    """Return what one check makes of a mutant."""
    return Killers({"example": probes}).judged(MUTANT, change)["example"]


def fails() -> str:
    """Break off."""
    raise ValueError("broken")


def for_ever() -> str:
    """Never end."""
    while True:
        pass


def test_the_first_probe_that_notices_kills() -> None:
    silent, loud = Probe("silent", lambda: ""), Probe("loud", lambda: "x: 1 and 2")
    assert judged(silent) == {"verdict": "survived", "by": ""}
    assert judged(silent, loud) == {"verdict": "killed", "by": "loud: x: 1 and 2"}
    assert judged(Probe("bad", fails)) == {"verdict": "killed", "by": "bad: ValueError: broken"}


def test_a_probe_that_does_not_execute_the_statement_is_left_out() -> None:
    elsewhere = Probe("elsewhere", lambda: "noticed", lines={"rounding": frozenset({2, 5}), "voting": frozenset({3})})
    assert judged(elsewhere) == {"verdict": "survived", "by": "not executed"}
    here = Probe("here", lambda: "noticed", lines={"rounding": frozenset({4})})
    assert judged(here)["verdict"] == "killed"


def test_a_change_stays_in_the_child() -> None:
    told: list[str] = []
    assert judged(Probe("told", lambda: "".join(told)), change=lambda: told.append("changed"))["verdict"] == "killed"
    assert told == []


def test_what_does_not_end_notices_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "SECONDS", 0)
    assert judged(Probe("endless", for_ever)) == {"verdict": "stopped", "by": "no end"}


def test_what_cannot_be_put_in_place_is_said_to_be_unfit() -> None:
    def refuse() -> None:
        raise HarnessError("No.")

    assert judged(Probe("any", lambda: "noticed"), change=refuse)["verdict"] == "unfit"


def test_a_check_that_breaks_off_says_nothing() -> None:
    def leave() -> str:
        raise SystemExit(3)

    with pytest.raises(HarnessError, match="says nothing about its mutant"):
        judged(Probe("leaving", leave))


def test_the_list_of_survivors_is_read_for_the_score() -> None:
    assert {own.module for own in survivors()} <= set(MODULES)
