"""Questions in, answers out: one case document at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from reference.charter import Charter
from reference.enclosure import TooLongError, UndecidedError
from reference.equilibrium import NoEquilibriumError
from reference.oracle import charters, questions
from reference.oracle.amounts import AmountError
from reference.oracle.documents import Case, EnclosureDocument, read_case
from reference.oracle.leaves import leaves
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
        reply, notes, steps = _decided(case, charter)
    except NoEquilibriumError as error:
        raise Refusal("no_equilibrium", "ask", f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    except Forbidden as error:
        raise Refusal(error.code, "ask", error.message, error.clause) from None
    except AmountError as error:
        raise Refusal(error.code, "", str(error)) from None
    return Answered(case.case, "answered", reply, looked_at(case), notes, steps)


def _decided(case: Case, charter: Charter) -> tuple[Reply, list[str], list[Step]]:
    """Answer with exact conversion prices, or where these get too long with ever closer enclosures of them."""
    given = any(isinstance(own, EnclosureDocument) for own in case.position.conversion_prices.values())
    attempts: Iterable[int | None] = [None]
    if _has_a_history(case):
        from reference.oracle.histories import precisions  # a cold answer about a liquidation does without

        attempts = precisions()
    for places in attempts:
        try:
            reply, notes, steps = _answer(case, charter, places)
        except (TooLongError, UndecidedError):
            continue
        return reply, [*notes, *(_enclosures(reply) if given or places is not None else ())], steps
    sentence = "Two amounts are too close to be told apart: the conversion prices are too long to be written out."
    raise Refusal("undecided", "events", sentence, "3(d)(i)(A)")


def _enclosures(reply: Reply) -> Iterator[str]:
    """Say which fields of an answer are enclosures (AMB-59)."""
    told = leaves(type(reply), msgspec.to_builtins(reply))
    found = [leaf.path for leaf in told if isinstance(leaf.value, dict) and "decimal" in leaf.value]
    if found:
        yield f"Too long to be written out, and given between two decimals: {', '.join(found)} (3(d)(i)(A), AMB-59)."


def _answer(case: Case, charter: Charter, places: int | None) -> tuple[Reply, list[str], list[Step]]:
    question = case.ask["question"]
    module = questions.module(question)
    ask = convert(case.ask, module.Question, "ask")
    of_a_position = question in questions.OF_A_POSITION
    if of_a_position and not _has_a_history(case):
        reply, notes, steps = module.answer(ask, build(case.position, charter, case.readings), case.readings)
        return reply, notes, steps
    from reference.oracle import histories  # a cold answer about a liquidation does without

    state = histories.state_after(case, charter, places)
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
