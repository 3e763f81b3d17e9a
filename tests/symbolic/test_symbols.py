"""The unknowns: their domains are true of every valid position."""

from __future__ import annotations

from reference.charter import Charter
from symbolic import symbols
from tests.strategies import FAMILY


def test_counts_and_dividends_may_be_zero(quintus: Charter) -> None:
    for series in quintus.series:
        for accessor in (symbols.shares, symbols.declared_dividend, symbols.undeclared_current_year):
            assert accessor(series.name).is_nonnegative
            assert accessor(series.name).is_positive is None


def test_prices_and_splits_are_above_zero() -> None:
    assert symbols.conversion_price("E").is_positive
    assert symbols.split("E").is_positive
    assert symbols.split("common") is symbols.COMMON_SPLIT


def test_every_unknown_is_described_once(quintus: Charter) -> None:
    for charter in (quintus, FAMILY):
        described = symbols.unknowns(charter)
        assert len({u.symbol for u in described}) == len(described) == 8 + 6 * len(charter.series)
        assert all(u.meaning and u.unit and u.clause and u.symbol.name in u.domain for u in described)
