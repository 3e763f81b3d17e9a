"""The cap table at one instant."""

from __future__ import annotations

from reference.charter import COMMON, Charter
from reference.position import Holding, Position, full_issuance, outstanding


def test_holdings_add_up_by_class() -> None:
    holdings = (Holding("ann", "A", 3), Holding("bob", "A", 4), Holding("ann", COMMON, 5))
    assert outstanding(holdings) == {"A": 7, COMMON: 5}
    assert outstanding(()) == {}


def test_a_class_left_out_has_no_shares(quintus: Charter) -> None:
    assert Position(quintus, {"A": 1}).common == 0
    assert Position(quintus, {COMMON: 2}).common == 2


def test_full_issuance(quintus: Charter) -> None:
    position = full_issuance(quintus, common=7)
    assert position.shares == {
        "A": 9_100_000,
        "B": 1_000_000,
        "C": 3_000_000,
        "D": 1_455_000,
        "E": 3_000_000,
        "F": 1_500_000,
        COMMON: 7,
    }
    assert outstanding(position.holdings) == position.shares


def test_full_issuance_is_of_the_preferred_alone_unless_common_is_named(quintus: Charter) -> None:
    assert full_issuance(quintus).shares[COMMON] == 0
