"""The differential check is itself checked: it finds each of some well-known mistakes in the engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from reference import equilibrium, liquidation
from reference.charter import COMMON, Charter, Series
from reference.equilibrium import Decisions
from reference.liquidation import Claim, Filled, Kink, Rank, Stake, distribute_among
from reference.payoff import Liquidation, Place
from reference.position import NOTHING, Number, Position
from reference.readings import Readings
from tests.agreement import NOBODY, breakpoint_differences, chosen_differences, differences


def questions(charter: Charter) -> Iterator[tuple[Position, Fraction, bool]]:
    """Yield a fixed set of questions: a few tables at their breakpoints and between them."""
    plain = Position(charter, {"A": 3, "C": 2, "E": 3, "F": 2, COMMON: 4}, declared_dividends={"A": Fraction(1, 2)})
    tables = (
        plain,
        replace(plain, conversion_prices={"E": Fraction(2), "F": Fraction(11)}),
        Position(charter, {"E": 2, "F": 1, COMMON: 1}, declared_dividends={"F": Fraction(2)}),
        Position(charter, {"E": 1, "F": 1}),
    )
    for position in tables:
        for elected in (False, True):
            for assets in (8, 16, 24, 33, 40, 47, 60, 75, 90, 120, Fraction("22.75"), Fraction("48.05")):
                yield position, Fraction(assets), elected


def differential_check(charter: Charter) -> list[str]:
    """Return the differences on the first question where there are any."""
    readings = Readings()
    for position, assets, elected in questions(charter):
        found = differences(position, readings, assets, NOBODY, elected)
        found += chosen_differences(position, readings, assets, elected)
        found += breakpoint_differences(position, readings, None, elected)
        if found:
            return found
    return []


def test_the_engine_passes(quintus: Charter) -> None:
    assert differential_check(quintus) == []


# Each mistake replaces functions of the engine.

Patch = tuple[object, str, object]
real_headroom = liquidation.participation_headroom
real_ranks = liquidation.ranks
real_gains = equilibrium.gains
real_pay = liquidation.pay_in_order


def fill_past_ties(remaining: Fraction, sharing: Number, kinks: Iterable[Kink]) -> Filled:
    """Pass a kink that is only just reached."""
    level, passed = NOTHING, []
    for needed, kink in liquidation.steps(sharing, kinks):
        if needed > remaining:
            break
        remaining, level = remaining - needed, kink.at
        passed.append(kink)
    sharing = sharing + sum(kink.change for kink in passed)
    return Filled(level + remaining / sharing if sharing else level, NOTHING, tuple(passed))


def cap_without_preference(position: Position, readings: Readings, series: Series) -> Fraction | None:
    """Let 2(b) add the whole cap."""
    return liquidation.participation_cap(position, readings, series)


def everybody_at_a_tie(asked: Liquidation, own: Stake, place: Place) -> Fraction:
    """Prefer conversion where it makes no difference."""
    return real_gains(asked, own, place) or Fraction(1)


def nobody_converts(*_: object) -> Decisions:
    """Never lift a cap by converting."""
    return Decisions(NOBODY, ())


def one_shot(asked: Liquidation, assets: Fraction) -> Decisions:
    """Test each series once, against what Common gets while nobody has converted."""
    outcome = distribute_among(asked.held, asked.position, asked.readings, assets, NOBODY, asked.elected)
    capped = [stake for stake in asked.held if stake.headroom is not None]
    converted = (s.name for s in capped if s.ratio * outcome.per_common_share > s.preference + (s.headroom or 0))
    return Decisions(frozenset(converted), ())


def one_tier(
    position: Position, readings: Readings, held: Iterable[Stake], converted: Collection[str], elected: bool
) -> tuple[Rank, ...]:
    """Pay all claims rateably, whatever their rank."""
    found = real_ranks(position, readings, held, converted, elected)
    return (Rank("2(a)", tuple(claim for rank in found for claim in rank.claims)),)


def fixed_cash(_: Position, __: Readings, series: Series) -> Fraction:
    """Leave the dividends out of the Cash Amount."""
    return series.cash_amount.value if series.cash_amount else NOTHING


def by_share(assets: Fraction, ordered: Iterable[Rank]) -> tuple[dict[str, Fraction], Fraction]:
    """Pay a short tier the same amount per share, not rateably to the claims."""
    paid, remaining = real_pay(assets, ordered)
    for rank in ordered:
        counts = sum(claim.shares for claim in rank.claims)
        total = sum((claim.shares * paid[claim.name] for claim in rank.claims), NOTHING)
        if counts and 0 < total < rank.owed:
            paid |= {claim.name: total / counts for claim in rank.claims}
    return paid, remaining


def claim_of_cash_twice(
    position: Position, readings: Readings, held: Iterable[Stake], converted: Collection[str], elected: bool
) -> tuple[Rank, ...]:
    """Leave the preferences of converted series standing beside their Cash Amounts."""
    stakes = tuple(held)
    found = real_ranks(position, readings, stakes, converted, elected)
    if not elected:
        return found
    kept = tuple(Claim(s.name, s.shares, s.preference) for s in stakes if s.name in position.charter.electing)
    return (*found, Rank("2(a)", kept))


TAMPERS: dict[str, tuple[Patch, ...]] = {
    "a tie is passed": ((liquidation, "fill", fill_past_ties),),
    "a tie converts": ((equilibrium, "gains", everybody_at_a_tie),),
    "a cap without the preference": ((liquidation, "participation_headroom", cap_without_preference),),
    "a cap that never lifts by converting": ((equilibrium, "decide", nobody_converts),),
    "a one-shot conversion test": ((equilibrium, "decide", one_shot),),
    "tiers ignored": ((liquidation, "ranks", one_tier),),
    "a Cash Amount without dividends": ((liquidation, "cash_amount", fixed_cash),),
    "a shortfall shared by shares": ((liquidation, "pay_in_order", by_share),),
    "a preference beside the Cash Amount": ((liquidation, "ranks", claim_of_cash_twice),),
}


@pytest.mark.parametrize("mistake", TAMPERS)
def test_each_mistake_is_found(quintus: Charter, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    for module, name, replacement in TAMPERS[mistake]:
        assert hasattr(module, name)
        monkeypatch.setattr(module, name, replacement)
    assert differential_check(quintus) != []


def test_one_shot_differs_only_where_two_series_convert(quintus: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    # The mistake is not found by just any table: with one series that converts it is right.
    monkeypatch.setattr(equilibrium, "decide", one_shot)
    alone = Position(quintus, {"E": 1, COMMON: 1})
    assert all(chosen_differences(alone, Readings(), Fraction(assets)) == [] for assets in range(40))
