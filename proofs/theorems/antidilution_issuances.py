"""Theorems about several issuances, several series, and what the average counts as outstanding: 3(d)(i)(A)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import z3

from proofs.checks import Neighbour, PathCheck
from proofs.statements import REFUTED, checked, numbers, theorem, whole
from proofs.study import Study
from proofs.subjects import DEFAULTS
from proofs.theorems.antidilution_states import CENT, LAST, LATER, START, E, at, exact, given, reals, subject_of
from proofs.views import Subject, View
from reference.antidilution import Outstanding, averaging_base, issue
from reference.charter import Charter
from reference.conversion import common_issued, current_ratios
from reference.conversion_price import averaged
from reference.offering import offering_ratio
from reference.position import Position

AVERAGE = "3(d)(i)(A)"
P, H, N, SHARES, EACH, MORE, J, D = reals("P h N n c more J d")
PRICE = (P > 0, H >= 0, H < CENT, P > H)
ISSUE = (N >= 0, SHARES > 0, EACH >= 0)
SOME = given("some shares are outstanding before", N > 0)
EF = ("E", "F")


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of issuances."""
    return (compared_study(charter), divided_study(charter), series_study(charter), base_study(charter))


def issued(charter: Charter, price: Any, held: Any, common: Any, shares: Any, each: Any, **preferred: Any) -> Any:
    """Return the state after one issuance for E, from a price in effect of which some amount is carried."""
    state = at(charter, {"E": price}, {"E": held})
    return issue(state, LATER, shares, each * shares, E, Outstanding(common, preferred))


# One issuance, and the same with something changed

HIGHER = "two issue prices"
LARGER = "two sizes of an issuance"
WIDER = "two numbers of shares outstanding"
DEARER = "two prices in effect"
DEARER_OWN = "two prices in effect, with the series itself outstanding"


def compared_study(charter: Charter) -> Study:
    """Return the theorems that compare two issuances that differ in one respect."""
    subjects = (_higher(charter), _larger(charter), _wider(charter), _dearer(charter), _dearer_own(charter))
    return Study("two issuances compared", subjects, _compared(), weight=6)


def _pair(first: Any, second: Any) -> dict[str, Any]:
    return {
        "exact": exact(first),
        "exact_more": exact(second),
        "official": first.official["E"],
        "official_more": second.official["E"],
    }


SEED = numbers(P=4, h=0, N=10, n=1, c=1, more=1)
SMALL = numbers(P=4, h="1/200", N=100_000, n=1, c=1, more=1)


def _higher(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        rest = (v["P"], v["h"], v["N"], v["n"])
        return _pair(issued(charter, *rest, v["c"]), issued(charter, *rest, v["c"] + v["more"]))

    return subject_of(HIGHER, function, "P h N n c more", (*PRICE, *ISSUE, MORE >= 0), SEED, SMALL)


def _larger(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        first = issued(charter, v["P"], v["h"], v["N"], v["n"], v["c"])
        return _pair(first, issued(charter, v["P"], v["h"], v["N"], v["n"] + v["more"], v["c"]))

    return subject_of(LARGER, function, "P h N n c more", (*PRICE, *ISSUE, MORE >= 0), SEED, SMALL)


def _wider(charter: Charter) -> Subject:
    """Return an issuance without and with shares that were issued before and counted for nothing (3(d)(ii))."""

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        first = issued(charter, v["P"], v["h"], v["N"], v["n"], v["c"])
        state = at(charter, {"E": v["P"]}, {"E": v["h"]})
        excluded = issue(state, START, v["more"], Fraction(0), (), Outstanding(v["N"]))
        base = Outstanding(v["N"] + v["more"])
        second = issue(excluded, LATER, v["n"], v["c"] * v["n"], E, base)
        between = {"exact_excluded": exact(excluded), "official_excluded": excluded.official["E"]}
        return _pair(first, second) | between

    return subject_of(WIDER, function, "P h N n c more", (*PRICE, *ISSUE, MORE > 0), SEED, SMALL)


def _dearer(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        rest = (v["N"], v["n"], v["c"])
        return _pair(issued(charter, v["P"], 0, *rest), issued(charter, v["P"] + v["more"], 0, *rest))

    hypotheses = (P > 0, *ISSUE, MORE >= 0)
    return subject_of(DEARER, function, "P N n c more", hypotheses, numbers(P=4, N=10, n=1, c=1, more=1))


def _dearer_own(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        rest = (v["N"], v["n"], v["c"])
        first = issued(charter, v["P"], 0, *rest, E=v["J"])
        return _pair(first, issued(charter, v["P"] + v["more"], 0, *rest, E=v["J"]))

    hypotheses = (P > 0, *ISSUE, MORE >= 0, J >= 0)
    return subject_of(DEARER_OWN, function, "P N J n c more", hypotheses, numbers(P=4, N=10, J=5, n=1, c=1, more=1))


def _no_lower(v: View) -> z3.BoolRef:
    return v.outcome["exact"] <= v.outcome["exact_more"]


def _no_higher(v: View) -> z3.BoolRef:
    return v.outcome["exact"] >= v.outcome["exact_more"]


def _both_no_lower(v: View) -> list[z3.BoolRef]:
    return [_no_lower(v), v.outcome["official"] <= v.outcome["official_more"]]


def _both_no_higher(v: View) -> list[z3.BoolRef]:
    return [_no_higher(v), v.outcome["official"] >= v.outcome["official_more"]]


def _strictly(v: View) -> z3.BoolRef:
    return v.outcome["exact"] < v.outcome["exact_more"]


def _strictly_higher(v: View) -> z3.BoolRef:
    return v.outcome["exact"] > v.outcome["exact_more"]


def _compared() -> tuple[PathCheck, ...]:
    always = Neighbour("it always makes a difference", claim=_strictly)
    always_lower = Neighbour("it always makes a difference", claim=_strictly_higher)
    any_price = given("some shares are outstanding before, besides the series itself", N > 0)
    return (
        checked(
            theorem(
                "antidilution.rises_with_issue_price",
                "TH-AD-03",
                "The higher the issue price, the higher the prices afterwards: never lower.",
                AVERAGE,
            ),
            _both_no_lower,
            SOME,
            labels=(HIGHER,),
            neighbours=(always,),
        ),
        checked(
            theorem(
                "antidilution.falls_with_size",
                "TH-AD-04",
                "The more shares are issued at a price, the lower the prices afterwards: never higher.",
                AVERAGE,
            ),
            _both_no_higher,
            SOME,
            labels=(LARGER,),
            neighbours=(always_lower,),
        ),
        checked(
            theorem(
                "antidilution.rises_with_base",
                "TH-AD-04, TH-AD-15",
                "An excluded issue leaves the prices alone, and those after the next issuance are never lower for it.",
                "3(d)(i)(A), 3(d)(ii)",
            ),
            lambda v: [
                *_both_no_lower(v),
                v.outcome["official_excluded"] == v.inputs["P"],
                v.outcome["exact_excluded"] == v.inputs["P"] - v.inputs["h"],
            ],
            SOME,
            labels=(WIDER,),
            neighbours=(always,),
        ),
        checked(
            theorem(
                "antidilution.rises_with_price",
                "TH-AD-05",
                "The higher the exact price before an issuance, the higher the one after it.",
                AVERAGE,
            ),
            _no_lower,
            SOME,
            labels=(DEARER,),
            neighbours=(
                Neighbour(
                    "so is the price in effect",
                    claim=lambda v: v.outcome["official"] <= v.outcome["official_more"],
                    suggestions=(numbers(P="4.15", N=996_828, n=3_172, c=1, more="1/200"),),
                ),
            ),
        ),
        checked(
            theorem(
                "antidilution.rises_with_price_of_own_series",
                "TH-AD-05",
                "That holds as well where the series itself is counted as converted, and so for more at a lower price.",
                AVERAGE,
            ),
            _no_lower,
            any_price,
            labels=(DEARER_OWN,),
            neighbours=(always,),
        ),
    )


# An issuance in two halves, and two issuances in either order

HALVES = "one issuance at once and in two halves"
HALVES_CONVERTED = "the same with the series itself outstanding"
FULL = "2,000,000 shares at $2, at once and in two halves, with all Preferred outstanding"
ORDERS = "two issuances in either order, each below the price that the other leaves"
ANY_ORDER = "two issuances in either order"
MILLION = 1_000_000


def divided_study(charter: Charter) -> Study:
    """Return the theorems about an issuance in two halves, and about two issuances in either order."""
    subjects = (
        _halves(charter),
        _halves_converted(charter),
        _full(charter),
        _orders(charter, ORDERS),
        _orders(charter, ANY_ORDER),
    )
    return Study("two issuances", subjects, _divided(charter), weight=8)


def _at_once_and_halved(state: Any, v: Mapping[str, Any], series: tuple[str, ...], **preferred: Any) -> dict[str, Any]:
    half = v["n"] * v["c"]
    base = Outstanding(v["N"], preferred)
    after = Outstanding(v["N"] + v["n"], preferred)
    whole_one = issue(state, LATER, 2 * v["n"], 2 * half, series, base)
    first = issue(state, LATER, v["n"], half, series, base)
    second = issue(first, LAST, v["n"], half, series, after)
    return {"exact": exact(whole_one), "exact_more": exact(second), "exact_between": exact(first)}


def _halves(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        return _at_once_and_halved(at(charter, {"E": v["P"]}, {"E": v["h"]}), v, E)

    return subject_of(HALVES, function, "P h N n c", (*PRICE, *ISSUE), numbers(P=4, h=0, N=10, n=1, c=1))


def _halves_converted(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        return _at_once_and_halved(at(charter, {"E": v["P"]}), v, E, E=v["J"])

    hypotheses = (P > 0, *ISSUE, J >= 0)
    return subject_of(HALVES_CONVERTED, function, "P N J n c", hypotheses, numbers(P=4, N=10, J=5, n=1, c=1))


def _full(charter: Charter) -> Subject:
    names = tuple(series.name for series in charter.series)
    preferred = {name: charter.series_named(name).authorized.value for name in names}

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        own = {"N": v["C"], "n": MILLION, "c": Fraction(2)}
        return _at_once_and_halved(at(charter, {}), own, names, **preferred)

    common = z3.Real("C")
    hypotheses = (common >= 9 * MILLION, common <= 11 * MILLION)
    return subject_of(FULL, function, "C", hypotheses, numbers(C=10 * MILLION))


N1, N2, C1, C2 = reals("n1 n2 c1 c2")


def _orders(charter: Charter, label: str) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for name, first, second in (("exact", 1, 2), ("exact_more", 2, 1)):
            state = issued(charter, v["P"], 0, v["N"], v[f"n{first}"], v[f"c{first}"])
            found[f"between_{name}"] = exact(state)
            shares = v[f"n{second}"]
            base = Outstanding(v["N"] + v[f"n{first}"])
            found[name] = exact(issue(state, LAST, shares, shares * v[f"c{second}"], E, base))
        return found

    mutual = (C2 * (N + N1) < P * N + C1 * N1, C1 * (N + N2) < P * N + C2 * N2, C1 < P, C2 < P)
    hypotheses = (P > 0, N > 0, N1 > 0, N2 > 0, C1 >= 0, C2 >= 0, *(mutual if label == ORDERS else ()))
    return subject_of(label, function, "P N n1 n2 c1 c2", hypotheses, numbers(P=4, N=10, n1=1, n2=2, c1=1, c2=2))


def _divided(charter: Charter) -> tuple[PathCheck, ...]:
    same = "antidilution.halves"
    equal = lambda v: v.outcome["exact"] == v.outcome["exact_more"]  # noqa: E731 (a claim like the others)
    other_prices = Neighbour("the second is not below the price that the first leaves", labels=(ANY_ORDER,))
    return (
        checked(
            theorem(
                same,
                "TH-AD-06",
                "Two halves at one price come to the same as the whole, if only they add to the shares outstanding.",
                AVERAGE,
            ),
            equal,
            SOME,
            labels=(HALVES,),
            neighbours=(Neighbour("with the series itself outstanding, too", labels=(HALVES_CONVERTED,)),),
        ),
        checked(
            theorem(
                f"{same}_with_the_series_outstanding",
                "TH-AD-07",
                "Where the series itself is counted as converted, two halves never lower its price by more.",
                AVERAGE,
            ),
            _no_lower,
            SOME,
            labels=(HALVES_CONVERTED,),
            neighbours=(Neighbour("they always lower it by less", claim=_strictly),),
        ),
        checked(
            theorem(
                f"{same}_in_general",
                "TH-AD-08",
                "Dividing an issuance leaves the same price.",
                AVERAGE,
                expected=REFUTED,
                constants="2,000,000 shares at $2 with all authorised Preferred outstanding",
            ),
            equal,
            labels=(FULL,),
            suggestions=(numbers(C=10 * MILLION),),
            shows="The price of E is 4.011536 if all are sold at once, and 4.011761 if they are sold in two halves.",
        ),
        checked(
            theorem(
                "antidilution.order",
                "TH-AD-09",
                "Two issuances, each below the price that the other leaves, may come in either order.",
                AVERAGE,
                hypotheses=(),
            ),
            equal,
            given("each is below the price, and below what the other makes of it", *(C1 < P, C2 < P)),
            labels=(ORDERS,),
            neighbours=(other_prices,),
        ),
        checked(
            theorem(
                "antidilution.order_in_general",
                "TH-AD-10",
                "Two issuances may come in either order.",
                AVERAGE,
                expected=REFUTED,
            ),
            equal,
            labels=(ANY_ORDER,),
            suggestions=(numbers(P=1, N=1, n1=1, n2=1, c1=2, c2=0),),
            shows="A share at $2 is not below $1 and only widens the base if first; later it is above the price again.",
        ),
    )


# Several series

TWO = "two prices in effect and one issuance"
SEQUENCE = "one issuance for E and F, at once and one after the other"
OTHER = "E after an issuance at two prices of F"


def series_study(charter: Charter) -> Study:
    """Return the theorems about what one issuance makes of several series."""
    return Study("several series", (_two(charter), _sequence(charter), _other(charter)), _series(charter), weight=8)


Q, G, F_PRICE, LOW = reals("q g f low")


def _two(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        state = at(charter, {"E": v["P"], "F": v["q"]}, {"E": v["h"], "F": v["g"]})
        state = issue(state, LATER, v["n"], v["c"] * v["n"], EF, Outstanding(v["N"]))
        return {
            "exact_E": exact(state),
            "exact_F": exact(state, "F"),
            "official_E": state.official["E"],
            "official_F": state.official["F"],
        }

    hypotheses = (*PRICE, Q > 0, G >= 0, G < CENT, Q > G, *ISSUE)
    seeds = (numbers(P=4, h=0, q=8, g=0, N=10, n=1, c=1), numbers(P=4, h="1/200", q=8, g=0, N=100_000, n=1, c=1))
    return subject_of(TWO, function, "P h q g N n c", hypotheses, *seeds)


def _sequence(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        state = at(charter, {"E": v["P"], "F": v["q"]})
        base = Outstanding(v["N"], {"E": v["J"], "F": 1})
        own = (LATER, v["n"], v["c"] * v["n"])
        first = issue(state, *own, E, base)
        return {
            name: averaged(state.prices["F"], averaging_base(before, base), *own[1:], DEFAULTS)
            for name, before in {"exact": state, "exact_more": first}.items()
        }

    hypotheses = (P > 0, Q > 0, J >= 0, *ISSUE)
    return subject_of(SEQUENCE, function, "P q N J n c", hypotheses, numbers(P=4, q=8, N=10, J=5, n=1, c=1))


def _other(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        base = Outstanding(v["N"], {"E": 1, "F": v["J"]})
        found = {}
        for name, price in {"exact": v["q"] + v["more"], "exact_more": v["q"]}.items():
            state = at(charter, {"E": v["P"], "F": price}, {"E": v["h"]})
            own = (averaging_base(state, base), v["n"], v["c"] * v["n"])
            found[name] = averaged(state.prices["E"], *own, DEFAULTS)
        return found

    hypotheses = (*PRICE, Q > 0, J >= 0, MORE > 0, *ISSUE)
    return subject_of(OTHER, function, "P h q N J n c more", hypotheses, SEED | numbers(q=8, J=5))


def _series(charter: Charter) -> tuple[PathCheck, ...]:
    ordered = given("the exact price of E is no higher than that of F", P - H <= Q - G)
    drift = numbers(P="4.15", h=0, q="4.155", g=0, N=996_828, n=3_172, c=1)

    def ratios(v: View) -> z3.BoolRef:
        # A ratio is a constant over the price: E's grows by P/E', F's by Q/F'.
        return v.outcome["exact_E"] * (v.inputs["q"] - v.inputs["g"]) >= v.outcome["exact_F"] * (
            v.inputs["P"] - v.inputs["h"]
        )

    return (
        checked(
            theorem(
                "antidilution.order_of_prices",
                "TH-AD-11",
                "An issuance for two series keeps the order of their exact prices.",
                AVERAGE,
            ),
            lambda v: v.outcome["exact_E"] <= v.outcome["exact_F"],
            SOME,
            ordered,
            labels=(TWO,),
            neighbours=(
                Neighbour(
                    "and that of the prices in effect",
                    claim=lambda v: v.outcome["official_E"] <= v.outcome["official_F"],
                    suggestions=(drift,),
                ),
            ),
        ),
        checked(
            theorem(
                "antidilution.order_of_prices_in_effect",
                "TH-AD-12",
                "An issuance for two series that carry nothing keeps the order of their prices in effect.",
                "3(d)(i)(A), 3(d)(i)(B)",
                expected=REFUTED,
            ),
            lambda v: z3.Implies(v.inputs["P"] <= v.inputs["q"], v.outcome["official_E"] <= v.outcome["official_F"]),
            SOME,
            given("nothing is carried", H == 0, G == 0),
            labels=(TWO,),
            suggestions=(drift,),
            shows="The lower price would fall by less than a cent and stays; the higher one falls by a cent, below it.",
        ),
        checked(
            theorem(
                "antidilution.order_of_ratios",
                "TH-AD-13",
                "The conversion ratio of the series with the higher exact price grows by as much or more.",
                "3(a), 3(d)(i)(A)",
            ),
            ratios,
            SOME,
            ordered,
            labels=(TWO,),
            neighbours=(Neighbour("the prices may be in any order", hypotheses=(SOME,)),),
        ),
        checked(
            theorem(
                "antidilution.one_after_the_other",
                "TH-AD-18",
                "A series adjusted after another, over the as-converted shares by then, never ends lower for it.",
                AVERAGE,
            ),
            _no_lower,
            SOME,
            labels=(SEQUENCE,),
            neighbours=(Neighbour("they end higher", claim=_strictly),),
        ),
        checked(
            theorem(
                "antidilution.at_once_is_one_after_the_other",
                "TH-AD-17",
                "A series adjusted after another ends where it does if both are adjusted at once.",
                AVERAGE,
                expected=REFUTED,
            ),
            lambda v: v.outcome["exact"] == v.outcome["exact_more"],
            labels=(SEQUENCE,),
            suggestions=(numbers(P="4.15", q="8.25", N=20_000_000, J=3_000_000, n=5_000_000, c="1/2"),),
            shows="After its own adjustment E converts into more, so that F is averaged over more shares.",
        ),
        checked(
            theorem(
                "antidilution.a_lower_price_helps_others",
                "TH-AD-36",
                "A lower price of one series never lowers that of another at the next issuance for both.",
                AVERAGE,
            ),
            _no_lower,
            SOME,
            labels=(OTHER,),
            neighbours=(Neighbour("it makes it higher", claim=_strictly),),
        ),
        checked(
            theorem(
                "antidilution.a_higher_price_helps_nobody_else",
                "TH-AD-36b",
                "A higher price of one series never lowers that of another, to which its holders would object.",
                AVERAGE,
                expected=REFUTED,
            ),
            _no_higher,
            SOME,
            labels=(OTHER,),
            suggestions=(numbers(P=4, h=0, q=4, N=10, J=10, n=10, c=1, more=4),),
            shows="At the higher price F converts into fewer shares, and the issuance weighs more against them.",
        ),
    )


# What is counted as outstanding

CONVERTED = "the shares counted before and after some of E converts"


def base_study(charter: Charter) -> Study:
    """Return the theorems about the shares that the average counts when Preferred converts."""
    return Study("shares outstanding", (_converted(charter),), _base(charter), weight=4)


def _converted(charter: Charter) -> Subject:
    series = charter.series_named("E")

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        prices = {"E": v["P"]}
        state = at(charter, prices)
        position = Position(charter, {"E": v["J"]}, prices)
        own = {"E": v["given"]}
        ratios = current_ratios(position, DEFAULTS, E)
        left = {"E": v["J"] - v["given"]}
        floor = offering_ratio(position, DEFAULTS, series, v["offered"])
        delivered = {
            "exact": v["given"] * ratios["E"],
            "rounded": common_issued(own, ratios, DEFAULTS),
            "floored": v["given"] * floor,
        }
        found = {name: averaging_base(state, Outstanding(v["N"] + each, left)) for name, each in delivered.items()}
        return found | {"before": averaging_base(state, Outstanding(v["N"], {"E": v["J"]}))}

    converting, offered = reals("given offered")
    hypotheses = (P > 0, N >= 0, converting <= J, converting >= 0, *whole(converting), offered > 0)
    seeds = (numbers(P="4.15", N=10, J=5, given=1, offered=20), numbers(P=3, N=10, J=5, given=1, offered=1))
    return subject_of(CONVERTED, function, "P N J given offered", hypotheses, *seeds)


def _base(charter: Charter) -> tuple[PathCheck, ...]:
    third = numbers(P=3, N=10, J=5, given=1, offered=20)
    name = "antidilution.conversion_keeps_the_base"
    return (
        checked(
            theorem(
                name,
                "TH-AD-16",
                "Converting shares of E, unrounded, leaves the shares counted as outstanding as they were.",
                "3(a), 3(d)(i)(A)",
            ),
            lambda v: v.outcome["exact"] == v.outcome["before"],
            neighbours=(
                Neighbour(
                    "rounded to whole shares of Common (3(h))",
                    claim=lambda v: v.outcome["rounded"] == v.outcome["before"],
                    suggestions=(third,),
                ),
                Neighbour(
                    "at the floor of an offering (3(b)(iii))",
                    claim=lambda v: v.outcome["floored"] == v.outcome["before"],
                    suggestions=(numbers(P="4.15", N=10, J=5, given=1, offered=1),),
                ),
            ),
        ),
        checked(
            theorem(
                f"{name}_when_rounded",
                "TH-AD-16",
                "So does converting them into whole shares of Common.",
                "3(d)(i)(A), 3(h)",
                expected=REFUTED,
            ),
            lambda v: v.outcome["rounded"] == v.outcome["before"],
            suggestions=(third,),
            shows="One share of E at a ratio of 1.383 becomes one share of Common.",
        ),
        checked(
            theorem(
                f"{name}_by_an_offering",
                "TH-AD-16",
                "So does converting them by an offering, at whatever price.",
                "3(b)(iii), 3(d)(i)(A)",
                expected=REFUTED,
            ),
            lambda v: v.outcome["floored"] == v.outcome["before"],
            suggestions=(numbers(P="4.15", N=10, J=5, given=1, offered=1),),
            shows="At $1 the floor delivers more Common than a share of E was counted as.",
        ),
    )
