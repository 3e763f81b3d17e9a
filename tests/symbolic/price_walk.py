"""Conversion prices by walking through a history with plain numbers: a third way, for the tests alone.

One event after another, with a book that holds each price, what is carried, and nothing else. What is known of rights
are lots, which exercise uses up from the first. When rights change, everything is walked again with the lots as they
are now. Written from section 3(d) and the register, for small histories, without regard to speed or to any formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import floor

from reference.readings import (
    AdAsConverted,
    CentAnniversary,
    CentComposition,
    CentTest,
    CentTriggerPrice,
    CpRound,
    GrantAlloc,
    Replay,
    SameDayIssues,
    StockDividendBase,
    Switch,
    Vesting,
    WeightedAverageBase,
)
from symbolic.antidilution import (
    Changed,
    Event,
    Exercised,
    Expired,
    Granted,
    History,
    Issued,
    Outstanding,
    Split,
    StockDividend,
    Vested,
)

Q = Fraction
CENT = Q(1, 100)


@dataclass
class Item:
    """Hold what is carried: $/share, and when it is made at the latest."""

    amount: Fraction
    due: date


@dataclass
class Book:
    """Hold one price: as in effect, and what is carried."""

    official: Fraction
    items: list[Item] = field(default_factory=list)

    @property
    def exact(self) -> Fraction:
        """Return the price less all that is carried."""
        return self.official - sum((item.amount for item in self.items), Q(0))


@dataclass
class Lot:
    """Hold shares deemed issued at one entry, in shares of the grant."""

    entry: int
    shares: Fraction


@dataclass
class Rights:
    """Hold what is known of rights, in shares and $/share of the grant."""

    entry: int
    deliverable: Fraction
    exercisable: Fraction
    strike: Fraction
    whole: Fraction
    lots: list[Lot]
    issued: Fraction = field(default_factory=Fraction)
    received: Fraction = field(default_factory=Fraction)


def three_years_on(day: date) -> date:
    """Return the same date three years later, 28 February for the 29th where there is none."""
    try:
        return day.replace(year=day.year + 3)
    except ValueError:
        return day.replace(year=day.year + 3, day=28)


class Walk:
    """Walk through a history.

    values: by event the numbers, under the names of the unknowns without the number of the event; days are dates.
    opening: prices; carried: by series amount and day; bought: Purchase Dates.
    """

    def __init__(
        self,
        history: History,
        values: Sequence[Mapping[str, object]],
        opening: Mapping[str, Fraction],
        carried: Mapping[str, Sequence[tuple[Fraction, date]]] | None = None,
        bought: Mapping[str, date] | None = None,
    ) -> None:
        """Take the facts."""
        self.history, self.values, self.readings = history, values, history.readings
        self.opening, self.carried, self.bought = opening, carried or {}, bought or {}

    def prices(self) -> list[dict[str, Book]]:
        """Return the books after each event."""
        return self._walk(len(self.history.events), None)

    def _number(self, at: int, name: str) -> Fraction:
        value = self.values[at][name]
        assert isinstance(value, (Fraction, int))
        return Q(value)

    def _day(self, at: int) -> date:
        day = self.values[at]["on"]
        assert isinstance(day, date)
        return day

    def _walk(self, upto: int, told: int | None, start: int = 0) -> list[dict[str, Book]]:
        """Walk up to an event; told: if given, rights are taken as they are known at that event, from another on."""
        books = {
            name: Book(price, [Item(amount, three_years_on(day)) for amount, day in self.carried.get(name, ())])
            for name, price in self.opening.items()
        }
        after: list[dict[str, Book]] = []
        first, before_first = 0, deepcopy(books)
        for at in range(upto):
            event, known = self.history.events[at], told if at >= start else None
            merges = self.readings.same_day_issues is SameDayIssues.MERGED
            if isinstance(event, Issued) and event.joined and merges:
                passed = deepcopy(books)
                books = deepcopy(before_first)
                for name in passed:
                    if name not in event.series:
                        books[name] = passed[name]
                n = sum((self._number(each, "n") for each in range(first, at + 1)), Q(0))
                paid = sum((self._number(each, "paid") for each in range(first, at + 1)), Q(0))
                self._issue(books, first, n, paid, event.series, event.outstanding, known, first)
            else:
                for book in books.values():
                    self._pass(book, self._day(at))
                first, before_first = at, deepcopy(books)
                self._happen(books, at, event, known)
            after.append(deepcopy(books))
        return after

    def _happen(self, books: dict[str, Book], at: int, event: Event, known: int | None) -> None:
        if isinstance(event, Issued):
            n, paid = self._number(at, "n"), self._number(at, "paid")
            self._issue(books, at, n, paid, event.series, event.outstanding, known, at)
        elif isinstance(event, Split):
            self._split(books, at, dict.fromkeys(books, self._number(at, "factor")))
        elif isinstance(event, StockDividend):
            base = self._number(at, "C")
            if self.readings.stock_dividend_base is StockDividendBase.FULLY_CONVERTED:
                base += self._as_converted(books, at, event.outstanding)
            self._split(books, at, dict.fromkeys(books, 1 + self._number(at, "increase") / base))
        elif isinstance(event, Granted | Vested | Changed | Expired):
            self._rights(books, at, event, known)

    def _rights(
        self, books: dict[str, Book], at: int, event: Granted | Vested | Changed | Expired, known: int | None
    ) -> None:
        start = next(
            at
            for at, each in enumerate(self.history.events)
            if isinstance(each, Granted) and each.rights == event.rights
        )
        grant = self.history.events[start]
        assert isinstance(grant, Granted)
        if grant.excluded:
            return
        forward = self.readings.vesting is Vesting.FORWARD_ON_VEST
        if isinstance(event, Granted) or (isinstance(event, Vested) and forward):
            upto = self._last_told(event.rights, at if known is None else known)
            n, paid = self._lot(event.rights, at, max(upto, at))
            self._issue(books, at, n, paid, grant.series, event.outstanding, known, start)
        elif known is None and not (
            isinstance(event, Vested) and self.readings.vesting is not Vesting.RECOMPUTE_ON_VEST
        ):
            self._tell(books, at, event.rights, start, grant)

    # Days, and the one-cent rule

    def _pass(self, book: Book, day: date) -> None:
        while True:
            late = [item for item in book.items if item.amount != 0 and item.due <= day]
            if not late:
                return
            if self.readings.cent_anniversary is CentAnniversary.ALL:
                self._post(book, no_rise=book.exact <= book.official)
                return
            item = late[0]
            book.items.remove(item)
            price = self._round(book.official - item.amount)
            book.official = min(price, book.official) if item.amount >= 0 else price

    def _post(self, book: Book, no_rise: bool, rounds: bool = True) -> None:
        price = self._round(book.exact) if rounds else book.exact
        book.official = min(price, book.official) if no_rise else price
        book.items = []

    def _round(self, price: Fraction) -> Fraction:
        places = {CpRound.EXACT: 0, CpRound.CENT: 100, CpRound.TEN_THOUSANDTH: 10000}[self.readings.cp_round]
        return Q(floor(price * places + Q(1, 2)), places) if places else price

    def _adjust(self, book: Book, amount: Fraction, day: date, kind: str) -> None:
        book.items.append(Item(amount, three_years_on(day)))
        moved = book.official - book.exact
        if self.readings.cent_test is CentTest.INDIVIDUAL:
            moved = amount
        if abs(moved) >= CENT:
            self._post(book, no_rise=kind == "issue" and book.exact <= book.official, rounds=kind != "split")
        elif book.official == book.exact:
            book.items = []

    # Issuances

    def _issue(
        self,
        books: dict[str, Book],
        at: int,
        n: Fraction,
        paid: Fraction,
        series: Sequence[str],
        outstanding: Outstanding,
        known: int | None,
        dated_by: int,
    ) -> None:
        base = self._base(books, at, outstanding, known)
        for name in series:
            amount = self._lack(books[name], name, base, n, paid, dated_by)
            if amount is not None:
                self._adjust(books[name], amount, self._day(at), "issue")

    def _lack(
        self, book: Book, name: str, base: Fraction, n: Fraction, paid: Fraction, dated_by: int
    ) -> Fraction | None:
        if name in self.bought and self._day(dated_by) <= self.bought[name]:
            return None
        shadow = self.readings.cent_trigger_price is CentTriggerPrice.SHADOW
        if n == 0 or paid / n >= (book.exact if shadow else book.official):
            return None
        price = book.official if self.readings.cent_composition is CentComposition.ADDITIVE else book.exact
        return max(Q(0), price - price * (base + paid / price) / (base + n))

    def _as_converted(self, books: dict[str, Book], at: int, outstanding: Outstanding) -> Fraction:
        found = Q(0)
        for series in self.history.charter.series:
            name = series.name
            only_if = self.readings.ad_as_converted is AdAsConverted.ONLY_IF_ELECTED
            if name not in outstanding.preferred:
                continue
            if series.conversion.by == "class_election" and only_if and not outstanding.elected:
                continue
            issue_price = series.original_issue_price.value
            if name in outstanding.splits and self.readings.oip_adjusts_in_conversion is Switch.YES:
                issue_price /= self._number(at, f"k_{name}")
            found += self._number(at, f"n_{name}") * issue_price / books[name].official
        return found

    def _base(self, books: dict[str, Book], at: int, outstanding: Outstanding, known: int | None) -> Fraction:
        common = self._number(at, "C")
        if self.readings.weighted_average_base is WeightedAverageBase.COMMON_ONLY:
            return common
        base = common + self._as_converted(books, at, outstanding)
        if self.readings.weighted_average_base is WeightedAverageBase.PLUS_ALL_OPTIONS:
            return base + self._number(at, "options")
        if self.readings.weighted_average_base is WeightedAverageBase.PLUS_DEEMED:
            for start, event in enumerate(self.history.events[:at]):
                if isinstance(event, Granted) and not event.excluded:
                    base += self._unissued(event.rights, start, at, known)
        return base

    def _unissued(self, rights: str, start: int, at: int, known: int | None) -> Fraction:
        upto = at - 1 if known is None else known
        told = self._last_told(rights, upto)
        if self.readings.vesting is Vesting.FORWARD_ON_VEST:
            vests = [
                each
                for each in range(told, upto + 1)
                if isinstance(self.history.events[each], Vested) and self._own(each, rights)
            ]
            told = max([told, *vests])
        own = self._known(rights, told)
        deemed = sum((lot.shares for lot in own.lots if lot.entry < at), Q(0))
        gone = sum(
            (
                self._number(each, "n") / self._scale(start, each)
                for each in range(at)
                if isinstance(self.history.events[each], Exercised) and self._own(each, rights)
            ),
            Q(0),
        )
        return max(Q(0), deemed - gone) * self._scale(start, at)

    def _split(self, books: dict[str, Book], at: int, factors: Mapping[str, Fraction]) -> None:
        for name, book in books.items():
            factor = factors[name]
            if (name in self.bought and self._day(at) <= self.bought[name]) or factor == 1:
                continue
            for item in book.items:
                item.amount /= factor
            if self.readings.cent_scope is Switch.NO:
                book.official /= factor
            else:
                self._adjust(book, book.official - book.official / factor, self._day(at), "split")

    # Rights

    def _own(self, at: int, rights: str) -> bool:
        return getattr(self.history.events[at], "rights", None) == rights

    def _scale(self, start: int, end: int) -> Fraction:
        scale = Q(1)
        for at in range(start + 1, end):
            if isinstance(self.history.events[at], Split | StockDividend):
                scale *= self._number(at, "factor")
        return scale

    def _last_told(self, rights: str, upto: int) -> int:
        """Return the last event, up to one, that tells what the rights are: the grant, or a change or end of them."""
        tells: tuple[type, ...] = (Granted, Changed, Expired)
        if self.readings.vesting is Vesting.RECOMPUTE_ON_VEST:
            tells += (Vested,)
        return max(at for at in range(upto + 1) if self._own(at, rights) and isinstance(self.history.events[at], tells))

    def _known(self, rights: str, upto: int) -> Rights:
        own: Rights | None = None
        for at in range(upto + 1):
            event = self.history.events[at]
            if not self._own(at, rights):
                continue
            if isinstance(event, Granted):
                n = self._number(at, "n")
                exercisable = self._number(at, "exercisable") if event.part else n
                lot = n if self.readings.vesting is Vesting.COUNT_ALL else exercisable
                own = Rights(at, n, exercisable, self._number(at, "strike"), n, [Lot(at, lot)])
            else:
                assert own is not None
                self._more_known(own, at, event)
        assert own is not None
        return own

    def _more_known(self, own: Rights, at: int, event: Event) -> None:
        """Let one event of rights change what is known; numbers with all that was issued before."""
        scale, vesting = self._scale(own.entry, at), self.readings.vesting
        if isinstance(event, Exercised):
            own.issued += self._number(at, "n") / scale
            own.received += self._number(at, "paid")
            return
        counted = sum((lot.shares for lot in own.lots), Q(0))
        if isinstance(event, Vested):
            own.exercisable = own.issued + self._number(at, "exercisable") / scale
            if vesting is Vesting.RECOMPUTE_ON_VEST:
                own.lots = [Lot(own.entry, own.exercisable)]
            if vesting is Vesting.FORWARD_ON_VEST:
                own.lots.append(Lot(at, own.exercisable - counted))
            return
        wanted = counted
        if isinstance(event, Expired):
            own.deliverable = own.exercisable = own.issued
            if event.left:
                own.deliverable += self._number(at, "deliverable") / scale
                own.exercisable += self._number(at, "exercisable") / scale
            wanted = own.exercisable
        if isinstance(event, Changed):
            wholly, before = own.exercisable >= own.deliverable, own.exercisable
            if "strike" in event.terms:
                own.strike = self._number(at, "strike") * scale
            if "deliverable" in event.terms:
                own.whole = own.deliverable = own.issued + self._number(at, "deliverable") / scale
                own.exercisable = own.deliverable if wholly else min(own.exercisable, own.deliverable)
            if "exercisable" in event.terms:
                own.exercisable = own.issued + self._number(at, "exercisable") / scale
            wanted = min(counted + max(Q(0), own.exercisable - before), own.exercisable)
        if vesting is Vesting.COUNT_ALL:
            wanted = own.deliverable
        if wanted > counted:
            own.lots[0].shares += wanted - counted
        for lot in reversed(own.lots):
            cut = min(lot.shares, max(Q(0), counted - wanted))
            lot.shares -= cut
            counted -= cut

    def _lot(self, rights: str, entry: int, upto: int) -> tuple[Fraction, Fraction]:
        """Return shares, of their day, and consideration of one lot."""
        own = self._known(rights, upto)
        grant_price, used, given = self._number(own.entry, "grant"), own.issued, False
        for lot in own.lots:
            exercised = min(used, lot.shares)
            used -= exercised
            paid = (own.received * exercised / own.issued if own.issued else Q(0)) + (
                lot.shares - exercised
            ) * own.strike
            if self.readings.grant_alloc is GrantAlloc.PRO_RATA:
                paid += grant_price * lot.shares / own.whole if own.whole else Q(0)
            elif lot.shares and not given:
                paid, given = paid + grant_price, True
            if lot.entry == entry:
                return lot.shares * self._scale(own.entry, entry), paid
        raise AssertionError("there is no such lot")

    def _tell(self, books: dict[str, Book], at: int, rights: str, start: int, grant: Granted) -> None:
        """Let the prices reflect what has become known (3(d)(i)(E)(3), (4))."""
        replay = self.readings.replay
        if replay is Replay.NONE:
            return
        was = self._last_told(rights, at - 1)
        entries = [
            each
            for each in range(start, at)
            if self._own(each, rights)
            and (
                each == start
                or (isinstance(self.history.events[each], Vested) and self.readings.vesting is Vesting.FORWARD_ON_VEST)
            )
        ]
        lots = {each: (self._lot(rights, each, max(was, each)), self._lot(rights, each, at)) for each in entries}
        if replay is Replay.FULL:
            if all(old == new for old, new in lots.values()):
                return
            again = self._walk(at, at, self._recomputed_from(start, at))[-1]
            for name, book in again.items():
                self._pass(book, self._day(at))
                if name in grant.series or self._shares_bases(name, start, at):
                    self._restate(books[name], book.exact, at)
            return
        for name in grant.series:
            ratio, difference = Q(1), Q(0)
            for each, (old, new) in lots.items():
                then = deepcopy(self._walk(each, None)[-1] if each else self._walk(0, None) or self._opened())
                for book in then.values():
                    self._pass(book, self._day(each))
                event = self.history.events[each]
                assert isinstance(event, Granted | Vested)
                left = []
                for n, paid in (old, new):
                    again = deepcopy(then)
                    self._issue(again, each, n, paid, (name,), event.outstanding, None, start)
                    left.append(again[name].exact)
                ratio *= left[1] / left[0]
                since = Q(1)
                if self.readings.cent_scope is Switch.NO:
                    for between in range(each, at):
                        since *= self._price_factor(name, between)
                difference += (left[0] - left[1]) / since
            exact = books[name].exact
            self._restate(books[name], exact * ratio if replay is Replay.RATIO else exact - difference, at)

    def _recomputed_from(self, start: int, at: int) -> int:
        """Return from where prices are computed again: earlier than from a grant where older rights changed since."""
        for each in range(at - 1, -1, -1):
            event = self.history.events[each]
            if each > start and isinstance(event, Vested | Changed | Expired):
                if isinstance(event, Vested) and self.readings.vesting is not Vesting.RECOMPUTE_ON_VEST:
                    continue
                granted = next(
                    (place, own)
                    for place, own in enumerate(self.history.events)
                    if isinstance(own, Granted) and own.rights == event.rights
                )
                start = start if granted[1].excluded else min(start, granted[0])
        return start

    def _shares_bases(self, name: str, start: int, end: int) -> bool:
        """Say whether the price of a series can have been computed from others, or from rights, between two events."""
        for event in self.history.events[start + 1 : end]:
            if isinstance(event, StockDividend):
                if self.readings.stock_dividend_base is StockDividendBase.FULLY_CONVERTED:
                    return True
            elif isinstance(event, Issued) or (isinstance(event, Granted) and not event.excluded):
                if name in event.series:
                    return True
            elif isinstance(event, Vested) and self.readings.vesting is Vesting.FORWARD_ON_VEST:
                grant = next(g for g in self.history.events if isinstance(g, Granted) and g.rights == event.rights)
                if name in grant.series and not grant.excluded:
                    return True
        return False

    def _opened(self) -> dict[str, Book]:
        return {
            name: Book(price, [Item(amount, three_years_on(day)) for amount, day in self.carried.get(name, ())])
            for name, price in self.opening.items()
        }

    def _price_factor(self, name: str, at: int) -> Fraction:
        event = self.history.events[at]
        if name in self.bought and self._day(at) <= self.bought[name]:
            return Q(1)
        if isinstance(event, Split):
            return self._number(at, "factor")
        if not isinstance(event, StockDividend):
            return Q(1)
        base = self._number(at, "C")
        if self.readings.stock_dividend_base is StockDividendBase.FULLY_CONVERTED:
            books = deepcopy(self._walk(at, None)[-1] if at else self._opened())
            for book in books.values():
                self._pass(book, self._day(at))
            base += self._as_converted(books, at, event.outstanding)
        return 1 + self._number(at, "increase") / base

    def _restate(self, book: Book, exact: Fraction, at: int) -> None:
        if book.exact != exact:
            self._adjust(book, book.exact - exact, self._day(at), "told")
