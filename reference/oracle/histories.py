"""Histories: events folded over the opening position of a case, and what is told of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

from reference import history
from reference.antidilution import Adjustment, PriceState
from reference.cash_amounts import CashClaim, Ledger, overdue, total_unpaid
from reference.charter import Charter
from reference.conversion_price import Carried, carried_total
from reference.enclosure import NARROWEST, TooLongError, ends
from reference.oracle.amounts import show
from reference.oracle.documents import Case, PositionDocument
from reference.oracle.event_documents import read
from reference.oracle.positions import amount, build, not_negative, series_named
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Amounts, Step
from reference.position import NOTHING, Option, Owed, Position
from reference.readings import ConvertedDividends, Readings
from reference.refusal import Forbidden

MAX_EVENTS = 1_000_000
"""The most events that a case may list."""

MAX_BITS = 14_000
"""The longest conversion price that is kept exact: one that is longer has more digits than are printed."""

ATTEMPTS = 4
"""How often a history is reckoned, each time but the first with enclosures twice as close."""

# Reading


def precisions() -> Iterator[int | None]:
    """Yield how closely prices are enclosed that get too long, in binary places: not at all, then ever closer."""
    yield None
    yield from (NARROWEST << attempt for attempt in range(ATTEMPTS - 1))


def state_after(case: Case, charter: Charter, places: int | None = None) -> history.State:
    """Return the state after a case's events; places: of the ends of prices that are enclosed, None for exact ones.

    Raise Refusal for what cannot be read or is forbidden, TooLongError where exact prices get too long.
    """
    document, readings = case.position, case.readings
    if len(case.events) > MAX_EVENTS:
        raise Refusal("too_many_events", "events", f"lists more than {MAX_EVENTS} events.")
    if case.events and document.undeclared_dividends:
        sentence = "cannot be given as amounts together with events; issued_on lets them accrue to the last one."
        raise Refusal("contradiction", "position.undeclared_dividends", sentence)
    opening = _opening(document, charter, readings, not case.events, places)
    happened = [read(event, charter, f"events[{index}]") for index, event in enumerate(case.events)]
    try:
        found = history.fold(opening, happened, readings, _watch if places is None else None)
    except history.RefusedEventError as error:
        reason: Forbidden = error.reason
        raise Refusal(reason.code, f"events[{error.index}]", reason.message, reason.clause) from None
    return _with_undeclared(found, document, readings) if case.events else found


def _opening(
    document: PositionDocument, charter: Charter, readings: Readings, accrue: bool, places: int | None
) -> history.State:
    position = build(document, charter, readings, accrue)
    try:
        return history.opening(
            position,
            readings,
            _purchase_dates(document, position),
            _carried(document, position),
            _claims(document, position),
            places,
        )
    except Forbidden as reason:
        raise Refusal(reason.code, "position", reason.message, reason.clause) from None


def _purchase_dates(document: PositionDocument, position: Position) -> dict[str, date]:
    for name, first in document.purchase_dates.items():
        path = f"position.purchase_dates.{name}"
        series_named(name, position.charter, path)
        if position.as_of is not None and first > position.as_of and position.shares.get(name, 0) > 0:
            raise Refusal("contradiction", path, "cannot be after as_of, when shares of the series are outstanding.")
    return document.purchase_dates


def _carried(document: PositionDocument, position: Position) -> dict[str, tuple[Carried, ...]]:
    found: dict[str, tuple[Carried, ...]] = {}
    for index, own in enumerate(document.carried):
        path = f"position.carried[{index}]"
        series = series_named(own.series, position.charter, f"{path}.series")
        _not_later(own.on, position.as_of, f"{path}.on")
        item = Carried(own.on, amount(own.amount, f"{path}.amount"))
        found[own.series] = (*found.get(own.series, ()), item)
        price = position.conversion_prices.get(own.series, series.original_issue_price.value)
        if carried_total(found[own.series]) >= price:
            raise Refusal("contradiction", f"{path}.amount", "would leave a conversion price of nothing.")
    return found


def _claims(document: PositionDocument, position: Position) -> Ledger:
    found = []
    for index, own in enumerate(document.cash_amounts):
        path = f"position.cash_amounts[{index}]"
        if not own.holder:
            raise Refusal("empty_name", f"{path}.holder", "must name the holder.")
        if series_named(own.series, position.charter, f"{path}.series").cash_amount is None:
            raise Refusal("contradiction", f"{path}.series", "has no Cash Amount.")
        _not_later(own.converted_on, position.as_of, f"{path}.converted_on")
        owed, paid = not_negative(own.owed, f"{path}.owed"), not_negative(own.paid, f"{path}.paid")
        if paid > owed:
            raise Refusal("contradiction", f"{path}.paid", "cannot be more than is owed.")
        found.append(CashClaim(own.converted_on, own.holder, own.series, owed, paid))
    return tuple(found)


def _not_later(on: date, as_of: date | None, path: str) -> None:
    if as_of is not None and on > as_of:
        raise Refusal("contradiction", path, "cannot be after as_of.")


def _watch(index: int, prices: PriceState) -> None:
    """Stop where exact prices get too long: each dilutive issue multiplies their digits by up to seven."""
    for price in prices.prices.values():
        if any(max(map(_bits, ends(own))) > MAX_BITS for own in (price.official, price.exact)):
            raise TooLongError


def _bits(price: Fraction) -> int:
    return max(price.numerator.bit_length(), price.denominator.bit_length())


def _with_undeclared(state: history.State, document: PositionDocument, readings: Readings) -> history.State:
    """Let undeclared dividends accrue up to the last event (AMB-17)."""
    last = state.position.as_of
    for name, since in document.issued_on.items():
        path = f"position.issued_on.{name}"
        series_named(name, state.position.charter, path)
        if last is not None and since > last:
            raise Refusal("contradiction", path, "cannot be after the last event.")
    accrued = history.undeclared(state, document.issued_on, readings)
    return replace(state, position=replace(state.position, undeclared_dividends=accrued))


def state_on(state: history.State, on: date | None, readings: Readings) -> history.State:
    """Return the state on a later date that a question asks about; raise Refusal for an earlier one."""
    if on is None:
        return state
    try:
        return history.at(state, on, readings)
    except Forbidden:
        sentence = "cannot come before the position's date and the last event."
        raise Refusal("out_of_order", "ask.on", sentence) from None


# Telling


def steps(state: history.State) -> Iterator[Step]:
    """Yield what every event did, each with the adjustments of conversion prices that came with it."""
    for happened in state.log:
        amounts = {name: show(value) for name, value in happened.amounts.items()}
        says = f"{happened.on.isoformat()}: {happened.says}"
        yield Step(happened.clause, happened.event, says, amounts=amounts)
        yield from adjustment_steps(happened)


def adjustment_steps(happened: history.Happened) -> Iterator[Step]:
    """Yield the adjustments of conversion prices that came with one event (3(d))."""
    for own in happened.adjustments:
        says = f"{own.on.isoformat()}: {_says(own)}"
        yield Step(own.clause, f"{own.kind}_adjustment", says, own.series, _amounts(own))


def _says(own: Adjustment) -> str:
    if own.official_after == own.official_before:
        return f"The adjustment of {own.series} is less than is made at once and is carried."
    what = "lowered" if own.official_after < own.official_before else "raised"
    return f"The conversion price of {own.series} is {what}."


def _amounts(own: Adjustment) -> Amounts:
    given = {"base": own.base, "shares": own.shares, "consideration": own.consideration}
    told = {
        "official_before": own.official_before,
        "official_after": own.official_after,
        "exact_before": own.before,
        "exact_after": own.after,
        "carried": own.carried,
    }
    return {name: show(value) for name, value in {**given, **told}.items() if value is not None}


def notes(state: history.State) -> list[str]:
    """List what a reader should know of a history whatever is asked."""
    return [*_common_above(state), *_after_the_close(state), *_made_at_the_close(state), *_record_dates(state)]


def _record_dates(state: history.State) -> Iterator[str]:
    """Say what waits for a record date (AMB-139)."""
    for own in state.pending:
        yield (
            f"What was declared on {own.on.isoformat()} is owed only once its record date, {own.record_date}, has "
            "passed; nothing of it is counted as unpaid here (1(a), AMB-139)."
        )
    for day, _ in state.combined:
        yield f"A combination adjusts the conversion prices from {day.isoformat()} on (3(d)(iv), AMB-139)."


def _common_above(state: history.State) -> Iterator[str]:
    limit = state.position.charter.authorized.common
    if state.position.common > limit.value:
        yield (
            f"More Common is outstanding, {show(state.position.common)}, than is authorised, {show(limit.value)}: "
            f"the offering's conversion needs an amendment first ({limit.clause}, AMB-47)."
        )


CLOSE = frozenset({"convert", "elect_conversion"})
"""The events that take effect just before the close of business (3(c))."""


def _after_the_close(state: history.State) -> Iterator[str]:
    """Say where a conversion of holders is taken as written, before something of its day that counts (AMB-140)."""
    converted_on: date | None = None
    for own in state.log:
        if own.event in CLOSE:
            converted_on = own.on
        elif own.on == converted_on and (own.adjustments or own.event == "public_offering"):
            yield (
                f"Event {own.index} follows a conversion of its day. A conversion under 3(a) is made just before the "
                "close of business; the reading takes the order in which the events are written (3(c), AMB-140)."
            )
            return


def _made_at_the_close(state: history.State) -> Iterator[str]:
    """Say where a conversion of holders is made after something of its day that is written later (AMB-140)."""
    last: history.Happened | None = None
    for own in state.log:
        if own.event in CLOSE and last is not None and last.on == own.on and last.index > own.index:
            yield (
                f"Event {own.index} is a conversion under 3(a), made just before the close of business: after event "
                f"{last.index} of its day, though written before it (3(c), AMB-140)."
            )
            return
        if own.event != history.PASS_TIME and own.event not in CLOSE:
            last = own


def position_of(state: history.State) -> Position:
    """Return the cap table with all that bears on a distribution: debts, rights, and whether an election frees."""
    by_day: dict[date, Fraction] = {}
    for claim in state.cash:
        by_day[claim.converted_on] = by_day.get(claim.converted_on, NOTHING) + claim.unpaid
    cash = tuple(amount for _, amount in sorted(by_day.items()) if amount > 0)
    options = (Option(name, own.stock, own.exercisable, own.exercise_price) for name, own in state.rights.items())
    return replace(
        state.position,
        owed=Owed(cash, sum(state.debts.values(), NOTHING)),
        options=tuple(own for own in options if own.shares > 0),
        elected=state.elected,
    )


def debts(state: history.State, readings: Readings) -> list[str]:
    """List what the corporation owes besides, for a reader of a liquidation (3(c), AMB-37)."""
    found = []
    unpaid = total_unpaid(state.cash)
    if unpaid > 0:
        found.append(
            f"Cash Amounts of earlier conversions, {show(unpaid)}{_late(state)}, are unpaid: they are claims on the "
            f"assets, ranked by cash_rank = {readings.cash_rank.value} (3(c), AMB-23, AMB-128)."
        )
    owed = sum(state.debts.values(), NOTHING)
    if owed > 0:
        found.append(
            f"Dividends declared on shares that have converted, {show(owed)}, are unpaid: {_rank_of(readings)}"
        )
    on_common = {holder: amount for holder, amount in sorted(state.owed_to.items()) if amount > 0}
    if on_common:
        named = ", ".join(f"{holder} {show(amount)}" for holder, amount in on_common.items())
        found.append(
            f"Dividends declared on the Common, {show(sum(on_common.values(), NOTHING))}, are unpaid: debts of the "
            f"corporation to who held it then, {named}, to be paid outside of the assets shared here (AMB-137)."
        )
    return found


def _rank_of(readings: Readings) -> str:
    if readings.converted_dividends is ConvertedDividends.DEBT_FROM_ASSETS:
        return "debts of the corporation, paid out of the assets first (AMB-37, AMB-125)."
    return "debts of the corporation, to be paid outside of the assets shared here (AMB-37, AMB-125)."


def _late(state: history.State) -> str:
    if state.position.as_of is None:
        return ""
    late = total_unpaid(overdue(state.position.charter, state.cash, state.position.as_of))
    return f", of which {show(late)} overdue" if late > 0 else ""
