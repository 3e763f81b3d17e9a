"""Conversion prices in closed form: section 3(d).

What is carried is not a list here: every entry of a history leaves, for every series, one amount that is not
yet taken off the price in effect, and most of these amounts are zero. Whether an entry counts, whether it is
made at once and whether three years are over are numbers, one or zero, and prices are sums of products of
them. The exact price is what the price in effect leaves after all amounts carried.

Three forms: the fraction of 3(d)(i)(A) for one issuance; its composition over many, one quotient or one sum of
products; and a chain of definitions for any history, with as-converted bases, all series at once. Rights that
change lead to the same chain with the restated terms.

Domain: counts and considerations are at least zero, prices above zero, dates are day numbers in order. A price
in effect that comes out at zero or below is refused by the certificate's own arithmetic, and ends the chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import sympy

from reference.charter import Charter
from reference.readings import (
    AdAsConverted,
    CentAnniversary,
    CentComposition,
    CentTest,
    CentTriggerPrice,
    CpRound,
    GrantAlloc,
    Half,
    Readings,
    Replay,
    StockDividendBase,
    Switch,
    Vesting,
    WeightedAverageBase,
)
from symbolic.account import Account
from symbolic.algebra import (
    ONE,
    ZERO,
    all_of,
    any_of,
    at_least,
    at_most,
    below,
    either,
    largest,
    number,
    positive,
    quotient,
    smallest,
    total,
)
from symbolic.conversion import original_issue_price
from symbolic.liquidation import Case
from symbolic.rounding import floor, nearest
from symbolic.symbols import Unknown, conversion_price

AVERAGE = "3(d)(i)(A)"
CENT = "3(d)(i)(B)"
SPLITS = "3(d)(iii), 3(d)(iv)"
RIGHTS = "3(d)(i)(E)"
DAYS_OF_COMMON_YEAR = 365
STEPS = {CpRound.TEN_THOUSANDTH: 10_000, CpRound.CENT: 100}


def unknown(stem: str, entry: int | str, above_zero: bool = False) -> sympy.Symbol:
    """Return an unknown of one entry of a history, or of one series: a count, an amount or a day, >= 0."""
    return sympy.Symbol(f"{stem}_{entry}", positive=True) if above_zero else sympy.Symbol(f"{stem}_{entry}", real=True)


# One issuance, and many


def after_issuance(price: sympy.Expr, base: sympy.Expr, shares: sympy.Expr, consideration: sympy.Expr) -> sympy.Expr:
    """Return the price after an issuance below it, $/share: price times the fraction of 3(d)(i)(A).

    base: shares outstanding just before; consideration: $ for all shares.
    """
    return price * quotient(base + consideration / price, base + shares)


def composed(price: sympy.Expr, base: sympy.Expr, issues: Sequence[tuple[sympy.Expr, sympy.Expr]]) -> sympy.Expr:
    """Return the price after issuances each below it, $/share, if the base grows by what is issued and nothing else.

    base: before the first; issues: shares and consideration, $. Each fraction's denominator is the next one's
    base, so that all of them together are one average of all shares (3(d)(i)(A)).
    """
    paid = total(consideration for _, consideration in issues)
    return (price * base + paid) / (base + total(shares for shares, _ in issues))


def composed_over_bases(
    price: sympy.Expr, issues: Sequence[tuple[sympy.Expr, sympy.Expr, sympy.Expr, sympy.Expr]]
) -> sympy.Expr:
    """Return the price after issuances over any bases, $/share, as one product and one sum of products.

    issues: whether each is below the price, one or zero; its base, shares and consideration, $. Every issuance
    multiplies the price by base / (base + shares) and adds its consideration over (base + shares); what it
    adds is multiplied by all later ones (3(d)(i)(A)).
    """
    factors = [ONE - counts * shares / (base + shares) for counts, base, shares, _ in issues]
    added = [counts * consideration / (base + shares) for counts, base, shares, consideration in issues]
    products = [sympy.Mul(*factors[index + 1 :]) for index in range(len(issues))]
    return price * sympy.Mul(*factors) + total(a * p for a, p in zip(added, products, strict=True))


def after_splits(price: sympy.Expr, factors: Iterable[sympy.Expr]) -> sympy.Expr:
    """Return the price after splits, combinations and stock dividends, $/share: one product (3(d)(iii), 3(d)(iv))."""
    return price / sympy.Mul(*factors)


def leap_days(year: sympy.Expr) -> sympy.Expr:
    """Return how many leap days there are up to the end of a year of the Gregorian calendar."""
    return floor(year / 4) - floor(year / 100) + floor(year / 400)


def anniversary(day: sympy.Expr, year: sympy.Expr, years: sympy.Expr) -> sympy.Expr:
    """Return the day number of the same date some years later (3(d)(i)(B), AMB-100).

    year: of the day if it is 29 February or later in its year, and the year before if it is earlier.
    """
    return day + DAYS_OF_COMMON_YEAR * years + leap_days(year + years) - leap_days(year)


# The entries of a history


@dataclass(frozen=True)
class Outstanding:
    """Say which series are outstanding at an entry, which of them have split, and whether the class has elected."""

    preferred: frozenset[str] = frozenset()
    splits: frozenset[str] = frozenset()
    elected: bool = False


@dataclass(frozen=True)
class Issued:
    """An issuance for some series; joined: one issuance with the entry before (AMB-57, AMB-111)."""

    series: tuple[str, ...]
    outstanding: Outstanding = field(default_factory=Outstanding)
    joined: bool = False


@dataclass(frozen=True)
class Granted:
    """Rights over Common for some series; part: only some are exercisable; excluded: never deemed issued."""

    rights: str
    series: tuple[str, ...]
    outstanding: Outstanding = field(default_factory=Outstanding)
    part: bool = False
    excluded: bool = False


@dataclass(frozen=True)
class Vested:
    """More of some rights becomes exercisable, and nothing else changes."""

    rights: str
    outstanding: Outstanding = field(default_factory=Outstanding)


@dataclass(frozen=True)
class Changed:
    """The terms of some rights change: which of them are given anew."""

    rights: str
    terms: frozenset[Literal["deliverable", "exercisable", "strike"]]


@dataclass(frozen=True)
class Exercised:
    """Some rights are exercised."""

    rights: str


@dataclass(frozen=True)
class Expired:
    """Some rights end; left: whether some of them remain."""

    rights: str
    left: bool = False


@dataclass(frozen=True)
class Split:
    """A split or combination of the Common."""


@dataclass(frozen=True)
class StockDividend:
    """A dividend of Common or of rights to Common; grows: whether it makes a share of Common more (AMB-144)."""

    outstanding: Outstanding = field(default_factory=Outstanding)
    grows: bool = False


@dataclass(frozen=True)
class Waited:
    """Nothing but the passing of time."""


Event = Issued | Granted | Vested | Changed | Exercised | Expired | Split | StockDividend | Waited


@dataclass(frozen=True)
class History:
    """Say for which structure a chain is wanted: the order of events, and what is given of the opening.

    dated: series with a Purchase Date; carried: how many adjustments each series carries at the opening.
    """

    charter: Charter
    readings: Readings
    events: tuple[Event, ...]
    dated: frozenset[str] = frozenset()
    carried: tuple[tuple[str, int], ...] = ()


# The state of a chain: expressions


@dataclass(frozen=True)
class Slot:
    """Hold what one entry left to be carried, $/share, zero for most, its day, and that on which it must be made."""

    amount: sympy.Expr
    due: sympy.Expr
    on: sympy.Expr


@dataclass(frozen=True)
class Price:
    """Hold a series' price in effect, what is carried, oldest first, and by how much splits have divided it."""

    official: sympy.Expr
    slots: tuple[Slot, ...] = ()
    scale: sympy.Expr = ONE

    @property
    def exact(self) -> sympy.Expr:
        """Return the price with all that is carried, $/share."""
        return self.official - total(slot.amount for slot in self.slots)


@dataclass(frozen=True)
class Record:
    """Hold the terms of some rights, in the units of their grant."""

    series: tuple[str, ...]
    deliverable: sympy.Expr
    exercisable: sympy.Expr
    strike: sympy.Expr
    grant: sympy.Expr
    granted: sympy.Expr
    initial: sympy.Expr
    unit: sympy.Expr
    exercised: sympy.Expr = ZERO
    paid: sympy.Expr = ZERO
    excluded: bool = False


@dataclass(frozen=True)
class Day:
    """Hold the day of an entry, and the year that counts its leap days (see `anniversary`)."""

    number: sympy.Expr
    year: sympy.Expr


@dataclass(frozen=True)
class Shares:
    """Hold shares issued, or deemed issued under rights with the unit of that day."""

    entry: int
    day: Day
    shares: sympy.Expr
    consideration: sympy.Expr
    series: tuple[str, ...]
    outstanding: Outstanding
    rights: str | None = None
    unit: sympy.Expr = ONE


@dataclass(frozen=True)
class Scaling:
    """Hold a split, or a stock dividend (with its outstanding shares), and the shares that one share becomes."""

    entry: int
    day: Day
    becomes: sympy.Expr
    dividend: Outstanding | None = None


@dataclass(frozen=True)
class Exercise:
    """Hold an exercise of rights."""

    entry: int
    day: Day
    rights: str
    shares: sympy.Expr


@dataclass(frozen=True)
class Note:
    """Hold the day of a restatement."""

    entry: int
    day: Day


Logged = Shares | Scaling | Exercise | Note


@dataclass(frozen=True)
class State:
    """Hold the prices, the units, the shares deemed issued and not issued yet, and what led here."""

    prices: Mapping[str, Price]
    unit: sympy.Expr = ONE
    unissued: Mapping[str, sympy.Expr] = field(default_factory=dict)
    log: tuple[tuple[Logged, State], ...] = ()


class Chain:
    """Write the definitions of a history, entry by entry."""

    def __init__(self, history: History, account: Account) -> None:
        """Open a chain at the prices and the amounts carried of the opening (3(a), AMB-36)."""
        terms = history.charter.antidilution
        assert terms is not None
        self.history, self.account = history, account
        self.readings = history.readings
        self.least = account.figure(
            "least", terms.minimum_adjustment.value, "least adjustment made at once", terms.minimum_adjustment.clause
        )
        self.years = number(terms.carry_forward_years.value)
        self.records: dict[str, Record] = {}
        carried = dict(history.carried)
        self.state = State(
            {
                series.name: Price(
                    conversion_price(series.name),
                    tuple(
                        self._opening_slot(series.name, index) for index in range(1, carried.get(series.name, 0) + 1)
                    ),
                )
                for series in history.charter.series
            }
        )
        self.label = ""
        self.due_on: dict[str, sympy.Expr] = {}

    def _opening_slot(self, name: str, index: int) -> Slot:
        place = f"{name}_{index}"
        day = Day(unknown("carried_on", place), unknown("carried_year", place))
        return Slot(unknown("carried", place), self._anniversary(place, day), day.number)

    def _anniversary(self, place: str, day: Day) -> sympy.Expr:
        """Return the day on which what is carried must be made, written as in `anniversary`."""
        passed = self._define("leaps", place, leap_days(day.year), "leap days before", CENT, "days")
        then = self._define("leaps_then", place, leap_days(day.year + self.years), "leap days by then", CENT, "days")
        due = day.number + DAYS_OF_COMMON_YEAR * self.years + then - passed
        return self._define("due", place, due, "day on which what is carried must be made", CENT, "days")

    def _define(
        self, stem: str, place: str, expression: sympy.Expr, meaning: str, clause: str, unit: str = "$/share"
    ) -> sympy.Expr:
        return self.account.define(f"{stem}_{place}", expression, meaning, clause, unit)

    def _when(self, stem: str, place: str, condition: sympy.Basic, meaning: str, clause: str) -> sympy.Expr:
        return self.account.condition(f"{stem}_{place}", condition, meaning, clause)

    # What is carried

    def passed(self, state: State, day: Day, label: str) -> State:
        """Make what three years end for until a day (3(d)(i)(B), AMB-104, AMB-105)."""
        prices = {}
        for name, price in state.prices.items():
            if all(slot.amount == ZERO for slot in price.slots):
                prices[name] = price
            elif self.readings.cent_anniversary is CentAnniversary.ALL:
                prices[name] = self._all_made(name, price, day, label)
            else:
                prices[name] = self._each_made(name, price, day, label)
        return replace(state, prices=prices)

    def _is_due(self, slot: Slot, day: Day) -> sympy.Basic:
        return all_of(sympy.Ne(slot.amount, ZERO, evaluate=False), at_most(slot.due, day.number))

    def _all_made(self, name: str, price: Price, day: Day, label: str) -> Price:
        place = f"{name}_{label}"
        conditions = [self._is_due(slot, day) for slot in price.slots if slot.amount != ZERO]
        made = self._when("is_due", place, any_of(*conditions), f"one if what {name} carries must be made", CENT)
        exact = self._define("exact", place, price.exact, f"exact price of {name}", CENT)
        return self._posted(name, label, price, exact, made, price.slots)

    def _each_made(self, name: str, price: Price, day: Day, label: str) -> Price:
        for index, slot in enumerate(price.slots):
            if slot.amount != ZERO:
                place = f"{label}_{index}"
                made = self._when("is_due", f"{name}_{place}", self._is_due(slot, day), "one if it must be made", CENT)
                price = self._posted(name, place, price, price.official - slot.amount, made, (slot,))
        return price

    def _posted(
        self, name: str, label: str, price: Price, target: sympy.Expr, made: sympy.Expr, cleared: Sequence[Slot]
    ) -> Price:
        """Put a target into effect where something is made, one or zero, and clear what it takes in."""
        rounded = self.rounded(target, price.official)
        official = price.official + made * (rounded - price.official)
        official = self._define("in_effect", f"{name}_{label}", official, f"price of {name} in effect", CENT)
        slots = tuple(
            replace(slot, amount=self._kept(name, label, index, slot, ONE - made) if slot in cleared else slot.amount)
            for index, slot in enumerate(price.slots)
        )
        return replace(price, official=official, slots=slots)

    def _kept(self, name: str, label: str, index: int, slot: Slot, kept: sympy.Expr) -> sympy.Expr:
        meaning = f"what {name} still carries of item {index}"
        return self._define("carry", f"{name}_{label}_{index}", kept * slot.amount, meaning, CENT)

    def rounded(self, target: sympy.Expr, before: sympy.Expr) -> sympy.Expr:
        """Return a price to be made, rounded as the reading says, which never raises one that is lowered (AMB-59)."""
        if self.readings.cp_round is CpRound.EXACT:
            return target
        steps = number(STEPS[self.readings.cp_round])
        to_step = nearest(target * steps, Half.UP) / steps
        return either(at_most(target, before), smallest(to_step, before), to_step)

    def adjusted(
        self, name: str, label: str, price: Price, target: sympy.Expr, active: sympy.Expr, day: Day, clause: str
    ) -> Price:
        """Return a price after an adjustment to an exact target: made, or carried if it is below the minimum.

        active: one if there is an adjustment at all, zero if not (3(d)(i)(B), AMB-58, AMB-108).
        """
        place = f"{name}_{label}"
        exact = self._define("exact", place, price.exact, f"exact price of {name} before", CENT)
        target = self._define("target", place, target, f"exact price of {name} afterwards", clause)
        cumulative = self.readings.cent_test is CentTest.CUMULATIVE
        change = self._define(
            "change", place, (price.official if cumulative else exact) - target, "what is compared", CENT
        )
        large = any_of(at_least(change, self.least), at_least(-change, self.least))
        made = active * self._when("large", place, large, "one if it is large enough to be made", CENT)
        made = self._define("made", place, made, f"one if the price of {name} is adjusted", CENT, "1 or 0")
        back = sympy.Eq(target, price.official, evaluate=False)
        back = active * self._when("back", place, back, "one if it takes back all that is carried", CENT)
        cleared = self._define("cleared", place, largest(made, back), "one if nothing stays carried", CENT, "1 or 0")
        official = price.official + made * (self.rounded(target, price.official) - price.official)
        official = self._define("in_effect", place, official, f"price of {name} in effect", clause)
        slots = tuple(
            replace(slot, amount=self._kept(name, label, index, slot, ONE - cleared))
            for index, slot in enumerate(price.slots)
        )
        new = active * (ONE - cleared) * (exact - target)
        new = self._define("carry", f"{place}_{len(slots)}", new, f"what {name} carries of this entry", CENT)
        return replace(price, official=official, slots=(*slots, Slot(new, self._due(label, day), day.number)))

    def _due(self, label: str, day: Day) -> sympy.Expr:
        if label not in self.due_on:
            self.due_on[label] = self._anniversary(label, day)
        return self.due_on[label]

    # Entries

    def applied(self, state: State, entry: Logged, label: str) -> State:
        """Return the state after an entry, and after what its day makes due before it (3(d))."""
        before = self.passed(state, entry.day, f"{label}g")
        prices = before.prices
        after = before
        if isinstance(entry, Shares):
            prices = self._after_shares(before, entry, label)
        elif isinstance(entry, Scaling):
            factor = self._factor(before, entry, label)
            prices = {name: self._scaled(name, price, factor, entry.day, label) for name, price in prices.items()}
            if entry.becomes != ONE:
                unit = before.unit * entry.becomes
                unit = self._define("unit", label, unit, "shares that one has become", SPLITS, "ratio")
                after = replace(after, unit=unit)
        unissued = self._unissued(before.unissued, entry, label)
        return replace(after, prices=prices, unissued=unissued, log=(*before.log, (entry, before)))

    def _after(self, name: str, day: Day) -> list[sympy.Basic]:
        """Return the condition that a day lies after the Purchase Date of a series, if it has one (AMB-123)."""
        return [day.number > unknown("bought", name)] if name in self.history.dated else []

    def _after_shares(self, state: State, entry: Shares, label: str) -> dict[str, Price]:
        prices = dict(state.prices)
        base = self.base(state, entry.entry, entry.outstanding, label)
        each = self._define("each", label, quotient(entry.consideration, entry.shares), "consideration", AVERAGE)
        for name in entry.series:
            price = state.prices[name]
            place = f"{name}_{label}"
            official = self.readings.cent_trigger_price is CentTriggerPrice.OFFICIAL
            trigger = price.official if official else price.exact
            conditions = [*self._after(name, entry.day), positive(entry.shares), below(each, trigger)]
            active = self._when(
                "counts", place, all_of(*conditions), f"one if it is below the price of {name}", AVERAGE
            )
            target = self.averaged(price, base, entry.shares, entry.consideration)
            prices[name] = self.adjusted(name, label, price, target, active, entry.day, AVERAGE)
        return prices

    def averaged(self, price: Price, base: sympy.Expr, shares: sympy.Expr, paid: sympy.Expr) -> sympy.Expr:
        """Return the exact price after an issuance, $/share (3(d)(i)(A), AMB-58, AMB-98)."""
        if self.readings.cent_composition is CentComposition.ADDITIVE:
            return after_issuance(price.official, base, shares, paid) - total(slot.amount for slot in price.slots)
        return smallest(price.exact, after_issuance(price.exact, base, shares, paid))

    def base(self, state: State, entry: int, outstanding: Outstanding, label: str) -> sympy.Expr:
        """Return the shares that the weighted average counts as outstanding (3(d)(i)(A), AMB-53, AMB-55)."""
        which = self.readings.weighted_average_base
        shares = unknown("C", entry)
        if which is not WeightedAverageBase.COMMON_ONLY:
            shares = shares + self.as_converted(state, entry, outstanding)
        if which is WeightedAverageBase.PLUS_DEEMED:
            shares = shares + total(state.unissued.values())
        if which is WeightedAverageBase.PLUS_ALL_OPTIONS:
            shares = shares + unknown("options", entry)
        return self._define("base", label, shares, "shares outstanding before", AVERAGE, "shares")

    def as_converted(self, state: State, entry: int, outstanding: Outstanding) -> sympy.Expr:
        """Return the Common issuable on conversion of the outstanding Preferred at the prices in effect (3(a))."""
        waiting = self.readings.ad_as_converted is AdAsConverted.ONLY_IF_ELECTED and not outstanding.elected
        terms = []
        for series in self.history.charter.series:
            counts = {"holder_option": True, "class_election": not waiting, "none": False}[series.conversion.by]
            if series.name in outstanding.preferred and counts:
                divisor = state.prices[series.name].official
                if series.name in outstanding.splits and self.readings.oip_adjusts_in_conversion is Switch.YES:
                    divisor = divisor * unknown(f"k_{series.name}", entry, above_zero=True)
                terms.append(unknown(f"n_{series.name}", entry) * original_issue_price(series, self.account) / divisor)
        return total(terms)

    def _factor(self, state: State, entry: Scaling, label: str) -> sympy.Expr:
        """Return the shares that each share becomes (3(d)(iii), 3(d)(iv), AMB-73, AMB-74)."""
        if entry.dividend is None:
            return unknown("factor", entry.entry, above_zero=True)
        base = unknown("C", entry.entry)
        if self.readings.stock_dividend_base is StockDividendBase.FULLY_CONVERTED:
            base = base + self.as_converted(state, entry.entry, entry.dividend)
        factor = ONE + unknown("increase", entry.entry) / base
        return self._define("factor", label, factor, "shares that one becomes", SPLITS, "ratio")

    def _scaled(self, name: str, price: Price, factor: sympy.Expr, day: Day, label: str) -> Price:
        """Divide a price and all that it carries, if the day lies after the Purchase Date (3(d)(iii), 3(d)(iv))."""
        place = f"{name}_{label}"
        after = self._after(name, day)
        if after:
            counts = self._when("counts", place, all_of(*after), f"one after the Purchase Date of {name}", SPLITS)
            own = ONE + counts * (factor - ONE)
            factor = self._define("factor", place, own, f"by how much the price of {name} is divided", SPLITS, "ratio")
        divided = Price(
            price.official / factor,
            tuple(replace(slot, amount=slot.amount / factor) for slot in price.slots),
            self._define("scale", place, price.scale * factor, f"all factors of {name}", SPLITS, "ratio"),
        )
        if self.readings.cent_scope is Switch.YES:
            divided = self._scaled_by_the_cent(name, place, price, divided, day, label)
        official = self._define("in_effect", place, divided.official, f"price of {name} in effect", SPLITS)
        slots = tuple(
            replace(slot, amount=self._define("carry", f"{place}_{index}", slot.amount, "what is carried", SPLITS))
            for index, slot in enumerate(divided.slots)
        )
        return replace(divided, official=official, slots=slots)

    def _scaled_by_the_cent(self, name: str, place: str, price: Price, divided: Price, day: Day, label: str) -> Price:
        """Carry a split's change of the price if it is below the minimum (AMB-58)."""
        own = self._define("own", place, price.official - divided.official, f"change of the price of {name}", SPLITS)
        exact = self._define("exact", place, divided.exact, f"exact price of {name}", SPLITS)
        change = price.official - exact if self.readings.cent_test is CentTest.CUMULATIVE else own
        large = any_of(at_least(change, self.least), at_least(-change, self.least))
        changes = sympy.Ne(own, ZERO, evaluate=False)
        made = self._when("made", place, all_of(changes, large), "one if it is made", CENT)
        slots = tuple(replace(slot, amount=(ONE - made) * slot.amount) for slot in divided.slots)
        new = Slot((ONE - made) * own, self._due(label, day), day.number)
        return Price(price.official + made * (exact - price.official), (*slots, new), divided.scale)

    def _unissued(self, unissued: Mapping[str, sympy.Expr], entry: Logged, label: str) -> Mapping[str, sympy.Expr]:
        """Return the shares deemed issued and not issued yet, where the base counts them (AMB-53)."""
        if self.readings.weighted_average_base is not WeightedAverageBase.PLUS_DEEMED:
            return {}
        found = dict(unissued)
        if isinstance(entry, Shares) and entry.rights is not None:
            found[entry.rights] = found.get(entry.rights, ZERO) + entry.shares
        elif isinstance(entry, Exercise) and entry.rights in found:
            found[entry.rights] = largest(ZERO, found[entry.rights] - entry.shares)
        elif isinstance(entry, Scaling):
            found = {rights: shares * entry.becomes for rights, shares in found.items()}
        meaning = "shares deemed issued and not issued yet"
        return {
            rights: self._define(f"unissued_{rights}", label, shares, meaning, RIGHTS, "shares")
            for rights, shares in found.items()
        }

    # Rights

    def deemed(self, record: Record, label: str) -> tuple[sympy.Expr, sympy.Expr]:
        """Return the shares deemed issued under rights, and the $ deemed paid (3(d)(i)(E), AMB-60, AMB-61, AMB-109)."""
        vesting = self.readings.vesting
        counted = record.exercised + (record.deliverable if vesting is Vesting.COUNT_ALL else record.exercisable)
        if vesting is Vesting.IGNORE_LATER:
            counted = smallest(counted, record.initial)
        counted = self._define("deemed", label, counted, "shares deemed issued", RIGHTS, "shares")
        pro_rata = self.readings.grant_alloc is GrantAlloc.PRO_RATA
        for_grant = record.grant * quotient(counted, record.granted) if pro_rata else record.grant
        on_exercise = record.paid * quotient(smallest(counted, record.exercised), record.exercised, ONE)
        later = largest(ZERO, counted - record.exercised) * record.strike
        paid = either(positive(counted), for_grant + on_exercise + later, ZERO)
        return counted, self._define("deemed_paid", label, paid, "consideration deemed paid", RIGHTS, "$")

    def _deem(
        self, entry: int, day: Day, rights: str, outstanding: Outstanding, shares: sympy.Expr, paid: sympy.Expr
    ) -> None:
        record = self.records[rights]
        own = shares * self.state.unit / record.unit
        deemed = Shares(entry, day, own, paid, record.series, outstanding, rights, self.state.unit)
        self.state = self.applied(self.state, deemed, self.label)

    def _restated(self, entry: int, day: Day, rights: str, record: Record) -> None:
        """Recompute the prices for rights on other terms, as the reading says (3(d)(i)(E)(3) to (5), AMB-63)."""
        self.state = self.passed(self.state, day, f"{self.label}g")
        self.records[rights] = record
        counted, paid = self.deemed(record, self.label)
        state = self.state
        own = [place for place, (logged, _) in enumerate(state.log) if _is_of(logged, rights)]
        if own and self.readings.replay is not Replay.NONE:
            written = self._written(state, own, rights, counted, paid)
            if self.readings.replay is Replay.FULL:
                replayed = self._replayed(state.log[own[0]][1], written, day)
                targets = {name: price.exact for name, price in replayed.prices.items()}
                state = replace(state, log=replayed.log, unissued=replayed.unissued)
            else:
                targets = self._shifted(state, own, written)
                state = replace(state, log=_rewritten(state.log, own[0], written))
            prices = {name: self._restate(name, price, targets[name], day) for name, price in state.prices.items()}
            state = replace(state, prices=prices)
        if rights in state.unissued and (self.readings.replay is not Replay.FULL or not own):
            left = largest(ZERO, counted - record.exercised) * state.unit / record.unit
            state = replace(state, unissued={**state.unissued, rights: left})
        self.state = replace(state, log=(*state.log, (Note(entry, day), state)))

    def _restate(self, name: str, price: Price, target: sympy.Expr, day: Day) -> Price:
        if target == price.exact:
            return price
        place = f"{name}_{self.label}"
        moved = sympy.Ne(target, price.exact, evaluate=False)
        active = self._when("moved", place, moved, f"one if the exact price of {name} is another", RIGHTS)
        return self.adjusted(name, self.label, price, target, active, day, RIGHTS)

    def _written(
        self, state: State, own: Sequence[int], rights: str, counted: sympy.Expr, paid: sympy.Expr
    ) -> list[Logged]:
        """Write the log from the first entry of some rights on, with what is now deemed issued dealt out to theirs.

        Each later entry has at most what it had; an entry gets what the total exceeds all those before it by.
        """
        unit = self.records[rights].unit
        entries = [logged for logged, _ in state.log[own[0] :]]
        had = [
            logged.shares * unit / logged.unit
            for logged in entries
            if isinstance(logged, Shares) and _is_of(logged, rights)
        ]
        written: list[Logged] = []
        index = 0
        for logged in entries:
            if isinstance(logged, Shares) and _is_of(logged, rights):
                before = total(had[:index])
                taken = smallest(had[index], largest(ZERO, counted - before))
                if index == 0:
                    taken = taken + largest(ZERO, counted - total(had))
                index += 1
                label = f"{self.label}_{index}"
                taken = self._define("dealt", label, taken, "shares dealt to this entry", RIGHTS, "shares")
                part = self._define("dealt_paid", label, paid * quotient(taken, counted), "for them", RIGHTS, "$")
                written.append(replace(logged, shares=taken * logged.unit / unit, consideration=part))
            else:
                written.append(logged)
        return written

    def _replayed(self, start: State, entries: Iterable[Logged], day: Day) -> State:
        """Return the chain again from the state before the first entry, up to a day (AMB-107)."""
        state = start
        for index, entry in enumerate(entries, start=1):
            state = self.applied(state, entry, f"{self.label}r{index}")
        return self.passed(state, day, f"{self.label}rg")

    def _shifted(self, state: State, own: Sequence[int], written: Sequence[Logged]) -> dict[str, sympy.Expr]:
        """Return the exact prices moved by the quotient, or the difference, of each entry's new and old result."""
        targets = {name: price.exact for name, price in state.prices.items()}
        for index, place in enumerate(own, start=1):
            logged, before = state.log[place]
            new_entry = written[place - own[0]]
            assert isinstance(logged, Shares)
            old = self.applied(before, logged, f"{self.label}o{index}").prices
            new = self.applied(before, new_entry, f"{self.label}n{index}").prices
            for name in logged.series:
                if self.readings.replay is Replay.RATIO:
                    targets[name] = targets[name] * new[name].exact / old[name].exact
                else:
                    scale = state.prices[name].scale / before.prices[name].scale
                    targets[name] = targets[name] + (new[name].exact - old[name].exact) / scale
        return targets

    # Events

    def event(self, entry: int, event: Event) -> None:
        """Write the definitions of one event, the history's first being number 1."""
        self.label = str(entry)
        day = Day(unknown("on", entry), unknown("year", entry))
        if isinstance(event, Issued):
            self._issued(entry, day, event)
        elif isinstance(event, Granted):
            self._granted(entry, day, event)
        elif isinstance(event, Vested):
            self._vested(entry, day, event)
        elif isinstance(event, Changed):
            self._changed(entry, day, event)
        elif isinstance(event, Exercised):
            self._exercised(entry, day, event)
        elif isinstance(event, Expired):
            self._expired(entry, day, event)
        elif isinstance(event, Split):
            becomes = unknown("factor", entry, above_zero=True)
            self.state = self.applied(self.state, Scaling(entry, day, becomes), self.label)
        elif isinstance(event, StockDividend):
            becomes = unknown("becomes", entry, above_zero=True) if event.grows else ONE
            self.state = self.applied(self.state, Scaling(entry, day, becomes, event.outstanding), self.label)
        else:
            self.state = self.passed(self.state, day, self.label)

    def _issued(self, entry: int, day: Day, event: Issued) -> None:
        shares = Shares(entry, day, unknown("n", entry), unknown("paid", entry), event.series, event.outstanding)
        if not event.series:
            self.state = self.passed(self.state, day, self.label)
        elif event.joined:
            first, before = self.state.log[-1]
            assert isinstance(first, Shares)
            both = replace(
                first, shares=first.shares + shares.shares, consideration=first.consideration + shares.consideration
            )
            self.state = self.applied(before, both, self.label)
        else:
            self.state = self.applied(self.state, shares, self.label)

    def _granted(self, entry: int, day: Day, event: Granted) -> None:
        deliverable = unknown("n", entry)
        exercisable = unknown("exercisable", entry) if event.part else deliverable
        self.records[event.rights] = Record(
            () if event.excluded else event.series,
            deliverable,
            exercisable,
            unknown("strike", entry),
            unknown("grant", entry),
            deliverable,
            exercisable,
            self.state.unit,
            excluded=event.excluded,
        )
        if event.excluded:
            self.state = self.passed(self.state, day, self.label)
        else:
            counted, paid = self.deemed(self.records[event.rights], self.label)
            self._deem(entry, day, event.rights, event.outstanding, counted, paid)

    def _vested(self, entry: int, day: Day, event: Vested) -> None:
        before = self.records[event.rights]
        after = replace(before, exercisable=self._in_unit(before, unknown("exercisable", entry)))
        if self.readings.vesting in (Vesting.IGNORE_LATER, Vesting.COUNT_ALL) or before.excluded:
            self.records[event.rights] = after
            self.state = self.passed(self.state, day, self.label)
        elif self.readings.vesting is Vesting.RECOMPUTE_ON_VEST:
            self._restated(entry, day, event.rights, after)
        else:
            already, received = self.deemed(before, f"{self.label}b")
            counted, paid = self.deemed(after, self.label)
            self.records[event.rights] = after
            self._deem(entry, day, event.rights, event.outstanding, counted - already, paid - received)

    def _in_unit(self, record: Record, shares: sympy.Expr) -> sympy.Expr:
        """Return shares of today in the units of the grant (AMB-110)."""
        return shares * record.unit / self.state.unit

    def _changed(self, entry: int, day: Day, event: Changed) -> None:
        record = self.records[event.rights]
        if "deliverable" in event.terms:
            deliverable = self._in_unit(record, unknown("deliverable", entry))
            record = replace(record, deliverable=deliverable, granted=record.exercised + deliverable)
        if "exercisable" in event.terms:
            record = replace(record, exercisable=self._in_unit(record, unknown("exercisable", entry)))
        if "strike" in event.terms:
            record = replace(record, strike=unknown("strike", entry) * self.state.unit / record.unit)
        if self.readings.vesting is Vesting.IGNORE_LATER:
            # A change is no vesting: what it adds to the exercisable counts (AMB-146).
            before = self.records[event.rights]
            added = largest(ZERO, record.exercisable - before.exercisable)
            counts = smallest(before.initial + added, record.exercised + record.exercisable)
            record = replace(record, initial=counts)
        self._restated(entry, day, event.rights, record)

    def _exercised(self, entry: int, day: Day, event: Exercised) -> None:
        record = self.records[event.rights]
        shares = unknown("n", entry)
        own = self._in_unit(record, shares)
        self.records[event.rights] = replace(
            record,
            deliverable=record.deliverable - own,
            exercisable=record.exercisable - own,
            exercised=record.exercised + own,
            paid=record.paid + unknown("paid", entry),
        )
        self.state = self.applied(self.state, Exercise(entry, day, event.rights, shares), self.label)

    def _expired(self, entry: int, day: Day, event: Expired) -> None:
        record = self.records[event.rights]
        left = unknown("deliverable", entry) if event.left else ZERO
        exercisable = unknown("exercisable", entry) if event.left else ZERO
        ended = replace(record, deliverable=self._in_unit(record, left), exercisable=self._in_unit(record, exercisable))
        self._restated(entry, day, event.rights, ended)


def _is_of(logged: Logged, rights: str) -> bool:
    return isinstance(logged, Shares) and logged.rights == rights


def _rewritten(
    log: tuple[tuple[Logged, State], ...], first: int, written: Sequence[Logged]
) -> tuple[tuple[Logged, State], ...]:
    """Return a log with other entries from one on, and the states before them as they were."""
    found = log[:first]
    for entry, (_, before) in zip(written, log[first:], strict=True):
        found = (*found, (entry, replace(before, log=found)))
    return found


def chain(history: History, account: Account) -> State:
    """Record the prices after every event of a history, and return the state that it leads to (3(d)).

    Unknowns, by the number of the event: day on, year (see `anniversary`), shares n, consideration paid ($),
    Common C, options, factor, increase, exercisable, deliverable, strike, grant; by event and series: shares
    n_A, splits k_A; by series: the opening price CP_A, the Purchase Date bought_A, and what is carried.
    """
    found = Chain(history, account)
    for entry, event in enumerate(history.events, start=1):
        found.event(entry, event)
        for name, price in found.state.prices.items():
            account.output(
                f"CP_{name}_{entry}",
                price.official,
                f"price of {name} in effect after event {entry}",
                "3(d)",
                "$/share",
            )
            account.output(
                f"X_{name}_{entry}", price.exact, f"exact price of {name} after event {entry}", "3(d)", "$/share"
            )
    return found.state


def carried(state: State, account: Account) -> None:
    """Record what each series carries in the end, item by item, and when it is made at the latest (3(d)(i)(B))."""
    for name, price in state.prices.items():
        for index, slot in enumerate(price.slots, start=1):
            place, what = f"{name}_{index}", f"item {index} that {name} carries"
            account.output(f"carried_{place}", slot.amount, what, CENT, "$/share")
            account.output(f"made_by_{place}", slot.due, f"day on which {what} must be made", CENT, "day number")


SHOWN = 2
"""How many issuances and splits the compositions are shown for."""


def section(case: Case, account: Account) -> None:
    """Record the forms for one and for many issuances, and the chain of an issuance and a split of all series."""
    base, price = unknown("N", 0), unknown("p", 0, above_zero=True)
    issues = [(unknown("s", index), unknown("q", index)) for index in range(1, SHOWN + 1)]
    over_bases = [(unknown("t", i), unknown("N", i), *issue) for i, issue in enumerate(issues, start=1)]
    below_all = "each is below the price"
    one = after_issuance(price, base, *issues[0])
    account.output("p_one", one, "price after one issuance below it", AVERAGE, "$/share", below_all)
    many = composed(price, base, issues)
    account.output("p_many", many, "price after several, if they alone add to the base", AVERAGE, "$/share", below_all)
    products = composed_over_bases(price, over_bases)
    account.output("p_bases", products, "price after several over any bases", AVERAGE, "$/share")
    factors = [unknown("k", index, above_zero=True) for index in range(1, SHOWN + 1)]
    account.output("p_splits", after_splits(price, factors), "price after several splits", SPLITS, "$/share")
    if case.charter.antidilution is not None:
        names = tuple(series.name for series in case.charter.series)
        events = (Issued(names, Outstanding(frozenset(names))), Split())
        carried(chain(History(case.charter, case.readings, events), account), account)


def unknowns(charter: Charter) -> tuple[Unknown, ...]:
    """Describe what the section's forms may contain."""
    rows = [
        ("p_0", "price before", "$/share", AVERAGE),
        ("N_0", "shares outstanding before", "shares", AVERAGE),
        ("C_1", "Common outstanding before event 1", "shares", AVERAGE),
        ("options_1", "Common under options before event 1", "shares", AVERAGE),
        ("n_1", "shares issued by event 1", "shares", AVERAGE),
        ("paid_1", "consideration for them", "$", AVERAGE),
    ]
    for index in range(1, SHOWN + 1):
        rows += [
            (f"t_{index}", f"one if issuance {index} is below the price", "1 or 0", AVERAGE),
            (f"N_{index}", f"shares outstanding before issuance {index}", "shares", AVERAGE),
            (f"s_{index}", f"shares of issuance {index}", "shares", AVERAGE),
            (f"q_{index}", f"consideration for issuance {index}", "$", AVERAGE),
            (f"k_{index}", f"what a share becomes in split {index}", "shares", SPLITS),
        ]
    rows += [(f"n_{s.name}_1", f"shares of {s.name} before event 1", "shares", AVERAGE) for s in charter.series]
    for event in (1, 2):
        rows += [
            (f"on_{event}", f"day of event {event}", "day number", CENT),
            (f"year_{event}", "its year, from 29 February on, or the one before", "year", CENT),
        ]
    rows.append(("factor_2", "what a share becomes in event 2", "shares", SPLITS))
    positive_ones = {"p_0", "factor_2", *(f"k_{index}" for index in range(1, SHOWN + 1))}
    found = []
    for name, meaning, unit, clause in rows:
        stem, entry = name.rsplit("_", 1)
        symbol = unknown(stem, entry, above_zero=name in positive_ones)
        found.append(Unknown(symbol, meaning, unit, f"{name} {'>' if name in positive_ones else '>='} 0", clause))
    return tuple(found)


def joins(
    charter: Charter, first: int, second: int, preferred: Iterable[str], issued_before: sympy.Expr
) -> sympy.Basic:
    """Return the condition that an issue is one with an earlier one for the same series (AMB-57, AMB-111).

    first, second: their numbers, with nothing between them; issued_before: shares of the first and of all that
    were joined to it. Same day and price per share, and nothing else has been issued meanwhile.
    """
    same_day = sympy.Eq(unknown("on", first), unknown("on", second), evaluate=False)
    price = [unknown("paid", entry) / unknown("n", entry) for entry in (first, second)]
    same_price = sympy.Eq(*price, evaluate=False)
    adjacent = sympy.Eq(unknown("C", second) - unknown("C", first), issued_before, evaluate=False)
    series = [name for name in (s.name for s in charter.series) if name in set(preferred)]
    same = [sympy.Eq(unknown(f"n_{name}", first), unknown(f"n_{name}", second), evaluate=False) for name in series]
    return all_of(same_day, same_price, adjacent, *same)
