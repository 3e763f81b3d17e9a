"""The events of a history as section 3(d) sees them, and the unknowns that say their numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import sympy

from reference.charter import Charter
from reference.readings import Readings


def unknown(stem: str, entry: int | str, above_zero: bool = False) -> sympy.Symbol:
    """Return an unknown of one entry of a history, or of one series: a count, an amount or a day, >= 0."""
    domain = {"positive": True} if above_zero else {"nonnegative": True}
    return sympy.Symbol(f"{stem}_{entry}", **domain)


@dataclass(frozen=True)
class Outstanding:
    """Say which series are outstanding at an entry, which of them have split, and whether the class has elected."""

    preferred: frozenset[str] = frozenset()
    splits: frozenset[str] = frozenset()
    elected: bool = False


@dataclass(frozen=True)
class Issued:
    """An issuance for some series; joined: one issuance with the entry before (AMB-57, AMB-111)."""

    series: tuple[str, ...]
    outstanding: Outstanding = field(default_factory=Outstanding)
    joined: bool = False


@dataclass(frozen=True)
class Granted:
    """Rights over Common for some series; part: only some are exercisable; excluded: never deemed issued."""

    rights: str
    series: tuple[str, ...]
    outstanding: Outstanding = field(default_factory=Outstanding)
    part: bool = False
    excluded: bool = False


@dataclass(frozen=True)
class Vested:
    """More of some rights becomes exercisable, and nothing else changes."""

    rights: str
    outstanding: Outstanding = field(default_factory=Outstanding)


@dataclass(frozen=True)
class Changed:
    """The terms of some rights change: which of them are given anew."""

    rights: str
    terms: frozenset[Literal["deliverable", "exercisable", "strike"]]


@dataclass(frozen=True)
class Exercised:
    """Some rights are exercised."""

    rights: str


@dataclass(frozen=True)
class Expired:
    """Some rights end; left: whether some of them remain, and then how many are given anew."""

    rights: str
    left: bool = False


@dataclass(frozen=True)
class Split:
    """A split or combination of the Common."""


@dataclass(frozen=True)
class StockDividend:
    """A dividend of Common or of rights to Common."""

    outstanding: Outstanding = field(default_factory=Outstanding)


@dataclass(frozen=True)
class Waited:
    """Nothing but the passing of time."""


Event = Issued | Granted | Vested | Changed | Exercised | Expired | Split | StockDividend | Waited


@dataclass(frozen=True)
class History:
    """Say for which structure a chain is wanted: the order of events, and what is given of the opening.

    dated: series with a Purchase Date; carried: how many adjustments each series carries at the opening.
    """

    charter: Charter
    readings: Readings
    events: tuple[Event, ...]
    dated: frozenset[str] = frozenset()
    carried: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Slot:
    """Hold what one entry left to be carried, $/share, zero for most, its day, and that on which it must be made.

    entry: the number of the event, or `opening_` and the number of what was carried at the opening.
    """

    amount: sympy.Expr
    due: sympy.Expr
    on: sympy.Expr
    entry: str = ""


@dataclass(frozen=True)
class Price:
    """Hold the conversion price of one series after an event, $/share: as it is in effect, and as if all were made."""

    official: sympy.Expr
    exact: sympy.Expr
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True)
class State:
    """Hold the prices of all series after an event, by name."""

    prices: dict[str, Price]
