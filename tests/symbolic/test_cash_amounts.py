"""The engine and the closed forms agree on how Cash Amounts are paid; and the check finds mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import cash_amounts
from reference.cash_amounts import CashClaim, Funding, Ledger, due_date, fund, overdue, totals
from reference.charter import Charter, Quantity
from reference.readings import CashPool, Readings
from symbolic import cash_amounts as forms
from symbolic.account import Account, Definition
from symbolic.cash_amounts import Claim
from symbolic.evaluate import evaluate, evaluate_all, evaluate_each, holds
from tests import strategies
from tests.strategies import FAMILY, examples

START = date(1999, 10, 1)
HOLDERS = ("ann", "bob")
LAST_DAY = date.max.toordinal()


@dataclass(frozen=True)
class Arrival:
    """Hold a claim and the stage in which it arises."""

    stage: int
    holder: int
    day: int
    owed: Fraction
    paid: Fraction = Fraction(0)

    @property
    def claim(self) -> CashClaim:
        """Return the engine's claim."""
        day = START + timedelta(days=self.day)
        return CashClaim(day, HOLDERS[self.holder - 1], "A", self.owed, self.paid)


@cache
def payments_account(claims: tuple[Claim, ...], stages: int, readings: Readings) -> list[Definition]:
    """Return the account of a stream of funds."""
    account = Account(named=True)
    forms.payments(account, claims, stages, readings)
    names = [definition.name for definition in account.definitions]
    assert len(set(names)) == len(names)
    return account.definitions


def structure(arrivals: Sequence[Arrival]) -> tuple[Claim, ...]:
    """Return where the claims stand."""
    days = sorted({own.day for own in arrivals})
    return tuple(Claim(own.stage, days.index(own.day) + 1, own.holder) for own in arrivals)


def values(arrivals: Sequence[Arrival], funds: Sequence[Fraction]) -> dict[str, Fraction | int]:
    """Return the values of the unknowns."""
    found: dict[str, Fraction | int] = {f"f_{stage}": amount for stage, amount in enumerate(funds, start=1)}
    for at, own in enumerate(arrivals, start=1):
        found |= {f"owed_{at}": own.owed, f"before_{at}": own.paid, f"day_{at}": own.claim.converted_on.toordinal()}
    return found


def differences(arrivals: Sequence[Arrival], funds: Sequence[Fraction], readings: Readings) -> list[str]:
    """List where engine and closed form differ on a stream of funds; the claims in the order of their stages."""
    found = evaluate_all(payments_account(structure(arrivals), len(funds), readings), values(arrivals, funds))
    rows: list[tuple[str, object, object]] = []
    ledger: Ledger = ()
    for stage, amount in enumerate(funds, start=1):
        ledger += tuple(own.claim for own in arrivals if own.stage == stage)
        funding = cash_amounts.fund(ledger, amount, readings)
        ledger = funding.ledger
        rows.append((f"excess {stage}", funding.excess, found[f"excess_{stage}"]))
        for at, (claim, payment) in enumerate(zip(ledger, funding.payments, strict=True), start=1):
            rows.append((f"unpaid {at} {stage}", claim.unpaid, found[f"unpaid_{at}_{stage}"]))
            rows.append((f"payment {at} {stage}", payment, found[f"payment_{at}_{stage}"]))
    rows.append(("total unpaid", cash_amounts.total_unpaid(ledger), found["unpaid_all"]))
    every = {"all": cash_amounts.totals(ledger)}
    by_holder = cash_amounts.totals_by_holder(ledger)
    every |= {f"of_{HOLDERS.index(holder) + 1}": own for holder, own in by_holder.items()}
    for suffix, own in every.items():
        rows += [(f"{what} {suffix}", getattr(own, what), found[f"{what}_{suffix}"]) for what in ("owed", "paid")]
        rows.append((f"unpaid {suffix}", own.unpaid, found[f"unpaid_{suffix}"]))
    return [f"{what}: {engine} and {closed}" for what, engine, closed in rows if engine != closed]


def overdue_differences(charter: Charter, arrivals: Sequence[Arrival], on: date) -> list[str]:
    """List the claims on which engine and closed form differ whether they are overdue on a day."""
    inputs = {**values(arrivals, ()), "today": on.toordinal(), "last_day": LAST_DAY}
    ledger = tuple(own.claim for own in arrivals)
    late = cash_amounts.overdue(charter, ledger, on)
    return [
        f"claim {at}"
        for at, claim in enumerate(ledger, start=1)
        if (claim in late) is not holds(forms.overdue(charter, at), inputs)
    ]


@st.composite
def arrivals(draw: st.DrawFn, stages: int, most: int = 4) -> list[Arrival]:
    """Draw claims in the order of their stages, some paid in part or in full, of any conversion day."""
    found = []
    for stage in sorted(draw(st.lists(st.integers(1, stages), min_size=1, max_size=most))):
        owed = draw(strategies.amounts(20))
        paid = owed * draw(st.sampled_from((Fraction(0), Fraction(0), Fraction(1, 3), Fraction(1))))
        found.append(Arrival(stage, draw(st.integers(1, 2)), draw(st.integers(0, 2)), owed, paid))
    return found


@given(data=st.data(), readings=strategies.readings("cash_pool"), stages=st.integers(1, 3))
@examples(120)
def test_payments(data: st.DataObject, readings: Readings, stages: int) -> None:
    drawn = data.draw(arrivals(stages))
    funds = [data.draw(strategies.amounts(30)) for _ in range(stages)]
    assert differences(drawn, funds, readings) == []


@pytest.mark.parametrize("pool", CashPool)
def test_two_claims_and_two_funds_of_every_small_amount(pool: CashPool) -> None:
    readings = Readings(cash_pool=pool)
    later = forms.two_pools(readings)
    for first, second, one, two in product(range(4), repeat=4):
        drawn = [Arrival(1, 1, 0, Fraction(first)), Arrival(2, 2, 5, Fraction(second))]
        funds = [Fraction(one), Fraction(two)]
        assert differences(drawn, funds, readings) == []
        ledger = fund((drawn[0].claim,), funds[0], readings).ledger
        ledger = fund((*ledger, drawn[1].claim), funds[1], readings).ledger
        assert evaluate_each(later, values(drawn, funds)) == tuple(claim.paid for claim in ledger)


@given(st.lists(strategies.amounts(20), min_size=1, max_size=3), st.lists(strategies.amounts(20), max_size=4))
def test_one_pool_is_paid_in_proportion_however_the_funds_come(owed: list[Fraction], funds: list[Fraction]) -> None:
    drawn = [Arrival(1, 1, 0, amount, amount / 4) for amount in owed]
    ledger: Ledger = tuple(own.claim for own in drawn)
    for amount in funds:
        ledger = fund(ledger, amount, Readings()).ledger
    for at, claim in enumerate(ledger, start=1):
        assert evaluate(forms.one_pool(at, len(drawn), len(funds)), values(drawn, funds)) == claim.paid


def test_the_figures_of_later_funds() -> None:
    # AMB-51: 18,739,020 owed and 10,000,000 paid; 132,500 more is owed when 5,000,000 comes.
    drawn = [Arrival(1, 1, 0, Fraction(18_739_020)), Arrival(2, 2, 5, Fraction(132_500))]
    inputs = values(drawn, [Fraction(10_000_000), Fraction(5_000_000)])
    merged = evaluate(forms.two_pools(Readings())[1], inputs)
    assert merged == Fraction(5_000_000 * 132_500, 8_739_020 + 132_500)
    assert round(merged) == 74_677
    assert evaluate(forms.two_pools(Readings(cash_pool=CashPool.FIFO))[1], inputs) == 0


# Due dates


@pytest.mark.parametrize("day", [START, date(2000, 2, 20), date(9999, 12, 21), date(9999, 12, 22), date.max])
def test_due_dates(quintus: Charter, day: date) -> None:
    own = forms.due_day(quintus, forms.day_of(1))
    inputs = {"day_1": day.toordinal(), "last_day": LAST_DAY}
    due = due_date(quintus, day)
    assert own is not None
    assert due is not None
    assert evaluate(own, inputs) == due.toordinal()


def test_no_due_date() -> None:
    assert forms.due_day(FAMILY, forms.day_of(1)) is None
    assert due_date(FAMILY, START) is None
    assert overdue_differences(FAMILY, [Arrival(1, 1, 0, Fraction(1))], date.max) == []


def around_the_last_day(charter: Charter) -> list[str]:
    """Return the differences on claims around their last day, paid and unpaid."""
    late = [Arrival(1, 1, day, Fraction(2), Fraction(paid)) for day in (0, 1) for paid in (0, 1, 2)]
    return [found for day in range(9, 13) for found in overdue_differences(charter, late, START + timedelta(days=day))]


def test_claims_around_their_last_day(quintus: Charter) -> None:
    assert around_the_last_day(quintus) == []
    assert quintus.cash_payment is not None
    term = replace(quintus.cash_payment, days=Quantity(9, "3(c)"))
    assert around_the_last_day(replace(quintus, cash_payment=term)) == []


# The check is itself checked

FIXED = [
    Arrival(1, 1, 3, Fraction(6)),
    Arrival(1, 2, 3, Fraction(3), Fraction(1)),
    Arrival(2, 2, 0, Fraction(5)),
    Arrival(2, 1, 7, Fraction(2)),
]


def fixed_questions(charter: Charter) -> list[str]:
    """Return the differences over a fixed set of questions."""
    found = around_the_last_day(charter)
    for pool, one, two in product(CashPool, (0, 3, 9), (0, 6, 40)):
        found += differences(FIXED, [Fraction(one), Fraction(two)], Readings(cash_pool=pool))
    return found


def test_the_engine_passes(quintus: Charter) -> None:
    assert fixed_questions(quintus) == []


def by_debt(ledger: Ledger, amount: Fraction) -> Funding:
    """Share in proportion to what was owed at first, not to what is unpaid."""
    owed, unpaid = totals(ledger).owed, totals(ledger).unpaid
    if amount >= unpaid:
        return real_share(ledger, amount)
    paid = tuple(amount * claim.owed / owed for claim in ledger)
    return Funding(real_paid(ledger, paid), paid, Fraction(0))


def in_ledger_order(ledger: Ledger, amount: Fraction) -> Funding:
    """Pay claim after claim."""
    left, paid = amount, []
    for claim in ledger:
        paid.append(min(left, claim.unpaid))
        left -= paid[-1]
    return Funding(real_paid(ledger, tuple(paid)), tuple(paid), left)


def later_first(ledger: Ledger, amount: Fraction) -> Funding:
    """Pay the claims of later conversions first."""
    turned = tuple(replace(claim, converted_on=START - (claim.converted_on - START)) for claim in ledger)
    funding = real_earlier_first(turned, amount)
    return replace(funding, ledger=real_paid(ledger, funding.payments))


def swallowed(ledger: Ledger, amount: Fraction) -> Funding:
    """Return no excess."""
    return replace(real_share(ledger, amount), excess=Fraction(0))


def due_a_day_early(charter: Charter, converted_on: date) -> date | None:
    """Count the day of the conversion."""
    due = due_date(charter, converted_on)
    return None if due is None else due - timedelta(days=1)


def overdue_though_paid(charter: Charter, ledger: Ledger, on: date) -> Ledger:
    """Call a claim overdue whether or not it is paid."""
    return overdue(charter, tuple(replace(claim, paid=Fraction(0)) for claim in ledger), on)


real_share = cash_amounts._share
real_paid = cash_amounts._paid
real_earlier_first = cash_amounts._earlier_first

TAMPERS = {
    "shared by debt": ("_share", by_debt),
    "claim after claim": ("_share", in_ledger_order),
    "later conversions first": ("_earlier_first", later_first),
    "no order of dates": ("_earlier_first", in_ledger_order),
    "excess kept": ("_share", swallowed),
    "due a day early": ("due_date", due_a_day_early),
    "overdue though paid": ("overdue", overdue_though_paid),
}


@pytest.mark.parametrize("mistake", TAMPERS)
def test_each_mistake_is_found(quintus: Charter, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    name, replacement = TAMPERS[mistake]
    assert hasattr(cash_amounts, name)
    monkeypatch.setattr(cash_amounts, name, replacement)
    assert fixed_questions(quintus) != []
