"""Histories: what every kind of event does, and what stops one.

The figures are those of the registers, or are worked out by hand from the certificate.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import history
from reference.additional_stock import IssueFacts, Purpose, Warrant
from reference.antidilution import PriceState
from reference.cash_amounts import CashClaim, due_date, total_unpaid
from reference.charter import COMMON, Charter, faults
from reference.conversion_price import Carried
from reference.dividends import Declared
from reference.events import (
    ChangeRights,
    ConsentConversion,
    Convert,
    DeclareDividend,
    Distribute,
    ElectConversion,
    Event,
    ExerciseRights,
    ExpireRights,
    FundCashAmounts,
    Issue,
    IssueRights,
    PayDividend,
    PublicOffering,
    Recapitalize,
    Split,
    StockDividend,
    Transfer,
)
from reference.history import (
    ENTER,
    WORDS,
    RefusedEventError,
    State,
    at,
    converted_by_holder,
    fold,
    offered,
    opening,
    undeclared,
)
from reference.position import Holding, Position, Undeclared, full_issuance, outstanding
from reference.readings import (
    AdElection,
    CommonGateStage,
    ConsentTie,
    ConversionsAtClose,
    Daycount,
    InKindGate,
    IpoEffective,
    IpoOrder,
    IpoSize,
    PaidRights,
    Partial,
    Readings,
    StockDividendBase,
    Switch,
    WeightedAverageBase,
    Year,
)
from reference.refusal import Forbidden
from tests.strategies import examples

DEFAULT = Readings()
SEPTEMBER = date(1999, 9, 1)
EMPLOYEE = IssueFacts(Purpose.EMPLOYEE)

Holders = Mapping[str, Mapping[str, int]]


def day(number: int) -> date:
    return SEPTEMBER + timedelta(days=number)


def table(charter: Charter, holders: Holders, **more: object) -> Position:
    """Return the position in which holders, by name, hold shares by class."""
    holdings = tuple(Holding(who, stock, count) for who, own in holders.items() for stock, count in own.items())
    return Position(charter, outstanding(holdings), holdings=holdings, **more)  # type: ignore[arg-type]


def after(position: Position, *happened: Event, readings: Readings = DEFAULT) -> State:
    return fold(opening(position, readings), happened, readings)


def held(state: State, holder: str, stock: str = COMMON) -> int:
    return sum(own.shares for own in state.position.holdings if (own.holder, own.stock) == (holder, stock))


def price(state: State, name: str) -> Fraction:
    return state.position.conversion_prices[name]


def rounded(amount: Fraction | int, digits: int = 6) -> float:
    return float(round(Fraction(amount), digits))


def refused(position: Position, *happened: Event, readings: Readings = DEFAULT) -> tuple[int, str]:
    """Return the place of the event that is refused and the code, having checked that nothing is left behind."""
    start = opening(position, readings)
    before = copy.deepcopy(start)
    with pytest.raises(RefusedEventError) as error:
        fold(start, happened, readings)
    assert start == before
    return error.value.index, error.value.reason.code


@pytest.fixture
def small(quintus: Charter) -> Position:
    """Return a small table: three holders of A to D, two of E and F, and Common."""
    return table(
        quintus,
        {
            "ann": {"A": 60, "B": 10, "E": 20},
            "bob": {"A": 40, "C": 10, COMMON: 500},
            "cy": {"D": 10, "E": 30, "F": 50},
        },
    )


def test_every_event_has_an_entry_and_a_word() -> None:
    assert set(ENTER) == set(Event.__args__)  # type: ignore[attr-defined]
    assert WORDS[FundCashAmounts] == "fund_cash_amounts"
    assert len(set(WORDS.values())) == len(ENTER)


# The opening


def test_an_opening_is_a_history_without_events(small: Position) -> None:
    start = opening(small, DEFAULT)
    assert fold(start, (), DEFAULT) == start
    assert start.position.holdings == small.holdings
    assert start.position.as_of is None
    assert {name: price(start, name) for name in "AF"} == {"A": 1, "F": Fraction("8.25")}


def test_an_opening_without_holdings_of_its_shares_is_no_opening(quintus: Charter) -> None:
    for position in (
        Position(quintus, {"A": 1}),
        Position(quintus, {}, holdings=(Holding("ann", "A", 1),)),
    ):
        with pytest.raises(ValueError, match="add up"):
            opening(position, DEFAULT)


def test_a_class_of_which_there_is_nothing_needs_no_holding(quintus: Charter) -> None:
    for position in (
        Position(quintus, {"A": 0, "E": 1}, holdings=(Holding("ann", "E", 1),)),
        Position(quintus, {"E": 1}, holdings=(Holding("ann", "E", 1), Holding("ann", "A", 0))),
    ):
        assert opening(position, DEFAULT).position.holdings == (Holding("ann", "E", 1),)


def test_two_lots_of_one_holder_are_one_holding(quintus: Charter) -> None:
    lots = (Holding("ann", "E", 3), Holding("ann", "E", 4), Holding("ann", COMMON, 0))
    state = after(Position(quintus, outstanding(lots), holdings=lots), Transfer(day(1), "E", "ann", "bob", 5))
    assert state.position.holdings == (Holding("ann", "E", 2), Holding("bob", "E", 5))


def test_an_opening_price_of_nothing(small: Position) -> None:
    with pytest.raises(Forbidden) as error:
        opening(replace(small, conversion_prices={"E": Fraction(0)}), DEFAULT)
    assert error.value.code == "price_not_positive"


def test_what_is_carried_at_the_opening(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"E": 1}}, as_of=date(1999, 1, 1))
    carried = {"E": (Carried(date(1997, 5, 1), Fraction("0.004")), Carried(date(1998, 5, 1), Fraction("0.003")))}
    start = opening(position, DEFAULT, carried=carried)
    assert start.prices.prices["E"].exact == Fraction("4.143")
    # Three years after the first of the two both are made (AMB-104).
    before, then = (at(start, day, DEFAULT) for day in (date(2000, 4, 30), date(2000, 5, 1)))
    assert (price(before, "E"), before.log) == (Fraction("4.15"), ())
    assert price(then, "E") == Fraction("4.143")
    (happened,) = then.log
    assert (happened.event, happened.clause, happened.adjustments[0].kind) == (
        "pass_time",
        "3(d)(i)(B)",
        "make_good",
    )
    # It is made before the events of its day (AMB-105).
    moved = fold(start, [Transfer(date(2000, 5, 1), "E", "ann", "bob", 1)], DEFAULT)
    assert price(moved, "E") == Fraction("4.143")
    assert [own.kind for own in moved.log[0].adjustments] == ["make_good"]
    divided = fold(start, [Split(date(2000, 5, 1), COMMON, Fraction(2))], DEFAULT)
    assert [own.kind for own in divided.log[0].adjustments] == ["make_good", "split"]


def test_what_has_been_carried_for_three_years_is_made_at_the_opening(quintus: Charter) -> None:
    carried = {"E": (Carried(date(1996, 1, 1), Fraction("0.9")),)}
    for as_of, official in ((date(1998, 12, 31), "4.15"), (date(1999, 1, 1), "3.25"), (date(2005, 1, 1), "3.25")):
        start = opening(table(quintus, {"ann": {"E": 1000}}, as_of=as_of), DEFAULT, carried=carried)
        assert price(start, "E") == Fraction(official)
        assert [own.event for own in start.log] == (["pass_time"] if official == "3.25" else [])
        # Events are numbered without it, and a conversion finds the same price whether or not a day is named.
        moved = fold(start, [Transfer(date(2005, 1, 1), "E", "ann", "bob", 1)], DEFAULT)
        assert moved.log[-1].index == 0
        asked = converted_by_holder(start, Convert(as_of, "ann", {"E": 1000}), DEFAULT)
        assert asked.exact == 1000 * Fraction("4.15") / Fraction(official)


def test_time_does_not_run_backwards(small: Position) -> None:
    state = after(small, Transfer(day(1), "E", "ann", "bob", 1))
    with pytest.raises(Forbidden) as error:
        at(state, day(0), DEFAULT)
    assert error.value.code == "out_of_order"


# Issues


def test_an_issue_below_the_price(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"A": 1000}, "bob": {COMMON: 500}})
    state = after(position, Issue(day(1), COMMON, "cy", 100, Fraction(30), Fraction(20)))
    assert held(state, "cy") == 100
    assert state.position.shares == {"A": 1000, COMMON: 600}
    assert state.position.as_of == day(1)
    # (1 * 1500 + 50) / 1600, cash and the rest together; the other series have not been issued yet.
    assert price(state, "A") == Fraction(31, 32)
    assert price(state, "F") == Fraction("8.25")
    (happened,) = state.log
    assert (happened.index, happened.event, happened.amounts["consideration"]) == (0, "issue", 50)
    assert (happened.clause, happened.says) == ("3(d)(ii)", "common is issued.")
    # Only new shares of the Preferred wait for a day to convert (3(a)).
    assert state.issued_today == {}
    (adjustment,) = happened.adjustments
    assert (adjustment.series, adjustment.base, adjustment.after) == ("A", 1500, Fraction(31, 32))


def test_a_million_at_two_dollars(issued: Position) -> None:
    """AMB-53: 4.078464 with ten million Common and every preferred share."""
    state = after(issued, Issue(day(1), COMMON, "x", 1_000_000, Fraction(2_000_000)))
    assert rounded(price(state, "E")) == 4.078464
    assert price(state, "D") == (Fraction("2.75") * 29_055_000 + 2_000_000) / 30_055_000
    assert price(state, "C") == Fraction("1.91")


def test_what_is_excluded_adjusts_nothing(small: Position) -> None:
    state = after(small, Issue(day(1), COMMON, "x", 100, facts=EMPLOYEE))
    assert state.position.conversion_prices == opening(small, DEFAULT).position.conversion_prices
    assert state.log[0].clause == "3(d)(ii)(B)"
    assert state.log[0].amounts["additional_stock"] == 0


def test_what_is_issued_under_a_charter_that_adjusts_nothing(family: Charter) -> None:
    """It is in no exclusion of 3(d), and yet no Additional Stock, however many series there are."""
    for charter in (family, replace(family, series=family.series[:1])):
        name = charter.series[0].name
        happened = (Issue(day(1), COMMON, "x", 1), IssueRights(day(1), "o", 1, Fraction(1), name))
        common, rights = after(table(charter, {"ann": {COMMON: 1}}), *happened).log
        assert (common.clause, common.says) == ("3(d)", "common is issued. The charter adjusts nothing.")
        assert (rights.clause, rights.says) == ("3(d)", f"Rights over {name} are issued.")


def renamed(part: Any, old: str, new: str) -> Any:
    """Return a charter, or a part of it, in which a series has another name."""
    if isinstance(part, tuple):
        return tuple(renamed(own, old, new) for own in part)
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{own.name: renamed(getattr(part, own.name), old, new) for own in fields(part)})
    return new if part == old else part


def test_a_series_may_have_a_name_after_that_of_the_common(quintus: Charter) -> None:
    """A name decides nothing: what the alphabet puts after the Common is Preferred all the same."""
    charter = renamed(quintus, "E", "seed")
    assert faults(charter) == []
    position = table(charter, {"ann": {"seed": 100, "A": 100}, "bob": {COMMON: 900}})
    declared = DeclareDividend(day(1), {"seed": Fraction("0.1")})
    new = Issue(day(1), "seed", "ann", 5, Fraction(50))
    assert after(position, declared).position.declared_dividends == {"seed": Fraction("0.1")}
    assert refused(position, declared, new) == (1, "dividends_unpaid")
    # 3(a): it converts only after the day of its issue.
    assert after(position, new).issued_today == {("ann", "seed"): 5}
    assert refused(position, new, Convert(day(1), "ann", {"seed": 101})) == (1, "issued_today")
    assert refused(position, Issue(day(1), "seed", "x", 2_999_901)) == (0, "over_authorized")
    # Its split is none of the Common, and no number that is authorised for the Common bounds it.
    whole = after(table(charter, {"ann": {"seed": 3_000_000}}), Split(day(1), "seed", Fraction(14)))
    assert (whole.position.shares["seed"], whole.log[0].clause) == (42_000_000, "2(a)")
    # At two of Common for each share a sale of it counts as that (AMB-66): N = 900 + 200 + 100, and 100 more for 50.
    priced = replace(position, conversion_prices={"seed": Fraction("2.075")})
    sold = Issue(day(1), "seed", "x", 50, Fraction(50))
    counted = after(priced, sold, readings=Readings(series_issue_excluded=Switch.NO))
    assert price(counted, "A") == Fraction(1200 + 50, 1300)
    # Rights over it are counted in its shares, also where they enter the widest base of the average (AMB-53).
    readings = Readings(weighted_average_base=WeightedAverageBase.PLUS_ALL_OPTIONS)
    start = after(position, IssueRights(day(1), "w", 20, Fraction(1), "seed", 8), readings=readings)
    assert start.rights["w"] == history.Rights("seed", 20, 8, Fraction(1), 0)
    happened = (Split(day(2), "seed", Fraction(2)), Issue(day(3), COMMON, "x", 100))
    state = fold(start, happened, readings)
    assert state.rights["w"] == history.Rights("seed", 40, 16, Fraction(1, 2), 0)
    # N = 900 + 100 + 200 / 2 + 40 / 2 = 1120.
    assert price(state, "A") == Fraction(1120, 1220)
    changed = fold(state, [ChangeRights(day(3), "w", exercisable=20), ExerciseRights(day(3), "w", "cy", 18)], readings)
    assert changed.rights["w"] == history.Rights("seed", 22, 2, Fraction(1, 2), 18)
    assert fold(changed, [ExpireRights(day(4), "w")], readings).rights["w"].deliverable == 0


def test_issues_up_to_what_is_authorised(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"A": 9_099_999, COMMON: 39_999_999}})
    both = (Issue(day(1), "A", "x", 1), Issue(day(1), COMMON, "x", 1, facts=EMPLOYEE))
    assert after(position, *both).position.shares == {"A": 9_100_000, COMMON: 40_000_000}
    assert refused(position, *both, Issue(day(2), "A", "x", 1)) == (2, "over_authorized")
    assert refused(position, *both, Issue(day(2), COMMON, "x", 1)) == (2, "over_authorized")
    for stock in ("A", COMMON):
        for none in (0, -1):
            assert refused(position, Issue(day(1), stock, "x", none)) == (0, "nothing_issued")
    # Of a class of which there is nothing yet, all that is authorised.
    empty = table(quintus, {"ann": {"E": 1}})
    assert after(empty, Issue(day(1), COMMON, "x", 40_000_000, facts=EMPLOYEE)).position.common == 40_000_000
    assert refused(empty, Issue(day(1), COMMON, "x", 40_000_001, facts=EMPLOYEE)) == (0, "over_authorized")
    once = Readings(converted_reissuable=Switch.NO)
    assert after(empty, Issue(day(1), "E", "x", 2_999_999), readings=once).position.shares["E"] == 3_000_000
    assert refused(empty, Issue(day(1), "E", "x", 3_000_000), readings=once) == (0, "over_authorized")


def test_converted_shares_may_be_issued_again_or_not(quintus: Charter) -> None:
    """AMB-03."""
    position = table(quintus, {"ann": {"E": 3_000_000}})
    happened = (Convert(day(1), "ann", {"E": 2}), Issue(day(2), "E", "bob", 1))
    assert after(position, *happened).converted == {"E": 2}
    assert refused(position, *happened, readings=Readings(converted_reissuable=Switch.NO)) == (1, "over_authorized")


def test_preferred_with_a_dividend_unpaid_is_not_issued(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"A": 1}}, declared_dividends={"A": Fraction("0.1")})
    assert refused(position, Issue(day(1), "A", "x", 1)) == (0, "dividends_unpaid")
    paid = PayDividend(day(1), {"A": Fraction("0.1")})
    assert held(after(position, paid, Issue(day(1), "A", "x", 1)), "x", "A") == 1


def test_a_series_not_yet_issued_is_not_adjusted(quintus: Charter) -> None:
    """3(d)(i)(A): only what is issued after the first shares of a series counts, splits included (AMB-123)."""
    position = table(quintus, {"ann": {"E": 100}, "bob": {COMMON: 900}})
    dilutive = Issue(day(1), COMMON, "x", 1000, Fraction(1000))
    cases: list[tuple[Sequence[Event], str]] = [
        ([dilutive], "8.25"),
        ([Split(day(1), COMMON, Fraction(2))], "8.25"),
        ([Issue(day(1), "F", "cy", 100, Fraction(825)), dilutive], "8.25"),
        # (8.25 * 1100 + 1000) / 2100, after the day of its first issue.
        ([Issue(day(0), "F", "cy", 100, Fraction(825)), dilutive], "403/84"),
    ]
    for happened, expected in cases:
        state = after(position, *happened)
        assert price(state, "F") == Fraction(expected), happened
        assert price(state, "E") < Fraction("4.15")


def test_purchase_dates_given(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"E": 100}, "bob": {COMMON: 900}})
    dilutive = Issue(day(1), COMMON, "x", 1000, Fraction(1000))
    for dates, e, f in (
        ({"E": day(1)}, "4.15", "8.25"),
        ({"E": day(0), "F": day(0)}, "103/40", "37/8"),
        # None stands for long past.
        ({"F": None}, "103/40", "37/8"),
    ):
        start = opening(position, DEFAULT, purchase_dates=dates)
        state = fold(start, [dilutive], DEFAULT)
        # N = 1000: (4.15 * 1000 + 1000) / 2000 and (8.25 * 1000 + 1000) / 2000.
        assert (price(state, "E"), price(state, "F")) == (Fraction(e), Fraction(f)), dates


def test_further_shares_of_a_series_leave_its_purchase_date(quintus: Charter) -> None:
    """3(d)(i)(A): E was first issued long before, so that what is issued on the day of its further ones counts."""
    position = table(quintus, {"ann": {"E": 100}, "bob": {COMMON: 900}})
    start = opening(position, DEFAULT, purchase_dates={"E": day(-100)})
    more = (Issue(day(1), "E", "x", 100, Fraction(415)), Issue(day(1), COMMON, "x", 1000, Fraction(1000)))
    assert price(fold(start, more, DEFAULT), "E") == (Fraction("4.15") * 1100 + 1000) / 2100


def test_a_sale_of_preferred_below_the_price(quintus: Charter) -> None:
    """AMB-66: 500,000 E at $2.00 with N = 29,055,000; none, or 4.113627 and 8.144265."""
    position = table(quintus, {"ann": {"E": 2_500_000, "F": 1_500_000, COMMON: 25_055_000}})
    sale = Issue(day(1), "E", "x", 500_000, Fraction(1_000_000))
    assert price(after(position, sale), "E") == Fraction("4.15")
    counted = after(position, sale, readings=Readings(series_issue_excluded=Switch.NO))
    assert (rounded(price(counted, "E")), rounded(price(counted, "F"))) == (4.113627, 8.144265)
    # At two of Common for each share of E: N = 900 + 200, and 100 more for 50.
    twice = table(quintus, {"ann": {"E": 100}, "bob": {COMMON: 900}}, conversion_prices={"E": Fraction("2.075")})
    counted = after(
        twice, Issue(day(1), "E", "x", 50, Fraction(50)), readings=Readings(series_issue_excluded=Switch.NO)
    )
    assert price(counted, "E") == (Fraction("2.075") * 1100 + 50) / 1200
    # The sale that first issues the series is not issued after its Purchase Date.
    first = table(quintus, {"ann": {"F": 1_500_000, COMMON: 27_555_000}})
    counted = after(first, sale, readings=Readings(series_issue_excluded=Switch.NO))
    assert (price(counted, "E"), rounded(price(counted, "F"))) == (Fraction("4.15"), 8.144265)


# Rights


def on_ten_million(charter: Charter) -> tuple[Position, Readings]:
    """Return one share of E and 10,000,000 Common, with a base of the Common alone."""
    readings = Readings(weighted_average_base=WeightedAverageBase.COMMON_ONLY)
    return table(charter, {"ann": {"E": 1}, "bob": {COMMON: 10_000_000}}), readings


def test_options_vest_are_exercised_and_lapse(quintus: Charter) -> None:
    """AMB-60: 4.073171 with a quarter exercisable, 3.863636 with all of it."""
    position, readings = on_ten_million(quintus)
    grant = IssueRights(day(1), "o", 1_000_000, Fraction(1), exercisable=250_000)
    start = fold(opening(position, readings), [grant], readings)
    assert rounded(price(start, "E")) == 4.073171
    assert start.rights["o"].exercisable == 250_000
    vested = fold(start, [ChangeRights(day(2), "o", exercisable=1_000_000)], readings)
    assert rounded(price(vested, "E")) == 3.863636
    used = fold(vested, [ExerciseRights(day(3), "o", "dan", 400_000)], readings)
    assert (held(used, "dan"), used.position.common) == (400_000, 10_400_000)
    assert price(used, "E") == price(vested, "E")
    assert used.log[-1].amounts == {"shares": 400_000, "paid": 400_000}
    lapsed = fold(used, [ExpireRights(day(4), "o")], readings)
    # Only the 400,000 issued count: (41,500,000 + 400,000) / 10,400,000.
    assert price(lapsed, "E") == Fraction(41_900_000, 10_400_000)
    assert lapsed.rights["o"] == history.Rights(COMMON, 0, 0, Fraction(1), 400_000)
    assert lapsed.log[-1].amounts == {"shares": 600_000}


def test_options_that_lapse_after_a_sale(quintus: Charter) -> None:
    """AMB-63, fully replayed: 3.863636, then 3.694215, then 3.954545."""
    position, readings = on_ten_million(quintus)
    grant = IssueRights(day(1), "o", 1_000_000, Fraction(1))
    sale = Issue(day(2), COMMON, "x", 1_000_000, Fraction(2_000_000))
    prices = [
        price(after(position, *happened, readings=readings), "E")
        for happened in ((grant,), (grant, sale), (grant, sale, ExpireRights(day(3), "o")))
    ]
    # The register holds N at 10,000,000 throughout, as no share was issued before the sale.
    assert [rounded(each) for each in prices] == [3.863636, 3.694215, 3.954545]


def test_rights_scale_with_the_common(small: Position) -> None:
    happened = (
        IssueRights(day(1), "o", 100, Fraction(10), exercisable=50),
        Split(day(2), COMMON, Fraction(2)),
        ExerciseRights(day(3), "o", "dan", 60),
    )
    state = after(small, *happened)
    assert state.rights["o"] == history.Rights(COMMON, 140, 40, Fraction(5), 60)
    assert state.log[-1].amounts["paid"] == 300
    assert refused(small, *happened, ExerciseRights(day(3), "o", "dan", 41)) == (3, "not_exercisable")


def test_rights_of_after_a_split_are_as_they_were_granted(small: Position) -> None:
    happened = (Split(day(1), COMMON, Fraction(2)), IssueRights(day(2), "o", 100, Fraction(10), exercisable=50))
    assert after(small, *happened).rights["o"] == history.Rights(COMMON, 100, 50, Fraction(10), 0)


LISTED = IssueFacts(Purpose.WARRANT, warrant=Warrant(date(1996, 8, 16), "B"))


def test_warrants_over_b_are_counted_in_shares_of_b(small: Position) -> None:
    """3(d)(ii)(I): splits of the Common leave them alone, splits of B do not."""
    happened = (
        IssueRights(day(1), "w", 20, Fraction("1.43"), "B", 10, facts=LISTED),
        Split(day(2), COMMON, Fraction(2)),
        Split(day(3), "B", Fraction(3)),
        ChangeRights(day(4), "w", exercisable=40),
        ExerciseRights(day(5), "w", "dan", 36),
    )
    state = after(small, *happened)
    assert state.rights["w"] == history.Rights("B", 24, 4, Fraction("1.43") / 3, 36)
    assert (held(state, "dan", "B"), held(state, "ann", "B")) == (36, 30)
    assert state.log[-1].amounts["paid"] == 12 * Fraction("1.43")
    assert price(state, "B") == Fraction("1.43") / 2
    expired = (*happened, ExpireRights(day(6), "w"))
    assert after(small, *expired).rights["w"].deliverable == 0
    assert refused(small, *expired, ChangeRights(day(7), "w", exercisable=0)) == (6, "rights_ended")
    assert refused(small, *happened, ExerciseRights(day(5), "w", "dan", 5)) == (5, "not_exercisable")


@pytest.mark.parametrize(
    ("happened", "readings", "code"),
    [
        ([ExerciseRights(day(1), "o", "ann", 1)], DEFAULT, "no_rights"),
        ([ChangeRights(day(1), "o")], DEFAULT, "no_rights"),
        ([ExpireRights(day(1), "o")], DEFAULT, "no_rights"),
        ([IssueRights(day(1), "o", 5, Fraction(1), exercisable=6)], DEFAULT, "bad_rights"),
        ([IssueRights(day(1), "o", 0, Fraction(1))], DEFAULT, "bad_rights"),
        ([IssueRights(day(1), "o", 0, Fraction(1), "B")], DEFAULT, "bad_rights"),
        ([IssueRights(day(1), "o", 5, Fraction(1), "B", 6)], DEFAULT, "bad_rights"),
        ([IssueRights(day(1), "o", 5, Fraction(1), "B", -1)], DEFAULT, "bad_rights"),
        ([IssueRights(day(1), "o", 5, Fraction(-1, 2), "B")], DEFAULT, "bad_rights"),
        ([IssueRights(day(1), "o", 5, Fraction(1))] * 2, DEFAULT, "rights_exist"),
        ([IssueRights(day(1), "o", 5, Fraction(1), "B")] * 2, DEFAULT, "rights_exist"),
        (
            [IssueRights(day(1), "o", 5, Fraction(1), "B"), IssueRights(day(1), "o", 5, Fraction(1))],
            DEFAULT,
            "rights_exist",
        ),
        (
            [IssueRights(day(1), "o", 5, Fraction(1)), IssueRights(day(1), "o", 5, Fraction(1), "B")],
            DEFAULT,
            "rights_exist",
        ),
        (
            [IssueRights(day(1), "o", 5, Fraction(1), exercisable=2), ExerciseRights(day(2), "o", "ann", 3)],
            DEFAULT,
            "not_exercisable",
        ),
        (
            [IssueRights(day(1), "o", 5, Fraction(1), "B"), ExerciseRights(day(1), "o", "x", 0)],
            DEFAULT,
            "nothing_issued",
        ),
        (
            [IssueRights(day(1), "o", 5, Fraction(1), "B")],
            Readings(series_issue_excluded=Switch.NO),
            "not_listed",
        ),
        (
            [IssueRights(day(1), "o", 200_000, Fraction(1), "B", facts=LISTED)],
            Readings(series_issue_excluded=Switch.NO),
            "partly_excluded",
        ),
        (
            [
                IssueRights(
                    day(1),
                    "o",
                    5001,
                    Fraction(1),
                    facts=IssueFacts(Purpose.WARRANT, warrant=Warrant(date(1996, 4, 17))),
                )
            ],
            DEFAULT,
            "partly_excluded",
        ),
    ],
)
def test_rights_that_are_refused(small: Position, happened: list[Event], readings: Readings, code: str) -> None:
    assert refused(small, *happened, readings=readings) == (len(happened) - 1, code)


def test_rights_over_fewer_than_no_shares(small: Position) -> None:
    with pytest.raises(RefusedEventError, match="over one share or more"):
        after(small, IssueRights(day(1), "o", -5, Fraction(1), "B"))


def test_the_last_share_of_rights_may_still_change(small: Position) -> None:
    happened = (IssueRights(day(1), "o", 1, Fraction(1), "B"), ChangeRights(day(2), "o", exercise_price=Fraction(2)))
    assert after(small, *happened).rights["o"] == history.Rights("B", 1, 1, Fraction(2), 0)


def test_every_option_in_the_widest_base(quintus: Charter) -> None:
    """AMB-53: Common under rights over B counts at B's ratio, under rights over Common one for one."""
    readings = Readings(weighted_average_base=WeightedAverageBase.PLUS_ALL_OPTIONS)
    position = table(
        quintus, {"ann": {"E": 100, "B": 10}, "bob": {COMMON: 900}}, conversion_prices={"B": Fraction("0.715")}
    )
    state = after(
        position,
        IssueRights(day(1), "w", 20, Fraction("1.43"), "B", 0, facts=LISTED),
        IssueRights(day(1), "plan", 50, Fraction(1), facts=EMPLOYEE),
        Issue(day(2), COMMON, "x", 100, Fraction(100)),
        readings=readings,
    )
    # N = 900 + 100 + 10 * 2 + 20 * 2 + 50 = 1110.
    assert price(state, "E") == (Fraction("4.15") * 1110 + 100) / 1210


# Splits and stock dividends


def test_splits(small: Position) -> None:
    state = after(small, Split(day(1), COMMON, Fraction(2)), Split(day(2), "E", Fraction(1, 2)))
    assert (held(state, "bob"), state.position.common) == (1000, 1000)
    assert (held(state, "ann", "E"), held(state, "cy", "E"), state.position.shares["E"]) == (10, 15, 25)
    assert state.position.common_split == 2
    assert state.position.preferred_splits == {"E": Fraction(1, 2)}
    assert price(state, "E") == Fraction("2.075")
    assert [own.clause for own in state.log] == ["3(d)(iii)", "2(a)"]
    combined = after(small, Split(day(1), COMMON, Fraction(1, 5)))
    assert (combined.log[0].clause, price(combined, "F")) == ("3(d)(iv)", Fraction("41.25"))


@pytest.mark.parametrize("ratio", ["1/5", "1", "2"])
def test_a_split_and_its_adjustments_have_one_clause(small: Position, ratio: str) -> None:
    """One for one is neither a split nor a combination, but the two do not differ about it."""
    (own,) = after(small, Split(day(1), COMMON, Fraction(ratio))).log
    assert own.adjustments
    assert {adjustment.clause for adjustment in own.adjustments} == {own.clause}


@pytest.mark.parametrize(
    ("split", "code"),
    [
        (Split(day(1), COMMON, Fraction(0)), "bad_split"),
        (Split(day(1), "E", Fraction(0)), "bad_split"),
        (Split(day(1), "E", Fraction(-1, 2)), "bad_split"),
        (Split(day(1), COMMON, Fraction(1, 3)), "fractional_shares"),
        (Split(day(1), "E", Fraction(1, 4)), "fractional_shares"),
        (Split(day(1), COMMON, Fraction(80_001)), "over_authorized"),
        (StockDividend(day(1), Fraction(80_000)), "over_authorized"),
        (StockDividend(day(1), Fraction(1, 3)), "fractional_shares"),
    ],
)
def test_splits_that_are_refused(small: Position, split: Event, code: str) -> None:
    assert refused(small, split) == (0, code)


def test_a_split_to_all_that_is_authorised(small: Position, quintus: Charter) -> None:
    assert after(small, Split(day(1), COMMON, Fraction(80_000))).position.common == 40_000_000
    # Of a series the amendment that splits it authorises more, and more than there may be of the Common.
    whole = table(quintus, {"ann": {"A": 9_100_000}})
    assert after(whole, Split(day(1), "A", Fraction(5))).position.shares["A"] == 45_500_000


def test_who_would_hold_a_fraction_is_told(small: Position) -> None:
    with pytest.raises(RefusedEventError, match="bob would hold a fraction of a share of common"):
        after(small, Split(day(1), COMMON, Fraction(1, 3)))


def test_a_split_of_one_series_leaves_rights_over_another(small: Position) -> None:
    granted = IssueRights(day(1), "w", 20, Fraction("1.43"), "B", 10, facts=LISTED)
    for stock in ("A", "C"):
        state = after(small, granted, Split(day(2), stock, Fraction(2)))
        assert state.rights["w"] == history.Rights("B", 20, 10, Fraction("1.43"), 0)


def test_a_split_of_shares_issued_today(small: Position) -> None:
    """3(a): of ann's fifty shares ten are of today, the parts of five."""
    happened = (Issue(day(1), "E", "ann", 5, Fraction(50)), Split(day(1), "E", Fraction(2)))
    assert after(small, *happened).issued_today == {("ann", "E"): 10}
    assert held(after(small, *happened, Convert(day(1), "ann", {"E": 40})), "ann", "E") == 10
    assert refused(small, *happened, Convert(day(1), "ann", {"E": 41})) == (2, "issued_today")


def test_a_stock_dividend(quintus: Charter) -> None:
    """AMB-73: 1,000,000 on 10,000,000 Common; .909091, or .966728 on all shares as if converted."""
    position = full_issuance(quintus, common=10_000_000)
    paid = StockDividend(day(1), Fraction(1, 10))
    state = after(position, paid)
    assert (rounded(price(state, "A")), state.position.common) == (0.909091, 11_000_000)
    assert state.position.common_split == Fraction(11, 10)
    wide = after(position, paid, readings=Readings(stock_dividend_base=StockDividendBase.FULLY_CONVERTED))
    assert rounded(price(wide, "A")) == 0.966728
    rights = after(position, StockDividend(day(1), equivalents=Fraction(1, 10)))
    assert (rounded(price(rights, "A")), rights.position.common) == (0.909091, 10_000_000)


def test_a_stock_dividend_needs_common(quintus: Charter) -> None:
    assert refused(table(quintus, {"ann": {"A": 1}}), StockDividend(day(1), Fraction(1))) == (0, "bad_dividend")


def test_what_is_owed_stays_the_same_in_a_split(small: Position) -> None:
    rates = {"A": ".2", "B": ".286", "C": ".382", "D": ".55", "E": ".83", "F": "1.65", COMMON: ".1"}
    declared = DeclareDividend(day(1), {name: Fraction(rate) for name, rate in rates.items()})
    happened = (
        declared,
        Split(day(2), "A", Fraction(2)),
        StockDividend(day(2), Fraction(1)),
        Split(day(2), COMMON, Fraction(5, 2)),
    )
    state = after(small, *happened)
    assert state.position.declared_dividends["A"] == Fraction(".1")
    assert state.owed_on_common == Fraction(".02")
    # Dividends of the past are told per share as shares are now.
    (own,) = state.declared
    assert (own.per_share["A"], own.per_share["B"], own.per_share[COMMON]) == (
        Fraction(".1"),
        Fraction(".286"),
        Fraction(".02"),
    )
    again = fold(state, [Split(day(3), "A", Fraction(1, 2)), replace(declared, on=day(3))], DEFAULT)
    assert [event.per_share["A"] for event in again.declared] == [Fraction(".2"), Fraction(".2")]
    assert again.position.declared_dividends["A"] == Fraction(".4")


# Dividends and distributions


def rates(charter: Charter, part: str = "1") -> dict[str, Fraction]:
    return {series.name: series.dividend_rate.value * Fraction(part) for series in charter.series}


def test_dividends_are_declared_and_paid(small: Position) -> None:
    declared = DeclareDividend(day(1), {"A": Fraction(".1"), "E": Fraction(".2")})
    paid = PayDividend(day(2), {"A": Fraction(".04")})
    state = after(small, declared, paid)
    assert state.position.declared_dividends == {"A": Fraction(".06"), "E": Fraction(".2")}
    assert state.paid == (paid,)
    assert state.declared == (Declared(declared.on, declared.per_share, small.shares),)
    assert refused(small, declared, paid, PayDividend(day(3), {"A": Fraction(".07")})) == (2, "undeclared_dividend")
    assert refused(small, PayDividend(day(3), {"F": Fraction("0.01")})) == (0, "undeclared_dividend")


def test_a_dividend_on_the_common_bars_no_issue_of_it(quintus: Charter) -> None:
    declared = DeclareDividend(day(1), {COMMON: Fraction(".1")})
    state = after(table(quintus, {"ann": {COMMON: 1}}), declared, Issue(day(1), COMMON, "x", 1))
    assert (state.position.common, state.owed_on_common) == (2, Fraction(".1"))


def test_nothing_is_owed_on_a_class_without_shares(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"E": 1}})
    declared = DeclareDividend(day(1), rates(quintus))
    state = after(position, declared)
    assert state.position.declared_dividends == {"E": Fraction(".83")}
    assert refused(position, declared, PayDividend(day(1), {"A": Fraction(".2")})) == (1, "undeclared_dividend")
    assert held(after(position, declared, Issue(day(2), "A", "x", 1)), "x", "A") == 1
    # What the opening says of a class without shares is owed to nobody, and not to shares issued later.
    said = replace(position, declared_dividends={"A": Fraction(".2"), "E": Fraction(".1")})
    assert opening(said, DEFAULT).position.declared_dividends == {"E": Fraction(".1")}
    assert after(said, Issue(day(2), "A", "x", 1)).position.declared_dividends == {"E": Fraction(".1")}


def test_dividends_on_the_preferred_come_first(small: Position, quintus: Charter) -> None:
    """1(a), AMB-10: the year's full rates, those declared together with the Common's included."""
    common = DeclareDividend(day(2), {COMMON: Fraction(".1")})
    full, half = DeclareDividend(day(1), rates(quintus)), DeclareDividend(day(1), rates(quintus, "1/2"))
    assert refused(small, common) == (0, "preferred_dividends_first")
    assert refused(small, half, common) == (1, "preferred_dividends_first")
    both = after(small, full, common)
    assert both.owed_on_common == Fraction(".1")
    assert both.position.declared_dividends == rates(quintus)
    assert after(small, half, half, common).owed_on_common == Fraction(".1")
    assert after(small, DeclareDividend(day(1), {**rates(quintus), COMMON: Fraction(".1")})).owed_on_common > 0
    # Another year's dividends do not help, and one on the Common raises what A must have (AMB-05).
    january = DeclareDividend(date(2000, 1, 1), {COMMON: Fraction(".1")})
    assert refused(small, full, january) == (1, "preferred_dividends_first")
    assert refused(small, full, replace(common, per_share={COMMON: Fraction(".21")})) == (
        1,
        "preferred_dividends_first",
    )
    # A series without shares waits for nobody.
    assert after(table(quintus, {"ann": {COMMON: 1}}), common).owed_on_common == Fraction(".1")


def test_a_fiscal_year(small: Position, quintus: Charter) -> None:
    readings = Readings(year=Year.FISCAL)
    full = DeclareDividend(day(0), rates(quintus))
    common = {COMMON: Fraction(".1")}
    assert refused(small, full, DeclareDividend(day(1), common), readings=readings) == (1, "no_fiscal_month")
    assert refused(small, full, DeclareDividend(day(1), common, 13), readings=readings) == (1, "no_fiscal_month")
    april = DeclareDividend(date(2000, 3, 31), common, 4)
    assert after(small, full, april, readings=readings).owed_on_common == Fraction(".1")
    late = replace(april, on=date(2000, 4, 1))
    assert refused(small, full, late, readings=readings) == (1, "preferred_dividends_first")
    # A year may start in any month: until the end of December, or of November.
    for month, last in ((1, date(1999, 12, 31)), (12, date(1999, 11, 30))):
        assert after(small, full, DeclareDividend(last, common, month), readings=readings).owed_on_common > 0
        late = DeclareDividend(last + timedelta(days=1), common, month)
        assert refused(small, full, late, readings=readings) == (1, "preferred_dividends_first")
    assert refused(small, full, DeclareDividend(day(1), common, 0), readings=readings) == (1, "no_fiscal_month")


def test_a_series_issued_in_the_year_is_due_from_then_on(quintus: Charter) -> None:
    """AMB-09, by days: E, first issued on 1 September, is due for 122 days of 1999; A, long past, for all."""
    readings = Readings(partial=Partial.DAILY)
    position = table(quintus, {"ann": {"A": 100}, "bob": {COMMON: 500}})
    start = opening(position, readings, purchase_dates={"A": None})
    sold, due = Issue(day(0), "E", "eve", 10, Fraction("41.5")), Fraction(".83") * 122 / 365
    common = DeclareDividend(day(2), {COMMON: Fraction(".1")})
    enough = DeclareDividend(day(1), {"A": Fraction(".2"), "E": due})
    assert fold(start, [sold, enough, common], readings).owed_on_common == Fraction(".1")
    for short in ({"A": Fraction(".19"), "E": due}, {"A": Fraction(".2"), "E": due - Fraction(1, 1000)}):
        with pytest.raises(RefusedEventError) as error:
            fold(start, [sold, replace(enough, per_share=short), common], readings)
        assert (error.value.index, error.value.reason.code) == (2, "preferred_dividends_first")


def test_a_dividend_on_a_series_without_shares_counts_for_none_of_its_later_ones(quintus: Charter) -> None:
    """1(a): nobody had it, so a share of E issued later in the year has had nothing before the Common."""
    position = table(quintus, {"ann": {"A": 100}, "bob": {COMMON: 500}})
    full, common = DeclareDividend(day(1), rates(quintus)), DeclareDividend(day(3), {COMMON: Fraction(".1")})
    sold = Issue(day(2), "E", "eve", 10, Fraction("41.5"))
    assert refused(position, full, sold, common) == (2, "preferred_dividends_first")
    own = DeclareDividend(day(2), {"E": Fraction(".83")})
    assert after(position, full, sold, own, common).owed_on_common == Fraction(".1")
    assert [set(own.per_share) for own in after(position, full).declared] == [{"A"}]


def test_a_year_of_many_declarations_is_added_up_once(small: Position, quintus: Charter) -> None:
    """AMB-10: the gate at each looks at the sum of all before it, in today's shares, and at this year's alone."""
    full = DeclareDividend(day(1), rates(quintus))
    daily = [DeclareDividend(day(2), {COMMON: Fraction(1, 10_000)})] * 1000
    split = Split(day(2), COMMON, Fraction(2))
    more = [DeclareDividend(day(3), {COMMON: Fraction(1, 10_000)})] * 1500
    # 1,000 of them are half as much per share after the split: .05 + .15 is the rate of A, .20.
    assert after(small, full, *daily, split, *more).owed_on_common == Fraction(1, 5)
    above = DeclareDividend(day(3), {COMMON: Fraction(1, 10_000)})
    assert refused(small, full, *daily, split, *more, above) == (2502, "preferred_dividends_first")
    assert refused(small, full, *daily, replace(above, on=date(2000, 1, 3))) == (1001, "preferred_dividends_first")


def test_the_first_day_of_the_calendar(small: Position) -> None:
    state = after(replace(small, as_of=None), Transfer(date.min, COMMON, "bob", "ann", 1))
    assert state.position.as_of == date.min
    assert undeclared(state, {"F": date.min}, DEFAULT)["F"].current_year == Fraction("1.65") / 365


def test_unpaid_dividends_of_a_converted_share(small: Position) -> None:
    """TH-CV-29, AMB-37: A's join its Cash Amount, E's stay a debt to its former holder."""
    declared = DeclareDividend(day(1), {"A": Fraction(".1"), "E": Fraction(".2")})
    elect = ElectConversion(day(2), {"ann": {"A": 60, "B": 10}})
    state = after(small, declared, elect, Convert(day(2), "ann", {"E": 15}))
    assert state.debts == {"ann": 3}
    assert [claim.owed for claim in state.cash if claim.series == "A"] == [Fraction("61.5"), 41]
    assert state.position.declared_dividends == {"E": Fraction(".2")}
    paid = fold(state, [PayDividend(day(3), {"E": Fraction(".2")}, {"ann": Fraction(2)})], DEFAULT)
    assert (paid.debts, paid.position.declared_dividends) == ({"ann": 1}, {})
    for part, left in ((Fraction(0), {"ann": 1}), (Fraction(1, 2), {"ann": Fraction(1, 2)}), (Fraction(1), {})):
        settled = fold(paid, [PayDividend(day(3), former_holders={"ann": part, "bob": Fraction(0)})], DEFAULT)
        assert settled.debts == left
    for former in ({"ann": Fraction(4)}, {"bob": Fraction(1)}, {"ann": Fraction(-1)}):
        with pytest.raises(RefusedEventError) as error:
            fold(state, [PayDividend(day(3), former_holders=former)], DEFAULT)
        assert error.value.reason.code == "undeclared_dividend"
    # A, which has no shares left, is owed nothing more.
    with pytest.raises(RefusedEventError):
        fold(state, [PayDividend(day(3), {"A": Fraction(".1")})], DEFAULT)


# What is owed on the Common, and in what order it is paid (AMB-133, AMB-137)

TENTH = {COMMON: Fraction(".1")}


def test_the_common_is_owed_to_who_held_at_the_declaration(quintus: Charter) -> None:
    """AMB-137: .10 on 1,000 of k, .05 on these and 500 of m; transfers move nothing, a split keeps the money."""
    position = table(quintus, {"k": {COMMON: 1000}})
    first, second = DeclareDividend(day(1), TENTH), DeclareDividend(day(3), {COMMON: Fraction(".05")})
    sold = Issue(day(2), COMMON, "m", 500, Fraction(500))
    moved = Transfer(day(4), COMMON, "k", "x", 900)
    state = after(position, first, sold, second, moved)
    assert (state.owed_to, state.owed_on_common) == ({"k": 150, "m": 25}, Fraction(".15"))
    split = after(position, first, sold, second, moved, Split(day(5), COMMON, Fraction(2)))
    assert (split.owed_to, split.owed_on_common) == ({"k": 150, "m": 25}, Fraction(".075"))
    # .06 a new share are .12 an old one: all of the first and .02 of the second.
    paid = fold(split, [PayDividend(day(6), {COMMON: Fraction(".06")})], DEFAULT)
    assert (paid.owed_to, paid.owed_on_common) == ({"k": 30, "m": 15}, Fraction(".015"))
    late = fold(paid, [Issue(day(7), COMMON, "late", 10, Fraction(10))], DEFAULT)
    assert late.owed_to == paid.owed_to
    last = fold(late, [PayDividend(day(8), {COMMON: Fraction(".015")})], DEFAULT)
    assert (last.owed_to, last.dues) == ({}, ())
    with pytest.raises(RefusedEventError) as error:
        fold(late, [PayDividend(day(8), {COMMON: Fraction(".016")})], DEFAULT)
    assert error.value.reason.code == "undeclared_dividend"


def test_the_preferred_is_paid_before_the_common(quintus: Charter) -> None:
    """AMB-133: what is declared on A is paid before a payment on the Common, or with it."""
    position = table(quintus, {"a": {"A": 100}, "k": {COMMON: 1000}})
    own, common = DeclareDividend(day(1), {"A": Fraction(".2")}), DeclareDividend(day(2), TENTH)
    pays = PayDividend(day(3), TENTH)
    assert refused(position, own, common, pays) == (2, "preferred_dividends_first")
    part = PayDividend(day(3), {"A": Fraction(".19"), COMMON: Fraction(".1")})
    assert refused(position, own, common, part) == (2, "preferred_dividends_first")
    together = PayDividend(day(3), {"A": Fraction(".2"), COMMON: Fraction(".1")})
    assert after(position, own, common, together).dues == ()
    before = PayDividend(day(2), {"A": Fraction(".2")})
    assert after(position, own, before, common, pays).dues == ()
    # Paid in the year after, each still in its turn.
    january = date(2000, 1, 3)
    late = (replace(pays, on=january), replace(before, on=january))
    assert refused(position, own, common, *late) == (2, "preferred_dividends_first")
    assert after(position, own, common, *late[::-1]).dues == ()


def test_what_must_be_paid_before_it_is_declared_on_the_common(quintus: Charter) -> None:
    """AMB-133, where even the declaration waits for the payment."""
    paid = Readings(common_gate_stage=CommonGateStage.PAID)
    position = table(quintus, {"a": {"A": 100}, "k": {COMMON: 1000}})
    own, common = DeclareDividend(day(1), {"A": Fraction(".2")}), DeclareDividend(day(3), TENTH)
    assert refused(position, own, common, readings=paid) == (1, "preferred_dividends_first")
    with_it = DeclareDividend(day(3), {"A": Fraction(".2"), COMMON: Fraction(".1")})
    assert refused(position, with_it, readings=paid) == (0, "preferred_dividends_first")
    for amount, place in ((".1", 2), (".2", None)):
        pays = PayDividend(day(2), {"A": Fraction(amount)})
        if place is None:
            assert after(position, own, pays, common, readings=paid).owed_to == {"k": 100}
        else:
            assert refused(position, own, pays, common, readings=paid) == (place, "preferred_dividends_first")


def test_later_shares_have_had_nothing_before_the_common(quintus: Charter) -> None:
    """AMB-134: three issues of A; the oldest of a holder's shares convert and are transferred first."""
    position = table(quintus, {"a": {"A": 100}, "k": {COMMON: 1000}})
    rate = DeclareDividend(day(1), {"A": Fraction(".2")})
    pays = PayDividend(day(1), {"A": Fraction(".2")})
    new = [Issue(day(number), "A", "n", 10, Fraction(10)) for number in (2, 4, 6)]
    common = DeclareDividend(day(9), TENTH)
    again = [(replace(rate, on=day(number)), replace(pays, on=day(number))) for number in (3, 5, 7)]
    assert after(position, rate, pays, common).owed_to == {"k": 100}
    # Each time it is declared anew for those that came last; the older ones have it twice.
    happened: list[Event] = [rate, pays]
    for issue, then in zip(new, again, strict=True):
        happened.append(issue)
        assert refused(position, *happened, common) == (len(happened), "preferred_dividends_first")
        happened += then
        assert after(position, *happened, common).owed_to == {"k": 100}
    # Of n's twenty the older ten go to x, and convert there; the last ten stay.
    unlocked = Readings(ad_election=AdElection.UNLOCK_INDIVIDUAL)
    elect = ElectConversion(day(7), {"a": {"A": 100}})
    late = [rate, pays, *new[:2], Transfer(day(8), "A", "n", "x", 10)]
    given = [*late, elect, Convert(day(8), "x", {"A": 10})]
    happened = sorted(given, key=lambda event: event.on)
    state = after(position, *happened, readings=unlocked)
    assert {key: list(own.values()) for key, own in state.lots.items()} == {("n", "A"): [10]}
    own = [replace(rate, on=day(8)), replace(common, on=day(8))]
    assert fold(state, own, unlocked).owed_to == {"k": 100, "a": 10, "x": 1}


def test_a_quarter_of_a_year(quintus: Charter) -> None:
    """AMB-141: .10 for a quarter is .40 a year, of which A has had .20."""
    yearly = Readings(annualise=Switch.YES)
    position = table(quintus, {"a": {"A": 100}, "k": {COMMON: 1000}})
    own = DeclareDividend(day(1), {"A": Fraction(".2")})
    for part, allowed in (("1/4", False), ("1/2", True), ("1", True)):
        common = DeclareDividend(day(2), TENTH, part_of_year=Fraction(part))
        if allowed:
            assert after(position, own, common, readings=yearly).owed_to == {"k": 100}
        else:
            assert refused(position, own, common, readings=yearly) == (1, "preferred_dividends_first")
        assert after(position, own, common).owed_to == {"k": 100}
    enough = DeclareDividend(day(1), {"A": Fraction(".4")})
    quarter = DeclareDividend(day(2), TENTH, part_of_year=Fraction(1, 4))
    assert after(position, enough, quarter, readings=yearly).owed_to == {"k": 100}
    assert refused(position, replace(quarter, part_of_year=Fraction(2))) == (0, "bad_part_of_year")


def test_property_that_waits(quintus: Charter) -> None:
    """AMB-135: under one reading property on the Common waits for the year's dividend on A, as cash does."""
    both = Readings(in_kind_gate=InKindGate.BOTH)
    position = table(quintus, {"a": {"A": 100}, "k": {COMMON: 1000}})
    units, own = Distribute(day(2), Fraction(1100)), DeclareDividend(day(1), {"A": Fraction(".2")})
    assert after(position, units).log[0].clause == "1(b), 3(e)"
    assert refused(position, units, readings=both) == (0, "preferred_dividends_first")
    assert after(position, own, units, readings=both).log[1].amounts["per_share_common"] == 1
    # Rights to Common need nothing before them, and where nothing reaches the Common nothing waits.
    rights = replace(units, payable="paid_rights_to_common")
    assert after(position, rights, readings=both).log[0].clause == "3(e)"
    assert after(table(quintus, {"a": {"A": 100}}), units, readings=both).log[0].amounts["per_share_A"] == 11
    fiscal = Readings(in_kind_gate=InKindGate.BOTH, year=Year.FISCAL)
    assert refused(position, own, units, readings=fiscal) == (1, "no_fiscal_month")
    assert after(position, own, replace(units, fiscal_month=7), readings=fiscal).log[1].clause == "1(b), 3(e)"


def test_what_is_not_shared_is_not_distributed(quintus: Charter) -> None:
    """AMB-138: rights for a price are shared, or an issue and nothing else; cash and stock are other events."""
    position = table(quintus, {"k": {COMMON: 1000}})
    issuance = Readings(paid_rights=PaidRights.ISSUANCE_ONLY)
    rights = Distribute(day(1), Fraction(10), "paid_rights_to_common")
    assert after(position, rights).log[0].clause == "3(e)"
    assert refused(position, rights, readings=issuance) == (0, "not_shared")
    for payable in ("cash", "common_stock", "redeemable_equity"):
        assert refused(position, replace(rights, payable=payable)) == (0, "not_shared")


# Record dates (AMB-139)


def test_a_dividend_is_on_the_shares_of_its_record_date(quintus: Charter) -> None:
    """AMB-139: declared on the 1st for holders of the 4th; of 10 E eve converts 4 before, and dan gets 5 more."""
    position = table(quintus, {"eve": {"E": 10}, "k": {COMMON: 100}})
    declared = DeclareDividend(day(1), {"E": Fraction(".83"), COMMON: Fraction(".1")}, record_date=day(4))
    happened = (declared, Convert(day(2), "eve", {"E": 4}), Issue(day(3), "E", "dan", 5, Fraction(50)))
    state = after(position, *happened, Transfer(day(4), COMMON, "k", "m", 30))
    assert (state.position.declared_dividends, state.dues, len(state.pending)) == ({}, (), 1)
    assert refused(position, *happened, PayDividend(day(4), {"E": Fraction(".1")})) == (3, "undeclared_dividend")
    later = at(state, day(5), DEFAULT)
    assert later.position.declared_dividends == {"E": Fraction(".83")}
    # E converts one for one, so that eve has 4 Common by then.
    assert (later.owed_to, later.debts, later.pending) == ({"k": 7, "m": 3, "eve": Fraction(".4")}, {}, ())
    (own,) = later.declared
    assert (own.on, own.shares["E"], own.shares[COMMON]) == (day(1), 11, 104)
    # The new shares will have it, so that nothing stands before the Common.
    assert at(after(position, *happened, DeclareDividend(day(4), TENTH)), day(9), DEFAULT).owed_on_common == Fraction(
        ".2"
    )
    # A share that comes after the record date has had none of it.
    pays = PayDividend(day(6), {"E": Fraction(".83")})
    more = (Issue(day(7), "E", "dan", 5, Fraction(50)), DeclareDividend(day(8), TENTH))
    assert refused(position, *happened, pays, *more) == (5, "preferred_dividends_first")
    # Two for one in between: half as much on each new share.
    split = after(position, *happened, Split(day(4), "E", Fraction(2)))
    assert at(split, day(5), DEFAULT).position.declared_dividends == {"E": Fraction(".415")}


def test_a_record_date_at_or_before_the_declaration(quintus: Charter) -> None:
    position = table(quintus, {"eve": {"E": 10}, "k": {COMMON: 100}})
    declared = DeclareDividend(day(5), {"E": Fraction(".83")}, record_date=day(5))
    # Its holders are those at the close of that day (3(c)).
    assert after(position, declared).position.declared_dividends == {}
    assert at(after(position, declared), day(6), DEFAULT).position.declared_dividends == {"E": Fraction(".83")}
    assert after(position, replace(declared, record_date=day(3))).position.declared_dividends == {"E": Fraction(".83")}
    moved = Transfer(day(4), "E", "eve", "dan", 1)
    assert refused(position, moved, replace(declared, record_date=day(3))) == (1, "out_of_order")


def test_a_split_adjusts_as_of_its_record_date(quintus: Charter) -> None:
    """3(d)(iii): E, first issued on the 3rd, is not older than a record date of that day."""
    position = table(quintus, {"eve": {"E": 10}, "k": {COMMON: 100}}, as_of=day(3))
    start = opening(position, DEFAULT, purchase_dates={"E": day(3)})
    for record, price in ((day(3), "4.15"), (day(4), "2.075"), (None, "2.075")):
        split = Split(day(6), COMMON, Fraction(2), record)
        state = fold(start, [split], DEFAULT)
        assert (state.position.conversion_prices["E"], state.position.common) == (Fraction(price), 200)
        paid = fold(start, [StockDividend(day(6), Fraction(1), record_date=record)], DEFAULT)
        assert (paid.position.conversion_prices["E"], paid.position.common) == (Fraction(price), 200)
    assert refused(position, Split(day(6), COMMON, Fraction(2), day(7))) == (0, "bad_record_date")
    assert refused(position, Distribute(day(6), Fraction(1), record_date=day(7))) == (0, "bad_record_date")
    assert refused(position, Split(day(6), COMMON, Fraction(2), day(2))) == (0, "out_of_order")


def test_a_combination_adjusts_from_the_day_after_its_record_date(quintus: Charter) -> None:
    """3(d)(iv): from the 4th on for a record date of the 3rd, when E, first issued that day, is older."""
    position = table(quintus, {"eve": {"E": 10}, "k": {COMMON: 100}}, as_of=day(3))
    start = opening(position, DEFAULT, purchase_dates={"E": day(3)})
    halves = Split(day(6), COMMON, Fraction(1, 2), day(3))
    state = fold(start, [halves], DEFAULT)
    assert (state.position.conversion_prices["E"], state.position.common) == (Fraction("8.3"), 50)
    # On the record date itself the prices are what they were, and a share of E converts into one of Common.
    same = replace(halves, record_date=day(6))
    today = fold(start, [same, Convert(day(6), "eve", {"E": 2})], DEFAULT)
    assert (today.position.conversion_prices["E"], held(today, "eve")) == (Fraction("4.15"), 2)
    tomorrow = fold(today, [Convert(day(7), "eve", {"E": 2})], DEFAULT)
    assert (tomorrow.position.conversion_prices["E"], held(tomorrow, "eve")) == (Fraction("8.3"), 3)
    assert at(today, day(7), DEFAULT).position.conversion_prices["E"] == Fraction("8.3")
    assert [(own.series, own.on) for own in tomorrow.log[-1].adjustments] == [("E", day(7))]


def test_a_distribution_counts_conversions_as_of_its_record_date(quintus: Charter) -> None:
    """1(b): what is carried for three years is made on 1 March 2002, after the record date and before the day."""
    carried = {"E": (Carried(date(1999, 3, 1), Fraction(".15")),)}
    position = table(quintus, {"eve": {"E": 10}, "k": {COMMON: 10}}, as_of=date(1999, 9, 1))
    start = opening(position, DEFAULT, carried=carried)
    units = Distribute(date(2002, 3, 5), Fraction(20), record_date=date(2002, 2, 28))
    assert fold(start, [units], DEFAULT).log[0].amounts["per_share_E"] == 1
    # 4.15 / 4.00 afterwards: 20 over 10 and 10.375.
    later = fold(start, [replace(units, record_date=date(2002, 3, 1))], DEFAULT).log[0].amounts
    assert later["per_share_common"] == 20 / Fraction("20.375")


def test_a_history_cut_at_record_dates(quintus: Charter) -> None:
    """A history in two parts leads to the same state, whatever is left to a record date."""
    position = table(quintus, {"eve": {"E": 10}, "k": {COMMON: 100}})
    happened = [
        DeclareDividend(day(1), {"E": Fraction(".83"), COMMON: Fraction(".1")}, record_date=day(4)),
        Split(day(2), COMMON, Fraction(1, 2), day(2)),
        Issue(day(3), "E", "dan", 6, Fraction(60)),
        Transfer(day(5), "E", "dan", "eve", 4),
        PayDividend(day(6), {"E": Fraction(".83"), COMMON: Fraction(".1")}),
        Issue(day(7), "E", "dan", 2, Fraction(20)),
        Convert(day(8), "eve", {"E": 12}),
    ]
    whole = after(position, *happened)
    for cut in range(len(happened) + 1):
        first = after(position, *happened[:cut])
        assert fold(first, happened[cut:], DEFAULT) == whole, cut


def test_a_distribution_in_kind(quintus: Charter) -> None:
    """AMB-13: 29,055,000 units at full issuance over ten million Common are one for each share."""
    state = after(full_issuance(quintus, common=10_000_000), Distribute(day(1), Fraction(29_055_000)))
    amounts = dict(state.log[0].amounts)
    assert amounts.pop("undistributed") == 0
    assert set(amounts.values()) == {1}
    assert len(amounts) == 7


def test_a_recapitalization(small: Position) -> None:
    event = Recapitalize(day(1), {"cash": Fraction("1.5"), "new_share": Fraction(2)})
    assert after(small, event).property == event.units
    assert refused(small, event, event) == (1, "recapitalized")


# Conversions


def test_a_holder_converts(small: Position) -> None:
    state = after(small, Convert(day(1), "cy", {"E": 20, "F": 50}))
    assert (held(state, "cy", "E"), held(state, "cy", "F"), held(state, "cy")) == (10, 0, 70)
    assert (state.converted, state.position.shares["F"]) == ({"E": 20, "F": 50}, 0)
    assert state.log[0].amounts == {"common": 70, "cash_amounts": 0}


@pytest.mark.parametrize(
    ("holder", "shares", "code"),
    [
        ("ann", {"E": 21}, "not_held"),
        ("bob", {"E": 1}, "not_held"),
        ("nobody", {"F": 1}, "not_held"),
        ("ann", {"A": 1}, "class_only"),
        ("ann", {"E": -1}, "negative_shares"),
    ],
)
def test_conversions_that_are_refused(small: Position, holder: str, shares: dict[str, int], code: str) -> None:
    assert refused(small, Convert(day(1), holder, shares)) == (0, code)


def test_what_a_conversion_would_give_touches_nothing(quintus: Charter) -> None:
    start = opening(table(quintus, {"ann": {"E": 2}, "bob": {COMMON: 40_000_000}}), DEFAULT)
    before = copy.deepcopy(start)
    assert converted_by_holder(start, Convert(day(1), "ann", {"E": 2}), DEFAULT).common == 2
    assert start == before


def test_no_more_common_than_is_authorised(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"A": 2, "E": 2, "F": 2}, "bob": {COMMON: 39_999_998}})
    exactly = Convert(day(1), "ann", {"E": 2})
    assert after(position, exactly).position.common == 40_000_000
    for more in (
        Convert(day(2), "ann", {"F": 1}),
        ConsentConversion(day(2), "F", {"ann": 2}),
        ElectConversion(day(2), {"ann": {"A": 2}}),
    ):
        assert refused(position, exactly, more) == (1, "over_authorized")


def test_no_more_common_than_is_authorised_where_there_was_none(quintus: Charter) -> None:
    for common, code in ((40_000_000, ""), (40_000_001, "over_authorized")):
        position = table(quintus, {"ann": {"E": 1}}, conversion_prices={"E": Fraction("4.15") / common})
        converts = Convert(day(1), "ann", {"E": 1})
        if code:
            assert refused(position, converts) == (0, code)
        else:
            assert after(position, converts).position.common == common


def test_a_share_converts_only_after_the_day_of_its_issue(small: Position) -> None:
    """3(a): at any time after its date of issuance."""
    new = Issue(day(1), "E", "ann", 5, Fraction(50))
    assert held(after(small, new, Convert(day(1), "ann", {"E": 20})), "ann", "E") == 5
    assert refused(small, new, Convert(day(1), "ann", {"E": 21})) == (1, "issued_today")
    assert held(after(small, new, Convert(day(2), "ann", {"E": 25})), "ann") == 25
    # Older shares are transferred first.
    passed = Transfer(day(1), "E", "ann", "cy", 22)
    assert held(after(small, new, passed, Convert(day(1), "cy", {"E": 50})), "cy") == 50
    assert refused(small, new, passed, Convert(day(1), "cy", {"E": 51})) == (2, "issued_today")
    assert refused(small, new, passed, Convert(day(1), "ann", {"E": 1})) == (2, "issued_today")
    assert after(small, new, passed).issued_today == {("ann", "E"): 3, ("cy", "E"): 2}
    assert after(small, replace(new, shares=1), replace(passed, shares=21)).issued_today == {
        ("ann", "E"): 0,
        ("cy", "E"): 1,
    }
    assert after(small, replace(passed, shares=20)).issued_today == {}
    twice = (Convert(day(1), "ann", {"E": 20}), Convert(day(1), "ann", {"E": 1}))
    assert refused(small, new, *twice) == (2, "issued_today")
    halves = (Convert(day(1), "ann", {"E": 10}),) * 2
    assert held(after(small, new, *halves), "ann", "E") == 5
    assert refused(small, replace(new, shares=1), Convert(day(1), "ann", {"E": 21})) == (1, "issued_today")
    # A consent converts every share, those issued today too.
    consent = ConsentConversion(day(1), "E", {"ann": 25, "cy": 30})
    state = after(small, new, consent)
    assert (state.position.shares["E"], held(state, "ann")) == (0, 25)
    # What is issued after that on the same day is new, and nothing else is.
    again = (new, consent, replace(new, shares=3))
    assert after(small, *again).issued_today == {("ann", "E"): 3}
    assert refused(small, *again, Convert(day(1), "ann", {"E": 1})) == (3, "issued_today")


def test_shares_of_the_class_convert_on_the_day_of_their_issue_once_it_has_elected(small: Position) -> None:
    """3(a): only what converts at its holder's option at any time waits for the day after."""
    readings = Readings(ad_election=AdElection.UNLOCK_INDIVIDUAL)
    elect = ElectConversion(day(1), {"ann": {"A": 60, "B": 10}})
    happened = (elect, Issue(day(2), "A", "bob", 5, Fraction(5)), Convert(day(2), "bob", {"A": 45}))
    assert held(after(small, *happened, readings=readings), "bob", "A") == 0


def test_an_election_converts_the_class(small: Position) -> None:
    state = after(small, ElectConversion(day(1), {"ann": {"A": 60, "B": 10}}))
    # 70 of 130 shares; everybody's A to D convert one for one.
    assert {name: state.position.shares[name] for name in "ABCD"} == dict.fromkeys("ABCD", 0)
    assert (held(state, "ann"), held(state, "bob"), held(state, "cy")) == (70, 550, 10)
    assert [(c.holder, c.series, c.owed, c.converted_on) for c in state.cash] == [
        ("ann", "A", Fraction("55.5"), day(1)),
        ("ann", "B", Fraction("13.25"), day(1)),
        ("bob", "A", Fraction(37), day(1)),
        ("bob", "C", Fraction("17.65"), day(1)),
        ("cy", "D", Fraction("25.44"), day(1)),
    ]
    amounts = state.log[0].amounts
    assert (amounts["in_favour"], amounts["whole"], amounts["needed"], amounts["common"]) == (70, 130, 66, 130)
    assert not state.elected


def test_exactly_half_does_not_elect(small: Position) -> None:
    state = after(small, ElectConversion(day(1), {"ann": {"A": 55, "B": 10}}))
    assert state.position.shares["A"] == 100
    assert state.log[0].says == "The class does not convert: the consent does not suffice."


def test_an_election_may_only_unlock(small: Position) -> None:
    readings = Readings(ad_election=AdElection.UNLOCK_INDIVIDUAL)
    elect = ElectConversion(day(1), {"ann": {"A": 60, "B": 10}})
    state = after(small, elect, Convert(day(2), "bob", {"C": 4}), readings=readings)
    assert state.elected
    assert state.position.shares["A"] == 40
    assert state.position.shares["C"] == 6
    assert state.cash[-1] == CashClaim(day(2), "bob", "C", Fraction("7.06"))
    assert refused(small, Convert(day(2), "bob", {"C": 4}), readings=readings) == (0, "class_only")


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (ElectConversion(day(1), {"ann": {"A": 61}}), "not_held"),
        (ElectConversion(day(1), {"ann": {"E": 1}}), "not_of_class"),
        (ConsentConversion(day(1), "E", {"ann": 21}), "not_held"),
        (ConsentConversion(day(1), "A", {"ann": 21}), "no_consent"),
    ],
)
def test_consents_that_are_refused(small: Position, event: Event, code: str) -> None:
    assert refused(small, event) == (0, code)


def test_a_consent_converts_a_series(small: Position) -> None:
    """3(b): exactly sixty per cent of E suffice, half of F does not."""
    enough = after(small, ConsentConversion(day(1), "E", {"cy": 30}))
    assert (enough.position.shares["E"], held(enough, "ann")) == (0, 20)
    short = after(small, ConsentConversion(day(1), "E", {"cy": 29}))
    assert short.position.shares["E"] == 50
    half = after(small, ConsentConversion(day(1), "F", {"cy": 25}))
    assert half.position.shares["F"] == 50


# Offerings

REAL = PublicOffering(date(1999, 11, 19), Fraction(18), 4_500_000, priced_on=date(1999, 11, 16))


def test_the_offering_of_1999(issued: Position) -> None:
    """All convert one for one, no floor binds, and the Cash Amounts come to 18,739,020."""
    state = after(issued, REAL)
    assert state.position.common == 10_000_000 + 19_055_000 + 4_500_000
    assert all(state.position.shares[series.name] == 0 for series in issued.charter.series)
    assert (held(state, "public"), held(state, "holder-E")) == (4_500_000, 3_000_000)
    assert total_unpaid(state.cash) == 18_739_020
    assert {claim.series: claim.owed for claim in state.cash} == {
        "A": 8_417_500,
        "B": 1_325_000,
        "C": 5_295_000,
        "D": 3_701_520,
    }
    assert {due_date(issued.charter, claim.converted_on) for claim in state.cash} == {date(1999, 11, 29)}
    amounts = state.log[0].amounts
    assert amounts == {"size": 81_000_000, "shortfall": 0, "common": 19_055_000, "cash_amounts": 18_739_020}
    assert state.log[0].adjustments == ()
    assert state.log[0].says == "The offering converts the Preferred."
    assert state.position.as_of == state.offered_on == date(1999, 11, 19)


def test_an_offering_may_convert_at_its_pricing(issued: Position) -> None:
    """AMB-50: the conversion, and the ten days, then run from the pricing."""
    readings = Readings(ipo_effective=IpoEffective.PRICING)
    state = after(issued, REAL, readings=readings)
    assert {claim.converted_on for claim in state.cash} == {date(1999, 11, 16)}
    # What comes between finds the class converted.
    between = Convert(date(1999, 11, 17), "holder-E", {"E": 1})
    assert refused(issued, between, REAL, readings=readings) == (0, "not_held")
    assert after(issued, between, REAL).log[0].event == "convert"
    # Folded apart, the offering would come before what was folded already.
    parted = fold(opening(issued, readings), [between], readings)
    with pytest.raises(RefusedEventError) as error:
        fold(parted, [REAL], readings)
    assert (error.value.index, error.value.reason.code) == (0, "out_of_order")


def test_an_offering_that_does_not_qualify(issued: Position) -> None:
    """AMB-44: it sells shares and converts nothing; it may adjust prices all the same."""
    small = PublicOffering(day(1), Fraction(4), 9_999_999, to="dan")
    state = after(issued, small)
    assert (held(state, "dan"), state.position.shares["E"], state.cash) == (9_999_999, 3_000_000, ())
    assert state.log[0].amounts["size"] == 39_999_996
    assert state.log[0].says == "The offering does not convert anything."
    # (4.15 * 29,055,000 + 4 * 9,999,999) / 39,054,999
    assert price(state, "E") == (Fraction("4.15") * 29_055_000 + 39_999_996) / 39_054_999
    assert state.offered_on is None


@pytest.mark.parametrize(
    ("size", "event", "qualifies"),
    [
        (IpoSize.GROSS_ALL, PublicOffering(day(1), Fraction(4), 9_999_999), False),
        (IpoSize.GROSS_ALL, PublicOffering(day(1), Fraction(4), 9_999_999, secondary_shares=1), True),
        (IpoSize.GROSS_PRIMARY, PublicOffering(day(1), Fraction(4), 9_999_999, over_allotment=1), False),
        (IpoSize.NET, PublicOffering(day(1), Fraction(4), 10_000_000), True),
        (IpoSize.NET, PublicOffering(day(1), Fraction(4), 10_000_000, discount=Fraction(1, 100)), False),
    ],
)
def test_what_is_not_said_of_an_offering_is_nothing(
    issued: Position, size: IpoSize, event: PublicOffering, qualifies: bool
) -> None:
    """AMB-39: no holder sells, no over-allotment counts, and no underwriter keeps anything, unless it is said."""
    state = after(issued, event, readings=Readings(ipo_size=size))
    assert (state.position.shares["E"] == 0) is qualifies


def test_holders_alone_may_sell(issued: Position) -> None:
    state = after(issued, PublicOffering(day(1), Fraction(18), 0, secondary_shares=4_500_000))
    assert state.position == replace(opening(issued, DEFAULT).position, as_of=day(1))


def test_over_allotments_are_sold_too(issued: Position) -> None:
    readings = DEFAULT
    event = PublicOffering(day(1), Fraction(10), 3_900_000, over_allotment=100_000, over_allotment_counts=True)
    state = after(issued, event, readings=readings)
    assert (held(state, "public"), state.position.shares["E"]) == (4_000_000, 0)
    uncounted = after(issued, replace(event, over_allotment_counts=False))
    assert (held(uncounted, "public"), uncounted.position.shares["E"]) == (4_000_000, 3_000_000)


def test_the_floors_bind_below_their_prices(issued: Position) -> None:
    """AMB-47: at $4.00 the floors need 24,905,000 Common; with the ten million and those sold, too much."""
    state = after(issued, PublicOffering(day(1), Fraction(4), 10_000_000))
    amounts = state.log[0].amounts
    assert (amounts["ratio_E"], amounts["ratio_F"]) == (Fraction("2.075"), Fraction("2.75"))
    assert amounts["common"] == 14_555_000 + 6_225_000 + 4_125_000
    assert amounts["shortfall"] == 10_000_000 + 10_000_000 + 24_905_000 - 40_000_000
    assert state.position.common == 44_905_000


def test_the_floors_after_a_split_of_the_common(quintus: Charter) -> None:
    """AMB-40: two for one, then $3.00; E gets 2 a share, F 11/3."""
    position = table(quintus, {"ann": {"E": 300}, "bob": {"F": 300}, "cy": {COMMON: 1000}})
    state = after(position, Split(day(1), COMMON, Fraction(2)), PublicOffering(day(2), Fraction(3), 14_000_000))
    assert (held(state, "ann"), held(state, "bob")) == (600, 1100)


@pytest.mark.parametrize(
    ("offering", "code"),
    [
        (PublicOffering(day(2), Fraction(0), 10), "no_price"),
        (PublicOffering(day(2), Fraction(-1), 10), "no_price"),
        (PublicOffering(day(2), Fraction(18), 30_000_001), "over_authorized"),
        (PublicOffering(day(2), Fraction(18), 10, discount=Fraction(19)), "discount"),
        (PublicOffering(day(2), Fraction(18), 10, priced_on=day(3)), "closing_before_pricing"),
        (PublicOffering(day(2), Fraction(18), -1), "negative_shares"),
    ],
)
def test_offerings_that_are_refused(issued: Position, offering: PublicOffering, code: str) -> None:
    assert refused(issued, Transfer(day(1), COMMON, "holder-common", "x", 1), offering) == (1, code)


def test_an_offering_at_no_price_is_not_averaged_first(quintus: Charter) -> None:
    readings = Readings(weighted_average_base=WeightedAverageBase.COMMON_ONLY)
    position = table(quintus, {"ann": {"E": 100}})
    assert refused(position, PublicOffering(day(1), Fraction(0), 10), readings=readings) == (0, "no_price")


def test_the_offering_may_adjust_first(quintus: Charter) -> None:
    """AMB-45: sixteen million at $2.50 take D from 2.75 to 2.650137 with N = 24,055,000."""
    position = full_issuance(quintus, common=5_000_000)
    event = PublicOffering(day(1), Fraction("2.5"), 16_000_000)
    state = after(position, event)
    assert rounded(price(state, "D")) == 2.650137
    assert held(state, "holder-D") == 1_455_000
    first = after(position, event, readings=Readings(ipo_order=IpoOrder.ADJUST_FIRST))
    # 1,455,000 * 2.75 * 40,055,000 / (2.75 * 24,055,000 + 40,000,000) = 1,509,827.4
    assert held(first, "holder-D") == 1_509_827
    outcome, prices = offered(opening(position, DEFAULT), event, Readings(ipo_order=IpoOrder.ADJUST_FIRST))
    assert rounded(prices["D"]) == 2.650137
    assert outcome.common_by_holder["holder-D"] == 1_509_827


FOUR = PublicOffering(day(5), Fraction(4), 10_000_000)


@pytest.mark.parametrize("order", list(permutations(range(2))))
@pytest.mark.parametrize(("tie", "cy", "ann"), [(ConsentTie.IPO, 210, 112), (ConsentTie.CONSENT, 178, 90)])
def test_consent_and_offering_of_one_day(
    small: Position, order: tuple[int, int], tie: ConsentTie, cy: int, ann: int
) -> None:
    """AMB-43: in either order of entry; at $4.00 the floor gives 2.075 a share of E."""
    consent = ConsentConversion(day(5), "E", {"cy": 30})
    both: tuple[Event, Event] = (consent, FOUR)
    state = after(small, *(both[place] for place in order), readings=Readings(consent_tie=tie))
    # Of cy's Common 10 come from D and 137.5 from F, and 62.25 from E, all rounded together; by the consent it
    # is 138 and 30. Of ann's, 70 come from A and B, and 41.5 or 20 from E.
    assert (held(state, "cy"), held(state, "ann")) == (cy, ann)


def test_a_consent_of_the_day_that_does_not_carry(small: Position) -> None:
    consent = ConsentConversion(day(5), "E", {"cy": 29})
    state = after(small, consent, FOUR, readings=Readings(consent_tie=ConsentTie.CONSENT))
    assert state.log[0].says == "E does not convert: the consent does not suffice."
    assert held(state, "ann") == 112


def test_a_consent_before_the_day_takes_the_floor_away(small: Position) -> None:
    state = after(small, ConsentConversion(day(4), "E", {"cy": 30}), FOUR)
    assert (held(state, "ann"), state.log[0].amounts["common"]) == (90, 50)


def test_a_consent_with_an_offering_that_does_not_qualify(small: Position) -> None:
    state = after(small, ConsentConversion(day(5), "E", {"cy": 30}), replace(FOUR, form="S-3"))
    assert (held(state, "ann", "E"), held(state, "ann", "A")) == (0, 60)


def test_a_consent_with_an_offering_that_cannot_be(quintus: Charter) -> None:
    """The consent does not wait for it, and is refused first."""
    position = table(quintus, {"ann": {"E": 2}, "bob": {COMMON: 40_000_000}})
    both = (ConsentConversion(day(5), "E", {"ann": 2}), replace(FOUR, price=Fraction(0)))
    assert refused(position, *both) == (0, "over_authorized")


def test_a_consent_after_the_offering_of_its_day_is_of_no_effect(small: Position) -> None:
    state = after(small, FOUR)
    again = fold(state, [ConsentConversion(day(5), "E", {"cy": 30})], DEFAULT)
    assert again.position == state.position
    with pytest.raises(RefusedEventError):
        fold(state, [ConsentConversion(day(6), "E", {"cy": 30})], DEFAULT)


def test_a_consent_by_who_no_longer_holds_is_refused_in_its_turn(small: Position) -> None:
    moved = Transfer(day(5), "E", "cy", "ann", 30)
    consent = ConsentConversion(day(5), "E", {"cy": 30})
    assert refused(small, moved, consent, FOUR) == (1, "not_held")
    for tie in ConsentTie:
        state = after(small, moved, FOUR, consent, readings=Readings(consent_tie=tie))
        assert held(state, "ann") == 70 + 104  # 50 * 2.075 = 103.75


def test_what_an_offering_would_do_touches_nothing(issued: Position) -> None:
    start = opening(issued, DEFAULT)
    before = copy.deepcopy(start)
    outcome, _ = offered(start, REAL, DEFAULT)
    assert (outcome.cash_total, outcome.due) == (18_739_020, date(1999, 11, 29))
    assert start == before
    # More than is authorised is flagged, not refused.
    outcome, _ = offered(start, replace(REAL, primary_shares=30_000_000), DEFAULT)
    assert outcome.shortfall == 19_055_000
    with pytest.raises(Forbidden):
        offered(fold(start, [REAL], DEFAULT), replace(REAL, on=day(0), priced_on=None), DEFAULT)


# Cash Amounts


def test_funds_are_shared(small: Position) -> None:
    """70 of 130 shares elect; 148.84 is owed, of which 100 is there."""
    elect = ElectConversion(day(1), {"ann": {"A": 60, "B": 10}})
    state = after(small, elect, FundCashAmounts(day(2), Fraction(100)))
    owed = Fraction("148.84")
    assert [claim.paid for claim in state.cash] == [claim.owed * 100 / owed for claim in state.cash]
    assert state.log[1].amounts == {"paid": 100, "excess": 0, "unpaid": Fraction("48.84")}
    rest = fold(state, [FundCashAmounts(day(3), Fraction(50))], DEFAULT)
    assert rest.log[2].amounts == {"paid": Fraction("48.84"), "excess": Fraction("1.16"), "unpaid": 0}
    assert refused(small, FundCashAmounts(day(2), Fraction(-1))) == (0, "negative_funds")


def test_cash_amounts_of_earlier_conversions(small: Position) -> None:
    old = (CashClaim(date(1999, 1, 1), "zoe", "A", Fraction(10)),)
    start = opening(small, DEFAULT, cash=old)
    state = fold(start, [FundCashAmounts(day(1), Fraction(4))], DEFAULT)
    assert state.cash == (replace(old[0], paid=Fraction(4)),)


# Transfers


def test_transfers(small: Position) -> None:
    state = after(small, Transfer(day(1), COMMON, "bob", "zoe", 500), Transfer(day(1), "A", "bob", "bob", 40))
    assert (held(state, "bob"), held(state, "zoe"), held(state, "bob", "A")) == (0, 500, 40)
    assert Holding("bob", COMMON, 0) not in state.position.holdings
    assert refused(small, Transfer(day(1), COMMON, "bob", "zoe", 501)) == (0, "not_held")
    assert refused(small, Transfer(day(1), COMMON, "zoe", "bob", 1)) == (0, "not_held")
    assert refused(small, Transfer(day(1), COMMON, "bob", "zoe", -1)) == (0, "negative_shares")
    for who in ("bob", "nobody"):
        nothing = after(small, Transfer(day(1), COMMON, who, "zoe", 0))
        assert nothing.position == replace(small, as_of=day(1), conversion_prices=nothing.prices.official)


# Order


def test_events_come_in_the_order_of_their_dates(quintus: Charter) -> None:
    position = table(quintus, {"ann": {COMMON: 2}}, as_of=day(1))
    first, second = Transfer(day(1), COMMON, "ann", "bob", 1), Transfer(day(2), COMMON, "ann", "bob", 1)
    assert held(after(position, first, second), "bob") == 2
    assert refused(position, second, first) == (1, "out_of_order")
    assert refused(position, replace(first, on=day(0))) == (0, "out_of_order")


def test_the_order_of_one_day_is_kept(issued: Position) -> None:
    """AMB-99: E converts before or after a million is sold at $2.00 that day; 1.0000 or 1.0175 a share.

    3(c): the conversion is made at the close, after the sale, wherever it is written (AMB-140).
    """
    converts = Convert(day(1), "holder-E", {"E": 1_000_000})
    sale = Issue(day(1), COMMON, "x", 1_000_000, Fraction(2_000_000))
    for happened in ((converts, sale), (sale, converts)):
        assert held(after(issued, *happened), "holder-E") == 1_017_540  # 4.15 / 4.078464 = 1.0175399
    as_written = Readings(conversions_at_close=ConversionsAtClose.AS_WRITTEN)
    before, later = (
        after(issued, converts, sale, readings=as_written),
        after(issued, sale, converts, readings=as_written),
    )
    assert (held(before, "holder-E"), held(later, "holder-E")) == (1_000_000, 1_017_540)
    # 4.15 * 30,055,000 / (4.15 * 29,055,000 + 2,000,000) a share
    exact = Fraction("4.15") * 30_055_000 / (Fraction("4.15") * 29_055_000 + 2_000_000)
    assert abs(exact * 1_000_000 - 1_017_540) < 1


def test_what_watches_is_told_the_prices(small: Position) -> None:
    seen: list[tuple[int, Fraction]] = []

    def watch(index: int, prices: PriceState) -> None:
        seen.append((index, prices.official["A"]))

    happened = [Split(day(1), COMMON, Fraction(2)), Split(day(2), COMMON, Fraction(1, 2))]
    fold(opening(small, DEFAULT), happened, DEFAULT, watch)
    assert seen == [(0, Fraction(1, 2)), (1, 1)]


# Undeclared dividends


def test_undeclared_dividends_accrue_to_the_last_event(small: Position) -> None:
    """AMB-17: F since 1 August 1999, told on 31 January 2000: 31 days of the year, 184 in all."""
    state = after(small, Transfer(date(2000, 1, 31), COMMON, "bob", "ann", 1))
    found = undeclared(state, {"F": date(1999, 8, 1)}, DEFAULT)
    assert found == {"F": Undeclared(Fraction("1.65") * 31 / 365, Fraction("1.65") * 184 / 365)}
    leap = undeclared(state, {"F": date(1999, 8, 1)}, Readings(daycount=Daycount.ACTUAL_YEAR))
    assert rounded(leap["F"].since_issue, 4) == 0.8295


def test_what_is_declared_is_not_undeclared(small: Position) -> None:
    declared = DeclareDividend(date(1999, 12, 31), {"F": Fraction(".5")})
    late = DeclareDividend(date(2000, 1, 31), {"F": Fraction(".1")})
    state = after(small, declared, Split(date(2000, 1, 1), "F", Fraction(2)), late)
    found = undeclared(state, {"F": date(1999, 8, 1)}, DEFAULT)
    # By the day .825 * 31 / 365 = .0701 in the year, of which .10 is declared; since issue .4159, less .25 and .10.
    assert found["F"].current_year == 0
    assert found["F"].since_issue == Fraction(".825") * 184 / 365 - Fraction(".35")


def test_what_is_declared_counts_in_its_own_year(small: Position) -> None:
    """AMB-17: of .50 and .10 only the later is of 2000; what is declared on E is not F's."""
    state = after(
        small,
        DeclareDividend(date(1999, 12, 31), {"F": Fraction(".5")}),
        DeclareDividend(date(2000, 1, 2), {"F": Fraction(".1")}),
        DeclareDividend(date(2000, 1, 31), {"E": Fraction(".2")}),
    )
    found = undeclared(state, {"F": date(1999, 8, 1)}, DEFAULT)["F"]
    assert found == Undeclared(
        Fraction("1.65") * 31 / 365 - Fraction(".1"), Fraction("1.65") * 184 / 365 - Fraction(".6")
    )


def test_undeclared_dividends_need_a_date(small: Position) -> None:
    with pytest.raises(ValueError, match="date"):
        undeclared(opening(small, DEFAULT), {}, DEFAULT)


# Whole histories

HOLDERS = ("ann", "bob", "cy")
CLASSES = ("A", "B", "E", "F", COMMON)
SOME = st.integers(0, 12)
MONEY = st.sampled_from([Fraction(0), Fraction(1), Fraction(7, 2), Fraction(30), Fraction(200)])


@st.composite
def happenings(draw: st.DrawFn, on: date) -> Event:
    """Draw any event of a day; many are refused."""
    holder, other = draw(st.sampled_from(HOLDERS)), draw(st.sampled_from(HOLDERS))
    stock, count = draw(st.sampled_from(CLASSES)), draw(SOME)
    ratio = draw(st.sampled_from([Fraction(2), Fraction(1, 2), Fraction(3, 2)]))
    name = draw(st.sampled_from(["o", "p"]))
    kinds = st.sampled_from(
        [
            Issue(on, stock, holder, count, draw(MONEY), facts=draw(st.sampled_from([IssueFacts(), EMPLOYEE]))),
            IssueRights(on, name, count + 2, draw(MONEY), draw(st.sampled_from([COMMON, "B"])), count),
            ChangeRights(on, name, exercisable=count, exercise_price=draw(st.none() | MONEY)),
            ExerciseRights(on, name, holder, count),
            ExpireRights(on, name),
            Split(on, stock, ratio),
            StockDividend(on, ratio - Fraction(1, 2), draw(MONEY)),
            DeclareDividend(on, {stock: Fraction(count, 4)}),
            PayDividend(on, {stock: Fraction(count, 8)}),
            Convert(on, holder, {draw(st.sampled_from(["E", "F", "A"])): count}),
            ElectConversion(on, {holder: {"A": count}, other: {"B": draw(SOME)}}),
            ConsentConversion(on, draw(st.sampled_from(["E", "F"])), {holder: count, other: draw(SOME)}),
            PublicOffering(on, draw(st.sampled_from([Fraction(4), Fraction(10)])), draw(st.sampled_from([3, 10**7]))),
            FundCashAmounts(on, draw(MONEY)),
            Distribute(on, draw(MONEY)),
            Recapitalize(on, {"unit": draw(MONEY)}),
            Transfer(on, stock, holder, other, count),
        ]
    )
    return draw(kinds)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Event], Readings]:
    """Draw events on days that follow each other, sometimes the same, and readings."""
    happened, on = [], SEPTEMBER
    for _ in range(draw(st.integers(1, 9))):
        on = on + timedelta(days=draw(st.sampled_from([0, 1, 1, 400])))
        happened.append(draw(happenings(on)))
    readings = Readings(
        ad_election=draw(st.sampled_from(AdElection)),
        ipo_order=draw(st.sampled_from(IpoOrder)),
        consent_tie=draw(st.sampled_from(ConsentTie)),
        series_issue_excluded=draw(st.sampled_from(Switch)),
        weighted_average_base=draw(st.sampled_from(WeightedAverageBase)),
        conversions_at_close=draw(st.sampled_from(ConversionsAtClose)),
    )
    return happened, readings


def is_consent_of_an_offering(happened: Sequence[Event], index: int) -> bool:
    """Say whether an event is a consent on the day of an offering, which alone looks ahead."""
    event = happened[index]
    return isinstance(event, ConsentConversion) and any(
        isinstance(other, PublicOffering) and other.on == event.on for other in happened
    )


@examples(200)
@given(histories())
def test_whole_histories(quintus: Charter, drawn: tuple[list[Event], Readings]) -> None:
    happened, readings = drawn
    position = table(
        quintus, {"ann": {"A": 6, "E": 4}, "bob": {"B": 8, "F": 4, COMMON: 12}, "cy": {"A": 4, "E": 4, COMMON: 8}}
    )
    state = start = opening(position, readings)
    valid: list[Event] = []
    for index, event in enumerate(happened):
        if is_consent_of_an_offering(happened, index):
            continue
        if any(price.exact.denominator.bit_length() > 2000 for price in state.prices.prices.values()):
            break  # Exact prices grow without limit.
        before = copy.deepcopy(start)
        try:
            state = fold(start, [*valid, event], readings)
        except RefusedEventError:
            assert start == before
        else:
            valid.append(event)
            check(state)
    # In one fold as in many: cut between any two events as they are written, or else between two days.
    whole = fold(start, valid, readings)
    assert whole == state
    assert sorted(own.index for own in whole.log) == list(range(len(valid)))
    written = readings.conversions_at_close is ConversionsAtClose.AS_WRITTEN
    for cut in range(1, len(valid)):
        if written or valid[cut - 1].on < valid[cut].on:
            assert fold(fold(start, valid[:cut], readings), valid[cut:], readings) == whole


def check(state: State) -> None:
    """Check what holds of every state."""
    position = state.position
    added = outstanding(position.holdings)
    assert {name: n for name, n in position.shares.items() if n != 0} == added
    assert all(own.shares > 0 for own in position.holdings)
    assert len({(own.holder, own.stock) for own in position.holdings}) == len(position.holdings)
    assert all(value > 0 for value in position.conversion_prices.values())
    assert all(position.shares.get(name, 0) > 0 and owed > 0 for name, owed in position.declared_dividends.items())
    assert all(0 <= claim.paid <= claim.owed for claim in state.cash)
    assert all(owed > 0 for owed in state.debts.values())
    assert all(0 <= own.exercisable <= own.deliverable for own in state.rights.values())
    for (holder, stock), count in state.issued_today.items():
        assert 0 <= count <= held(state, holder, stock)
    assert position.conversion_prices == state.prices.official
