"""The differential check: a few concrete questions to the engine and to the closed forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain, combinations
from typing import Any

from reference import equilibrium, liquidation, payoff
from reference.charter import COMMON, Charter
from reference.position import Position
from reference.readings import CapMode, CashRank, EfConversion, Readings
from symbolic import breakpoints as corners
from symbolic import equilibrium as equilibrium_forms
from symbolic import liquidation as liquidation_forms
from symbolic.evaluate import evaluate_each, holds
from symbolic.liquidation import Case


@dataclass(frozen=True)
class Question:
    """Hold a position, a reading, and whether the electing class has converted."""

    position: Position
    readings: Readings
    elected: bool

    @cached_property
    def case(self) -> Case:
        """Return the structure that says which forms answer it."""
        splits, prices = frozenset(self.position.preferred_splits), frozenset(self.position.conversion_prices)
        return Case(self.position.charter, self.readings, elected=self.elected, splits=splits, prices=prices)

    def values(self, assets: int) -> dict[str, Fraction | int]:
        """Return the values of the unknowns of the forms."""
        held, declared = self.position.shares, self.position.declared_dividends
        named: dict[str, Fraction | int] = {"W": assets, "C": held.get(COMMON, 0)}
        for name in (s.name for s in self.position.charter.series):
            named |= {f"n_{name}": held.get(name, 0), f"d_{name}": declared.get(name, 0)}
        named |= {f"CP_{name}": price for name, price in self.position.conversion_prices.items()}
        return named | {f"k_{name}": factor for name, factor in self.position.preferred_splits.items()}


ASSETS = (0, 8, 15, 16, 20, 24, 30, 40, 47, 60, 75, 90, 120)


def questions(charter: Charter) -> Iterator[Question]:
    """Yield the questions of the differential check."""
    plain = Position(charter, {"A": 3, "C": 2, "E": 3, "F": 2, COMMON: 4}, declared_dividends={"A": Fraction(1, 2)})
    priced = replace(
        plain, conversion_prices={"E": Fraction(2), "F": Fraction(11)}, preferred_splits={"C": Fraction(2)}
    )
    for position in (plain, priced, Position(charter, {"E": 1, "F": 1})):
        for elected in (False, True):
            yield Question(position, Readings(), elected)
    yield from (Question(plain, Readings(cash_rank=rank), True) for rank in CashRank)
    yield from (Question(plain, Readings(cap_mode=mode), False) for mode in CapMode)
    yield Question(plain, Readings(ef_conversion=EfConversion.DOUBLE_DIP), False)


def differential(charter: Charter) -> str:
    """Return the first difference between the engine and the closed forms on the questions, or nothing."""
    for question in questions(charter):
        for what, engine, closed in chain(_given(question), _chosen(question)):
            if engine != closed:
                return f"{what}: {engine} and {closed}"
    return ""


Compared = Iterator[tuple[str, object, object]]


def _given(question: Question) -> Compared:
    names = question.position.charter.optional
    for converted in chain.from_iterable(combinations(names, size) for size in range(len(names) + 1)):
        case = replace(question.case, converted=frozenset(converted))
        form = liquidation_forms.forms(case)
        for assets in ASSETS:
            found = liquidation.distribute(
                question.position, question.readings, Fraction(assets), case.converted, question.elected
            )
            yield from _same_payments(found, form, question.values(assets))
        listed = payoff.given_breakpoints(question.position, question.readings, case.converted, question.elected)
        yield from _same_levels(listed, case, question.values(0), chosen=False)


def _chosen(question: Question) -> Compared:
    readings, position = question.readings, question.position
    if readings.cap_mode is not CapMode.INDIVIDUAL or readings.ef_conversion is EfConversion.DOUBLE_DIP:
        return
    form, election = equilibrium_forms.forms_chosen(question.case), equilibrium_forms.election(question.case)
    for assets in ASSETS:
        values = question.values(assets)
        yield from _same_payments(
            equilibrium.liquidate(position, readings, Fraction(assets), question.elected), form, values
        )
        yield "elects", equilibrium.class_elects(position, readings, Fraction(assets)), holds(election.elects, values)
    listed = equilibrium.equilibrium_breakpoints(position, readings, question.elected)
    yield from _same_levels(listed, question.case, question.values(0), chosen=True)


def _same_payments(found: Any, form: Any, values: Mapping[str, Fraction | int]) -> Compared:
    exact = evaluate_each((form.undistributed, *form.total.values()), values)
    yield "undistributed", found.undistributed, exact[0]
    for name, amount in zip(form.total, exact[1:], strict=True):
        yield f"total {name}", found.total(name), amount


def _same_levels(found: Iterable[Any], case: Case, values: Mapping[str, Fraction | int], chosen: bool) -> Compared:
    held = frozenset(series.name for series in case.charter.series if values[f"n_{series.name}"])
    closed = corners.listed(corners.breakpoints(case, chosen=chosen, outstanding=held), values)
    levels = sorted((level, event) for level, event, *_ in closed)
    yield "breakpoints", sorted((point.assets, point.event) for point in found), levels
