"""Theorems about steps of a history: what is carried, splits, stock dividends and the passing of time (3(d)).

Each step starts at any state that satisfies an invariant and shows that it holds afterwards; the theorems about
every history show it of the opening and rest on the steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import z3

from proofs.checks import Neighbour, PathCheck
from proofs.statements import REFUTED, checked, numbers, theorem
from proofs.study import Study
from proofs.subjects import DEFAULTS
from proofs.theorems.antidilution_states import CENT, LAST, LATER, START, E, at, exact, given, reals, subject_of
from proofs.views import Subject, View
from reference.antidilution import (
    Outstanding,
    PriceState,
    exercise_rights,
    issue,
    issue_rights,
    opening,
    pass_time,
    split,
    stock_dividend,
)
from reference.charter import Charter
from reference.conversion_price import Carried, SeriesPrice, averaged, carried_total, held_or_made
from reference.readings import CentAnniversary, CentComposition, CentTest, Readings, StockDividendBase, Switch

AVERAGE, CARRIED, SPLITS = "3(d)(i)(A)", "3(d)(i)(B)", "3(d)(iii), 3(d)(iv)"
P, H, H2, Q, G, N, SHARES, EACH, FACTOR, FACTOR2, J = reals("P h h2 q g N n c k k2 J")
STATE = (P > 0, P > H + H2, H + H2 < CENT, H + H2 > -CENT, H < CENT, H > -CENT)
"""A price in effect P, of which two amounts, h since longer, are carried: less than a cent, to take off or to add."""

LOWERING = given("what is carried is to be taken off", H >= 0, H2 >= 0)
SOME = given("some shares are outstanding before", N > 0)
FIRST_DUE, BEFORE_LAST, LAST_DUE = date(2003, 1, 1), date(2003, 5, 31), date(2003, 6, 1)
"""The days three years after the two amounts were carried, and the one before the second."""

Event = Callable[[PriceState, Mapping[str, Any]], PriceState]


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of histories."""
    return (steps_study(charter), cents_study(charter), splits_study(charter))


# One event of any kind


EF = ("E", "F")


def _issue(state: PriceState, v: Mapping[str, Any]) -> PriceState:
    return issue(state, LAST, v["n"], v["c"] * v["n"], EF, Outstanding(v["N"]))


def _grant(state: PriceState, v: Mapping[str, Any]) -> PriceState:
    common = Outstanding(v["N"])
    return issue_rights(state, LAST, "r", v["n"], v["c"], EF, common, v["now"], v["grant"])


def _exercise(state: PriceState, v: Mapping[str, Any]) -> PriceState:
    base = opening(state.charter, state.readings, START)
    book = issue_rights(base, START, "r", v["n"], v["c"], (), Outstanding(1)).rights
    return exercise_rights(_with_book(state, book), LAST, "r", v["now"], v["now"] * v["c"])


def _with_book(state: PriceState, book: Any) -> PriceState:
    return PriceState(state.charter, state.readings, state.on, state.prices, state.purchase_dates, rights=book)


def _split(state: PriceState, v: Mapping[str, Any]) -> PriceState:
    return split(state, LAST, v["k"])


def _dividend(state: PriceState, v: Mapping[str, Any]) -> PriceState:
    return stock_dividend(state, LAST, v["n"], Outstanding(v["N"]))


def _wait(state: PriceState, v: Mapping[str, Any]) -> PriceState:
    return pass_time(state, FIRST_DUE)


NOW, GRANT = reals("now grant")
ISSUE = (N >= 0, SHARES > 0, EACH >= 0)
EVENTS: Mapping[str, tuple[str, str, Event, str, tuple[z3.BoolRef, ...], str]] = {
    "issuance": ("An issuance", AVERAGE, _issue, "N n c", ISSUE, "N"),
    "deemed_issuance": (
        "An issue of rights, however many exercisable,",
        "3(d)(i)(E)",
        _grant,
        "N n c now grant",
        (*ISSUE, NOW >= 0, NOW <= SHARES, GRANT >= 0),
        "N",
    ),
    "split": ("A split", "3(d)(iii)", _split, "k", (FACTOR > 0,), "k"),
    "stock_dividend": ("A stock dividend", "3(d)(iii)", _dividend, "N n", (N > 0, SHARES >= 0), ""),
    "time": ("The passing of three years", CARRIED, _wait, "", (), ""),
    "exercise": (
        "An exercise of rights",
        "3(d)(i)(E)(3)",
        _exercise,
        "n c now",
        (SHARES > 0, EACH >= 0, NOW >= 0, NOW <= SHARES),
        "",
    ),
}
"""By kind: in words, clause, event, its unknowns, their domain, and what a further hypothesis is about."""

SEEDS = numbers(P=4, h="1/200", h2=0, q=8, g=0, N=10, n=1, c=1, now=1, grant=0, k=2)
TARGETS = "any exact price that a restatement comes to"
OPENED = "the opening of a history"
(TARGET,) = reals("target")


def carrying(charter: Charter, v: Mapping[str, Any], readings: Readings = DEFAULTS) -> PriceState:
    """Return a state that carries two amounts for E, and nothing else."""
    return opening(
        charter,
        readings,
        LATER,
        {"E": v["P"]},
        {"E": (Carried(START, v["h"]), Carried(LATER, v["h2"]))},
    )


def _shown(state: PriceState) -> dict[str, Any]:
    price = state.prices["E"]
    return {"official": price.official, "exact": price.exact, "held": carried_total(price.carried)}


def steps_study(charter: Charter) -> Study:
    """Return the steps of the invariants of a history."""
    steps = tuple(_step(charter, kind) for kind in EVENTS)
    orders = tuple(_ordered_step(charter, kind) for kind in EVENTS if kind != "issuance")
    checks = tuple(check for kind in EVENTS for check in _step_checks(kind))
    subjects = (*steps, *orders, _restatement(), _opened(charter))
    return Study("steps of a history", subjects, (*checks, *_inductions()), weight=12)


def step_label(kind: str) -> str:
    """Name the subject of one step for one series."""
    return f"{EVENTS[kind][0].rstrip(',').lower()} at any state"


def order_label(kind: str) -> str:
    """Name the subject of one step for two series."""
    return f"{EVENTS[kind][0].rstrip(',').lower()} at any prices of E and F"


def _seeds(names: str) -> Mapping[str, Fraction]:
    return {name: SEEDS[name] for name in names.split()}


def _step(charter: Charter, kind: str) -> Subject:
    _, _, event, own, domain, _ = EVENTS[kind]
    names = f"P h h2 {own}".strip()

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        return _shown(event(carrying(charter, v), v))

    return subject_of(step_label(kind), function, names, (*STATE, *domain), _seeds(names))


def _ordered_step(charter: Charter, kind: str) -> Subject:
    _, _, event, own, domain, _ = EVENTS[kind]
    names = f"P h q g {own}".strip()

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        state = event(at(charter, {"E": v["P"], "F": v["q"]}, {"E": v["h"], "F": v["g"]}), v)
        return {"exact_E": exact(state), "exact_F": exact(state, "F")}

    hypotheses = (P > 0, H >= 0, H < CENT, P > H, Q > 0, G >= 0, G < CENT, Q > G, P - H <= Q - G, *domain)
    return subject_of(order_label(kind), function, names, hypotheses, _seeds(names))


def _restatement() -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        carried = (Carried(START, v["h"]), Carried(LATER, v["h2"]))
        price = SeriesPrice(v["P"], v["P"] - v["h"] - v["h2"], carried)
        new = held_or_made(price, v["target"], LAST, Fraction(1, 100), DEFAULTS)
        return {"official": new.official, "exact": new.exact, "held": carried_total(new.carried)}

    seed = numbers(P=4, h="1/200", h2=0, target=4)
    return subject_of(TARGETS, function, "P h h2 target", (*STATE, TARGET > 0), seed, {**seed, "target": Fraction(3)})


def _opened(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        state = opening(charter, DEFAULTS, START, {"E": v["P"], "F": v["q"]})
        return _shown(state) | {"exact_F": exact(state, "F")}

    return subject_of(OPENED, function, "P q", (P > 0, Q > 0), numbers(P=4, q=8))


def gap(v: View) -> z3.ArithRef:
    """Return how far the price in effect is above the exact one, $/share."""
    return v.outcome["official"] - v.outcome["exact"]


def within_a_cent(v: View) -> list[z3.BoolRef]:
    """Claim that prices are above zero, and that less than a cent, all of it carried, lies between them."""
    above = [v.outcome["official"] > 0, v.outcome["exact"] > 0]
    return [*above, gap(v) == v.outcome["held"], gap(v) < CENT, gap(v) > -CENT]


def lowering(v: View) -> list[z3.BoolRef]:
    """Claim the same, and that what is carried is to be taken off."""
    return [*within_a_cent(v), gap(v) >= 0]


NONE_CARRIED = Neighbour("nothing is carried afterwards", claim=lambda v: gap(v) == 0)
FURTHER = {
    "N": SOME,
    "k": given("it is no combination", FACTOR >= 1),
}


def _step_checks(kind: str) -> tuple[PathCheck, ...]:
    words, clause, *_, about = EVENTS[kind]
    further = (FURTHER[about],) if about else ()
    dropped = (Neighbour("without the second hypothesis", hypotheses=(LOWERING,)),) if about else ()
    by_order = () if kind == "issuance" else (_order_check(kind, words, clause, further),)
    always = Neighbour("the exact price falls", claim=lambda v: v.outcome["exact"] < v.inputs["P"] - v.inputs["h"])
    return (
        checked(
            theorem(
                f"antidilution.step_{kind}",
                "TH-AD-19, TH-AD-37",
                f"{words} keeps prices above zero, and between them what is carried: from nothing to less than a cent.",
                f"{clause}, {CARRIED}" if clause != CARRIED else clause,
            ),
            lowering,
            LOWERING,
            *further,
            labels=(step_label(kind),),
            neighbours=(*dropped, NONE_CARRIED if kind != "time" else always),
        ),
        checked(
            theorem(
                f"antidilution.step_{kind}_after_restatements",
                "TH-AD-19, TH-AD-37",
                f"{words} keeps prices above zero and less than a cent apart, also if some of it is to be added.",
                f"{clause}, {CARRIED}" if clause != CARRIED else clause,
            ),
            within_a_cent,
            *further,
            labels=(step_label(kind),),
            neighbours=(Neighbour("nothing is to be added afterwards", claim=lowering),)
            if kind != "time"
            else (always,),
        ),
        *by_order,
    )


def _order_check(kind: str, words: str, clause: str, further: tuple[Any, ...]) -> PathCheck:
    return checked(
        theorem(
            f"antidilution.order_{kind}",
            "TH-AD-11",
            f"{words} keeps the order of the exact prices of two series.",
            clause,
        ),
        lambda v: v.outcome["exact_E"] <= v.outcome["exact_F"],
        *(h for h in further if kind != "split"),
        labels=(order_label(kind),),
        neighbours=(Neighbour("no two are the same", claim=lambda v: v.outcome["exact_E"] < v.outcome["exact_F"]),),
    )


def _inductions() -> tuple[PathCheck, ...]:
    steps = tuple(f"antidilution.step_{kind}" for kind in EVENTS)
    restated = tuple(f"{step}_after_restatements" for step in steps)
    orders = ("antidilution.order_of_prices", *(f"antidilution.order_{kind}" for kind in EVENTS if kind != "issuance"))
    ordered = given("the prices of the opening are in that order", P <= Q)
    return (
        checked(
            theorem(
                "antidilution.step_restatement",
                "TH-AD-19, TH-AD-37",
                "A restatement, to whatever exact price above zero, keeps prices less than a cent apart.",
                "3(d)(i)(B), 3(d)(i)(E)",
            ),
            within_a_cent,
            labels=(TARGETS,),
            neighbours=(
                Neighbour("what is carried is to be taken off", claim=lowering),
                Neighbour("prices are at most half a cent apart", claim=lambda v: gap(v) <= CENT / 2),
            ),
        ),
        checked(
            theorem(
                "antidilution.gap_in_every_history",
                "TH-AD-19, TH-AD-37",
                "In every history without combinations and changes of rights, the price in effect is above the exact "
                "one by what is carried, from nothing to less than a cent: so it is at the opening, and each "
                "step keeps it.",
                "3(d)",
                rests_on=steps,
            ),
            lowering,
            labels=(OPENED,),
            neighbours=(Neighbour("prices are a cent apart", claim=lambda v: gap(v) == CENT),),
        ),
        checked(
            theorem(
                "antidilution.gap_in_every_history_with_restatements",
                "TH-AD-19, TH-AD-37",
                "In every history without combinations the two prices are above zero and less than a cent apart: they "
                "are at the opening, and each step keeps it.",
                "3(d)",
                rests_on=(*restated, "antidilution.step_restatement"),
            ),
            within_a_cent,
            labels=(OPENED,),
            neighbours=(Neighbour("prices are a cent apart", claim=lambda v: gap(v) == CENT),),
        ),
        checked(
            theorem(
                "antidilution.order_in_every_history",
                "TH-AD-11",
                "In every history of events that two series share, without combinations and changes of rights, their "
                "exact prices keep their order: each step keeps it.",
                "3(d)",
                rests_on=(*orders, "antidilution.gap_in_every_history"),
            ),
            lambda v: v.outcome["exact"] <= v.outcome["exact_F"],
            ordered,
            labels=(OPENED,),
            neighbours=(Neighbour("whatever the opening", hypotheses=()),),
        ),
        checked(
            theorem(
                "antidilution.gap_after_a_combination",
                "TH-AD-19",
                "A combination, too, leaves less than a cent carried.",
                "3(d)(i)(B), 3(d)(iv)",
                expected=REFUTED,
            ),
            lambda v: gap(v) < CENT,
            labels=(step_label("split"),),
            suggestions=(numbers(P=4, h="3/400", h2=0, k="1/2"),),
            shows="A combination of two shares to one doubles the price, and the three quarters of a cent it carries.",
        ),
    )


# The one-cent rule

EACH_ALONE = "one issuance with every adjustment compared alone"
MONTHLY = "36 issues of 60,000 free shares, every adjustment compared alone"
COMPOSED = "the average from the exact price, and by what it takes off the price in effect"
WAITED = "three years after the last of two amounts was carried"
ALMOST = "a day less than three years after it, item by item"
MONTHS, FREE, BASE = 36, 60_000, 29_055_000


def cents_study(charter: Charter) -> Study:
    """Return the theorems about adjustments below a cent."""
    waited = tuple(_waited(charter, which, LAST_DUE) for which in CentAnniversary)
    almost = _waited(charter, CentAnniversary.ITEM, BEFORE_LAST, ALMOST)
    subjects = (_each_alone(charter), _monthly(charter), _composed(), *waited, almost)
    return Study("adjustments below a cent", subjects, _cents(), weight=4)


def _each_alone(charter: Charter) -> Subject:
    readings = Readings(cent_test=CentTest.INDIVIDUAL)

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        return _shown(_issue(carrying(charter, v, readings), v))

    names = "P h h2 N n c"
    return subject_of(EACH_ALONE, function, names, (*STATE, *ISSUE), _seeds(names), readings=readings)


def _monthly(charter: Charter) -> Subject:
    readings = Readings(cent_test=CentTest.INDIVIDUAL)

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        state = opening(charter, readings, START)
        for month in range(MONTHS):
            on = date(START.year + month // 12, month % 12 + 1, 1)
            state = issue(state, on, v["n"], Fraction(0), E, Outstanding(BASE + month * v["n"]))
        return _shown(state)

    hypotheses = (SHARES == FREE,)
    return subject_of(MONTHLY, function, "n", hypotheses, numbers(n=FREE), readings=readings)


def _composed() -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        price = SeriesPrice(v["P"], v["P"] - v["h"], (Carried(START, v["h"]),))
        own = (price, v["N"], v["n"], v["c"] * v["n"])
        return {
            "shadow": averaged(*own, DEFAULTS),
            "additive": averaged(*own, Readings(cent_composition=CentComposition.ADDITIVE)),
        }

    names = "P h N n c"
    return subject_of(COMPOSED, function, names, (P > 0, H >= 0, H < CENT, P > H, *ISSUE), _seeds(names))


def _waited(charter: Charter, which: CentAnniversary, on: date, label: str = WAITED) -> Subject:
    readings = Readings(cent_anniversary=which)

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        return _shown(pass_time(carrying(charter, v, readings), on))

    name = label if label != WAITED else f"{WAITED}, {which.value}"
    return subject_of(name, function, "P h h2", STATE, _seeds("P h h2"), readings=readings)


def _cents() -> tuple[PathCheck, ...]:
    below = given("the issue price is below the price in effect", EACH < P)
    far_below = given("the issue price is below the exact price", EACH < P - H)

    def bounded(v: View) -> list[z3.BoolRef]:
        i, difference = v.inputs, v.outcome["shadow"] - v.outcome["additive"]
        shares = i["N"] + i["n"]
        return [difference >= 0, difference * shares <= i["h"] * i["n"], difference < CENT]

    waited = tuple(f"{WAITED}, {which.value}" for which in CentAnniversary)
    return (
        checked(
            theorem(
                "antidilution.gap_if_each_is_compared_alone",
                "TH-AD-20",
                "If each adjustment is compared with a cent alone, less than a cent is carried all the same.",
                CARRIED,
                expected=REFUTED,
                readings={"cent_test": CentTest.INDIVIDUAL.value},
            ),
            lambda v: gap(v) < CENT,
            SOME,
            labels=(EACH_ALONE,),
            suggestions=(numbers(P=4, h="1/200", h2=0, N=399, n=1, c=1),),
            shows="Half a cent is carried, and three quarters of one more are below a cent by themselves.",
        ),
        checked(
            theorem(
                "antidilution.gap_of_many_if_each_is_compared_alone",
                "TH-AD-20",
                "Nor do 36 such issues in three years leave more than a cent carried.",
                CARRIED,
                expected=REFUTED,
                readings={"cent_test": CentTest.INDIVIDUAL.value},
                constants="60,000 free shares a month over 29,055,000",
            ),
            lambda v: gap(v) < CENT,
            labels=(MONTHLY,),
            suggestions=(numbers(n=FREE),),
            shows="The price in effect stays at 4.15, and the exact one is 3.862830.",
        ),
        checked(
            theorem(
                "antidilution.compositions",
                "TH-AD-21",
                "Taking the change off the price in effect comes to less than the average of the exact price, by "
                "no more than what is carried times n/(N+n), which is less than a cent.",
                "3(d)(i)(A), 3(d)(i)(B)",
            ),
            bounded,
            SOME,
            below,
            labels=(COMPOSED,),
            neighbours=(Neighbour("at any issue price", hypotheses=(SOME,)),),
        ),
        checked(
            theorem(
                "antidilution.compositions_far_below",
                "TH-AD-21",
                "The difference is exactly what is carried times n/(N+n) if the issue price is below the exact one.",
                "3(d)(i)(A), 3(d)(i)(B)",
            ),
            lambda v: (
                (v.outcome["shadow"] - v.outcome["additive"]) * (v.inputs["N"] + v.inputs["n"])
                == v.inputs["h"] * v.inputs["n"]
            ),
            SOME,
            far_below,
            labels=(COMPOSED,),
            neighbours=(Neighbour("below the price in effect", hypotheses=(SOME, below)),),
        ),
        checked(
            theorem(
                "antidilution.made_after_three_years",
                "TH-AD-24",
                "Three years after the last adjustment was carried the price in effect is the exact one.",
                CARRIED,
            ),
            lambda v: [
                v.outcome["official"] == v.outcome["exact"],
                v.outcome["exact"] == v.inputs["P"] - v.inputs["h"] - v.inputs["h2"],
                v.outcome["held"] == 0,
            ],
            LOWERING,
            labels=waited,
            neighbours=(
                Neighbour("a day earlier, where they are made item by item", labels=(ALMOST,)),
                Neighbour(
                    "some may be to be added, of a price below a cent",
                    hypotheses=(),
                    suggestions=(numbers(P="1/128", h="5/512", h2="-5/512"),),
                ),
            ),
        ),
    )


# Splits and stock dividends

SPLIT_AND_ISSUE = "a split and an issuance in either order"
SPLITS_OF = "two splits, and one by both factors"
SPLITS_BY_THE_CENT = "the same with splits held below a cent"
ONE_SPLIT = "one split or combination"
DIVIDENDS = "a stock dividend over either base"


def splits_study(charter: Charter) -> Study:
    """Return the theorems about splits, combinations and stock dividends."""
    fixed = (P == 4, 1000 * H == 9, FACTOR2 == 1, FACTOR >= 1, 1000 * FACTOR <= 1002)
    by_the_cent = _splits_of(charter, SPLITS_BY_THE_CENT, Readings(cent_scope=Switch.YES), fixed)
    subjects = (
        _split_and_issue(charter),
        _splits_of(charter, SPLITS_OF),
        by_the_cent,
        _one_split(charter),
        _dividends(charter),
    )
    return Study("splits", subjects, _splits(), weight=5)


def _split_and_issue(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        state, preferred = at(charter, {"E": v["P"]}, {"E": v["h"]}), {"E": v["J"]}
        paid, factor = v["c"] * v["n"], v["k"]
        before = split(issue(state, LATER, v["n"], paid, E, Outstanding(v["N"], preferred)), LAST, factor)
        base = Outstanding(v["N"] * factor, preferred)
        after = issue(split(state, LATER, factor), LAST, v["n"] * factor, paid, E, base)
        return {
            "exact_before": exact(before),
            "exact_after": exact(after),
            "official_before": before.official["E"],
            "official_after": after.official["E"],
        }

    hypotheses = (P > 0, H >= 0, H < CENT, P > H, *ISSUE, J >= 0, FACTOR > 0)
    seed = numbers(P=4, h=0, N=10, J=5, n=1, c=1, k=2)
    return subject_of(SPLIT_AND_ISSUE, function, "P h N J n c k", hypotheses, seed)


def _splits_of(
    charter: Charter, label: str, readings: Readings = DEFAULTS, more: tuple[z3.BoolRef, ...] = ()
) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        state = at(charter, {"E": v["P"]}, {"E": v["h"]}, readings)
        first = split(state, LATER, v["k"])
        found = {
            "both": split(first, LAST, v["k2"]),
            "once": split(state, LAST, v["k"] * v["k2"]),
            "back": split(first, LAST, 1 / v["k"]),
        }
        return {
            f"{name}_{what}": getattr(each.prices["E"], what)
            for name, each in found.items()
            for what in ("official", "exact", "scale")
        }

    hypotheses = (P > 0, H >= 0, H < CENT, P > H, FACTOR > 0, FACTOR2 > 0, *more)
    seeds = (numbers(P=4, h="1/200", k=2, k2=3), numbers(P=4, h="0.009", k="1.001", k2=1))
    return subject_of(label, function, "P h k k2", hypotheses, *seeds, readings=readings)


def _one_split(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        return _shown(split(at(charter, {"E": v["P"]}, {"E": v["h"]}), LATER, v["k"]))

    hypotheses = (P > 0, H >= 0, H < CENT, P > H, FACTOR > 0)
    return subject_of(ONE_SPLIT, function, "P h k", hypotheses, numbers(P=4, h=0, k=2))


def _dividends(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for base in StockDividendBase:
            state = at(charter, {"E": v["P"]}, readings=Readings(stock_dividend_base=base))
            found[base.value] = stock_dividend(state, LATER, v["n"], Outstanding(v["N"], {"E": v["J"]})).official["E"]
        return found

    hypotheses = (P > 0, N > 0, SHARES >= 0, J >= 0)
    return subject_of(DIVIDENDS, function, "P N J n", hypotheses, numbers(P=1, N=10, J=5, n=1))


def _splits() -> tuple[PathCheck, ...]:
    free = numbers(P="4.15", h=0, N=29_055_000, J=0, n=100_000, c=0, k=2)

    def composed(v: View) -> list[z3.BoolRef]:
        same = [v.outcome[f"both_{what}"] == v.outcome[f"once_{what}"] for what in ("official", "exact", "scale")]
        old = {"official": v.inputs["P"], "exact": v.inputs["P"] - v.inputs["h"], "scale": z3.RealVal(1)}
        return [*same, *(v.outcome[f"back_{what}"] == before for what, before in old.items())]

    return (
        checked(
            theorem(
                "antidilution.splits_commute",
                "TH-AD-22",
                "The exact price is the same whether an issuance comes before a split or, in the new shares, after it.",
                f"{AVERAGE}, {SPLITS}",
            ),
            lambda v: v.outcome["exact_before"] == v.outcome["exact_after"],
            SOME,
            labels=(SPLIT_AND_ISSUE,),
            neighbours=(
                Neighbour(
                    "so is the price in effect",
                    claim=lambda v: v.outcome["official_before"] == v.outcome["official_after"],
                    suggestions=(free,),
                ),
            ),
        ),
        checked(
            theorem(
                "antidilution.splits_commute_by_the_cent",
                "TH-AD-23",
                "So is the price in effect.",
                f"{AVERAGE}, {CARRIED}, {SPLITS}",
                expected=REFUTED,
            ),
            lambda v: v.outcome["official_before"] == v.outcome["official_after"],
            SOME,
            labels=(SPLIT_AND_ISSUE,),
            suggestions=(free,),
            shows="100,000 free shares take off 1.4 cents before a two-for-one split; after it, .7 cents wait.",
        ),
        checked(
            theorem(
                "antidilution.splits_compose",
                "TH-AD-25",
                "Two splits are one by the product of their factors, and a combination undoes a split.",
                SPLITS,
            ),
            composed,
            labels=(SPLITS_OF,),
            neighbours=(Neighbour("also where splits are held below a cent", labels=(SPLITS_BY_THE_CENT,)),),
        ),
        checked(
            theorem(
                "antidilution.carry_scales",
                "TH-AD-38",
                "A split divides what is carried by its factor, with the price.",
                f"{CARRIED}, {SPLITS}",
            ),
            lambda v: [gap(v) * v.inputs["k"] == v.inputs["h"], gap(v) == v.outcome["held"]],
            labels=(ONE_SPLIT,),
            neighbours=(Neighbour("it leaves it as it is", claim=lambda v: gap(v) == v.inputs["h"]),),
        ),
        checked(
            theorem(
                "antidilution.carry_left_as_it_is",
                "TH-AD-38",
                "A split leaves what is carried as it is.",
                f"{CARRIED}, {SPLITS}",
                expected=REFUTED,
            ),
            lambda v: gap(v) == v.inputs["h"],
            labels=(ONE_SPLIT,),
            suggestions=(numbers(P=4, h="1/200", k=2),),
            shows="Half a cent is a quarter of one in shares of half the size.",
        ),
        checked(
            theorem(
                "antidilution.dividend_bases",
                "TH-AD-39",
                "A stock dividend over the Common alone divides prices by as much as over all shares, or by more.",
                "3(d)(iii)",
            ),
            lambda v: v.outcome["common_only"] <= v.outcome["fully_converted"],
            labels=(DIVIDENDS,),
            neighbours=(Neighbour("by more", claim=lambda v: v.outcome["common_only"] < v.outcome["fully_converted"]),),
        ),
    )
