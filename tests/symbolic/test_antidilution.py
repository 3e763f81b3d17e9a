"""The engine and the closed forms agree on conversion prices over short histories; and the check finds mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from reference import antidilution, conversion_price
from reference.antidilution import Outstanding, PriceState
from reference.charter import Charter, Figure, Tier
from reference.conversion_price import Carried, SeriesPrice
from reference.position import Number
from reference.readings import (
    AdAsConverted,
    CentComposition,
    CentTest,
    CpRound,
    GrantAlloc,
    Readings,
    Replay,
    SameDayIssues,
    StockDividendBase,
    Switch,
    Vesting,
    WeightedAverageBase,
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
from symbolic.evaluate import Value, evaluate, evaluate_all, holds
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

    def _steps(self, entry: int, state: PriceState, found: Mapping[str, Value]) -> list[tuple[str, object, object]]:
        """Return steps that the engine tells as well: the base of an average, and what is deemed issued."""
        rows: list[tuple[str, object, object]] = []
        for made in state.latest:
            if made.base is not None and f"base_{entry}" in found:
                rows.append((f"base of {entry}", made.base, found[f"base_{entry}"]))
        event = self.events[entry - 1]
        if isinstance(event, Granted | Vested | Changed | Expired) and f"deemed_{entry}" in found:
            shares, paid = antidilution.deemed_issued(state.rights[event.rights], self.readings)
            rows.append((f"deemed issued by {entry}", shares, found[f"deemed_{entry}"]))
            rows.append((f"deemed paid by {entry}", paid, found.get(f"deemed_paid_{entry}", paid)))
        return rows

    def differences(self) -> list[str]:
        """List where engine and closed form differ, after any event."""
        try:
            found = evaluate_all(chain_of(self.history()), self.values)
        except ZeroDivisionError:
            return [] if self.refused == "price_not_positive" else ["the closed form divides by zero"]
        lost = any(value <= 0 for name, value in found.items() if name.startswith(("CP_", "in_effect_")))
        if self.refused or lost:
            return [] if lost and self.refused == "price_not_positive" else [f"refused: {self.refused} and {lost}"]
        rows: list[tuple[str, object, object]] = []
        for entry, state in enumerate(self.states, start=1):
            for name, price in state.prices.items():
                rows.append((f"price of {name} after {entry}", price.official, found[f"CP_{name}_{entry}"]))
                rows.append((f"exact price of {name} after {entry}", price.exact, found[f"X_{name}_{entry}"]))
            rows += self._steps(entry, state, found)
        return [f"{what}: {engine} and {closed}" for what, engine, closed in rows if engine != closed]


# Forms for one and for many issuances

CP, N, SOLD, PAID = sympy.symbols("CP N s paid", positive=True)
NO_CENT = "0"


@given(strategies.positive_amounts(), st.integers(0, 50), st.integers(1, 50), strategies.amounts())
def test_one_issuance(price: Fraction, base: int, shares: int, paid: Fraction) -> None:
    form = forms.after_issuance(CP, N, SOLD, PAID)
    values = {"CP": price, "N": base, "s": shares, "paid": paid}
    assert evaluate(form, values) == conversion_price.weighted_average(price, base, shares, paid)


@cache
def composition(many: int) -> tuple[sympy.Expr, sympy.Expr]:
    """Return the price after many issuances, with a base that grows by them alone, and over any bases."""
    issues = [forms.unknown("s", index) for index in range(many)], [forms.unknown("paid", i) for i in range(many)]
    bases, counts = ([forms.unknown(stem, index) for index in range(many)] for stem in ("N", "counts"))
    over_bases = [*zip(counts, bases, *issues, strict=True)]
    return forms.composed(CP, N, [*zip(*issues, strict=True)]), forms.composed_over_bases(CP, over_bases)


@given(
    st.lists(st.tuples(st.integers(1, 40), st.sampled_from((0, 1, 2, 3))), min_size=1, max_size=5), st.integers(1, 90)
)
def test_many_issuances_of_one_series(quintus: Charter, issues: list[tuple[int, int]], base: int) -> None:
    # One quotient as long as every price is below; one sum of products whatever the prices are.
    play = Play(only(quintus, "E", minimum=NO_CENT), Readings(same_day_issues=SameDayIssues.SEPARATE))
    values: dict[str, Fraction | int] = {"CP": Fraction("4.15"), "N": base}
    common, every = base, True
    for index, (shares, each) in enumerate(issues):
        counts = each < play.state.official["E"]
        every = every and counts
        values |= {f"s_{index}": shares, f"paid_{index}": shares * each, f"N_{index}": common}
        values[f"counts_{index}"] = int(counts)
        play.issue(START, shares, Fraction(shares * each), ("E",), Outstanding(common))
        common = common + shares
    quotient, products = composition(len(issues))
    assert evaluate(products, values) == play.state.official["E"]
    if every:
        assert evaluate(quotient, values) == play.state.official["E"]
    assert play.differences() == []


@given(st.lists(st.sampled_from([Fraction(f) for f in ("2", "1/2", "3", "3/2", "1/10")]), min_size=1, max_size=5))
def test_many_splits(quintus: Charter, factors: list[Fraction]) -> None:
    play = Play(only(quintus, "E"), Readings())
    for factor in factors:
        play.split(START, factor)
    form = forms.after_splits(CP, [forms.number(factor) for factor in factors])
    assert evaluate(form, {"CP": Fraction("4.15")}) == play.state.official["E"]


@pytest.mark.parametrize("years", [1, 3, 4, 8])
def test_anniversaries(years: int) -> None:
    day, year = sympy.symbols("on year", real=True)
    form = forms.anniversary(day, year, forms.number(years))
    for start in (date(1896, 1, 1), date(1996, 1, 1), date(2096, 1, 1)):
        for after in range(0, 3300, 1):
            on = start + timedelta(after)
            counted = on.year if (on.month, on.day) >= (2, 29) else on.year - 1
            due = conversion_price.anniversary(on, years)
            assert evaluate(form, {"on": on.toordinal(), "year": counted}) == due.toordinal()


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


# Worked examples, on both accounts

MILLION = 10**6
E = ("E",)
SIX = ("A", "B", "C", "D", "E", "F")
DAY = timedelta(1)


def after(days: int) -> date:
    """Return a day some days after the start."""
    return START + days * DAY


def full(charter: Charter, common: int, **more: bool) -> Outstanding:
    """Return every authorised share outstanding, and some Common."""
    return Outstanding(common, {series.name: series.authorized.value for series in charter.series}, **more)  # type: ignore[arg-type]


def agreed(play: Play, name: str, price: str) -> None:
    """Assert that both accounts agree, and that a price in effect is the one of the register."""
    assert play.differences() == []
    assert abs(play.state.official[name] - Fraction(price)) < Fraction(1, 10**6)


@pytest.mark.parametrize(
    ("base", "price"),
    [("common_only", "3.954545"), ("common_plus_pref", "4.078464"), ("plus_all_options", "4.082928")],
)
def test_bases_at_full_issuance(quintus: Charter, base: str, price: str) -> None:
    play = Play(quintus, Readings(weighted_average_base=WeightedAverageBase(base)))
    before = replace(full(quintus, 10 * MILLION), options=2 * MILLION)
    play.issue(after(1), MILLION, Fraction(2 * MILLION), SIX, before)
    agreed(play, "E", price)


def test_before_an_election(quintus: Charter) -> None:
    for elected, price in ((False, "4.011290"), (True, "4.078464")):
        play = Play(quintus, Readings(ad_as_converted=AdAsConverted.ONLY_IF_ELECTED))
        before = full(quintus, 10 * MILLION, elected=elected)
        play.issue(after(1), MILLION, Fraction(2 * MILLION), SIX, before)
        agreed(play, "E", price)


def test_all_series_at_once(quintus: Charter) -> None:
    play = Play(quintus, Readings())
    play.issue(after(1), 5 * MILLION, Fraction(5 * MILLION, 2), SIX, full(quintus, 10 * MILLION))
    agreed(play, "C", "1.702982")


@pytest.mark.parametrize(
    ("merged", "price"), [(SameDayIssues.MERGED, "4.011536"), (SameDayIssues.SEPARATE, "4.011761")]
)
def test_two_issues_of_one_day(quintus: Charter, merged: SameDayIssues, price: str) -> None:
    play = Play(quintus, Readings(same_day_issues=merged))
    for common in (10 * MILLION, 11 * MILLION):
        play.issue(after(1), MILLION, Fraction(2 * MILLION), SIX, full(quintus, common))
    agreed(play, "E", price)


@pytest.mark.parametrize(
    ("replay", "price"), [("full", "3.954545"), ("ratio", "3.968021"), ("additive", "3.980579"), ("none", "3.694215")]
)
def test_options_lapse_after_a_sale(quintus: Charter, replay: str, price: str) -> None:
    play = Play(only(quintus, "E"), Readings(replay=Replay(replay)))
    play.grant(after(1), "options", MILLION, Fraction(1), E, Outstanding(10 * MILLION))
    play.issue(after(2), MILLION, Fraction(2 * MILLION), E, Outstanding(10 * MILLION))
    play.expire(after(3), "options")
    agreed(play, "E", price)


@pytest.mark.parametrize(("replay", "price"), [("full", "4.127273"), ("ratio", "4.15")])
def test_a_sale_that_counts_only_without_the_options(quintus: Charter, replay: str, price: str) -> None:
    play = Play(only(quintus, "E"), Readings(replay=Replay(replay)))
    play.grant(after(1), "options", MILLION, Fraction(1), E, Outstanding(10 * MILLION))
    play.issue(after(2), MILLION, Fraction("3.9") * MILLION, E, Outstanding(10 * MILLION))
    play.expire(after(3), "options")
    agreed(play, "E", price)


@pytest.mark.parametrize(
    ("vesting", "at_grant", "vested"),
    [
        (Vesting.RECOMPUTE_ON_VEST, "4.073171", "3.863636"),
        (Vesting.FORWARD_ON_VEST, "4.073171", "3.853745"),
        (Vesting.IGNORE_LATER, "4.073171", "4.073171"),
        (Vesting.COUNT_ALL, "3.863636", "3.863636"),
    ],
)
def test_vesting(quintus: Charter, vesting: Vesting, at_grant: str, vested: str) -> None:
    play = Play(only(quintus, "E"), Readings(vesting=vesting))
    before = Outstanding(10 * MILLION)
    play.grant(after(1), "options", MILLION, Fraction(1), E, before, exercisable=MILLION // 4)
    agreed(play, "E", at_grant)
    for quarters in (2, 3, 4):
        play.change(after(quarters), "options", before, exercisable=quarters * MILLION // 4)
    agreed(play, "E", vested)


@pytest.mark.parametrize(("alloc", "price"), [("pro_rata", "4.075610"), ("all_to_exercisable", "4.082927")])
def test_the_price_of_a_grant(quintus: Charter, alloc: str, price: str) -> None:
    play = Play(only(quintus, "E"), Readings(grant_alloc=GrantAlloc(alloc)))
    before = Outstanding(10 * MILLION)
    play.grant(after(1), "o", MILLION, Fraction(1), E, before, MILLION // 4, Fraction(100_000))
    agreed(play, "E", price)


@pytest.mark.parametrize(
    ("test", "composition", "price"),
    [
        (CentTest.CUMULATIVE, CentComposition.SHADOW, "4.135525"),
        (CentTest.INDIVIDUAL, CentComposition.SHADOW, "4.15"),
    ],
)
def test_two_adjustments_below_a_cent(
    quintus: Charter, test: CentTest, composition: CentComposition, price: str
) -> None:
    play = Play(only(quintus, "E"), Readings(cent_test=test, cent_composition=composition))
    play.issue(after(1), 20_000, FREE, E, Outstanding(10 * MILLION))
    play.issue(after(2), 15_000, FREE, E, Outstanding(10_020_000))
    agreed(play, "E", price)


@pytest.mark.parametrize(("days", "made"), [(1095, False), (1096, True), (1097, True)])
def test_three_years(quintus: Charter, days: int, made: bool) -> None:
    # From 24 August 1999 to the same day of 2002 there is one leap day.
    play = Play(only(quintus, "E"), Readings())
    play.issue(after(0), 20_000, FREE, E, Outstanding(10 * MILLION))
    assert play.state.official["E"] == Fraction("4.15")
    play.wait(after(days))
    assert (play.state.official["E"] < Fraction("4.15")) is made
    assert play.differences() == []


@pytest.mark.parametrize(("base", "price"), [("common_only", "0.909091"), ("fully_converted", "0.966728")])
def test_stock_dividends(quintus: Charter, base: str, price: str) -> None:
    play = Play(quintus, Readings(stock_dividend_base=StockDividendBase(base)))
    play.dividend(after(1), MILLION, full(quintus, 10 * MILLION))
    agreed(play, "A", price)


@pytest.mark.parametrize(("scope", "price"), [(Switch.NO, "0.990099"), (Switch.YES, "1")])
def test_a_stock_dividend_below_a_cent(quintus: Charter, scope: Switch, price: str) -> None:
    play = Play(only(quintus, "A"), Readings(cent_scope=scope))
    play.dividend(after(1), 1, Outstanding(100))
    agreed(play, "A", price)


@pytest.mark.parametrize("rounding", CpRound)
def test_rounded_prices(quintus: Charter, rounding: CpRound) -> None:
    for strike, common in (("1", 10), ("0.8", 77), ("4.1", 3), ("4.144", 500)):
        play = Play(only(quintus, "A", "E"), Readings(cp_round=rounding))
        play.issue(after(1), 3, 3 * Fraction(strike), ("A", "E"), Outstanding(common))
        play.issue(after(2), 1, Fraction(0), ("A", "E"), Outstanding(common + 3))
        assert play.differences() == []


def test_prices_after_a_lapse_are_those_without_the_rights(quintus: Charter) -> None:
    # The chain of a history whose rights lapse ends with the exact prices of the chain that never had them.
    charter = only(quintus, "A", "E", minimum=NO_CENT)
    before = [Outstanding(1000, {"A": 7, "E": 5}), Outstanding(1040, {"A": 7, "E": 5})]
    both = []
    for granted in (True, False):
        play = Play(charter, Readings())
        if granted:
            play.grant(after(1), "r", 90, Fraction("0.5"), ("A", "E"), before[0])
        play.issue(after(2), 40, Fraction(30), ("A", "E"), before[0])
        play.split(after(3), Fraction(3, 2))
        play.issue(after(4), 3, Fraction(1), ("A", "E"), before[1])
        if granted:
            play.expire(after(5), "r")
        assert play.differences() == []
        found = evaluate_all(chain_of(play.history()), play.values)
        both.append({name: found[f"X_{name}_{len(play.events)}"] for name in ("A", "E")})
    assert both[0] == both[1]


# The check is itself checked


def fixed_histories(charter: Charter) -> list[str]:
    """Return the differences over a fixed set of histories."""
    found: list[str] = []
    names = ("A", "E")
    two = only(charter, *names)
    before = Outstanding(1000, {"A": 500, "E": 300})
    for readings in (Readings(), Readings(cent_test=CentTest.INDIVIDUAL), Readings(cp_round=CpRound.CENT)):
        play = Play(two, readings, bought={"E": after(3)})
        play.issue(after(3), 40, Fraction(20), names, before)
        play.issue(after(4), 2, FREE, names, before)
        play.split(after(5), Fraction(2))
        play.issue(after(6), 40, 40 * Fraction("1.9"), names, before)
        play.wait(after(6 + 1095))
        play.wait(after(6 + 1096))
        found += play.differences()
        play = Play(two, readings)
        play.grant(after(1), "r", 40, Fraction(1, 2), names, before, 10, Fraction(8))
        play.issue(after(2), 40, Fraction(90), names, before)
        play.dividend(after(3), 100, before)
        play.change(after(4), "r", before, exercisable=20)
        play.exercise(after(5), "r", 5, Fraction(5, 2))
        play.expire(after(6), "r")
        found += play.differences()
    # What is carried, at its anniversary and the day before; and an issue between the exact price and the other.
    play = Play(two, Readings())
    play.issue(after(1), 2, FREE, names, before)
    play.wait(after(1 + 1095))
    play.wait(after(1 + 1096))
    found += play.differences()
    play = Play(two, Readings(cent_composition=CentComposition.ADDITIVE))
    play.issue(after(1), 2, FREE, names, before)
    play.issue(after(2), 900, 900 * Fraction("4.149"), names, before)
    found += play.differences()
    # A large issue moves the first series' price, and with it what the second one's base would be.
    play = Play(two, Readings())
    play.issue(after(1), 400, FREE, names, before)
    found += play.differences()
    for price in ("1.79", "1.80"):
        # Exactly one cent: 9 of 10 shares at 1.00 and one at 0.90.
        play = Play(two, Readings(), opening={"A": Fraction(1), "E": Fraction(price)})
        play.issue(after(1), 1, Fraction(9, 10), names, Outstanding(9))
        found += play.differences()
    return found


def test_the_engine_passes(quintus: Charter) -> None:
    assert fixed_histories(quintus) == []


def common_alone(state: PriceState, outstanding: Outstanding) -> Number:
    """Leave the Preferred out of the base."""
    return outstanding.common


def above_a_cent(price: SeriesPrice, target: Fraction, on: date, minimum: Fraction, readings: Readings) -> SeriesPrice:
    """Carry an adjustment of exactly the minimum too."""
    return real_held_or_made(price, target, on, minimum + Fraction(1, 10**9), readings)


def unscaled_carry(
    price: SeriesPrice, factor: Fraction, on: date, minimum: Fraction, readings: Readings
) -> SeriesPrice:
    """Divide the price by a split, and not what it carries."""
    divided = price.official / factor
    return SeriesPrice(divided, divided - price.official + price.exact, price.carried, price.scale * factor)


def from_the_purchase_date(state: PriceState, name: str, on: date) -> bool:
    """Count what is issued on the Purchase Date itself."""
    purchased = state.purchase_dates.get(name)
    return purchased is None or on >= purchased


def strike_alone(record: antidilution.Rights, readings: Readings) -> tuple[Number, Fraction]:
    """Forget what was received for the grant."""
    return real_deemed_issued(replace(record, grant=FREE), readings)


def days_of_three_years(on: date, years: int) -> date:
    """Count three years as so many days."""
    return on + timedelta(365 * years)


def any_price(price: SeriesPrice, readings: Readings) -> Fraction:
    """Compare an issue with a price that has not been made yet."""
    return price.exact


def nothing_lapses(state: PriceState, on: date, rights: str, record: antidilution.Rights) -> PriceState:
    """Leave the prices alone when rights end."""
    return antidilution.pass_time(state, on)


def one_after_another(
    state: PriceState, entry: antidilution.Issuance | antidilution.Deemed
) -> list[tuple[antidilution.Adjustment, SeriesPrice]]:
    """Adjust one series after another, each from the prices of those before."""
    found = []
    for name in entry.additional_for:
        made = real_adjusted_for_shares(state, replace(entry, additional_for=(name,)))
        found += made
        state = replace(state, prices={**state.prices, **{a.series: price for a, price in made}})
    return found


real_held_or_made = antidilution.held_or_made
real_deemed_issued = antidilution.deemed_issued
real_adjusted_for_shares = antidilution._adjusted_for_shares

TAMPERS = {
    "the base without the Preferred": ("averaging_base", common_alone),
    "exactly one cent is carried": ("held_or_made", above_a_cent),
    "a carry that does not split": ("scaled", unscaled_carry),
    "the Purchase Date itself": ("_counts_for", from_the_purchase_date),
    "a grant for nothing": ("deemed_issued", strike_alone),
    "three years without leap days": ("anniversary", days_of_three_years),
    "the exact price as trigger": ("trigger_price", any_price),
    "rights that never end": ("_restated", nothing_lapses),
    "one series after another": ("_adjusted_for_shares", one_after_another),
}


@pytest.mark.parametrize("mistake", TAMPERS)
def test_each_mistake_is_found(quintus: Charter, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    name, replacement = TAMPERS[mistake]
    assert hasattr(antidilution, name)
    monkeypatch.setattr(antidilution, name, replacement)
    assert fixed_histories(quintus) != []
