"""Hypothesis strategies for cap tables, readings and assets.

They draw small numbers with many ties on purpose: zero counts, preferences above the caps, conversion
ratios on both sides of one. Every drawn position is valid.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, replace
from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st

from reference.charter import (
    COMMON,
    Authorized,
    Charter,
    ClassElection,
    CommonTerms,
    ConversionRight,
    Figure,
    Participation,
    Quantity,
    Series,
    Threshold,
    Tier,
    Word,
)
from reference.position import Holding, Option, Owed, Position, Undeclared
from reference.readings import LIQUIDATION, Readings, entry_for

EXAMPLES = 60
"""How many examples a test draws by default."""


def examples(usual: int) -> settings:
    """Return the settings of a test that draws another number of examples; a more thorough profile multiplies it."""
    return settings(max_examples=usual * settings.default.max_examples // EXAMPLES)


def _series(name: str, price: str, kind: str, by: str, cap: str | None = None, cash: str | None = None) -> Series:
    return Series(
        name=name,
        authorized=Quantity(1000, "1"),
        original_issue_price=Figure(Fraction(price), "1"),
        dividend_rate=Figure(Fraction(price) / 10, "1"),
        preference_dividends=Word("declared", "1"),
        participation=Participation(kind, "1", None if cap is None else Fraction(cap)),  # type: ignore[arg-type]
        conversion=ConversionRight(by, "1"),  # type: ignore[arg-type]
        votes_per_as_converted_share=Quantity(1, "1"),
        cash_amount=None if cash is None else Figure(Fraction(cash), "1"),
    )


FAMILY = Charter(
    name="family",
    corporation="Example Corporation",
    dated="2020-01-01",
    authorized=Authorized(Quantity(15000, "1"), Quantity(10000, "1"), Quantity(5000, "1"), Figure(Fraction(0), "1")),
    common=CommonTerms(Quantity(1, "1")),
    series=(
        _series("Senior", "5", "none", "holder_option"),
        _series("Full", "3", "full", "holder_option"),
        _series("Capped", "2", "capped", "none", cap="6"),
        _series("Club", "1", "none", "class_election", cash="1/2"),
        _series("Twin", "4", "none", "class_election", cash="3"),
    ),
    liquidation_tiers=(Tier(("Senior",), "1"), Tier(("Full", "Capped", "Club", "Twin"), "1")),
    class_election=ClassElection(Threshold(Fraction(1, 2), True, "1")),
)
"""A made-up charter: no cap on one participant, a cap without a right to convert, a chooser that never shares."""


def amounts(most: int = 60, parts: tuple[int, ...] = (1, 2, 4, 7)) -> st.SearchStrategy[Fraction]:
    """Draw an exact amount of zero or more, up to `most`, with a small denominator."""
    return st.builds(Fraction, st.integers(0, most), st.sampled_from(parts))


def positive_amounts(most: int = 40) -> st.SearchStrategy[Fraction]:
    """Draw an exact amount above zero with a small denominator: a price or a split factor."""
    return st.builds(Fraction, st.integers(1, most), st.integers(1, 8))


def counts(most: int = 12) -> st.SearchStrategy[int]:
    """Draw a number of shares; zero often."""
    return st.one_of(st.just(0), st.integers(1, most))


def _some(names: Collection[str], values: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.dictionaries(st.sampled_from(sorted(names)), values, max_size=2)


@st.composite
def positions(draw: st.DrawFn, charter: Charter) -> Position:
    """Draw a valid position of a charter: counts, conversion prices, unpaid dividends and splits."""
    names = [series.name for series in charter.series]
    undeclared = st.builds(Undeclared, amounts(8), amounts(16))
    return Position(
        charter=charter,
        shares={name: draw(counts()) for name in (*names, COMMON)},
        conversion_prices=draw(_some(names, positive_amounts())),  # type: ignore[arg-type]
        declared_dividends=draw(_some(names, amounts(12))),  # type: ignore[arg-type]
        undeclared_dividends=draw(_some(names, undeclared)),  # type: ignore[arg-type]
        preferred_splits=draw(_some(names, positive_amounts(4))),  # type: ignore[arg-type]
        common_split=draw(st.one_of(st.none(), positive_amounts(4))),
        owed=draw(owed()),
    )


def owed() -> st.SearchStrategy[Owed]:
    """Draw what is owed to holders who have converted: often nothing, Cash Amounts of up to three days."""
    cash = st.lists(amounts(9).filter(bool), max_size=3).map(tuple)
    return st.one_of(st.just(Owed()), st.builds(Owed, cash, amounts(9)))


@st.composite
def options(draw: st.DrawFn, position: Position) -> tuple[Option, ...]:
    """Draw up to three rights over classes of a position on which no dividends are unpaid."""
    names = sorted({*position.shares} - {n for n, each in position.declared_dividends.items() if each})
    over = draw(st.lists(st.tuples(st.sampled_from(names), st.integers(1, 4), amounts(12)), max_size=3))
    return tuple(Option(f"r{at}", *own) for at, own in enumerate(over))


def readings(*free: str) -> st.SearchStrategy[Readings]:
    """Draw readings: the named fields freely, the others at their defaults; with no name, all that liquidation uses."""
    used = [f.name for f in fields(Readings) if set(entry_for(f.name).questions) & set(LIQUIDATION)]
    choices = {
        name: st.sampled_from([option for option, _ in entry_for(name).options]) for name in (free or tuple(used))
    }
    return st.builds(Readings, **choices)


def assets() -> st.SearchStrategy[Fraction]:
    """Draw assets: nothing, a little, about the preferences, or plenty."""
    return st.one_of(st.just(Fraction(0)), amounts(20), amounts(300), amounts(5000))


@st.composite
def held_positions(draw: st.DrawFn, charter: Charter, holders: Collection[str] = ("ann", "bob")) -> Position:
    """Draw a valid position, part of which is listed with the holders, some of it twice; the rest with nobody."""
    position = draw(positions(charter))
    listed = []
    for name, count in position.shares.items():
        left = count
        for holder in (*holders, *holders):
            part = draw(st.sampled_from((0, 0, left // 3, left // 2, left)))
            left = left - part
            if part:
                listed.append(Holding(holder, name, part))
    return replace(position, holdings=tuple(listed))
