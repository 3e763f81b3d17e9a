"""Dated events folded over an opening position.

The fold keeps a working book of its own, so that an event costs what it touches and not what is outstanding;
nothing outside sees it change. What the certificate or arithmetic forbids stops the fold at that event.
A history that is cut in two between two days and folded in parts leads to the same state. Within a day an event
looks ahead: a consent to an offering of its own day (AMB-43), a conversion under 3(a) to its close (3(c), AMB-140).
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

from reference import antidilution, events
from reference.additional_stock import Classification, IssueFacts, classify
from reference.antidilution import Adjustment, Outstanding, PriceState, exercisable_after
from reference.cash_amounts import CashClaim, Ledger, claims_of, fund, total_unpaid
from reference.charter import COMMON, Charter
from reference.conversion import (
    Count,
    HolderConversion,
    conversion_ratio,
    convert,
    election,
    issuable,
    series_consent,
)
from reference.conversion_price import Carried
from reference.distributions import Payable, apportion, governed_by, shares_as_converted
from reference.dividends import (
    ALL_YEAR,
    Declared,
    DividendYear,
    Due,
    Gate,
    Lot,
    accrued_undeclared,
    amounts_before_common,
    common_dividend_gate,
    declare,
    declared_in,
    dividend_year,
    listed_rate,
    needs_nothing_before,
    pay,
    pay_common,
)
from reference.offering import Offering, OfferingOutcome, convert_by_offering, effective_date, qualification
from reference.position import NOTHING, Holding, Number, Position, Undeclared, outstanding
from reference.readings import (
    AdElection,
    CommonGateStage,
    ConversionsAtClose,
    IpoOrder,
    Partial,
    Readings,
    WeightedAverageBase,
    Year,
)
from reference.refusal import Forbidden

LONG_AGO = date.min
NEVER = date.max
"""Stands for the Purchase Date of a series that has not been issued yet: nothing comes after it."""

PASS_TIME = "pass_time"
"""What the log calls it where nothing happened but the end of three years."""


@dataclass(frozen=True)
class Rights:
    """Hold rights over a class as they stand, in today's shares.

    stock: the class; deliverable: shares still to be had; exercisable: of these, now; exercise_price: $/share;
    exercised: shares issued so far.
    """

    stock: str
    deliverable: Number
    exercisable: Number
    exercise_price: Fraction
    exercised: Number


Issued: TypeAlias = tuple[int, date]
"""When shares were issued: after how many declarations, and on what day."""


@dataclass(frozen=True)
class Happened:
    """Hold what one event did.

    index: its place in the history; on: when it took effect; amounts: by name, whole or exact; adjustments: of
    conversion prices (3(d)).
    """

    index: int
    on: date
    clause: str
    event: str
    says: str
    amounts: Mapping[str, Number] = field(default_factory=dict)
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True)
class State:
    """Hold where a history has led to.

    position: the cap table; prices: conversion prices, official and exact, and what is carried (3(d)); cash:
    Cash Amounts owed and paid (3(c)); declared: dividend declarations and paid: payments, in order, per share as
    shares are now (1(a)); pending: declarations whose record date is yet to pass (AMB-139); dues: declared and unpaid
    on the Common (AMB-137); debts: dividends owed to holders who have converted, $ by holder (AMB-37); lots: shares
    issued in the history and still held, by holder and series and when they were issued (AMB-134); combined:
    combinations that are yet to adjust the conversion prices, the day and the ratio (AMB-139); rights: by name;
    converted: preferred shares converted so far, in today's shares, by series; elected: whether the class that converts
    together has elected; property: units by kind that a share of Common has become (3(f)); issued_today: preferred
    shares issued on the last day, by holder and series, which do not convert that day (3(a)); offered_on: when an
    offering last converted the Preferred; before_close: the state before what converted at the close of the last day,
    None if nothing did (3(c)); log: what every event did.
    """

    position: Position
    prices: PriceState
    cash: Ledger = ()
    declared: tuple[Declared, ...] = ()
    paid: tuple[events.PayDividend, ...] = ()
    pending: tuple[events.DeclareDividend, ...] = ()
    dues: tuple[Due, ...] = ()
    debts: Mapping[str, Fraction] = field(default_factory=dict)
    lots: Mapping[tuple[str, str], Mapping[Issued, Number]] = field(default_factory=dict)
    combined: tuple[tuple[date, Fraction], ...] = ()
    rights: Mapping[str, Rights] = field(default_factory=dict)
    converted: Mapping[str, Number] = field(default_factory=dict)
    elected: bool = False
    property: Mapping[str, Fraction] = field(default_factory=dict)
    issued_today: Mapping[tuple[str, str], Number] = field(default_factory=dict)
    offered_on: date | None = None
    before_close: State | None = field(default=None, repr=False, compare=False)
    log: tuple[Happened, ...] = ()

    @builtins.property  # The name is a field here.
    def owed_on_common(self) -> Fraction:
        """Return what is declared and unpaid on the Common, $/share for a share that was there all the time."""
        return sum((own.per_share for own in self.dues), NOTHING)

    @builtins.property
    def owed_to(self) -> dict[str, Fraction]:
        """Return who is owed declared dividends on the Common, $ by holder: who held at the declaration (AMB-137)."""
        found: dict[str, Fraction] = {}
        for own in self.dues:
            for holder, amount in own.owed.items():
                found[holder] = found.get(holder, NOTHING) + amount
        return found


class RefusedEventError(Exception):
    """Say which event of a history is forbidden, and why."""

    def __init__(self, index: int, reason: Forbidden) -> None:
        """Keep the event's place in what was folded and the reason."""
        super().__init__(reason.message)
        self.index = index
        self.reason = reason


def opening(
    position: Position,
    readings: Readings,
    purchase_dates: Mapping[str, date | None] | None = None,
    carried: Mapping[str, tuple[Carried, ...]] | None = None,
    cash: Ledger = (),
    places: int | None = None,
) -> State:
    """Return the state from which a history starts.

    purchase_dates: first issue of each series; a series left out was issued long ago if it has shares
    outstanding, and is yet to be issued if it has none (3(d)(i)(A)). carried: adjustments not yet made, by
    series (3(d)(i)(B)), of which those are made at once that have been carried for three years by the position's
    date; cash: Cash Amounts of earlier conversions; places: of the ends between which conversion prices are enclosed
    once they are longer, None to keep them exact. Raise Forbidden for a conversion price that is not above zero,
    ValueError if the holdings do not add up to the shares.
    """
    added = outstanding(position.holdings)
    for name in dict.fromkeys((*added, *position.shares)):
        if added.get(name, 0) != position.shares.get(name, 0):
            raise ValueError(f"the holdings of {name} do not add up to its shares")
    unissued = {series.name: NEVER for series in position.charter.series if position.shares.get(series.name, 0) == 0}
    prices = antidilution.opening(
        position.charter,
        readings,
        position.as_of or LONG_AGO,
        position.conversion_prices,
        carried,
        {**unissued, **(purchase_dates or {})},
        places,
    )
    found = fold(State(position, prices, cash), (), readings)
    return at(found, position.as_of, readings) if carried and position.as_of is not None else found


def fold(
    start: State,
    happened: Sequence[events.Event],
    readings: Readings,
    watch: Callable[[int, PriceState], None] | None = None,
) -> State:
    """Return the state after events, which are in the order of their dates; those of one day keep theirs (AMB-99).

    A conversion under 3(a) comes after what else happens on its day, see `instant` (AMB-140).
    watch: called with the place of each event and the conversion prices after it, so that a caller can stop.
    Raise RefusedEventError at the first event that the certificate or arithmetic forbids.
    """
    effective = _effective_dates(start, happened, readings)
    book = _Book(start, readings, happened, effective)
    before = _events_before(start)
    order = sorted(range(len(happened)), key=lambda own: (effective[own], instant(happened[own], readings)))
    before_close = None
    for index in order:
        closing = effective[index] == effective[order[-1]] and instant(happened[index], readings) == AT_CLOSE
        if closing and before_close is None:
            before_close = book.state()
        try:
            book.enter(happened[index], effective[index], before + index)
        except Forbidden as reason:
            raise RefusedEventError(index, reason) from None
        if watch is not None:
            watch(index, book.prices)
    return replace(book.state(), before_close=before_close)


DURING_THE_DAY, AT_CLOSE, AFTER_CLOSE = range(3)
"""The instants of a day that the text tells apart."""


def instant(event: events.Event, readings: Readings) -> int:
    """Return at which instant of its day an event happens, as far as the text fixes one (3(c), AMB-140).

    A conversion under 3(a), by election or at a holder's option, is made immediately before the close of business,
    one by consent or by an offering is not. What is then legally available is applied to its Cash Amounts, so that
    funds of that day follow it; and its holders are record holders of the Common as of that day, so that what has it
    as its record date, as a distribution has, finds them so (AMB-139). A reading takes all events of a day as they are
    written.
    """
    if readings.conversions_at_close is ConversionsAtClose.AS_WRITTEN:
        return DURING_THE_DAY
    if isinstance(event, events.Convert | events.ElectConversion):
        return AT_CLOSE
    if isinstance(event, events.Distribute):
        return AFTER_CLOSE if event.record_date in (None, event.on) else DURING_THE_DAY
    return AFTER_CLOSE if isinstance(event, events.FundCashAmounts) else DURING_THE_DAY


def in_course_of(start: State, on: date) -> State:
    """Return the state that an event of a day finds: before what converts at its close (3(c), AMB-140)."""
    return start if start.before_close is None or on != start.position.as_of else start.before_close


def at(start: State, on: date, readings: Readings) -> State:
    """Return the state on a later date: adjustments carried for three years are made until then (3(d)(i)(B)).

    Raise Forbidden for an earlier date.
    """
    book = _Book(start, readings)
    book.move(on)
    if book.made:
        says = "What has been carried for three years is adjusted, and what a combination left to its record date."
        book.log.append(Happened(_events_before(start), on, "3(d)(i)(B)", PASS_TIME, says, {}, book.made))
    return book.state()


def common_gate(
    start: State,
    declaration: events.DeclareDividend,
    readings: Readings,
    payable: Payable = "cash",
    issued: Mapping[str, date] = ALL_YEAR,
) -> Gate:
    """Return whether a dividend on the Common may be declared, with what is declared besides (1(a), AMB-10).

    payable: what the Common is paid in; issued: when series were issued of which the history does not say it. Raise
    Forbidden where it comes before the state's date, or its dividend year cannot be told.
    """
    book = _Book(start, readings)
    book.move(declaration.on)
    return book.gate(declaration, payable, issued)


def _events_before(start: State) -> int:
    """Return how many events have led to a state; that time has passed is none."""
    return sum(own.event != PASS_TIME for own in start.log)


def offered(
    start: State, event: events.PublicOffering, readings: Readings
) -> tuple[OfferingOutcome, dict[str, Fraction]]:
    """Return what an offering would convert and the conversion prices after it, $/share by series (3(b)).

    It is told whether or not so much Common is authorised (AMB-47). An offering of the state's own day finds what
    converts at the close of it unconverted (AMB-140). Raise Forbidden for an offering that cannot be, or that comes
    before the state's date.
    """
    on = _effective(event, readings)
    book = _Book(in_course_of(start, on), readings)
    book.move(on)
    prices, outcome = book.offered(event)
    return outcome, prices.official


def converted_by_holder(start: State, event: events.Convert, readings: Readings) -> HolderConversion:
    """Return what a holder would get who converts, whether or not so much Common is authorised (3(a)).

    Raise Forbidden for shares that are not held or do not convert at their holder's option, or that come before
    the state's date.
    """
    book = _Book(start, readings)
    book.move(event.on)
    return _converted(book, event)


def undeclared(start: State, issued_on: Mapping[str, date], readings: Readings) -> dict[str, Undeclared]:
    """Return the undeclared dividends as of the state's date, $/share by series (2(a), AMB-16, AMB-17).

    issued_on: since when they accrue, by series. What the history declared is no longer undeclared. Raise
    ValueError if the state has no date or a series accrues only from a later one.
    """
    position = start.position
    if position.as_of is None:
        raise ValueError("the state has no date")
    found = {}
    for name, since in issued_on.items():
        rate = listed_rate(position, position.charter.series_named(name))
        accrued = accrued_undeclared(rate, since, position.as_of, readings.daycount)
        declared: tuple[Declared | events.DeclareDividend, ...] = (*start.declared, *start.pending)
        in_year = sum((_declared_on(d, name) for d in declared if d.on.year == position.as_of.year), NOTHING)
        ever = sum((_declared_on(declaration, name) for declaration in declared), NOTHING)
        current = max(NOTHING, accrued.current_year - in_year)
        found[name] = Undeclared(current, max(current, accrued.since_issue - ever))
    return found


def _declared_on(declaration: Declared | events.DeclareDividend, name: str) -> Fraction:
    return declaration.per_share.get(name, NOTHING)


def _effective(event: events.Event, readings: Readings) -> date:
    """Return when an event takes effect: an offering at its closing or pricing, all else on its date (AMB-50)."""
    if isinstance(event, events.PublicOffering):
        return effective_date(readings, event.priced_on, event.on) or event.on
    return event.on


def _effective_dates(start: State, happened: Sequence[events.Event], readings: Readings) -> list[date]:
    """Return when each event takes effect; raise RefusedEventError where they are not in the order of their dates."""
    found = []
    latest = start.position.as_of or LONG_AGO
    for index, event in enumerate(happened):
        try:
            if event.on < latest:
                raise Forbidden("out_of_order", "3", "The events must come in the order of their dates.")
            found.append(_effective(event, readings))
        except Forbidden as reason:
            raise RefusedEventError(index, reason) from None
        latest = event.on
    return found


class _Book:
    """Keep a history's state while it is folded; every count and amount by its own key.

    Amounts per share of the dividends of the past are kept in the shares of the start, see `units`.
    """

    def __init__(
        self,
        start: State,
        readings: Readings,
        happened: Sequence[events.Event] = (),
        effective: Sequence[date] = (),
    ) -> None:
        self.start = start
        self.readings = readings
        self.charter = start.position.charter
        self.on = start.position.as_of or LONG_AGO
        self.dated = start.position.as_of is not None
        self.holdings: dict[tuple[str, str], Number] = {}
        for own in start.position.holdings:
            if own.shares != 0:
                key = (own.holder, own.stock)
                self.holdings[key] = self.holdings.get(key, 0) + own.shares
        self.issued_today = dict(start.issued_today)
        self.shares: dict[str, Number] = dict(start.position.shares)
        # Where there is no share, nothing is owed, and shares issued later have had none of it.
        declared = {n: d for n, d in start.position.declared_dividends.items() if self.shares.get(n, 0) != 0}
        self.dividends = declared
        self.dues = start.dues
        self.preferred_splits = dict(start.position.preferred_splits)
        self.common_split = start.position.common_split
        self.common_combined = start.position.combined
        self.units: dict[str, Fraction] = {}
        self.prices = start.prices
        self.cash: list[CashClaim] = list(start.cash)
        self.declared = list(start.declared)
        self.pending = list(start.pending)
        self.year: DividendYear | None = None
        self.year_totals: dict[int, tuple[int, Mapping[str, Fraction]]] = {}
        self.paid = list(start.paid)
        self.lots: dict[tuple[str, str], dict[Issued, Number]] = {key: dict(own) for key, own in start.lots.items()}
        self.issues = _issues(self.lots)
        self.combined = list(start.combined)
        self.made: tuple[Adjustment, ...] = ()
        self.debts = dict(start.debts)
        self.over_preferred = {name: own for name, own in start.rights.items() if own.stock != COMMON}
        self.converted = dict(start.converted)
        self.elected = start.elected
        self.property = dict(start.property)
        self.log = list(start.log)
        self.offerings = _qualifying(self.charter, readings, happened, effective)
        self.consents = _consents_by_date(happened)
        self.consented: dict[str, date] = {}
        self.offered_on = start.offered_on

    def enter(self, event: events.Event, on: date, index: int) -> None:
        """Enter one event and note what it did; what has a record date before its day starts then."""
        self.made = ()
        self.move(min(on, _recorded(event) or on))
        self.prices = replace(self.prices, latest=())
        clause, says, amounts = ENTER[type(event)](self, event)
        made = (*self.made, *self.prices.latest)
        self.log.append(Happened(index, on, clause, WORDS[type(event)], says, amounts, made))

    def move(self, on: date) -> None:
        """Go to a date; raise Forbidden if it is an earlier one."""
        if on < self.on:
            raise Forbidden("out_of_order", "3", "The events must come in the order of their dates.")
        if on != self.on:
            self.issued_today = {}
            self.consented = {}
        self.on = on
        self.dated = True
        self.close_records()
        while self.combined and self.combined[0][0] <= on:
            day, ratio = self.combined.pop(0)
            self.pass_time(day)
            self.prices = antidilution.split(self.prices, day, ratio)
            self.made += self.prices.latest
        self.pass_time(on)

    def pass_time(self, on: date) -> None:
        """Make the adjustments whose three years end until a day."""
        self.prices = antidilution.pass_time(self.prices, on)
        self.made += self.prices.latest

    def go_on(self, on: date) -> None:
        """Go to a date in the midst of an event, and keep what it has adjusted so far."""
        self.made += self.prices.latest
        self.move(on)
        self.prices = replace(self.prices, latest=())

    def close_records(self) -> None:
        """Let the dividends be owed whose record dates have passed: nothing has happened since (AMB-139)."""
        passed = [own for own in self.pending if own.record_date is not None and own.record_date < self.on]
        self.pending = [own for own in self.pending if own not in passed]
        for own in sorted(passed, key=lambda own: own.record_date or self.on):
            self.owe(_in_units(own, self.units))

    def owe(self, event: events.DeclareDividend) -> None:
        """Let a declared dividend be owed on the shares that are outstanding now (1(a), AMB-136, AMB-137)."""
        # On a class without shares nothing comes to be owed, and shares issued later have had none of it.
        per_share = {name: each for name, each in event.per_share.items() if self.shares.get(name, 0) > 0}
        owed = declare(self.position(()), self.dividends, per_share)
        each = owed.pop(COMMON, NOTHING)
        self.dividends = owed
        if each > 0:
            own = {holder: shares * each for (holder, stock), shares in self.holdings.items() if stock == COMMON}
            self.dues = (*self.dues, Due(each, own))
        before = _multiplied(per_share, self.units), _divided(self.shares, self.units)
        self.declared.append(Declared(event.on, *before))

    def position(self, holdings: Iterable[Holding] | None = None) -> Position:
        """Return the cap table now; holdings: None for all of them."""
        start = self.start.position
        return replace(
            start,
            shares=dict(self.shares),
            conversion_prices=self.prices.official,
            declared_dividends={n: d for n, d in self.dividends.items() if n != COMMON and d != 0},
            preferred_splits=dict(self.preferred_splits),
            common_split=self.common_split,
            common_combined=self.common_combined,
            holdings=self.all_holdings() if holdings is None else tuple(holdings),
            as_of=self.on if self.dated else None,
        )

    def all_holdings(self) -> tuple[Holding, ...]:
        """Return who holds what, in the order in which the holdings arose."""
        return tuple(Holding(holder, stock, n) for (holder, stock), n in self.holdings.items())  # type: ignore[arg-type]

    def own(self, holder: str) -> Position:
        """Return the cap table with the holdings of one holder alone."""
        names = (*(s.name for s in self.charter.series), COMMON)
        held = ((name, self.holdings.get((holder, name), 0)) for name in names)
        return self.position([Holding(holder, name, n) for name, n in held if n != 0])  # type: ignore[arg-type]

    def outstanding(self) -> Outstanding:
        """Return what is outstanding just before an event (3(d)(i)(A))."""
        preferred = {s.name: self.shares.get(s.name, 0) for s in self.charter.series}
        options: Number = 0
        if self.readings.weighted_average_base is WeightedAverageBase.PLUS_ALL_OPTIONS:
            options = self.common_under_rights()
        return Outstanding(self.shares.get(COMMON, 0), preferred, dict(self.preferred_splits), self.elected, options)

    def common_under_rights(self) -> Number:
        """Return the Common that all rights would bring, those over Preferred as if it had converted (AMB-53)."""
        position = self.position(())
        total: Number = 0
        for own in self.rights().values():
            each: Number = 1
            if own.stock != COMMON:
                each = conversion_ratio(position, self.readings, self.charter.series_named(own.stock))
            total = total + own.deliverable * each
        return total

    def add(self, holder: str, stock: str, shares: Number) -> None:
        """Give a holder shares, or take them if below zero."""
        key = (holder, stock)
        left = self.holdings.get(key, 0) + shares
        if left == 0:
            self.holdings.pop(key, None)
        else:
            self.holdings[key] = left
        self.shares[stock] = self.shares.get(stock, 0) + shares

    def issue(self, holder: str, stock: str, shares: Number) -> None:
        """Give a holder new shares; preferred ones do not convert on that day (3(a))."""
        self.add(holder, stock, shares)
        if stock != COMMON:
            key, issued = (holder, stock), (len(self.declared), self.on)
            self.issued_today[key] = self.issued_today.get(key, 0) + shares
            _add_to(self.lots.setdefault(key, {}), {issued: shares})
            _add_to(self.issues.setdefault(stock, {}), {issued: shares})

    def release(self, key: tuple[str, str], shares: Number) -> dict[Issued, Number]:
        """Take from a holder's shares of a series the oldest first, and return those issued in the history."""
        own = self.lots.get(key)
        if own is None:
            return {}
        left = shares - (self.holdings[key] - sum(own.values()))
        taken: dict[Issued, Number] = {}
        for issued in sorted(own):
            if left > 0:
                taken[issued] = min(left, own[issued])
                left = left - taken[issued]
        _add_to(own, {issued: -count for issued, count in taken.items()})
        if not own:
            del self.lots[key]
        return taken

    def rights(self) -> dict[str, Rights]:
        """Return the rights as they stand, in today's shares of their class."""
        return {name: self.right(name) for name in self.prices.rights} | self.over_preferred

    def right(self, name: str) -> Rights:
        """Return rights of one name as they stand; raise Forbidden if there are none."""
        if name in self.over_preferred:
            return self.over_preferred[name]
        if name not in self.prices.rights:
            raise Forbidden("no_rights", "3(d)(i)(E)", f"No rights named {name} have been issued.")
        record = self.prices.rights[name]
        unit = self.prices.unit / record.unit
        return Rights(
            COMMON,
            record.deliverable * unit,
            record.exercisable * unit,
            record.exercise_price / unit,
            record.exercised * unit,
        )

    def offered(self, event: events.PublicOffering) -> tuple[PriceState, OfferingOutcome]:
        """Return the conversion prices after an offering and what it converts (3(b), AMB-45)."""
        offering = _offering_of(event)
        prices, sold = self.prices, offering.sold_by_corporation
        if sold > 0 and event.price > 0:
            additional = _classified(self, IssueFacts(), sold, COMMON).additional_for
            prices = antidilution.issue(prices, self.on, sold, event.price * sold, additional, self.outstanding())
        if not qualification(self.charter, self.readings, offering).qualifies:
            # It converts nothing, whoever holds what.
            return prices, convert_by_offering(self.position(()), self.readings, offering)
        adjusted = prices.official if self.readings.ipo_order is IpoOrder.ADJUST_FIRST else None
        consents = self.consents_of_the_day()
        return prices, convert_by_offering(self.position(), self.readings, offering, consents, adjusted)

    def consents_of_the_day(self) -> dict[str, date]:
        """Return the series whose consent to convert today carries, entered before or to be entered (3(b), AMB-43)."""
        found = dict(self.consented)
        consents = self.consents.get(self.on, ())
        position = self.position() if consents else self.position(())
        for event in consents:
            try:
                carried = series_consent(position, self.readings, event.stock, event.consents).count.carried
            except Forbidden:
                carried = False  # It is refused in its own turn.
            if carried:
                found[event.stock] = event.on
        return found

    def gate(
        self, event: events.DeclareDividend, payable: Payable = "cash", issued: Mapping[str, date] = ALL_YEAR
    ) -> Gate:
        """Return whether a dividend on the Common may be declared: what every share has had (AMB-133, AMB-134)."""
        readings, month = self.readings, event.fiscal_month
        if readings.year is Year.FISCAL and (month is None or not 1 <= month <= 12):
            message = "The month, 1 to 12, in which the fiscal year starts must be given to tell the dividend year."
            raise Forbidden("no_fiscal_month", "1(a)", message)
        year = dividend_year(readings, self.on, month)
        position = self.position(())
        known = {name: day for name, day in self.prices.purchase_dates.items() if day is not None and day != NEVER}
        known = {**known, **issued}
        before = amounts_before_common(position, readings, year, self.on, known)
        lots = {name: self.lots_of(name, event, year, amount) for name, amount in before.items()}
        common = self.had(COMMON, year) + event.per_share.get(COMMON, NOTHING)
        return common_dividend_gate(position, readings, before, {}, common, payable, event.part_of_year, lots)

    def lots_of(self, name: str, event: events.DeclareDividend, year: DividendYear, before: Fraction) -> list[Lot]:
        """Return what the shares of a series must have had and have had, $/share, by when they were issued."""
        issues = self.issues.get(name, {})
        daily = self.readings.partial is Partial.DAILY
        found = []
        if not issues or self.shares[name] > sum(issues.values()):
            found.append(Lot(before, self.paid_or_declared(name, event, year)))
        # If all must have had the same, the last ones have had the least.
        for after, on in list(issues) if daily else list(issues)[-1:]:
            own = before
            if daily:
                own = amounts_before_common(self.position(()), self.readings, year, self.on, {name: on})[name]
            found.append(Lot(own, self.paid_or_declared(name, event, year, after)))
        return found

    def paid_or_declared(
        self, name: str, event: events.DeclareDividend, year: DividendYear, after: int = 0
    ) -> Fraction:
        """Return the year's dividends on shares of a series that count before the Common, $/share (AMB-133)."""
        had = self.had(name, year, after)
        if self.readings.common_gate_stage is CommonGateStage.PAID:
            # What is paid is paid on the oldest declarations first.
            return max(NOTHING, had - self.dividends.get(name, NOTHING))
        to_come = declared_in(year, (_in_units(own, self.units) for own in self.pending))
        return had + to_come.get(name, NOTHING) + event.per_share.get(name, NOTHING)

    def had(self, name: str, year: DividendYear, after: int = 0) -> Fraction:
        """Return what was declared in a year on shares issued after so many declarations, $/share; it is kept."""
        if year != self.year:
            self.year, self.year_totals = year, {}
        counted, total = self.year_totals.get(after, (after, {}))
        new = self.declared[counted:]
        if new:
            total = declared_in(year, (Declared(year.first, total, {}), *new))
        self.year_totals[after] = (len(self.declared), total)
        return total.get(name, NOTHING) / self.units.get(name, 1)

    def state(self) -> State:
        """Return the state as frozen data."""
        return State(
            position=self.position(),
            prices=self.prices,
            cash=tuple(self.cash),
            declared=tuple(
                Declared(own.on, _divided(own.per_share, self.units), _multiplied(own.shares, self.units))
                for own in self.declared
            ),
            paid=tuple(_in_units(event, self.units) for event in self.paid),
            pending=tuple(_in_units(event, self.units) for event in self.pending),
            dues=self.dues,
            debts=self.debts,
            lots=self.lots,
            combined=tuple(self.combined),
            rights=self.rights(),
            converted=self.converted,
            elected=self.elected,
            property=self.property,
            issued_today=self.issued_today,
            offered_on=self.offered_on,
            log=tuple(self.log),
        )


Entered = tuple[str, str, Mapping[str, Number]]
"""What an event did: the clause, one sentence, amounts by name."""

PerShare = TypeVar("PerShare", events.DeclareDividend, events.PayDividend)


def _in_units(event: PerShare, units: Mapping[str, Fraction]) -> PerShare:
    """Return a dividend per share of today: `units` says by how much splits have multiplied the shares since."""
    return replace(event, per_share=_divided(event.per_share, units)) if units else event


def _before_units(event: PerShare, units: Mapping[str, Fraction]) -> PerShare:
    """Return a dividend of today per share as shares were at the start."""
    return replace(event, per_share=_multiplied(event.per_share, units)) if units else event


def _divided(amounts: Mapping[str, Number], units: Mapping[str, Fraction]) -> dict[str, Any]:
    return {name: each / units.get(name, Fraction(1)) for name, each in amounts.items()}


def _multiplied(amounts: Mapping[str, Number], units: Mapping[str, Fraction]) -> dict[str, Any]:
    return {name: each * units.get(name, 1) for name, each in amounts.items()}


def _issues(lots: Mapping[tuple[str, str], Mapping[Issued, Number]]) -> dict[str, dict[Issued, Number]]:
    """Return the shares issued in the history and still held, by series and when, the oldest first."""
    found: dict[str, dict[Issued, Number]] = {}
    for (_, stock), own in lots.items():
        _add_to(found.setdefault(stock, {}), own)
    return {stock: dict(sorted(own.items())) for stock, own in found.items()}


def _add_to(counts: dict[Issued, Number], more: Mapping[Issued, Number]) -> None:
    """Add shares to counts of shares; a count that becomes nothing goes."""
    for issued, shares in more.items():
        left = counts.get(issued, 0) + shares
        if left == 0:
            counts.pop(issued, None)
        else:
            counts[issued] = left


def _recorded(event: events.Event) -> date | None:
    """Return the record date of an event that has one."""
    recorded: date | None = getattr(event, "record_date", None)
    return recorded


def _check_record(event: events.Split | events.StockDividend | events.Distribute, clause: str) -> None:
    """Refuse a record date after the day on which its holders have what they are entitled to."""
    if event.record_date is not None and event.record_date > event.on:
        raise Forbidden("bad_record_date", clause, "The record date cannot come after the day of the event.")


# Issues


def _issue(book: _Book, event: events.Issue) -> Entered:
    _check_new(book, event.stock, event.shares)
    received = event.consideration + event.noncash
    found = _classified(book, event.facts, event.shares, event.stock)
    counted = found.shares * _common_for_each(book, event.stock)
    part = received * found.shares / event.shares
    if found.additional_for:
        book.prices = antidilution.issue(book.prices, book.on, counted, part, found.additional_for, book.outstanding())
    book.issue(event.holder, event.stock, event.shares)
    amounts: dict[str, Number] = {"shares": event.shares, "consideration": received, "additional_stock": found.shares}
    if found.excluded and found.findings:
        return found.findings[0].clause, f"{event.stock} is issued. {found.findings[0].because}", amounts
    return "3(d)(ii)", f"{event.stock} is issued.", amounts


def _check_new(book: _Book, stock: str, shares: Number) -> None:
    """Refuse new shares that cannot be, and note the Purchase Date of a series whose first ones they are."""
    _check_room(book, stock, shares)
    if stock == COMMON:
        return
    if book.shares.get(stock, 0) != 0 and book.dividends.get(stock, NOTHING) != 0:
        message = f"A dividend on {stock} is declared and unpaid; what new shares have of it is not said."
        raise Forbidden("dividends_unpaid", "1(a)", message)
    purchased = book.prices.purchase_dates.get(stock)
    if purchased is not None and purchased > book.on:
        # Noted first, as the first shares are not issued after the date on which they are (AMB-72).
        book.prices = replace(book.prices, purchase_dates={**book.prices.purchase_dates, stock: book.on})


def _check_room(book: _Book, stock: str, shares: Number) -> None:
    """Refuse an issue above what is authorised (IV.A, IV.B)."""
    if shares <= 0:
        raise Forbidden("nothing_issued", "IV.A", "An issue is of one share or more.")
    if stock == COMMON:
        limit = book.charter.authorized.common
        room, clause = limit.value - book.shares.get(COMMON, 0), limit.clause
    else:
        clause = book.charter.series_named(stock).authorized.clause
        room = issuable(book.position(()), book.readings, stock, book.converted.get(stock, 0))
    if shares > room:
        raise Forbidden("over_authorized", clause, f"No more shares of {stock} are authorised than remain unissued.")


def _classified(book: _Book, facts: IssueFacts, shares: Number, stock: str) -> Classification:
    dates, splits = book.prices.purchase_dates, book.position(()).splits()
    return classify(book.charter, book.readings, facts, book.on, shares, stock, dates, splits)


def _common_for_each(book: _Book, stock: str) -> Number:
    """Return the Common that a share of a class is or converts into, unrounded (3(d)(i)(E)(2), AMB-66)."""
    if stock == COMMON:
        return 1
    return conversion_ratio(book.position(()), book.readings, book.charter.series_named(stock))


def _issue_rights(book: _Book, event: events.IssueRights) -> Entered:
    found = _classified(book, event.facts, event.shares, event.stock)
    if not found.excluded and found.shares < event.shares:
        message = "Part of these rights is excluded from Additional Stock; enter that part and the rest apart."
        raise Forbidden("partly_excluded", "3(d)(ii)", message)
    amounts = {"shares": event.shares, "additional_stock": found.shares}
    if event.stock != COMMON:
        _issue_rights_over_preferred(book, event, found)
        return found.findings[0].clause, f"Rights over {event.stock} are issued.", amounts
    if event.rights in book.over_preferred:
        raise Forbidden("rights_exist", "3(d)(i)(E)", f"Rights named {event.rights} have been issued already.")
    book.prices = antidilution.issue_rights(
        book.prices,
        book.on,
        event.rights,
        event.shares,
        event.exercise_price,
        found.additional_for,
        book.outstanding(),
        event.exercisable,
        event.consideration,
        found.excluded,
    )
    return "3(d)(i)(E)", f"Rights over {event.stock} are issued.", amounts


def _issue_rights_over_preferred(book: _Book, event: events.IssueRights, found: Classification) -> None:
    """Enter rights over a series, which adjust no price: their shares are counted in shares of the series."""
    if not found.excluded:
        message = "Rights over Preferred that are Additional Stock, being in no exclusion, cannot be entered."
        raise Forbidden("not_listed", "3(d)(ii)(I)", message)
    if event.rights in book.over_preferred or event.rights in book.prices.rights:
        raise Forbidden("rights_exist", "3(d)(i)(E)", f"Rights named {event.rights} have been issued already.")
    now = event.shares if event.exercisable is None else event.exercisable
    own = Rights(event.stock, event.shares, now, event.exercise_price, 0)
    if event.shares <= 0:
        raise Forbidden("bad_rights", "3(d)(i)(E)", "Rights are over one share or more.")
    book.over_preferred[event.rights] = _checked(own)


def _checked(own: Rights) -> Rights:
    if own.exercisable < 0 or own.exercisable > own.deliverable or own.exercise_price < 0:
        message = "Of the rights, no more than all and no less than none is exercisable."
        raise Forbidden("bad_rights", "3(d)(i)(E)", message)
    return own


def _change_rights(book: _Book, event: events.ChangeRights) -> Entered:
    own = book.right(event.rights)
    if own.stock != COMMON:
        if own.deliverable <= 0:
            raise Forbidden("rights_ended", "3(d)(i)(E)(3)", f"Nothing is left of the rights named {event.rights}.")
        kept = exercisable_after(own, event.shares)
        changed = replace(
            own,
            deliverable=own.deliverable if event.shares is None else event.shares,
            exercisable=kept if event.exercisable is None else event.exercisable,
            exercise_price=own.exercise_price if event.exercise_price is None else event.exercise_price,
        )
        book.over_preferred[event.rights] = _checked(changed)
        return "3(d)(i)(E)(3)", "Rights change.", {}
    book.prices = antidilution.change_rights(
        book.prices,
        book.on,
        event.rights,
        book.outstanding(),
        event.shares,
        event.exercisable,
        event.exercise_price,
    )
    return "3(d)(i)(E)(3)", "Rights change.", {}


def _exercise_rights(book: _Book, event: events.ExerciseRights) -> Entered:
    own = book.right(event.rights)
    _check_new(book, own.stock, event.shares)
    paid = event.shares * own.exercise_price
    if own.stock == COMMON:
        book.prices = antidilution.exercise_rights(book.prices, book.on, event.rights, event.shares, paid)
    elif event.shares > own.exercisable:
        raise Forbidden("not_exercisable", "3(d)(i)(E)(1)", "No more than is exercisable can be exercised.")
    else:
        book.over_preferred[event.rights] = replace(
            own,
            deliverable=own.deliverable - event.shares,
            exercisable=own.exercisable - event.shares,
            exercised=own.exercised + event.shares,
        )
    book.issue(event.holder, own.stock, event.shares)
    return "3(d)(i)(E)(3)", f"Rights over {own.stock} are exercised.", {"shares": event.shares, "paid": paid}


def _expire_rights(book: _Book, event: events.ExpireRights) -> Entered:
    own = book.right(event.rights)
    if own.stock == COMMON:
        book.prices = antidilution.expire_rights(book.prices, book.on, event.rights)
    else:
        book.over_preferred[event.rights] = replace(own, deliverable=0, exercisable=0)
    return "3(d)(i)(E)(4)", "Rights expire.", {"shares": own.deliverable}


# Splits


def _split(book: _Book, event: events.Split) -> Entered:
    if event.ratio <= 0:
        raise Forbidden("bad_split", "3(d)(iii)", "A share cannot become none.")
    clause = "2(a)" if event.stock != COMMON else "3(d)(iii)" if event.ratio > 1 else "3(d)(iv)"
    _check_record(event, clause)
    if event.stock == COMMON:
        _adjust_for_split(book, event)
        _split_common(book, event.ratio)
    else:
        book.preferred_splits[event.stock] = event.ratio * book.preferred_splits.get(event.stock, 1)
    book.go_on(event.on)
    _multiply(book, event.stock, event.ratio)
    return clause, f"Each share of {event.stock} becomes several or part of one.", {"ratio": event.ratio}


def _adjust_for_split(book: _Book, event: events.Split) -> None:
    """Adjust the conversion prices as of the record date, for a combination on the day after it (3(d), AMB-139)."""
    if event.record_date is None or event.ratio > 1:
        book.prices = antidilution.split(book.prices, book.on, event.ratio)
    else:
        book.combined.append((event.record_date + timedelta(days=1), event.ratio))


def _split_common(book: _Book, ratio: Fraction) -> None:
    """Note what one share of Common has become, and what of that combinations did (AMB-132)."""
    book.common_split = ratio * (1 if book.common_split is None else book.common_split)
    combined = Fraction(1) if book.common_combined is None else book.common_combined
    book.common_combined = combined * ratio if ratio < 1 else combined


def _multiply(book: _Book, stock: str, ratio: Fraction) -> None:
    """Multiply every holding of a class; the certificate has no rule for fractions of a share here."""
    for key, shares in book.holdings.items():
        if key[1] == stock:
            after = shares * ratio
            if math.floor(after) != after:
                message = f"{key[0]} would hold a fraction of a share of {stock}."
                raise Forbidden("fractional_shares", "3(d)(iii)", message)
            book.holdings[key] = math.floor(after)
            if key in book.issued_today:
                book.issued_today[key] = book.issued_today[key] * ratio
    total = math.floor(book.shares.get(stock, 0) * ratio)
    limit = book.charter.authorized.common
    # The number of a split series' shares is adjusted by the amendment that splits it (AMB-130); the Common's is not.
    if stock == COMMON and total > limit.value:
        raise Forbidden("over_authorized", limit.clause, "The split needs more Common than is authorised.")
    book.shares[stock] = total
    # What is owed stays the same in all, and so do dividends of the past.
    if stock == COMMON:
        book.dues = tuple(replace(own, per_share=own.per_share / ratio) for own in book.dues)
    else:
        book.dividends[stock] = book.dividends.get(stock, NOTHING) / ratio
    for key, lots in book.lots.items():
        if key[1] == stock:
            book.lots[key] = {issued: count * ratio for issued, count in lots.items()}
    book.issues[stock] = {issued: count * ratio for issued, count in book.issues.get(stock, {}).items()}
    book.units[stock] = book.units.get(stock, Fraction(1)) * ratio
    if stock in book.converted:
        book.converted[stock] = book.converted[stock] * ratio
    for name, own in book.over_preferred.items():
        if own.stock == stock:
            book.over_preferred[name] = Rights(
                stock,
                own.deliverable * ratio,
                own.exercisable * ratio,
                own.exercise_price / ratio,
                own.exercised * ratio,
            )


def _stock_dividend(book: _Book, event: events.StockDividend) -> Entered:
    _check_record(event, "3(d)(iii)")
    before = book.outstanding()
    increase = before.common * (event.shares + event.equivalents)
    factor = 1 + event.shares
    book.prices = antidilution.stock_dividend(book.prices, book.on, increase, before, factor)
    book.go_on(event.on)
    _multiply(book, COMMON, factor)
    _split_common(book, factor)
    return "3(d)(iii)", "A dividend is paid in Common or rights to Common.", {"increase": increase}


# Dividends and distributions


def _declare_dividend(book: _Book, event: events.DeclareDividend) -> Entered:
    book.go_on(event.on)
    if not 0 < event.part_of_year <= 1:
        raise Forbidden("bad_part_of_year", "1(a)", "A part of a year is above 0 and at most 1.")
    if event.per_share.get(COMMON, NOTHING) > 0:
        book.gate(event).check()
    if event.record_date is not None and event.record_date >= event.on:
        book.pending.append(_before_units(event, book.units))
    else:
        book.owe(event)
    return "1(a)", "A dividend is declared.", dict(event.per_share)


def _pay_dividend(book: _Book, event: events.PayDividend) -> Entered:
    on_common = event.per_share.get(COMMON, NOTHING)
    book.dividends = pay(book.dividends, {n: each for n, each in event.per_share.items() if n != COMMON})
    if on_common > 0:
        _check_paid(book)
        book.dues = pay_common(book.dues, on_common)
    for holder, amount in event.former_holders.items():
        if amount < 0 or amount > book.debts.get(holder, NOTHING):
            message = f"{holder} is not owed so much in dividends declared before a conversion."
            raise Forbidden("undeclared_dividend", "1(a)", message)
    for holder, amount in event.former_holders.items():
        left = book.debts.pop(holder, NOTHING) - amount
        book.debts |= {holder: left} if left > 0 else {}
    book.paid.append(_before_units(event, book.units))
    return "1(a)", "A dividend is paid.", dict(event.per_share)


def _check_paid(book: _Book) -> None:
    """Refuse a payment on the Common while something declared on the Preferred is unpaid (1(a), AMB-133)."""
    unpaid = [name for name, each in book.dividends.items() if book.shares.get(name, 0) > 0 and each > 0]
    if unpaid:
        message = f"Dividends on the Preferred are paid first, and these series are owed some: {', '.join(unpaid)}."
        raise Forbidden("preferred_dividends_first", "1(a)", message)


def _distribute(book: _Book, event: events.Distribute) -> Entered:
    if not shares_as_converted(event.payable, book.readings):
        message = "The Preferred has no share in what is distributed; it is another kind of event."
        raise Forbidden("not_shared", "3(e)", message)
    clause = ", ".join(governed_by(event.payable, book.readings))
    _check_record(event, clause)
    shared = apportion(book.position(()), book.readings, event.units, book.elected)
    book.go_on(event.on)
    on_common = shared.per_share[COMMON] > 0 and book.shares.get(COMMON, 0) > 0
    if not needs_nothing_before(event.payable, book.readings) and on_common:
        book.gate(events.DeclareDividend(event.on, {}, event.fiscal_month), event.payable).check()
    amounts = {f"per_share_{name}": units for name, units in shared.per_share.items()}
    says = "Units are distributed as if the Preferred had converted."
    return clause, says, {**amounts, "undistributed": shared.undistributed}


def _recapitalize(book: _Book, event: events.Recapitalize) -> Entered:
    if book.property:
        raise Forbidden("recapitalized", "3(f)", "The Common has become other property already.")
    book.property = dict(event.units)
    return "3(f)", "The Common becomes other property.", dict(event.units)


# Conversions


def _apply(book: _Book, conversions: Iterable[HolderConversion]) -> dict[str, Number]:
    """Turn preferred shares into Common and claims, and return the sums (3(a), 3(c), AMB-37)."""
    done = tuple(conversions)
    for own in done:
        for name, shares in own.shares.items():
            _add_to(book.issues.get(name, {}), {at: -n for at, n in book.release((own.holder, name), shares).items()})
            book.add(own.holder, name, -shares)
            _forget_converted(book, (own.holder, name))
            book.converted[name] = book.converted.get(name, 0) + shares
            if book.shares[name] == 0:
                book.dividends.pop(name, None)
        book.add(own.holder, COMMON, own.common)
        owed = sum(own.dividends.values(), NOTHING)
        if owed != 0:
            book.debts[own.holder] = book.debts.get(own.holder, NOTHING) + owed
    book.cash += claims_of(done, book.on)
    cash = sum((own.cash_total for own in done), NOTHING)
    return {"common": sum(own.common for own in done), "cash_amounts": cash}


def _forget_converted(book: _Book, key: tuple[str, str]) -> None:
    """Keep of the shares issued today no more than are left."""
    if key in book.issued_today:
        book.issued_today[key] = min(book.issued_today[key], book.holdings.get(key, 0))


def _check_common(book: _Book, conversions: Iterable[HolderConversion]) -> None:
    """Refuse a conversion by holders into more Common than is authorised (IV.A).

    It cannot happen while enough is kept in reserve, which is the corporation's duty (3(i)).
    """
    limit = book.charter.authorized.common
    if book.shares.get(COMMON, 0) + sum(own.common for own in conversions) > limit.value:
        message = "The conversion needs more Common than is authorised, which is to be increased first."
        raise Forbidden("over_authorized", limit.clause, message)


OVERTAKEN = "What was to convert at the close of the day has converted by an offering of it."
"""What is said of a conversion under 3(a) for which an offering of the day has left nothing."""


def _convert(book: _Book, event: events.Convert) -> Entered:
    if book.offered_on == book.on and not any(book.holdings.get((event.holder, name)) for name in event.shares):
        return "3(c)", OVERTAKEN, {}
    own = _converted(book, event)
    _check_common(book, [own])
    return "3(a)", f"{event.holder} converts.", _apply(book, [own])


def _converted(book: _Book, event: events.Convert) -> HolderConversion:
    own = convert(book.own(event.holder), book.readings, event.holder, event.shares, book.elected)
    for name, shares in event.shares.items():
        today = book.issued_today.get((event.holder, name), 0)
        by_holder = book.charter.series_named(name).conversion.by == "holder_option"
        if by_holder and today > 0 and shares > book.holdings[event.holder, name] - today:
            message = f"A share of series {name} converts at its holder's option only after the day of its issue."
            raise Forbidden("issued_today", "3(a)", message)
    return own


def _elect_conversion(book: _Book, event: events.ElectConversion) -> Entered:
    if book.offered_on == book.on and not any(book.shares.get(name) for name in book.charter.electing):
        return "3(c)", OVERTAKEN, {}
    found = election(book.position(), book.readings, event.consents)
    _check_common(book, found.conversions)
    amounts = _apply(book, found.conversions)
    drags = book.readings.ad_election is AdElection.DRAG_ALL
    book.elected = book.elected or (found.count.carried and not drags)
    return "3(a)", _verdict("The class", found.count), {**_counts(found.count), **amounts}


def _consent_conversion(book: _Book, event: events.ConsentConversion) -> Entered:
    if book.offered_on == book.on:
        return "3(b)", f"{event.stock} has converted by the offering of this day.", {}
    found = series_consent(book.position(), book.readings, event.stock, event.consents)
    if found.count.carried and book.on in book.offerings:
        book.consented[event.stock] = book.on
        says = f"{event.stock} consents on the day of an offering, which decides what it converts into."
        return "3(b)", says, _counts(found.count)
    _check_common(book, found.conversions)
    amounts = _apply(book, found.conversions)
    return "3(b)", _verdict(event.stock, found.count), {**_counts(found.count), **amounts}


def _verdict(who: str, count: Count) -> str:
    return f"{who} {'converts' if count.carried else 'does not convert: the consent does not suffice'}."


def _counts(count: Count) -> dict[str, Number]:
    return {"in_favour": count.in_favour, "whole": count.whole, "needed": count.needed}


def _offering_of(event: events.PublicOffering) -> Offering:
    return Offering(
        price=event.price,
        primary=event.primary_shares,
        underwriting=event.underwriting,
        form=event.form,
        secondary=event.secondary_shares,
        over_allotment=event.over_allotment,
        over_allotment_counts=event.over_allotment_counts,
        discount=event.discount,
        pricing=event.priced_on,
        closing=event.on,
    )


def _qualifying(
    charter: Charter, readings: Readings, happened: Sequence[events.Event], effective: Sequence[date]
) -> frozenset[date]:
    """Return the dates on which a qualifying offering takes effect (3(b), AMB-43)."""
    found = set()
    for event, on in zip(happened, effective, strict=True):
        if isinstance(event, events.PublicOffering):
            try:
                qualifies = qualification(charter, readings, _offering_of(event)).qualifies
            except Forbidden:
                qualifies = False  # It is refused in its own turn.
            if qualifies:
                found.add(on)
    return frozenset(found)


def _consents_by_date(happened: Sequence[events.Event]) -> dict[date, list[events.ConsentConversion]]:
    found: dict[date, list[events.ConsentConversion]] = {}
    for event in happened:
        if isinstance(event, events.ConsentConversion):
            found.setdefault(event.on, []).append(event)
    return found


def _public_offering(book: _Book, event: events.PublicOffering) -> Entered:
    sold = _offering_of(event).sold_by_corporation
    prices, found = book.offered(event)
    if sold > 0:
        _check_room(book, COMMON, sold)
        book.add(event.to, COMMON, sold)
    book.prices = prices
    amounts = _apply(book, (*found.conversions, *found.consented))
    qualifies = found.qualification.qualifies
    if qualifies:
        book.offered_on = book.on
    binding = {f"ratio_{own.name}": own.ratio for own in found.series if own.binds}
    more: dict[str, Number] = {"size": found.qualification.size, "shortfall": found.shortfall, **binding}
    says = "The offering converts the Preferred." if qualifies else "The offering does not convert anything."
    return "3(b)", says, {**more, **amounts}


def _fund_cash_amounts(book: _Book, event: events.FundCashAmounts) -> Entered:
    found = fund(tuple(book.cash), event.amount, book.readings)
    book.cash = list(found.ledger)
    amounts = {"paid": event.amount - found.excess, "excess": found.excess, "unpaid": total_unpaid(found.ledger)}
    return "3(c)", "Funds are applied to the Cash Amounts.", amounts


def _transfer(book: _Book, event: events.Transfer) -> Entered:
    if event.shares < 0:
        raise Forbidden("negative_shares", "IV.A", "The shares transferred cannot be fewer than none.")
    held = book.holdings.get((event.holder, event.stock), 0)
    if event.shares > held:
        raise Forbidden("not_held", "IV.A", f"{event.holder} does not hold so many shares of {event.stock}.")
    _transfer_new(book, event, held)
    released = book.release((event.holder, event.stock), event.shares)
    if released:
        _add_to(book.lots.setdefault((event.to, event.stock), {}), released)
    book.add(event.holder, event.stock, -event.shares)
    book.add(event.to, event.stock, event.shares)
    return "IV.A", f"{event.holder} transfers {event.stock} to {event.to}.", {"shares": event.shares}


def _transfer_new(book: _Book, event: events.Transfer, held: Number) -> None:
    """Transfer the older shares first, so that shares issued today stay known as such (3(a))."""
    key, to = (event.holder, event.stock), (event.to, event.stock)
    new = book.issued_today.get(key, 0)
    moved = max(0, event.shares - (held - new))
    if moved > 0:
        book.issued_today[key] = new - moved
        book.issued_today[to] = book.issued_today.get(to, 0) + moved


ENTER: Mapping[type, Callable[[_Book, Any], Entered]] = MappingProxyType(
    {
        events.Issue: _issue,
        events.IssueRights: _issue_rights,
        events.ChangeRights: _change_rights,
        events.ExerciseRights: _exercise_rights,
        events.ExpireRights: _expire_rights,
        events.Split: _split,
        events.StockDividend: _stock_dividend,
        events.DeclareDividend: _declare_dividend,
        events.PayDividend: _pay_dividend,
        events.Convert: _convert,
        events.ElectConversion: _elect_conversion,
        events.ConsentConversion: _consent_conversion,
        events.PublicOffering: _public_offering,
        events.FundCashAmounts: _fund_cash_amounts,
        events.Distribute: _distribute,
        events.Recapitalize: _recapitalize,
        events.Transfer: _transfer,
    }
)
"""How each kind of event is entered."""

WORDS: Mapping[type, str] = MappingProxyType(
    {
        kind: "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__).lstrip("_")
        for kind in ENTER
    }
)
"""The word for each kind of event, as a document has it."""
