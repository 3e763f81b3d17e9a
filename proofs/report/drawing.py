"""Draw a payoff diagram as SVG, the same bytes every time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO
from typing import TypeAlias

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from proofs.report.payoffs import Diagram
from reference.charter import COMMON

WIDTH, HEIGHT = 9.0, 5.2
FONT_SIZE = 9.5
CHARACTER = 0.082  # width of a character, inches, at the font size: a little over DejaVu Sans's mean
INK = "#1b1f24"

Dashes: TypeAlias = tuple[float, tuple[float, ...]]

# Told apart by colour-blind readers, each at 3:1 or more on white; the dashes tell them apart without colour.
STYLES: tuple[tuple[str, Dashes], ...] = (
    ("#c261f2", (0, (1, 1.2))),
    ("#718053", (0, (5, 1.5))),
    ("#429fa6", (0, (7, 1.5, 1.5, 1.5))),
    ("#660080", (0, (3, 1.2))),
    ("#4100f2", (0, (8, 2))),
    ("#cc7b1f", (0, (6, 1.5, 1.2, 1.5, 1.2, 1.5))),
)
COMMON_STYLE = (INK, (0.0, ()))

SETTINGS = {
    "svg.hashsalt": "charterproof",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "sans-serif"],
    "font.size": FONT_SIZE,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
}
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def svg(diagram: Diagram) -> str:
    """Return one diagram as an SVG element whose identifiers begin with the diagram's key."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        figure = Figure(figsize=(WIDTH, HEIGHT))
        axes = figure.add_axes((0.07, 0.11, 0.785, 0.71))
        _draw(axes, diagram)
        out = StringIO()
        figure.savefig(out, format="svg", metadata=NO_METADATA, transparent=True)
    return _inline(out.getvalue(), diagram)


def _draw(axes: Axes, diagram: Diagram) -> None:
    reach = float(diagram.reach)
    levels = [float(level) for level in diagram.levels]
    payments = [diagram.payments.per_share(level) for level in diagram.levels]
    top = max(float(amount) for payment in payments for amount in payment.values()) * 1.04
    axes.set_xlim(0, reach)
    axes.set_ylim(0, top)
    axes.set_xlabel("Proceeds, $ million")
    axes.set_ylabel("Payment, $ per share")
    axes.xaxis.set_major_locator(MaxNLocator(8))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / 1e6:g}"))
    axes.grid(axis="y", color="#d8dce2", linewidth=0.6)
    axes.set_axisbelow(True)
    for name in diagram.classes:
        colour, dashes = _style(diagram, name)
        values = [float(payment[name]) for payment in payments]
        # The Common's solid line lies below, so that the dashes of a converted series show on it.
        axes.plot(levels, values, color=colour, linestyle=dashes, linewidth=2.0, zorder=2 if name == COMMON else 3)
    _name_lines(axes, diagram, {name: float(amount) / top for name, amount in payments[-1].items()})
    _mark_breakpoints(axes, diagram, reach)


def _style(diagram: Diagram, name: str) -> tuple[str, Dashes]:
    if name == COMMON:
        return COMMON_STYLE
    return STYLES[diagram.classes.index(name) % len(STYLES)]


def _name_lines(axes: Axes, diagram: Diagram, ends: dict[str, float]) -> None:
    """Write each class beside the end of its line, spread where lines end close together."""
    height = axes.get_position().height * HEIGHT
    size = 1.5 * FONT_SIZE / 72 / height
    # Lines that end together keep the charter's order, seniors on top.
    names = sorted(diagram.classes, key=lambda name: (ends[name], diagram.classes.index(name)))
    places = spread([ends[name] for name in names], [size] * len(names), 0, 1.1)
    for name, place in zip(names, places, strict=True):
        colour, dashes = _style(diagram, name)
        path = ([1.0, 1.012, 1.024], [ends[name], place, place])
        axes.plot(*path, transform=axes.transAxes, color=colour, linewidth=0.7, clip_on=False)
        key = ([1.024, 1.062], [place, place])
        axes.plot(*key, transform=axes.transAxes, color=colour, linestyle=dashes, linewidth=2.0, clip_on=False)
        shown = "Common" if name == COMMON else f"Series {name}"
        axes.text(1.07, place, shown, transform=axes.transAxes, va="center", ha="left")


def _mark_breakpoints(axes: Axes, diagram: Diagram, reach: float) -> None:
    """Draw each breakpoint as a thin line with its reason above the diagram, spread where they crowd."""
    width = axes.get_position().width * WIDTH
    labels = [f"{_two_lines(mark.reason)}\n${float(mark.assets) / 1e6:,.2f}M" for mark in diagram.marks]
    sizes = [(max(map(len, label.split("\n"))) + 1.5) * CHARACTER / width for label in labels]
    at = [float(mark.assets) / reach for mark in diagram.marks]
    for x, place, label in zip(at, spread(at, sizes, -0.07, 1.16), labels, strict=True):
        axes.plot([x, x], [0, 1], transform=axes.transAxes, color="#6b7280", linewidth=0.8, linestyle=(0, (1, 2)))
        path = ([x, x, place], [1, 1.01, 1.06])
        axes.plot(*path, transform=axes.transAxes, color="#6b7280", linewidth=0.8, clip_on=False)
        axes.text(place, 1.07, label, transform=axes.transAxes, va="bottom", ha="center", linespacing=1.25)


def _two_lines(words: str) -> str:
    """Break a short text after the word nearest to its middle."""
    gaps = [place for place, letter in enumerate(words) if letter == " "]
    if not gaps:
        return words
    middle = min(gaps, key=lambda place: abs(place - len(words) / 2))
    return f"{words[:middle]}\n{words[middle + 1 :]}"


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Place labels along a line near where they are wanted, in order, without overlap.

    wanted: ascending centres; sizes: the room each needs. Stays between low and high if there is room.
    """
    places: list[float] = []
    edge = low
    for centre, size in zip(wanted, sizes, strict=True):
        places.append(max(centre, edge + size / 2))
        edge = places[-1] + size / 2
    edge = max(high, low + sum(sizes))
    for index in reversed(range(len(places))):
        places[index] = min(places[index], edge - sizes[index] / 2)
        edge = places[index] - sizes[index] / 2
    return places


def _inline(drawn: str, diagram: Diagram) -> str:
    """Cut an SVG document to the element, name it for screen readers and make its identifiers its own."""
    element = drawn[drawn.index("<svg") :]
    prefix = f"payoff-{diagram.key}-"
    element = re.sub(r'\bid="', f'id="{prefix}', element)
    element = re.sub(r'href="#', f'href="#{prefix}', element)
    element = element.replace("url(#", f"url(#{prefix}")
    element = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", element)
    element = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", element)
    label = f'role="img" aria-labelledby="{prefix}title" aria-describedby="{prefix}breakpoints"'
    return element.replace("<svg", f"<svg {label}", 1)
