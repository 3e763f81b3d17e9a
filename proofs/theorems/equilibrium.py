"""Theorems about conversion decisions around a liquidation: sections 2 and 3(a) together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.claims import NOTHING_SURVIVES, SHARING, Totals, maximum, minimum, participation, totals
from proofs.explorer import Function
from proofs.formulas import Changed, FormulaCheck
from proofs.numbers import literal
from proofs.pairs import PairCheck
from proofs.results import Scope, Theorem, Verdict
from proofs.statements import agreement, checked, numbers, theorem, totality
from proofs.study import Check, Study
from proofs.subjects import ASSETS, COMMON_SHARES, DEFAULTS, cap_table, outcome, position, shares, subject
from proofs.theorems import exercise
from proofs.theorems.liquidation import (
    NOTHING_OWED,
    OPTIONAL,
    breakpoints_match,
    cap,
    classes,
    count,
    everybody,
    matches,
    named_breakpoints,
    pay,
    preference,
    preferences,
    satisfies,
    without_dividends,
)
from proofs.views import Claim, Subject, View
from reference import equilibrium
from reference.charter import COMMON, Charter
from reference.liquidation import distribute
from reference.position import Position
from reference.readings import CapMode, CashRank, EfConversion, Readings
from symbolic import breakpoints as corners
from symbolic import equilibrium as closed
from symbolic.account import Account
from symbolic.liquidation import Case, ranks, terms

PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED
CHOSEN = "conversions chosen"
ABSENT = {f"n_{name}": z3.RealVal(0) for name in "ABCD"}


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    return (
        chosen_conversions(charter),
        *(after_the_election(charter, rank) for rank in CashRank),
        asset_levels(charter),
        other_caps(charter),
        *(election_by_assets(charter, rank) for rank in CashRank),
        election_elsewhere(charter),
        left_out(charter),
        formulas(charter),
        *exercise.studies(charter),
    )


def chosen(charter: Charter, readings: Readings, elected: bool) -> Function:
    """Return the engine's liquidation with chosen conversions."""
    return lambda values: outcome(equilibrium.liquidate(position(charter, values), readings, values["W"], elected))


def chosen_matches(case: Case) -> Claim:
    """Claim that every output is that of the implicit account of the equilibrium.

    What part of a rank is paid shows in what the code pays to whoever has a claim in it; of a rank that is owed
    nothing all is paid once anything comes after it.
    """
    matched = matches(closed.implicit_chosen(case))
    all_terms = terms(case, Account())

    def claim(view: View) -> list[z3.BoolRef]:
        found = replace(case, converted=view.structure["converted"] & set(case.free))
        listed = ranks(found, all_terms)
        later, values = view.outcome["x"] > 0, {}
        for place in range(len(listed), 0, -1):
            part = z3.If(later, z3.RealVal(1), z3.RealVal(0))
            for own in listed[place - 1].claims:
                held = count(view, own.who) > 0
                part = z3.If(held, _paid_part(view.outcome[f"pref_{own.who}"], view.form(own.each), part), part)
            values[f"part_{place}"] = z3.simplify(part)
            later = z3.simplify(part > 0)
        return matched(view.at(values))

    return claim


def _paid_part(paid: z3.ArithRef, each: z3.ArithRef, otherwise: z3.ArithRef) -> z3.ArithRef:
    """Return what part of a claim is paid; a quotient only where the terms do not show it, which is slow to decide."""

    def same(left: z3.ArithRef, right: z3.ArithRef) -> bool:
        return bool(z3.is_true(z3.simplify(left == right, som=True)))

    nothing = z3.RealVal(0)
    if same(each, nothing):
        return otherwise
    if same(paid, nothing):
        return nothing
    if same(paid, each):
        return z3.If(each > 0, z3.RealVal(1), otherwise)
    factors = paid.children() if z3.is_mul(paid) and paid.num_args() == 2 else []
    part = next((own for own, rest in zip(factors, reversed(factors), strict=True) if same(rest, each)), paid / each)
    return z3.If(each > 0, part, otherwise)


def most_preferred(charter: Charter, view: View, name: str) -> z3.ArithRef:
    """Return the most a preferred share gets, $/share: its cap, or its preference if that is above the cap."""
    return maximum(cap(charter, name), preference(charter, view, name))


def chosen_conversions(charter: Charter) -> Study:
    """Return the theorems about chosen conversions, A-D unconverted."""
    unknowns = (ASSETS, *cap_table(charter, OPTIONAL))
    own = subject(CHOSEN, chosen(charter, DEFAULTS, False), unknowns, {})
    case = Case(charter, DEFAULTS, prices=OPTIONAL)

    def worth(view: View, name: str) -> z3.ArithRef:
        return view.inputs[f"c_{name}"] * view.outcome["x"]

    def surviving(view: View, name: str) -> z3.ArithRef:
        return view.inputs[f"d_{name}"]

    def converts(view: View) -> list[z3.BoolRef]:
        return [
            (worth(view, n) + surviving(view, n) > most_preferred(charter, view, n))
            == z3.BoolVal(n in view.structure["converted"])
            for n in SHARING
        ]

    def converts_at_tie(view: View) -> list[z3.BoolRef]:
        return [
            (worth(view, n) + surviving(view, n) >= most_preferred(charter, view, n))
            == z3.BoolVal(n in view.structure["converted"])
            for n in SHARING
        ]

    def converts_without(view: View) -> list[z3.BoolRef]:
        return [
            (worth(view, n) > most_preferred(charter, view, n)) == z3.BoolVal(n in view.structure["converted"])
            for n in SHARING
        ]

    someone = Hypothesis("somebody shares: some Common is outstanding", lambda v: count(v, COMMON) > 0)
    covered = Hypothesis(
        "the assets cover all preferences", lambda v: v.inputs["W"] >= preferences(charter, v, "ABCDEF")
    )
    checks = (
        agreement(
            "equilibrium.equivalence",
            "Liquidation with chosen conversions",
            (),
            chosen_matches(case),
            "2, 3(a)",
            "TH-EQ-02",
        ),
        checked(
            theorem(
                "equilibrium.in_totals",
                "",
                "With chosen conversions, what the code pays satisfies the equations that compare states in totals.",
                "2, 3(a)",
            ),
            satisfies(charter, totals(chosen=True)),
            Hypothesis("E and F have no unpaid dividends", lambda v: [surviving(v, n) == 0 for n in SHARING]),
        ),
        totality("equilibrium.totality", "Liquidation with chosen conversions", (), "2, 3(a)"),
        checked(
            theorem(
                "equilibrium.conversion_rule",
                "TH-EQ-03",
                "E converts exactly when its ratio times the amount per Common share, and the declared dividends that "
                "stay owed to it, exceed its cap of 10.375, and F likewise at 12.375 (or the preference, if unpaid "
                "dividends put it above the cap).",
                "2(b), 3(a)",
            ),
            converts,
            someone,
            covered,
            neighbours=(
                Neighbour("a tie converts", claim=converts_at_tie),
                Neighbour("the dividends are left out", claim=converts_without),
                Neighbour("the assets need not cover the preferences", hypotheses=(someone,)),
            ),
        ),
        checked(
            theorem(
                "equilibrium.conversion_floor",
                "",
                "With the assets covering all preferences, a share of E or F never receives less than its preference, "
                "nor less than its conversion ratio times the amount per Common share.",
                "2(a), 2(b), 3(a)",
            ),
            lambda v: [
                z3.Implies(count(v, n) > 0, pay(v, n) >= maximum(preference(charter, v, n), worth(v, n)))
                for n in SHARING
            ],
            covered,
            neighbours=(Neighbour("the assets need not cover the preferences", hypotheses=()),),
        ),
        checked(
            theorem(
                "equilibrium.cap_lifts_only_by_converting",
                "TH-LQ-07",
                "A share of E or F receives more than its cap, or its preference if higher, only by converting.",
                "2(b), 3(a)",
            ),
            lambda v: [
                z3.Implies(pay(v, n) > most_preferred(charter, v, n), z3.BoolVal(n in v.structure["converted"]))
                for n in SHARING
            ],
            neighbours=(
                Neighbour(
                    "a share never receives more", claim=lambda v: pay(v, "E") <= most_preferred(charter, v, "E")
                ),
            ),
        ),
        checked(
            theorem(
                "equilibrium.nothing_lost",
                "TH-EQ-02",
                "With some Common outstanding, an outcome exists and pays out exactly the assets.",
                "2, 3(a)",
            ),
            lambda v: z3.Sum([count(v, n) * pay(v, n) for n in classes(charter)]) == v.inputs["W"],
            someone,
        ),
    )
    return Study("equilibrium, A-D unconverted", (own,), checks, weight=19)


def after_the_election(charter: Charter, rank: CashRank) -> Study:
    """Return the theorems about chosen conversions after the election, at one rank of the Cash Amounts."""
    readings = replace(DEFAULTS, cash_rank=rank)
    label = f"conversions chosen, A-D converted, Cash Amounts {rank.value}"
    unknowns = (ASSETS, *cap_table(charter, OPTIONAL, dividends=False))
    own = subject(label, chosen(charter, readings, True), unknowns, {}, readings)
    case = Case(charter, readings, elected=True, prices=OPTIONAL)
    name = rank.value.lower()
    constants = "no unpaid dividends; A to D at their initial conversion prices; everything else unknown"
    what = f"Liquidation with chosen conversions, A-D converted, Cash Amounts {rank.value}"
    without = without_dividends(chosen_matches(case))
    return Study(
        f"equilibrium, A-D converted, Cash Amounts {rank.value}",
        (own,),
        (
            agreement(
                f"equilibrium.equivalence_elected_{name}",
                what,
                (),
                without,
                "2, 3(a), 3(c)",
                readings=own.readings,
                constants=constants,
            ),
            totality(
                f"equilibrium.totality_elected_{name}",
                what,
                (),
                "2, 3(a), 3(c)",
                readings=own.readings,
                constants=constants,
            ),
        ),
    )


def asset_levels(charter: Charter) -> Study:
    """Return the theorems about breakpoints with chosen conversions, and about the schedule of payments."""
    case = Case(charter, DEFAULTS, prices=OPTIONAL)
    own = subject(
        "breakpoints, conversions chosen",
        lambda values: named_breakpoints(equilibrium.equilibrium_breakpoints(position(charter, values), DEFAULTS)),
        cap_table(charter, OPTIONAL, dividends=False),
        {},
        samples=60,
    )
    elected = subject(
        "breakpoints, conversions chosen, A-D converted",
        lambda values: named_breakpoints(
            equilibrium.equilibrium_breakpoints(position(charter, values), DEFAULTS, elected=True)
        ),
        cap_table(charter, OPTIONAL, dividends=False),
        {},
        samples=60,
    )
    forms = {
        own.label: corners.breakpoints(case, chosen=True),
        elected.label: corners.breakpoints(Case(charter, DEFAULTS, elected=True, prices=OPTIONAL), chosen=True),
    }
    schedules = tuple(
        _schedule_subject(charter, *which) for which in (("E and F choose", None), ("nobody converts", ""))
    )
    return Study(
        "equilibrium, breakpoints",
        (own, elected, *schedules),
        (
            checked(
                theorem(
                    "equilibrium.breakpoints_equivalence",
                    "",
                    "Each breakpoint with chosen conversions stands where the closed form puts it, those and no "
                    "others are listed, and in ascending order.",
                    "2, 3(a)",
                    constants="no unpaid dividends; after the election A to D convert one for one",
                ),
                without_dividends(breakpoints_match(forms)),
                everybody(charter),
                labels=tuple(forms),
                covers_all=True,
                neighbours=(Neighbour("a class may have no shares", hypotheses=()),),
            ),
            PathCheck(
                theorem(
                    "equilibrium.schedule_is_exact",
                    "",
                    "The schedule of payments gives, at any assets, what the liquidation itself gives.",
                    "2, 3(a)",
                    constants="full issuance, 10,000,000 Common",
                ),
                lambda v: [v.outcome[f"scheduled_{n}"] == pay(v, n) for n in classes(charter)],
                labels=tuple(s.label for s in schedules),
                covers_all=True,
            ),
        ),
    )


def _full_issuance(charter: Charter, values: Mapping[str, Any]) -> Position:
    """Return full issuance with 10,000,000 Common, but for the counts that are unknown."""
    counts: dict[str, Any] = {s.name: s.authorized.value for s in charter.series} | {COMMON: 10_000_000}
    counts |= {name: values[shares(name).name] for name in counts if shares(name).name in values}
    return Position(charter, counts)


def _schedule_subject(charter: Charter, label: str, converted: str | None) -> Subject:
    given = None if converted is None else frozenset(converted)

    @cache
    def made() -> equilibrium.Schedule:
        return equilibrium.schedule(_full_issuance(charter, {}), DEFAULTS, given)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        table = _full_issuance(charter, {})
        if given is None:
            exact = equilibrium.liquidate(table, DEFAULTS, values["W"])
        else:
            exact = distribute(table, DEFAULTS, values["W"], given)
        scheduled = {f"scheduled_{n}": amount for n, amount in made().per_share(values["W"]).items()}
        return {**outcome(exact), **scheduled}

    levels = ("12375001", "45086251", "104898751", "132198751", "173698751", "199698751")
    return subject(f"schedule, {label}", function, (ASSETS,), {}, samples=3, seeds=[numbers(W=w) for w in levels])


def other_caps(charter: Charter) -> Study:
    """Return the theorems about chosen conversions under the other readings of the caps."""
    unknowns = (ASSETS, COMMON_SHARES, shares("E"), shares("F"), *_ratios(charter))
    subjects = []
    for mode in (CapMode.JOINT, CapMode.FIRST_STOPS_ALL):
        readings = replace(DEFAULTS, cap_mode=mode)
        subjects.append(
            subject(f"conversions chosen, {mode.value}", _conversions(charter, readings), unknowns, {}, readings)
        )
    joint, first = subjects
    constants = "no A to D, no unpaid dividends"
    unstable = numbers(W=27, C=1, n_E=1, n_F=1, c_E=1, c_F=2)
    return Study(
        "equilibrium, other readings of the caps",
        (joint, first),
        (
            *(
                PathCheck(
                    theorem(
                        f"equilibrium.stable_{own.readings['cap_mode']}",
                        "",
                        "The conversions that the engine names are stable, and no set that it looks at before is; "
                        "where it names none, no set is stable.",
                        "2(b), 3(a)",
                        readings=own.readings,
                        constants=constants,
                    ),
                    _first_stable(charter, replace(DEFAULTS, cap_mode=CapMode(own.readings["cap_mode"]))),
                    labels=(own.label,),
                    covers_all=True,
                    judges_raising=True,
                )
                for own in subjects
            ),
            PathCheck(
                theorem(
                    "equilibrium.exists_when_first_cap_stops_all",
                    "",
                    "If the first cap reached stops all sharing, some set of conversions is always stable.",
                    "2(b), 3(a)",
                    expected=REFUTED,
                    readings=first.readings,
                    constants=constants,
                ),
                lambda v: z3.BoolVal(True),
                labels=(first.label,),
                suggestions=(unstable,),
                shows="Whoever converts lifts the stop for the other, so that converting no longer pays.",
            ),
        ),
    )


def _ratios(charter: Charter) -> tuple[Any, ...]:
    return tuple(u for u in cap_table(charter, OPTIONAL) if u.name.startswith("c_"))


def _conversions(charter: Charter, readings: Readings) -> Function:
    return lambda values: {"converted": equilibrium.conversions(position(charter, values), readings, values["W"])}


def _first_stable(charter: Charter, readings: Readings) -> Claim:
    names = charter.optional
    profiles = [frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size)]
    stable = {p: closed.stability(Case(charter, readings, converted=p, prices=OPTIONAL)) for p in profiles}

    def claim(view: View) -> list[z3.BoolRef]:
        at = view.at({**ABSENT, **NOTHING_OWED})
        if "raised" in view.structure:
            return [z3.Not(at.form(stable[p])) for p in profiles]
        found = view.structure["converted"]
        before = profiles[: profiles.index(found)]
        return [at.form(stable[found]), *(z3.Not(at.form(stable[p])) for p in before)]

    return claim


def _election(charter: Charter, readings: Readings, assets: Any = None) -> Function:
    """Return the engine's election and the liquidation that follows from it, at full issuance."""

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        table = _full_issuance(charter, values)
        available = values["W"] if assets is None else assets
        gains = equilibrium.election_gains(table, readings, available)
        elects = equilibrium.class_elects(table, readings, available)
        result = equilibrium.liquidate(table, readings, available, elects)
        return {"elects": elects, **{f"gain_{n}": g for n, g in gains.items()}, **outcome(result)}

    return function


def _election_seeds() -> list[dict[str, Fraction]]:
    levels = (
        "0",
        "1000000",
        "13000000",
        "20000000",
        "30000000",
        "40000000",
        "42632906",
        "44000000",
        "45086250",
        "45743145",
        "46000000",
        "47000000",
        "60000000",
        "110000000",
        "150000000",
        "180000000",
        "250000000",
        "400000000",
        "600000000",
    )
    return [numbers(W=level) for level in levels]


def election_by_assets(charter: Charter, rank: CashRank) -> Study:
    """Return the theorems about the class election at full issuance, by assets, at one rank."""
    readings = replace(DEFAULTS, cash_rank=rank)
    label = f"election at full issuance, Cash Amounts {rank.value}"
    own = subject(label, _election(charter, readings), (ASSETS,), {}, readings, samples=0, seeds=_election_seeds())
    name = rank.value.lower()
    constants = "full issuance, 10,000,000 Common, no unpaid dividends"
    checks: list[Check] = [
        PathCheck(
            theorem(
                f"equilibrium.election_equivalence_{name}",
                "TH-EQ-11",
                "What each electing share gains, and whether the class elects, are those of the closed form.",
                "2, 3(a), 3(c)",
                readings=own.readings,
                constants=constants,
            ),
            _election_matches(charter, readings),
            covers_all=True,
        ),
        PairCheck(
            replace(
                theorem(
                    f"equilibrium.f_grows_with_assets_{name}",
                    "TH-EQ-19",
                    "With conversions and the election chosen, a share of F receives no less when assets grow.",
                    "2, 3(a), 3(c)",
                    readings=own.readings,
                    constants=constants,
                ),
                hypotheses=("the second state has at least the assets of the first",),
            ),
            lambda a, b: pay(b, "F") >= pay(a, "F"),
            label,
            hypotheses=(("more assets", lambda a, b: b.inputs["W"] >= a.inputs["W"]),),
        ),
    ]
    if rank is CashRank.CREDITOR:
        checks += _creditor_elections(charter, label, constants)
    if rank in (CashRank.PARI_SECOND_TIER, CashRank.LAST):
        checks.append(
            PathCheck(
                theorem(
                    f"equilibrium.a_gains_only_above_threshold_{name}",
                    "TH-EQ-14",
                    "Series A gains by the election exactly when assets exceed 45,743,145.",
                    "2, 3(a), 3(c)",
                    readings=own.readings,
                    constants=constants,
                ),
                lambda v: (v.outcome["gain_A"] > 0) == (v.inputs["W"] > 45_743_145),
            )
        )
    return Study(f"election at full issuance, Cash Amounts {rank.value}", (own,), tuple(checks))


def _election_matches(charter: Charter, readings: Readings) -> Claim:
    forms = closed.election(Case(charter, readings))

    def claim(view: View) -> list[z3.BoolRef]:
        counts = {s.name: s.authorized.value for s in charter.series}
        table = {f"n_{n}": view.inputs.get(f"n_{n}", z3.RealVal(c)) for n, c in counts.items()}
        table |= {"C": view.inputs.get("C", z3.RealVal(10_000_000))}
        at = view.at(NOTHING_OWED | table)
        return [
            *(view.outcome[f"gain_{n}"] == at.form(gain) for n, gain in forms.gains.items()),
            at.form(forms.elects) == z3.BoolVal(view.structure["elects"]),
        ]

    return claim


LOW, HIGH = Fraction("42632906.25"), Fraction(45_743_145)


def _creditor_elections(charter: Charter, label: str, constants: str) -> list[Check]:
    def signs(view: View) -> list[z3.BoolRef]:
        gain, assets = view.outcome["gain_A"], view.inputs["W"]
        low, high = literal(LOW), literal(HIGH)
        return [
            (gain > 0) == z3.Or(z3.And(assets > 0, assets < low), assets > high),
            (gain < 0) == z3.And(low < assets, assets < high),
        ]

    def more(name: str) -> tuple[tuple[str, Any], ...]:
        return (("the second state has at least the assets of the first", lambda a, b: b.inputs["W"] >= a.inputs["W"]),)

    def falls(name: str, register: str, who: str, below: str, above: str, shows: str) -> PairCheck:
        stated = theorem(
            f"equilibrium.{who.lower()}_grows_with_assets",
            register,
            f"With conversions and the election chosen, a share of {who} receives no less when assets grow.",
            "2, 3(a), 3(c)",
            expected=REFUTED,
            constants=constants,
        )
        return PairCheck(
            replace(stated, hypotheses=("the second state has at least the assets of the first",)),
            lambda a, b: pay(b, name) >= pay(a, name),
            label,
            hypotheses=more(name),
            suggestions=((numbers(W=below), numbers(W=above)),),
            shows=shows,
        )

    return [
        PathCheck(
            theorem(
                "equilibrium.when_a_gains",
                "TH-EQ-13",
                "Series A gains by the election exactly for assets above 0 and below 42,632,906.25, or above "
                "45,743,145, and loses strictly between.",
                "2, 3(a), 3(c)",
                constants=constants,
            ),
            signs,
            labels=(label,),
            neighbours=(
                Neighbour(
                    "it gains at 45,743,145 too",
                    claim=lambda v: (v.outcome["gain_A"] >= 0) == (v.inputs["W"] >= literal(HIGH)),
                ),
            ),
        ),
        PairCheck(
            replace(
                theorem(
                    "equilibrium.a_gain_persists",
                    "TH-EQ-13",
                    "If the election is worthwhile for Series A at some assets, it is at any higher.",
                    "2, 3(a), 3(c)",
                    expected=REFUTED,
                    constants=constants,
                ),
                hypotheses=("the second state has at least the assets of the first",),
            ),
            lambda a, b: z3.Implies(a.outcome["gain_A"] > 0, b.outcome["gain_A"] > 0),
            label,
            hypotheses=more("A"),
            suggestions=((numbers(W=20_000_000), numbers(W=44_000_000)),),
            shows="In a shortfall the Cash Amounts come first; with preferences nearly covered they are worth less.",
        ),
        falls(
            "D", "TH-EQ-16", "D", "45743145", "45743146", "D falls from 2.75 to about 2.619 when A's majority elects."
        ),
        falls(
            "E", "TH-EQ-17", "E", "42632906", "42632907", "E falls from 3.839629 to 3.838750 when the election ends."
        ),
    ]


def election_elsewhere(charter: Charter) -> Study:
    """Return the theorems about the election at other tables."""
    preferences_of_all = Fraction("45086250")
    creditor = subject(
        "election when the assets just cover the preferences",
        _election(charter, DEFAULTS, preferences_of_all),
        (COMMON_SHARES,),
        {},
        samples=0,
        seeds=[numbers(C=c) for c in (0, 1_000_000, 1_241_400, 2_000_000, 10_000_000)],
    )
    pari = replace(DEFAULTS, cash_rank=CashRank.PARI_SECOND_TIER)
    shortfall = subject(
        "election in a shortfall, Cash Amounts pari_second_tier",
        _election(charter, pari),
        (ASSETS, shares("E")),
        {},
        pari,
        more=(ASSETS.term < 45_000_000,),
        samples=0,
        seeds=[numbers(W=20_000_000, n_E=0), numbers(W=20_000_000, n_E=3_000_000)],
    )
    small = subject(
        "election at a smaller table",
        _small_election(charter),
        (ASSETS,),
        {},
        samples=0,
        seeds=[numbers(W=31_906_950), numbers(W=31_906_951)],
    )
    by_a = subject(
        "election by the number of A shares",
        _election(charter, DEFAULTS),
        (ASSETS, shares("A")),
        {},
        samples=0,
        seeds=[numbers(W=45_000_000, n_A=9_100_000)],
    )
    silent = replace(charter, class_election=None)
    no_election = subject(
        "no class election",
        lambda values: {"elects": equilibrium.class_elects(_full_issuance(silent, {}), DEFAULTS, values["W"])},
        (ASSETS,),
        {},
        samples=1,
    )
    at_most = theorem(
        "equilibrium.a_does_not_elect_when_just_covered",
        "TH-EQ-22",
        "When the assets exactly cover the preferences, Series A does not gain by the election.",
        "2, 3(a), 3(c)",
        constants="full issuance, assets of 45,086,250, no unpaid dividends",
    )
    no_gain: Claim = lambda v: v.outcome["gain_A"] <= 0  # noqa: E731
    enough = Hypothesis("at least 1,241,400 Common are outstanding", lambda v: v.inputs["C"] >= 1_241_400)
    return Study(
        "election at other tables",
        (creditor, shortfall, small, by_a, no_election),
        (
            PathCheck(
                theorem(
                    "equilibrium.no_election_without_a_clause",
                    "",
                    "Where the charter knows no election by a class, none takes place.",
                    "3(a)",
                    constants="full issuance, 10,000,000 Common, a charter without the clause",
                ),
                lambda v: z3.BoolVal(not v.structure["elects"]),
                labels=(no_election.label,),
                covers_all=True,
            ),
            checked(
                at_most,
                no_gain,
                enough,
                labels=(creditor.label,),
                neighbours=(
                    Neighbour(
                        "at least 1,241,399 Common",
                        hypotheses=(Hypothesis("1,241,399", lambda v: v.inputs["C"] >= 1_241_399),),
                    ),
                ),
            ),
            checked(
                replace(at_most, id="equilibrium.a_never_elects_when_just_covered", expected=REFUTED),
                no_gain,
                labels=(creditor.label,),
                suggestions=(numbers(C=1_000_000),),
                shows="With 1,000,000 Common each share gets .075903 after the election, above A's .075.",
            ),
            checked(
                theorem(
                    "equilibrium.election_in_shortfall_never_pays",
                    "TH-EQ-15",
                    "With Cash Amounts in the second tier, Series A never gains by an election in a shortfall, "
                    "whatever the number of E.",
                    "2, 3(a), 3(c)",
                    expected=REFUTED,
                    readings={"cash_rank": "pari_second_tier"},
                    constants="full issuance but for E",
                ),
                no_gain,
                labels=(shortfall.label,),
                suggestions=(numbers(W=20_000_000, n_E=0),),
                shows="Without E only A-D share the tier, and A has more of the Cash Amounts than of the preferences.",
            ),
            PairCheck(
                replace(
                    theorem(
                        "equilibrium.common_grows_with_assets",
                        "TH-EQ-18",
                        "With conversions and election chosen, a share of Common receives no less when assets grow.",
                        "2, 3(a), 3(c)",
                        expected=REFUTED,
                        constants="A .2M, B .2M, C .3M, D 1.455M, E 3M, F 1.5M, Common 5M",
                    ),
                    hypotheses=("the second state has at least the assets of the first",),
                ),
                lambda a, b: pay(b, COMMON) >= pay(a, COMMON),
                small.label,
                hypotheses=(("more assets", lambda a, b: b.inputs["W"] >= a.inputs["W"]),),
                suggestions=((numbers(W=31_906_950), numbers(W=31_906_951)),),
                shows="At 31,906,950 the class starts to elect and a share of Common falls from .212811 to .206000.",
            ),
            PairCheck(
                replace(
                    theorem(
                        "equilibrium.more_a_shares_dilute_a",
                        "TH-LQ-20",
                        "With the election chosen, a share of A receives no more when more A is outstanding.",
                        "2, 3(a), 3(c)",
                        expected=REFUTED,
                        constants="full issuance but for A, 10,000,000 Common",
                    ),
                    hypotheses=("the second state has at least the A of the first",),
                ),
                lambda a, b: pay(b, "A") <= pay(a, "A"),
                by_a.label,
                shared=("W",),
                hypotheses=(("more A", lambda a, b: b.inputs["n_A"] >= a.inputs["n_A"]),),
                suggestions=((numbers(W=42_250_000, n_A=5_450_000), numbers(W=42_250_000, n_A=5_460_000)),),
                shows="The additional shares give A the majority that makes the class convert.",
            ),
        ),
    )


def left_out(charter: Charter) -> Study:
    """Return the theorems about tables that leave classes out, and about readings under which levels have no order."""
    few = subject(
        "classes left out", _few_classes(charter), (ASSETS,), {}, samples=0, seeds=[numbers(W=0), numbers(W=9)]
    )
    pair = subject(
        "one A and two B", _one_and_two(charter), (ASSETS,), {}, samples=0, seeds=[numbers(W=0), numbers(W=9)]
    )
    listing = subject("breakpoints in order", _orders(charter), (ASSETS,), {}, samples=1)
    constants = "1 A, 1 F and 10 Common, no other class named"
    return Study(
        "tables that leave classes out",
        (few, pair, listing),
        (
            PathCheck(
                theorem(
                    "equilibrium.class_of_one_share",
                    "",
                    "A single share of the electing class, classes that are not named having none, elects exactly when "
                    "it gains.",
                    "3(a)",
                    constants=constants,
                ),
                lambda v: (v.outcome["gain"] > 0) if v.structure["elects"] else (v.outcome["gain"] <= 0),
                labels=(few.label,),
            ),
            PathCheck(
                theorem(
                    "equilibrium.two_shares_of_three_decide",
                    "",
                    "Of one A and two B, classes that are not named having none, the class elects exactly when B "
                    "gains.",
                    "3(a)",
                    constants="1 A, 2 B, 1 F and 10 Common, no other class named",
                ),
                lambda v: (v.outcome["gain"] > 0) if v.structure["elects"] else (v.outcome["gain"] <= 0),
                labels=(pair.label,),
            ),
            PathCheck(
                theorem(
                    "equilibrium.left_out_is_none",
                    "",
                    "A class that a position does not name has no shares and is paid nothing, and conversions are "
                    "those without an election unless one is stated.",
                    "2, 3(a)",
                    constants=constants,
                ),
                lambda v: [
                    v.outcome["total"] == 0,
                    v.outcome["listed"] == 0,
                    z3.BoolVal(v.structure["by_default"] == v.structure["unelected"]),
                ],
                labels=(few.label,),
            ),
            PathCheck(
                theorem(
                    "equilibrium.breakpoints_are_ordered",
                    "",
                    "Breakpoints with chosen conversions are in ascending order under every reading of the caps.",
                    "2(b), 3(a)",
                    readings={"cap_mode": "individual, joint, first_stops_all", "ef_conversion": "double_dip"},
                    constants="full issuance, 10,000,000 Common",
                ),
                lambda v: z3.BoolVal(
                    v.structure["ordered"] == ("individual", "joint", "first_stops_all", "double_dip")
                ),
                labels=(listing.label,),
            ),
        ),
        weight=2,
    )


def _few_classes(charter: Charter) -> Function:
    table = Position(charter, {"A": 1, "F": 1, COMMON: 10})

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        assets = values["W"]
        return {
            "elects": equilibrium.class_elects(table, DEFAULTS, assets),
            "gain": equilibrium.election_gains(table, DEFAULTS, assets)["A"],
            "total": equilibrium.liquidate(table, DEFAULTS, assets).total("B"),
            "listed": equilibrium.schedule(table, DEFAULTS).shares["B"],
            "by_default": equilibrium.conversions(table, DEFAULTS, assets),
            "unelected": equilibrium.conversions(table, DEFAULTS, assets, elected=False),
        }

    return function


def _one_and_two(charter: Charter) -> Function:
    table = Position(charter, {"A": 1, "B": 2, "F": 1, COMMON: 10})
    return lambda values: {
        "elects": equilibrium.class_elects(table, DEFAULTS, values["W"]),
        "gain": equilibrium.election_gains(table, DEFAULTS, values["W"])["B"],
    }


def _orders(charter: Charter) -> Function:
    readings = {
        "individual": DEFAULTS,
        "joint": replace(DEFAULTS, cap_mode=CapMode.JOINT),
        "first_stops_all": replace(DEFAULTS, cap_mode=CapMode.FIRST_STOPS_ALL),
        "double_dip": replace(DEFAULTS, ef_conversion=EfConversion.DOUBLE_DIP),
    }

    def is_ordered(own: Readings) -> bool:
        levels = [row.assets for row in equilibrium.equilibrium_breakpoints(_full_issuance(charter, {}), own)]
        return len(levels) > 1 and levels == sorted(levels)

    return lambda values: {"ordered": tuple(name for name, own in readings.items() if is_ordered(own))}


def _small_election(charter: Charter) -> Function:
    counts: dict[str, Any] = {"A": 200_000, "B": 200_000, "C": 300_000, "D": 1_455_000, "E": 3_000_000, "F": 1_500_000}

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        table = Position(charter, counts | {COMMON: 5_000_000})
        elects = equilibrium.class_elects(table, DEFAULTS, values["W"])
        return {"elects": elects, **outcome(equilibrium.liquidate(table, DEFAULTS, values["W"], elects))}

    return function


def in_totals(
    stated: Theorem,
    states: tuple[Totals, ...],
    hypotheses: tuple[tuple[str, z3.BoolRef], ...],
    *claims: z3.BoolRef,
    neighbours: tuple[Changed, ...] = (),
    suggestions: tuple[Mapping[str, Fraction], ...] = (),
    shows: str = "",
) -> FormulaCheck:
    """Return a check about one or more states in totals."""
    unknowns = {str(u): u for own in states for u in own.all_unknowns}
    words = dict.fromkeys([*(words for words, _ in hypotheses), *(words for own in states for words in own.assumed)])
    stated = replace(stated, scope=Scope.CLOSED_FORM, hypotheses=tuple(words))
    setting = tuple(condition for own in states for condition in own.setting)
    return FormulaCheck(stated, tuple(unknowns.values()), setting, hypotheses, claims, neighbours, suggestions, shows)


def formulas(charter: Charter) -> Study:
    """Return the theorems about the closed forms."""
    return Study(
        "closed forms, in totals",
        (),
        (
            *_given_totals(),
            *_given_structure(charter),
            *_unique(),
            *_least_profile(),
            *_comparisons(),
            *_election_formulas(),
            *_ground(charter),
        ),
        weight=18,
    )


def _grown(one: Totals, two: Totals, name: str) -> z3.BoolRef:
    return two.unknowns[name] >= one.unknowns[name]


def _given_totals() -> tuple[FormulaCheck, ...]:
    rest = ("liquidation.in_totals",)
    w1, w2 = totals("1", ["W"]), totals("2", ["W"])
    c1, c2 = totals("1", ["C"]), totals("2", ["C"])
    e1, e2 = totals("1", ["u_E"]), totals("2", ["u_E"])
    d1, d2 = totals("1", ["T_F"]), totals("2", ["T_F"])
    same, other = totals("1"), totals("2")
    more = w2.unknowns["W"] - w1.unknowns["W"]
    common = ("some Common is outstanding", c1.unknowns["C"] > 0)
    return (
        in_totals(
            theorem(
                "liquidation.unique",
                "TH-EQ-01",
                "With given conversions (none) the payments and the left-over are determined.",
                "2(a), 2(b)",
                rests_on=rest,
            ),
            (same, other),
            (),
            *(same.received[s] == other.received[s] for s in "ABCDEF"),
            same.left == other.left,
            same.unknowns["C"] * same.x == other.unknowns["C"] * other.x,
        ),
        in_totals(
            theorem(
                "liquidation.payments_grow_with_assets",
                "TH-LQ-03",
                "With more assets and no conversions no class receives less in all, and none more than the increase.",
                "2(a), 2(b)",
                rests_on=rest,
            ),
            (w1, w2),
            (("the second state has at least the assets of the first", more >= 0),),
            *(z3.And(w2.received[s] >= w1.received[s], w2.received[s] - w1.received[s] <= more) for s in "ABCDEF"),
            w2.unknowns["C"] * w2.x >= w1.unknowns["C"] * w1.x,
            w2.unknowns["C"] * (w2.x - w1.x) <= more,
            neighbours=(
                Changed(
                    "E receives strictly more", (more > 0, w1.unknowns["T_E"] > 0), w2.received["E"] > w1.received["E"]
                ),
            ),
        ),
        in_totals(
            theorem(
                "liquidation.more_common_lowers_the_others",
                "TH-LQ-16",
                "With more Common and no conversions, a share of Common, E or F receives no more than before.",
                "2(b)",
                rests_on=rest,
            ),
            (c1, c2),
            (common, ("the second state has at least the Common of the first", _grown(c1, c2, "C"))),
            c2.x <= c1.x,
            *(c2.received[s] <= c1.received[s] for s in SHARING),
        ),
        in_totals(
            theorem(
                "liquidation.higher_ratio_helps_its_series",
                "TH-LQ-17",
                "With a higher conversion ratio of E, unconverted, E receives no less and a share of Common no more.",
                "2(b)",
                rests_on=rest,
            ),
            (e1, e2),
            (
                ("some Common is outstanding", e1.unknowns["C"] > 0),
                ("E's second ratio is at least its first", _grown(e1, e2, "u_E")),
            ),
            e2.x <= e1.x,
            e2.received["E"] >= e1.received["E"],
        ),
        in_totals(
            theorem(
                "liquidation.more_unpaid_dividends_help_f",
                "TH-LQ-25",
                "A higher preference of F, as with undeclared dividends counted, never lowers what F receives.",
                "2(a)",
                rests_on=rest,
            ),
            (d1, d2),
            (
                ("F's second preference is at least its first", _grown(d1, d2, "T_F")),
                ("some Common is outstanding", d1.unknowns["C"] > 0),
            ),
            d2.received["F"] >= d1.received["F"],
        ),
        in_totals(
            theorem(
                "liquidation.more_unpaid_dividends_hurt_nobody",
                "TH-LQ-25",
                "A higher preference of F never lowers what A to E receive.",
                "2(a)",
                expected=REFUTED,
                rests_on=rest,
            ),
            (d1, d2),
            (("F's second preference is at least its first", _grown(d1, d2, "T_F")),),
            *(d2.received[s] >= d1.received[s] for s in "ABCDE"),
            shows="F's preference comes first: in a shortfall the second tier gets less.",
        ),
    )


def _given_structure(charter: Charter) -> tuple[FormulaCheck, ...]:
    rest = ("liquidation.in_totals",)
    own = totals("1")
    t, k = own.unknowns, z3.Real("k")
    common = ("some Common is outstanding", t["C"] > 0)
    scaled = totals("2", given={name: k * term for name, term in t.items()})
    split_counts = {name: k * t[name] for name in ("C", "u_E", "u_F")}
    split = totals("2", given=split_counts)
    split_caps = totals("2", given=split_counts | {f"M_{s}": t[f"M_{s}"] / k for s in SHARING})
    factor = ("the factor is above zero", k > 0)

    def stated(name: str, register: str, statement: str, clauses: str, **more: Any) -> Theorem:
        return theorem(f"liquidation.{name}", register, statement, clauses, rests_on=rest, **more)

    def with_factor(check: FormulaCheck) -> FormulaCheck:
        return replace(check, unknowns=(*check.unknowns, k))

    return (
        _instalments(stated),
        _joint_caps(stated),
        *(with_factor(_more_of_a(k, converted)) for converted in ("", "E", "F", "EF")),
        _ratio_order(charter),
        with_factor(
            in_totals(
                stated(
                    "scale_invariance",
                    "TH-LQ-21",
                    "With assets and all counts multiplied by one factor, every share receives the same.",
                    "2",
                ),
                (own, scaled),
                (common, factor),
                scaled.x == own.x,
                *(scaled.received[s] == k * own.received[s] for s in "ABCDEF"),
            )
        ),
        with_factor(
            in_totals(
                stated(
                    "common_split_neutral",
                    "TH-LQ-22",
                    "A split of the Common leaves what E and F receive, and divides what a share of Common receives.",
                    "2(b), 3(d)(iii)",
                ),
                (own, split),
                (common, factor),
                k * split.x == own.x,
                *(split.received[s] == own.received[s] for s in "ABCDEF"),
            )
        ),
        with_factor(
            in_totals(
                stated(
                    "common_split_neutral_with_caps_divided",
                    "TH-LQ-23",
                    "The same holds if the split divides the caps as well.",
                    "2(b)",
                    expected=REFUTED,
                    readings={"cap_adjusts_for": "any_literal"},
                ),
                (own, split_caps),
                (common, factor),
                *(split_caps.received[s] == own.received[s] for s in SHARING),
                shows="Read literally, a 2-for-1 split of the Common halves a cap on shares that did not split.",
            )
        ),
    )


def _more_of_a(k: z3.ArithRef, converted: str) -> FormulaCheck:
    """Return the theorem that more shares of A, with the same owed on each, lower what a share of A receives."""
    own = totals("1", converted=converted)
    owed = own.unknowns["T_A"]
    more = totals("2", converted=converted, given={**own.unknowns, "T_A": k * owed})
    some, grown = ("some share of A is outstanding", owed > 0), ("its shares are multiplied by a factor", k >= 1)
    suffix, who = (f"_{converted}_converted", " and ".join(converted) + " converted") if converted else ("", "none")
    a_share, in_all = more.received["A"] <= k * own.received["A"], more.received["A"] <= own.received["A"]
    return in_totals(
        theorem(
            f"liquidation.more_of_a_lowers_its_payment{suffix}",
            "TH-LQ-19",
            f"With more shares of A, the same assets and the same conversions ({who}), a share of A receives no more.",
            "2(a)",
            rests_on=(f"liquidation.equivalence_implicit{suffix}",),
        ),
        (own, more),
        (some, grown),
        a_share,
        neighbours=(
            Changed("with fewer shares as well", (owed > 0, k > 0), a_share),
            Changed("all shares of A receive no more in all", (owed > 0, k >= 1), in_all),
        ),
    )


def _instalments(stated: Any) -> FormulaCheck:
    """Return the theorem that two payments come to what one payment of both would.

    By rank and then in the remainder; inside the second tier what is still owed keeps its proportions.
    """
    names = ("W_first", "W_second", "T_F", "T_second_tier", "C", *(f"{k}_{s}" for k in ("u", "room") for s in SHARING))
    t = {name: z3.Real(name) for name in names}
    first, then, once = (z3.Real(f"x_{n}") for n in ("first", "then", "once"))
    zero = z3.RealVal(0)

    def ranks(assets: Any, f: Any, tier: Any) -> tuple[Any, Any, Any]:
        after = maximum(zero, assets - f)
        return minimum(f, assets), minimum(tier, after), maximum(zero, after - tier)

    def shared(x: Any, room: Mapping[str, Any]) -> dict[str, Any]:
        return {s: minimum(room[s], t[f"u_{s}"] * x) for s in SHARING}

    def used_up(x: Any, room: Mapping[str, Any], remaining: Any) -> z3.BoolRef:
        return t["C"] * x + z3.Sum(list(shared(x, room).values())) == remaining

    room = {s: t[f"room_{s}"] for s in SHARING}
    f1, tier1, rest1 = ranks(t["W_first"], t["T_F"], t["T_second_tier"])
    f2, tier2, rest2 = ranks(t["W_second"], t["T_F"] - f1, t["T_second_tier"] - tier1)
    f, tier, rest = ranks(t["W_first"] + t["W_second"], t["T_F"], t["T_second_tier"])
    r1, r2 = z3.Real("R_first"), z3.Real("R_second")
    left = {s: room[s] - amount for s, amount in shared(first, room).items()}
    setting = (
        *(term >= 0 for term in (*t.values(), first, then, once, r1, r2)),
        used_up(first, room, r1),
        used_up(then, left, r2),
        used_up(once, room, r1 + r2),
    )
    hypotheses = (("some Common is outstanding", t["C"] > 0),)
    whole = stated(
        "instalments",
        "TH-LQ-09",
        "Assets paid out in two instalments, each to what is then still owed, come to what one payment gives.",
        "2(a), 2(b), 2(d)",
    )
    return FormulaCheck(
        replace(whole, scope=Scope.CLOSED_FORM, hypotheses=tuple(words for words, _ in hypotheses)),
        (*t.values(), first, then, once, r1, r2),
        setting,
        hypotheses,
        (
            f1 + f2 == f,
            tier1 + tier2 == tier,
            rest1 + rest2 == rest,
            first + then == once,
            *(shared(first, room)[s] + shared(then, left)[s] == shared(once, room)[s] for s in SHARING),
        ),
        neighbours=(
            Changed(
                "E receives nothing from the second payment",
                (t["C"] > 0,),
                shared(then, left)["E"] == 0,
            ),
        ),
    )


def _joint_caps(stated: Any) -> FormulaCheck:
    """Return the theorem that compares a common stop with individual caps."""
    names = ("C", "u_E", "u_F", "room_E", "room_F", "R", "stop")
    t = {name: z3.Real(name) for name in names}
    one, joint = z3.Real("x_individual"), z3.Real("x_joint")
    own = {s: minimum(t[f"room_{s}"], t[f"u_{s}"] * one) for s in SHARING}
    both = {s: t[f"u_{s}"] * minimum(joint, t["stop"]) for s in SHARING}
    setting = (
        *(term >= 0 for term in (*t.values(), one, joint)),
        t["stop"] * t["u_E"] == t["room_E"],
        t["C"] * one + own["E"] + own["F"] == t["R"],
        t["C"] * joint + both["E"] + both["F"] == t["R"],
    )
    hypotheses = (
        ("some Common is outstanding", t["C"] > 0),
        ("E is outstanding", t["u_E"] > 0),
        ("F reaches its cap first", t["room_F"] <= t["u_F"] * t["stop"]),
    )
    theorem_of_it = replace(
        stated(
            "joint_caps_favour_f",
            "TH-LQ-24",
            "If sharing stops for both only when both have their caps, F, which reaches its own first, receives no "
            "less than with individual caps, and E and the Common no more.",
            "2(b)",
            readings={"cap_mode": "joint"},
        ),
        scope=Scope.CLOSED_FORM,
        hypotheses=tuple(words for words, _ in hypotheses),
    )
    return FormulaCheck(
        theorem_of_it,
        (*t.values(), one, joint),
        setting,
        hypotheses,
        (both["F"] >= own["F"], both["E"] <= own["E"], joint <= one),
    )


def _ratio_order(charter: Charter) -> FormulaCheck:
    """Return the step lemma about one dilutive issuance, from which the order of ratios follows by induction."""
    price, before, issued = z3.Real("price"), z3.Real("N"), z3.Real("n")
    old = {s: z3.Real(f"CP_{s}") for s in SHARING}
    new = {s: z3.Real(f"CP_{s}'") for s in SHARING}
    issue = {s: literal(charter.series_named(s).original_issue_price.value) for s in SHARING}
    formula = [
        new[s] * (before + issued)
        == z3.If(price < old[s], old[s] * before + price * issued, old[s] * (before + issued))
        for s in SHARING
    ]
    hypotheses = (
        ("E's conversion price is at most F's before the issuance", old["E"] <= old["F"]),
        ("E's conversion ratio is at most F's before the issuance", issue["E"] * old["F"] <= issue["F"] * old["E"]),
    )
    stated = theorem(
        "liquidation.ratio_order_kept_by_dilution",
        "TH-LQ-14",
        "One issuance adjusts both conversion prices so that E's price stays at most F's and E's ratio at most F's; "
        "both hold at the initial prices, so they hold after any history of issuances without the one-cent rule.",
        "3(d)(i)(A)",
        scope=Scope.ARITHMETIC,
        hypotheses=tuple(words for words, _ in hypotheses),
        constants="the same issuances for both series, all prices adjusted, no one-cent rule",
    )
    setting = (price >= 0, before > 0, issued > 0, *(term > 0 for term in (*old.values(), *new.values())), *formula)
    return FormulaCheck(
        stated,
        (price, before, issued, *old.values(), *new.values()),
        setting,
        hypotheses,
        (new["E"] <= new["F"], issue["E"] * new["F"] <= issue["F"] * new["E"]),
        neighbours=(
            Changed(
                "the ratios may be in any order before",
                (hypotheses[0][1],),
                issue["E"] * new["F"] <= issue["F"] * new["E"],
            ),
        ),
    )


def _unique() -> tuple[FormulaCheck, ...]:
    same, other = totals("1", chosen=True), totals("2", chosen=True)
    stated = theorem(
        "equilibrium.unique",
        "TH-EQ-01",
        "With some Common outstanding, the claims of a liquidation with chosen conversions add up to the assets at one "
        "amount per Common share only.",
        "2, 3(a)",
        rests_on=("equilibrium.in_totals",),
    )
    common = ("some Common is outstanding", same.unknowns["C"] > 0)
    return (
        in_totals(
            stated,
            (same, other),
            (common,),
            same.x == other.x,
            *(same.received[s] == other.received[s] for s in "ABCDEF"),
            neighbours=(Changed("no Common need be outstanding", (), same.x == other.x),),
        ),
        in_totals(
            replace(
                stated,
                id="equilibrium.unique_without_common",
                register=("TH-EQ-07",),
                expected=REFUTED,
                statement="Without Common, too, they do so at one amount only.",
            ),
            (same, other),
            (("no Common is outstanding", same.unknowns["C"] == 0),),
            same.x == other.x,
            shows="When E and F both have their caps, any amount up to the first conversion fits.",
        ),
    )


def _least_profile() -> tuple[FormulaCheck, ...]:
    own = totals("1", chosen=True)
    common = ("some Common is outstanding", own.unknowns["C"] > 0)
    profiles = ("", "E", "F", "EF")
    others = tuple(totals(f"_{p or 'none'}", converted=p) for p in profiles)
    one = theorem(
        "equilibrium.least_over_profiles",
        "TH-EQ-05",
        "The amount per Common share with chosen conversions is the least over all given conversions of E and F.",
        "2(b), 3(a)",
        rests_on=("equilibrium.in_totals", *(f"liquidation.in_totals{p and f'_{p}_converted'}" for p in profiles)),
    )
    return (
        in_totals(
            one,
            (own, *others),
            (common,),
            *(own.x <= other.x for other in others),
            *(z3.Implies(_is_profile(own, p), own.x == other.x) for p, other in zip(profiles, others, strict=True)),
            neighbours=(Changed("it is the greatest", (common[1],), own.x >= others[0].x),),
        ),
    )


def _is_profile(state: Totals, converted: str) -> z3.BoolRef:
    """Say that exactly these series gain by converting."""
    terms = state.unknowns
    gains = {s: terms[f"u_{s}"] * state.x > maximum(terms[f"M_{s}"], terms[f"T_{s}"]) for s in SHARING}
    return z3.And(*(gains[s] if s in converted else z3.Not(gains[s]) for s in SHARING))


def _comparisons() -> tuple[FormulaCheck, ...]:
    rest = ("equilibrium.in_totals",)
    w1, w2 = totals("1", ["W"], chosen=True), totals("2", ["W"], chosen=True)
    c1, c2 = totals("1", ["C"], chosen=True), totals("2", ["C"], chosen=True)
    f1, f2 = totals("1", ["u_F"], chosen=True), totals("2", ["u_F"], chosen=True)
    more = w2.unknowns["W"] - w1.unknowns["W"]
    return (
        in_totals(
            theorem(
                "equilibrium.payments_grow_with_assets",
                "TH-EQ-06",
                "With conversions chosen and A-D unconverted, nobody receives less when assets grow.",
                "2, 3(a)",
                rests_on=rest,
            ),
            (w1, w2),
            (
                ("some Common is outstanding", w1.unknowns["C"] > 0),
                ("the second state has at least the assets of the first", more >= 0),
            ),
            w2.x >= w1.x,
            *(w2.received[s] >= w1.received[s] for s in "ABCDEF"),
            neighbours=(
                Changed(
                    "E receives strictly more",
                    (w1.unknowns["C"] > 0, more > 0, w1.unknowns["T_E"] > 0),
                    w2.received["E"] > w1.received["E"],
                ),
            ),
        ),
        in_totals(
            theorem(
                "equilibrium.more_common_lowers_the_others",
                "TH-LQ-16",
                "With conversions chosen, more Common lowers what a share of Common, E or F receives, or leaves it.",
                "2(b), 3(a)",
                rests_on=rest,
            ),
            (c1, c2),
            (
                ("some Common is outstanding", c1.unknowns["C"] > 0),
                ("the second state has at least the Common of the first", _grown(c1, c2, "C")),
            ),
            c2.x <= c1.x,
            *(c2.received[s] <= c1.received[s] for s in SHARING),
        ),
        in_totals(
            theorem(
                "equilibrium.lower_price_of_f_helps_only_f",
                "TH-LQ-18",
                "With conversions chosen, a lower conversion price of F never helps E or the Common.",
                "2(b), 3(a), 3(d)",
                rests_on=rest,
            ),
            (f1, f2),
            (
                ("some Common is outstanding", f1.unknowns["C"] > 0),
                ("F's second ratio is at least its first", _grown(f1, f2, "u_F")),
            ),
            f2.x <= f1.x,
            f2.received["E"] <= f1.received["E"],
            f2.received["F"] >= f1.received["F"],
            neighbours=(
                Changed(
                    "it never helps F either",
                    (f1.unknowns["C"] > 0, _grown(f1, f2, "u_F")),
                    f2.received["F"] <= f1.received["F"],
                ),
            ),
        ),
    )


def _election_formulas() -> tuple[FormulaCheck, ...]:
    """Return the theorems about the election when preferences and Cash Amounts are paid in full.

    Without the election A-D take their preferences; with it their Cash Amounts and x a share. `given_up` is
    what the whole class gives up, the sum of shares times issue price less Cash Amount.
    """
    names = ["C", *(f"{kind}_{s}" for s in SHARING for kind in "TMu")]
    state: dict[str, Any] = {n: z3.Real(n) for n in names}
    before, after, number_of, given_up = (z3.Real(n) for n in ("x_before", "x_after", "n_AD", "given_up"))

    def claims(x: Any) -> Any:
        return state["C"] * x + z3.Sum([participation(state, s, x, chosen=True) for s in SHARING])

    setting = (
        *(term >= 0 for term in (*state.values(), before, after, number_of, given_up)),
        claims(before) + given_up == claims(after) + number_of * after,
    )
    hypotheses = (("some Common is outstanding", state["C"] > 0), ("some A-D are outstanding", number_of > 0))
    unknowns = (*state.values(), before, after, number_of, given_up)
    rest = ("equilibrium.equivalence", "equilibrium.equivalence_elected_creditor")
    assumed = "preferences and Cash Amounts are paid in full; A-D convert one for one; the same assets"

    def check(
        name: str, register: str, statement: str, *claimed: z3.BoolRef, more: tuple[Any, ...] = (), **changed: Any
    ) -> FormulaCheck:
        stated = theorem(name, register, statement, "2, 3(a), 3(c)", scope=Scope.CLOSED_FORM, rests_on=rest)
        together = (*hypotheses, *more)
        return FormulaCheck(
            replace(stated, hypotheses=(*(w for w, _ in together), assumed, NOTHING_SURVIVES)),
            unknowns,
            setting,
            together,
            claimed,
            **changed,
        )

    up = number_of * before <= given_up
    threshold = z3.Real("t")
    return (
        check(
            "equilibrium.election_moves_towards_threshold",
            "TH-EQ-08",
            "After the election the amount per Common share lies between what it was and what an A-D share "
            "gives up on average.",
            z3.Implies(up, z3.And(before <= after, number_of * after <= given_up)),
            z3.Implies(z3.Not(up), z3.And(after <= before, number_of * after >= given_up)),
        ),
        check(
            "equilibrium.who_gains_by_the_election",
            "TH-EQ-09",
            "The election lowers what the Common receives exactly when that was more than an A-D share gives up "
            "on average, and raises it exactly when it was less.",
            (after < before) == (number_of * before > given_up),
            (after > before) == (number_of * before < given_up),
            neighbours=(
                Changed(
                    "it lowers it at equality too",
                    tuple(c for _, c in hypotheses),
                    (after < before) == (number_of * before >= given_up),
                ),
            ),
        ),
        FormulaCheck(
            replace(
                check(
                    "equilibrium.election_before_or_after",
                    "TH-EQ-10",
                    "If every A-D share gives up the same amount t, a share of Common had more than t before exactly "
                    "when it has more than t after: converting pays, whoever decides first.",
                    z3.BoolVal(True),
                ).theorem,
                hypotheses=(
                    "some Common is outstanding",
                    "some A-D are outstanding",
                    "every A-D share gives up the same",
                    assumed,
                    NOTHING_SURVIVES,
                ),
            ),
            (*unknowns, threshold),
            (*setting, threshold >= 0, given_up == number_of * threshold),
            hypotheses,
            ((after > threshold) == (before > threshold),),
        ),
        _one_series(),
        _median(),
    )


def _one_series() -> FormulaCheck:
    """Return the theorem about a whole series converting at once, one capped series among the others."""
    base, ratio, held, p, k, remaining = (z3.Real(n) for n in ("base", "c", "n", "p", "K", "R"))
    x0, x1 = z3.Real("x_kept"), z3.Real("x_converted")
    kept = minimum(k, p + ratio * x0)
    stated = theorem(
        "equilibrium.block_and_share_agree",
        "TH-EQ-04",
        "A whole capped series gains by converting exactly when one of its shares would, and then the amount "
        "per Common share falls or stays.",
        "2(b), 3(a)",
        scope=Scope.CLOSED_FORM,
        hypotheses=(
            "others share the remainder, without caps of their own",
            "the series is outstanding",
            "its cap is at least its preference",
            "it has no unpaid dividends, which would survive its conversion",
        ),
    )
    setting = (
        *(t >= 0 for t in (p, x0, x1, remaining)),
        k >= p,
        ratio > 0,
        base * x0 + held * kept == remaining,
        (base + held * ratio) * x1 == remaining,
    )
    hypotheses = (("others share", base > 0), ("the series is outstanding", held > 0))
    pays, block = ratio * x0 > kept, ratio * x1 > kept
    return FormulaCheck(
        stated,
        (base, ratio, held, p, k, remaining, x0, x1),
        setting,
        hypotheses,
        (pays == block, z3.Implies(pays, x1 <= x0)),
        neighbours=(Changed("the amount per Common share never falls", (base > 0, held > 0), x1 >= x0),),
    )


THRESHOLDS = (("A", "0.075"), ("B", "0.105"), ("C", "0.145"), ("D", "0.206"))


def _median() -> FormulaCheck:
    """Return the theorem that the share-weighted median decides."""
    n = {s: z3.Real(f"n_{s}") for s, _ in THRESHOLDS}
    t = {s: literal(Fraction(value)) for s, value in THRESHOLDS}
    x = z3.Real("x")
    everybody = z3.Sum(list(n.values()))
    in_favour = z3.Sum([z3.If(t[s] < x, n[s], z3.RealVal(0)) for s in n])
    median: Any = t["D"]
    for place in range(2, -1, -1):
        up_to = z3.Sum([n[s] for s, _ in THRESHOLDS[: place + 1]])
        median = z3.If(2 * up_to > everybody, t[THRESHOLDS[place][0]], median)
    stated = theorem(
        "equilibrium.weighted_median_decides",
        "TH-EQ-11",
        "If each series votes its interest at a given amount per Common share, the class elects exactly when "
        "that amount exceeds the share-weighted median of what a share gives up (.075, .105, .145, .206).",
        "3(a)",
        scope=Scope.ARITHMETIC,
        hypotheses=("some A-D are outstanding",),
        constants="no unpaid dividends, A-D convert one for one",
    )
    setting = (*(c >= 0 for c in n.values()), x >= 0)
    return FormulaCheck(
        stated,
        (*n.values(), x),
        setting,
        (("some A-D are outstanding", everybody > 0),),
        ((2 * in_favour > everybody) == (x > median),),
        neighbours=(Changed("exactly half is enough", (everybody > 0,), (2 * in_favour >= everybody) == (x > median)),),
    )


def _ground(charter: Charter) -> tuple[FormulaCheck, ...]:
    counts = {name: charter.series_named(name).authorized.value for name in "ABCD"}
    whole = sum(counts.values())
    stated = theorem(
        "equilibrium.a_alone_decides",
        "TH-EQ-12",
        "At full issuance Series A alone is a majority of A-D: 9,100,000 of 14,555,000, where half is 7,277,500.",
        "3(a)",
        scope=Scope.ARITHMETIC,
        constants="full issuance",
    )
    a, all_of_them = z3.RealVal(counts["A"]), z3.RealVal(whole)
    return (
        FormulaCheck(
            stated,
            (),
            (),
            (),
            (a == 9_100_000, all_of_them == 14_555_000, 2 * a > all_of_them),
            neighbours=(Changed("Series C alone is", (), 2 * z3.RealVal(counts["C"]) > all_of_them),),
        ),
    )
