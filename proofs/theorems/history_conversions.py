"""Theorems about conversions in a history: at option, by election, by consent and by an offering (3(a), 3(b), 3(h))."""

from __future__ import annotations

from collections.abc import Mapping
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
    only_if,
    seed_of,
    step_check,
    subject_of,
    unless_refused,
)
from proofs.views import View
from reference import events
from reference.charter import Charter
from reference.readings import AdElection, Readings
from symbolic import history as closed
from symbolic.evaluate import holds

FIXED_A = literal(Fraction("0.925"))
"""The fixed part of the Cash Amount of A, $/share (3(a)(i))."""

NEW = Further(purchased=dict.fromkeys("ABCDEF", ON), as_of=ON)
"""No series is old enough to have its price adjusted."""

FREED = Readings(ad_election=AdElection.UNLOCK_INDIVIDUAL)
PRICE = 20
"""What the public pays for a share in the offerings, $, at which no floor applies."""

LOW, FLOOR = 4, literal(Fraction("8.30"))
"""A price below the floor of E, $/share, and the floor (3(b)(ii))."""

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


def _no_more_new(new: Any, left: Any) -> Mapping[str, Any]:
    """Say that of the shares of the day no more count as new than are left."""
    return {"is": z3.If(new < left, new, left)}


def _claim_of(holder: str, at: int, owed: Any) -> Facts:
    return {f"paid_{at}": {"is": literal(Fraction(0))}, f"unpaid_{at}": {"is": owed}}


# At the holder's option


def at_option(charter: Charter) -> Study:
    """Return the theorems about conversions at the holder's option."""
    cases = (_convert_e(charter), _convert_a(charter, freed=True), _convert_a(charter, freed=False))
    words, clauses = "A conversion at option", "3(a), 3(h)"
    checks = (
        step_check(charter, "convert", cases, words, clauses),
        equivalence_check(charter, "convert", cases, words, clauses, neighbours=_nearly_converted(cases[0])),
        _takes_what_it_converts(cases[0]),
    )
    return Study("conversions at option in a history", tuple(subject_of(charter, c) for c in cases), checks, weight=3)


def _nearly_converted(case: Case) -> tuple[Neighbour, ...]:
    return (
        only_if(
            "a holder of one share fewer may convert as many",
            "not_held",
            lambda v: v["given"] > v["h_1_E"] + 1,
            case.label,
        ),
        only_if(
            "one share that is new today may convert",
            "issued_today",
            lambda v: v["given"] > v["h_1_E"] - v["t_1_E"] + 1,
            case.label,
        ),
    )


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
        return {
            "h_1_E": {"lost_1": given},
            "h_1_common": {"nearest": given * v["c_E"]},
            "v_E": {"converts_2": given},
            "b_1": {"owed_1": given * old["d_E"]},
            "d_E": {"declared_1": 0},
            "t_1_E": _no_more_new(old["t_1_E"], old["h_1_E"] - given),
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
            "v_A": {"converts_2": given},
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
            o["n_E"] * o["d_E"] + o["b_1"] == (i["h_1_E"] + i["h_3_E"]) * i["d_E"] + i["b_1"],
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
        " and leaves their declared dividends a debt, so that as much is owed in dividends as before.",
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
        equivalence_check(charter, "elect_conversion", cases, words, clauses, neighbours=(_half_of_the_class(cases),)),
    )
    return Study("elections in a history", tuple(subject_of(charter, case) for case in cases), checks, weight=3)


def _half_of_the_class(cases: tuple[Case, ...]) -> Neighbour:
    def claim(view: View) -> z3.BoolRef:
        if "refused" in view.structure:
            return z3.BoolVal(True)
        half = 2 * view.inputs["given"] == view.inputs["h_1_A"] + view.inputs["h_3_A"]
        return z3.Implies(half, z3.BoolVal(bool(view.structure["claimants"])))

    return Neighbour("exactly half of the class carries", claim=claim, labels=(cases[0].label,))


def _over_for_two(charter: Charter, v: Values, carried: z3.BoolRef, exact: Any) -> tuple[z3.BoolRef, z3.BoolRef]:
    """Say when Common rounded for two holders may be, and when it must be, more than is still authorised.

    Where more than that is outstanding already, even what converts nothing is refused.
    """
    room = _room(charter, v)
    return z3.Or(z3.And(carried, exact + 1 > room), room < 0), z3.Or(z3.And(carried, exact - 1 > room), room < 0)


def _elect(charter: Charter, freed: bool) -> Case:
    readings = FREED if freed else Readings()

    def carried(v: Values) -> z3.BoolRef:
        return 2 * v["given"] > v["h_1_A"] + v["h_3_A"]

    def outcome(carries: bool, *conditions: z3.BoolRef) -> Mapping[str, Any]:
        """Say when an election carries or not, and whether the holders are free to convert afterwards."""
        free = holds(closed.elected(readings, 1), {"carried_1": int(carries)})
        return {"where": lambda now: z3.And(*conditions, z3.BoolVal(now == free))}

    def refusals(v: Values) -> Refusals:
        converting = v["given"] if freed else v["h_1_A"] + v["h_3_A"]
        return {
            "negative_shares": v["given"] < 0,
            "not_held": v["given"] > v["h_1_A"],
            "over_authorized": _over_for_two(charter, v, carried(v), converting * v["c_A"]),
        }

    def facts(v: Values, old: Values, new: Values) -> Facts:
        claimants = [holder for holder, *_ in new["claimants"]]
        if not claimants:
            return {"elected": outcome(False, z3.Not(carried(v)))}
        giving = {"1": v["given"]} if freed else {holder: old[f"h_{holder}_A"] for holder in claimants}
        found: dict[str, Mapping[str, Any]] = {
            "t_1_A": _no_more_new(old["t_1_A"], old["h_1_A"] - giving.get("1", 0)),
            "d_A": {"declared_1": 0},
            "v_A": {"converts_2": sum(giving.values())},
            "claimants": {"is": tuple((holder, "A", str(ON)) for holder in giving)},
        }
        for at, (holder, shares) in enumerate(giving.items(), start=1):
            found |= {f"h_{holder}_A": {"lost_1": shares}, f"h_{holder}_common": {"nearest": shares * v["c_A"]}}
            found |= _claim_of(holder, at, shares * (FIXED_A + old["d_A"]))
        # Whoever has none converts none.
        idle = [old[f"h_{holder}_A"] == 0 for holder in ("1", "3") if holder not in giving and not freed]
        return {**found, "elected": outcome(True, carried(v), *idle)}

    of_state = "h_1_A h_3_A t_1_A h_3_common c_A d_A v_A"
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
        readings=readings,
        further=TODAY,
    )


def by_consent(charter: Charter) -> Study:
    """Return the theorems about the written consent of a series."""
    cases = (_consent(charter), _after_an_offering())
    words, clauses = "A consent of a series", "3(b), 3(h)"
    checks = (
        step_check(charter, "consent_conversion", cases, words, clauses),
        equivalence_check(charter, "consent_conversion", cases, words, clauses, neighbours=(_a_share_less(cases[0]),)),
    )
    return Study("consents in a history", tuple(subject_of(charter, case) for case in cases), checks, weight=2)


def _a_share_less(case: Case) -> Neighbour:
    def claim(view: View) -> z3.BoolRef:
        i = view.inputs
        nearly = 5 * (i["given"] + 1) >= 3 * (i["h_1_E"] + i["h_3_E"])
        return z3.Implies(nearly, view.outcome["n_E"] == 0)

    return Neighbour("one share less than three fifths carries", claim=unless_refused(claim), labels=(case.label,))


def _consent(charter: Charter) -> Case:
    def carried(v: Values) -> z3.BoolRef:
        whole = v["h_1_E"] + v["h_3_E"]
        return 5 * v["given"] >= 3 * whole

    def refusals(v: Values) -> Refusals:
        exact = (v["h_1_E"] + v["h_3_E"]) * v["c_E"]
        return {
            "negative_shares": v["given"] < 0,
            "not_held": v["given"] > v["h_1_E"],
            "over_authorized": _over_for_two(charter, v, carried(v), exact),
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
        found["t_1_E"] = _no_more_new(old["t_1_E"], old["h_1_E"] * (1 - done))
        return {**found, "v_E": {"converts_2": (old["h_1_E"] + old["h_3_E"]) * done}, "d_E": {"declared_1": 0}}

    of_state = "h_1_E h_3_E t_1_E h_3_common c_E d_E v_E"
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
        further=TODAY,
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
    large = (_large(charter), _at_any_price(charter), _below_the_floor(charter))
    cases = (*large, _small(charter))
    words, clauses = "A public offering", "3(b), 3(h), IV.A"
    nearly = only_if(
        "one share more than is authorised may be sold",
        "over_authorized",
        lambda v: v["sold"] > _room(charter, v) + 1,
        large[1].label,
    )
    checks = (
        step_check(charter, "public_offering", cases, words, clauses),
        equivalence_check(charter, "public_offering", cases, words, clauses, neighbours=(nearly,)),
        _nothing_left(large, cases[-1]),
        _authorised_afterwards(charter, large[0]),
    )
    return Study("offerings in a history", tuple(subject_of(charter, case) for case in cases), checks, weight=3)


OFFERED: Facts = {"offered_on": {"is": str(ON)}}
OFFERINGS = (
    f"the offering comes to $40,000,000 or more, at ${PRICE} a share, at ${LOW} where E alone can convert, or at any"
    f" price where A alone can; or it comes to less, at ${PRICE} a share"
)
"""The offerings that are looked at, in words."""


def _large(charter: Charter) -> Case:
    """Return an offering at a price at which no floor applies, which converts E of one holder and A of the others."""

    def facts(v: Values, old: Values, new: Values) -> Facts:
        return {
            **OFFERED,
            "h_1_E": {"lost_1": old["h_1_E"]},
            "h_3_A": {"lost_1": old["h_3_A"]},
            "h_1_common": {"nearest": old["h_1_E"] * v["c_E"]},
            "h_3_common": {"nearest": old["h_3_A"] * v["c_A"], "besides": v["sold"]},
            "v_E": {"converts_2": old["h_1_E"]},
            "v_A": {"converts_2": old["h_3_A"]},
            "d_E": {"declared_1": 0},
            "d_A": {"declared_1": 0},
            "b_1": {"owed_1": old["h_1_E"] * old["d_E"]},
            "claimants": {"is": (("3", "A", str(ON)),)},
            **_claim_of("3", 1, old["h_3_A"] * (FIXED_A + old["d_A"])),
        }

    of_state = "h_1_E h_3_A h_3_common c_E c_A d_E d_A"
    return Case(
        "public_offering",
        f"an offering of $40,000,000 or more at ${PRICE} a share",
        of_state,
        "sold",
        lambda v: events.PublicOffering(ON, Fraction(PRICE), v["sold"], to="3"),
        lambda v: {"over_authorized": v["sold"] > _room(charter, v)},
        facts,
        (seed_of(f"{of_state} sold", sold=SIZE // PRICE),),
        whole="sold",
        ratios="AE",
        domain=(z3.Real("sold") * PRICE >= SIZE,),
        about=OFFERINGS,
        further=NEW,
    )


def _at_any_price(charter: Charter) -> Case:
    def facts(v: Values, old: Values, new: Values) -> Facts:
        return {
            **OFFERED,
            "h_3_A": {"lost_1": old["h_3_A"]},
            "h_3_common": {"nearest": old["h_3_A"] * v["c_A"], "besides": v["sold"]},
            "v_A": {"converts_2": old["h_3_A"]},
            "claimants": {"is": (("3", "A", str(ON)),)},
            **_claim_of("3", 1, old["h_3_A"] * FIXED_A),
        }

    of_state = "h_3_A h_3_common c_A"
    return Case(
        "public_offering",
        "an offering of $40,000,000 or more at any price",
        of_state,
        "sold price",
        lambda v: events.PublicOffering(ON, v["price"], v["sold"], to="3"),
        lambda v: {"over_authorized": v["sold"] > _room(charter, v)},
        facts,
        (seed_of(f"{of_state} sold price", sold=SIZE // PRICE, price=PRICE),),
        whole="sold",
        ratios="A",
        domain=(z3.Real("sold") * z3.Real("price") >= SIZE, z3.Real("price") > 0, z3.Real("sold") > 0),
        about=OFFERINGS,
        further=NEW,
    )


def _below_the_floor(charter: Charter) -> Case:
    """Return an offering at a price at which E converts into no less than its floor over it (3(b)(ii))."""

    def facts(v: Values, old: Values, new: Values) -> Facts:
        ratio = z3.If(v["c_E"] >= FLOOR / LOW, v["c_E"], FLOOR / LOW)
        return {
            **OFFERED,
            "h_1_E": {"lost_1": old["h_1_E"]},
            "h_1_common": {"nearest": old["h_1_E"] * ratio},
            "h_3_common": {"gained_1": v["sold"]},
            "v_E": {"converts_2": old["h_1_E"]},
            "d_E": {"declared_1": 0},
            "b_1": {"owed_1": old["h_1_E"] * old["d_E"]},
            "t_1_E": {"is": literal(Fraction(0))},
        }

    of_state = "h_1_E t_1_E h_3_common c_E d_E"
    return Case(
        "public_offering",
        f"an offering of $40,000,000 or more at ${LOW} a share, below the floor of E",
        of_state,
        "sold",
        lambda v: events.PublicOffering(ON, Fraction(LOW), v["sold"], to="3"),
        lambda v: {"over_authorized": v["sold"] > _room(charter, v)},
        facts,
        (seed_of(f"{of_state} sold", sold=SIZE // LOW), seed_of(f"{of_state} sold", sold=SIZE // LOW, c_E=3)),
        whole="sold",
        ratios="E",
        domain=(z3.Real("sold") * LOW >= SIZE,),
        about=OFFERINGS,
        further=NEW,
    )


def _small(charter: Charter) -> Case:
    def facts(v: Values, old: Values, new: Values) -> Facts:
        return {"h_3_common": {"gained_1": v["sold"]}, "P_E": {}, "x_E": {}, "g_E": {}}

    of_state = "h_1_E h_3_common P_E"
    return Case(
        "public_offering",
        f"an offering of less at ${PRICE} a share",
        of_state,
        "sold",
        lambda v: events.PublicOffering(ON, Fraction(PRICE), v["sold"], to="3"),
        lambda v: {
            "negative_shares": v["sold"] < 0,
            "over_authorized": z3.And(v["sold"] > 0, v["sold"] > _room(charter, v)),
            "price_not_positive": None,
        },
        facts,
        (seed_of(f"{of_state} sold"), seed_of(f"{of_state} sold", P_E=40)),
        whole="sold",
        domain=(z3.Real("sold") * PRICE < SIZE,),
        about=OFFERINGS,
        further=ALONE,
    )


def _nothing_left(large: tuple[Case, ...], small: Case) -> PathCheck:
    stated = theorem(
        "history.offering_leaves_no_preferred",
        "",
        "After an offering of $40,000,000 or more no Preferred that can convert is outstanding, and what of it there"
        " was has converted.",
        "3(b)",
        hypotheses=hypotheses_of(large),
        constants=FIGURES,
    )

    def claim(view: View) -> z3.BoolRef:
        out, i = view.outcome, view.inputs
        had = {"A": i.get("h_3_A", 0), "E": i.get("h_1_E", 0)}
        return z3.And(*(z3.And(out[f"n_{name}"] == 0, out[f"v_{name}"] == had[name]) for name in had))

    labels = tuple(case.label for case in large)
    less = Neighbour("nor after one of less", labels=(small.label,))
    return PathCheck(stated, unless_refused(claim), labels=labels, neighbours=(less,))


def _authorised_afterwards(charter: Charter, case: Case) -> PathCheck:
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
        unless_refused(lambda v: v.outcome["n_common"] <= _limit(charter)),
        labels=(case.label,),
        suggestions=(many,),
        shows="The offering converts all the same, and the shortfall that an amendment must provide is told.",
    )
