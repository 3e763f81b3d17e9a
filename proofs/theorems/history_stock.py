"""Theorems about events that move, issue and split shares: each from any sound state (IV.A, 3(d))."""

from __future__ import annotations

from typing import Any

import z3

from proofs.checks import Neighbour
from proofs.statements import numbers
from proofs.study import Study
from proofs.theorems.history_states import (
    ON,
    Case,
    Facts,
    Further,
    Values,
    equivalence_check,
    held,
    step_check,
    subject_of,
)
from proofs.views import View
from reference import events
from reference.charter import Charter

TODAY = Further(as_of=ON)


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of these events."""
    return (transfers(charter),)


# Transfers


def transfers(charter: Charter) -> Study:
    """Return the theorems about transfers."""
    cases = (
        _transfer("a transfer of shares of E, some of them new", "h_1_E h_2_E h_3_E t_1_E t_2_E P_E g_E", "E", "2"),
        _transfer("a transfer of Common", "h_1_common h_2_common h_3_common", "common", "2"),
        _transfer("a transfer to its own holder", "h_1_E t_1_E", "E", "1"),
    )
    checks = (
        step_check(charter, "transfer", cases, "A transfer", "IV.A"),
        equivalence_check(charter, "transfer", cases, "A transfer", "IV.A"),
    )
    return Study("transfers", tuple(subject_of(charter, case) for case in cases), checks, weight=2)


def _transfer(label: str, of_state: str, stock: str, to: str) -> Case:
    def facts(v: Values, old: Values, new: Values) -> Facts:
        if to == "1":
            return {}
        moved = v["moved"]
        found: dict[str, dict[str, Any]] = {held("1", stock): {"lost_1": moved}, held(to, stock): {"gained_1": moved}}
        if stock == "E":
            older = old["h_1_E"] - old["t_1_E"]
            young = z3.If(moved > older, moved - older, 0)
            found |= {"t_1_E": {"is": old["t_1_E"] - young}, "t_2_E": {"is": old["t_2_E"] + young}}
        return found

    seed = {name: 1 for name in of_state.split()}
    return Case(
        "transfer",
        label,
        of_state,
        "moved",
        lambda v: events.Transfer(ON, stock, "1", to, v["moved"]),
        lambda v: {"negative_shares": v["moved"] < 0, "not_held": v["moved"] > v[held("1", stock)]},
        facts,
        (numbers(**{**seed, "moved": 1}),),
        whole="moved",
        further=TODAY,
    )
