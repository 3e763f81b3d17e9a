"""Compare the engine with the closed forms: every output, for one question at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import cache

from reference import equilibrium, liquidation, payoff
from reference.charter import COMMON
from reference.liquidation import Breakpoint, Distribution
from reference.position import Position, Undeclared
from reference.readings import Exercise, Readings
from symbolic import liquidation as liquidation_forms
from symbolic.evaluate import Values, evaluate_each, holds
from symbolic.liquidation import FORMER, Case, ImplicitAccount, day_label
from tests import settling
from tests.settling import NoOutcomeError, Problem, Rights, Row, Settled

NOBODY: frozenset[str] = frozenset()


def values_of(position: Position, assets: Fraction) -> dict[str, Fraction | int]:
    """Return the values of the forms' unknowns at a position."""
    values: dict[str, Fraction | int] = {"W": assets, "C": position.shares.get(COMMON, 0)}
    for series in position.charter.series:
        name = series.name
        undeclared = position.undeclared_dividends.get(name, Undeclared())
        values[f"n_{name}"] = position.shares.get(name, 0)
        values[f"d_{name}"] = position.declared_dividends.get(name, 0)
        values[f"y_{name}"] = undeclared.current_year
        values[f"z_{name}"] = undeclared.since_issue
    values |= {f"CP_{name}": price for name, price in position.conversion_prices.items()}
    values |= {f"k_{name}": factor for name, factor in position.preferred_splits.items()}
    if position.common_split is not None:
        values["k_common"] = position.common_split
        given = position.common_combined
        values["k_combined"] = min(Fraction(1), position.common_split) if given is None else given
    values |= {f"owed_cash_{day}": owed for day, owed in enumerate(position.owed.cash_amounts, start=1)}
    return values | {"owed_dividends": position.owed.dividends}


def case_of(position: Position, readings: Readings, converted: frozenset[str] = NOBODY, elected: bool = False) -> Case:
    """Return the structure of a question, which says what form answers it."""
    splits = set(position.preferred_splits) | ({COMMON} if position.common_split is not None else set())
    prices = frozenset(position.conversion_prices)
    days, former = len(position.owed.cash_amounts), position.owed.dividends != 0
    return Case(position.charter, readings, converted, elected, frozenset(splits), prices, days, former)


def problem_of(
    position: Position, readings: Readings, told: frozenset[str] | None = None, elected: bool = False
) -> Problem:
    """Return what the closed forms are to settle: a position's liquidation, with given conversions or chosen ones."""
    exercising = readings.exercise is Exercise.IN_THE_MONEY_EQUILIBRIUM
    options = tuple(Rights(own.name, own.stock, Fraction(own.shares), own.price) for own in position.options)
    holders = list(dict.fromkeys(own.holder for own in position.holdings))
    values = values_of(position, Fraction(0))
    for number, holder in enumerate(holders, start=1):
        for series in position.charter.series:
            listed = [h.shares for h in position.holdings if (h.holder, h.stock) == (holder, series.name)]
            values[f"h_{number}_{series.name}"] = sum(listed)
    case = case_of(position, readings, NOBODY, elected)
    return Problem(case, values, told, options if exercising else (), len(holders))


given_forms = cache(liquidation_forms.forms)


def differences(
    position: Position,
    readings: Readings,
    assets: Fraction,
    converted: frozenset[str] = NOBODY,
    elected: bool = False,
) -> list[str]:
    """List where engine and closed form differ on a liquidation with given conversions; empty if nowhere."""
    outcome = liquidation.distribute(position, readings, assets, converted, elected)
    told = problem_of(replace(position, options=()), readings, converted, elected)
    found = _outcome_differences(outcome, settling.settle(told, assets), told)
    case = case_of(position, readings, converted, elected)
    return found + _preference_differences(outcome, given_forms(case), values_of(position, assets))


def chosen_differences(position: Position, readings: Readings, assets: Fraction, elected: bool = False) -> list[str]:
    """List where engine and closed form differ on a liquidation with chosen conversions; empty if nowhere."""
    problem = problem_of(position, readings, None, elected)
    try:
        expected = settling.settle(problem, assets)
    except NoOutcomeError:
        expected = None
    try:
        outcome = equilibrium.liquidate(position, readings, assets, elected)
    except equilibrium.NoEquilibriumError:
        return [] if expected is None else ["only the closed form has a stable outcome"]
    if expected is None:
        return ["only the engine has a stable outcome"]
    found = _outcome_differences(outcome, expected, problem)
    chosen = {name for name in outcome.converted if name in problem.case.free and outcome.shares.get(name, 0)}
    if chosen != expected.converted:
        found.append(f"converted: {sorted(chosen)} and {sorted(expected.converted)}")
    exercised = [{own.name for own in one.exercised} for one in (outcome, expected)]
    return found if exercised[0] == exercised[1] else [*found, f"exercised: {exercised[0]} and {exercised[1]}"]


def _outcome_differences(outcome: Distribution, expected: Settled, problem: Problem) -> list[str]:
    rows = [("undistributed", outcome.undistributed, expected.undistributed)]
    rows += [(f"total {name}", outcome.total(name), expected.total[name]) for name in problem.names]
    rows += [
        (f"per share {name}", outcome.per_share[name], expected.per_share[name])
        for name in problem.names
        if outcome.shares.get(name, 0)
    ]
    rows.append(("earlier Cash Amounts", outcome.former_cash, expected.former_cash))
    rows.append(("earlier dividends", outcome.former_dividends, expected.former_dividends))
    # With assets left over there is no Common, and what one share of it would get is a mere convention.
    if expected.undistributed == 0:
        rows.append(("per Common share", outcome.per_common_share, expected.level))
    return [f"{what}: {engine} and {closed}" for what, engine, closed in rows if engine != closed]


def _preference_differences(outcome: Distribution, form: liquidation_forms.Forms, values: Values) -> list[str]:
    names = [name for name in form.preferences if outcome.shares.get(name, 0)]
    exact = evaluate_each([form.preferences[name] for name in names], values)
    return [
        f"in rank {name}: {outcome.preferences[name]} and {amount}"
        for name, amount in zip(names, exact, strict=True)
        if outcome.preferences[name] != amount
    ]


def satisfies(account: ImplicitAccount, values: Values, level: Fraction) -> bool:
    """Say whether an amount per Common share satisfies an implicit account, balance and conditions."""
    at = {**values, "x": level}
    return all(holds(condition, at) for condition in (account.balance, *account.conditions))


def breakpoint_differences(
    position: Position, readings: Readings, converted: frozenset[str] | None = None, elected: bool = False
) -> list[str]:
    """List where engine and closed form differ on the breakpoints, with given or (None) chosen conversions."""
    problem = problem_of(position, readings, converted, elected)
    try:
        levels = settling.levels(problem)
    except NoOutcomeError:
        levels = None
    try:
        found = payoff.breakpoints(payoff.liquidation(position, readings, converted, elected))
    except equilibrium.NoEquilibriumError:
        return [] if levels is None else [f"breakpoints: none and {levels}"]
    closed = settling.rows(problem)
    if levels is None or closed is None:
        at = sorted({point.assets for point in found})
        return [] if at == levels else [f"levels: {at} and {levels}"]
    engine = rows_of(found, problem)
    return [] if engine == (rows := sorted(map(_labelled, closed))) else [f"breakpoints: {engine} and {rows}"]


LABELS = {FORMER: "dividends of earlier conversions"}


def _labelled(row: Row) -> Row:
    level, event, names, clause = row
    return level, event, tuple(sorted(label(name) for name in names)), clause


def label(name: str) -> str:
    """Return how an answer names whom the closed forms name."""
    earlier = f"Cash Amounts of earlier conversions, {name}"
    return earlier if name.startswith(day_label(0)[:-1]) else LABELS.get(name, name)


def rows_of(found: Iterable[Breakpoint], problem: Problem) -> list[Row]:
    """Return breakpoints as plain rows, in order, without the classes of which nobody has shares or rights to them."""
    # The engine names rights where their shares are meant, and who converts where nothing is owed to it.
    stocks = {own.name: own.stock for own in problem.rights}
    shown = {name for name in problem.outstanding if problem.values[f"n_{name}"]}

    def named(at: Breakpoint) -> set[str]:
        if at.event == "exercise":
            return set(at.names)
        names = {
            stocks.get(name, name) for name in at.names if name in stocks or name in shown or name not in problem.names
        }
        debts = at.event == "rank_paid" and at.clause == "3(a)"
        return {name for name in names if not debts or problem.values.get(f"d_{name}", 1)}

    return sorted({(at.assets, at.event, tuple(sorted(named(at))), at.clause) for at in found})


def agreed(
    position: Position,
    readings: Readings,
    assets: Fraction | int | str,
    converted: Iterable[str] = (),
    elected: bool = False,
) -> Distribution:
    """Return the engine's outcome with given conversions, having asserted that the closed form has the same."""
    amount = Fraction(assets)
    assert differences(position, readings, amount, frozenset(converted), elected) == []
    return liquidation.distribute(position, readings, amount, frozenset(converted), elected)


def agreed_choice(
    position: Position, readings: Readings, assets: Fraction | int | str, elected: bool = False
) -> Distribution:
    """Return the engine's outcome with chosen conversions, having asserted that the closed form has the same."""
    amount = Fraction(assets)
    assert chosen_differences(position, readings, amount, elected) == []
    return equilibrium.liquidate(position, readings, amount, elected)


def agreed_election(position: Position, readings: Readings, assets: Fraction | int | str) -> bool:
    """Return whether the class elects, having asserted that the closed form says the same."""
    amount = Fraction(assets)
    chosen = equilibrium.class_elects(position, readings, amount)
    assert settling.elects(problem_of(position, readings), amount) is chosen
    return chosen
