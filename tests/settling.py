"""What a liquidation comes to by the closed forms alone: who converts and exercises, what each gets, the levels.

Where the forms give no formula for the decisions, profiles of them are tried, the fewest conversions first, and after
that the fewest exercises, until one is stable (AMB-116).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, cached_property
from itertools import combinations, pairwise
from typing import Any

from reference.charter import COMMON
from reference.readings import CapMode, CashPool, CashRank, EfConversion
from symbolic import breakpoints, equilibrium, liquidation
from symbolic.account import Account
from symbolic.equilibrium import has_formula
from symbolic.evaluate import evaluate, evaluate_each, holds
from symbolic.liquidation import Case, Forms

Values = Mapping[str, Fraction | int]
Row = tuple[Fraction, str, tuple[str, ...], str]
"""A breakpoint: level, $, event, names, clause."""

ZERO = Fraction(0)
given_forms = cache(liquidation.forms)
chosen_forms = cache(equilibrium.forms_chosen)
stability = cache(equilibrium.stability)
choices = cache(equilibrium.choices)
listed_forms = cache(breakpoints.breakpoints)


class NoOutcomeError(Exception):
    """Say that no decisions are stable."""


@dataclass(frozen=True)
class Rights:
    """Hold rights over a class that can be exercised: shares, and $/share."""

    name: str
    stock: str
    shares: Fraction
    price: Fraction


@dataclass(frozen=True)
class Settled:
    """Hold what the closed forms pay: $ and $/share by class, $ left over, $ per Common share, who decides how."""

    total: Mapping[str, Fraction]
    per_share: Mapping[str, Fraction]
    undistributed: Fraction
    level: Fraction
    former_cash: Fraction
    former_dividends: Fraction
    converted: frozenset[str]
    exercised: tuple[Rights, ...]


@dataclass(frozen=True)
class Problem:
    """Hold a liquidation to be settled, but for its assets.

    case: its structure, nobody converted; values: of its unknowns; told: who converts, None where each chooses;
    rights: those that are exercised where that pays; holders: of the electing class, whose votes count.
    """

    case: Case
    values: Values
    told: frozenset[str] | None = None
    rights: tuple[Rights, ...] = ()
    holders: int = 1
    found: dict[tuple[Fraction, tuple[Rights, ...]], Settled] = field(default_factory=dict, compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Name every class, the Common last."""
        return (*(series.name for series in self.case.charter.series), COMMON)

    @cached_property
    def outstanding(self) -> frozenset[str]:
        """Name the series that anybody holds or has rights over."""
        over = {own.stock for own in self.rights}
        return frozenset(name for name in self.names[:-1] if self.values[f"n_{name}"] or name in over)

    def with_rights(self, taken: Iterable[Rights]) -> dict[str, Fraction | int]:
        """Return the values with some rights exercised, but for the assets."""
        found = dict(self.values)
        for own in taken:
            name = "C" if own.stock == COMMON else f"n_{own.stock}"
            found[name] = found[name] + own.shares
        return found

    def sets(self) -> Iterator[tuple[Rights, ...]]:
        """Yield every set of rights that might be exercised, the fewest first."""
        for size in range(len(self.rights) + 1):
            yield from combinations(self.rights, size)

    @property
    def alone(self) -> bool:
        """Say whether what a share claims depends on the progress of payments alone, whoever else exercises."""
        readings = self.case.readings
        joint = readings.cap_mode is not CapMode.INDIVIDUAL or readings.ef_conversion is EfConversion.DOUBLE_DIP
        if self.told is None:
            return has_formula(self.case)
        return not (joint and self.rights)


def settle(problem: Problem, assets: Fraction) -> Settled:
    """Return what the closed forms pay; raise NoOutcomeError where no decisions are stable (AMB-116)."""
    if problem.alone:
        return _by_formula(problem, assets)
    for converted, taken in _profiles(problem):
        if is_stable(problem, assets, converted, taken):
            return _given(problem, assets, converted, taken)
    raise NoOutcomeError


def _profiles(problem: Problem) -> Iterator[tuple[frozenset[str], tuple[Rights, ...]]]:
    if problem.told is not None:
        yield from ((problem.told, taken) for taken in problem.sets())
        return
    free = [name for name in problem.case.free if name in problem.outstanding]
    for size in range(len(free) + 1):
        for names in combinations(free, size):
            yield from ((frozenset(names), taken) for taken in problem.sets())


def _by_formula(problem: Problem, assets: Fraction) -> Settled:
    """Return the outcome with the least progress over the sets of rights that leave nothing over (AMB-147)."""
    outcomes = [_with_set(problem, assets, taken) for taken in problem.sets()]
    bounds = [own for own in outcomes if not own.undistributed] or outcomes[-1:]
    least = {name: min(own.per_share[name] for own in bounds) for name in problem.names}
    pays = tuple(own for own in problem.rights if least[own.stock] > own.price)
    return _with_set(problem, assets, pays)


def _with_set(problem: Problem, assets: Fraction, taken: tuple[Rights, ...]) -> Settled:
    key = (assets, taken)
    if key not in problem.found:
        problem.found[key] = _with_set_anew(problem, assets, taken)
    return problem.found[key]


def _with_set_anew(problem: Problem, assets: Fraction, taken: tuple[Rights, ...]) -> Settled:
    if problem.told is not None:
        return _given(problem, assets, problem.told, taken)
    values = {**problem.with_rights(taken), "W": assets + sum(own.shares * own.price for own in taken)}
    form = chosen_forms(problem.case, None, problem.outstanding)
    free = [name for name in form.converted if values[f"n_{name}"]]
    converted = frozenset(name for name in free if holds(form.converted[name], values))
    return _evaluated(form, values, converted, taken)


def _given(problem: Problem, assets: Fraction, converted: frozenset[str], taken: tuple[Rights, ...]) -> Settled:
    values = {**problem.with_rights(taken), "W": assets + sum(own.shares * own.price for own in taken)}
    return _evaluated(given_forms(replace(problem.case, converted=converted)), values, converted, taken)


def _evaluated(
    form: Forms | equilibrium.EquilibriumForms,
    values: Values,
    converted: frozenset[str],
    taken: tuple[Rights, ...],
) -> Settled:
    names = list(form.total)
    single = (form.undistributed, form.per_common_share, form.former_cash, form.former_dividends)
    found = evaluate_each((*form.total.values(), *form.per_share.values(), *single), values)
    totals, per_share = found[: len(names)], found[len(names) : 2 * len(names)]
    return Settled(
        dict(zip(names, totals, strict=True)),
        dict(zip(names, per_share, strict=True)),
        undistributed=found[-4],
        level=found[-3],
        former_cash=found[-2],
        former_dividends=found[-1],
        converted=converted,
        exercised=taken,
    )


def is_stable(problem: Problem, assets: Fraction, converted: frozenset[str], taken: tuple[Rights, ...]) -> bool:
    """Say whether nobody wants to decide otherwise, to convert or to exercise (AMB-116, AMB-147)."""
    case = replace(problem.case, converted=converted)
    values = {**problem.with_rights(taken), "W": assets + sum(own.shares * own.price for own in taken)}
    if problem.told is None and not holds(stability(case), values):
        return False
    outcome = _given(problem, assets, converted, taken)
    for own in problem.rights:
        if (_worth(problem, outcome, own.stock, values) > own.price) != (own in taken):
            return False
    return not outcome.undistributed or all(own in taken for own in problem.rights if own.stock == COMMON)


def _worth(problem: Problem, outcome: Settled, stock: str, values: Values) -> Fraction:
    """Return what one more share of a class would get, deciding for itself where it may."""
    if stock == COMMON or values[f"n_{stock}"]:
        return outcome.per_share[stock]
    case = replace(problem.case, converted=outcome.converted)
    kept, as_common = evaluate_each(choices(case)[stock], values)
    if problem.told is None and stock in case.free:
        return max(kept, as_common)
    return as_common if stock in case.converted else kept


# Elections in interest


def elects(problem: Problem, assets: Fraction) -> bool:
    """Say whether the class of the electing series elects in the interest of each (3(a), AMB-126)."""
    states = [replace(problem, case=replace(problem.case, elected=state), found={}) for state in (False, True)]
    kept, converted = (settle(state, assets) for state in states)
    gains = {f"gain_{n}": converted.per_share[n] - kept.per_share[n] for n in problem.case.charter.electing}
    return holds(_in_interest(problem.case, problem.holders), {**problem.values, **gains})


@cache
def _in_interest(case: Case, holders: int) -> Any:
    gains = {name: equilibrium.gain(name) for name in case.charter.electing}
    return equilibrium.in_interest(case, Account(), gains, holders)


# Breakpoints


def rows(problem: Problem) -> list[Row] | None:
    """Return the breakpoints with their events, in order; None where no form has the events, but only the levels."""
    if not problem.alone:
        return None
    stocks = tuple(own.stock for own in problem.rights)
    chosen = problem.told is None
    case = problem.case if problem.told is None else replace(problem.case, converted=problem.told)
    forms = listed_forms(case, None, chosen, stocks, problem.outstanding)
    values = dict(problem.values)
    for number, own in enumerate(problem.rights, start=1):
        values |= {f"delivers_{number}": own.shares, f"price_{number}": own.price}
    return [
        (level, event, tuple(_named(problem, name) for name in names), clause)
        for level, event, names, clause in breakpoints.listed(forms, values)
    ]


def _named(problem: Problem, name: str) -> str:
    return problem.rights[int(name.removeprefix("rights ")) - 1].name if name.startswith("rights ") else name


def levels(problem: Problem) -> list[Fraction]:
    """Return the levels of the breakpoints; raise NoOutcomeError if some assets have no stable decisions."""
    found = rows(problem)
    return sorted({row[0] for row in found}) if found is not None else _turning(problem)


def _turning(problem: Problem) -> list[Fraction]:
    """Return where somebody's payment turns or jumps, of all places where any profile's does or is stable no more."""
    profiles = list(_profiles(problem))
    places = sorted({ZERO, *(at for profile in profiles for at in _places(problem, *profile))})
    for assets in places:
        settle(problem, assets)
    lines = [_line(problem, low, high) for low, high in pairwise([*places, places[-1] + 7])]
    turns = []
    for at, (before, after) in zip(places[1:], pairwise(lines), strict=True):
        if before[1] != after[1] or [a + b * (at - before[2]) for a, b in zip(before[0], before[1], strict=True)] != [
            a + b * (at - after[2]) for a, b in zip(after[0], after[1], strict=True)
        ]:
            turns.append(at)
    return turns


def _line(problem: Problem, low: Fraction, high: Fraction) -> tuple[list[Fraction], list[Fraction], Fraction]:
    """Return what everybody gets somewhere between two places, how it grows there, and where that is."""
    width = (high - low) / 3
    one, other = (_payments(problem, settle(problem, low + width * part)) for part in (1, 2))
    return one, [(b - a) / width for a, b in zip(one, other, strict=True)], low + width


def _payments(problem: Problem, outcome: Settled) -> list[Fraction]:
    held = [outcome.per_share[n] for n in problem.names if problem.values["C" if n == COMMON else f"n_{n}"]]
    rights = [outcome.per_share[own.stock] - own.price if own in outcome.exercised else ZERO for own in problem.rights]
    return [*held, *rights, *by_day(problem, outcome.former_cash), outcome.former_dividends]


def by_day(problem: Problem, paid: Fraction) -> list[Fraction]:
    """Return what the Cash Amounts of each earlier day get of what all of them get, $ (AMB-51)."""
    owed = [Fraction(problem.values[f"owed_cash_{day}"]) for day in range(1, problem.case.days + 1)]
    readings = problem.case.readings
    if readings.cash_pool is CashPool.FIFO and readings.cash_rank is not CashRank.PARI_SECOND_TIER:
        return [max(ZERO, min(own, paid - sum(owed[:day]))) for day, own in enumerate(owed)]
    return [own * paid / sum(owed) for own in owed]


def _places(problem: Problem, converted: frozenset[str], taken: tuple[Rights, ...]) -> Iterator[Fraction]:
    """Yield the assets at which payments, or what keeps decisions stable, may turn or change sign under one profile."""
    values = problem.with_rights(taken)
    more = sum((own.shares * own.price for own in taken), ZERO)
    case = replace(problem.case, converted=converted)
    held = frozenset(name for name in problem.names[:-1] if values[f"n_{name}"])
    corners = {evaluate(form.assets, values) - more for form in listed_forms(case, None, False, (), held)}
    corners = {ZERO, *(at for at in corners if at > 0)}
    found: set[Fraction] = set()
    # Between corners everything is linear but for the kept shares of whoever converted, which turn once more at most.
    for _ in range(2):
        places = sorted(corners | found)
        for low, high in pairwise([*places, places[-1] + 1]):
            third = (high - low) / 3
            at = [low + third, low + 2 * third]
            one, other = (_signs(problem, assets, converted, taken) for assets in at)
            for a, b in zip(one, other, strict=True):
                if a != b:
                    zero = at[0] - a * third / (b - a)
                    if zero > low and (zero < high or high == places[-1] + 1):
                        found.add(zero)
    yield from corners | found


def _signs(
    problem: Problem, assets: Fraction, converted: frozenset[str], taken: tuple[Rights, ...]
) -> Sequence[Fraction]:
    """Return what decides by its sign whether a profile is stable, or whether who converted would have stopped."""
    outcome = _given(problem, assets, converted, taken)
    values = {**problem.with_rights(taken), "W": assets + sum(own.shares * own.price for own in taken)}
    case = replace(problem.case, converted=converted)
    found = [_worth(problem, outcome, own.stock, values) - own.price for own in problem.rights]
    if problem.told is None:
        for name in case.free:
            kept, as_common = evaluate_each(choices(case)[name], values)
            found.append(kept - as_common)
        found += [outcome.level - stop for stop in _stops(problem, case, values)]
    return found


def _stops(problem: Problem, case: Case, values: Values) -> Iterator[Fraction]:
    account = Account()
    every = liquidation.terms(case, account)
    for name in case.converted:
        shared = liquidation.sharing(replace(case, converted=case.converted - {name}), account, every)
        own = next((term for term in shared.capped if term.name == name), None)
        if own is not None:
            yield evaluate(shared.stop(own), values)
