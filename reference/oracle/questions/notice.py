"""The question `notice`: whether a record date must be announced to the Preferred, and by when (4)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from reference.history import State
from reference.notices import RecordKind, is_timely, latest_mailing, needs_notice, recipients
from reference.oracle.amounts import show
from reference.oracle.documents import Document
from reference.oracle.replies import Reply, Step
from reference.readings import Readings


class NoticeQuestion(Document, frozen=True, tag_field="question", tag="notice"):
    """Ask about the notice of a record date."""

    kind: Annotated[RecordKind, Meta(description="What the record of holders is taken for.")]
    record_date: date
    mailed: Annotated[date | None, Meta(description="The day on which the notice was mailed.")] = None


class NoticeAnswer(Reply, frozen=True, tag_field="question", tag="notice"):
    """Say whether a notice is needed, the last day for mailing it and to whom it goes.

    timely: null if it is needed and the question does not say when it was mailed.
    """

    needed: bool
    latest_mailing: date | None
    timely: bool | None
    recipients: list[str]


Question = NoticeQuestion
Answer = NoticeAnswer


def answer(ask: NoticeQuestion, state: State, readings: Readings) -> tuple[NoticeAnswer, list[str], list[Step]]:
    """Answer with the last day for mailing and the recipients."""
    charter = state.position.charter
    needed = needs_notice(charter, ask.kind)
    latest = latest_mailing(charter, ask.record_date) if needed else None
    to = sorted(recipients(state.position)) if needed else []
    known = ask.mailed is not None or not needed
    timely = is_timely(charter, ask.kind, ask.record_date, ask.mailed) if known else None
    reply = NoticeAnswer(needed, latest, timely, to)
    if not needed or latest is None or charter.notice is None:
        return reply, [], [Step("4", "notice", "No notice to the Preferred is needed.")]
    says = f"The notice must be mailed on {latest} at the latest, to every holder of Preferred Stock."
    steps = [Step("4", "notice", says, amounts={"days": show(charter.notice.days.value), "recipients": show(len(to))})]
    if timely is not None:
        steps.append(Step("4", "mailing", f"Mailed on {ask.mailed}: {'in time' if timely else 'too late'}."))
    notes = [] if timely is not False else [f"The notice was mailed after {latest} (4, AMB-79)."]
    return reply, notes, steps
