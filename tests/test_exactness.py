"""No float in `reference` or `symbolic`: not in the source, not in a result."""

from __future__ import annotations

import ast
from fractions import Fraction
from pathlib import Path

import pytest

import reference
import symbolic
from reference.charter import Charter
from reference.equilibrium import election_gains, equilibrium_breakpoints, liquidate, schedule
from reference.liquidation import distribute
from reference.payoff import given_breakpoints
from reference.position import Position
from reference.readings import CapMode, EfConversion, Readings
from symbolic.equilibrium import election, forms_chosen
from symbolic.liquidation import Case, forms

ROOTS = [Path(package.__file__ or "").parent for package in (reference, symbolic)]
SOURCES = sorted(path for root in ROOTS for path in root.rglob("*.py"))
FORBIDDEN = {"float", "round", "complex"}


def inexact(source: str) -> list[str]:
    """List the inexact numbers in a source: float literals, and calls or uses of inexact types."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, (float, complex)):
            found.append(f"line {node.lineno}: {node.value}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN:
            found.append(f"line {node.lineno}: {node.func.id}()")
        if isinstance(node, ast.Attribute) and node.attr in ("Float", "evalf"):
            found.append(f"line {node.lineno}: {node.attr}")
    return found


OF_OTHERS = {
    "verify/mistakes_amounts.py": 1,  # The mistake of a tool that reckons in binary floats.
    "verify/tables.py": 1,  # A spreadsheet's number with more digits than a float has, which is told as one.
}
"""How many floats of other tools a module names, by its file; they are never reckoned with."""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_sources_are_exact(path: Path) -> None:
    assert len(inexact(path.read_text())) == OF_OTHERS.get(f"{path.parent.name}/{path.name}", 0)


@pytest.mark.parametrize("source", ["x = 0.5", "x = float('1')", "x = sympy.Float(1)", "x = y.evalf()", "x = 1j"])
def test_the_check_can_fail(source: str) -> None:
    assert inexact(source) != []


def test_results_of_the_engine_are_exact(issued: Position) -> None:
    readings = [Readings(cap_mode=mode) for mode in CapMode]
    readings.append(Readings(ef_conversion=EfConversion.DOUBLE_DIP))
    for choice in readings:
        for assets in (0, 1, 20_000_000, 110_000_000, 200_000_000):
            for elected in (False, True):
                outcome = distribute(issued, choice, Fraction(assets), elected=elected)
                amounts = [*outcome.per_share.values(), outcome.per_common_share, outcome.undistributed]
                assert all(type(amount) in (Fraction, int) for amount in amounts)
                assert all(type(outcome.total(name)) in (Fraction, int) for name in outcome.per_share)
    points = (*given_breakpoints(issued, Readings()), *equilibrium_breakpoints(issued, Readings()))
    assert all(type(point.assets) in (Fraction, int) for point in points)
    chosen = liquidate(issued, Readings(), Fraction(200_000_000))
    assert all(type(amount) in (Fraction, int) for amount in chosen.per_share.values())
    gains = election_gains(issued, Readings(), Fraction(40_000_000))
    assert all(type(gain) in (Fraction, int) for gain in gains.values())
    slopes = schedule(issued, Readings()).slopes
    assert all(type(slope) in (Fraction, int) for step in slopes for slope in step.values())


def test_closed_forms_contain_no_float(quintus: Charter) -> None:
    from sympy import Float

    for mode in CapMode:
        given = forms(Case(quintus, Readings(cap_mode=mode), elected=True))
        for form in (*given.per_share.values(), *given.total.values(), given.undistributed):
            assert not form.has(Float)
    chosen = forms_chosen(Case(quintus, Readings()))
    assert not any(form.has(Float) for form in chosen.per_share.values())
    assert not election(Case(quintus, Readings())).elects.has(Float)
