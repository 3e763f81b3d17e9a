"""Recapitalization, section 3(f): what a preferred share converts into afterwards."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reference.charter import Charter
from reference.position import Position
from reference.readings import Readings, Switch
from reference.recapitalization import property_per_share, property_received, recapitalized_again
from reference.refusal import Forbidden

DEFAULT = Readings()
UNITS = {"new common": Fraction(3, 2), "cash": Fraction("0.75")}


def test_each_series_receives_what_its_common_became(quintus: Charter) -> None:
    position = Position(quintus, {}, conversion_prices={"E": Fraction("3.32")})  # 1.25 Common per share
    found = property_per_share(position, DEFAULT, UNITS)
    assert list(found) == ["A", "B", "C", "D", "E", "F"]
    assert found["A"] == UNITS
    assert found["E"] == {"new common": Fraction(15, 8), "cash": Fraction("0.9375")}


def test_common_that_stays_common_changes_nothing(quintus: Charter) -> None:
    found = property_per_share(Position(quintus, {}), DEFAULT, {"common": Fraction(1)})
    assert all(each == {"common": 1} for each in found.values())


def test_common_that_becomes_nothing(quintus: Charter) -> None:
    assert set(map(len, property_per_share(Position(quintus, {}), DEFAULT, {}).values())) == {0}
    assert property_received(Position(quintus, {}), DEFAULT, {"A": 5}, {}) == {}


def test_a_split_of_the_series_counts_as_in_any_conversion(quintus: Charter) -> None:
    position = Position(quintus, {}, preferred_splits={"E": Fraction(2)}, conversion_prices={"E": Fraction("4.15")})
    assert property_per_share(position, DEFAULT, UNITS)["E"]["cash"] == Fraction("0.375")
    literal = Readings(oip_adjusts_in_conversion=Switch.NO)
    assert property_per_share(position, literal, UNITS)["E"]["cash"] == Fraction("0.75")


def test_a_holder_of_several_series(quintus: Charter) -> None:
    position = Position(quintus, {}, conversion_prices={"E": Fraction("3.32")})
    found = property_received(position, DEFAULT, {"A": 3, "E": 1, "F": 0}, UNITS)
    # 3 + 1.25 Common; nothing is rounded.
    assert found == {"new common": Fraction("4.25") * Fraction(3, 2), "cash": Fraction("4.25") * Fraction("0.75")}
    assert property_received(position, DEFAULT, {}, UNITS) == {"new common": 0, "cash": 0}


def test_a_series_that_does_not_convert_receives_nothing(family: Charter) -> None:
    position = Position(family, {})
    assert "Capped" not in property_per_share(position, DEFAULT, UNITS)
    with pytest.raises(Forbidden, match="Capped") as refused:
        property_received(position, DEFAULT, {"Capped": 1}, UNITS)
    assert (refused.value.code, refused.value.clause) == ("no_conversion", "3(f)")


def test_a_second_recapitalization() -> None:
    further = {"old co": Fraction(1, 3), "cash": Fraction(2)}
    assert recapitalized_again(UNITS, "new common", further) == {
        "cash": Fraction("0.75") + 3,
        "old co": Fraction(1, 2),
    }
    assert recapitalized_again(UNITS, "cash", {}) == {"new common": Fraction(3, 2)}
    same = {"new common": Fraction(2)}
    assert recapitalized_again(UNITS, "new common", same) == {"cash": Fraction("0.75"), "new common": Fraction(3)}
    assert {"new common": Fraction(3, 2), "cash": Fraction("0.75")} == UNITS


def test_a_share_may_become_nothing_of_some_kind(quintus: Charter) -> None:
    each = property_per_share(Position(quintus, {}), DEFAULT, {"cash": Fraction(0), "new common": Fraction(2)})
    assert each["E"] == {"cash": 0, "new common": 2}


def test_what_cannot_be_is_refused(quintus: Charter) -> None:
    position, bad = Position(quintus, {}), {"debt": Fraction(-1)}

    def refused(code: str, call: object, *args: object) -> None:
        with pytest.raises(Forbidden) as raised:
            call(*args)  # type: ignore[operator]
        assert (raised.value.code, raised.value.clause) == (code, "3(f)")

    refused("negative_units", property_per_share, position, DEFAULT, bad)
    refused("negative_units", property_received, position, DEFAULT, {"A": 1}, bad)
    refused("negative_units", recapitalized_again, bad, "debt", {})
    refused("negative_units", recapitalized_again, UNITS, "cash", bad)
    refused("negative_shares", property_received, position, DEFAULT, {"A": -1}, UNITS)
    refused("no_such_property", recapitalized_again, UNITS, "gold", {})
