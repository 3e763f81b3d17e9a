"""The question `public_offering`: whether an offering converts the Preferred, and into what (3(b), 3(c))."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from reference.charter import COMMON
from reference.events import PublicOffering
from reference.history import State, offered
from reference.offering import OfferingOutcome, SeriesOutcome
from reference.oracle.amounts import show
from reference.oracle.documents import Amount, Count, Document
from reference.oracle.histories import steps
from reference.oracle.positions import count, not_negative, positive
from reference.oracle.questions.conversion import conversion_steps
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Amounts, Reply, Step, Text
from reference.position import NOTHING
from reference.readings import EFloor, Readings, Switch
from reference.refusal import Forbidden


class PublicOfferingQuestion(Document, frozen=True, tag_field="question", tag="public_offering"):
    """Ask what an offering of Common would convert; the fields are those of the event of that name."""

    on: Annotated[date, Meta(description="The closing.")]
    price: Annotated[Amount, Meta(description="To the public, $/share.")]
    primary_shares: Annotated[Count, Meta(description="Sold by the corporation.")]
    secondary_shares: Annotated[Count, Meta(description="Sold by holders.")] = 0
    underwriting: str = "firm_commitment"
    form: str = "S-1"
    discount: Annotated[Amount, Meta(description="Kept by the underwriters, $/share.")] = 0
    over_allotment: Annotated[Count, Meta(description="Further shares sold by the corporation.")] = 0
    over_allotment_counts: Annotated[bool, Meta(description="Whether these count towards the size (AMB-39).")] = False
    priced_on: Annotated[date | None, Meta(description="The pricing, where the dates differ (AMB-50).")] = None


class FailureReply(Reply, frozen=True):
    """Name a condition that the offering does not meet."""

    code: Literal["no_clause", "no_sale", "too_small", "underwriting", "form"]
    clause: str
    message: str


class SeriesReply(Reply, frozen=True):
    """Say what one share of a series becomes.

    ratio: Common per share, exact; at_conversion_price: what the conversion price alone gives; floor_below: the
    offering price, $/share, below which a floor applies, null without one; floor_binds: whether it gives more.
    """

    ratio: Text
    at_conversion_price: Text
    floor_below: Text | None
    floor_binds: bool


class PublicOfferingAnswer(Reply, frozen=True, tag_field="question", tag="public_offering"):
    """Say what the offering converts.

    size: $, as the reading counts it; failures: conditions not met; series: those that can convert;
    common_by_holder: issued on conversion; cash_by_holder: Cash Amounts owed, $; effective, due: dates of the
    conversion and the last day for Cash Amounts; common_needed: outstanding afterwards; shortfall: Common that is
    not authorised; conversion_prices: $/share, as the shares sold adjust them.
    """

    qualifies: bool
    size: Text
    failures: list[FailureReply]
    series: dict[str, SeriesReply]
    common_by_holder: Amounts
    cash_by_holder: Amounts
    common_converted: Text
    cash_amounts: Text
    effective: date | None
    due: date | None
    common_needed: Text
    common_authorized: Text
    shortfall: Text
    conversion_prices: Amounts


Question = PublicOfferingQuestion
Answer = PublicOfferingAnswer


def answer(
    ask: PublicOfferingQuestion, state: State, readings: Readings
) -> tuple[PublicOfferingAnswer, list[str], list[Step]]:
    """Answer with what the offering converts; raise Refusal or Forbidden for one that cannot be."""
    event = _event(ask)
    try:
        found, prices = offered(state, event, readings)
    except Forbidden as reason:
        if reason.code != "out_of_order":
            raise
        sentence = "cannot come before the position's date and the last event."
        raise Refusal("out_of_order", "ask.on", sentence, reason.clause) from None
    cash = {holder: owed for holder, owed in found.cash_by_holder.items() if owed != 0}
    reply = PublicOfferingAnswer(
        qualifies=found.qualification.qualifies,
        size=show(found.qualification.size),
        failures=[_failure(own.code, own.clause, own.message) for own in found.qualification.failures],
        series={own.name: _series(own) for own in found.series},
        common_by_holder={holder: show(shares) for holder, shares in sorted(found.common_by_holder.items())},
        cash_by_holder={holder: show(owed) for holder, owed in sorted(cash.items())},
        common_converted=show(sum(found.common_by_holder.values())),
        cash_amounts=show(found.cash_total),
        effective=found.effective,
        due=found.due if found.cash_total > NOTHING else None,
        common_needed=show(found.common_needed),
        common_authorized=show(found.common_authorised),
        shortfall=show(found.shortfall),
        conversion_prices={name: show(price) for name, price in prices.items()},
    )
    return reply, [*_notes(state, readings, found)], [*_steps(state, event, reply, found)]


def _event(ask: PublicOfferingQuestion) -> PublicOffering:
    return PublicOffering(
        on=ask.on,
        price=positive(ask.price, "ask.price"),
        primary_shares=count(ask.primary_shares, "ask.primary_shares"),
        secondary_shares=count(ask.secondary_shares, "ask.secondary_shares"),
        underwriting=ask.underwriting,
        form=ask.form,
        over_allotment=count(ask.over_allotment, "ask.over_allotment"),
        over_allotment_counts=ask.over_allotment_counts,
        discount=not_negative(ask.discount, "ask.discount"),
        priced_on=ask.priced_on,
    )


def _failure(code: str, clause: str, message: str) -> FailureReply:
    return FailureReply(code, clause, message)  # type: ignore[arg-type]


def _series(own: SeriesOutcome) -> SeriesReply:
    trigger = None if own.trigger is None else show(own.trigger)
    return SeriesReply(show(own.ratio), show(own.at_price), trigger, own.binds)


def _steps(state: State, event: PublicOffering, reply: PublicOfferingAnswer, found: OfferingOutcome) -> Iterator[Step]:
    yield from steps(state)
    terms = state.position.charter.public_offering
    clause = "3(b)" if terms is None else terms.clause
    amounts = {"price": show(event.price), "size": reply.size}
    if terms is not None:
        amounts["minimum"] = show(terms.minimum_aggregate.value)
    says = "The offering converts the Preferred." if reply.qualifies else "The offering converts nothing."
    yield Step(clause, "qualification", says, amounts=amounts)
    for failure in reply.failures:
        yield Step(failure.clause, failure.code, failure.message)
    for own in found.series:
        yield _ratio_step(state, own, reply)
    ratios = {own.name: show(own.ratio) for own in found.series}
    yield from conversion_steps(found.conversions, ratios, clause)
    amounts = {
        "needed": reply.common_needed,
        "authorized": reply.common_authorized,
        "shortfall": reply.shortfall,
    }
    limit = state.position.charter.authorized.common
    yield Step(limit.clause, "authorized", "So much Common is outstanding afterwards.", COMMON, amounts)


def _ratio_step(state: State, own: SeriesOutcome, reply: PublicOfferingAnswer) -> Step:
    series = state.position.charter.series_named(own.name)
    amounts = {"ratio": show(own.ratio), "at_conversion_price": show(own.at_price)}
    if own.trigger is not None and series.offering_floor is not None:
        amounts["floor_below"] = show(own.trigger)
        binds = "the floor gives more" if own.binds else "the floor does not give more"
        clause = series.offering_floor.clause
        return Step(clause, "floor", f"{own.name} converts: {binds} than the conversion price.", own.name, amounts)
    return Step("3(b)", "ratio", f"{own.name} converts at its conversion price.", own.name, amounts)


def _notes(state: State, readings: Readings, found: OfferingOutcome) -> Iterator[str]:
    if not found.qualification.qualifies:
        yield "An offering that does not qualify converts nothing, and has no floor (3(b), AMB-44)."
    if found.is_short:
        yield (
            f"The authorised Common is {show(found.shortfall)} shares short: "
            "the offering and the conversion cannot be performed without an amendment (IV.A, AMB-47)."
        )
    split = state.position.common_split
    adjusted = any(own.binds and _is_adjusted(state, own.name) for own in found.series)
    if adjusted and split is not None and split != 1 and readings.e_floor is EFloor.LITERAL:
        yield "After a split of the Common the floor of E divides the adjusted price, that of F the flat one (AMB-40)."
    for own in found.series:
        whole = readings.floor_adjusts_for_series_splits is Switch.NO
        if own.binds and not whole and state.position.preferred_splits.get(own.name, 1) != 1:
            yield f"The floor of {own.name} is for what was one share of it before its splits (3(b), AMB-131)."
    if state.property:
        yield "The Common has become other property: holders receive that in place of Common (3(f), AMB-75)."


def _is_adjusted(state: State, name: str) -> bool:
    floor = state.position.charter.series_named(name).offering_floor
    return floor is not None and floor.adjusted_numerator
