"""Worked figures: cases with the values that they must have, each with its clause and derivation."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.cases import ask

FOLDER = Path(__file__).parent / "cases"
FIGURES = [json.loads(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text().splitlines()]
MISSING = object()


def at(answer: Any, path: str) -> Any:
    """Return what stands at a path of keys and places."""
    for key in path.split("/"):
        try:
            answer = answer[int(key)] if isinstance(answer, list) else answer[key]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return answer


def same(expected: Any, told: Any) -> bool:
    """Say whether two values are the same; numbers are, however they are written."""
    if isinstance(expected, bool) or expected is None:
        return expected is told
    if isinstance(expected, dict) and isinstance(told, dict):
        return expected.keys() == told.keys() and all(same(expected[key], told[key]) for key in expected)
    if isinstance(expected, list) and isinstance(told, list):
        return len(expected) == len(told) and all(map(same, expected, told))
    try:
        return Fraction(str(expected)) == Fraction(str(told))
    except ValueError:
        return bool(expected == told)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure["case"]["case"])
def test_a_worked_figure(figure: dict[str, Any]) -> None:
    reply = ask(figure["case"])
    for path, expected in figure["expect"].items():
        assert same(expected, at(reply, path)), (path, figure["why"], at(reply, path))


def test_every_figure_says_where_it_comes_from() -> None:
    assert all(figure["clause"] and figure["why"] and figure["expect"] for figure in FIGURES)
    names = [figure["case"]["case"] for figure in FIGURES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("expected", "told"), [("1/2", "0.51"), (True, "true"), ([1], [1, 2]), ({"a": 1}, {}), ("x", MISSING)]
)
def test_the_comparison_can_fail(expected: Any, told: Any) -> None:
    assert not same(expected, told)
