"""The engine and the closed forms agree on distributions in kind; and the check finds mistakes."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import distributions
from reference.charter import COMMON, Charter, Series
from reference.conversion import conversion_ratio
from reference.distributions import GOVERNED_BY, Apportionment, Payable
from reference.position import NOTHING, Number, Position
from reference.readings import AdAsConverted, PaidRights, Readings
from symbolic import distributions as forms
from symbolic.account import Account, Definition
from symbolic.evaluate import evaluate_all, holds
from symbolic.liquidation import Case
from tests import strategies
from tests.agreement import case_of, values_of
from tests.strategies import FAMILY

HOLDERS = ("ann", "bob")
WAITING = Readings(ad_as_converted=AdAsConverted.ONLY_IF_ELECTED)


@cache
def account_of(case: Case) -> list[Definition]:
    """Return the account of a distribution among two holders."""
    account = Account(named=True)
    forms.apportionment(case, account, len(HOLDERS))
    return account.definitions


conditions = cache(forms.implicit)


def differences(position: Position, readings: Readings, units: Fraction, elected: bool = False) -> list[str]:
    """List where engine and closed form, explicit or implicit, differ on a distribution."""
    found = distributions.apportion(position, readings, units, elected)
    case = case_of(position, readings, elected=elected)
    values = {**values_of(position, Fraction(0)), "U": units}
    for number, holder in enumerate(HOLDERS, start=1):
        for name in found.per_share:
            own = [h.shares for h in position.holdings if (h.holder, h.stock) == (holder, name)]
            values[f"h_{number}_{name}"] = sum(own)
    closed = evaluate_all(account_of(case), values)
    rows: list[tuple[str, Number]] = [("undistributed", found.undistributed)]
    rows += [(f"per_share_{name}", each) for name, each in found.per_share.items()]
    rows += [
        (f"total_{name}", amount) for name, amount in distributions.totals_by_class(position, found.per_share).items()
    ]
    by_holder = found.by_holder(position.holdings)
    rows += [(f"total_{number}", by_holder.get(holder, 0)) for number, holder in enumerate(HOLDERS, start=1)]
    result = [f"{name}: {engine} and {closed[name]}" for name, engine in rows if engine != closed[name]]
    solution = {**values, "u_left": found.undistributed}
    solution |= {f"u_{name}": each for name, each in found.per_share.items()}
    result += [f"not satisfied: {condition}" for condition in conditions(case) if not holds(condition, solution)]
    each = distributions.apportion_per_common(position, readings, units, elected)
    weights = evaluate_all(account_of(case), values)
    result += [
        f"weight of {name}: {each[name]} and {units * weight}"
        for name, weight in ((name, weights.get(f"w_{name}")) for name in each)
        if weight is not None and each[name] != units * weight
    ]
    return result


@given(st.data(), strategies.readings("ad_as_converted", "oip_adjusts_in_conversion"), st.booleans())
def test_distributions(quintus: Charter, data: st.DataObject, readings: Readings, elected: bool) -> None:
    for charter in (quintus, FAMILY):
        position = data.draw(strategies.held_positions(charter))
        assert differences(position, readings, data.draw(strategies.amounts(300)), elected) == []


@pytest.mark.parametrize("readings", [Readings(), WAITING])
def test_every_small_table(quintus: Charter, readings: Readings) -> None:
    prices = {"A": Fraction(2, 3), "E": Fraction(5)}
    for a, c, e, common in product(range(3), repeat=4):
        position = Position(quintus, {"A": a, "C": c, "E": e, COMMON: common}, prices)
        assert differences(position, readings, Fraction(7)) == []
        assert differences(position, readings, Fraction(0)) == []


# Which clauses govern

FACTS: dict[Payable, dict[str, int]] = {
    "cash": {"cash": 1},
    "securities_of_others": {"of_others": 1},
    "indebtedness": {"debt": 1},
    "assets": {"assets": 1},
    "rights_to_securities_of_others": {"of_others": 1, "rights": 1},
    "rights_to_indebtedness": {"debt": 1, "rights": 1},
    "rights_to_assets": {"assets": 1, "rights": 1},
    "common_stock": {"to_common": 1},
    "free_rights_to_common": {"to_common": 1, "rights": 1},
    "paid_rights_to_common": {"to_common": 1, "rights": 1, "paid": 1},
    "non_redeemable_equity": {},
    "redeemable_equity": {},
}
NAMES = ("cash", "of_others", "debt", "assets", "rights", "to_common", "paid")


def governing_differences() -> list[str]:
    """List where engine and closed form differ on what governs a distribution."""
    found = []
    for readings, (payable, facts) in product([Readings(paid_rights=own) for own in PaidRights], FACTS.items()):
        values = {name: facts.get(name, 0) for name in NAMES}
        clauses = forms.governing(readings).clauses
        governs = {clause for clause, condition in clauses.items() if holds(condition, values)}
        engine = distributions.governed_by(payable, readings)
        if governs != set(engine):
            found.append(f"{payable}: {engine} and {governs}")
        if distributions.shares_as_converted(payable, readings) != ("3(e)" in governs):
            found.append(f"{payable} as converted")
    return found


def test_what_governs_a_distribution() -> None:
    assert set(FACTS) == set(GOVERNED_BY)
    assert governing_differences() == []


# The check is itself checked


def fixed_questions(charter: Charter) -> list[str]:
    """Return the differences over a fixed set of questions."""
    prices = {"A": Fraction(2, 3), "E": Fraction(5)}
    found = governing_differences()
    for readings, common in product((Readings(), WAITING), (0, 3)):
        for shares in ({"A": 1, "E": 2}, {"B": 4}, {}):
            position = Position(charter, {**shares, COMMON: common}, prices)
            found += differences(position, readings, Fraction(10))
    return found


def test_the_engine_passes(quintus: Charter) -> None:
    assert fixed_questions(quintus) == []


def always_convertible(position: Position, readings: Readings, series: Series, elected: bool = False) -> Number:
    """Count the class that elects before its election."""
    return conversion_ratio(position, readings, series)


def by_shares(position: Position, readings: Readings, units: Fraction, elected: bool = False) -> Apportionment:
    """Share by shares, not as converted."""
    count = sum(position.shares.values())
    names = [*(series.name for series in position.charter.series), COMMON]
    return Apportionment(dict.fromkeys(names, units / count if count else NOTHING), 0 if count else units)


def paid_twice(position: Position, readings: Readings, units: Fraction, elected: bool = False) -> Apportionment:
    """Give the Preferred its share under each of two clauses."""
    found = real_apportion(position, readings, units, elected)
    doubled = {name: each * (1 if name == COMMON else 2) for name, each in found.per_share.items()}
    return Apportionment(doubled, found.undistributed)


def lost(position: Position, readings: Readings, units: Fraction, elected: bool = False) -> Apportionment:
    """Forget what nobody can take."""
    return Apportionment(real_apportion(position, readings, units, elected).per_share, 0)


real_apportion = distributions.apportion
RIGHTS_UNDER_BOTH = {**GOVERNED_BY, "rights_to_assets": ("1(b)", "3(e)")}

TAMPERS = {
    "before the election": ("as_converted_ratio", always_convertible),
    "by shares": ("apportion", by_shares),
    "twice": ("apportion", paid_twice),
    "units lost": ("apportion", lost),
    "rights to assets under 1(b)": ("GOVERNED_BY", RIGHTS_UNDER_BOTH),
}


@pytest.mark.parametrize("mistake", TAMPERS)
def test_each_mistake_is_found(quintus: Charter, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    name, replacement = TAMPERS[mistake]
    assert hasattr(distributions, name)
    monkeypatch.setattr(distributions, name, replacement)
    assert fixed_questions(quintus) != []
