"""Notices of record date: whether one is needed, until when, and to whom it goes (4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from symbolic import notices
from symbolic.account import Definition
from symbolic.evaluate import Value, evaluate_all
from symbolic.liquidation import Case
from tests.oracle.cases import changed, charter_document, without
from tests.oracle.questions import asked, held
from tests.outputs.compare import Expected, NoAnswerError
from tests.outputs.conversions import recorded
from tests.outputs.facts import Facts, day
from tests.outputs.ledger import facts_of
from tests.outputs.votes import listed

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {}


@cache
def _account(case: Case, holders: int) -> list[Definition]:
    return recorded(lambda account: notices.notice(case, account, holders))


def _told(facts: Facts, ask: Document) -> dict[str, Value]:
    record, mailed = day(ask["record_date"]), day(ask.get("mailed"))
    assert record is not None
    values = facts.with_holders(listed(facts)) | {
        "record": record.toordinal(),
        "mailed": int(mailed is not None),
        "mailed_on": 0 if mailed is None else mailed.toordinal(),
        "for_cash": int(ask["kind"] == "cash_dividend"),
        "to_receive": int(ask["kind"] != "vote"),
    }
    return evaluate_all(_account(facts.case(), len(listed(facts))), values)


def expected(document: Document) -> Expected:
    """Return every date, yes or no and holder of the answer; raise NoAnswerError for a day before the calendar."""
    ask = document["ask"]
    facts = facts_of(document)
    told = _told(facts, ask)
    if not told["needs_notice"]:
        return {"needed": False, "latest_mailing": None, "timely": told["is_timely"], "recipients": []}
    if told["latest"] < date.min.toordinal():
        raise NoAnswerError("outside_calendar")
    to = [holder for number, holder in enumerate(facts.holders, start=1) if told[f"gets_{number}"]]
    return {
        "needed": True,
        "latest_mailing": date.fromordinal(int(told["latest"])),
        "timely": told["is_timely"] if ask.get("mailed") is not None else None,
        "recipients": sorted(to),
    }


def record(record_date: str, kind: str = "distribution", position: Document | None = None, **fields: Any) -> Document:
    """Return a question about a record date; without a position, of full issuance."""
    own = None if position is None else dict(position)
    return asked("notice", own, kind=kind, record_date=record_date, **fields)


SMALL = held(("eve", "E", 1), ("ann", "A", 2), ("eve", "A", 1), ("di", "common", 5), ("al", "F", 0), as_of="1999-08-24")
CONVERTS = {"on": "1999-09-01", "do": "convert", "holder": "eve", "shares": {"E": 1}}
ELECTS = {"on": "1999-09-01", "do": "elect_conversion", "consents": {"ann": {"A": 2}}}
EXAMPLES: tuple[Document, ...] = (
    record("1999-10-01"),
    # Exactly the days of notice, and a day less; leap days.
    record("1999-10-01", position=SMALL, mailed="1999-09-11"),
    record("1999-10-01", position=SMALL, mailed="1999-09-12"),
    record("2000-03-20", "other_dividend", SMALL, mailed="2000-02-29"),
    record("2001-03-20", "subscription_right", SMALL, mailed="2001-03-01"),
    record("1999-10-01", "other_right", SMALL, mailed="1999-10-02"),
    record("1999-10-01", "cash_dividend", SMALL),
    record("1999-10-01", "vote", SMALL, mailed="1999-10-02"),
    record("1999-10-01", position=held(("di", "common", 5))),
    record("1999-10-01", position=SMALL, events=[CONVERTS]),
    record("1999-10-01", position=SMALL, events=[ELECTS, {**CONVERTS, "on": "1999-09-02"}], mailed="1999-09-11"),
    record("1999-10-01", position=held()),
    # The first day of the calendar, and the day before.
    record("0001-01-21", mailed="0001-01-01"),
    record("0001-01-20"),
    record("0001-01-20", "cash_dividend"),
    changed(dict(record("1999-10-01", position=SMALL)), "charter", without(charter_document(), "notice")),
)
