"""The question `notice`: whether a record date needs a notice, by when it is mailed, and to whom."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.cases import ask, changed, charter_document, without
from tests.oracle.questions import Document, answered, asked, held, notes, readings_of, refused


def notice(position: Document | None = None, **fields: Any) -> Document:
    return asked("notice", position, **{"kind": "distribution", "record_date": "1999-10-01", **fields})


# Twenty calendar days before the record date (4, AMB-79).
@pytest.mark.parametrize(
    ("record", "latest"),
    [
        ("1999-10-01", "1999-09-11"),
        ("2000-03-20", "2000-02-29"),
        ("2001-03-20", "2001-02-28"),
        ("0001-01-21", "0001-01-01"),
    ],
)
def test_the_last_day_for_mailing(record: str, latest: str) -> None:
    found = answered(notice(record_date=record))
    assert (found["needed"], found["latest_mailing"], found["timely"]) == (True, latest, None)


@pytest.mark.parametrize(
    ("mailed", "timely"), [("1999-09-10", True), ("1999-09-11", True), ("1999-09-12", False), ("1999-10-02", False)]
)
def test_a_notice_in_time_or_too_late(mailed: str, timely: bool) -> None:
    document = notice(mailed=mailed)
    assert answered(document)["timely"] is timely
    assert ("AMB-79" in notes(document)) is not timely
    assert ask(document)["because"][-1]["says"].endswith("in time." if timely else "too late.")


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("cash_dividend", False),
        ("vote", False),
        ("other_dividend", True),
        ("distribution", True),
        ("subscription_right", True),
        ("other_right", True),
    ],
)
def test_which_records_need_notice(kind: str, needed: bool) -> None:
    found = answered(notice(kind=kind, mailed="1999-12-31"))
    assert found["needed"] is needed
    if not needed:
        assert (found["latest_mailing"], found["timely"], found["recipients"]) == (None, True, [])


def test_every_holder_of_preferred_gets_one() -> None:
    position = held(("eve", "E", 1), ("ann", "A", 2), ("eve", "A", 1), ("di", "common", 5), ("al", "F", 0))
    assert answered(notice(position))["recipients"] == ["ann", "eve"]
    assert answered(notice(held(("di", "common", 5))))["recipients"] == []


def test_recipients_after_a_history() -> None:
    position = held(("ann", "E", 2), ("bob", "E", 1), as_of="1999-08-24")
    converts = {"on": "1999-09-01", "do": "convert", "holder": "ann", "shares": {"E": 2}}
    assert answered(notice(position, events=[converts]))["recipients"] == ["bob"]


def test_the_reasoning() -> None:
    (step,) = ask(notice())["because"]
    assert (step["clause"], step["step"]) == ("4", "notice")
    assert step["amounts"] == {"days": "20", "recipients": "6"}
    assert "1999-09-11" in step["says"]
    (none,) = ask(notice(kind="vote"))["because"]
    assert none["says"] == "No notice to the Preferred is needed."


def test_a_charter_without_notices() -> None:
    document = changed(notice(), "charter", without(charter_document(), "notice"))
    assert answered(document) == {
        "question": "notice",
        "needed": False,
        "latest_mailing": None,
        "timely": True,
        "recipients": [],
    }


@pytest.mark.parametrize(
    ("field", "value", "code", "path"),
    [
        ("kind", "party", "invalid_value", "ask.kind"),
        ("kind", None, "wrong_type", "ask.kind"),
        ("kind", 1.5, "float", "ask.kind"),
        ("record_date", "1 Oct 1999", "invalid_date", "ask.record_date"),
        ("record_date", "1999-02-29", "invalid_date", "ask.record_date"),
        ("record_date", 1999, "wrong_type", "ask.record_date"),
        ("record_date", -1, "wrong_type", "ask.record_date"),
        ("record_date", None, "wrong_type", "ask.record_date"),
        ("record_date", "0001-01-20", "outside_calendar", "ask"),
        ("mailed", "yesterday", "invalid_date", "ask.mailed"),
        ("mailed", 1.5, "float", "ask.mailed"),
        ("class", "A", "unknown_field", "ask.class"),
    ],
)
def test_bad_fields(field: str, value: Any, code: str, path: str) -> None:
    assert refused(changed(notice(), f"ask.{field}", value)) == (code, path)


@pytest.mark.parametrize("field", ["kind", "record_date"])
def test_missing_fields(field: str) -> None:
    assert refused(without(notice(), f"ask.{field}")) == ("missing_field", f"ask.{field}")


def test_no_reading_matters() -> None:
    assert readings_of("notice") == set()
    assert ask(notice())["readings"] == {}
