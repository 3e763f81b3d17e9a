"""Theorems about rights over Common: what their issue, exercise, vesting and lapse make of prices (3(d)(i)(E))."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import z3

from proofs.checks import Neighbour, PathCheck
from proofs.statements import REFUTED, checked, numbers, theorem
from proofs.study import Study
from proofs.subjects import chosen
from proofs.theorems.antidilution_states import (
    CENT,
    LAST,
    LATER,
    E,
    at,
    exact,
    given,
    reals,
    subject_of,
    without_minimum,
)
from proofs.views import Claim, Subject, View
from reference.antidilution import (
    Outstanding,
    PriceState,
    change_rights,
    exercise_rights,
    expire_rights,
    issue,
    issue_rights,
    split,
    stock_dividend,
)
from reference.charter import Charter
from reference.readings import GrantAlloc, Readings, Replay, Vesting, WeightedAverageBase

RIGHTS, LAPSE = "3(d)(i)(E)", "3(d)(i)(E)(3), 3(d)(i)(E)(4)"
P, H, N, M, STRIKE, USED, SHARES, EACH, MORE, NOW, J = reals("P h N m strike used n c more now J")
GRANTED = (P > 0, H >= 0, H < CENT, P > H, N > 0, M > 0, STRIKE >= 0)
"""A state of one price: in effect P, of which h is carried; rights over m shares at a strike are granted over N."""

LAPSED = "rights that are granted, exercised in part and lapse"
REPRICED = "rights at two exercise prices"
FOLLOWED = "rights, an issuance and their lapse"
FOLLOWED_OWN = "the same with the series itself outstanding, every adjustment made at once"
FOLLOWED_BY_THE_CENT = "the same with the series itself outstanding"
OTHERS = "rights at $4.05, 2,000,000 shares at a cent and the lapse, with E and F outstanding"
REPLAYS = "a lapse under three ways to recompute"
REPLAYS_FOLLOWED = "the same with an issuance in between"
VESTED = "rights that vest in two parts, and at once"
VESTED_COUNTED = "the same with shares deemed issued counted as outstanding"


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of rights."""
    return (lapse_study(charter), followed_study(charter), replay_study(charter), scaled_study(charter))


def _granted(state: PriceState, v: Mapping[str, Any], **more: Any) -> PriceState:
    return issue_rights(state, LATER, "r", v["m"], v["strike"], E, Outstanding(v["N"], **more))


# What scales, and what a change counts (AMB-142, AMB-143, AMB-144, AMB-146)

K, G = reals("k g")
SCALED = "rights, and a split or a dividend of as many shares"
EQUIVALENT = "rights, and a split or a dividend of rights to as many shares"
NUMBERED = "rights whose number alone changes, or is told with what is exercisable"
NUMBERED_IN_PART = "the same of rights half of which can be exercised"
IGNORED = "rights that change where vesting is ignored"
ONLY_VESTED = "rights that vest where vesting is ignored"
PAID_FOR = "rights that were paid for, of which some lapse"


def scaled_study(charter: Charter) -> Study:
    """Return the theorems about rights that scale with their shares, and about what a change of them counts."""
    exactly = without_minimum(charter)
    subjects = (
        *(_scaled(charter, label) for label in (SCALED, EQUIVALENT)),
        *(_numbered(charter, label) for label in (NUMBERED, NUMBERED_IN_PART)),
        *(_ignored(exactly, label) for label in (IGNORED, ONLY_VESTED)),
        *(_paid_for(exactly, alloc) for alloc in GrantAlloc),
    )
    return Study("rights that scale and change", subjects, (*_scalings(), *_changes(), *_payments()), weight=4)


def _terms_today(name: str, state: PriceState) -> dict[str, Any]:
    record = state.rights["r"]
    unit = state.unit / record.unit
    terms = {"deliverable": record.deliverable * unit, "price": record.exercise_price / unit}
    return {**{f"{name}_{what}": term for what, term in terms.items()}, name: state.official["E"]}


def _scaled(charter: Charter, label: str) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        granted = _granted(at(charter, {"E": v["P"]}, {"E": v["h"]}), v)
        here, factor = Outstanding(v["N"]), v["k"]
        told = (factor,) if label == SCALED else ()
        split_so = split(granted, LAST, factor)
        paid_so = stock_dividend(granted, LAST, v["N"] * (factor - 1), here, *told)
        return {**_terms_today("split", split_so), **_terms_today("dividend", paid_so)}

    seed = numbers(P=4, h=0, N=10, m=5, strike=1, k=2)
    return subject_of(label, function, "P h N m strike k", (*GRANTED, K >= 1), seed)


def _scalings() -> tuple[PathCheck, ...]:
    def alike(v: View) -> list[z3.BoolRef]:
        return [v.outcome[f"split{what}"] == v.outcome[f"dividend{what}"] for what in ("", "_deliverable", "_price")]

    two_for_one = numbers(P=4, h=0, N=10, m=5, strike=1, k=2)
    return (
        checked(
            theorem(
                "antidilution.stock_dividend_scales_rights_as_a_split",
                "",
                "A dividend of Common makes of prices and of outstanding rights what a split into as many shares does.",
                "3(d)(i)(E), 3(d)(iii)",
            ),
            alike,
            labels=(SCALED,),
            neighbours=(Neighbour("a dividend of rights to them", labels=(EQUIVALENT,), suggestions=(two_for_one,)),),
        ),
        checked(
            theorem(
                "antidilution.equivalents_scale_rights",
                "",
                "The same holds of a dividend of rights to Common.",
                "3(d)(i)(E), 3(d)(iii)",
                expected=REFUTED,
            ),
            alike,
            labels=(EQUIVALENT,),
            suggestions=(two_for_one,),
            shows="It halves the prices, and makes no share of Common two: the rights stay what they were.",
        ),
    )


def _numbered(charter: Charter, label: str) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        state, here = at(charter, {"E": v["P"]}, {"E": v["h"]}), Outstanding(v["N"])
        now = v["m"] if label == NUMBERED else v["m"] / 2
        granted = issue_rights(state, LATER, "r", v["m"], v["strike"], E, here, now)
        alone = change_rights(granted, LAST, "r", here, deliverable=v["now"])
        told = change_rights(granted, LAST, "r", here, deliverable=v["now"], exercisable=v["now"])
        return {"alone": exact(alone), "told": exact(told), "left": alone.rights["r"].exercisable}

    seed = numbers(P=4, h=0, N=10, m=4, strike=1, now=8)
    return subject_of(label, function, "P h N m strike now", (*GRANTED, NOW > 0), seed, {**seed, "now": Fraction(1)})


def _ignored(charter: Charter, label: str) -> Subject:
    readings = Readings(vesting=Vesting.IGNORE_LATER)

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        state, here = at(charter, {"E": v["P"]}, readings=readings), Outstanding(v["N"])
        if label == IGNORED:
            granted = issue_rights(state, LATER, "r", v["m"], v["strike"], E, here)
            changed = change_rights(granted, LAST, "r", here, deliverable=v["now"])
        else:
            granted = issue_rights(state, LATER, "r", v["now"], v["strike"], E, here, v["m"])
            changed = change_rights(granted, LAST, "r", here, exercisable=v["now"])
        return {"exact": exact(changed)}

    seed = numbers(P=4, N=10, m=4, strike=1, now=8)
    domain = (P > 0, N > 0, M > 0, STRIKE >= 0, STRIKE < P, NOW >= M)
    return subject_of(label, function, "P N m strike now", domain, seed, readings=readings)


def _changes() -> tuple[PathCheck, ...]:
    doubled = numbers(P=4, h=0, N=10, m=4, strike=1, now=8)

    def averaged_over_all(v: View) -> z3.BoolRef:
        i = v.inputs
        return v.outcome["exact"] * (i["N"] + i["now"]) == i["P"] * i["N"] + i["now"] * i["strike"]

    return (
        checked(
            theorem(
                "antidilution.number_alone_stays_exercisable",
                "",
                "A change that tells the number of rights alone, all of which can be exercised, is one that tells as"
                " well that all of the new number can be.",
                "3(d)(i)(E)(3)",
            ),
            lambda v: [v.outcome["alone"] == v.outcome["told"], v.outcome["left"] == v.inputs["now"]],
            labels=(NUMBERED,),
            neighbours=(Neighbour("half of them", labels=(NUMBERED_IN_PART,), suggestions=(doubled,)),),
        ),
        checked(
            theorem(
                "antidilution.number_alone_of_rights_in_part_exercisable",
                "",
                "Of rights of which half can be exercised, a change of the number alone leaves as many exercisable as"
                " were, as far as so many are left.",
                "3(d)(i)(E)(3)",
            ),
            lambda v: (
                v.outcome["left"] == z3.If(2 * v.inputs["now"] < v.inputs["m"], v.inputs["now"], v.inputs["m"] / 2)
            ),
            labels=(NUMBERED_IN_PART,),
            neighbours=(Neighbour("all of them", claim=lambda v: v.outcome["left"] == v.inputs["now"]),),
        ),
        checked(
            theorem(
                "antidilution.change_counts_where_vesting_is_ignored",
                "",
                "Where vesting is ignored, rights of which more are given by a change count with all that they then"
                " deliver.",
                "3(d)(i)(E)(3)",
                readings=chosen(Readings(vesting=Vesting.IGNORE_LATER)),
            ),
            averaged_over_all,
            labels=(IGNORED,),
            neighbours=(
                Neighbour(
                    "that many vest",
                    labels=(ONLY_VESTED,),
                    suggestions=(numbers(P=4, N=10, m=4, strike=1, now=8),),
                ),
            ),
        ),
    )


def _paid_for(charter: Charter, alloc: GrantAlloc) -> Subject:
    readings = Readings(grant_alloc=alloc)

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        state, here = at(charter, {"E": v["P"]}, readings=readings), Outstanding(v["N"])
        granted = issue_rights(state, LATER, "r", v["m"], v["strike"], E, here, grant=v["g"])
        used = exercise_rights(granted, LATER, "r", v["used"], v["used"] * v["strike"])
        return {"lapsed": exact(expire_rights(used, LAST, "r"))}

    # Below the price, all of the grant counted for what was exercised.
    domain = (P > 0, N > 0, M > 0, STRIKE >= 0, G >= 0, USED > 0, USED <= M, STRIKE * USED + G < P * USED)
    seed = numbers(P=4, N=10, m=10, strike=1, g=5, used=4)
    return subject_of(_paid_label(alloc), function, "P N m strike g used", domain, seed, readings=readings)


def _paid_label(alloc: GrantAlloc) -> str:
    return f"{PAID_FOR}, {alloc.value}"


def _payments() -> list[PathCheck]:
    said = {
        GrantAlloc.PRO_RATA: "the part of the grant's price that belongs to the shares issued",
        GrantAlloc.ALL_TO_EXERCISABLE: "all of the grant's price",
    }

    def with_part(alloc: GrantAlloc) -> Claim:
        def claim(v: View) -> z3.BoolRef:
            i = v.inputs
            part = i["g"] if alloc is GrantAlloc.ALL_TO_EXERCISABLE else i["g"] * i["used"] / i["m"]
            paid = i["P"] * i["N"] + i["used"] * i["strike"] + part
            same: z3.BoolRef = v.outcome["lapsed"] * (i["N"] + i["used"]) == paid
            return same

        return claim

    return [
        checked(
            theorem(
                f"antidilution.lapse_in_part_{alloc.value}",
                "",
                f"After a lapse in part the shares issued count with their exercise price and {said[alloc]}.",
                LAPSE,
                readings=chosen(Readings(grant_alloc=alloc)),
            ),
            with_part(alloc),
            labels=(_paid_label(alloc),),
            neighbours=(
                Neighbour(
                    "as under the other reading",
                    claim=with_part(next(other for other in GrantAlloc if other is not alloc)),
                    suggestions=(numbers(P=4, N=10, m=10, strike=1, g=5, used=4),),
                ),
            ),
        )
        for alloc in GrantAlloc
    ]


def _shown(name: str, state: PriceState) -> dict[str, Any]:
    return {name: exact(state), f"official_{name}": state.official["E"]}


# Exercise and lapse, with nothing in between


def lapse_study(charter: Charter) -> Study:
    """Return the theorems about rights that are exercised or lapse, or whose exercise price changes."""
    return Study("rights", (_lapsed(charter), _repriced(charter)), _lapses(), weight=6)


def _lapsed(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        granted = _granted(at(charter, {"E": v["P"]}, {"E": v["h"]}), v)
        used = exercise_rights(granted, LATER, "r", v["used"], v["used"] * v["strike"])
        return _shown("granted", granted) | _shown("lapsed", expire_rights(used, LAST, "r"))

    hypotheses = (*GRANTED, USED >= 0, USED <= M)
    seed = numbers(P=4, h=0, N=10, m=5, strike=1, used=2)
    return subject_of(LAPSED, function, "P h N m strike used", hypotheses, seed)


def _repriced(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        granted = _granted(at(charter, {"E": v["P"]}, {"E": v["h"]}), v)
        repriced = change_rights(granted, LAST, "r", Outstanding(v["N"]), exercise_price=v["now"])
        return {"high": exact(granted), "low": exact(repriced)}

    seed = numbers(P=4, h=0, N=10, m=5, strike=2, now=1)
    return subject_of(REPRICED, function, "P h N m strike now", (*GRANTED, NOW >= 0), seed)


def _lapses() -> tuple[PathCheck, ...]:
    none, every = given("none has been exercised", USED == 0), given("all have been exercised", USED == M)
    nothing = given("nothing was carried before", H == 0)

    def restored(v: View) -> z3.BoolRef:
        return v.outcome["lapsed"] == v.inputs["P"] - v.inputs["h"]

    def restored_in_effect(v: View) -> list[z3.BoolRef]:
        return [v.outcome["official_lapsed"] == v.inputs["P"], restored(v)]

    def unchanged(v: View) -> list[z3.BoolRef]:
        out = v.outcome
        return [out["lapsed"] == out["granted"], out["official_lapsed"] == out["official_granted"]]

    return (
        checked(
            theorem(
                "antidilution.lapse_restores",
                "TH-AD-26",
                "If rights lapse unexercised and nothing has happened meanwhile, the exact price is what it was.",
                LAPSE,
            ),
            restored,
            none,
            labels=(LAPSED,),
            neighbours=(Neighbour("some may have been exercised", hypotheses=()),),
        ),
        checked(
            theorem(
                "antidilution.lapse_restores_in_effect",
                "TH-AD-26",
                "So is the price in effect, if nothing was carried before.",
                f"3(d)(i)(B), {LAPSE}",
            ),
            restored_in_effect,
            none,
            nothing,
            labels=(LAPSED,),
            neighbours=(Neighbour("something may have been carried", hypotheses=(none,)),),
        ),
        checked(
            theorem(
                "antidilution.exercise_changes_nothing",
                "TH-AD-27",
                "If all rights are exercised on their terms, their end changes no price.",
                LAPSE,
            ),
            unchanged,
            every,
            labels=(LAPSED,),
            neighbours=(Neighbour("some may not have been exercised", hypotheses=()),),
        ),
        checked(
            theorem(
                "antidilution.partial_exercise",
                "TH-AD-28, TH-AD-34",
                "If some have been exercised, the exact price ends between that of the grant and the one before it.",
                LAPSE,
            ),
            lambda v: [
                v.outcome["granted"] <= v.outcome["lapsed"],
                v.outcome["lapsed"] <= v.inputs["P"] - v.inputs["h"],
            ],
            labels=(LAPSED,),
            neighbours=(
                Neighbour("above that of the grant", claim=lambda v: v.outcome["granted"] < v.outcome["lapsed"]),
            ),
        ),
        checked(
            theorem(
                "antidilution.lower_exercise_price",
                "TH-AD-29",
                "If the exercise price is lowered, the exact price that is recomputed is lower: never higher.",
                "3(d)(i)(E)(3)",
            ),
            lambda v: v.outcome["low"] <= v.outcome["high"],
            given("it is lowered", NOW <= STRIKE),
            labels=(REPRICED,),
            neighbours=(
                Neighbour("always lower", claim=lambda v: v.outcome["low"] < v.outcome["high"]),
                Neighbour("it may be raised", hypotheses=()),
            ),
        ),
    )


# A lapse after an issuance


def followed_study(charter: Charter) -> Study:
    """Return the theorems about rights that lapse after an issuance that followed them."""
    at_once = without_minimum(charter)
    subjects = (
        _followed(charter, FOLLOWED),
        _followed(at_once, FOLLOWED_OWN, own=True),
        _followed(charter, FOLLOWED_BY_THE_CENT, own=True, more=BY_THE_CENT),
        _others(charter),
    )
    return Study("rights and an issuance", subjects, _followed_checks(), weight=8)


BY_THE_CENT = (P == 4, 10_000 * H == 95, N == 1, M == 160, EACH == 0, STRIKE == 0, J == 1_000_000, SHARES == 10**9)
"""Figures at which a lapse lowers a price; with M unknown two prices meet at an irrational number of rights."""


def _followed(charter: Charter, label: str, own: bool = False, more: tuple[z3.BoolRef, ...] = ()) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        preferred = {"E": v["J"]} if own else {}
        held = {"E": v["h"]} if "h" in v else {}
        state = _granted(at(charter, {"E": v["P"]}, held), v, preferred=preferred)
        state = issue(state, LATER, v["n"], v["c"] * v["n"], E, Outstanding(v["N"], preferred))
        return _shown("before", state) | _shown("lapsed", expire_rights(state, LAST, "r"))

    names = "P h N m strike n c" if not own else "P N J m strike n c"
    names = "P h N J m strike n c" if more else names
    hypotheses = (P > 0, N > 0, M > 0, STRIKE >= 0, SHARES > 0, EACH >= 0, *more)
    held = (H >= 0, H < CENT, P > H) if " h " in names else ()
    seed = numbers(P=4, h=0, N=10, J=5, m=5, strike=1, n=3, c=1)
    if more:
        seed = numbers(P=4, h="0.0095", N=1, J=1_000_000, m=160, strike=0, n=10**9, c=0)
    outstanding = (J >= 0,) if own else ()
    seeds = {name: seed[name] for name in names.split()}
    return subject_of(label, function, names, (*hypotheses, *held, *outstanding), seeds)


def _others(charter: Charter) -> Subject:
    base = {"E": 1_000, "F": 1_500_000}
    both = ("E", "F")

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        common = Outstanding(100_000, base)
        state = issue_rights(at(charter, {}), LATER, "r", 10_000_000, v["strike"], both, common)
        state = issue(state, LATER, 2_000_000, Fraction(20_000), both, common)
        return _shown("before", state) | _shown("lapsed", expire_rights(state, LAST, "r"))

    return subject_of(OTHERS, function, "strike", (STRIKE >= 4, STRIKE <= 4 + CENT * 5), numbers(strike="4.05"))


def _no_lower(v: View) -> z3.BoolRef:
    return v.outcome["lapsed"] >= v.outcome["before"]


def _followed_checks() -> tuple[PathCheck, ...]:
    higher = Neighbour("it raises it", claim=lambda v: v.outcome["lapsed"] > v.outcome["before"])
    return (
        checked(
            theorem(
                "antidilution.lapse_never_lowers",
                "TH-AD-30, TH-AD-34",
                "A lapse after an issuance never lowers the exact price of a single series, over a base that its price "
                "does not enter, and leaves it no higher than before the rights; with more issuances, step by step.",
                LAPSE,
                rests_on=("antidilution.order_of_prices", "antidilution.gap_in_every_history"),
            ),
            lambda v: [_no_lower(v), v.outcome["lapsed"] <= v.inputs["P"] - v.inputs["h"]],
            given("the prices are a valid state", H >= 0),
            labels=(FOLLOWED,),
            neighbours=(higher,),
        ),
        checked(
            theorem(
                "antidilution.lapse_never_lowers_own_series",
                "TH-AD-30, TH-AD-34",
                "Nor does it where the series itself is counted as converted, if every adjustment is made at once.",
                LAPSE,
                rests_on=("antidilution.rises_with_price_of_own_series",),
                constants="a least adjustment of nothing in place of a cent",
            ),
            lambda v: [_no_lower(v), v.outcome["lapsed"] <= v.inputs["P"]],
            labels=(FOLLOWED_OWN,),
            neighbours=(higher, Neighbour("also where adjustments below a cent wait", labels=(FOLLOWED_BY_THE_CENT,))),
        ),
        checked(
            theorem(
                "antidilution.lapse_never_lowers_by_the_cent",
                "TH-AD-30",
                "Nor does it where the series itself is counted as converted and adjustments below a cent wait.",
                f"3(d)(i)(B), {LAPSE}",
                expected=REFUTED,
            ),
            _no_lower,
            labels=(FOLLOWED_BY_THE_CENT,),
            shows="The rights made what was carried, so that the series counted as more shares against the issuance.",
        ),
        checked(
            theorem(
                "antidilution.lapse_never_lowers_any_series",
                "TH-AD-31",
                "A lapse lowers the price of no series.",
                LAPSE,
                expected=REFUTED,
                constants="1,000 E, 1,500,000 F, 100,000 Common; rights over 10,000,000 shares",
            ),
            _no_lower,
            labels=(OTHERS,),
            suggestions=(numbers(strike="4.05"),),
            shows="Without the rights F converts into fewer shares, against which the issuance weighs more: E falls "
            "from 2.365527 to 1.850639.",
        ),
    )


# Ways to recompute, and vesting

COMPARED = (Replay.FULL, Replay.RATIO, Replay.ADDITIVE)


def replay_study(charter: Charter) -> Study:
    """Return the theorems that compare readings of the clauses on rights."""
    subjects = (
        _replays(charter, REPLAYS),
        _replays(charter, REPLAYS_FOLLOWED),
        _vested(charter, VESTED, WeightedAverageBase.COMMON_PLUS_PREF),
        _vested(charter, VESTED_COUNTED, WeightedAverageBase.PLUS_DEEMED),
    )
    return Study("readings of rights", subjects, _replay_checks(), weight=5)


def _replays(charter: Charter, label: str) -> Subject:
    followed = label == REPLAYS_FOLLOWED

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for replay in COMPARED:
            state = _granted(at(charter, {"E": v["P"]}, readings=Readings(replay=replay)), v)
            if followed:
                state = issue(state, LATER, v["n"], v["c"] * v["n"], E, Outstanding(v["N"]))
            state = exercise_rights(state, LATER, "r", v["used"], v["used"] * v["strike"])
            found[replay.value] = exact(expire_rights(state, LAST, "r"))
        return found

    names = "P N m strike used n c" if followed else "P N m strike used"
    seed = numbers(P="4.15", N=10_000_000, m=1_000_000, strike=1, used=0, n=1_000_000, c=2)
    fixed = (Fraction(83, 20) == P, N == 10_000_000, M == 1_000_000, STRIKE == 1, USED == 0, SHARES == 1_000_000)
    hypotheses = (P > 0, N > 0, M > 0, STRIKE >= 0, USED >= 0, USED <= M)
    more = (*(z3.simplify(condition) for condition in fixed), EACH >= 0) if followed else ()
    return subject_of(label, function, names, (*hypotheses, *more), {name: seed[name] for name in names.split()})


def _vested(charter: Charter, label: str, base: WeightedAverageBase) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        common = Outstanding(v["N"])
        for vesting in (Vesting.FORWARD_ON_VEST, Vesting.COUNT_ALL):
            readings = Readings(vesting=vesting, weighted_average_base=base)
            state = at(charter, {"E": v["P"]}, readings=readings)
            state = issue_rights(state, LATER, "r", v["m"], v["strike"], E, common, v["now"])
            found[vesting.value] = exact(change_rights(state, LAST, "r", common, exercisable=v["m"]))
        return found

    readings = Readings(vesting=Vesting.FORWARD_ON_VEST, weighted_average_base=base)
    hypotheses = (P > 0, N > 0, M > 0, STRIKE >= 0, NOW >= 0, NOW <= M)
    seed = numbers(P="4.15", N=10, m=4, strike=1, now=1)
    return subject_of(label, function, "P N m strike now", hypotheses, seed, readings=readings)


def _replay_checks() -> tuple[PathCheck, ...]:
    example = numbers(P="4.15", N=10_000_000, m=1_000_000, strike=1, used=0, n=1_000_000, c=2)
    forward = {"vesting": Vesting.FORWARD_ON_VEST.value}

    def same(v: View) -> list[z3.BoolRef]:
        return [v.outcome["full"] == v.outcome["ratio"], v.outcome["full"] == v.outcome["additive"]]

    def tranches(v: View) -> tuple[z3.ArithRef, z3.ArithRef]:
        return v.outcome["forward_on_vest"], v.outcome["count_all"]

    return (
        checked(
            theorem(
                "antidilution.replays_agree",
                "TH-AD-32",
                "If nothing follows the rights, a replay, a ratio and a difference come to the same on their lapse.",
                LAPSE,
            ),
            same,
            labels=(REPLAYS,),
            neighbours=(Neighbour("an issuance follows", labels=(REPLAYS_FOLLOWED,), suggestions=(example,)),),
        ),
        checked(
            theorem(
                "antidilution.replays_agree_in_general",
                "TH-AD-33",
                "They come to the same if an issuance follows.",
                LAPSE,
                expected=REFUTED,
                constants="1,000,000 rights at $1 and 1,000,000 shares over 10,000,000",
            ),
            same,
            labels=(REPLAYS_FOLLOWED,),
            suggestions=(example,),
            shows="A replay comes to 3.954545, the ratio to 3.968021 and the difference to 3.980579.",
        ),
        checked(
            theorem(
                "antidilution.tranches",
                "TH-AD-35",
                "Rights deemed issued part by part as they vest, over an unchanged base, never leave a higher price "
                "than all at once.",
                RIGHTS,
                readings=forward,
            ),
            lambda v: tranches(v)[0] <= tranches(v)[1],
            labels=(VESTED,),
            neighbours=(Neighbour("they leave the same", claim=lambda v: tranches(v)[0] == tranches(v)[1]),),
        ),
        checked(
            theorem(
                "antidilution.tranches_counted",
                "TH-AD-35",
                "They leave the same if what is deemed issued is counted as outstanding.",
                RIGHTS,
                readings=forward | chosen(Readings(weighted_average_base=WeightedAverageBase.PLUS_DEEMED)),
            ),
            lambda v: tranches(v)[0] == tranches(v)[1],
            labels=(VESTED_COUNTED,),
            neighbours=(Neighbour("over an unchanged base", labels=(VESTED,)),),
        ),
    )
