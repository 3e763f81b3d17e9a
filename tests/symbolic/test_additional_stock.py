"""The engine and the closed forms agree on what is Additional Stock; and the check finds mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import additional_stock
from reference.additional_stock import Exclusion, Finding, IssueFacts, Plan, Purpose, Warrant
from reference.charter import COMMON, Antidilution, Charter
from reference.position import Number
from reference.readings import Readings, Switch
from symbolic import additional_stock as forms
from symbolic.account import Account, Definition
from symbolic.evaluate import evaluate_all
from symbolic.liquidation import Case
from tests import strategies
from tests.strategies import FAMILY, examples

ONE = Fraction(1)

BOUGHT_E, BOUGHT_F = date(1998, 1, 15), date(1999, 8, 24)
DAY = timedelta(1)
DAYS = (date(1990, 1, 1), BOUGHT_E - DAY, BOUGHT_E, BOUGHT_E + DAY, BOUGHT_F, BOUGHT_F + DAY, date(2003, 3, 3))
SERIES = ("A", "B", "C", "D", "E", "F")
FULL = {"A": 9_100_000, "B": 1_000_000, "C": 3_000_000, "D": 1_455_000, "E": 3_000_000, "F": 1_500_000}
LISTED = (date(1996, 4, 17), date(1996, 8, 16), date(1997, 11, 10), date(1999, 8, 19))
DATES: Mapping[str, date | None] = {"E": BOUGHT_E, "F": BOUGHT_F}


@cache
def account_of(case: Case, dated: frozenset[str]) -> list[Definition]:
    """Return the account of an issue."""
    account = Account(named=True)
    forms.classification(case, account, dated)
    return account.definitions


def values(
    charter: Charter,
    facts: IssueFacts,
    on: date,
    shares: Number,
    stock: str,
    dates: Mapping[str, date | None],
    split: Fraction = ONE,
) -> dict[str, Number]:
    """Return the values of the unknowns."""
    plan = facts.plan or Plan()
    terms = charter.antidilution
    warrants = () if terms is None else terms.excluded_warrants
    warrant = facts.warrant
    found: dict[str, Number] = {
        "n": shares,
        "on": on.toordinal(),
        "of_common": stock == COMMON,
        "approved": facts.board_approved,
        "majority": facts.majority_acquired,
        "plan_approved": plan.board_approved_on is not None,
        "plan_on": (plan.board_approved_on or date.max).toordinal(),
        "used": warrant.used if warrant else 0,
        "k_of": split,
    }
    found |= {f"for_{purpose}": purpose == facts.purpose.value for purpose in forms.PURPOSES}
    found |= {f"over_{p}": facts.underlying is not None and facts.underlying.value == p for p in forms.TRANSACTIONS}
    for index, own in enumerate(warrants):
        same = warrant is not None and warrant.issued == date.fromisoformat(own.issued)
        found[f"listed_{index}"] = same and warrant is not None and warrant.of == stock == own.of
    for series in charter.series:
        name = series.name
        found[f"bought_{name}"] = (dates.get(name) or date.min).toordinal()
        found[f"favour_{name}"] = plan.in_favour.get(name, 0)
        found[f"voting_{name}"] = plan.outstanding.get(name, 0)
    return found


def differences(
    charter: Charter,
    readings: Readings,
    facts: IssueFacts,
    on: date,
    shares: Number = 10,
    stock: str = COMMON,
    dates: Mapping[str, date | None] = DATES,
    split: Fraction = ONE,
) -> list[str]:
    """List where engine and closed form differ on an issue; split: what one share of its class has become."""
    engine = additional_stock.classify(charter, readings, facts, on, shares, stock, dates, {stock: split})
    dated = frozenset(name for name, day in dates.items() if day is not None)
    known = values(charter, facts, on, shares, stock, dates, split)
    found = evaluate_all(account_of(Case(charter, readings), dated), known)
    counting = {name.removeprefix("counts_") for name, counts in found.items() if name.startswith("counts_") and counts}
    rows: list[tuple[str, object, object]] = [
        ("shares", engine.shares, found["additional"]),
        ("excluded", engine.excluded, found["additional"] == 0),
        ("series", set(engine.additional_for), counting),
    ]
    for name in (finding.series for finding in engine.findings):
        own = additional_stock.is_additional_stock(charter, readings, facts, on, name, stock, dates)
        if shares == 1:
            rows.append((f"counts for {name}", own, name in counting))
    result = [f"{what}: {mine} and {closed}" for what, mine, closed in rows if mine != closed]
    terms = charter.antidilution
    if terms is not None:
        clauses = {f"3(d)(ii)({name[-1]})" for name in found if name.startswith("excludes_") and found[name]}
        clauses |= {w.shares.clause for i, w in enumerate(terms.excluded_warrants) if found[f"taken_{i}"]}
        result += [f"clause {f.clause}" for f in engine.findings if not _explained(f, engine.excluded, clauses)]
    return result


def _explained(finding: Finding, excluded: bool, clauses: set[str]) -> bool:
    """Say whether a finding names a clause of the closed form, or the Purchase Dates."""
    if excluded:
        return finding.clause in clauses
    return finding.clause == ("3(d)(ii)" if finding.counts else "3(d)(i)(A)")


@st.composite
def issues(draw: st.DrawFn) -> tuple[IssueFacts, str]:
    """Draw the facts of an issue, with all that its purpose needs, and the class that is issued."""
    stock = draw(st.sampled_from((COMMON, COMMON, "B", "E")))
    votes = {name: draw(st.sampled_from((0, shares // 2, shares // 2 + 1, shares))) for name, shares in FULL.items()}
    facts = IssueFacts(
        purpose=draw(st.sampled_from(list(Purpose))),
        board_approved=draw(st.booleans()),
        majority_acquired=draw(st.booleans()),
        plan=Plan(draw(st.sampled_from((None, *DAYS))), votes, FULL if draw(st.booleans()) else votes),
        warrant=Warrant(
            draw(st.sampled_from((*LISTED, date(1998, 1, 1)))),
            stock,
            draw(st.sampled_from((0, 4_995, 4_999, 5_000, 192_262, 10**6))),
        ),
        underlying=draw(
            st.sampled_from((Purpose.ACQUISITION, Purpose.COMMERCIAL, Purpose.LEASE_FINANCING, Purpose.SALE))
        ),
    )
    return facts, stock


@examples(300)
@given(
    issues(),
    strategies.readings("plan_gap", "series_issue_excluded"),
    st.sampled_from(DAYS),
    st.integers(1, 12),
    st.sampled_from((ONE, Fraction(2), Fraction(1, 2), Fraction(10, 7))),
)
def test_issues(
    quintus: Charter, issue: tuple[IssueFacts, str], readings: Readings, on: date, shares: int, split: Fraction
) -> None:
    facts, stock = issue
    assert differences(quintus, readings, facts, on, shares, stock, split=split) == []
    dates = {**DATES, "A": date(1995, 1, 1), "C": BOUGHT_F, "D": None}
    assert differences(quintus, readings, facts, on, shares, stock, dates, split) == []


def test_every_purpose(quintus: Charter) -> None:
    for purpose, board, acquired, gap, of in product(Purpose, (False, True), (False, True), Switch, (COMMON, "B", "E")):
        for underlying in (Purpose.ACQUISITION, Purpose.COMMERCIAL):
            plan = Plan(BOUGHT_F, FULL, FULL)
            facts = IssueFacts(purpose, board, acquired, plan, Warrant(LISTED[1], of, 192_260), underlying)
            for readings in (Readings(plan_gap=gap), Readings(plan_gap=gap, series_issue_excluded=Switch.NO)):
                assert differences(quintus, readings, facts, BOUGHT_F + DAY, 3, of) == []
                assert differences(quintus, readings, facts, BOUGHT_F, 1, of) == []


def test_a_charter_without_adjustments() -> None:
    for shares in (1, 5):
        assert differences(FAMILY, Readings(), IssueFacts(), BOUGHT_F, shares, dates={}) == []


# The check is itself checked


def fixed_issues(charter: Charter) -> list[str]:
    """Return the differences over a fixed set of issues."""
    found: list[str] = []
    majority = {"A": 8_027_501}
    for approved, votes in product((BOUGHT_E - DAY, BOUGHT_E, BOUGHT_F, BOUGHT_F + DAY), ({}, majority)):
        facts = IssueFacts(Purpose.PLAN, plan=Plan(approved, votes, FULL))
        found += differences(charter, Readings(), facts, BOUGHT_F + DAY)
    for used in (0, 4_995, 5_000):
        facts = IssueFacts(Purpose.WARRANT, warrant=Warrant(LISTED[0], COMMON, used))
        found += differences(charter, Readings(), facts, BOUGHT_F + DAY)
    found += differences(charter, Readings(), IssueFacts(Purpose.ACQUISITION, True, False), BOUGHT_F + DAY)
    for on in DAYS:
        found += differences(charter, Readings(), IssueFacts(), on)
    found += differences(charter, Readings(series_issue_excluded=Switch.NO), IssueFacts(), BOUGHT_F + DAY, stock="E")
    return found


def test_the_engine_passes(quintus: Charter) -> None:
    assert fixed_issues(quintus) == []


def on_the_day_too(name: str, on: date, purchased: date | None) -> Finding:
    """Count what is issued on the Purchase Date itself."""
    counts = purchased is None or on >= purchased
    return Finding(name, counts, "3(d)(ii)" if counts else "3(d)(i)(A)", "")


def all_series_vote(
    terms: Antidilution, readings: Readings, plan: Plan, purchase_dates: Mapping[str, date | None]
) -> bool:
    """Ask the holders of every series about a plan."""
    every = replace(terms, plan_approval_series=SERIES)
    return real_plan(every, readings, plan, purchase_dates)


def whole_list(
    terms: Antidilution, warrant: Warrant, shares: Number, stock: str, split: Fraction | None
) -> Exclusion | None:
    """Exclude everything under listed warrants, whatever their number."""
    found = real_warrant(terms, warrant, shares, stock, split)
    return None if found is None else replace(found, shares=shares)


def without_control(purpose: Purpose, facts: IssueFacts) -> str | None:
    """Exclude acquisitions of a minority."""
    return real_transaction(purpose, replace(facts, majority_acquired=True))


real_plan = additional_stock.plan_is_excluded
real_warrant = additional_stock._by_warrant
real_transaction = additional_stock._transaction

TAMPERS = {
    "the Purchase Date itself": ("_dated", on_the_day_too),
    "every series votes on a plan": ("plan_is_excluded", all_series_vote),
    "warrants beyond their number": ("_by_warrant", whole_list),
    "acquisitions without control": ("_transaction", without_control),
}


@pytest.mark.parametrize("mistake", TAMPERS)
def test_each_mistake_is_found(quintus: Charter, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    name, replacement = TAMPERS[mistake]
    assert hasattr(additional_stock, name)
    monkeypatch.setattr(additional_stock, name, replacement)
    assert fixed_issues(quintus) != []


def test_fractions_of_shares(quintus: Charter) -> None:
    facts = IssueFacts(Purpose.WARRANT, warrant=Warrant(LISTED[0], COMMON, 4_999))
    for shares in (Fraction(1, 2), Fraction(3, 2)):
        assert differences(quintus, Readings(), facts, BOUGHT_F + DAY, shares) == []
