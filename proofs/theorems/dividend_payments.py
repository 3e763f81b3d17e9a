"""Theorems about what 1(a) lets the Board declare and pay, and about the rate at which undeclared dividends accrue."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, get_args

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.explorer import Unknown
from proofs.numbers import literal
from proofs.statements import REFUTED, account_claim, agreement, checked, numbers, sentence, terms_of, theorem, totality
from proofs.study import Study
from proofs.subjects import DEFAULTS, bounded, chosen, position, ratio, shares
from proofs.views import Subject, View
from reference import dividends
from reference.charter import COMMON, Charter
from reference.distributions import Payable
from reference.readings import IfGreater, IfGreaterBasis, InKindGate, Readings, Switch
from reference.refusal import Forbidden
from symbolic import dividends as closed
from symbolic import history
from symbolic.account import Account
from symbolic.distributions import kind_facts
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
    options = (DEFAULTS, Readings(in_kind_gate=InKindGate.BOTH))
    subjects = (*(_gate(charter, own) for own in options), _lots(charter), _dues())
    checks = (*(_gate_agrees(charter, own) for own in options), *_gates(), _lots_agree(charter), *_of_lots())
    return Study("dividends on the Common", subjects, (*checks, *_of_dues()), weight=3)


def _gate_label(readings: Readings) -> str:
    return GATE if readings == DEFAULTS else f"{GATE}, property waiting as well"


def _gate(charter: Charter, readings: Readings) -> Subject:
    rest = {series.name: Fraction(0) for series in charter.series}

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values)
        before, had = ({**rest, **{name: values[f"{stem}_{name}"] for name in "AF"}} for stem in ("before", "had"))
        gates = {
            kind: dividends.common_dividend_gate(at, readings, before, had, values["d_common"], kind) for kind in KINDS
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
    return bounded(_gate_label(readings), function, unknowns, seeds, readings)


def _is_refused(gate: dividends.Gate) -> bool:
    try:
        gate.check()
    except Forbidden:
        return True
    return False


def _gate_agrees(charter: Charter, readings: Readings) -> PathCheck:
    names = [series.name for series in charter.series]
    account, exemption = Account(named=True), Account(named=True)
    closed.gate(Case(charter, readings), account, {name: closed.before_common(name) for name in names})
    closed.exempts(readings, exemption)
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

    label = _gate_label(readings)
    return PathCheck(
        theorem(
            "dividends.gate_equivalence" + ("" if readings == DEFAULTS else "_property_waits"),
            "",
            f"{sentence(label)}: what must come before it, whether its kind is exempt and whether it is allowed are as"
            " in the closed form, and it is refused exactly if it is not allowed.",
            "1(a)",
            readings=chosen(readings),
        ),
        claim,
        labels=(label,),
        covers_all=True,
    )


def _gates() -> tuple[PathCheck, ...]:
    waiting = Hypothesis(
        "A is outstanding and has had nothing", lambda v: [v.inputs["n_A"] > 0, v.inputs["had_A"] == 0]
    )
    owed = Hypothesis("something comes before it", lambda v: v.inputs["before_A"] > 0)
    return (
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
            labels=(GATE,),
            neighbours=(Neighbour("nothing comes before it", hypotheses=(waiting,)),),
        ),
    )


# Shares that were issued one after another

LOTS = (1, 2, 3)
OF_LOTS = "a dividend on the Common beside three lots of A"


def _lots(charter: Charter) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, {"n_A": 3})
        lots = {"A": [dividends.Lot(values[f"before_{k}_A"], values[f"had_{k}_A"]) for k in LOTS]}
        nothing = {series.name: Fraction(0) for series in charter.series}
        found = dividends.common_dividend_gate(at, DEFAULTS, nothing, {}, values["d_common"], lots=lots)
        return {"allowed": found.allowed, "required_A": found.required["A"], "had_A": found.had["A"]}

    unknowns = (*(Unknown(f"{stem}_{k}_A") for stem in ("before", "had") for k in LOTS), ON_COMMON)
    seeds = tuple(
        {u.name: Fraction(2 if u.name == more else 1) for u in unknowns}
        for more in ("", "d_common", *(f"{stem}_{k}_A" for stem in ("before", "had") for k in LOTS))
    )
    return bounded(OF_LOTS, function, unknowns, seeds)


def _lots_agree(charter: Charter) -> PathCheck:
    names = [series.name for series in charter.series]
    account = Account(named=True)
    closed.gate(Case(charter, DEFAULTS), account, {n: closed.before_common(n) for n in names}, {"A": len(LOTS)})
    rest = {f"{stem}_{name}": ZERO for stem in ("n", "before", "had") for name in names if name != "A"}
    rest |= {f"n_{k}_A": literal(1) for k in LOTS}
    rest |= {str(closed.PART_OF_YEAR): literal(1), str(closed.EXEMPT): ZERO}

    def claim(view: View) -> list[z3.BoolRef]:
        found = terms_of(view.at(rest), account.definitions)
        lacking = [found[f"due_{k}_A"] - view.inputs[f"had_{k}_A"] for k in LOTS]
        shortest = view.outcome["required_A"] - view.outcome["had_A"]
        return [
            found["allowed"] == z3.BoolVal(view.structure["allowed"]),
            *(shortest >= own for own in lacking),
            z3.Or([shortest == own for own in lacking]),
        ]

    words = f"{sentence(OF_LOTS)}: it is allowed, and what the lot that falls shortest lacks is, as in the closed form."
    stated = theorem("dividends.gate_of_lots_equivalence", "", words, "1(a)")
    return PathCheck(stated, claim, labels=(OF_LOTS,), covers_all=True)


def _of_lots() -> tuple[PathCheck, ...]:
    def covered(view: View) -> list[z3.BoolRef]:
        allowed, i = z3.BoolVal(view.structure["allowed"]), view.inputs
        had = [(i[f"had_{k}_A"], i[f"before_{k}_A"]) for k in LOTS]
        return [z3.Implies(allowed, z3.And(own >= before, own >= i["d_common"])) for own, before in had]

    def first(view: View) -> z3.BoolRef:
        i = view.inputs
        enough = z3.And(i["had_1_A"] >= i["before_1_A"], i["had_1_A"] >= i["d_common"])
        return z3.Implies(enough, z3.BoolVal(view.structure["allowed"]))

    return (
        checked(
            theorem(
                "dividends.every_share_has_had_its_due",
                "",
                "A dividend on the Common may be declared only if every share of A, whenever it was issued, has had"
                " what comes before the Common and what a share of Common gets.",
                "1(a)",
            ),
            covered,
            labels=(OF_LOTS,),
        ),
        checked(
            theorem(
                "dividends.the_first_shares_are_enough",
                "",
                "It is enough that the first shares of A have had their due.",
                "1(a)",
                expected=REFUTED,
            ),
            first,
            labels=(OF_LOTS,),
            suggestions=(
                numbers(before_1_A=1, before_2_A=1, before_3_A=1, had_1_A=1, had_2_A=0, had_3_A=1, d_common=0),
            ),
            shows="Shares that were issued after the year's dividend have had nothing of it.",
        ),
    )


# Dividends on the Common that are paid

TWO_DUES = "a payment on the Common of two declarations, the second on shares of another holder as well"


def _dues() -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        first, second = values["d_1"], values["d_2"]
        dues = (
            dividends.Due(first, {"k": values["k_1"] * first}),
            dividends.Due(second, {"k": values["k_2"] * second, "m": values["m_2"] * second}),
        )
        left = dividends.pay_common(dues, values["paid"])
        owed = {holder: sum((own.owed.get(holder, Fraction(0)) for own in left), Fraction(0)) for holder in "km"}
        return {**owed, "left": sum((own.per_share for own in left), Fraction(0))}

    unknowns = tuple(Unknown(name) for name in ("d_1", "d_2", "k_1", "k_2", "m_2", "paid"))
    seeds = tuple(numbers(d_1=2, d_2=3, k_1=1, k_2=1, m_2=1, paid=paid) for paid in (0, 1, 2, 4, 5, 6))
    return bounded(TWO_DUES, function, unknowns, seeds)


def _of_dues() -> tuple[PathCheck, ...]:
    form_k, form_m = history.owed_on_common(2), history.unpaid_of(2)

    def claim(view: View) -> list[z3.BoolRef]:
        i = view.inputs
        if refused(view):
            known = z3.BoolVal(view.structure["raised"] == "Forbidden undeclared_dividend")
            return [known, i["paid"] > i["d_1"] + i["d_2"]]
        at = view.at({"declared_1": i["d_1"], "declared_2": i["d_2"], "settled_0": i["paid"]})
        k = at.at({"stake_1": i["k_1"], "stake_2": i["k_2"]}).form(form_k)
        return [
            i["paid"] <= i["d_1"] + i["d_2"],
            view.outcome["left"] == i["d_1"] + i["d_2"] - i["paid"],
            view.outcome["k"] == k,
            view.outcome["m"] == i["m_2"] * at.form(form_m),
        ]

    return (
        PathCheck(
            theorem(
                "dividends.pay_common_equivalence",
                "",
                f"{sentence(TWO_DUES)}: what each holder is still owed is that of the closed form, and it is refused"
                " exactly if more is paid than was declared.",
                "1(a)",
            ),
            claim,
            labels=(TWO_DUES,),
            covers_all=True,
            judges_raising=True,
        ),
        checked(
            theorem(
                "dividends.holders_share_by_what_they_hold_now",
                "",
                "A holder who came after the first declaration gets as much a share of a payment as one who was there.",
                "1(a)",
                expected=REFUTED,
            ),
            lambda v: z3.Implies(
                z3.And(z3.BoolVal(not refused(v)), v.inputs["k_1"] == 1, v.inputs["k_2"] == 1, v.inputs["m_2"] == 1),
                v.outcome["k"] == v.outcome["m"] if not refused(v) else z3.BoolVal(True),
            ),
            labels=(TWO_DUES,),
            suggestions=(numbers(d_1=2, d_2=3, k_1=1, k_2=1, m_2=1, paid=1),),
            shows="The older dividend is owed to who held when it was declared, and to nobody else.",
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
