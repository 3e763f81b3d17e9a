"""Conversion prices in closed form, against figures worked out by hand from section 3(d) and the register.

Each figure says how it was found. Where millions are meant, numbers are written in millions. `price_walk` compares
drawn histories with a third account.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction as Q

import pytest
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
    Readings,
    Replay,
    SameDayIssues,
    StockDividendBase,
    Switch,
    Vesting,
    WeightedAverageBase,
)
from symbolic import antidilution
from symbolic.account import Account
from symbolic.antidilution import (
    Chain,
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
    Waited,
    after_issuance,
    after_splits,
    anniversary,
    composed,
    composed_over_bases,
    joins,
    leap_days,
    unknown,
)
from symbolic.evaluate import evaluate, evaluate_all, holds
from symbolic.formula import definitions, render, section_unknowns
from tests.symbolic.price_walk import Walk

M = 1_000_000
DAY = date(1999, 9, 1)
E, A, ALL_SIX = ("E",), ("A",), ("A", "B", "C", "D", "E", "F")
FULL = {"A": 9_100_000, "B": 1_000_000, "C": 3_000_000, "D": 1_455_000, "E": 3_000_000, "F": 1_500_000}
"""All that may be issued of each series: 19,055,000."""
ALL = Outstanding(frozenset(ALL_SIX))
NUMBER_ONLY, STRIKE_ONLY = frozenset({"deliverable"}), frozenset({"strike"})

Row = Mapping[str, object]
Row_ = dict[str, object]


def year_of(day: date) -> int:
    """Return the year that the unknown of a day asks for."""
    return day.year if (day.month, day.day) >= (2, 29) else day.year - 1


def at(day: date | int = 0, **numbers: Q | int | str) -> Row_:
    """Return the numbers of one event; a day may be a number of days after the first."""
    on = day if isinstance(day, date) else DAY + timedelta(days=day)
    return {"on": on, "C": Q(10), **{name: Q(value) for name, value in numbers.items()}}


@dataclass
class Told:
    """Hold the values of all definitions, and give prices by series and event."""

    state: antidilution.State
    known: dict[str, object]
    values: dict[str, Q | int]
    count: int

    def official(self, name: str, event: int | None = None) -> Q:
        """Return the price in effect after an event, the last one if none is given."""
        found = self.known[f"CP_{name}_{event or self.count}"]
        assert isinstance(found, Q)
        return found

    def exact(self, name: str, event: int | None = None) -> Q:
        """Return the price as if nothing were carried."""
        found = self.known[f"X_{name}_{event or self.count}"]
        assert isinstance(found, Q)
        return found

    def carried(self, name: str) -> list[tuple[Q, date]]:
        """List what the series carries in the end, with the last day for it."""
        known = {**self.values, **{k: v for k, v in self.known.items() if isinstance(v, Q)}}
        slots = self.state.prices[name].slots
        pairs = [(evaluate(slot.amount, known), date.fromordinal(int(evaluate(slot.due, known)))) for slot in slots]
        return [(amount, due) for amount, due in pairs if amount]


@dataclass
class Teller:
    """Evaluate chains over a charter."""

    charter: Charter
    opening: dict[str, Q] = field(default_factory=dict)

    def values(self, rows: Sequence[Row]) -> dict[str, Q | int]:
        """Return the numbers of all events by the names of the unknowns."""
        found: dict[str, Q | int] = {}
        for entry, row in enumerate(rows, start=1):
            for name, value in row.items():
                if isinstance(value, date):
                    found |= {f"on_{entry}": value.toordinal(), f"year_{entry}": year_of(value)}
                else:
                    assert isinstance(value, Q)
                    found[f"{name}_{entry}"] = value
        return found

    def tell(
        self,
        events: Sequence[Event],
        rows: Sequence[Row],
        readings: Readings = Readings(),  # noqa: B008 (frozen)
        opening: Mapping[str, Q | str] | None = None,
        carried: Mapping[str, Sequence[tuple[Q, date]]] | None = None,
        bought: Mapping[str, date] | None = None,
    ) -> Told:
        """Evaluate the prices after every event."""
        prices = {series.name: series.original_issue_price.value for series in self.charter.series}
        prices |= {name: Q(price) for name, price in (opening or {}).items()}
        values: dict[str, Q | int] = {f"CP_{name}": price for name, price in prices.items()}
        for name, items in (carried or {}).items():
            for number, (amount, day) in enumerate(items, start=1):
                values[f"carried_{name}_{number}"] = amount
                values |= {f"carried_on_{name}_{number}": day.toordinal()}
                values |= {f"carried_year_{name}_{number}": year_of(day)}
        values |= {f"bought_{name}": day.toordinal() for name, day in (bought or {}).items()}
        values |= self.values(rows)
        lengths = tuple((name, len(items)) for name, items in (carried or {}).items())
        history = History(self.charter, readings, tuple(events), frozenset(bought or ()), lengths)
        account = Account(named=True)
        state = antidilution.chain(history, account)
        return Told(state, dict(evaluate_all(account.definitions, values)), values, len(events))


@pytest.fixture(scope="module")
def teller(quintus: Charter) -> Teller:
    """Return a teller over the shipped charter."""
    return Teller(quintus)


def full_issuance(**more: Q | int) -> Row_:
    """Return the day with 10,000,000 Common and all series fully issued."""
    return at(0, C=10 * M, **{f"n_{name}": n for name, n in FULL.items()}, **more)


# One issuance (3(d)(i)(A))


@pytest.mark.parametrize(
    ("readings", "options", "base", "about"),
    [
        (Readings(), 0, 29_055_000, "4.078464"),
        (Readings(weighted_average_base=WeightedAverageBase.COMMON_ONLY), 0, 10_000_000, "3.954545"),
        (Readings(weighted_average_base=WeightedAverageBase.PLUS_ALL_OPTIONS), 2_000_000, 31_055_000, "4.082928"),
        (Readings(ad_as_converted=AdAsConverted.ONLY_IF_ELECTED), 0, 14_500_000, "4.011290"),
    ],
)
def test_the_base_of_the_average(teller: Teller, readings: Readings, options: int, base: int, about: str) -> None:
    # AMB-53, AMB-55: 1,000,000 shares at 2.00. All prices are issue prices, so every preferred share is one of Common.
    # 10,000,000 + 19,055,000; the Common; with 2,000,000 options; and 10,000,000 + 3,000,000 E + 1,500,000 F.
    told = teller.tell([Issued(E, ALL)], [full_issuance(n=M, paid=2 * M, options=options)], readings)
    assert told.official("E") == (Q("4.15") * base + 2 * M) / (base + M)
    assert f"{float(told.official('E')):.6f}" == about


def test_the_class_counts_once_it_has_elected(teller: Teller) -> None:
    readings = Readings(ad_as_converted=AdAsConverted.ONLY_IF_ELECTED)
    elected = Outstanding(frozenset(ALL_SIX), elected=True)
    told = teller.tell([Issued(E, elected)], [full_issuance(n=M, paid=2 * M)], readings)
    assert told.official("E") == (Q("4.15") * 29_055_000 + 2 * M) / 30_055_000


def test_all_series_are_adjusted_from_the_prices_just_before(teller: Teller) -> None:
    # AMB-54: 5,000,000 at .50 over 29,055,000: each (CP * 29,055,000 + 2,500,000) / 34,055,000.
    told = teller.tell([Issued(ALL_SIX, ALL)], [full_issuance(n=5 * M, paid=5 * M // 2)])
    for name, price in {"A": "1", "B": "1.43", "C": "1.91", "D": "2.75", "E": "4.15", "F": "8.25"}.items():
        assert told.official(name) == (Q(price) * 29_055_000 + Q(2_500_000)) / 34_055_000
    assert f"{float(told.official('C')):.6f}" == "1.702982"


def test_an_issue_at_the_price_is_not_below_it(teller: Teller) -> None:
    told = teller.tell([Issued(ALL_SIX)], [at(n=1, paid="1.43")])
    assert [told.official(name) == told.exact(name) for name in ALL_SIX] == [True] * 6
    assert told.official("A") == 1
    assert told.official("B") == Q("1.43")
    assert told.official("C") == (Q("1.91") * 10 + Q("1.43")) / 11


@pytest.mark.parametrize(("reading", "ratio"), [(Switch.YES, Q("4.15") / 2), (Switch.NO, Q("4.15"))])
def test_a_split_of_a_series_and_what_it_converts_into(teller: Teller, reading: Switch, ratio: Q) -> None:
    # AMB-31: E 2:1, its price is 4.00: 6 shares are 6 * 2.075 / 4 of Common, or 6 * 4.15 / 4.
    there = Outstanding(frozenset(E), frozenset(E))
    told = teller.tell(
        [Issued(A, there)],
        [at(n=1, paid=0, n_E=6, k_E=2)],
        Readings(oip_adjusts_in_conversion=reading),
        {"E": "4"},
    )
    assert told.official("A") == 1 - 1 / (10 + 6 * ratio / 4 + 1)


def test_one_issue_in_parts(teller: Teller) -> None:
    # AMB-57: 2,000,000 at 2.00 over 29,055,000 is one issue; in two closings the second is over prices that have
    # fallen, and the preferred convert into more. The day and the price are the same; the first may be of three parts.
    once = (Q("4.15") * 29_055_000 + 4 * M) / 31_055_000
    second = {**full_issuance(n=M, paid=2 * M), "C": Q(11 * M)}
    rows = [full_issuance(n=M, paid=2 * M), second]
    parts = [Issued(ALL_SIX, ALL), Issued(ALL_SIX, ALL, joined=True)]
    assert teller.tell(parts, rows).official("E") == once
    apart = teller.tell([Issued(ALL_SIX, ALL)] * 2, rows)
    assert f"{float(once):.6f}" == "4.011536"
    assert f"{float(apart.official('E')):.6f}" == "4.011761"
    separate = teller.tell(parts, rows, Readings(same_day_issues=SameDayIssues.SEPARATE))
    assert separate.official("E") == apart.official("E")
    thirds = [{**full_issuance(n=M // 2, paid=M), "C": Q(10 * M + M // 2 * part)} for part in range(4)]
    joined = teller.tell([Issued(E, ALL), *[Issued(E, ALL, joined=True)] * 3], thirds)
    assert joined.official("E") == once
    assert joined.official("E", 2) == (Q("4.15") * 29_055_000 + 2 * M) / 30_055_000


def test_parts_of_one_issue_are_one_adjustment(teller: Teller) -> None:
    # 4.00 over 999 and three times 1 free, each less than a cent alone; one issue of 3 is 12 / 1,002.
    rows = [at(0, C=999 + part, n=1, paid=0) for part in range(3)]
    events = [Issued(E), Issued(E, joined=True), Issued(E, joined=True)]
    told = teller.tell(events, rows, Readings(cent_test=CentTest.INDIVIDUAL), {"E": "4"})
    assert [told.official("E", event) for event in (1, 2, 3)] == [4, 4, 4 - Q(12, 1002)]
    assert told.carried("E") == []


# One cent, and three years (3(d)(i)(B))

THOUSANDTH = {"C": Q(999), "n": Q(1), "paid": Q(0)}
"""One free share to 999: the price falls by one in a thousand."""


def thousandth(day: date | int) -> Row_:
    """Return the day of one free share to 999."""
    return {**at(day), **THOUSANDTH}


def test_what_is_below_one_cent_waits_for_more(teller: Teller) -> None:
    # 4.00 * .999 ** k: 3.996 and 3.992004 are less than a cent below 4.00, 3.988011996 is more; then it starts anew.
    told = teller.tell([Issued(E)] * 4, [thousandth(day) for day in range(4)], opening={"E": "4"})
    exact = [4 * Q(999, 1000) ** k for k in range(5)]
    assert [told.exact("E", event) for event in (1, 2, 3, 4)] == exact[1:]
    assert [told.official("E", event) for event in (1, 2, 3, 4)] == [4, 4, exact[3], exact[3]]
    assert told.carried("E") == [(exact[3] - exact[4], date(2002, 9, 4))]


def test_exactly_one_cent_is_made(teller: Teller) -> None:
    # 1.00 over 99: one free share takes off exactly .01.
    assert teller.tell([Issued(A)], [at(C=99, n=1, paid=0)]).official("A") == Q("0.99")
    assert teller.tell([Issued(A)], [at(C="99.01", n=1, paid=0)]).official("A") == 1


@pytest.mark.parametrize(
    ("test", "after"), [(CentTest.CUMULATIVE, Q("4.15") * 10_000 / 10_035), (CentTest.INDIVIDUAL, Q("4.15"))]
)
def test_each_alone_or_all_together(teller: Teller, test: CentTest, after: Q) -> None:
    # AMB-58 (a), in thousands: 20 free to 10,000 and 15 free to 10,020; together 4.1355.
    rows = [at(0, C=10_000, n=20, paid=0), at(9, C=10_020, n=15, paid=0)]
    told = teller.tell([Issued(E)] * 2, rows, Readings(cent_test=test))
    assert told.official("E", 1) == Q("4.15")
    assert told.official("E") == after
    assert told.exact("E") == Q("4.15") * 10_000 / 10_035


def test_three_years_of_months_alone(teller: Teller) -> None:
    # AMB-58 (a): 60,000 free a month to 29,055,000, 36 times: 4.15 * 29,055 / 31,215, and nothing made before year 3.
    months = [date(1999 + (8 + k) // 12, (8 + k) % 12 + 1, 1) for k in range(37)]
    rows = [at(day, C=29_055 + 60 * k, n=60, paid=0) for k, day in enumerate(months[:36])]
    events: list[Event] = [*[Issued(E)] * 36, Waited()]
    told = teller.tell(events, [*rows, at(months[36])], Readings(cent_test=CentTest.INDIVIDUAL))
    assert told.official("E", 36) == Q("4.15")
    assert told.exact("E", 36) == Q("4.15") * 29_055 / 31_215
    assert told.official("E") == told.exact("E")
    assert f"{float(told.official('E')):.6f}" == "3.862830"


@pytest.mark.parametrize(
    ("composition", "after", "about"),
    [
        (CentComposition.SHADOW, Q("42.5") / Q("11.02"), "3.856624"),
        (CentComposition.ADDITIVE, Q("42.583") / Q("11.02") - Q("0.083") / Q("10.02"), "3.855873"),
    ],
)
def test_how_what_is_carried_joins(teller: Teller, composition: CentComposition, after: Q, about: str) -> None:
    # AMB-58 (b): .02 free to 10, then 1 at 1.00 to 10.02. As if made: 41.5 and 1 over 11.02. Literally: 4.15 * 10.02
    # and 1 over 11.02, less the .083 / 10.02 that is carried.
    rows = [at(0, C=10, n="0.02", paid=0), at(1, C="10.02", n=1, paid=1)]
    told = teller.tell([Issued(E)] * 2, rows, Readings(cent_composition=composition))
    assert told.official("E") == told.exact("E") == after
    assert f"{float(after):.6f}" == about


@pytest.mark.parametrize(
    ("trigger", "composition", "exact"),
    [
        (CentTriggerPrice.OFFICIAL, CentComposition.SHADOW, Q("3.996")),
        (CentTriggerPrice.OFFICIAL, CentComposition.ADDITIVE, Q("3.996") - Q("0.002") * 100 / 1099),
        (CentTriggerPrice.SHADOW, CentComposition.SHADOW, Q("3.996")),
        (CentTriggerPrice.SHADOW, CentComposition.ADDITIVE, Q("3.996")),
    ],
)
def test_an_issue_between_the_two_prices(
    teller: Teller, trigger: CentTriggerPrice, composition: CentComposition, exact: Q
) -> None:
    # 4.00 with .004 carried, and 100 shares at 3.998 to 999: below 4.00 and not below 3.996. Literally, 4.00 falls by
    # .002 * 100 / 1,099; as if all were made, the formula would raise 3.996, and nothing may.
    rows = [thousandth(0), at(1, C=999, n=100, paid="399.8")]
    readings = Readings(cent_trigger_price=trigger, cent_composition=composition)
    told = teller.tell([Issued(E)] * 2, rows, readings, {"E": "4"})
    assert told.official("E") == 4
    assert told.exact("E") == exact


def test_shadow_trigger_with_additive_composition(teller: Teller) -> None:
    # An issue at 3.99 is below either price: the official 4.00 falls by .01 * 100 / 1,099, whatever is compared.
    rows = [thousandth(0), at(1, C=999, n=100, paid=399)]
    readings = Readings(cent_trigger_price=CentTriggerPrice.SHADOW, cent_composition=CentComposition.ADDITIVE)
    told = teller.tell([Issued(E)] * 2, rows, readings, {"E": "4"})
    assert told.exact("E") == Q("3.996") - Q(1, 1099)


FIRST, SECOND, THIRD = date(1999, 3, 1), date(1999, 4, 1), date(1999, 5, 1)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (CentAnniversary.ALL, [4, "3.988011996", "3.988011996", "3.988011996"]),
        (CentAnniversary.ITEM, [4, "3.996", "3.992004", "3.988011996"]),
    ],
)
def test_three_anniversaries(teller: Teller, reading: CentAnniversary, expected: list[int | str]) -> None:
    # AMB-104: three adjustments below a cent (.004, .003996, .003992004), each tested alone.
    days = [FIRST, SECOND, THIRD]
    waits = [date(2002, 2, 28), date(2002, 3, 1), date(2002, 4, 1), date(2002, 5, 1)]
    events: list[Event] = [*[Issued(E)] * 3, *[Waited()] * 4]
    rows = [*[thousandth(day) for day in days], *[at(day) for day in waits]]
    told = teller.tell(events, rows, Readings(cent_test=CentTest.INDIVIDUAL, cent_anniversary=reading), {"E": "4"})
    assert [told.official("E", event) for event in (4, 5, 6, 7)] == [Q(each) for each in expected]
    at_once = teller.tell(
        [*[Issued(E)] * 3, Waited()], [*rows[:3], at(waits[3])],
        Readings(cent_test=CentTest.INDIVIDUAL, cent_anniversary=reading), {"E": "4"},
    )  # fmt: skip
    assert at_once.official("E") == Q("3.988011996")


def test_what_comes_after_an_anniversary_has_its_own(teller: Teller) -> None:
    # 2 March 1999 and 1 March 2002 are within three years, 3 March 2002 is after the first is made: two dates.
    days = [date(1999, 3, 2), date(2002, 3, 1), date(2002, 3, 3), date(2005, 3, 2), date(2005, 3, 3)]
    events: list[Event] = [Issued(E), Issued(E), Issued(E), Waited(), Waited()]
    rows = [*[thousandth(day) for day in days[:3]], *[at(day) for day in days[3:]]]
    told = teller.tell(events, rows, opening={"E": "4"})
    assert [told.official("E", event) for event in (1, 2, 3, 4, 5)] == [
        4, 4, Q("3.992004"), Q("3.992004"), Q("3.988011996"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2000, 2, 28), date(2003, 2, 28)),
        (date(2000, 2, 29), date(2003, 2, 28)),
        (date(2000, 3, 1), date(2003, 3, 1)),
        (date(1999, 2, 28), date(2002, 2, 28)),
        (date(2001, 3, 1), date(2004, 3, 1)),
        (date(2001, 2, 28), date(2004, 2, 28)),
    ],
)
def test_made_on_the_day_and_not_before(teller: Teller, day: date, due: date) -> None:
    # AMB-100: three years from a 29 February end on the 28th.
    rows = [thousandth(day), at(due - timedelta(days=1)), at(due)]
    told = teller.tell([Issued(E), Waited(), Waited()], rows, opening={"E": "4"})
    assert [told.official("E", event) for event in (2, 3)] == [4, Q("3.996")]


def test_anniversaries_of_every_day() -> None:
    # The calendar of the standard library, for eight years around a century that is and one that is no leap year.
    day, year, years = sympy.symbols("day year years")
    form = anniversary(day, years, leap_days(year), leap_days(year + years))
    for start in (date(1996, 1, 1), date(2096, 1, 1)):
        for offset in range(0, 8 * 365, 3):
            on = start + timedelta(days=offset)
            for later in (1, 3, 4):
                leaps_away = (on.month, on.day) == (2, 29) and later != 4
                there = on.replace(year=on.year + later, day=28 if leaps_away else on.day)
                values = {"day": on.toordinal(), "year": year_of(on), "years": later}
                if (on.month, on.day) != (2, 29) or later != 4 or there.month == 2:
                    assert evaluate(form, values) == there.toordinal()


def test_what_falls_due_is_made_before_what_happens_that_day(teller: Teller) -> None:
    # AMB-105: .004 falls due on the day of an issue at 3.998, which is then not below the price; and a free share more
    # takes off .003996, which is carried, since nothing else is any more.
    day, due = date(1999, 3, 1), date(2002, 3, 1)
    told = teller.tell(
        [Issued(E), Issued(E), Issued(E)],
        [thousandth(day), at(due, C=999, n=100, paid="399.8"), thousandth(due)],
        opening={"E": "4"},
    )
    assert [told.official("E", event) for event in (2, 3)] == [Q("3.996")] * 2
    assert told.carried("E") == [(Q("0.003996"), date(2005, 3, 1))]


def test_what_is_carried_at_the_opening(teller: Teller) -> None:
    # 4.00 with .002, .003 and .001 carried since 1997 and 1998: a free share to 999 takes off .003994, in all .009994;
    # a second one .003990006, which makes a cent. Or else .006 is made when the first is three years old.
    carried = {"E": [(Q("0.002"), date(1997, 5, 1)), (Q("0.003"), date(1998, 5, 1)), (Q("0.001"), date(1998, 6, 1))]}
    told = teller.tell([Issued(E)] * 2, [thousandth(0), thousandth(1)], opening={"E": "4"}, carried=carried)
    assert told.official("E", 1) == 4
    assert told.official("E") == 4 - Q("0.006") - Q("0.003994") - Q("0.003990006")
    waited = teller.tell([Waited()], [at(date(2000, 5, 1))], opening={"E": "4"}, carried=carried)
    assert waited.official("E") == Q("3.994")
    item = Readings(cent_anniversary=CentAnniversary.ITEM)
    waited = teller.tell([Waited()], [at(date(2001, 5, 1))], item, {"E": "4"}, carried)
    assert waited.official("E") == Q("3.995")
    assert waited.carried("E") == [(Q("0.001"), date(2001, 6, 1))]


# Splits (3(d)(iii), 3(d)(iv))


def test_splits_combinations_and_dividends(teller: Teller) -> None:
    # 2:1, 1:3, and a dividend of 1 to 10: 1.00 / 2 * 3 * 10 / 11; the same of each series.
    events: list[Event] = [Split(), Split(), StockDividend()]
    rows = [at(0, factor=2), at(1, factor=Q(1, 3)), at(2, factor=Q(11, 10), increase=1)]
    told = teller.tell(events, rows)
    for name, price in {"A": "1", "B": "1.43", "C": "1.91", "D": "2.75", "E": "4.15", "F": "8.25"}.items():
        assert told.official(name) == told.exact(name) == Q(price) * Q(3, 2) * Q(10, 11)


@pytest.mark.parametrize(
    ("base", "after", "about"),
    [
        (StockDividendBase.COMMON_ONLY, Q(10, 11), "0.909091"),
        (StockDividendBase.FULLY_CONVERTED, Q(29_055, 30_055), "0.966728"),
    ],
)
def test_the_base_of_a_stock_dividend(teller: Teller, base: StockDividendBase, after: Q, about: str) -> None:
    # AMB-73: 1,000,000 on 10,000,000, or on all as converted.
    rows = [full_issuance(increase=M, factor=Q(11, 10))]
    told = teller.tell([StockDividend(ALL)], rows, Readings(stock_dividend_base=base))
    assert told.official("A") == after
    assert f"{float(after):.6f}" == about


def test_one_cent_does_not_scale_and_what_is_carried_does(teller: Teller) -> None:
    # TH-AD-23: 100,000 free to 29,055,000 take .014234 off 4.15, and after 2:1 half of that: made, and carried.
    made = teller.tell([Issued(E), Split()], [at(C=29_055, n=100, paid=0), at(1, factor=2)])
    held = teller.tell([Split(), Issued(E)], [at(0, factor=2), at(1, C=58_110, n=200, paid=0)])
    assert made.official("E") == Q("2.075") * 29_055 / 29_155 == held.exact("E")
    assert held.official("E") == Q("2.075")
    # AMB-58 (e): .004 carried before 2:1 is .002 after it, and 1:4 makes it .008.
    told = teller.tell(
        [Issued(E), Split(), Split()], [thousandth(0), at(1, factor=2), at(2, factor=Q(1, 4))], opening={"E": "4"}
    )
    assert [told.official("E", event) for event in (2, 3)] == [2, 8]
    assert told.carried("E") == [(Q("0.008"), date(2002, 9, 1))]


def test_a_combination_makes_a_cent_of_what_is_carried(teller: Teller) -> None:
    # AMB-106: .004 is .016 after 1:4; it waits for the next issue below the price, however small, or its third year.
    rows = [thousandth(0), at(1, factor=Q(1, 4)), at(2), at(3, C=999, n=1, paid="15.99")]
    told = teller.tell([Issued(E), Split(), Waited(), Issued(E)], rows, opening={"E": "4"})
    assert [told.official("E", event) for event in (2, 3)] == [16, 16]
    assert told.official("E") == told.exact("E") == Q("15.984")  # 15.99 is below 16 and not below 15.984.
    rows[3] = at(date(2002, 9, 1))
    assert teller.tell([Issued(E), Split(), Waited(), Waited()], rows, opening={"E": "4"}).official("E") == Q("15.984")


def test_one_cent_for_splits(teller: Teller) -> None:
    # AMB-58 (f): a dividend of one in a hundred takes 1 / 101 off 1.00, less than a cent; a second one makes .0197.
    rows = [at(day, C=100, increase=1, factor=Q(101, 100)) for day in (0, 1)]
    told = teller.tell([StockDividend()] * 2, rows, Readings(cent_scope=Switch.YES))
    assert [told.official("A", event) for event in (1, 2)] == [1, Q(100, 101) ** 2]
    assert [told.official("F", event) for event in (1, 2)] == [Q("8.25") * Q(100, 101) ** k for k in (1, 2)]
    alone = teller.tell([StockDividend()] * 2, rows, Readings(cent_scope=Switch.YES, cent_test=CentTest.INDIVIDUAL))
    assert alone.official("A") == 1
    # AMB-58 (e): what was carried is divided by the second split; 1 / 101 off 1.00 is carried anew.
    assert [amount for amount, _ in alone.carried("A")] == [Q(100, 10_201), Q(1, 101)]
    # A combination back raises it by .0099, which leaves nothing.
    back = teller.tell(
        [StockDividend(), Split()], [rows[0], at(1, factor=Q(100, 101))], Readings(cent_scope=Switch.YES)
    )
    assert back.official("A") == back.exact("A") == 1


def test_one_cent_for_splits_with_additive_composition(teller: Teller) -> None:
    # What the split takes off the official price, 1 / 101 of 1.00, is compared alone: less than a cent; of 1.02 it is
    # more. The price as if all were made is divided, however it is composed.
    readings = Readings(cent_scope=Switch.YES, cent_test=CentTest.INDIVIDUAL, cent_composition=CentComposition.ADDITIVE)
    rows = [at(0, C=199, n=1, paid=0), at(1, factor=Q(101, 100))]
    told = teller.tell([Issued(A), Split()], rows, readings, {"A": "1.0099"})
    assert told.official("A") == 1 * Q("1.0099")
    assert told.exact("A") == Q("1.0099") * Q(199, 200) * Q(100, 101)
    told = teller.tell([Issued(A), Split()], rows, readings, {"A": "1.0101"})
    assert told.official("A") == Q("1.0101") * Q(199, 200) * Q(100, 101)


# Purchase Dates


def test_after_a_purchase_date_is_a_later_day(teller: Teller) -> None:
    # AMB-123: an issue and a split on the Purchase Date of B do not count for it, on the next day they do.
    bought = {"B": DAY, "D": DAY + timedelta(days=9)}
    rows = [at(0, n=1, paid=0), at(0, factor=2), at(1, n=1, paid=0), at(1, factor=2)]
    told = teller.tell([Issued(ALL_SIX), Split(), Issued(ALL_SIX), Split()], rows, bought=bought)
    assert told.official("B") == Q("1.43") * Q(10, 11) / 2
    assert told.official("D") == Q("2.75")
    assert told.official("A") == Q(10, 11) ** 2 / 4


def test_rights_older_than_a_series(teller: Teller) -> None:
    # AMB-62: deemed issued on the Purchase Date, and whatever becomes of the rights later adjusts nothing.
    events = [Granted("w", ("B", "E")), Vested("w"), Changed("w", STRIKE_ONLY), Expired("w")]
    rows = [
        at(0, n=1, exercisable=1, strike="0.5", grant=0),
        at(1, exercisable=1),
        at(2, strike="0.25"),
        at(3),
    ]
    for vesting in Vesting:
        told = teller.tell(events, rows, Readings(vesting=vesting), bought={"B": DAY})
        assert [told.official("B", event) for event in (1, 2, 3, 4)] == [Q("1.43")] * 4
        assert told.official("E", 3) == (Q("41.5") + Q("0.25")) / 11
    none = teller.tell([Granted("w", ()), Changed("w", STRIKE_ONLY), Expired("w")], [rows[0], rows[2], rows[3]])
    assert [none.official("E", event) for event in (1, 2, 3)] == [Q("4.15")] * 3


# Rights (3(d)(i)(E))

QUARTER = Granted("w", E, part=True)


@pytest.mark.parametrize(
    ("vesting", "at_once", "in_the_end"),
    [
        (Vesting.RECOMPUTE_ON_VEST, Q("41.75") / Q("10.25"), Q("42.5") / 11),
        (Vesting.COUNT_ALL, Q("42.5") / 11, Q("42.5") / 11),
        (Vesting.IGNORE_LATER, Q("41.75") / Q("10.25"), Q("41.75") / Q("10.25")),
    ],
)
def test_what_becomes_exercisable_later(teller: Teller, vesting: Vesting, at_once: Q, in_the_end: Q) -> None:
    # AMB-60: 1,000,000 rights at 1.00 to 10,000,000, a quarter exercisable, then all: 4.073171 and 3.863636.
    rows = [at(0, n=1, exercisable="0.25", strike=1, grant=0), at(400, exercisable=1)]
    told = teller.tell([QUARTER, Vested("w")], rows, Readings(vesting=vesting))
    assert [told.official("E", event) for event in (1, 2)] == [at_once, in_the_end]


def test_quarters_that_are_deemed_issued_one_by_one(teller: Teller) -> None:
    # AMB-60: four times .25 at 1.00, each over 10: the distance from 1.00 falls by 10 / 10.25 each time.
    rows = [at(0, n=1, exercisable="0.25", strike=1, grant=0)]
    rows += [at(part, exercisable=Q(part + 1, 4)) for part in (1, 2, 3)]
    told = teller.tell(
        [QUARTER, Vested("w"), Vested("w"), Vested("w")], rows, Readings(vesting=Vesting.FORWARD_ON_VEST)
    )
    assert told.official("E") == 1 + Q("3.15") * (10 / Q("10.25")) ** 4
    assert f"{float(told.official('E')):.6f}" == "3.853745"


def test_quarters_that_end_or_change(teller: Teller) -> None:
    # Three quarters vested, deemed issued over 10, 20 and 40; then 2 of them are exercised (.5) and the rest ends: the
    # first two quarters remain, and the third one was never issued. Changed to .50 before: 1.00 and .50 on halves.
    grant = at(0, n=1, exercisable="0.25", strike=1, grant=0)
    vests = [at(1, C=20, exercisable="0.5"), at(2, C=40, exercisable="0.75")]
    forward = Readings(vesting=Vesting.FORWARD_ON_VEST)
    events: list[Event] = [QUARTER, Vested("w"), Vested("w"), Exercised("w"), Expired("w")]
    told = teller.tell(events, [grant, *vests, at(3, n="0.5", paid="0.5"), at(4)], forward)
    first = (Q("41.5") + Q("0.25")) / Q("10.25")
    second = (first * 20 + Q("0.25")) / Q("20.25")
    assert told.official("E", 3) == (second * 40 + Q("0.25")) / Q("40.25")
    assert told.official("E") == second
    events = [QUARTER, Vested("w"), Exercised("w"), Changed("w", STRIKE_ONLY)]
    told = teller.tell(events, [grant, vests[0], at(3, n="0.125", paid="0.125"), at(4, strike="0.5")], forward)
    first = (Q("41.5") + Q("0.125") + Q("0.0625")) / Q("10.25")
    assert told.official("E") == (first * 20 + Q("0.125")) / Q("20.25")


def test_quarters_of_rights_older_than_a_series(teller: Teller) -> None:
    # AMB-62: what becomes exercisable after the Purchase Date of rights granted on it counts for other series alone.
    rows = [at(0, n=1, exercisable="0.25", strike=1, grant=0), at(1, exercisable="0.5")]
    events = [Granted("w", ("B", "E"), part=True), Vested("w")]
    told = teller.tell(events, rows, Readings(vesting=Vesting.FORWARD_ON_VEST), bought={"B": DAY})
    assert told.official("B") == Q("1.43")
    assert told.official("E") == 1 + Q("3.15") * (10 / Q("10.25")) ** 2


@pytest.mark.parametrize("replay", [Replay.FULL, Replay.RATIO, Replay.ADDITIVE])
def test_quarters_that_all_end(teller: Teller, replay: Replay) -> None:
    # Three of them over 10, 20 and 40 and nothing else: 4.15 comes back.
    rows = [at(0, n=1, exercisable="0.25", strike=1, grant=0)]
    rows += [at(1, C=20, exercisable="0.5"), at(2, C=40, exercisable="0.75"), at(3)]
    readings = Readings(vesting=Vesting.FORWARD_ON_VEST, replay=replay)
    told = teller.tell([QUARTER, Vested("w"), Vested("w"), Expired("w")], rows, readings)
    assert told.official("E", 3) < told.official("E", 2) - Q("0.01")
    assert told.official("E") == Q("4.15")


def test_a_change_that_gives_more_after_quarters(teller: Teller) -> None:
    # .25 at the grant over 10, .25 more over 20; then 1.5 exercisable: the 1 more goes with the grant. With nothing
    # exercisable at first and the whole price of the grant on what is, it comes with the first that vest.
    forward = Readings(vesting=Vesting.FORWARD_ON_VEST)
    rows = [at(0, n=1, exercisable="0.25", strike=1, grant=0), at(1, C=20, exercisable="0.5")]
    changed = Changed("w", frozenset({"deliverable", "exercisable"}))
    told = teller.tell([QUARTER, Vested("w"), changed], [*rows, at(2, deliverable=2, exercisable="1.5")], forward)
    first = (Q("41.5") + Q("1.25")) / Q("11.25")
    assert told.official("E") == (first * 20 + Q("0.25")) / Q("20.25")
    rows = [at(0, n=1, exercisable=0, strike=1, grant="0.5"), at(1, exercisable="0.5")]
    readings = Readings(vesting=Vesting.FORWARD_ON_VEST, grant_alloc=GrantAlloc.ALL_TO_EXERCISABLE)
    told = teller.tell([QUARTER, Vested("w")], rows, readings)
    assert [told.official("E", event) for event in (1, 2)] == [Q("4.15"), Q("42.5") / Q("10.5")]


def test_more_exercised_than_was_deemed_issued(teller: Teller) -> None:
    # A quarter of 1 is deemed issued, all vests unnoticed and is exercised: none is left to be issued. Sale at 2.00.
    readings = Readings(vesting=Vesting.IGNORE_LATER, weighted_average_base=WeightedAverageBase.PLUS_DEEMED)
    rows = [
        at(0, n=1, exercisable="0.25", strike=5, grant=0),
        at(1, exercisable=1),
        at(2, n=1, paid=5),
        at(3, n=1, paid=2),
    ]
    told = teller.tell([QUARTER, Vested("w"), Exercised("w"), Issued(E)], rows, readings)
    assert told.official("E") == Q("43.5") / 11


def test_what_tells_nothing_new_recomputes_nothing(teller: Teller) -> None:
    # As in the restatement of a cent below, 3.988016 is in effect and 3.996 exact when 100 are sold at 3.99, which is
    # not below it, and would have been below 4.00. Rights at 5.00 that are all exercised and then end change nothing.
    rows = [
        thousandth(0), at(1, C=996, n=4, strike=2, grant=0), at(2), at(3, C=999, n=100, paid=399),
        at(4, n=1, strike=5, grant=0), at(5, n=1, paid=5), at(6),
    ]  # fmt: skip
    events = [Issued(E), Granted("w", E), Expired("w"), Issued(E), Granted("v", E), Exercised("v"), Expired("v")]
    told = teller.tell(events, rows, opening={"E": "4"})
    assert [told.exact("E", event) for event in (3, 4, 7)] == [Q("3.996")] * 3
    assert told.official("E") == Q("3.988016")


@pytest.mark.parametrize(
    ("alloc", "after", "about"),
    [
        (GrantAlloc.PRO_RATA, Q("41.5") + Q("0.275"), "4.075610"),
        (GrantAlloc.ALL_TO_EXERCISABLE, Q("41.5") + Q("0.35"), "4.082927"),
    ],
)
def test_the_price_of_the_grant(teller: Teller, alloc: GrantAlloc, after: Q, about: str) -> None:
    # AMB-61: 100,000 paid for the grant, a quarter exercisable at 1.00: 1.10 or 1.40 a share.
    rows = [at(0, n=1, exercisable="0.25", strike=1, grant="0.1")]
    told = teller.tell([QUARTER], rows, Readings(grant_alloc=alloc))
    assert told.official("E") == after / Q("10.25")
    assert f"{float(told.official('E')):.6f}" == about


@pytest.mark.parametrize(
    ("alloc", "after", "with_rest"),
    [
        (GrantAlloc.PRO_RATA, Q(421, 104), (Q("41.5") + Q("0.7") + Q("0.35")) / Q("10.7")),
        (GrantAlloc.ALL_TO_EXERCISABLE, Q(53, 13), (Q("41.5") + Q("0.7") + Q("0.5")) / Q("10.7")),
    ],
)
def test_the_price_of_the_grant_when_some_lapse(teller: Teller, alloc: GrantAlloc, after: Q, with_rest: Q) -> None:
    # AMB-143: 1,000,000 at 1.00, 500,000 paid for them, 400,000 exercised and the rest ends: 600,000 or 900,000 for
    # 400,000 shares. If 300,000 of the rest remain: 700,000 shares, and 7/10 or all of the 500,000.
    rows = [at(0, n=1, strike=1, grant="0.5"), at(1, n="0.4", paid="0.4"), at(2)]
    readings = Readings(grant_alloc=alloc)
    grant, exercise = Granted("w", E), Exercised("w")
    assert teller.tell([grant, exercise, Expired("w")], rows, readings).official("E") == after
    rows[2] = at(2, deliverable="0.3", exercisable="0.3")
    assert teller.tell([grant, exercise, Expired("w", left=True)], rows, readings).official("E") == with_rest
    # All of it lapses in two parts, nothing exercised: nothing was paid for anything, and the price is what it was.
    rows = [at(0, n=1, strike=1, grant="0.5"), at(1, deliverable="0.5", exercisable="0.5"), at(2)]
    told = teller.tell([grant, Expired("w", left=True), Expired("w")], rows, readings)
    part = Q("0.25") if alloc is GrantAlloc.PRO_RATA else Q("0.5")
    assert told.official("E", 2) == (Q("41.5") + Q("0.5") + part) / Q("10.5")
    assert told.official("E") == Q("4.15")


@pytest.mark.parametrize(
    ("replay", "low_sale", "high_sale"),
    [
        (Replay.FULL, Q("43.5") / 11, (Q("41.5") + Q("3.9")) / 11),
        (Replay.RATIO, (Q("42.5") / 11 * 10 + 2) / 11 * Q("4.15") / (Q("42.5") / 11), Q("4.15")),
        (Replay.ADDITIVE, (Q("42.5") / 11 * 10 + 2) / 11 + Q("4.15") - Q("42.5") / 11, Q("4.15")),
        (Replay.NONE, (Q("42.5") / 11 * 10 + 2) / 11, Q("42.5") / 11),
    ],
)
def test_when_rights_lapse_after_a_sale(teller: Teller, replay: Replay, low_sale: Q, high_sale: Q) -> None:
    # AMB-63, N = 10 throughout: 1,000,000 options at 1.00, then 1,000,000 sold at 2.00, or at 3.90, which is below 4.15
    # and not below 3.8636; then the options lapse. 3.954545, 3.968021, 3.980579, 3.694215; 4.127273, 4.15.
    for paid, expected in ((Q(2), low_sale), (Q("3.9"), high_sale)):
        rows = [at(0, n=1, strike=1, grant=0), at(1, n=1, paid=paid), at(2)]
        told = teller.tell([Granted("w", E), Issued(E), Expired("w")], rows, Readings(replay=replay))
        assert told.official("E") == expected


@pytest.mark.parametrize("replay", [Replay.FULL, Replay.RATIO, Replay.ADDITIVE])
def test_what_ends_unused_leaves_nothing(teller: Teller, replay: Replay) -> None:
    # TH-AD-26, TH-AD-27, TH-AD-32: nothing follows but splits, one of them a dividend; and what is all exercised stays.
    rows = [at(0, n=1, strike="0.9", grant="0.05"), at(1, factor=2), at(2, C=20, increase=10, factor=Q(3, 2)), at(3)]
    events: list[Event] = [Granted("w", ALL_SIX), Split(), StockDividend(), Expired("w")]
    told = teller.tell(events, rows, Readings(replay=replay))
    for name, price in {"A": "1", "B": "1.43", "C": "1.91", "D": "2.75", "E": "4.15", "F": "8.25"}.items():
        assert told.official(name) == told.exact(name) == Q(price) / 3
    used = at(3, n=3, paid="0.9")
    events[3:] = [Exercised("w"), Expired("w")]
    told = teller.tell(events, [*rows[:3], used, at(4)], Readings(replay=replay))
    assert told.official("E") == (Q("41.5") + Q("0.95")) / 11 / 3


def test_a_lapse_can_lower_another_price(teller: Teller) -> None:
    # TH-AD-31: 1,000 E, 1,500,000 F, 100,000 Common; 10,000,000 options at 4.05, then 2,000,000 at .01, then the
    # options lapse. Without them E and F are what the second issue alone makes of 4.15 and 8.25.
    there = Outstanding(frozenset(("E", "F")))
    numbers = {"C": 100_000, "n_E": 1_000, "n_F": 1_500_000}
    rows = [
        at(0, n=10 * M, strike="4.05", grant=0, **numbers),
        at(1, n=2 * M, paid=20_000, **numbers),
        at(2),
    ]
    told = teller.tell([Granted("w", ("E", "F"), there), Issued(("E", "F"), there), Expired("w")], rows)
    assert f"{float(told.official('E', 2)):.6f}" == "2.365527"
    assert f"{float(told.official('E')):.6f}" == "1.850639"
    assert told.official("E") == (Q("4.15") * 1_601_000 + 20_000) / 3_601_000


def test_a_lapse_reaches_a_price_by_way_of_another(teller: Teller) -> None:
    # 1 Common, 1 E; 9 free rights that count for E: 4.15 * 2 / 11, so that E is 5.5 Common. 1 at 1.00 that counts for F
    # is over 6.5; when the rights lapse, over 2.
    there = Outstanding(frozenset(E))
    rows = [at(0, C=1, n_E=1, n=9, strike=0, grant=0), at(1, C=1, n_E=1, n=1, paid=1), at(2)]
    told = teller.tell([Granted("w", E, there), Issued(("F",), there), Expired("w")], rows)
    assert told.official("F", 2) == (Q("8.25") * Q("6.5") + 1) / Q("7.5")
    assert [told.official("E"), told.official("F")] == [Q("4.15"), (Q("8.25") * 2 + 1) / 3]


def test_more_or_fewer_shares(teller: Teller) -> None:
    # AMB-142: 1 at 1.00 to 10, wholly exercisable; 2 instead: (41.5 + 2) / 12 = 29/8; then a half: 42 / 10.5 = 4.
    rows = [at(0, n=1, strike=1, grant=0), at(1, deliverable=2), at(2, deliverable="0.5")]
    told = teller.tell([Granted("w", E), *[Changed("w", NUMBER_ONLY)] * 2], rows)
    assert [told.official("E", event) for event in (2, 3)] == [Q(29, 8), 4]
    # Of 1, a quarter exercisable: 2 deliverable change nothing, .125 leave no more than that. Of 1, all by vesting: 2.
    first = at(0, n=1, exercisable="0.25", strike=1, grant=0)
    told = teller.tell([QUARTER, *[Changed("w", NUMBER_ONLY)] * 2], [first, rows[1], at(2, deliverable="0.125")])
    assert [told.official("E", event) for event in (2, 3)] == [Q("41.75") / Q("10.25"), Q("41.625") / Q("10.125")]
    told = teller.tell([QUARTER, Vested("w"), Changed("w", NUMBER_ONLY)], [first, at(1, exercisable=1), rows[1]])
    assert told.official("E") == Q(29, 8)


def test_a_change_counts_where_vesting_does_not(teller: Teller) -> None:
    # AMB-146: 5,000,000 Common, 1,000,000 rights at .50 changed to 3,000,000 exercisable: (5 + 1.5) / 8 = 13/16.
    readings = Readings(vesting=Vesting.IGNORE_LATER)
    both = frozenset({"deliverable", "exercisable"})
    rows = [at(0, C=5, n=1, strike="0.5", grant=0), at(30, C=5, deliverable=3, exercisable=3)]
    assert teller.tell([Granted("w", A), Changed("w", both)], rows, readings).official("A") == Q(13, 16)
    # A change of the price alone leaves the number: half of 1 exercisable, all vested, then .25: (5 + .125) / 5.5.
    rows = [
        at(0, C=5, n=1, exercisable="0.5", strike="0.5", grant=0),
        at(1, exercisable=1),
        at(2, strike="0.25"),
    ]
    told = teller.tell([Granted("w", A, part=True), Vested("w"), Changed("w", STRIKE_ONLY)], rows, readings)
    assert told.official("A") == Q("5.125") / Q("5.5")


def test_what_was_exercised_keeps_its_price(teller: Teller) -> None:
    # 1 at 1.00, .4 exercised for .4, the rest repriced to .50: (41.5 + .4 + .3) / 11; then .2 exercised for .1 and the
    # rest ends: .6 issued for .5. In units after 2:1 the same rights are 1.2 at .25.
    rows = [
        at(0, n=1, strike=1, grant=0),
        at(1, n="0.4", paid="0.4"),
        at(2, factor=2),
        at(3, strike="0.25"),
        at(4, n="0.4", paid="0.1"),
        at(5),
    ]
    events = [Granted("w", E), Exercised("w"), Split(), Changed("w", STRIKE_ONLY), Exercised("w"), Expired("w")]
    told = teller.tell(events, rows)
    assert told.official("E", 4) == told.official("E", 5) == (Q("41.5") + Q("0.7")) / 11 / 2
    assert told.official("E") == (Q("41.5") + Q("0.5")) / Q("10.6") / 2


@pytest.mark.parametrize("doubled", [Split(), StockDividend()])
def test_a_dividend_scales_rights_as_a_split_does(teller: Teller, doubled: Event) -> None:
    # AMB-144: after doubling, 1 at 1.00 are 2 at .50; a change to 4 at .25 is 2 at .50 of before: (41.5 + 1) / 12 / 2.
    rows = [
        at(0, n=1, strike=1, grant=0),
        at(1, factor=2, increase=10),
        at(2, deliverable=4, strike="0.25"),
        at(3, deliverable=2, strike="0.5"),
    ]
    terms = frozenset({"deliverable", "strike"})
    told = teller.tell([Granted("w", E), doubled, Changed("w", terms), Changed("w", terms)], rows)
    assert told.official("E", 3) == Q("42.5") / 12 / 2
    assert told.official("E") == Q("42.5") / 11 / 2


def test_a_dividend_of_rights_alone_scales_none(teller: Teller) -> None:
    rows = [at(0, n=1, strike=1, grant=0), at(1, factor=1, increase=10), at(2, deliverable=2)]
    told = teller.tell([Granted("w", E), StockDividend(), Changed("w", NUMBER_ONLY)], rows)
    assert told.official("E") == Q("43.5") / 12 / 2


def test_excluded_rights(teller: Teller) -> None:
    # Never deemed issued, whatever becomes of them, and no part of the base.
    rows = [
        at(0, n=5, strike=0, grant=0),
        at(1, exercisable=5),
        at(2, deliverable=9),
        at(3, n=1, paid=2),
        at(4, n=1, paid=1),
        at(5),
    ]
    events = [
        Granted("w", E, excluded=True), Vested("w"), Changed("w", NUMBER_ONLY), Issued(E), Exercised("w"), Expired("w"),
    ]  # fmt: skip
    told = teller.tell(events, rows, Readings(weighted_average_base=WeightedAverageBase.PLUS_DEEMED))
    assert [told.official("E", event) for event in range(1, 7)] == [Q("4.15")] * 3 + [Q("43.5") / 11] * 3


def test_shares_deemed_issued_in_the_base(teller: Teller) -> None:
    # AMB-53: 2 at 5.00 adjust nothing and count: (41.5 + 8.3 + 2) / 13. Half is exercised, and is Common at the second
    # sale, over 30; the other half, after 2:1, is 2 that are deemed issued. Then the rest ends.
    readings = Readings(weighted_average_base=WeightedAverageBase.PLUS_DEEMED)
    events = [Granted("w", E), Issued(E), Exercised("w"), Split(), Issued(E), Expired("w")]
    rows = [
        at(0, n=2, strike=5, grant=0),
        at(1, n=1, paid=2),
        at(2, n=1, paid=5),
        at(3, factor=2),
        at(4, C=30, n=1, paid=1),
        at(5),
    ]
    told = teller.tell(events, rows, readings)
    first = (Q("4.15") * 12 + 2) / 13
    assert told.official("E", 2) == first
    assert told.official("E", 5) == (first / 2 * 32 + 1) / 33
    # Known in the end: of the 2, one was deemed issued, and was not issued yet at the first sale. 1.9536 instead of
    # 1.9622, which is less than a cent.
    first = (Q("4.15") * 11 + 2) / 12
    assert told.exact("E") == (first / 2 * 30 + 1) / 31
    assert told.official("E") == told.official("E", 5)


def test_three_rights_and_what_becomes_of_them(teller: Teller) -> None:
    # 1 at 1.00, 2 at 2.00, 1 at 3.00, each over 10: prices p -> (10 p + n s) / (10 + n). Then the second ends, the
    # first is repriced to 2.00, the third ends: each time as if it had always been so.
    def after(price: Q, *issues: tuple[int, int]) -> Q:
        for n, paid in issues:
            price = (10 * price + n * paid) / (10 + n) if paid < price else price
        return price

    start = Q("4.15")
    events = [*[Granted(name, E) for name in "uvw"], Expired("v"), Changed("u", STRIKE_ONLY), Expired("w")]
    rows = [at(0, n=1, strike=1, grant=0), at(1, n=2, strike=2, grant=0), at(2, n=1, strike=3, grant=0)]
    told = teller.tell(events, [*rows, at(3), at(4, strike=2), at(5)])
    assert [told.official("E", event) for event in (3, 4, 5, 6)] == [
        after(start, (1, 1), (2, 2), (1, 3)), after(start, (1, 1), (1, 3)), after(start, (1, 2), (1, 3)),
        after(start, (1, 2)),
    ]  # fmt: skip


def test_a_restatement_below_one_cent(teller: Teller) -> None:
    # AMB-108: 1 free right to 999 takes .004 off 4.00, which is carried since its grant; a month later half of it ends,
    # and with 1/2 to 999 only 2 / 999.5 is taken off: the difference is carried from then. Item by item, the one is
    # made in its third year and then the other.
    grant, end = date(1999, 3, 1), date(1999, 4, 1)
    rows = [
        at(grant, C=999, n=1, strike=0, grant=0), at(end, deliverable="1/2", exercisable="1/2"),
        at(date(2002, 3, 1)), at(date(2002, 4, 1)),
    ]  # fmt: skip
    events = [Granted("w", E), Expired("w", left=True), Waited(), Waited()]
    told = teller.tell(events[:2], rows[:2], opening={"E": "4"})
    left = Q(2) / Q("999.5")
    assert told.carried("E") == [(Q("0.004"), date(2002, 3, 1)), (left - Q("0.004"), date(2002, 4, 1))]
    told = teller.tell(events, rows, opening={"E": "4"})
    assert [told.official("E", event) for event in (2, 3, 4)] == [4, 4 - left, 4 - left]
    told = teller.tell(events, rows, Readings(cent_anniversary=CentAnniversary.ITEM), {"E": "4"})
    assert [told.official("E", event) for event in (2, 3, 4)] == [4, Q("3.996"), 4 - left]


@pytest.mark.parametrize("anniversary", CentAnniversary)
def test_a_restatement_that_takes_back_all(teller: Teller, anniversary: CentAnniversary) -> None:
    # The same right, of which nothing is left: .004 less .004 is nothing, and nothing is carried or made.
    rows = [at(date(1999, 3, 1), C=999, n=1, strike=0, grant=0), at(date(1999, 4, 1)), at(date(2002, 3, 1))]
    readings = Readings(cent_anniversary=anniversary)
    told = teller.tell([Granted("w", E), Expired("w"), Waited()], rows, readings, {"E": "4"})
    assert told.carried("E") == []
    assert [told.official("E", event) for event in (2, 3)] == [4, 4]


def test_a_restatement_of_a_cent_makes_all(teller: Teller) -> None:
    # AMB-108: .004 carried; 4 rights at 2.00 to 996 take 3.996 to 3.988016, .011984 below 4.00, and all is made. They
    # end, and 3.996 comes back, which is .007984 higher and is carried.
    rows = [
        thousandth(0),
        at(1, C=996, n=4, strike=2, grant=0),
        at(2),
        thousandth(3),
        thousandth(4),
    ]
    told = teller.tell([Issued(E), Granted("w", E), Expired("w"), Issued(E), Issued(E)], rows, opening={"E": "4"})
    made = Q("3.996") * 996 / 1000 + Q("0.008")
    assert told.official("E", 2) == told.exact("E", 2) == made == Q("3.988016")
    assert [told.official("E", 3), told.exact("E", 3)] == [made, Q("3.996")]
    # Each free share takes off a thousandth: 3.992004 is above 3.988016 by .003988, 3.988011996 below it by .000004.
    assert [told.official("E", event) for event in (4, 5)] == [made, made]
    assert told.exact("E") == Q("3.988011996")


# Rounding (AMB-59)


@pytest.mark.parametrize(
    ("reading", "after"),
    [(CpRound.EXACT, Q("43.5") / 11), (CpRound.TEN_THOUSANDTH, Q("3.9545")), (CpRound.CENT, Q("3.95"))],
)
def test_a_rounded_price_is_the_price(teller: Teller, reading: CpRound, after: Q) -> None:
    # 1 at 2.00 to 10: 3.954545...; the next one, 1 at 3.00 to 10, starts from the rounded price.
    told = teller.tell([Issued(E)] * 2, [at(0, n=1, paid=2), at(1, n=1, paid=3)], Readings(cp_round=reading))
    assert told.official("E", 1) == told.exact("E", 1) == after
    second = (after * 10 + 3) / 11
    rounded = {CpRound.EXACT: second, CpRound.TEN_THOUSANDTH: Q("3.8677"), CpRound.CENT: Q("3.86")}
    assert told.official("E") == rounded[reading]


def test_halves_go_up_and_no_price_rises(teller: Teller) -> None:
    # 40 for 10 dollars to 9,960: 4.00 less 150 / 10,000 is 3.985: 3.99. 4.156 less .0005 in its third year is 4.1555:
    # not 4.16, which is higher.
    cent = Readings(cp_round=CpRound.CENT)
    half = teller.tell([Issued(E)], [at(0, C=9960, n=40, paid=10)], cent, {"E": "4"})
    assert half.official("E") == half.exact("E") == Q("3.99")
    carried = {"E": [(Q("0.0005"), DAY)]}
    told = teller.tell([Waited()], [at(date(2002, 9, 1))], cent, {"E": "4.156"}, carried)
    assert told.official("E") == told.exact("E") == Q("4.156")


def test_what_is_carried_is_not_rounded(teller: Teller) -> None:
    # 3.996 is carried to the full; in the third year 4.00 less .004 is rounded to a cent, 4.00, and all is done.
    rows = [thousandth(date(1999, 3, 1)), at(date(2002, 3, 1))]
    for anniversary_ in CentAnniversary:
        readings = Readings(cp_round=CpRound.CENT, cent_anniversary=anniversary_)
        told = teller.tell([Issued(E), Waited()], rows, readings, {"E": "4"})
        assert [told.exact("E", event) for event in (1, 2)] == [Q("3.996"), 4]
        assert told.official("E") == 4


# The sums


def test_an_adjustment_is_what_is_missing_over_all_shares() -> None:
    # The fraction of 3(d)(i)(A): (base + consideration / price) over (base + shares), times the price.
    p, n, s, c = sympy.symbols("p n s c", positive=True)
    assert sympy.simplify(after_issuance(p, n, s, c) - p * (n + c / p) / (n + s)) == 0


def test_many_issuances_are_one_average() -> None:
    # 4.00 over 10; 2 at 1.00, 3 at 2.00, 5 free: 48 dollars over 20 shares. Over bases of their own the second is over
    # 100, and the third does not count.
    issues = [(Q(2), Q(2)), (Q(3), Q(6)), (Q(5), Q(0))]
    as_terms = [(sympy.Rational(int(n)), sympy.Rational(int(paid))) for n, paid in issues]
    four, ten = sympy.Integer(4), sympy.Integer(10)
    assert composed(four, ten, as_terms) == sympy.Rational(48, 20)
    bases = [(sympy.Integer(1), ten, *as_terms[0]), (sympy.Integer(1), sympy.Integer(100), *as_terms[1])]
    bases.append((sympy.Integer(0), ten, *as_terms[2]))
    assert composed_over_bases(four, bases) == (sympy.Rational(42, 12) * 100 + 6) / 103
    assert after_splits(four, [sympy.Integer(2), sympy.Rational(1, 3)]) == 6


def test_which_issues_are_one(quintus: Charter) -> None:
    # AMB-111: the same day, price, Common but for what the first issued, and preferred.
    condition = joins(quintus, 1, 2, E, unknown("n", 1))
    same = {
        "on_1": 5,
        "on_2": 5,
        "n_1": 2,
        "n_2": 4,
        "paid_1": 3,
        "paid_2": 6,
        "C_1": 10,
        "C_2": 12,
        "n_E_1": 7,
        "n_E_2": 7,
    }
    assert holds(condition, same)
    for name in ("on_2", "paid_2", "C_2", "n_E_2"):
        assert not holds(condition, {**same, name: same[name] + 1})


# What the command prints, and how callers go on


def test_the_section_records_what_its_table_names(quintus: Charter) -> None:
    for readings in (Readings(), Readings(weighted_average_base=WeightedAverageBase.PLUS_ALL_OPTIONS)):
        listed = definitions("antidilution", quintus, readings)
        known = {u.symbol for u in section_unknowns("antidilution", quintus)}
        known |= {definition.symbol for definition in listed}
        assert set().union(*(definition.expression.free_symbols for definition in listed)) <= known
    names = {definition.name for definition in definitions("antidilution", quintus)}
    for stem in (
        "CP_A_2",
        "X_F_2",
        "OIP_E",
        "carried_B_since_1",
        "made_by_C_since_1",
        "after_one",
        "after_two",
        "least",
    ):
        assert stem in names
    assert "carried_A_since_1" in render("antidilution", quintus)


def test_a_copy_of_a_chain_goes_on_by_itself(teller: Teller) -> None:
    rows = [thousandth(date(1999, 3, 1)), at(date(2002, 3, 1)), thousandth(date(2001, 3, 1))]
    values: dict[str, Q | int] = {f"CP_{s.name}": s.original_issue_price.value for s in teller.charter.series}
    values |= teller.values([rows[0], rows[2]]) | {"CP_E": Q(4)}
    chain = Chain(History(teller.charter, Readings(), ()), Account(named=True))
    chain.event(1, Issued(E))
    asked = copy(chain)
    asked.event(2, Waited())
    chain.event(2, Issued(E))
    known = evaluate_all(chain.account.definitions, values)
    assert known["X_E_2"] == Q("3.992004")
    assert chain.state.prices["E"].exact == sympy.Symbol("X_E_2", real=True)
    values |= teller.values([rows[0], rows[1]])
    assert evaluate_all(asked.account.definitions, values)["CP_E_2"] == Q("3.996")


def test_an_account_must_name_its_steps(quintus: Charter) -> None:
    with pytest.raises(ValueError, match="names its steps"):
        Chain(History(quintus, Readings(), ()), Account())


# Drawn histories, against a walk


def chosen(draw: random.Random, count: int) -> Readings:
    """Draw readings of 3(d), a number of which may differ from the defaults."""
    names = [
        "ad_as_converted", "cent_anniversary", "cent_composition", "cent_test", "cent_trigger_price", "cent_scope",
        "cp_round", "grant_alloc", "replay", "same_day_issues", "stock_dividend_base", "vesting",
        "weighted_average_base", "oip_adjusts_in_conversion",
    ]  # fmt: skip
    return Readings(**{name: draw.choice(list(type(getattr(Readings(), name)))) for name in draw.sample(names, count)})


@dataclass
class Drawn:
    """Draw a history event by event, so that its numbers are possible."""

    draw: random.Random
    charter: Charter
    names: tuple[str, ...]
    day: date
    common: Q = Q(10_000)
    events: list[Event] = field(default_factory=list)
    rows: list[Row_] = field(default_factory=list)
    rights: dict[str, tuple[Q, Q]] = field(default_factory=dict)

    def one_more(self) -> None:
        """Draw one event."""
        pick = self.draw.choice
        self.day += timedelta(days=pick([0, 0, 1, 20, 200, 400, 700, 1095, 1096]))
        row: Row_ = {"on": self.day, "C": self.common, "options": Q(pick([0, 500, 3000]))}
        for name in self.names:
            row |= {f"n_{name}": Q(pick([0, 1000, 20_000, 300_000])), f"k_{name}": Q(pick([2, 3]), pick([1, 4]))}
        kinds = [*[self._issue] * 4, *[self._grant] * 3, self._wait, self._split, self._dividend]
        if self.rights:
            kinds += [*[self._vest] * 2, *[self._change] * 3, *[self._expire] * 2, *[self._exercise] * 2]
        if self.events and isinstance(self.events[-1], Issued) and self.rows[-1]["on"] == self.day:
            kinds += [self._join] * 8
        pick(kinds)(row)
        self.rows.append(row)

    def _there(self) -> Outstanding:
        preferred = frozenset(name for name in self.names if self.draw.random() < 0.8)
        splits = frozenset(name for name in preferred if self.draw.random() < 0.2)
        return Outstanding(preferred, splits, self.draw.random() < 0.3)

    def _some(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if self.draw.random() < 0.85)

    def _sold(self, row: Row_) -> None:
        row["n"] = n = Q(self.draw.choice([20, 60, 100, 300, 1000, 5000]))
        row["paid"] = n * self._price()
        self.common += n

    def _price(self) -> Q:
        prices = [self.charter.series_named(name).original_issue_price.value for name in self.names]
        low, high = min(prices), max(prices)
        return self.draw.choice([Q(0), low / 2, low * Q(9, 10), low * Q(99, 100), high * Q(99, 100), high * 2])

    def _issue(self, row: Row_) -> None:
        self._sold(row)
        self.events.append(Issued(self._some(), self._there()))

    def _join(self, row: Row_) -> None:
        self._sold(row)
        last = self.events[-1]
        assert isinstance(last, Issued)
        self.events.append(Issued(last.series, last.outstanding, joined=True))

    def _grant(self, row: Row_) -> None:
        n, part = Q(self.draw.choice([20, 60, 100, 300, 1000, 5000])), self.draw.random() < 0.5
        exercisable = n * Q(self.draw.choice([0, 1, 2, 3, 4]), 4) if part else n
        row |= {
            "n": n,
            "exercisable": exercisable,
            "strike": self._price(),
            "grant": Q(self.draw.choice([0, 0, 30, 100])),
        }
        name, excluded = f"w{len(self.events)}", self.draw.random() < 0.1
        series = self._some() if self.draw.random() < 0.9 else ()
        self.events.append(Granted(name, series, self._there(), part, excluded))
        self.rights[name] = n, exercisable

    def _wait(self, row: Row_) -> None:
        self.events.append(Waited())

    def _split(self, row: Row_) -> None:
        self.events.append(Split())
        self._scaled(row, self.draw.choice([Q(2), Q(1, 2), Q(3, 2), Q(101, 100), Q(99, 100), Q(1)]))

    def _dividend(self, row: Row_) -> None:
        row["increase"] = increase = self.common * self.draw.choice([Q(1), Q(1, 100), Q(1, 1000), Q(0)])
        self.events.append(StockDividend(self._there()))
        self._scaled(row, self.draw.choice([1 + increase / self.common, Q(1)]))

    def _scaled(self, row: Row_, factor: Q) -> None:
        row["factor"] = factor
        self.common *= factor
        self.rights = {name: (n * factor, exercisable * factor) for name, (n, exercisable) in self.rights.items()}

    def _vest(self, row: Row_) -> None:
        name = self.draw.choice(list(self.rights))
        n, exercisable = self.rights[name]
        row["exercisable"] = exercisable = exercisable + (n - exercisable) * self.draw.choice([Q(1), Q(1, 2), Q(1, 4)])
        self.events.append(Vested(name, self._there()))
        self.rights[name] = n, exercisable

    def _change(self, row: Row_) -> None:
        name = self.draw.choice(list(self.rights))
        n, exercisable = self.rights[name]
        terms = frozenset(self.draw.sample(["deliverable", "exercisable", "strike"], self.draw.choice([1, 1, 2, 3])))
        wholly = exercisable >= n
        if "strike" in terms:
            row["strike"] = self._price()
        if "deliverable" in terms:
            row["deliverable"] = n = self.draw.choice([Q(60), Q(300), n * 2, n / 2, n])
            exercisable = n if wholly else min(exercisable, n)
        if "exercisable" in terms:
            row["exercisable"] = exercisable = n * Q(self.draw.choice([0, 1, 2, 3, 4]), 4)
        self.events.append(Changed(name, terms))
        self.rights[name] = n, exercisable

    def _exercise(self, row: Row_) -> None:
        name = self.draw.choice(list(self.rights))
        n, exercisable = self.rights[name]
        row["n"] = used = exercisable * self.draw.choice([Q(1), Q(1, 2), Q(1, 3)])
        row["paid"] = used * self.draw.choice([Q(1), Q(1, 2), Q(3)])
        self.events.append(Exercised(name))
        self.common += used
        self.rights[name] = n - used, exercisable - used

    def _expire(self, row: Row_) -> None:
        name, left = self.draw.choice(list(self.rights)), self.draw.random() < 0.4
        n, exercisable = self.rights.pop(name)
        if left:
            n *= Q(self.draw.choice([1, 2, 3]), 4)
            exercisable = min(n, exercisable)
            row |= {"deliverable": n, "exercisable": exercisable}
            self.rights[name] = n, exercisable
        self.events.append(Expired(name, left))


@pytest.mark.parametrize("seed", range(60))
def test_drawn_histories_against_a_walk(teller: Teller, seed: int) -> None:
    draw = random.Random(seed)
    names = tuple(sorted(draw.sample(ALL_SIX, draw.choice([1, 2, 3, 3, 6]))))
    drawn = Drawn(draw, teller.charter, names, draw.choice([date(1999, 12, 5), date(2000, 2, 28), date(2000, 2, 29)]))
    for _ in range(draw.choice([3, 5, 8])):
        drawn.one_more()
    readings = chosen(draw, draw.choice([0, 1, 2, 3, 5, 9]))
    days = [row["on"] for row in drawn.rows]
    bought = {name: day for name in names if draw.random() < 0.15 and isinstance(day := draw.choice(days), date)}
    carried = {
        name: [(Q(draw.randint(1, 9), 1000), date(1998, month, draw.randint(1, 28))) for month in (2, 3, 9)]
        for name in names
        if draw.random() < 0.2
    }
    lengths = tuple((name, len(items)) for name, items in carried.items())
    history = History(teller.charter, readings, tuple(drawn.events), frozenset(bought), lengths)
    opening = {series.name: series.original_issue_price.value for series in teller.charter.series}
    books = Walk(history, drawn.rows, opening, carried, bought).prices()
    told = teller.tell(drawn.events, drawn.rows, readings, None, carried, bought)
    for event, after in enumerate(books, start=1):
        for name, book in after.items():
            assert (told.official(name, event), told.exact(name, event)) == (book.official, book.exact), (event, name)
    for name, book in books[-1].items():
        assert told.carried(name) == [(item.amount, item.due) for item in book.items if item.amount]
