"""Payment of the Cash Amounts in closed form: section 3(c).

Nothing is paid step by step. What is unpaid of all claims after some funds is a maximum of sums: of what arose
less what was paid in since some moment, over every such moment. Claims of one rank have what is unpaid of their
rank and of those before it, less what is unpaid of those before it. A single claim keeps the part of it that is
unpaid of its rank, which makes a product of ratios.

Stages are numbered from one: in each, claims may arise, and then funds become available. Days are day numbers.
Domain: amounts and funds are at least zero, and no claim is paid more than it is owed at the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sympy

from reference.charter import Charter
from reference.readings import CashPool, Readings
from symbolic.account import Account
from symbolic.algebra import ONE, ZERO, above, all_of, largest, number, positive, quotient, smallest, total
from symbolic.liquidation import Case
from symbolic.symbols import Unknown

LAST_DAY = sympy.Symbol("last_day", integer=True)
"""The last day of the calendar, a day number."""

TODAY = sympy.Symbol("today", integer=True)
"""The day on which claims may be overdue, a day number."""


def owed(claim: int) -> sympy.Symbol:
    """Return what is owed on a claim in all, $, >= 0 (3(c))."""
    return sympy.Symbol(f"owed_{claim}", nonnegative=True)


def paid_before(claim: int) -> sympy.Symbol:
    """Return what was paid on a claim before the first funds, $, >= 0 (3(c))."""
    return sympy.Symbol(f"before_{claim}", nonnegative=True)


def day_of(claim: int) -> sympy.Symbol:
    """Return the day of the conversion that gave a claim, a day number (3(c))."""
    return sympy.Symbol(f"day_{claim}", integer=True)


def funds(stage: int) -> sympy.Symbol:
    """Return the funds that become legally available in a stage, $, >= 0 (3(c))."""
    return sympy.Symbol(f"f_{stage}", nonnegative=True)


@dataclass(frozen=True)
class Claim:
    """Say where a claim stands: in which stage it arose, and whose conversion day and holder it has.

    stage, holder: from one; rank: the place of its conversion day among all of them, from one.
    """

    stage: int
    rank: int = 1
    holder: int = 1


def due_day(charter: Charter, converted_on: sympy.Expr) -> sympy.Expr | None:
    """Return the last day for Cash Amounts of a conversion, None if there is no term (3(c), AMB-50)."""
    if charter.cash_payment is None:
        return None
    return smallest(converted_on + number(charter.cash_payment.days.value), LAST_DAY)


def one_pool(claim: int, claims: int, stages: int) -> sympy.Expr:
    """Return what is paid on a claim where all arose before the first funds, $ (3(c), AMB-51).

    The funds, as far as they are owed, in proportion to what was unpaid at the start.
    """
    pool = total(owed(other) - paid_before(other) for other in range(1, claims + 1))
    own = owed(claim) - paid_before(claim)
    return paid_before(claim) + smallest(total(funds(stage) for stage in range(1, stages + 1)), pool) * quotient(
        own, pool
    )


def two_pools(readings: Readings) -> tuple[sympy.Expr, sympy.Expr]:
    """Return what is paid on two claims, $, the second of which arose after the first funds and on a later day.

    Merged, the later funds are shared by what is then unpaid; otherwise the first is paid in full before the second
    (3(c), AMB-51).
    """
    first = smallest(funds(1), owed(1))
    left = owed(1) - first
    if readings.cash_pool is CashPool.MERGED:
        part = smallest(ONE, quotient(funds(2), left + owed(2)))
        return first + part * left, part * owed(2)
    return first + smallest(funds(2), left), smallest(largest(ZERO, funds(2) - left), owed(2))


def unpaid_after(stage: int, arisen: Sequence[sympy.Expr]) -> sympy.Expr:
    """Return what is unpaid after a stage, $: the greatest of what arose less the funds since some stage (AMB-119).

    arisen: what arose in each stage, $. Funds beyond what is owed are gone, and so the funds before that stage.
    """
    sums = [total(arisen[at - 1] - funds(at) for at in range(start, stage + 1)) for start in range(1, stage + 1)]
    return largest(ZERO, *sums)


def payments(account: Account, claims: Sequence[Claim], stages: int, readings: Readings) -> None:
    """Record what is paid on each claim in each stage, what is unpaid in the end, and what nobody was owed (3(c)).

    claims: in the order of their numbers; a claim's payments before its stage are not recorded.
    """
    numbered = list(enumerate(claims, start=1))
    own = {
        at: account.define(f"own_{at}", owed(at) - paid_before(at), f"what claim {at} starts with", "3(c)", "$")
        for at, _ in numbered
    }
    merged = readings.cash_pool is CashPool.MERGED
    ranks = [1] if merged else sorted({claim.rank for claim in claims})
    rank_of = {at: 1 if merged else claim.rank for at, claim in numbered}
    left = _left_by_rank(account, numbered, own, rank_of, ranks, stages)
    unpaid: dict[tuple[int, int], sympy.Expr] = {}
    for at, claim in numbered:
        for stage in range(claim.stage, stages + 1):
            start = own[at] if stage == claim.stage else unpaid[at, stage - 1]
            rest = start * left[rank_of[at], stage]
            meaning = f"what is unpaid of claim {at} after stage {stage}"
            unpaid[at, stage] = account.output(f"unpaid_{at}_{stage}", rest, meaning, "3(c)", "$")
            meaning = f"payment on claim {at} in stage {stage}"
            account.output(f"payment_{at}_{stage}", start - unpaid[at, stage], meaning, "3(c)", "$")
    _excess(account, numbered, own, stages)
    final = {at: unpaid[at, stages] for at, _ in numbered}
    _totals(account, "all", "all claims", final)
    for holder in sorted({claim.holder for claim in claims}):
        mine = {at: final[at] for at, claim in numbered if claim.holder == holder}
        _totals(account, f"of_{holder}", f"claims of holder {holder}", mine)


def _left_by_rank(
    account: Account,
    numbered: Iterable[tuple[int, Claim]],
    own: dict[int, sympy.Expr],
    rank_of: dict[int, int],
    ranks: Sequence[int],
    stages: int,
) -> dict[tuple[int, int], sympy.Expr]:
    """Return the part of what was unpaid of a rank that is still unpaid after a stage, by rank and stage."""
    listed = list(numbered)

    def arisen(stage: int, counted: Sequence[int]) -> sympy.Expr:
        return total(own[at] for at, claim in listed if claim.stage == stage and rank_of[at] in counted)

    up_to: dict[tuple[int, int], sympy.Expr] = {}
    found = {}
    for place, rank in enumerate(ranks):
        first = ranks[: place + 1]
        for stage in range(1, stages + 1):
            rest = unpaid_after(stage, [arisen(at, first) for at in range(1, stages + 1)])
            meaning = f"what is unpaid of the ranks up to {rank} after stage {stage}"
            up_to[place, stage] = account.define(f"up_to_{rank}_{stage}", rest, meaning, "3(c)", "$")

            def of_rank(at: int, place: int = place) -> sympy.Expr:
                return up_to.get((place, at), ZERO) - up_to.get((place - 1, at), ZERO)

            there = of_rank(stage - 1) + arisen(stage, (rank,))
            part = quotient(of_rank(stage), there)
            meaning = f"the part of rank {rank} that stays unpaid in stage {stage}"
            found[rank, stage] = account.define(f"left_{rank}_{stage}", part, meaning, "3(c)", "ratio")
    return found


def _excess(account: Account, numbered: Iterable[tuple[int, Claim]], own: dict[int, sympy.Expr], stages: int) -> None:
    """Record the funds of each stage that nobody was owed: what they exceed the unpaid claims by (AMB-119)."""
    listed = list(numbered)
    arisen = [total(own[at] for at, claim in listed if claim.stage == stage) for stage in range(1, stages + 1)]
    for stage in range(1, stages + 1):
        before = unpaid_after(stage - 1, arisen) if stage > 1 else ZERO
        beyond = largest(ZERO, funds(stage) - arisen[stage - 1] - before)
        account.output(f"excess_{stage}", beyond, f"funds of stage {stage} that nobody was owed", "3(c)", "$")


def _totals(account: Account, suffix: str, whose: str, unpaid: dict[int, sympy.Expr]) -> None:
    everything = account.output(f"owed_{suffix}", total(map(owed, unpaid)), f"what is owed on {whose}", "3(c)", "$")
    rest = account.output(f"unpaid_{suffix}", total(unpaid.values()), f"what is unpaid on {whose}", "3(c)", "$")
    account.output(f"paid_{suffix}", everything - rest, f"what is paid on {whose}", "3(c)", "$")


def overdue(charter: Charter, claim: int) -> sympy.Basic:
    """Return the condition that a claim is overdue: unpaid in part on a day after its last day (3(c))."""
    due = due_day(charter, day_of(claim))
    if due is None:
        return sympy.false
    return all_of(above(TODAY, due), positive(owed(claim) - paid_before(claim)))


EXAMPLE = (Claim(stage=1, rank=1, holder=1), Claim(stage=2, rank=2, holder=2))
"""Two claims of two holders, the later of which arises after the first funds (AMB-51)."""


def record(case: Case, account: Account) -> None:
    """Record how two claims are paid from the funds of two stages, and when they are overdue (3(c), AMB-51)."""
    payments(account, EXAMPLE, len(EXAMPLE), case.readings)
    for at, _ in enumerate(EXAMPLE, start=1):
        due = due_day(case.charter, day_of(at))
        if due is not None:
            account.output(f"due_{at}", due, f"last day for claim {at}", "3(c)", "day number")
        meaning = f"whether claim {at} is overdue before any funds"
        account.output(f"overdue_{at}", overdue(case.charter, at), meaning, "3(c)", "yes or no")


def unknowns(_: Charter) -> tuple[Unknown, ...]:
    """Describe the unknowns of two claims and two stages (3(c))."""
    found = []
    for at, _claim in enumerate(EXAMPLE, start=1):
        found.append(Unknown(owed(at), f"what is owed on claim {at}", "$", f"owed_{at} >= 0", "3(a)"))
        found.append(Unknown(paid_before(at), f"what was paid on claim {at} before", "$", f"before_{at} >= 0", "3(c)"))
        found.append(Unknown(day_of(at), f"day of the conversion of claim {at}", "day number", "whole", "3(c)"))
        found.append(Unknown(funds(at), f"funds available in stage {at}", "$", f"f_{at} >= 0", "3(c)"))
    found.append(Unknown(TODAY, "day on which claims may be overdue", "day number", "whole", "3(c)"))
    found.append(Unknown(LAST_DAY, "last day of the calendar", "day number", "whole", "3(c)"))
    return tuple(found)
