"""Payment of the Cash Amounts, section 3(c): rateably, by pool, never more than is owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.cash_amounts import (
    CashClaim,
    Ledger,
    Totals,
    claims_of,
    due_date,
    fund,
    overdue,
    total_unpaid,
    totals,
    totals_by_holder,
)
from reference.charter import Charter
from reference.conversion import election
from reference.position import full_issuance
from reference.readings import CashPool, Readings
from reference.refusal import Forbidden
from tests import strategies
from tests.test_conversion import table

MERGED, FIFO = Readings(), Readings(cash_pool=CashPool.FIFO)
FIRST, SECOND, THIRD = date(1999, 9, 1), date(1999, 12, 1), date(2000, 2, 29)


def claims(*owed: str, on: date = FIRST) -> Ledger:
    """Return claims of one conversion, $, of holders h0, h1..."""
    return tuple(CashClaim(on, f"h{place}", "A", Fraction(amount)) for place, amount in enumerate(owed))


def dollars(funding_payments: tuple[Fraction, ...]) -> list[Fraction]:
    """Return payments as a list, to compare with integers."""
    return list(funding_payments)


def elected(charter: Charter) -> Ledger:
    """Return the claims of an election at full issuance."""
    result = election(full_issuance(charter), MERGED, {"holder-A": {"A": 9_100_000}})
    return claims_of(result.conversions, FIRST)


# Claims and dates


def test_claims_of_an_election(quintus: Charter) -> None:
    ledger = elected(quintus)
    assert [(claim.holder, claim.series, claim.owed) for claim in ledger] == [
        ("holder-A", "A", 8_417_500),
        ("holder-B", "B", 1_325_000),
        ("holder-C", "C", 5_295_000),
        ("holder-D", "D", 3_701_520),
    ]
    assert total_unpaid(ledger) == 18_739_020


def test_a_holder_has_a_claim_for_each_series(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"A": 2, "D": 1, "E": 5}}, declared_dividends={"A": Fraction("0.2")})
    ledger = claims_of(election(position, MERGED, {"ann": {"A": 2}}).conversions, FIRST)
    assert [(claim.series, claim.owed) for claim in ledger] == [("A", Fraction("2.25")), ("D", Fraction("2.544"))]


@pytest.mark.parametrize(
    ("converted", "due"),
    [
        (date(1999, 10, 1), date(1999, 10, 11)),
        (date(1999, 10, 6), date(1999, 10, 16)),
        (date(2000, 2, 19), date(2000, 2, 29)),
        (date(2000, 2, 29), date(2000, 3, 10)),
        (date(1999, 2, 19), date(1999, 3, 1)),
        (date(1999, 12, 25), date(2000, 1, 4)),
    ],
)
def test_due_dates(quintus: Charter, converted: date, due: date) -> None:
    assert due_date(quintus, converted) == due
    assert due_date(replace(quintus, cash_payment=None), converted) is None


def test_overdue(quintus: Charter) -> None:
    ledger = (*claims("1", "2"), *claims("4", on=SECOND))
    paid = fund(ledger, Fraction(1), FIFO).ledger
    assert overdue(quintus, paid, date(1999, 9, 11)) == ()
    assert overdue(quintus, paid, date(1999, 9, 12)) == paid[:2]
    assert overdue(quintus, fund(ledger, Fraction(3), FIFO).ledger, date(1999, 12, 12)) == ledger[2:]
    assert overdue(replace(quintus, cash_payment=None), ledger, date(2020, 1, 1)) == ()


# One pool


def test_five_million_over_full_issuance(quintus: Charter) -> None:
    funding = fund(elected(quintus), Fraction(5_000_000), MERGED)
    a, _, _, d = funding.payments
    assert (round(a / 9_100_000, 5), round(d / 1_455_000, 5)) == (Fraction("0.24681"), Fraction("0.67880"))
    assert (sum(funding.payments), funding.excess) == (5_000_000, 0)


def test_a_shortfall_is_shared_by_dollars_owed() -> None:
    funding = fund(claims("1", "3", "0", "6"), Fraction(5), MERGED)
    assert dollars(funding.payments) == [Fraction(1, 2), Fraction(3, 2), 0, 3]
    assert [claim.unpaid for claim in funding.ledger] == [Fraction(1, 2), Fraction(3, 2), 0, 3]


@pytest.mark.parametrize("readings", [MERGED, FIFO])
@pytest.mark.parametrize(("amount", "paid", "excess"), [("10", 10, 0), ("10.01", 10, "0.01"), ("0", 0, 0)])
def test_exactly_what_is_owed_and_more(readings: Readings, amount: str, paid: int, excess: str) -> None:
    funding = fund(claims("1", "3", "6"), Fraction(amount), readings)
    assert (sum(funding.payments), funding.excess) == (paid, Fraction(excess))


@pytest.mark.parametrize("readings", [MERGED, FIFO])
def test_funds_beyond_are_not_kept_for_later_claims(readings: Readings) -> None:
    funding = fund(claims("4"), Fraction(10), readings)
    assert funding.excess == 6
    later = (*funding.ledger, *claims("6", on=SECOND))
    assert total_unpaid(later) == 6
    assert dollars(fund(later, Fraction(0), readings).payments) == [0, 0]


@pytest.mark.parametrize("readings", [MERGED, FIFO])
def test_nobody_is_owed_anything(readings: Readings) -> None:
    assert fund((), Fraction(7), readings).excess == 7
    assert fund(claims("0", "0"), Fraction(7), readings).excess == 7
    settled = fund(claims("1"), Fraction(1), readings).ledger
    funding = fund(settled, Fraction(7), readings)
    assert (dollars(funding.payments), funding.excess, funding.ledger) == ([0], 7, settled)


@pytest.mark.parametrize("readings", [MERGED, FIFO])
def test_funds_are_not_negative(readings: Readings) -> None:
    with pytest.raises(Forbidden) as refused:
        fund(claims("1"), Fraction(-1), readings)
    assert (refused.value.code, refused.value.clause) == ("negative_funds", "3(c)")


def test_tiny_and_huge_claims() -> None:
    tiny, huge = Fraction(1, 10**40), Fraction(10**40)
    funding = fund(claims(str(tiny), str(huge)), huge / 2, MERGED)
    assert funding.payments[0] / tiny == funding.payments[1] / huge
    assert sum(funding.payments) == huge / 2


# Several pools


def test_merged_or_fifo(quintus: Charter) -> None:
    started = fund(elected(quintus), Fraction(10_000_000), MERGED).ledger
    assert total_unpaid(started) == 8_739_020
    late = table(quintus, {"warrants": {"B": 100_000}})
    later = (*started, *claims_of(election(late, MERGED, {"warrants": {"B": 100_000}}).conversions, SECOND))
    assert later[-1].owed == 132_500
    merged, fifo = (fund(later, Fraction(5_000_000), readings) for readings in (MERGED, FIFO))
    assert merged.payments[-1] == Fraction(5_000_000 * 132_500, 8_871_520)
    assert round(merged.payments[-1]) == 74_677
    assert fifo.payments[-1] == 0
    assert sum(merged.payments) == sum(fifo.payments) == 5_000_000


def test_fifo_goes_by_the_date_of_the_conversion() -> None:
    ledger = (*claims("6", on=SECOND), *claims("1", "3"), *claims("2", on=THIRD), *claims("3", on=SECOND))
    assert dollars(fund(ledger, Fraction(2), FIFO).payments) == [0, Fraction(1, 2), Fraction(3, 2), 0, 0]
    assert dollars(fund(ledger, Fraction(4), FIFO).payments) == [0, 1, 3, 0, 0]
    assert dollars(fund(ledger, Fraction(7), FIFO).payments) == [2, 1, 3, 0, 1]
    assert dollars(fund(ledger, Fraction(14), FIFO).payments) == [6, 1, 3, 1, 3]


def test_the_unpaid_rest_is_what_counts_in_a_merged_pool() -> None:
    started = fund(claims("8"), Fraction(6), MERGED).ledger
    funding = fund((*started, *claims("6", on=SECOND)), Fraction(4), MERGED)
    assert dollars(funding.payments) == [1, 3]


# Laws


amounts = strategies.amounts


@given(st.lists(amounts(), max_size=4), st.lists(amounts(40), max_size=4), st.sampled_from([MERGED, FIFO]))
def test_payments_of_one_pool_depend_on_the_sum_alone(
    owed: list[Fraction], funds: list[Fraction], readings: Readings
) -> None:
    ledger = claims(*map(str, owed))
    once = fund(ledger, sum(funds, Fraction(0)), readings)
    excess = Fraction(0)
    for amount in funds:
        funding = fund(ledger, amount, readings)
        ledger, excess = funding.ledger, excess + funding.excess
        assert all(0 <= claim.paid <= claim.owed for claim in ledger)
        fractions = [claim.paid / claim.owed for claim in ledger if claim.owed]
        assert all(fraction == fractions[0] for fraction in fractions)
    assert (ledger, excess) == (once.ledger, once.excess)


@given(st.lists(st.tuples(amounts(), st.sampled_from([FIRST, SECOND, THIRD])), max_size=5), amounts(200))
def test_either_pool_pays_what_there_is(owed: list[tuple[Fraction, date]], amount: Fraction) -> None:
    ledger = tuple(CashClaim(on, "h", "A", owing) for owing, on in owed)
    for readings in (MERGED, FIFO):
        funding = fund(ledger, amount, readings)
        assert sum(funding.payments) == min(amount, total_unpaid(ledger))
        assert sum(funding.payments) + funding.excess == amount
        assert all(0 <= paid <= claim.unpaid for paid, claim in zip(funding.payments, ledger, strict=True))


def test_every_order_of_small_funds() -> None:
    for owed in product(range(3), repeat=3):
        ledger = claims(*map(str, owed))
        ends = set()
        for funds in permutations((0, 1, 2)):
            after = ledger
            for amount in funds:
                after = fund(after, Fraction(amount), MERGED).ledger
            ends.add(after)
        assert len(ends) == 1
        assert ends == {fund(ledger, Fraction(3), MERGED).ledger}


def test_totals_of_claims() -> None:
    first, second = date(1999, 9, 1), date(1999, 10, 1)
    ledger = (
        CashClaim(first, "ann", "A", Fraction(10), Fraction(4)),
        CashClaim(first, "bob", "A", Fraction(5)),
        CashClaim(second, "ann", "B", Fraction(3), Fraction(3)),
    )
    assert totals(ledger) == Totals(Fraction(18), Fraction(7))
    assert totals(ledger).unpaid == total_unpaid(ledger) == 11
    by_holder = totals_by_holder(ledger)
    assert list(by_holder) == ["ann", "bob"]
    assert by_holder["ann"] == Totals(Fraction(13), Fraction(7))
    assert (totals(()), totals_by_holder(())) == (Totals(), {})


def test_nothing_falls_due_after_the_calendar(quintus: Charter) -> None:
    assert due_date(quintus, date(9999, 12, 21)) == date(9999, 12, 31)
    assert due_date(quintus, date(9999, 12, 22)) == date.max
    assert due_date(quintus, date.max) == date.max
