"""Breakpoints: the assets at which what somebody gets for a further dollar changes, and the payments there (2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from reference.charter import COMMON
from symbolic.liquidation import FORMER
from tests.oracle.questions import asked
from tests.outputs.compare import UNSTATED, Expected, NoAnswerError
from tests.outputs.ledger import facts_of
from tests.outputs.liquidation import (
    ALONE,
    DEBTS,
    EXERCISE,
    FATES,
    OPEN,
    RANKS,
    RIGHTS,
    UNLOCKED,
    problem_of,
)
from tests.settling import NoOutcomeError, Problem, levels, rows, settle

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {"breakpoints[].reason": "a sentence about the event and the classes"}


def asked_of(document: Document) -> Problem:
    """Return what is to be settled."""
    facts, ask = facts_of(document), document["ask"]
    return problem_of(facts, ask, facts.elected or bool(ask.get("elect", False)))


def arranged(answer: dict[str, Any], document: Document) -> dict[str, Any]:
    """Return an answer with what happens at the same assets in an order of its own; the levels must be in order.

    Only classes that have shares, and rights where they are exercised, are compared as named; and of a reading whose
    forms have no events only the levels.
    """
    rows = answer["breakpoints"]
    assert [row["assets"] for row in rows] == [row["assets"] for row in sorted(rows, key=_assets)]
    problem = asked_of(document)
    if not problem.alone:
        return {**answer, "breakpoints": list({row["assets"]: row for row in rows}.values())}
    named = [{**row, "classes": shown(problem, row["event"], row["clause"], row["classes"])} for row in rows]
    found = {(_assets(row), row["event"], str(row["classes"])): row for row in named if row["classes"]}
    return {**answer, "breakpoints": [found[place] for place in sorted(found)]}


def _assets(row: Mapping[str, Any]) -> Fraction:
    return Fraction(row["assets"])


def shown(problem: Problem, event: str, clause: str, names: Iterable[str]) -> list[str]:
    """Return who an event is about, of those with shares or claims, in an order of its own."""
    stocks = {own.name: own.stock for own in problem.rights}
    found = set(names)
    if event != "exercise":
        unheld = {name for name in problem.names[:-1] if not problem.values[f"n_{name}"]}
        found = {stocks.get(name, name) for name in found if name not in unheld}
    if event == "rank_paid" and clause == "3(a)":
        found -= {name for name in problem.names[:-1] if not problem.values[f"d_{name}"]}
    return sorted(found)


def expected(document: Document) -> Expected:
    """Return every number of the answer, by place; raise NoAnswerError where some assets have no stable decisions.

    What a share of a class gets that nobody holds there is a convention.
    """
    problem = asked_of(document)
    try:
        known = rows(problem)
        listed = [(at, UNSTATED, UNSTATED, UNSTATED) for at in levels(problem)]
    except NoOutcomeError as error:
        raise NoAnswerError("no_equilibrium") from error
    if known is not None:
        named = [(at, event, shown(problem, event, of, map(label, names)), of) for at, event, names, of in known]
        listed = [(at, event, names, of) for at, event, names, of in named if names]
    found: Expected = {"breakpoints": len(listed)}
    for place, (level, event, names, clause) in enumerate(sorted(listed, key=lambda row: (*row[:2], str(row[2])))):
        at = f"breakpoints.{place}"
        found |= {f"{at}.assets": level, f"{at}.event": event, f"{at}.classes": names, f"{at}.clause": clause}
        outcome = settle(problem, level)
        after = problem.with_rights(outcome.exercised)
        for name in problem.names:
            if name != COMMON or problem.values["C"]:
                held = after["C" if name == COMMON else f"n_{name}"]
                found[f"{at}.per_share.{name}"] = outcome.per_share[name] if held else UNSTATED
    return found


def label(name: str) -> str:
    """Return how an answer names whom the closed forms name."""
    if name == FORMER:
        return "dividends of earlier conversions"
    return f"Cash Amounts of earlier conversions, {name}" if name.startswith("day ") else name


EXAMPLES: tuple[Document, ...] = (
    asked("breakpoints"),
    asked("breakpoints", conversions="as_held"),
    asked("breakpoints", elect=True, readings={"cash_rank": "pari_second_tier"}),
    asked("breakpoints", readings={"ef_conversion": "double_dip"}),
    *(asked("breakpoints", DEBTS, readings={"cash_rank": own, "cash_pool": "fifo"}) for own in RANKS),
    *(asked("breakpoints", DEBTS, elect=True, readings={"cash_rank": own, **UNLOCKED}) for own in RANKS),
    *(asked("breakpoints", DEBTS, readings={"converted_dividends": own}) for own in FATES),
    asked("breakpoints", OPEN, events=RIGHTS, readings=EXERCISE),
    asked("breakpoints", OPEN, events=RIGHTS, readings=EXERCISE, conversions={"E": True}),
    asked("breakpoints", ALONE),
    asked("breakpoints", ALONE, readings={"cap_mode": "joint"}),
)
