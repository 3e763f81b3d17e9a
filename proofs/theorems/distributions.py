"""Theorems about 1(b) and 3(e): distributions that the Preferred shares as if converted."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.explorer import Unknown
from proofs.numbers import literal
from proofs.statements import account_claim, agreement, checked, theorem, totality
from proofs.study import Study
from proofs.subjects import COMMON_SHARES, DEFAULTS, chosen, domain, position, ratio, shares
from proofs.views import Subject, View
from reference import distributions
from reference.charter import COMMON, Charter
from reference.distributions import Payable
from reference.readings import AdAsConverted, Readings
from symbolic import distributions as closed
from symbolic.account import Account
from symbolic.liquidation import Case

UNITS = Unknown("U")

FACTS: Mapping[Payable, tuple[str, ...]] = {
    "cash": ("cash",),
    "securities_of_others": ("of_others",),
    "indebtedness": ("debt",),
    "assets": ("assets",),
    "rights_to_securities_of_others": ("of_others", "rights"),
    "rights_to_indebtedness": ("debt", "rights"),
    "rights_to_assets": ("assets", "rights"),
    "common_stock": ("to_common",),
    "free_rights_to_common": ("to_common", "rights"),
    "paid_rights_to_common": ("to_common", "rights", "paid"),
    "non_redeemable_equity": ("equity",),
    "redeemable_equity": ("equity", "redeemable"),
}
"""What is so of each kind of payment, by the names of the closed forms."""


def kind_facts(kind: Payable) -> dict[str, int]:
    """Return every fact about a kind of payment, one or zero."""
    return {name: int(name in FACTS[kind]) for names in FACTS.values() for name in names}


def label(waiting: AdAsConverted) -> str:
    """Name the subject of one reading."""
    return f"units among A, E, F and Common, {waiting.value}"


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    subjects = tuple(_apportioned(charter, waiting) for waiting in AdAsConverted)
    checks = [_agrees(charter, waiting) for waiting in AdAsConverted]
    checks.append(totality("distributions.totality", "An apportionment", (), "1(b), 3(e)"))
    return (Study("distributions in kind", subjects, (*checks, *_shared()), weight=4),)


def _apportioned(charter: Charter, waiting: AdAsConverted) -> Subject:
    readings = Readings(ad_as_converted=waiting)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        found = distributions.apportion(position(charter, values), readings, values["U"])
        held = {name: found.per_share[name] for name in ("A", "E", "F", COMMON)}
        return {**{f"per_share_{name}": each for name, each in held.items()}, "undistributed": found.undistributed}

    names = ("A", "E", "F")
    unknowns = (COMMON_SHARES, *(shares(n) for n in names), *(ratio(charter, n) for n in names), UNITS)
    table = {u.name: Fraction(1) for u in unknowns}
    seeds = (table, {**table, "C": Fraction(0), **{f"n_{name}": Fraction(0) for name in names}})
    return Subject(label(waiting), function, unknowns, domain(unknowns), seeds, chosen(readings))


def _agrees(charter: Charter, waiting: AdAsConverted) -> PathCheck:
    readings = Readings(ad_as_converted=waiting)
    account = Account(named=True)
    closed.apportionment(Case(charter, readings, prices=frozenset("AEF")), account)
    claim = account_claim(account.definitions)
    zero = literal(Fraction(0))
    rest = {f"n_{series.name}": zero for series in charter.series if series.name not in "AEF"}
    return agreement(
        f"distributions.equivalence_{waiting.value}",
        f"Units per share and what nobody takes: {label(waiting)}",
        (label(waiting),),
        lambda view: claim(view.at(rest)),
        "1(b), 3(e)",
        readings=chosen(readings),
    )


def _shared() -> tuple[PathCheck, ...]:
    labels = (label(DEFAULTS.ad_as_converted),)
    each = {"A": "c_A", "E": "c_E", "F": "c_F"}

    def given(view: View) -> z3.ArithRef:
        held = [view.inputs[f"n_{name}"] * view.outcome[f"per_share_{name}"] for name in each]
        return z3.Sum([*held, view.inputs["C"] * view.outcome[f"per_share_{COMMON}"]])

    def by_ratio(view: View) -> list[z3.BoolRef]:
        common = view.outcome[f"per_share_{COMMON}"]
        return [view.outcome[f"per_share_{name}"] == view.inputs[own] * common for name, own in each.items()]

    some = Hypothesis("some share is outstanding", lambda v: v.inputs["C"] + v.inputs["n_A"] + v.inputs["n_E"] > 0)
    return (
        checked(
            theorem(
                "distributions.all_units_are_given_once",
                "TH-DV-13",
                "What Preferred and Common get together is exactly what is distributed.",
                "1(b), 3(e)",
            ),
            lambda v: given(v) == v.inputs["U"],
            some,
            labels=labels,
            neighbours=(Neighbour("no share need be outstanding", hypotheses=()),),
        ),
        checked(
            theorem(
                "distributions.as_converted_shares_are_equal",
                "TH-DV-13",
                "A share of Preferred gets as much as the Common into which it converts.",
                "1(b), 3(e)",
            ),
            by_ratio,
            labels=labels,
            neighbours=(
                Neighbour(
                    "a share of E gets as much as a share of Common",
                    claim=lambda v: v.outcome["per_share_E"] == v.outcome[f"per_share_{COMMON}"],
                ),
            ),
        ),
    )
