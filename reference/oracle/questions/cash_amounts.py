"""The question `cash_amounts`: who is owed what since A to D converted, and how funds are shared (3(a), 3(c))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated

from msgspec import Meta

from reference.cash_amounts import CashClaim, Ledger, Totals, due_date, fund, overdue, totals, totals_by_holder
from reference.charter import Charter
from reference.history import State
from reference.oracle.amounts import show
from reference.oracle.documents import Amount, Document
from reference.oracle.histories import state_on, steps
from reference.oracle.positions import not_negative
from reference.oracle.replies import Amounts, Reply, Step, Text
from reference.position import NOTHING
from reference.readings import Readings


class CashAmountsQuestion(Document, frozen=True, tag_field="question", tag="cash_amounts"):
    """Ask for the Cash Amounts after the events, or on a later date, and for what further funds would pay."""

    on: date | None = None
    funds: Annotated[
        tuple[Amount, ...], Meta(description="Legally available funds, $, applied one after the other.")
    ] = ()


class ClaimReply(Reply, frozen=True):
    """Hold one holder's Cash Amounts of one series from one conversion, $; due: their last day."""

    holder: str
    series: str
    converted_on: date
    due: date | None
    owed: Text
    paid: Text
    unpaid: Text
    overdue: bool


class TotalsReply(Reply, frozen=True):
    """Hold what is owed, paid and unpaid in all, $."""

    owed: Text
    paid: Text
    unpaid: Text


class FundsReply(Reply, frozen=True):
    """Hold what some funds pay, $ by holder, and what is left of them as nobody is owed more."""

    funds: Text
    by_holder: Amounts
    excess: Text


class CashAmountsAnswer(Reply, frozen=True, tag_field="question", tag="cash_amounts"):
    """Hold the Cash Amounts after all funds, $: in all, by holder, and every claim."""

    as_of: date | None
    owed: Text
    paid: Text
    unpaid: Text
    claims: list[ClaimReply]
    by_holder: dict[str, TotalsReply]
    funded: list[FundsReply]


Question = CashAmountsQuestion
Answer = CashAmountsAnswer


def answer(
    ask: CashAmountsQuestion, state: State, readings: Readings
) -> tuple[CashAmountsAnswer, list[str], list[Step]]:
    """Answer with the claims, what is paid and unpaid; raise Refusal for a date before the last event."""
    state = state_on(state, ask.on, readings)
    funds = [not_negative(value, f"ask.funds[{index}]") for index, value in enumerate(ask.funds)]
    ledger, funded, funding = state.cash, [], []
    before = totals_by_holder(ledger)
    for amount in funds:
        found = fund(ledger, amount, readings)
        ledger, after = found.ledger, totals_by_holder(found.ledger)
        reply = FundsReply(show(amount), _payments(before, after), show(found.excess))
        before = after
        funded.append(reply)
        funding.append(_funding_step(amount, found.excess, reply))
    total = totals(ledger)
    charter, as_of = state.position.charter, state.position.as_of
    late = set() if as_of is None else {id(claim) for claim in overdue(charter, ledger, as_of)}
    found_answer = CashAmountsAnswer(
        as_of=as_of,
        owed=show(total.owed),
        paid=show(total.paid),
        unpaid=show(total.unpaid),
        claims=[_claim(claim, charter, id(claim) in late) for claim in ledger],
        by_holder={holder: _totals(own) for holder, own in sorted(totals_by_holder(ledger).items())},
        funded=funded,
    )
    notes = [*_notes(state, total, funds, bool(late))]
    return found_answer, notes, [*steps(state), *_claim_steps(state.cash), *funding]


def _claim(claim: CashClaim, charter: Charter, is_late: bool) -> ClaimReply:
    return ClaimReply(
        holder=claim.holder,
        series=claim.series,
        converted_on=claim.converted_on,
        due=due_date(charter, claim.converted_on),
        owed=show(claim.owed),
        paid=show(claim.paid),
        unpaid=show(claim.unpaid),
        overdue=is_late,
    )


def _totals(own: Totals) -> TotalsReply:
    return TotalsReply(show(own.owed), show(own.paid), show(own.unpaid))


def _payments(before: Mapping[str, Totals], after: Mapping[str, Totals]) -> Amounts:
    paid = {holder: own.paid - before[holder].paid for holder, own in after.items()}
    return {holder: show(amount) for holder, amount in sorted(paid.items()) if amount != 0}


def _claim_steps(ledger: Ledger) -> Iterator[Step]:
    for claim in ledger:
        amounts = {"owed": show(claim.owed), "paid": show(claim.paid), "unpaid": show(claim.unpaid)}
        says = (
            f"{claim.holder} is owed the Cash Amount of {claim.series}, converted on {claim.converted_on.isoformat()}."
        )
        yield Step("3(a)", "claim", says, claim.series, amounts)


def _funding_step(amount: Fraction, excess: Fraction, reply: FundsReply) -> Step:
    amounts = {"funds": show(amount), "applied": show(amount - excess), "excess": show(excess)}
    paid = {f"paid_{holder}": each for holder, each in reply.by_holder.items()}
    return Step("3(c)", "funds", "Funds are shared in proportion to what is unpaid.", amounts={**amounts, **paid})


def _notes(state: State, total: Totals, funds: list[Fraction], late: bool) -> Iterator[str]:
    if late:
        yield "Some Cash Amounts are overdue; no clause lets them bear interest or block other payments (AMB-52)."
    if sum(funds, NOTHING) > totals(state.cash).unpaid:
        yield "Funds beyond what is owed are not kept for later conversions (AMB-119)."
    if total.unpaid > 0:
        yield f"{show(total.unpaid)} stays to be paid out of further funds as they become legally available (3(c))."
