"""Theorems about section 3(d)(ii): what counts as Additional Stock, and for which series."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.days import LAST, day
from proofs.explorer import Unknown
from proofs.numbers import literal
from proofs.statements import (
    REFUTED,
    account_claim,
    agreement,
    checked,
    numbers,
    specialised,
    theorem,
    totality,
)
from proofs.study import Study
from proofs.subjects import chosen
from proofs.views import Claim, Subject, View
from reference.additional_stock import IssueFacts, Plan, Purpose, Warrant, classify, is_additional_stock
from reference.charter import COMMON, Charter
from reference.readings import Readings, Switch
from symbolic.account import Account, Definition
from symbolic.additional_stock import PURPOSES, TRANSACTIONS, classification
from symbolic.liquidation import Case

BOUGHT = {"E": date(2000, 1, 1), "F": date(2000, 6, 1)}
"""Purchase Dates of two series; those of the others are long past."""

SHARES, USED = z3.Reals("n used")
BECOME = Unknown("k_of")
"""What a share of the class issued has become."""

LISTED = 5_000
"""The shares of the warrants of 1996 that (H) lists."""


@dataclass(frozen=True)
class Issue:
    """Describe an issue whose facts are given: number and shares used up are unknown."""

    name: str
    facts: IssueFacts
    on: date
    stock: str = COMMON
    readings: Readings = field(default_factory=Readings)


def _issues() -> tuple[Issue, ...]:
    after = date(2001, 1, 1)
    purposes = [p for p in Purpose if p not in (Purpose.PLAN, Purpose.WARRANT, Purpose.RIGHT_OVER_EXCLUDED)]
    found = [Issue(f"{p}_{stock}", IssueFacts(p), after, stock) for p in purposes for stock in (COMMON, "E")]
    found += [Issue(f"{p}_approved", IssueFacts(p, True, True), after) for p in purposes]
    found += [
        Issue(f"right_over_{p}", IssueFacts(Purpose.RIGHT_OVER_EXCLUDED, approved, True, underlying=p), after)
        for p, approved in ((Purpose.ACQUISITION, True), (Purpose.COMMERCIAL, True), (Purpose.LEASE_FINANCING, False))
    ]
    days = {"between": BOUGHT["F"] - timedelta(1), "on_the_day_of_f": BOUGHT["F"], "on_the_day_of_e": BOUGHT["E"]}
    found += [Issue(f"sale_{name}", IssueFacts(), on) for name, on in days.items()]
    plans = {"early": date(1999, 1, 1), "between": date(2000, 3, 1), "late": date(2000, 7, 1)}
    approved = {"A": 9_100_000}
    for name, on in plans.items():
        for votes, outstanding in {"held": 16_000_000, "failed": 18_200_000}.items():
            plan = Plan(on, approved, {"A": outstanding})
            found.append(Issue(f"plan_{name}_{votes}", IssueFacts(Purpose.PLAN, plan=plan), after))
    found.append(
        Issue(
            "plan_between_gap",
            IssueFacts(Purpose.PLAN, plan=Plan(plans["between"], approved, approved)),
            after,
            readings=Readings(plan_gap=Switch.YES),
        )
    )
    warrants = {"1996-04-17": COMMON, "1996-08-16": "B", "1999-08-19": COMMON, "1998-01-01": COMMON}
    for issued, stock in warrants.items():
        own = IssueFacts(Purpose.WARRANT, warrant=Warrant(date.fromisoformat(issued), stock))
        found.append(Issue(f"warrant_{issued}", own, after, stock))
    counted = Readings(series_issue_excluded=Switch.NO)
    own = IssueFacts(Purpose.WARRANT, warrant=Warrant(date(1996, 8, 16), "B"))
    found.append(Issue("warrant_1996-08-16_series_counted", own, after, "B", counted))
    found.append(Issue("sale_E_series_counted", IssueFacts(), after, "E", counted))
    return tuple(found)


def label(issue: Issue) -> str:
    """Return the label of an issue's subject."""
    return f"issue {issue.name.replace('_', ' ')}"


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    issues = _issues()
    checks = (
        *(_agrees(charter, issue) for issue in issues),
        totality("additional_stock.totality", "Whether an issue is Additional Stock", (), "3(d)(ii)"),
        *_own(),
    )
    own = Study("Additional Stock", tuple(_subject(charter, issue) for issue in issues), checks, weight=5)
    return (own, of_one_share(charter))


def _subject(charter: Charter, issue: Issue) -> Subject:
    facts = issue.facts

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        warrant = facts.warrant and Warrant(facts.warrant.issued, facts.warrant.of, v["used"])
        own = IssueFacts(
            facts.purpose, facts.board_approved, facts.majority_acquired, facts.plan, warrant, facts.underlying
        )
        found = classify(charter, issue.readings, own, issue.on, v["n"], issue.stock, BOUGHT, {issue.stock: v["k_of"]})
        counting = {f"counts_{s.name}": s.name in found.additional_for for s in charter.series}
        return {"additional": found.shares, **counting}

    unknowns = (Unknown("n"), Unknown("used"), BECOME)
    seeds = (numbers(n=1, used=0, k_of=1), numbers(n=10_000, used=1, k_of="1/2"))
    domain = (SHARES > 0, USED >= 0, BECOME.term > 0)
    return Subject(label(issue), function, unknowns, domain, seeds, chosen(issue.readings))


def _facts(charter: Charter, issue: Issue) -> dict[str, Fraction]:
    """Return the facts of an issue by the closed forms' names, one or zero, and its days."""
    facts, plan, warrant = issue.facts, issue.facts.plan or Plan(), issue.facts.warrant
    terms = charter.antidilution
    assert terms is not None
    truths = {
        "of_common": issue.stock == COMMON,
        "approved": facts.board_approved,
        "majority": facts.majority_acquired,
        "plan_approved": plan.board_approved_on is not None,
        **{f"for_{purpose}": facts.purpose == purpose for purpose in PURPOSES},
        **{f"over_{purpose}": facts.underlying == purpose for purpose in TRANSACTIONS},
        **{
            f"listed_{index}": warrant is not None and (own.issued, own.of) == (warrant.issued.isoformat(), warrant.of)
            for index, own in enumerate(terms.excluded_warrants)
        },
    }
    amounts = {
        "on": issue.on.toordinal(),
        "plan_on": (plan.board_approved_on or issue.on).toordinal(),
        **{f"bought_{name}": day.toordinal() for name, day in BOUGHT.items()},
        **{f"favour_{s.name}": plan.in_favour.get(s.name, 0) for s in charter.series},
        **{f"voting_{s.name}": plan.outstanding.get(s.name, 0) for s in charter.series},
    }
    return {name: Fraction(value) for name, value in (truths | amounts).items()}


def _agrees(charter: Charter, issue: Issue) -> PathCheck:
    account = Account(named=True)
    classification(Case(charter, issue.readings), account, frozenset(BOUGHT))
    given = {name: literal(value) for name, value in _facts(charter, issue).items()}

    def claim(view: View) -> list[z3.BoolRef]:
        known: dict[str, Any] = dict(given)
        for own in account.definitions:
            known[own.name] = view.at({n: t for n, t in known.items() if not z3.is_bool(t)}).form(own.expression)
        truths = [known[name] == z3.BoolVal(bool(value)) for name, value in view.structure.items()]
        return [*(term == known[name] for name, term in view.outcome.items()), *truths]

    return agreement(
        f"additional_stock.equivalence_{issue.name}",
        label(issue).capitalize(),
        (label(issue),),
        claim,
        "3(d)(ii)",
        readings=chosen(issue.readings),
    )


def _own() -> tuple[PathCheck, ...]:
    def counts(*names: str) -> Claim:
        return lambda v: z3.BoolVal({n[-1] for n, so in v.structure.items() if so} == set(names))

    warrants = ("issue warrant 1996-04-17",)

    def excess(v: View) -> z3.BoolRef:
        listed = LISTED * v.inputs["k_of"]
        left = z3.If(v.inputs["used"] < listed, listed - v.inputs["used"], 0)
        return v.outcome["additional"] == z3.If(v.inputs["n"] > left, v.inputs["n"] - left, 0)

    return (
        checked(
            theorem(
                "additional_stock.not_on_the_day_of_purchase",
                "",
                "What is sold on the Purchase Date of a series is not Additional Stock for it, but for others.",
                "3(d)(i)(A), 3(d)(ii)",
            ),
            counts(*"ABCDE"),
            labels=("issue sale on the day of f",),
            neighbours=(Neighbour("it is a later day", labels=("issue sale common",)),),
        ),
        checked(
            theorem(
                "additional_stock.only_the_excess_of_a_warrant",
                "",
                "Of shares under listed warrants, only those above what is left of the listed number count, which is"
                " multiplied by every split of their class.",
                "3(d)(ii)(H)",
            ),
            excess,
            labels=warrants,
            neighbours=(Neighbour("none count", claim=lambda v: v.outcome["additional"] == 0),),
        ),
        checked(
            theorem(
                "additional_stock.listed_numbers_stay",
                "",
                "The number of shares that listed warrants take out is the listed one, whatever has become of a share.",
                "3(d)(ii)(H)",
                expected=REFUTED,
            ),
            lambda v: v.outcome["additional"] == z3.If(v.inputs["n"] > LISTED, v.inputs["n"] - LISTED, 0),
            Hypothesis("nothing was taken up before", lambda v: v.inputs["used"] == 0),
            labels=warrants,
            suggestions=(numbers(n=10_000, used=0, k_of=2),),
            shows="After two for one the warrants over 5,000 shares are over 10,000, of which none counts.",
        ),
    )


# One share, at any days

DAYS = {"on": Unknown("on"), "plan_on": Unknown("plan_on"), **{f"bought_{n}": Unknown(f"bought_{n}") for n in BOUGHT}}
"""The days of the issue, of the Board's approval of a plan and of first issues."""

VOTES = {name: Unknown(name) for name in ("favour_A", "voting_A")}
SHOWN = ("A", "E", "F")
"""A series that is long past its Purchase Date, and two for which it is an unknown day."""


def _one(issue: Issue) -> str:
    return f"one share on any day, {label(issue)}"


def _issues_of_one_share() -> tuple[Issue, ...]:
    """Return issues that differ in more than their days and votes."""
    found: dict[str, Issue] = {}
    for issue in _issues():
        gap = "_gap" if issue.readings.plan_gap is Switch.YES else ""
        name = issue.name if issue.facts.plan is None else f"plan{gap}"
        found.setdefault(name, replace(issue, name=name))
    days = ("sale_between", "sale_on_the_day_of_f", "sale_on_the_day_of_e")
    return tuple(issue for name, issue in found.items() if name not in days)


def of_one_share(charter: Charter) -> Study:
    """Return the theorems about whether one share is Additional Stock for a series, on any days."""
    issues = _issues_of_one_share()
    readings = {"plan_gap": "all", "series_issue_excluded": "all"}
    what = "Whether one share is Additional Stock for a series, whatever it is issued for, on any days"
    name = "additional_stock.one_share"
    steps = {_one(issue): _steps_of_one(charter, issue) for issue in issues}
    checks = (
        agreement(
            f"{name}_equivalence", what, (), lambda v: account_claim(steps[v.label]())(v), "3(d)(ii)", readings=readings
        ),
        totality(f"{name}_totality", what, (), "3(d)(ii)", readings=readings),
    )
    return Study("one share of Additional Stock", tuple(_one_share(charter, own) for own in issues), checks, weight=2)


def _unknowns_of(issue: Issue) -> tuple[Unknown, ...]:
    """Return the days, and the votes on a plan or the shares that warrants have used up, where they matter."""
    dated = [DAYS[name] for name in ("on", "bought_E", "bought_F")]
    if issue.facts.plan is not None:
        return (*dated, DAYS["plan_on"], *VOTES.values())
    return (*dated, Unknown("used"), BECOME) if issue.facts.warrant is not None else tuple(dated)


def _one_share(charter: Charter, issue: Issue) -> Subject:
    facts = issue.facts

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        warrant = facts.warrant and replace(facts.warrant, used=v["used"])
        plan = facts.plan and Plan(day(v["plan_on"]), {"A": v["favour_A"]}, {"A": v["voting_A"]})
        own = replace(facts, warrant=warrant, plan=plan)
        dates = {name: day(v[f"bought_{name}"]) for name in BOUGHT}
        split = {issue.stock: v["k_of"]} if facts.warrant is not None else None
        return {
            f"counts_{n}": is_additional_stock(charter, issue.readings, own, day(v["on"]), n, issue.stock, dates, split)
            for n in SHOWN
        }

    unknowns = _unknowns_of(issue)
    first = {"bought_E": 730000, "bought_F": 730200, "favour_A": 9, "voting_A": 16, "used": 0, "k_of": 1}
    seeds = tuple(
        numbers(**{u.name: {**first, "on": on, "plan_on": plan}[u.name] for u in unknowns})
        for on, plan in ((730300, 729000), (730200, 730100), (730000, 730300))
    )
    days = tuple(bound for u in DAYS.values() if u in unknowns for bound in (u.term >= 1, u.term <= LAST))
    counts = tuple(u.term > 0 if u == BECOME else u.term >= 0 for u in unknowns if u not in DAYS.values())
    return Subject(_one(issue), function, unknowns, (*days, *counts), seeds, chosen(issue.readings))


def _steps_of_one(charter: Charter, issue: Issue) -> Callable[[], tuple[Definition, ...]]:
    """Return what works out the closed form's steps at the facts of an issue, once they are asked for."""

    @cache
    def steps() -> tuple[Definition, ...]:
        account = Account(named=True)
        classification(Case(charter, issue.readings), account, frozenset(BOUGHT))
        open_ones = {u.name for u in _unknowns_of(issue)}
        given = {**_facts(charter, issue), "n": Fraction(1), "used": Fraction(0), "k_of": Fraction(1)}
        told = {name: value for name, value in given.items() if name not in open_ones}
        return specialised(account.definitions, told, [f"counts_{name}" for name in SHOWN])

    return steps
