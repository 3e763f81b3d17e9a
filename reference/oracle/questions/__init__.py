"""The questions that can be asked of a case: for each a module with its document, its answer and the way between.

A module has `Question`, `Answer` and `answer(ask, state, readings)`, which returns the answer, notes and steps.
They are imported by name, so that a cold answer loads no more than its own question needs.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import Any

MODULES = MappingProxyType(
    {
        "liquidation": "reference.oracle.liquidations",
        "breakpoints": "reference.oracle.levels",
        "position": "reference.oracle.questions.position",
        "conversion_prices": "reference.oracle.questions.conversion_prices",
        "conversion": "reference.oracle.questions.conversion",
        "public_offering": "reference.oracle.questions.public_offering",
        "cash_amounts": "reference.oracle.questions.cash_amounts",
        "dividend": "reference.oracle.questions.dividend",
        "distribution": "reference.oracle.questions.distribution",
        "votes": "reference.oracle.questions.votes",
        "directors": "reference.oracle.questions.directors",
        "approvals": "reference.oracle.questions.approvals",
        "reserve": "reference.oracle.questions.reserve",
        "notice": "reference.oracle.questions.notice",
    }
)
"""The module of every question that is answered."""

OF_A_POSITION = ("liquidation", "breakpoints")
"""The questions that look at the position alone; the others are given the whole state of a history."""

PLANNED: tuple[str, ...] = ()
"""The questions that are not answered yet."""


def module(question: str) -> Any:
    """Return the module of a question."""
    return import_module(MODULES[question])
