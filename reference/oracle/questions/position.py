"""The question `position`: the cap table after the history (IV.A, 1(a), 3(a), 3(d))."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from msgspec import Meta, field

from reference.cash_amounts import total_unpaid
from reference.charter import COMMON
from reference.conversion import current_ratios
from reference.history import Rights, State
from reference.oracle.amounts import show
from reference.oracle.documents import Document
from reference.oracle.histories import state_on, steps
from reference.oracle.positions import authorized
from reference.oracle.replies import Amounts, Reply, Step, Text
from reference.readings import Readings
from reference.reserve import headroom


class PositionQuestion(Document, frozen=True, tag_field="question", tag="position"):
    """Ask for the cap table after the events, or on a later date."""

    on: date | None = None


class RightsReply(Reply, frozen=True):
    """Hold rights as they stand, in today's shares; exercise_price: $/share; exercised: shares issued so far."""

    stock: str = field(name="class")
    deliverable: Text
    exercisable: Text
    exercise_price: Text
    exercised: Text


class PositionAnswer(Reply, frozen=True, tag_field="question", tag="position"):
    """Hold the cap table.

    outstanding, authorized, issuable: shares by class; by_holder: shares by class; conversion_prices: in effect,
    $/share; conversion_ratios: exact Common per share; rights: by name, used up and expired ones too;
    unpaid_dividends: declared, $/share by class, on the Common for a share that was there all the time;
    owed_on_common: these, $ by who held at the declaration (AMB-137); debts: dividends declared on shares that have
    converted, $ by holder; cash_amounts: unpaid, $; converted: shares so far by series; elected: whether an election
    has freed the holders to convert; splits: shares that one has become, by class; property: units that a share of
    Common has become.
    """

    as_of: date | None
    outstanding: Amounts
    authorized: Amounts
    issuable: Amounts
    by_holder: dict[str, Amounts]
    conversion_prices: Amounts
    conversion_ratios: Amounts
    rights: dict[str, RightsReply]
    unpaid_dividends: Amounts
    owed_on_common: Amounts
    debts: Amounts
    cash_amounts: Annotated[Text, Meta(description="Unpaid, $.")]
    converted: Amounts
    elected: bool
    splits: Amounts
    property: Amounts


Question = PositionQuestion
Answer = PositionAnswer


def answer(ask: PositionQuestion, state: State, readings: Readings) -> tuple[PositionAnswer, list[str], list[Step]]:
    """Answer with the cap table; raise Refusal for a date before the last event."""
    state = state_on(state, ask.on, readings)
    position, charter = state.position, state.position.charter
    names = tuple(series.name for series in charter.series)
    limits = authorized(position)
    room = headroom(position, readings, state.converted)
    converting = tuple(series.name for series in charter.series if series.conversion.by != "none")
    splits = dict(position.preferred_splits)
    if position.common_split is not None:
        splits[COMMON] = position.common_split
    unpaid = {name: each for name, each in position.declared_dividends.items() if each != 0}
    if state.owed_on_common != 0:
        unpaid[COMMON] = state.owed_on_common
    reply = PositionAnswer(
        as_of=position.as_of,
        outstanding={name: show(position.shares.get(name, 0)) for name in (*names, COMMON)},
        authorized={name: show(limit) for name, limit, _ in limits},
        issuable={name: show(count) for name, count in {**room.series, COMMON: room.common}.items()},
        by_holder=_by_holder(state),
        conversion_prices={name: show(price) for name, price in position.conversion_prices.items()},
        conversion_ratios={n: show(ratio) for n, ratio in current_ratios(position, readings, converting).items()},
        rights={name: _rights(own) for name, own in state.rights.items()},
        unpaid_dividends={name: show(each) for name, each in unpaid.items()},
        owed_on_common={holder: show(owed) for holder, owed in sorted(state.owed_to.items())},
        debts={holder: show(owed) for holder, owed in sorted(state.debts.items())},
        cash_amounts=show(total_unpaid(state.cash)),
        converted={name: show(count) for name, count in state.converted.items()},
        elected=state.elected,
        splits={name: show(factor) for name, factor in splits.items()},
        property={kind: show(units) for kind, units in state.property.items()},
    )
    return reply, [*_notes(state)], [*steps(state), *_outstanding(state, reply)]


def _by_holder(state: State) -> dict[str, Amounts]:
    found: dict[str, Amounts] = {}
    for own in sorted(state.position.holdings, key=lambda own: own.holder):
        found.setdefault(own.holder, {})[own.stock] = show(own.shares)
    return found


def _rights(own: Rights) -> RightsReply:
    return RightsReply(
        own.stock, show(own.deliverable), show(own.exercisable), show(own.exercise_price), show(own.exercised)
    )


def _outstanding(state: State, reply: PositionAnswer) -> Iterator[Step]:
    for name, _, clause in authorized(state.position):
        amounts = {
            "outstanding": reply.outstanding[name],
            "authorized": reply.authorized[name],
            "issuable": reply.issuable[name],
        }
        says = f"Of {name} so much is outstanding, and so much may still be issued."
        yield Step(clause, "outstanding", says, name, amounts)


def _notes(state: State) -> Iterator[str]:
    for series in state.position.charter.series:
        if state.position.preferred_splits.get(series.name, 1) != 1:
            yield (
                f"The amendment that splits {series.name} is taken to adjust the number of shares that are authorised "
                f"of it ({series.authorized.clause}, AMB-130)."
            )
    if state.property:
        yield "The Common has become other property; what converts receives that in its place (3(f), AMB-75)."
