"""The engine and the closed forms agree on the reserve, the headroom and the lowest price; the check finds mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import reserve
from reference.charter import Charter, Figure, Quantity, Series
from reference.conversion import conversion_ratio
from reference.position import Number, Position, full_issuance
from reference.readings import EFloor, Readings, Switch
from reference.reserve import Reserve
from symbolic import reserve as forms
from symbolic.account import Account, Definition
from symbolic.evaluate import evaluate_all
from symbolic.liquidation import Case
from tests import strategies
from tests.agreement import case_of, values_of
from tests.strategies import FAMILY, examples

READINGS = (
    "e_floor",
    "converted_reissuable",
    "oip_adjusts_in_conversion",
    "floor_adjusts_for_series_splits",
    "combination_adjusts_floor",
)
DEFAULT = Readings()


@cache
def account_of(case: Case) -> list[Definition]:
    """Return the account of everything about authorised stock."""
    account = Account(named=True)
    forms.stock(case, account)
    return account.definitions


def differences(
    position: Position,
    readings: Readings,
    price: Fraction = Fraction(5),
    sold: Number = 7,
    gone: dict[str, int] | None = None,
) -> list[str]:
    """List where engine and closed form differ on any question about authorised stock."""
    gone = gone or {}
    lowest = position.charter.public_offering is not None
    values = {**values_of(position, Fraction(0)), "p": price, "s": sold}
    values |= {f"gone_{series.name}": gone.get(series.name, 0) for series in position.charter.series}
    found = evaluate_all(account_of(case_of(position, readings)), values)
    rows: list[tuple[str, object]] = []
    offered = reserve.offering_reserve(position, readings, price, sold)
    for suffix, engine in (("", reserve.reserve(position, readings)), ("_offered", offered)):
        rows += [(f"needed{suffix}_{name}", needed) for name, needed in engine.needed.items()]
        rows += [(f"needed{suffix}", engine.total_needed), (f"available{suffix}", engine.available)]
        rows += [(f"shortfall{suffix}", engine.shortfall), (f"unreserved{suffix}", engine.unreserved)]
    room = reserve.headroom(position, readings, gone)
    rows += [("free_common", room.common), ("free_preferred", room.preferred), ("free_total", room.total)]
    rows += [("free_undesignated", room.undesignated)]
    rows += [(f"free_{name}", free) for name, free in room.series.items()]
    if lowest:
        least = reserve.lowest_offering_price(position, readings)
        rows.append(("offering_fits", least is not None))
        if least is not None:
            rows.append(("lowest_price", least))
    return [f"{name}: {engine} and {found[name]}" for name, engine in rows if engine != found[name]]


def smaller(charter: Charter, common: int, minimum: str) -> Charter:
    """Return a charter with less authorised Common and a smaller minimum of an offering."""
    offering = charter.public_offering
    assert offering is not None
    amount = Figure(Fraction(minimum), offering.minimum_aggregate.clause)
    total = Quantity(common + charter.authorized.preferred.value, "IV.A")
    authorized = replace(charter.authorized, common=Quantity(common, "IV.A"), total=total)
    return replace(charter, authorized=authorized, public_offering=replace(offering, minimum_aggregate=amount))


@examples(120)
@given(st.data(), strategies.readings(*READINGS), strategies.positive_amounts(), st.integers(0, 30))
def test_reserves(quintus: Charter, data: st.DataObject, readings: Readings, price: Fraction, sold: int) -> None:
    charter = smaller(quintus, data.draw(st.sampled_from((20, 40, 60, 100))), data.draw(st.sampled_from(("1", "40"))))
    for drawn in (charter, FAMILY):
        position = data.draw(strategies.positions(drawn))
        gone = {series.name: data.draw(st.integers(0, 2)) for series in drawn.series}
        assert differences(position, readings, price, sold, gone) == []


@pytest.mark.parametrize(("common", "lowest"), [(0, "3.199"), (5, "3.981"), (10, "5.270"), (15, "7.793")])
def test_the_registers_lowest_prices(quintus: Charter, common: int, lowest: str) -> None:
    position = full_issuance(quintus, common * 10**6)
    assert differences(position, DEFAULT) == []
    found = reserve.lowest_offering_price(position, DEFAULT)
    assert found is not None
    assert abs(found - Fraction(lowest)) < Fraction(1, 1000)


def around_the_kinks(charter: Charter) -> Iterator[tuple[Position, Fraction]]:
    """Yield tables whose lowest price passes every regime, at prices on and next to each floor."""
    for common, factor, e_price in product(range(0, 26, 5), (None, "2", "1/2"), (None, "2", "9")):
        prices = {} if e_price is None else {"E": Fraction(e_price)}
        split = None if factor is None else Fraction(factor)
        position = replace(full_issuance(charter, common * 10**6), conversion_prices=prices, common_split=split)
        for price in ("4", "8.29", "8.30", "10.99", "11", "12"):
            yield position, Fraction(price)


@pytest.mark.parametrize("floor", EFloor)
def test_around_the_kinks(quintus: Charter, floor: EFloor) -> None:
    for position, price in around_the_kinks(quintus):
        assert differences(position, Readings(e_floor=floor), price, 10**6) == []


def test_no_more_common_than_needed(quintus: Charter) -> None:
    for common in (20_944_999, 20_945_000, 20_945_001, 40_000_000):
        assert differences(full_issuance(quintus, common), DEFAULT) == []


# The check is itself checked


def fixed_questions(charter: Charter) -> list[str]:
    """Return the differences over a fixed set of questions."""
    found: list[str] = []
    for position, price in around_the_kinks(charter):
        found += differences(position, DEFAULT, price, 10**6, {"E": 5})
        found += differences(position, Readings(converted_reissuable=Switch.NO), price, 10**6, {"E": 5})
    return found


def test_the_engine_passes(quintus: Charter) -> None:
    assert fixed_questions(quintus) == []


def without_floor(position: Position, readings: Readings, series: Series, price: Fraction) -> Number:
    """Forget the floors of an offering."""
    return conversion_ratio(position, readings, series)


def floor_at_any_price(position: Position, readings: Readings, series: Series, price: Fraction) -> Number:
    """Apply the floor at every price, not below its own alone."""
    floor = series.offering_floor
    ratio = conversion_ratio(position, readings, series)
    return ratio if floor is None else max(ratio, floor.value / price)


def first_regime(position: Position, readings: Readings) -> Fraction | None:
    """Take the price as if every floor bound."""
    floors = [s.offering_floor for s in position.charter.series]
    held = [position.shares.get(s.name, 0) for s in position.charter.series]
    dollars = 40_000_000 + sum((n * f.value for n, f in zip(held, floors, strict=True) if f), Fraction(0))
    others = sum(n for n, f in zip(held, floors, strict=True) if not f)
    room = reserve.reserve(position, readings).available - others
    return dollars / room if room > 0 else None


def never_retired(position: Position, readings: Readings, name: str, converted: Number) -> Number:
    """Let converted shares be issued again under every reading."""
    return position.charter.series_named(name).authorized.value - position.shares.get(name, 0)


class WithoutSale(Reserve):
    """Forget the shares that the offering itself sells."""

    @property
    def available(self) -> Number:
        """Return the Common that is authorised and not issued."""
        return self.authorized - self.outstanding


TAMPERS = {
    "no floors": ("offering_ratio", without_floor),
    "floors at any price": ("offering_ratio", floor_at_any_price),
    "one regime": ("lowest_offering_price", first_regime),
    "nothing retires": ("issuable", never_retired),
    "the sale needs no shares": ("Reserve", WithoutSale),
}


@pytest.mark.parametrize("mistake", TAMPERS)
def test_each_mistake_is_found(quintus: Charter, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    name, replacement = TAMPERS[mistake]
    assert hasattr(reserve, name)
    monkeypatch.setattr(reserve, name, replacement)
    assert fixed_questions(quintus) != []
