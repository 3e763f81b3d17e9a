"""Breakpoints: the assets at which the sharing changes, and the payments there (2, 3(a))."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from reference.charter import COMMON
from reference.readings import CapMode, EfConversion
from symbolic import equilibrium, liquidation
from symbolic.evaluate import evaluate_each, holds
from tests.oracle.questions import asked
from tests.outputs.compare import Expected, NoAnswerError
from tests.outputs.ledger import facts_of
from tests.outputs.liquidation import converting, settle

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {"breakpoints[].reason": "a sentence about the event and the classes"}

given = cache(liquidation.breakpoints)
chosen = cache(equilibrium.breakpoints_chosen)


def arranged(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with what happens at the same assets in an order of its own; the levels must be in order."""
    rows = answer["breakpoints"]
    assert [row["assets"] for row in rows] == [row["assets"] for row in sorted(rows, key=_assets)]
    return {**answer, "breakpoints": sorted(rows, key=lambda row: (_assets(row), row["event"], row["classes"]))}


def _assets(row: Mapping[str, Any]) -> Fraction:
    return Fraction(row["assets"])


def expected(document: Document) -> Expected:
    """Return every number of the answer, by place; raise NoAnswerError where the levels have no formula (AMB-19)."""
    facts, ask = facts_of(document), document["ask"]
    told, elected = converting(ask, facts), bool(ask.get("elect", False))
    if told is not None:
        forms = given(facts.case(told, elected))
    elif facts.readings.cap_mode is CapMode.INDIVIDUAL and facts.readings.ef_conversion is not EfConversion.DOUBLE_DIP:
        forms = chosen(facts.case(elected=elected))
    else:
        raise NoAnswerError("no_equilibrium")
    real = [form for form in forms if holds(form.condition, facts.values)]
    levels = evaluate_each([form.assets for form in real], facts.values)
    rows = [
        (level, form.event, [name for name in form.names if facts.shares[name]], form.clause)
        for level, form in zip(levels, real, strict=True)
    ]
    found: Expected = {"breakpoints": len(rows)}
    for place, (level, event, names, clause) in enumerate(sorted(rows)):
        at = f"breakpoints.{place}"
        found |= {f"{at}.assets": level, f"{at}.event": event, f"{at}.classes": names, f"{at}.clause": clause}
        outcome = settle(facts, level, told, elected)
        for name in facts.classes:
            if name != COMMON or facts.shares[COMMON]:
                found[f"{at}.per_share.{name}"] = outcome.per_share[name]
    return found


EXAMPLES: tuple[Document, ...] = (
    asked("breakpoints"),
    asked("breakpoints", conversions="as_held"),
    asked("breakpoints", elect=True, readings={"cash_rank": "pari_second_tier"}),
    asked("breakpoints", readings={"ef_conversion": "double_dip"}),
)
