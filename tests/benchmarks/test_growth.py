"""How paths and time grow with the number of series that share with the Common, up to what is feasible.

Conversions are given (nobody converts); the unknowns are the assets and the count of every class. Each
participating series adds one kink. While the order of the caps is known, paths grow by one with each series: 6, 8, 10,
12 and 14 for 2 to 10 of them. Where conversion ratios are unknown too, the caps may come in any order, and each order
is a path: 5, 11, 36, 163 and 928 for 1 to 5 series, the last in two minutes; so four are the most that is measured.

Run with `pytest tests/benchmarks/test_growth.py --benchmark-only`. The figures go with the machine.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from proofs.explorer import Explored, explore
from proofs.subjects import ASSETS, COMMON_SHARES, DEFAULTS, outcome, position, ratio, shares, subject
from reference.charter import Charter, ConversionRight, Figure, Participation, Quantity, Series, Tier, Word
from reference.liquidation import distribute
from tests.strategies import FAMILY


def sharing(number: int) -> Series:
    """Return one of several series that share up to caps of their own."""
    price = Fraction(number + 1)
    return Series(
        name=f"S{number}",
        authorized=Quantity(1000, "1"),
        original_issue_price=Figure(price, "1"),
        dividend_rate=Figure(Fraction(0), "1"),
        preference_dividends=Word("declared", "1"),
        participation=Participation("capped", "1", cap=price * 2),
        conversion=ConversionRight("holder_option", "1"),
        votes_per_as_converted_share=Quantity(1, "1"),
    )


def charter(count: int) -> Charter:
    """Return a charter whose only Preferred are that many series, all in one tier."""
    series = tuple(sharing(number) for number in range(1, count + 1))
    tier = Tier(tuple(s.name for s in series), "1")
    return replace(FAMILY, name=f"sharing-{count}", series=series, liquidation_tiers=(tier,), class_election=None)


def explored(count: int, free: bool = False) -> Explored:
    """Explore a liquidation with so many participating series, none of which converts.

    free: whether conversion ratios are unknown too, so that caps may be reached in any order.
    """
    terms = charter(count)
    names = [s.name for s in terms.series]
    ratios = tuple(ratio(terms, name) for name in names) if free else ()
    unknowns = (ASSETS, COMMON_SHARES, *map(shares, names), *ratios)
    own = subject(
        f"{count} participating series",
        lambda values: outcome(distribute(position(terms, values), DEFAULTS, values["W"])),
        unknowns,
        {},
    )
    return explore(own.label, own.function, own.unknowns, own.hypotheses, own.seeds)


def measured(benchmark: BenchmarkFixture, count: int, free: bool) -> None:
    """Time one exploration, which must be whole."""
    found = benchmark.pedantic(explored, args=(count, free), rounds=1, iterations=1)
    benchmark.extra_info |= {"series": count, "paths": len(found.paths), "pruned": found.pruned}
    assert not found.undecided
    assert all(path.raised is None for path in found.paths)


@pytest.mark.parametrize("count", [2, 4, 6, 8, 10])
def test_growth_with_counts_unknown(benchmark: BenchmarkFixture, count: int) -> None:
    """Time more and more series whose caps are reached in a known order."""
    measured(benchmark, count, free=False)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_growth_with_ratios_unknown_too(benchmark: BenchmarkFixture, count: int) -> None:
    """Time more and more series whose caps are reached in any order."""
    measured(benchmark, count, free=True)
