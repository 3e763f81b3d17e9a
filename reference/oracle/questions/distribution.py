"""The question `distribution`: who shares in property other than cash (1(b), 3(e))."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from reference.charter import COMMON
from reference.distributions import (
    GOVERNED_BY,
    Apportionment,
    Payable,
    apportion,
    apportion_per_common,
    as_converted_ratio,
    shares_as_converted,
    totals_by_class,
)
from reference.history import State
from reference.oracle.amounts import show
from reference.oracle.documents import Amount, Document
from reference.oracle.positions import not_negative
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Amounts, Reply, Step, Text
from reference.readings import Readings
from reference.voting import all_stock, with_shares


class DistributionQuestion(Document, frozen=True, tag_field="question", tag="distribution"):
    """Ask how units of property are shared; the position is that of the record date."""

    units: Annotated[Amount | None, Meta(description="To be shared in all.")] = None
    per_common: Annotated[Amount | None, Meta(description="For each share of the Common.")] = None
    payable: Annotated[Payable, Meta(description="What the units are.")] = "assets"


class ClassUnits(Reply, frozen=True):
    """Hold what one class receives, units; no number per share where nothing is outstanding."""

    total: Text
    per_share: Text | None


class DistributionAnswer(Reply, frozen=True, tag_field="question", tag="distribution"):
    """Say which clauses govern, and who receives how many units.

    as_converted: whether the Preferred shares as if it had converted; if not, nothing is shared out here.
    """

    clauses: list[str]
    as_converted: bool
    by_class: dict[str, ClassUnits]
    by_holder: Amounts
    undistributed: Text | None


Question = DistributionQuestion
Answer = DistributionAnswer


def answer(
    ask: DistributionQuestion, state: State, readings: Readings
) -> tuple[DistributionAnswer, list[str], list[Step]]:
    """Answer with the units of every class and holder; raise Refusal unless exactly one number is given."""
    shared = _apportioned(ask, state, readings)
    clauses = list(GOVERNED_BY[ask.payable])
    if not shares_as_converted(ask.payable):
        step = Step(clauses[0] if clauses else "1(a)", "governed_by", _elsewhere(ask.payable, clauses))
        return DistributionAnswer(clauses, False, {}, {}, None), [step.says], [step]
    position = state.position
    outstanding = with_shares(position, all_stock(position.charter))
    by_class = {
        name: ClassUnits(show(total), show(shared.per_share[name]) if name in outstanding else None)
        for name, total in totals_by_class(position, shared.per_share).items()
    }
    by_holder = {name: show(units) for name, units in sorted(shared.by_holder(position.holdings).items())}
    reply = DistributionAnswer(clauses, True, by_class, by_holder, show(shared.undistributed))
    return reply, [*_notes(shared)], [*_steps(state, readings, clauses, shared)]


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
