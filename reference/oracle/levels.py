"""The question `breakpoints`: at which assets the sharing changes (2, 3(a))."""

from __future__ import annotations

from reference.charter import COMMON
from reference.equilibrium import equilibrium_breakpoints
from reference.liquidation import Breakpoint, Distribution, Stake, breakpoints, stakes
from reference.oracle.amounts import show
from reference.oracle.choices import check_election, converting
from reference.oracle.documents import BreakpointsQuestion
from reference.oracle.liquidations import settle
from reference.oracle.replies import Amounts, BreakpointsAnswer, Level, Step
from reference.position import Position
from reference.readings import Readings

Question = BreakpointsQuestion
Answer = BreakpointsAnswer


def answer(
    ask: BreakpointsQuestion, position: Position, readings: Readings
) -> tuple[BreakpointsAnswer, list[str], list[Step]]:
    """Answer with every asset level at which the sharing changes, with the payments and the reasoning.

    Raise Refusal if a choice is not open, NoEquilibriumError where the levels are not ordered.
    """
    chosen = converting(ask, position.charter, readings)
    check_election(ask, position.charter, chosen)
    if chosen is None:
        found = equilibrium_breakpoints(position, readings, ask.elect)
    else:
        found = breakpoints(position, readings, chosen, ask.elect)
    held = {stake.name: stake for stake in stakes(position, readings)}
    levels, steps = [], []
    for point in found:
        outcome = settle(position, readings, point.assets, chosen, ask.elect)
        reason = _reason(point, _held(point, outcome))
        levels.append(_level(point, outcome, reason))
        steps.append(Step(point.clause, point.event, reason, amounts=_arithmetic(point, held, outcome)))
    return BreakpointsAnswer(levels), _notes(ask, readings), steps


def _notes(ask: BreakpointsQuestion, readings: Readings) -> list[str]:
    if not ask.elect:
        return []
    rank = f"cash_rank = {readings.cash_rank.value} (3(c), AMB-23)"
    return [f"The certificate does not say where Cash Amounts rank; here the reading is {rank}."]


def _held(point: Breakpoint, outcome: Distribution) -> list[str]:
    return [name for name in point.names if outcome.shares.get(name, 0)]


def _reason(point: Breakpoint, concerned: list[str]) -> str:
    names = ", ".join(concerned)
    if point.event == "rank_paid":
        return f"What is owed to {names} in this rank is paid in full."
    if point.event == "cap":
        return f"{names} reaches its cap and stops sharing with the Common."
    if point.event == "conversion":
        return f"{names} converts: from here on it gets more as Common than its cap allows."
    return f"{names} shares again, as if it had converted besides (AMB-22)."


def _level(point: Breakpoint, outcome: Distribution, reason: str) -> Level:
    names = [name for name in outcome.per_share if name != COMMON or outcome.shares.get(COMMON, 0)]
    return Level(
        assets=show(point.assets),
        clause=point.clause,
        event=point.event,
        classes=_held(point, outcome),
        reason=reason,
        per_share={name: show(outcome.per_share[name]) for name in names},
    )


def _arithmetic(point: Breakpoint, held: dict[str, Stake], outcome: Distribution) -> Amounts:
    if point.event == "rank_paid":
        return {f"paid_{n}": show(outcome.preferences[n] * held[n].shares) for n in _held(point, outcome)}
    (name,) = point.names
    own = held[name]
    return {
        "preference": show(own.preference),
        "ratio": show(own.ratio),
        "per_common_share": show(outcome.per_common_share),
        "per_share": show(outcome.per_share[name]),
    }
