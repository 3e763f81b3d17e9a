"""Conversion into Common, sections 3(a), 3(b) as far as holders decide it, and 3(h).

Ratio and Cash Amount agree with the closed forms. The other figures are those of the registers or are
worked out by hand from the certificate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.charter import Charter
from reference.conversion import (
    ClassConversion,
    cash_amount,
    common_issued,
    conversion_ratio,
    convert,
    election,
    held_by_holder,
    issuable,
    series_consent,
)
from reference.position import Holding, Position, full_issuance, outstanding
from reference.readings import AdElection, AdMajority, Half, Readings, RoundUnit, Switch, Votes
from reference.refusal import Forbidden
from symbolic import conversion as forms
from symbolic.evaluate import evaluate
from tests import strategies
from tests.agreement import values_of

DEFAULT = Readings()


def table(charter: Charter, holders: Mapping[str, Mapping[str, int]], **more: object) -> Position:
    """Return the position in which holders, by name, hold shares by class."""
    holdings = tuple(Holding(who, stock, count) for who, own in holders.items() for stock, count in own.items())
    return Position(charter, outstanding(holdings), holdings=holdings, **more)  # type: ignore[arg-type]


def at_ratios(charter: Charter, **ratios: str) -> dict[str, Fraction]:
    """Return the conversion prices at which series have the given ratios."""
    return {name: charter.series_named(name).original_issue_price.value / Fraction(c) for name, c in ratios.items()}


def agreed_ratio(position: Position, readings: Readings, name: str) -> Fraction:
    """Return the ratio of a series, having asserted that the closed form says the same."""
    series = position.charter.series_named(name)
    splits, prices = frozenset(position.preferred_splits), frozenset(position.conversion_prices)
    form = forms.conversion_ratio(series, readings, splits, prices)
    ratio = Fraction(conversion_ratio(position, readings, series))
    assert ratio == evaluate(form, values_of(position, Fraction(0)))
    return ratio


def agreed_cash(position: Position, readings: Readings, name: str) -> Fraction:
    """Return the Cash Amount of a series, having asserted that the closed form says the same."""
    series = position.charter.series_named(name)
    form = forms.cash_amount(series, readings, frozenset(position.preferred_splits))
    amount = cash_amount(position, readings, series)
    assert amount == evaluate(form, values_of(position, Fraction(0)))
    return amount


@pytest.mark.parametrize(
    ("prices", "splits", "reading", "expected"),
    [
        ({}, {}, Switch.YES, "1"),
        ({"E": "4.15"}, {}, Switch.YES, "1"),
        ({"E": "2.49"}, {}, Switch.YES, "5/3"),
        ({"E": "8.30"}, {}, Switch.YES, "1/2"),
        ({}, {"E": "2"}, Switch.YES, "1/2"),
        ({}, {"E": "2"}, Switch.NO, "1"),
        ({"E": "2.49"}, {"E": "2"}, Switch.YES, "5/6"),
        ({"E": "2.49"}, {"E": "2"}, Switch.NO, "5/3"),
    ],
)
def test_ratio(
    quintus: Charter, prices: dict[str, str], splits: dict[str, str], reading: Switch, expected: str
) -> None:
    position = Position(
        quintus,
        {"E": 1},
        conversion_prices={name: Fraction(price) for name, price in prices.items()},
        preferred_splits={name: Fraction(factor) for name, factor in splits.items()},
    )
    assert agreed_ratio(position, Readings(oip_adjusts_in_conversion=reading), "E") == Fraction(expected)


def test_a_split_of_a_keeps_the_total_common(quintus: Charter) -> None:
    position = Position(quintus, {"A": 20}, conversion_prices={"A": Fraction(1)}, preferred_splits={"A": Fraction(2)})
    assert 20 * agreed_ratio(position, Readings(), "A") == 10
    assert 20 * agreed_ratio(position, Readings(oip_adjusts_in_conversion=Switch.NO), "A") == 20


def test_a_price_of_zero_is_no_price(quintus: Charter) -> None:
    position = Position(quintus, {"E": 1}, conversion_prices={"E": Fraction(0)})
    with pytest.raises(ZeroDivisionError):
        conversion_ratio(position, Readings(), quintus.series_named("E"))


@pytest.mark.parametrize(("name", "fixed"), [("A", "0.925"), ("B", "1.325"), ("C", "1.765"), ("D", "2.544")])
def test_cash_amounts(quintus: Charter, name: str, fixed: str) -> None:
    position = Position(
        quintus, {name: 1}, declared_dividends={name: Fraction("0.1")}, preferred_splits={name: Fraction(2)}
    )
    literal, adjusted = Readings(), Readings(cash_adjusts_preferred_split=Switch.YES)
    assert agreed_cash(position, literal, name) == Fraction(fixed) + Fraction("0.1")
    assert agreed_cash(position, adjusted, name) == Fraction(fixed) / 2 + Fraction("0.1")


def test_a_series_without_a_cash_amount_has_none(quintus: Charter) -> None:
    position = Position(quintus, {"E": 1}, declared_dividends={"E": Fraction("0.1")})
    assert agreed_cash(position, Readings(), "E") == 0


@given(st.data())
def test_drawn_positions(quintus: Charter, data: st.DataObject) -> None:
    position = data.draw(strategies.positions(quintus))
    readings = data.draw(strategies.readings("oip_adjusts_in_conversion", "cash_adjusts_preferred_split"))
    for series in quintus.series:
        assert agreed_ratio(position, readings, series.name) > 0
        assert agreed_cash(position, readings, series.name) >= 0


# 3(h): rounding


@pytest.mark.parametrize(
    ("shares", "ratios", "event", "series", "certificate"),
    [
        ({"A": 1, "B": 1}, {"A": "1.4", "B": "1.4"}, 3, 2, 2),
        ({"A": 1, "B": 1}, {"A": "1.25", "B": ".25"}, 2, 1, 1),
        ({"E": 2}, {"E": "1.5"}, 3, 3, 4),
        ({"E": 1}, {"E": "1.5"}, 2, 2, 2),
        ({"E": 1}, {"E": "1.4"}, 1, 1, 1),
        ({"E": 1}, {"E": "5/3"}, 2, 2, 2),
        ({"E": 1}, {"E": ".4"}, 0, 0, 0),
        ({"E": 3}, {"E": ".4"}, 1, 1, 0),
        ({"E": 0}, {"E": "1.5"}, 0, 0, 0),
        (dict.fromkeys("ABCDEF", 1), dict.fromkeys("ABCDEF", "1.5"), 9, 12, 12),
        ({"A": 10**30}, {"A": "1.000000000000000000000000000001"}, 10**30 + 1, 10**30 + 1, 10**30),
        ({}, {}, 0, 0, 0),
    ],
)
def test_rounding_units(
    shares: dict[str, int], ratios: dict[str, str], event: int, series: int, certificate: int
) -> None:
    exact = {name: Fraction(ratio) for name, ratio in ratios.items()}
    units = (RoundUnit.HOLDER_EVENT, RoundUnit.HOLDER_SERIES, RoundUnit.CERTIFICATE)
    issued = [common_issued(shares, exact, Readings(round_unit=unit)) for unit in units]
    assert issued == [event, series, certificate]


@pytest.mark.parametrize("unit", RoundUnit)
@pytest.mark.parametrize(("half", "common"), [(Half.UP, 3), (Half.EVEN, 2), (Half.DOWN, 2)])
def test_exactly_half(unit: RoundUnit, half: Half, common: int) -> None:
    readings = Readings(round_unit=unit, half=half)
    assert common_issued({"E": 1}, {"E": Fraction(5, 2)}, readings) == common


def test_half_of_six_series_downwards() -> None:
    shares, ratios = dict.fromkeys("ABCDEF", 1), dict.fromkeys("ABCDEF", Fraction(3, 2))
    by_series = Readings(round_unit=RoundUnit.HOLDER_SERIES, half=Half.DOWN)
    assert common_issued(shares, ratios, by_series) == 6


def test_two_batches_give_more_than_one() -> None:
    once = common_issued({"E": 2}, {"E": Fraction(3, 2)}, DEFAULT)
    apart = 2 * common_issued({"E": 1}, {"E": Fraction(3, 2)}, DEFAULT)
    assert (once, apart) == (3, 4)


@pytest.mark.parametrize(("price", "common"), [("0.9266", 9_820_850), ("0.93", 9_784_946)])
def test_all_of_a_at_a_rounded_price(quintus: Charter, price: str, common: int) -> None:
    position = replace(full_issuance(quintus), conversion_prices={"A": Fraction(price)})
    converted = election(position, DEFAULT, {"holder-A": {"A": 9_100_000}})
    assert {own.holder: own.common for own in converted.conversions}["holder-A"] == common


@pytest.mark.parametrize("half", Half)
def test_small_counts_across_and_by_series(half: Half) -> None:
    ratios = [Fraction(ratio) for ratio in ("0", "1/4", "1/2", "1", "7/5", "3/2", "5/3")]
    for a, b, c_a, c_b in product(range(3), range(3), ratios, ratios):
        shares, exact = {"A": a, "B": b}, {"A": c_a, "B": c_b}
        across = common_issued(shares, exact, Readings(half=half))
        by_series = common_issued(shares, exact, Readings(half=half, round_unit=RoundUnit.HOLDER_SERIES))
        total = a * c_a + b * c_b
        assert abs(across - total) <= Fraction(1, 2)
        assert abs(by_series - total) <= 1
        assert abs(across - by_series) <= 1


@given(st.integers(0, 50), st.integers(0, 5), strategies.positive_amounts(), st.sampled_from(Half))
def test_more_shares_never_give_less_common(count: int, more: int, ratio: Fraction, half: Half) -> None:
    readings = Readings(half=half)
    before = common_issued({"E": count}, {"E": ratio}, readings)
    assert common_issued({"E": count + more}, {"E": ratio}, readings) >= before


# 3(a): conversion at the holder's option


def test_e_and_f_convert_as_one_batch(quintus: Charter) -> None:
    prices = at_ratios(quintus, E="1.4", F="1.4")
    position = table(quintus, {"ann": {"E": 5, "F": 5}}, conversion_prices=prices)
    converted = convert(position, DEFAULT, "ann", {"E": 1, "F": 1})
    assert (converted.exact, converted.common) == (Fraction("2.8"), 3)
    assert converted.cash == converted.dividends == {}


def test_declared_dividends_of_e_stay_a_debt(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"E": 1000}}, declared_dividends={"E": Fraction("0.83")})
    converted = convert(position, DEFAULT, "ann", {"E": 1000})
    assert (converted.common, converted.dividends, converted.cash_total) == (1000, {"E": 830}, 0)


def test_the_price_before_or_after_a_dilutive_sale_of_the_day(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"E": 10_000}})
    diluted = replace(
        position, conversion_prices={"E": (Fraction("4.15") * 29_055_000 + 2_000_000) / Fraction(30_055_000)}
    )
    assert convert(position, DEFAULT, "ann", {"E": 10_000}).common == 10_000
    assert convert(diluted, DEFAULT, "ann", {"E": 10_000}).common == 10_175


def test_two_lots_of_a_holder_add_up(quintus: Charter) -> None:
    lots = (Holding("ann", "E", 1), Holding("bob", "E", 7), Holding("ann", "E", 2))
    position = Position(quintus, outstanding(lots), holdings=lots)
    assert held_by_holder(position, ("E",)) == {"ann": {"E": 3}, "bob": {"E": 7}}
    assert convert(position, DEFAULT, "ann", {"E": 3}).common == 3


@pytest.mark.parametrize(
    ("who", "shares", "code"),
    [
        ("ann", {"E": 6}, "not_held"),
        ("ann", {"E": 5, "F": 1}, "not_held"),
        ("cyd", {"E": 1}, "not_held"),
        ("ann", {"E": -1}, "negative_shares"),
        ("ann", {"A": 1}, "class_only"),
        ("ann", {"E": 1, "D": 0}, "class_only"),
    ],
)
def test_what_a_holder_cannot_convert(quintus: Charter, who: str, shares: dict[str, int], code: str) -> None:
    position = table(quintus, {"ann": {"A": 5, "E": 5}, "bob": {"E": 9}})
    with pytest.raises(Forbidden) as refused:
        convert(position, DEFAULT, who, shares)
    assert (refused.value.code, refused.value.clause) == (code, "3(a)")


def test_a_series_without_the_right_does_not_convert(family: Charter) -> None:
    position = table(family, {"ann": {"Capped": 5}})
    with pytest.raises(Forbidden, match="no right to convert") as refused:
        convert(position, DEFAULT, "ann", {"Capped": 1})
    assert refused.value.code == "not_convertible"


def test_after_an_election_that_only_unlocks_a_holder_of_a_may_convert(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"A": 5}})
    unlock = Readings(ad_election=AdElection.UNLOCK_INDIVIDUAL)
    converted = convert(position, unlock, "ann", {"A": 4}, unlocked=True)
    assert (converted.common, converted.cash_total) == (4, 4 * Fraction("0.925"))
    for readings, unlocked in ((unlock, False), (DEFAULT, True)):
        with pytest.raises(Forbidden):
            convert(position, readings, "ann", {"A": 4}, unlocked=unlocked)


def test_converting_nothing_gives_nothing(quintus: Charter) -> None:
    converted = convert(table(quintus, {"ann": {"E": 5}}), DEFAULT, "ann", {"E": 0})
    assert (converted.common, converted.exact) == (0, 0)


# 3(a): the election of A-D


def everything(position: Position, *holders: str) -> dict[str, dict[str, int]]:
    """Return all shares of the class that some holders hold, as their consents."""
    held = held_by_holder(position, position.charter.electing)
    return {who: held[who] for who in holders}  # type: ignore[misc]


@pytest.mark.parametrize(("shares", "carried"), [(7_277_500, False), (7_277_501, True), (9_100_000, True), (0, False)])
def test_a_majority_is_more_than_half(quintus: Charter, shares: int, carried: bool) -> None:
    result = election(full_issuance(quintus), DEFAULT, {"holder-A": {"A": shares}})
    assert (result.count.in_favour, result.count.whole, result.count.needed) == (shares, 14_555_000, 7_277_501)
    assert result.count.carried is carried
    assert bool(result.conversions) is carried


def test_nobody_consents(quintus: Charter) -> None:
    result = election(full_issuance(quintus), DEFAULT, {})
    assert (result.count.consenting, result.count.in_favour, result.count.carried) == ((), 0, False)


def test_the_election_drags_all_at_full_issuance(quintus: Charter) -> None:
    position = full_issuance(quintus)
    result = election(position, DEFAULT, everything(position, "holder-A"))
    assert result.count.consenting == ("holder-A",)
    assert [own.holder for own in result.conversions] == ["holder-A", "holder-B", "holder-C", "holder-D"]
    assert [own.common for own in result.conversions] == [9_100_000, 1_000_000, 3_000_000, 1_455_000]
    assert [own.cash_total for own in result.conversions] == [8_417_500, 1_325_000, 5_295_000, 3_701_520]
    assert sum(own.cash_total for own in result.conversions) == 18_739_020


def seven_million_a(quintus: Charter) -> Position:
    """Return the case in which A has most of the shares and not most of the votes."""
    held = {"a": {"A": 7_000_000}, "b": {"B": 1_000_000}, "c": {"C": 3_000_000}, "d": {"D": 1_455_000}}
    return table(quintus, held)


def test_shares_or_votes(quintus: Charter) -> None:
    position = seven_million_a(quintus)
    consents = everything(position, "a")
    by_shares = election(position, DEFAULT, consents).count
    by_votes = election(position, Readings(ad_majority=AdMajority.VOTES), consents).count
    assert (by_shares.in_favour, by_shares.whole, by_shares.needed) == (7_000_000, 12_455_000, 6_227_501)
    assert (by_votes.in_favour, by_votes.whole, by_votes.needed) == (70_000_000, 146_370_000, 73_185_001)
    assert (by_shares.carried, by_votes.carried) == (True, False)


@pytest.mark.parametrize(
    ("votes", "half", "expected"),
    [
        (Votes.ROUND_THEN_MULTIPLY, Half.UP, 50),
        (Votes.ROUND_THEN_MULTIPLY, Half.EVEN, 40),
        (Votes.ROUND_THEN_MULTIPLY, Half.DOWN, 40),
        (Votes.MULTIPLY_THEN_ROUND, Half.UP, 45),
        (Votes.PER_SHARE, Half.UP, 30),
    ],
)
def test_votes_in_the_election(quintus: Charter, votes: Votes, half: Half, expected: int) -> None:
    position = table(quintus, {"ann": {"A": 3}}, conversion_prices=at_ratios(quintus, A="1.5"))
    readings = Readings(ad_majority=AdMajority.VOTES, votes=votes, half=half)
    result = election(position, readings, {"ann": {"A": 3}})
    assert (result.count.in_favour, result.count.whole) == (expected, expected)
    assert result.count.carried


def test_votes_round_by_holder_and_series(quintus: Charter) -> None:
    prices = at_ratios(quintus, A="1.4", B="1.4")
    position = table(quintus, {"ann": {"A": 1, "B": 1}, "bob": {"A": 1}}, conversion_prices=prices)
    result = election(position, Readings(ad_majority=AdMajority.VOTES), {"bob": {"A": 1}})
    assert (result.count.in_favour, result.count.whole) == (10, 10 + 14 + 10)


def test_the_election_drags_or_unlocks(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"A": 6, "D": 1}, "bob": {"D": 3}, "cyd": {"E": 9, "common": 2}})
    consents = {"ann": {"A": 6}}
    dragged = election(position, DEFAULT, consents)
    unlocked = election(position, Readings(ad_election=AdElection.UNLOCK_INDIVIDUAL), consents)
    assert dragged.count == unlocked.count
    assert [(own.holder, own.shares) for own in dragged.conversions] == [("ann", {"A": 6, "D": 1}), ("bob", {"D": 3})]
    assert [(own.holder, own.shares) for own in unlocked.conversions] == [("ann", {"A": 6})]


def test_dividends_of_a_are_paid_once_in_its_cash_amount(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"A": 4, "C": 1}}, declared_dividends={"A": Fraction("0.2")})
    (own,) = election(position, DEFAULT, everything(position, "ann")).conversions
    assert own.cash == {"A": 4 * Fraction("1.125"), "C": Fraction("1.765")}
    assert own.dividends == {}


def test_one_rounding_for_a_holder_of_two_series(quintus: Charter) -> None:
    prices = at_ratios(quintus, A="1.4", B="1.4")
    position = table(quintus, {"ann": {"A": 1, "B": 1}, "bob": {"A": 1}}, conversion_prices=prices)
    together = election(position, DEFAULT, everything(position, "ann"))
    assert [own.common for own in together.conversions] == [3, 1]
    apart = election(position, Readings(round_unit=RoundUnit.HOLDER_SERIES), everything(position, "ann"))
    assert [own.common for own in apart.conversions] == [2, 1]


def test_without_shares_of_the_class_nobody_elects(quintus: Charter) -> None:
    result = election(table(quintus, {"ann": {"E": 3}}), DEFAULT, {})
    assert (result.count.whole, result.count.carried, result.conversions) == (0, False, ())


@pytest.mark.parametrize(
    ("consents", "code"),
    [
        ({"ann": {"E": 1}}, "not_of_class"),
        ({"ann": {"A": 6}}, "not_held"),
        ({"cyd": {"A": 1}}, "not_held"),
        ({"ann": {"A": -1}}, "negative_shares"),
    ],
)
def test_consents_that_do_not_count(quintus: Charter, consents: dict[str, dict[str, int]], code: str) -> None:
    position = table(quintus, {"ann": {"A": 5, "E": 1}, "bob": {"A": 1}})
    with pytest.raises(Forbidden) as refused:
        election(position, DEFAULT, consents)
    assert refused.value.code == code


def test_a_charter_without_an_election(quintus: Charter) -> None:
    with pytest.raises(Forbidden) as refused:
        election(table(replace(quintus, class_election=None), {"ann": {"A": 5}}), DEFAULT, {})
    assert refused.value.code == "no_election"


def test_every_small_election(quintus: Charter) -> None:
    for a, b, favour_a, favour_b in product(range(3), repeat=4):
        if favour_a <= a and favour_b <= b:
            position = table(quintus, {"ann": {"A": a}, "bob": {"B": b}})
            count = election(position, DEFAULT, {"ann": {"A": favour_a}, "bob": {"B": favour_b}}).count
            assert count.carried == (2 * (favour_a + favour_b) > a + b)
            assert count.carried == (count.in_favour >= count.needed)


# 3(b): consents of E and F


@pytest.mark.parametrize(
    ("name", "consenting", "needed", "carried"),
    [
        ("E", 1_800_000, 1_800_000, True),
        ("E", 1_799_999, 1_800_000, False),
        ("F", 750_000, 750_001, False),
        ("F", 750_001, 750_001, True),
    ],
)
def test_consent_of_a_series(quintus: Charter, name: str, consenting: int, needed: int, carried: bool) -> None:
    result = series_consent(full_issuance(quintus), DEFAULT, name, {f"holder-{name}": consenting})
    assert (result.count.needed, result.count.carried) == (needed, carried)
    assert bool(result.conversions) is carried


def test_a_consent_converts_the_whole_series_at_its_price(quintus: Charter) -> None:
    prices = at_ratios(quintus, E="1.5")
    position = table(
        quintus,
        {"ann": {"E": 3, "F": 1}, "bob": {"E": 1}, "cyd": {"E": 1}},
        conversion_prices=prices,
        declared_dividends={"E": Fraction(1, 2), "F": Fraction(9)},
    )
    result = series_consent(position, DEFAULT, "E", {"ann": 3})
    assert [(own.holder, own.shares, own.common) for own in result.conversions] == [
        ("ann", {"E": 3}, 5),
        ("bob", {"E": 1}, 2),
        ("cyd", {"E": 1}, 2),
    ]
    assert [own.dividends["E"] for own in result.conversions] == [Fraction(3, 2), Fraction(1, 2), Fraction(1, 2)]


def test_nobody_is_left_to_consent(quintus: Charter) -> None:
    result: ClassConversion = series_consent(table(quintus, {"ann": {"F": 1}}), DEFAULT, "E", {})
    assert (result.count.whole, result.count.needed, result.count.carried) == (0, 0, False)


@pytest.mark.parametrize(("name", "count", "code"), [("A", 1, "no_consent"), ("E", 4, "not_held")])
def test_consents_that_are_refused(quintus: Charter, name: str, count: int, code: str) -> None:
    position = table(quintus, {"ann": {"A": 3, "E": 3}})
    with pytest.raises(Forbidden) as refused:
        series_consent(position, DEFAULT, name, {"ann": count})
    assert refused.value.code == code


# IV.B: converted shares


def test_converted_shares_may_be_issued_again_or_not(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"F": 500_000}})
    retired = Readings(converted_reissuable=Switch.NO)
    assert issuable(position, DEFAULT, "E", converted=3_000_000) == 3_000_000
    assert issuable(position, retired, "E", converted=3_000_000) == 0
    assert issuable(position, retired, "F", converted=400_000) == 600_000
    assert issuable(position, DEFAULT, "F", converted=400_000) == 1_000_000


# Laws


@given(st.data())
def test_conversion_of_a_drawn_table(quintus: Charter, data: st.DataObject) -> None:
    drawn = data.draw(strategies.positions(quintus))
    holdings = tuple(
        Holding(data.draw(st.sampled_from(("ann", "bob"))), name, count)  # type: ignore[arg-type]
        for name, count in drawn.shares.items()
    )
    position = replace(drawn, holdings=holdings)
    readings = data.draw(strategies.readings("round_unit", "half", "oip_adjusts_in_conversion"))
    consents = held_by_holder(position, quintus.electing)
    result = election(position, readings, consents)
    series = {name: quintus.series_named(name) for name in quintus.electing}
    assert result.count.carried == (result.count.whole > 0)
    if result.count.carried:
        shares = {name: sum(own.shares.get(name, 0) for own in result.conversions) for name in series}
        assert shares == {name: position.shares[name] for name in series}
        total = sum(own.exact for own in result.conversions)
        assert total == sum(shares[n] * conversion_ratio(position, readings, s) for n, s in series.items())
        cash = sum(own.cash_total for own in result.conversions)
        assert cash == sum(shares[n] * cash_amount(position, readings, s) for n, s in series.items())
    if readings.round_unit is RoundUnit.HOLDER_EVENT:
        assert all(abs(own.common - own.exact) <= Fraction(1, 2) for own in result.conversions)


def test_nothing_is_unlocked_unless_it_is_said(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"A": 1}})
    freed = Readings(ad_election=AdElection.UNLOCK_INDIVIDUAL)
    with pytest.raises(Forbidden) as refused:
        convert(position, freed, "ann", {"A": 1})
    assert refused.value.code == "class_only"
    assert convert(position, freed, "ann", {"A": 1}, unlocked=True).holder == "ann"
