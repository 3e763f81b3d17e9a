"""Adjustment of the conversion prices: section 3(d).

Whoever folds a history calls one function here for each thing that can touch a conversion price; each takes a
`PriceState` and returns the next one. A state keeps the log of what led to it, entry by entry, each with the
state before: a change of rights replays the log from the entry of these rights on and leaves the rest alone.

What an adjustment makes of one price, and what is carried, is in `conversion_price`; what a state and its log
hold is in `price_log`; what counts as Additional Stock is decided before, in `additional_stock`. Counts and
prices are in the units of their date; a record of rights stays in the units of its grant and scales with splits
and stock dividends alike (AMB-110, AMB-144).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Protocol

from reference.charter import Charter
from reference.conversion import conversion_ratio
from reference.conversion_price import (
    ONE,
    Carried,
    SeriesPrice,
    anniversary,
    averaged,
    carried_total,
    held_or_made,
    made_good,
    scaled,
    trigger_price,
)
from reference.enclosure import shortened
from reference.position import NOTHING, Number, Position
from reference.price_log import (
    NO_RIGHTS,
    Adjustment,
    Deemed,
    Entry,
    Exercised,
    Issuance,
    Kind,
    Node,
    Outstanding,
    PriceState,
    Restated,
    Rights,
    Split,
    StockDividend,
)
from reference.readings import (
    AdAsConverted,
    GrantAlloc,
    Readings,
    Replay,
    SameDayIssues,
    StockDividendBase,
    Vesting,
    WeightedAverageBase,
)
from reference.refusal import Forbidden

__all__ = [
    "Adjustment",
    "Carried",
    "Outstanding",
    "PriceState",
    "Rights",
    "SeriesPrice",
    "anniversary",
    "as_converted",
    "averaging_base",
    "change_rights",
    "deemed_issued",
    "exercisable_after",
    "exercise_rights",
    "expire_rights",
    "issue",
    "issue_rights",
    "opening",
    "pass_time",
    "split",
    "stock_dividend",
]


class HasTerms(Protocol):
    """Name what a change of rights looks at: shares still to be had, and of these, exercisable now."""

    @property
    def deliverable(self) -> Number:
        """Return the shares still to be had."""

    @property
    def exercisable(self) -> Number:
        """Return how many of these are exercisable now."""


def opening(
    charter: Charter,
    readings: Readings,
    on: date,
    conversion_prices: Mapping[str, Fraction] | None = None,
    carried: Mapping[str, Collection[Carried]] | None = None,
    purchase_dates: Mapping[str, date | None] | None = None,
    places: int | None = None,
) -> PriceState:
    """Return the state from which a history starts (3(a), AMB-36).

    conversion_prices: in effect on the date, $/share; a series left out is at its Original Issue Price;
    carried: adjustments not yet made, by series, of which one of nothing is none; places: as in `PriceState`. Raise
    Forbidden if a price is not above zero.
    """
    prices = {}
    for series in charter.series:
        official = ONE * (conversion_prices or {}).get(series.name, series.original_issue_price.value)
        if official <= 0:
            raise Forbidden("price_not_positive", "3(a)", "A conversion price must be above zero.")
        given = (item for item in (carried or {}).get(series.name, ()) if item.amount != 0)
        held = tuple(sorted(given, key=lambda item: item.on))
        prices[series.name] = SeriesPrice(official, official - carried_total(held), held)
    return PriceState(charter, readings, on, prices, purchase_dates or {}, places=places)


def issue(
    state: PriceState,
    on: date,
    shares: Number,
    consideration: Fraction,
    additional_for: Collection[str],
    outstanding: Outstanding,
) -> PriceState:
    """Adjust for an issuance of Common, as far as it is Additional Stock (3(d)(i)(A), 3(d)(i)(C), 3(d)(i)(D)).

    shares: that count; consideration: $ for them, gross, with the Board's value of what is not cash;
    additional_for: series for which they are Additional Stock, see `additional_stock`; outstanding: just
    before. An issue that follows at once on one of the same day and price is joined to it (AMB-57, AMB-111).
    Raise Forbidden for no shares, for negative amounts and for a date before the state's.
    """
    if shares <= 0 or consideration < 0:
        raise Forbidden("bad_issue", "3(d)(i)(A)", "An issuance has more than no shares and no negative consideration.")
    entry = Issuance(on, shares, consideration, _ordered(state, additional_for), outstanding)
    if not entry.additional_for:
        return pass_time(state, on)
    first = state.log
    if first is not None and isinstance(first.entry, Issuance) and _is_one_issuance(state, first.entry, entry):
        joined = replace(
            first.entry,
            shares=first.entry.shares + shares,
            consideration=first.entry.consideration + consideration,
        )
        return replace(_applied(_earlier(state, first), joined), rights=state.rights)
    return _applied(state, entry)


def issue_rights(
    state: PriceState,
    on: date,
    rights: str,
    shares: Number,
    exercise_price: Fraction,
    additional_for: Collection[str],
    outstanding: Outstanding,
    exercisable: Number | None = None,
    grant: Fraction = NOTHING,
    excluded: bool = False,
) -> PriceState:
    """Deem issued what rights over Common deliver, as far as they can be exercised (3(d)(i)(E)(1), (2)).

    rights: a name of their own; shares: deliverable; exercisable: of these, now, all if left out;
    exercise_price: the least, $/share; grant: $ received for the rights, without accrued interest;
    excluded: outside of Additional Stock by (A) to (K), so never deemed issued. Rights that count for no series
    for another reason, being older than its shares, are logged all the same (AMB-62). Raise Forbidden if the
    name is taken or the figures cannot be.
    """
    now = shares if exercisable is None else exercisable
    if rights in state.rights:
        raise Forbidden("rights_exist", "3(d)(i)(E)", f"Rights named {rights} have been issued already.")
    if shares <= 0:
        raise Forbidden("bad_rights", "3(d)(i)(E)", "Rights are over one share or more.")
    if now < 0 or now > shares or exercise_price < 0 or grant < 0:
        raise Forbidden(
            "bad_rights", "3(d)(i)(E)", "Of the rights, no more than all and no less than none is exercisable."
        )
    counting = () if excluded else _ordered(state, {name for name in additional_for if _counts_for(state, name, on)})
    record = Rights(shares, now, exercise_price, NOTHING + grant, shares, now, counting, state.unit)
    if excluded:
        return _booked(pass_time(state, on), rights, record)
    state = _deemed(state, on, rights, record, outstanding, *deemed_issued(record, state.readings))
    return _booked(state, rights, replace(record, entries=1))


def change_rights(
    state: PriceState,
    on: date,
    rights: str,
    outstanding: Outstanding,
    deliverable: Number | None = None,
    exercisable: Number | None = None,
    exercise_price: Fraction | None = None,
) -> PriceState:
    """Change the terms of rights, or let more of them become exercisable (3(d)(i)(E)(3), 3(d)(i)(E)(5)).

    deliverable: shares still to be had afterwards; exercisable: of these, now, see `exercisable_after` for one left
    out; exercise_price: $/share; what is left out stays. If more becomes exercisable and nothing else changes, it is
    vesting (AMB-60); everything else recomputes the prices from the grant on (AMB-63), also under the reading that
    ignores vesting (AMB-146). outstanding: just before, for a reading that deems vested shares issued now. Raise
    Forbidden for rights that are unknown or used up, and for figures that cannot be.
    """
    record = _record(state, rights)
    if record.deliverable <= 0:
        raise Forbidden("rights_ended", "3(d)(i)(E)(3)", f"Nothing is left of the rights named {rights}.")
    unit = state.unit / record.unit
    left = record.deliverable if deliverable is None else deliverable / unit
    kept = exercisable_after(record, None if deliverable is None else left)
    changed = replace(
        record,
        deliverable=left,
        exercisable=kept if exercisable is None else exercisable / unit,
        exercise_price=record.exercise_price if exercise_price is None else exercise_price * unit,
    )
    if changed.exercisable < 0 or changed.exercisable > changed.deliverable or changed.exercise_price < 0:
        raise Forbidden(
            "bad_rights", "3(d)(i)(E)(3)", "Of the rights, no more than all and no less than none is exercisable."
        )
    same = changed.deliverable == record.deliverable and changed.exercise_price == record.exercise_price
    vesting = same and changed.exercisable >= record.exercisable
    if vesting and state.readings.vesting in (Vesting.IGNORE_LATER, Vesting.COUNT_ALL):
        return _booked(pass_time(state, on), rights, changed)
    if vesting and state.readings.vesting is Vesting.FORWARD_ON_VEST:
        return _vested(state, on, rights, record, changed, outstanding)
    if state.readings.vesting is Vesting.IGNORE_LATER:
        # What vested before and was ignored is no part of the change; what the change itself adds is (AMB-146).
        counts = record.initial + max(0, changed.exercisable - record.exercisable)
        changed = replace(changed, initial=min(counts, changed.exercised + changed.exercisable))
    if changed.deliverable != record.deliverable:
        changed = replace(changed, granted=changed.exercised + changed.deliverable)
    return _restated(state, on, rights, changed)


def exercisable_after(own: HasTerms, deliverable: Number | None) -> Number:
    """Return how much is exercisable after a change that does not say it (3(d)(i)(E)(3), AMB-142).

    Rights that were exercisable in full stay so. Of others the same number is, as nothing else is said of them, but
    no more than is left. deliverable: shares still to be had afterwards, None if they stay.
    """
    if deliverable is None:
        return own.exercisable
    if own.exercisable == own.deliverable:
        return deliverable
    return min(own.exercisable, deliverable)


def exercise_rights(state: PriceState, on: date, rights: str, shares: Number, consideration: Fraction) -> PriceState:
    """Note that rights are exercised or converted; it adjusts nothing (3(d)(i)(E)(3)).

    shares: of Common issued; consideration: $ paid for them. Raise Forbidden for unknown rights, negative
    figures and more than is exercisable.
    """
    record = _record(state, rights)
    own = shares * record.unit / state.unit
    if shares < 0 or consideration < 0 or own > record.exercisable:
        raise Forbidden("not_exercisable", "3(d)(i)(E)(1)", "No more than is exercisable can be exercised.")
    changed = replace(
        record,
        deliverable=record.deliverable - own,
        exercisable=record.exercisable - own,
        exercised=record.exercised + own,
        paid=record.paid + consideration,
    )
    return _booked(_applied(state, Exercised(on, rights, shares)), rights, changed)


def expire_rights(
    state: PriceState, on: date, rights: str, deliverable: Number = 0, exercisable: Number = 0
) -> PriceState:
    """Let rights expire or terminate, all of them or all but some, and recompute the prices (3(d)(i)(E)(4)).

    deliverable: shares still to be had afterwards; exercisable: of these, now. The price of the grant stays
    spread over all that was granted (AMB-109). Raise Forbidden for unknown rights or if they would grow.
    """
    record = _record(state, rights)
    unit = state.unit / record.unit
    now = exercisable / unit
    # What was exercised was issued, and counts, also under the reading that ignores what vested after the grant.
    left = replace(record, deliverable=deliverable / unit, exercisable=now, initial=record.exercised + now)
    if left.exercisable < 0 or left.exercisable > left.deliverable or left.deliverable > record.deliverable:
        raise Forbidden("bad_rights", "3(d)(i)(E)(4)", "Rights do not grow by expiring.")
    return _restated(state, on, rights, left)


def split(state: PriceState, on: date, factor: Fraction) -> PriceState:
    """Adjust for a split or combination of the Common (3(d)(iii), 3(d)(iv), AMB-74).

    factor: shares that one share becomes, 2 for two-for-one and 1/2 for a combination of two. Raise Forbidden
    if it is not above zero.
    """
    if factor <= 0:
        raise Forbidden("bad_split", "3(d)(iii)", "A share cannot become none.")
    return _applied(state, Split(on, factor))


def stock_dividend(
    state: PriceState, on: date, increase: Number, outstanding: Outstanding, factor: Fraction = ONE
) -> PriceState:
    """Adjust for a dividend, without consideration, of Common or of rights to Common (3(d)(iii)).

    increase: new shares of Common and those issuable on the equivalents, in all; outstanding: just before; factor:
    shares of Common that one share becomes, which outstanding rights scale with as in a split (AMB-144); equivalents
    make no share more. Equivalents that lapse later are not undone (AMB-73). Raise Forbidden if it is negative or if
    there is no Common to pay it on.
    """
    if increase < 0 or outstanding.common <= 0:
        raise Forbidden("bad_dividend", "3(d)(iii)", "A stock dividend is paid on outstanding Common.")
    return _applied(state, StockDividend(on, increase, outstanding, factor))


def pass_time(state: PriceState, on: date) -> PriceState:
    """Move to a date and make the adjustments whose three years end until then (3(d)(i)(B), AMB-104, AMB-105).

    They are made before anything else of their day. Raise Forbidden if the date lies before the state's.
    """
    if on < state.on:
        raise Forbidden("out_of_order", "3(d)", "Events must come in the order of their dates.")
    terms = state.charter.antidilution
    prices, made = dict(state.prices), []
    if terms is not None:
        for name, price in state.prices.items():
            new = price
            while new.carried and anniversary(new.carried[0].on, terms.carry_forward_years.value) <= on:
                due = anniversary(new.carried[0].on, terms.carry_forward_years.value)
                old, new = new, made_good(new, state.readings)
                made.append(_adjustment(due, name, "make_good", "3(d)(i)(B)", old, new))
            prices[name] = new
    return replace(state, on=on, prices=prices, latest=tuple(made)) if made else replace(state, on=on, latest=())


def averaging_base(state: PriceState, outstanding: Outstanding) -> Number:
    """Return the shares outstanding that the weighted average counts (3(d)(i)(A), AMB-53, AMB-55).

    Outstanding Common, and what the outstanding Preferred converts into at the official prices (AMB-107); the
    wider readings add shares deemed issued, or all options, and the narrow one leaves the Preferred out.
    """
    which = state.readings.weighted_average_base
    if which is WeightedAverageBase.COMMON_ONLY:
        return outstanding.common
    base = outstanding.common + as_converted(state, outstanding)
    if which is WeightedAverageBase.PLUS_DEEMED:
        return base + sum(state.unissued.values())
    if which is WeightedAverageBase.PLUS_ALL_OPTIONS:
        return base + outstanding.options
    return base


def as_converted(state: PriceState, outstanding: Outstanding) -> Number:
    """Return the Common into which the outstanding Preferred converts at the official prices, unrounded (3(a)).

    Before their election the series of the class that converts together count only if the reading says so.
    """
    position = Position(
        state.charter,
        outstanding.preferred,
        conversion_prices=state.official,
        preferred_splits=outstanding.preferred_splits,
    )
    waiting = state.readings.ad_as_converted is AdAsConverted.ONLY_IF_ELECTED and not outstanding.elected
    total: Number = 0
    for series in state.charter.series:
        counts = series.conversion.by != "none" and not (waiting and series.conversion.by == "class_election")
        if counts and series.name in outstanding.preferred:
            ratio = conversion_ratio(position, state.readings, series)
            total = total + outstanding.preferred[series.name] * ratio
    return total


def deemed_issued(record: Rights, readings: Readings) -> tuple[Number, Fraction]:
    """Return how many shares of some rights are deemed issued, and the $ deemed paid for them (3(d)(i)(E)).

    Shares exercised count with what was paid for them, the others with the least exercise price; the price of
    the grant belongs to all shares granted alike, or to those that count (AMB-60, AMB-61, AMB-109).
    """
    if readings.vesting is Vesting.COUNT_ALL:
        counted = record.exercised + record.deliverable
    else:
        counted = record.exercised + record.exercisable
    if readings.vesting is Vesting.IGNORE_LATER:
        counted = min(counted, record.initial)
    if counted <= 0:
        return 0, NOTHING
    grant = record.grant * counted / record.granted if readings.grant_alloc is GrantAlloc.PRO_RATA else record.grant
    if counted >= record.exercised:
        return counted, grant + record.paid + (counted - record.exercised) * record.exercise_price
    return counted, grant + record.paid * counted / record.exercised


def _ordered(state: PriceState, names: Collection[str]) -> tuple[str, ...]:
    return tuple(series.name for series in state.charter.series if series.name in names)


def _record(state: PriceState, rights: str) -> Rights:
    if rights not in state.rights:
        raise Forbidden("no_rights", "3(d)(i)(E)", f"No rights named {rights} have been issued.")
    return state.rights[rights]


def _booked(state: PriceState, rights: str, record: Rights) -> PriceState:
    return replace(state, rights=state.rights.having(rights, record))


def _is_one_issuance(state: PriceState, first: Issuance, second: Issuance) -> bool:
    """Say whether two issues are one: same day, price and series, and nothing issued in between (AMB-111)."""
    if state.readings.same_day_issues is SameDayIssues.SEPARATE:
        return False
    if first.on != second.on or first.additional_for != second.additional_for:
        return False
    then, now = first.outstanding, second.outstanding
    same_price = first.consideration * second.shares == second.consideration * first.shares
    adjacent = now.common == then.common + first.shares
    return same_price and adjacent and dict(now.preferred) == dict(then.preferred)


# The log: every entry is applied to the state before it, and can be applied again


def _applied(state: PriceState, entry: Entry) -> PriceState:
    """Append an entry to the log and adjust the prices for it, after what its date makes due."""
    before = pass_time(state, entry.on)
    prices, made = dict(before.prices), list(before.latest)
    after = replace(before, log=_noted(entry, before))
    if before.charter.antidilution is not None:
        for adjustment, price in _adjusted(before, entry):
            prices[adjustment.series] = price
            made.append(adjustment)
    if isinstance(entry, Split | StockDividend):
        after = replace(after, unit=after.unit * entry.factor)
    if before.readings.weighted_average_base is WeightedAverageBase.PLUS_DEEMED:
        after = replace(after, unissued=_unissued(before.unissued, entry))
    return replace(after, prices=prices, latest=tuple(made))


def _earlier(state: PriceState, node: Node) -> PriceState:
    """Return the state before an entry, with the Purchase Dates that are known by now."""
    return replace(node.before, purchase_dates=state.purchase_dates)


def _unissued(unissued: Mapping[str, Number], entry: Entry) -> Mapping[str, Number]:
    """Return the shares deemed issued and not issued yet, after an entry, in the units of its date."""
    if isinstance(entry, Deemed):
        return {**unissued, entry.rights: unissued.get(entry.rights, 0) + entry.shares}
    if isinstance(entry, Exercised) and entry.rights in unissued:
        return {**unissued, entry.rights: max(0, unissued[entry.rights] - entry.shares)}
    if isinstance(entry, Split | StockDividend):
        return {rights: shares * entry.factor for rights, shares in unissued.items()}
    return unissued


def _adjusted(state: PriceState, entry: Entry) -> list[tuple[Adjustment, SeriesPrice]]:
    """Return the new price of each series that an entry touches, all from the prices before it (AMB-54)."""
    if isinstance(entry, Issuance | Deemed):
        return _adjusted_for_shares(state, entry)
    if isinstance(entry, Split):
        clause = "3(d)(iii)" if entry.factor > 1 else "3(d)(iv)"
        return _scaled_prices(state, entry.on, entry.factor, "split", clause)
    if isinstance(entry, StockDividend):
        base = entry.outstanding.common
        if state.readings.stock_dividend_base is StockDividendBase.FULLY_CONVERTED:
            base = base + as_converted(state, entry.outstanding)
        return _scaled_prices(state, entry.on, ONE * (base + entry.increase) / base, "stock_dividend", "3(d)(iii)")
    return []


def _minimum(state: PriceState) -> Fraction:
    """Return the least adjustment that is made at once, $/share (3(d)(i)(B))."""
    terms = state.charter.antidilution
    return NOTHING if terms is None else terms.minimum_adjustment.value


def _counts_for(state: PriceState, name: str, on: date) -> bool:
    """Say whether a date lies after the Purchase Date of a series (3(d)(i)(A), AMB-123)."""
    purchased = state.purchase_dates.get(name)
    return purchased is None or on > purchased


def _adjusted_for_shares(state: PriceState, entry: Issuance | Deemed) -> list[tuple[Adjustment, SeriesPrice]]:
    if entry.shares <= 0:
        return []
    triggered = [
        name
        for name in entry.additional_for
        if _counts_for(state, name, entry.on)
        and entry.consideration < trigger_price(state.prices[name], state.readings) * entry.shares
    ]
    if not triggered:
        return []
    base = averaging_base(state, entry.outstanding)
    kind: Kind = "issuance" if isinstance(entry, Issuance) else "deemed_issuance"
    clause = "3(d)(i)(A)" if isinstance(entry, Issuance) else "3(d)(i)(E)"
    found = []
    for name in triggered:
        old = state.prices[name]
        target = shortened(averaged(old, base, entry.shares, entry.consideration, state.readings), state.places)
        new = held_or_made(old, target, entry.on, _minimum(state), state.readings)
        adjustment = _adjustment(entry.on, name, kind, clause, old, new)
        stated = replace(adjustment, base=base, shares=entry.shares, consideration=entry.consideration)
        found.append((stated, new))
    return found


def _scaled_prices(
    state: PriceState, on: date, factor: Fraction, kind: Kind, clause: str
) -> list[tuple[Adjustment, SeriesPrice]]:
    """Divide the prices of all series after their Purchase Dates, so that they convert into that much more."""
    found = []
    for name, old in state.prices.items():
        if _counts_for(state, name, on):
            new = scaled(old, factor, on, _minimum(state), state.readings)
            found.append((_adjustment(on, name, kind, clause, old, new), new))
    return found


def _adjustment(on: date, name: str, kind: Kind, clause: str, old: SeriesPrice, new: SeriesPrice) -> Adjustment:
    return Adjustment(
        on, name, kind, clause, old.exact, new.exact, old.official, new.official, carried_total(new.carried)
    )


# Rights that change: their entries are written anew


def _deemed(
    state: PriceState,
    on: date,
    rights: str,
    record: Rights,
    outstanding: Outstanding,
    shares: Number,
    consideration: Fraction,
) -> PriceState:
    """Deem shares issued, given in the units of the grant, on a date."""
    own = shares * state.unit / record.unit
    return _applied(state, Deemed(on, rights, own, consideration, record.additional_for, outstanding, state.unit))


def _vested(
    state: PriceState, on: date, rights: str, before: Rights, after: Rights, outstanding: Outstanding
) -> PriceState:
    """Deem issued now what has become exercisable, as rights issued on that day would be (AMB-60)."""
    if before.entries == 0:
        return _booked(pass_time(state, on), rights, after)
    counted, consideration = deemed_issued(after, state.readings)
    already, received = deemed_issued(before, state.readings)
    tranche = counted - already
    state = _deemed(state, on, rights, after, outstanding, tranche, consideration - received)
    return _booked(state, rights, replace(after, entries=before.entries + 1))


def _restated(state: PriceState, on: date, rights: str, record: Rights) -> PriceState:
    """Recompute the prices for rights on other terms, as the reading says (3(d)(i)(E)(3) to (5), AMB-63)."""
    state = pass_time(state, on)
    counted, consideration = deemed_issued(record, state.readings)
    targets: Mapping[str, Fraction] = {}
    booked = _booked(state, rights, record)
    made: list[Adjustment] = list(state.latest)
    if record.entries > 0 and state.readings.replay is not Replay.NONE:
        later = _since(state, rights, record.entries)
        written = _written(later, rights, record, counted, consideration)
        # What leaves the number and the consideration deemed as they were leaves nothing to recompute.
        if _is_new(later, written):
            if state.readings.replay is Replay.FULL:
                replayed = _replayed(_earlier(state, later[0]), written, on)
                targets = {name: price.exact for name, price in replayed.prices.items()}
                booked = replace(booked, log=replayed.log, unissued=replayed.unissued)
            else:
                targets = _shifted(state, later, written)
                booked = replace(booked, log=_rewritten(later, written))
    if rights in booked.unissued and state.readings.replay is not Replay.FULL:
        left = max(0, counted - record.exercised) * state.unit / record.unit
        booked = replace(booked, unissued={**booked.unissued, rights: left})
    prices = dict(state.prices)
    for name, target in targets.items():
        old = state.prices[name]
        if target != old.exact:
            prices[name] = held_or_made(old, target, on, _minimum(state), state.readings)
            made.append(_adjustment(on, name, "restatement", "3(d)(i)(E)", old, prices[name]))
    return _applied_note(replace(booked, prices=prices), Restated(on, rights), tuple(made))


def _applied_note(state: PriceState, entry: Restated, latest: tuple[Adjustment, ...]) -> PriceState:
    return replace(state, log=_noted(entry, state), latest=latest)


def _noted(entry: Entry, before: PriceState) -> Node:
    """Log an entry; the book of rights is not kept with it, as every state would have a copy of its own."""
    return Node(entry, replace(before, rights=NO_RIGHTS))


def _since(state: PriceState, rights: str, entries: int) -> list[Node]:
    """Return the log from the first entry of some rights on, oldest first."""
    found: list[Node] = []
    node = state.log
    left = entries
    while left > 0:
        assert node is not None
        found.append(node)
        if isinstance(node.entry, Deemed) and node.entry.rights == rights:
            left -= 1
        node = node.before.log
    return found[::-1]


def _written(
    nodes: Iterable[Node], rights: str, record: Rights, shares: Number, consideration: Fraction
) -> list[Entry]:
    """Deal the shares now deemed issued out to the entries of their rights, an excess to the first.

    Later entries, if a reading made any, keep at most what they had, the earlier ones first.
    """
    own = [node.entry for node in nodes if isinstance(node.entry, Deemed) and node.entry.rights == rights]
    left = shares
    dealt = []
    for entry in own:
        taken = min(left, entry.shares * record.unit / entry.unit)
        dealt.append(taken)
        left = left - taken
    dealt[0] = dealt[0] + left
    parts = iter(zip(own, dealt, strict=True))
    written: list[Entry] = []
    for node in nodes:
        if isinstance(node.entry, Deemed) and node.entry.rights == rights:
            entry, taken = next(parts)
            part = consideration * taken / shares if shares > 0 else NOTHING
            written.append(replace(entry, shares=taken * entry.unit / record.unit, consideration=part))
        else:
            written.append(node.entry)
    return written


def _is_new(nodes: Iterable[Node], written: Iterable[Entry]) -> bool:
    """Say whether the entries of some rights have another number or another consideration now (3(d)(i)(E)(5))."""
    return any(
        isinstance(new, Deemed)
        and isinstance(node.entry, Deemed)
        and (new.shares != node.entry.shares or new.consideration != node.entry.consideration)
        for node, new in zip(nodes, written, strict=True)
    )


def _replayed(before: PriceState, entries: Iterable[Entry], on: date) -> PriceState:
    """Apply entries again from the state before the first, up to a date (AMB-107)."""
    state = before
    for entry in entries:
        state = _applied(state, entry)
    return pass_time(state, on)


def _shifted(state: PriceState, nodes: list[Node], written: list[Entry]) -> dict[str, Fraction]:
    """Return the exact prices moved by what an entry did with the new terms against the old (AMB-63).

    By ratio of the two, or by their difference in today's units; nothing after the entry is looked at again. Raise
    Forbidden where there is no ratio, as the entry had left nothing of an exact price (its last cent being held).
    """
    targets = {name: price.exact for name, price in state.prices.items()}
    for node, entry in zip(nodes, written, strict=True):
        if not isinstance(entry, Deemed) or entry is node.entry:
            continue
        before = _earlier(state, node)
        old, new = _applied(before, node.entry).prices, _applied(before, entry).prices
        for name in entry.additional_for:
            if state.readings.replay is Replay.RATIO:
                if old[name].exact == 0:
                    message = "A conversion price of which nothing is left cannot be restated by ratio."
                    raise Forbidden("price_not_positive", "3(d)(i)(E)", message)
                targets[name] = targets[name] * new[name].exact / old[name].exact
            else:
                scale = state.prices[name].scale / node.before.prices[name].scale
                targets[name] = targets[name] + (new[name].exact - old[name].exact) / scale
    return targets


def _rewritten(nodes: list[Node], written: list[Entry]) -> Node | None:
    """Return the log with other entries and the states before them as they were."""
    log = nodes[0].before.log
    for node, entry in zip(nodes, written, strict=True):
        log = Node(entry, replace(node.before, log=log))
    return log
