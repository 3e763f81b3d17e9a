"""A slip in a function that is entered by few studies is noticed by a theorem of one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from proofs import run
from proofs.study import Study
from reference import (
    additional_stock,
    approvals,
    distributions,
    dividends,
    equilibrium,
    offering,
    payoff,
    reserve,
    rounding,
    voting,
)
from reference.oracle.charters import load
from tests.proofs.noticed import surprises
from tests.slips import Slip

Edit = tuple[Callable[..., Any], str, str]

EDITS: Mapping[str, tuple[Edit, ...]] = {
    "dividend years": (
        (dividends.dividend_year, "on.month >= month", "on.month > month"),
        (dividends.dividend_year, " + timedelta(days=1)", ""),
        (dividends.dividend_year, "on.year < date.max", "on.year <= date.max"),
        (dividends.dividend_year, "1 <= month <= 12", "1 <= month <= 11"),
        (dividends._a_year_before, "28 if leap_day else day.day", "min(day.day, 28)"),
        (dividends._a_year_before, "28 if leap_day else day.day", "day.day"),
        (dividends.DividendYear.days.fget, ".days + 1", ".days"),
        (dividends.DividendYear.holds, "day <= self.last", "day < self.last"),
    ),
    "parts of dividend years": (
        (dividends.DividendYear.days.fget, ".days + 1", ".days"),
        (dividends.full_amounts, "year.last, position", "year.first, position"),
        (dividends.amounts_before_common, "is CommonGate.TO_DATE", "is not CommonGate.TO_DATE"),
        (dividends._amounts_until, "max(issued[name], year.first)", "issued[name]"),
        (dividends._amounts_until, "max(days, 0)", "days"),
        (dividends._amounts_until, "min(until, year.last)", "until"),
        (dividends.listed_rate, "rate / split", "rate * split"),
    ),
    "declarations and payments": (
        (dividends.declare, "owed.get(name, NOTHING) + amount", "amount"),
        (dividends.declare, "> available", ">= available"),
        (dividends.declare, "amount < 0", "amount < -1"),
        (dividends.pay, "NOTHING) - amount", "NOTHING) - 2 * amount"),
        (dividends.pay, "amount > left", "amount >= left"),
        (dividends.pay, "amount < 0", "amount < -1"),
    ),
    "dividends on the Common": (
        (dividends.Gate.check, "if self.short:", "if len(self.short) > 1:"),
        (dividends.needs_nothing_before, "payable in EXEMPT", 'payable in (*EXEMPT, "redeemable_equity")'),
        (dividends.needs_nothing_before, "payable in EXEMPT", 'payable == "common_stock"'),
        (dividends.needs_nothing_before, "is InKindGate.SHARING_ONLY", "is InKindGate.BOTH"),
        (dividends.common_dividend_gate, "if _is_outstanding(position, name):", "if True:"),
    ),
    "rates of undeclared dividends": (
        (dividends.accrual_rate, "common, part_of_year)[", "common, WHOLE)["),
        (dividends.accrual_rate, "is Switch.NO", "is not None"),
        (dividends.accrual_rate, "listed_rate(position, series)", "series.dividend_rate.value"),
    ),
    "distributions to holders": (
        (distributions.totals_by_holder, "totals.get(holding.holder, 0) + ", ""),
        (distributions.totals_by_holder, "holding.shares * each", "each"),
        (distributions.totals_by_class, "position.shares.get(name, 0) * each", "each"),
        (distributions.Apportionment.by_holder, "self.per_share", "dict.fromkeys(self.per_share, 1)"),
    ),
    "kinds of distributions": (
        (distributions.shares_as_converted, '"3(e)" in', '"1(b)" in'),
        (distributions.shares_as_converted, '"3(e)" in', '"1(a)" not in'),
    ),
    "payments in cents": (
        (rounding.down_to_cents, "math.floor(amount * CENTS)", "math.ceil(amount * CENTS)"),
        (rounding.down_to_cents, "math.floor(amount * CENTS)", "math.floor(amount * CENTS + ONE_HALF)"),
    ),
    "votes in all": (
        (voting.votes_by_holder, "ballots(position, readings, elected)", "ballots(position, readings, elected)[1:]"),
        (voting.sum_by_holder, "if ballot.holder is not None", "if ballot.votes > 0"),
        (voting.sum_by_holder, "totals.get(ballot.holder, 0) + ballot.votes", "ballot.votes"),
        (voting.total_votes, "sum(votes_by_class(position, readings, elected).values())", "position.common"),
    ),
    "who fills seats": (
        (voting.SeatGroup.others_stand_in.fget, "not in self.entitled", "in self.entitled"),
        (voting.SeatGroup.others_stand_in.fget, "any(", "all("),
        (voting._group, "is VacantSeats.COMMON", "is not VacantSeats.VACANT"),
    ),
    "lowest prices of offerings": (
        (reserve.lowest_offering_price, "price < upper", "price <= upper / 2"),
        (reserve.lowest_offering_price, "floor.until > lower", "floor.until >= lower"),
        (reserve.lowest_offering_price, "max(lower, dollars / (room - others))", "dollars / (room - others)"),
        (reserve.lowest_offering_price, "room > others", "room > others + 1"),
        (reserve.lowest_offering_price, "terms.minimum_aggregate.value + ", ""),
        (reserve._floor, "min(trigger, numerator / ratio)", "trigger"),
        (reserve._floor, "shares * numerator", "numerator"),
        (offering.floor_trigger, "floor.value / split", "floor.value"),
    ),
    "class votes": (
        (approvals._classes_by_statute, "name in act.adverse)", "name in act.adverse_to)"),
        (approvals._classes_by_statute, "act.stock == PREFERRED", "act.stock != COMMON"),
        (approvals._classes_by_statute, "COMMON in act.adverse or ", ""),
        (approvals._by_statute, "act.amends and class_votes", "class_votes and act.provisions"),
        (approvals.Approval.clause.fget, "self.tally.threshold.clause", "self.grounds[0]"),
    ),
    "coalitions": (
        (
            approvals.minimal_coalitions,
            "if any(group - {member} in sufficient",
            "if all(group - {member} in sufficient",
        ),
        (approvals.minimal_coalitions, "            elif all(", "            elif any("),
        (approvals.minimal_coalitions, "range(len(holders) + 1)", "range(len(holders))"),
        (approvals._weights, "if ballot.stock in tally.classes", "if ballot.stock in tally.classes[:1]"),
        (approvals._weights, "totals.get(ballot.holder, 0) + ", ""),
    ),
    "exercise of rights": (
        (equilibrium.decide, "place) > own.price", "place) >= own.price"),
        (equilibrium.exercised, " + own.shares", ""),
        (payoff.beyond, "start=own.start + left / own.slope", "start=own.start"),
        (payoff.participants, "beyond(of[own.stock], own.price, asked.last)", "of[own.stock]"),
        (payoff.open_rights, "own.shares > 0", "own.shares >= 0"),
    ),
    "one share of Additional Stock": (
        (additional_stock.is_additional_stock, "on, 1, stock", "on, 5001, stock"),
        (additional_stock.is_additional_stock, "series in classify", "series not in classify"),
        (additional_stock.is_additional_stock, "purchase_dates, splits)", "{**purchase_dates, 'F': None}, splits)"),
        (additional_stock._dated, "on <= purchased", "on < purchased"),
        (additional_stock.plan_is_excluded, "approved < _purchase", "approved <= _purchase"),
        (additional_stock.plan_is_excluded, "approved > _purchase", "approved >= _purchase"),
        (additional_stock._by_warrant, "max(0, number - warrant.used)", "number"),
    ),
    "undeclared dividends": (
        (dividends.accrued_undeclared, "(as_of - held_since).days + 1", "(as_of - held_since).days"),
        (dividends.accrued_undeclared, "max(held_since, year_start)", "held_since"),
        (dividends.accrued_undeclared, "year_start).days + 1", "year_start).days"),
        (dividends.accrued_undeclared, "held_since > as_of", "held_since >= as_of"),
        (dividends.accrued_undeclared, "is Daycount.ACTUAL_YEAR", "is None"),
    ),
}
"""By study: the function, what stands there, and what a slip makes of it."""

CASES = [(study, edit) for study, edits in EDITS.items() for edit in edits]


@pytest.fixture(scope="module")
def studies() -> dict[str, Study]:
    """Return every study by name."""
    return {study.name: study for study in run.studies(load("quintus-1999"))}


@pytest.mark.parametrize(("study", "edit"), CASES, ids=[f"{edit[0].__name__}: {edit[2]}" for _, edit in CASES])
def test_each_slip_is_noticed(studies: dict[str, Study], study: str, edit: Edit) -> None:
    function, before, after = edit
    assert surprises(Slip(f"{before} -> {after}", function, before, after, "", ""), [studies[study]]) != []
