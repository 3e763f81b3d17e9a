"""The question `conversion_prices`: the conversion price of every series and how it came about (3(a), 3(d))."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reference.conversion import current_ratios
from reference.conversion_price import SeriesPrice, anniversary, carried_total
from reference.history import NEVER, State
from reference.oracle.amounts import show
from reference.oracle.documents import Document
from reference.oracle.histories import state_on, steps
from reference.oracle.replies import Reply, Step, Text
from reference.readings import Readings


class ConversionPricesQuestion(Document, frozen=True, tag_field="question", tag="conversion_prices"):
    """Ask for the conversion prices after the events, or on a later date."""

    on: date | None = None


class CarriedReply(Reply, frozen=True):
    """Hold an adjustment not made yet: its event's date, $/share to take off, and when it is made at the latest."""

    on: date
    amount: Text
    made_by: date


class SeriesPriceReply(Reply, frozen=True):
    """Hold the conversion price of one series, $/share.

    official: in effect; exact: with all that is carried; ratio: Common per share at the official price;
    initial: the Original Issue Price, before splits of the series; first_issued: its Purchase Date, null if long
    past or not given; issued: whether it has been issued at all.
    """

    official: Text
    exact: Text
    ratio: Text
    initial: Text
    carried: list[CarriedReply]
    first_issued: date | None
    issued: bool


class ConversionPricesAnswer(Reply, frozen=True, tag_field="question", tag="conversion_prices"):
    """Hold the conversion prices by series."""

    as_of: date | None
    series: dict[str, SeriesPriceReply]


Question = ConversionPricesQuestion
Answer = ConversionPricesAnswer


def answer(
    ask: ConversionPricesQuestion, state: State, readings: Readings
) -> tuple[ConversionPricesAnswer, list[str], list[Step]]:
    """Answer with the prices, what is carried and every adjustment; raise Refusal for a date before the last event."""
    state = state_on(state, ask.on, readings)
    replies = {name: _reply(state, readings, name, price) for name, price in state.prices.prices.items()}
    found = ConversionPricesAnswer(state.position.as_of, replies)
    return found, [*_notes(state)], [*steps(state), *_in_effect(state, replies)]


def _reply(state: State, readings: Readings, name: str, price: SeriesPrice) -> SeriesPriceReply:
    terms = state.position.charter.antidilution
    years = 0 if terms is None else terms.carry_forward_years.value
    purchased = state.prices.purchase_dates.get(name)
    issued = purchased != NEVER
    return SeriesPriceReply(
        official=show(price.official),
        exact=show(price.exact),
        ratio=show(current_ratios(state.position, readings, (name,))[name]),
        initial=show(state.position.charter.series_named(name).original_issue_price.value),
        carried=[CarriedReply(own.on, show(own.amount), anniversary(own.on, years)) for own in price.carried],
        first_issued=purchased if issued else None,
        issued=issued,
    )


def _in_effect(state: State, replies: dict[str, SeriesPriceReply]) -> Iterator[Step]:
    for name, own in replies.items():
        series = state.position.charter.series_named(name)
        amounts = {"official": own.official, "exact": own.exact, "ratio": own.ratio}
        says = f"This is the conversion price of {name}, and the Common into which a share converts."
        yield Step(series.conversion.clause, "conversion_price", says, name, amounts)


def _notes(state: State) -> Iterator[str]:
    waiting = [name for name, first in state.prices.purchase_dates.items() if first == NEVER]
    if waiting and state.log:
        yield (
            f"Not issued yet, so that nothing adjusts the price: {', '.join(waiting)}. "
            "position.purchase_dates says so where a series was issued before (3(d)(i)(A), AMB-72)."
        )
    carried = [name for name, price in state.prices.prices.items() if carried_total(price.carried) != 0]
    if carried:
        yield f"Adjustments below the least amount are carried forward for {', '.join(carried)} (3(d)(i)(B), AMB-58)."
    if state.position.charter.antidilution is None:
        yield "The charter adjusts no conversion price (3(d))."
