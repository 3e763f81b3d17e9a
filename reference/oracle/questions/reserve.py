"""The question `reserve`: whether the authorised Common suffices, and what may be issued (IV.A, 3(i))."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from reference.charter import COMMON, Charter
from reference.conversion import conversion_ratio
from reference.history import State
from reference.offering import Offering, Qualification, offering_ratio, qualification
from reference.oracle.amounts import show
from reference.oracle.documents import Amount, Count, Document
from reference.oracle.positions import count, positive
from reference.oracle.replies import Amounts, Reply, Step, Text
from reference.position import Number
from reference.readings import Readings
from reference.reserve import Headroom, Reserve, headroom, lowest_offering_price, offering_reserve, reserve


class OfferingDocument(Document, frozen=True):
    """Describe an offering that would convert the Preferred."""

    price: Annotated[Amount, Meta(description="To the public, $/share.")]
    shares: Annotated[Count, Meta(description="Sold by the corporation.")]


class ReserveQuestion(Document, frozen=True, tag_field="question", tag="reserve"):
    """Ask what Common must be reserved, and what an offering would need."""

    offering: OfferingDocument | None = None


class ReserveReply(Reply, frozen=True):
    """Hold the Common that conversion needs, against what is authorised, shares.

    needed: by series; available: authorised and neither issued nor to be sold, below zero if there is none;
    unreserved: what can be issued for other purposes.
    """

    authorized: Text
    outstanding: Text
    sold: Text
    available: Text
    needed: Amounts
    total_needed: Text
    shortfall: Text
    unreserved: Text


class HeadroomReply(Reply, frozen=True):
    """Hold how many shares may still be issued; undesignated: Preferred that belongs to no series yet."""

    common: Text
    preferred: Text
    total: Text
    series: Amounts
    undesignated: Text


class ReserveAnswer(Reply, frozen=True, tag_field="question", tag="reserve"):
    """Say what must be reserved and what may be issued.

    at_conversion_prices: as 3(i) asks; at_offering: with the floors of an offering; qualifies: whether it is large
    enough to convert anything; lowest_offering_price: $/share, at which one of the least size still fits, zero if
    every price is high enough, null if none is.
    """

    at_conversion_prices: ReserveReply
    headroom: HeadroomReply
    at_offering: ReserveReply | None
    qualifies: bool | None
    lowest_offering_price: Text | None


Question = ReserveQuestion
Answer = ReserveAnswer


def answer(ask: ReserveQuestion, state: State, readings: Readings) -> tuple[ReserveAnswer, list[str], list[Step]]:
    """Answer with the reserve, the headroom and what an offering needs."""
    position = state.position
    kept = reserve(position, readings)
    room = headroom(position, readings, state.converted)
    lowest = lowest_offering_price(position, readings) if position.charter.public_offering is not None else None
    offering = None if ask.offering is None else _offering(ask.offering, position.charter)
    needs = tested = None
    if offering is not None:
        needs = offering_reserve(position, readings, offering.price, offering.primary)
        tested = qualification(position.charter, readings, offering)
    reply = ReserveAnswer(
        at_conversion_prices=_reserve(kept),
        headroom=_headroom(room),
        at_offering=None if needs is None else _reserve(needs),
        qualifies=None if tested is None else tested.qualifies,
        lowest_offering_price=None if lowest is None else show(lowest),
    )
    steps = [*_steps(state, readings, kept), *_offering_steps(state, readings, offering, needs)]
    return reply, [*_notes(state, kept, room, needs, tested, lowest)], steps


def _offering(document: OfferingDocument, charter: Charter) -> Offering:
    """Return an offering that fails none of the charter's conditions but, perhaps, its size (3(b))."""
    terms = charter.public_offering
    return Offering(
        price=positive(document.price, "ask.offering.price"),
        primary=count(document.shares, "ask.offering.shares"),
        underwriting="" if terms is None else terms.underwriting,
        form="" if terms is None else terms.form,
    )


def _reserve(found: Reserve) -> ReserveReply:
    return ReserveReply(
        authorized=show(found.authorized),
        outstanding=show(found.outstanding),
        sold=show(found.sold),
        available=show(found.available),
        needed={name: show(shares) for name, shares in found.needed.items()},
        total_needed=show(found.total_needed),
        shortfall=show(found.shortfall),
        unreserved=show(found.unreserved),
    )


def _headroom(found: Headroom) -> HeadroomReply:
    return HeadroomReply(
        common=show(found.common),
        preferred=show(found.preferred),
        total=show(found.total),
        series={name: show(shares) for name, shares in found.series.items()},
        undesignated=show(found.undesignated),
    )


def _steps(state: State, readings: Readings, kept: Reserve) -> Iterator[Step]:
    position = state.position
    for name in kept.needed:
        ratio = conversion_ratio(position, readings, position.charter.series_named(name))
        yield from _need(state, name, ratio, kept.needed[name], "3(i)", "Common is reserved for")
    amounts = {"authorized": show(kept.authorized), "outstanding": show(kept.outstanding)}
    amounts |= {"needed": show(kept.total_needed), "shortfall": show(kept.shortfall)}
    says = "The authorised Common suffices." if not kept.shortfall else "The authorised Common does not suffice."
    yield Step("3(i)", "reserve", says, COMMON, amounts)


def _need(state: State, name: str, ratio: Number, needed: Number, clause: str, says: str) -> Iterator[Step]:
    shares = state.position.shares.get(name, 0)
    if shares:
        amounts = {"shares": show(shares), "ratio": show(ratio), "needed": show(needed)}
        yield Step(clause, "needed", f"{says} the conversion of {name}.", name, amounts)


def _offering_steps(
    state: State, readings: Readings, offering: Offering | None, needs: Reserve | None
) -> Iterator[Step]:
    if offering is None or needs is None:
        return
    position = state.position
    for name in needs.needed:
        ratio = offering_ratio(position, readings, position.charter.series_named(name), offering.price)
        yield from _need(state, name, ratio, needs.needed[name], "3(b)", "An offering at this price needs Common for")
    amounts = {"sold": show(needs.sold), "available": show(needs.available)}
    amounts |= {"needed": show(needs.total_needed), "shortfall": show(needs.shortfall)}
    yield Step("3(b)", "offering", "Besides conversion, the offering needs the shares sold.", COMMON, amounts)


def _notes(
    state: State,
    kept: Reserve,
    room: Headroom,
    needs: Reserve | None,
    tested: Qualification | None,
    lowest: Number | None,
) -> Iterator[str]:
    if kept.shortfall:
        yield f"The authorised Common falls short by {show(kept.shortfall)} and must be increased (3(i))."
    if needs is not None and needs.shortfall:
        short = show(needs.shortfall)
        yield f"For the offering the Common falls short by {short}: it needs an amendment first (AMB-47, AMB-78)."
    for failure in () if tested is None else tested.failures:
        yield f"The offering would convert nothing ({failure.clause}, AMB-44): {failure.message}"
    if lowest is None and state.position.charter.public_offering is not None:
        yield "At no price does an offering of the least size fit into the authorised Common (AMB-47)."
    if room.undesignated == 0:
        yield "No Preferred is left for a further series (IV.B, AMB-01)."
