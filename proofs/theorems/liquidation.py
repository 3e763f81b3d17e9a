"""Theorems about section 2 with given conversions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import sympy
import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.claims import SECOND_TIER_FRACTION, Totals, totals
from proofs.explorer import Function, Unknown
from proofs.numbers import literal
from proofs.results import Verdict
from proofs.statements import agreement, checked, numbers, sentence, theorem, totality
from proofs.study import Study
from proofs.subjects import (
    ASSETS,
    DEFAULTS,
    bounded,
    cap_table,
    chosen,
    declared,
    outcome,
    owed,
    position,
    shares,
    subject,
)
from proofs.views import Claim, Subject, View
from reference import liquidation, payoff
from reference.charter import COMMON, Charter
from reference.position import Holding, Undeclared, full_issuance
from reference.readings import (
    CapAdjustsFor,
    CapMode,
    CashRank,
    Cents,
    EfConversion,
    MergerScope,
    Readings,
    Switch,
    UnpaidDiv,
)
from reference.rounding import down_to_cents
from symbolic import breakpoints as corners
from symbolic import liquidation as closed
from symbolic import rounding
from symbolic.account import Account
from symbolic.liquidation import Case, Forms, ImplicitAccount

PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED
OPTIONAL = frozenset("EF")
ELECTING = frozenset("ABCD")
NOTHING_OWED = {f"{kind}_{name}": z3.RealVal(0) for kind in "dyz" for name in "ABCDEF"}
"""Unpaid dividends of each kind, for closed forms at positions without any."""

AD_AT_PAR = {f"c_{name}": 1 for name in "ABCD"}
KEPT = "no conversions"
UNELECTED = (KEPT, "E converted", "F converted", "E and F converted")


def elected_label(rank: CashRank) -> str:
    """Name the subject in which A-D have converted, by the rank of their Cash Amounts."""
    return f"A-D converted, Cash Amounts {rank.value}"


def pay(view: View, name: str) -> z3.ArithRef:
    """Return what one share of a class receives, $/share."""
    return view.outcome[f"pay_{name}"]


def count(view: View, name: str) -> z3.ArithRef:
    """Return the shares of a class."""
    return view.inputs[shares(name).name]


def classes(charter: Charter) -> list[str]:
    """Name every class, the Common last."""
    return [*(s.name for s in charter.series), COMMON]


def paid_out(charter: Charter, view: View) -> z3.ArithRef:
    """Return what all classes receive together, $."""
    return z3.Sum([count(view, name) * pay(view, name) for name in classes(charter)])


def preference(charter: Charter, view: View, name: str) -> z3.ArithRef:
    """Return the preference, $/share: the issue price and the unpaid dividends that count (2(a), AMB-16)."""
    own = charter.series_named(name)
    unpaid: z3.ArithRef = view.form(closed.unpaid_dividend(Case(charter, DEFAULTS), own))
    return literal(own.original_issue_price.value) + unpaid


def preferences(charter: Charter, view: View, names: str) -> z3.ArithRef:
    """Return the preferences of all shares of some series together, $."""
    return z3.Sum([count(view, n) * preference(charter, view, n) for n in names])


def cap(charter: Charter, name: str) -> z3.ArithRef:
    """Return the participation cap, $/share (2(b))."""
    value = charter.series_named(name).participation.cap
    assert value is not None
    return literal(value)


def of(amounts: Mapping[str, sympy.Expr], view: View, prefix: str) -> list[z3.BoolRef]:
    """Claim that amounts per share are those of the closed form, where anybody holds the class."""
    return [
        z3.Implies(count(view, name) > 0, view.outcome[f"{prefix}_{name}"] == view.form(form))
        for name, form in amounts.items()
    ]


def matches(account: ImplicitAccount) -> Claim:
    """Claim that every output is that of an implicit account at the code's amount per Common share."""

    def claim(view: View) -> list[z3.BoolRef]:
        x, left = view.outcome["x"], view.outcome["undistributed"]
        at = view.at({"x": x, "undistributed": left})
        names = list(account.per_share)
        total = z3.Sum([count(view, name) * pay(view, name) for name in names]) + left
        *required, bound = account.conditions
        return [
            *of(account.per_share, at, "pay"),
            pay(view, COMMON) == x,
            total == view.inputs["W"],
            x >= 0,
            left >= 0,
            *(at.form(condition) for condition in required),
            # What x means where assets are left over is a convention: nobody receives it.
            z3.Or(left > 0, at.form(bound)),
        ]

    return claim


def satisfies(charter: Charter, state: Totals, converted: str = "") -> Claim:
    """Claim that the equations of a state in totals hold of what the code is given and pays."""

    def claim(view: View) -> list[z3.BoolRef]:
        owed = {name: count(view, name) * preference(charter, view, name) for name in "ABCDEF"}
        senior = z3.RealVal(0) if "F" in converted else owed["F"]
        second = z3.Sum([owed[name] for name in "ABCDE" if name not in converted])
        at = view.at({"senior": senior, "second": second})
        values = {
            **{name: view.inputs[name] for name in "WC"},
            **{f"T_{name}": amount for name, amount in owed.items()},
            **{f"M_{name}": count(view, name) * cap(charter, name) for name in "EF"},
            **{f"u_{name}": count(view, name) * view.inputs[f"c_{name}"] for name in "EF"},
            "x": view.outcome["x"],
            "left": view.outcome["undistributed"],
            "fraction": at.form(SECOND_TIER_FRACTION),
        }
        return state.at(values, {name: count(view, name) * pay(view, name) for name in "ABCDEF"})

    return claim


def forms_of(account: Forms) -> dict[str, sympy.Expr]:
    """Name the closed forms as the outputs are named."""
    return {
        "x": account.per_common_share,
        "undistributed": account.undistributed,
        **{f"pay_{name}": form for name, form in account.per_share.items()},
        **{f"pref_{name}": form for name, form in account.preferences.items()},
    }


def given(charter: Charter, readings: Readings, converted: frozenset[str], elected: bool) -> Function:
    """Return the engine's liquidation with given conversions."""
    return lambda values: outcome(
        liquidation.distribute(position(charter, values), readings, values["W"], converted, elected)
    )


def given_subject(
    charter: Charter, label: str, readings: Readings, converted: frozenset[str] = frozenset(), elected: bool = False
) -> Subject:
    """Return a liquidation with given conversions at unknown counts, dividends, conversion ratios and assets."""
    convertible = OPTIONAL | ELECTING if elected else OPTIONAL
    case = Case(charter, readings, converted=converted, elected=elected, prices=convertible)
    unknowns = (ASSETS, *cap_table(charter, convertible))
    forms = forms_of(closed.forms(case))
    return subject(label, given(charter, readings, converted, elected), unknowns, forms, readings)


def full(charter: Charter, common: int, assets: str | int, **more: str | int) -> dict[str, Fraction]:
    """Return the inputs of full issuance, with no dividends and every ratio one unless said otherwise."""
    table = {shares(s.name).name: Fraction(s.authorized.value) for s in charter.series}
    table |= {unknown.name: Fraction(0) for s in charter.series for unknown in owed(charter, s.name)}
    table |= {f"c_{name}": Fraction(1) for name in sorted(OPTIONAL)}
    return table | {"C": Fraction(common), "W": Fraction(assets)} | numbers(**more)


SOME_COMMON = Hypothesis("some Common is outstanding", lambda v: count(v, COMMON) > 0)
NO_COMMON = Hypothesis("no Common is outstanding", lambda v: count(v, COMMON) == 0)


def no_dividends(charter: Charter, *names: str) -> Hypothesis:
    """Assume that some series have no unpaid dividends."""
    words = f"no unpaid dividends on {', '.join(names)}"
    return Hypothesis(
        words, lambda v: [v.inputs[unknown.name] == 0 for name in names for unknown in owed(charter, name)]
    )


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    return (
        given_conversions(charter),
        after_the_election(charter),
        other_caps(charter),
        terms_of_series(charter),
        asset_levels(charter),
        words_and_holders(charter),
        in_cents(),
    )


def given_conversions(charter: Charter) -> Study:
    """Return the theorems about the four states of E and F, A-D unconverted, under the default readings."""
    subjects = tuple(
        given_subject(charter, label, DEFAULTS, frozenset(converted))
        for label, converted in zip(UNELECTED, ("", "E", "F", "EF"), strict=True)
    )
    checks = (*_given_agreement(charter, subjects), *_given(charter))
    return Study("liquidation, given conversions", subjects, checks, weight=24)


def _given_agreement(charter: Charter, subjects: tuple[Subject, ...]) -> tuple[PathCheck, ...]:
    checks = []
    for own, converted in zip(subjects, ("", "E", "F", "EF"), strict=True):
        case = Case(charter, DEFAULTS, converted=frozenset(converted), prices=OPTIONAL)
        forms = closed.forms(case)
        suffix = "" if not converted else f"_{converted}_converted"
        what = f"Liquidation with {own.label}"
        checks += [
            agreement(f"liquidation.equivalence{suffix}", what, (own.label,), explicit(forms), "2(a), 2(b)"),
            agreement(
                f"liquidation.equivalence_implicit{suffix}",
                f"{what}, as equations",
                (own.label,),
                matches(closed.implicit(case)),
                "2(a), 2(b)",
            ),
            checked(
                theorem(
                    f"liquidation.in_totals{suffix}",
                    "",
                    f"{what}: what the code pays satisfies the equations that compare states in totals.",
                    "2(a), 2(b)",
                ),
                satisfies(charter, totals(converted=converted), converted),
                *(_nothing_survives(name) for name in converted),
                labels=(own.label,),
            ),
        ]
    checks.append(totality("liquidation.totality", "Liquidation with E and F in any state", (), "2"))
    return tuple(checks)


def _nothing_survives(name: str) -> Hypothesis:
    return Hypothesis(f"{name}, which has converted, has no unpaid dividends", lambda v: v.inputs[f"d_{name}"] == 0)


def explicit(forms: Forms) -> Claim:
    """Claim that every output is that of the explicit closed form."""

    def claim(view: View) -> list[z3.BoolRef]:
        x, left = view.outcome["x"], view.outcome["undistributed"]
        return [
            left == view.form(forms.undistributed),
            z3.Implies(left == 0, x == view.form(forms.per_common_share)),
            *of(forms.per_share, view, "pay"),
            *of(forms.preferences, view, "pref"),
        ]

    return claim


def _given(charter: Charter) -> tuple[PathCheck, ...]:
    return (*_conservation(charter), *_seniority(charter), *_caps(charter))


def _conservation(charter: Charter) -> tuple[PathCheck, ...]:
    everything: Claim = lambda v: paid_out(charter, v) == v.inputs["W"]  # noqa: E731
    return (
        checked(
            theorem(
                "liquidation.payments_sum_to_assets",
                "TH-LQ-01",
                "What all classes receive together is exactly the assets.",
                "2(a), 2(b)",
            ),
            everything,
            SOME_COMMON,
            labels=UNELECTED,
            neighbours=(Neighbour("no Common need be outstanding", hypotheses=()),),
            shows="Assets are left over when every participant has its cap and there is no Common.",
        ),
        checked(
            theorem(
                "liquidation.payments_sum_to_assets_without_common",
                "TH-LQ-02",
                "Without Common, what all classes receive together is still exactly the assets.",
                "2(b)",
                expected=REFUTED,
            ),
            everything,
            NO_COMMON,
            labels=(KEPT,),
            suggestions=(full(charter, 0, 200_000_000),),
            shows="Once E and F have their caps nobody is entitled to the rest.",
        ),
        checked(
            theorem(
                "liquidation.nothing_lost",
                "",
                "Payments and what is left over add up to the assets, and no payment is negative.",
                "2",
            ),
            lambda v: [
                paid_out(charter, v) + v.outcome["undistributed"] == v.inputs["W"],
                *(pay(v, name) >= 0 for name in classes(charter)),
                v.outcome["undistributed"] >= 0,
            ],
            labels=UNELECTED,
            neighbours=(
                Neighbour("every payment is above zero", claim=lambda v: z3.And(*(pay(v, n) > 0 for n in "ABCDEF"))),
            ),
        ),
    )


def _seniority(charter: Charter) -> tuple[PathCheck, ...]:
    f_short = Hypothesis(
        "F is outstanding and receives less than its preference",
        lambda v: [count(v, "F") > 0, pay(v, "F") < preference(charter, v, "F")],
    )
    others: Claim = lambda v: [pay(v, n) * count(v, n) == 0 for n in [*"ABCDE", COMMON]]  # noqa: E731
    rateable: Claim = lambda v: [  # noqa: E731
        v.outcome[f"pref_{s}"] * preference(charter, v, t) == v.outcome[f"pref_{t}"] * preference(charter, v, s)
        for s, t in zip("ABCD", "BCDE", strict=True)
    ]
    return (
        checked(
            theorem(
                "liquidation.f_is_senior",
                "TH-LQ-04",
                "While F is short of its preference, A to E and the Common receive nothing.",
                "2(a)",
            ),
            others,
            f_short,
            labels=(KEPT,),
            neighbours=(
                Neighbour(
                    "F may also have exactly its preference",
                    hypotheses=(
                        Hypothesis(
                            "F receives at most its preference",
                            lambda v: [count(v, "F") > 0, pay(v, "F") <= preference(charter, v, "F")],
                        ),
                    ),
                ),
            ),
        ),
        checked(
            theorem(
                "liquidation.second_tier_is_rateable",
                "TH-LQ-06",
                "A to E receive one common fraction of their preferences.",
                "2(a)",
            ),
            rateable,
            labels=(KEPT,),
            neighbours=(
                Neighbour(
                    "F shares that fraction as well",
                    claim=lambda v: (
                        v.outcome["pref_F"] * preference(charter, v, "E")
                        == v.outcome["pref_E"] * preference(charter, v, "F")
                    ),
                ),
            ),
        ),
        checked(
            theorem(
                "liquidation.a_to_d_only_their_preference",
                "TH-LQ-10",
                "A share of A, B, C or D that has not converted never receives more than its preference.",
                "2(a), 2(b)",
            ),
            lambda v: [pay(v, n) <= preference(charter, v, n) for n in "ABCD"],
            labels=UNELECTED,
            neighbours=(
                Neighbour(
                    "it always receives less", claim=lambda v: [pay(v, n) < preference(charter, v, n) for n in "A"]
                ),
            ),
        ),
        checked(
            theorem(
                "liquidation.later_series_receive_no_less",
                "TH-LQ-11",
                "Per share, F receives at least what E does, E what D does, and so on down to A, at any assets.",
                "2(a), 2(b)",
                constants="conversion ratios of one, no unpaid dividends; any counts",
            ),
            lambda v: [pay(v, s) >= pay(v, t) for s, t in zip("FEDCB", "EDCBA", strict=True)],
            no_dividends(charter, *"ABCDEF"),
            Hypothesis("E and F convert one for one", lambda v: [v.inputs["c_E"] == 1, v.inputs["c_F"] == 1]),
            labels=(KEPT,),
            neighbours=(Neighbour("with any conversion ratios", hypotheses=(no_dividends(charter, *"ABCDEF"),)),),
        ),
    )


def _caps(charter: Charter) -> tuple[PathCheck, ...]:
    below: Claim = lambda v: [pay(v, n) <= cap(charter, n) for n in "EF"]  # noqa: E731
    modest = Hypothesis(
        "unpaid dividends leave the preferences within the caps (E at most 6.225, F at most 4.125)",
        lambda v: [preference(charter, v, n) <= cap(charter, n) for n in "EF"],
    )
    first: Claim = lambda v: z3.Implies(pay(v, "E") >= cap(charter, "E"), pay(v, "F") >= cap(charter, "F"))  # noqa: E731
    ratios = Hypothesis("E's conversion ratio is at most F's", lambda v: v.inputs["c_E"] <= v.inputs["c_F"])
    none = no_dividends(charter, "E", "F")
    return (
        checked(
            theorem(
                "liquidation.caps_respected",
                "TH-LQ-07",
                "Unconverted, a share of E receives at most 10.375 and a share of F at most 12.375.",
                "2(b)",
            ),
            below,
            modest,
            labels=(KEPT,),
            neighbours=(Neighbour("with any unpaid dividends", hypotheses=()),),
        ),
        checked(
            theorem(
                "liquidation.caps_respected_with_any_dividends",
                "TH-LQ-08",
                "The caps hold whatever dividends are unpaid.",
                "2(a), 2(b)",
                expected=REFUTED,
            ),
            below,
            labels=(KEPT,),
            suggestions=(full(charter, 10_000_000, 200_000_000, d_F="4.95"),),
            shows="A preference above the cap is still paid: the cap limits participation only.",
        ),
        checked(
            theorem(
                "liquidation.f_caps_before_e",
                "TH-LQ-12",
                "Whenever E has its cap, F has its cap.",
                "2(b)",
            ),
            first,
            ratios,
            none,
            labels=(KEPT,),
            neighbours=(Neighbour("with any conversion ratios", hypotheses=(none,)),),
        ),
        checked(
            theorem(
                "liquidation.f_caps_before_e_at_any_ratio",
                "TH-LQ-13",
                "Whenever E has its cap, F has its cap, whatever the conversion ratios.",
                "2(b)",
                expected=REFUTED,
            ),
            first,
            none,
            labels=(KEPT,),
            suggestions=(full(charter, 10_000_000, 110_000_000, c_E=2),),
            shows="With c_E / c_F above 6.225 / 4.125 E reaches its cap first.",
        ),
        checked(
            theorem(
                "liquidation.converted_share_is_common",
                "",
                "A converted share of E or F receives its conversion ratio times what a share of Common receives, and "
                "its declared dividends before anything reaches the Common.",
                "3(a)",
            ),
            lambda v: [own for n in "EF" if n in v.structure["converted"] for own in _as_common(v, n)],
            labels=UNELECTED[1:],
            neighbours=(
                Neighbour(
                    "the Common alone",
                    claim=lambda v: [
                        pay(v, n) == v.inputs[f"c_{n}"] * v.outcome["x"] for n in "EF" if n in v.structure["converted"]
                    ],
                ),
            ),
        ),
    )


def _as_common(view: View, name: str) -> list[z3.BoolRef]:
    """Claim that a converted share has its dividends first, and then its part of what reaches the Common."""
    common, owed_first = view.inputs[f"c_{name}"] * view.outcome["x"], view.inputs[f"d_{name}"]
    paid = pay(view, name)
    held = count(view, name) > 0
    return [
        z3.Implies(held, z3.And(paid >= common, paid <= common + owed_first)),
        z3.Implies(z3.And(held, view.outcome["x"] > 0), paid == common + owed_first),
    ]


def after_the_election(charter: Charter) -> Study:
    """Return the theorems about A-D converted, under each rank of the Cash Amounts."""
    subjects, checks = [], []
    for rank in CashRank:
        readings = replace(DEFAULTS, cash_rank=rank)
        label = elected_label(rank)
        subjects.append(given_subject(charter, label, readings, elected=True))
        case = Case(charter, readings, elected=True, prices=OPTIONAL | ELECTING)
        own = {} if rank is CashRank.CREDITOR else {"cash_rank": rank.value}
        checks.append(
            agreement(
                f"liquidation.equivalence_elected_{rank.value.lower()}",
                f"Liquidation with {label}",
                (label,),
                matches(closed.implicit(case)),
                "2(a), 2(b), 3(a), 3(c)",
                readings=own,
            )
        )
    checks.append(
        totality(
            "liquidation.totality_elected",
            "Liquidation with A-D converted, at every rank",
            (),
            "2, 3(c)",
        )
    )
    return Study("liquidation after the election", tuple(subjects), (*checks, *_election_seniority(charter)), weight=24)


def _election_seniority(charter: Charter) -> tuple[PathCheck, ...]:
    senior: Claim = lambda v: [pay(v, n) * count(v, n) == 0 for n in [*"ABCDE", COMMON]]  # noqa: E731
    f_short = Hypothesis(
        "F is outstanding and receives less than its preference",
        lambda v: [count(v, "F") > 0, pay(v, "F") < preference(charter, v, "F")],
    )
    labels = tuple(elected_label(rank) for rank in CashRank if rank is not CashRank.CREDITOR)
    first_call: Claim = lambda v: (  # noqa: E731
        count(v, "F") * v.outcome["pref_F"] == _least(preferences(charter, v, "F"), v.inputs["W"])
    )
    return (
        checked(
            theorem(
                "liquidation.f_is_senior_to_cash_amounts",
                "TH-LQ-05",
                "With A-D converted and their Cash Amounts a debt, F short of its preference still means that "
                "nobody else receives anything.",
                "2(a), 3(c)",
                expected=REFUTED,
            ),
            senior,
            f_short,
            labels=(elected_label(CashRank.CREDITOR),),
            suggestions=(full(charter, 10_000_000, 20_000_000, **AD_AT_PAR),),
            shows="As creditors A-D are paid before F: F gets 0.8407 where it would have had 8.25.",
        ),
        checked(
            theorem(
                "liquidation.f_preference_independent_of_election",
                "TH-EQ-21",
                "Unless Cash Amounts are a debt, what F receives under 2(a) is the lesser of its preference and the "
                "assets, as without the election.",
                "2(a), 3(c)",
                readings={"cash_rank": "after_F, pari_second_tier, last"},
            ),
            first_call,
            labels=labels,
            neighbours=(
                Neighbour(
                    "Cash Amounts are a debt",
                    labels=(elected_label(CashRank.CREDITOR),),
                    suggestions=(full(charter, 10_000_000, 20_000_000, **AD_AT_PAR),),
                ),
            ),
        ),
        checked(
            theorem(
                "liquidation.f_keeps_its_preference_after_election",
                "TH-EQ-20",
                "With Cash Amounts a debt, the election never lowers what F receives under 2(a).",
                "2(a), 3(c)",
                expected=REFUTED,
            ),
            first_call,
            labels=(elected_label(CashRank.CREDITOR),),
            suggestions=(full(charter, 10_000_000, 20_000_000, **AD_AT_PAR),),
            shows="Without the election F would have 8.25.",
        ),
    )


def _least(a: z3.ArithRef, b: z3.ArithRef) -> z3.ArithRef:
    return z3.If(a <= b, a, b)


def other_caps(charter: Charter) -> Study:
    """Return the theorems about the other readings of when participation stops."""
    chosen = {
        "joint caps": ("joint_caps", replace(DEFAULTS, cap_mode=CapMode.JOINT)),
        "first cap stops all": ("first_stops_all", replace(DEFAULTS, cap_mode=CapMode.FIRST_STOPS_ALL)),
        "double dip": ("double_dip", replace(DEFAULTS, ef_conversion=EfConversion.DOUBLE_DIP)),
    }
    subjects, checks = [], []
    for label, (name, readings) in chosen.items():
        own = given_subject(charter, label, readings)
        subjects.append(own)
        account = closed.implicit(Case(charter, readings, prices=OPTIONAL))
        checks.append(
            agreement(
                f"liquidation.equivalence_{name}",
                f"Liquidation with {label}",
                (label,),
                matches(account),
                "2(b)",
                readings=own.readings,
            )
        )
    both = {"cap_mode": "joint, first_stops_all", "ef_conversion": "double_dip"}
    checks.append(totality("liquidation.totality_other_caps", "Liquidation under each", (), "2(b)", readings=both))
    return Study("liquidation, other readings of the caps", tuple(subjects), tuple(checks), weight=36)


def terms_of_series(charter: Charter) -> Study:
    """Return the theorems about preferences, ratios, Cash Amounts and headrooms under every reading and split."""
    names = [s.name for s in charter.series]
    unknowns = (
        *(Unknown(f"{kind}_{name}") for kind in "dyzk" for name in names),
        Unknown("k_common"),
        *(Unknown(f"c_{n}", charter.series_named(n).original_issue_price.value) for n in names),
    )
    yes, no = Switch.YES, Switch.NO
    preferred, literally = CapAdjustsFor.PREFERRED_ONLY, CapAdjustsFor.ANY_LITERAL
    options = [
        *((dividends, yes, preferred, yes, no) for dividends in UnpaidDiv),
        (UnpaidDiv.DECLARED, no, literally, no, no),
        (UnpaidDiv.DECLARED, yes, literally, yes, yes),
        (UnpaidDiv.UNDECLARED_ALL, no, preferred, no, yes),
    ]
    subjects, checks = [], []
    for dividends, includes, adjusts, oip, cash in options:
        readings = replace(
            DEFAULTS,
            unpaid_div=dividends,
            cap_includes_dividends=includes,
            cap_adjusts_for=adjusts,
            oip_adjusts_in_conversion=oip,
            cash_adjusts_preferred_split=cash,
        )
        label = ", ".join(choice.value for choice in (dividends, includes, adjusts, oip, cash))
        case = Case(charter, readings, elected=True, splits=frozenset([*names, COMMON]), prices=frozenset(names))
        forms = _term_forms(case)
        subjects.append(subject(label, _terms(charter, readings), unknowns, forms, readings, samples=20))
    every: Claim = _equal_terms(subjects)
    checks.append(
        PathCheck(
            theorem(
                "liquidation.terms_equivalence",
                "TH-LQ-25",
                "Preference, conversion ratio, Cash Amount and headroom of every series are those of the closed form, "
                "under each reading of unpaid dividends and of splits, with any splits.",
                "2(a), 2(b), 3(a)",
                readings={
                    "unpaid_div": "all",
                    "cap_includes_dividends": "all",
                    "cap_adjusts_for": "all",
                    "oip_adjusts_in_conversion": "all",
                    "cash_adjusts_preferred_split": "all",
                },
            ),
            every,
            covers_all=True,
        )
    )
    return Study("terms of the series", tuple(subjects), tuple(checks))


def _terms(charter: Charter, readings: Readings) -> Function:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        names = [s.name for s in charter.series]
        table = position(
            charter,
            values,
            undeclared_dividends={n: Undeclared(values[f"y_{n}"], values[f"z_{n}"]) for n in names},
            preferred_splits={n: values[f"k_{n}"] for n in names},
            common_split=values["k_common"],
        )
        found: dict[str, Any] = {}
        for own in liquidation.stakes(table, readings):
            found |= {f"p_{own.name}": own.preference, f"c_{own.name}": own.ratio, f"cash_{own.name}": own.cash}
            found |= {f"h_{own.name}": own.headroom} if own.participates else {}
        return found

    return function


def _term_forms(case: Case) -> dict[str, sympy.Expr]:
    forms: dict[str, sympy.Expr] = {}
    for own in closed.terms(case, Account()):
        forms |= {f"p_{own.name}": own.preference, f"c_{own.name}": own.ratio, f"cash_{own.name}": own.cash}
        if own.headroom is not None:
            forms[f"h_{own.name}"] = own.headroom
    return forms


def _equal_terms(subjects: list[Subject]) -> Claim:
    def claim(view: View) -> list[z3.BoolRef]:
        return [view.outcome[name] == view.form(form) for name, form in view.closed.items()]

    return claim


def without_dividends(claim: Claim) -> Claim:
    """Return a claim at positions without unpaid dividends, but for those that are unknown."""
    return lambda view: claim(view.at({n: none for n, none in NOTHING_OWED.items() if n not in view.inputs}))


def asset_levels(charter: Charter) -> Study:
    """Return the theorems about breakpoints with given conversions."""
    subjects = []
    for label, converted in (("no conversions", ""), ("E converted", "E")):
        subjects.append(
            subject(
                f"breakpoints, {label}",
                _breakpoints(charter, frozenset(converted)),
                cap_table(charter, OPTIONAL, dividends=False),
                {},
                samples=100,
            )
        )
    at_full = subject("breakpoints at full issuance", _full_breakpoints(charter), (), {}, samples=1)
    cases = {
        own.label: corners.breakpoints(Case(charter, DEFAULTS, converted=frozenset(c), prices=OPTIONAL))
        for own, c in zip(subjects, ("", "E"), strict=True)
    }
    labels = tuple(cases)
    return Study(
        "breakpoints, given conversions",
        (*subjects, at_full),
        (
            checked(
                theorem(
                    "liquidation.breakpoints_equivalence",
                    "",
                    "Each breakpoint stands where the closed form puts it, those and no others are listed, and in "
                    "ascending order.",
                    "2(a), 2(b)",
                    constants="no unpaid dividends",
                ),
                without_dividends(breakpoints_match(cases)),
                everybody(charter),
                labels=labels,
                covers_all=True,
                neighbours=(Neighbour("a class may have no shares", hypotheses=()),),
            ),
            PathCheck(
                theorem(
                    "liquidation.breakpoints_at_full_issuance",
                    "TH-LQ-15",
                    "At full issuance with 10,000,000 Common and no conversions the breakpoints are 12,375,000, "
                    "45,086,250, 104,898,750 (F's cap) and 132,198,750 (E's cap).",
                    "2(a), 2(b)",
                    constants="full issuance, 10,000,000 Common",
                ),
                lambda v: [
                    v.outcome["1 rank_paid F"] == 12_375_000,
                    v.outcome["2 rank_paid ABCDE"] == 45_086_250,
                    v.outcome["3 cap F"] == literal(Fraction("104898750")),
                    v.outcome["4 cap E"] == literal(Fraction("132198750")),
                    z3.BoolVal(len(v.outcome) == 4),
                ],
                labels=(at_full.label,),
            ),
        ),
    )


def _breakpoints(charter: Charter, converted: frozenset[str]) -> Function:
    return lambda values: named_breakpoints(
        payoff.given_breakpoints(position(charter, values), DEFAULTS, converted, elected=False)
    )


def _full_breakpoints(charter: Charter) -> Function:
    return lambda values: named_breakpoints(payoff.given_breakpoints(full_issuance(charter, 10_000_000), DEFAULTS))


def named_breakpoints(found: tuple[liquidation.Breakpoint, ...]) -> dict[str, Any]:
    """Name each breakpoint by its place, its event and its series."""
    return {f"{i} {b.event} {''.join(b.names)}": b.assets for i, b in enumerate(found, start=1)}


def everybody(charter: Charter) -> Hypothesis:
    """Return the hypothesis that no class is empty, so that each candidate changes somebody's share of a dollar."""
    return Hypothesis(
        "shares of every class are outstanding", lambda v: [count(v, name) > 0 for name in classes(charter)]
    )


def breakpoints_match(cases: Mapping[str, tuple[corners.BreakpointForm, ...]]) -> Claim:
    """Claim that the code lists exactly the candidates of the closed form that take place, in ascending order."""

    def claim(view: View) -> list[z3.BoolRef]:
        listed = {name.split(" ", 1)[1]: term for name, term in view.outcome.items()}
        claims = [z3.BoolVal(len(listed) == len(view.outcome))]
        expected = {f"{own.event} {''.join(name for name, _ in own.names)}": own for own in cases[view.label]}
        claims.append(z3.BoolVal(set(listed) <= set(expected)))
        for name, own in expected.items():
            claims.append(view.form(own.there) == z3.BoolVal(name in listed))
            if name in listed:
                claims.append(listed[name] == view.form(own.assets))
        places = list(view.outcome.values())
        return [*claims, *(a <= b for a, b in pairwise(places))]

    return claim


def words_and_holders(charter: Charter) -> Study:
    """Return the theorems about deemed liquidations and about totals by holder."""
    votes = Unknown("W")  # the share of votes disposed of; any non-negative number
    events = []
    for kind, party, scope in product(
        ("dissolution", "merger", "asset_sale", "voting_power"),
        ("other", "parent", "wholly_owned_subsidiary"),
        MergerScope,
    ):
        events.append(
            subject(
                f"{kind} {party} {scope.value}",
                _deemed(charter, kind, party, scope),
                (votes,),
                {},
                replace(DEFAULTS, merger_scope=scope),
                samples=3,
                seeds=(numbers(W="1/2"), numbers(W="1/4")),
            )
        )
    silent = replace(charter, deemed_liquidation=None)
    for kind in ("dissolution", "merger", "asset_sale", "voting_power"):
        function = _deemed(silent, kind, "other", MergerScope.LITERAL)
        events.append(subject(f"{kind}, charter without deemed liquidations", function, (votes,), {}, samples=3))
    table = (*(shares(name) for name in OF_HOLDERS), declared("E"), declared("F"), ASSETS)
    holders = subject("two holders", _by_holder(charter), (*table, *HOLDINGS), {}, samples=100)
    labels = tuple(e.label for e in events)
    return Study(
        "deemed liquidations and holders",
        (*events, holders),
        (
            PathCheck(
                theorem(
                    "liquidation.deemed_liquidation",
                    "",
                    "A merger, but not with a wholly-owned subsidiary or a parent, an asset sale, and a disposal of "
                    "more than half the voting power, in whatever way, are liquidations; under the narrower reading a "
                    "merger is one only if it disposes of more than half the voting power. Under a charter that deems "
                    "nothing a liquidation only a dissolution is one.",
                    "2(c)",
                    readings={"merger_scope": "all"},
                ),
                _deemed_claim,
                labels=labels,
                covers_all=True,
                neighbours=(Neighbour("exactly half the voting power is enough", claim=_half_is_enough),),
            ),
            PathCheck(
                theorem(
                    "liquidation.holders_add_up",
                    "",
                    "What two holders receive is the sum over their shares of what each share receives.",
                    "2",
                    constants="holders of A, E, F and Common; conversion ratios of one",
                ),
                _holders_claim,
                labels=(holders.label,),
                covers_all=True,
            ),
        ),
    )


def _deemed(charter: Charter, kind: str, party: str, scope: MergerScope) -> Function:
    readings = replace(DEFAULTS, merger_scope=scope)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        event = liquidation.Event(kind, party, values["W"])  # type: ignore[arg-type]
        deemed = liquidation.is_liquidation(charter, readings, event)
        silent = charter.deemed_liquidation is None
        return {"deemed": deemed, "kind": kind, "party": party, "scope": scope.value, "silent": silent}

    return function


def _expected_event(view: View, half: Callable[[z3.ArithRef], z3.BoolRef]) -> z3.BoolRef:
    facts = view.structure
    shifted = half(view.inputs["W"])
    if facts["silent"]:
        return z3.BoolVal(facts["deemed"] == (facts["kind"] == "dissolution"))
    if facts["kind"] in ("dissolution", "asset_sale"):
        expected = z3.BoolVal(True)
    elif facts["kind"] == "merger":
        excepted = facts["party"] in ("parent", "wholly_owned_subsidiary")
        literal_scope = facts["scope"] == "literal"
        expected = z3.Or(z3.BoolVal(not excepted and literal_scope), shifted)
    else:
        expected = shifted
    return expected == z3.BoolVal(facts["deemed"])


def _deemed_claim(view: View) -> z3.BoolRef:
    return _expected_event(view, lambda votes: 2 * votes > 1)


def _half_is_enough(view: View) -> z3.BoolRef:
    return _expected_event(view, lambda votes: 2 * votes >= 1)


OF_HOLDERS = ("A", "E", "F", COMMON)
WHO = ("first", "second")
HOLDINGS = tuple(Unknown(f"n_{who}_{name}") for who in WHO for name in OF_HOLDERS)


def _by_holder(charter: Charter) -> Function:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        held = [Holding(who, name, values[f"n_{who}_{name}"]) for name in OF_HOLDERS for who in WHO]
        result = liquidation.distribute(position(charter, values), DEFAULTS, values["W"])
        by_holder = liquidation.by_holder(result, held)
        return {
            **{f"holder_{who}": by_holder[who] for who in WHO},
            **{f"total_{name}": result.total(name) for name in OF_HOLDERS},
            **outcome(result),
        }

    return function


def _holders_claim(view: View) -> list[z3.BoolRef]:
    each = {who: z3.Sum([view.inputs[f"n_{who}_{name}"] * pay(view, name) for name in OF_HOLDERS]) for who in WHO}
    return [
        *(view.outcome[f"holder_{who}"] == amount for who, amount in each.items()),
        *(view.outcome[f"total_{name}"] == count(view, name) * pay(view, name) for name in OF_HOLDERS),
    ]


# Payments in whole cents

CENTS = "any amount, in whole cents"
AMOUNT = Unknown("amount")


def in_cents() -> Study:
    """Return the theorems about payments that are rounded down to cents (AMB-96)."""

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        return {"paid": down_to_cents(values["amount"])}

    def cents(amount: z3.ArithRef) -> z3.ArithRef:
        # Counted in cents, amounts are whole numbers, which the solver is quicker at.
        return z3.simplify(rounding.CENTS * amount, som=True)

    def lost(view: View) -> z3.ArithRef:
        return cents(view.inputs["amount"]) - cents(view.outcome["paid"])

    readings = chosen(Readings(cents=Cents.ROUND_DOWN_RESIDUAL))
    form = rounding.in_cents(sympy.Symbol(AMOUNT.name, nonnegative=True))
    checks = (
        agreement(
            "liquidation.cents_equivalence",
            sentence(CENTS),
            (CENTS,),
            lambda v: cents(v.outcome["paid"]) == cents(v.form(form)),
            "2",
            readings=readings,
        ),
        totality("liquidation.cents_totality", sentence(CENTS), (CENTS,), "2", readings=readings),
        checked(
            theorem(
                "liquidation.less_than_a_cent_is_lost",
                "",
                "What is paid in cents is whole cents, and less than a cent below the amount.",
                "2",
                readings=readings,
            ),
            lambda v: [lost(v) >= 0, lost(v) < 1, z3.IsInt(cents(v.outcome["paid"]))],
            neighbours=(Neighbour("nothing is ever lost", claim=lambda v: lost(v) == 0),),
        ),
    )
    return Study(
        "payments in cents", (bounded(CENTS, function, (AMOUNT,), (numbers(amount="0.019"),)),), checks, weight=1
    )
