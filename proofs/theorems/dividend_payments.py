"""Theorems about what 1(a) lets the Board declare and pay, and about the rate at which undeclared dividends accrue."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, get_args

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.explorer import Unknown
from proofs.numbers import literal
from proofs.statements import account_claim, agreement, checked, numbers, sentence, terms_of, theorem, totality
from proofs.study import Study
from proofs.subjects import DEFAULTS, bounded, chosen, position, ratio, shares
from proofs.theorems.distributions import kind_facts
from proofs.views import Subject, View
from reference import dividends
from reference.charter import COMMON, Charter
from reference.distributions import Payable
from reference.readings import IfGreater, IfGreaterBasis, Readings, Switch
from reference.refusal import Forbidden
from symbolic import dividends as closed
from symbolic.account import Account
from symbolic.evaluate import evaluate_all
from symbolic.liquidation import Case

PAID = ("A", "F", COMMON)
AVAILABLE = Unknown("available")
ON_COMMON, PART = Unknown("d_common"), Unknown("part")
ZERO = literal(Fraction(0))


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of declarations, payments and rates."""
    return (of_declarations(charter), of_gates(charter), of_rates(charter))


def refused(view: View) -> bool:
    """Say whether the code refused."""
    return "raised" in view.structure


# Declarations and payments

LIMITED = "a dividend on A, F and Common declared, and assets looked at"
UNLIMITED = "a dividend on A, F and Common declared, no assets looked at"
PAYMENT = "a dividend on A, F and Common paid"


def of_declarations(charter: Charter) -> Study:
    """Return the theorems about what is owed after a declaration and after a payment."""
    subjects = (_declared(charter, True), _declared(charter, False), _paid())
    checks = (_declared_agrees(charter, True), _declared_agrees(charter, False), _paid_agrees(charter))
    return Study("declarations and payments", subjects, checks, weight=1)


def _amounts(stem: str) -> tuple[Unknown, ...]:
    return tuple(Unknown(f"{stem}_{name}") for name in PAID)


OWED, GIVEN = _amounts("o"), _amounts("a_1")
"""What is owed before and what is declared or paid, $/share by class."""


def _by_class(values: Mapping[str, Any], stem: str) -> dict[str, Any]:
    return {name: values[f"{stem}_{name}"] for name in PAID}


def _seeds(unknowns: tuple[Unknown, ...]) -> tuple[dict[str, Fraction], ...]:
    return tuple(
        {u.name: Fraction(amount if u in GIVEN else (available if u == AVAILABLE else 1)) for u in unknowns}
        for amount, available in ((1, 3), (1, 2), (2, 9), (-1, 9), (0, 0))
    )


def _declared(charter: Charter, limited: bool) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        available = values["available"] if limited else None
        at = position(charter, values)
        found = dividends.declare(at, _by_class(values, "o"), _by_class(values, "a_1"), available)
        return {f"owed_{name}": amount for name, amount in found.items()}

    counts = tuple(shares(name) for name in PAID)
    unknowns = (*counts, *OWED, *GIVEN, AVAILABLE) if limited else (*counts, *OWED, *GIVEN)
    return bounded(LIMITED if limited else UNLIMITED, function, unknowns, _seeds(unknowns), free=GIVEN)


def _paid() -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        found = dividends.pay(_by_class(values, "o"), _by_class(values, "a_1"))
        return {f"left_{name}": amount for name, amount in found.items()}

    unknowns = (*OWED, *GIVEN)
    return bounded(PAYMENT, function, unknowns, _seeds(unknowns), free=GIVEN)


def _others(charter: Charter) -> dict[str, z3.ArithRef]:
    """Return what is not looked at: of the other series nothing is held, owed or declared."""
    names = [series.name for series in charter.series if series.name not in PAID]
    return {f"{stem}_{name}": ZERO for stem in ("n", "o", "a_1") for name in names}


def _negative(view: View) -> z3.BoolRef:
    return z3.Or([view.inputs[u.name] < 0 for u in GIVEN])


def _declared_agrees(charter: Charter, limited: bool) -> PathCheck:
    account = Account(named=True)
    closed.declaring(charter, account, limited)
    what = LIMITED if limited else UNLIMITED
    name = f"dividends.declare_equivalence{'' if limited else '_unlimited'}"
    return _lawful(charter, account, what, name, "may_declare", "not_legally_available")


def _paid_agrees(charter: Charter) -> PathCheck:
    account = Account(named=True)
    closed.declaring(charter, account)
    return _lawful(charter, account, PAYMENT, "dividends.pay_equivalence", "may_pay", "undeclared_dividend")


def _lawful(charter: Charter, account: Account, what: str, name: str, may: str, code: str) -> PathCheck:
    wanted = {own.name for own in account.definitions if own.name == may or own.name.startswith(("owed_", "left_"))}

    def claim(view: View) -> list[z3.BoolRef]:
        rest = _others(charter) | ({} if AVAILABLE.name in view.inputs else {AVAILABLE.name: ZERO})
        rest |= {} if "n_A" in view.inputs else {shares(name).name: ZERO for name in PAID}
        found = terms_of(view.at(rest), [own for own in account.definitions if own.name in wanted])
        if not refused(view):
            return [found[may], *(term == found[name] for name, term in view.outcome.items())]
        negative = view.structure["raised"] == "ValueError"
        known = z3.BoolVal(negative or view.structure["raised"] == f"Forbidden {code}")
        return [known, z3.Not(found[may]), *([_negative(view)] if negative else [])]

    words = f"{sentence(what)}: what is owed then is that of the closed form, and it is refused exactly if unlawful."
    return PathCheck(theorem(name, "", words, "1(a)"), claim, labels=(what,), covers_all=True, judges_raising=True)


# The Common waits

BEFORE = tuple(Unknown(f"before_{name}") for name in "AF")
HAD = tuple(Unknown(f"had_{name}") for name in "AF")
KINDS: tuple[Payable, ...] = get_args(Payable)
GATE = "a dividend on the Common of every kind beside any on A and F"


def of_gates(charter: Charter) -> Study:
    """Return the theorems about when a dividend on the Common is refused, by what it is paid in."""
    return Study("dividends on the Common", (_gate(charter),), _gates(charter), weight=2)


def _gate(charter: Charter) -> Subject:
    rest = {series.name: Fraction(0) for series in charter.series}

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values)
        before, had = ({**rest, **{name: values[f"{stem}_{name}"] for name in "AF"}} for stem in ("before", "had"))
        gates = {
            kind: dividends.common_dividend_gate(at, DEFAULTS, before, had, values["d_common"], kind) for kind in KINDS
        }
        found = {f"allowed_{kind}": gate.allowed for kind, gate in gates.items()}
        found |= {f"exempts_{kind}": gate.exempt for kind, gate in gates.items()}
        found |= {f"refused_{kind}": _is_refused(gate) for kind, gate in gates.items()}
        return {**found, **{f"required_{name}": amount for name, amount in gates["cash"].required.items()}}

    unknowns = (shares("A"), shares("F"), *BEFORE, *HAD, ON_COMMON)
    seeds = tuple(
        numbers(n_A=a, n_F=1, before_A=1, before_F=1, had_A=had, had_F=1, d_common=common)
        for a, had, common in ((1, 1, 0), (1, 0, 0), (1, 1, 2), (0, 0, 1))
    )
    return bounded(GATE, function, unknowns, seeds)


def _is_refused(gate: dividends.Gate) -> bool:
    try:
        gate.check()
    except Forbidden:
        return True
    return False


def _gates(charter: Charter) -> tuple[PathCheck, ...]:
    names = [series.name for series in charter.series]
    account, exemption = Account(named=True), Account(named=True)
    closed.gate(Case(charter, DEFAULTS), account, {name: closed.before_common(name) for name in names})
    closed.exempts(exemption)
    others = {f"{stem}_{name}": ZERO for stem in ("n", "before", "had") for name in names if name not in "AF"}
    others[str(closed.PART_OF_YEAR)] = literal(1)

    exempt: dict[Payable, bool] = {
        kind: bool(evaluate_all(exemption.definitions, kind_facts(kind))["exempts"]) for kind in KINDS
    }

    def claim(view: View) -> list[z3.BoolRef]:
        exempts = str(closed.EXEMPT)
        found = {so: terms_of(view.at({**others, exempts: z3.RealVal(so)}), account.definitions) for so in (0, 1)}
        amounts = [view.outcome[name] == found[0][name] for name in view.outcome]
        allowed = [found[exempt[kind]]["allowed"] == z3.BoolVal(view.structure[f"allowed_{kind}"]) for kind in KINDS]
        agree = all(
            view.structure[f"exempts_{kind}"] is exempt[kind]
            and view.structure[f"refused_{kind}"] is not view.structure[f"allowed_{kind}"]
            for kind in KINDS
        )
        return [*amounts, *allowed, z3.BoolVal(agree)]

    waiting = Hypothesis(
        "A is outstanding and has had nothing", lambda v: [v.inputs["n_A"] > 0, v.inputs["had_A"] == 0]
    )
    owed = Hypothesis("something comes before it", lambda v: v.inputs["before_A"] > 0)
    return (
        PathCheck(
            theorem(
                "dividends.gate_equivalence",
                "",
                f"{sentence(GATE)}: what must come before it, whether its kind is exempt and whether it is allowed are"
                " as in the closed form, and it is refused exactly if it is not allowed.",
                "1(a)",
            ),
            claim,
            covers_all=True,
        ),
        checked(
            theorem(
                "dividends.cash_waits_and_stock_does_not",
                "TH-DV-09",
                "A dividend in Common is allowed before any on the Preferred, and one in cash is not.",
                "1(a)",
            ),
            lambda v: z3.BoolVal(v.structure["allowed_common_stock"] and v.structure["refused_cash"]),
            waiting,
            owed,
            neighbours=(Neighbour("nothing comes before it", hypotheses=(waiting,)),),
        ),
    )


# The rate at which undeclared dividends accrue


def of_rates(charter: Charter) -> Study:
    """Return the theorems about the rate at which undeclared dividends accrue."""
    listed = Readings()
    compared = (
        (IfGreater.COMMON_ONLY, IfGreaterBasis.PER_SHARE, Switch.NO),
        (IfGreater.COMMON_ONLY, IfGreaterBasis.AS_CONVERTED, Switch.YES),
        (IfGreater.LFP_ALL, IfGreaterBasis.AS_CONVERTED, Switch.YES),
    )
    counted = [
        Readings(include_if_greater=Switch.YES, if_greater=which, if_greater_basis=basis, annualise=scaled)
        for which, basis, scaled in compared
    ]
    # Where no dividend on the Common raises another, nothing depends on how the two are compared.
    options = (listed, Readings(include_if_greater=Switch.YES, if_greater=IfGreater.OFF), *counted)
    subjects = tuple(_rate(charter, own) for own in options)
    checks = [_rate_agrees(charter, own) for own in options]
    checks.append(totality("dividends.accrual_rates_totality", "The rates of undeclared dividends", (), "1(a)"))
    return Study("rates of undeclared dividends", subjects, tuple(checks), weight=3)


def _rate_label(readings: Readings) -> str:
    if readings.include_if_greater is Switch.NO:
        return "the rates at which dividends accrue, A split"
    scaled = "scaled to a year" if readings.annualise is Switch.YES else "not scaled"
    words = ", ".join((readings.if_greater.value, readings.if_greater_basis.value, scaled))
    words = words if readings.if_greater is not IfGreater.OFF else readings.if_greater.value
    return f"the rates at which dividends accrue beside one on the Common, A split, {words}"


def _rate_name(readings: Readings) -> str:
    if readings.include_if_greater is Switch.NO:
        return "listed"
    if readings.if_greater is IfGreater.OFF:
        return readings.if_greater.value
    words = (readings.if_greater.value, readings.if_greater_basis.value)
    return "_".join((*words, "scaled") if readings.annualise is Switch.YES else words)


def _rate(charter: Charter, readings: Readings) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values, preferred_splits={"A": values["k_A"]})
        return {
            f"accrues_{s.name}": dividends.accrual_rate(at, readings, s, values["d_common"], values["part"])
            for s in charter.series
            if s.name in "AF"
        }

    unknowns = (shares("A"), shares("F"), ratio(charter, "A"), Unknown("k_A"), ON_COMMON, PART)
    seeds = tuple(
        numbers(n_A=a, n_F=f, c_A=1, k_A=2, d_common=common, part="1/4")
        for a, f, common in ((1, 1, 1), (0, 0, 1), (1, 0, 3), (0, 1, 0))
    )
    return bounded(_rate_label(readings), function, unknowns, seeds, readings, (PART.term > 0, PART.term <= 1))


def _rate_agrees(charter: Charter, readings: Readings) -> PathCheck:
    account = Account(named=True)
    closed.accrual_rates(Case(charter, readings, splits=frozenset("A"), prices=frozenset("A")), account)
    claim = account_claim(account.definitions)
    rest = {f"n_{series.name}": ZERO for series in charter.series if series.name not in "AF"}
    return agreement(
        f"dividends.accrual_rates_equivalence_{_rate_name(readings)}",
        sentence(_rate_label(readings)),
        (_rate_label(readings),),
        lambda view: claim(view.at(rest)),
        "1(a)",
        readings=chosen(readings),
    )
