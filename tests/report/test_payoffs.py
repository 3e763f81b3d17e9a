"""The data and the drawing of the payoff diagrams."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise

import pytest

from proofs.report.drawing import COMMON_STYLE, STYLES, spread, svg
from proofs.report.payoffs import Diagram, diagrams, series_list
from tests.report import sample
from tests.report.test_style import contrast, difference

# Full issuance with 10,000,000 Common, worked out by hand from 2(a), 2(b), 3(a) and 3(c), $.
PREFERENCES_A_TO_D = 9_100_000 + 1_430_000 + 5_730_000 + Fraction("4001250")
CASH_AMOUNTS = Fraction("8417500") + 1_325_000 + 5_295_000 + Fraction("3701520")
AS_HELD = [
    (12_375_000, "F preference paid"),
    (45_086_250, "A–E preferences paid"),  # noqa: RUF001
    (104_898_750, "F reaches its cap"),
    (132_198_750, "E reaches its cap"),
]
CHOSEN = [
    *AS_HELD,
    (PREFERENCES_A_TO_D + Fraction("10.375") * 13_000_000 + Fraction("12.375") * 1_500_000, "E converts"),
    (PREFERENCES_A_TO_D + Fraction("12.375") * 14_500_000, "F converts"),
]
# A-D's 14,555,000 shares are Common now, so 24,555,000 in all share with E and F.
ELECTED = [
    (CASH_AMOUNTS, "A–D Cash Amounts paid"),  # noqa: RUF001
    (CASH_AMOUNTS + 12_375_000, "F preference paid"),
    (CASH_AMOUNTS + 12_375_000 + 12_450_000, "E preference paid"),
    (
        CASH_AMOUNTS + Fraction("12.375") * 1_500_000 + Fraction("8.275") * 3_000_000 + Fraction("4.125") * 24_555_000,
        "F reaches its cap",
    ),
    (
        CASH_AMOUNTS + Fraction("12.375") * 1_500_000 + Fraction("10.375") * 3_000_000 + Fraction("6.225") * 24_555_000,
        "E reaches its cap",
    ),
    (CASH_AMOUNTS + Fraction("12.375") * 1_500_000 + Fraction("10.375") * 27_555_000, "E converts"),
    (CASH_AMOUNTS + Fraction("12.375") * 29_055_000, "F converts"),
]


@pytest.fixture(scope="module")
def drawn() -> dict[str, Diagram]:
    return {diagram.key: diagram for diagram in diagrams(sample.charter())}


@pytest.mark.parametrize(("key", "expected"), [("as-held", AS_HELD), ("chosen", CHOSEN), ("elected", ELECTED)])
def test_breakpoints(drawn: dict[str, Diagram], key: str, expected: list[tuple[Fraction, str]]) -> None:
    assert [(mark.assets, mark.reason) for mark in drawn[key].marks] == expected


def test_payments_at_breakpoints_add_up(drawn: dict[str, Diagram]) -> None:
    for diagram in drawn.values():
        for mark in diagram.marks:
            shares = diagram.payments.shares
            assert sum(shares[name] * amount for name, amount in mark.per_share.items()) == mark.assets


def test_a_charter_without_an_election_has_two_diagrams() -> None:
    charter = sample.charter()
    series = tuple(replace(s, conversion=replace(s.conversion, by="none"), cash_amount=None) for s in charter.series)
    assert [d.key for d in diagrams(replace(charter, series=series))] == ["as-held", "chosen"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [("A", "A"), ("EF", "E and F"), ("ABCD", "A–D"), ("ABCF", "A–C and F"), ("ACF", "A, C and F"), ("", "")],  # noqa: RUF001
)
def test_series_list(names: str, expected: str) -> None:
    assert series_list(sample.charter(), names) == expected


@pytest.mark.parametrize(
    "wanted", [[0.1, 0.1, 0.1], [0.0, 0.5, 1.0], [0.9, 0.95, 1.0], [0.0, 0.01, 0.99], [0.3], [], [0.5] * 4]
)
def test_labels_do_not_overlap(wanted: list[float]) -> None:
    sizes = [0.2, 0.3, 0.1, 0.2][: len(wanted)]
    places = spread(wanted, sizes, 0.0, 1.0)
    edges = [(place - size / 2, place + size / 2) for place, size in zip(places, sizes, strict=True)]
    assert all(right <= left + 1e-9 for (_, right), (left, _) in pairwise(edges))
    assert all(left >= -1e-9 and right <= 1 + 1e-9 for left, right in edges)


def test_labels_with_room_stay_where_they_belong() -> None:
    assert spread([0.2, 0.8], [0.1, 0.1], 0, 1) == [0.2, 0.8]


def test_svg_is_an_element_with_its_own_identifiers(drawn: dict[str, Diagram]) -> None:
    first = svg(drawn["as-held"])
    assert first == svg(drawn["as-held"])
    assert first.startswith('<svg role="img" aria-labelledby="payoff-as-held-title"')
    assert first.rstrip().endswith("</svg>")
    assert "F reaches" in first
    assert "Series F" in first
    assert "<metadata" not in first


def test_lines_are_told_apart_without_colour_and_seen_on_white() -> None:
    styles = [*STYLES, COMMON_STYLE]
    assert all(one[1] != other[1] for one, other in combinations(styles, 2))
    assert all(contrast(colour, "#ffffff") >= 3 for colour, _ in styles)


@pytest.mark.parametrize("sight", ["full", "protanopia", "deuteranopia", "tritanopia"])
def test_lines_are_told_apart_by_colour_blind_readers(sight: str) -> None:
    colours = [colour for colour, _ in (*STYLES, COMMON_STYLE)]
    assert all(difference(one, other, sight) > 20 for one, other in combinations(colours, 2))
