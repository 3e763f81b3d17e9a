"""What the theorems cost, all from cold, on all cores."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from proofs.run import prove
from reference.oracle.charters import load


def test_all_theorems_from_cold(benchmark: BenchmarkFixture) -> None:
    """Time every theorem of the project; the figures go with the machine."""
    run = benchmark.pedantic(prove, args=(load("quintus-1999"),), rounds=1, iterations=1)
    benchmark.extra_info["theorems"] = len(run.results)
    assert all(result.as_expected for result in run.results)
