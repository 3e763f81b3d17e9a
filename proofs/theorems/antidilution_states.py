"""States of conversion prices and subjects that the theorems about section 3(d) share.

A theorem about a history is proved step by step: one event from any state that satisfies an invariant. Such a
state is opened at an unknown price in effect, of which an unknown part is carried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import z3

from proofs.checks import Hypothesis
from proofs.explorer import Function, Unknown
from proofs.numbers import literal
from proofs.subjects import DEFAULTS, chosen
from proofs.views import Subject, View
from reference.antidilution import PriceState, opening
from reference.charter import Charter
from reference.conversion_price import Carried
from reference.readings import Readings

START, LATER, LAST = date(2000, 1, 1), date(2000, 6, 1), date(2001, 6, 1)
"""The day of a state, and those of later events; nothing carried is three years old on any of them."""

CENT = literal(Fraction(1, 100))
"""The least adjustment that is made at once, $/share (3(d)(i)(B))."""

E = ("E",)


def subject_of(
    label: str,
    function: Function,
    names: str,
    hypotheses: tuple[z3.BoolRef, ...],
    *seeds: Mapping[str, Fraction],
    readings: Readings = DEFAULTS,
) -> Subject:
    """Return a subject whose closed forms are left to its checks; names: its unknowns, separated by spaces."""
    return Subject(label, function, tuple(Unknown(name) for name in names.split()), hypotheses, seeds, chosen(readings))


def reals(names: str) -> tuple[z3.ArithRef, ...]:
    """Return the solver's variables of some unknowns."""
    return tuple(z3.Real(name) for name in names.split())


def at(
    charter: Charter,
    prices: Mapping[str, Any],
    held: Mapping[str, Any] | None = None,
    readings: Readings = DEFAULTS,
    on: date = START,
) -> PriceState:
    """Return a state with prices in effect by series, $/share, of each of which some amount is carried."""
    carried = {name: (Carried(on, amount),) for name, amount in (held or {}).items()}
    return opening(charter, readings, on, prices, carried)


def exact(state: PriceState, name: str = "E") -> Fraction:
    """Return the exact price of a series, $/share."""
    return state.prices[name].exact


def without_minimum(charter: Charter) -> Charter:
    """Return a charter that makes every adjustment at once, however small."""
    terms = charter.antidilution
    assert terms is not None
    least = replace(terms.minimum_adjustment, value=Fraction(0))
    return replace(charter, antidilution=replace(terms, minimum_adjustment=least))


def given(words: str, *conditions: z3.BoolRef) -> Hypothesis:
    """Assume something of the unknowns, in words and as conditions on their terms."""

    def holds(view: View) -> list[z3.BoolRef]:
        pairs = [(z3.Real(name), term) for name, term in view.inputs.items()]
        return [z3.substitute(condition, *pairs) for condition in conditions]

    return Hypothesis(words, holds)
