"""Conversion decisions around a liquidation: sections 2 and 3(a) together.

Holders of an optional series convert exactly when the Common they would hold receives more than their
preferred share, given what everybody else does; a tie keeps the preferred (AMB-22, AMB-113, AMB-114).
Each holder takes the amount per Common share as given. Under the default reading of the caps there is
then one outcome, found by filling up past the caps to the points where converting pays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from reference.charter import COMMON
from reference.liquidation import (
    NOBODY,
    Breakpoint,
    Distribution,
    Kink,
    Stake,
    breakpoints,
    caps,
    distribute,
    distribute_among,
    fill,
    kink_breakpoints,
    rank_breakpoints,
    ranks,
    stakes,
)
from reference.position import NOTHING, Number, Position
from reference.readings import CapMode, EfConversion, Readings


class NoEquilibriumError(ArithmeticError):
    """Say that no set of conversions is stable, which can happen only under a non-default cap reading."""


def conversion_point(stake: Stake) -> Fraction:
    """Return the $ per Common share above which a share of the series is worth more converted (3(a)).

    Converted, it gets its ratio times that amount; preferred, at most its preference plus its headroom.
    """
    assert stake.headroom is not None
    return (stake.preference + stake.headroom) / stake.ratio


def conversion_kinks(optional: Iterable[Stake]) -> tuple[Kink, ...]:
    """List where the optional series convert; one that shares without a cap never does."""
    return tuple(
        Kink(conversion_point(s), s.name, "conversion", s.as_converted) for s in optional if s.headroom is not None
    )


def conversions(position: Position, readings: Readings, assets: Fraction, elected: bool = False) -> frozenset[str]:
    """Return the optional series that convert in equilibrium when assets, $, are distributed (2(b), 3(a)).

    A series that nobody holds may be among them. elected: whether the class of A-D has converted. Under
    the double dip nobody needs to convert. Raise NoEquilibriumError where a reading of the caps other than
    the default leaves none.
    """
    return conversions_among(stakes(position, readings), position, readings, assets, elected)


def conversions_among(
    held: tuple[Stake, ...], position: Position, readings: Readings, assets: Fraction, elected: bool
) -> frozenset[str]:
    """Return the series that convert, as `conversions` does, among stakes that are already known."""
    if readings.ef_conversion is EfConversion.DOUBLE_DIP:
        return NOBODY
    if readings.cap_mode is not CapMode.INDIVIDUAL:
        return _stable_profile(held, position, readings, assets, elected)
    charter = position.charter
    as_common = frozenset(charter.electing) if elected else NOBODY
    owed = sum((rank.owed for rank in ranks(charter, readings, held, as_common, elected)), NOTHING)
    if assets <= owed:
        return NOBODY
    sharing, kinks = _sharing(position, readings, held, as_common)
    filled = fill(assets - owed, sharing, kinks)
    return frozenset(kink.name for kink in filled.passed if kink.event == "conversion")


def _sharing(
    position: Position, readings: Readings, held: Collection[Stake], as_common: Collection[str]
) -> tuple[Number, tuple[Kink, ...]]:
    """Return the as-converted shares that share from the start, and all kinks, conversions included."""
    participants = [s for s in held if s.participates and s.name not in as_common]
    optional = [s for s in held if s.name in position.charter.optional]
    from_the_start = (*participants, *(s for s in held if s.name in as_common))
    kinks = caps(participants, readings) + conversion_kinks(optional)
    return position.common + sum(s.as_converted for s in from_the_start), kinks


def _stable_profile(
    held: tuple[Stake, ...], position: Position, readings: Readings, assets: Fraction, elected: bool
) -> frozenset[str]:
    """Return the stable set with the fewest conversions, in the charter's order (AMB-116)."""
    optional = position.charter.optional
    for size in range(len(optional) + 1):
        for names in combinations(optional, size):
            outcome = distribute_among(held, position, readings, assets, frozenset(names), elected)
            if _is_stable(held, readings, outcome, optional):
                return frozenset(names)
    raise NoEquilibriumError("no set of conversions is stable under this reading of the caps")


def _is_stable(held: tuple[Stake, ...], readings: Readings, outcome: Distribution, optional: Collection[str]) -> bool:
    """Say whether nobody who holds a series that may choose wants to decide otherwise than in this outcome."""
    for own in held:
        if own.name not in optional or own.shares == 0:
            continue
        as_common = own.ratio * outcome.per_common_share
        if own.name not in outcome.converted:
            if as_common > outcome.per_share[own.name]:
                return False
        elif as_common <= _if_preferred(held, readings, outcome, own):
            return False
    return True


def _if_preferred(held: tuple[Stake, ...], readings: Readings, outcome: Distribution, own: Stake) -> Fraction:
    """Return what one share of a converted series would get had it not converted, $/share."""
    level = outcome.per_common_share
    if not own.participates:
        return own.preference
    others = [s for s in held if s.participates and s.name not in outcome.converted]
    stop = next((k.at for k in caps([*others, own], readings) if k.name == own.name), level)
    return own.preference + own.ratio * min(level, stop)


def liquidate(position: Position, readings: Readings, assets: Fraction, elected: bool = False) -> Distribution:
    """Distribute assets, $, with the conversions of the equilibrium (2, 3(a))."""
    held = stakes(position, readings)
    converted = conversions_among(held, position, readings, assets, elected)
    return distribute_among(held, position, readings, assets, converted, elected)


def election_gains(position: Position, readings: Readings, assets: Fraction) -> dict[str, Fraction]:
    """Return what each share of the electing series gains if their class converts, $/share (3(a), AMB-23)."""
    kept = liquidate(position, readings, assets, elected=False)
    converted = liquidate(position, readings, assets, elected=True)
    return {name: converted.per_share[name] - kept.per_share[name] for name in position.charter.electing}


def class_elects(position: Position, readings: Readings, assets: Fraction) -> bool:
    """Say whether the class of A-D converts if each series votes its own interest, by shares (3(a), AMB-33).

    A series that neither gains nor loses does not vote for it. With no electing shares there is no election.
    """
    election = position.charter.class_election
    if election is None:
        return False
    gains = election_gains(position, readings, assets)
    in_favour = sum(position.shares.get(name, 0) for name, gain in gains.items() if gain > 0)
    entitled = sum(position.shares.get(name, 0) for name in gains)
    return in_favour > 0 and election.threshold.met(in_favour, entitled)


def equilibrium_breakpoints(position: Position, readings: Readings, elected: bool = False) -> tuple[Breakpoint, ...]:
    """List the asset levels at which the sharing changes when conversions are chosen (2, 3(a)).

    Raise NoEquilibriumError under a cap reading other than the default, where the levels are not ordered.
    """
    if readings.cap_mode is not CapMode.INDIVIDUAL or readings.ef_conversion is EfConversion.DOUBLE_DIP:
        raise NoEquilibriumError("breakpoints with chosen conversions need the individual reading of the caps")
    held = stakes(position, readings)
    as_common = frozenset(position.charter.electing) if elected else NOBODY
    ordered = ranks(position.charter, readings, held, as_common, elected)
    sharing, kinks = _sharing(position, readings, held, as_common)
    owed = sum((rank.owed for rank in ordered), NOTHING)
    return rank_breakpoints(ordered) + kink_breakpoints(owed, sharing, kinks)


@dataclass(frozen=True)
class Schedule:
    """Hold the payments of one position at every asset level: straight lines between breakpoints.

    levels: asset levels, $, ascending from zero; starts: $/share by class at each level; slopes: $/share
    by class per $ of assets from each level on.
    """

    shares: dict[str, Number]
    levels: tuple[Fraction, ...]
    starts: tuple[dict[str, Fraction], ...]
    slopes: tuple[dict[str, Fraction], ...]

    def per_share(self, assets: Fraction) -> dict[str, Fraction]:
        """Return the payments at one asset level, $/share by class."""
        at = bisect_right(self.levels, assets) - 1
        beyond = assets - self.levels[at]
        slopes = self.slopes[at]
        return {name: start + slopes[name] * beyond for name, start in self.starts[at].items()}


def schedule(
    position: Position, readings: Readings, converted: frozenset[str] | None = None, elected: bool = False
) -> Schedule:
    """Return the payments at every asset level, for given conversions or, with None, chosen ones."""

    def outcome(assets: Fraction) -> Distribution:
        if converted is None:
            return liquidate(position, readings, assets, elected)
        return distribute(position, readings, assets, converted, elected)

    if converted is None:
        found = equilibrium_breakpoints(position, readings, elected)
    else:
        found = breakpoints(position, readings, converted, elected)
    levels = sorted({NOTHING, *(point.assets for point in found)})
    points = [dict(outcome(level).per_share) for level in [*levels, levels[-1] + 1]]
    ends = [*levels[1:], levels[-1] + 1]
    slopes = tuple(
        {name: (after[name] - before[name]) / (end - level) for name in before}
        for level, end, before, after in zip(levels, ends, points[:-1], points[1:], strict=True)
    )
    names = [*(s.name for s in position.charter.series), COMMON]
    return Schedule(
        shares={name: position.shares.get(name, 0) for name in names},
        levels=tuple(levels),
        starts=tuple(points[:-1]),
        slopes=slopes,
    )
