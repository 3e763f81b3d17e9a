"""Theorems about 1(b) and 3(e): distributions that the Preferred shares as if converted."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, get_args

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.explorer import Unknown
from proofs.numbers import literal
from proofs.statements import account_claim, agreement, checked, sentence, terms_of, theorem, totality
from proofs.study import Study
from proofs.subjects import COMMON_SHARES, DEFAULTS, bounded, chosen, domain, position, ratio, shares
from proofs.views import Subject, View
from reference import distributions
from reference.charter import COMMON, Charter
from reference.distributions import Payable
from reference.position import Holding, Position
from reference.readings import AdAsConverted, PaidRights, Readings
from symbolic import distributions as closed
from symbolic import dividends
from symbolic.account import Account
from symbolic.evaluate import holds
from symbolic.liquidation import Case

UNITS = Unknown("U")


def label(waiting: AdAsConverted) -> str:
    """Name the subject of one reading."""
    return f"units among A, E, F and Common, {waiting.value}"


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    subjects = tuple(_apportioned(charter, waiting) for waiting in AdAsConverted)
    checks = [_agrees(charter, waiting) for waiting in AdAsConverted]
    checks.append(totality("distributions.totality", "An apportionment", (), "1(b), 3(e)"))
    in_kind = Study("distributions in kind", subjects, (*checks, *_shared()), weight=4)
    return (in_kind, of_holders(charter), of_kinds())


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


# What classes and holders get in all

HOLDERS, HELD = (1, 2), ("A", "F", COMMON)
IN_ALL = "units among the shares of two holders and others"
AMOUNTS = "any amounts a share to the shares of two holders and others"


def of_holders(charter: Charter) -> Study:
    """Return the theorems about what classes and holders get over all their shares."""
    subjects = (_units_of_holders(charter), _amounts_of_holders(charter))
    units, amounts = Account(named=True), Account(named=True)
    closed.apportionment(Case(charter, DEFAULTS, prices=frozenset("A")), units, len(HOLDERS))
    dividends.payments(charter, amounts, len(HOLDERS))
    named = {f"total_{name}": f"paid_{name}" for name in HELD} | {f"total_{h}": f"paid_to_{h}" for h in HOLDERS}
    return Study(
        "distributions to holders",
        subjects,
        (
            _in_all(charter, "distributions.by_holder_equivalence", IN_ALL, units, {}),
            _in_all(charter, "distributions.totals_equivalence", AMOUNTS, amounts, named),
            totality("distributions.by_holder_totality", "What classes and holders get", (), "1(b), 3(e)"),
            *_holders(),
        ),
        weight=2,
    )


def _held() -> tuple[Unknown, ...]:
    return tuple(Unknown(f"h_{holder}_{name}") for holder in HOLDERS for name in HELD)


def _holdings(values: Mapping[str, Any]) -> list[Holding]:
    return [Holding(str(holder), name, values[f"h_{holder}_{name}"]) for name in HELD for holder in HOLDERS]


def _seed(unknowns: tuple[Unknown, ...], *zero: str) -> dict[str, Fraction]:
    return {u.name: Fraction(0 if u.name in zero else place + 1) for place, u in enumerate(unknowns)}


def _units_of_holders(charter: Charter) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values)
        found = distributions.apportion(at, DEFAULTS, values["U"])
        return _totals(at, found.per_share, found.by_holder(_holdings(values)))

    unknowns = (*(shares(name) for name in HELD), ratio(charter, "A"), *_held(), UNITS)
    return bounded(IN_ALL, function, unknowns, (_seed(unknowns), _seed(unknowns, "C", "n_A", "n_F")))


def _amounts_of_holders(charter: Charter) -> Subject:
    per_share = tuple(Unknown(f"per_share_{name}") for name in ("A", COMMON))

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values)
        each = {name: values[f"per_share_{name}"] for name in ("A", COMMON)}
        return _totals(at, each, distributions.totals_by_holder(_holdings(values), each))

    unknowns = (*(shares(name) for name in HELD), *_held(), *per_share)
    return bounded(AMOUNTS, function, unknowns, (_seed(unknowns),))


def _totals(at: Position, per_share: Mapping[str, Any], by_holder: Mapping[str, Any]) -> dict[str, Any]:
    by_class = distributions.totals_by_class(at, per_share)
    listed = {name: amount for name, amount in by_class.items() if name in HELD}
    return {f"total_{name}": amount for name, amount in {**listed, **by_holder}.items()}


def _in_all(charter: Charter, name: str, what: str, account: Account, named: Mapping[str, str]) -> PathCheck:
    """Claim that totals are those of an account; named: under which names it has them, if under others."""
    others = [series.name for series in charter.series if series.name not in HELD]
    zero = literal(Fraction(0))
    rest = {f"n_{other}": zero for other in others} | {f"h_{h}_{other}": zero for h in HOLDERS for other in others}
    # What is left out of the amounts a share gets nothing.
    rest |= {f"per_share_{other}": zero for other in (*others, "F")} if named else {}

    def claim(view: View) -> list[z3.BoolRef]:
        found = terms_of(view.at(rest), account.definitions)
        return [amount == found[named.get(output, output)] for output, amount in view.outcome.items()]

    return agreement(name, sentence(what), (what,), claim, "1(b), 3(e)")


def _holders() -> tuple[PathCheck, ...]:
    everything = Hypothesis(
        "the two holders have all shares",
        lambda v: [v.inputs[shares(n).name] == v.inputs[f"h_1_{n}"] + v.inputs[f"h_2_{n}"] for n in HELD],
    )

    def adds_up(view: View) -> z3.BoolRef:
        by_class = z3.Sum([view.outcome[f"total_{name}"] for name in HELD if f"total_{name}" in view.outcome])
        return view.outcome["total_1"] + view.outcome["total_2"] == by_class

    return (
        checked(
            theorem(
                "distributions.holders_get_what_classes_get",
                "",
                "What two holders of all shares get together is what the classes get.",
                "1(b), 3(e)",
            ),
            adds_up,
            everything,
            labels=(AMOUNTS,),
            neighbours=(Neighbour("others have shares as well", hypotheses=()),),
        ),
    )


# Which clauses govern

KINDS: tuple[Payable, ...] = get_args(Payable)
EVERY_KIND = "a payment of every kind to the Common"


def of_kinds() -> Study:
    """Return the theorems about the kinds of payment in which the Preferred shares as if converted."""
    options = tuple(Readings(paid_rights=own) for own in PaidRights)
    subjects = tuple(_kinds(readings) for readings in options)
    return Study("kinds of distributions", subjects, tuple(_kinds_agree(readings) for readings in options), weight=1)


def _kinds_label(readings: Readings) -> str:
    return f"{EVERY_KIND}, {readings.paid_rights.value}"


def _kinds(readings: Readings) -> Subject:
    def function(_: Mapping[str, Any]) -> dict[str, Any]:
        return {
            kind: (distributions.shares_as_converted(kind, readings), distributions.governed_by(kind, readings))
            for kind in KINDS
        }

    return Subject(_kinds_label(readings), function, (), (), ({},), chosen(readings))


def _kinds_agree(readings: Readings) -> PathCheck:
    governed = closed.governing(readings).clauses
    clauses = {
        kind: tuple(clause for clause, own in governed.items() if holds(own, closed.kind_facts(kind))) for kind in KINDS
    }
    label = _kinds_label(readings)
    stated = theorem(
        f"distributions.kinds_equivalence_{readings.paid_rights.value}",
        "",
        f"{sentence(label)}: it is governed by the clauses whose words name it in the closed form, and the Preferred"
        " shares as if converted exactly where 3(e) is among them.",
        "1(b), 3(e)",
        readings=chosen(readings),
    )
    return PathCheck(
        stated,
        lambda v: [z3.BoolVal(v.structure[kind] == ("3(e)" in own, own)) for kind, own in clauses.items()],
        labels=(label,),
        covers_all=True,
    )
