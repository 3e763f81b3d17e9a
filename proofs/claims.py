"""The waterfall as claims in totals: the closed forms with their products named.

Theorems that compare two states need not know that a claim is a count times an amount per share. Here a
series' preference, its cap and its as-converted shares are unknown totals; the equations are those of the
closed forms (`symbolic.liquidation.implicit`, `symbolic.equilibrium.implicit_chosen`), A to D unconverted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sympy
import z3

from proofs.solver import variables
from symbolic.algebra import ONE, ZERO, largest, smallest

SECOND = "ABCDE"
SHARING = "EF"

_ASSETS, _SENIOR, _SECOND = sympy.symbols("W senior second")
SECOND_TIER_FRACTION = sympy.Piecewise(
    (ONE, sympy.Eq(_SECOND, ZERO)), (smallest(_SECOND, largest(ZERO, _ASSETS - _SENIOR)) / _SECOND, True)
)
"""The part of its preferences that the second tier receives of assets W after F's: all if it has none (2(a))."""


@dataclass(frozen=True)
class Totals:
    """Hold one state in totals, $ and as-converted shares.

    unknowns: by name: W assets, C Common, T_s preference, M_s cap, u_s as-converted shares; x, left: the
    amount per Common share and what is left over; received: $ by series; setting: the equations; assumed: what they
    leave out, in words.
    """

    unknowns: dict[str, Any]
    x: Any
    left: Any
    received: dict[str, Any]
    setting: tuple[z3.BoolRef, ...]
    assumed: tuple[str, ...] = ()

    @property
    def all_unknowns(self) -> tuple[Any, ...]:
        """Return what a witness gives values for."""
        return (*(u for u in self.unknowns.values() if z3.is_const(u)), self.x, self.left)

    def at(self, values: Mapping[str, Any], amounts: Mapping[str, Any]) -> list[z3.BoolRef]:
        """Return what the equations say of a state's own numbers: by name, and $ received by series.

        That totals are not below zero is left out: they are products of numbers that are not.
        """
        *_, x, left, fraction, sharing, rest = self.setting
        terms = [x, left, fraction, sharing, rest, *self.received.values()]
        names = {unknown.decl().name(): unknown for term in terms for unknown in variables(term)}
        pairs = [(term, values[name]) for name, term in names.items()]
        received = [z3.substitute(term, *pairs) == amounts[name] for name, term in self.received.items()]
        return [*(z3.substitute(condition, *pairs) for condition in (x, left, fraction, sharing, rest)), *received]


def maximum(a: Any, b: Any) -> Any:
    """Return the larger of two terms."""
    return z3.If(a >= b, a, b)


def minimum(a: Any, b: Any) -> Any:
    """Return the smaller of two terms."""
    return z3.If(a <= b, a, b)


def room(state: dict[str, Any], name: str) -> Any:
    """Return what 2(b) can add to a series, $."""
    return maximum(z3.RealVal(0), state[f"M_{name}"] - state[f"T_{name}"])


def participation(state: dict[str, Any], name: str, x: Any, chosen: bool, converted: Collection[str] = ()) -> Any:
    """Return what a series receives besides its preference at x, $, less the preference if it converts."""
    as_common = state[f"u_{name}"] * x
    if name in converted:
        return as_common
    kept = minimum(room(state, name), as_common)
    return maximum(kept, as_common - state[f"T_{name}"]) if chosen else kept


NOTHING_SURVIVES = "E and F have no unpaid dividends, which would survive their conversion"
"""What the equations of states with conversions leave out (3(a), AMB-125)."""


def totals(
    mark: str = "",
    changes: Collection[str] = (),
    chosen: bool = False,
    converted: str = "",
    given: Mapping[str, Any] | None = None,
) -> Totals:
    """Return a state; `mark` is set after the names of what belongs to it alone.

    chosen: whether E and F choose to convert; converted: those that have converted, if they do not choose;
    given: what some totals are in terms of another state.
    """
    names = ["W", "C", *(f"T_{s}" for s in "ABCDEF"), *(f"{kind}_{s}" for s in SHARING for kind in "Mu")]
    state: dict[str, Any] = {n: z3.Real(n + mark if n in changes else n) for n in names} | dict(given or {})
    x, left, fraction = z3.Real(f"x{mark}"), z3.Real(f"left{mark}"), z3.Real(f"fraction{mark}")
    zero = z3.RealVal(0)
    owed = {s: zero if s in converted else state[f"T_{s}"] for s in "ABCDEF"}
    second = z3.Sum([owed[s] for s in SECOND])
    after_f = maximum(zero, state["W"] - owed["F"])
    remaining = maximum(zero, state["W"] - owed["F"] - second)
    shared = {s: participation(state, s, x, chosen, converted) for s in SHARING}
    received = {s: owed[s] * fraction for s in SECOND} | {"F": minimum(owed["F"], state["W"])}
    received |= {s: received[s] + shared[s] for s in SHARING}
    idle = [z3.Or(state[f"u_{s}"] == 0, *_stopped(state, s, x, chosen, converted)) for s in SHARING]
    setting = (
        *(term >= 0 for term in (*state.values(), x, left)),
        z3.If(second == 0, fraction == 1, fraction * second == minimum(second, after_f)),
        state["C"] * x + z3.Sum(list(shared.values())) + left == remaining,
        # Something is left over only if nobody shares any more.
        z3.Or(left == 0, z3.And(state["C"] == 0, *idle)),
    )
    return Totals(state, x, left, received, setting, (NOTHING_SURVIVES,) if chosen or converted else ())


def _stopped(state: dict[str, Any], name: str, x: Any, chosen: bool, converted: Collection[str]) -> list[Any]:
    return [] if chosen or name in converted else [state[f"u_{name}"] * x >= room(state, name)]
