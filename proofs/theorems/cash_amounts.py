"""Theorems about section 3(c): how the Cash Amounts are paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Any

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.explorer import Unknown
from proofs.numbers import literal
from proofs.statements import REFUTED, agreement, checked, numbers, sentence, terms_of, theorem, totality
from proofs.study import Study
from proofs.subjects import DEFAULTS, bounded, chosen, declared, position, shares
from proofs.views import Subject, View
from reference import cash_amounts, conversion
from reference.cash_amounts import CashClaim, Ledger
from reference.charter import Charter
from reference.position import Holding
from reference.readings import CashPool, Readings
from symbolic import cash_amounts as closed
from symbolic.account import Account
from symbolic.cash_amounts import Claim as Place

MOST_OWED = Fraction(18_739_020)
"""The Cash Amounts of every authorised share of A to D without dividends, $ (3(a), IV.B)."""

FIRST, SECOND = date(1999, 9, 1), date(1999, 12, 1)
"""Days of two conversions."""

FUNDS = (Unknown("f_1"), Unknown("f_2"))


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    return (amounts_study(charter), pool_study(charter), later_study(charter), due_study(charter))


def unpaid(claim: int) -> Unknown:
    """Return what is unpaid on a claim before the first funds, $, unknown.

    The solver sees through payments better where this is the unknown, and not the debt.
    """
    return Unknown(f"unpaid_{claim}")


def before(claim: int) -> Unknown:
    """Return what was paid on a claim before, $, unknown."""
    return Unknown(f"before_{claim}")


def ledger_of(values: Mapping[str, Any], days: Sequence[date], holders: Sequence[str] = "123") -> Ledger:
    """Return claims by their unknowns, the days of their conversions, and who holds them."""
    return tuple(
        CashClaim(day, holder, "A", owed=values[f"before_{at}"] + values[f"unpaid_{at}"], paid=values[f"before_{at}"])
        for at, (day, holder) in enumerate(zip(days, holders, strict=False), start=1)
    )


def owed(view: View, claim: int) -> z3.ArithRef:
    """Return what is owed on a claim in all, $."""
    return view.inputs[f"before_{claim}"] + view.inputs[f"unpaid_{claim}"]


# What is owed


CLASS = "every share of A to D, whose class elects to convert"


def amounts_study(charter: Charter) -> Study:
    """Return the theorems about how much the Cash Amounts are."""
    electing = charter.electing

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        held = {name: values[f"n_{name}"] for name in electing}
        holdings = tuple(Holding("all", name, count) for name, count in held.items())
        at = position(charter, values, holdings=holdings)
        done = conversion.election(at, DEFAULTS, {"all": held})
        ledger = cash_amounts.claims_of(done.conversions, FIRST)
        return {
            "owed": cash_amounts.total_unpaid(ledger),
            "elects": done.count.carried,
            **{f"cash_{n}": conversion.cash_amount(at, DEFAULTS, charter.series_named(n)) for n in electing},
        }

    unknowns = (*(shares(name) for name in electing), *(declared(name) for name in electing))
    seeds = tuple(numbers(**{u.name: count for u in unknowns}) for count in (0, 1))
    subject = bounded(CLASS, function, unknowns, seeds)
    return Study("Cash Amounts owed", (subject,), _amounts(charter), weight=1)


def _amounts(charter: Charter) -> tuple[PathCheck, ...]:
    electing = charter.electing

    def dividends(view: View) -> z3.ArithRef:
        return z3.Sum([view.inputs[f"n_{name}"] * view.inputs[f"d_{name}"] for name in electing])

    def issue_price(name: str) -> z3.ArithRef:
        return literal(charter.series_named(name).original_issue_price.value)

    def given_up(view: View, name: str) -> z3.ArithRef:
        return issue_price(name) + view.inputs[f"d_{name}"] - view.outcome[f"cash_{name}"]

    issued = Hypothesis(
        "no more shares are outstanding than authorised",
        lambda v: [v.inputs[f"n_{n}"] <= charter.series_named(n).authorized.value for n in electing],
    )
    return (
        checked(
            theorem(
                "cash_amounts.most_owed",
                "TH-CV-21",
                "All Cash Amounts together are never more than $18,739,020 and the declared dividends.",
                "3(a), IV.B",
            ),
            lambda v: v.outcome["owed"] <= literal(MOST_OWED) + dividends(v),
            issued,
            labels=(CLASS,),
            neighbours=(
                Neighbour("any number is outstanding", hypotheses=()),
                Neighbour(
                    "without the dividends",
                    claim=lambda v: v.outcome["owed"] <= literal(MOST_OWED),
                ),
            ),
        ),
        checked(
            theorem(
                "cash_amounts.less_than_the_preference",
                "TH-CV-22",
                "A Cash Amount is less than the share's liquidation preference, by another amount for each of A to D.",
                "2(a), 3(a)",
            ),
            lambda v: [
                *(given_up(v, name) > 0 for name in electing),
                *(given_up(v, one) != given_up(v, other) for one, other in combinations(electing, 2)),
            ],
            labels=(CLASS,),
            neighbours=(
                Neighbour(
                    "less than its Original Issue Price",
                    claim=lambda v: z3.And(*(v.outcome[f"cash_{name}"] < issue_price(name) for name in electing)),
                ),
            ),
        ),
        totality("cash_amounts.owed_totality", "What is owed after an election", (CLASS,), "3(a)"),
    )


# Claims that all arose before the first funds


def pool_label(pool: CashPool, days: Sequence[date]) -> str:
    """Name the subject that is three claims, and funds that come once and again."""
    conversions = "one conversion" if len(set(days)) == 1 else "two conversions"
    return f"three claims of {conversions}, and funds in two stages, {pool.value}"


ONE_DAY, TWO_DAYS = (FIRST,) * 3, (SECOND, FIRST, SECOND)
POOLS = ((CashPool.MERGED, ONE_DAY), (CashPool.FIFO, ONE_DAY), (CashPool.FIFO, TWO_DAYS))
"""The pools, and the days of conversion that make a difference to each."""


def pool_study(_: Charter) -> Study:
    """Return the theorems about claims in any state of payment, and funds that come in two stages or all at once."""
    subjects = tuple(_pool(*own) for own in POOLS)
    return Study("Cash Amounts paid", subjects, _paid_once(), weight=2)


def _pool(pool: CashPool, days: Sequence[date]) -> Subject:
    readings = Readings(cash_pool=pool)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        ledger = ledger_of(values, days)
        first = cash_amounts.fund(ledger, values["f_1"], readings)
        second = cash_amounts.fund(first.ledger, values["f_2"], readings)
        at_once = cash_amounts.fund(ledger, values["f_1"] + values["f_2"], readings)
        return {
            **{f"paid_{at}": claim.paid for at, claim in enumerate(first.ledger, start=1)},
            **{f"later_{at}": claim.paid for at, claim in enumerate(second.ledger, start=1)},
            **{f"at_once_{at}": claim.paid for at, claim in enumerate(at_once.ledger, start=1)},
            "unpaid": cash_amounts.total_unpaid(first.ledger),
            "unpaid_later": cash_amounts.total_unpaid(second.ledger),
            "excess": first.excess,
            "excess_later": second.excess,
        }

    unknowns = (*(unpaid(at) for at in (1, 2, 3)), *(before(at) for at in (1, 2, 3)), *FUNDS)
    debts = {"unpaid_1": 2, "unpaid_2": 2, "unpaid_3": 3, "before_1": 1, "before_2": 0, "before_3": 1}
    seeds = tuple(numbers(**debts, f_1=first, f_2=second) for first, second in ((1, 1), (3, 3), (3, 9), (9, 1), (1, 9)))
    return bounded(pool_label(pool, days), function, unknowns, seeds, readings)


def _paid_once() -> tuple[PathCheck, ...]:
    merged, fifo = pool_label(CashPool.MERGED, ONE_DAY), pool_label(CashPool.FIFO, TWO_DAYS)
    three = (1, 2, 3)

    def pool_left(view: View) -> z3.ArithRef:
        return z3.Sum([view.inputs[f"unpaid_{at}"] for at in three])

    def bounded(view: View) -> list[z3.BoolRef]:
        return [
            z3.And(
                view.outcome[f"paid_{at}"] >= view.inputs[f"before_{at}"], view.outcome[f"paid_{at}"] <= owed(view, at)
            )
            for at in three
        ]

    def alike(view: View) -> list[z3.BoolRef]:
        return [
            view.outcome[f"paid_{one}"] * owed(view, other) == view.outcome[f"paid_{other}"] * owed(view, one)
            for one, other in combinations(three, 2)
        ]

    same_part = Hypothesis(
        "the same part of every claim was paid before",
        lambda v: [
            v.inputs[f"before_{one}"] * owed(v, other) == v.inputs[f"before_{other}"] * owed(v, one)
            for one, other in combinations(three, 2)
        ],
    )
    unequal = numbers(unpaid_1=0, unpaid_2=1, unpaid_3=1, before_1=1, before_2=0, before_3=0, f_1=1, f_2=0)
    return (
        checked(
            theorem(
                "cash_amounts.never_overpaid",
                "TH-CV-16",
                "Funds never take back a payment and never pay a claim more than is owed on it, if it was not before.",
                "3(c)",
            ),
            bounded,
            neighbours=(
                Neighbour(
                    "some of the first claim stays unpaid",
                    claim=lambda v: v.outcome["paid_1"] < owed(v, 1),
                ),
            ),
        ),
        checked(
            theorem(
                "cash_amounts.path_independent",
                "TH-CV-17",
                "Funds that come in two stages pay every claim as they would all at once.",
                "3(c)",
            ),
            lambda v: [v.outcome[f"later_{at}"] == v.outcome[f"at_once_{at}"] for at in three],
            neighbours=(
                Neighbour(
                    "the second stage alone pays as much",
                    claim=lambda v: v.outcome["paid_1"] == v.outcome["at_once_1"],
                ),
            ),
        ),
        checked(
            theorem(
                "cash_amounts.same_part_paid",
                "TH-CV-18",
                "Funds leave the same part of every claim paid, if it was the same before.",
                "3(c)",
            ),
            alike,
            same_part,
            labels=(merged,),
            neighbours=(
                Neighbour("different parts were paid before", hypotheses=(), suggestions=(unequal,)),
                Neighbour("the claims of an earlier conversion come first", labels=(fifo,)),
            ),
        ),
        checked(
            theorem(
                "cash_amounts.paid_in_full",
                "TH-CV-19",
                "As much is unpaid as the funds of both stages fall short by, and later funds find nothing to pay once"
                " they suffice.",
                "3(c)",
            ),
            lambda v: [
                v.outcome["unpaid_later"]
                == z3.If(
                    v.inputs["f_1"] + v.inputs["f_2"] >= pool_left(v),
                    z3.RealVal(0),
                    pool_left(v) - v.inputs["f_1"] - v.inputs["f_2"],
                ),
                z3.Implies(v.inputs["f_1"] >= pool_left(v), v.outcome["excess_later"] == v.inputs["f_2"]),
            ],
            neighbours=(
                Neighbour(
                    "they find nothing in any case",
                    claim=lambda v: v.outcome["excess_later"] == v.inputs["f_2"],
                ),
            ),
        ),
        totality("cash_amounts.payment_totality", "Payments on three claims", (), "3(c)"),
    )


# Claims that arise between funds


LATER = "a claim that arises between funds"
EITHER = "claims of two conversions, and funds in one pool or for the earlier first"
ORDERS = {"later": (FIRST, FIRST, SECOND), "earlier": (SECOND, SECOND, FIRST)}
"""The days of two claims and of a third that arises after them: of a later conversion, or booked late."""


ARISING = ((CashPool.MERGED, "later"), (CashPool.FIFO, "later"), (CashPool.FIFO, "earlier"))
"""The pools, and the conversion of the third claim where it makes a difference."""


def later_label(pool: CashPool, order: str) -> str:
    """Name the subject that is two claims, and a third that arises between funds."""
    return f"{LATER}, of the {order} conversion, {pool.value}"


def later_study(_: Charter) -> Study:
    """Return the theorems about claims that arise when some funds have come already."""
    subjects = (*(_later(*own) for own in ARISING), _either(), *(_any_funds(pool) for pool in CashPool))
    checks = [*(_payments_agree(*own) for own in ARISING), _refused()]
    return Study("Cash Amounts of later claims", subjects, (*checks, *_later_claims()), weight=4)


def _later(pool: CashPool, order: str) -> Subject:
    readings = Readings(cash_pool=pool)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        arisen = ledger_of(values, ORDERS[order], ("1", "2", "1"))
        first = cash_amounts.fund(arisen[:2], values["f_1"], readings)
        second = cash_amounts.fund((*first.ledger, arisen[2]), values["f_2"], readings)
        all_at_once = cash_amounts.fund(arisen, values["f_1"] + values["f_2"], readings)
        found: dict[str, Any] = {"excess_1": first.excess, "excess_2": second.excess}
        for stage, funding in ((1, first), (2, second)):
            for at, (claim, payment) in enumerate(zip(funding.ledger, funding.payments, strict=True), start=1):
                found |= {f"unpaid_{at}_{stage}": claim.unpaid, f"payment_{at}_{stage}": payment}
        whose = {f"of_{holder}": own for holder, own in cash_amounts.totals_by_holder(second.ledger).items()}
        for name, own in {"all": cash_amounts.totals(second.ledger), **whose}.items():
            found |= {f"owed_{name}": own.owed, f"paid_{name}": own.paid, f"unpaid_{name}": own.unpaid}
        found["total"] = cash_amounts.total_unpaid(second.ledger)
        return found | {f"at_once_{at}": claim.unpaid for at, claim in enumerate(all_at_once.ledger, start=1)}

    unknowns = (*(unpaid(at) for at in (1, 2, 3)), *(before(at) for at in (1, 2, 3)), *FUNDS)
    debts = {"unpaid_1": 2, "unpaid_2": 2, "unpaid_3": 3, "before_1": 1, "before_2": 0, "before_3": 0}
    stages = ((1, 1), (1, 9), (4, 1), (9, 9), (9, 1), (1, 4))
    seeds = tuple(numbers(**debts, f_1=first, f_2=second) for first, second in stages)
    return bounded(later_label(pool, order), function, unknowns, seeds, readings)


def _payments_agree(pool: CashPool, order: str) -> PathCheck:
    readings, label = Readings(cash_pool=pool), later_label(pool, order)
    days = ORDERS[order]
    ranks = [1 + sorted(set(days)).index(day) for day in days]
    claims = tuple(Place(stage, rank, holder) for stage, rank, holder in zip((1, 1, 2), ranks, (1, 2, 1), strict=True))
    account = Account(named=True)
    closed.payments(account, claims, 2, readings)

    def claim(view: View) -> list[z3.BoolRef]:
        found = terms_of(view.at({f"owed_{at}": owed(view, at) for at in (1, 2, 3)}), account.definitions)
        stated = {**found, "total": found["unpaid_all"]}
        # One question for each claim's payments and for the totals: there are many, and most are easy.
        agree = [(name, term == stated[name]) for name, term in view.outcome.items() if name in stated]
        marks = sorted({name.split("_")[-1] for name, _ in agree})
        return [z3.And(*(own for name, own in agree if name.split("_")[-1] == mark)) for mark in marks]

    return agreement(
        f"cash_amounts.payments_equivalence_{pool.value}_{order}",
        sentence(label),
        (label,),
        claim,
        "3(c)",
        readings=chosen(readings),
    )


def _either() -> Subject:
    """Return what funds pay on a claim of an earlier and one of a later conversion, in one pool and in two."""

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        ledger = ledger_of(values, (FIRST, SECOND))
        merged = cash_amounts.fund(ledger, values["f_1"], Readings(cash_pool=CashPool.MERGED))
        fifo = cash_amounts.fund(ledger, values["f_1"], Readings(cash_pool=CashPool.FIFO))
        return {
            **{f"merged_{at}": amount for at, amount in enumerate(merged.payments, start=1)},
            **{f"fifo_{at}": amount for at, amount in enumerate(fifo.payments, start=1)},
        }

    unknowns = (*(unpaid(at) for at in (1, 2)), *(before(at) for at in (1, 2)), FUNDS[0])
    seeds = tuple(numbers(unpaid_1=2, unpaid_2=2, before_1=0, before_2=0, f_1=funds) for funds in (1, 3, 5))
    return bounded(EITHER, function, unknowns, seeds)


def any_funds_label(pool: CashPool) -> str:
    """Name the subject that is a claim, and funds of which nothing is assumed."""
    return f"one claim and any funds, {pool.value}"


def _any_funds(pool: CashPool) -> Subject:
    readings = Readings(cash_pool=pool)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        return {"excess": cash_amounts.fund(ledger_of(values, (FIRST,)), values["f_1"], readings).excess}

    seeds = tuple(numbers(unpaid_1=1, before_1=0, f_1=funds) for funds in (-1, 0, 2))
    unknowns = (unpaid(1), before(1), FUNDS[0])
    return bounded(any_funds_label(pool), function, unknowns, seeds, readings, free=FUNDS[:1])


def _refused() -> PathCheck:
    labels = tuple(any_funds_label(pool) for pool in CashPool)
    stated = theorem(
        "cash_amounts.refuses_funds_below_zero", "", "Funds are refused exactly if they are below zero.", "3(c)"
    )
    return PathCheck(
        stated,
        lambda v: (v.inputs["f_1"] < 0) == z3.BoolVal("raised" in v.structure),
        labels=labels,
        neighbours=(
            Neighbour(
                "no funds are refused as well",
                claim=lambda v: (v.inputs["f_1"] <= 0) == z3.BoolVal("raised" in v.structure),
            ),
        ),
        covers_all=True,
        judges_raising=True,
    )


def _later_claims() -> tuple[PathCheck, ...]:
    # $18,739,020 were owed to A to D and 10,000,000 are paid; 100,000 more shares of B convert; 5,000,000 come.
    more_of_b = numbers(unpaid_1=8_739_020, before_1=10_000_000, unpaid_2=132_500, before_2=0, f_1=5_000_000)
    zero = {"before_1": 0, "before_2": 0, "before_3": 0}
    late = numbers(**zero, unpaid_1=1, unpaid_2=1, unpaid_3=2, f_1=2, f_2=1)

    def both_pay_alike(view: View) -> list[z3.BoolRef]:
        return [view.outcome[f"merged_{at}"] == view.outcome[f"fifo_{at}"] for at in (1, 2)]

    merged = (later_label(CashPool.MERGED, "later"),)
    return (
        checked(
            theorem(
                "cash_amounts.pools_pay_alike",
                "TH-CV-20",
                "One pool for all claims and one in which those of earlier conversions come first pay the same.",
                "3(c)",
                expected=REFUTED,
            ),
            both_pay_alike,
            labels=(EITHER,),
            suggestions=(more_of_b,),
            shows="The later claims of B get $74,677 in one pool, and nothing if the earlier ones come first.",
        ),
        checked(
            theorem(
                "cash_amounts.pools_pay_alike_in_full",
                "TH-CV-20",
                "The two pools pay the same exactly if the funds suffice, if there are none, or if there are claims of"
                " one conversion only.",
                "3(c)",
            ),
            lambda v: (
                z3.And(*both_pay_alike(v))
                == z3.Or(
                    v.inputs["f_1"] >= v.inputs["unpaid_1"] + v.inputs["unpaid_2"],
                    v.inputs["f_1"] == 0,
                    v.inputs["unpaid_1"] == 0,
                    v.inputs["unpaid_2"] == 0,
                )
            ),
            labels=(EITHER,),
            neighbours=(
                Neighbour(
                    "exactly if the funds suffice",
                    claim=lambda v: (
                        z3.And(*both_pay_alike(v)) == (v.inputs["f_1"] >= v.inputs["unpaid_1"] + v.inputs["unpaid_2"])
                    ),
                ),
            ),
        ),
        checked(
            theorem(
                "cash_amounts.path_independent_with_later_claims",
                "TH-CV-17",
                "Also with a claim that arises between them, funds in two stages pay as they would at once at the end.",
                "3(c)",
                expected=REFUTED,
            ),
            lambda v: [v.outcome[f"unpaid_{at}_2"] == v.outcome[f"at_once_{at}"] for at in (1, 2, 3)],
            labels=merged,
            suggestions=(late,),
            shows="The first two claims of $1 are paid in full before the third, of $2, arises, and it gets the rest.",
        ),
        totality(
            "cash_amounts.later_totality",
            "Payments on claims that arise between funds",
            tuple(later_label(*own) for own in ARISING),
            "3(c)",
        ),
    )


# When a claim is overdue


CONVERTED = (date(1999, 9, 1), date(1999, 12, 28), date(2000, 2, 25), date.max)
"""Days of conversions: within a month, at the end of a year, about a leap day, and the calendar's last."""

DUE = "a claim in any state of payment, on days about its last"


def due_study(charter: Charter) -> Study:
    """Return the theorem about when a claim is due and overdue."""
    assert charter.cash_payment is not None
    term = charter.cash_payment.days.value

    def asked_about(day: date) -> list[date]:
        ordinals = (day.toordinal() + int(term) + more for more in (-1, 0, 1))
        return [date.fromordinal(min(ordinal, date.max.toordinal())) for ordinal in ordinals]

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for day in CONVERTED:
            due = cash_amounts.due_date(charter, day)
            assert due is not None
            found[f"due {day}"] = due.toordinal()
            ledger = ledger_of(values, (day,))
            for on in asked_about(day):
                found[f"overdue {day} {on}"] = cash_amounts.overdue(charter, ledger, on) == ledger
        return found

    def claim(view: View) -> list[z3.BoolRef]:
        claims = []
        facts = {"owed_1": owed(view, 1), "last_day": literal(date.max.toordinal())}
        for day in CONVERTED:
            here = view.at({**facts, "day_1": literal(day.toordinal())})
            form = closed.due_day(charter, closed.day_of(1))
            assert form is not None
            claims.append(view.outcome[f"due {day}"] == here.form(form))
            for on in asked_about(day):
                late = here.at({"today": literal(on.toordinal())}).form(closed.overdue(charter, 1))
                claims.append(late == z3.BoolVal(view.structure[f"overdue {day} {on}"]))
        return claims

    seeds = tuple(numbers(unpaid_1=count, before_1=1) for count in (0, 1))
    subject = bounded(DUE, function, (unpaid(1), before(1)), seeds)
    check = agreement("cash_amounts.due_equivalence", sentence(DUE), (DUE,), claim, "3(c)")
    return Study("Cash Amounts due", (subject,), (check,), weight=1)
