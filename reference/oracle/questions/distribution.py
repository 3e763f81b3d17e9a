"""The question `distribution`: who shares in property other than cash (1(b), 3(e))."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from msgspec import Meta

from reference.charter import COMMON
from reference.distributions import (
    Apportionment,
    Payable,
    apportion,
    apportion_per_common,
    as_converted_ratio,
    governed_by,
    shares_as_converted,
    totals_by_class,
)
from reference.dividends import Gate
from reference.events import DeclareDividend
from reference.history import State, common_gate
from reference.oracle.amounts import show
from reference.oracle.documents import Amount, Document
from reference.oracle.histories import state_on
from reference.oracle.positions import not_negative
from reference.oracle.questions.dividend import GateReply, Month, gate_notes, gate_reply, gate_steps
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Amounts, Reply, Step, Text
from reference.readings import InKindGate, Readings, Year
from reference.voting import all_stock, with_shares


class DistributionQuestion(Document, frozen=True, tag_field="question", tag="distribution"):
    """Ask how units of property are shared; the position is that of the record date.

    on, fiscal_month: when it is declared, where it waits for dividends on the Preferred (AMB-135).
    """

    units: Annotated[Amount | None, Meta(description="To be shared in all.")] = None
    per_common: Annotated[Amount | None, Meta(description="For each share of the Common.")] = None
    payable: Annotated[Payable, Meta(description="What the units are.")] = "assets"
    on: Annotated[date | None, Meta(description="The record date; left out: that of the position.")] = None
    fiscal_month: Annotated[Month | None, Meta(description="In which the fiscal year starts.")] = None


class ClassUnits(Reply, frozen=True):
    """Hold what one class receives, units; no number per share where nothing is outstanding."""

    total: Text
    per_share: Text | None


class DistributionAnswer(Reply, frozen=True, tag_field="question", tag="distribution"):
    """Say which clauses govern, and who receives how many units.

    as_converted: whether the Preferred shares as if it had converted; if not, nothing is shared out here; gate: where
    a reading has the Common wait for dividends on the Preferred as well, whether it may be declared (AMB-135).
    """

    clauses: list[str]
    as_converted: bool
    by_class: dict[str, ClassUnits]
    by_holder: Amounts
    undistributed: Text | None
    gate: GateReply | None


Question = DistributionQuestion
Answer = DistributionAnswer


def answer(
    ask: DistributionQuestion, state: State, readings: Readings
) -> tuple[DistributionAnswer, list[str], list[Step]]:
    """Answer with the units of every class and holder; raise Refusal unless exactly one number is given."""
    state = state_on(state, ask.on, readings)
    shared = _apportioned(ask, state, readings)
    clauses = list(governed_by(ask.payable, readings))
    if not shares_as_converted(ask.payable, readings):
        step = Step(clauses[0] if clauses else "1(a)", "governed_by", _elsewhere(ask.payable, clauses))
        return DistributionAnswer(clauses, False, {}, {}, None, None), [step.says], [step]
    position = state.position
    outstanding = with_shares(position, all_stock(position.charter))
    by_class = {
        name: ClassUnits(show(total), show(shared.per_share[name]) if name in outstanding else None)
        for name, total in totals_by_class(position, shared.per_share).items()
    }
    by_holder = {name: show(units) for name, units in sorted(shared.by_holder(position.holdings).items())}
    gate = _gate(ask, state, readings, shared)
    told = None if gate is None else gate_reply(gate)
    reply = DistributionAnswer(clauses, True, by_class, by_holder, show(shared.undistributed), told)
    notes, steps = [*_notes(shared)], [*_steps(state, readings, clauses, shared)]
    if gate is not None:
        notes, steps = [*notes, *gate_notes(gate, readings)], [*gate_steps(gate), *steps]
    return reply, notes, steps


def _gate(ask: DistributionQuestion, state: State, readings: Readings, shared: Apportionment) -> Gate | None:
    """Return whether it may be declared, where property waits for dividends on the Preferred (1(a), AMB-135)."""
    on_common = shared.per_share[COMMON] > 0 and state.position.common > 0
    if readings.in_kind_gate is InKindGate.SHARING_ONLY or not on_common:
        return None
    on = state.position.as_of
    if on is None:
        raise Refusal("missing_field", "ask.on", "is required where property waits for dividends on the Preferred.")
    if readings.year is Year.FISCAL and ask.fiscal_month is None:
        raise Refusal("missing_field", "ask.fiscal_month", "is required under the reading year = fiscal.")
    return common_gate(state, DeclareDividend(on, {}, ask.fiscal_month), readings, ask.payable)


def _apportioned(ask: DistributionQuestion, state: State, readings: Readings) -> Apportionment:
    if ask.units is not None and ask.per_common is not None:
        raise Refusal("given_twice", "ask.per_common", "cannot be given together with units.")
    if ask.units is not None:
        return apportion(state.position, readings, not_negative(ask.units, "ask.units"), state.elected)
    if ask.per_common is None:
        raise Refusal("missing_field", "ask.units", "is required, or per_common instead.")
    each = not_negative(ask.per_common, "ask.per_common")
    return Apportionment(apportion_per_common(state.position, readings, each, state.elected), 0)


def _elsewhere(payable: Payable, clauses: list[str]) -> str:
    """Say what governs where the Preferred does not share as if converted (AMB-15)."""
    if payable == "cash":
        return 'Cash is a dividend under 1(a); ask with "question": "dividend".'
    if not clauses:
        return "No clause gives the Preferred a share in this; what comes before it is a matter of 1(a) (AMB-10)."
    return f"The Preferred has no share in this: its conversion prices may change instead ({clauses[0]}, AMB-15)."


def _steps(state: State, readings: Readings, clauses: list[str], shared: Apportionment) -> Iterator[Step]:
    position = state.position
    totals = totals_by_class(position, shared.per_share)
    for name in with_shares(position, all_stock(position.charter)):
        amounts = {"shares": show(position.shares[name])}
        if name != COMMON:
            series = position.charter.series_named(name)
            amounts["ratio"] = show(as_converted_ratio(position, readings, series, state.elected))
        amounts |= {"per_share": show(shared.per_share[name]), "units": show(totals[name])}
        says = f"{name} shares {'as it is' if name == COMMON else 'as if it had converted'}."
        yield Step(", ".join(clauses), "share", says, name, amounts)
    if shared.undistributed:
        amounts = {"undistributed": show(shared.undistributed)}
        yield Step(", ".join(clauses), "undistributed", "Nobody is there to share.", amounts=amounts)


def _notes(shared: Apportionment) -> Iterator[str]:
    if shared.undistributed:
        yield f"Nobody is there to share {show(shared.undistributed)} units, which stay undistributed."
