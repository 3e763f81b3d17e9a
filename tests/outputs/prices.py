"""The conversion prices of a history: the chain of `symbolic.antidilution`, evaluated event by event (3(d))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import lru_cache

import sympy

from reference.charter import COMMON
from reference.readings import SameDayIssues, WeightedAverageBase
from symbolic import antidilution as forms
from symbolic import history
from symbolic.account import Account
from symbolic.antidilution import Chain, Event, Issued, Outstanding, Waited, unknown
from symbolic.evaluate import evaluate, evaluate_all, evaluate_each, holds
from tests.outputs import conversions
from tests.outputs.facts import Carry, Document, Facts, day, exact

Number = Fraction | int
LONG_AGO = date.min


@lru_cache(maxsize=1000)
def _chain(history: forms.History) -> Chain:
    """Return the chain of a history; it goes on from that of all events but the last."""
    if not history.events:
        return Chain(history, Account(named=True))
    chain = copy(_chain(replace(history, events=history.events[:-1])))
    chain.event(len(history.events), history.events[-1])
    return chain


class Prices:
    """Write the chain of a history and evaluate it, as far as it goes."""

    def __init__(self, opening: Facts, document: Document, bought: Mapping[str, date | None]) -> None:
        """Open the chain; bought: the Purchase Dates as they are in the end, None if long past."""
        self.readings, self.charter = opening.readings, opening.charter
        self.on = opening.as_of or LONG_AGO
        self.opening = opening
        self.entries = 0
        self.issues: list[int] = []
        self.earlier: Event = Waited()
        self.chain: Chain | None = None
        if self.charter.antidilution is None:
            return
        items = sorted(document["position"].get("carried", ()), key=lambda own: str(own["on"]))
        carried = {name: [own for own in items if own["series"] == name] for name in opening.series}
        self.known: dict[str, Number] = {f"CP_{name}": opening.price(name) for name in opening.series}
        self.known |= {f"bought_{name}": on.toordinal() for name, on in bought.items() if on is not None}
        for name, listed in carried.items():
            for index, own in enumerate(listed, start=1):
                self._day("carried_on", "carried_year", f"{name}_{index}", day(own["on"]) or LONG_AGO)
                self.known[f"carried_{name}_{index}"] = exact(own["amount"])
        dated = frozenset(name for name, on in bought.items() if on is not None)
        counts = tuple((name, len(listed)) for name, listed in carried.items() if listed)
        self.told = 0
        self.history = forms.History(self.charter, self.readings, (), dated, counts)
        self.chain = _chain(self.history)
        self._evaluate()
        if counts and opening.as_of is not None:
            self.enter(Waited(), opening.as_of, {})

    def _day(self, stem: str, year: str, place: str, on: date) -> None:
        self.known[f"{stem}_{place}"] = on.toordinal()
        self.known[f"{year}_{place}"] = on.year if (on.month, on.day) >= (2, 29) else on.year - 1

    def _evaluate(self) -> None:
        assert self.chain is not None
        new = self.chain.account.definitions[self.told :]
        self.told = len(self.chain.account.definitions)
        self.known |= {name: Fraction(value) for name, value in evaluate_all(new, self.known).items()}

    def enter(self, event: Event, on: date, values: Mapping[str, Number]) -> None:
        """Write the next entry and evaluate what it defines; values: of its unknowns, without its number."""
        if self.chain is None:
            return
        self.entries += 1
        self.on = on
        self._day("on", "year", str(self.entries), on)
        self.known |= {f"{stem}_{self.entries}": value for stem, value in values.items()}
        self.history = replace(self.history, events=(*self.history.events, event))
        self.chain = _chain(self.history)
        self._evaluate()
        if not isinstance(event, Issued | Waited):
            self.issues = []

    def wait(self, on: date) -> None:
        """Go to a day."""
        if on != self.on or not self.entries:
            self.enter(Waited(), on, {})

    def issue(self, on: date, shares: Number, paid: Fraction, series: tuple[str, ...], before: Facts) -> None:
        """Enter an issue, which may be one with the issue before it (AMB-57, AMB-111)."""
        if self.chain is None or not series:
            return
        structure, values = outstanding(before)
        values |= {"n": shares, "paid": paid}
        joined = self._joins(on, series, values, structure)
        self.issues = [*(self.issues if joined else ()), self.entries + 1]
        self.earlier = Issued(series, structure, joined)
        self.enter(self.earlier, on, values)

    def _joins(self, on: date, series: tuple[str, ...], values: Mapping[str, Number], structure: Outstanding) -> bool:
        if not self.issues or self.readings.same_day_issues is SameDayIssues.SEPARATE:
            return False
        assert isinstance(self.earlier, Issued)
        entry = self.entries + 1
        known = {**self.known, **{f"{stem}_{entry}": value for stem, value in values.items()}}
        known[f"on_{entry}"] = on.toordinal()
        sold = sympy.Add(*(unknown("n", issue) for issue in self.issues))
        condition = forms.joins(self.charter, self.issues[0], entry, structure.preferred, sold)
        return self.earlier.series == series and holds(condition, known)

    def official(self) -> dict[str, Fraction]:
        """Return the prices in effect, $/share by series."""
        if self.chain is None:
            return {name: self.opening.price(name) for name in self.opening.series}
        return self._values({name: price.official for name, price in self.chain.state.prices.items()})

    def exact(self) -> dict[str, Fraction]:
        """Return the exact prices, $/share by series."""
        if self.chain is None:
            return self.official()
        return self._values({name: price.exact for name, price in self.chain.state.prices.items()})

    def carried(self) -> dict[str, tuple[Carry, ...]]:
        """Return what is carried, by series, oldest first."""
        if self.chain is None:
            return {}
        return {name: tuple(self._carried(price.slots)) for name, price in self.chain.state.prices.items()}

    def _carried(self, slots: Iterable[forms.Slot]) -> Iterable[Carry]:
        for slot in slots:
            amount, on, due = evaluate_each((slot.amount, slot.on, slot.due), self.known)
            if amount:
                yield Carry(date.fromordinal(int(on)), amount, date.fromordinal(min(int(due), date.max.toordinal())))

    def _values(self, expressions: Mapping[str, sympy.Expr]) -> dict[str, Fraction]:
        return dict(zip(expressions, evaluate_each(tuple(expressions.values()), self.known), strict=True))


def outstanding(before: Facts) -> tuple[Outstanding, dict[str, Number]]:
    """Return what is outstanding before an event, as structure and as values."""
    values: dict[str, Number] = {"C": before.shares[COMMON], "options": _options(before)}
    values |= {f"n_{name}": before.shares[name] for name in before.series}
    splits = {name: factor for name, factor in before.splits.items() if name != COMMON}
    values |= {f"k_{name}": factor for name, factor in splits.items()}
    return Outstanding(frozenset(before.series), frozenset(splits), before.elected), values


def _options(before: Facts) -> Fraction:
    """Return the Common under all rights, where the base of the average counts them (AMB-53)."""
    if before.readings.weighted_average_base is not WeightedAverageBase.PLUS_ALL_OPTIONS:
        return Fraction(0)
    values: dict[str, Number] = {}
    for at, own in enumerate(before.rights.values(), start=1):
        values[f"under_{at}"] = own.deliverable
        values[f"each_{at}"] = Fraction(1) if own.stock == COMMON else conversions.ratio(before, own.stock)
    return evaluate(history.options(len(before.rights)), values)
