"""The question `breakpoints`: at which assets the sharing changes (2, 3(a))."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference.charter import COMMON
from reference.equilibrium import equilibrium_breakpoints, settle
from reference.liquidation import Breakpoint, Distribution, Stake
from reference.oracle.amounts import show
from reference.oracle.choices import check_election, check_rights, converting
from reference.oracle.documents import BreakpointsQuestion
from reference.oracle.replies import Amounts, BreakpointsAnswer, Level, Step
from reference.payoff import Liquidation, breakpoints, liquidation
from reference.position import Position
from reference.readings import Readings

if TYPE_CHECKING:
    from reference.history import State

Question = BreakpointsQuestion
Answer = BreakpointsAnswer


def answer(
    ask: BreakpointsQuestion, position: Position, readings: Readings, state: State | None = None
) -> tuple[BreakpointsAnswer, list[str], list[Step]]:
    """Answer with every asset level at which the sharing changes, with the payments and the reasoning.

    state: after a history. Raise Refusal if a choice is not open, NoEquilibriumError where some assets leave no
    stable decisions.
    """
    chosen = converting(ask, position, readings)
    check_election(ask, position.charter, chosen)
    check_rights(position, readings)
    asked = liquidation(position, readings, chosen, ask.elect)
    found = equilibrium_breakpoints(position, readings, ask.elect) if chosen is None else breakpoints(asked)
    held = {stake.name: stake for stake in asked.held}
    levels: list[Level] = []
    steps: list[Step] = []
    told = set()
    for point in found:
        outcome = settle(asked, point.assets)
        concerned = _concerned(point, position, outcome)
        # Rights and the class that they are over have the same things happen to them at once.
        event = (point.assets, point.clause, point.event, tuple(concerned))
        if event in told:
            continue
        told.add(event)
        reason = _reason(point, concerned)
        levels.append(_level(point, concerned, outcome, reason))
        steps.append(Step(point.clause, point.event, reason, amounts=_arithmetic(point, held, concerned, outcome)))
    return BreakpointsAnswer(levels), _notes(asked), steps


def _notes(asked: Liquidation) -> list[str]:
    if not asked.elected and not asked.position.owed.cash_amounts:
        return []
    rank = f"cash_rank = {asked.readings.cash_rank.value} (3(c), AMB-23)"
    return [f"The certificate does not say where Cash Amounts rank; here the reading is {rank}."]


def _concerned(point: Breakpoint, position: Position, outcome: Distribution) -> list[str]:
    """Name those whom a breakpoint concerns: classes that somebody holds or exercises rights over, and other claims.

    Only an exercise is of the rights themselves; anything else is of the shares that they deliver.
    """
    if point.event == "exercise":
        return list(point.names)
    stocks = {own.name: own.stock for own in position.options}
    classes = {*(series.name for series in position.charter.series), COMMON}
    named = (n if n in classes else stocks.get(n, n) for n in point.names if n not in classes or _has(outcome, n))
    found = dict.fromkeys(named)
    if point.event == "rank_paid":
        return [n for n in found if n not in classes or outcome.shares.get(n, 0) * outcome.preferences[n] != 0]
    return list(found)


def _has(outcome: Distribution, name: str) -> bool:
    return outcome.shares.get(name, 0) > 0


def _reason(point: Breakpoint, concerned: list[str]) -> str:
    names = ", ".join(concerned)
    if point.event == "rank_paid":
        return f"What is owed to {names} in this rank is paid in full."
    if point.event == "kept":
        return f"{names} keeps its preferred shares: from here on its preference is more than what conversion gives."
    if point.event == "cap":
        return f"{names} reaches its cap and stops sharing with the Common."
    if point.event == "conversion":
        return f"{names} converts: from here on it gets more as Common than it can get as preferred."
    if point.event == "exercise":
        return f"The rights {names} are exercised: from here on a share is worth more than their price (AMB-32b)."
    return f"{names} shares again, as if it had converted besides (AMB-22)."


def _level(point: Breakpoint, concerned: list[str], outcome: Distribution, reason: str) -> Level:
    names = [name for name in outcome.per_share if name != COMMON or outcome.shares.get(COMMON, 0)]
    return Level(
        assets=show(point.assets),
        clause=point.clause,
        event=point.event,
        classes=concerned,
        reason=reason,
        per_share={name: show(outcome.per_share[name]) for name in names},
    )


def _arithmetic(point: Breakpoint, held: dict[str, Stake], concerned: list[str], outcome: Distribution) -> Amounts:
    classes = [name for name in concerned if name in held]
    if point.event == "rank_paid":
        return {f"paid_{n}": show(outcome.preferences[n] * held[n].shares) for n in classes}
    found = {"per_common_share": show(outcome.per_common_share)}
    if len(classes) != 1:
        return found
    own = held[classes[0]]
    return {
        "preference": show(own.preference),
        "ratio": show(own.ratio),
        **found,
        "per_share": show(outcome.per_share[own.name]),
    }
