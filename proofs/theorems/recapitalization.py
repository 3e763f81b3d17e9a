"""Theorems about section 3(f): what shares receive after a recapitalization of the Common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from proofs.checks import Neighbour, PathCheck
from proofs.explorer import Unknown
from proofs.statements import account_claim, agreement, checked, numbers, theorem, totality
from proofs.study import Study
from proofs.subjects import DEFAULTS, position, ratio
from proofs.views import Subject
from reference.charter import Charter
from reference.recapitalization import property_per_share, property_received, recapitalized_again
from symbolic.account import Account
from symbolic.liquidation import Case
from symbolic.recapitalization import KINDS, given_up, section

RECEIVED = "what shares of E and F receive after two recapitalizations"
SERIES = ("E", "F")


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    checks = (_agrees(charter), totality("recapitalization.totality", "A recapitalization", (), "3(f)"), _kept(charter))
    return (Study("recapitalizations", (_received(charter),), checks, weight=2),)


def _received(charter: Charter) -> Subject:
    units, further = [f"u_{kind}" for kind in KINDS], [f"m_{KINDS[0]}_{kind}" for kind in KINDS]
    given = [f"g_{name}" for name in SERIES]

    def function(v: Mapping[str, Any]) -> dict[str, Any]:
        first = {kind: v[f"u_{kind}"] for kind in KINDS}
        units = recapitalized_again(first, KINDS[0], {kind: v[f"m_{KINDS[0]}_{kind}"] for kind in KINDS})
        at = position(charter, v)
        each = property_per_share(at, DEFAULTS, units)
        holder = property_received(at, DEFAULTS, {name: v[f"g_{name}"] for name in SERIES}, units)
        return (
            {f"common_{kind}": amount for kind, amount in units.items()}
            | {f"{name}_{kind}": each[name][kind] for name in SERIES for kind in KINDS}
            | {f"holder_{kind}": amount for kind, amount in holder.items()}
        )

    unknowns = (*(Unknown(name) for name in (*units, *further, *given)), *(ratio(charter, name) for name in SERIES))
    hypotheses = tuple(u.term > 0 if u.name.startswith("c_") else u.term >= 0 for u in unknowns)
    seed = numbers(**{u.name: 1 for u in unknowns})
    return Subject(RECEIVED, function, unknowns, hypotheses, (seed,))


def _agrees(charter: Charter) -> PathCheck:
    account = Account()
    section(Case(charter, DEFAULTS, prices=frozenset(SERIES)), account)
    zero = {given_up(series.name): 0 for series in charter.series if series.name not in SERIES}
    listed = [
        replace(own, expression=own.expression.subs(zero))
        for own in account.definitions
        if not own.name.startswith(tuple("ABCD"))
    ]
    return agreement(
        "recapitalization.equivalence",
        f"{RECEIVED[0].upper()}{RECEIVED[1:]}",
        (RECEIVED,),
        account_claim(listed),
        "3(f)",
    )


def _kept(charter: Charter) -> PathCheck:
    def same(count: int) -> Any:
        return lambda v: [
            v.outcome[f"holder_{kind}"] == (v.inputs["g_E"] + count * v.inputs["g_F"]) * v.outcome[f"E_{kind}"]
            for kind in KINDS
        ]

    return checked(
        theorem(
            "recapitalization.holder_gets_the_sum",
            "",
            "A holder receives for every share what the Common it converts into became, rounded nowhere.",
            "3(f)",
        ),
        lambda v: [
            v.outcome[f"holder_{kind}"]
            == v.inputs["g_E"] * v.outcome[f"E_{kind}"] + v.inputs["g_F"] * v.outcome[f"F_{kind}"]
            for kind in KINDS
        ],
        labels=(RECEIVED,),
        neighbours=(Neighbour("a share of F gets what one of E does", claim=same(1)),),
    )
