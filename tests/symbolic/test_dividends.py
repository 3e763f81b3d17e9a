"""The engine and the closed forms agree on dividends; and the check finds mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import dividends
from reference.charter import COMMON, Charter, Series
from reference.distributions import Payable
from reference.dividends import Allocation, Declared, DividendYear, Sharing
from reference.liquidation import Filled, Kink
from reference.position import Number, Position
from reference.readings import CommonGate, Daycount, IfGreater, IfGreaterBasis, Partial, Readings, Switch, Year
from reference.refusal import Forbidden
from symbolic import dividends as forms
from symbolic.account import Account, Definition
from symbolic.evaluate import Value, evaluate, evaluate_all, evaluate_each, holds
from symbolic.liquidation import Case
from tests import strategies
from tests.agreement import case_of, values_of
from tests.strategies import FAMILY, examples

GREATER = ("if_greater", "if_greater_basis", "annualise", "oip_adjusts_in_conversion")
YEAR_1999 = DividendYear(date(1999, 1, 1), date(1999, 12, 31))
SHARED = {
    "securities_of_others",
    "indebtedness",
    "assets",
    "rights_to_securities_of_others",
    "rights_to_indebtedness",
    "rights_to_assets",
}
EXEMPT = {"common_stock", "non_redeemable_equity", "free_rights_to_common", "paid_rights_to_common"}
PARTS = st.sampled_from([Fraction(part) for part in ("1", "1", "1/2", "1/4", "31/365")])
Rows = list[tuple[str, object, object]]


@cache
def account_of(kind: str, case: Case, detail: frozenset[str] | int | None = None) -> list[Definition]:
    """Return the account of one question about dividends."""
    own = {series.name: forms.full(series.name) for series in case.charter.series}
    before = {name: forms.before_common(name) for name in own}
    recorders: dict[str, Callable[[Account], object]] = {
        "year": lambda account: forms.dividend_year(case.readings, account),
        "amounts": lambda account: forms.amounts(case, account, detail),  # type: ignore[arg-type]
        "entitlements": lambda account: forms.entitlements(case, account, own),
        "accrual_rates": lambda account: forms.accrual_rates(case, account),
        "rateable": lambda account: forms.rateable(account, own),
        "allocation": lambda account: forms.allocation(case, account, own),
        "gate": lambda account: forms.gate(case, account, before),
        "review": lambda account: forms.review(case, account, own, detail),  # type: ignore[arg-type]
        "declaring": lambda account: forms.declaring(case.charter, account, bool(detail)),
    }
    account = Account(named=True)
    recorders[kind](account)
    names = [definition.name for definition in account.definitions]
    assert len(set(names)) == len(names)
    return account.definitions


def differing(rows: Rows) -> list[str]:
    """Write the rows that differ."""
    return [f"{what}: {engine} and {closed}" for what, engine, closed in rows if engine != closed]


def inputs(position: Position, **named: Mapping[str, Fraction]) -> dict[str, Fraction | int]:
    """Return the values of the unknowns: of the position, and of amounts by class under a prefix."""
    found = values_of(position, Fraction(0))
    for prefix, amounts in named.items():
        found |= {f"{prefix}_{name}": amount for name, amount in amounts.items()}
    return found


def names_of(position: Position) -> list[str]:
    """Name the series."""
    return [series.name for series in position.charter.series]


def set_beside(prefix: str, engine: Mapping[str, object], found: Mapping[str, Value]) -> Rows:
    """Set amounts by class beside the closed forms."""
    return [(f"{prefix} {name}", amount, found[f"{prefix}_{name}"]) for name, amount in engine.items()]


# Each question


def year_differences(readings: Readings, on: date, fiscal_month: int = 1) -> list[str]:
    """List where engine and closed form differ on the dividend year of a day."""
    year = dividends.dividend_year(readings, on, fiscal_month)
    day = {"year": on.year, "month": on.month, "day": on.day, "fiscal_month": fiscal_month}
    found = evaluate_all(account_of("year", Case(FAMILY, readings)), day)
    return differing(
        [
            ("first", year.first.toordinal(), found["year_first"]),
            ("last", year.last.toordinal(), found["year_last"]),
        ]
    )


def amount_differences(
    position: Position, readings: Readings, year: DividendYear, on: date, issued: Mapping[str, date]
) -> list[str]:
    """List where engine and closed form differ on what comes before the Common."""
    days = {"first": year.first.toordinal(), "last": year.last.toordinal(), "on": on.toordinal()}
    days |= {f"issued_{name}": day.toordinal() for name, day in issued.items()}
    account = account_of("amounts", case_of(position, readings), frozenset(issued))
    found = evaluate_all(account, {**inputs(position), **days})
    rows = set_beside("annual", dividends.annual_amounts(position), found)
    rows += set_beside("full", dividends.full_amounts(position, readings, year, issued), found)
    rows += set_beside("before", dividends.amounts_before_common(position, readings, year, on, issued), found)
    return differing(rows)


def entitlement_differences(
    position: Position, readings: Readings, full: Mapping[str, Fraction], common: Fraction, part: Fraction
) -> list[str]:
    """List where engine and closed form differ on what each series is entitled to."""
    case = case_of(position, readings)
    given_values = {**inputs(position, full=full), "d_common": common, "part": part}
    found = evaluate_all(account_of("entitlements", case), given_values)
    entitled = dividends.entitlements(position, readings, full, common, part)
    rows = set_beside("due", entitled, found)
    rates = evaluate_all(account_of("accrual_rates", case), given_values)
    for series in position.charter.series:
        rate = dividends.accrual_rate(position, readings, series, common, part)
        rows.append((f"rate {series.name}", rate, rates[f"accrues_{series.name}"]))
    at = given_values | {f"X_{name}": amount for name, amount in entitled.items()}
    rows += [("implicit", True, holds(condition, at)) for condition in implicit_entitlements(case)]
    return differing(rows)


implicit_entitlements = cache(forms.implicit_entitlements)
implicit_allocation = cache(forms.implicit_allocation)


def sharing_differences(position: Position, full: Mapping[str, Fraction], pool: Fraction) -> list[str]:
    """List where engine and closed form differ on a pool shared rateably."""
    sharing = dividends.share_rateably(position, full, pool)
    account = account_of("rateable", case_of(position, Readings()))
    found = evaluate_all(account, {**inputs(position, full=full), "pool": pool})
    rows: Rows = [("fraction", sharing.fraction, found["fraction"]), ("excess", sharing.excess, found["excess"])]
    return differing(rows + set_beside("rateable", sharing.per_share, found))


def allocation_differences(
    position: Position, readings: Readings, full: Mapping[str, Fraction], pool: Fraction, part: Fraction = Fraction(1)
) -> list[str]:
    """List where engine and closed form differ on a year's dividends, and whether the equation holds."""
    case = case_of(position, readings)
    values = {**inputs(position, full=full), "pool": pool, "part": part}
    found = evaluate_all(account_of("allocation", case), values)
    allocation = dividends.allocate(position, readings, full, pool, part)
    # What a series that nobody holds would get is compared where no series is raised to the level of others.
    every = readings.if_greater is not IfGreater.LFP_ALL
    held = {n: amount for n, amount in allocation.per_share.items() if every or position.shares.get(n, 0)}
    rows = set_beside("per_share", held, found)
    rows.append(("undistributed", allocation.undistributed, found["undistributed"]))
    spent = sum(position.shares.get(name, 0) * amount for name, amount in allocation.per_share.items())
    rows.append(("money", pool, spent + allocation.undistributed))
    if position.common and pool >= Fraction(found.get("T", 0)):
        x = allocation.per_share[COMMON]
        for other in (x, x + Fraction(1, 100), x / 2 if x else Fraction(1), x + 7):
            holds_at = holds(implicit_allocation(case), {**values, "x": other})
            rows.append((f"the equation at {other}", other == x, holds_at))
    return differing(rows)


def gate_differences(
    position: Position,
    readings: Readings,
    before: Mapping[str, Fraction],
    had: Mapping[str, Fraction],
    common: Fraction,
    payable: Payable = "cash",
    part: Fraction = Fraction(1),
) -> list[str]:
    """List where engine and closed form differ on whether the Common may have its dividend."""
    gate = dividends.common_dividend_gate(position, readings, before, had, common, payable, part)
    account = account_of("gate", case_of(position, readings))
    every_had = {name: had.get(name, Fraction(0)) for name in names_of(position)}
    values = inputs(position, before=before, had=every_had)
    values |= {"d_common": common, "part": part, "exempt": int(payable in EXEMPT or payable in SHARED)}
    found = evaluate_all(account, values)
    short = {name for name in before if found[f"short_{name}"]}
    rows: Rows = [("allowed", gate.allowed, found["allowed"]), ("short", set(gate.short), short)]
    # Under the default what the Preferred shares in waits for no dividend on it (AMB-135).
    exempt = payable in EXEMPT or payable in SHARED
    rows.append(("exempt", gate.exempt, exempt))
    return differing(rows + set_beside("required", gate.required, found))


def lot_differences(
    position: Position,
    readings: Readings,
    lots: Mapping[str, Sequence[tuple[int, Fraction, Fraction]]],
    common: Fraction,
) -> list[str]:
    """List where engine and closed form differ on the Common's dividend where series are of lots.

    lots: by series the shares of each, what they must have had and what they have had.
    """
    shares = {name: sum(count for count, _, _ in each) for name, each in lots.items()}
    position = replace(position, shares={**shares, COMMON: 1})
    nothing = dict.fromkeys(names_of(position), Fraction(0))
    given = {name: [dividends.Lot(before, has) for _, before, has in each] for name, each in lots.items()}
    gate = dividends.common_dividend_gate(position, readings, nothing, nothing, common, "cash", Fraction(1), given)
    before = {name: forms.before_common(name) for name in nothing}
    account = Account(named=True)
    forms.gate(case_of(position, readings), account, before, {name: len(each) for name, each in lots.items()})
    values = inputs(position, before=nothing, had=nothing) | {"d_common": common, "part": 1, "exempt": 0}
    for name, each in lots.items():
        for at, (count, own, has) in enumerate(each, start=1):
            values |= {f"n_{at}_{name}": count, f"before_{at}_{name}": own, f"had_{at}_{name}": has}
    found = evaluate_all(account.definitions, values)
    short = {name for name in nothing if found[f"short_{name}"]}
    rows: Rows = [("allowed", gate.allowed, found["allowed"]), ("short", set(gate.short), short)]
    for name, each in lots.items():
        lacks = [found[f"due_{at}_{name}"] - has for at, (_, _, has) in enumerate(each, start=1)]
        rows.append((f"lacking of {name}", gate.required[name] - gate.had[name], max(lacks)))
    return differing(rows)


def review_differences(
    position: Position,
    readings: Readings,
    full: Mapping[str, Fraction],
    year: DividendYear,
    declarations: Sequence[Declared],
) -> list[str]:
    """List where engine and closed form differ on whether a year's dividends conform."""
    values = {**inputs(position, full=full), "first": year.first.toordinal(), "last": year.last.toordinal()}
    for at, one in enumerate(declarations, start=1):
        values[f"on_{at}"] = one.on.toordinal()
        for name in (*names_of(position), COMMON):
            values[f"a_{at}_{name}"] = one.per_share.get(name, Fraction(0))
            values[f"n_{at}_{name}"] = one.shares.get(name, 0)
    found = evaluate_all(account_of("review", case_of(position, readings), len(declarations)), values)
    review = dividends.review(readings, full, year, declarations)
    rows = set_beside("total", dividends.declared_in(year, declarations), found)
    rows += [*set_beside("total", review.totals, found), *set_beside("schedule", review.schedule, found)]
    rows += [("short", review.short, found["short"]), ("conforms", review.conforms, found["conforms"])]
    for at, one in enumerate(declarations, start=1):
        out = any(one is other for other in review.out_of_proportion)
        rows.append((f"out of proportion {at}", out, found[f"out_{at}"]))
    return differing(rows)


def declaring_differences(
    position: Position, owed: Mapping[str, Fraction], per_share: Mapping[str, Fraction], available: Fraction | None
) -> list[str]:
    """List where engine and closed form differ on a declaration and on its payment."""
    names = (*names_of(position), COMMON)
    values = inputs(position, o={name: owed.get(name, Fraction(0)) for name in names})
    values |= {f"a_1_{name}": per_share.get(name, Fraction(0)) for name in names}
    values["available"] = available or Fraction(0)
    found = evaluate_all(account_of("declaring", case_of(position, Readings()), int(available is not None)), values)
    rows: Rows = []
    for lawful, prefix, does in (
        ("may_declare", "owed", lambda: dividends.declare(position, owed, per_share, available)),
        ("may_pay", "left", lambda: dividends.pay(owed, per_share)),
    ):
        try:
            after = does()
        except (Forbidden, ValueError):
            rows.append((lawful, False, found[lawful]))
        else:
            rows.append((lawful, True, found[lawful]))
            rows += set_beside(prefix, after, found)
    return differing(rows)


def accrued_differences(rate: Fraction, since: date, on: date, daycount: Daycount) -> list[str]:
    """List where engine and closed form differ on undeclared dividends."""
    new_year = date(on.year, 1, 1)
    values = {
        "rate": rate,
        "held_since": since.toordinal(),
        "as_of": on.toordinal(),
        "new_year": new_year.toordinal(),
        "days_of_year": date(on.year, 12, 31).toordinal() - new_year.toordinal() + 1,
    }
    accrued = dividends.accrued_undeclared(rate, since, on, daycount)
    form = forms.accrual(daycount)
    closed = evaluate_each((form.current_year, form.since_issue), values)
    return differing([("accrued", (accrued.current_year, accrued.since_issue), closed)])


# Strategies


SMALL = strategies.amounts(6, (1, 2))


@cache
def amounts_by(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Fraction]]:
    """Draw an amount for every name, $/share, ties and zeros included."""
    return st.fixed_dictionaries(dict.fromkeys(names, SMALL))


@cache
def some_of(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Fraction]]:
    """Draw an amount for some of the names, $/share."""
    return st.dictionaries(st.sampled_from(names), SMALL)


def amounts_for(position: Position) -> st.SearchStrategy[dict[str, Fraction]]:
    """Draw an amount for every series, $/share."""
    return amounts_by(tuple(names_of(position)))


def some(position: Position) -> st.SearchStrategy[dict[str, Fraction]]:
    """Draw an amount for some classes, $/share."""
    return some_of((*names_of(position), COMMON))


def days(around: date = date(1999, 7, 1), most: int = 420) -> st.SearchStrategy[date]:
    """Draw a day around another."""
    return st.integers(-most, most).map(lambda more: around + timedelta(days=more))


@pytest.fixture(scope="module", params=["quintus", "family"])
def charter(request: pytest.FixtureRequest) -> Charter:
    """Return each of two charters."""
    found: Charter = request.getfixturevalue("quintus") if request.param == "quintus" else FAMILY
    return found


# The dividend year and its amounts


def test_day_numbers() -> None:
    form = forms.day_number(forms.YEAR_OF_DAY, forms.MONTH_OF_DAY, forms.DAY_OF_MONTH)
    for year in (1, 4, 99, 100, 399, 400, 1899, 1900, 1999, 2000, 2001, 2004, 2100, 9999):
        for month, day in product(range(1, 13), (1, 2, 27, 28)):
            values = {"year": year, "month": month, "day": day}
            assert evaluate(form, values) == date(year, month, day).toordinal()
    assert evaluate(form, {"year": 2000, "month": 2, "day": 29}) == date(2000, 2, 29).toordinal()


@pytest.mark.parametrize("year", Year)
def test_dividend_years(year: Year) -> None:
    readings = Readings(year=year)
    for on in (
        date(1999, 8, 24),
        date(2000, 2, 28),
        date(2000, 2, 29),
        date(2000, 3, 1),
        date(2001, 2, 28),
        date(2001, 3, 1),
        date(1999, 12, 31),
        date(2000, 1, 1),
        date(2, 1, 1),
        date(9998, 12, 31),
        date(1900, 2, 28),
    ):
        for month in range(1, 13):
            assert year_differences(readings, on, month) == []


@given(st.dates(date(2, 1, 1), date(9998, 12, 31)), strategies.readings("year"), st.integers(1, 12))
def test_any_dividend_year(on: date, readings: Readings, month: int) -> None:
    assert year_differences(readings, on, month) == []


@given(data=st.data(), readings=strategies.readings("partial", "common_gate"))
@examples(40)
def test_amounts(charter: Charter, data: st.DataObject, readings: Readings) -> None:
    position = data.draw(strategies.positions(charter))
    first = data.draw(st.sampled_from((date(1999, 1, 1), date(2000, 1, 1), date(1999, 3, 1))))
    year = DividendYear(first, date(first.year + 1, first.month, 1) - timedelta(days=1))
    on = data.draw(st.integers(0, year.days - 1).map(lambda more: first + timedelta(days=more)))
    issued = data.draw(st.dictionaries(st.sampled_from(names_of(position)), days(), max_size=3))
    assert amount_differences(position, readings, year, on, issued) == []


# What is due if others get more


@given(data=st.data(), readings=strategies.readings(*GREATER, "include_if_greater"), part=PARTS)
@examples(40)
def test_entitlements(charter: Charter, data: st.DataObject, readings: Readings, part: Fraction) -> None:
    position = data.draw(strategies.positions(charter))
    full, common = data.draw(amounts_for(position)), data.draw(strategies.amounts(6, (1, 4)))
    assert entitlement_differences(position, readings, full, common, part) == []


def test_the_two_conditions_have_one_solution(quintus: Charter) -> None:
    # AMB-05: any greater amount for all is consistent as well; only the least meets the second condition.
    readings = Readings(if_greater=IfGreater.LFP_ALL)
    position = Position(quintus, {"A": 1, "C": 2, "F": 1})
    consistent, lowest = implicit_entitlements(case_of(position, readings))
    for a, c, f, common in product(range(3), repeat=4):
        full = {name: Fraction(amount) for name, amount in zip("ABCDEF", (a, 0, c, 0, 0, f), strict=True)}
        values = {**inputs(position, full=full), "d_common": common, "part": 1}
        entitled = dividends.entitlements(position, readings, full, Fraction(common))
        for level in range(4):
            at = values | {f"X_{name}": level for name in "ABCDEF"}
            is_it = all(entitled[name] == level for name in "ABCDEF")
            assert (holds(consistent, at) and holds(lowest, at)) is is_it
            assert holds(consistent, at) is (level >= max(a, c, f, common))


def test_the_known_figure_of_equal_dividends(quintus: Charter) -> None:
    # AMB-05: 1.65 on every series comes to 31,440,750.
    case = Case(quintus, Readings(if_greater=IfGreater.LFP_ALL))
    full = {series.name: series.dividend_rate.value for series in quintus.series}
    shares = {f"n_{series.name}": series.authorized.value for series in quintus.series}
    values = {**shares, **{f"full_{name}": rate for name, rate in full.items()}, "d_common": 0}
    found = evaluate_all(account_of("entitlements", case), values)
    assert sum(count * found[f"due_{name[2:]}"] for name, count in shares.items()) == 31_440_750


# Sharing and allocating


@given(data=st.data(), pool=strategies.assets())
@examples(40)
def test_rateable_sharing(charter: Charter, data: st.DataObject, pool: Fraction) -> None:
    position = data.draw(strategies.positions(charter))
    assert sharing_differences(position, data.draw(amounts_for(position)), pool) == []


@given(data=st.data(), readings=strategies.readings(*GREATER), part=PARTS, pool=strategies.assets())
@examples(60)
def test_allocations(charter: Charter, data: st.DataObject, readings: Readings, part: Fraction, pool: Fraction) -> None:
    position = data.draw(strategies.positions(charter))
    position = replace(position, conversion_prices=dict(list(position.conversion_prices.items())[:1]))
    full = data.draw(amounts_for(position))
    owed = sum(position.shares.get(name, 0) * amount for name, amount in full.items())
    total = data.draw(st.sampled_from((pool, Fraction(owed), owed + pool, owed + pool / 20, owed / 2)))
    assert allocation_differences(position, readings, full, total, part) == []


@pytest.mark.parametrize("greater", IfGreater)
def test_allocations_of_every_small_table(quintus: Charter, greater: IfGreater) -> None:
    readings = Readings(if_greater=greater)
    for a, e, common in product(range(3), range(3), (0, 1)):
        position = Position(quintus, {"A": a, "E": e, COMMON: common})
        for first, second, pool in product((0, 1, 2), (1, 2), range(0, 13, 2)):
            full = dict.fromkeys("BCDF", Fraction(0)) | {"A": Fraction(first), "E": Fraction(second)}
            assert allocation_differences(position, readings, full, Fraction(pool)) == []


# The Common waits


@given(data=st.data(), readings=strategies.readings(*GREATER), part=PARTS)
@examples(40)
def test_gates(charter: Charter, data: st.DataObject, readings: Readings, part: Fraction) -> None:
    position = data.draw(strategies.positions(charter))
    before, common = data.draw(amounts_for(position)), data.draw(strategies.amounts(4, (1, 2)))
    due = dividends.entitlements(position, readings, before, common, part)
    less = data.draw(st.dictionaries(st.sampled_from(names_of(position)), st.sampled_from((1, 2, 3)), max_size=2))
    had = {name: amount * Fraction(less.get(name, 2), 2) for name, amount in due.items()}
    had = data.draw(st.sampled_from((had, data.draw(amounts_for(position)), {})))
    payable = data.draw(st.sampled_from(("cash", "cash", "cash", *get_args(Payable))))
    assert gate_differences(position, readings, before, had, common, payable, part) == []


@given(data=st.data(), readings=strategies.readings(*GREATER))
@examples(40)
def test_gates_of_lots(charter: Charter, data: st.DataObject, readings: Readings) -> None:
    """AMB-134: three lots of each series and more, issued at any time."""
    position = data.draw(strategies.positions(charter))
    lot = st.tuples(st.integers(1, 4), SMALL, SMALL)
    lots = data.draw(st.dictionaries(st.sampled_from(names_of(position)), st.lists(lot, min_size=1, max_size=4)))
    assert lot_differences(position, readings, lots, data.draw(strategies.amounts(4, (1, 2)))) == []


# Declarations of a year


@given(data=st.data(), readings=strategies.readings("shortpay_trigger"), count=st.integers(0, 3))
@examples(40)
def test_reviews(charter: Charter, data: st.DataObject, readings: Readings, count: int) -> None:
    position = data.draw(strategies.positions(charter))
    full = data.draw(amounts_for(position))
    declarations = []
    for _ in range(count):
        part = data.draw(st.sampled_from((Fraction(1), Fraction(1, 2), Fraction(2, 3))))
        shared = {name: part * amount for name, amount in full.items()}
        more = {**shared, **data.draw(some_of(tuple(names_of(position))))}
        per_share = data.draw(st.sampled_from((shared, more, data.draw(some(position)))))
        shares = data.draw(st.sampled_from((position.shares, data.draw(strategies.positions(charter)).shares)))
        declarations.append(Declared(data.draw(days(most=190)), per_share, shares))
    assert review_differences(position, readings, full, YEAR_1999, declarations) == []


@given(data=st.data(), available=st.one_of(st.none(), strategies.amounts(40)))
@examples(40)
def test_declaring_and_paying(charter: Charter, data: st.DataObject, available: Fraction | None) -> None:
    position = data.draw(strategies.positions(charter))
    owed, per_share = data.draw(some(position)), data.draw(some(position))
    per_share = data.draw(st.sampled_from((per_share, owed, {COMMON: Fraction(-1)})))
    assert declaring_differences(position, owed, per_share, available) == []


# Undeclared dividends


@given(strategies.amounts(4), days(date(2000, 2, 29), 800), days(date(2000, 2, 29), 800), st.sampled_from(Daycount))
def test_accrual(rate: Fraction, one: date, other: date, daycount: Daycount) -> None:
    assert accrued_differences(rate, min(one, other), max(one, other), daycount) == []


# The check is itself checked


def fixed_questions(charter: Charter) -> list[str]:
    """Return the differences over a fixed set of questions."""
    position = Position(charter, {"A": 3, "C": 2, "F": 1, COMMON: 5}, preferred_splits={"C": Fraction(2)})
    full = dict(zip("ABCDEF", map(Fraction, (1, 9, 2, 0, 0, 4)), strict=True))
    on, issued = date(1999, 7, 1), {"A": date(1999, 7, 1), "F": date(1999, 8, 1)}
    found: list[str] = []
    for partial, until in product(Partial, CommonGate):
        found += amount_differences(position, Readings(partial=partial, common_gate=until), YEAR_1999, on, issued)
    for greater, yearly in product(IfGreater, Switch):
        basis = IfGreaterBasis.AS_CONVERTED
        readings = Readings(if_greater=greater, annualise=yearly, if_greater_basis=basis)
        found += entitlement_differences(position, readings, full, Fraction(3), Fraction(1, 2))
        for pool in (5, 11, 13, 24, 25, 40, 60):
            found += allocation_differences(position, readings, full, Fraction(pool))
        exact = dividends.entitlements(position, readings, full, Fraction(3))
        for had in (exact, {**exact, "F": exact["F"] - 1}, {**exact, "B": Fraction(0)}):
            found += gate_differences(position, readings, full, had, Fraction(3))
            found += gate_differences(position, readings, full, had, Fraction(3), "redeemable_equity")
    half = {name: amount / 2 for name, amount in full.items()}
    for per_share in (half, {**half, "A": Fraction(1)}, full, {**full, "F": Fraction(3)}):
        own = position.shares
        declarations = [Declared(YEAR_1999.last, per_share, own), Declared(date(2000, 1, 1), full, own)]
        found += review_differences(position, Readings(), full, YEAR_1999, declarations)
        # Half of A has gone since, and all of E.
        declarations.insert(0, Declared(date(1999, 2, 1), half, {**own, "A": 6, "E": 2}))
        found += review_differences(position, Readings(), full, YEAR_1999, declarations)
    owed = {"A": Fraction(2)}
    found += declaring_differences(position, owed, owed, Fraction(6))
    found += accrued_differences(Fraction(1), date(1999, 3, 1), date(2000, 3, 1), Daycount.ACTUAL_YEAR)
    return found + year_differences(Readings(year=Year.ROLLING12), date(2000, 2, 29))


def test_the_engine_passes(quintus: Charter) -> None:
    assert fixed_questions(quintus) == []


def unsplit(position: Position, series: Series) -> Fraction:
    """Leave the rate as it is after a split."""
    del position
    return series.dividend_rate.value


def by_shares(position: Position, full: Mapping[str, Fraction], pool: Fraction) -> Sharing:
    """Share the pool equally among shares."""
    sharing = real_share(position, full, pool)
    counts = sum(position.shares.get(name, 0) for name in full)
    if sharing.fraction == 1 or not counts:
        return sharing
    return replace(sharing, per_share=dict.fromkeys(full, pool / counts))


def to_the_common(
    position: Position, readings: Readings, full: Mapping[str, Fraction], total: Fraction, part: Fraction = Fraction(1)
) -> Allocation:
    """Let no series keep level with the Common."""
    return real_allocate(position, replace(readings, if_greater=IfGreater.OFF), full, total, part)


def one_join(remaining: Fraction, sharing: Number, kinks: Iterable[Kink]) -> Filled:
    """Let only the first series join."""
    return real_fill(remaining, sharing, sorted(kinks, key=lambda kink: kink.at)[:1])


def unheld_too(position: Position, name: str) -> bool:
    """Let series that nobody holds count."""
    del position, name
    return True


def never_annual(position: Position, readings: Readings, part_of_year: Fraction) -> dict[str, Number]:
    """Compare the dividends as they are, whatever the reading."""
    return real_legs(position, replace(readings, annualise=Switch.NO), part_of_year)


def other_years_too(year: DividendYear, declarations: Iterable[Declared]) -> dict[str, Fraction]:
    """Add up the declarations of every year."""
    del year
    return real_declared_in(DividendYear(date.min, date.max), declarations)


def a_day_less(
    until: date, position: Position, readings: Readings, year: DividendYear, issued: Mapping[str, date]
) -> dict[str, Fraction]:
    """Leave out the last day."""
    return real_until(until - timedelta(days=1), position, readings, year, issued)


def each_at_its_rate(*arguments: object) -> dividends.Review:
    """Take every year for one in which all were paid in full."""
    return replace(real_review(*arguments), short=False, conforms=True)  # type: ignore[arg-type]


def without_leap_days(day: date) -> date:
    """Go back 365 days."""
    return day - timedelta(days=365)


real_share = dividends.share_rateably
real_allocate = dividends.allocate
real_fill = dividends.fill
real_legs = dividends._legs
real_declared_in = dividends.declared_in
real_until = dividends._amounts_until
real_review = dividends.review

TAMPERS = {
    "a rate that ignores splits": ("listed_rate", unsplit),
    "a shortfall shared by shares": ("share_rateably", by_shares),
    "no series keeps level": ("allocate", to_the_common),
    "one series keeps level": ("fill", one_join),
    "series that nobody holds": ("_is_outstanding", unheld_too),
    "never scaled to a year": ("_legs", never_annual),
    "declarations of other years": ("declared_in", other_years_too),
    "a day less": ("_amounts_until", a_day_less),
    "no short years": ("review", each_at_its_rate),
    "a year of 365 days": ("_a_year_before", without_leap_days),
    "non-redeemable equity for all": ("EXEMPT", EXEMPT | {"redeemable_equity"}),
}


@pytest.mark.parametrize("mistake", TAMPERS)
def test_each_mistake_is_found(quintus: Charter, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    name, replacement = TAMPERS[mistake]
    assert hasattr(dividends, name)
    monkeypatch.setattr(dividends, name, replacement)
    assert fixed_questions(quintus) != []
