"""Theorems about the exercise of options and warrants around a liquidation (AMB-32b)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

import sympy
import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.explorer import Unknown
from proofs.formulas import Changed, FormulaCheck
from proofs.results import Scope
from proofs.statements import agreement, checked, formula, numbers, sentence, theorem, totality
from proofs.study import Check, Study
from proofs.subjects import ASSETS, COMMON_SHARES, DEFAULTS, bounded, chosen, position, shares
from proofs.views import Subject, View
from reference.charter import COMMON, Charter
from reference.equilibrium import liquidate
from reference.position import Option
from reference.readings import Exercise, Readings
from symbolic import symbols
from symbolic.account import Account
from symbolic.algebra import total
from symbolic.equilibrium import implicit_chosen, paid_part
from symbolic.liquidation import Case, ranks, terms

Names = tuple[str, ...]

RIGHTS: Names = ("1", "2")
READINGS = Readings(exercise=Exercise.IN_THE_MONEY_EQUILIBRIUM)
HELD = "AE"
TWO = "two issues of rights over Common beside A, E and Common, in the money"


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the study of the exercises that pay."""
    readings = chosen(READINGS)
    checks: tuple[Check, ...] = (
        agreement(
            "equilibrium.exercise_equivalence",
            f"{sentence(TWO)}: each that is exercised pays with the others, no further one would, and",
            (TWO,),
            lambda view: _claim(charter, view),
            "2",
            readings=readings,
        ),
        totality("equilibrium.exercise_totality", "The exercise of rights", (TWO,), "2", readings=readings),
        *_own(),
        _unique(),
    )
    return (Study("exercise of rights", (_subject(charter),), checks, weight=6),)


def _sets() -> tuple[Names, ...]:
    return tuple(names for size in range(len(RIGHTS) + 1) for names in combinations(RIGHTS, size))


def _subject(charter: Charter) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        options = tuple(Option(name, COMMON, values[f"s_{name}"], values[f"p_{name}"]) for name in RIGHTS)
        table = replace(position(charter, values), options=options)
        found = liquidate(table, READINGS, values["W"])
        taken = frozenset(own.name for own in found.exercised)
        paid = sum(own.shares * own.price for own in found.exercised)
        after = {"assets": values["W"] + paid, "common": found.shares[COMMON]}
        return {**after, "exercised": taken, "twice": len(found.exercised) != len(taken)}

    rights = tuple(Unknown(f"{stem}_{name}") for name in RIGHTS for stem in "sp")
    unknowns = (ASSETS, COMMON_SHARES, shares("A"), shares("E"), *rights)
    seeds = tuple(
        numbers(W=assets, C=common, n_A=1, n_E=1, s_1=s, p_1=p, s_2=1, p_2=2)
        for assets, common, s, p in ((100, 10, 1, 1), (100, 10, 1, 3), (1, 10, 1, 1), (100, 0, 0, 1), (30, 10, 1, 1))
    )
    return bounded(TWO, function, unknowns, seeds, READINGS)


def _after(view: View, names: Names) -> dict[str, z3.ArithRef]:
    """Return the assets and the Common once some rights are exercised."""
    paid = [view.inputs[f"s_{name}"] * view.inputs[f"p_{name}"] for name in names]
    issued = [view.inputs[f"s_{name}"] for name in names]
    return {"W": z3.Sum([view.inputs["W"], *paid]), "C": z3.Sum([view.inputs["C"], *issued])}


@cache
def _claims(charter: Charter) -> sympy.Expr:
    """Return what all classes claim at an amount per Common share, $; series that choose to convert included."""
    case = Case(charter, DEFAULTS)
    others = [series.name for series in charter.series if series.name not in HELD]
    zero = [*map(symbols.shares, others), *(symbols.declared_dividend(series.name) for series in charter.series)]
    # Where the Common gets anything at all, every rank is paid.
    paid = {paid_part(place): 1 for place in range(1, len(ranks(case, terms(case, Account()))) + 1)}
    known = dict.fromkeys(zero, 0) | paid
    return total(claim.subs(known) for claim in implicit_chosen(case).claims.values())


def _pays(charter: Charter, view: View, names: Names, own: str) -> z3.BoolRef:
    """Say whether some rights pay with others: at their price per Common share, claims do not use up the assets."""
    after = _after(view, names)
    used: z3.ArithRef = view.at({**after, "x": view.inputs[f"p_{own}"]}).form(_claims(charter))
    return z3.And(view.inputs[f"s_{own}"] > 0, used < after["W"])


def _claim(charter: Charter, view: View) -> list[z3.BoolRef]:
    """Claim that each of the rights exercised pays with the others of them, and that no further one would."""
    exercised = tuple(sorted(view.structure["exercised"]))
    after = _after(view, exercised)
    further = [own for own in RIGHTS if own not in exercised]
    return [
        view.outcome["assets"] == after["W"],
        view.outcome["common"] == after["C"],
        z3.BoolVal(not view.structure["twice"]),
        *(_pays(charter, view, exercised, own) for own in exercised),
        *(z3.Not(_pays(charter, view, tuple(sorted((*exercised, own))), own)) for own in further),
    ]


def _own() -> tuple[PathCheck, ...]:
    shares_left = Hypothesis("both deliver shares", lambda v: [v.inputs["s_1"] > 0, v.inputs["s_2"] > 0])
    cheaper = Hypothesis("the first are cheaper", lambda v: v.inputs["p_1"] < v.inputs["p_2"])

    def only_if_first(view: View) -> z3.BoolRef:
        return z3.BoolVal("1" in view.structure["exercised"] or not view.structure["exercised"])

    return (
        checked(
            theorem(
                "equilibrium.exercise_cheapest_first",
                "",
                "Where both issues of rights deliver shares, the dearer are not exercised without the cheaper.",
                "2",
                readings=chosen(READINGS),
            ),
            only_if_first,
            shares_left,
            cheaper,
            neighbours=(
                Neighbour("only the dearer need deliver shares", hypotheses=(cheaper,)),
                Neighbour(
                    "the dearer are exercised as well", claim=lambda v: z3.BoolVal(len(v.structure["exercised"]) != 1)
                ),
            ),
        ),
    )


def _unique() -> FormulaCheck:
    """Return the theorem that rights are exercised in one way only, whatever the other classes claim."""
    assets, common = z3.Reals("W C")
    issued, price, claimed = ({name: z3.Real(f"{stem}_{name}") for name in RIGHTS} for stem in ("s", "p", "u"))

    def pays(names: Names, own: str) -> z3.BoolRef:
        left = assets + z3.Sum([z3.RealVal(0), *(issued[name] * (price[name] - price[own]) for name in names)])
        return z3.And(issued[own] > 0, left > common * price[own] + claimed[own])

    def stable(names: Names) -> z3.BoolRef:
        further = [own for own in RIGHTS if own not in names]
        none = [z3.Not(pays(tuple(sorted((*names, own))), own)) for own in further]
        return z3.And(*(pays(names, own) for own in names), *none)

    unique = tuple(z3.Not(z3.And(stable(one), stable(other))) for one, other in combinations(_sets(), 2))
    unknowns = (assets, common, *issued.values(), *price.values(), *claimed.values())
    return formula(
        theorem(
            "equilibrium.exercise_unique",
            "",
            "There is only one set of two issues of rights of which each pays and no further one would.",
            "2",
            readings=chosen(READINGS),
            scope=Scope.ARITHMETIC,
        ),
        unknowns,
        unique,
        setting=tuple(u >= 0 for u in unknowns),
        neighbours=(
            Changed("further ones might pay as well", (), z3.Not(z3.And(pays(("1",), "1"), pays(("2",), "2")))),
        ),
    )
