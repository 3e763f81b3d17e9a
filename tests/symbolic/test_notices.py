"""The engine and the closed forms agree on notices of record date; and the check finds mistakes."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product
from typing import get_args

import pytest

from reference import notices
from reference.charter import COMMON, Charter
from reference.notices import RecordKind
from reference.position import Holding, Position
from reference.readings import Readings
from symbolic import notices as forms
from symbolic.account import Account, Definition
from symbolic.evaluate import evaluate_all
from symbolic.liquidation import Case
from tests.agreement import case_of, values_of
from tests.strategies import FAMILY

HOLDERS = ("ann", "bob", "cy")
RECORD = date(2000, 3, 10)
FACTS: dict[RecordKind, dict[str, int]] = {
    "cash_dividend": {"for_cash": 1, "to_receive": 1},
    "other_dividend": {"to_receive": 1},
    "distribution": {"to_receive": 1},
    "subscription_right": {"to_receive": 1},
    "other_right": {"to_receive": 1},
    "vote": {},
}


@cache
def account_of(case: Case) -> list[Definition]:
    """Return the account of a notice to three holders."""
    account = Account(named=True)
    forms.notice(case, account, len(HOLDERS))
    return account.definitions


def differences(position: Position, kind: RecordKind, record: date, mailed: date | None) -> list[str]:
    """List where engine and closed form differ on a notice."""
    charter = position.charter
    values: dict[str, Fraction | int] = {**values_of(position, Fraction(0)), "for_cash": 0, "to_receive": 0}
    values |= FACTS[kind]
    values |= {"record": record.toordinal(), "mailed": mailed is not None}
    values["mailed_on"] = (mailed or date.min).toordinal()
    for number, holder in enumerate(HOLDERS, start=1):
        for series in charter.series:
            own = [h.shares for h in position.holdings if (h.holder, h.stock) == (holder, series.name)]
            values[f"h_{number}_{series.name}"] = sum(own)
    found = evaluate_all(account_of(case_of(position, Readings())), values)
    latest = notices.latest_mailing(charter, record)
    getting = {holder for number, holder in enumerate(HOLDERS, start=1) if found[f"gets_{number}"]}
    rows: list[tuple[str, object, object]] = [
        ("needed", notices.needs_notice(charter, kind), found["needs_notice"]),
        ("latest", None if latest is None else latest.toordinal(), found.get("latest")),
        ("timely", notices.is_timely(charter, kind, record, mailed), found["is_timely"]),
        ("recipients", set(notices.recipients(position)), getting),
    ]
    return [f"{what}: {mine} and {closed}" for what, mine, closed in rows if mine != closed]


def tables(charter: Charter) -> list[Position]:
    """Return tables in which holders have Preferred, Common, both or nothing."""
    first, last = charter.series[0].name, charter.series[-1].name
    holdings = (
        (Holding("ann", first, 2), Holding("ann", last, 1), Holding("bob", COMMON, 5)),
        (Holding("bob", last, 1), Holding("cy", first, 0), Holding("cy", COMMON, 1)),
        (),
    )
    return [Position(charter, {}, holdings=listed) for listed in holdings]


def all_differences(charter: Charter) -> list[str]:
    """Return the differences over every kind of record, and mailings around the last day."""
    found: list[str] = []
    days = (None, *(RECORD - timedelta(days) for days in (0, 1, 19, 20, 21, 40)), RECORD + timedelta(1))
    for kind, mailed in product(get_args(RecordKind), days):
        for position in tables(charter):
            found += differences(position, kind, RECORD, mailed)
    return found


def test_notices(quintus: Charter) -> None:
    assert set(FACTS) == set(get_args(RecordKind))
    assert all_differences(quintus) == []
    assert all_differences(FAMILY) == []


def test_every_day_of_five_years(quintus: Charter) -> None:
    position = tables(quintus)[0]
    for day in range(0, 5 * 366, 3):
        record = date(1999, 1, 1) + timedelta(day)
        assert differences(position, "distribution", record, record - timedelta(20)) == []


def announce_cash(charter: Charter, kind: RecordKind) -> bool:
    """Ask for a notice of a cash dividend too."""
    return charter.notice is not None and kind != "vote"


def three_weeks(charter: Charter, record_date: date) -> date | None:
    """Ask for three weeks."""
    return None if charter.notice is None else record_date - timedelta(21)


def everybody(position: Position) -> tuple[str, ...]:
    """Mail to holders of Common as well."""
    return tuple(dict.fromkeys(holding.holder for holding in position.holdings))


def never_late(charter: Charter, kind: RecordKind, record_date: date, mailed: date | None) -> bool:
    """Take a notice on the day before for one in time."""
    return not notices.needs_notice(charter, kind) or (mailed is not None and mailed < record_date)


TAMPERS = {
    "cash dividends announced": ("needs_notice", announce_cash),
    "three weeks": ("latest_mailing", three_weeks),
    "to all holders": ("recipients", everybody),
    "never late": ("is_timely", never_late),
}


@pytest.mark.parametrize("mistake", TAMPERS)
def test_each_mistake_is_found(quintus: Charter, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    name, replacement = TAMPERS[mistake]
    assert hasattr(notices, name)
    monkeypatch.setattr(notices, name, replacement)
    assert all_differences(quintus) != []
