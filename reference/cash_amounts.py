"""Payment of the Cash Amounts: section 3(c).

A ledger is a tuple of claims, one for each holder and series of a conversion. Claims bear no interest and
block no other payment, for no clause says so (AMB-52).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeAlias

from reference.charter import Charter
from reference.conversion import HolderConversion
from reference.position import NOTHING
from reference.readings import CashPool, Readings
from reference.refusal import Forbidden


@dataclass(frozen=True, slots=True)
class CashClaim:
    """Hold one holder's Cash Amounts of one series from the conversion of one date: owed and paid, $."""

    converted_on: date
    holder: str
    series: str
    owed: Fraction
    paid: Fraction = NOTHING

    @property
    def unpaid(self) -> Fraction:
        """Return what is still to pay, $."""
        return self.owed - self.paid


Ledger: TypeAlias = tuple[CashClaim, ...]
"""The claims, paid ones included, in the order in which they arose."""


@dataclass(frozen=True, slots=True)
class Funding:
    """Hold what funds did: the ledger after them, what each claim got, $, and what nobody was owed, $."""

    ledger: Ledger
    payments: tuple[Fraction, ...]
    excess: Fraction


@dataclass(frozen=True, slots=True)
class Totals:
    """Hold what is owed and paid on several claims, $."""

    owed: Fraction = NOTHING
    paid: Fraction = NOTHING

    @property
    def unpaid(self) -> Fraction:
        """Return what is still to pay, $."""
        return self.owed - self.paid


def due_date(charter: Charter, converted_on: date) -> date | None:
    """Return the last day for Cash Amounts of a conversion, in calendar days, None if no term is set (3(c))."""
    if charter.cash_payment is None:
        return None
    days = timedelta(days=charter.cash_payment.days.value)
    # The calendar ends somewhere; nothing falls due after that.
    return converted_on + days if converted_on <= date.max - days else date.max


def claims_of(conversions: Iterable[HolderConversion], converted_on: date) -> Ledger:
    """Return the claims to Cash Amounts that conversions of one date give, by holder and series (3(a), 3(c))."""
    return tuple(
        CashClaim(converted_on, own.holder, name, amount) for own in conversions for name, amount in own.cash.items()
    )


def totals(ledger: Iterable[CashClaim]) -> Totals:
    """Return what is owed and paid on some claims together, $ (3(c))."""
    owed = paid = NOTHING
    for claim in ledger:
        owed, paid = owed + claim.owed, paid + claim.paid
    return Totals(owed, paid)


def totals_by_holder(ledger: Iterable[CashClaim]) -> dict[str, Totals]:
    """Return what is owed and paid, $ by holder, in the order in which the claims arose (3(c))."""
    claims: dict[str, list[CashClaim]] = {}
    for claim in ledger:
        claims.setdefault(claim.holder, []).append(claim)
    return {holder: totals(own) for holder, own in claims.items()}


def total_unpaid(ledger: Ledger) -> Fraction:
    """Return what is still to pay on all claims, $ (3(c))."""
    return sum((claim.unpaid for claim in ledger), NOTHING)


def overdue(charter: Charter, ledger: Ledger, on: date) -> Ledger:
    """Return the claims that are not paid in full although their last day is past on a date (3(c))."""
    found = []
    for claim in ledger:
        due = due_date(charter, claim.converted_on)
        if due is not None and on > due and claim.unpaid > 0:
            found.append(claim)
    return tuple(found)


def fund(ledger: Ledger, amount: Fraction, readings: Readings) -> Funding:
    """Apply legally available funds, $, to the claims, rateably to what is unpaid on each (3(c), AMB-51).

    All claims share alike, or those of an earlier conversion come first, as the reading says. Funds beyond
    what is owed at that time are returned and not kept for later claims (AMB-119). Raise Forbidden for funds
    below zero.
    """
    if amount < 0:
        raise Forbidden("negative_funds", "3(c)", "Funds cannot be less than nothing.")
    if readings.cash_pool is CashPool.MERGED:
        return _share(ledger, amount)
    return _earlier_first(ledger, amount)


def _share(ledger: Ledger, amount: Fraction) -> Funding:
    total = total_unpaid(ledger)
    if amount >= total:
        payments = tuple(claim.unpaid for claim in ledger)
        return Funding(_paid(ledger, payments), payments, amount - total)
    # The total is above the amount, and so above zero.
    payments = tuple(amount * claim.unpaid / total for claim in ledger)
    return Funding(_paid(ledger, payments), payments, NOTHING)


def _earlier_first(ledger: Ledger, amount: Fraction) -> Funding:
    left = amount
    paid = dict.fromkeys(range(len(ledger)), NOTHING)
    for day in sorted({claim.converted_on for claim in ledger}):
        places = [place for place, claim in enumerate(ledger) if claim.converted_on == day]
        funding = _share(tuple(ledger[place] for place in places), left)
        paid |= dict(zip(places, funding.payments, strict=True))
        left = funding.excess
    payments = tuple(paid[place] for place in range(len(ledger)))
    return Funding(_paid(ledger, payments), payments, left)


def _paid(ledger: Ledger, payments: tuple[Fraction, ...]) -> Ledger:
    return tuple(replace(claim, paid=claim.paid + payment) for claim, payment in zip(ledger, payments, strict=True))
