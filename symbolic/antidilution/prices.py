"""The prices of a history as sums over it: section 3(d).

Every quantity here is a function of a *past*: the facts of a history up to some point, as they are known. The pasts
form a tree, in which what is the same in two of them is the same node, so that its quantities are written once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import sympy

from reference.readings import (
    AdAsConverted,
    CentAnniversary,
    CentComposition,
    CentTest,
    CentTriggerPrice,
    CpRound,
    Replay,
    SameDayIssues,
    StockDividendBase,
    Switch,
    Vesting,
    WeightedAverageBase,
)
from symbolic.account import Account
from symbolic.algebra import (
    ONE,
    ZERO,
    above,
    all_of,
    any_of,
    at_least,
    at_most,
    below,
    either,
    largest,
    number,
    smallest,
    total,
)
from symbolic.antidilution.averages import anniversary, leap_days, missing
from symbolic.antidilution.events import (
    Event,
    Exercised,
    Granted,
    History,
    Issued,
    Outstanding,
    Price,
    Slot,
    Split,
    State,
    StockDividend,
    Vested,
    Waited,
    unknown,
)
from symbolic.antidilution.rights import Rights
from symbolic.rounding import floor
from symbolic.symbols import conversion_price

ISSUANCE, CENT, SPLITS, RIGHTS = "3(d)(i)(A)", "3(d)(i)(B)", "3(d)(iii), 3(d)(iv)", "3(d)(i)(E)"
EACH = "$/share"

PLACES = {CpRound.TEN_THOUSANDTH: 10_000, CpRound.CENT: 100}
"""The parts of a dollar to which a price is rounded (AMB-59)."""


@dataclass(frozen=True)
class Sold:
    """Shares issued, by entries that are one issuance."""

    entries: tuple[int, ...]
    series: tuple[str, ...]
    outstanding: Outstanding

    @property
    def entry(self) -> int:
        """Return the number by which it goes."""
        return self.entries[-1]

    @property
    def day(self) -> int:
        """Return the entry just before which it happens."""
        return self.entries[0]


@dataclass(frozen=True)
class Deemed:
    """Shares deemed issued under rights at an entry; known: the entry up to which facts about the rights count."""

    entry: int
    known: int
    rights: str
    series: tuple[str, ...]
    outstanding: Outstanding

    @property
    def day(self) -> int:
        """Return its entry."""
        return self.entry


@dataclass(frozen=True)
class Told:
    """Other facts about rights become known at an entry."""

    entry: int
    rights: str

    @property
    def day(self) -> int:
        """Return its entry."""
        return self.entry


@dataclass(frozen=True)
class Multiplied:
    """A split, or a stock dividend if it is said what is outstanding."""

    entry: int
    outstanding: Outstanding | None = None

    @property
    def day(self) -> int:
        """Return its entry."""
        return self.entry


Fact = Sold | Deemed | Told | Multiplied


@dataclass(frozen=True, eq=False)
class Past:
    """A beginning of a history, as it is known: one fact after another beginning; tag: ends the names of its steps."""

    before: Past | None
    last: Fact | None
    tag: str

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Return all its facts in order."""
        return () if self.before is None or self.last is None else (*self.before.facts, self.last)


@dataclass(frozen=True)
class Step:
    """Hold what the last fact of a past means for one price.

    exact: the price then; unit: what a share of the opening has become; amount: the adjustment earned, $/share, if
    any; date: one if it is a date to make adjustments; off: what rounding takes off; signed: it may raise the price;
    grows: by what it divides what is carried, where it is an adjustment itself.
    """

    exact: sympy.Expr
    unit: sympy.Expr = ONE
    amount: sympy.Expr | None = None
    date: sympy.Expr | None = None
    off: sympy.Expr = ZERO
    signed: bool = False
    grows: sympy.Expr = ONE


@dataclass(frozen=True)
class Item:
    """Hold an adjustment as a past sees it: $/share of then, its day, its last day, and the dates there were since.

    dates: one or zero each, one if all that was carried was made then.
    """

    label: str
    amount: sympy.Expr
    on: sympy.Expr
    due: sympy.Expr
    dates: tuple[sympy.Expr, ...]
    signed: bool = False

    @property
    def size(self) -> sympy.Expr:
        """Return how large it is."""
        return largest(self.amount, -self.amount) if self.signed else self.amount


# Many histories contain the same small expressions: they are built once.


@cache
def made(item: Item, on: sympy.Expr | None = None) -> sympy.Basic:
    """Return the condition that an adjustment has been made: a date has come, or, if a day is given, its last day."""
    conditions = [above(total(item.dates), ZERO)] if item.dates else []
    return any_of(*conditions, *([] if on is None else [at_most(item.due, on)]))


@cache
def made_part(item: Item, on: sympy.Expr | None = None) -> sympy.Expr:
    """Return what of an adjustment has been made, likewise: all or nothing."""
    return either(made(item, on), item.amount, ZERO)


@cache
def falls_due(item: Item, on: sympy.Expr, since: sympy.Expr | None = None) -> sympy.Basic:
    """Return the condition that an adjustment is carried and falls due by a day, or also after another one."""
    unmade = [at_most(total(item.dates), ZERO)] if item.dates else []
    new = [] if since is None else [above(item.due, since)]
    return all_of(*unmade, above(item.size, ZERO), at_most(item.due, on), *new)


@cache
def any_falls_due(items: tuple[Item, ...], on: sympy.Expr) -> sympy.Basic:
    """Return the condition that one of some adjustments is carried and has fallen due by a day."""
    return any_of(*(falls_due(item, on) for item in items))


@cache
def less(price: sympy.Expr, terms: tuple[sympy.Expr, ...]) -> sympy.Expr:
    """Return a price less some amounts."""
    return price - total(terms)


@cache
def spread(
    counts: sympy.Basic,
    lowered: sympy.Expr,
    compared: sympy.Expr,
    issue: tuple[sympy.Expr, sympy.Expr],
    base: sympy.Expr,
) -> sympy.Expr:
    """Return what an issuance that counts misses, over all shares there are after it, $/share (3(d)(i)(A)).

    lowered: the price of which it is missing; compared: that which the issuance is below. Of another than that, less
    than nothing may be missing.
    """
    shares, paid = issue
    lacks = missing(lowered, shares, paid)
    return either(counts, (lacks if lowered == compared else largest(ZERO, lacks)) / (base + shares), ZERO)


@cache
def reaches(adjusts: sympy.Basic, moved: sympy.Expr, either_way: bool, least: sympy.Expr) -> sympy.Basic:
    """Return the condition that there is an adjustment and a price moves far enough, down or either way."""
    return all_of(adjusts, at_least(largest(moved, -moved) if either_way else moved, least))


class Chain:
    """Write the prices after each event of a history.

    history: its events are not read here; account: one that names its steps, receives the definitions. A copy of a
    chain has an account of its own, with the same definitions so far.
    """

    def __init__(self, history: History, account: Account) -> None:
        """Record the figures of the charter, and take the prices of the opening; raise ValueError without names."""
        if not account.named:
            raise ValueError("the prices need an account that names its steps")
        self.history, self.account = history, account
        self.charter, self.readings = history.charter, history.readings
        self.names = tuple(series.name for series in self.charter.series)
        self.rights = Rights(self.readings, account)
        self.past = self._opening = Past(None, None, "")
        self._next: dict[tuple[Past, Fact], Past] = {}
        self._steps: dict[tuple[Past, str], Step] = {}
        self._lists: dict[tuple[Past, int | None, str], tuple[Item, ...]] = {}
        self._late: dict[tuple[Past, int, str], sympy.Expr | None] = {}
        self._before: dict[tuple[Past, int, str], sympy.Expr] = {}
        self._off: dict[tuple[Past, int, str], sympy.Expr] = {}
        self._bases: dict[tuple[Past, int, Outstanding], sympy.Expr] = {}
        self._divided: dict[tuple[Past, str, str], sympy.Expr] = {}
        self._dues: dict[int | tuple[str, int], sympy.Expr] = {}
        terms = self.charter.antidilution
        self.adjusts = terms is not None
        self.years = number(terms.carry_forward_years.value) if terms else ZERO
        if terms:
            least = terms.minimum_adjustment
            self.least = account.figure("least", least.value, "least adjustment made at once", least.clause)
        self.rounds = self.readings.cp_round is not CpRound.EXACT
        self.by_item = self.readings.cent_anniversary is CentAnniversary.ITEM
        self._carried = dict(history.carried)
        prices = {}
        for name in self.names:
            start = conversion_price(name)
            items = self._items(self._opening, name)
            exact = start - total(item.amount for item in items)
            exact = account.define(f"exact_{name}_0", exact, f"price of {name} less all carried", CENT, EACH)
            self._steps[self._opening, name] = Step(exact)
            prices[name] = Price(start, exact, tuple(Slot(i.amount, i.due, i.on, i.label) for i in items))
        self.state = State(prices)

    def __copy__(self) -> Chain:
        """Return a chain that goes on from here by itself."""
        twin = Chain.__new__(Chain)
        for key, value in vars(self).items():
            setattr(twin, key, dict(value) if isinstance(value, dict) else value)
        old = self.account
        twin.account = Account(old.named, old.suffix, old.note, list(old.definitions))
        twin.rights = self.rights.copied(twin.account)
        return twin

    def event(self, entry: int, event: Event) -> None:
        """Record the prices after an event, given its number (3(d))."""
        earlier, self.rights.account = self.past, self.account
        self.past = self._with(entry, event)
        prices = {}
        for name in self.names:
            if self.past is not earlier and self._own(self.past, name) is self.past:
                items, off = self._items(self.past, name), ZERO
            else:
                items, off = self._items(self.past, name, entry), self._rounding(self.past, entry, name)
            on = self._last_day(entry)
            official = self._price(self.past, name, *(made_part(item, on) for item in items), off)
            exact = self._step(self.past, name).exact - off
            meaning = f"conversion price of {name} after event {entry}"
            official = self.account.output(f"CP_{name}_{entry}", official, meaning, "3(d)", EACH)
            meaning = f"the same if nothing were carried, after event {entry}"
            exact = self.account.output(f"X_{name}_{entry}", exact, meaning, "3(d)(i)", EACH)
            slots = tuple(Slot(either(made(i, on), ZERO, i.amount), i.due, i.on, i.label) for i in items)
            prices[name] = Price(official, exact, slots)
        self.state = State(prices)

    # Pasts

    def _with(self, entry: int, event: Event) -> Past:
        """Return the past with one more event; what bears on no price adds nothing."""
        past = self.past
        if isinstance(event, Split | StockDividend):
            self.rights.multiply(entry)
            there = event.outstanding if isinstance(event, StockDividend) else None
            return self._then(past, Multiplied(entry, there))
        if isinstance(event, Waited) or not self.adjusts:
            return past
        if isinstance(event, Issued):
            merged = event.joined and self.readings.same_day_issues is SameDayIssues.MERGED
            if merged and isinstance(past.last, Sold) and past.before is not None:
                return self._then(past.before, replace(past.last, entries=(*past.last.entries, entry)))
            return self._then(past, Sold((entry,), event.series, event.outstanding))
        self.rights.hear(entry, event)
        _, grant = self.rights.grants[event.rights]
        if grant.excluded or isinstance(event, Exercised):
            return past
        vesting = self.readings.vesting
        if isinstance(event, Granted) or (isinstance(event, Vested) and vesting is Vesting.FORWARD_ON_VEST):
            return self._then(past, Deemed(entry, entry, event.rights, grant.series, event.outstanding))
        if isinstance(event, Vested) and vesting is not Vesting.RECOMPUTE_ON_VEST:
            return past
        return self._then(past, Told(entry, event.rights))

    def _then(self, past: Past, fact: Fact, tag: str = "") -> Past:
        """Return the one past that goes on with a fact."""
        if (past, fact) not in self._next:
            self._next[past, fact] = Past(past, fact, tag)
        return self._next[past, fact]

    def _as_known(self, past: Past, last: Told) -> Past:
        """Return the past with the facts known in the end, from the issue of rights on (3(d)(i)(E)(5)).

        What was told since is told in the facts, and is no event; what was before happened as it did.
        """
        told = [fact for fact in past.facts if isinstance(fact, Told)]
        known = {fact.rights: fact.entry for fact in told}
        start = self.rights.grants[last.rights][0]
        for each in reversed(told):
            # An event of rights that were there before has had the prices of then computed again, without later ones.
            start = min(start, self.rights.grants[each.rights][0]) if each.entry > start else start
        facts: list[Fact] = []
        while past.before is not None and past.last is not None and past.last.day >= start:
            facts, past = [past.last, *facts], past.before
        for fact in facts:
            if isinstance(fact, Deemed):
                fact = replace(fact, known=max(fact.known, known.get(fact.rights, 0)))
            if not isinstance(fact, Told):
                past = self._then(past, fact, f"_at_{last.entry}")
        return past

    def _touches(self, past: Past, name: str) -> bool:
        """Say whether the last fact of a past bears on the price of a series at once."""
        last = past.last
        if isinstance(last, Sold | Deemed):
            return name in last.series
        if not isinstance(last, Told) or self.readings.replay is Replay.NONE:
            return isinstance(last, Multiplied) and self.adjusts
        granted, grant = self.rights.grants[last.rights]
        if name in grant.series or self.readings.replay is not Replay.FULL:
            return name in grant.series
        return any(self._is_averaged(fact, name) for fact in past.facts if fact.entry > granted)

    def _is_averaged(self, fact: Fact, name: str) -> bool:
        """Say whether a fact bears on a price by way of other prices, or of shares deemed issued."""
        if isinstance(fact, Multiplied):
            base = self.readings.stock_dividend_base
            return fact.outstanding is not None and base is StockDividendBase.FULLY_CONVERTED
        return not isinstance(fact, Told) and name in fact.series

    def _own(self, past: Past, name: str) -> Past:
        """Return the past up to the last fact that bears on a price."""
        while past.before is not None and not self._touches(past, name):
            past = past.before
        return past

    # The sums

    def _items(self, past: Past, name: str, entry: int | None = None) -> tuple[Item, ...]:
        """List the adjustments earned in a past, in the unit of its end, with the dates there were since.

        entry: if given, the day of this entry has come.
        """
        key = (self._own(past, name), entry, name)
        if key not in self._lists:
            self._lists[key] = self._listed(past, name, entry)
        return self._lists[key]

    def _listed(self, past: Past, name: str, entry: int | None) -> tuple[Item, ...]:
        dates = [] if entry is None else [self._has_fallen_due(past, entry, name)]
        past = self._own(past, name)
        unit = self._step(past, name).unit if past.before is not None else ONE
        found: list[Item] = []
        splits: list[tuple[int, Past, sympy.Expr]] = []
        while past.before is not None and past.last is not None:
            step, day = self._step(past, name), past.last.day
            dates.append(step.date)
            if step.amount is not None:
                amount, on = step.amount * (step.unit / unit), unknown("on", day)
                found.append(self._item(name, str(day), amount, on, self._due(day), dates, splits, step.signed))
            if step.grows != ONE:
                splits.append((len(dates), past, step.grows))
            dates.append(self._has_fallen_due(past.before, day, name))
            past = self._own(past.before, name)
        for at in range(self._carried.get(name, 0), 0, -1):
            # What recomputing rights left may be below zero.
            on, amount = unknown(f"carried_on_{name}", at), sympy.Symbol(f"carried_{name}_{at}", real=True)
            due = self._due_of_opening(name, at)
            found.append(self._item(name, f"opening_{at}", amount / unit, on, due, dates, splits, signed=True))
        return tuple(reversed(found))

    def _item(
        self,
        name: str,
        label: str,
        amount: sympy.Expr,
        on: sympy.Expr,
        due: sympy.Expr,
        dates: list[sympy.Expr | None],
        splits: list[tuple[int, Past, sympy.Expr]],
        signed: bool,
    ) -> Item:
        """Return an adjustment with the dates since, divided by each split that found it carried (AMB-58).

        splits: those that are adjustments themselves, the last first, with how many of the dates came after it.
        """
        item = Item(label, amount, on, due, tuple(date for date in dates if date is not None), signed)
        for later, split, grows in reversed(splits):
            key = (split, name, label)
            if key not in self._divided and split.last is not None:
                there = replace(item, dates=tuple(date for date in dates[later:] if date is not None))
                factor = either(made(there, self._last_day(split.last.day)), ONE, 1 / grows)
                place = f"{name}_{label}_after_{split.last.entry}{split.tag}"
                meaning = f"what is taken off for {label}, divided if it was carried then"
                self._divided[key] = self.account.define(f"off_{place}", item.amount * factor, meaning, CENT, EACH)
            item = replace(item, amount=self._divided[key])
        return item

    def _price(self, past: Past, name: str, *amounts: sympy.Expr) -> sympy.Expr:
        """Return the opening price less amounts and less what rounding took off, $/share of a past's end (3(d))."""
        past = self._own(past, name)
        unit = self._step(past, name).unit if past.before is not None else ONE
        return less(conversion_price(name) / unit, (*amounts, *self._rounded_off(past, name)))

    def _rounded_off(self, past: Past, name: str) -> list[sympy.Expr]:
        """Return what rounding has taken off in a past, $/share of its end."""
        terms: list[sympy.Expr] = []
        if not self.rounds:
            return terms
        past = self._own(past, name)
        unit = self._step(past, name).unit
        while past.before is not None and past.last is not None:
            step, due = self._step(past, name), self._rounding(past.before, past.last.day, name)
            past = self._own(past.before, name)
            terms += [step.off * (step.unit / unit), due * (self._step(past, name).unit / unit)]
        return terms

    def _last_day(self, entry: int | None) -> sympy.Expr | None:
        """Return the day of an entry where what has its last day by then is made by itself (AMB-104)."""
        return unknown("on", entry) if entry is not None and self.by_item else None

    def _official(self, past: Past, entry: int, name: str) -> sympy.Expr:
        """Return the price in effect on the day of an entry, before what happens then (AMB-105)."""
        key = (self._own(past, name), entry, name)
        if key not in self._before:
            off = self._rounding(past, entry, name)
            on = self._last_day(entry)
            amounts = [made_part(item, on) for item in self._items(past, name, entry)]
            price = self._price(past, name, *amounts, off)
            meaning = f"conversion price of {name} on the day, before what happens then"
            self._before[key] = self.account.define(f"before_{name}_{entry}{past.tag}", price, meaning, CENT, EACH)
        return self._before[key]

    def _exact(self, past: Past, entry: int, name: str) -> sympy.Expr:
        """Return the price as if all were made, likewise."""
        return self._step(past, name).exact - self._rounding(past, entry, name)

    # Dates (3(d)(i)(B))

    def _has_fallen_due(self, past: Past, entry: int, name: str) -> sympy.Expr | None:
        """Return one if, by the day of an entry, something carried in a past has had its three years; all is made then.

        None where nothing can be carried, or each by itself is made then (AMB-104).
        """
        key = (self._own(past, name), entry, name)
        if key not in self._late:
            items = () if self.by_item else self._items(past, name)
            late = any_falls_due(items, unknown("on", entry))
            meaning = f"one if what {name} carries has fallen due by the day"
            self._late[key] = (
                self.account.condition(f"late_{name}_{entry}{past.tag}", late, meaning, CENT) if items else None
            )
        return self._late[key]

    def _due(self, entry: int) -> sympy.Expr:
        if entry not in self._dues:
            meaning = f"day by which what event {entry} leaves is made"
            self._dues[entry] = self._last_day_of(str(entry), unknown("on", entry), unknown("year", entry), meaning)
        return self._dues[entry]

    def _due_of_opening(self, name: str, at: int) -> sympy.Expr:
        if (name, at) not in self._dues:
            on, year = unknown(f"carried_on_{name}", at), unknown(f"carried_year_{name}", at)
            meaning = f"day by which what {name} carried, number {at}, is made"
            self._dues[name, at] = self._last_day_of(f"{name}_opening_{at}", on, year, meaning)
        return self._dues[name, at]

    def _last_day_of(self, place: str, on: sympy.Expr, year: sympy.Expr, meaning: str) -> sympy.Expr:
        define, leaps = self.account.define, "leap days up to the end of the year"
        before = define(f"leaps_{place}", leap_days(year), leaps, CENT, "days")
        after = define(
            f"leaps_later_{place}", leap_days(year + self.years), f"{leaps} in which it is made", CENT, "days"
        )
        return define(f"due_{place}", anniversary(on, self.years, before, after), meaning, CENT, "day number")

    # Rounding (AMB-59)

    def _nearest(self, price: sympy.Expr, ceiling: sympy.Expr | None = None) -> sympy.Expr:
        """Return a price to the nearest place; not above the one in effect, where it was not to rise."""
        places = PLACES[self.readings.cp_round]
        nearest = floor(places * price + sympy.Rational(1, 2)) / places
        return nearest if ceiling is None else either(at_most(price, ceiling), smallest(ceiling, nearest), nearest)

    def _rounding(self, past: Past, entry: int, name: str) -> sympy.Expr:
        """Return what rounding takes off what falls due in a past by the day of an entry, $/share."""
        if not self.rounds:
            return ZERO
        key, items = (self._own(past, name), entry, name), self._items(past, name)
        if not items:
            return ZERO
        if key not in self._off:
            place = f"{name}_{entry}{past.tag}"
            last = key[0].last
            since = None if last is None else last.day
            held = self._price(past, name, *(made_part(item, self._last_day(since)) for item in items))
            held = self.account.define(f"held_{place}", held, "price before what fell due", CENT, EACH)
            late = self._has_fallen_due(past, entry, name)
            if late is not None:
                exact = self._step(past, name).exact
                off = either(above(late, ZERO), exact - self._nearest(exact, held), ZERO)
            else:
                off = self._price(past, name, *(made_part(item, self._last_day(entry)) for item in items))
                off -= self._one_by_one(items, since, entry, held, place)
            self._off[key] = self.account.define(f"rounding_{place}", off, "what rounding takes off", CENT, EACH)
        return self._off[key]

    def _one_by_one(
        self, items: tuple[Item, ...], since: int | None, entry: int, price: sympy.Expr, place: str
    ) -> sympy.Expr:
        """Return a price after each item due between two entries is made, and rounded, by itself (AMB-104)."""
        for item in items:
            new = falls_due(item, unknown("on", entry), None if since is None else unknown("on", since))
            own = f"{place}_{item.label}"
            lower = self.account.define(f"lower_{own}", price - item.amount, "price less the item", CENT, EACH)
            price = either(new, self._nearest(lower, price), price)
            price = self.account.define(f"with_{own}", price, "price with the item if it is due", CENT, EACH)
        return price

    # Steps

    def _step(self, past: Past, name: str) -> Step:
        """Return what the last fact of a past that bears on a price means for it."""
        past = self._own(past, name)
        if (past, name) not in self._steps:
            self._steps[past, name] = self._stepped(past, name)
        return self._steps[past, name]

    def _stepped(self, past: Past, name: str) -> Step:
        before, last = past.before, past.last
        assert before is not None
        assert last is not None
        if isinstance(last, Multiplied):
            return self._multiplied(past, before, last, name)
        if isinstance(last, Told):
            return self._told(past, before, last, name)
        counts, amount = self._lacking(before, last, name, f"{name}_{last.entry}{past.tag}")
        return self._earned(past, before, name, amount, counts)

    def _earned(
        self,
        past: Past,
        before: Past,
        name: str,
        amount: sympy.Expr,
        adjusts: sympy.Basic,
        kind: Literal["issue", "split", "told"] = "issue",
        exact: sympy.Expr | None = None,
    ) -> Step:
        """Return the step that earns an adjustment, and whether its day is a date to make all that is carried.

        adjusts: whether there is one; exact: the price less all of them, if it is not less the amount.
        """
        last = past.last
        assert last is not None
        place, signed = f"{name}_{last.entry}{past.tag}", kind != "issue"
        official, unit = self._official(before, last.day, name), self._step(before, name).unit
        earned = [item.amount for item in self._items(before, name)]
        if exact is None:
            exact = self._price(before, name, *earned, self._rounding(before, last.day, name), amount)
        exact = self.account.define(f"exact_{place}", exact, "price less all adjustments so far", "3(d)", EACH)
        moved, either_way = amount, signed
        if self.readings.cent_test is CentTest.CUMULATIVE:
            moved = official - exact
            either_way = signed or any(item.signed for item in self._items(before, name))
        meaning = "one if all adjustments so far are made then"
        reached = reaches(adjusts, moved, either_way, self.least)
        # Adjustments that come to nothing together leave nothing to carry (AMB-108).
        date = any_of(reached, all_of(adjusts, sympy.Eq(official, exact, evaluate=False))) if earned else reached
        date = self.account.condition(f"posts_{place}", date, meaning, CENT)
        off = ZERO
        if self.rounds and kind != "split":
            nearest = self._nearest(exact, official if kind == "issue" else None)
            off = either(reached, exact - nearest, ZERO)
            off = self.account.define(f"off_{place}", off, "what rounding takes off", "3(d)(i)", EACH)
            exact = self.account.define(f"exact_{place}_rounded", exact - off, "the same, rounded", "3(d)(i)", EACH)
        return Step(exact, unit, amount, date, off, signed)

    # Issuances (3(d)(i)(A))

    def _issue(self, fact: Sold | Deemed, known: int | None = None) -> tuple[sympy.Expr, sympy.Expr]:
        """Return shares and consideration of an issuance, in shares of its day and $."""
        if isinstance(fact, Deemed):
            return self.rights.issue(fact.rights, fact.entry, known or fact.known)
        return total(unknown("n", at) for at in fact.entries), total(unknown("paid", at) for at in fact.entries)

    def _lacking(self, before: Past, fact: Sold | Deemed, name: str, place: str) -> tuple[sympy.Basic, sympy.Expr]:
        """Return whether an issuance is below the price, and what it misses over all shares, $/share."""
        shares, paid = issue = self._issue(fact)
        official, exact = self._official(before, fact.day, name), self._exact(before, fact.day, name)
        base = self._base(before, fact.day, fact.outstanding)
        compared = exact if self.readings.cent_trigger_price is CentTriggerPrice.SHADOW else official
        lowered = official if self.readings.cent_composition is CentComposition.ADDITIVE else exact
        if self.rounds:
            define = self.account.define
            compared = define(f"compared_{place}", compared, "price that the issue is compared with", ISSUANCE, EACH)
        counting = below(paid, shares * compared)
        if name in self.history.dated:
            # Rights are issued when they are granted, whatever of them is deemed issued later (AMB-62).
            day = self.rights.grants[fact.rights][0] if isinstance(fact, Deemed) else fact.day
            counting = all_of(above(unknown("on", day), unknown("bought", name)), counting)
        meaning = f"one if the issuance is below the price of {name}"
        counts = above(self.account.condition(f"counts_{place}", counting, meaning, ISSUANCE), ZERO)
        meaning = f"what it misses of the price of {name}, over all shares"
        amount = spread(counts, lowered, compared, issue, base)
        return counts, self.account.define(f"lacks_{place}", amount, meaning, ISSUANCE, EACH)

    def _base(self, before: Past, entry: int, outstanding: Outstanding) -> sympy.Expr:
        """Return the shares outstanding just before an issuance (AMB-53, AMB-107)."""
        key = (before, entry, outstanding)
        if key not in self._bases:
            reading, parts = self.readings.weighted_average_base, [unknown("C", entry)]
            if reading is not WeightedAverageBase.COMMON_ONLY:
                parts += self._as_converted(before, entry, outstanding)
            if reading is WeightedAverageBase.PLUS_DEEMED:
                parts += self._unissued(before, entry)
            if reading is WeightedAverageBase.PLUS_ALL_OPTIONS:
                parts.append(unknown("options", entry))
            name, meaning = f"base_{entry}{before.tag}", "shares outstanding just before"
            self._bases[key] = self.account.define(name, total(parts), meaning, ISSUANCE, "shares")
        return self._bases[key]

    def _as_converted(self, before: Past, entry: int, outstanding: Outstanding) -> list[sympy.Expr]:
        """Return the Common issuable on conversion of each series outstanding (AMB-14, AMB-31, AMB-55)."""
        hypothetical = self.readings.ad_as_converted is AdAsConverted.HYPOTHETICAL or outstanding.elected
        found = []
        for series in self.charter.series:
            name, by = series.name, series.conversion.by
            if name not in outstanding.preferred or by == "none" or (by == "class_election" and not hypothetical):
                continue
            figure = series.original_issue_price
            issue = self.account.figure(f"OIP_{name}", figure.value, f"Original Issue Price of {name}", figure.clause)
            if name in outstanding.splits and self.readings.oip_adjusts_in_conversion is Switch.YES:
                issue /= unknown(f"k_{name}", entry, True)
            found.append(unknown(f"n_{name}", entry) * issue / self._official(before, entry, name))
        return found

    def _unissued(self, before: Past, entry: int) -> list[sympy.Expr]:
        """Return what is deemed issued under each rights, as they are known, and not issued yet."""
        known: dict[str, int] = {}
        for fact in before.facts:
            if isinstance(fact, Deemed | Told):
                by = fact.known if isinstance(fact, Deemed) else fact.entry
                known[fact.rights] = max(known.get(fact.rights, 0), by)
        meaning = "shares deemed issued under rights, and not issued"
        return [
            self.account.define(
                f"under_{self.rights.grants[rights][0]}_before_{entry}{before.tag}",
                self.rights.unissued(rights, entry, by),
                meaning,
                RIGHTS,
                "shares",
            )
            for rights, by in known.items()
        ]

    # Splits (3(d)(iii), 3(d)(iv))

    def _multiplied(self, past: Past, before: Past, fact: Multiplied, name: str) -> Step:
        """Return the step into another unit, or what it takes off if the one-cent sentence reaches it (AMB-58)."""
        entry, place = fact.entry, f"{name}_{fact.entry}{past.tag}"
        grows = self._growth(before, fact)
        if name in self.history.dated:
            grows = either(above(unknown("on", entry), unknown("bought", name)), grows, ONE)
            grows = self.account.define(f"grows_{place}", grows, f"the same for {name}", SPLITS, "ratio")
        exact, official = self._exact(before, entry, name), self._official(before, entry, name)
        if self.readings.cent_scope is Switch.NO:
            unit, meaning = self._step(before, name).unit * grows, "price in the new unit"
            return Step(self.account.define(f"exact_{place}", exact / grows, meaning, SPLITS, EACH), unit)
        meaning = f"what the split takes off the price of {name}"
        amount = self.account.define(f"divides_{place}", official - official / grows, meaning, SPLITS, EACH)
        changes = above(largest(amount, -amount), ZERO)
        return replace(self._earned(past, before, name, amount, changes, "split", exact / grows), grows=grows)

    def _growth(self, before: Past, fact: Multiplied) -> sympy.Expr:
        """Return what the Common issuable on conversion is multiplied by (AMB-73, AMB-74)."""
        entry = fact.entry
        if fact.outstanding is None:
            return unknown("factor", entry, True)
        base = unknown("C", entry)
        if self.readings.stock_dividend_base is StockDividendBase.FULLY_CONVERTED:
            key = (before, entry, fact.outstanding)
            if key not in self._bases:
                parts = self._as_converted(before, entry, fact.outstanding)
                name, meaning = f"base_{entry}{before.tag}", "shares that the dividend increases"
                self._bases[key] = self.account.define(name, base + total(parts), meaning, SPLITS, "shares")
            base = self._bases[key]
        return (base + unknown("increase", entry)) / base

    # Rights told anew (3(d)(i)(E)(3) to (5))

    def _told(self, past: Past, before: Past, fact: Told, name: str) -> Step:
        """Return the step that earns what lies between the price so far and that of what is now known."""
        entry, place = fact.entry, f"{name}_{fact.entry}"
        exact = self._exact(before, entry, name)
        if self.readings.replay is Replay.FULL:
            amount = exact - self._exact(self._as_known(past, fact), entry, name)
            if any(isinstance(each, Told) for each in before.facts):
                amount = either(self._differs(before, fact), amount, ZERO)
        else:
            amount = self._in_proportion(before, fact, name, exact)
        if amount == ZERO:
            return Step(exact, self._step(before, name).unit)
        meaning = f"what the new facts take off the price of {name}"
        amount = self.account.define(f"restates_{place}", amount, meaning, RIGHTS, EACH)
        changes = above(largest(amount, -amount), ZERO)
        return self._earned(past, before, name, amount, changes, "told")

    def _issues_of(self, before: Past, rights: str) -> list[tuple[Past, Deemed, int]]:
        """List what is deemed issued under rights: the past before, the issue, and up to where it was known so far."""
        told = [each.entry for each in before.facts if isinstance(each, Told) and each.rights == rights]
        found = []
        while before.before is not None:
            each, before = before.last, before.before
            if isinstance(each, Deemed) and each.rights == rights:
                found.append((before, each, max(each.known, *told) if told else each.known))
        return found[::-1]

    def _differs(self, before: Past, fact: Told) -> sympy.Basic:
        """Return the condition that the rights are not what they were known to be."""
        pairs: list[tuple[sympy.Expr, sympy.Expr]] = []
        for _, each, known in self._issues_of(before, fact.rights):
            pairs += zip(self._issue(each, known), self._issue(each, fact.entry), strict=True)
        return any_of(*(above(largest(old - new, new - old), ZERO) for old, new in pairs if old != new))

    def _in_proportion(self, before: Past, fact: Told, name: str, exact: sympy.Expr) -> sympy.Expr:
        """Return what the new facts take off if only what the rights did themselves is put right (AMB-63).

        The price that each issue left is set beside that which it would have left, rounded as it then was.
        """
        ratio, difference, unit = ONE, ZERO, self._step(before, name).unit
        for then, each, known in self._issues_of(before, fact.rights):
            old, new = (
                self._step(self._then(then, replace(each, known=by), f"_by_{by}_at_{fact.entry}"), name)
                for by in (known, fact.entry)
            )
            ratio *= new.exact / old.exact
            difference += (old.exact - new.exact) * (old.unit / unit)
        return exact - exact * ratio if self.readings.replay is Replay.RATIO else difference
