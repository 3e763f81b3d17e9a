"""Conversion into Common, section 3(a): engine and closed form agree."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.charter import Charter
from reference.conversion import cash_amount, conversion_ratio
from reference.position import Position
from reference.readings import Readings, Switch
from symbolic import conversion as forms
from symbolic.evaluate import evaluate
from tests import strategies
from tests.agreement import values_of


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
