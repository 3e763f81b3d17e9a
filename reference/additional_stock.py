"""What counts as Additional Stock: section 3(d)(ii).

Common that is issued, or deemed issued, after a series' Purchase Date adjusts the conversion price of that
series unless one of the exclusions (A) to (K) takes it out. Approvals and purposes are facts that the caller
states (AMB-70); which exclusion they meet is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from reference.charter import COMMON, Antidilution, Charter, ExcludedWarrants
from reference.position import Number
from reference.readings import Readings, Switch
from reference.refusal import Forbidden

Fact = TypeVar("Fact")


class Purpose(StrEnum):
    """Say what an issue is for; each but a sale has an exclusion with conditions of its own (3(d)(ii))."""

    SALE = "sale"
    STOCK_DIVIDEND = "stock_dividend"
    EMPLOYEE = "employee"
    PLAN = "plan"
    CONVERSION = "conversion"
    ACQUISITION = "acquisition"
    COMMERCIAL = "commercial"
    LEASE_FINANCING = "lease_financing"
    RIGHT_OVER_EXCLUDED = "right_over_excluded"
    WARRANT = "warrant"


@dataclass(frozen=True)
class Plan:
    """Describe a stock option or restricted stock plan (3(d)(ii)(B)).

    board_approved_on: None if the Board did not approve it; in_favour, outstanding: shares by series at the
    vote of the holders, the second as of that vote; series that do not vote on plans are left aside.
    """

    board_approved_on: date | None = None
    in_favour: Mapping[str, int] = field(default_factory=dict)
    outstanding: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Warrant:
    """Name the issue of warrants that an issue belongs to (3(d)(ii)(H) to (K)).

    issued: the date by which the charter names it (AMB-97); of: the class that it is over; used: shares of the
    listed number that warrants, or shares issued under them, have taken up before, in shares as they are on the
    day of the issue.
    """

    issued: date
    of: str = COMMON
    used: int = 0


@dataclass(frozen=True)
class IssueFacts:
    """Hold the facts that decide whether an issue is Additional Stock (3(d)(ii)).

    board_approved: whether the Board approved the transaction; majority_acquired: whether an acquisition gives
    a majority of the target's voting power; plan, warrant: needed for these purposes; underlying: for a right
    over excluded securities, the purpose that excludes them (AMB-68).
    """

    purpose: Purpose = Purpose.SALE
    board_approved: bool = False
    majority_acquired: bool = False
    plan: Plan | None = None
    warrant: Warrant | None = None
    underlying: Purpose | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Say of one series whether an issue counts, with the clause that decides and one sentence."""

    series: str
    counts: bool
    clause: str
    because: str


@dataclass(frozen=True, slots=True)
class Classification:
    """Hold how much of an issue is Additional Stock, shares, and for which series (3(d)(ii)).

    excluded: whether an exclusion (A) to (K) takes all of it out, whatever the Purchase Dates.
    """

    shares: Number
    findings: tuple[Finding, ...]
    excluded: bool

    @property
    def additional_for(self) -> tuple[str, ...]:
        """Name the series for which it is Additional Stock, in the charter's order."""
        return tuple(finding.series for finding in self.findings if finding.counts)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Hold how many shares one clause takes out, and why."""

    shares: Number
    clause: str
    because: str


def classify(
    charter: Charter,
    readings: Readings,
    facts: IssueFacts,
    on: date,
    shares: Number,
    stock: str = COMMON,
    purchase_dates: Mapping[str, date | None] | None = None,
    splits: Mapping[str, Fraction] | None = None,
) -> Classification:
    """Say for which series an issue is Additional Stock, and how much of it (3(d)(ii)).

    shares: issued or deemed issued on a date; stock: the class sold, or the class that rights are over;
    purchase_dates: first issue of each series, None (or left out) if it is long past. A series counts only
    what is issued strictly later (3(d)(i)(A), AMB-72, AMB-123). splits: shares that one share has become since the
    certificate, by class, stock dividends included; they multiply the numbers of the listed warrants (AMB-129). A
    charter without 3(d) has no Additional Stock. Raise Forbidden if a fact is missing that the purpose needs.
    """
    terms = charter.antidilution
    dates = purchase_dates or {}
    names = [series.name for series in charter.series]
    if terms is None:
        return Classification(0, tuple(Finding(n, False, "3(d)", "The charter adjusts nothing.") for n in names), True)
    exclusion = _exclusion(charter, terms, readings, facts, shares, stock, dates, splits or {})
    left = shares if exclusion is None else shares - exclusion.shares
    if exclusion is not None and left <= 0:
        return Classification(0, tuple(Finding(n, False, exclusion.clause, exclusion.because) for n in names), True)
    return Classification(left, tuple(_dated(name, on, dates.get(name)) for name in names), False)


def is_additional_stock(
    charter: Charter,
    readings: Readings,
    facts: IssueFacts,
    on: date,
    series: str,
    stock: str = COMMON,
    purchase_dates: Mapping[str, date | None] | None = None,
    splits: Mapping[str, Fraction] | None = None,
) -> bool:
    """Say whether a share issued on a date is Additional Stock for one series, by name (3(d)(ii)); see `classify`."""
    return series in classify(charter, readings, facts, on, 1, stock, purchase_dates, splits).additional_for


def _dated(name: str, on: date, purchased: date | None) -> Finding:
    if purchased is not None and on <= purchased:
        return Finding(name, False, "3(d)(i)(A)", "It is not issued after the series' Purchase Date.")
    return Finding(name, True, "3(d)(ii)", "It is issued after the series' Purchase Date and nothing excludes it.")


def _exclusion(
    charter: Charter,
    terms: Antidilution,
    readings: Readings,
    facts: IssueFacts,
    shares: Number,
    stock: str,
    dates: Mapping[str, date | None],
    splits: Mapping[str, Fraction],
) -> Exclusion | None:
    """Return what excludes an issue, in whole or in part; None if nothing does."""
    if facts.purpose is Purpose.WARRANT:
        warrant = _needed(facts.warrant, "3(d)(ii)(H)", "The issue of warrants")
        own = _by_warrant(terms, warrant, shares, stock, splits.get(stock))
    else:
        own = _by_purpose(charter, terms, readings, facts, shares, stock, dates)
    if own is not None and (own.shares >= shares or stock == COMMON):
        return own
    if stock != COMMON and readings.series_issue_excluded is Switch.YES:
        because = "What is issuable on conversion of the series is excluded, and so is a sale of the series."
        return Exclusion(shares, "3(d)(ii)(C)", because)
    return own


def _by_purpose(
    charter: Charter,
    terms: Antidilution,
    readings: Readings,
    facts: IssueFacts,
    shares: Number,
    stock: str,
    dates: Mapping[str, date | None],
) -> Exclusion | None:
    """Return the exclusion, (A) to (G), whose conditions the facts meet."""
    if facts.purpose is Purpose.STOCK_DIVIDEND:
        return Exclusion(shares, "3(d)(ii)(A)", "It is issued in a split or stock dividend.")
    if facts.purpose is Purpose.EMPLOYEE and stock == COMMON:
        return Exclusion(shares, "3(d)(ii)(B)", "It goes directly to an employee, consultant or director.")
    if facts.purpose is Purpose.PLAN and stock == COMMON:
        plan = _needed(facts.plan, "3(d)(ii)(B)", "The plan")
        if plan_is_excluded(terms, readings, plan, dates):
            return Exclusion(shares, "3(d)(ii)(B)", "It is issued under a plan that was approved in time.")
    if facts.purpose is Purpose.CONVERSION:
        return Exclusion(shares, "3(d)(ii)(C)", "It is issued on conversion of the Preferred.")
    if facts.purpose is Purpose.RIGHT_OVER_EXCLUDED:
        underlying = _needed(facts.underlying, "3(d)(ii)(G)", "What the right is over")
        if _transaction(underlying, facts) is not None:
            return Exclusion(shares, "3(d)(ii)(G)", "It is a right over securities that (D) to (F) exclude.")
    clause = _transaction(facts.purpose, facts)
    return None if clause is None else Exclusion(shares, clause, "The Board approved the transaction.")


def _transaction(purpose: Purpose, facts: IssueFacts) -> str | None:
    """Return which of (D) to (F) excludes what is issued for a purpose; None if none does."""
    if not facts.board_approved:
        return None
    if purpose is Purpose.ACQUISITION:
        return "3(d)(ii)(D)" if facts.majority_acquired else None
    return {Purpose.COMMERCIAL: "3(d)(ii)(E)", Purpose.LEASE_FINANCING: "3(d)(ii)(F)"}.get(purpose)


def plan_is_excluded(
    terms: Antidilution,
    readings: Readings,
    plan: Plan,
    purchase_dates: Mapping[str, date | None],
) -> bool:
    """Say whether what is issued under a plan is excluded (3(d)(ii)(B), AMB-67).

    It is if the Board approved the plan before the Purchase Date of one series, or after that of another and the
    holders approved it too; one in between falls under neither limb, unless the reading says so. Raise
    Forbidden if the Purchase Dates are not given.
    """
    approved = plan.board_approved_on
    if approved is None:
        return False
    if approved < _purchase_date(terms.plans_approved_before, purchase_dates):
        return True
    if approved > _purchase_date(terms.plans_approved_after, purchase_dates):
        voting = terms.plan_approval_series
        in_favour = sum(plan.in_favour.get(name, 0) for name in voting)
        return terms.plan_approval.met(in_favour, sum(plan.outstanding.get(name, 0) for name in voting))
    return readings.plan_gap is Switch.YES


def _purchase_date(name: str, dates: Mapping[str, date | None]) -> date:
    purchased = dates.get(name)
    if purchased is None:
        message = (
            f"Whether a plan was approved in time depends on the Purchase Date of Series {name}, which is not given."
        )
        raise Forbidden("no_purchase_date", "3(d)(ii)(B)", message)
    return purchased


def _by_warrant(
    terms: Antidilution, warrant: Warrant, shares: Number, stock: str, split: Fraction | None
) -> Exclusion | None:
    """Return what the list of warrants takes out: shares up to the listed number, the excess counts (AMB-69).

    split: shares that one share of the class has become; the warrants are over so many times their number (AMB-129).
    """
    listed = _listed(terms, warrant)
    if listed is None or stock != listed.of:
        return None
    number = listed.shares.value if split is None else listed.shares.value * split
    left = max(0, number - warrant.used)
    return Exclusion(min(left, shares), listed.shares.clause, "It is issued under warrants that the charter lists.")


def _listed(terms: Antidilution, warrant: Warrant) -> ExcludedWarrants | None:
    for listed in terms.excluded_warrants:
        if listed.issued == warrant.issued.isoformat() and listed.of == warrant.of:
            return listed
    return None


def _needed(fact: Fact | None, clause: str, what: str) -> Fact:
    if fact is None:
        raise Forbidden("missing_fact", clause, f"{what} must be described to tell whether the issue is excluded.")
    return fact
