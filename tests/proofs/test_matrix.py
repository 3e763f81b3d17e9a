"""The reading matrix: other options as defaults, which readings are consulted, what is kept, and how it is shown."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
import pytest

from proofs.executors import LostError, apart, local
from proofs.matrix.__main__ import WORKER, Plan, main, run
from proofs.matrix.cells import KEPT, Answer, Cell, Kept, Question, each, keep, load, merged, source_of
from proofs.matrix.otherwise import Consulted, listening, make_default, recorded
from proofs.matrix.shown import OPEN, OWN, Square, as_data, matrix
from proofs.matrix.worker import labels
from proofs.results import Obligation, Result, Scope, Theorem, Verdict
from proofs.run import studies
from proofs.theorems import SECTIONS
from proofs.views import run_plain
from proofs.wire import decode, encode
from reference.distributions import apportion
from reference.oracle.charters import load as charter_of
from reference.position import full_issuance
from reference.readings import REGISTER, CashRank, Readings

QUINTUS = charter_of("quintus-1999")
DISTRIBUTIONS = next(n for n, s in enumerate(SECTIONS) if s.__name__.endswith(".distributions"))
ALL_UNITS = "distributions.all_units_are_given_once"


def asked(reading: str = "", option: str = "", ids: tuple[str, ...] = (ALL_UNITS,)) -> Answer:
    """Put a question about distributions to a process of its own."""
    question = Question(QUINTUS, DISTRIBUTIONS, 0, "distributions in kind", ids, reading, option)
    return decode(apart(WORKER, encode(question)), Answer)


def in_a_process(code: str) -> str:
    """Run code in a new process and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


# Another default


def test_another_option_becomes_the_default_of_a_process() -> None:
    code = (
        "from proofs.matrix.otherwise import make_default; make_default('cash_rank', 'last')\n"
        "from reference.readings import Readings; print(Readings().cash_rank, Readings().votes)\n"
        "from proofs.subjects import DEFAULTS; print(DEFAULTS.cash_rank)"
    )
    assert in_a_process(code).split() == ["last", "round_then_multiply", "last"]


def test_it_is_too_late_once_theorems_are_made() -> None:
    with pytest.raises(RuntimeError, match="former default"):
        make_default("cash_rank", "last")
    assert Readings().cash_rank is CashRank.CREDITOR


@pytest.mark.parametrize(("name", "option"), [("cash_rank", "first"), ("no_such", "last")])
def test_there_must_be_such_an_option(name: str, option: str) -> None:
    code = f"from proofs.matrix.otherwise import make_default; make_default({name!r}, {option!r})"
    assert in_a_process(code) == f"ValueError: there is no option {option} of a reading {name}"


# What is consulted


def test_what_a_function_consults_is_noted_and_nothing_else() -> None:
    noted: Consulted = set()
    table = full_issuance(QUINTUS, 10)
    function = recorded(lambda inputs: {"x": apportion(table, inputs["readings"], inputs["units"])}, noted)
    with listening():
        function({"readings": Readings(), "units": 7})
        assert Readings().votes  # Not within the function.
    function({"readings": Readings(), "units": 7})
    assert noted == {("ad_as_converted", "hypothetical")}


def test_nothing_is_heard_afterwards() -> None:
    before = Readings.__getattribute__
    with listening():
        assert Readings.__getattribute__ is not before
    assert Readings.__getattribute__ is before


def test_a_survey_tells_which_readings_bear_on_a_theorem() -> None:
    both = ("distributions.equivalence_hypothetical", "distributions.equivalence_only_if_elected")
    found = asked(ids=(*both, ALL_UNITS)).consulted
    # What the second consults has the other option there, which it chooses for itself.
    assert found == {both[0]: ("ad_as_converted",), both[1]: (), ALL_UNITS: ("ad_as_converted",)}


# Cells


def test_a_theorem_is_decided_under_another_option_as_it_stands() -> None:
    found = asked("ad_as_converted", "only_if_elected").cells
    assert found[ALL_UNITS].verdict is Verdict.REFUTED
    # Where neither E, F nor Common is outstanding nobody shares before the election.
    inputs = {name: value for name, value in found[ALL_UNITS].inputs.items() if name.startswith("n_") or name == "C"}
    assert inputs["n_A"] != "0"
    assert all(value == "0" for name, value in inputs.items() if name != "n_A")


def test_a_theorem_that_chooses_for_itself_has_no_cell() -> None:
    name = "distributions.equivalence_hypothetical"
    assert asked("ad_as_converted", "only_if_elected", (name,)).cells == {}


def test_a_study_must_be_the_one_that_is_meant() -> None:
    question = Question(QUINTUS, DISTRIBUTIONS, 0, "another", (ALL_UNITS,))
    with pytest.raises(LostError, match="not another"):
        apart(WORKER, encode(question))


# The command


ONE = partial(local, 1)


def test_cells_are_compared_with_those_that_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, told = tmp_path / "matrix.json", list[str]()
    plan = Plan("distributions.a*", place=ONE, file=file)
    assert run(plan, told.append) == 1
    assert "was not kept" in capsys.readouterr().out
    assert run(Plan("distributions.a*", place=ONE, keeps=True, file=file), told.append) == 0
    assert run(plan, told.append) == 0
    kept = load(file)
    lie = merged(kept.cells, {ALL_UNITS: {"ad_as_converted": {"only_if_elected": Cell(Verdict.PROVED)}}})
    keep(Kept(kept.sources, kept.consulted, lie), file)
    assert run(plan, told.append) == 1
    assert capsys.readouterr().out == f"{ALL_UNITS} ad_as_converted=only_if_elected: REFUTED, was PROVED\n"


def test_what_is_kept_is_not_decided_again_unless_it_is_stale(tmp_path: Path) -> None:
    file, told = tmp_path / "matrix.json", list[str]()
    plan = Plan("distributions.a*", place=ONE, keeps=True, file=file)
    run(plan, told.append)
    first, content = len(told), file.read_bytes()
    run(plan, told.append)
    assert len(told) == first
    assert file.read_bytes() == content
    kept = load(file)
    keep(Kept({**kept.sources, "distributions": "0"}, kept.consulted, kept.cells), file)
    run(plan, told.append)
    assert len(told) > first
    assert file.read_bytes() == content


def test_no_cell_is_not_a_success(tmp_path: Path) -> None:
    assert run(Plan("no.such", place=ONE, file=tmp_path / "none.json"), lambda text: None) == 2


def test_a_process_that_breaks_off_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, told = tmp_path / "matrix.json", list[str]()
    plan = Plan("distributions.a*", place=ONE, keeps=True, file=file)
    run(plan, told.append)
    kept = load(file)
    keep(Kept(kept.sources, kept.consulted, {}), file)
    monkeypatch.setattr("proofs.matrix.__main__.WORKER", "no_such_module")
    assert run(plan, told.append) == 1
    cell = load(file).cells[ALL_UNITS]["ad_as_converted"]["only_if_elected"]
    assert cell.verdict is Verdict.ERROR
    assert "broke off" in cell.why


@pytest.mark.parametrize("arguments", [["--workers", "0"], ["--anew"], ["--no-such"]])
def test_bad_usage_ends_in_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)


# What is kept with the program


def test_the_kept_matrix_is_in_its_order_and_of_theorems_and_options_that_there_are() -> None:
    kept = load()
    assert KEPT.read_bytes() == msgspec.json.format(msgspec.json.encode(kept, order="deterministic"), indent=1) + b"\n"
    options = {entry.field: {str(o) for o, _ in entry.options} - {str(entry.default)} for entry in REGISTER}
    stated = {check.theorem.id for study in studies(QUINTUS) for check in study.checks}
    assert set(kept.cells) <= set(kept.consulted) <= stated
    for name, rows in kept.cells.items():
        assert set(rows) <= set(kept.consulted[name])
        assert all(set(row) <= options[reading] for reading, row in rows.items()), name


def test_what_seeds_consult_has_been_seen() -> None:
    kept, missing = load(), []
    for study in studies(QUINTUS):
        heard: dict[str, Consulted] = {own.label: set() for own in study.subjects}
        with listening():
            for own in study.subjects:
                for seed in own.seeds[:5]:
                    run_plain(replace(own, function=recorded(own.function, heard[own.label])), seed)
        for check in study.checks:
            usual = {n for label in labels(study, check) for n, o in heard[label] if o == str(getattr(Readings(), n))}
            if check.theorem.id in kept.consulted and not usual <= set(kept.consulted[check.theorem.id]):
                missing.append(check.theorem.id)
    assert missing == []


def test_no_cell_that_is_kept_broke_off() -> None:
    cells = [(*key, cell.verdict) for *key, cell in each(load().cells)]
    assert [place for place in cells if place[-1] is Verdict.ERROR] == []


def test_a_file_that_is_not_well_formed_is_no_matrix(tmp_path: Path) -> None:
    file = tmp_path / "matrix.json"
    file.write_text('{"cells": {"a": {"b": {"c": {"verdict": "FINE"}}}}}')
    with pytest.raises(ValueError, match="FINE"):
        load(file)


def test_the_digest_of_a_section_tells_what_its_theorems_import() -> None:
    assert source_of("distributions") == source_of("distributions") != source_of("recapitalization")


# How it is shown


def theorem(name: str, rests_on: tuple[str, ...] = (), scope: Scope = Scope.CODE) -> Theorem:
    """Return a theorem without content."""
    return Theorem(name, (), "S.", ("3(c)",), (), scope, Verdict.PROVED, rests_on=rests_on)


def proved(name: str, rests_on: tuple[str, ...] = (), scope: Scope = Scope.CODE) -> Result:
    """Return its result."""
    return Result(theorem(name, rests_on, scope), Verdict.PROVED, 1, (Obligation("path-1", "unsat", 1, "x"),))


def squares(results: list[Result], kept: Kept, reading: str = "cash_rank") -> Mapping[str, tuple[Square, ...]]:
    """Return the squares of one reading by theorem, the default's first."""
    table = next(t for t in matrix(results, kept).tables if t.entry.field == reading)
    return {line.theorem.id: line.squares for line in table.lines}


CURRENT = {"liquidation": source_of("liquidation")}
REFUTED = Cell(Verdict.REFUTED, inputs={"W": "20000000"})
PROVED = Cell(Verdict.PROVED)


def test_each_option_has_its_square() -> None:
    row = {"after_F": PROVED, "pari_second_tier": REFUTED}
    kept = Kept(CURRENT, {"liquidation.a": ("cash_rank",)}, {"liquidation.a": {"cash_rank": row}})
    (found,) = squares([proved("liquidation.a")], kept).values()
    assert [square.says for square in found] == ["PROVED", "PROVED", "REFUTED", OPEN]
    assert [square.changed for square in found] == [False, False, True, True]
    assert found[2].inputs == {"W": "20000000"}
    assert not any(square.stale for square in found)


def test_other_sources_make_a_square_stale() -> None:
    row = {"after_F": PROVED}
    kept = Kept({"liquidation": "0"}, {"liquidation.a": ("cash_rank",)}, {"liquidation.a": {"cash_rank": row}})
    (found,) = squares([proved("liquidation.a")], kept).values()
    assert [square.stale for square in found] == [False, True, False, False]
    assert matrix([proved("liquidation.a")], kept).stale


def test_a_theorem_that_chooses_for_itself_says_so() -> None:
    kept = Kept(CURRENT, {"liquidation.a": ("cash_rank",)}, {"liquidation.a": {"cash_rank": {}}})
    (found,) = squares([proved("liquidation.a")], kept).values()
    assert [square.says for square in found] == ["PROVED", OWN, OWN, OWN]
    assert not any(square.changed for square in found)


def test_a_theorem_is_not_proved_under_an_option_under_which_its_lemma_is_not() -> None:
    row = {"after_F": PROVED, "pari_second_tier": REFUTED}
    kept = Kept(CURRENT, {"liquidation.a": ("cash_rank",)}, {"liquidation.a": {"cash_rank": row}})
    found = squares([proved("liquidation.a"), proved("liquidation.b", ("liquidation.a",))], kept)
    assert [square.says for square in found["liquidation.b"]] == ["PROVED", "PROVED", "UNKNOWN", "UNKNOWN"]
    assert found["liquidation.b"][2].why.startswith("It rests on liquidation.a")


def test_a_reading_that_nothing_consults_has_no_line() -> None:
    results = [proved("liquidation.a"), proved("liquidation.f", scope=Scope.CLOSED_FORM)]
    found = matrix(results, Kept(CURRENT, {"liquidation.a": ()}, {}))
    assert all(table.lines == () for table in found.tables)
    assert found.no_code == 1
    assert found.unseen == ()
    assert found.counts == {}
    assert as_data(found) == {}


def test_a_theorem_that_was_never_looked_at_is_named() -> None:
    results = [proved("liquidation.a"), proved("liquidation.f", scope=Scope.CLOSED_FORM)]
    assert [theorem.id for theorem in matrix(results, Kept()).unseen] == ["liquidation.a"]


def test_squares_are_counted_but_for_the_defaults() -> None:
    row = {"after_F": PROVED, "pari_second_tier": REFUTED}
    kept = Kept(CURRENT, {"liquidation.a": ("cash_rank",)}, {"liquidation.a": {"cash_rank": row}})
    found = matrix([proved("liquidation.a")], kept)
    assert found.counts == {"PROVED": 1, "REFUTED": 1, OPEN: 1}
    (change, missing) = next(table.changes for table in found.tables if table.lines)
    assert (change[0].id, change[1], change[3].says) == ("liquidation.a", "pari_second_tier", "REFUTED")
    assert missing[1] == "last"
    says = as_data(found)["cash_rank"]["liquidation.a"]
    assert says["pari_second_tier"] == {
        "says": "REFUTED",
        "why": "",
        "inputs": {"W": "20000000"},
        "stale": False,
    }
