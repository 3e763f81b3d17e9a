"""Decisions of holders around a liquidation: sections 2 and 3(a) together.

Holders of an optional series convert exactly when what they would get converted, dividends that stay owed to them
included, is more than their preferred share, given what everybody else does; a tie keeps the preferred (AMB-22,
AMB-113, AMB-114, AMB-125). Rights are exercised, where the reading has it, when their class gets more than their price
(AMB-147). Each holder takes what a share of each kind gets as given. Under the default readings of the caps and of
these dividends there is one outcome, found on the ladder of `payoff`; under the others sets of conversions are tried.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, combinations, pairwise
from typing import TypeAlias, TypeVar

from reference.charter import COMMON
from reference.conversion import conversion_ratio, held_by_holder, votes_of_shares
from reference.liquidation import (
    NOBODY,
    Breakpoint,
    Distribution,
    Stake,
    as_common,
    caps,
    distribute_among,
    stakes,
)
from reference.payoff import (
    Liquidation,
    Place,
    breakpoints,
    climb,
    converted_line,
    intervals,
    lines,
    liquidation,
    open_rights,
    paid,
    participants,
    preferred_line,
    sharing_in,
)
from reference.position import NOTHING, Number, Option, Position
from reference.readings import AdMajority, CapMode, ConvertedDividends, Readings


class NoEquilibriumError(ArithmeticError):
    """Say that no set of conversions is stable, which can happen only under readings other than the default."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Hold what holders do: the series that convert, and the rights that are exercised."""

    converted: frozenset[str]
    exercised: tuple[Option, ...]


def decide(asked: Liquidation, assets: Fraction) -> Decisions:
    """Return what holders do when assets, $, are distributed (2, 3(a)).

    A series that nobody holds may be among those that convert. Raise NoEquilibriumError where a reading other than
    the default leaves no stable decisions.
    """
    if asked.given is None and _is_searched(asked):
        return _searched(asked, assets)
    of = lines(asked)
    place = climb(asked, participants(asked, of), assets)
    converted = asked.given
    if converted is None:
        converted = frozenset(own.name for own in asked.held if asked.may_choose(own) and gains(asked, own, place) > 0)
    return Decisions(converted, tuple(own for own in open_rights(asked) if paid(of[own.stock], place) > own.price))


def gains(asked: Liquidation, own: Stake, place: Place) -> Fraction:
    """Return what a share gets more converted than preferred at a place, $; what is owed to it outside included."""
    preferred, converted = _either(asked, own, place)
    return converted - preferred


def _either(asked: Liquidation, own: Stake, place: Place) -> tuple[Fraction, Fraction]:
    """Return what a share gets at a place preferred and converted, $."""
    others = [stake for stake in sharing_in(asked) if stake.name != own.name]
    stops = caps([*others, own] if own.participates else others, asked.readings)
    outside = own.debt if asked.readings.converted_dividends is ConvertedDividends.DEBT_OUTSIDE else NOTHING
    return paid(preferred_line(asked, own, stops), place), paid(converted_line(asked, own), place) + outside


def _is_searched(asked: Liquidation) -> bool:
    """Say whether the lines of those who choose depend on what others choose, or have a gap where they convert."""
    if asked.readings.cap_mode is not CapMode.INDIVIDUAL:
        return True
    outside = asked.readings.converted_dividends is ConvertedDividends.DEBT_OUTSIDE
    return outside and any(own.debt != 0 for own in asked.held)


@dataclass(frozen=True, slots=True)
class Profile:
    """Hold decisions that are tried: a liquidation with given conversions, after the exercise of some rights.

    taken, left: rights over series, whose shares can be the first of a series with a cap.
    """

    asked: Liquidation
    taken: tuple[Option, ...]
    left: tuple[Option, ...]

    @property
    def cost(self) -> Fraction:
        """Return what the exercise of the rights adds to the assets, $."""
        return sum((own.shares * own.price for own in self.taken), NOTHING)


def _profiles(asked: Liquidation) -> Iterator[Profile]:
    """Yield all decisions that can be tried, the fewest first, in the charter's order (AMB-116).

    Whether rights over the Common are exercised follows from them.
    """
    over_series = [own for own in open_rights(asked) if own.stock != COMMON]
    others = tuple(own for own in asked.position.options if own not in over_series)
    choosers = [own.name for own in asked.held if asked.may_choose(own)]
    for taken in _subsets(over_series):
        position = replace(exercised(asked.position, taken), options=others)
        held = stakes(position, asked.readings) if taken else asked.held
        left = tuple(own for own in over_series if own not in taken)
        for names in _subsets(choosers):
            yield Profile(replace(asked, position=position, held=held, given=frozenset(names)), taken, left)


Some = TypeVar("Some", str, Option)


def _subsets(of: Sequence[Some]) -> Iterator[tuple[Some, ...]]:
    return chain.from_iterable(combinations(of, size) for size in range(len(of) + 1))


def _searched(asked: Liquidation, assets: Fraction) -> Decisions:
    """Return the first stable decisions (AMB-116, AMB-145)."""
    for profile in _profiles(asked):
        of = lines(profile.asked)
        place = climb(profile.asked, participants(profile.asked, of), assets + profile.cost)
        content = all(_is_content(profile.asked, own, place) for own in profile.asked.held)
        pays = all(_worth(profile.asked, own.stock, place) > own.price for own in profile.taken)
        if content and pays and all(_worth(profile.asked, own.stock, place) <= own.price for own in profile.left):
            found = decide(profile.asked, assets + profile.cost)
            return Decisions(found.converted, (*profile.taken, *found.exercised))
    raise NoEquilibriumError("no set of conversions is stable under these readings")


def _worth(asked: Liquidation, stock: str, place: Place) -> Fraction:
    """Return what a share of a series gets at a place, $, whoever holds it doing what pays."""
    own = next(own for own in asked.held if own.name == stock)
    preferred, converted = _either(asked, own, place)
    if own.name in as_common(asked.position.charter, asked.readings, NOBODY, asked.elected):
        return converted
    return max(preferred, converted) if asked.may_choose(own) else preferred


def _is_content(profile: Liquidation, own: Stake, place: Place) -> bool:
    """Say whether holders of a series would not decide otherwise than in a profile; where it is no choice, they are."""
    if not profile.may_choose(own) or own.shares == 0:
        return True
    if own.name in (profile.given or ()):
        return gains(profile, own, place) > 0
    return place.undistributed == 0 and gains(profile, own, place) <= 0


def conversions(position: Position, readings: Readings, assets: Fraction, elected: bool = False) -> frozenset[str]:
    """Return the series that convert by choice when assets, $, are distributed (2(b), 3(a)).

    A series that nobody holds may be among them. elected: whether the class of A-D has elected. Raise
    NoEquilibriumError as `decide` does.
    """
    return decide(liquidation(position, readings, None, elected), assets).converted


def settle(asked: Liquidation, assets: Fraction) -> Distribution:
    """Distribute assets, $, after what holders do (2, 3(a)); whoever exercises adds the price to the assets."""
    decisions = decide(asked, assets)
    position = exercised(asked.position, decisions.exercised)
    assets = assets + sum((own.shares * own.price for own in decisions.exercised), NOTHING)
    held = stakes(position, asked.readings) if decisions.exercised else asked.held
    found = distribute_among(held, position, asked.readings, assets, decisions.converted, asked.elected)
    return replace(found, exercised=decisions.exercised)


def exercised(position: Position, rights: tuple[Option, ...]) -> Position:
    """Return the cap table after rights are exercised: their shares are outstanding (AMB-32b)."""
    shares = dict(position.shares)
    for own in rights:
        shares[own.stock] = shares.get(own.stock, 0) + own.shares
    return replace(position, shares=shares) if rights else position


def liquidate(position: Position, readings: Readings, assets: Fraction, elected: bool = False) -> Distribution:
    """Distribute assets, $, with the decisions of the equilibrium (2, 3(a))."""
    return settle(liquidation(position, readings, None, elected), assets)


def election_gains(position: Position, readings: Readings, assets: Fraction) -> dict[str, Fraction]:
    """Return what each share of the electing series gains if their class elects, $/share (3(a), AMB-23)."""
    kept = liquidate(position, readings, assets, elected=False)
    converted = liquidate(position, readings, assets, elected=True)
    return {name: converted.per_share[name] - kept.per_share[name] for name in position.charter.electing}


def class_elects(position: Position, readings: Readings, assets: Fraction) -> bool:
    """Say whether the class of A-D elects if each series votes its own interest (3(a), AMB-33, AMB-126).

    It votes by shares or by votes, as the reading has it; one that neither gains nor loses does not vote for it. With
    no electing shares there is no election.
    """
    election = position.charter.class_election
    if election is None:
        return False
    weights = electing_weights(position, readings)
    in_favour = sum(weights[name] for name, gain in election_gains(position, readings, assets).items() if gain > 0)
    return in_favour > 0 and election.threshold.met(in_favour, sum(weights.values()))


def electing_weights(position: Position, readings: Readings) -> dict[str, Number]:
    """Return what the holders of each electing series have in an election, shares or votes (3(a), AMB-33)."""
    names = position.charter.electing
    if readings.ad_majority is AdMajority.SHARES:
        return {name: position.shares.get(name, 0) for name in names}
    return {name: _votes_of(position, readings, name) for name in names}


def _votes_of(position: Position, readings: Readings, name: str) -> Number:
    """Return the votes of all shares of a series, each holder's rounded together (5(c), AMB-80)."""
    series = position.charter.series_named(name)
    ratio = conversion_ratio(position, readings, series)
    counts = [own[name] for own in held_by_holder(position, (name,)).values()]
    # Shares that nobody is listed with count as one holder's.
    counts.append(position.shares.get(name, 0) - sum(counts))
    return sum(votes_of_shares(readings, series, count, ratio) for count in counts)


def equilibrium_breakpoints(position: Position, readings: Readings, elected: bool = False) -> tuple[Breakpoint, ...]:
    """List the asset levels at which the sharing changes when holders choose (2, 3(a)).

    Raise NoEquilibriumError where some assets leave no stable decisions.
    """
    asked = liquidation(position, readings, None, elected)
    return _searched_breakpoints(asked) if _is_searched(asked) else breakpoints(asked)


def _searched_breakpoints(asked: Liquidation) -> tuple[Breakpoint, ...]:
    """List the asset levels at which somebody's payment changes its slope or jumps, looking through all profiles."""
    candidates: dict[Fraction, list[tuple[Profile, Breakpoint]]] = {}
    for profile in _profiles(asked):
        for level, begins in _candidates(profile):
            own = candidates.setdefault(level - profile.cost, [])
            own += [(profile, replace(point, assets=level - profile.cost)) for point in begins]
    levels = sorted(level for level in candidates if level > 0)
    samples = [_sampled(asked, low, high) for low, high in pairwise([NOTHING, *levels, None])]
    found: list[Breakpoint] = []
    for level, (before, then), (after, now) in zip(levels, samples[:-1], samples[1:], strict=True):
        if not _is_smooth(level, then, (level, _payments(asked, level)), now):
            found += _changes(level, before, after, candidates[level])
    return tuple(found)


def _changes(
    level: Fraction, before: Decisions, after: Decisions, candidates: Iterable[tuple[Profile, Breakpoint]]
) -> Iterator[Breakpoint]:
    """Yield what happens at a level: who decides otherwise from there on, or else what changes for those who do not."""
    fewer, more = before.converted - after.converted, after.converted - before.converted
    rights = [own.name for own in after.exercised if own not in before.exercised]
    if fewer:
        yield Breakpoint(level, "3(a)", "kept", tuple(sorted(fewer)))
    if more:
        yield Breakpoint(level, "3(a)", "conversion", tuple(sorted(more)))
    if rights:
        yield Breakpoint(level, "2(b)", "exercise", tuple(rights))
    if not (fewer or more or rights):
        own = [point for profile, point in candidates if _is_of(profile, after)]
        yield from dict.fromkeys(own)


def _is_of(profile: Profile, decisions: Decisions) -> bool:
    return profile.asked.given == decisions.converted and set(profile.taken) <= set(decisions.exercised)


def _candidates(profile: Profile) -> Iterator[tuple[Fraction, tuple[Breakpoint, ...]]]:
    """Yield where payments of a profile change, and where somebody in it comes to want to decide otherwise."""
    asked = profile.asked
    everybody = participants(asked, lines(asked))
    choosers = [own for own in asked.held if asked.may_choose(own)]
    for interval in intervals(asked, everybody):
        yield interval.start, interval.begins
        if interval.length == 0:
            continue
        width = Fraction(1) if interval.length is None else interval.length
        low, high = (climb(asked, everybody, interval.start + more) for more in (NOTHING, width))
        wants = [(gains(asked, own, low), gains(asked, own, high)) for own in choosers]
        wants += [
            (_worth(asked, own.stock, low) - own.price, _worth(asked, own.stock, high) - own.price)
            for own in (*profile.taken, *profile.left)
        ]
        for first, second in wants:
            if first != second:
                at = width * first / (first - second)
                if at > 0 and (interval.length is None or at < interval.length):
                    yield interval.start + at, ()


Sample: TypeAlias = tuple[tuple[Fraction, dict[str, Fraction]], tuple[Fraction, dict[str, Fraction]]]
"""The payments, $ by who gets them, at two asset levels, $."""


def _sampled(asked: Liquidation, low: Fraction | None, high: Fraction | None) -> tuple[Decisions, Sample]:
    """Return the decisions between two levels, and the payments at two places between them."""
    assert low is not None
    width = Fraction(1) if high is None else (high - low) / 3
    first, second = low + width, low + 2 * width
    return decide(asked, first), ((first, _payments(asked, first)), (second, _payments(asked, second)))


def _payments(asked: Liquidation, assets: Fraction) -> dict[str, Fraction]:
    outcome = settle(asked, assets)
    held = [name for name in outcome.per_share if asked.position.shares.get(name, 0) > 0]
    rights = {f"rights {own.name}": outcome.per_share[own.stock] - own.price for own in outcome.exercised}
    none = {f"rights {own.name}": NOTHING for own in open_rights(asked)}
    former = {"former": outcome.former_cash + outcome.former_dividends}
    return {name: outcome.per_share[name] for name in held} | none | rights | former


def _is_smooth(level: Fraction, before: Sample, at: tuple[Fraction, dict[str, Fraction]], after: Sample) -> bool:
    """Say whether all payments go on through a level in one straight line."""
    points = (*before, at, *after)
    for name in at[1]:
        (low, first), (high, last) = ((assets, paid_then[name]) for assets, paid_then in (points[0], points[-1]))
        slope = (last - first) / (high - low)
        if any(paid_then[name] != first + slope * (assets - low) for assets, paid_then in points):
            return False
    return True


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
    """Return the payments at every asset level, for given conversions or, with None, chosen ones.

    Of a class that nobody holds nothing is said. Raise NoEquilibriumError where payments jump.
    """
    asked = liquidation(position, readings, converted, elected)
    if converted is None and _is_searched(asked):
        raise NoEquilibriumError("payments may jump under these readings, so that no lines join them")
    levels = sorted({NOTHING, *(point.assets for point in breakpoints(asked))})
    points = [dict(settle(asked, level).per_share) for level in [*levels, levels[-1] + 1]]
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
