"""The colours of the page are readable."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

STYLE = (files("proofs.report") / "templates" / "style.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", STYLE))
TEXTS = ("ink", "soft", "link", "green", "blue", "red", "amber")
TINTS = re.findall(r"background: (#[0-9a-f]{6});", STYLE)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("text", TEXTS)
def test_text_stands_out(text: str) -> None:
    assert TINTS
    for ground in (COLOURS["paper"], COLOURS["wash"], *TINTS):
        assert contrast(COLOURS[text], ground) >= 4.5


@pytest.mark.parametrize("ground", ["soft", "green", "blue", "red", "amber"])
def test_white_stands_out_on_a_verdict(ground: str) -> None:
    assert contrast("#ffffff", COLOURS[ground]) >= 4.5
