"""How long histories take, and questions about one position with many holders: as long as they are, no longer.

Run with `pytest tests/benchmarks --benchmark-only`. The figures are stored, not asserted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from reference.charter import COMMON
from reference.conversion import election
from reference.equilibrium import liquidate
from reference.events import (
    ChangeRights,
    Convert,
    ElectConversion,
    Event,
    ExerciseRights,
    Issue,
    IssueRights,
    Transfer,
)
from reference.history import State, fold, opening
from reference.liquidation import by_holder
from reference.oracle.answers import answer_text
from reference.oracle.charters import load
from reference.position import Holding, Position, full_issuance, outstanding
from reference.readings import CpRound, Readings
from reference.voting import votes_by_holder
from tests.oracle.cases import case

START = date(1999, 8, 24)
ROUNDED = Readings(cp_round=CpRound.TEN_THOUSANDTH)
"""Exact prices take up to seven times as many digits with every dilutive issue; rounded ones do not grow."""

EVENTS = (100, 1_000, 10_000)
HOLDERS = (1_000, 10_000, 100_000)


def mixed(count: int) -> list[Event]:
    """Return a history: issues, one of them below the prices, transfers, conversions, rights and few changes."""
    happened: list[Event] = []
    for number in range(count):
        on = START + timedelta(days=number // 4)
        kind = number % 10
        if kind < 3:
            # A cheap one is large enough to be made soon: what is carried stays exact and grows.
            terms = (100_000, Fraction(10_000)) if number % 50 == 0 else (100, Fraction(1000))
            happened.append(Issue(on, COMMON, f"new-{number}", *terms))
        elif kind < 6:
            happened.append(Transfer(on, "A", "holder-A", f"heir-{number}", 1))
        elif kind == 6:
            happened.append(Convert(on, "holder-E", {"E": 10}))
        elif kind == 7:
            happened.append(IssueRights(on, f"o-{number}", 100, Fraction(9), exercisable=50))
        elif kind == 8:
            happened.append(ExerciseRights(on, f"o-{number - 1}", f"dan-{number}", 10))
        elif number % 1000 == 9:
            happened.append(ChangeRights(on, f"o-{number - 2}", exercisable=60))
        else:
            happened.append(Transfer(on, COMMON, "holder-common", "eve", 1))
    return happened


def crowd(count: int) -> Position:
    """Return a position in which many hold shares of several classes, all series up to their size at most."""
    names = ("A", "C", "E", "F", COMMON)
    holdings = tuple(Holding(f"h{n}", names[n % 5], 10) for n in range(count)) + tuple(
        Holding(f"h{n}", COMMON, 5) for n in range(0, count, 5)
    )
    return Position(load("quintus-1999"), outstanding(holdings), holdings=holdings)


def folding(count: int) -> Callable[[], State]:
    start = opening(full_issuance(load("quintus-1999"), 10_000_000), ROUNDED)
    happened = mixed(count)
    return lambda: fold(start, happened, ROUNDED)


def liquidating(count: int) -> Callable[[], object]:
    position = crowd(count)
    return lambda: by_holder(liquidate(position, Readings(), Fraction(110_000_000)), position.holdings)


def voting(count: int) -> Callable[[], object]:
    position = crowd(count)
    return lambda: votes_by_holder(position, Readings())


def electing(count: int) -> Callable[[], object]:
    position = crowd(count)
    consents = {own.holder: {own.stock: own.shares} for own in position.holdings if own.stock in ("A", "C")}
    return lambda: election(position, Readings(), consents)


def electing_in_a_history(count: int) -> Callable[[], State]:
    start = opening(crowd(count), Readings())
    consents = {own.holder: {own.stock: own.shares} for own in start.position.holdings if own.stock in ("A", "C")}
    return lambda: fold(start, [ElectConversion(START, consents)], Readings())


@pytest.mark.parametrize("shares", [1_000, 60_000], ids=["carried", "made"])
def test_dilutive_issues(benchmark: Any, shares: int) -> None:
    """Answer for 500 issues below every price over full issuance, each carried or each made at once."""
    sold = {"do": "issue", "class": COMMON, "shares": shares, "consideration": shares // 2}
    days = (START + timedelta(days=number + 1) for number in range(500))
    happened = [{**sold, "on": on.isoformat(), "holder": f"new-{on}"} for on in days]
    text = json.dumps({**case(), "events": happened, "ask": {"question": "conversion_prices"}}).encode()
    benchmark.pedantic(lambda: answer_text(text), rounds=3)


@pytest.mark.parametrize("count", EVENTS)
def test_events(benchmark: Any, count: int) -> None:
    """Fold a mixed history over full issuance."""
    benchmark.pedantic(folding(count), rounds=3)


@pytest.mark.parametrize("count", HOLDERS)
@pytest.mark.parametrize("action", [liquidating, voting, electing, electing_in_a_history], ids=lambda own: own.__name__)
def test_holders(benchmark: Any, action: Callable[[int], Callable[[], object]], count: int) -> None:
    """Pay every holder of one position, count their votes, and convert them by election."""
    benchmark.pedantic(action(count), rounds=3)
