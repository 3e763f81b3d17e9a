"""Theorems about sections 3(a) and 3(h): what shares convert into, who may convert them, and rounding."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.explorer import Unknown
from proofs.numbers import literal
from proofs.statements import (
    REFUTED,
    account_claim,
    agreement,
    checked,
    nearest_claim,
    numbers,
    sentence,
    terms_of,
    theorem,
    totality,
    whole,
)
from proofs.study import Study
from proofs.subjects import DEFAULTS, bounded, chosen, declared, ratio, shares
from proofs.views import Claim, Subject, View
from reference import conversion
from reference.charter import Charter
from reference.conversion import ClassConversion
from reference.position import Holding, Position
from reference.readings import AdElection, AdMajority, Half, Readings, RoundUnit, Switch
from reference.refusal import Forbidden
from symbolic import consents
from symbolic import conversion as closed
from symbolic.account import Account
from symbolic.liquidation import Case

HALF = literal(Fraction(1, 2))
FIXED = {name: Fraction(figure) for name, figure in {"A": "0.925", "B": "1.325", "C": "1.765", "D": "2.544"}.items()}
"""The fixed parts of the Cash Amounts, $/share (3(a)(i) to 3(a)(iv))."""

OPTIONAL = ("E", "F")
"""The series that convert at their holder's option (3(a))."""


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    return (
        terms_study(charter),
        option_study(charter),
        rounding_study(charter),
        election_study(charter),
        consent_study(charter),
    )


def held(holder: int, name: str) -> Unknown:
    """Return the unknown shares of a series that a holder has."""
    return Unknown(f"h_{holder}_{name}")


def given(holder: int, name: str) -> Unknown:
    """Return the unknown shares of a series that a holder converts or has in favour of converting."""
    return Unknown(f"g_{holder}_{name}")


# What a share converts into


def terms_label(prices: bool, issue_price: Switch, cash: Switch) -> str:
    """Name the subject that is one share of each series after splits of every series."""
    at = "at any conversion price" if prices else "at its initial conversion price"
    return f"one share of each series after splits {at}, {issue_price.value} and {cash.value}"


def terms_study(charter: Charter) -> Study:
    """Return the theorems about the ratio, the Cash Amount and what may be issued again."""
    options = tuple(product((True, False), Switch, Switch))
    subjects = tuple(_terms(charter, *own) for own in options)
    checks = [_terms_agree(charter, *own) for own in options]
    checks.append(totality("conversion.terms_totality", "What a share converts into", (), "3(a)"))
    return Study("terms of conversion", subjects, tuple(checks), weight=2)


def _terms_readings(issue_price: Switch, cash: Switch) -> Readings:
    # What may be issued again is asked under both readings as well.
    return Readings(
        oip_adjusts_in_conversion=issue_price, cash_adjusts_preferred_split=cash, converted_reissuable=issue_price
    )


def _terms(charter: Charter, prices: bool, issue_price: Switch, cash: Switch) -> Subject:
    readings = _terms_readings(issue_price, cash)
    names = [series.name for series in charter.series]

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = Position(
            charter,
            {name: values[f"n_{name}"] for name in names},
            {name: values[f"c_{name}"] for name in names} if prices else {},
            declared_dividends={name: values[f"d_{name}"] for name in names},
            preferred_splits={name: values[f"k_{name}"] for name in names},
        )
        found: dict[str, Any] = {}
        for series in charter.series:
            name = series.name
            found[f"c_{name}"] = conversion.conversion_ratio(at, readings, series)
            found[f"issuable_{name}"] = conversion.issuable(at, readings, name, values[f"converted_{name}"])
            if series.cash_amount is not None:
                found[f"cash_{name}"] = conversion.cash_amount(at, readings, series)
        return found

    unknowns = tuple(
        unknown
        for name in names
        for unknown in (
            shares(name),
            declared(name),
            Unknown(f"k_{name}"),
            Unknown(f"converted_{name}"),
            *([ratio(charter, name)] if prices else []),
        )
    )
    seed = numbers(**{u.name: 1 for u in unknowns})
    return bounded(terms_label(prices, issue_price, cash), function, unknowns, (seed,), readings)


TERMS = ("OIP", "fixed", "c", "cash", "authorized", "issuable")
"""What the closed form says about each series, steps included."""


def _terms_agree(charter: Charter, prices: bool, issue_price: Switch, cash: Switch) -> PathCheck:
    readings, label = _terms_readings(issue_price, cash), terms_label(prices, issue_price, cash)
    names = frozenset(series.name for series in charter.series)
    case = Case(charter, readings, splits=names, prices=names if prices else frozenset())
    account = Account(named=True)
    closed.record(case, account)
    wanted = [f"{kind}_{name}" for name in sorted(names) for kind in TERMS]
    steps = [own for own in account.definitions if own.name in wanted]
    mark = f"{'any' if prices else 'initial'}_price_{issue_price.value}_{cash.value}"
    return agreement(
        f"conversion.terms_equivalence_{mark}",
        sentence(label),
        (label,),
        account_claim(steps),
        "3(a), IV.B",
        readings=chosen(readings),
    )


# Conversion at the holder's option


def option_label(unit: RoundUnit, half: Half) -> str:
    """Name the subject that is one holder's shares of E and F that convert at once."""
    return f"shares of E and F that a holder converts at once, {unit.value} and half {half.value}"


def open_label(election: AdElection, elected: bool) -> str:
    """Name the subject that is the question which series a holder may convert."""
    return f"shares of each series alone, {election.value}{', after the election' if elected else ''}"


def option_study(charter: Charter) -> Study:
    """Return the theorems about conversion at a holder's option."""
    options, doors = tuple(product(RoundUnit, Half)), tuple(product(AdElection, (False, True)))
    subjects = (*(_option(charter, *own) for own in options), *(_open(charter, *own) for own in doors))
    checks = [_option_agrees(charter, *own) for own in options]
    checks += [_open_agrees(charter, *own) for own in doors]
    return Study("conversion at option", subjects, (*checks, *_errors()), weight=5)


def _option(charter: Charter, unit: RoundUnit, half: Half) -> Subject:
    readings = Readings(round_unit=unit, half=half)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        counts = {name: values[f"h_1_{name}"] for name in OPTIONAL}
        at = Position(
            charter,
            counts,
            {"E": values["c_E"], "F": values["c_F"]},
            declared_dividends={"F": values["d_F"]},
            holdings=tuple(Holding("1", name, count) for name, count in counts.items()),
        )
        converting = {name: values[f"g_1_{name}"] for name in OPTIONAL}
        done = conversion.convert(at, readings, "1", converting)
        ratios = conversion.current_ratios(at, readings, OPTIONAL)
        found = {"exact_1": done.exact, "common_1": done.common, "cash_1": done.cash_total}
        for name, count in converting.items():
            if unit is not RoundUnit.HOLDER_EVENT:
                alone = count if unit is RoundUnit.HOLDER_SERIES else 1
                found[f"rounded_{name}"] = conversion.common_issued({name: alone}, ratios, readings)
        return found | {f"dividends_1_{name}": amount for name, amount in done.dividends.items()}

    free = tuple(given(1, name) for name in OPTIONAL)
    unknowns = (*(held(1, name) for name in OPTIONAL), *free, *(ratio(charter, n) for n in OPTIONAL), declared("F"))
    one = {"h_1_E": 2, "h_1_F": 2, "g_1_E": 1, "g_1_F": 1, "d_F": 0}
    pairs = ((1, 1), ("3/2", 1), ("5/4", "1/4"), ("5/2", 1), ("7/5", "7/5"))
    seeds = tuple(numbers(**one, c_E=e, c_F=f) for e, f in pairs)
    return bounded(option_label(unit, half), function, unknowns, seeds, readings, free=free)


def _option_agrees(charter: Charter, unit: RoundUnit, half: Half) -> PathCheck:
    readings, label = Readings(round_unit=unit, half=half), option_label(unit, half)
    account = Account(named=True)
    closed.option(Case(charter, readings, prices=frozenset(OPTIONAL)), account, 1, OPTIONAL)
    unrounded = [own for own in account.definitions if not own.name.startswith("issued_")]
    lawful = [own for own in account.definitions if own.name == "may_convert_1"]

    def claim(view: View) -> list[z3.BoolRef]:
        out = view.outcome
        # Later steps take the engine's own whole number, which is described apart.
        known = {} if "raised" in view.structure else {"common_1": out["common_1"]}
        steps = lawful if "raised" in view.structure else unrounded
        found = terms_of(view.at({"d_E": literal(0)}), steps, known)
        if "raised" in view.structure:
            return [z3.Not(found["may_convert_1"])]
        counts = {name: view.inputs[f"g_1_{name}"] for name in OPTIONAL}
        claims = [found["may_convert_1"], *(out[name] == found[name] for name in out if name in found)]
        if unit is RoundUnit.HOLDER_EVENT:
            return claims + nearest_claim(view, out["common_1"], found["to_round_1"], half)
        times = counts if unit is RoundUnit.CERTIFICATE else dict.fromkeys(OPTIONAL, literal(1))
        for name in OPTIONAL:
            exact = found.get(f"to_round_1_{name}", found[f"c_{name}"])
            claims += nearest_claim(view, out[f"rounded_{name}"], exact, half)
        return [*claims, out["common_1"] == z3.Sum([times[name] * out[f"rounded_{name}"] for name in OPTIONAL])]

    stated = theorem(
        f"conversion.option_equivalence_{unit.value}_{half.value}",
        "",
        f"{sentence(label)}: every output of the code is that of the closed form, and it is refused exactly if the"
        " holder does not have them.",
        "3(a), 3(h)",
        readings=chosen(readings),
    )
    return PathCheck(stated, claim, labels=(label,), covers_all=True, judges_raising=True)


def _open(charter: Charter, election: AdElection, elected: bool) -> Subject:
    readings = Readings(ad_election=election)
    names = [series.name for series in charter.series]

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        holdings = tuple(Holding("1", name, values["held"]) for name in names)
        at = Position(charter, dict.fromkeys(names, values["held"]), holdings=holdings)

        def may(name: str) -> bool:
            try:
                conversion.convert(at, readings, "1", {name: values["given"]}, unlocked=elected)
            except Forbidden:
                return False
            return True

        return {f"may_{name}": may(name) for name in names}

    unknowns = (Unknown("held"), Unknown("given"))
    seeds = tuple(numbers(held=1, given=count) for count in (1, 2, -1))
    label = open_label(election, elected)
    return bounded(label, function, unknowns, seeds, readings, free=unknowns[1:])


def _open_agrees(charter: Charter, election: AdElection, elected: bool) -> PathCheck:
    readings, label = Readings(ad_election=election), open_label(election, elected)
    case = Case(charter, readings, elected=elected)

    def claim(view: View) -> list[z3.BoolRef]:
        claims = []
        for series in charter.series:
            name = series.name
            here = view.at({f"h_1_{name}": view.inputs["held"], f"g_1_{name}": view.inputs["given"]})
            form = here.form(closed.may_convert(case, 1, (name,)))
            claims.append(form == z3.BoolVal(view.structure[f"may_{name}"]))
        return claims

    return agreement(
        f"conversion.open_equivalence_{election.value}_{'elected' if elected else 'unelected'}",
        sentence(label),
        (label,),
        claim,
        "3(a)",
        readings=chosen(readings),
    )


def error(view: View) -> z3.ArithRef:
    """Return what rounding adds to the Common of one event, shares."""
    return view.outcome["common_1"] - view.outcome["exact_1"]


def within(term: z3.ArithRef, bound: z3.ArithRef) -> z3.BoolRef:
    """Claim that a number lies at most so far from zero."""
    return z3.And(term <= bound, term >= -bound)


def _errors() -> tuple[PathCheck, ...]:
    lawful = Hypothesis(
        "the holder has the shares",
        lambda v: [
            condition
            for name in OPTIONAL
            for condition in (v.inputs[f"g_1_{name}"] >= 0, v.inputs[f"g_1_{name}"] <= v.inputs[f"h_1_{name}"])
        ],
    )
    halves = numbers(h_1_E=1, h_1_F=1, g_1_E=1, g_1_F=1, c_E="3/2", c_F="3/2", d_F=0)
    one_half = numbers(h_1_E=1, h_1_F=0, g_1_E=1, g_1_F=0, c_E="3/2", c_F=1, d_F=0)
    checks = []
    for half in Half:
        checks.append(
            checked(
                theorem(
                    f"conversion.rounding_error_{half.value}",
                    "TH-CV-23",
                    "Rounding changes the Common that a holder is issued at once by half a share at most.",
                    "3(h)",
                    readings=chosen(Readings(half=half)),
                ),
                lambda v: within(error(v), HALF),
                lawful,
                labels=(option_label(RoundUnit.HOLDER_EVENT, half),),
                neighbours=(
                    Neighbour(
                        "by less than half a share",
                        claim=lambda v: z3.And(error(v) < HALF, error(v) > -HALF),
                        suggestions=(one_half,),
                    ),
                    Neighbour(
                        "where every series is rounded by itself",
                        labels=(option_label(RoundUnit.HOLDER_SERIES, half),),
                        suggestions=(halves, numbers(h_1_E=1, h_1_F=1, g_1_E=1, g_1_F=1, c_E="5/4", c_F="5/4", d_F=0)),
                    ),
                ),
            )
        )
    series_label = (option_label(RoundUnit.HOLDER_SERIES, Half.UP),)
    share_label = (option_label(RoundUnit.CERTIFICATE, Half.UP),)
    checks += [
        checked(
            theorem(
                "conversion.rounding_error_of_two_series",
                "TH-CV-23",
                "Where every series is rounded by itself, rounding changes the Common for two series by one share at"
                " most.",
                "3(h)",
                readings=chosen(Readings(round_unit=RoundUnit.HOLDER_SERIES)),
            ),
            lambda v: within(error(v), literal(1)),
            lawful,
            labels=series_label,
            neighbours=(
                Neighbour(
                    "by less than one share",
                    claim=lambda v: z3.And(error(v) < 1, error(v) > -1),
                    suggestions=(halves,),
                ),
            ),
        ),
        checked(
            theorem(
                "conversion.rounding_error_of_every_share",
                "TH-CV-23",
                "Where every share is rounded by itself, rounding changes the Common by half a share each at most.",
                "3(h)",
                readings=chosen(Readings(round_unit=RoundUnit.CERTIFICATE)),
            ),
            lambda v: within(error(v), HALF * z3.Sum([v.inputs[f"g_1_{name}"] for name in OPTIONAL])),
            lawful,
            labels=share_label,
            neighbours=(
                Neighbour(
                    "by one share at most, however many convert",
                    claim=lambda v: within(error(v), literal(1)),
                    suggestions=(numbers(h_1_E=3, h_1_F=0, g_1_E=3, g_1_F=0, c_E="3/2", c_F=1, d_F=0),),
                ),
            ),
        ),
    ]
    return tuple(checks)


# Rounding of several events


def batches_label(half: Half) -> str:
    """Name the subject that is shares of one series that convert together or one after another."""
    return f"shares of E that convert at once or in two batches, half {half.value}"


TWO_SERIES = "shares of two series, rounded together or each by itself"
TWO_HOLDERS = "two holders who convert shares of E"


def rounding_study(charter: Charter) -> Study:
    """Return the theorems about rounding of several series, batches and holders."""
    subjects = (*(_batches(half) for half in Half), _two_series(), _two_holders())
    total = totality("conversion.rounding_totality", "The Common that is issued", (), "3(h)")
    return Study("rounding of conversions", subjects, (*_batch_checks(), *_sums(), total), weight=2)


def _batches(half: Half) -> Subject:
    readings = Readings(half=half)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        ratios = {"E": values["c_E"]}

        def issued(count: Any) -> Any:
            return conversion.common_issued({"E": count}, ratios, readings)

        first, second = values["first"], values["second"]
        return {"one": issued(first), "other": issued(second), "together": issued(first + second)}

    unknowns = (Unknown("first"), Unknown("second"), Unknown("c_E"))
    seeds = tuple(numbers(first=1, second=1, c_E=c) for c in (1, "3/2", "7/5"))
    return bounded(batches_label(half), function, unknowns, seeds, readings)


def _two_series() -> Subject:
    """Return the Common for shares of E and F, rounded for the event and for each series."""

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        counts = {name: values[f"g_1_{name}"] for name in OPTIONAL}
        ratios = {name: values[f"c_{name}"] for name in OPTIONAL}
        return {
            unit.value: conversion.common_issued(counts, ratios, Readings(round_unit=unit))
            for unit in (RoundUnit.HOLDER_EVENT, RoundUnit.HOLDER_SERIES)
        }

    unknowns = (*(given(1, name) for name in OPTIONAL), *(Unknown(f"c_{name}") for name in OPTIONAL))
    seed = numbers(g_1_E=1, g_1_F=1, c_E=1, c_F=1)
    return bounded(TWO_SERIES, function, unknowns, (seed,))


def _two_holders() -> Subject:
    """Return what rounding adds to the Common of each of two holders; so_far: what it added to that of others."""

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        added: Any = 0
        errors = {}
        for holder in (1, 2):
            counts, ratios = {"E": values[f"g_{holder}_E"]}, {"E": values["c_E"]}
            issued = conversion.common_issued(counts, ratios, DEFAULTS)
            errors[f"added_{holder}"] = issued - conversion.exact_common(counts, ratios)
            added = added + errors[f"added_{holder}"]
        return {**errors, "added": added}

    unknowns = (given(1, "E"), given(2, "E"), Unknown("c_E"), Unknown("so_far"), Unknown("holders"))
    seed = numbers(g_1_E=1, g_2_E=1, c_E=1, so_far=0, holders=0)
    return bounded(TWO_HOLDERS, function, unknowns, (seed,), free=(unknowns[3],))


def _batch_checks() -> tuple[PathCheck, ...]:
    checks = []
    one_and_a_half = numbers(first=1, second=1, c_E="3/2")
    for half in Half:
        label, readings = (batches_label(half),), chosen(Readings(half=half))
        checks += [
            checked(
                theorem(
                    f"conversion.batches_differ_by_one_{half.value}",
                    "TH-CV-27",
                    "Shares that convert in two batches give one share of Common more or less than at once, at most.",
                    "3(h)",
                    readings=readings,
                ),
                lambda v: within(v.outcome["one"] + v.outcome["other"] - v.outcome["together"], literal(1)),
                labels=label,
                neighbours=(
                    Neighbour(
                        "they give the same",
                        claim=lambda v: v.outcome["one"] + v.outcome["other"] == v.outcome["together"],
                    ),
                ),
            ),
            checked(
                theorem(
                    f"conversion.more_shares_more_common_{half.value}",
                    "TH-CV-28",
                    "More shares that convert at once never give less Common.",
                    "3(h)",
                    readings=readings,
                ),
                lambda v: v.outcome["together"] >= v.outcome["one"],
                labels=label,
                neighbours=(
                    Neighbour(
                        "one share more gives more",
                        hypotheses=(Hypothesis("one share more", lambda v: v.inputs["second"] == 1),),
                        claim=lambda v: v.outcome["together"] > v.outcome["one"],
                        suggestions=(numbers(first=1, second=1, c_E="1/4"),),
                    ),
                ),
            ),
        ]
    checks.append(
        checked(
            theorem(
                "conversion.batches_give_the_same",
                "TH-CV-27",
                "Shares that convert in two batches give the Common that they give at once.",
                "3(h)",
                expected=REFUTED,
            ),
            lambda v: v.outcome["one"] + v.outcome["other"] == v.outcome["together"],
            labels=(batches_label(Half.UP),),
            suggestions=(one_and_a_half,),
            shows="Two shares at a ratio of 1.5 give two shares of Common each, and three together.",
        )
    )
    return tuple(checks)


def _sums() -> tuple[PathCheck, ...]:
    mixed = numbers(g_1_E=1, g_1_F=1, c_E="5/4", c_F="1/4")
    halves = numbers(g_1_E=1, g_2_E=1, c_E="3/2", so_far=0, holders=0)

    def difference(view: View) -> z3.ArithRef:
        return view.outcome[RoundUnit.HOLDER_EVENT.value] - view.outcome[RoundUnit.HOLDER_SERIES.value]

    def bound(view: View, more: int) -> z3.ArithRef:
        return HALF * (view.inputs["holders"] + more)

    so_far = Hypothesis(
        "rounding for some holders has added or taken half a share for each, at most",
        lambda v: within(v.inputs["so_far"], bound(v, 0)),
    )
    return (
        checked(
            theorem(
                "conversion.units_differ_by_one",
                "TH-CV-25",
                "For two series, rounding across them and rounding each differ by one share of Common at most.",
                "3(h)",
            ),
            lambda v: within(difference(v), literal(1)),
            labels=(TWO_SERIES,),
            neighbours=(Neighbour("they are equal", claim=lambda v: difference(v) == 0, suggestions=(mixed,)),),
        ),
        checked(
            theorem(
                "conversion.units_are_equal",
                "TH-CV-26",
                "For two series, rounding across them and rounding each give the same.",
                "3(h)",
                expected=REFUTED,
            ),
            lambda v: difference(v) == 0,
            labels=(TWO_SERIES,),
            suggestions=(mixed,),
            shows="1.25 and 0.25 of a share make two together and one if each is rounded.",
        ),
        checked(
            theorem(
                "conversion.rounding_of_one_more_holder",
                "TH-CV-24",
                "If rounding has changed the Common of some holders by half a share for each at most, it has after one"
                " more holder; so the Common of any number of them is changed by half their number at most.",
                "3(h)",
            ),
            lambda v: within(v.inputs["so_far"] + v.outcome["added_1"], bound(v, 1)),
            so_far,
            labels=(TWO_HOLDERS,),
            neighbours=(Neighbour("whatever it has changed so far", hypotheses=()),),
        ),
        checked(
            theorem(
                "conversion.rounding_of_two_holders",
                "TH-CV-24",
                "Rounding changes the Common of two holders together by less than one share.",
                "3(h)",
                expected=REFUTED,
            ),
            lambda v: z3.And(v.outcome["added"] < 1, v.outcome["added"] > -1),
            labels=(TWO_HOLDERS,),
            suggestions=(halves,),
            shows="Each has one and a half shares of Common and gets two: the bound of half a share each is attained.",
        ),
    )


# The election of the class


BOTH = "an election counted in shares and in votes"
CLASS = "A to D, of which one holder has some in favour"


def election_label(majority: AdMajority, election: AdElection) -> str:
    """Name the subject that is an election in which two holders have shares of A and of D."""
    return f"an election of two holders of A and D, by {majority.value}, {election.value}"


def election_study(charter: Charter) -> Study:
    """Return the theorems about the election of the class that converts together."""
    options = tuple(product(AdMajority, AdElection))
    subjects = (*(_election(charter, *own) for own in options), _both(charter))
    checks = [_election_agrees(charter, *own) for own in options]
    return Study("election", subjects, (*checks, *_elections(charter)), weight=3)


def _figures(done: ClassConversion) -> dict[str, Any]:
    """Name the outputs of an election or a consent as the closed form does; nothing for who converts nothing."""
    found: dict[str, Any] = {
        "whole": done.count.whole,
        "in_favour": done.count.in_favour,
        "needed": done.count.needed,
        "carries": done.count.carried,
    }
    for holder in ("1", "2"):
        own = next((each for each in done.conversions if each.holder == holder), None)
        found |= {
            f"exact_{holder}": 0 if own is None else own.exact,
            f"common_{holder}": 0 if own is None else own.common,
            f"cash_{holder}": 0 if own is None else own.cash_total,
        }
        if own is not None:
            found |= {f"cash_{holder}_{name}": amount for name, amount in own.cash.items()}
            found |= {f"dividends_{holder}_{name}": amount for name, amount in own.dividends.items()}
    return found


def _both_hold(charter: Charter, values: Mapping[str, Any], names: tuple[str, ...], priced: bool) -> Position:
    holdings = tuple(Holding(str(holder), name, values[f"h_{holder}_{name}"]) for holder in (1, 2) for name in names)
    first = names[0]
    return Position(
        charter,
        {name: values[f"h_1_{name}"] + values[f"h_2_{name}"] for name in names},
        {first: values[f"c_{first}"]} if priced else {},
        declared_dividends={first: values[f"d_{first}"]},
        holdings=holdings,
    )


def _election(charter: Charter, majority: AdMajority, election: AdElection) -> Subject:
    """Return an election; at initial prices where votes count, so that only whole numbers are rounded."""
    readings = _event_rounded(ad_majority=majority, ad_election=election)
    names, priced = ("A", "D"), majority is AdMajority.SHARES

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = _both_hold(charter, values, names, priced)
        in_favour = {"1": {name: values[f"g_1_{name}"] for name in names}, "2": {"A": values["g_2_A"]}}
        return _figures(conversion.election(at, readings, in_favour))

    free = (*(given(1, name) for name in names), given(2, "A"))
    counts = tuple(held(holder, name) for holder in (1, 2) for name in names)
    unknowns = (*counts, *free, declared("A"), *([ratio(charter, "A")] if priced else []))
    base = {u.name: 1 for u in unknowns}
    seeds = tuple(numbers(**base | more) for more in ({}, {"g_1_A": 0, "g_2_A": 0}, {"g_1_A": 2}))
    hypotheses = whole(*(u.term for u in (*counts, *free)))
    label = election_label(majority, election)
    return bounded(label, function, unknowns, seeds, readings, more=hypotheses, free=free)


def _event_rounded(**more: Any) -> Readings:
    """Return readings that round a holder's whole event: what of it each series gets is not among the outputs."""
    return Readings(round_unit=RoundUnit.HOLDER_EVENT, **more)


def _agreed(charter: Charter, account: Account, readings: Readings) -> Claim:
    """Claim that an election or consent is the closed form's, and that it is refused exactly if shares are missing."""
    zero = {f"{kind}_{s.name}": 0 for s in charter.series for kind in ("h_1", "h_2", "g_1", "g_2", "d")}

    def claim(view: View) -> list[z3.BoolRef]:
        here = view.at({name: literal(value) for name, value in zero.items() if name not in view.inputs})
        out = view.outcome
        if "raised" in view.structure:
            found = terms_of(here, [own for own in account.definitions if own.name.startswith("lawful")])
            return [z3.Not(z3.And(found["lawful_1"], found["lawful_2"]))]
        # Later steps take the engine's own whole numbers, which are described apart.
        found = terms_of(here, account.definitions, {f"common_{n}": out[f"common_{n}"] for n in (1, 2)})
        claims = [found["lawful_1"], found["lawful_2"]]
        for n in (1, 2):
            claims += nearest_claim(view, out[f"common_{n}"], found[f"to_round_{n}"], readings.half)
        claims += [term == found[name] for name, term in out.items() if name in found]
        return claims + [found[name] == z3.BoolVal(bool(value)) for name, value in view.structure.items()]

    return claim


def _refusable(name: str, what: str, label: str, claim: Claim, clauses: str, readings: Readings) -> PathCheck:
    stated = theorem(
        name,
        "",
        f"{what}: every output of the code is that of the closed form, and it is refused exactly if shares in favour"
        " are not held.",
        clauses,
        readings=chosen(readings),
    )
    return PathCheck(stated, claim, labels=(label,), covers_all=True, judges_raising=True)


def _election_agrees(charter: Charter, majority: AdMajority, election: AdElection) -> PathCheck:
    readings, label = _event_rounded(ad_majority=majority, ad_election=election), election_label(majority, election)
    prices = frozenset("A" if majority is AdMajority.SHARES else "")
    account = Account(named=True)
    consents.election(Case(charter, readings, prices=prices), account, 2)
    claim = _agreed(charter, account, readings)
    name = f"conversion.election_equivalence_{majority.value}_{election.value}"
    return _refusable(name, sentence(label), label, claim, "3(a), 3(h)", readings)


def _both(charter: Charter) -> Subject:
    """Return an election in which one holder has every share in favour, counted in shares and in votes."""
    names = charter.electing

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        yes = {name: values[f"g_1_{name}"] for name in names}
        no = {name: values[f"h_2_{name}"] for name in names}
        at = Position(
            charter,
            {name: yes[name] + no[name] for name in names},
            declared_dividends={name: values[f"d_{name}"] for name in names},
            holdings=tuple(Holding(who, n, own[n]) for who, own in (("1", yes), ("2", no)) for n in names),
        )
        done = {m: conversion.election(at, Readings(ad_majority=m), {"1": yes}) for m in AdMajority}
        by_shares = done[AdMajority.SHARES]
        first = next((own for own in by_shares.conversions if own.holder == "1"), None)
        return {
            **{f"carries_{m.value}": own.count.carried for m, own in done.items()},
            **{f"needed_{m.value}": own.count.needed for m, own in done.items()},
            "in_favour": by_shares.count.in_favour,
            "whole": by_shares.count.whole,
            **{f"cash_{name}": 0 if first is None else first.cash[name] for name in names},
            "apart": () if first is None else tuple(first.dividends),
        }

    counts = (*(given(1, name) for name in names), *(held(2, name) for name in names))
    dividends = tuple(declared(name) for name in names)
    base = {u.name: 1 for u in (*counts, *dividends)}
    seeds = tuple(numbers(**base | {"g_1_A": yes, "h_2_A": no}) for yes, no in ((1, 1), (9, 1), (1, 9), (4, 1)))
    return bounded(BOTH, function, (*counts, *dividends), seeds, more=whole(*(u.term for u in counts)))


def _elections(charter: Charter) -> tuple[PathCheck, ...]:
    names = charter.electing

    def carries(view: View, by: AdMajority = AdMajority.SHARES) -> z3.BoolRef:
        return z3.BoolVal(bool(view.structure[f"carries_{by.value}"]))

    def count(view: View, name: str) -> z3.ArithRef:
        return view.inputs[f"g_1_{name}"] + view.inputs[f"h_2_{name}"]

    def agree(view: View) -> z3.BoolRef:
        found: z3.BoolRef = carries(view) == carries(view, AdMajority.VOTES)
        return found

    full = Hypothesis(
        "every authorised share of A to D is outstanding",
        lambda v: [count(v, name) == charter.series_named(name).authorized.value for name in names],
    )
    all_of_a = Hypothesis("every share of A is in favour", lambda v: v.inputs["h_2_A"] == 0)
    seven = {"g_1_A": 7_000_000, "h_2_A": 0, **{f"d_{name}": 0 for name in names}}
    others = {f"h_2_{name}": charter.series_named(name).authorized.value for name in names if name != "A"}
    apart = numbers(**dict.fromkeys(("g_1_B", "g_1_C", "g_1_D"), 0), **seven, **others)
    return (
        checked(
            theorem(
                "conversion.election_needs_more_than_half",
                "TH-CV-30",
                "An election carries exactly if more than half of the shares of A to D are in favour, which is one"
                " share more than the whole part of half of them, and so a half fails.",
                "3(a)",
            ),
            lambda v: [
                carries(v) == (2 * v.outcome["in_favour"] > v.outcome["whole"]),
                carries(v) == (v.outcome["in_favour"] >= v.outcome["needed_shares"]),
                2 * v.outcome["needed_shares"] > v.outcome["whole"],
                2 * (v.outcome["needed_shares"] - 1) <= v.outcome["whole"],
            ],
            labels=(BOTH,),
            neighbours=(
                Neighbour(
                    "exactly half suffices",
                    claim=lambda v: carries(v) == (2 * v.outcome["in_favour"] >= v.outcome["whole"]),
                ),
            ),
        ),
        checked(
            theorem(
                "conversion.a_alone_carries_at_full_issuance",
                "TH-CV-30",
                "At full issuance A carries the election, alone and with any others.",
                "3(a), IV.B",
            ),
            carries,
            full,
            all_of_a,
            labels=(BOTH,),
            neighbours=(
                Neighbour("not every share of A is in favour", hypotheses=(full,)),
                Neighbour("not every share is outstanding", hypotheses=(all_of_a,)),
            ),
        ),
        checked(
            theorem(
                "conversion.shares_and_votes_agree",
                "TH-CV-31",
                "A majority of the shares of A to D is a majority of their votes, and the other way round.",
                "3(a), 5(c)",
                expected=REFUTED,
            ),
            agree,
            labels=(BOTH,),
            suggestions=(apart,),
            shows="7,000,000 of A outnumber all others, 5,455,000, and have 70,000,000 votes against 76,370,000.",
        ),
        checked(
            theorem(
                "conversion.shares_and_votes_agree_without_a",
                "TH-CV-31",
                "The two agree at initial conversion prices while no share of A is outstanding.",
                "3(a), 5(c)",
            ),
            agree,
            Hypothesis("no share of A is outstanding", lambda v: count(v, "A") == 0),
            labels=(BOTH,),
            neighbours=(Neighbour("there may be shares of A", hypotheses=(), suggestions=(apart,)),),
        ),
        checked(
            theorem(
                "conversion.dividends_once",
                "TH-CV-29",
                "The declared dividends of A to D are owed once: within the Cash Amounts, and not again apart.",
                "3(a)",
            ),
            lambda v: [
                *(
                    v.outcome[f"cash_{name}"]
                    == v.inputs[f"g_1_{name}"] * (literal(FIXED[name]) + v.inputs[f"d_{name}"])
                    for name in names
                ),
                z3.BoolVal(v.structure["apart"] == ()),
            ],
            Hypothesis("the election carries", carries),
            labels=(BOTH,),
            neighbours=(
                Neighbour(
                    "the Cash Amounts of A are without them",
                    claim=lambda v: v.outcome["cash_A"] == v.inputs["g_1_A"] * literal(FIXED["A"]),
                ),
                Neighbour("whether it carries or not", hypotheses=()),
            ),
        ),
    )


# The written consent of a series


def consent_label(name: str) -> str:
    """Name the subject that is a consent of one series to convert."""
    return f"a consent of two holders of {name}"


def consent_study(charter: Charter) -> Study:
    """Return the theorems about the written consent of E or F to convert."""
    subjects = tuple(_consent(charter, name) for name in OPTIONAL)
    checks = tuple(_consent_agrees(charter, name) for name in OPTIONAL)
    return Study("consent of a series", subjects, checks, weight=2)


def _consent(charter: Charter, name: str) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = _both_hold(charter, values, (name,), priced=True)
        in_favour = {str(holder): values[f"g_{holder}_{name}"] for holder in (1, 2)}
        return _figures(conversion.series_consent(at, _event_rounded(), name, in_favour))

    counts, free = tuple(held(n, name) for n in (1, 2)), tuple(given(n, name) for n in (1, 2))
    unknowns = (*counts, *free, declared(name), ratio(charter, name))
    base = {u.name: 1 for u in unknowns}
    seeds = tuple(numbers(**base | more) for more in ({}, {f"g_1_{name}": 0, f"g_2_{name}": 0}, {f"g_1_{name}": 2}))
    hypotheses = whole(*(u.term for u in (*counts, *free)))
    return bounded(consent_label(name), function, unknowns, seeds, more=hypotheses, free=free)


def _consent_agrees(charter: Charter, name: str) -> PathCheck:
    account = Account(named=True)
    readings = _event_rounded()
    consents.series_consent(Case(charter, readings, prices=frozenset([name])), account, name, 2)
    claim = _agreed(charter, account, readings)
    what = sentence(consent_label(name))
    return _refusable(f"conversion.consent_equivalence_{name}", what, consent_label(name), claim, "3(b)", readings)
