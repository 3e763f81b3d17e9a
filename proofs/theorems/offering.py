"""Theorems about section 3(b): what a public offering must be, its floors, and what it converts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

import sympy
import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.explorer import Unknown
from proofs.numbers import literal
from proofs.statements import (
    REFUTED,
    agreement,
    checked,
    closed_claim,
    nearest_claim,
    numbers,
    sentence,
    terms_of,
    theorem,
    totality,
    whole,
)
from proofs.study import Study
from proofs.subjects import COMMON_SHARES, DEFAULTS, bounded, chosen, position, ratio
from proofs.views import Claim, Subject, View
from reference import conversion, offering
from reference.charter import COMMON, Charter
from reference.conversion_price import SeriesPrice, averaged
from reference.offering import Offering, OfferingOutcome
from reference.position import Holding, Position
from reference.readings import ConsentTie, EFloor, IpoEffective, IpoOrder, IpoSize, Readings, RoundUnit, Switch
from symbolic import offering as closed
from symbolic.account import Account
from symbolic.conversion import conversion_ratio
from symbolic.liquidation import Case

FLOORED = ("E", "F")
"""The series with a floor (3(b)(ii), 3(b)(iii))."""

E_FLOOR, F_FLOOR = Fraction("8.30"), Fraction(11)
"""The prices below which E and F have their floors, $/share (3(b)(ii), 3(b)(iii))."""

E_PRICE, F_PRICE = Fraction("4.15"), Fraction("8.25")
"""The Original Issue Prices of E and F, $/share (2(a)(v), 2(a))."""

LEAST_SIZE = 40_000_000
"""The least aggregate price of an offering that converts, $ (3(b))."""

ALL_COMMON = 40_000_000
"""The authorised Common (IV.A)."""

PRICE, HIGHER = Unknown("p"), Unknown("p_higher")
SOLD = Unknown("primary")
SPLIT = Unknown("k_common")
BASE = Unknown("base")
FIRM = "firm_commitment"
FORM = "S-1"


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    return (
        ratios_study(charter),
        splits_study(charter),
        holder_study(charter),
        size_study(charter),
        order_study(charter),
        outcome_study(charter),
    )


def subject_of(
    label: str,
    function: Any,
    unknowns: tuple[Unknown, ...],
    seeds: tuple[Mapping[str, Fraction], ...],
    readings: Readings = DEFAULTS,
    more: tuple[z3.BoolRef, ...] = (),
) -> Subject:
    """Return a subject in whose domain prices, ratios and split factors are above zero and the rest is not below."""
    prices = (u.term > 0 for u in unknowns if u == PRICE or u.name.startswith(("p_", "ACP_")))
    return bounded(label, function, unknowns, seeds, readings, (*prices, *more))


# What one share converts into


def one_share(name: str, split: bool, e_floor: EFloor = EFloor.LITERAL) -> str:
    """Name the subject that is one share of a series in an offering."""
    after = f" after a split of the Common, {e_floor.value}" if split else ""
    return f"one share of {name} in an offering{after}"


def at_two_prices(name: str) -> str:
    """Name the subject that is one share of a series in two offerings, the second at a higher price."""
    return f"one share of {name} in two offerings"


def around_a_split(name: str, e_floor: EFloor = EFloor.LITERAL) -> str:
    """Name the subject that is one share of a series before and after a split of the Common."""
    return f"one share of {name} before and after a split of the Common, {e_floor.value}"


SPLIT_CASES = (("E", EFloor.LITERAL), ("E", EFloor.ECONOMIC), ("F", EFloor.LITERAL))
"""The series with floors, under the readings that matter to each."""


def ratios_study(charter: Charter) -> Study:
    """Return the theorems about the Common for one share at any offering and conversion price."""
    alone = [(name, False, EFloor.LITERAL) for name in FLOORED]
    cases = [*alone, *((name, True, floor) for name, floor in SPLIT_CASES)]
    subjects = (
        *(_one_share(charter, *own) for own in cases),
        *(_two_prices(charter, series.name) for series in charter.series),
        *(_around_a_split(charter, *own) for own in SPLIT_CASES),
    )
    agree = [_ratio_agrees(charter, *own) for own in cases]
    total = totality("offering.ratio_totality", "The Common for one share in an offering", (), "3(b)")
    return Study("floors", subjects, (*agree, total, *_floors(charter), *_monotone(charter), *_splits()), weight=2)


def _one_share(charter: Charter, name: str, split: bool, e_floor: EFloor) -> Subject:
    series, readings = charter.series_named(name), Readings(e_floor=e_floor)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values, common_split=values["k_common"] if split else None)
        return {
            "ratio": offering.offering_ratio(at, readings, series, values["p"]),
            "trigger": offering.floor_trigger(at, readings, series),
            "optional": conversion.conversion_ratio(at, readings, series),
        }

    unknowns = (PRICE, ratio(charter, name), *([SPLIT] if split else []))
    seeds = [{"p": p, f"c_{name}": c} for p in ("4", "20") for c in ("1", "1/2")]
    given = tuple(numbers(**seed, **({"k_common": 2} if split else {})) for seed in seeds)
    return subject_of(one_share(name, split, e_floor), function, unknowns, given, readings)


def _ratio_agrees(charter: Charter, name: str, split: bool, e_floor: EFloor) -> PathCheck:
    readings, series = Readings(e_floor=e_floor), charter.series_named(name)
    splits = frozenset([COMMON] if split else [])
    case, account = Case(charter, readings, splits=splits, prices=frozenset([name])), Account()
    at_price = conversion_ratio(series, readings, splits, case.prices)
    trigger = closed.trigger(case, series, account)
    assert trigger is not None
    forms = {
        "optional": at_price,
        "trigger": trigger,
        "ratio": closed.ratio(case, series, at_price, sympy.true, account),
    }
    mark = f"_split_{e_floor.value}" if split else ""
    return agreement(
        f"offering.ratio_equivalence_{name}{mark}",
        sentence(one_share(name, split, e_floor)),
        (one_share(name, split, e_floor),),
        closed_claim(forms),
        "3(a), 3(b)(ii), 3(b)(iii)",
        readings=chosen(readings),
    )


def _two_prices(charter: Charter, name: str) -> Subject:
    series = charter.series_named(name)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values)
        return {
            "ratio": offering.offering_ratio(at, DEFAULTS, series, values["p"]),
            "ratio_higher": offering.offering_ratio(at, DEFAULTS, series, values["p_higher"]),
        }

    seeds = tuple(numbers(**{"p": low, "p_higher": high, f"c_{name}": 1}) for low, high in ((4, 5), (4, 20), (20, 30)))
    own = ratio(charter, name)
    order = (PRICE.term <= HIGHER.term,)
    return subject_of(at_two_prices(name), function, (PRICE, HIGHER, own), seeds, more=order)


def _around_a_split(charter: Charter, name: str, e_floor: EFloor) -> Subject:
    """Return the Common for one share before a split, and after it at the prices that it divides by its factor."""
    series, readings = charter.series_named(name), Readings(e_floor=e_floor)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        price, factor = values["p"], values["k_common"]
        before = position(charter, values)
        later = {name: values[f"c_{name}"] / factor}
        after = Position(charter, {}, conversion_prices=later, common_split=factor)
        return {
            "before": offering.offering_ratio(before, readings, series, price),
            "after": offering.offering_ratio(after, readings, series, price / factor),
        }

    seeds = tuple(numbers(**{"p": p, f"c_{name}": c, "k_common": 2}) for p in (6, 20) for c in (1, 3))
    unknowns = (PRICE, ratio(charter, name), SPLIT)
    return subject_of(around_a_split(name, e_floor), function, unknowns, seeds, readings)


def at_least_one(name: str) -> Hypothesis:
    """Assume that a conversion price is not above its initial one."""
    return Hypothesis(f"a share of {name} converts into one share or more", lambda v: v.inputs[f"c_{name}"] >= 1)


def _floors(charter: Charter) -> tuple[PathCheck, ...]:
    floor = literal(E_FLOOR)
    alone = (one_share("E", False),)
    small = numbers(p=10, c_E="1/2")

    def value(view: View) -> z3.ArithRef:
        return view.inputs["p"] * view.outcome["ratio"]

    def binds_below(view: View) -> z3.BoolRef:
        binds = view.outcome["ratio"] > view.outcome["optional"]
        found: z3.BoolRef = binds == (view.inputs["p"] * view.inputs["c_E"] < floor)
        return found

    return (
        checked(
            theorem(
                "offering.no_less_than_optional",
                "TH-CV-01",
                "Before any rounding, an offering gives a share of E or F no less Common than its holder's option, at"
                " any price.",
                "3(a), 3(b)",
            ),
            lambda v: v.outcome["ratio"] >= v.outcome["optional"],
            labels=tuple(one_share(name, False) for name in FLOORED),
            neighbours=(Neighbour("it gives more", claim=lambda v: v.outcome["ratio"] > v.outcome["optional"]),),
        ),
        checked(
            theorem(
                "offering.e_is_worth_its_floor_before_rounding",
                "TH-CV-02",
                "At the offering's price the Common for one share of E, before it is rounded, is worth $8.30 or more.",
                "3(b)(ii)",
            ),
            lambda v: value(v) >= floor,
            at_least_one("E"),
            labels=alone,
            neighbours=(Neighbour("at any conversion price", hypotheses=(), suggestions=(small,)),),
        ),
        checked(
            theorem(
                "offering.e_is_worth_its_floor_at_any_ratio",
                "TH-CV-03",
                "The same, before rounding, at any conversion price.",
                "3(b)(ii)",
                expected=REFUTED,
            ),
            lambda v: value(v) >= floor,
            labels=alone,
            suggestions=(small,),
            shows="Half a share of Common for each of E, sold at $10, above the floor's price, is worth $5.",
        ),
        checked(
            theorem(
                "offering.e_floor_binds",
                "TH-CV-04",
                "The floor of E gives more than its conversion price exactly where the Common for a share, unrounded,"
                " is worth less than $8.30 without it.",
                "3(b)(ii)",
            ),
            binds_below,
            at_least_one("E"),
            labels=alone,
            neighbours=(Neighbour("at any conversion price", hypotheses=(), suggestions=(small,)),),
        ),
    )


def _monotone(charter: Charter) -> tuple[PathCheck, ...]:
    jump = {"E": ("8", "83/10"), "F": ("10", "11")}
    checks = []
    for name in FLOORED:
        label = (at_two_prices(name),)
        low, high = jump[name]
        leap = numbers(**{"p": low, "p_higher": high, f"c_{name}": "1/2"})
        checks += [
            checked(
                theorem(
                    f"offering.fewer_at_a_higher_price_{name}",
                    "TH-CV-05",
                    f"A higher offering price never gives more Common, unrounded, for a share of {name}.",
                    "3(b)",
                ),
                lambda v: v.outcome["ratio_higher"] <= v.outcome["ratio"],
                labels=label,
                neighbours=(
                    Neighbour("it gives less", claim=lambda v: v.outcome["ratio_higher"] < v.outcome["ratio"]),
                ),
            ),
            checked(
                theorem(
                    f"offering.worth_more_at_a_higher_price_{name}",
                    "TH-CV-06",
                    f"At a higher offering price the Common for a share of {name}, unrounded, is never worth less.",
                    "3(b)",
                ),
                _worth_no_less,
                at_least_one(name),
                labels=label,
                neighbours=(Neighbour("at any conversion price", hypotheses=(), suggestions=(leap,)),),
            ),
            checked(
                theorem(
                    f"offering.worth_more_at_any_ratio_{name}",
                    "TH-CV-06",
                    f"The same of {name} at any conversion price.",
                    "3(b)",
                    expected=REFUTED,
                ),
                _worth_no_less,
                labels=label,
                suggestions=(leap,),
                shows="Half a share of Common for each: the floor is gone at the price up to which it applies.",
            ),
        ]
    electing = tuple(at_two_prices(name) for name in charter.electing)
    checks.append(
        checked(
            theorem(
                "offering.price_does_not_matter_to_a_to_d",
                "TH-CV-11",
                "The Common for a share of A, B, C or D is the same at every offering price.",
                "3(b)",
            ),
            lambda v: v.outcome["ratio_higher"] == v.outcome["ratio"],
            labels=electing,
            neighbours=(Neighbour("and for a share of E", labels=(at_two_prices("E"),)),),
        )
    )
    return tuple(checks)


def _worth_no_less(view: View) -> z3.BoolRef:
    worth: z3.BoolRef = (
        view.inputs["p_higher"] * view.outcome["ratio_higher"] >= view.inputs["p"] * view.outcome["ratio"]
    )
    return worth


def _splits() -> tuple[PathCheck, ...]:
    stated = partial(theorem, clauses="3(b)(ii), 3(b)(iii), 3(d)(iii)")
    two_for_one = numbers(p=6, c_E=1, k_common=2)

    def neutral(view: View) -> z3.BoolRef:
        found: z3.BoolRef = view.outcome["after"] == view.inputs["k_common"] * view.outcome["before"]
        return found

    return (
        checked(
            stated(
                "offering.f_floor_split_neutral",
                "TH-CV-07",
                "A split of the Common multiplies the Common for a share of F by its factor, and so changes nothing.",
            ),
            neutral,
            labels=(around_a_split("F"),),
            neighbours=(Neighbour("and for a share of E", labels=(around_a_split("E"),), suggestions=(two_for_one,)),),
        ),
        checked(
            stated(
                "offering.e_floor_split_neutral",
                "TH-CV-08",
                "The same holds of a share of E where the adjusted figure is divided.",
                expected=REFUTED,
            ),
            neutral,
            labels=(around_a_split("E"),),
            suggestions=(two_for_one,),
            shows="Two for one, and an offering at $6 before it or $3 after it: $8.30 before, two shares or $6 after.",
        ),
        checked(
            stated(
                "offering.e_loses_by_forward_splits",
                "TH-CV-09",
                "After a forward split a share of E gets no more than its floor before the split is worth.",
            ),
            lambda v: v.outcome["after"] <= v.inputs["k_common"] * v.outcome["before"],
            Hypothesis("the split is a forward one", lambda v: v.inputs["k_common"] >= 1),
            labels=(around_a_split("E"),),
            neighbours=(
                Neighbour(
                    "also after a combination",
                    hypotheses=(),
                    suggestions=(numbers(p=4, c_E=1, k_common="1/2"),),
                ),
            ),
        ),
        checked(
            stated(
                "offering.flat_figure_makes_e_neutral",
                "TH-CV-10",
                "Where the flat figure is divided, as for F, a split changes nothing for E.",
                readings=chosen(Readings(e_floor=EFloor.ECONOMIC)),
            ),
            neutral,
            labels=(around_a_split("E", EFloor.ECONOMIC),),
            neighbours=(
                Neighbour(
                    "where the adjusted figure is divided",
                    labels=(around_a_split("E"),),
                    suggestions=(two_for_one,),
                ),
            ),
        ),
    )


# Which offerings convert


def size_label(size: IpoSize, counts: bool) -> str:
    """Name the subject that is an offering under one reading of its size."""
    return f"an offering of any size, {size.value}{', over-allotments counted' if counts else ''}"


KINDS = ((FIRM, FORM), ("best_efforts", FORM), (FIRM, "SB-2"))
"""How an offering may be underwritten and registered: as required, or not."""

TWO_SIZES = "one share of E, and offerings of two sizes at one price"


# Splits of the series, and combinations of the Common (AMB-131, AMB-132)

SWITCHES = tuple(product(Switch, Switch))
"""Whether a floor adjusts for splits of its series, and for combinations of the Common."""

SPLIT_OF_COMMON = {"common_split": Unknown("k_common"), "common_combined": Unknown("k_combined")}


def after_changes(name: str, of_series: Switch, of_combinations: Switch) -> str:
    """Name the subject that is one share of a series after splits of all kinds."""
    return (
        f"one share of {name} after a split of its series ({of_series.value}) and combinations of the Common"
        f" ({of_combinations.value})"
    )


def around_its_split(name: str, of_series: Switch) -> str:
    """Name the subject that is what was one share of a series, before and after a split of the series."""
    return f"what was one share of {name} before and after a split of the series, {of_series.value}"


def splits_study(charter: Charter) -> Study:
    """Return the theorems about floors after a split of their series, and about combinations of the Common."""
    cases = [(name, *own) for name in FLOORED for own in SWITCHES]
    around = [(name, of_series) for name in FLOORED for of_series in Switch]
    subjects = (*(_changed(charter, *own) for own in cases), *(_around_its_split(charter, *own) for own in around))
    checks = [_changed_agrees(charter, *own) for own in cases]
    return Study("floors after splits", subjects, (*checks, *_of_series(), _of_combinations()), weight=3)


def _floor_readings(of_series: Switch, of_combinations: Switch = Switch.YES) -> Readings:
    return Readings(floor_adjusts_for_series_splits=of_series, combination_adjusts_floor=of_combinations)


def _changed(charter: Charter, name: str, of_series: Switch, of_combinations: Switch) -> Subject:
    series, readings = charter.series_named(name), _floor_readings(of_series, of_combinations)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        common = {field: values[own.name] for field, own in SPLIT_OF_COMMON.items()}
        at = position(charter, values, preferred_splits={name: values[f"k_{name}"]}, **common)
        return {
            "ratio": offering.offering_ratio(at, readings, series, values["p"]),
            "trigger": offering.floor_trigger(at, readings, series),
        }

    split, combined = (own.term for own in SPLIT_OF_COMMON.values())
    unknowns = (PRICE, ratio(charter, name), Unknown(f"k_{name}"), *SPLIT_OF_COMMON.values())
    told = (combined <= 1, combined <= split)
    seeds = tuple(
        numbers(**{"p": p, f"c_{name}": 1, f"k_{name}": 2, "k_common": "1/2", "k_combined": "1/4"}) for p in (1, 40)
    )
    return subject_of(after_changes(name, of_series, of_combinations), function, unknowns, seeds, readings, told)


def _changed_agrees(charter: Charter, name: str, of_series: Switch, of_combinations: Switch) -> PathCheck:
    readings, series = _floor_readings(of_series, of_combinations), charter.series_named(name)
    splits = frozenset([COMMON, name])
    case, account = Case(charter, readings, splits=splits, prices=frozenset([name])), Account()
    at_price = conversion_ratio(series, readings, splits, case.prices)
    trigger = closed.trigger(case, series, account)
    assert trigger is not None
    label = after_changes(name, of_series, of_combinations)
    return agreement(
        f"offering.split_ratio_equivalence_{name}_{of_series.value}_{of_combinations.value}",
        sentence(label),
        (label,),
        closed_claim({"trigger": trigger, "ratio": closed.ratio(case, series, at_price, sympy.true, account)}),
        "3(b)(ii), 3(b)(iii)",
        readings=chosen(readings),
    )


def _around_its_split(charter: Charter, name: str, of_series: Switch) -> Subject:
    series, readings = charter.series_named(name), _floor_readings(of_series)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        factor = values[f"k_{name}"]
        before, after = position(charter, values), position(charter, values, preferred_splits={name: factor})
        return {
            "before": offering.offering_ratio(before, readings, series, values["p"]),
            "after": factor * offering.offering_ratio(after, readings, series, values["p"]),
        }

    unknowns = (PRICE, ratio(charter, name), Unknown(f"k_{name}"))
    seeds = tuple(numbers(**{"p": p, f"c_{name}": 1, f"k_{name}": 2}) for p in (4, 40))
    return subject_of(around_its_split(name, of_series), function, unknowns, seeds, readings)


def _of_series() -> list[PathCheck]:
    checks = []
    for name in FLOORED:
        two_for_one = numbers(**{"p": 4, f"c_{name}": 1, f"k_{name}": 2})
        parts, whole_each = (around_its_split(name, own) for own in (Switch.YES, Switch.NO))
        checks += [
            checked(
                theorem(
                    f"offering.series_split_neutral_{name}",
                    "",
                    f"A split of {name} changes nothing for what was one share of it: in an offering its parts get,"
                    " before rounding, the Common that it got.",
                    "3(b)(ii), 3(b)(iii)",
                ),
                lambda v: v.outcome["after"] == v.outcome["before"],
                labels=(parts,),
                neighbours=(
                    Neighbour("if each part has the whole floor", labels=(whole_each,), suggestions=(two_for_one,)),
                ),
            ),
            checked(
                theorem(
                    f"offering.series_split_neutral_{name}_without_adjustment",
                    "",
                    f"The same of {name} where every share has all of the floor.",
                    "3(b)(ii), 3(b)(iii)",
                    readings=chosen(_floor_readings(Switch.NO)),
                    expected=REFUTED,
                ),
                lambda v: v.outcome["after"] == v.outcome["before"],
                labels=(whole_each,),
                suggestions=(two_for_one,),
                shows="Two for one, and an offering at $4: each of the two gets what the one got.",
            ),
        ]
    return checks


def _of_combinations() -> PathCheck:
    readings = _floor_readings(Switch.YES, Switch.NO)
    alone = Hypothesis(
        "the Common was combined and never split", lambda v: v.inputs["k_common"] == v.inputs["k_combined"]
    )
    return checked(
        theorem(
            "offering.combinations_leave_the_floors",
            "",
            "Where combinations adjust no floor, those of E and F apply below $8.30 and $11.00 after any of them.",
            "3(b)(ii), 3(b)(iii)",
            readings=chosen(readings),
        ),
        lambda v: z3.Or(v.outcome["trigger"] == literal(E_FLOOR), v.outcome["trigger"] == literal(F_FLOOR)),
        alone,
        labels=tuple(after_changes(name, Switch.YES, Switch.NO) for name in FLOORED),
        neighbours=(
            Neighbour(
                "where they do",
                labels=tuple(after_changes(name, Switch.YES, Switch.YES) for name in FLOORED),
                suggestions=tuple(
                    numbers(p=4, k_common="1/2", k_combined="1/2", **{f"c_{n}": 1, f"k_{n}": 1}) for n in FLOORED
                ),
            ),
        ),
    )


# What a holder gets, which is rounded

OF_A_HOLDER = "a holder of E in an offering"
OF_ONE_SHARE = "a holder of one share of E in offerings at two prices"


def holder_study(charter: Charter) -> Study:
    """Return the theorems about the whole shares of Common that an offering gives a holder (3(h))."""
    subjects = (_of_holder(charter), _of_one_share(charter))
    return Study("what a holder gets in an offering", subjects, _for_holders(), weight=3)


def _given_by(at: Position, price: Any, count: Any) -> Any:
    """Return the Common that an offering gives the one holder there is."""
    done = offering.convert_by_offering(at, DEFAULTS, Offering(price, count, FIRM, FORM), adjusted_prices={})
    (own,) = done.conversions
    return own.common


def _of_holder(charter: Charter) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        count = values["h_1_E"]
        holdings = (Holding("1", "E", count),)
        at = position(charter, {**values, "n_E": count}, holdings=holdings)
        option = conversion.convert(at, DEFAULTS, "1", {"E": count})
        return {"common": _given_by(at, values["p"], values["primary"]), "optional": option.common}

    unknowns = (PRICE, SOLD, Unknown("h_1_E"), ratio(charter, "E"))
    seeds = tuple(numbers(p=p, primary=40_000_000, h_1_E=3, c_E=1) for p in (4, 20))
    more = (enough_sold(), *whole(z3.Real("h_1_E")))
    return subject_of(OF_A_HOLDER, function, unknowns, seeds, more=more)


def _of_one_share(charter: Charter) -> Subject:
    at = Position(charter, {"E": 1}, holdings=(Holding("1", "E", 1),))

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "common": _given_by(at, values["p"], values["primary"]),
            "common_higher": _given_by(at, values["p_higher"], values["primary"]),
        }

    seeds = tuple(numbers(p=low, p_higher=high, primary=40_000_000) for low, high in ((4, 5), (4, 20), (20, 30)))
    more = (enough_sold(), PRICE.term <= HIGHER.term)
    return subject_of(OF_ONE_SHARE, function, (PRICE, HIGHER, SOLD), seeds, more=more)


def _for_holders() -> tuple[PathCheck, ...]:
    floor = literal(E_FLOOR)
    alone = (OF_A_HOLDER,)
    one_at_six = numbers(p=6, primary=40_000_000, h_1_E=1, c_E=1)

    def short(view: View) -> z3.ArithRef:
        promised: z3.ArithRef = view.inputs["h_1_E"] * floor
        return promised - view.inputs["p"] * view.outcome["common"]

    return (
        checked(
            theorem(
                "offering.e_is_worth_its_floor",
                "TH-CV-02",
                "The whole shares of Common that an offering gives a holder of E are worth, at its price, $8.30 for"
                " each share of E, but for rounding: they are short by half the price of a share or less.",
                "3(b)(ii), 3(h)",
            ),
            lambda v: 2 * short(v) <= v.inputs["p"],
            at_least_one("E"),
            labels=alone,
            neighbours=(Neighbour("by a third of the price", claim=lambda v: 3 * short(v) <= v.inputs["p"]),),
        ),
        checked(
            theorem(
                "offering.e_is_worth_its_floor_to_a_holder",
                "TH-CV-02",
                "The whole shares of Common that an offering gives a holder of E are worth $8.30 or more for each"
                " share.",
                "3(b)(ii), 3(h)",
                expected=REFUTED,
            ),
            lambda v: short(v) <= 0,
            at_least_one("E"),
            labels=alone,
            suggestions=(one_at_six,),
            shows="At $6 one share of E converts into 1.3833 shares of Common, rounded to one, which is worth $6.",
        ),
        checked(
            theorem(
                "offering.no_less_than_optional_to_a_holder",
                "TH-CV-01",
                "An offering gives a holder of E no fewer whole shares of Common than the holder's option, at any"
                " price.",
                "3(a), 3(b), 3(h)",
            ),
            lambda v: v.outcome["common"] >= v.outcome["optional"],
            labels=alone,
            neighbours=(Neighbour("it gives more", claim=lambda v: v.outcome["common"] > v.outcome["optional"]),),
        ),
        checked(
            theorem(
                "offering.fewer_at_a_higher_price_to_a_holder",
                "TH-CV-05",
                "A higher offering price never gives a holder of one share of E more whole shares of Common.",
                "3(b), 3(h)",
            ),
            lambda v: v.outcome["common_higher"] <= v.outcome["common"],
            labels=(OF_ONE_SHARE,),
            neighbours=(Neighbour("it gives fewer", claim=lambda v: v.outcome["common_higher"] < v.outcome["common"]),),
        ),
        checked(
            theorem(
                "offering.worth_more_at_a_higher_price_to_a_holder",
                "TH-CV-06",
                "At a higher offering price the whole shares that a holder of one share of E gets are never worth"
                " less.",
                "3(b), 3(h)",
                expected=REFUTED,
            ),
            lambda v: v.inputs["p_higher"] * v.outcome["common_higher"] >= v.inputs["p"] * v.outcome["common"],
            labels=(OF_ONE_SHARE,),
            suggestions=(numbers(p="5.5", p_higher=6, primary=40_000_000),),
            shows="At $5.50 a share of E gets two shares, worth $11, as 1.509 is rounded up; at $6 one, worth $6.",
        ),
    )


def size_study(charter: Charter) -> Study:
    """Return the theorems about the size of an offering, and about what is lost below the minimum."""
    options = tuple(product(IpoSize, (False, True)))
    subjects = (*(_sized(charter, *own) for own in options), _two_sizes(charter))
    checks = [_size_agrees(charter, *own) for own in options]
    return Study("size of an offering", subjects, (*checks, *_jumps()), weight=2)


def _sized(charter: Charter, size: IpoSize, counts: bool) -> Subject:
    readings = Readings(ipo_size=size)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for number, (underwriting, form) in enumerate(KINDS):
            own = Offering(
                values["p"],
                values["primary"],
                underwriting,
                form,
                secondary=values["secondary"],
                over_allotment=values["extra"],
                over_allotment_counts=counts,
                discount=values["discount"],
            )
            tested = offering.qualification(charter, readings, own)
            failed = {failure.code for failure in tested.failures}
            found |= {
                f"size_{number}": tested.size,
                f"qualifies_{number}": tested.qualifies,
                f"sells_{number}": "no_sale" not in failed,
                f"large_enough_{number}": "too_small" not in failed,
                f"firm_{number}": "underwriting" not in failed,
                f"on_form_{number}": "form" not in failed,
            }
        return found

    unknowns = tuple(Unknown(name) for name in ("p", "primary", "secondary", "extra", "discount"))
    seed = numbers(p=8, primary=5_000_000, secondary=0, extra=0, discount=0)
    return Subject(size_label(size, counts), function, unknowns, (), (seed,), chosen(readings))


def _size_agrees(charter: Charter, size: IpoSize, counts: bool) -> PathCheck:
    """Claim what an offering's size and conditions are, and that it is refused exactly if its figures make no sense."""
    readings = Readings(ipo_size=size)
    label = size_label(size, counts)
    account = Account(named=True)
    closed.qualification(Case(charter, readings), account)
    allowed = closed.lawful(closed.Known())

    def claim(view: View) -> list[z3.BoolRef]:
        # The closed form takes it for granted that the price is above zero.
        sound = z3.And(view.inputs["p"] > 0, view.form(allowed))
        if "raised" in view.structure:
            return [z3.Not(sound)]
        claims = [sound]
        for number, (underwriting, form) in enumerate(KINDS):
            facts = {
                "underwritten": literal(int(underwriting == FIRM)),
                "registered": literal(int(form == FORM)),
                "extra_counts": literal(int(counts)),
            }
            own = view.at(facts)
            found = terms_of(own, account.definitions)
            claims += [view.outcome[f"{n}_{number}"] == t for n, t in found.items() if f"{n}_{number}" in view.outcome]
            answers = {n: view.structure.get(f"{n}_{number}") for n in found}
            claims += [found[n] == z3.BoolVal(answer) for n, answer in answers.items() if answer is not None]
        return [z3.And(*claims)]

    stated = theorem(
        f"offering.size_equivalence_{size.value}_{'with' if counts else 'without'}_over_allotments",
        "",
        f"{sentence(label)}: its size and every condition are those of the closed form, and it is refused exactly"
        " if its figures make no sense.",
        "3(b), 3(b)(i)",
        readings=chosen(readings),
    )
    return PathCheck(stated, claim, labels=(label,), covers_all=True, judges_raising=True)


def _two_sizes(charter: Charter) -> Subject:
    """Return the Common for one share of E after two offerings at one price, the second of more shares."""
    at = Position(charter, {"E": 1}, holdings=(Holding("ann", "E", 1),))

    def after(price: Any, count: Any) -> tuple[Any, Any]:
        own = Offering(price, count, FIRM, FORM)
        done = offering.convert_by_offering(at, DEFAULTS, own, adjusted_prices={})
        optional = conversion.convert(at, DEFAULTS, "ann", {"E": 1})
        return done.qualification.size, (done.conversions or (optional,))[0].exact

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        size, smaller = after(values["p"], values["primary"])
        size_larger, larger = after(values["p"], values["primary"] + values["more"])
        return {"size": size, "size_larger": size_larger, "smaller": smaller, "larger": larger}

    seeds = tuple(numbers(p=4, primary=n, more=1) for n in (1, 9_999_999, 10_000_000))
    return subject_of(TWO_SIZES, function, (PRICE, SOLD, Unknown("more")), seeds)


def _jumps() -> tuple[PathCheck, ...]:
    barely = numbers(p=4, primary=9_999_999, more=1)
    crossing = (
        Hypothesis("the first size is below the minimum", lambda v: v.outcome["size"] < LEAST_SIZE),
        Hypothesis("the second is not", lambda v: v.outcome["size_larger"] >= LEAST_SIZE),
    )

    def change(view: View) -> z3.ArithRef:
        return view.outcome["larger"] - view.outcome["smaller"]

    return (
        checked(
            theorem(
                "offering.nearly_equal_sizes",
                "TH-CV-15",
                "One share more in an offering changes the unrounded Common for a share of E by less than one share.",
                "3(b), 3(b)(ii)",
                expected=REFUTED,
            ),
            lambda v: change(v) < 1,
            Hypothesis("one share more is sold", lambda v: v.inputs["more"] == 1),
            labels=(TWO_SIZES,),
            suggestions=(barely,),
            shows="At $4 the ten millionth share makes the offering one of $40,000,000: 2.075 shares instead of one.",
        ),
        checked(
            theorem(
                "offering.jump_at_the_minimum",
                "TH-CV-15",
                "Across the minimum of $40,000,000 the unrounded Common for a share of E jumps from one share to what"
                " $8.30 buys, however close the two sizes are.",
                "3(b), 3(b)(ii)",
            ),
            lambda v: v.inputs["p"] * change(v) == literal(E_FLOOR) - v.inputs["p"],
            *crossing,
            Hypothesis("the price is below the floor", lambda v: v.inputs["p"] < literal(E_FLOOR)),
            labels=(TWO_SIZES,),
            neighbours=(Neighbour("at any price", hypotheses=crossing),),
        ),
    )


# Whether an offering adjusts conversion prices before it converts


def order_label(name: str) -> str:
    """Name the subject that is one share of a series in an offering that may adjust its price first."""
    return f"one share of {name} in an offering that adjusts before or after it converts"


FULL = "every authorised share of Preferred, in an offering that adjusts before or after it converts"
ORDERS = {"first": IpoOrder.CONVERT_FIRST, "adjusted": IpoOrder.ADJUST_FIRST}


def order_study(charter: Charter) -> Study:
    """Return the theorems about the order in which an offering adjusts and converts.

    An adjusted price is the weighted average itself, of which nothing is rounded or held back.
    """
    subjects = (*(_ordered(charter, name) for name in FLOORED), _full(charter))
    return Study("order of adjustment and conversion", subjects, _orders(charter), weight=4)


def _both_orders(
    at: Position, sold: Offering, names: tuple[str, ...], prices: Mapping[str, Any], base: Any
) -> dict[str, OfferingOutcome]:
    """Convert by an offering in both orders, at the exact weighted averages over a base."""
    raised = sold.primary * sold.price
    later = {
        name: averaged(SeriesPrice(prices[name], prices[name]), base, sold.primary, raised, DEFAULTS)
        for name in names
        if sold.price < prices[name]
    }
    return {
        mark: offering.convert_by_offering(at, Readings(ipo_order=order), sold, adjusted_prices=later)
        for mark, order in ORDERS.items()
    }


def _ratios(found: Mapping[str, OfferingOutcome], names: tuple[str, ...]) -> dict[str, Any]:
    return {f"{own.name}_{mark}": own.ratio for mark, done in found.items() for own in done.series if own.name in names}


def enough_sold() -> z3.BoolRef:
    """Assume that an offering has the least size that converts."""
    found: z3.BoolRef = SOLD.term * PRICE.term >= LEAST_SIZE
    return found


def _ordered(charter: Charter, name: str) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values)
        sold = Offering(values["p"], values["primary"], FIRM, FORM)
        prices = {name: values[f"c_{name}"]}
        return _ratios(_both_orders(at, sold, (name,), prices, values["base"]), (name,))

    unknowns = (PRICE, SOLD, BASE, ratio(charter, name))
    seeds = tuple(
        numbers(**{"p": p, "primary": 40_000_000, "base": 10, f"c_{name}": c}) for p in (2, 9, 20) for c in ("1", "1/3")
    )
    return subject_of(order_label(name), function, unknowns, seeds, more=(enough_sold(),))


def _full(charter: Charter) -> Subject:
    counts = {series.name: series.authorized.value for series in charter.series}
    names = tuple(counts)
    prices = {series.name: series.original_issue_price.value for series in charter.series}
    holdings = tuple(Holding("all", name, count) for name, count in counts.items())

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = Position(charter, {**counts, COMMON: values["C"]}, holdings=holdings)
        sold = Offering(values["p"], values["primary"], FIRM, FORM)
        found = _both_orders(at, sold, names, prices, values["C"] + sum(counts.values()))
        return {**_ratios(found, names), "short": found["first"].is_short}

    seeds = tuple(numbers(p=p, primary=40_000_000 // p + 1, C=0) for p in (1, 2, 3, 4, 6, 10, 20))
    return subject_of(FULL, function, (PRICE, SOLD, COMMON_SHARES), seeds, more=(enough_sold(),))


def _orders(charter: Charter) -> tuple[PathCheck, ...]:
    checks = []
    for name, floor in (("E", E_FLOOR), ("F", F_FLOOR)):
        same = _same((name,))
        dear = numbers(p=str(floor + 1), primary=40_000_000, base=10, **{f"c_{name}": "1/3"})
        checks += [
            checked(
                theorem(
                    f"offering.order_beats_no_floor_{name}",
                    "TH-CV-12",
                    f"Where the floor of {name} applies, averaging its price first changes nothing for it.",
                    "3(b), 3(d)(i)(A)",
                ),
                same,
                Hypothesis(f"the offering's price is below the floor of {name}", _below(floor)),
                labels=(order_label(name),),
                neighbours=(Neighbour("at any price", hypotheses=(), suggestions=(dear,)),),
            ),
            checked(
                theorem(
                    f"offering.order_is_immaterial_{name}",
                    "TH-CV-12",
                    f"At a conversion price not above its initial one, averaging it first changes nothing for {name}.",
                    "3(b), 3(d)(i)(A)",
                ),
                same,
                at_least_one(name),
                labels=(order_label(name),),
                neighbours=(Neighbour("at any conversion price", hypotheses=(), suggestions=(dear,)),),
            ),
        ]
    performed = Hypothesis("the authorised Common suffices", lambda v: z3.BoolVal(not v.structure["short"]))
    checks.append(
        checked(
            theorem(
                "offering.order_is_immaterial_at_full_issuance",
                "TH-CV-13",
                "With every authorised share of Preferred outstanding at its initial conversion price, an offering that"
                " can be performed converts every series into the same Common in either order.",
                "3(b), 3(d)(i)(A), IV.A",
            ),
            _same(tuple(series.name for series in charter.series)),
            performed,
            labels=(FULL,),
            neighbours=(
                Neighbour(
                    "also one that cannot be performed",
                    hypotheses=(),
                    suggestions=(numbers(p=2, primary=20_000_000, C=0),),
                ),
            ),
        )
    )
    return tuple(checks)


def _below(price: Fraction) -> Claim:
    return lambda v: v.inputs["p"] < literal(price)


def _same(names: tuple[str, ...]) -> Claim:
    return lambda v: [v.outcome[f"{name}_first"] == v.outcome[f"{name}_adjusted"] for name in names]


# Everything that an offering converts


PRICING, CLOSING = date(1999, 10, 1), date(1999, 10, 6)
CONSENTS = (date(1999, 9, 30), *(date(1999, 10, day) for day in (1, 3, 6, 7)))
"""Days of a consent: before the pricing, on it, between it and the closing, on that, and after."""

CONSENTED = "one share of E, whose consent names the day before an offering"
HELD = ("A", "E", "F")
"""The series of which one holder has shares."""

ISSUED = Fraction(10_000_000)
"""The shares that the corporation sells in the offerings of these subjects."""

DAYS = "a consent of E on every day about an offering"


KNOWN_DAYS = {"priced": (True, False), "closed": (False, True), "undated": (False, False)}
"""Which of its days is known of an offering, where not both are: the pricing, the closing."""

OF_E = ("effective", "due", "by_offering_E", "OIP_E", "at_price_E", "floor_E", "trigger_E", "ratio_E")
"""What the closed form says about the day of the conversion and about E."""


def outcome_label(order: IpoOrder, consent: bool) -> str:
    """Name the subject that is one holder's shares in an offering."""
    return f"one holder in an offering, {order.value}{', after a consent of E' if consent else ''}"


def days_label(tie: ConsentTie, effective: IpoEffective) -> str:
    """Name the subject that is a consent about the time of an offering."""
    return f"{DAYS}, {tie.value} and {effective.value}"


def outcome_study(charter: Charter) -> Study:
    """Return the theorems about everything that an offering converts."""
    options = tuple(product(IpoOrder, (False, True)))
    timings = tuple(product(ConsentTie, IpoEffective))
    subjects = (
        *(_outcome(charter, *own) for own in options),
        *(_timed(charter, *own) for own in timings),
        _consented(charter),
    )
    checks = [_outcome_agrees(charter, *own) for own in options]
    checks += [_days_agree(charter, *own) for own in timings]
    checks.append(totality("offering.outcome_totality", "What an offering converts", (), "3(b), 3(c)"))
    return Study("outcome of an offering", subjects, (*checks, _stripped()), weight=4)


def _consent_days(consent: bool) -> dict[str, date]:
    return {"E": min(CONSENTS)} if consent else {}


def _outcome(charter: Charter, order: IpoOrder, consent: bool) -> Subject:
    # The holder's whole event is rounded: what of it each series gets is not among the outputs.
    readings = Readings(ipo_order=order, round_unit=RoundUnit.HOLDER_EVENT)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        counts = {name: values[f"h_1_{name}"] for name in HELD}
        at = Position(
            charter,
            {**counts, COMMON: values["C"]},
            conversion_prices={"E": values["c_E"]},
            declared_dividends={name: values[f"d_{name}"] for name in ("A", "F")},
            holdings=tuple(Holding("1", name, count) for name, count in counts.items()),
        )
        sold = Offering(values["p"], ISSUED, FIRM, FORM, pricing=PRICING, closing=CLOSING)
        done = offering.convert_by_offering(at, readings, sold, _consent_days(consent), {"E": values["ACP_E"]})
        return _named(done)

    unknowns = (PRICE, COMMON_SHARES, *(Unknown(f"h_1_{name}") for name in HELD))
    unknowns += (ratio(charter, "E"), Unknown("ACP_E"), Unknown("d_A"), Unknown("d_F"))
    zero = {u.name: 0 for u in unknowns} | {"c_E": 1, "ACP_E": 4}
    held = {"h_1_A": 3, "h_1_E": 2, "h_1_F": 1}
    seeds = (zero | held | {"p": 5}, zero | held | {"p": 20}, zero | {"p": 10, "C": 39_000_000}, zero | {"p": 1})
    return subject_of(outcome_label(order, consent), function, unknowns, tuple(numbers(**s) for s in seeds), readings)


def _named(done: OfferingOutcome) -> dict[str, Any]:
    """Name the outputs of an offering as the closed form does; without a conversion there are no ratios or days."""
    common, cash = done.common_by_holder, done.cash_by_holder
    found: dict[str, Any] = {
        "size": done.qualification.size,
        "qualifies": done.qualification.qualifies,
        "common_1": common.get("1", 0),
        "together": sum(own.common for own in done.conversions),
        "alone": sum(own.common for own in done.consented),
        "cash_1": cash.get("1", 0),
        "cash_total": done.cash_total,
        "common_needed": done.common_needed,
        "shortfall": done.shortfall,
        "is_short": done.is_short,
    }
    if done.effective is not None and done.due is not None:
        found |= {"effective": done.effective.toordinal(), "due": done.due.toordinal()}
    for own in done.series:
        found |= {
            f"by_offering_{own.name}": own.ground == "offering",
            f"at_price_{own.name}": own.at_price,
            f"ratio_{own.name}": own.ratio,
            f"binds_{own.name}": own.binds,
        }
        if own.trigger is not None:
            found[f"trigger_{own.name}"] = own.trigger
    for each in (*done.conversions, *done.consented):
        found |= {f"dividends_1_{name}": amount for name, amount in each.dividends.items()}
        found |= {f"cash_1_{name}": amount for name, amount in each.cash.items()}
    return found


def _facts(charter: Charter, consent: date) -> dict[str, z3.ArithRef]:
    """Return what is not an unknown of a subject but a symbol of the closed form."""
    names = [series.name for series in charter.series]
    given: dict[str, Any] = {f"h_1_{name}": 0 for name in names if name not in HELD}
    given |= {f"d_{name}": 0 for name in names if name not in ("A", "F")}
    given |= dict.fromkeys(("secondary", "extra", "extra_counts", "discount"), 0)
    given |= {"primary": ISSUED, "underwritten": 1, "registered": 1, "consent_E": consent.toordinal()}
    given |= {"priced": PRICING.toordinal(), "closed": CLOSING.toordinal(), "last_day": date.max.toordinal()}
    return {name: literal(Fraction(value)) for name, value in given.items()}


def _account(charter: Charter, readings: Readings, consent: bool, prices: frozenset[str]) -> Account:
    account = Account(named=True)
    consents = frozenset(["E"] if consent else [])
    known = closed.Known(consents, frozenset("E"), priced=True, closed=True)
    closed.outcome(Case(charter, readings, prices=prices), account, known, 1)
    return account


def _outcome_agrees(charter: Charter, order: IpoOrder, consent: bool) -> PathCheck:
    readings, label = Readings(ipo_order=order, round_unit=RoundUnit.HOLDER_EVENT), outcome_label(order, consent)
    account = _account(charter, readings, consent, frozenset("E"))
    facts = _facts(charter, min(CONSENTS))

    def claim(view: View) -> list[z3.BoolRef]:
        out, here = view.outcome, view.at(facts)
        # Later steps take the engine's own whole numbers, which are described apart.
        found = terms_of(here, account.definitions, {"common_1": out["common_1"], "alone_1_E": out["alone"]})
        claims = nearest_claim(view, out["together"], found["to_round_1"], readings.half)
        if consent:
            claims += nearest_claim(view, out["alone"], found["to_round_1_E_alone"], readings.half)
        claims.append(out["common_1"] == out["together"] + out["alone"])
        # One question for all of them: there are many, and each is easy.
        agree = [term == found[name] for name, term in out.items() if name in found]
        agree += [found[name] == z3.BoolVal(bool(value)) for name, value in view.structure.items()]
        return [*claims, z3.And(*agree)]

    return agreement(
        f"offering.outcome_equivalence_{order.value}_{'after_consent' if consent else 'alone'}",
        sentence(label),
        (label,),
        claim,
        "3(b), 3(c), 3(h)",
        readings=chosen(readings),
    )


def _timed(charter: Charter, tie: ConsentTie, effective: IpoEffective) -> Subject:
    readings = Readings(consent_tie=tie, ipo_effective=effective)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = Position(charter, {})
        sold = Offering(values["p"], ISSUED, FIRM, FORM, pricing=PRICING, closing=CLOSING)
        found: dict[str, Any] = {}
        for day in CONSENTS:
            done = offering.convert_by_offering(at, readings, sold, {"E": day}, {})
            assert done.effective is not None
            assert done.due is not None
            own = next(each for each in done.series if each.name == "E")
            mark = day.isoformat()
            found |= {f"effective {mark}": done.effective.toordinal(), f"due {mark}": done.due.toordinal()}
            found |= {f"by_offering_E {mark}": own.ground == "offering", f"ratio_E {mark}": own.ratio}
        for mark, (pricing, closing) in KNOWN_DAYS.items():
            known = offering.effective_date(readings, PRICING if pricing else None, CLOSING if closing else None)
            found[f"effective {mark}"] = 0 if known is None else known.toordinal()
        return found

    enough = (PRICE.term * literal(ISSUED) >= LEAST_SIZE,)
    seeds = (numbers(p=5), numbers(p=20))
    return subject_of(days_label(tie, effective), function, (PRICE,), seeds, readings, more=enough)


def _days_agree(charter: Charter, tie: ConsentTie, effective: IpoEffective) -> PathCheck:
    readings, label = Readings(consent_tie=tie, ipo_effective=effective), days_label(tie, effective)
    account = _account(charter, readings, True, frozenset())
    steps = [own for own in account.definitions if own.name in OF_E]
    case = Case(charter, readings)

    def claim(view: View) -> list[z3.BoolRef]:
        claims = []
        for day in CONSENTS:
            facts = _facts(charter, day)
            # The offering's own shares adjust no price here.
            facts["ACP_E"] = literal(charter.series_named("E").original_issue_price.value)
            found = terms_of(view.at(facts), steps)
            mark = day.isoformat()
            claims += [view.outcome[f"{name} {mark}"] == found[name] for name in ("effective", "due", "ratio_E")]
            claims.append(found["by_offering_E"] == z3.BoolVal(view.structure[f"by_offering_E {mark}"]))
        for mark, (pricing, closing) in KNOWN_DAYS.items():
            form = closed.effective_day(case, closed.Known(priced=pricing, closed=closing))
            day = literal(0) if form is None else view.at(_facts(charter, PRICING)).form(form)
            claims.append(view.outcome[f"effective {mark}"] == day)
        return [z3.And(*claims)]

    return agreement(
        f"offering.days_equivalence_{tie.value}_{effective.value}",
        sentence(label),
        (label,),
        claim,
        "3(b), 3(c)",
        readings=chosen(readings),
    )


def _consented(charter: Charter) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values)
        sold = Offering(values["p"], values["primary"], FIRM, FORM, closing=CLOSING)
        with_consent = offering.convert_by_offering(at, DEFAULTS, sold, {"E": CLOSING - timedelta(days=1)}, {})
        without = offering.convert_by_offering(at, DEFAULTS, sold, adjusted_prices={})
        return {
            f"ratio_{mark}": own.ratio
            for mark, done in (("consented", with_consent), ("alone", without))
            for own in done.series
            if own.name == "E"
        }

    seeds = (numbers(p=4, primary=10_000_000, c_E=1), numbers(p=20, primary=10_000_000, c_E=1))
    unknowns = (PRICE, SOLD, ratio(charter, "E"))
    return subject_of(CONSENTED, function, unknowns, seeds, more=(enough_sold(),))


def _stripped() -> PathCheck:
    return checked(
        theorem(
            "offering.floor_is_guaranteed",
            "TH-CV-14",
            "Once there is an offering, every share of E gets Common worth $8.30 or more at its price.",
            "3(b)(ii)",
            expected=REFUTED,
        ),
        lambda v: v.inputs["p"] * v.outcome["ratio_consented"] >= literal(E_FLOOR),
        at_least_one("E"),
        labels=(CONSENTED,),
        suggestions=(numbers(p=4, primary=10_000_000, c_E=1),),
        shows="A consent of sixty per cent of E that names the day before takes the floor from every share: one share"
        " worth $4 instead of 2.075.",
    )
