"""Theorems about conversions in a history: at option, by election, by consent and by an offering (3(a), 3(b), 3(h))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import z3

from proofs.checks import Neighbour, PathCheck
from proofs.numbers import literal
from proofs.statements import REFUTED, theorem
from proofs.study import Study
from proofs.theorems.history_states import (
    ALONE,
    FIGURES,
    ON,
    TODAY,
    Case,
    Facts,
    Further,
    Refusals,
    Values,
    equivalence_check,
    hypotheses_of,
    seed_of,
    step_check,
    subject_of,
)
from proofs.views import View
from reference import events
from reference.charter import COMMON, Charter
from reference.readings import AdElection, Readings

FIXED_A = literal(Fraction("0.925"))
"""The fixed part of the Cash Amount of A, $/share (3(a)(i))."""

NEW = Further(purchased={name: ON for name in "ABCDEF"}, as_of=ON)
"""No series is old enough to have its price adjusted."""

FREED = Readings(ad_election=AdElection.UNLOCK_INDIVIDUAL)
PRICE = 20
"""What the public pays for a share in the offerings, $, at which no floor applies."""

SIZE = 40_000_000
"""The least aggregate price of an offering that converts, $ (3(b))."""


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of these events."""
    return (at_option(charter), by_election(charter), by_consent(charter), by_offering(charter))


def _limit(charter: Charter) -> int:
    return charter.authorized.common.value


def _room(charter: Charter, v: Values) -> Any:
    """Return how much Common may still be issued."""
    return _limit(charter) - sum(v[name] for name in ("h_1_common", "h_3_common") if name in v)


def _over(charter: Charter, v: Values, exact: Any) -> z3.BoolRef:
    """Say that Common rounded half up is more than is still authorised."""
    return exact + literal(Fraction(1, 2)) >= _room(charter, v) + 1


def _claim_of(holder: str, at: int, owed: Any) -> Facts:
    return {f"paid_{at}": {"is": literal(Fraction(0))}, f"unpaid_{at}": {"is": owed}}


# At the holder's option


def at_option(charter: Charter) -> Study:
    """Return the theorems about conversions at the holder's option."""
    cases = (_convert_e(charter), _convert_a(charter, freed=True), _convert_a(charter, freed=False))
    words, clauses = "A conversion at option", "3(a), 3(h)"
    checks = (
        step_check(charter, "convert", cases, words, clauses),
        equivalence_check(charter, "convert", cases, words, clauses),
        _takes_what_it_converts(cases[0]),
    )
    return Study("conversions at option in a history", tuple(subject_of(charter, c) for c in cases), checks, weight=3)


def _convert_e(charter: Charter) -> Case:
    def refusals(v: Values) -> Refusals:
        given, own, new = v["given"], v["h_1_E"], v["t_1_E"]
        return {
            "negative_shares": given < 0,
            "not_held": given > own,
            "issued_today": z3.And(new > 0, given > own - new),
            "over_authorized": _over(charter, v, given * v["c_E"]),
        }

    def facts(v: Values, old: Values, new: Values) -> Facts:
        given = v["given"]
        left = old["h_1_E"] - given
        return {
            "h_1_E": {"lost_1": given},
            "h_1_common": {"nearest": given * v["c_E"]},
            "v_E": {"converts_1": given},
            "b_1": {"owed_1": given * old["d_E"]},
            "d_E": {"declared_1": 0},
            "t_1_E": {"is": z3.If(old["t_1_E"] < left, old["t_1_E"], left)},
        }

    of_state = "h_1_E h_3_E h_1_common c_E d_E b_1 v_E t_1_E"
    return Case(
        "convert",
        "a conversion of E, of which some shares are new",
        of_state,
        "given",
        lambda v: events.Convert(ON, "1", {"E": v["given"]}),
        refusals,
        facts,
        (seed_of(f"{of_state} given", h_1_E=3),),
        whole="given",
        ratios="E",
        further=TODAY,
    )


def _convert_a(charter: Charter, freed: bool) -> Case:
    def refusals(v: Values) -> Refusals:
        if not freed:
            return {"class_only": z3.BoolVal(True)}
        over = _over(charter, v, v["given"] * v["c_A"])
        return {"negative_shares": v["given"] < 0, "not_held": v["given"] > v["h_1_A"], "over_authorized": over}

    def facts(v: Values, old: Values, new: Values) -> Facts:
        given = v["given"]
        return {
            "h_1_A": {"lost_1": given},
            "h_1_common": {"nearest": given * v["c_A"]},
            "v_A": {"converts_1": given},
            "d_A": {"declared_1": 0},
            "claimants": {"is": (("1", "A", str(ON)),)},
            **_claim_of("1", 1, given * (FIXED_A + old["d_A"])),
        }

    of_state = "h_1_A h_3_A h_3_common c_A d_A v_A"
    return Case(
        "convert",
        f"a conversion of A by one holder {'after the election' if freed else 'alone'}",
        of_state,
        "given",
        lambda v: events.Convert(ON, "1", {"A": v["given"]}),
        refusals,
        facts,
        (seed_of(f"{of_state} given", h_1_A=3),),
        whole="given",
        ratios="A",
        readings=FREED if freed else Readings(),
        further=Further(elected=freed),
    )


def _takes_what_it_converts(case: Case) -> PathCheck:
    def claim(view: View) -> list[z3.BoolRef]:
        if "refused" in view.structure:
            return [z3.BoolVal(True)]
        i, o = view.inputs, view.outcome
        got, exact = o["n_common"] - i["h_1_common"], i["given"] * i["c_E"]
        return [
            o["n_E"] + o["v_E"] == i["h_1_E"] + i["h_3_E"] + i["v_E"],
            o["v_E"] - i["v_E"] == i["given"],
            2 * (got - exact) <= 1,
            2 * (exact - got) < 1,
            o["b_1"] - i["b_1"] == i["given"] * i["d_E"],
        ]

    def rounded_down(view: View) -> z3.BoolRef:
        if "refused" in view.structure:
            return z3.BoolVal(True)
        i = view.inputs
        below: z3.BoolRef = view.outcome["n_common"] - i["h_1_common"] <= i["given"] * i["c_E"]
        return below

    stated = theorem(
        "history.conversion_takes_what_it_converts",
        "",
        "A conversion of E takes exactly the shares that convert, gives their ratio in Common to within half a share,"
        " and leaves their declared dividends a debt.",
        "3(a), 3(h)",
        hypotheses=hypotheses_of((case,)),
        constants=FIGURES,
    )
    return PathCheck(
        stated,
        claim,
        labels=(case.label,),
        neighbours=(Neighbour("it gives no more Common than that", claim=rounded_down),),
    )


# By election and consent


def by_election(charter: Charter) -> Study:
    """Return the theorems about the election of the class that converts together."""
    cases = (_elect(charter, freed=False), _elect(charter, freed=True))
    words, clauses = "An election of the class", "3(a), 3(h)"
    checks = (
        step_check(charter, "elect_conversion", cases, words, clauses),
        equivalence_check(charter, "elect_conversion", cases, words, clauses),
    )
    return Study("elections in a history", tuple(subject_of(charter, case) for case in cases), checks, weight=3)


def _over_for_two(charter: Charter, v: Values, exact: Any) -> tuple[z3.BoolRef, z3.BoolRef]:
    """Say when Common rounded for two holders may be, and when it must be, more than is still authorised."""
    room = _room(charter, v)
    return exact + 1 > room, exact - 1 > room


def _elect(charter: Charter, freed: bool) -> Case:
    def carried(v: Values) -> z3.BoolRef:
        return 2 * v["given"] > v["h_1_A"] + v["h_3_A"]

    def refusals(v: Values) -> Refusals:
        converting = v["given"] if freed else v["h_1_A"] + v["h_3_A"]
        maybe, surely = _over_for_two(charter, v, converting * v["c_A"])
        return {
            "negative_shares": v["given"] < 0,
            "not_held": v["given"] > v["h_1_A"],
            "over_authorized": (z3.And(carried(v), maybe), z3.And(carried(v), surely)),
        }

    def facts(v: Values, old: Values, new: Values) -> Facts:
        claimants = [holder for holder, *_ in new["claimants"]]
        if not claimants:
            return {"elected": {"carried_1": 0, "where": lambda now: z3.Not(carried(v))}}
        giving = {"1": v["given"]} if freed else {holder: old[f"h_{holder}_A"] for holder in claimants}
        found: dict[str, Mapping[str, Any]] = {
            "d_A": {"declared_1": 0},
            "v_A": {"converts_1": sum(giving.values())},
            "elected": {"is": freed},
            "claimants": {"is": tuple((holder, "A", str(ON)) for holder in giving)},
        }
        for at, (holder, shares) in enumerate(giving.items(), start=1):
            found |= {f"h_{holder}_A": {"lost_1": shares}, f"h_{holder}_common": {"nearest": shares * v["c_A"]}}
            found |= _claim_of(holder, at, shares * (FIXED_A + old["d_A"]))
        # Whoever has none converts none.
        idle = [old[f"h_{holder}_A"] == 0 for holder in ("1", "3") if holder not in giving and not freed]
        found["n_settled"] = {"where": lambda now: z3.And(carried(v), *idle)}
        return found

    of_state = "h_1_A h_3_A h_3_common c_A d_A v_A"
    return Case(
        "elect_conversion",
        f"an election of A{', which frees those who consent' if freed else ''}",
        of_state,
        "given",
        lambda v: events.ElectConversion(ON, {"1": {"A": v["given"]}}),
        refusals,
        facts,
        (seed_of(f"{of_state} given", h_1_A=3), seed_of(f"{of_state} given", h_1_A=3, given=3)),
        whole="given",
        ratios="A",
        readings=FREED if freed else Readings(),
    )


def by_consent(charter: Charter) -> Study:
    """Return the theorems about the written consent of a series."""
    cases = (_consent(charter), _after_an_offering())
    words, clauses = "A consent of a series", "3(b), 3(h)"
    checks = (
        step_check(charter, "consent_conversion", cases, words, clauses),
        equivalence_check(charter, "consent_conversion", cases, words, clauses),
    )
    return Study("consents in a history", tuple(subject_of(charter, case) for case in cases), checks, weight=2)


def _consent(charter: Charter) -> Case:
    def carried(v: Values) -> z3.BoolRef:
        whole = v["h_1_E"] + v["h_3_E"]
        return 5 * v["given"] >= 3 * whole

    def refusals(v: Values) -> Refusals:
        maybe, surely = _over_for_two(charter, v, (v["h_1_E"] + v["h_3_E"]) * v["c_E"])
        return {
            "negative_shares": v["given"] < 0,
            "not_held": v["given"] > v["h_1_E"],
            "over_authorized": (z3.And(carried(v), maybe), z3.And(carried(v), surely)),
        }

    def facts(v: Values, old: Values, new: Values) -> Facts:
        found: dict[str, Mapping[str, Any]] = {}
        # A consent that carries converts every share of the series, and one that does not carries none.
        done = z3.If(carried(v), z3.RealVal(1), z3.RealVal(0))
        for holder in ("1", "3"):
            shares = old[f"h_{holder}_E"] * done
            found[f"h_{holder}_E"] = {"lost_1": shares}
            found[f"h_{holder}_common"] = {"nearest": shares * v["c_E"]}
            found[f"b_{holder}"] = {"owed_1": shares * old["d_E"]}
        return {**found, "v_E": {"converts_1": (old["h_1_E"] + old["h_3_E"]) * done}, "d_E": {"declared_1": 0}}

    of_state = "h_1_E h_3_E h_3_common c_E d_E v_E"
    return Case(
        "consent_conversion",
        "a consent of E",
        of_state,
        "given",
        lambda v: events.ConsentConversion(ON, "E", {"1": v["given"]}),
        refusals,
        facts,
        (seed_of(f"{of_state} given", h_1_E=3), seed_of(f"{of_state} given", h_1_E=3, given=3)),
        whole="given",
        ratios="E",
    )


def _after_an_offering() -> Case:
    of_state = "h_1_E h_3_common c_E"
    return Case(
        "consent_conversion",
        "a consent of E on the day of an offering that has converted the Preferred",
        of_state,
        "given",
        lambda v: events.ConsentConversion(ON, "E", {"1": v["given"]}),
        lambda v: {},
        lambda v, old, new: {},
        (seed_of(f"{of_state} given"),),
        whole="given",
        ratios="E",
        further=Further(offered_on=ON, as_of=ON),
    )


# By an offering


def by_offering(charter: Charter) -> Study:
    """Return the theorems about public offerings."""
    large, small = _large(charter), _small(charter)
    cases = (large, small)
    words, clauses = "A public offering", "3(b), 3(h), IV.A"
    checks = (
        step_check(charter, "public_offering", cases, words, clauses),
        equivalence_check(charter, "public_offering", cases, words, clauses),
        _within_the_authorised(charter, large),
    )
    return Study("offerings in a history", tuple(subject_of(charter, case) for case in cases), checks, weight=3)


def _offer(v: Values) -> events.Event:
    return events.PublicOffering(ON, Fraction(PRICE), v["sold"], to="3")


def _large(charter: Charter) -> Case:
    def facts(v: Values, old: Values, new: Values) -> Facts:
        found: dict[str, Mapping[str, Any]] = {
            "h_1_E": {"lost_1": old["h_1_E"]},
            "h_3_A": {"lost_1": old["h_3_A"]},
            "h_1_common": {"nearest": old["h_1_E"] * v["c_E"]},
            "h_3_common": {"nearest": old["h_3_A"] * v["c_A"], "besides": v["sold"]},
            "v_E": {"converts_1": old["h_1_E"]},
            "v_A": {"converts_1": old["h_3_A"]},
            "d_E": {"declared_1": 0},
            "d_A": {"declared_1": 0},
            "b_1": {"owed_1": old["h_1_E"] * old["d_E"]},
            "offered_on": {"is": str(ON)},
            "claimants": {"is": (("3", "A", str(ON)),)},
            **_claim_of("3", 1, old["h_3_A"] * (FIXED_A + old["d_A"])),
        }
        return found

    of_state = "h_1_E h_3_A h_3_common c_E c_A d_E d_A"
    return Case(
        "public_offering",
        "an offering of $40,000,000 or more",
        of_state,
        "sold",
        _offer,
        lambda v: {"over_authorized": v["sold"] > _room(charter, v)},
        facts,
        (seed_of(f"{of_state} sold", sold=SIZE // PRICE),),
        whole="sold",
        ratios="AE",
        domain=(z3.Real("sold") * PRICE >= SIZE,),
        about=f"the public pays ${PRICE} a share",
        further=NEW,
    )


def _small(charter: Charter) -> Case:
    def facts(v: Values, old: Values, new: Values) -> Facts:
        return {"h_3_common": {"gained_1": v["sold"]}, "P_E": {}, "x_E": {}, "g_E": {}}

    of_state = "h_1_E h_3_common P_E"
    return Case(
        "public_offering",
        "an offering of less",
        of_state,
        "sold",
        _offer,
        lambda v: {
            "negative_shares": v["sold"] < 0,
            "over_authorized": v["sold"] > _room(charter, v),
            "price_not_positive": None,
        },
        facts,
        (seed_of(f"{of_state} sold"), seed_of(f"{of_state} sold", P_E=40)),
        whole="sold",
        domain=(z3.Real("sold") * PRICE < SIZE,),
        about=f"the public pays ${PRICE} a share",
        further=ALONE,
    )


def _within_the_authorised(charter: Charter, case: Case) -> PathCheck:
    stated = theorem(
        "history.authorised_common_after_an_offering",
        "",
        "After an offering that converts the Preferred no more Common is outstanding than authorised.",
        "3(b), IV.A",
        hypotheses=hypotheses_of((case,)),
        constants=FIGURES,
        expected=REFUTED,
    )
    many = seed_of(f"{case.of_state} {case.of_event}", h_3_common=37_000_000, h_3_A=2_000_000, sold=2_000_000)
    return PathCheck(
        stated,
        lambda v: v.outcome["n_common"] <= _limit(charter) if "n_common" in v.outcome else z3.BoolVal(True),
        labels=(case.label,),
        suggestions=(many,),
        shows="The offering converts all the same, and the shortfall that an amendment must provide is told.",
    )
