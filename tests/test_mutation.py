"""The mutation run: which mutants there are, how they are named, and the list of those that survive."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from proofs.mutation.__main__ import ROOT
from proofs.mutation.bench import Baseline, Bench, ask, copies, digest, is_engine, is_proof, sources
from proofs.mutation.differential import differential, questions
from proofs.mutation.mutants import OWN_OPERATORS, HarnessError, Mutant, identity_of, mutants, operators
from proofs.mutation.results import Outcome, Survivor, earlier, family, rewrite, stub, summary, survivors, written
from proofs.run import studies
from reference import liquidation
from reference.charter import Charter

REFERENCE = Path(liquidation.__file__ or "").parent
try:
    operators()
except HarnessError as error:
    pytest.skip(str(error), allow_module_level=True)


def made(source: str, *only: str) -> list[tuple[str, str]]:
    """Return the changes that some operators make in a source."""
    return [(m.before, m.after) for m in mutants("example", source, only or None)[0]]


def skipped(source: str, *only: str) -> dict[str, int]:
    """Return why changes of a source are left out."""
    return dict(mutants("example", source, only or None)[1])


def executing(run: Mapping[str, Iterable[int]], index: int = 0) -> Baseline:
    """Return a study that executes some lines."""
    lines = {name: frozenset(found) for name, found in run.items()}
    return Baseline(index, 1.0, lines, dict.fromkeys(lines, frozenset()))


def of_engine(function: str, *only: str) -> list[Mutant]:
    """Return the mutants that some operators make in one function of the engine."""
    source = (REFERENCE / "liquidation.py").read_text("utf-8")
    return [m for m in mutants("liquidation", source, only)[0] if m.function == function]


OR_ADD = "core/ReplaceBinaryOperator_BitOr_Add"


def test_the_comparison_that_ends_a_rank_is_found() -> None:
    (found,) = of_engine("pay_in_order", "core/ReplaceComparisonOperator_GtE_Gt")
    assert (found.before, found.after) == ("if remaining >= owed:", "if remaining > owed:")
    assert found.statement.first == found.line == found.statement.last
    assert not found.statement.on_import


def test_caps_and_ranks_have_operators_of_their_own() -> None:
    order = of_engine("order", "charterproof/ReverseStarred")
    assert ("return ((DEBTS,), *tiers, *cash)", "return ( *cash, *tiers,(DEBTS,))") in [
        (m.before, m.after) for m in order
    ]
    assert len(of_engine("ranks", "charterproof/NotIn_In", "charterproof/In_NotIn")) == 3
    assert len(of_engine("caps", "charterproof/Max_Min", "charterproof/Min_Max")) == 3


@pytest.mark.parametrize(
    ("operator", "before", "after"),
    [
        ("charterproof/Max_Min", "x = max(1, 2)", "x = min(1, 2)"),
        ("charterproof/Min_Max", "x = min(1, 2)", "x = max(1, 2)"),
        ("charterproof/AugmentedAdd_Sub", "x += 1", "x -= 1"),
        ("charterproof/In_NotIn", "x = a in b", "x = a not in b"),
        ("charterproof/NotIn_In", "x = a not in b", "x = a  in b"),
        ("charterproof/Nothing_One", "x = NOTHING", "x = (NOTHING + 1)"),
        ("charterproof/ReverseStarred", "x = (*a, b)", "x = ( b,*a)"),
    ],
)
def test_our_own_operators(operator: str, before: str, after: str) -> None:
    assert made(before, operator) == [(before, after)]


def test_our_own_operators_leave_the_rest_alone() -> None:
    plain = "for a in b:\n    max = not a\nx = a is not b\ny = (1, 2)\nz = [c for c in d]\n"
    assert made(plain, *OWN_OPERATORS) == []


def test_annotations_decorators_imports_and_docstrings_are_left_out() -> None:
    source = '''"""1 > 0 or True."""
from __future__ import annotations
from fractions import *

@dataclass(frozen=True)
class Kink:
    """Hold 1 + 1."""

    at: Fraction | None = None

Alias: TypeAlias = (
    A
    | B
)

def f(x: int | None, y: A | B = C) -> D | E:
    """Return x > y, True."""
    z: Fraction | int
    return x
'''
    assert made(source) == []
    counts = skipped(source)
    assert counts.pop("in an annotation") == 4 * 4
    assert counts.pop("in a decorator") == 2
    assert set(counts) <= {"in an import", "does not compile", "same bytecode as the engine or an earlier mutant"}


def test_values_beside_annotations_are_mutated() -> None:
    assert made("x: A | B = a + b", "core/ReplaceBinaryOperator_Add_Sub") == [("x: A | B = a + b", "x: A | B = a - b")]
    source = "def f(x: A | B = a | b) -> A | B:\n    return x"
    assert made(source, OR_ADD) == [("def f(x: A | B = a | b) -> A | B:", "def f(x: A | B = a + b) -> A | B:")]


def test_changes_without_effect_and_repeated_ones_are_counted() -> None:
    unreached = "if False:\n    x = a + b\n"
    assert made(unreached, "core/ReplaceBinaryOperator_Add_Sub") == []
    assert skipped(unreached, "core/ReplaceBinaryOperator_Add_Sub") == {
        "same bytecode as the engine or an earlier mutant": 1
    }
    assert skipped("for x in y:\n    continue\n", "core/ReplaceContinueWithBreak") == {}
    assert skipped("x = 1 if a else 2", "core/NumberReplacer", "core/NumberReplacer") == {
        "same bytecode as the engine or an earlier mutant": 4
    }


def test_the_same_change_twice_in_a_function_has_two_names() -> None:
    source = "def f(a, b):\n    if a > 1:\n        return False\n    if b > 1:\n        return False\n"
    found, _ = mutants("example", source, ["core/ReplaceFalseWithTrue"])
    assert [(m.line, m.place) for m in found] == [(3, 1), (5, 2)]
    assert len({identity_of(m) for m in found}) == 2


def test_a_name_does_not_depend_on_the_line() -> None:
    source = "def f(a):\n    return a > 1\n"
    own, _ = mutants("example", source, ["core/ReplaceComparisonOperator_Gt_GtE"])
    moved, _ = mutants("example", f"\n\n{source}", ["core/ReplaceComparisonOperator_Gt_GtE"])
    assert [m.line for m in (*own, *moved)] == [2, 4]
    assert [identity_of(m) for m in own] == [identity_of(m) for m in moved]


def test_what_importing_executes_bears_on_every_study() -> None:
    source = """X = 1

def f(a=2):
    return (
        a +
        3
    )

class C:
    y = 4
    def g(self):
        return 5
"""
    found, _ = mutants("example", source, ["core/NumberReplacer"])
    at = {m.line: m for m in found}
    assert {line: m.statement.on_import for line, m in at.items()} == {1: True, 3: True, 6: False, 10: True, 12: False}
    assert [at[line].function for line in (1, 3, 6, 10, 12)] == ["", "f", "f", "C", "C.g"]
    elsewhere = executing({"example": {12}})
    assert [elsewhere.reaches(at[line]) for line in (1, 3, 6, 10, 12)] == [True, True, False, True, True]
    assert executing({"example": {4}}).reaches(at[6])
    assert not executing({"example": {4}}).runs(at[3])
    assert msgspec.structs.replace(elsewhere, built={"example": frozenset({5})}).reaches(at[6])


def test_every_operator_is_in_a_group() -> None:
    assert all(family(name) for name in operators())
    assert family("core/ReplaceComparisonOperator_GtE_Gt") == "comparisons"
    assert family("core/ReplaceBinaryOperator_Add_Sub") == "signs"
    assert family("core/ReplaceBinaryOperator_Add_Pow") == "other arithmetic"
    assert family("charterproof/Max_Min") == "caps, tiers and amounts"


def test_the_differential_check_passes_and_can_fail(quintus: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    first = next(questions(quintus))
    monkeypatch.setattr("proofs.mutation.differential.questions", lambda charter: iter([first]))
    assert differential(quintus) == ""
    real = liquidation.participation_headroom
    monkeypatch.setattr(liquidation, "participation_headroom", lambda *given: (real(*given) or Fraction(0)) + 1)
    assert differential(quintus) != ""


# What becomes of a mutant.


@pytest.fixture(scope="module")
def bench(quintus: Charter) -> Iterator[Bench]:
    """Return a bench with one copy of the sources, on which only the study of events and holders is run."""
    try:
        files = sources(ROOT)
    except HarnessError as error:
        pytest.skip(str(error))
    index = next(i for i, s in enumerate(studies(quintus)) if s.name == "deemed liquidations and holders")
    with copies(files, 1) as free:
        everywhere = executing({"liquidation": range(1000)}, index)
        yield Bench(free, (everywhere,), files, differential=False, engine="e1", proofs="p1")


def with_source(mutant: Mutant, source: str) -> Mutant:
    """Return a mutant with another module in its place."""
    return replace(mutant, source=source)


def test_a_mutant_is_killed_and_the_engine_itself_is_not(bench: Bench) -> None:
    mutant, *_ = of_engine("is_liquidation", "core/ReplaceAndWithOr")
    killed, _ = bench.judge(mutant)
    assert (killed.outcome, killed.by, killed.detail) == ("killed", "liquidation.deemed_liquidation", "REFUTED")
    assert identity_of(killed) == identity_of(mutant)
    copy = bench.free.get()
    assert (copy / "reference/liquidation.py").read_bytes() == bench.original["reference/liquidation.py"]
    bench.free.put(copy)
    kept, _ = bench.judge(with_source(mutant, bench.original["reference/liquidation.py"].decode()))
    assert (kept.outcome, kept.by, kept.detail, kept.differential) == ("survived", "", "", None)


def test_a_mutant_that_breaks_the_run_is_killed(bench: Bench) -> None:
    mutant, *_ = of_engine("is_liquidation", "core/ReplaceAndWithOr")
    broken, _ = bench.judge(with_source(mutant, "raise RuntimeError('no engine')"))
    assert (broken.outcome, broken.by, broken.detail) == ("killed", "crash", "RuntimeError: no engine")


def test_a_statement_that_no_study_executes_is_reported_as_such(bench: Bench) -> None:
    mutant, *_ = of_engine("is_liquidation", "core/ReplaceAndWithOr")
    nowhere = replace(bench, baselines=(executing({"liquidation": ()}),))
    missed, _ = nowhere.judge(mutant)
    assert (missed.outcome, missed.detail) == ("survived", "no study executes this statement")


def test_a_run_that_does_not_end_is_stopped(bench: Bench) -> None:
    copy = bench.free.get()
    assert ask(copy, {"do": "list"}, guard=1).stopped
    bench.free.put(copy)


def test_a_trace_sees_the_lines_of_its_study(bench: Bench) -> None:
    copy = bench.free.get()
    request = {"do": "trace", "study": bench.baselines[0].index, "modules": ["liquidation", "equilibrium"]}
    reply = ask(copy, request)
    bench.free.put(copy)
    assert reply.answer is not None
    assert reply.answer["wrong"] == {}
    traced = executing(reply.answer["run"])
    assert all(traced.reaches(m) for m in of_engine("is_liquidation", "core/ReplaceAndWithOr"))
    assert not any(traced.reaches(m) for m in of_engine("kink_breakpoints", "core/ReplaceBinaryOperator_Add_Sub"))


# Results and survivors.

SAMPLE = Outcome(
    "liquidation", "fill", "core/X", "a > b", "a < b", 1, 7, "survived", "", "", None, engine="e1", proofs="p1"
)


def changed(own: Outcome, **more: object) -> Outcome:
    """Return a result with some fields changed."""
    return msgspec.structs.replace(own, **more)


def test_results_are_taken_up_again_as_far_as_they_still_hold(tmp_path: Path) -> None:
    killed = changed(SAMPLE, function="caps", outcome="killed", by="liquidation.equivalence")
    out = tmp_path / "results.jsonl"
    assert earlier(out, "e1", "p1") == {}
    rewrite(out, [SAMPLE, killed])
    assert out.read_text("utf-8") == written(SAMPLE) + written(killed)
    assert list(earlier(out, "e1", "p1").values()) == [SAMPLE, killed]
    assert list(earlier(out, "e1", "p2").values()) == [killed]
    assert earlier(out, "e2", "p1") == {}
    assert [path.name for path in tmp_path.iterdir()] == ["results.jsonl"]


@pytest.mark.parametrize("line", ["{", '{"module": "liquidation"}', written(SAMPLE).replace("survived", "fine")])
def test_a_file_of_something_else_is_refused(tmp_path: Path, line: str) -> None:
    out = tmp_path / "results.jsonl"
    out.write_text(written(SAMPLE) + line, encoding="utf-8")
    with pytest.raises(HarnessError, match="line 2 is no result of a mutation run"):
        earlier(out, "e1", "p1")


def test_the_summary_counts_by_group_and_by_what_noticed() -> None:
    outcomes = [
        changed(SAMPLE, operator="core/ReplaceComparisonOperator_Gt_Lt", differential="x: 1 and 2"),
        changed(SAMPLE, operator="core/ReplaceBinaryOperator_Add_Sub", outcome="killed", by="a.b", proofs="p0"),
        changed(SAMPLE, operator="core/AddNot", outcome="killed", by="crash"),
        changed(SAMPLE, operator="core/AddNot", outcome="undecided"),
    ]
    lines = summary(outcomes, {"in an import": 3}, "p1").splitlines()
    counts = {line[:28].strip(): line[28:].split() for line in lines[1:7]}
    assert counts["all"] == ["4", "2", "1", "1"]
    assert counts["comparisons"] == ["1", "0", "1", "0"]
    assert counts["signs"] == ["1", "1", "0", "0"]
    assert counts["branches and loops"] == ["2", "1", "0", "1"]
    assert lines[7:] == [
        "killed by a theorem's verdict: 1, crash: 1",
        "differential check: notices 1 of 1, 1 of them unnoticed by proofs",
        "not run, in an import: 3",
        "1 were killed by an earlier state of the proofs and not run again",
    ]


def test_digests_tell_the_engine_from_the_proofs() -> None:
    files = {"reference/liquidation.py": b"1", "proofs/run.py": b"2", "proofs/survivors.toml": b"3"}
    assert [is_engine(name) for name in files] == [True, False, False]
    assert [is_proof(name) for name in files] == [False, True, False]
    assert digest(files, is_proof) == digest(files | {"reference/liquidation.py": b"x"}, is_proof)
    assert digest(files, is_engine) != digest(files | {"reference/liquidation.py": b"x"}, is_engine)


def entry() -> str:
    """Return an entry of the list of survivors."""
    return stub(SAMPLE).replace('kind = ""', 'kind = "equivalent"').replace('reason = ""', 'reason = "a tie"')


def test_an_entry_names_its_mutant(tmp_path: Path) -> None:
    path = tmp_path / "survivors.toml"
    path.write_text(entry(), encoding="utf-8")
    (found,) = survivors(path)
    assert identity_of(found) == identity_of(SAMPLE)


@pytest.mark.parametrize(
    "text",
    [
        "[[survivor]",
        stub(SAMPLE),
        entry().replace("a tie", "  "),
        entry().replace("operator", "operators"),
        entry() + entry(),
        entry().replace("[[survivor]]", "[[survivors]]"),
    ],
    ids=["no TOML", "no kind", "no reason", "no operator", "twice", "another table"],
)
def test_a_list_of_survivors_that_is_not_well_formed_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "survivors.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(HarnessError, match="survivors"):
        survivors(path)


def missing(listed: Sequence[Survivor]) -> list[Survivor]:
    """Return the entries whose mutant does not exist."""
    found = set()
    for module in {s.module for s in listed}:
        source = (REFERENCE / f"{module}.py").read_text("utf-8")
        lines = {line.strip() for line in source.splitlines()}
        names = {n.name for n in ast.walk(ast.parse(source)) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
        for own in (s for s in listed if s.module == module):
            # Making every mutant anew takes long; that the operator makes the change is seen in the run.
            known = set(own.before.splitlines()) <= lines and own.function.rpartition(".")[2] in {*names, ""}
            if known and own.operator in operators():
                found.add(identity_of(own))
    return [s for s in listed if identity_of(s) not in found]


def test_every_survivor_in_the_list_stands_in_the_code() -> None:
    assert missing(survivors()) == []


def test_a_survivor_that_has_left_the_code_is_found() -> None:
    (here,) = of_engine("pay_in_order", "core/ReplaceComparisonOperator_GtE_Gt")
    own = Survivor(here.module, here.function, here.operator, here.before, here.after, "equivalent", "none")
    gone = msgspec.structs.replace(own, before="if remaining >= due:")
    assert missing([own, gone]) == [gone]
