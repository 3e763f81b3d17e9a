"""The engine and the closed forms agree on approvals and coalitions; and the check finds mistakes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import approvals
from reference.approvals import PREFERRED, Act, ActKind, Approval
from reference.charter import COMMON, Approvals, Charter, Threshold
from reference.position import Holding, Position
from reference.readings import Readings
from reference.refusal import Forbidden
from reference.voting import Ballot, Tally, ballots
from symbolic import approvals as forms
from symbolic.account import Account, Definition
from symbolic.evaluate import Value, evaluate_all, holds
from symbolic.liquidation import Case
from tests import strategies
from tests.agreement import case_of, values_of
from tests.strategies import FAMILY, examples

DEFAULT = Readings()
HOLDERS = ("ann", "bob", "cy")
PROVISIONS = ("2(b)", "2", "2(a)", "3(b)", "3(b)(ii)", "3(b)(iii)(A)", "5(c)", "6", "6(a)", "6(a)(v)", "6(b)")
PROVISIONS += ("6(c)", "6(c)(ii)", "6(d)", "6(e)", "IV", "IV.A", "IV.B", "IV.C.4", "VI")


@cache
def account_of(case: Case, apart: tuple[tuple[str, ...], ...]) -> list[Definition]:
    """Return the account of an act's approvals among three holders."""
    account = Account(named=True)
    forms.approvals(case, account, len(HOLDERS), apart)
    return account.definitions


def facts(charter: Charter, act: Act) -> dict[str, Fraction | int]:
    """Return the facts about an act, as numbers."""
    names = forms.names(charter)
    known = (*names, COMMON, PREFERRED)
    resized = (act.stock if act.stock in known else forms.OTHER) if act.kind == "change_authorized" else None
    terms = charter.approvals
    values: dict[str, Fraction | int] = {
        "amendment": act.kind == "amendment",
        "by_board": act.by_board,
        "creates": act.kind == "create_stock",
        "redeems": act.kind in ("redemption", "repurchase"),
        "redeems_common": act.kind == "redemption" and act.stock == COMMON,
        "junior": act.subordinate,
        "sells": act.kind == "asset_disposal",
        "merges": act.kind == "merger",
        "excepted": terms is not None and act.counterparty in terms.merger_exceptions,
        "moved": act.voting_power_disposed,
        "by_law": act.vote_by_law,
        "provisions": len(act.provisions),
        "stated": act.number is not None,
        "m": act.number or 0,
    }
    for name in (*names, COMMON, PREFERRED, forms.OTHER):
        values[f"resizes_{name}"] = name == resized
        values[f"adverse_{name}"] = name in act.adverse_to
        values[f"differs_{name}"] = name in act.differently
    return {**values, **forms.touched(charter, act.provisions)}


def apart_of(charter: Charter, act: Act, class_votes: bool) -> tuple[tuple[str, ...], ...]:
    """Return the classes that may vote apart on an act."""
    names = forms.names(charter)
    worse = tuple(name for name in names if name in (*act.adverse_to, *act.differently))
    return tuple(dict.fromkeys(group for group in ((COMMON,), names, worse) if group)) if class_votes else ()


def values(position: Position, act: Act, consents: Collection[str]) -> dict[str, Fraction | int]:
    """Return the values of all unknowns."""
    found = {**values_of(position, Fraction(0)), **facts(position.charter, act)}
    for number, holder in enumerate(HOLDERS, start=1):
        found[f"f_{number}"] = int(holder in consents)
        for name in (*forms.names(position.charter), COMMON):
            own = [h.shares for h in position.holdings if (h.holder, h.stock) == (holder, name)]
            found[f"h_{number}_{name}"] = sum(own)
    return found


NAMES = {
    "statutory": "law",
    "class_vote": "apart",
    "preferred_supermajority": "super",
    "preferred_majority": "major",
    "series_majority": "own",
    "series_supermajority": "more",
}


def name_of(approval: Approval) -> str:
    """Return the closed form's name of an approval."""
    name = NAMES[approval.kind]
    if name in ("apart", "own", "more"):
        return f"{name}_" + "".join(approval.tally.classes)
    return name


def refusal_differences(position: Position, act: Act) -> tuple[str | None, list[str]]:
    """Return the code with which the engine refuses an act, and where the closed form differs on that."""
    known = values(position, act, ())
    codes = {code for code, forbids in forms.forbidden(position.charter).items() if holds(forbids, known)}
    try:
        approvals.check(position, act)
    except Forbidden as refused:
        return refused.code, [] if refused.code in codes else [f"only the engine refuses: {refused.code}"]
    return None, [f"only the closed form refuses: {code}" for code in codes]


def differences(
    position: Position, act: Act, consents: Collection[str] = (), class_votes: bool = False, elected: bool = False
) -> list[str]:
    """List where engine and closed form differ on what an act needs and has."""
    code, found = refusal_differences(position, act)
    if code is not None or found:
        return found
    engine = approvals.required(position, DEFAULT, act, consents, class_votes, elected)
    apart = apart_of(position.charter, act, class_votes)
    closed = evaluate_all(
        account_of(case_of(position, DEFAULT, elected=elected), apart), values(position, act, consents)
    )
    by_name = {name_of(approval): approval for approval in engine}
    needed = forms.needed(position.charter, Account(), apart)
    found += [f"not known: {name}" for name in by_name if name not in {own.counting.name for own in needed}]
    for own in needed:
        found += _approval_differences(own, by_name.get(own.counting.name), closed)
    if approvals.approved(engine) != closed["approved"]:
        found.append("approved")
    return found


def _approval_differences(own: forms.Needed, approval: Approval | None, closed: dict[str, Value]) -> list[str]:
    name = own.counting.name
    if closed[f"requires_{name}"] != (approval is not None):
        return [f"{name} is needed: {approval is not None}"]
    if approval is None:
        return []
    tally = approval.tally
    grounds = {ground for index, ground in enumerate(own.grounds) if closed[f"ground_{name}_{index}"]}
    rows = [
        ("grounds", set(approval.grounds), grounds),
        ("classes", set(tally.classes), set(own.counting.classes)),
        # Where a statute alone asks for the vote, its clause is that of the vote.
        ("clause", approval.clause, "5(a)" if grounds == {"5(a)"} else own.counting.threshold.clause),
        ("whole", tally.whole, closed[f"whole_{name}"]),
        ("obtained", tally.obtained, closed[f"obtained_{name}"]),
        ("needed", tally.needed, closed[f"needed_{name}"]),
        ("passes", approval.passes, closed[f"passes_{name}"]),
    ]
    return [f"{name}, {what}: {mine} and {theirs}" for what, mine, theirs in rows if mine != theirs]


def subsets(members: Collection[str]) -> Iterator[frozenset[str]]:
    """Yield every set of holders, smaller ones first."""
    for size in range(len(members) + 1):
        yield from map(frozenset, combinations(members, size))


def coalition_differences(position: Position, act: Act) -> list[str]:
    """List where engine and closed form differ on the smallest coalitions: sets that suffice, and none inside them."""
    engine = approvals.minimal_coalitions(approvals.required(position, DEFAULT, act), ballots(position, DEFAULT))
    account = account_of(case_of(position, DEFAULT), ())
    enough = {
        group: bool(evaluate_all(account, values(position, act, group))["approved"]) for group in subsets(HOLDERS)
    }
    minimal = {group for group in enough if enough[group] and not any(enough[group - {member}] for member in group)}
    return [] if set(engine) == minimal else [f"coalitions: {engine} and {minimal}"]


@st.composite
def acts(draw: st.DrawFn, charter: Charter) -> Act:
    """Draw an act of any kind."""
    names = forms.names(charter)
    some = st.lists(st.sampled_from((*names, COMMON)), max_size=2, unique=True).map(tuple)
    return Act(
        kind=draw(st.sampled_from(get_args(ActKind))),
        stock=draw(st.sampled_from((*names, COMMON, PREFERRED, "later"))),
        number=draw(st.sampled_from((None, 0, 3, 10, 10**8))),
        by_board=draw(st.booleans()),
        subordinate=draw(st.booleans()),
        provisions=draw(st.one_of(st.just(()), st.lists(st.sampled_from(PROVISIONS), max_size=2).map(tuple))),
        adverse_to=draw(some),
        differently=draw(st.one_of(st.just(()), some)),
        counterparty=draw(st.sampled_from(("other", "parent", "wholly_owned_subsidiary"))),
        voting_power_disposed=draw(st.sampled_from([Fraction(p) for p in ("0", "1/2", "501/1000", "1")])),
        vote_by_law=draw(st.booleans()),
    )


@st.composite
def tables(draw: st.DrawFn, charter: Charter) -> Position:
    """Draw a position with holders, in which every series has a conversion price and none has split.

    How votes depend on splits is the subject of the votes.
    """
    position = draw(strategies.held_positions(charter, HOLDERS))
    initial = {series.name: series.original_issue_price.value for series in charter.series}
    return replace(position, preferred_splits={}, conversion_prices={**initial, **position.conversion_prices})


@examples(150)
@given(st.data(), st.sets(st.sampled_from(HOLDERS)), st.booleans(), st.booleans())
def test_acts(quintus: Charter, data: st.DataObject, consents: set[str], class_votes: bool, elected: bool) -> None:
    position = data.draw(tables(quintus))
    assert differences(position, data.draw(acts(quintus)), consents, class_votes, elected) == []


@given(st.data(), st.sets(st.sampled_from(HOLDERS)))
def test_acts_under_a_charter_without_section_six(data: st.DataObject, consents: set[str]) -> None:
    position = data.draw(tables(FAMILY))
    assert differences(position, data.draw(acts(FAMILY)), consents, class_votes=True) == []


@examples(25)
@given(st.data())
def test_coalitions(quintus: Charter, data: st.DataObject) -> None:
    position = data.draw(tables(quintus))
    act = data.draw(acts(quintus))
    if refusal_differences(position, act)[0] is None:
        assert coalition_differences(position, act) == []


def of(charter: Charter, **shares: tuple[int, ...]) -> Position:
    """Return a position in which each holder has so many shares of each class; a fourth count is nobody's."""
    holdings = tuple(
        Holding(holder, name, count)
        for name, counts in shares.items()
        for holder, count in zip(HOLDERS, counts, strict=False)
    )
    return Position(charter, {name: sum(counts) for name, counts in shares.items()}, holdings=holdings)


@pytest.mark.parametrize("provision", PROVISIONS)
def test_every_provision(quintus: Charter, provision: str) -> None:
    for position in (of(quintus, A=(3,), E=(2, 1), F=(1, 1)), of(quintus, A=(3,)), of(quintus, common=(1,))):
        assert differences(position, Act("amendment", provisions=(provision,)), ("ann",), class_votes=True) == []


def thresholds(charter: Charter) -> Iterator[tuple[Position, Act]]:
    """Yield counts on and next to each threshold: three quarters and a half of votes, sixty per cent of shares."""
    for ann, bob in ((3, 1), (2, 1), (1, 1), (3, 2), (59, 41), (60, 40), (0, 0), (0, 1), (51, 49), (50, 50)):
        position = of(charter, E=(ann, bob), common=(bob, ann, 1))
        yield position, Act("create_stock", by_board=True, number=0)
        yield position, Act("asset_disposal")
        yield position, Act("amendment", provisions=("2(b)", "6(c)"))
        yield position, Act("amendment", adverse_to=("E", "F"), differently=("E", "F"))


def test_at_each_threshold(quintus: Charter) -> None:
    for (position, act), consents in product(thresholds(quintus), ((), ("ann",), ("bob",))):
        assert differences(position, act, consents, class_votes=True) == []


# The check is itself checked


def fixed_questions(charter: Charter) -> list[str]:
    """Return the differences over a fixed set of questions."""
    found: list[str] = []
    for position, act in thresholds(charter):
        for consents in ((), ("ann",), ("bob",)):
            found += differences(position, act, consents, class_votes=True)
    table = of(charter, A=(3, 0, 1), E=(2, 1, 0), F=(1, 1, 0), common=(1, 1, 9))
    for act in (
        Act("merger", counterparty="parent"),
        Act("repurchase", stock=COMMON),
        Act("redemption", stock=COMMON),
        Act("voting_power", voting_power_disposed=Fraction(1, 2)),
        Act("amendment", provisions=("6(a)(iii)",)),
        Act("amendment", provisions=("3(b)(ii)(A)",)),
        Act("create_stock", by_board=True, number=1),
        Act("change_authorized", stock="A", number=3),
        Act("change_authorized", stock=PREFERRED, number=100),
    ):
        found += differences(table, act, ("ann",), class_votes=True)
    return found + coalition_differences(table, Act("asset_disposal"))


def test_the_engine_passes(quintus: Charter) -> None:
    assert fixed_questions(quintus) == []


def by_shares(
    cast: Collection[Ballot],
    in_favour: Collection[str],
    classes: tuple[str, ...],
    counted: str,
    threshold: Threshold,
    may_be_empty: bool = False,
) -> Tally:
    """Count shares in every approval."""
    return real_count(cast, in_favour, classes, "shares", threshold, may_be_empty)


def of_listed_alone(
    cast: Collection[Ballot],
    in_favour: Collection[str],
    classes: tuple[str, ...],
    counted: str,
    threshold: Threshold,
    may_be_empty: bool = False,
) -> Tally:
    """Take what was cast for the whole."""
    present = [ballot for ballot in cast if ballot.holder in (*in_favour, "bob")]
    return real_count(present, in_favour, classes, counted, threshold, may_be_empty)  # type: ignore[arg-type]


def every_merger(terms: Approvals, act: Act) -> bool:
    """Except a parent too, as 2(c) does, and let half of the votes count."""
    return act.kind == "asset_disposal" or act.voting_power_disposed >= Fraction(1, 2)


def inside_or_not(clause: str, provision: str) -> bool:
    """Take items of 6(a) for its percentage."""
    return real_within(clause, provision) or provision.startswith(clause)


def no_check(position: Position, act: Act) -> None:
    """Allow everything."""


def largest_first(approvals: Collection[Approval], cast: Collection[Ballot]) -> tuple[frozenset[str], ...]:
    """Find only the coalition of everybody."""
    return (frozenset(HOLDERS),)


real_count = approvals.count
real_within = approvals._within

TAMPERS = {
    "shares instead of votes": ("count", by_shares),
    "those present as the whole": ("count", of_listed_alone),
    "a parent excepted": ("_is_sale", every_merger),
    "items of 6(a)": ("_within", inside_or_not),
    "nothing is forbidden": ("check", no_check),
    "a coalition that is not minimal": ("minimal_coalitions", largest_first),
}


@pytest.mark.parametrize("mistake", TAMPERS)
def test_each_mistake_is_found(quintus: Charter, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    name, replacement = TAMPERS[mistake]
    assert hasattr(approvals, name)
    monkeypatch.setattr(approvals, name, replacement)
    assert fixed_questions(quintus) != []
