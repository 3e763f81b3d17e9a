"""A mutation run: every small change of the engine's liquidation code must make the proofs come out otherwise.

cosmic-ray makes the mutants; each is put into a copy of the sources, and the theorems are decided there as
`charterproof prove --fail-fast` decides them. A mutant is killed if a verdict is not as expected or the run
breaks off, and it survives if all is as expected, or if something is undecided and nothing is unexpected.

A study that never executes the mutated statement cannot notice the mutation, so it is not run again: the
run on the unmutated engine says which statements each study executes. It must come out as expected, too.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import time
import tomllib
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain, combinations
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Literal

from proofs.results import Result
from reference.charter import COMMON, Charter
from reference.position import Position
from reference.readings import CapMode, CashRank, EfConversion, Readings
from symbolic.evaluate import evaluate_each, holds
from symbolic.liquidation import Case

ROOT = Path(__file__).parent.parent
SURVIVORS = Path(__file__).with_name("survivors.toml")
PACKAGES = ("reference", "symbolic", "proofs")
MODULES = ("liquidation", "equilibrium")
CHARTER = "quintus-1999"
GUARD = 15 * 60
"""The seconds after which a mutant that does not end is stopped; no verdict depends on it otherwise."""

MEMORY = 8 * 2**30
"""The bytes that one run of a mutant may take up."""

NAMED = ("module", "function", "operator", "before", "after")
KILLED, SURVIVED, UNDECIDED = "killed", "survived", "undecided"
UNREACHED = "no study executes this statement"
CRASH, TIMEOUT = "crash", "timeout"


class HarnessError(Exception):
    """Say why there can be no mutation run; the message is one sentence."""


# Mutants: what is changed, and which changes are not worth a run.


@dataclass(frozen=True)
class Mutant:
    """Hold one change of one module: the lines that differ, without indentation, before and after.

    function: qualified name, empty outside functions; statement: first and last line of the statement;
    source: the whole module as changed.
    """

    module: str
    function: str
    operator: str
    before: str
    after: str
    line: int
    statement: tuple[int, int]
    source: str

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names it in the list of survivors: no line number, as these change."""
        return tuple(getattr(self, name) for name in NAMED)


@dataclass(frozen=True)
class Statement:
    """Hold where a statement stands; of a compound one, only its head."""

    first: int
    last: int
    function: str


class Swap:
    """Change a word or sign where it stands in a context; cosmic-ray has no operator for these."""

    def __init__(self, old: str, new: str, fits: Callable[[Any], bool]) -> None:
        """Replace a leaf's text: old by new, where the leaf fits."""
        self.old, self.new, self.fits = old, new, fits

    def mutation_positions(self, node: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Yield the node's place if it is to be changed."""
        if getattr(node, "value", None) == self.old and self.fits(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Change the node."""
        node.value = self.new
        return node


class ReverseStarred:
    """Reverse a tuple or list that is put together from others, as the ranks are."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Yield the node's place if it is such a tuple."""
        if node.type == "testlist_comp" and any(child.type == "star_expr" for child in node.children):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Reverse the items, the commas staying where they are."""
        node.children[::2] = node.children[::2][::-1]
        return node


def _called(node: Any) -> bool:
    after = node.get_next_sibling()
    return after is not None and after.type == "trailer"


OWN_OPERATORS: Mapping[str, Any] = {
    "charterproof/Max_Min": Swap("max", "min", _called),
    "charterproof/Min_Max": Swap("min", "max", _called),
    "charterproof/AugmentedAdd_Sub": Swap("+=", "-=", lambda node: True),
    "charterproof/In_NotIn": Swap("in", "not in", lambda node: node.parent.type == "comparison"),
    "charterproof/NotIn_In": Swap("not", "", lambda node: node.parent.type == "comp_op" and "in" in _words(node)),
    "charterproof/Nothing_One": Swap("NOTHING", "(NOTHING + 1)", lambda node: True),
    "charterproof/ReverseStarred": ReverseStarred(),
}


def _words(node: Any) -> list[str]:
    return str(node.parent.get_code()).split()


def operators() -> dict[str, Any]:
    """Return every operator by name: cosmic-ray's that need no arguments, then our own.

    Raise HarnessError where cosmic-ray is not installed.
    """
    plugins = _cosmic_ray("plugins")
    arguments = ("core/VariableReplacer", "core/VariableInserter")
    names = [name for name in plugins.operator_names() if name not in arguments]
    return {name: plugins.get_operator(name)() for name in names} | dict(OWN_OPERATORS)


def _cosmic_ray(name: str) -> Any:
    # cosmic-ray is an extra, without type information: imported only where it is needed.
    try:
        return importlib.import_module(f"cosmic_ray.{name}")
    except ImportError as error:
        raise HarnessError("cosmic-ray is not installed: pip install '.[mutation]'.") from error


def mutants(module: str, source: str, only: Iterable[str] | None = None) -> tuple[list[Mutant], Counter[str]]:
    """Return the mutants of a module that are worth a run, and how many others there are, by reason.

    module: its name in `reference`; source: its text; only: names of operators, all by default.
    """
    found: list[Mutant] = []
    skipped: Counter[str] = Counter()
    seen = {_meaning(source)}
    nodes = list(_cosmic_ray("ast").ast_nodes(_cosmic_ray("ast").get_ast(source)))
    places = statements(source)
    chosen = operators()
    for name in chosen if only is None else only:
        for occurrence, (node, line) in enumerate(_places(nodes, chosen[name])):
            reason = _beside_the_point(node)
            changed = None if reason else _cosmic_ray("mutating").mutate_code(source, chosen[name], occurrence)
            if changed is not None:
                reason = _no_change(changed, seen)
            if changed is None or reason:
                skipped[reason or "no mutation made"] += 1
                continue
            place = min((s for s in places if s.first <= line <= s.last), key=lambda s: s.last - s.first)
            before, after = _differing(source, changed)
            found.append(
                Mutant(module, place.function, name, before, after, line, (place.first, place.last), changed),
            )
    return sorted(found, key=lambda m: m.line), skipped


def _places(nodes: Iterable[Any], operator: Any) -> Iterator[tuple[Any, int]]:
    """Yield node and line of each occurrence, numbered as cosmic-ray numbers them."""
    for node in nodes:
        for start, _ in operator.mutation_positions(node):
            yield node, start[0]


def _beside_the_point(node: Any) -> str:
    """Say why a place is left out, or nothing: annotations are never evaluated, imports state no rule."""
    child, parent = None, node
    while parent is not None:
        if parent.type in ("import_name", "import_from"):
            return "in an import"
        if parent.type == "decorator":
            return "in a decorator"
        annotated = {"annassign": 1, "tfpdef": 2}.get(parent.type)
        if annotated is not None and child is parent.children[annotated]:
            return "in an annotation"
        if parent.type == "funcdef" and child is not None and child is parent.annotation:
            return "in an annotation"
        child, parent = parent, parent.parent
    return ""


def _no_change(source: str, seen: set[str]) -> str:
    """Say why a changed module is not worth a run, or nothing, having noted it as seen."""
    try:
        meaning = _meaning(source)
    except (SyntaxError, ValueError):
        return "does not compile"
    if meaning in seen:
        return "same bytecode as the engine or an earlier mutant"
    seen.add(meaning)
    return ""


def _meaning(source: str) -> str:
    """Return a digest of a module's bytecode, line numbers apart."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(source, "module", "exec", dont_inherit=True)
    return hashlib.sha256(repr(_content(code)).encode()).hexdigest()


def _content(code: CodeType) -> tuple[object, ...]:
    constants = [_content(c) if isinstance(c, CodeType) else _constant(c) for c in code.co_consts]
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return (code.co_name, code.co_code, code.co_flags, code.co_exceptiontable, names, constants)


def _constant(value: object) -> str:
    # A frozenset is written in no fixed order.
    return repr(sorted(map(repr, value))) if isinstance(value, frozenset) else f"{type(value).__name__} {value!r}"


def _differing(before: str, after: str) -> tuple[str, str]:
    """Return the lines that differ between two texts, without indentation."""
    old, new = before.splitlines(), after.splitlines()
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return "\n".join(line.strip() for line in old), "\n".join(line.strip() for line in new)


def statements(source: str) -> list[Statement]:
    """Return every statement of a module; the whole module stands for what is outside of all."""
    whole = Statement(1, source.count("\n") + 1, "")
    return [whole, *_statements(ast.parse(source), "")]


def _statements(owner: ast.AST, function: str) -> Iterator[Statement]:
    for node in ast.iter_child_nodes(owner):
        inner = function
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            inner = f"{function}.{node.name}".lstrip(".")
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
            yield Statement(node.lineno, last, function)
        yield from _statements(node, inner)


# The check of one mutant, in a process of its own that runs inside a copy of the sources.


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """Do what a request asks, in the copy of the sources in which this process runs.

    `list`: return the theorems of each study. `trace`: run one study and return which lines of which
    modules it executes, and what is not as expected. `check`: run the given theorems, up to the first
    unexpected verdict, and the differential check if it is asked for.
    """
    from proofs.run import studies
    from reference.oracle.charters import load

    charter = load(CHARTER)
    if request["do"] == "list":
        return {"studies": [[c.theorem.id for c in study.checks] for study in studies(charter)]}
    if request["do"] == "trace":
        return _trace(charter, request["study"], request["ids"], request["modules"])
    found: dict[str, Any] = {"differential": None}
    if request["differential"]:
        found["differential"] = _noticed(charter)
    return found | _proved(charter, request["stages"])


def _proved(charter: Charter, stages: Sequence[tuple[int, Sequence[str]]]) -> dict[str, Any]:
    undecided: list[str] = []
    for index, ids in stages:
        for result in _results(charter, index, list(ids)):
            verdict = _outcome(result)
            if verdict == KILLED:
                return {"outcome": KILLED, "by": result.theorem.id, "detail": _words_of(result)}
            if verdict == UNDECIDED:
                undecided.append(result.theorem.id)
    if undecided:
        return {"outcome": UNDECIDED, "by": "", "detail": f"undecided: {', '.join(undecided)}"}
    return {"outcome": SURVIVED, "by": "", "detail": ""}


def _results(charter: Charter, index: int, ids: list[str]) -> Iterator[Result]:
    """Yield results until one is not as expected; if it is undecided, go on with those after it."""
    from proofs.run import run_task

    while ids:
        results, _ = run_task(charter, index, ids, fail_fast=True)
        yield from results
        ids = ids[len(results) :]


def _outcome(result: Result) -> str:
    if result.as_expected:
        return SURVIVED
    from proofs.report.data import Outcome, outcome

    return UNDECIDED if outcome(result) is Outcome.UNDECIDED else KILLED


def _words_of(result: Result) -> str:
    twins = [t.change for t in result.twins if t.verdict.value != "REFUTED"]
    return f"{result.verdict}{''.join(f'; twin: {twin}' for twin in twins)}"


def _trace(charter: Charter, index: int, ids: list[str], modules: Sequence[str]) -> dict[str, Any]:
    """Run one study with a note of the lines that it executes in the modules."""
    files = {str(importlib.import_module(f"reference.{name}").__file__): name for name in modules}
    lines: dict[str, set[int]] = {name: set() for name in modules}

    def within(frame: FrameType, event: str, argument: object) -> Any:
        lines[files[frame.f_code.co_filename]].add(frame.f_lineno)
        return within

    def entering(frame: FrameType, event: str, argument: object) -> Any:
        return within if frame.f_code.co_filename in files else None

    sys.settrace(entering)
    try:
        results = list(_results(charter, index, ids))
    finally:
        sys.settrace(None)
    wrong = {r.theorem.id: r.verdict.value for r in results if not r.as_expected}
    return {"lines": {name: sorted(found) for name, found in lines.items()}, "wrong": wrong}


def _noticed(charter: Charter) -> str:
    """Return what the differential check notices, or nothing."""
    try:
        return differential(charter)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


# The differential check: a few concrete questions to the engine and to the closed forms.


@dataclass(frozen=True)
class Question:
    """Hold a position, a reading, and whether the electing class has converted."""

    position: Position
    readings: Readings
    elected: bool

    @cached_property
    def case(self) -> Case:
        """Return the structure that says which forms answer it."""
        splits, prices = frozenset(self.position.preferred_splits), frozenset(self.position.conversion_prices)
        return Case(self.position.charter, self.readings, elected=self.elected, splits=splits, prices=prices)

    def values(self, assets: int) -> dict[str, Fraction | int]:
        """Return the values of the unknowns of the forms."""
        held, declared = self.position.shares, self.position.declared_dividends
        named: dict[str, Fraction | int] = {"W": assets, "C": held.get(COMMON, 0)}
        for name in (s.name for s in self.position.charter.series):
            named |= {f"n_{name}": held.get(name, 0), f"d_{name}": declared.get(name, 0)}
        named |= {f"CP_{name}": price for name, price in self.position.conversion_prices.items()}
        return named | {f"k_{name}": factor for name, factor in self.position.preferred_splits.items()}


ASSETS = (0, 8, 15, 16, 20, 24, 30, 40, 47, 60, 75, 90, 120)


def questions(charter: Charter) -> Iterator[Question]:
    """Yield the questions of the differential check."""
    plain = Position(charter, {"A": 3, "C": 2, "E": 3, "F": 2, COMMON: 4}, declared_dividends={"A": Fraction(1, 2)})
    priced = replace(plain, conversion_prices={"E": Fraction(2), "F": Fraction(11)}, preferred_splits={"C": Fraction(2)})
    for position in (plain, priced, Position(charter, {"E": 1, "F": 1})):
        for elected in (False, True):
            yield Question(position, Readings(), elected)
    yield from (Question(plain, Readings(cash_rank=rank), True) for rank in CashRank)
    yield from (Question(plain, Readings(cap_mode=mode), False) for mode in CapMode)
    yield Question(plain, Readings(ef_conversion=EfConversion.DOUBLE_DIP), False)


def differential(charter: Charter) -> str:
    """Return the first difference between the engine and the closed forms on the questions, or nothing."""
    for question in questions(charter):
        for what, engine, closed in chain(_given(question), _chosen(question)):
            if engine != closed:
                return f"{what}: {engine} and {closed}"
    return ""


Compared = Iterator[tuple[str, object, object]]


def _given(question: Question) -> Compared:
    from reference.liquidation import breakpoints, distribute
    from symbolic import liquidation as closed

    names = question.position.charter.optional
    for converted in chain.from_iterable(combinations(names, size) for size in range(len(names) + 1)):
        case = replace(question.case, converted=frozenset(converted))
        form = closed.forms(case)
        for assets in ASSETS:
            found = distribute(
                question.position, question.readings, Fraction(assets), case.converted, question.elected
            )
            yield from _same_payments(found, form, question.values(assets))
        listed = breakpoints(question.position, question.readings, case.converted, question.elected)
        yield from _same_levels(listed, closed.breakpoints(case), question.values(0))


def _chosen(question: Question) -> Compared:
    from reference.equilibrium import class_elects, equilibrium_breakpoints, liquidate
    from symbolic import equilibrium as closed

    readings, position = question.readings, question.position
    if readings.cap_mode is not CapMode.INDIVIDUAL or readings.ef_conversion is EfConversion.DOUBLE_DIP:
        return
    form, election = closed.forms_chosen(question.case), closed.election(question.case)
    for assets in ASSETS:
        values = question.values(assets)
        yield from _same_payments(liquidate(position, readings, Fraction(assets), question.elected), form, values)
        yield "elects", class_elects(position, readings, Fraction(assets)), holds(election.elects, values)
    listed = equilibrium_breakpoints(position, readings, question.elected)
    yield from _same_levels(listed, closed.breakpoints_chosen(question.case), question.values(0))


def _same_payments(found: Any, form: Any, values: Mapping[str, Fraction | int]) -> Compared:
    exact = evaluate_each((form.undistributed, *form.total.values()), values)
    yield "undistributed", found.undistributed, exact[0]
    for name, amount in zip(form.total, exact[1:], strict=True):
        yield f"total {name}", found.total(name), amount


def _same_levels(found: Iterable[Any], forms: Iterable[Any], values: Mapping[str, Fraction | int]) -> Compared:
    real = [form for form in forms if holds(form.condition, values)]
    levels = evaluate_each([form.assets for form in real], values)
    closed = sorted((level, form.event, form.names) for level, form in zip(levels, real, strict=True))
    yield "breakpoints", sorted((point.assets, point.event, point.names) for point in found), closed


# The run: copies of the sources, a worker for each, and a file of results.


@dataclass(frozen=True)
class Outcome:
    """Hold what became of one mutant.

    by: the theorem whose verdict is not as expected, or `crash` or `timeout`; differential: what the
    differential check noticed, None if it was not made; engine, proofs: digests of the sources.
    """

    module: str
    function: str
    operator: str
    before: str
    after: str
    line: int
    outcome: str
    by: str
    detail: str
    differential: str | None
    engine: str
    proofs: str

    @property
    def key(self) -> tuple[object, ...]:
        """Return what tells it from all others with the same engine."""
        return (*(getattr(self, name) for name in NAMED), self.line)


@dataclass(frozen=True)
class Baseline:
    """Hold what the unmutated engine does in one study: its seconds, its theorems, and the lines executed."""

    index: int
    seconds: float
    ids: tuple[str, ...]
    lines: Mapping[str, frozenset[int]]

    def reaches(self, mutant: Mutant) -> bool:
        """Say whether the study executes the mutated statement; outside functions every study does."""
        first, last = mutant.statement
        return not mutant.function or not self.lines[mutant.module].isdisjoint(range(first, last + 1))


def sources(root: Path) -> dict[str, bytes]:
    """Return the files of the three packages as they are in the working tree, by relative path."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *PACKAGES]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise HarnessError(f"{root} is no git repository whose files could be copied.") from error
    names = sorted(set(listed.split("\0")) - {""})
    return {name: (root / name).read_bytes() for name in names if (root / name).is_file()}


def digest(files: Mapping[str, bytes], belongs: Callable[[str], bool]) -> str:
    """Return a digest of those files that belong to something."""
    state = hashlib.sha256()
    for name in filter(belongs, sorted(files)):
        state.update(f"{name} {len(files[name])}\n".encode() + files[name])
    return state.hexdigest()[:16]


def is_engine(name: str) -> bool:
    """Say whether a file belongs to the engine."""
    return name.startswith("reference/") and not name.startswith("reference/oracle/")


def is_proof(name: str) -> bool:
    """Say whether a file bears on verdicts, the engine apart."""
    beside = ("proofs/report/", "proofs/mutation.py", "proofs/survivors.toml")
    return name.startswith(("symbolic/", "proofs/")) and not name.startswith(beside)


@contextmanager
def copies(files: Mapping[str, bytes], number: int) -> Iterator[queue.Queue[Path]]:
    """Write copies of the sources into temporary directories and hand them out one at a time."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as home:
        free: queue.Queue[Path] = queue.Queue()
        for place in range(number):
            copy = Path(home, str(place))
            for name, content in files.items():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                (copy / name).write_bytes(content)
            free.put(copy)
        yield free


@dataclass(frozen=True)
class Reply:
    """Hold how a process ended: its answer, None if it gave none, its last words, and whether it was stopped."""

    answer: dict[str, Any] | None
    last_words: str
    stopped: bool = False


def ask(copy: Path, request: Mapping[str, Any], guard: float = GUARD) -> Reply:
    """Put a request to a new process in a copy of the sources."""
    # No bytecode is kept: two mutants of the same length within a second would be taken for each other.
    command = [sys.executable, "-B", "-W", "ignore", "-m", "proofs.mutation", "--answer"]
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONSAFEPATH")}
    try:
        ended = subprocess.run(
            command,
            cwd=copy,
            env=kept | {"PYTHONHASHSEED": "0"},
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=guard,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Reply(None, f"stopped after {guard:.0f} s", stopped=True)
    last = ended.stderr.strip().splitlines()[-1:] or [f"exit status {ended.returncode}"]
    return Reply(json.loads(ended.stdout) if ended.returncode == 0 else None, last[0])


@dataclass(frozen=True)
class Bench:
    """Hold the copies, the studies' baselines and what is common to all results."""

    free: queue.Queue[Path]
    baselines: tuple[Baseline, ...]
    original: Mapping[str, bytes]
    differential: bool
    engine: str
    proofs: str

    def judge(self, mutant: Mutant) -> tuple[Outcome, float]:
        """Return what becomes of a mutant, and the seconds that this took."""
        stages = [(b.index, b.ids) for b in self.baselines if b.reaches(mutant)]
        start = time.monotonic()
        copy = self.free.get()
        try:
            (copy / _path(mutant.module)).write_text(mutant.source, encoding="utf-8")
            reply = ask(copy, {"do": "check", "differential": self.differential, "stages": stages})
        finally:
            (copy / _path(mutant.module)).write_bytes(self.original[_path(mutant.module)])
            self.free.put(copy)
        return self._outcome(mutant, reply, bool(stages)), time.monotonic() - start

    def _outcome(self, mutant: Mutant, reply: Reply, reached: bool) -> Outcome:
        found = reply.answer
        if found is None:
            by = TIMEOUT if reply.stopped else CRASH
            found = {"outcome": KILLED, "by": by, "detail": reply.last_words, "differential": None}
        if not reached and found["outcome"] == SURVIVED:
            found["detail"] = UNREACHED
        named = {name: getattr(mutant, name) for name in (*NAMED, "line")}
        return Outcome(**named, **found, engine=self.engine, proofs=self.proofs)


def _path(module: str) -> str:
    return f"reference/{module}.py"


def baselines(free: queue.Queue[Path], modules: Sequence[str], workers: int) -> tuple[Baseline, ...]:
    """Run every study on the unmutated engine; quick studies first in the result.

    A theorem whose verdict is not as expected proves nothing about mutants: raise HarnessError.
    """
    copy = free.get()
    listed = ask(copy, {"do": "list"})
    free.put(copy)
    if listed.answer is None:
        raise HarnessError(f"The proofs do not start on the unmutated engine: {listed.last_words}")
    wrong: dict[str, str] = {}

    def run(index: int, ids: list[str]) -> Baseline:
        copy, start = free.get(), time.monotonic()
        reply = ask(copy, {"do": "trace", "study": index, "ids": ids, "modules": modules})
        free.put(copy)
        seconds = time.monotonic() - start
        if reply.answer is None:
            wrong[", ".join(ids)] = reply.last_words
            return Baseline(index, seconds, (), {})
        wrong.update(reply.answer["wrong"])
        _say(f"unmutated, study {index + 1}: {len(ids)} theorems, {seconds:.1f} s")
        lines = {name: frozenset(found) for name, found in reply.answer["lines"].items()}
        return Baseline(index, seconds, tuple(ids), lines)

    with ThreadPoolExecutor(workers) as pool:
        found = list(pool.map(run, *zip(*enumerate(listed.answer["studies"]), strict=True)))
    if wrong:
        what = "; ".join(f"{name}: {verdict}" for name, verdict in sorted(wrong.items()))
        raise HarnessError(f"The unmutated engine does not come out as expected: {what}.")
    return tuple(sorted(found, key=lambda b: b.seconds))


# Results and the list of survivors.


def earlier(out: Path, engine: str, proofs: str) -> dict[tuple[object, ...], Outcome]:
    """Return the results in a file that still count: of this engine, and of these proofs unless killed."""
    kept = {}
    for number, line in enumerate(out.read_text("utf-8").splitlines() if out.exists() else (), start=1):
        try:
            found = Outcome(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise HarnessError(f"{out}: line {number} is no result of a mutation run.") from error
        if found.engine == engine and (found.proofs == proofs or found.outcome == KILLED):
            kept[found.key] = found
    return kept


def written(outcome: Outcome) -> str:
    """Return a result as a line."""
    return json.dumps(asdict(outcome), ensure_ascii=False) + "\n"


def rewrite(out: Path, outcomes: Iterable[Outcome]) -> None:
    """Write results in the place of a file's, in one step."""
    beside = out.with_name(f"{out.name}.part")
    beside.write_text("".join(map(written, outcomes)), encoding="utf-8")
    beside.replace(out)


@dataclass(frozen=True)
class Survivor:
    """Hold a mutant that the proofs do not notice, and why: it is equivalent, or outside of what they claim."""

    module: str
    function: str
    operator: str
    before: str
    after: str
    kind: Literal["equivalent", "outside"]
    reason: str

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what names it."""
        return tuple(getattr(self, name) for name in NAMED)


def survivors(path: Path = SURVIVORS) -> tuple[Survivor, ...]:
    """Read the list of survivors; raise HarnessError, naming the entry, if it is not well formed."""
    try:
        entries = tomllib.loads(path.read_text("utf-8")).get("survivor", [])
    except (OSError, ValueError) as error:
        raise HarnessError(f"{path.name} cannot be read: {error}.") from error
    wanted = {*NAMED, "kind", "reason"}
    for number, entry in enumerate(entries):
        if set(entry) != wanted or not all(isinstance(value, str) for value in entry.values()):
            raise HarnessError(f"{path.name}: survivor[{number}] must have exactly the texts {sorted(wanted)}.")
        if entry["kind"] not in ("equivalent", "outside") or not entry["reason"].strip():
            raise HarnessError(f"{path.name}: survivor[{number}] needs a reason, and a kind: equivalent or outside.")
    found = tuple(Survivor(**entry) for entry in entries)
    doubled = [identity for identity, count in Counter(s.identity for s in found).items() if count > 1]
    if doubled:
        raise HarnessError(f"{path.name} has two entries for {' | '.join(doubled[0])}.")
    return found


def stub(outcome: Outcome) -> str:
    """Return the entry for a survivor, its reason still to be written."""
    lines = [f"{name} = {json.dumps(getattr(outcome, name), ensure_ascii=False)}" for name in NAMED]
    return "\n".join(["[[survivor]]", *lines, 'kind = ""', 'reason = ""', ""])


FAMILIES: Mapping[str, tuple[str, ...]] = {
    "comparisons": ("core/ReplaceComparison", "charterproof/In_", "charterproof/NotIn_"),
    "signs": (
        *(f"core/ReplaceBinaryOperator_{a}_{b}" for a in ("Add", "Sub", "Mul", "Div") for b in ("Add", "Sub")),
        "core/ReplaceUnaryOperator_USub_UAdd",
        "core/ReplaceUnaryOperator_Delete_USub",
        "charterproof/Augmented",
    ),
    "caps, tiers and amounts": ("charterproof/", "core/NumberReplacer"),
    "other arithmetic": ("core/ReplaceBinary", "core/ReplaceUnaryOperator_USub"),
    "branches and loops": ("core/",),
}
"""How operators are grouped in the summary; the first group that fits counts."""


def family(operator: str) -> str:
    """Name the group of an operator."""
    return next(name for name, prefixes in FAMILIES.items() if operator.startswith(prefixes))


def summary(outcomes: Sequence[Outcome], skipped: Mapping[str, int], proofs: str) -> str:
    """Return the counts of a run as lines."""
    lines = [f"{'mutants':28}{'run':>6}{'killed':>8}{'survived':>10}{'undecided':>11}"]
    for name in (*FAMILIES, "all"):
        own = [o for o in outcomes if name in ("all", family(o.operator))]
        counts = Counter(o.outcome for o in own)
        lines.append(f"{name:28}{len(own):6}{counts[KILLED]:8}{counts[SURVIVED]:10}{counts[UNDECIDED]:11}")
    killed = [o for o in outcomes if o.outcome == KILLED]
    by = Counter(o.by if o.by in (CRASH, TIMEOUT) else "a theorem's verdict" for o in killed)
    lines.append("killed by " + ", ".join(f"{what}: {count}" for what, count in by.most_common()))
    compared = [o for o in outcomes if o.differential is not None]
    if compared:
        noticed = sum(bool(o.differential) for o in compared)
        alone = sum(bool(o.differential) and o.outcome != KILLED for o in compared)
        lines.append(f"differential check: notices {noticed} of {len(compared)}, {alone} of them unnoticed by proofs")
    lines += [f"not run, {reason}: {count}" for reason, count in sorted(skipped.items())]
    older = sum(o.proofs != proofs for o in outcomes)
    if older:
        lines.append(f"{older} were killed by an earlier state of the proofs and not run again")
    return "\n".join(lines)


# The command.


@dataclass(frozen=True)
class Plan:
    """Hold what a run is to do."""

    modules: tuple[str, ...]
    workers: int
    out: Path
    limit: int | None
    differential: bool


def run(plan: Plan, root: Path = ROOT) -> int:
    """Run the mutants that have no result yet; return 1 if a survivor is not in the list, else 0."""
    known = {s.identity for s in survivors()}
    files = sources(root)
    engine, proofs = digest(files, is_engine), digest(files, is_proof)
    found, skipped = _all_mutants(plan.modules, files)
    done = earlier(plan.out, engine, proofs)
    pending = [m for m in found if (*m.identity, m.line) not in done]
    chosen = spread(pending, plan.limit)
    _say(f"{len(found)} mutants, {len(found) - len(pending)} of them with a result; {len(chosen)} to run")
    if chosen:
        with copies(files, plan.workers) as free:
            bases = baselines(free, plan.modules, plan.workers)
            bench = Bench(free, bases, files, plan.differential, engine, proofs)
            done |= _judged(bench, chosen, plan)
    outcomes = [done[key] for m in found if (key := (*m.identity, m.line)) in done]
    rewrite(plan.out, outcomes)
    _say(summary(outcomes, skipped, proofs))
    unlisted = [o for o in outcomes if o.outcome != KILLED and tuple(asdict(o)[n] for n in NAMED) not in known]
    for outcome in unlisted:
        print(stub(outcome))
    _say(f"{len(unlisted)} survivors without an entry in {SURVIVORS.name}")
    return 1 if unlisted else 0


def spread(pending: Sequence[Mutant], limit: int | None) -> list[Mutant]:
    """Return at most so many mutants, spread evenly over all."""
    if limit is None or limit >= len(pending):
        return list(pending)
    return [pending[place * len(pending) // limit] for place in range(limit)]


def _all_mutants(modules: Sequence[str], files: Mapping[str, bytes]) -> tuple[list[Mutant], Counter[str]]:
    found: list[Mutant] = []
    skipped: Counter[str] = Counter()
    for module in modules:
        if _path(module) not in files:
            raise HarnessError(f"There is no module {_path(module)}.")
        own, left_out = mutants(module, files[_path(module)].decode())
        found += own
        skipped += left_out
    return found, skipped


def _judged(bench: Bench, chosen: Sequence[Mutant], plan: Plan) -> dict[tuple[object, ...], Outcome]:
    """Run mutants, a line in the file for each as soon as it has a result."""
    done = {}
    plan.out.parent.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(plan.workers) as pool, plan.out.open("a", encoding="utf-8") as file:
        try:
            for number, (outcome, seconds) in enumerate(pool.map(bench.judge, chosen), start=1):
                done[outcome.key] = outcome
                file.write(written(outcome))
                file.flush()
                where = f"{outcome.module}.{outcome.function}:{outcome.line}"
                by = f" by {outcome.by}" if outcome.by else ""
                _say(f"{number}/{len(chosen)} {outcome.outcome}{by}, {seconds:.1f} s, {where} {outcome.operator}")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return done


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _answer_here() -> int:
    """Answer the request on standard input, as one of the processes that the run starts."""
    import reference

    if not str(reference.__file__).startswith(os.getcwd()):
        raise HarnessError("The sources of this directory are not those that Python imports.")
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    print(json.dumps(answer(json.load(sys.stdin))))
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, 1 for a finding, 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m proofs.mutation", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--module", action="append", metavar="NAME", help="a module of reference; may be repeated")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="mutants that are run at a time")
    parser.add_argument("--out", type=Path, default=Path("build/mutation.jsonl"), help="the file of results")
    parser.add_argument("--limit", type=int, help="run at most so many mutants, spread evenly")
    parser.add_argument("--proofs-only", action="store_true", help="leave the differential check out")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.answer:
        return _answer_here()
    if given.workers < 1 or (given.limit is not None and given.limit < 0):
        parser.error("there must be at least one worker, and no negative limit")
    modules = tuple(dict.fromkeys(given.module or MODULES))
    try:
        return run(Plan(modules, given.workers, given.out, given.limit, not given.proofs_only))
    except HarnessError as error:
        _say(str(error))
        return 2
    except KeyboardInterrupt:
        _say(f"Interrupted. The same command goes on from {given.out}.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
