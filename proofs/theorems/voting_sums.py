"""Theorems about section 5: the votes of holders and of all stock, and seats that others fill."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.explorer import Unknown
from proofs.numbers import literal
from proofs.statements import agreement, checked, numbers, sentence, terms_of, theorem, totality, whole
from proofs.study import Study
from proofs.subjects import COMMON_SHARES, DEFAULTS, bounded, chosen, position, ratio, shares
from proofs.views import Subject, View
from reference import voting
from reference.charter import COMMON, Charter
from reference.position import Holding
from reference.readings import Half, Readings, VacantSeats, Votes
from symbolic import voting as closed
from symbolic.account import Account
from symbolic.algebra import any_of
from symbolic.liquidation import Case

HOLDERS, HELD = (1, 2), ("A", COMMON)
OPTIONS = (
    *product((Votes.ROUND_THEN_MULTIPLY, Votes.MULTIPLY_THEN_ROUND), (Half.UP, Half.DOWN)),
    (Votes.PER_SHARE, Half.UP),
)
"""The readings at which votes are added up; which half goes to the even number is left to one holder's votes."""


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of votes in all and of seats that others fill."""
    return (of_votes(charter), of_seats(charter))


# Votes in all


def _label(votes: Votes, half: Half) -> str:
    return f"votes of two holders of A and Common and of others, {votes.value}, {half.value}"


def of_votes(charter: Charter) -> Study:
    """Return the theorems about the votes of holders and of all stock."""
    subjects = tuple(_votes(charter, *own) for own in OPTIONS)
    checks = [_votes_agree(charter, *own) for own in OPTIONS]
    checks.append(totality("voting.sums_totality", "The votes of holders and of all stock", (), "5(a), 5(c)"))
    return Study("votes in all", subjects, (*checks, _listed()), weight=2)


def _held() -> tuple[Unknown, ...]:
    return tuple(Unknown(f"h_{holder}_{name}") for holder in HOLDERS for name in HELD)


def _votes(charter: Charter, votes: Votes, half: Half) -> Subject:
    readings = Readings(votes=votes, half=half)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        listed = tuple(Holding(str(h), n, values[f"h_{h}_{n}"]) for h in HOLDERS for n in HELD)
        at = position(charter, values, holdings=listed)
        found = voting.votes_by_holder(at, readings)
        return {
            **{f"votes_of_{holder}": found[str(holder)] for holder in HOLDERS},
            "votes_all": voting.total_votes(at, readings),
            "holders": len(found) == len(HOLDERS),
        }

    unknowns = (*(shares(name) for name in HELD), *_held(), ratio(charter, "A"))
    terms = {u.name: u.term for u in unknowns}
    listed = tuple(terms[f"h_1_{n}"] + terms[f"h_2_{n}"] <= terms[shares(n).name] for n in HELD)
    seeds = (
        numbers(n_A=9, C=5, h_1_A=3, h_2_A=5, h_1_common=1, h_2_common=2, c_A="7/15"),
        numbers(n_A=0, C=0, h_1_A=0, h_2_A=0, h_1_common=0, h_2_common=0, c_A=1),
    )
    numbers_of_shares = whole(*(u.term for u in unknowns[:-1]))
    return bounded(_label(votes, half), function, unknowns, seeds, readings, (*numbers_of_shares, *listed))


def _votes_agree(charter: Charter, votes: Votes, half: Half) -> PathCheck:
    readings = Readings(votes=votes, half=half)
    account = Account(named=True)
    closed.votes(Case(charter, readings, prices=frozenset("A")), account, len(HOLDERS))
    zero = literal(Fraction(0))
    others = [series.name for series in charter.series if series.name not in HELD]
    rest = {f"n_{name}": zero for name in others} | {f"h_{h}_{name}": zero for h in HOLDERS for name in others}

    def claim(view: View) -> list[z3.BoolRef]:
        found = terms_of(view.at(rest), account.definitions)
        return [*(votes == found[name] for name, votes in view.outcome.items()), z3.BoolVal(view.structure["holders"])]

    return agreement(
        f"voting.sums_equivalence_{votes.value}_{half.value}",
        sentence(_label(votes, half)),
        (_label(votes, half),),
        claim,
        "5(a), 5(c)",
        readings=chosen(readings),
    )


def _listed() -> PathCheck:
    everything = Hypothesis(
        "the two holders have all shares",
        lambda v: [v.inputs[shares(n).name] == v.inputs[f"h_1_{n}"] + v.inputs[f"h_2_{n}"] for n in HELD],
    )
    return checked(
        theorem(
            "voting.holders_have_all_votes",
            "",
            "Two holders of all shares have all votes between them.",
            "5(c)",
        ),
        lambda v: v.outcome["votes_of_1"] + v.outcome["votes_of_2"] == v.outcome["votes_all"],
        everything,
        labels=(_label(DEFAULTS.votes, DEFAULTS.half),),
        neighbours=(Neighbour("others have shares as well", hypotheses=()),),
    )


# Who fills seats

EIGHT = 8


def _seats_label(vacant: VacantSeats) -> str:
    return f"who fills each seat of a board of eight, {vacant.value}"


def of_seats(charter: Charter) -> Study:
    """Return the theorems about seats that classes fill which the clause does not name."""
    subjects = tuple(_seats(charter, own) for own in VacantSeats)
    checks = [_seats_agree(charter, own) for own in VacantSeats]
    checks.append(totality("voting.electors_totality", "Who fills the seats", (), "5(a), 5(b)"))
    return Study("who fills seats", subjects, tuple(checks), weight=1)


def _readings(vacant: VacantSeats) -> Readings:
    # Votes by share spare the solver a rounding that changes nothing at initial prices.
    return Readings(vacant_seats=vacant, votes=Votes.PER_SHARE)


def _groups(charter: Charter) -> dict[tuple[str, ...], str]:
    """Return the closed form's name of each group of seats, by the classes that the clause names."""
    board = charter.board
    assert board is not None
    names = {board.senior_series: "senior", (board.series_seat.series,): "series", (COMMON,): "common"}
    return {**names, voting.all_stock(charter): "all"}


def _seats(charter: Charter, vacant: VacantSeats) -> Subject:
    names = _groups(charter)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        found = voting.seats(position(charter, values), _readings(vacant), EIGHT)
        outputs: dict[str, Any] = {"voting_shift": found.shift}
        for group in found.groups:
            name = names[group.entitled]
            outputs |= {f"others_{name}": group.others_stand_in, f"electors_{name}": frozenset(group.electors)}
        return outputs

    unknowns = (COMMON_SHARES, shares("A"), shares("C"), shares("E"))
    seeds = tuple(
        numbers(C=common, n_A=a, n_C=c, n_E=e)
        for common, a, c, e in ((100, 0, 0, 1), (1, 1, 1, 1), (0, 0, 0, 0), (100, 1, 0, 0), (100, 0, 1, 1))
    )
    return bounded(
        _seats_label(vacant), function, unknowns, seeds, _readings(vacant), whole(*(u.term for u in unknowns))
    )


def _seats_agree(charter: Charter, vacant: VacantSeats) -> PathCheck:
    case = Case(charter, _readings(vacant))
    zero = literal(Fraction(0))
    rest = {f"n_{series.name}": zero for series in charter.series if series.name not in "ACE"}
    groups = {name: entitled for entitled, name in _groups(charter).items()}

    def claim(view: View) -> list[z3.BoolRef]:
        at, found = view.at(rest), []
        for name, entitled in groups.items():
            if f"others_{name}" not in view.structure:
                continue
            fills = {own: closed.electors(case, entitled, own) for own in closed.classes(charter)}
            others = any_of(*(condition for own, condition in fills.items() if own not in entitled))
            found.append(at.form(others) == z3.BoolVal(view.structure[f"others_{name}"]))
            found += [
                at.form(condition) == z3.BoolVal(own in view.structure[f"electors_{name}"])
                for own, condition in fills.items()
            ]
        return found

    return agreement(
        f"voting.electors_equivalence_{vacant.value}",
        f"{sentence(_seats_label(vacant))}, and whether others stand in",
        (_seats_label(vacant),),
        claim,
        "5(a), 5(b)",
        readings=chosen(_readings(vacant)),
    )
