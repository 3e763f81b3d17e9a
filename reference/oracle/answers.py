"""Questions in, answers out: one case document at a time."""

from __future__ import annotations

import os
from typing import Any

import msgspec

from reference.charter import Charter
from reference.equilibrium import NoEquilibriumError
from reference.oracle import charters, questions
from reference.oracle.amounts import AmountError
from reference.oracle.documents import Case, read_case
from reference.oracle.positions import build
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Answered, Refused, Reply, Step, refused
from reference.oracle.shapes import convert
from reference.oracle.wire import decode
from reference.readings import REGISTER, Readings
from reference.refusal import Forbidden

DEBUG = "CHARTERPROOF_DEBUG"
"""The environment variable that makes unexpected failures print their traceback."""


def answer_text(text: bytes, line: int | None = None) -> Answered | Refused:
    """Answer one case given as JSON text; never raise. line: where it starts in the input, for refusals."""
    try:
        document = decode(text)
    except Refusal as refusal:
        return refused(refusal, line=line)
    return answer_plain(document, line)


def answer_plain(document: Any, line: int | None = None) -> Answered | Refused:
    """Answer one case given as plain values; never raise. line: where it starts in the input, for refusals."""
    try:
        return answer_document(document)
    except Refusal as refusal:
        return refused(refusal, document, line)
    except Exception as error:
        return refused(internal_error(error), document, line)


def answer_document(document: Any) -> Answered:
    """Answer one case given as plain values; raise Refusal if it cannot be answered."""
    case = read_case(document)
    charter = charters.load(case.charter)
    try:
        reply, notes, steps = _answer(case, charter)
    except NoEquilibriumError as error:
        raise Refusal("no_equilibrium", "ask", f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    except Forbidden as error:
        raise Refusal(error.code, "ask", error.message, error.clause) from None
    except AmountError as error:
        raise Refusal(error.code, "", str(error)) from None
    return Answered(case.case, "answered", reply, looked_at(case), notes, steps)


def _answer(case: Case, charter: Charter) -> tuple[Reply, list[str], list[Step]]:
    question = case.ask["question"]
    module = questions.module(question)
    ask = convert(case.ask, module.Question, "ask")
    of_a_position = question in questions.OF_A_POSITION
    if of_a_position and not _has_a_history(case):
        reply, notes, steps = module.answer(ask, build(case.position, charter, case.readings), case.readings)
        return reply, notes, steps
    from reference.oracle import histories  # a cold answer about a liquidation does without

    state = histories.state_after(case, charter)
    if of_a_position:
        reply, notes, steps = module.answer(ask, histories.position_of(state), case.readings, state)
        notes = [*notes, *histories.debts(state, case.readings)]
    else:
        reply, notes, steps = module.answer(ask, state, case.readings)
    return reply, [*notes, *histories.notes(state)], steps


def _has_a_history(case: Case) -> bool:
    """Say whether something has happened, now or before the position's date, that a position alone does not hold."""
    position = case.position
    return bool(case.events or position.purchase_dates or position.carried or position.cash_amounts)


def looked_at(case: Case) -> dict[str, str]:
    """Return the readings in force that the question and the history look at, in the register's order."""
    looking = {case.ask["question"], *(("history",) if case.events or case.position.carried else ())}
    return {e.field: _option(case.readings, e.field) for e in REGISTER if looking & set(e.questions)}


def _option(readings: Readings, field: str) -> str:
    return str(getattr(readings, field))


def encode(reply: Answered | Refused) -> bytes:
    """Write one reply as a line of JSON."""
    return msgspec.json.encode(reply) + b"\n"


def internal_error(error: Exception) -> Refusal:
    """Turn an unexpected failure into a refusal; print its traceback only if the environment asks for it."""
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    sentence = f"The program failed ({type(error).__name__}): a defect to report; {DEBUG}=1 prints where."
    return Refusal("internal_error", "", sentence)
