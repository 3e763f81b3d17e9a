"""Theorems about 1(a): full dividends, shortfalls, the greater of two amounts, and dividends on the Common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.explorer import Unknown
from proofs.formulas import Changed, FormulaCheck
from proofs.numbers import literal
from proofs.pairs import PairCheck
from proofs.results import Scope
from proofs.statements import REFUTED, account_claim, agreement, checked, formula, numbers, theorem, totality
from proofs.study import Study
from proofs.subjects import COMMON_SHARES, DEFAULTS, chosen, domain, position, ratio, shares
from proofs.theorems import dividend_days, dividend_payments
from proofs.views import Subject, View
from reference import dividends
from reference.charter import COMMON, Charter
from reference.position import Position
from reference.readings import IfGreater, IfGreaterBasis, Readings
from symbolic import dividends as closed
from symbolic.account import Account
from symbolic.algebra import number
from symbolic.liquidation import Case

HIGHEST_RATE = Fraction("1.65")
"""The dividend rate of F, which is the highest, $/share (1(a))."""

POOL, ON_COMMON = Unknown("pool"), Unknown("d_common")
YEAR = dividends.DividendYear(date(1999, 1, 1), date(1999, 12, 31))

RATEABLE = "a pool among any shares of all series"
SPLIT = "A before and after splits of its own and of the Common"
DECLARED = "declarations of two years on A and F"
INSTALMENTS = "two instalments on A and F, each on shares of its own day"


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    own = (of_a_pool(charter), of_entitlements(charter), of_allocations(charter), of_years(charter), formulas(charter))
    return (*own, *dividend_days.studies(charter), *dividend_payments.studies(charter))


def rates(charter: Charter) -> dict[str, Fraction]:
    """Return the dividend rates, $/share a year (1(a))."""
    return {series.name: series.dividend_rate.value for series in charter.series}


# A pool


def of_a_pool(charter: Charter) -> Study:
    """Return the theorems about dividends that are shared rateably."""
    names = tuple(rates(charter))

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values)
        shared = dividends.share_rateably(at, dividends.annual_amounts(at), values["pool"])
        paid = {f"rateable_{name}": amount for name, amount in shared.per_share.items()}
        return {"fraction": shared.fraction, "excess": shared.excess, **paid}

    unknowns = (*(shares(name) for name in names), POOL)
    seeds = tuple(
        {**{shares(name).name: Fraction(count) for name in names}, "pool": Fraction(pool)}
        for count, pool in ((1, 1), (1, 100), (0, 1), (0, 0))
    )
    subject = Subject(RATEABLE, function, unknowns, domain(unknowns), seeds)
    account = Account(named=True)
    closed.rateable(account, {name: number(rate) for name, rate in rates(charter).items()})
    checks = (
        agreement(
            "dividends.rateable_equivalence",
            f"The shares in {RATEABLE}",
            (RATEABLE,),
            account_claim(account.definitions),
            "1(a)",
        ),
        totality("dividends.rateable_totality", "Sharing a pool", (RATEABLE,), "1(a)"),
        *_pool(charter),
    )
    return Study("rateable dividends", (subject,), checks, weight=4)


def _pool(charter: Charter) -> tuple[PathCheck | PairCheck, ...]:
    each = {name: literal(rate) for name, rate in rates(charter).items()}
    prices = {series.name: literal(series.original_issue_price.value) for series in charter.series}

    def paid(view: View) -> z3.ArithRef:
        return z3.Sum([view.inputs[f"n_{name}"] * view.outcome[f"rateable_{name}"] for name in each])

    def owed(view: View) -> z3.ArithRef:
        return z3.Sum([view.inputs[f"n_{name}"] * rate for name, rate in each.items()])

    def short(view: View, _: View) -> z3.BoolRef:
        return view.inputs["pool"] < owed(view)

    counts = tuple(f"n_{name}" for name in each)
    return (
        checked(
            theorem(
                "dividends.pool_is_paid_out",
                "TH-DV-01",
                "What the series get of a pool is the whole pool, but no more than their full dividends.",
                "1(a)",
            ),
            lambda v: [
                paid(v) == z3.If(v.inputs["pool"] <= owed(v), v.inputs["pool"], owed(v)),
                paid(v) + v.outcome["excess"] == v.inputs["pool"],
            ],
            neighbours=(Neighbour("it is always the whole pool", claim=lambda v: paid(v) == v.inputs["pool"]),),
        ),
        checked(
            theorem(
                "dividends.rateable_by_issue_price",
                "TH-DV-02",
                "To share by full dividends is to share by Original Issue Prices: each rate is a fifth of the price.",
                "1(a)",
            ),
            lambda v: [
                v.outcome[f"rateable_{name}"] * prices["A"] == v.outcome["rateable_A"] * prices[name] for name in each
            ],
            neighbours=(
                Neighbour(
                    "it is to share by shares", claim=lambda v: v.outcome["rateable_F"] == v.outcome["rateable_A"]
                ),
            ),
        ),
        PairCheck(
            theorem(
                "dividends.rateable_grows_with_the_pool",
                "TH-DV-03",
                "No share's dividend falls when the pool grows.",
                "1(a)",
                ("the second pool is no smaller",),
            ),
            lambda one, two: z3.And(
                [two.outcome[f"rateable_{name}"] >= one.outcome[f"rateable_{name}"] for name in each]
            ),
            RATEABLE,
            counts,
            (("the second pool is no smaller", lambda one, two: two.inputs["pool"] >= one.inputs["pool"]),),
        ),
        PairCheck(
            theorem(
                "dividends.rateable_falls_with_more_shares",
                "TH-DV-03",
                "In a short year no share's dividend rises when more shares of A are outstanding.",
                "1(a)",
                ("the second has no fewer shares of A", "the pool is short of the full dividends"),
            ),
            lambda one, two: z3.And(
                [two.outcome[f"rateable_{name}"] <= one.outcome[f"rateable_{name}"] for name in each]
            ),
            RATEABLE,
            (*counts[1:], "pool"),
            (
                ("the second has no fewer shares of A", lambda one, two: two.inputs["n_A"] >= one.inputs["n_A"]),
                ("the pool is short of the full dividends", short),
            ),
        ),
    )


# Entitlements


def _entitled(which: IfGreater, basis: IfGreaterBasis) -> str:
    return f"what A and F are due beside a dividend on the Common, {which.value}, {basis.value}"


def of_entitlements(charter: Charter) -> Study:
    """Return the theorems about the greater of a series' own amount and what the Common gets."""
    options = [(which, basis) for which in IfGreater for basis in IfGreaterBasis]
    subjects = tuple(_entitlement(charter, *own) for own in options)
    checks = [_entitlements_agree(charter, *own) for own in options]
    checks.append(totality("dividends.entitlements_totality", "Entitlements and the gate", (), "1(a)"))
    return Study("entitlements", subjects, (*checks, *_entitlements(charter)), weight=15)


def _entitlement(charter: Charter, which: IfGreater, basis: IfGreaterBasis) -> Subject:
    readings = Readings(if_greater=which, if_greater_basis=basis)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values)
        full = dividends.annual_amounts(at)
        due = dividends.entitlements(at, readings, full, values["d_common"])
        had = {"A": values["had_A"], "F": HIGHEST_RATE}
        gate = dividends.common_dividend_gate(at, readings, full, had, values["d_common"])
        short = {f"short_{name}": name in gate.short for name in rates(charter)}
        return {**{f"due_{name}": amount for name, amount in due.items()}, **short, "allowed": gate.allowed}

    unknowns = (
        COMMON_SHARES,
        shares("A"),
        shares("F"),
        ratio(charter, "A"),
        ON_COMMON,
        Unknown("had_A"),
    )
    seeds = tuple(
        numbers(C=1, n_A=a, n_F=f, c_A=1, d_common=common, had_A=had)
        for a, f, common, had in ((1, 1, 1, 2), (0, 0, 1, 0), (1, 0, 3, 1), (0, 1, 0, 0))
    )
    return Subject(_entitled(which, basis), function, unknowns, domain(unknowns), seeds, chosen(readings))


def _entitlements_agree(charter: Charter, which: IfGreater, basis: IfGreaterBasis) -> PathCheck:
    readings = Readings(if_greater=which, if_greater_basis=basis)
    case = Case(charter, readings, prices=frozenset("A"))
    account = Account(named=True)
    own = {name: number(rate) for name, rate in rates(charter).items()}
    closed.entitlements(case, account, own)
    closed.gate(case, account, own)
    claim = account_claim(account.definitions)
    zero = literal(Fraction(0))
    fixed = {f"n_{name}": zero for name in own if name not in "AF"} | {f"had_{n}": zero for n in own if n not in "AF"}
    label = _entitled(which, basis)
    # The engine is asked about a whole year.
    fixed |= {str(closed.EXEMPT): zero, "had_F": literal(HIGHEST_RATE), str(closed.PART_OF_YEAR): literal(1)}
    return agreement(
        f"dividends.entitlements_equivalence_{which.value}_{basis.value}",
        f"Entitlements and the gate: {label}",
        (label,),
        lambda view: claim(view.at(fixed)),
        "1(a)",
        readings=chosen(readings),
    )


def _entitlements(charter: Charter) -> tuple[PathCheck, ...]:
    default = (_entitled(DEFAULTS.if_greater, DEFAULTS.if_greater_basis),)
    all_alike = (_entitled(IfGreater.LFP_ALL, IfGreaterBasis.PER_SHARE),)
    own = {name: literal(rate) for name, rate in rates(charter).items()}
    held = Hypothesis("A and F are outstanding", lambda v: [v.inputs["n_A"] > 0, v.inputs["n_F"] > 0])

    def common(view: View) -> z3.ArithRef:
        return view.inputs["d_common"]

    def least(view: View) -> list[z3.BoolRef]:
        return [
            z3.And(
                view.outcome[f"due_{n}"] >= own[n],
                view.outcome[f"due_{n}"] >= common(view),
                z3.Or(view.outcome[f"due_{n}"] == own[n], view.outcome[f"due_{n}"] == common(view)),
            )
            for n in own
        ]

    def highest(view: View) -> list[z3.BoolRef]:
        most = z3.If(view.inputs["d_common"] >= literal(HIGHEST_RATE), view.inputs["d_common"], literal(HIGHEST_RATE))
        return [view.outcome[f"due_{name}"] == most for name in own]

    def covered(view: View) -> list[z3.BoolRef]:
        allowed = z3.BoolVal(view.structure["allowed"])
        return [
            z3.Implies(allowed, z3.And(amount >= own[n], amount >= common(view)))
            for n, amount in (("A", view.inputs["had_A"]), ("F", literal(HIGHEST_RATE)))
        ]

    return (
        checked(
            theorem(
                "dividends.greater_of_two_amounts",
                "TH-DV-08",
                "Each series is due its own full dividend or what a share of Common gets, if that is more.",
                "1(a)",
            ),
            least,
            labels=default,
            neighbours=(
                Neighbour(
                    "its own full dividend", claim=lambda v: z3.And(*(v.outcome[f"due_{n}"] == own[n] for n in own))
                ),
            ),
        ),
        checked(
            theorem(
                "dividends.least_equal_dividends",
                "TH-DV-07",
                "If every series counts as other shares, each is due the highest rate, 1.65, or what the Common gets if"
                " that is more: the least that satisfies the clause.",
                "1(a)",
                readings=chosen(Readings(if_greater=IfGreater.LFP_ALL, if_greater_basis=IfGreaterBasis.PER_SHARE)),
            ),
            highest,
            held,
            labels=all_alike,
            neighbours=(Neighbour("F need not be outstanding", hypotheses=()),),
        ),
        checked(
            theorem(
                "dividends.common_only_after_the_preferred",
                "TH-DV-09",
                "A dividend on the Common may be declared only if every outstanding series has had the greater of its"
                " full dividend and what a share of Common gets.",
                "1(a)",
            ),
            covered,
            held,
            labels=default,
            neighbours=(Neighbour("series that nobody holds as well", hypotheses=()),),
        ),
    )


# Allocations


def of_allocations(charter: Charter) -> Study:
    """Return the theorems about how a year's dividends divide among all classes."""
    subjects = tuple(_allocation(charter, which) for which in IfGreater)
    checks = [_allocations_agree(charter, which) for which in IfGreater]
    checks.append(totality("dividends.allocation_totality", "Dividing a year's dividends", (), "1(a)"))
    return Study("allocations", subjects, tuple(checks), weight=6)


def _allocated(which: IfGreater) -> str:
    return f"a year's dividends among A, F and Common, {which.value}"


def _allocation(charter: Charter, which: IfGreater) -> Subject:
    readings = Readings(if_greater=which)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values)
        found = dividends.allocate(at, readings, dividends.annual_amounts(at), values["pool"])
        held = {name: found.per_share[name] for name in ("A", "F", COMMON)}
        return {**{f"per_share_{name}": each for name, each in held.items()}, "undistributed": found.undistributed}

    unknowns = (COMMON_SHARES, shares("A"), shares("F"), POOL)
    seeds = tuple(
        numbers(C=c, n_A=a, n_F=f, pool=pool)
        for c, a, f, pool in ((1, 1, 1, 1), (1, 1, 1, 100), (0, 1, 1, 100), (1, 0, 0, 1), (1, 5, 1, 3), (9, 1, 1, 3))
    )
    return Subject(_allocated(which), function, unknowns, domain(unknowns), seeds, chosen(readings))


def _allocations_agree(charter: Charter, which: IfGreater) -> PathCheck:
    readings = Readings(if_greater=which)
    account = Account(named=True)
    own = {name: number(rate) for name, rate in rates(charter).items()}
    closed.allocation(Case(charter, readings), account, own)
    claim = account_claim(account.definitions)
    zero = literal(Fraction(0))
    fixed = {f"n_{name}": zero for name in own if name not in "AF"} | {str(closed.PART_OF_YEAR): literal(1)}

    def same(view: View) -> list[z3.BoolRef]:
        # What a share of a series that nobody holds would get is a convention.
        agreed = dict(zip(view.outcome, claim(view.at(fixed)), strict=True))
        held = {f"per_share_{name}": view.inputs[f"n_{name}"] > 0 for name in "AF"}
        held[f"per_share_{COMMON}"] = view.inputs["C"] > 0
        return [z3.Implies(held[name], part) if name in held else part for name, part in agreed.items()]

    return agreement(
        f"dividends.allocation_equivalence_{which.value}",
        f"The dividends: {_allocated(which)}",
        (_allocated(which),),
        same,
        "1(a)",
        readings=chosen(readings),
    )


# Years, splits and instalments


def of_years(charter: Charter) -> Study:
    """Return the theorems about splits, earlier years and instalments."""
    subjects = (_splits(charter), _two_years(charter), _instalments(charter))
    return Study("years and splits", subjects, _years(charter), weight=2)


def _splits(charter: Charter) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        count, own, common = values["n_A"], values["k_A"], values["k_common"]
        before = Position(charter, {"A": count})
        after = Position(charter, {"A": count * own}, preferred_splits={"A": own})
        beside = Position(charter, {"A": count}, common_split=common)
        annual = [dividends.annual_amounts(at)["A"] for at in (before, after, beside)]
        return {"before": count * annual[0], "after": count * own * annual[1], "beside": count * annual[2]}

    unknowns = (shares("A"), Unknown("k_A"), Unknown("k_common"))
    return Subject(SPLIT, function, unknowns, domain(unknowns), (numbers(n_A=1, k_A=2, k_common=3),))


def _two_years(charter: Charter) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = Position(charter, {"A": 1, "F": 1})
        earlier = dividends.Declared(date(1998, 12, 31), {"A": values["x"], "F": values["y"]}, at.shares)
        now = dividends.Declared(date(1999, 1, 1), {"A": values["z"]}, at.shares)
        full = dividends.annual_amounts(at)
        with_it = dividends.review(DEFAULTS, full, YEAR, (earlier, now))
        without = dividends.review(DEFAULTS, full, YEAR, (now,))
        return {
            "with": with_it.totals["A"],
            "without": without.totals["A"],
            "same": (with_it.short, with_it.conforms) == (without.short, without.conforms),
        }

    unknowns = (Unknown("x"), Unknown("y"), Unknown("z"))
    seeds = (numbers(x=1, y=1, z=0), numbers(x=0, y=0, z=1))
    return Subject(DECLARED, function, unknowns, domain(unknowns), seeds)


def _instalments(charter: Charter) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        full = dividends.annual_amounts(Position(charter, {}))
        shares_then = [{"A": values["n_A"], "F": values["n_F"]}, {"A": values["m_A"], "F": values["m_F"]}]
        declared = [
            dividends.Declared(on, {name: values[part] * full[name] for name in "AF"}, then)
            for on, part, then in zip((date(1999, 3, 1), date(1999, 9, 1)), "xy", shares_then, strict=True)
        ]
        found = dividends.review(DEFAULTS, full, YEAR, declared)
        return {"conforms": found.conforms, "each_alone": not found.out_of_proportion, "short": found.short}

    unknowns = (shares("A"), shares("F"), Unknown("m_A"), Unknown("m_F"), Unknown("x"), Unknown("y"))
    seeds = (
        numbers(n_A=1, n_F=1, m_A=1, m_F=2, x="1/4", y="1/4"),
        numbers(n_A=0, n_F=1, m_A=0, m_F=1, x=0, y=0),
        numbers(n_A=1, n_F=1, m_A=1, m_F=0, x=1, y=0),
    )
    return Subject(INSTALMENTS, function, unknowns, domain(unknowns), seeds)


def _years(charter: Charter) -> tuple[PathCheck, ...]:
    return (
        checked(
            theorem(
                "dividends.split_neutral",
                "TH-DV-10",
                "A split of A leaves the full dividend on all of it as it was.",
                "1(a)",
            ),
            lambda v: v.outcome["after"] == v.outcome["before"],
            labels=(SPLIT,),
        ),
        checked(
            theorem(
                "dividends.common_split_changes_nothing",
                "TH-DV-12",
                "A split of the Common leaves the full dividend on A as it was.",
                "1(a)",
            ),
            lambda v: v.outcome["beside"] == v.outcome["before"],
            labels=(SPLIT,),
        ),
        checked(
            theorem(
                "dividends.earlier_years_do_not_count",
                "TH-DV-04",
                "What was declared in an earlier year changes nothing of a year's totals, shortfall or conformity.",
                "1(a)",
            ),
            lambda v: [v.outcome["with"] == v.outcome["without"], z3.BoolVal(v.structure["same"])],
            labels=(DECLARED,),
            neighbours=(Neighbour("nothing of this year counts either", claim=lambda v: v.outcome["with"] == 0),),
        ),
        checked(
            theorem(
                "dividends.rateable_instalments",
                "TH-DV-14",
                "Two instalments that are each rateable make a year that conforms, whatever shares come or go between"
                " them.",
                "1(a)",
            ),
            lambda v: [z3.BoolVal(v.structure["conforms"]), z3.BoolVal(v.structure["each_alone"])],
            labels=(INSTALMENTS,),
            neighbours=(Neighbour("they are never short", claim=lambda v: z3.BoolVal(not v.structure["short"])),),
        ),
    )


# The clause's own equations


def formulas(charter: Charter) -> Study:
    """Return the theorems about the equations of the clause where every series counts as other shares (AMB-05)."""
    return Study("equal dividends", (), (*_fixed_points(charter), _literal_split(charter)), weight=2)


def _consistent(charter: Charter, amounts: Mapping[str, z3.ArithRef], common: z3.ArithRef) -> tuple[z3.BoolRef, ...]:
    """Say that each series has the greatest of its own rate, what the Common has and what any series has."""
    own = {name: literal(rate) for name, rate in rates(charter).items()}
    found: list[z3.BoolRef] = []
    for name, amount in amounts.items():
        candidates = [own[name], common, *(other for n, other in amounts.items() if n != name)]
        found += [amount >= candidate for candidate in candidates]
        found.append(z3.Or([amount == candidate for candidate in candidates]))
    return (*found, common >= 0)


def _fixed_points(charter: Charter) -> tuple[FormulaCheck, ...]:
    names = tuple(rates(charter))
    common = z3.Real("d_common")
    first = {name: z3.Real(f"X_{name}") for name in names}
    second = {name: z3.Real(f"X_{name}'") for name in names}
    setting = _consistent(charter, first, common)
    least = literal(HIGHEST_RATE)
    equations = (
        "each has the greatest of its own rate, what the Common has and what any other series has",
        z3.BoolVal(True),
    )
    return (
        formula(
            theorem(
                "dividends.equal_dividends_are_equal",
                "TH-DV-05",
                "Read so that every series counts as other shares, the clause gives all series the same, at least 1.65"
                " and at least what the Common gets.",
                "1(a)",
                scope=Scope.ARITHMETIC,
            ),
            (*first.values(), common),
            (*(amount == first["A"] for amount in first.values()), first["A"] >= least, first["A"] >= common),
            (equations,),
            setting,
            (Changed("exactly 1.65", (), first["A"] == least),),
        ),
        formula(
            theorem(
                "dividends.equal_dividends_are_unique",
                "TH-DV-06",
                "Read so, the clause determines what the series get.",
                "1(a)",
                expected=REFUTED,
                scope=Scope.ARITHMETIC,
            ),
            (*first.values(), *second.values(), common),
            (first["A"] == second["A"],),
            (equations,),
            (*setting, *_consistent(charter, second, common)),
            suggestions=(
                {
                    **{f"X_{name}": Fraction(2) for name in names},
                    **{f"X_{name}'": Fraction(3) for name in names},
                    "d_common": Fraction(0),
                },
            ),
            shows="Any amount of at least 1.65, the same for all, satisfies the clause.",
        ),
    )


def _literal_split(charter: Charter) -> FormulaCheck:
    rate, factor = literal(rates(charter)["A"]), z3.Real("k")
    paid = z3.Real("paid")
    return formula(
        theorem(
            "dividends.unadjusted_second_sentence",
            "TH-DV-11",
            "If only the rates of the first sentence adjusted for splits, a full payment would still be a full payment"
            " under the second.",
            "1(a)",
            expected=REFUTED,
            scope=Scope.ARITHMETIC,
        ),
        (factor, paid),
        (paid >= rate,),
        (("what is paid on A is its rate, divided by the split", paid * factor == rate),),
        (factor > 0,),
        suggestions=({"k": Fraction(2), "paid": rates(charter)["A"] / 2},),
        shows="After a two-for-one split .10 a share is the full dividend, and short of .20.",
    )
