"""What counts as Additional Stock, section 3(d)(ii): each exclusion with what meets it and what just misses it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reference.additional_stock import (
    IssueFacts,
    Plan,
    Purpose,
    Warrant,
    classify,
    is_additional_stock,
)
from reference.charter import COMMON, Charter
from reference.readings import Readings, Switch
from reference.refusal import Forbidden

DEFAULT = Readings()
GAP = Readings(plan_gap=Switch.YES)
SALES_COUNT = Readings(series_issue_excluded=Switch.NO)
ON = date(2001, 6, 1)
DAY = timedelta(days=1)
BOUGHT_E, BOUGHT_F = date(1998, 1, 15), date(1999, 8, 24)
DATES = {"E": BOUGHT_E, "F": BOUGHT_F}
SERIES = ("A", "B", "C", "D", "E", "F")
FULL = {"A": 9_100_000, "B": 1_000_000, "C": 3_000_000, "D": 1_455_000, "E": 3_000_000, "F": 1_500_000}


def clause(charter: Charter, facts: IssueFacts, readings: Readings = DEFAULT, stock: str = COMMON) -> str | None:
    """Return the clause that excludes an issue altogether; None if it is Additional Stock for all series."""
    found = classify(charter, readings, facts, ON, 100, stock, DATES)
    if not found.excluded:
        assert (found.shares, found.additional_for) == (100, SERIES)
        return None
    assert (found.shares, found.additional_for) == (0, ())
    (only,) = {finding.clause for finding in found.findings}
    return only


def test_a_plain_sale_counts_for_every_series(quintus: Charter) -> None:
    found = classify(quintus, DEFAULT, IssueFacts(), ON, 100)
    assert (found.additional_for, found.shares, found.excluded) == (SERIES, 100, False)
    assert all(finding.clause == "3(d)(ii)" for finding in found.findings)


# Purchase Dates: strictly later, series by series (AMB-72, AMB-123)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (BOUGHT_E - DAY, ("A", "B", "C", "D")),
        (BOUGHT_E, ("A", "B", "C", "D")),
        (BOUGHT_E + DAY, ("A", "B", "C", "D", "E")),
        (BOUGHT_F, ("A", "B", "C", "D", "E")),
        (BOUGHT_F + DAY, SERIES),
    ],
)
def test_only_what_is_issued_after_the_purchase_date_counts(
    quintus: Charter, on: date, expected: tuple[str, ...]
) -> None:
    found = classify(quintus, DEFAULT, IssueFacts(), on, 1, purchase_dates=DATES)
    assert found.additional_for == expected
    assert {f.clause for f in found.findings if not f.counts} <= {"3(d)(i)(A)"}
    assert not found.excluded
    for name in SERIES:
        counts = is_additional_stock(quintus, DEFAULT, IssueFacts(), on, name, purchase_dates=DATES)
        assert counts == (name in expected)


def test_a_purchase_date_of_none_is_long_past(quintus: Charter) -> None:
    dates = {"A": None, "E": date.max}
    assert classify(quintus, DEFAULT, IssueFacts(), ON, 1, purchase_dates=dates).additional_for == (
        "A",
        "B",
        "C",
        "D",
        "F",
    )


# (A), (C): stock dividends and conversions


def test_stock_dividends_and_conversions_are_excluded(quintus: Charter) -> None:
    assert clause(quintus, IssueFacts(Purpose.STOCK_DIVIDEND)) == "3(d)(ii)(A)"
    assert clause(quintus, IssueFacts(Purpose.CONVERSION)) == "3(d)(ii)(C)"


@pytest.mark.parametrize(("readings", "expected"), [(DEFAULT, "3(d)(ii)(C)"), (SALES_COUNT, None)])
def test_a_later_sale_of_a_series(quintus: Charter, readings: Readings, expected: str | None) -> None:
    assert clause(quintus, IssueFacts(), readings, "E") == expected
    # (B) names Common only, so that a grant of Preferred to an employee is like any other sale of it.
    assert clause(quintus, IssueFacts(Purpose.EMPLOYEE), readings, "E") == expected


def test_conversions_and_listed_warrants_stay_excluded_when_sales_of_series_count(quintus: Charter) -> None:
    assert clause(quintus, IssueFacts(Purpose.CONVERSION), SALES_COUNT) == "3(d)(ii)(C)"
    listed = IssueFacts(Purpose.WARRANT, warrant=Warrant(date(1996, 8, 16), "B"))
    assert clause(quintus, listed, SALES_COUNT, "B") == "3(d)(ii)(I)"
    paid_in_e = IssueFacts(Purpose.ACQUISITION, board_approved=True, majority_acquired=True)
    assert clause(quintus, paid_in_e, SALES_COUNT, "E") == "3(d)(ii)(D)"


# (B): employees and plans (AMB-67)


def plan(on: date | None, **in_favour: int) -> IssueFacts:
    """Return the facts of an issue under a plan."""
    return IssueFacts(Purpose.PLAN, plan=Plan(on, in_favour, FULL))


def test_direct_grants_are_excluded_without_approval(quintus: Charter) -> None:
    assert clause(quintus, IssueFacts(Purpose.EMPLOYEE)) == "3(d)(ii)(B)"


@pytest.mark.parametrize(
    ("approved", "by_default", "with_gap"),
    [
        (BOUGHT_E - DAY, "3(d)(ii)(B)", "3(d)(ii)(B)"),
        (BOUGHT_E, None, "3(d)(ii)(B)"),
        (BOUGHT_E + DAY, None, "3(d)(ii)(B)"),
        (BOUGHT_F, None, "3(d)(ii)(B)"),
        (BOUGHT_F + DAY, None, None),
        (None, None, None),
    ],
)
def test_when_a_plan_was_approved(
    quintus: Charter, approved: date | None, by_default: str | None, with_gap: str | None
) -> None:
    assert clause(quintus, plan(approved)) == by_default
    assert clause(quintus, plan(approved), GAP) == with_gap


@pytest.mark.parametrize(
    ("in_favour", "passes"),
    [
        ({"A": 8_027_500}, False),  # exactly half of 16,055,000
        ({"A": 8_027_501}, True),
        ({"A": 9_100_000}, True),
        ({"B": 1_000_000, "C": 3_000_000, "D": 1_455_000, "F": 1_500_000}, False),
        ({"A": 8_027_500, "E": 3_000_000}, False),  # E has no vote here
        ({}, False),
    ],
)
def test_the_vote_on_a_later_plan(quintus: Charter, in_favour: dict[str, int], passes: bool) -> None:
    facts = plan(BOUGHT_F + DAY, **in_favour)
    assert clause(quintus, facts) == ("3(d)(ii)(B)" if passes else None)
    assert clause(quintus, facts, GAP) == ("3(d)(ii)(B)" if passes else None)


def test_with_e_in_the_class_a_alone_would_not_suffice(quintus: Charter) -> None:
    assert quintus.antidilution is not None
    everyone = replace(quintus, antidilution=replace(quintus.antidilution, plan_approval_series=SERIES))
    assert clause(everyone, plan(BOUGHT_F + DAY, A=9_100_000)) is None
    assert clause(everyone, plan(BOUGHT_F + DAY, A=9_100_000, C=427_501)) == "3(d)(ii)(B)"  # 9,527,501 of 19,055,000
    assert clause(everyone, plan(BOUGHT_F + DAY, A=9_100_000, C=427_500)) is None


def test_nobody_in_the_class_approves_nothing(quintus: Charter) -> None:
    facts = IssueFacts(Purpose.PLAN, plan=Plan(BOUGHT_F + DAY))
    assert clause(quintus, facts) is None


def test_a_series_of_which_nothing_is_outstanding_has_no_vote_on_a_plan(quintus: Charter) -> None:
    # Two of the three shares there are; one share more in each of B, C, D and F would leave two of seven.
    facts = IssueFacts(Purpose.PLAN, plan=Plan(BOUGHT_F + DAY, in_favour={"A": 2}, outstanding={"A": 3}))
    assert clause(quintus, facts) == "3(d)(ii)(B)"


def test_a_plan_cannot_be_judged_without_purchase_dates(quintus: Charter) -> None:
    for dates in ({}, {"E": None, "F": BOUGHT_F}):
        with pytest.raises(Forbidden, match="Series E") as refused:
            classify(quintus, DEFAULT, plan(BOUGHT_E), ON, 1, purchase_dates=dates)
        assert (refused.value.code, refused.value.clause) == ("no_purchase_date", "3(d)(ii)(B)")
    with pytest.raises(Forbidden, match="Series F"):
        classify(quintus, DEFAULT, plan(BOUGHT_E), ON, 1, purchase_dates={"E": BOUGHT_E})
    early = classify(quintus, DEFAULT, plan(BOUGHT_E - DAY), ON, 1, purchase_dates={"E": BOUGHT_E})
    assert early.excluded


# (D) to (G): transactions that the Board approves


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        (Purpose.ACQUISITION, "3(d)(ii)(D)"),
        (Purpose.COMMERCIAL, "3(d)(ii)(E)"),
        (Purpose.LEASE_FINANCING, "3(d)(ii)(F)"),
    ],
)
def test_transactions_need_the_boards_approval(quintus: Charter, purpose: Purpose, expected: str) -> None:
    approved = IssueFacts(purpose, board_approved=True, majority_acquired=True)
    assert clause(quintus, approved) == expected
    assert clause(quintus, replace(approved, board_approved=False)) is None
    over = replace(approved, purpose=Purpose.RIGHT_OVER_EXCLUDED, underlying=purpose)
    assert clause(quintus, over) == "3(d)(ii)(G)"
    assert clause(quintus, replace(over, board_approved=False)) is None


@pytest.mark.parametrize("purpose", [Purpose.ACQUISITION, Purpose.COMMERCIAL, Purpose.LEASE_FINANCING])
def test_without_word_of_the_board_nothing_is_approved(quintus: Charter, purpose: Purpose) -> None:
    assert clause(quintus, IssueFacts(purpose, majority_acquired=True)) is None


def test_an_acquisition_must_give_a_majority(quintus: Charter) -> None:
    assert clause(quintus, IssueFacts(Purpose.ACQUISITION, board_approved=True)) is None
    assert clause(quintus, IssueFacts(Purpose.COMMERCIAL, board_approved=True)) == "3(d)(ii)(E)"


def test_a_right_over_anything_else_counts(quintus: Charter) -> None:
    over = IssueFacts(Purpose.RIGHT_OVER_EXCLUDED, board_approved=True, underlying=Purpose.SALE)
    assert clause(quintus, over) is None


def test_a_boards_approval_alone_excludes_nothing(quintus: Charter) -> None:
    assert clause(quintus, IssueFacts(board_approved=True, majority_acquired=True)) is None


# (H) to (K): listed warrants (AMB-69, AMB-97)


@pytest.mark.parametrize(
    ("issued", "stock", "listed", "expected"),
    [
        (date(1996, 4, 17), COMMON, 5_000, "3(d)(ii)(H)"),
        (date(1996, 8, 16), "B", 192_262, "3(d)(ii)(I)"),
        (date(1997, 11, 10), COMMON, 331_312, "3(d)(ii)(J)"),
        (date(1999, 8, 19), COMMON, 300_000, "3(d)(ii)(K)"),
    ],
)
def test_listed_warrants_up_to_their_number(
    quintus: Charter, issued: date, stock: str, listed: int, expected: str
) -> None:
    def found(shares: int, used: int = 0) -> tuple[object, ...]:
        facts = IssueFacts(Purpose.WARRANT, warrant=Warrant(issued, stock, used))
        result = classify(quintus, SALES_COUNT, facts, ON, shares, stock, DATES)
        return result.shares, result.excluded, result.additional_for, result.findings[0].clause

    assert found(listed) == (0, True, (), expected)
    assert found(listed + 1) == (1, False, SERIES, "3(d)(ii)")
    assert found(1, used=listed - 1) == (0, True, (), expected)
    assert found(2, used=listed - 1) == (1, False, SERIES, "3(d)(ii)")
    assert found(7, used=listed) == found(7, used=listed + 9) == (7, False, SERIES, "3(d)(ii)")


def test_an_excess_of_warrants_over_a_series_is_a_sale_of_it(quintus: Charter) -> None:
    facts = IssueFacts(Purpose.WARRANT, warrant=Warrant(date(1996, 8, 16), "B"))
    assert clause(quintus, facts, DEFAULT, "B") == "3(d)(ii)(I)"
    found = classify(quintus, DEFAULT, facts, ON, 192_263, "B", DATES)
    assert (found.shares, found.excluded, found.findings[0].clause) == (0, True, "3(d)(ii)(C)")


def test_warrants_that_the_charter_does_not_list_count(quintus: Charter) -> None:
    for warrant in (Warrant(date(1996, 4, 18)), Warrant(date(1996, 4, 17), "B"), Warrant(date(1996, 8, 16))):
        assert clause(quintus, IssueFacts(Purpose.WARRANT, warrant=warrant)) is None


def test_nothing_of_a_list_is_used_up_unless_that_is_said(quintus: Charter) -> None:
    facts = IssueFacts(Purpose.WARRANT, warrant=Warrant(date(1996, 4, 17)))
    found = classify(quintus, SALES_COUNT, facts, ON, 5_000)
    assert (found.shares, found.excluded) == (0, True)


@pytest.mark.parametrize(("used", "counts"), [(4_999, False), (5_000, True)])
def test_a_single_share_under_a_listed_warrant(quintus: Charter, used: int, counts: bool) -> None:
    facts = IssueFacts(Purpose.WARRANT, warrant=Warrant(date(1996, 4, 17), used=used))
    assert is_additional_stock(quintus, DEFAULT, facts, ON, "E") == counts


@pytest.mark.parametrize(
    ("warrant", "stock"),
    [
        (Warrant(date(1996, 8, 16), "B"), COMMON),
        (Warrant(date(1996, 4, 17)), "B"),
        (Warrant(date(1996, 8, 16)), "B"),
    ],
)
def test_another_class_than_that_of_the_listed_warrants_counts(quintus: Charter, warrant: Warrant, stock: str) -> None:
    assert clause(quintus, IssueFacts(Purpose.WARRANT, warrant=warrant), SALES_COUNT, stock) is None


@pytest.mark.parametrize("purpose", [Purpose.PLAN, Purpose.WARRANT, Purpose.RIGHT_OVER_EXCLUDED])
def test_a_missing_fact_is_named(quintus: Charter, purpose: Purpose) -> None:
    with pytest.raises(Forbidden, match="described") as refused:
        classify(quintus, DEFAULT, IssueFacts(purpose, board_approved=True), ON, 1, purchase_dates=DATES)
    assert refused.value.code == "missing_fact"


# Other charters


def test_a_charter_without_the_section_has_no_additional_stock(family: Charter) -> None:
    found = classify(family, DEFAULT, IssueFacts(), ON, 5)
    assert (found.shares, found.additional_for, found.excluded) == (0, (), True)
    assert len(found.findings) == len(family.series)


def test_a_charter_of_one_series_has_one_purchase_date(quintus: Charter) -> None:
    assert quintus.antidilution is not None
    terms = replace(quintus.antidilution, plans_approved_before="A", plans_approved_after="A")
    single = replace(quintus, series=quintus.series[:1], antidilution=terms)
    for approved, excluded in ((BOUGHT_E - DAY, True), (BOUGHT_E, False), (BOUGHT_E + DAY, False)):
        found = classify(single, DEFAULT, plan(approved), ON, 1, purchase_dates={"A": BOUGHT_E})
        assert found.excluded == excluded
