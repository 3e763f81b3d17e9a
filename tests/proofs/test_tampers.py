"""The proofs are about the shipped code: a defect in the engine changes a verdict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from fractions import Fraction
from typing import Any

import pytest

from proofs.results import Result, Verdict
from proofs.study import run_study
from proofs.theorems.liquidation import given_conversions
from reference import liquidation
from reference.charter import Charter, Series
from reference.liquidation import Filled, Kink, Rank, Stake
from reference.position import NOTHING, Number, Position
from reference.readings import Readings

EQUIVALENCE = "liquidation.equivalence_implicit"
real_pay, real_fill, real_headroom = liquidation.pay_in_order, liquidation.fill, liquidation.participation_headroom


def decided(charter: Charter, name: str) -> Result:
    """Decide one theorem about liquidation with given conversions."""
    (result,), _ = run_study(given_conversions(charter), [name])
    return result


def test_the_engine_passes(quintus: Charter) -> None:
    for name in (EQUIVALENCE, "liquidation.f_is_senior", "liquidation.caps_respected"):
        result = decided(quintus, name)
        assert (result.verdict, result.as_expected) == (Verdict.PROVED, True)


def strictly_covered(assets: Fraction, ordered: Iterable[Rank]) -> tuple[dict[str, Fraction], Fraction]:
    """Take a rank that is just covered for a short one, which divides by zero if nothing is owed."""
    paid: dict[str, Fraction] = {}
    for rank in ordered:
        part = min(assets, rank.owed)
        fraction = 1 if assets > rank.owed else part / rank.owed
        paid |= {claim.name: claim.per_share * fraction for claim in rank.claims}
        assets = assets - part
    return paid, assets


def lowest_first(assets: Fraction, ordered: Iterable[Rank]) -> tuple[dict[str, Fraction], Fraction]:
    """Pay the ranks from the last to the first."""
    return real_pay(assets, tuple(ordered)[::-1])


def capped_still_share(remaining: Fraction, sharing: Number, kinks: Iterable[Kink]) -> Filled:
    """Leave a series that has its cap among those that share."""
    return real_fill(remaining, sharing, [Kink(k.at, k.name, k.event, 0 * k.change) for k in kinks])


def no_caps(sharing: Collection[Stake], readings: Readings) -> tuple[Kink, ...]:
    """Never stop sharing."""
    return ()


def headroom_is_the_cap(position: Position, readings: Readings, series: Series) -> Fraction | None:
    """Let participation add the whole cap to the preference."""
    own = real_headroom(position, readings, series)
    return liquidation.participation_cap(position, readings, series) if own is not None else None


def past_the_cap(level: Fraction, name: str, stops: Iterable[Kink]) -> Fraction:
    """Add what is past the cap in place of leaving it out."""
    return sum((level - stop.at for stop in stops if stop.name == name and level > stop.at), level)


def wrong_at_one_amount(remaining: Fraction, sharing: Number, kinks: Iterable[Kink]) -> Filled:
    """Lose everything when exactly this much remains, which no drawn test would ever meet."""
    if remaining == Fraction("123456789.01"):
        return Filled(NOTHING, NOTHING, ())
    return real_fill(remaining, sharing, kinks)


TAMPERS: dict[str, tuple[str, Callable[..., Any], str]] = {
    "a wrong comparison": ("pay_in_order", strictly_covered, EQUIVALENCE),
    "tiers swapped": ("pay_in_order", lowest_first, "liquidation.f_is_senior"),
    "a capped series that goes on sharing": ("fill", capped_still_share, EQUIVALENCE),
    "caps missing": ("caps", no_caps, "liquidation.caps_respected"),
    "a cap on top of the preference": ("participation_headroom", headroom_is_the_cap, "liquidation.caps_respected"),
    "a wrong sign past the cap": ("_shared_levels", past_the_cap, EQUIVALENCE),
    "one amount": ("fill", wrong_at_one_amount, EQUIVALENCE),
}


@pytest.mark.parametrize("defect", TAMPERS)
def test_a_defect_is_refuted(quintus: Charter, monkeypatch: pytest.MonkeyPatch, defect: str) -> None:
    function, replacement, name = TAMPERS[defect]
    assert hasattr(liquidation, function)
    monkeypatch.setattr(liquidation, function, replacement)
    result = decided(quintus, name)
    assert (result.verdict, result.as_expected) == (Verdict.REFUTED, False)
    assert result.counterexample is not None
    if defect == "one amount":
        assert "raised" not in result.counterexample.engine
        assert result.counterexample.engine["x"] == "0"


def same_in_another_way(remaining: Fraction, sharing: Number, kinks: Iterable[Kink]) -> Filled:
    """Pass a kink that is only just reached; what is paid is the same."""
    level = NOTHING
    for needed, kink in liquidation.steps(sharing, kinks):
        if needed > remaining:
            break
        remaining, sharing, level = remaining - needed, sharing + kink.change, kink.at
    if sharing == 0:
        return Filled(level, remaining, ())
    return Filled(level + remaining / sharing, NOTHING, ())


def test_a_change_that_pays_the_same_is_proved(quintus: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liquidation, "fill", same_in_another_way)
    assert decided(quintus, "liquidation.caps_respected").verdict is Verdict.PROVED
