"""Theorems about section 3(d): conversion prices after issuances, splits and rights, and what is carried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import z3

from proofs.checks import Neighbour, PathCheck
from proofs.statements import checked, numbers, theorem
from proofs.study import Study
from proofs.theorems import (
    antidilution_forms,
    antidilution_histories,
    antidilution_issuances,
    antidilution_rights,
    enclosures,
)
from proofs.theorems.antidilution_states import (
    CENT,
    LATER,
    E,
    at,
    exact,
    given,
    reals,
    subject_of,
)
from proofs.views import Subject, View
from reference.antidilution import Outstanding, issue
from reference.charter import Charter
from reference.conversion_price import weighted_average

AVERAGE = "3(d)(i)(A)"
P, H, N, SHARES, EACH = reals("P h N n c")
VALID = (P > 0, H >= 0, H < CENT, P > H, N >= 0, SHARES > 0, EACH >= 0)
"""A state of one price: in effect P, of which h is carried; N shares outstanding; n are issued at c dollars each."""

SOME = given("some shares are outstanding before", N > 0)


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    parts = (antidilution_issuances, antidilution_histories, antidilution_rights, antidilution_forms, enclosures)
    return (issuance_study(charter), *(study for part in parts for study in part.studies(charter)))


# One issuance

ONE = "one issuance at any price"
FORMULA = "the weighted average of any price"


def issuance_study(charter: Charter) -> Study:
    """Return the theorems about what one issuance makes of one price."""
    return Study("one issuance", (_one(charter), _formula()), (*_one_issuance(),), weight=4)


def _one(charter: Charter) -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        state = issue(at(charter, {"E": v["P"]}, {"E": v["h"]}), LATER, v["n"], v["c"] * v["n"], E, Outstanding(v["N"]))
        return {"official": state.official["E"], "exact": exact(state)}

    seeds = (
        numbers(P=4, h=0, N=10, n=1, c=1),
        numbers(P=4, h="1/200", N=10, n=1, c=5),
        numbers(P=4, h="1/200", N=100_000, n=1, c=1),
    )
    return subject_of(ONE, function, "P h N n c", VALID, *seeds)


def _formula() -> Subject:
    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        return {"averaged": weighted_average(v["P"], v["N"], v["n"], v["c"] * v["n"])}

    hypotheses = (P > 0, N >= 0, SHARES > 0, EACH >= 0)
    return subject_of(FORMULA, function, "P N n c", hypotheses, numbers(P=4, N=10, n=1, c=5))


def _old(v: View) -> z3.ArithRef:
    """Return the exact price before, $/share."""
    return v.inputs["P"] - v.inputs["h"]


def _one_issuance() -> tuple[PathCheck, ...]:
    below = given("the issue price is below the exact price", EACH < P - H)

    def between(v: View) -> list[z3.BoolRef]:
        now, old, each = v.outcome, v.inputs["P"] - v.inputs["h"], v.inputs["c"]
        return [each < now["exact"], now["exact"] < old, each < now["official"], now["official"] <= v.inputs["P"]]

    def lowered(v: View) -> list[z3.BoolRef]:
        return [v.outcome["exact"] <= v.inputs["P"] - v.inputs["h"], v.outcome["official"] <= v.inputs["P"]]

    def share_kept(v: View) -> tuple[z3.ArithRef, z3.ArithRef]:
        old = v.inputs["P"] - v.inputs["h"]
        return v.outcome["exact"] * (v.inputs["N"] + v.inputs["n"]), old * v.inputs["N"]

    return (
        checked(
            theorem(
                "antidilution.between",
                "TH-AD-01",
                "An issuance below the price lowers the exact price, and leaves every price above that of the issue.",
                AVERAGE,
            ),
            between,
            SOME,
            below,
            labels=(ONE,),
            neighbours=(
                Neighbour("there need be no shares before", hypotheses=(below,)),
                Neighbour("the issue price may equal the exact one", hypotheses=(SOME, given("c <= X", EACH <= P - H))),
            ),
        ),
        checked(
            theorem("antidilution.never_raises", "TH-AD-01", "No issuance raises a price.", AVERAGE),
            lowered,
            SOME,
            labels=(ONE,),
            neighbours=(
                Neighbour(
                    "every issuance lowers the exact one",
                    claim=lambda v: v.outcome["exact"] < v.inputs["P"] - v.inputs["h"],
                ),
                Neighbour("there need be no shares before", hypotheses=()),
            ),
        ),
        checked(
            theorem(
                "antidilution.average_above_price",
                "TH-AD-02",
                "Without the comparison with the price, an issuance above it would raise it.",
                AVERAGE,
            ),
            lambda v: v.outcome["averaged"] > v.inputs["P"],
            given("the issue price is above the price", EACH > P),
            labels=(FORMULA,),
            neighbours=(Neighbour("or equal to it", hypotheses=(given("c >= P", EACH >= P),)),),
        ),
        checked(
            theorem(
                "antidilution.share_kept",
                "TH-AD-14",
                "An issuance leaves at least the fraction N/(N+n) of the exact price.",
                AVERAGE,
            ),
            lambda v: share_kept(v)[0] >= share_kept(v)[1],
            SOME,
            labels=(ONE,),
            neighbours=(Neighbour("it leaves more", claim=lambda v: share_kept(v)[0] > share_kept(v)[1]),),
        ),
    )
