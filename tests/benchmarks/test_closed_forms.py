"""How long closed forms take beside the engine: 10,000 liquidations, at most ten times as long.

Run with `pytest tests/benchmarks --benchmark-only`. The figures are stored, not asserted.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from reference.equilibrium import liquidate
from reference.oracle.charters import load
from reference.position import full_issuance
from reference.readings import Readings
from symbolic.equilibrium import forms_chosen
from symbolic.evaluate import evaluate_each
from tests.agreement import case_of, values_of

POSITION = full_issuance(load("quintus-1999"), 10_000_000)
READINGS = Readings()
ASSETS = [Fraction(22_000 * number + 1, 3) for number in range(10_000)]
"""From nothing to $73,000,000 and beyond, none of them a round figure."""


@pytest.mark.benchmark(group="10,000 liquidations")
def test_engine(benchmark: Any) -> None:
    benchmark.pedantic(lambda: [liquidate(POSITION, READINGS, assets) for assets in ASSETS], rounds=3)


@pytest.mark.benchmark(group="10,000 liquidations")
def test_closed_forms(benchmark: Any) -> None:
    form = forms_chosen(case_of(POSITION, READINGS))
    outputs = (*form.total.values(), *form.per_share.values(), form.undistributed, form.per_common_share)
    benchmark.pedantic(lambda: [evaluate_each(outputs, values_of(POSITION, assets)) for assets in ASSETS], rounds=3)
