"""The engine and the closed forms agree on conversion prices over short histories; and the check finds mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

import sympy
from hypothesis import given
from hypothesis import strategies as st

from reference import antidilution
from reference.antidilution import Outstanding, PriceState
from reference.charter import Charter, Figure, Tier
from reference.conversion_price import Carried
from reference.position import Number
from reference.readings import (
    Readings,
    SameDayIssues,
)
from reference.refusal import Forbidden
from symbolic import antidilution as forms
from symbolic.account import Account, Definition
from symbolic.antidilution import (
    Changed,
    Event,
    Exercised,
    Expired,
    Granted,
    History,
    Issued,
    Split,
    StockDividend,
    Vested,
    Waited,
)
from symbolic.evaluate import evaluate_all, holds
from tests import strategies
from tests.strategies import examples

START = date(1999, 8, 24)
PRICES = (
    "weighted_average_base",
    "same_day_issues",
    "cent_test",
    "cent_composition",
    "cent_trigger_price",
    "cent_scope",
    "cent_anniversary",
    "cp_round",
    "vesting",
    "grant_alloc",
    "replay",
    "stock_dividend_base",
    "ad_as_converted",
    "oip_adjusts_in_conversion",
)
FREE = Fraction(0)


@cache
def chain_of(history: History) -> list[Definition]:
    """Return the chain of a history."""
    account = Account(named=True)
    forms.chain(history, account)
    names = [definition.name for definition in account.definitions]
    assert len(set(names)) == len(names)
    return account.definitions


def only(charter: Charter, *names: str, minimum: str | None = None) -> Charter:
    """Return a charter with some series only, and another least adjustment, $/share."""
    tiers = tuple(Tier(tuple(n for n in tier.series if n in names), tier.clause) for tier in charter.liquidation_tiers)
    terms = charter.antidilution
    assert terms is not None
    if minimum is not None:
        terms = replace(terms, minimum_adjustment=Figure(Fraction(minimum), terms.minimum_adjustment.clause))
    series = tuple(series for series in charter.series if series.name in names)
    return replace(charter, series=series, liquidation_tiers=tiers, antidilution=terms)


@dataclass
class Play:
    """Play a history on the engine, and write down what the closed form needs to tell it again."""

    charter: Charter
    readings: Readings
    opening: Mapping[str, Fraction] = field(default_factory=dict)
    carried: Mapping[str, tuple[Carried, ...]] = field(default_factory=dict)
    bought: Mapping[str, date | None] = field(default_factory=dict)
    start: date = START

    def __post_init__(self) -> None:
        """Open both accounts at the same prices."""
        self.state = antidilution.opening(
            self.charter, self.readings, self.start, self.opening, self.carried, self.bought
        )
        self.values: dict[str, Fraction | int] = {}
        for series in self.charter.series:
            self.values[f"CP_{series.name}"] = self.opening.get(series.name, series.original_issue_price.value)
        for name, day in self.bought.items():
            if day is not None:
                self.values[f"bought_{name}"] = day.toordinal()
        for name, items in self.carried.items():
            for index, item in enumerate(sorted(items, key=lambda item: item.on), start=1):
                self._day("carried_on", "carried_year", f"{name}_{index}", item.on)
                self.values[f"carried_{name}_{index}"] = item.amount
        self.events: list[Event] = []
        self.states: list[PriceState] = []
        self.issues: list[int] = []
        self.refused: str | None = None

    def _day(self, stem: str, year: str, place: str, on: date) -> None:
        self.values[f"{stem}_{place}"] = on.toordinal()
        self.values[f"{year}_{place}"] = on.year if (on.month, on.day) >= (2, 29) else on.year - 1

    def _play(self, event: Event, on: date, step: Callable[[], PriceState], **values: Number | None) -> None:
        entry = len(self.events) + 1
        self._day("on", "year", str(entry), on)
        self.values |= {f"{stem}_{entry}": value for stem, value in values.items() if value is not None}
        self.events.append(event)
        try:
            self.state = step()
        except Forbidden as forbidden:
            self.refused = forbidden.code
            return
        self.states.append(self.state)

    def _outstanding(self, outstanding: Outstanding) -> tuple[forms.Outstanding, dict[str, Number]]:
        values: dict[str, Number] = {"C": outstanding.common, "options": outstanding.options}
        values |= {f"n_{name}": shares for name, shares in outstanding.preferred.items()}
        values |= {f"k_{name}": factor for name, factor in outstanding.preferred_splits.items()}
        structure = forms.Outstanding(
            frozenset(outstanding.preferred), frozenset(outstanding.preferred_splits), outstanding.elected
        )
        return structure, values

    def issue(self, on: date, shares: int, paid: Fraction, series: tuple[str, ...], before: Outstanding) -> None:
        """Issue Common; whether it is one issuance with the last one is decided by the closed form's condition."""
        structure, values = self._outstanding(before)
        entry = len(self.events) + 1
        joined = False
        if self.issues and self.readings.same_day_issues is SameDayIssues.MERGED:
            first = self.issues[0]
            earlier = self.events[first - 1]
            assert isinstance(earlier, Issued)
            known = {**self.values, **{f"{stem}_{entry}": value for stem, value in values.items()}}
            known |= {f"on_{entry}": on.toordinal(), f"n_{entry}": shares, f"paid_{entry}": paid}
            sold = sum(sympy.Symbol(f"n_{issue}", real=True) for issue in self.issues)
            alike = earlier.series == series and earlier.outstanding.preferred == structure.preferred
            joined = alike and holds(forms.joins(self.charter, first, entry, structure.preferred, sold), known)
        self._play(
            Issued(series, structure, joined),
            on,
            lambda: antidilution.issue(self.state, on, shares, paid, series, before),
            n=shares,
            paid=paid,
            **values,
        )
        if series:
            self.issues = [*self.issues, entry] if joined else [entry]

    def grant(
        self,
        on: date,
        rights: str,
        shares: int,
        strike: Fraction,
        series: tuple[str, ...],
        before: Outstanding,
        exercisable: Number | None = None,
        price: Fraction = FREE,
        excluded: bool = False,
    ) -> None:
        """Grant rights."""
        structure, values = self._outstanding(before)
        self._play(
            Granted(rights, series, structure, exercisable is not None, excluded),
            on,
            lambda: antidilution.issue_rights(
                self.state, on, rights, shares, strike, series, before, exercisable, price, excluded
            ),
            n=shares,
            strike=strike,
            exercisable=exercisable,
            grant=price,
            **values,
        )
        if not excluded:
            self.issues = []

    def change(self, on: date, rights: str, before: Outstanding, **terms: Number | Fraction) -> None:
        """Change the terms of rights: deliverable, exercisable, exercise_price."""
        structure, values = self._outstanding(before)
        record = self.state.rights[rights]
        unit = self.state.unit / record.unit
        same = terms.get("deliverable", record.deliverable * unit) == record.deliverable * unit
        same = same and terms.get("exercise_price", record.exercise_price / unit) == record.exercise_price / unit
        vests = same and terms.get("exercisable", record.exercisable * unit) >= record.exercisable * unit
        names = {"deliverable": "deliverable", "exercisable": "exercisable", "exercise_price": "strike"}
        given = {names[term]: value for term, value in terms.items()}
        if not same and terms.get("deliverable") == record.deliverable * unit:
            del given["deliverable"]
        event: Event = Changed(rights, frozenset(given))  # type: ignore[arg-type]
        if vests:
            given = {"exercisable": terms.get("exercisable", record.exercisable * unit)}
            event = Vested(rights, structure)
        self._play(
            event,
            on,
            lambda: antidilution.change_rights(self.state, on, rights, before, **terms),  # type: ignore[arg-type]
            **given,
            **values,
        )
        self.issues = []

    def exercise(self, on: date, rights: str, shares: Number, paid: Fraction) -> None:
        """Exercise rights."""
        self._play(
            Exercised(rights),
            on,
            lambda: antidilution.exercise_rights(self.state, on, rights, shares, paid),
            n=shares,
            paid=paid,
        )
        self.issues = []

    def expire(self, on: date, rights: str, deliverable: Number = 0, exercisable: Number = 0) -> None:
        """Let rights end."""
        self._play(
            Expired(rights, deliverable != 0),
            on,
            lambda: antidilution.expire_rights(self.state, on, rights, deliverable, exercisable),
            deliverable=deliverable,
            exercisable=exercisable,
        )
        self.issues = []

    def split(self, on: date, factor: Fraction) -> None:
        """Split or combine the Common."""
        self._play(Split(), on, lambda: antidilution.split(self.state, on, factor), factor=factor)
        self.issues = []

    def dividend(self, on: date, increase: int, before: Outstanding) -> None:
        """Pay a stock dividend."""
        structure, values = self._outstanding(before)
        self._play(
            StockDividend(structure),
            on,
            lambda: antidilution.stock_dividend(self.state, on, increase, before),
            increase=increase,
            **values,
        )
        self.issues = []

    def wait(self, on: date) -> None:
        """Let time pass."""
        self._play(Waited(), on, lambda: antidilution.pass_time(self.state, on))

    def history(self) -> History:
        """Return the structure of what was played."""
        dated = frozenset(name for name, day in self.bought.items() if day is not None)
        carried = tuple((name, len(items)) for name, items in self.carried.items())
        return History(self.charter, self.readings, tuple(self.events), dated, carried)

    def differences(self) -> list[str]:
        """List where engine and closed form differ, after any event."""
        try:
            found = evaluate_all(chain_of(self.history()), self.values)
        except ZeroDivisionError:
            return [] if self.refused == "price_not_positive" else ["the closed form divides by zero"]
        lost = any(value <= 0 for name, value in found.items() if name.startswith(("CP_", "in_effect_")))
        if self.refused or lost:
            return [] if lost and self.refused == "price_not_positive" else [f"refused: {self.refused} and {lost}"]
        rows = []
        for entry, state in enumerate(self.states, start=1):
            for name, price in state.prices.items():
                rows.append((f"price of {name} after {entry}", price.official, found[f"CP_{name}_{entry}"]))
                rows.append((f"exact price of {name} after {entry}", price.exact, found[f"X_{name}_{entry}"]))
        return [f"{what}: {engine} and {closed}" for what, engine, closed in rows if engine != closed]


# Histories at random

GAPS = (0, 0, 1, 30, 366, 1095, 1096, 1461)
STARTS = (date(1999, 8, 24), date(2000, 2, 28), date(2000, 2, 29), date(1996, 12, 31))
SHARES = (1, 2, 7, 40, 900)
COMMON = (0, 3, 50, 1000, 20_000)


@st.composite
def outstandings(draw: st.DrawFn, names: tuple[str, ...], least: int = 0) -> Outstanding:
    """Draw what is outstanding before an event."""
    return Outstanding(
        max(least, draw(st.sampled_from(COMMON))),
        {name: draw(st.sampled_from((0, 1, 30, 500))) for name in names if draw(st.booleans())},
        {name: draw(strategies.positive_amounts(3)) for name in names if draw(st.sampled_from((False, False, True)))},
        draw(st.booleans()),
        draw(st.sampled_from((0, 5, 100))),
    )


def dollars() -> st.SearchStrategy[Fraction]:
    """Draw a price per share, $: none, below or above the conversion prices, or just below one."""
    return st.sampled_from([Fraction(p) for p in ("0", "0", "0.5", "0.99", "1", "2", "3.9", "4.14", "4.15", "6")])


def play_events(data: st.DataObject, play: Play, most: int) -> None:
    """Play some events on the engine, drawn as they come."""
    names = tuple(series.name for series in play.charter.series)
    on = play.start
    for index in range(data.draw(st.integers(2, most))):
        if play.refused:
            return
        on = on + timedelta(data.draw(st.sampled_from(GAPS)))
        rights = [name for name, record in play.state.rights.items() if record.deliverable > 0]
        kinds = ["issue", "issue", "issue", "grant", "split", "dividend", "wait"]
        kinds += ["change", "vest", "exercise", "expire", "expire"] if rights else ["grant"]
        kind = data.draw(st.sampled_from(kinds))
        series = data.draw(st.sampled_from((names, names, names[:1], ())))
        before = data.draw(outstandings(names, least=1 if kind == "dividend" else 0))
        if kind == "issue":
            shares, each = data.draw(st.sampled_from(SHARES)), data.draw(dollars())
            play.issue(on, shares, shares * each, series, before)
            if data.draw(st.sampled_from((False, False, True))) and not play.refused:
                again = data.draw(st.sampled_from(SHARES))
                follows = replace(before, common=before.common + shares)
                play.issue(on, again, again * each, series, follows)
        elif kind == "grant":
            shares = data.draw(st.sampled_from((4, 40, 900)))
            part = data.draw(st.sampled_from((None, 0, shares // 4, shares // 2)))
            price = data.draw(st.sampled_from((FREE, Fraction(3))))
            excluded = data.draw(st.sampled_from((False, False, False, True)))
            play.grant(on, f"r{index}", shares, data.draw(dollars()), series, before, part, price, excluded)
        elif kind == "split":
            play.split(on, data.draw(st.sampled_from([Fraction(f) for f in ("2", "1/2", "3/2", "1", "1.001")])))
        elif kind == "dividend":
            play.dividend(on, data.draw(st.sampled_from((0, 1, 10, 500))), before)
        elif kind == "wait":
            play.wait(on)
        else:
            play_rights(data, play, kind, on, data.draw(st.sampled_from(rights)), before)


def play_rights(data: st.DataObject, play: Play, kind: str, on: date, rights: str, before: Outstanding) -> None:
    """Play an event of some rights."""
    record = play.state.rights[rights]
    unit = play.state.unit / record.unit
    part = data.draw(st.sampled_from((Fraction(0), Fraction(1, 2), Fraction(1))))
    if kind == "vest":
        more = record.exercisable + part * (record.deliverable - record.exercisable)
        play.change(on, rights, before, exercisable=more * unit)
    elif kind == "change":
        terms: dict[str, Number] = {}
        if data.draw(st.booleans()):
            deliverable = unit * record.deliverable * data.draw(st.sampled_from((Fraction(1, 2), Fraction(2))))
            terms |= {"deliverable": deliverable, "exercisable": part * deliverable}
        if data.draw(st.booleans()):
            terms["exercise_price"] = data.draw(dollars())
        play.change(on, rights, before, **terms)
    elif kind == "exercise":
        shares = record.exercisable * unit * part
        play.exercise(on, rights, shares, shares * record.exercise_price / unit)
    else:
        left = record.deliverable * unit * part
        play.expire(on, rights, left, min(left, record.exercisable * unit / 2))


@examples(200)
@given(st.data(), strategies.readings(*PRICES), st.sampled_from(STARTS))
def test_short_histories(quintus: Charter, data: st.DataObject, readings: Readings, start: date) -> None:
    charter = only(quintus, "A", "E", minimum=data.draw(st.sampled_from((None, None, "0", "0.3"))))
    bought = {name: data.draw(st.sampled_from((None, None, start, start + timedelta(30)))) for name in ("A", "E")}
    carried = {}
    if data.draw(st.sampled_from((False, False, True))):
        carried["E"] = (Carried(start - timedelta(1000), Fraction(1, 200)), Carried(start, Fraction(1, 300)))
    play = Play(charter, readings, carried=carried, bought=bought, start=start)
    play_events(data, play, 4)
    assert play.differences() == []


def play_restatement(data: st.DataObject, play: Play) -> None:
    """Play a grant that counts, then something, then a change of the rights or their end, and perhaps more."""
    names = tuple(series.name for series in play.charter.series)
    on = play.start + timedelta(1)
    before = data.draw(outstandings(names))
    part = data.draw(st.sampled_from((None, 0, 10, 20)))
    strike, price = data.draw(dollars()), data.draw(st.sampled_from((FREE, Fraction(3))))
    play.grant(on, "first", 40, strike, names, before, part, price)
    for kind in (*data.draw(st.sampled_from(PATTERNS)), "end", "end"):
        if play.refused or play.state.rights["first"].deliverable <= 0:
            return
        on = on + timedelta(data.draw(st.sampled_from(GAPS)))
        before = data.draw(outstandings(names, least=1 if kind == "dividend" else 0))
        if kind == "issue":
            shares = data.draw(st.sampled_from(SHARES))
            play.issue(on, shares, shares * data.draw(dollars()), names, before)
        elif kind == "second":
            play.grant(on, "second", 8, data.draw(dollars()), names, before)
        elif kind == "end second":
            play.expire(on, "second")
        elif kind == "split":
            play.split(on, data.draw(st.sampled_from([Fraction(f) for f in ("2", "1/2", "3/2")])))
        elif kind == "dividend":
            play.dividend(on, data.draw(st.sampled_from((1, 10))), before)
        elif kind == "end":
            play_rights(data, play, data.draw(st.sampled_from(("expire", "expire", "change"))), on, "first", before)
        else:
            play_rights(data, play, kind, on, "first", before)


PATTERNS = (
    ("issue",),
    ("split",),
    ("dividend",),
    ("vest",),
    ("exercise",),
    ("second",),
    ("vest", "issue"),
    ("vest", "vest"),
    ("exercise", "issue"),
    ("split", "issue"),
    ("second", "end second"),
)


@examples(150)
@given(st.data(), strategies.readings(*PRICES), st.sampled_from(STARTS))
def test_rights_that_change_or_end(quintus: Charter, data: st.DataObject, readings: Readings, start: date) -> None:
    charter = only(quintus, "A", "E", minimum=data.draw(st.sampled_from((None, "0", "0.3"))))
    bought = {"E": data.draw(st.sampled_from((None, start, start + timedelta(30))))}
    play = Play(charter, readings, bought=bought, start=start)
    play_restatement(data, play)
    assert play.differences() == []
