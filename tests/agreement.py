"""Compare the engine with the closed forms: every output, for one question at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import cache

from reference import equilibrium, liquidation
from reference.charter import COMMON
from reference.liquidation import Breakpoint, Distribution
from reference.position import Position, Undeclared
from reference.readings import CapMode, Readings
from symbolic import equilibrium as equilibrium_forms
from symbolic import liquidation as liquidation_forms
from symbolic.evaluate import Values, evaluate_each, holds
from symbolic.liquidation import BreakpointForm, Case, Forms, ImplicitAccount

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
    return values


def case_of(position: Position, readings: Readings, converted: frozenset[str] = NOBODY, elected: bool = False) -> Case:
    """Return the structure of a question, which says what form answers it."""
    splits = set(position.preferred_splits) | ({COMMON} if position.common_split is not None else set())
    prices = frozenset(position.conversion_prices)
    return Case(position.charter, readings, converted, elected, frozenset(splits), prices)


given_forms = cache(liquidation_forms.forms)
chosen_forms = cache(equilibrium_forms.forms_chosen)
given_breakpoints = cache(liquidation_forms.breakpoints)
chosen_breakpoints = cache(equilibrium_forms.breakpoints_chosen)
stability = cache(equilibrium_forms.stability)
election = cache(equilibrium_forms.election)


def differences(
    position: Position,
    readings: Readings,
    assets: Fraction,
    converted: frozenset[str] = NOBODY,
    elected: bool = False,
) -> list[str]:
    """List where engine and closed form differ on a liquidation with given conversions; empty if nowhere."""
    outcome = liquidation.distribute(position, readings, assets, converted, elected)
    form = given_forms(case_of(position, readings, converted, elected))
    found = _outcome_differences(outcome, form, values_of(position, assets))
    return found + _preference_differences(outcome, form, values_of(position, assets))


def chosen_differences(position: Position, readings: Readings, assets: Fraction, elected: bool = False) -> list[str]:
    """List where engine and closed form differ on a liquidation with chosen conversions; empty if nowhere."""
    values = values_of(position, assets)
    if readings.cap_mode is not CapMode.INDIVIDUAL:
        return _stable_differences(position, readings, assets, elected)
    outcome = equilibrium.liquidate(position, readings, assets, elected)
    form = chosen_forms(case_of(position, readings, NOBODY, elected))
    expected = {name for name, condition in form.converted.items() if values[f"n_{name}"] and holds(condition, values)}
    return _outcome_differences(outcome, form, values) + _choice_differences(position, outcome, expected)


def _stable_differences(position: Position, readings: Readings, assets: Fraction, elected: bool) -> list[str]:
    """Compare with the first stable set of conversions, the fewest first; there may be none for either (AMB-116)."""
    values = values_of(position, assets)
    optional = [name for name in position.charter.optional if values[f"n_{name}"]]
    case = case_of(position, readings, NOBODY, elected)
    stable = next((p for p in _subsets(optional) if holds(stability(replace(case, converted=p)), values)), None)
    try:
        outcome = equilibrium.liquidate(position, readings, assets, elected)
    except equilibrium.NoEquilibriumError:
        return [] if stable is None else ["only the closed form has a stable outcome"]
    if stable is None:
        return ["only the engine has a stable outcome"]
    form = given_forms(replace(case, converted=stable))
    return _outcome_differences(outcome, form, values) + _choice_differences(position, outcome, set(stable))


def _subsets(names: list[str]) -> Iterable[frozenset[str]]:
    masks = sorted(range(2 ** len(names)), key=lambda mask: (bin(mask).count("1"), mask))
    return (frozenset(name for bit, name in enumerate(names) if mask >> bit & 1) for mask in masks)


def _choice_differences(position: Position, outcome: Distribution, expected: set[str]) -> list[str]:
    chosen = {n for n in outcome.converted if n in position.charter.optional and position.shares.get(n, 0)}
    return [] if chosen == expected else [f"converted: {sorted(chosen)} and {sorted(expected)}"]


def _outcome_differences(
    outcome: Distribution, form: Forms | equilibrium_forms.EquilibriumForms, values: Values
) -> list[str]:
    names = tuple(form.total)
    exact = evaluate_each(
        (
            *form.total.values(),
            *form.per_share.values(),
            form.undistributed,
            form.per_common_share,
        ),
        values,
    )
    totals, per_share = exact[: len(names)], exact[len(names) : 2 * len(names)]
    undistributed, level = exact[-2:]
    rows = [("undistributed", outcome.undistributed, undistributed)]
    rows += [(f"total {name}", outcome.total(name), amount) for name, amount in zip(names, totals, strict=True)]
    rows += [
        (f"per share {name}", outcome.per_share[name], amount)
        for name, amount in zip(names, per_share, strict=True)
        if outcome.shares.get(name, 0)
    ]
    # With assets left over there is no Common, and what one share of it would get is a mere convention.
    if undistributed == 0:
        rows.append(("per Common share", outcome.per_common_share, level))
    return [f"{what}: {engine} and {closed}" for what, engine, closed in rows if engine != closed]


def _preference_differences(outcome: Distribution, form: Forms, values: Values) -> list[str]:
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
    case = case_of(position, readings, converted or NOBODY, elected)
    if converted is None:
        found = equilibrium.equilibrium_breakpoints(position, readings, elected)
        forms = chosen_breakpoints(case)
    else:
        found = liquidation.breakpoints(position, readings, converted, elected)
        forms = given_breakpoints(case)
    engine, closed = rows_of(found), _evaluated(forms, values_of(position, Fraction(0)))
    return [] if engine == closed else [f"breakpoints: {engine} and {closed}"]


def rows_of(found: Iterable[Breakpoint]) -> list[tuple[Fraction, str, tuple[str, ...], str]]:
    """Return breakpoints as plain rows, in order."""
    return sorted((point.assets, point.event, point.names, point.clause) for point in found)


def _evaluated(forms: Iterable[BreakpointForm], values: Values) -> list[tuple[Fraction, str, tuple[str, ...], str]]:
    real = [form for form in forms if holds(form.condition, values)]
    levels = evaluate_each([form.assets for form in real], values)
    return sorted((level, form.event, form.names, form.clause) for level, form in zip(levels, real, strict=True))


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
    form = election(case_of(position, readings))
    assert holds(form.elects, values_of(position, amount)) is chosen
    return chosen
