"""Liquidations: payments by class and holder, who converts and exercises, and what is left over (2, 3(a), 3(c))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy

from reference.readings import Cents, EfConversion, Exercise
from symbolic import equilibrium, liquidation, symbols
from symbolic.account import Account
from symbolic.evaluate import evaluate, evaluate_all, holds
from symbolic.rounding import in_cents
from tests.oracle.cases import case
from tests.oracle.questions import asked, held
from tests.outputs.cash_amounts import paid
from tests.outputs.compare import UNSTATED, Expected, NoAnswerError
from tests.outputs.facts import NOBODY, Facts, exact
from tests.outputs.ledger import facts_of
from tests.settling import NoOutcomeError, Problem, Rights, Settled, by_day, elects, settle

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {}


def converting(ask: Document, facts: Facts) -> frozenset[str] | None:
    """Return the series that the question or a reading converts, None where each chooses (AMB-22)."""
    told = ask.get("conversions")
    if told is None and facts.readings.ef_conversion is EfConversion.GIVEN:
        raise NoAnswerError("conversions_required")
    if told is None:
        told = {
            EfConversion.EQUILIBRIUM: "equilibrium",
            EfConversion.FORCED: dict.fromkeys(facts.charter.optional, True),
        }.get(facts.readings.ef_conversion, "as_held")
    if isinstance(told, Mapping):
        return frozenset(name for name, converts in told.items() if converts)
    return NOBODY if told == "as_held" else None


def unpaid_claims(facts: Facts) -> list[tuple[str, int, Fraction]]:
    """Return what is unpaid of each Cash Amount: whose, of which day of conversion, from one on, and $ (3(c))."""
    found, stages = paid(facts), len(facts.funds) + 1
    unpaid = [(own, Fraction(found[f"unpaid_{at}_{stages}"])) for at, own in enumerate(facts.claims, start=1)]
    days = sorted({own.on for own, rest in unpaid if rest})
    return [(own.holder, days.index(own.on) + 1, rest) for own, rest in unpaid if rest]


def problem_of(facts: Facts, ask: Document, elected: bool) -> Problem:
    """Return what is to be settled, but for the assets."""
    claims = unpaid_claims(facts)
    days = max((day for _, day, _ in claims), default=0)
    owed = sum(facts.debts.values(), Fraction(0))
    structure = replace(facts.case(elected=elected), days=days, former=owed != 0)
    values = dict(facts.with_holders(facts.holders)) | {"owed_dividends": owed}
    for day in range(1, days + 1):
        values[f"owed_cash_{day}"] = sum((amount for _, of, amount in claims if of == day), Fraction(0))
    rights: list[Rights] = []
    if facts.readings.exercise is Exercise.IN_THE_MONEY_EQUILIBRIUM:
        listed = [(name, own) for name, own in facts.rights.items() if own.exercisable > 0]
        rights = [Rights(name, own.stock, own.exercisable, own.price) for name, own in listed]
    if any(facts.declared.get(own.stock) for own in rights if own.stock in facts.series):
        raise NoAnswerError("dividends_unpaid")
    return Problem(structure, values, converting(ask, facts), tuple(rights), len(facts.holders))


def elected(facts: Facts, ask: Document, assets: Fraction) -> bool:
    """Say whether the class of A to D has elected: before, as told, or in the interest of each series (3(a))."""
    told = ask.get("elect", False)
    if facts.elected:
        return True
    return elects(problem_of(facts, ask, False), assets) if told == "in_interest" else bool(told)


def counts(facts: Facts, event: Document) -> bool:
    """Say whether an event is a liquidation (2(c))."""
    terms, kind = facts.charter.deemed_liquidation, event["kind"]
    excepted = terms is not None and event.get("counterparty", "other") in terms.merger_exceptions
    values = {
        "dissolved": int(kind == "dissolution"),
        "sold": int(kind == "asset_sale"),
        "merged": int(kind == "merger"),
        "excepted": int(kind == "merger" and excepted),
        "disposed": exact(event.get("voting_power_disposed", 0)),
    }
    return holds(liquidation.deemed(facts.case()), values)


def expected(document: Document) -> Expected:
    """Return every number and yes or no of the answer, by place; raise NoAnswerError where there is none."""
    facts, ask = facts_of(document), document["ask"]
    if ask.get("event") is not None and not counts(facts, ask["event"]):
        raise NoAnswerError("not_a_liquidation")
    assets = exact(ask["assets"]) + sum(map(exact, ask.get("noncash", ())), Fraction(0))
    limit = ask.get("legally_available")
    available = assets if limit is None else min(assets, exact(limit))
    converting(ask, facts)
    try:
        has_elected = elected(facts, ask, available)
        problem = problem_of(facts, ask, has_elected)
        outcome = settle(problem, available)
    except NoOutcomeError as error:
        raise NoAnswerError("no_equilibrium") from error
    after = problem.with_rights(outcome.exercised)
    electing = facts.charter.electing if has_elected and not problem.case.unlocked else ()
    converted: dict[str, Any] = {name: name in outcome.converted or name in electing for name in facts.series}
    # Of a series that only rights are over, what is asked is not whether its holders convert.
    converted |= {name: UNSTATED for name in outcome.converted if not facts.shares[name]}
    received = sum((own.shares * own.price for own in outcome.exercised), Fraction(0))
    found: Expected = {
        "elected": has_elected,
        "per_common_share": None if outcome.undistributed else outcome.level,
        "undistributed": outcome.undistributed + assets - available,
        "distributed": available + received - outcome.undistributed,
        **{f"converted.{name}": converts for name, converts in converted.items()},
    }
    for name in facts.classes:
        found[f"by_class.{name}.total"] = outcome.total[name]
        found[f"by_class.{name}.per_share"] = outcome.per_share[name] if after[str(symbols.shares(name))] else None
    if problem.case.days or problem.case.former:
        found["earlier_conversions.cash_amounts"] = outcome.former_cash
        found["earlier_conversions.dividends"] = outcome.former_dividends
    return found | dict(_exercised(outcome)) | _by_holder(facts, problem, outcome)


def _exercised(outcome: Settled) -> Iterator[tuple[str, Any]]:
    account = Account()
    equilibrium.record_exercise(account)
    for own in outcome.exercised:
        gets = outcome.per_share[own.stock]
        values = {"gets_none": gets, "gets_1": gets, "price_1": own.price, "delivers_1": own.shares}
        at, worth = f"exercised.{own.name}", evaluate_all(account.definitions, values)
        assert worth["exercised_1"]
        yield f"{at}.class", own.stock
        yield f"{at}.shares", own.shares
        yield f"{at}.exercise_price", own.price
        yield f"{at}.gross", worth["gross_1"]
        yield f"{at}.net", worth["net_1"]


def _by_holder(facts: Facts, problem: Problem, outcome: Settled) -> Expected:
    """Return what each holder gets, whole or down to cents (AMB-96).

    Its shares times what each gets, its part of earlier Cash Amounts and dividends, or what its rights are worth.
    """
    payment = liquidation.payment(facts.charter, 1)
    whole: dict[str, Fraction] = {}
    per_share = {f"per_share_{name}": amount for name, amount in outcome.per_share.items()}
    for holder in facts.holders:
        own = {str(symbols.held(1, name)): facts.held.get((holder, name), 0) for name in facts.classes}
        whole[holder] = evaluate(payment, {**per_share, **own})
    for holder, amount in _earlier(facts, problem, outcome):
        if amount or holder in whole:
            whole[holder] = whole.get(holder, Fraction(0)) + amount
    for rights in outcome.exercised:
        whole[f"rights {rights.name}"] = rights.shares * (outcome.per_share[rights.stock] - rights.price)
    found: Expected = {}
    kept_back = Fraction(0)
    for holder, amount in whole.items():
        cents = evaluate(in_cents(GETS), {"gets": amount})
        gets = cents if facts.readings.cents is Cents.ROUND_DOWN_RESIDUAL else amount
        kept_back += amount - gets
        found[f"by_holder.{holder}"] = gets
    return {**found, "residual": kept_back}


def _earlier(facts: Facts, problem: Problem, outcome: Settled) -> Iterator[tuple[str, Fraction]]:
    """Yield what holders who converted before get, each day's and all dividends in proportion (3(c), AMB-128)."""
    claims = unpaid_claims(facts)
    for day, part in enumerate(by_day(problem, outcome.former_cash), start=1):
        of_day = [(holder, amount) for holder, of, amount in claims if of == day]
        yield from ((holder, part * amount / sum(own for _, own in of_day)) for holder, amount in of_day)
    owed = sum(facts.debts.values(), Fraction(0))
    yield from ((holder, outcome.former_dividends * own / owed) for holder, own in facts.debts.items() if own)


GETS = sympy.Symbol("gets", nonnegative=True)


SMALL = held(("ann", "A", 3), ("ann", "E", 2), ("bob", "B", 1), ("bob", "F", 2), ("cy", "common", 4), ("cy", "C", 2))
OWED = {**SMALL, "unpaid_dividends": {"A": "1/3", "E": "2", "F": "1/7"}}
CHANGED = {
    **OWED,
    "conversion_prices": {"A": "3/4", "E": "2", "F": "11"},
    "preferred_splits": {"C": "2", "F": "1/2"},
    "common_split": "3",
    "undeclared_dividends": {"E": {"current_year": "1/5", "since_issue": "3/5"}},
}
E_CONVERTS = "173698750"
"""Where x is 10.375 at full issuance: 20,261,250 for A to D, 12.375 for each F, and 10.375 for E and the Common."""

DEBTS = held(
    ("ann", "A", 2),
    ("bob", "C", 3),
    ("dan", "D", 1),
    ("eve", "E", 2),
    ("fay", "F", 1),
    ("cy", "common", 4),
    as_of="1999-08-24",
    unpaid_dividends={"A": "1/2", "E": "2", "F": "1"},
    cash_amounts=[
        {"holder": "old", "series": "A", "converted_on": "1999-08-02", "owed": "3"},
        {"holder": "ann", "series": "B", "converted_on": "1999-08-03", "owed": "4", "paid": "1"},
        {"holder": "old", "series": "D", "converted_on": "1999-08-04", "owed": "5"},
    ],
)
"""Everything that is owed: dividends on shares, and Cash Amounts of three days."""

OPEN = held(("eve", "E", 2), ("dan", "D", 1), ("cy", "common", 4), as_of="1999-08-24")
RIGHTS = [
    {
        "on": "1999-09-01",
        "do": "issue_rights",
        "rights": name,
        "class": stock,
        "shares": shares,
        "exercise_price": price,
    }
    for name, stock, shares, price in (("w", "common", 2, "3"), ("v", "F", 1, "8"), ("u", "E", 3, "5"))
]
LEFT = held(("fay", "F", 2), ("gus", "F", 1), ("ann", "A", 2), ("cy", "common", 4), as_of="1999-08-24")
FORMER = [
    {"on": "1999-09-01", "do": "declare_dividend", "per_share": {"F": "1", "A": "1/4"}},
    {"on": "1999-09-02", "do": "convert", "holder": "fay", "shares": {"F": 2}},
    {"on": "1999-09-03", "do": "elect_conversion", "consents": {"ann": {"A": 2}}},
]
"""Fay is owed 2 as a dividend, Ann 2.35 as Cash Amounts."""

ALONE = held(("eve", "E", 2), ("fay", "F", 1))
EXERCISE = {"exercise": "in_the_money_equilibrium"}
UNLOCKED = {"ad_election": "unlock_individual"}
RANKS = ("creditor", "after_F", "pari_second_tier", "last")
FATES = ("debt_outside", "forfeited")

EXAMPLES: tuple[Document, ...] = (
    case(),
    case("0"),
    case("20000000"),
    case(E_CONVERTS),
    case("173698750.01"),
    case("200000000", common=0),
    case("200000000", elect="in_interest"),
    case("42000000", elect="in_interest"),
    case("45500000", elect="in_interest"),
    case("18000000", elect=True),
    case("90000000", legally_available="50000000", noncash=["1/3"], conversions={"E": True}),
    asked("liquidation", SMALL, assets="43"),
    asked("liquidation", OWED, assets="30"),
    asked("liquidation", OWED, assets="64"),
    asked("liquidation", OWED, assets="25", elect=True),
    asked("liquidation", CHANGED, assets="70"),
    asked("liquidation", CHANGED, assets="168"),
    asked("liquidation", CHANGED, assets="400"),
    asked("liquidation", CHANGED, assets="130", conversions={"E": False, "F": True}),
    asked("liquidation", SMALL, readings={"cents": "round_down_residual"}, assets="100/3"),
    asked("liquidation", readings={"cap_mode": "joint"}, assets="120000000", elect="in_interest"),
    asked("liquidation", readings={"cap_mode": "first_stops_all"}, assets="120000000"),
    asked("liquidation", readings={"cash_rank": "last"}, assets="30000000", elect=True),
    *(asked("liquidation", DEBTS, assets=assets) for assets in ("7", "16", "17", "40", "110", "160")),
    *(asked("liquidation", DEBTS, assets="40", readings={"converted_dividends": own}) for own in FATES),
    *(asked("liquidation", DEBTS, assets="160", elect=True, readings={"cash_rank": own, **UNLOCKED}) for own in RANKS),
    *(asked("liquidation", DEBTS, assets="24", readings={"cash_rank": own, "cash_pool": "fifo"}) for own in RANKS),
    asked("liquidation", DEBTS, assets="29", elect=True, conversions={"A": True, "C": True}, readings=UNLOCKED),
    asked("liquidation", DEBTS, assets="29", elect="in_interest", readings={"ad_majority": "votes", **UNLOCKED}),
    *(asked("liquidation", OPEN, assets=assets, events=RIGHTS, readings=EXERCISE) for assets in ("3", "60", "400")),
    asked("liquidation", OPEN, assets="60", events=RIGHTS, readings={**EXERCISE, "cap_mode": "joint"}),
    *(asked("liquidation", LEFT, assets=assets, events=FORMER) for assets in ("1", "20")),
    asked("liquidation", LEFT, assets="20", events=FORMER, readings={"converted_dividends": "debt_outside"}),
    asked("liquidation", ALONE, assets="60", readings={"cap_mode": "first_stops_all"}),
)
