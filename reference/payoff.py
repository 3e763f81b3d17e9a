"""What each share gets as the assets rise: section 2 as lines between kinks.

The assets climb a ladder: a rung for the debts, for each tier and for the Cash Amounts, in the order in which they
are paid, and a last one for the remainder. On a rung a level rises, from none to all of what is owed, or on the last
one without end, in $ per Common share. What a share gets is a line over the ladder, made of stretches on each of which
it grows with the level. A holder who may choose has the line that is higher at each place; a holder of rights has
the line of the class that they are over without its first dollars, the price of exercise (AMB-32b, AMB-147).

All claims together never fall as the assets rise, so that there is one place on the ladder where these are used up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, TypeAlias

from reference.charter import COMMON
from reference.liquidation import (
    CASH,
    DEBTS,
    FORMER_CASH,
    FORMER_DIVIDENDS,
    NOBODY,
    Breakpoint,
    Due,
    Kink,
    Stake,
    as_common,
    caps,
    clause_of,
    fill,
    former_cash,
    order,
    stakes,
    steps,
)
from reference.position import NOTHING, Number, Option, Position
from reference.readings import AdElection, ConvertedDividends, EfConversion, Exercise, Readings

WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hold where a share gets more: the rung, $/share for each unit of its level, and the levels between which.

    begins: what happens at its start, None at the start of the rung; stops: the level of a cap, None for the end of
    the rung.
    """

    rung: int
    slope: Number
    start: Fraction = NOTHING
    begins: Literal["kept", "conversion", "tail", "exercise"] | None = None
    stops: Fraction | None = None


Line: TypeAlias = tuple[Stretch, ...]
"""What one share gets, $, over the whole ladder: its stretches in order."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Hold who has a line: a class, rights that can be exercised or former holders, with so many shares."""

    name: str
    shares: Number
    line: Line


@dataclass(frozen=True, slots=True)
class Place:
    """Hold how far the assets go: the rung, the level on it, and $ that nobody takes."""

    rung: int
    level: Fraction
    undistributed: Fraction = NOTHING


@dataclass(frozen=True, slots=True)
class Rung:
    """Hold what all get together on a rung, $: for a unit of the level at its start, where that changes, and in all.

    needed: up to the whole of what is owed; of no use on the last rung, which has no end.
    """

    sharing: Number
    kinks: tuple[Kink, ...]
    needed: Fraction


@dataclass(frozen=True, slots=True)
class Liquidation:
    """Hold what is asked about who shares, whatever the assets are.

    held: the stakes; given: the series that convert by choice, None if each that may choose does what pays more;
    elected: whether the electing class has elected to convert (3(a)).
    """

    position: Position
    readings: Readings
    held: tuple[Stake, ...]
    given: frozenset[str] | None
    elected: bool

    @property
    def together(self) -> tuple[tuple[Due, ...], ...]:
        """List what is paid together on each rung but the last."""
        return order(self.position, self.readings)

    @property
    def last(self) -> int:
        """Return the number of the rung of the remainder."""
        return len(self.together)

    def rung(self, what: Due) -> int:
        """Return the number of the rung on which something is paid."""
        return next(number for number, own in enumerate(self.together) if what in own)

    def tier(self, own: Stake) -> int:
        """Return the rung of a series' preference (2(a))."""
        tiers = self.position.charter.liquidation_tiers
        return self.rung(next(place for place, tier in enumerate(tiers) if own.name in tier.series))

    def on_conversion(self, own: Stake) -> tuple[int, Fraction]:
        """Return the rung and the amount, $/share, of what a share gets on conversion besides Common (3(a))."""
        if own.name in self.position.charter.electing:
            return self.rung(CASH), own.cash
        from_assets = self.readings.converted_dividends is ConvertedDividends.DEBT_FROM_ASSETS
        return self.rung(DEBTS), own.debt if from_assets else NOTHING

    def may_choose(self, own: Stake) -> bool:
        """Say whether holders of a series decide by themselves whether to convert (3(a), AMB-22, AMB-33)."""
        charter = self.position.charter
        if own.name in charter.optional:
            return self.readings.ef_conversion is not EfConversion.DOUBLE_DIP
        freed = self.elected and self.readings.ad_election is AdElection.UNLOCK_INDIVIDUAL
        return freed and own.name in charter.electing


def liquidation(
    position: Position, readings: Readings, given: frozenset[str] | None = None, elected: bool = False
) -> Liquidation:
    """Return what is asked about who shares; given, elected: as in `Liquidation` (2, 3(a))."""
    return Liquidation(position, readings, stakes(position, readings), given, elected or position.elected)


# Lines


def preferred_line(asked: Liquidation, own: Stake, stops: Iterable[Kink]) -> Line:
    """Return what a share gets that does not convert (2(a), 2(b)); stops: where sharing ends, as `caps` lists it."""
    found = [Stretch(asked.tier(own), own.preference)]
    if own.participates:
        kinks = [kink for kink in stops if kink.name == own.name]
        stop = next((kink.at for kink in kinks if kink.event == "cap"), None)
        found.append(Stretch(asked.last, own.ratio, stops=stop))
        found += [Stretch(asked.last, own.ratio, kink.at, "tail") for kink in kinks if kink.event == "tail"]
    return tuple(found)


def converted_line(asked: Liquidation, own: Stake) -> Line:
    """Return what a share gets that has converted: what is owed to it, and what reaches its Common (3(a), 3(c))."""
    rung, amount = asked.on_conversion(own)
    return Stretch(rung, amount), Stretch(asked.last, own.ratio)


def chosen_line(asked: Liquidation, own: Stake) -> Line:
    """Return the higher of the two lines of a share where each series has its own cap (3(a), AMB-114, AMB-125)."""
    rung, amount = asked.on_conversion(own)
    tier = asked.tier(own)
    if amount > own.preference:
        if rung <= tier:
            return converted_line(asked, own)
        overtakes = Stretch(rung, amount, own.preference / amount, "conversion")
        return Stretch(tier, own.preference), overtakes, Stretch(asked.last, own.ratio)
    found = [Stretch(tier, own.preference)]
    if rung < tier:
        # What conversion gives is paid first; the preference is more from where it has caught up.
        found = [Stretch(rung, amount), Stretch(tier, own.preference, amount / own.preference, "kept")]
    if own.headroom is None:
        return *found, Stretch(asked.last, own.ratio)
    if own.participates:
        found.append(Stretch(asked.last, own.ratio, stops=own.headroom / own.ratio))
    return *found, Stretch(asked.last, own.ratio, conversion_point(own, amount), "conversion")


def conversion_point(own: Stake, amount: Fraction) -> Fraction:
    """Return the $ per Common share above which a share of a series is worth more converted (3(a)).

    amount: $/share that it gets on conversion besides. Preferred, it gets at most its preference and headroom.
    """
    assert own.headroom is not None
    return (own.preference + own.headroom - amount) / own.ratio


def beyond(line: Line, price: Fraction, last: int) -> Line:
    """Return a line without its first dollars, which rights give for it: the price, $/share (AMB-147).

    last: the number of the rung that has no end.
    """
    left = price
    for index, own in enumerate(line):
        end = own.stops if own.stops is not None else None if own.rung == last else WHOLE
        if end is None or own.slope * (end - own.start) > left:
            return replace(own, start=own.start + left / own.slope, begins="exercise"), *line[index + 1 :]
        left = left - own.slope * (end - own.start)
    return ()


def sharing_in(asked: Liquidation) -> list[Stake]:
    """List the series that share the remainder as preferred, some until they choose to convert (2(b))."""
    common = as_common(asked.position.charter, asked.readings, asked.given or NOBODY, asked.elected)
    return [own for own in asked.held if own.participates and own.name not in common]


def lines(asked: Liquidation) -> dict[str, Line]:
    """Return the line of each class, "common" included."""
    common = as_common(asked.position.charter, asked.readings, asked.given or NOBODY, asked.elected)
    stops = caps(sharing_in(asked), asked.readings)
    found: dict[str, Line] = {}
    for own in asked.held:
        if own.name in common:
            found[own.name] = converted_line(asked, own)
        elif asked.given is None and asked.may_choose(own):
            found[own.name] = chosen_line(asked, own)
        else:
            found[own.name] = preferred_line(asked, own, stops)
    return {**found, COMMON: (Stretch(asked.last, 1),)}


def open_rights(asked: Liquidation) -> tuple[Option, ...]:
    """List the rights whose holders do what pays, where the reading lets them (AMB-32b)."""
    if asked.readings.exercise is Exercise.GIVEN:
        return ()
    return tuple(own for own in asked.position.options if own.shares > 0)


def participants(asked: Liquidation, of: Mapping[str, Line]) -> tuple[Participant, ...]:
    """List all who have a line: the classes, rights, and former holders with what is owed to them (AMB-128)."""
    shares = {own.name: own.shares for own in asked.held} | {COMMON: asked.position.common}
    found = [Participant(name, shares[name], line) for name, line in of.items()]
    found += [
        Participant(own.name, own.shares, beyond(of[own.stock], own.price, asked.last)) for own in open_rights(asked)
    ]
    owed = asked.position.owed
    if owed.dividends != 0 and asked.readings.converted_dividends is ConvertedDividends.DEBT_FROM_ASSETS:
        found.append(Participant(FORMER_DIVIDENDS, 1, (Stretch(asked.rung(DEBTS), owed.dividends),)))
    for day, amount in enumerate(owed.cash_amounts):
        found.append(Participant(former_cash(day), 1, (Stretch(asked.rung((FORMER_CASH, day)), amount),)))
    return tuple(found)


# Where the assets lead


def rung_of(number: int, everybody: Iterable[Participant]) -> Rung:
    """Return one rung: who shares on it, and until when."""
    sharing: Number = 0
    needed = NOTHING
    kinks = []
    for own in everybody:
        for part in own.line:
            if part.rung == number:
                change = own.shares * part.slope
                needed = needed + change * (WHOLE - part.start)
                if part.begins is None:
                    sharing = sharing + change
                else:
                    kinks.append(Kink(part.start, own.name, part.begins, change))
                if part.stops is not None:
                    kinks.append(Kink(part.stops, own.name, "cap", -change))
    return Rung(sharing, tuple(kinks), needed)


def climb(asked: Liquidation, everybody: Sequence[Participant], assets: Fraction) -> Place:
    """Return the place to which assets, $, lead (2)."""
    remaining = assets
    for number in range(asked.last):
        own = rung_of(number, everybody)
        if remaining < own.needed:
            if remaining == 0 and own.sharing == 0:
                # Nobody claims at once, so the first claim is reached with nothing: there it is a tie (AMB-125).
                return Place(number, next(kink.at for _, kink in steps(own.sharing, own.kinks)))
            return Place(number, fill(remaining, own.sharing, own.kinks).level)
        remaining = remaining - own.needed
    rest = rung_of(asked.last, everybody)
    filled = fill(remaining, rest.sharing, rest.kinks)
    return Place(asked.last, filled.level, filled.undistributed)


def paid(line: Line, place: Place) -> Fraction:
    """Return what a share with a line gets at a place, $."""
    total = NOTHING
    for own in line:
        if own.rung < place.rung:
            total = total + own.slope * (WHOLE - own.start)
        elif own.rung == place.rung and (own.begins is None or place.level > own.start):
            level = place.level if own.stops is None else min(place.level, own.stops)
            total = total + own.slope * (level - own.start)
    return total


# Where that changes


@dataclass(frozen=True, slots=True)
class Interval:
    """Hold assets, $, over which all payments grow evenly.

    start: from how much; length: how much, None without end; weights: in which proportion the participants share, by
    number; begins: what happens at its start. Some have no length, or nobody who shares.
    """

    start: Fraction
    length: Fraction | None
    weights: Mapping[int, Number]
    begins: tuple[Breakpoint, ...]


Change: TypeAlias = Literal["kept", "cap", "conversion", "tail", "exercise"]
"""Why somebody shares otherwise from a place on a rung on."""

CLAUSES: Mapping[Change, str] = MappingProxyType(
    {"kept": "3(a)", "cap": "2(b)", "conversion": "3(a)", "tail": "2(b)", "exercise": "2(b)"}
)


def intervals(asked: Liquidation, everybody: Sequence[Participant]) -> Iterator[Interval]:
    """Yield the intervals, in order, between which the sharing can change (2(a), 2(b), 3(a), 3(c))."""
    total = NOTHING
    begins: tuple[Breakpoint, ...] = ()
    for number in range(asked.last + 1):
        first, level = total, NOTHING
        on_it = [(at, own.shares * part.slope, part) for at, own in enumerate(everybody) for part in own.line]
        on_it = [found for found in on_it if found[2].rung == number]
        weights = {at: weight for at, weight, part in on_it if part.begins is None}
        changes: list[tuple[Fraction, int, Number, Change]] = []
        changes += [(part.stops, at, weight, "cap") for at, weight, part in on_it if part.stops is not None]
        changes += [(part.start, at, weight, part.begins) for at, weight, part in on_it if part.begins is not None]
        for reached, at, change, event in sorted(changes, key=lambda found: found[0]):
            length = sum(weights.values(), NOTHING) * (reached - level)
            yield Interval(total, length, dict(weights), begins)
            total, level = total + length, reached
            weights[at] = NOTHING if event == "cap" else change
            # Where nothing is owed on conversion, a preference counts from the start.
            happens = change != 0 and (event != "kept" or reached != 0)
            begins = (Breakpoint(total, CLAUSES[event], event, (everybody[at].name,)),) if happens else ()
        if number == asked.last:
            yield Interval(total, None, weights, begins)
            return
        length = sum(weights.values(), NOTHING) * (WHOLE - level)
        yield Interval(total, length, weights, begins)
        total = total + length
        names = tuple(everybody[at].name for at in weights)
        clause = clause_of(asked.position.charter, asked.together[number])
        begins = (Breakpoint(total, clause, "rank_paid", names),) if total != first else ()


def breakpoints(asked: Liquidation) -> tuple[Breakpoint, ...]:
    """List exactly the asset levels at which somebody's payment for a further dollar changes (2, 3(a), 3(c))."""
    found: list[Breakpoint] = []
    pending: list[Breakpoint] = []
    before: Mapping[int, Number] | None = None
    for own in intervals(asked, participants(asked, lines(asked))):
        pending += own.begins
        if own.length == 0:
            continue
        if before is not None and share_otherwise(before, own.weights):
            found += pending
        before, pending = own.weights, []
    return tuple(found)


def given_breakpoints(
    position: Position, readings: Readings, converted: frozenset[str] = NOBODY, elected: bool = False
) -> tuple[Breakpoint, ...]:
    """List the asset levels at which the sharing changes for given conversions (2(a), 2(b), 3(c))."""
    return breakpoints(liquidation(position, readings, converted, elected))


def share_otherwise(before: Mapping[int, Number], after: Mapping[int, Number]) -> bool:
    """Say whether two proportions differ: weights by participant, of which one who is left out has none."""
    left = sum(weight for at, weight in before.items() if at not in after)
    joined = sum(weight for at, weight in after.items() if at not in before)
    if left != 0 or joined != 0:
        return True
    both = [at for at in before if at in after]
    whole_before, whole_after = (sum(weights[at] for at in both) for weights in (before, after))
    return whole_after == 0 or any(before[at] * whole_after != after[at] * whole_before for at in both)
