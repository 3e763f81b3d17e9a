"""Theorems about options, warrants and convertible securities in a history: each event from any sound state.

What a change or an end of rights makes of the conversion prices is the subject of section 3(d); here it may be
anything, and what is left of the rights and of the state is claimed.
"""

from __future__ import annotations

from typing import Any

import z3

from proofs.checks import Neighbour, PathCheck
from proofs.statements import theorem
from proofs.study import Study
from proofs.theorems.history_states import (
    ALONE,
    FIGURES,
    FIRST,
    ON,
    OVER_COMMON,
    OVER_E,
    TODAY,
    Case,
    Facts,
    Further,
    Refusals,
    Values,
    equivalence_check,
    hypotheses_of,
    never,
    only_if,
    seed_of,
    step_check,
    subject_of,
    unless_refused,
)
from proofs.views import View
from reference import events
from reference.additional_stock import IssueFacts, Purpose
from reference.charter import COMMON, Charter

DIRECT = IssueFacts(Purpose.EMPLOYEE)
CLAUSE = "3(d)(i)(E)"
OVER = {OVER_COMMON: COMMON, OVER_E: "E"}
PRICES: Facts = {"P_E": {}, "x_E": {}, "g_E": {}}
"""The prices of E are left to the theorems about section 3(d)."""


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of these events."""
    return (issued(charter), changed(charter), exercised(charter), expired(charter))


def terms_of(rights: str) -> str:
    """Name the unknown terms of some rights."""
    return " ".join(f"{stem}_{rights}" for stem in "DXeu")


def _study(
    charter: Charter,
    name: str,
    kind: str,
    cases: tuple[Case, ...],
    words: str,
    clause: str,
    nearly: Neighbour,
    *more: PathCheck,
) -> Study:
    checks = (
        step_check(charter, kind, cases, words, clause),
        equivalence_check(charter, kind, cases, words, clause, neighbours=(nearly,)),
        *more,
    )
    return Study(name, tuple(subject_of(charter, case) for case in cases), checks, weight=2)


def _one_more(label: str, shares: str) -> Neighbour:
    """Return the twin that one share more than is deliverable may be exercisable."""
    return only_if(
        "one share more may be exercisable than deliverable",
        "bad_rights",
        lambda v: z3.Or(v["now"] < 0, v["now"] > v[shares] + 1, v["shares"] <= 0, v["each"] < 0),
        label,
    )


def _none_or_all(deliverable: Any, exercisable: Any, price: Any) -> z3.BoolRef:
    return z3.Or(exercisable < 0, exercisable > deliverable, price < 0)


# Issues of rights


def issued(charter: Charter) -> Study:
    """Return the theorems about issues of rights."""
    cases = (
        _issued("an issue of rights over Common to an employee", OVER_COMMON, "h_3_common P_E g_E", DIRECT),
        _issued("an issue of rights over Common, deemed an issue", OVER_COMMON, "h_3_common P_E g_E", IssueFacts()),
        _issued("an issue of rights over E", OVER_E, "h_3_E P_E", IssueFacts()),
        *(_taken(stock) for stock in (COMMON, "E")),
    )
    return _study(
        charter,
        "issues of rights in a history",
        "issue_rights",
        cases,
        "An issue of rights",
        CLAUSE,
        _one_more(cases[2].label, "shares"),
    )


def _issued(label: str, rights: str, of_state: str, facts_given: IssueFacts) -> Case:
    deemed = rights == OVER_COMMON and facts_given is not DIRECT

    def refusals(v: Values) -> Refusals:
        bad = z3.Or(v["shares"] <= 0, _none_or_all(v["shares"], v["now"], v["each"]))
        if rights == OVER_COMMON:
            bad = z3.Or(bad, v["grant"] < 0)
        return {"bad_rights": bad, **({"price_not_positive": None} if deemed else {})}

    def facts(v: Values, old: Values, new: Values) -> Facts:
        terms = {"D": v["shares"], "X": v["now"], "e": v["each"]}
        given = {f"{stem}_{rights}": {"anew_2": term, "kept_2": 0} for stem, term in terms.items()}
        found: dict[str, Any] = {**given, f"u_{rights}": {"used_2": 0}}
        return {**found, "rights_over": {"is": ((rights, OVER[rights]),)}, **(PRICES if deemed else {})}

    def event(v: Values) -> events.Event:
        return events.IssueRights(
            ON, rights, v["shares"], v["each"], OVER[rights], v["now"], v["grant"], facts=facts_given
        )

    seed = seed_of(f"{of_state} shares now each grant", **({"g_E": 0} if "g_E" in of_state else {}))
    return Case(
        "issue_rights", label, of_state, "shares now each grant", event, refusals, facts, (seed,), further=ALONE
    )


def _taken(stock: str) -> Case:
    """Return an issue of rights by the name of rights over E that there are."""
    of_state = f"h_3_E {terms_of(OVER_E)}"
    return Case(
        "issue_rights",
        f"an issue of rights over {stock} whose name is taken",
        of_state,
        "shares each",
        lambda v: events.IssueRights(ON, OVER_E, v["shares"], v["each"], stock, facts=DIRECT),
        lambda v: {"rights_exist": z3.BoolVal(True)},
        lambda v, old, new: {},
        (seed_of(f"{of_state} shares each"),),
    )


# Changes


def changed(charter: Charter) -> Study:
    """Return the theorems about changes of rights."""
    cases = (
        _changed("a change of rights over E", OVER_E, ""),
        _changed("a change of rights over Common", OVER_COMMON, "P_E g_E"),
        _vested(),
    )
    return _study(
        charter,
        "changes of rights in a history",
        "change_rights",
        cases,
        "A change of rights",
        CLAUSE,
        _one_more(cases[0].label, "shares"),
    )


def _changed(label: str, rights: str, more: str) -> Case:
    of_state = f"{terms_of(rights)} {more}".strip()

    def refusals(v: Values) -> Refusals:
        ended = v[f"D_{rights}"] <= 0
        return {"rights_ended": ended, "bad_rights": _none_or_all(v["shares"], v["now"], v["each"])}

    def facts(v: Values, old: Values, new: Values) -> Facts:
        terms = {"D": v["shares"], "X": v["now"], "e": v["each"]}
        return {f"{stem}_{rights}": {"anew_2": term, "kept_2": 0} for stem, term in terms.items()}

    return Case(
        "change_rights",
        label,
        of_state,
        "shares now each",
        lambda v: events.ChangeRights(ON, rights, v["shares"], v["now"], v["each"]),
        refusals,
        facts,
        (seed_of(f"{of_state} shares now each"),),
    )


def _vested() -> Case:
    """Return a change of rights that were deemed issued: what becomes exercisable recomputes the price of E."""
    of_state = "D_r X_r e_r P_E"

    def refusals(v: Values) -> Refusals:
        bad = z3.Or(v["now"] < 0, v["now"] > v["D_r"])
        return {"rights_ended": v["D_r"] <= 0, "bad_rights": bad, "price_not_positive": None}

    def facts(v: Values, old: Values, new: Values) -> Facts:
        return {"X_r": {"anew_2": v["now"], "kept_2": 0}, **PRICES}

    return Case(
        "change_rights",
        "rights over Common, deemed issued, of which another number becomes exercisable",
        of_state,
        "now",
        lambda v: events.ChangeRights(ON, OVER_COMMON, exercisable=v["now"]),
        refusals,
        facts,
        (seed_of(f"{of_state} now", P_E=4, D_r=5),),
        further=DEEMED,
        about=GRANTED,
    )


GRANTED = "rights that were deemed issued were granted at a price of E of $4 and with 1,000 shares of Common"
DEEMED = Further(purchased=ALONE.purchased, deemed=True)


# Exercises


def exercised(charter: Charter) -> Study:
    """Return the theorems about exercises of rights."""
    cases = (
        _exercised(
            charter, "an exercise of rights over Common", OVER_COMMON, "h_1_common h_3_common P_E g_E", Further()
        ),
        _exercised(charter, "an exercise of rights over E", OVER_E, "h_1_E h_3_E t_1_E d_E", TODAY),
        _exercised(charter, "an exercise of rights over E that issues its first shares", OVER_E, "P_E", FIRST),
    )
    clauses = "3(d)(i)(E)(3), IV.A, IV.B"
    nearly = only_if(
        "one share more than is exercisable may be exercised",
        "not_exercisable",
        lambda v: v["new"] > v["X_r"] + 1,
        cases[0].label,
    )
    return _study(
        charter,
        "exercises in a history",
        "exercise_rights",
        cases,
        "An exercise of rights",
        clauses,
        nearly,
        _moves(cases[0]),
    )


def _moves(case: Case) -> PathCheck:
    def claim(view: View) -> list[z3.BoolRef]:
        i, o = view.inputs, view.outcome
        return [
            o["D_r"] + o["u_r"] == i["D_r"] + i["u_r"],
            o["n_common"] - i["h_1_common"] - i["h_3_common"] == o["u_r"] - i["u_r"],
            o["did_paid"] == (o["u_r"] - i["u_r"]) * i["e_r"],
            o["P_E"] == i["P_E"],
        ]

    stated = theorem(
        "history.exercise_turns_rights_into_shares",
        "",
        "What is exercised and what is still deliverable add up to what they were; as much Common is issued as is"
        " exercised, at the exercise price; and no conversion price changes.",
        "3(d)(i)(E)(3)",
        hypotheses=hypotheses_of((case,)),
        constants=FIGURES,
    )
    same = Neighbour(
        "as much is deliverable as before", claim=unless_refused(lambda v: v.outcome["D_r"] == v.inputs["D_r"])
    )

    def or_refused(view: View) -> list[z3.BoolRef]:
        return [z3.BoolVal(True)] if "refused" in view.structure else claim(view)

    return PathCheck(stated, or_refused, labels=(case.label,), neighbours=(same,))


def _exercised(charter: Charter, label: str, rights: str, more: str, further: Further) -> Case:
    stock, of_state = OVER[rights], f"{more} {terms_of(rights)}"
    limit = (charter.authorized.common if stock == COMMON else charter.series_named(stock).authorized).value

    def refusals(v: Values) -> Refusals:
        used = v.get(f"h_1_{stock}", 0) + v.get(f"h_3_{stock}", 0)
        found: Refusals = {
            "nothing_issued": v["new"] <= 0,
            "over_authorized": v["new"] + used > limit,
            "not_exercisable": v["new"] > v[f"X_{rights}"],
        }
        return found | ({"dividends_unpaid": v["d_E"] != 0} if "d_E" in v else {})

    def facts(v: Values, old: Values, new: Values) -> Facts:
        used = {f"{stem}_{rights}": {"used_2": v["new"]} for stem in "DXu"}
        found: dict[str, Any] = {**used, f"h_1_{stock}": {"gained_1": v["new"]}}
        if stock == "E":
            found["t_1_E"] = {"is": old["t_1_E"] + v["new"]}
        return found | ({"purchased": {"is": (("E", str(ON)),)}} if further is FIRST else {})

    return Case(
        "exercise_rights",
        label,
        of_state,
        "new",
        lambda v: events.ExerciseRights(ON, rights, "1", v["new"]),
        refusals,
        facts,
        (seed_of(f"{of_state} new"),),
        whole="new",
        further=further,
    )


# Ends


def expired(charter: Charter) -> Study:
    """Return the theorems about rights that expire or terminate."""
    cases = (
        _expired("rights over E that expire", OVER_E, "h_3_E", Further()),
        _expired("rights over Common that expire", OVER_COMMON, "h_3_common P_E g_E", Further()),
        _expired("rights over Common, deemed issued, that expire", OVER_COMMON, "P_E", DEEMED),
        _unknown(),
    )
    return _study(
        charter, "ends of rights in a history", "expire_rights", cases, "An end of rights", "3(d)(i)(E)(4)", never()
    )


def _expired(label: str, rights: str, more: str, further: Further) -> Case:
    of_state = f"{more} {terms_of(rights)}"

    def facts(v: Values, old: Values, new: Values) -> Facts:
        gone: Facts = {f"{stem}_{rights}": {"anew_2": 0, "kept_2": 0} for stem in "DX"}
        return {**gone, **(PRICES if further is DEEMED else {})}

    return Case(
        "expire_rights",
        label,
        of_state,
        "",
        lambda v: events.ExpireRights(ON, rights),
        lambda v: {"price_not_positive": None} if further is DEEMED else {},
        facts,
        (seed_of(of_state, **({"P_E": 4} if further is DEEMED else {})),),
        further=further,
        about=GRANTED if further is DEEMED else "",
    )


def _unknown() -> Case:
    return Case(
        "expire_rights",
        "rights that nobody has issued",
        "h_3_common",
        "",
        lambda v: events.ExpireRights(ON, "x"),
        lambda v: {"no_rights": z3.BoolVal(True)},
        lambda v, old, new: {},
        (seed_of("h_3_common"),),
    )
