"""Notices of record date: section 4."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from reference.charter import COMMON, Charter
from reference.position import Position
from reference.refusal import Forbidden

RecordKind = Literal["cash_dividend", "other_dividend", "distribution", "subscription_right", "other_right", "vote"]
"""What a record of holders is taken for; the right to receive cash is another right, not a cash dividend."""

WITHOUT_NOTICE: frozenset[RecordKind] = frozenset({"cash_dividend", "vote"})
"""A record for a meeting or a consent decides who votes, not who receives: the bylaws govern its notice."""


def needs_notice(charter: Charter, kind: RecordKind) -> bool:
    """Say whether a record of holders must be announced to the Preferred (4, AMB-79)."""
    return charter.notice is not None and kind not in WITHOUT_NOTICE


def latest_mailing(charter: Charter, record_date: date) -> date | None:
    """Return the last day on which a notice can be mailed: so many calendar days before the record date (4, AMB-79).

    None if the charter asks for no notice. Raise Forbidden if there is no such day, before the year 1.
    """
    if charter.notice is None:
        return None
    days = timedelta(days=charter.notice.days.value)
    if record_date - date.min < days:
        raise Forbidden("outside_calendar", "4", "The last day for mailing would lie before the year 1.")
    return record_date - days


def is_timely(charter: Charter, kind: RecordKind, record_date: date, mailed: date | None) -> bool:
    """Say whether a notice was mailed in time, or none was needed (4).

    mailed: the day of mailing; None if nothing was mailed.
    """
    latest = latest_mailing(charter, record_date) if needs_notice(charter, kind) else None
    return latest is None or (mailed is not None and mailed <= latest)


def recipients(position: Position) -> tuple[str, ...]:
    """Name the holders to whom a notice must be mailed: those of any Preferred Stock, each once (4)."""
    holders = (h.holder for h in position.holdings if h.stock != COMMON and h.shares > 0)
    return tuple(dict.fromkeys(holders))
