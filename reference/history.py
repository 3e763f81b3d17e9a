"""Dated events folded over an opening position.

The fold keeps a working book of its own, so that an event costs what it touches and not what is outstanding;
nothing outside sees it change. What the certificate or arithmetic forbids stops the fold at that event.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from reference import antidilution, events
from reference.additional_stock import Classification, IssueFacts, Purpose, classify
from reference.antidilution import Adjustment, Outstanding, PriceState
from reference.cash_amounts import Ledger, claims_of, due_date, fund, total_unpaid
from reference.charter import COMMON
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
from reference.distributions import apportion
from reference.offering import Offering, convert_by_offering, effective_date, qualification
from reference.position import NOTHING, Holding, Number, Position
from reference.readings import AdElection, IpoOrder, Readings, WeightedAverageBase
from reference.refusal import Forbidden

LONG_AGO = date.min


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


@dataclass(frozen=True)
class Happened:
    """Hold what one event did.

    index: its place in the history; amounts: by name, whole or exact; adjustments: of conversion prices (3(d)).
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
    Cash Amounts owed and paid (3(c)); declared: dividend declarations and paid: payments, in order (1(a));
    owed_on_common: declared and unpaid, $/share; debts: dividends owed to holders who have converted, $ by
    holder (AMB-37); rights: outstanding, by name; converted: preferred shares converted so far, by series;
    elected: whether the class that converts together has elected; property: units by kind that a share of
    Common has become (3(f)); log: what every event did.
    """

    position: Position
    prices: PriceState
    cash: Ledger = ()
    declared: tuple[events.DeclareDividend, ...] = ()
    paid: tuple[events.PayDividend, ...] = ()
    owed_on_common: Fraction = NOTHING
    debts: Mapping[str, Fraction] = field(default_factory=dict)
    rights: Mapping[str, Rights] = field(default_factory=dict)
    converted: Mapping[str, Number] = field(default_factory=dict)
    elected: bool = False
    property: Mapping[str, Fraction] = field(default_factory=dict)
    log: tuple[Happened, ...] = ()


class RefusedEventError(Exception):
    """Say which event of a history is forbidden, and why."""

    def __init__(self, index: int, reason: Forbidden) -> None:
        """Keep the event's place in the history and the reason."""
        super().__init__(reason.message)
        self.index = index
        self.reason = reason


def opening(
    position: Position,
    readings: Readings,
    purchase_dates: Mapping[str, date | None] | None = None,
    carried: Mapping[str, tuple[Carried, ...]] | None = None,
    cash: Ledger = (),
) -> State:
    """Return the state from which a history starts.

    purchase_dates: first issue of each series, left out if long past; carried: adjustments not yet made, by
    series (3(d)(i)(B)); cash: Cash Amounts of earlier conversions. Raise Forbidden for a conversion price that
    is not above zero.
    """
    prices = antidilution.opening(
        position.charter, readings, position.as_of or LONG_AGO, position.conversion_prices, carried, purchase_dates
    )
    return State(position, prices, cash)


def fold(start: State, happened: Sequence[events.Event], readings: Readings) -> State:
    """Return the state after events in the order given; those of one day keep it (AMB-99).

    Raise RefusedEventError at the first event that the certificate or arithmetic forbids.
    """
    book = _Book(start, readings, happened)
    for index, event in enumerate(happened):
        try:
            book.enter(index, event)
        except Forbidden as reason:
            raise RefusedEventError(index, reason) from None
    return book.state()


class _Book:
    """Keep a history's state while it is folded; every count and amount by its own key."""

    def __init__(self, start: State, readings: Readings, happened: Sequence[events.Event]) -> None:
        self.start = start
        self.readings = readings
        self.happened = happened
        self.charter = start.position.charter
        self.on = start.position.as_of or LONG_AGO
        self.holdings: dict[tuple[str, str], Number] = {(h.holder, h.stock): h.shares for h in start.position.holdings}
        self.shares: dict[str, Number] = dict(start.position.shares)
        self.dividends = dict(start.position.declared_dividends) | {COMMON: start.owed_on_common}
        self.preferred_splits = dict(start.position.preferred_splits)
        self.common_split = start.position.common_split
        self.prices = start.prices
        self.cash = start.cash
        self.declared = list(start.declared)
        self.paid = list(start.paid)
        self.debts = dict(start.debts)
        self.over = {name: own.stock for name, own in start.rights.items()}
        self.converted = dict(start.converted)
        self.elected = start.elected
        self.property = dict(start.property)
        self.log = list(start.log)

    def enter(self, index: int, event: events.Event) -> None:
        """Enter one event and note what it did."""
        if event.on < self.on:
            raise Forbidden("out_of_order", "3", "The events must come in the order of their dates.")
        self.on = event.on
        self.prices = antidilution.pass_time(self.prices, event.on)
        due = self.prices.latest
        self.prices = replace(self.prices, latest=())
        clause, says, amounts = ENTER[type(event)](self, event)
        made = (*due, *self.prices.latest)
        self.log.append(Happened(index, event.on, clause, WORDS[type(event)], says, amounts, made))

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
            holdings=self.all_holdings() if holdings is None else tuple(holdings),
            as_of=start.as_of if self.on == LONG_AGO else self.on,
        )

    def all_holdings(self) -> tuple[Holding, ...]:
        """Return who holds what, in the order in which the holdings arose."""
        return tuple(Holding(holder, stock, n) for (holder, stock), n in self.holdings.items() if n != 0)  # type: ignore[arg-type]

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
            options = sum(own.deliverable for own in self.rights().values())
        return Outstanding(self.shares.get(COMMON, 0), preferred, dict(self.preferred_splits), self.elected, options)

    def add(self, holder: str, stock: str, shares: Number) -> None:
        """Give a holder shares, or take them if below zero."""
        key = (holder, stock)
        self.holdings[key] = self.holdings.get(key, 0) + shares
        self.shares[stock] = self.shares.get(stock, 0) + shares

    def rights(self) -> dict[str, Rights]:
        """Return the rights as they stand, in today's shares of their class."""
        return {name: self.right(name) for name in self.prices.rights}

    def right(self, name: str) -> Rights:
        """Return rights of one name as they stand; raise Forbidden if there are none."""
        if name not in self.prices.rights:
            raise Forbidden("no_rights", "3(d)(i)(E)", f"No rights named {name} have been issued.")
        record = self.prices.rights[name]
        unit = self.prices.unit / record.unit
        return Rights(
            self.over[name],
            record.deliverable * unit,
            record.exercisable * unit,
            record.exercise_price / unit,
            record.exercised * unit,
        )

    def state(self) -> State:
        """Return the state as frozen data."""
        return State(
            position=self.position(),
            prices=self.prices,
            cash=self.cash,
            declared=tuple(self.declared),
            paid=tuple(self.paid),
            owed_on_common=self.dividends[COMMON],
            debts=self.debts,
            rights=self.rights(),
            converted=self.converted,
            elected=self.elected,
            property=self.property,
            log=tuple(self.log),
        )


Entered = tuple[str, str, Mapping[str, Number]]
"""What an event did: the clause, one sentence, amounts by name."""


# Issues


def _issue(book: _Book, event: events.Issue) -> Entered:
    _check_room(book, event.stock, event.shares)
    if event.stock != COMMON and book.dividends.get(event.stock, NOTHING) != 0:
        message = f"A dividend on {event.stock} is declared and unpaid; what new shares have of it is not said."
        raise Forbidden("dividends_unpaid", "1(a)", message)
    received = event.consideration + event.noncash
    found = _classified(book, event.facts, event.shares, event.stock)
    counted = found.shares * _common_for_each(book, event.stock)
    part = received * found.shares / event.shares
    if found.additional_for:
        book.prices = antidilution.issue(book.prices, event.on, counted, part, found.additional_for, book.outstanding())
    _note_purchase(book, event.stock, event.on)
    book.add(event.holder, event.stock, event.shares)
    amounts: dict[str, Number] = {"shares": event.shares, "consideration": received, "additional_stock": found.shares}
    return found.findings[0].clause if found.findings else "IV.A", f"{event.stock} is issued.", amounts


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
    dates = book.prices.purchase_dates
    return classify(book.charter, book.readings, facts, book.on, shares, stock, dates)


def _common_for_each(book: _Book, stock: str) -> Number:
    """Return the Common that a share of a class is or converts into, unrounded (3(d)(i)(E)(2), AMB-66)."""
    if stock == COMMON:
        return 1
    return conversion_ratio(book.position(()), book.readings, book.charter.series_named(stock))


def _note_purchase(book: _Book, stock: str, on: date) -> None:
    """Note the Purchase Date of a series whose first shares these are (3(d)(i)(A), AMB-72)."""
    never = book.shares.get(stock, 0) == 0 and book.converted.get(stock, 0) == 0
    if stock != COMMON and never and book.prices.purchase_dates.get(stock) is None:
        dates = {**book.prices.purchase_dates, stock: on}
        book.prices = replace(book.prices, purchase_dates=dates)


def _issue_rights(book: _Book, event: events.IssueRights) -> Entered:
    if event.stock != COMMON and event.facts.purpose is not Purpose.WARRANT:
        raise Forbidden("not_listed", "3(d)(ii)(I)", "Rights over Preferred are entered only as listed warrants.")
    found = _classified(book, event.facts, event.shares, event.stock)
    if not found.excluded and found.shares < event.shares:
        message = "Part of these rights is excluded from Additional Stock; enter that part and the rest apart."
        raise Forbidden("partly_excluded", "3(d)(ii)", message)
    book.prices = antidilution.issue_rights(
        book.prices,
        event.on,
        event.rights,
        event.shares,
        event.exercise_price,
        found.additional_for,
        book.outstanding(),
        event.exercisable,
        event.consideration,
        found.excluded,
    )
    book.over[event.rights] = event.stock
    amounts = {"shares": event.shares, "additional_stock": found.shares}
    return "3(d)(i)(E)", f"Rights over {event.stock} are issued.", amounts


def _change_rights(book: _Book, event: events.ChangeRights) -> Entered:
    book.prices = antidilution.change_rights(
        book.prices,
        event.on,
        event.rights,
        book.outstanding(),
        event.shares,
        event.exercisable,
        event.exercise_price,
    )
    return "3(d)(i)(E)(3)", "Rights change.", {}


def _exercise_rights(book: _Book, event: events.ExerciseRights) -> Entered:
    own = book.right(event.rights)
    _check_room(book, own.stock, event.shares)
    paid = event.shares * own.exercise_price
    book.prices = antidilution.exercise_rights(book.prices, event.on, event.rights, event.shares, paid)
    _note_purchase(book, own.stock, event.on)
    book.add(event.holder, own.stock, event.shares)
    return "3(d)(i)(E)(3)", f"Rights over {own.stock} are exercised.", {"shares": event.shares, "paid": paid}


def _expire_rights(book: _Book, event: events.ExpireRights) -> Entered:
    book.prices = antidilution.expire_rights(book.prices, event.on, event.rights)
    return "3(d)(i)(E)(4)", "Rights expire.", {}


# Splits


def _split(book: _Book, event: events.Split) -> Entered:
    if event.ratio <= 0:
        raise Forbidden("bad_split", "3(d)(iii)", "A share cannot become none.")
    if event.stock == COMMON:
        book.prices = antidilution.split(book.prices, event.on, event.ratio)
        book.common_split = event.ratio * (1 if book.common_split is None else book.common_split)
    else:
        book.preferred_splits[event.stock] = event.ratio * book.preferred_splits.get(event.stock, 1)
    _multiply(book, event.stock, event.ratio)
    book.dividends[event.stock] = book.dividends.get(event.stock, NOTHING) / event.ratio
    clause = "2(a)" if event.stock != COMMON else "3(d)(iii)" if event.ratio > 1 else "3(d)(iv)"
    return clause, f"Each share of {event.stock} becomes several or part of one.", {"ratio": event.ratio}


def _multiply(book: _Book, stock: str, ratio: Fraction) -> None:
    """Multiply every holding of a class; the certificate has no rule for fractions of a share here."""
    for (holder, own), shares in book.holdings.items():
        if own == stock:
            after = shares * ratio
            if math.floor(after) != after:
                message = f"{holder} would hold a fraction of a share of {stock}."
                raise Forbidden("fractional_shares", "3(d)(iii)", message)
            book.holdings[holder, own] = math.floor(after)
    total = book.shares.get(stock, 0) * ratio
    limit = book.charter.authorized.common if stock == COMMON else book.charter.series_named(stock).authorized
    # The number of a split series' shares is adjusted by the amendment that splits it; the Common's is not.
    if stock == COMMON and total > limit.value:
        raise Forbidden("over_authorized", limit.clause, "The split needs more Common than is authorised.")
    book.shares[stock] = math.floor(total)


def _stock_dividend(book: _Book, event: events.StockDividend) -> Entered:
    before = book.outstanding()
    increase = before.common * (event.shares + event.equivalents)
    book.prices = antidilution.stock_dividend(book.prices, event.on, increase, before)
    factor = 1 + event.shares
    _multiply(book, COMMON, factor)
    book.common_split = factor * (1 if book.common_split is None else book.common_split)
    return "3(d)(iii)", "A dividend is paid in Common or rights to Common.", {"increase": increase}


# Dividends and distributions


def _declare_dividend(book: _Book, event: events.DeclareDividend) -> Entered:
    for name, amount in event.per_share.items():
        book.dividends[name] = book.dividends.get(name, NOTHING) + amount
    book.declared.append(event)
    return "1(a)", "A dividend is declared.", dict(event.per_share)


def _pay_dividend(book: _Book, event: events.PayDividend) -> Entered:
    for name, amount in event.per_share.items():
        if amount > book.dividends.get(name, NOTHING):
            message = f"No more can be paid on {name} than is declared and unpaid."
            raise Forbidden("undeclared_dividend", "1(a)", message)
    for name, amount in event.per_share.items():
        book.dividends[name] = book.dividends[name] - amount
    book.paid.append(event)
    return "1(a)", "A dividend is paid.", dict(event.per_share)


def _distribute(book: _Book, event: events.Distribute) -> Entered:
    shared = apportion(book.position(()), book.readings, event.units, book.elected)
    amounts = {f"per_share_{name}": units for name, units in shared.per_share.items()}
    return "1(b), 3(e)", "Units are distributed as if the Preferred had converted.", amounts


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
            book.add(own.holder, name, -shares)
            book.converted[name] = book.converted.get(name, 0) + shares
        book.add(own.holder, COMMON, own.common)
        owed = sum(own.dividends.values(), NOTHING)
        if owed != 0:
            book.debts[own.holder] = book.debts.get(own.holder, NOTHING) + owed
    cash = sum((own.cash_total for own in done), NOTHING)
    return {"common": sum(own.common for own in done), "cash_amounts": cash}


def _convert(book: _Book, event: events.Convert) -> Entered:
    own = convert(book.own(event.holder), book.readings, event.holder, event.shares, book.elected)
    amounts = _apply(book, [own])
    book.cash = (*book.cash, *claims_of([own], event.on))
    return "3(a)", f"{event.holder} converts.", amounts


def _elect_conversion(book: _Book, event: events.ElectConversion) -> Entered:
    found = election(book.position(), book.readings, event.consents)
    amounts = _apply(book, found.conversions)
    book.cash = (*book.cash, *claims_of(found.conversions, event.on))
    drags = book.readings.ad_election is AdElection.DRAG_ALL
    book.elected = book.elected or (found.count.carried and not drags)
    return "3(a)", _verdict("The class", found.count), {**_counts(found.count), **amounts}


def _consent_conversion(book: _Book, event: events.ConsentConversion) -> Entered:
    found = series_consent(book.position(), book.readings, event.stock, event.consents)
    if found.count.carried and _offering_of_the_day(book, event.on):
        says = f"{event.stock} consents on the day of an offering, which decides what it converts into."
        return "3(b)", says, _counts(found.count)
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
        discount=event.discount,
        pricing=event.priced_on,
        closing=event.on,
    )


def _offering_of_the_day(book: _Book, on: date) -> bool:
    """Say whether a qualifying offering takes effect on a date (3(b), AMB-43)."""
    return any(
        isinstance(event, events.PublicOffering)
        and effective_date(book.readings, event.priced_on, event.on) == on
        and qualification(book.charter, book.readings, _offering_of(event)).qualifies
        for event in book.happened
    )


def _consents_of(book: _Book, on: date | None) -> dict[str, date]:
    """Return the series whose consent to convert on the day of an offering carries (3(b), AMB-43)."""
    found: dict[str, date] = {}
    for event in book.happened:
        if isinstance(event, events.ConsentConversion) and event.on == on:
            count = series_consent(book.position(), book.readings, event.stock, event.consents).count
            found |= {event.stock: event.on} if count.carried else {}
    return found


def _public_offering(book: _Book, event: events.PublicOffering) -> Entered:
    offering = _offering_of(event)
    tested = qualification(book.charter, book.readings, offering)
    _check_room(book, COMMON, offering.sold_by_corporation)
    effective = effective_date(book.readings, event.priced_on, event.on)
    before = book.position()
    consents = _consents_of(book, effective) if tested.qualifies else {}
    received = event.price * event.primary_shares
    additional = _classified(book, IssueFacts(), event.primary_shares, COMMON).additional_for
    book.prices = antidilution.issue(
        book.prices, event.on, event.primary_shares, received, additional, book.outstanding()
    )
    first = book.readings.ipo_order is IpoOrder.ADJUST_FIRST
    adjusted = book.prices.official if first else None
    found = convert_by_offering(before, book.readings, offering, consents, adjusted)
    book.add(event.to, COMMON, event.primary_shares)
    amounts = _apply(book, (*found.conversions, *found.consented))
    book.cash = (*book.cash, *claims_of((*found.conversions, *found.consented), effective or event.on))
    binding = {f"ratio_{own.name}": own.ratio for own in found.series if own.binds}
    more: dict[str, Number] = {"size": tested.size, "shortfall": found.shortfall, **binding}
    says = "The offering converts the Preferred." if tested.qualifies else "The offering does not convert anything."
    return "3(b)", says, {**more, **amounts}


def _fund_cash_amounts(book: _Book, event: events.FundCashAmounts) -> Entered:
    found = fund(book.cash, event.amount, book.readings)
    book.cash = found.ledger
    amounts = {"paid": event.amount - found.excess, "excess": found.excess, "unpaid": total_unpaid(found.ledger)}
    return "3(c)", "Funds are applied to the Cash Amounts.", amounts


def _transfer(book: _Book, event: events.Transfer) -> Entered:
    if event.shares > book.holdings.get((event.holder, event.stock), 0):
        raise Forbidden("not_held", "IV.A", f"{event.holder} does not hold so many shares of {event.stock}.")
    book.add(event.holder, event.stock, -event.shares)
    book.add(event.to, event.stock, event.shares)
    return "IV.A", f"{event.holder} transfers {event.stock} to {event.to}.", {"shares": event.shares}


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


def last_day(state: State, on: date) -> date | None:
    """Return the last day for the Cash Amounts of a conversion (3(c))."""
    return due_date(state.position.charter, on)
