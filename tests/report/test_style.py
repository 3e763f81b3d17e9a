"""The colours of the page are readable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from math import dist

import pytest

STYLE = (files("proofs.report") / "templates" / "style.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", STYLE))
TEXTS = ("ink", "soft", "link", "green", "blue", "red", "amber")
TINTS = re.findall(r"background: (#[0-9a-f]{6});", STYLE)


# How linear red, green and blue reach the eye: Machado, Oliveira and Fernandes (2009), at full severity.
SIGHT = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
XYZ = ((0.4339, 0.3762, 0.1899), (0.2126, 0.7152, 0.0722), (0.0177, 0.1095, 0.8728))  # relative to white


def linear(colour: str) -> list[float]:
    """Return the linear red, green and blue of a colour."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def times(matrix: Sequence[Sequence[float]], vector: list[float]) -> list[float]:
    """Multiply a vector by a matrix."""
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2)."""
    return times(XYZ, linear(colour))[1]


def difference(one: str, other: str, sight: str) -> float:
    """Return how far apart two colours look: the distance in CIELAB (1976)."""
    places = []
    for colour in (one, other):
        seen = [min(1, max(0, c)) for c in times(SIGHT[sight], linear(colour))]
        x, y, z = (c ** (1 / 3) if c > 0.008856 else 7.787 * c + 16 / 116 for c in times(XYZ, seen))
        places.append((116 * y, 500 * (x - y), 200 * (y - z)))
    return dist(*places)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_difference_of_known_pairs() -> None:
    assert difference("#000000", "#ffffff", "full") == pytest.approx(100, abs=0.1)
    assert difference("#c4321c", "#717100", "full") > 40
    assert difference("#718053", "#718053", "deuteranopia") == 0
    assert difference("#c4321c", "#a35200", "deuteranopia") < 5  # red and brown, to one who sees no green


@pytest.mark.parametrize("text", TEXTS)
def test_text_stands_out(text: str) -> None:
    assert TINTS
    for ground in (COLOURS["paper"], COLOURS["wash"], *TINTS):
        assert contrast(COLOURS[text], ground) >= 4.5


@pytest.mark.parametrize("ground", ["soft", "green", "blue", "red", "amber"])
def test_white_stands_out_on_a_verdict(ground: str) -> None:
    assert contrast("#ffffff", COLOURS[ground]) >= 4.5
