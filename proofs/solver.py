"""The solver: questions with a deterministic budget, and rational models."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

import z3

LOGIC = "QF_NRA"
BUDGET = 20_000_000
"""The solver's resource limit for one question; it counts steps, not seconds."""

SHORT = ((LOGIC, 0, 100), (None, 0, 100))
LONG = ((LOGIC, 0, 20), (LOGIC, 1, 20), (None, 0, 20), (LOGIC, 2, 10), (None, 1, 10), (LOGIC, 3, 4), (LOGIC, 4, 3))
ATTEMPTS = SHORT + LONG
"""The attempts at a question: logic, seed, and the part of the budget that it gets, as its divisor.

How long a question of this kind takes depends much on the order in which the solver looks at it, so several
short attempts decide more than a long one.
"""


OF_BRANCHES = ((LOGIC, 0, 100), (None, 1, 100), *LONG)
"""The attempts at whether a branch can be taken; by its seed, the second one met no question that takes it long."""

OF_PATHS = ((LOGIC, 0, 100), (LOGIC, 0, 20), (None, 0, 100), *LONG[1:])
"""The attempts at what is claimed on a path: its case distinctions are made, which the first logic is best at."""

WHOLE_LOGIC = "ALL"
SOLVED = "solved"
"""Stands for a solver that first eliminates unknowns by equations: a count that is a whole number then is one."""

NAMED = "named"
"""Stands for the same solver on a question whose products of unknowns are names for any number.

If that cannot hold, the question cannot; that it can says nothing.
"""

WHOLE_ATTEMPTS = (
    (SOLVED, 0, 100),
    (NAMED, 0, 100),
    (SOLVED, 0, 8),
    (None, 0, 8),
    (None, 1, 8),
    (SOLVED, 1, 4),
    (None, 2, 4),
)
"""The logic and the attempts of questions in which whole numbers occur."""

Attempts = Sequence[tuple[str | None, int, int]]


def plan(attempts: Attempts) -> str:
    """Return as text how a budget is spent: an answer depends on it."""
    return f"{attempts} {WHOLE_LOGIC} {WHOLE_ATTEMPTS}"


@dataclass(frozen=True)
class Answer:
    """Hold what the solver said: `sat`, `unsat` or `unknown`, its cost in steps, and a model if `sat`."""

    status: str
    resource: int
    model: z3.ModelRef | None = None


def ask(constraints: Iterable[z3.BoolRef], budget: int = BUDGET) -> Answer:
    """Ask whether the constraints can hold together, within a budget of solver steps."""
    conditions = [_explicit(condition) for condition in constraints]
    has_whole = any(map(_has_whole_numbers, conditions))
    attempts, here = (WHOLE_ATTEMPTS, 2) if has_whole else (OF_BRANCHES, 1)
    first = _first(z3.main_ctx(), lambda solver: solver.add(*conditions), budget, attempts[:here])
    return first if first.status != "unknown" else _apart(conditions, budget, attempts[here:], first.resource)


def _apart(conditions: Sequence[z3.BoolRef], budget: int, attempts: Attempts, cost: int) -> Answer:
    """Ask in a context apart: where many terms have been made before, some questions take a thousand times as long."""
    context = z3.Context()
    (text,) = script("", conditions, [[]]).questions
    found = _first(context, lambda solver: solver.from_string(text), budget, attempts)
    model = None if found.model is None else found.model.translate(z3.main_ctx())
    return Answer(found.status, cost + found.resource, model)


def _explicit(condition: z3.BoolRef) -> z3.BoolRef:
    """Write that something is whole as an equation with a whole number, which solvers can eliminate."""
    if z3.is_not(condition) and z3.is_not(condition.arg(0)):
        return _explicit(condition.arg(0).arg(0))
    if z3.is_and(condition):
        return z3.And(*map(_explicit, condition.children()))
    if z3.is_app_of(condition, z3.Z3_OP_IS_INT):
        term = condition.arg(0)
        name = term.decl().name() if z3.is_const(term) else f"term{sha256(term.sexpr().encode()).hexdigest()}"
        return term == z3.ToReal(z3.Int(f"{name}_whole"))
    return condition


_WHOLE: dict[int, tuple[z3.BoolRef, bool]] = {}


def _has_whole_numbers(condition: z3.BoolRef) -> bool:
    """Say whether a condition has whole-number unknowns; it is kept, as its identifier is its own while it lives."""
    key = condition.get_id()
    if key not in _WHOLE:
        _WHOLE[key] = (condition, any(z3.is_int(v) for v in variables(condition)))
    return _WHOLE[key][1]


def _first(
    context: z3.Context,
    load: Callable[[z3.Solver], None],
    budget: int,
    attempts: Attempts = ATTEMPTS,
) -> Answer:
    """Return the first attempt that decides, with the cost of all that were made."""
    cost = 0
    for logic, seed, divisor in attempts:
        solver = _solver(context, logic, seed, max(1, budget // divisor))
        if logic == NAMED and not _load_named(context, load, solver):
            continue
        if logic != NAMED:
            load(solver)
        before = _steps(solver)
        status = str(solver.check())
        cost += max(0, _steps(solver) - before)
        if status == "unsat" or (status == "sat" and logic != NAMED):
            return Answer(status, cost, solver.model() if status == "sat" else None)
    return Answer("unknown", cost)


def _load_named(context: z3.Context, load: Callable[[z3.Solver], None], solver: z3.Solver) -> bool:
    """Load a question with a name in place of each product of unknowns; say whether there is such a product."""
    asked, goal = z3.SimpleSolver(ctx=context), z3.Goal(ctx=context)
    load(asked)
    goal.add(*asked.assertions())
    summed = z3.With("simplify", som=True, ctx=context)
    (plain,) = z3.Then(summed, "propagate-values", summed, ctx=context)(goal)
    products = {part.get_id(): part for condition in plain for part in _parts(condition) if _is_product(part)}
    named = [(part, z3.Const(f"product {at}", part.sort())) for at, part in enumerate(products.values())]
    solver.add(*(z3.substitute(condition, *named) for condition in plain))
    return bool(products)


def _is_product(term: z3.ExprRef) -> bool:
    """Say whether a term is a product of unknowns, or of one with itself."""
    if z3.is_app_of(term, z3.Z3_OP_POWER):
        return True
    return z3.is_mul(term) and sum(not _is_numeral(part) for part in term.children()) > 1


def _is_numeral(term: z3.ExprRef) -> bool:
    return bool(z3.is_rational_value(term) or z3.is_int_value(term))


@dataclass(frozen=True)
class Script:
    """Hold questions about the same assumptions as SMT-LIB: what is declared and assumed, then what each adds."""

    title: str
    declared: str
    assumed: str
    added: tuple[str, ...]
    logic: str = LOGIC

    @property
    def questions(self) -> list[str]:
        """Return each question as a text of its own."""
        head = f"(set-logic {self.logic})\n{self.declared}{self.assumed}"
        return [f"{head}{added}(check-sat)\n" for added in self.added]

    @property
    def text(self) -> str:
        """Return all questions as one file, each between push and pop."""
        heading = "".join(f"; {line}\n" for line in self.title.splitlines())
        blocks = "".join(f"(push 1)\n{added}(check-sat)\n(pop 1)\n" for added in self.added)
        return f"{heading}(set-logic {self.logic})\n{self.declared}{self.assumed}{blocks}"


def script(title: str, assumed: Sequence[z3.BoolRef], added: Sequence[Sequence[z3.BoolRef]]) -> Script:
    """Write questions: whether the assumptions can hold together with what each question adds."""
    written = [_written(condition) for condition in assumed]
    blocks = [[_written(condition) for condition in block] for block in added]
    names = {name for part in [*written, *(w for block in blocks for w in block)] for name in part.variables}
    declared = "".join(f"(declare-fun {name} () {sort})\n" for name, sort in sorted(names))
    logic = WHOLE_LOGIC if any(sort == "Int" for _, sort in names) else LOGIC
    return Script(title, declared, _asserted(written), tuple(_asserted(block) for block in blocks), logic)


@dataclass(frozen=True)
class _Written:
    """Hold a condition with its text; the condition is kept, as its identifier is its own only while it lives."""

    condition: z3.BoolRef
    text: str
    variables: tuple[tuple[str, str], ...]


_TEXTS: dict[int, _Written] = {}


def _written(condition: z3.BoolRef) -> _Written:
    """Write a condition once: the same ones return in the obligations of every theorem."""
    key = condition.get_id()
    if key not in _TEXTS:
        plain = _standard(_explicit(condition))
        found = variables(plain)
        names = tuple((variable.decl().sexpr().split()[1], variable.sort().name()) for variable in found)
        _TEXTS[key] = _Written(condition, f"(assert {' '.join(plain.sexpr().split())})\n", names)
    return _TEXTS[key]


_NEUTRAL = {
    z3.Z3_OP_ADD: lambda: z3.RealVal(0),
    z3.Z3_OP_MUL: lambda: z3.RealVal(1),
    z3.Z3_OP_AND: lambda: z3.BoolVal(True),
    z3.Z3_OP_OR: lambda: z3.BoolVal(False),
}


def _standard(term: z3.ExprRef) -> z3.ExprRef:
    """Return a term without sums, products, `and` and `or` of fewer than two parts: SMT-LIB has none of them."""
    for odd in _parts(term):
        if odd.num_args() < 2 and odd.decl().kind() in _NEUTRAL:
            plain = odd.arg(0) if odd.num_args() else _NEUTRAL[odd.decl().kind()]()
            return _standard(z3.substitute(term, (odd, plain)))
    return term


def _asserted(written: Sequence[_Written]) -> str:
    return "".join(part.text for part in written)


def variables(term: z3.ExprRef) -> Iterator[z3.ArithRef]:
    """Yield each variable of a term once."""
    return (t for t in _parts(term) if z3.is_const(t) and t.decl().kind() == z3.Z3_OP_UNINTERPRETED)


def _parts(term: z3.ExprRef) -> Iterator[z3.ExprRef]:
    """Yield each part of a term once, the term itself first."""
    seen: set[int] = set()
    stack = [term]
    while stack:
        node = stack.pop()
        if node.get_id() in seen:
            continue
        seen.add(node.get_id())
        yield node
        stack.extend(node.children())


def decide(smt2: str, budget: int = BUDGET, context: z3.Context | None = None, attempts: Attempts = ATTEMPTS) -> Answer:
    """Decide a question from its SMT-LIB text, in a context apart so that nothing else matters.

    context: a new one if none is given; making one takes as long as deciding an easy question. attempts: at a
    question without whole numbers.
    """
    made = WHOLE_ATTEMPTS if smt2.startswith(f"(set-logic {WHOLE_LOGIC})") else attempts
    answer = _first(context or z3.Context(), lambda solver: solver.from_string(smt2), budget, made)
    return Answer(answer.status, answer.resource)


def _solver(context: z3.Context, logic: str | None, seed: int, steps: int) -> z3.Solver:
    if logic is None:
        solver = z3.SimpleSolver(ctx=context)
    elif logic in (SOLVED, NAMED):
        plain = z3.With("simplify", elim_to_real=True, som=True, ctx=context)
        solver = z3.Then(plain, "propagate-values", "solve-eqs", plain, "smt", ctx=context).solver()
    else:
        solver = z3.SolverFor(logic, ctx=context)
    solver.set("random_seed", seed)
    solver.set("rlimit", steps)
    return solver


def _steps(solver: z3.Solver) -> int:
    statistics = solver.statistics()
    return int(statistics.get_key_value("rlimit count")) if "rlimit count" in list(statistics.keys()) else 0


def rational(value: z3.ExprRef) -> Fraction | None:
    """Return a model value as a fraction, or None if it is irrational."""
    if z3.is_rational_value(value):
        return Fraction(value.numerator_as_long(), value.denominator_as_long())
    return None


def rational_model(
    constraints: Sequence[z3.BoolRef], unknowns: Sequence[z3.ArithRef], budget: int = BUDGET
) -> tuple[str, Mapping[str, Fraction] | None, int]:
    """Look for a model whose unknowns are all rational.

    Irrational values are replaced one at a time by close fractions, so long as a model remains. Return
    the status, the model if there is a rational one, and the cost.
    """
    first = ask(constraints, budget)
    if first.model is None:
        return first.status, None, first.resource
    cost, model = first.resource, first.model
    found = {u.decl().name(): rational(model.eval(u, model_completion=True)) for u in unknowns}
    exact = {name: value for name, value in found.items() if value is not None}
    if len(exact) == len(found):
        return "sat", exact, cost
    fixed: list[z3.BoolRef] = []
    values: dict[str, Fraction] = {}
    for unknown in unknowns:
        chosen = None
        for candidate in _candidates(model.eval(unknown, model_completion=True)):
            equation = unknown == z3.Q(candidate.numerator, candidate.denominator)
            answer = ask([*constraints, *fixed, equation], budget)
            cost += answer.resource
            if answer.model is not None:
                chosen, model = candidate, answer.model
                fixed.append(equation)
                break
        if chosen is None:
            return "unknown", None, cost
        values[unknown.decl().name()] = chosen
    return "sat", values, cost


def _candidates(value: z3.ExprRef) -> list[Fraction]:
    exact = rational(value)
    if exact is not None:
        return [exact]
    close = []
    for digits in (1, 3, 6, 12):
        approximate = value.approx(digits)
        close.append(Fraction(approximate.numerator_as_long(), approximate.denominator_as_long()))
    return close
