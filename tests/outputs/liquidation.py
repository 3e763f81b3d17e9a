"""Liquidations: payments by class and holder, who converts, and what is left over (2, 3(a))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any

from reference.charter import COMMON
from reference.readings import CapMode, Cents, EfConversion, Exercise
from symbolic import equilibrium, liquidation, symbols
from symbolic.evaluate import evaluate_each, holds
from symbolic.liquidation import Case
from symbolic.rounding import in_cents
from tests.oracle.cases import case
from tests.oracle.questions import asked, held
from tests.outputs.compare import Expected, NoAnswerError
from tests.outputs.facts import NOBODY, Facts, Right, exact
from tests.outputs.ledger import facts_of

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {}

given = cache(liquidation.forms)
chosen = cache(equilibrium.forms_chosen)
stability = cache(equilibrium.stability)
election = cache(equilibrium.election)


@dataclass(frozen=True)
class Settled:
    """Hold what the closed forms pay: $ and $/share by class, $ left over, $ per Common share, who converts."""

    total: Mapping[str, Fraction]
    per_share: Mapping[str, Fraction]
    undistributed: Fraction
    level: Fraction
    converted: frozenset[str]


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


def settle(facts: Facts, assets: Fraction, told: frozenset[str] | None, elected: bool) -> Settled:
    """Return what the closed forms pay; raise NoAnswerError where no conversions are stable (AMB-116)."""
    values = {**facts.values, "W": assets}
    if told is not None:
        return _settled(facts, given(facts.case(told, elected)), values, told)
    open_case = facts.case(elected=elected)
    if facts.readings.cap_mode is CapMode.INDIVIDUAL:
        form = chosen(open_case)
        converted = [n for n, condition in form.converted.items() if facts.shares[n] and holds(condition, values)]
        return _settled(facts, form, values, converted)
    stable = first_stable(facts, open_case, values)
    return _settled(facts, given(replace(open_case, converted=stable)), values, stable)


def first_stable(facts: Facts, open_case: Case, values: Mapping[str, Any]) -> frozenset[str]:
    """Return the stable set of conversions with the fewest series; raise NoAnswerError if there is none."""
    optional = [name for name in facts.charter.optional if facts.shares[name]]
    for size in range(len(optional) + 1):
        for names in combinations(optional, size):
            if holds(stability(replace(open_case, converted=frozenset(names))), values):
                return frozenset(names)
    raise NoAnswerError("no_equilibrium")


def _settled(facts: Facts, form: Any, values: Mapping[str, Any], converted: Iterable[str]) -> Settled:
    names = list(form.total)
    found = evaluate_each(
        (*form.total.values(), *form.per_share.values(), form.undistributed, form.per_common_share), values
    )
    *amounts, left, level = found
    totals, per_share = amounts[: len(names)], amounts[len(names) :]
    return Settled(
        dict(zip(names, totals, strict=True)),
        dict(zip(names, per_share, strict=True)),
        left,
        level,
        frozenset(converted),
    )


def elects(facts: Facts, ask: Document, assets: Fraction) -> bool:
    """Say whether the class of A to D converts: as told, or in the interest of each series (3(a), AMB-33)."""
    told = ask.get("elect", False)
    if told != "in_interest":
        return bool(told)
    values = {**facts.values, "W": assets}
    if facts.readings.cap_mode is CapMode.INDIVIDUAL:
        return holds(election(facts.case()).elects, values)
    return elects_by_gains(facts, assets)


def elects_by_gains(facts: Facts, assets: Fraction) -> bool:
    """Say whether series that all gain hold enough of the class, where the outcomes have no formula (AMB-19)."""
    kept, converted = (settle(facts, assets, None, state) for state in (False, True))
    names = facts.charter.electing
    gaining = [name for name in names if converted.per_share[name] > kept.per_share[name]]
    in_favour, whole = (sum(facts.shares[name] for name in group) for group in (gaining, names))
    terms = facts.charter.class_election
    assert terms is not None
    needed = terms.threshold.value * whole
    return in_favour > 0 and (in_favour > needed if terms.threshold.strict else in_favour >= needed)


def in_the_money(
    facts: Facts, ask: Document, assets: Fraction, rights: Mapping[str, Right], told: frozenset[str] | None
) -> tuple[str, ...]:
    """Return the rights that are exercised: the most of which each pays and no other would (AMB-32b)."""
    open_rights = [name for name, own in rights.items() if own.stock == COMMON and own.exercisable > 0]

    def pays(own: str, names: Sequence[str]) -> bool:
        return _level_with(facts, ask, assets, rights, names, told) > rights[own].price

    for size in reversed(range(len(open_rights) + 1)):
        for names in combinations(open_rights, size):
            others = (own for own in open_rights if own not in names)
            if all(pays(own, names) for own in names) and not any(pays(own, (*names, own)) for own in others):
                return names
    raise AssertionError("nobody need exercise")


def _level_with(
    facts: Facts,
    ask: Document,
    assets: Fraction,
    rights: Mapping[str, Right],
    names: Sequence[str],
    told: frozenset[str] | None,
) -> Fraction:
    after, more = exercised(facts, rights, names)
    return settle(after, assets + more, told, elects(after, ask, assets + more)).level


def exercised(facts: Facts, rights: Mapping[str, Right], names: Iterable[str]) -> tuple[Facts, Fraction]:
    """Return the facts with some rights exercised, each by a holder of its own, and what that pays in, $."""
    listed = list(names)
    held_now = {**facts.held, **{(f"rights {name}", COMMON): rights[name].exercisable for name in listed}}
    return replace(facts, held=held_now), sum((rights[n].exercisable * rights[n].price for n in listed), Fraction(0))


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
    told = converting(ask, facts)
    assets = exact(ask["assets"]) + sum(map(exact, ask.get("noncash", ())), Fraction(0))
    limit = ask.get("legally_available")
    available = assets if limit is None else min(assets, exact(limit))
    withheld = assets - available
    if facts.readings.exercise is Exercise.IN_THE_MONEY_EQUILIBRIUM and facts.rights:
        facts, more = exercised(facts, facts.rights, in_the_money(facts, ask, available, facts.rights, told))
        available += more
    elected = elects(facts, ask, available)
    outcome = settle(facts, available, told, elected)
    electing = facts.charter.electing if elected else ()
    converted = {name: name in outcome.converted or name in electing for name in facts.series}
    found: Expected = {
        "elected": elected,
        "per_common_share": None if outcome.undistributed else outcome.level,
        "undistributed": outcome.undistributed + withheld,
        "distributed": available - outcome.undistributed,
        **{f"converted.{name}": converts for name, converts in converted.items()},
    }
    for name in facts.classes:
        found[f"by_class.{name}.total"] = outcome.total[name]
        found[f"by_class.{name}.per_share"] = outcome.per_share[name] if facts.shares[name] else None
    return found | _by_holder(facts, outcome)


def _by_holder(facts: Facts, outcome: Settled) -> Expected:
    """Return what each holder gets: its shares times what each gets, whole or down to cents (AMB-96)."""
    payment = liquidation.payment(facts.charter, 1)
    found: Expected = {}
    kept_back = Fraction(0)
    for holder in facts.holders:
        values: dict[str, Any] = {f"per_share_{name}": amount for name, amount in outcome.per_share.items()}
        values |= {str(symbols.held(1, name)): facts.held.get((holder, name), 0) for name in facts.classes}
        whole, cents = evaluate_each((payment, in_cents(payment)), values)
        paid = cents if facts.readings.cents is Cents.ROUND_DOWN_RESIDUAL else whole
        kept_back += whole - paid
        found[f"by_holder.{holder}"] = paid
    return {**found, "residual": kept_back}


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
    asked("liquidation", CHANGED, assets="130", conversions={"E": False, "F": True}),
    asked("liquidation", SMALL, readings={"cents": "round_down_residual"}, assets="100/3"),
    asked("liquidation", readings={"cap_mode": "joint"}, assets="120000000", elect="in_interest"),
    asked("liquidation", readings={"cap_mode": "first_stops_all"}, assets="120000000"),
    asked("liquidation", readings={"cash_rank": "last"}, assets="30000000", elect=True),
    asked("liquidation", readings={"exercise": "in_the_money_equilibrium"}, assets="60000000"),
)
