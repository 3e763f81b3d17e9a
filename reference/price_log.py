"""What the fold over the conversion prices keeps: the state, its log, and the book of rights (3(d))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from reference.charter import Charter
from reference.conversion_price import ONE, SeriesPrice
from reference.position import NOTHING, Number
from reference.readings import Readings

Kind: TypeAlias = Literal["issuance", "deemed_issuance", "make_good", "restatement", "split", "stock_dividend"]


@dataclass(frozen=True, slots=True)
class Outstanding:
    """Hold what is outstanding just before an entry, shares.

    preferred: by series; preferred_splits: as in a position; elected: whether the class that converts by
    election has done so (AMB-55); options: Common under all options, warrants and convertible securities,
    excluded and unexercisable ones too, for the widest reading of the base (AMB-53).
    """

    common: Number
    preferred: Mapping[str, Number] = field(default_factory=dict)
    preferred_splits: Mapping[str, Fraction] = field(default_factory=dict)
    elected: bool = False
    options: Number = 0


@dataclass(frozen=True, slots=True)
class Issuance:
    """Log an issuance of Additional Stock: shares, the $ received for all of them, and for which series it counts."""

    on: date
    shares: Number
    consideration: Fraction
    additional_for: tuple[str, ...]
    outstanding: Outstanding


@dataclass(frozen=True, slots=True)
class Deemed:
    """Log shares deemed issued under rights (3(d)(i)(E)); `unit`: by how much splits had multiplied shares then."""

    on: date
    rights: str
    shares: Number
    consideration: Fraction
    additional_for: tuple[str, ...]
    outstanding: Outstanding
    unit: Fraction


@dataclass(frozen=True, slots=True)
class Exercised:
    """Log an exercise of rights; it adjusts nothing (3(d)(i)(E)(3))."""

    on: date
    rights: str
    shares: Number


@dataclass(frozen=True, slots=True)
class Restated:
    """Log that rights were restated; what follows from it stands in their own entries."""

    on: date
    rights: str


@dataclass(frozen=True, slots=True)
class Split:
    """Log a split (factor over one) or combination (under one) of the Common (3(d)(iii), 3(d)(iv))."""

    on: date
    factor: Fraction


@dataclass(frozen=True, slots=True)
class StockDividend:
    """Log a dividend of Common or of rights to Common: by how many shares these increase the Common (3(d)(iii)).

    factor: shares of Common that one share becomes by it; what is payable in rights makes no share more.
    """

    on: date
    increase: Number
    outstanding: Outstanding
    factor: Fraction = ONE


Entry: TypeAlias = Issuance | Deemed | Exercised | Restated | Split | StockDividend


@dataclass(frozen=True, slots=True)
class Node:
    """Hold one entry of the log and the state before it, whose own log holds the entries before."""

    entry: Entry
    before: PriceState = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Rights:
    """Hold options, warrants or convertible securities, in the units of their grant (3(d)(i)(E)).

    deliverable: shares still to be had; exercisable: of these, now; exercise_price: the least, $/share;
    grant: $ received for the grant; granted: shares that it was for; initial: exercisable at the grant;
    exercised: shares, paid: $ so far; entries: how many entries of the log are theirs.
    """

    deliverable: Number
    exercisable: Number
    exercise_price: Fraction
    grant: Fraction
    granted: Number
    initial: Number
    additional_for: tuple[str, ...]
    unit: Fraction
    exercised: Number = 0
    paid: Fraction = NOTHING
    entries: int = 0


class Book(Mapping[str, Rights]):
    """Hold the rights by name, in the order of their issue; what changes is put on top of a large old part.

    A new book shares the old part with the one before it, so that many rights cost little each.
    """

    __slots__ = ("_new", "_old")

    def __init__(self, old: dict[str, Rights] | None = None, new: dict[str, Rights] | None = None) -> None:
        self._old = {} if old is None else old
        self._new = {} if new is None else new

    def having(self, name: str, record: Rights) -> Book:
        """Return the book with one record more, or with another one in its place."""
        new = {**self._new, name: record}
        if len(new) * len(new) <= len(self._old):
            return Book(self._old, new)
        return Book({**self._old, **new})

    def __getitem__(self, name: str) -> Rights:
        return self._new[name] if name in self._new else self._old[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._old
        yield from (name for name in self._new if name not in self._old)

    def __len__(self) -> int:
        return len(self._old) + sum(name not in self._old for name in self._new)

    def __repr__(self) -> str:
        return f"Book({dict(self)!r})"


NO_RIGHTS = Book()


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Tell what happened to one series' conversion price, for the trace.

    base, shares, consideration: of the weighted average, where there is one; before, after: exact prices,
    $/share; official_before, official_after: the prices in effect; carried: $/share not yet made afterwards.
    """

    on: date
    series: str
    kind: Kind
    clause: str
    before: Fraction
    after: Fraction
    official_before: Fraction
    official_after: Fraction
    carried: Fraction
    base: Number | None = None
    shares: Number | None = None
    consideration: Fraction | None = None


@dataclass(frozen=True, slots=True)
class PriceState:
    """Hold the conversion prices on a date and all that is needed to go on from there.

    prices: by series; purchase_dates: first issue by series, None or left out if long past, `date.max` as long as
    there is none (a caller may replace it when the day comes); unit: by how much splits and stock dividends have
    multiplied a share of Common; unissued: shares deemed issued and not issued yet, by rights, kept where the base
    counts them; rights: the book of rights; log: the last entry; latest: the adjustments that the last call made;
    places: of the enclosures that stand for adjusted prices which are too long, None to keep all exact.
    """

    charter: Charter
    readings: Readings
    on: date
    prices: Mapping[str, SeriesPrice]
    purchase_dates: Mapping[str, date | None]
    unit: Fraction = ONE
    unissued: Mapping[str, Number] = field(default_factory=dict)
    rights: Book = field(default_factory=Book)
    log: Node | None = field(default=None, repr=False, compare=False)
    latest: tuple[Adjustment, ...] = ()
    places: int | None = None

    @property
    def official(self) -> dict[str, Fraction]:
        """Return the conversion prices in effect, $/share by series."""
        return {name: price.official for name, price in self.prices.items()}
