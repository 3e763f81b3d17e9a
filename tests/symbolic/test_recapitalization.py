"""The engine and the closed forms agree on recapitalizations; and the check finds mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import recapitalization
from reference.charter import Charter, Series
from reference.position import Number, Position
from reference.readings import Readings, Switch
from symbolic import recapitalization as forms
from symbolic.account import Account, Definition
from symbolic.evaluate import evaluate_all
from symbolic.liquidation import Case
from tests import strategies
from tests.agreement import case_of, values_of
from tests.strategies import FAMILY

KINDS = ("new", "cash", "notes")


@cache
def account_of(case: Case, changed: tuple[str, ...]) -> list[Definition]:
    """Return the account of a recapitalization and of further ones."""
    account = Account(named=True)
    forms.received(case, account, KINDS, changed)
    return account.definitions


def differences(
    position: Position,
    readings: Readings,
    units: Sequence[Fraction],
    shares: Mapping[str, Number],
    changed: str | None = None,
    further: Sequence[Fraction] = (),
) -> list[str]:
    """List where engine and closed form differ on a recapitalization, and on another one of one kind of units."""
    became = dict(zip(KINDS, units, strict=True))
    values = {**values_of(position, Fraction(0)), **{f"u_{kind}": each for kind, each in became.items()}}
    if changed is not None:
        later = dict(zip(KINDS, further, strict=True))
        values |= {f"m_{changed}_{kind}": each for kind, each in later.items()}
        became = recapitalization.recapitalized_again(became, changed, later)
    values |= {f"g_{series.name}": shares.get(series.name, 0) for series in position.charter.series}
    found = evaluate_all(account_of(case_of(position, readings), () if changed is None else (changed,)), values)
    rows: list[tuple[str, Number]] = [(f"common_{kind}", each) for kind, each in became.items()]
    for name, own in recapitalization.property_per_share(position, readings, became).items():
        rows += [(f"{name}_{kind}", each) for kind, each in own.items()]
    total = recapitalization.property_received(position, readings, shares, became)
    rows += [(f"holder_{kind}", amount) for kind, amount in total.items()]
    return [f"{name}: {engine} and {found[name]}" for name, engine in rows if engine != found[name]]


units_of = st.lists(strategies.amounts(9), min_size=3, max_size=3)


@given(st.data(), strategies.readings("oip_adjusts_in_conversion"), units_of, units_of)
def test_recapitalizations(
    quintus: Charter, data: st.DataObject, readings: Readings, units: list[Fraction], further: list[Fraction]
) -> None:
    for charter in (quintus, FAMILY):
        position = data.draw(strategies.positions(charter))
        names = [series.name for series in charter.series if series.conversion.by != "none"]
        shares = data.draw(st.dictionaries(st.sampled_from(names), st.integers(0, 9)))
        changed = data.draw(st.sampled_from((None, *KINDS)))
        assert differences(position, readings, units, shares, changed, further) == []


# The check is itself checked


def fixed_questions(charter: Charter) -> list[str]:
    """Return the differences over a fixed set of questions."""
    position = Position(charter, {"A": 5}, {"A": Fraction(2, 3)}, preferred_splits={"E": Fraction(2)})
    units, further = (Fraction(3), Fraction(1, 2), Fraction(1)), (Fraction(2), Fraction(4), Fraction(0))
    found = differences(position, Readings(), units, {"A": 3, "E": 2})
    for kind in KINDS:
        found += differences(position, Readings(), units, {"A": 1}, kind, further)
    return found


def test_the_engine_passes(quintus: Charter) -> None:
    assert fixed_questions(quintus) == []


def share_for_share(position: Position, readings: Readings, series: Series) -> Number:
    """Take each preferred share for one of Common."""
    return 1


def unsplit(position: Position, readings: Readings, series: Series) -> Number:
    """Forget that a series has split."""
    return real_ratio(position, Readings(oip_adjusts_in_conversion=Switch.NO), series)


def replaced(units: Mapping[str, Fraction], kind: str, further: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Put the further units in the place of all others."""
    return {name: units[kind] * amount for name, amount in further.items()}


def kept(units: Mapping[str, Fraction], kind: str, further: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Keep the changed units beside what they became."""
    return {name: units[name] + units[kind] * further[name] for name in units}


real_ratio = recapitalization.conversion_ratio

TAMPERS = {
    "share for share": ("conversion_ratio", share_for_share),
    "a split forgotten": ("conversion_ratio", unsplit),
    "everything replaced": ("recapitalized_again", replaced),
    "changed and kept": ("recapitalized_again", kept),
}


@pytest.mark.parametrize("mistake", TAMPERS)
def test_each_mistake_is_found(quintus: Charter, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    name, replacement = TAMPERS[mistake]
    assert hasattr(recapitalization, name)
    monkeypatch.setattr(recapitalization, name, replacement)
    assert fixed_questions(quintus) != []
