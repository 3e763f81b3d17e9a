"""The conversion prices of the code and those of the closed forms, event by event (3(d))."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import z3

from proofs.checks import PathCheck
from proofs.numbers import literal
from proofs.solver import BUDGET, ask
from proofs.statements import agreement, numbers, totality
from proofs.study import Study
from proofs.subjects import DEFAULTS, chosen
from proofs.theorems.antidilution_states import CENT, LAST, LATER, START, subject_of
from proofs.views import Claim, PathView, Subject, View
from reference.antidilution import (
    Outstanding,
    PriceState,
    change_rights,
    exercise_rights,
    expire_rights,
    issue,
    issue_rights,
    opening,
    pass_time,
    split,
    stock_dividend,
)
from reference.charter import Charter
from reference.conversion_price import Carried
from reference.readings import (
    CentAnniversary,
    CentComposition,
    CentTest,
    CentTriggerPrice,
    GrantAlloc,
    Readings,
    Replay,
    StockDividendBase,
    Switch,
    Vesting,
    WeightedAverageBase,
)
from symbolic import antidilution as closed
from symbolic.account import Account, Definition
from symbolic.evaluate import evaluate

CASES = BUDGET // 10
"""What the solver may spend on one case of a closed form."""

THREE_YEARS = date(2003, 6, 1)
FEBRUARY = 2
V = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """Describe events in the code and in the closed forms, at unknowns by the closed forms' names.

    carries: how many amounts E carries at the opening; days: of the events; series: outstanding at them.
    """

    name: str
    words: str
    events: tuple[closed.Event, ...]
    run: Callable[[PriceState, V], PriceState]
    unknowns: str
    seed: Mapping[str, Fraction]
    days: tuple[date, ...]
    readings: Readings = DEFAULTS
    carries: int = 0
    domain: tuple[z3.BoolRef, ...] = ()
    clauses: str = "3(d)"

    @property
    def label(self) -> str:
        """Return the label of the subject."""
        options = ", ".join(f"{name}={value}" for name, value in chosen(self.readings).items())
        return f"{self.words} ({options})" if options else self.words

    @property
    def id(self) -> str:
        """Name the theorem."""
        return "_".join(("antidilution.equivalence", self.name, *chosen(self.readings).values()))


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of the closed forms."""
    rights = _rights()
    return (
        _study(charter, "closed forms of issuances", "issuances", _issuances()),
        _study(charter, "closed forms of splits and waiting", "splits", (*_splits(), *_waits())),
        _study(charter, "closed forms of rights", "rights", tuple(c for c in rights if c.name != "lapse")),
        _study(charter, "closed forms of lapses", "lapses", tuple(c for c in rights if c.name == "lapse")),
    )


def _study(charter: Charter, name: str, what: str, cases: tuple[Case, ...]) -> Study:
    subjects = tuple(_subject(charter, case) for case in cases)
    everything = totality(f"antidilution.totality_{what}", f"Prices after {what}", (), "3(d)")
    return Study(name, subjects, (*(_agrees(charter, case) for case in cases), everything), weight=12)


def _subject(charter: Charter, case: Case) -> Subject:
    def function(v: V) -> dict[str, Any]:
        held = tuple(Carried(on, v[f"carried_E_{i}"]) for i, on in _carried_on(case))
        state = case.run(opening(charter, case.readings, START, {"E": v["CP_E"]}, {"E": held}), v)
        last = len(case.events)
        return {f"CP_E_{last}": state.official["E"], f"X_E_{last}": state.prices["E"].exact}

    carried = [z3.Real(f"carried_E_{i}") for i, _ in _carried_on(case)]
    total = z3.Sum([z3.RealVal(0), *carried])
    names = " ".join(("CP_E", *(term.decl().name() for term in carried), case.unknowns)).strip()
    price = z3.Real("CP_E")
    hypotheses = (
        price > 0,
        price > total,
        total < CENT,
        *(term >= 0 for term in carried),
        *(z3.Real(name) >= 0 for name in case.unknowns.split()),
        *case.domain,
    )
    seed = {name: case.seed.get(name, Fraction(0)) for name in names.split()} | {"CP_E": Fraction(4)}
    return subject_of(case.label, function, names, hypotheses, seed, readings=case.readings)


def _carried_on(case: Case) -> list[tuple[int, date]]:
    return list(enumerate((START, date(2000, 3, 1))[: case.carries], start=1))


def _agrees(charter: Charter, case: Case) -> PathCheck:
    history = closed.History(charter, case.readings, case.events, carried=(("E", case.carries),))
    account = Account(named=True)
    closed.chain(history, account)
    days = {str(number): on for number, on in enumerate(case.days, start=1)}
    constants = {
        f"CP_{series.name}": series.original_issue_price.value for series in charter.series if series.name != "E"
    }
    if "grant_1" not in case.unknowns:
        constants["grant_1"] = Fraction(0)
    for place, on in days.items():
        constants |= {f"on_{place}": Fraction(on.toordinal()), f"year_{place}": leap_year(on)}
    for index, on in _carried_on(case):
        place = f"E_{index}"
        constants |= {f"carried_on_{place}": Fraction(on.toordinal()), f"carried_year_{place}": leap_year(on)}
    return agreement(
        case.id,
        f"{case.label[0].upper()}{case.label[1:]}",
        (case.label,),
        chain_claim(account.definitions, constants, len(case.events)),
        case.clauses,
        readings=chosen(case.readings),
        constants=", ".join(f"{own.arg(0)} = {own.arg(1)}" for own in case.domain if z3.is_eq(own)),
    )


def leap_year(on: date) -> Fraction:
    """Return the year whose leap days count for a day: the one before, until 28 February."""
    return Fraction(on.year if on.month > FEBRUARY else on.year - 1)


def chain_claim(definitions: list[Definition], constants: Mapping[str, Fraction], last: int) -> Claim:
    """Claim that the prices of E after the last event are those of a chain; constants: of its unknowns, by name."""
    needed = {f"CP_E_{last}", f"X_E_{last}"}
    kept = []
    for definition in reversed(definitions):
        if definition.name in needed:
            needed |= {symbol.name for symbol in definition.expression.free_symbols}
            kept.append(definition)

    def claim(view: View) -> list[z3.BoolRef]:
        values = dict(constants)
        known = {name: literal(value) for name, value in constants.items()}
        settled: list[z3.BoolRef] = []
        for own in reversed(kept):
            if {symbol.name for symbol in own.expression.free_symbols} <= values.keys():
                values[own.name] = evaluate(own.expression, values)
                known[own.name] = literal(values[own.name])
            else:
                term = view.at(known).form(own.expression)
                known[own.name] = by_case(view, term, settled) if isinstance(view, PathView) else term
        return [*settled, *(term == known[name] for name, term in view.outcome.items())]

    return claim


def by_case(view: PathView, term: Any, settled: list[z3.BoolRef]) -> Any:
    """Return a term without the cases that a path decides.

    settled: gets the conditions that do, which must be claimed with what is made of the term.
    """
    term = z3.simplify(term)
    left: set[int] = set()
    while True:
        condition = _first_case(term, left)
        if condition is None:
            return term
        left.add(condition.get_id())
        assumed = [*view.subject.hypotheses, *view.path.constraints, *view.definitions]
        is_so = _at_witness(view, condition)
        holds = condition if is_so else z3.simplify(z3.Not(condition))
        if ask([*assumed, z3.Not(holds)], CASES).status == "unsat":
            settled.append(holds)
            term = z3.simplify(z3.substitute(term, (condition, z3.BoolVal(is_so))))


def _at_witness(view: PathView, condition: z3.BoolRef) -> bool:
    """Say whether a condition holds at a path's witness, as a guess for all of the path."""
    solver = z3.Solver()
    solver.add(*(z3.Real(name) == literal(value) for name, value in view.path.witness.items()))
    solver.add(*view.path.definitions, *view.definitions)
    return solver.check() == z3.sat and bool(z3.is_true(solver.model().eval(condition, model_completion=True)))


def _first_case(term: Any, left: set[int]) -> Any:
    """Return an innermost condition by which a term has cases and that is not among those left alone."""
    for part in term.children():
        found = _first_case(part, left)
        if found is not None:
            return found
    if z3.is_app_of(term, z3.Z3_OP_ITE) and term.arg(0).get_id() not in left:
        return term.arg(0)
    return None


# Events


E = ("E",)
WITH_E = closed.Outstanding(frozenset("E"))


def _issue(state: PriceState, v: V, number: int = 1, on: date = LATER) -> PriceState:
    preferred = {"E": v[f"n_E_{number}"]} if f"n_E_{number}" in v else {}
    outstanding = Outstanding(v[f"C_{number}"], preferred, options=v.get(f"options_{number}", 0))
    return issue(state, on, v[f"n_{number}"], v[f"paid_{number}"], E, outstanding)


def _issuances() -> tuple[Case, ...]:
    positive = (z3.Real("n_1") > 0, z3.Real("C_1") > 0)
    seed = numbers(C_1=10, n_1=1, paid_1=1, n_E_1=5, options_1=1)
    words = "one issuance"
    rules = (
        DEFAULTS,
        Readings(cent_test=CentTest.INDIVIDUAL),
        Readings(cent_composition=CentComposition.ADDITIVE),
        Readings(cent_trigger_price=CentTriggerPrice.SHADOW),
    )
    bases = tuple(Readings(weighted_average_base=base) for base in WeightedAverageBase)
    by_rule = tuple(
        Case(
            "issuance",
            words,
            (closed.Issued(E),),
            _issue,
            "C_1 n_1 paid_1",
            seed,
            (LATER,),
            readings,
            carries=1,
            # Taking a change off the price in effect may leave nothing of a price below a cent, which is refused.
            domain=(*positive, *((z3.Real("CP_E") * z3.Real("C_1") > CENT * (z3.Real("C_1") + z3.Real("n_1")),))),
        )
        for readings in rules
    )
    by_base = tuple(
        Case(
            "base",
            "one issuance with E outstanding",
            (closed.Issued(E, WITH_E),),
            _issue,
            "C_1 n_1 paid_1 n_E_1 options_1",
            seed,
            (LATER,),
            readings,
            domain=positive,
        )
        for readings in bases
    )
    return (*by_rule, *by_base)


def _splits() -> tuple[Case, ...]:
    positive = (z3.Real("factor_1") > 0,)
    found = [
        Case(
            "split",
            "a split or combination",
            (closed.Split(),),
            lambda state, v: split(state, LATER, v["factor_1"]),
            "factor_1",
            numbers(factor_1=2),
            (LATER,),
            Readings(cent_scope=scope),
            carries=1,
            domain=positive,
        )
        for scope in Switch
    ]
    found += [
        Case(
            "stock_dividend",
            "a stock dividend with E outstanding",
            (closed.StockDividend(WITH_E),),
            lambda state, v: stock_dividend(state, LATER, v["increase_1"], Outstanding(v["C_1"], {"E": v["n_E_1"]})),
            "C_1 n_E_1 increase_1",
            numbers(C_1=10, n_E_1=5, increase_1=1),
            (LATER,),
            Readings(stock_dividend_base=base),
            carries=1,
            domain=(z3.Real("C_1") > 0,),
        )
        for base in StockDividendBase
    ]
    return tuple(found)


def _waits() -> tuple[Case, ...]:
    days = {"three_years": date(2003, 2, 1), "longer": THREE_YEARS}
    return tuple(
        Case(
            f"waiting_{name}",
            f"waiting with two amounts carried, until {on}",
            (closed.Waited(),),
            lambda state, v, on=on: pass_time(state, on),  # type: ignore[misc]
            "",
            numbers(carried_E_1="1/1000"),
            (on,),
            Readings(cent_anniversary=which),
            carries=2,
        )
        for name, on in days.items()
        for which in CentAnniversary
    )


def _grant(state: PriceState, v: V) -> PriceState:
    now = v.get("exercisable_1")
    common = Outstanding(v["C_1"])
    return issue_rights(state, LATER, "r", v["n_1"], v["strike_1"], E, common, now, v.get("grant_1", Fraction(0)))


def _rights() -> tuple[Case, ...]:
    n1, used, now, vested = (z3.Real(name) for name in ("n_1", "n_2", "exercisable_1", "exercisable_2"))
    positive = (n1 > 0, z3.Real("C_1") > 0)
    seed = numbers(C_1=10, n_1=5, strike_1=1, grant_1=1, n_2=2, paid_2=2, exercisable_1=1, exercisable_2=3)
    vested_parts = (*positive, z3.Real("C_2") > 0, now <= vested, vested <= n1)
    granted = closed.Granted("r", E)

    def lapse(state: PriceState, v: V) -> PriceState:
        return expire_rights(exercise_rights(_grant(state, v), LATER, "r", v["n_2"], v["paid_2"]), LAST, "r")

    def vest(state: PriceState, v: V) -> PriceState:
        return change_rights(_grant(state, v), LAST, "r", Outstanding(v["C_2"]), exercisable=v["exercisable_2"])

    def reprice(state: PriceState, v: V) -> PriceState:
        common = Outstanding(v["C_1"])
        return change_rights(
            _grant(state, v), LAST, "r", common, deliverable=v["deliverable_2"], exercisable=v["exercisable_2"],
            exercise_price=v["strike_2"],
        )  # fmt: skip

    grants = tuple(
        Case(
            "grant",
            "rights of which some are exercisable",
            (closed.Granted("r", E, part=True),),
            _grant,
            "C_1 n_1 strike_1 grant_1 exercisable_1",
            seed,
            (LATER,),
            Readings(grant_alloc=alloc),
            domain=(*positive, now <= n1),
        )
        for alloc in GrantAlloc
    )
    fixed = (z3.Real("CP_E") == 4, z3.Real("C_1") == 10, z3.Real("strike_1") == 1)
    lapses = tuple(
        Case(
            "lapse",
            "rights that are exercised in part and lapse",
            (granted, closed.Exercised("r"), closed.Expired("r")),
            lapse,
            "C_1 n_1 strike_1 n_2 paid_2",
            seed,
            (LATER, LATER, LAST),
            Readings(replay=replay),
            domain=(*positive, used <= n1),
        )
        for replay in Replay
    )
    vests = tuple(
        Case(
            "vesting",
            "rights that vest",
            (closed.Granted("r", E, part=True), closed.Vested("r")),
            vest,
            "C_1 n_1 strike_1 exercisable_1 C_2 exercisable_2",
            seed | numbers(C_2=10),
            (LATER, LAST),
            Readings(vesting=vesting),
            domain=vested_parts,
        )
        for vesting in Vesting
    )
    changed = Case(
        "change",
        "rights whose number and exercise price change",
        (granted, closed.Changed("r", frozenset(("deliverable", "exercisable", "strike")))),
        reprice,
        "C_1 n_1 strike_1 deliverable_2 exercisable_2 strike_2",
        seed | numbers(deliverable_2=2, exercisable_2=2, strike_2=2),
        (LATER, LAST),
        domain=(*positive, *fixed, n1 == 5, z3.Real("exercisable_2") <= z3.Real("deliverable_2")),
    )
    return (*grants, *lapses, *vests, changed)
