"""How long answers take: cold, from a fresh position, and many asset levels of one position.

Run with `pytest tests/benchmarks --benchmark-only`. The figures are stored, not asserted.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reference.equilibrium import liquidate, schedule
from reference.oracle.charters import load
from reference.position import full_issuance
from reference.readings import Readings
from tests.oracle.cases import case

ASSETS = Fraction(110_000_000)
COMMON = 10_000_000
LEVELS = [Fraction(250_000) * number for number in range(1, 1001)]


def median_time(action: Callable[[], object], rounds: int) -> float:
    """Return the median duration of an action, seconds."""
    durations = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)


def bare_interpreter() -> None:
    subprocess.run([sys.executable, "-c", "pass"], check=True)


def test_cold_answer(benchmark: Any, tmp_path: Path) -> None:
    """Answer one case with the installed command, from a cold process, and compare with the bare interpreter."""
    command = shutil.which("charterproof", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.skip("the command is not installed beside this interpreter")
    document = tmp_path / "case.json"
    document.write_text(json.dumps(case()))

    def answer() -> None:
        subprocess.run([command, "answer", str(document)], check=True, stdout=subprocess.DEVNULL)

    # Taken in turns, so that a change in the machine's load touches both.
    ratios = [median_time(answer, 1) / median_time(bare_interpreter, 1) for _ in range(30)]
    benchmark.extra_info["times_the_bare_interpreter"] = round(statistics.median(ratios), 2)
    benchmark.pedantic(answer, rounds=20)


def test_fresh_equilibrium_liquidation(benchmark: Any) -> None:
    """Distribute assets in equilibrium from a fresh position, in units of one exact multiplication."""
    charter, readings = load("quintus-1999"), Readings()

    def fresh() -> None:
        liquidate(full_issuance(charter, COMMON), readings, ASSETS)

    def multiply() -> None:
        for _ in range(1000):
            Fraction(12345678) * Fraction(87654321)

    unit = median_time(multiply, 21) / 1000
    benchmark.extra_info["times_one_multiplication"] = round(median_time(fresh, 201) / unit)
    benchmark(fresh)


def test_thousand_asset_levels(benchmark: Any) -> None:
    """Pay one position at a thousand asset levels, its schedule included."""
    position, readings = full_issuance(load("quintus-1999"), COMMON), Readings()

    def sweep() -> None:
        payments = schedule(position, readings)
        for assets in LEVELS:
            payments.per_share(assets)

    benchmark(sweep)


def test_warm_answer(benchmark: Any) -> None:
    """Answer one case in a running process, as in a stream."""
    from reference.oracle.answers import answer_text, encode

    text = json.dumps(case()).encode()
    benchmark(lambda: encode(answer_text(text)))
