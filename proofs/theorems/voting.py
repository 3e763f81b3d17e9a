"""Theorems about section 5: votes, Voting Shift Periods, seats and motions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

import sympy
import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.explorer import Function, Unknown
from proofs.formulas import Changed
from proofs.numbers import literal
from proofs.results import Scope
from proofs.statements import (
    REFUTED,
    account_claim,
    agreement,
    checked,
    formula,
    numbers,
    theorem,
    totality,
    whole,
)
from proofs.study import Study
from proofs.subjects import COMMON_SHARES, DEFAULTS, chosen, position, ratio, shares
from proofs.theorems import voting_sums
from proofs.views import Subject, View
from reference import conversion, voting
from reference.charter import COMMON, Charter
from reference.position import Holding, Position
from reference.readings import Half, Readings, ShiftTest, VacantSeats, Votes
from symbolic import voting as closed
from symbolic.account import Account, Definition
from symbolic.algebra import total
from symbolic.distributions import weights
from symbolic.liquidation import Case
from symbolic.rounding import is_nearest

TEN, FOURTEEN = 10, 14
"""The fewest and the most votes of a Preferred share for each Common share it converts into (5(c))."""

FEWEST_DIRECTORS = 5
"""The least board in a Voting Shift Period (5(a))."""

ALL_COMMON = 40_000_000
"""The authorised Common (IV.A)."""

TABLE = "counts of every class"
BOARD = "any number of directors in a Voting Shift Period"


def named(label: str, *readings: object) -> str:
    """Name a subject under some options."""
    return f"{label}, {', '.join(str(option) for option in readings)}"


def subject_of(
    label: str,
    function: Function,
    unknowns: tuple[Unknown, ...],
    hypotheses: tuple[z3.BoolRef, ...],
    seeds: tuple[Mapping[str, Fraction], ...],
    readings: Readings = DEFAULTS,
) -> Subject:
    """Return a subject whose closed forms are left to its checks."""
    return Subject(label, function, unknowns, hypotheses, seeds, chosen(readings))


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    own = (votes_study(charter), shift_study(charter), board_study(charter), motion_study(charter), totals(charter))
    return (*own, *voting_sums.studies(charter))


# Votes of a holder's shares


HOLDER = "one holder's shares of A at any conversion ratio"
SPLIT = "the same before and after a split of the Common"


def votes_study(charter: Charter) -> Study:
    """Return the theorems about the votes of one holder's shares of one series."""
    subjects = tuple(_holder(charter, *own) for own in product(Votes, Half))
    checks = [_votes_agree(charter, *own) for own in product(Votes, Half)]
    checks.append(totality("voting.votes_totality", "The votes of a holder's shares", (), "5(c)"))
    return Study("votes of shares", (*subjects, _split(charter)), (*checks, *_votes(charter)), weight=8)


def _holder(charter: Charter, votes: Votes, half: Half) -> Subject:
    readings = Readings(votes=votes, half=half)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values)
        count = values["n_A"]
        own = {"A": count}
        return {
            "votes": voting.votes_of(at, readings, "A", count),
            "as_common": conversion.common_issued(own, conversion.current_ratios(at, readings, ("A",)), readings),
        }

    unknowns = (shares("A"), ratio(charter, "A"))
    hypotheses = (*whole(unknowns[0].term), unknowns[0].term >= 0, unknowns[1].term > 0)
    seeds = (numbers(n_A=3, c_A="1/2"), numbers(n_A=1, c_A="7/5"), numbers(n_A=0, c_A=1))
    return subject_of(named(HOLDER, votes.value, half.value), function, unknowns, hypotheses, seeds, readings)


def _votes_agree(charter: Charter, votes: Votes, half: Half) -> PathCheck:
    readings = Readings(votes=votes, half=half)
    label = named(HOLDER, votes.value, half.value)
    each = literal(Fraction(charter.series_named("A").votes_per_as_converted_share.value))

    def claim(view: View) -> list[z3.BoolRef]:
        count, votes = view.inputs["n_A"], view.outcome["votes"]
        if readings.votes is Votes.PER_SHARE:
            return [votes == each * count]
        as_common = count * view.form(weights(Case(charter, readings, prices=frozenset("A")), Account())["A"])
        if readings.votes is Votes.MULTIPLY_THEN_ROUND:
            return [z3.IsInt(votes), _nearest(view, votes, each * as_common, half)]
        return [z3.IsInt(votes / each), _nearest(view, votes / each, as_common, half)]

    return agreement(
        f"voting.votes_equivalence_{votes.value}_{half.value}",
        f"The votes of {label}",
        (label,),
        claim,
        "5(c)",
        readings=chosen(readings),
    )


def _nearest(view: View, rounded: z3.ArithRef, quantity: z3.ArithRef, half: Half) -> z3.BoolRef:
    """Claim that a number is the closed form's nearest whole number, by its description without rounding."""
    at = view.at({"m": rounded, "x": quantity})
    found: z3.BoolRef = at.form(is_nearest(sympy.Symbol("m", real=True), sympy.Symbol("x", real=True), half))
    return found


def _split(charter: Charter) -> Subject:
    """Return the votes of one share of F before and after a Common split by which its conversion price is divided."""

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        price = values["c_F"]
        factor = values["k_common"]
        before = Position(charter, {"F": values["n_F"]}, {"F": price})
        after = Position(charter, {"F": values["n_F"]}, {"F": price / factor})
        each = Readings(votes=Votes.PER_SHARE)
        return {
            "before": voting.votes_of(before, DEFAULTS, "F", values["n_F"]),
            "after": voting.votes_of(after, DEFAULTS, "F", values["n_F"]),
            "per_share": voting.votes_of(before, each, "F", values["n_F"]),
        }

    unknowns = (shares("F"), ratio(charter, "F"), Unknown("k_common"))
    hypotheses = (*whole(unknowns[0].term), unknowns[0].term > 0, *(u.term > 0 for u in unknowns[1:]))
    return subject_of(SPLIT, function, unknowns, hypotheses, (numbers(n_F=1, c_F="7/5", k_common=2),))


def _votes(charter: Charter) -> tuple[PathCheck, ...]:
    default = named(HOLDER, DEFAULTS.votes.value, DEFAULTS.half.value)
    each = literal(Fraction(TEN))

    def exact(view: View) -> z3.ArithRef:
        return each * view.inputs["n_A"] * view.inputs["c_A"]

    return (
        checked(
            theorem(
                "voting.rounding_error",
                "TH-VT-02",
                "Rounding changes the votes of a holder's shares of A by five at most.",
                "5(c)",
            ),
            lambda v: [v.outcome["votes"] - exact(v) <= each / 2, exact(v) - v.outcome["votes"] <= each / 2],
            labels=(default,),
            neighbours=(
                Neighbour(
                    "it changes them by less than five",
                    claim=lambda v: exact(v) - v.outcome["votes"] > -each / 2,
                    suggestions=(numbers(n_A=1, c_A="1/2"),),
                ),
            ),
        ),
        checked(
            theorem(
                "voting.conversion_lowers_votes",
                "TH-VT-14",
                "Converting never raises a holder's votes: the Common issued has no more than the shares had.",
                "3(a), 5(c)",
            ),
            lambda v: v.outcome["as_common"] <= v.outcome["votes"],
            labels=(default,),
            neighbours=(
                Neighbour(
                    "it always lowers them",
                    claim=lambda v: v.outcome["as_common"] < v.outcome["votes"],
                    suggestions=(numbers(n_A=0, c_A=1),),
                ),
            ),
        ),
        checked(
            theorem(
                "voting.split_neutral_when_rounded",
                "TH-VT-12",
                "A split of the Common multiplies the votes of every holder by its factor.",
                "3(d)(iii), 5(c)",
                expected=REFUTED,
            ),
            lambda v: v.outcome["after"] == v.inputs["k_common"] * v.outcome["before"],
            labels=(SPLIT,),
            suggestions=(numbers(n_F=1, c_F="7/5", k_common=2),),
            shows="One share at a ratio of 1.4 counts as one share of Common, and after a two-for-one split as three.",
        ),
        checked(
            theorem(
                "voting.per_share_agrees_only_at_par",
                "TH-VT-13",
                "As rounded, votes by share and votes as converted are the same only at a conversion ratio of one.",
                "5(c)",
                expected=REFUTED,
            ),
            lambda v: z3.Implies(v.outcome["per_share"] == v.outcome["before"], v.inputs["c_F"] == 1),
            labels=(SPLIT,),
            suggestions=(numbers(n_F=1, c_F="7/5", k_common=1),),
            shows="One share at a ratio of 1.4 counts as one share of Common.",
        ),
    )


# Voting Shift Periods


def shift_study(charter: Charter) -> Study:
    """Return the theorems about when the Preferred elects every director, at initial conversion prices."""
    options = tuple(product(ShiftTest, VacantSeats))
    subjects = tuple(_table(charter, *own) for own in options)
    checks = [_shift_agrees(charter, *own) for own in options]
    checks.append(totality("voting.shift_totality", "Whether a Voting Shift Period runs", (), "5(a)"))
    return Study("Voting Shift Periods", subjects, (*checks, *_shifts(charter)), weight=10)


def _shift_readings(test: ShiftTest, vacant: VacantSeats) -> Readings:
    """Return the readings; votes by share spare the solver a rounding that changes nothing at initial prices."""
    readings = Readings(shift_test=test, vacant_seats=vacant)
    return readings if readings == DEFAULTS else replace(readings, votes=Votes.PER_SHARE)


def _table(charter: Charter, test: ShiftTest, vacant: VacantSeats) -> Subject:
    readings = _shift_readings(test, vacant)
    names = (*(series.name for series in charter.series), COMMON)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values)
        powers = voting.voting_powers(at, readings)
        return {
            "voting_shift": voting.in_voting_shift(at, readings),
            "votes_preferred": powers.preferred,
            "votes_all": powers.preferred + powers.common,
        }

    unknowns = (COMMON_SHARES, *(shares(name) for name in names if name != COMMON))
    terms = tuple(u.term for u in unknowns)
    seeds = tuple(
        numbers(C=common, n_A=a, n_B=0, n_C=c, n_D=0, n_E=0, n_F=0)
        for common, a, c in ((1, 1, 1), (100, 1, 1), (1, 0, 0), (100, 1, 0), (10, 1, 0))
    )
    hypotheses = (*whole(*terms), *(term >= 0 for term in terms))
    return subject_of(named(TABLE, test.value, vacant.value), function, unknowns, hypotheses, seeds, readings)


def _votes_and_shift(case: Case) -> list[Definition]:
    account = Account(named=True)
    found = closed.votes(case, account)
    preferred = total(found.of_class(series.name) for series in case.charter.series)
    short = closed.insufficient(case, preferred, preferred + found.of_class(COMMON))
    account.output("voting_shift", short, "whether a Voting Shift Period runs", "5(a)", "yes or no")
    return account.definitions


def _shift_agrees(charter: Charter, test: ShiftTest, vacant: VacantSeats) -> PathCheck:
    readings = _shift_readings(test, vacant)
    label = named(TABLE, test.value, vacant.value)
    return agreement(
        f"voting.shift_equivalence_{test.value}_{vacant.value}",
        f"Votes by class and whether a Voting Shift Period runs, with {label}",
        (label,),
        account_claim(_votes_and_shift(Case(charter, readings))),
        "5(a), 5(c)",
        readings=chosen(readings),
    )


def preferred_shares(charter: Charter, view: View) -> z3.ArithRef:
    """Return the outstanding shares of all series."""
    return z3.Sum([view.inputs[f"n_{series.name}"] for series in charter.series])


def no_shift(view: View) -> z3.BoolRef:
    """Claim that no Voting Shift Period runs."""
    return z3.BoolVal(not view.structure["voting_shift"])


def _shifts(charter: Charter) -> tuple[PathCheck, ...]:
    default = (named(TABLE, DEFAULTS.shift_test.value, DEFAULTS.vacant_seats.value),)
    issued = Hypothesis(
        "every authorised share of Preferred is outstanding",
        lambda v: [v.inputs[f"n_{s.name}"] == s.authorized.value for s in charter.series],
    )
    authorised = Hypothesis("no more Common than is authorised", lambda v: v.inputs["C"] <= ALL_COMMON)
    reserved = Hypothesis(
        "the Common and what is reserved for conversion are authorised (3(i))",
        lambda v: v.inputs["C"] + preferred_shares(charter, v) <= ALL_COMMON,
    )
    seats_of = "voting.no_shift"
    return (
        checked(
            theorem(
                "voting.votes_per_as_converted_share",
                "TH-VT-01",
                "At initial conversion prices the Preferred has from 10 to 14 votes for each share it converts into.",
                "5(c)",
            ),
            lambda v: [
                v.outcome["votes_preferred"] >= TEN * preferred_shares(charter, v),
                v.outcome["votes_preferred"] <= FOURTEEN * preferred_shares(charter, v),
            ],
            labels=default,
            neighbours=(
                Neighbour(
                    "it always has more than ten",
                    claim=lambda v: v.outcome["votes_preferred"] > TEN * preferred_shares(charter, v),
                ),
            ),
        ),
        checked(
            theorem(
                f"{seats_of}_at_full_issuance",
                "TH-VT-03",
                "With every authorised share of Preferred outstanding no Voting Shift Period runs.",
                "5(a)",
            ),
            no_shift,
            issued,
            authorised,
            labels=default,
            neighbours=(Neighbour("not every share need be outstanding", hypotheses=(authorised,)),),
        ),
        checked(
            theorem(
                f"{seats_of}_while_a_holds_four_million",
                "TH-VT-03",
                "While 4,000,001 shares of A are outstanding, at its initial conversion price, no such period runs.",
                "5(a)",
            ),
            no_shift,
            Hypothesis("4,000,001 shares of A or more are outstanding", lambda v: v.inputs["n_A"] >= 4_000_001),
            authorised,
            labels=default,
            neighbours=(
                Neighbour(
                    "one share less",
                    hypotheses=(
                        Hypothesis("4,000,000 shares of A or more", lambda v: v.inputs["n_A"] >= 4_000_000),
                        authorised,
                    ),
                ),
            ),
        ),
        checked(
            theorem(
                "voting.shift_needs_few_preferred",
                "TH-VT-04",
                "With the reserve of 3(i) kept, a Voting Shift Period runs only while the Preferred converts into a"
                " tenth of the Common at most, and so into no more than 40,000,000 / 11.",
                "3(i), 5(a)",
            ),
            lambda v: z3.Or(no_shift(v), (TEN + 1) * preferred_shares(charter, v) <= ALL_COMMON),
            reserved,
            labels=default,
            neighbours=(Neighbour("nothing need be reserved", hypotheses=()),),
        ),
        checked(
            theorem(
                f"{seats_of}_after_the_election_of_a_to_d",
                "TH-VT-05",
                "After A to D have converted, with E and F fully outstanding and reserved for, no such period runs.",
                "3(i), 5(a)",
            ),
            no_shift,
            Hypothesis("A to D are Common", lambda v: [v.inputs[f"n_{name}"] == 0 for name in charter.electing]),
            Hypothesis(
                "every authorised share of E and F is outstanding",
                lambda v: [v.inputs[f"n_{n}"] == charter.series_named(n).authorized.value for n in "EF"],
            ),
            reserved,
            labels=default,
            neighbours=(Neighbour("E and F need not be outstanding", hypotheses=(reserved,)),),
        ),
    )


# Seats


def board_study(charter: Charter) -> Study:
    """Return the theorems about the seats of a Voting Shift Period, for any number of directors."""
    subjects = tuple(_board(charter, half) for half in Half)
    checks: list[PathCheck] = [_board_agrees(charter, half) for half in Half]
    checks.append(totality("voting.seats_totality", "The seats of a board", (), "5(a), 5(b)"))
    for half in Half:
        checks += _seats(half)
    return Study("seats", (*subjects, _electors(charter)), (*checks, *_vacancies()), weight=8)


SHIFTED = {"A": 1, "B": 1, "C": 1, COMMON: 1000}
"""A table in which the Common outvotes the Preferred, and every group of seats has electors."""


def _board(charter: Charter, half: Half) -> Subject:
    readings = Readings(half=half)
    at = Position(charter, SHIFTED)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        found = voting.seats(at, readings, values["N"])
        senior, series, common = found.groups
        return {
            "directors": found.directors,
            "seats_senior": senior.seats,
            "seats_series": series.seats,
            "seats_common": common.seats,
            "voting_shift": found.shift,
        }

    unknown = Unknown("N")
    hypotheses = (*whole(unknown.term), unknown.term >= 1)
    return subject_of(
        named(BOARD, half.value), function, (unknown,), hypotheses, tuple(numbers(N=n) for n in (1, 5, 6, 8)), readings
    )


def _board_agrees(charter: Charter, half: Half) -> PathCheck:
    readings = Readings(half=half)
    board = charter.board
    assert board is not None
    share, own = literal(board.senior_share_in_shift.value), board.series_seat.seats.value

    def claim(view: View) -> list[z3.BoolRef]:
        out, bylaws = view.outcome, view.inputs["N"]
        return [
            z3.BoolVal(bool(view.structure["voting_shift"])),
            out["directors"] == z3.If(bylaws >= FEWEST_DIRECTORS, bylaws, FEWEST_DIRECTORS),
            z3.IsInt(out["seats_senior"]),
            _nearest(view, out["seats_senior"], share * out["directors"], half),
            out["seats_series"] == own,
            out["seats_common"] == out["directors"] - out["seats_senior"] - own,
        ]

    return agreement(
        f"voting.seats_equivalence_{half.value}",
        f"The seats with {named(BOARD, half.value)}",
        (named(BOARD, half.value),),
        claim,
        "5(a), 5(b)",
        readings=chosen(readings),
    )


def _seats(half: Half) -> list[PathCheck]:
    label, readings = (named(BOARD, half.value),), chosen(Readings(half=half))
    five = Hypothesis("the bylaws provide for five directors or more", lambda v: v.inputs["N"] >= FEWEST_DIRECTORS)
    without = (5, 6) if half is Half.UP else (5,)
    stated = partial(theorem, clauses="5(a)", readings=readings)

    def share(view: View) -> z3.ArithRef:
        return 4 * view.outcome["seats_senior"] - 3 * view.outcome["directors"]

    return [
        checked(
            stated(
                f"voting.three_quarters_fit_{half.value}",
                "TH-VT-06",
                "The senior seats are three quarters of the board to within half a seat, and leave one free.",
            ),
            lambda v: [
                share(v) <= 2,
                share(v) >= -2,
                v.outcome["seats_senior"] + v.outcome["seats_series"] <= v.outcome["directors"],
            ],
            five,
            labels=label,
            neighbours=(Neighbour("they are three quarters exactly", claim=lambda v: share(v) == 0),),
        ),
        checked(
            stated(
                f"voting.common_without_seats_{half.value}",
                "TH-VT-07",
                f"The Common has no seat of its own exactly on a board of {' or '.join(map(str, without))}.",
            ),
            lambda v: (v.outcome["seats_common"] == 0) == z3.Or([v.inputs["N"] == n for n in without]),
            five,
            labels=label,
            neighbours=(
                Neighbour(
                    "also where the bylaws provide for fewer than five",
                    hypotheses=(),
                    suggestions=(numbers(N=1),),
                ),
            ),
        ),
        checked(
            stated(
                f"voting.senior_series_have_a_majority_{half.value}",
                "TH-VT-08",
                "The senior series fill more than half of the board.",
            ),
            lambda v: 2 * v.outcome["seats_senior"] > v.outcome["directors"],
            labels=label,
            neighbours=(
                Neighbour(
                    "they fill more than three quarters",
                    claim=lambda v: 4 * v.outcome["seats_senior"] > 3 * v.outcome["directors"],
                ),
            ),
        ),
        checked(
            stated(
                f"voting.common_fills_a_quarter_at_most_{half.value}",
                "TH-VT-09",
                "The Common fills a quarter of the board at most.",
            ),
            lambda v: 4 * v.outcome["seats_common"] <= v.outcome["directors"],
            labels=label,
            neighbours=(
                Neighbour(
                    "it fills less than a fifth",
                    claim=lambda v: 5 * v.outcome["seats_common"] < v.outcome["directors"],
                ),
            ),
        ),
    ]


EMPTY = "a board of eight, each vacant seat left vacant or filled by all"


def _electors(charter: Charter) -> Subject:
    """Return how many seats nobody fills, if a class without shares leaves its seats vacant and if all fill them."""

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values)
        left = voting.seats(at, Readings(vacant_seats=VacantSeats.VACANT), 8)
        together = voting.seats(at, DEFAULTS, 8)
        return {"vacant": left.vacant, "vacant_together": together.vacant}

    unknowns = (COMMON_SHARES, shares("A"), shares("C"), shares("E"))
    terms = tuple(u.term for u in unknowns)
    seeds = (numbers(C=100, n_A=0, n_C=0, n_E=1), numbers(C=1, n_A=1, n_C=1, n_E=1), numbers(C=0, n_A=0, n_C=0, n_E=0))
    return subject_of(EMPTY, function, unknowns, (*whole(*terms), *(term >= 0 for term in terms)), seeds)


def _vacancies() -> tuple[PathCheck, ...]:
    some = Hypothesis("some share is outstanding", lambda v: z3.Sum(list(v.inputs.values())) > 0)
    return (
        checked(
            theorem(
                "voting.seats_have_electors",
                "TH-VT-10",
                "Every seat has somebody to fill it while any share is outstanding.",
                "5(a), 5(b)",
                expected=REFUTED,
                readings=chosen(Readings(vacant_seats=VacantSeats.VACANT)),
            ),
            lambda v: v.outcome["vacant"] == 0,
            some,
            labels=(EMPTY,),
            suggestions=(numbers(C=100, n_A=0, n_C=1, n_E=0),),
            shows="With no A and no B nobody fills the senior seats.",
        ),
        checked(
            theorem(
                "voting.seats_have_electors_if_all_vote_together",
                "TH-VT-10",
                "If all stock fills the seats of a class without shares, no seat is vacant while a share is held.",
                "5(a), 5(b)",
            ),
            lambda v: v.outcome["vacant_together"] == 0,
            some,
            labels=(EMPTY,),
            neighbours=(Neighbour("no share need be outstanding", hypotheses=()),),
        ),
    )


# Motions


VOTE = "a motion and a class vote of A, ann in favour"
WIDER = "the same motion with ann, and with ann and bob"
HOLDERS = ("ann", "bob")
BY_SHARE = replace(DEFAULTS, votes=Votes.PER_SHARE)


def motion_study(charter: Charter) -> Study:
    """Return the theorems about motions."""
    account = Account(named=True)
    closed.motion(Case(charter, BY_SHARE), account, len(HOLDERS), (("A",),))
    named_once = [own for own in account.definitions if not own.name.startswith("needed_")]
    agrees_besides = account_claim(named_once)

    def claim(view: View) -> list[z3.BoolRef]:
        tallies = [_least(view.outcome[f"needed_{name}"], view.outcome[f"whole_{name}"]) for name in ("all", "A")]
        return [*agrees_besides(view.at(_values(charter, view))), *(part for parts in tallies for part in parts)]

    agrees = agreement(
        "voting.motion_equivalence",
        f"The tallies of {VOTE}",
        (VOTE,),
        claim,
        "5(a)",
        readings=chosen(BY_SHARE),
    )
    more = checked(
        theorem(
            "voting.more_consents_never_undo_a_motion",
            "TH-VT-16",
            "What passes with the consent of one holder passes with that of two.",
            "5(a)",
        ),
        lambda v: z3.BoolVal(v.structure["with_both"] or not v.structure["with_one"]),
        labels=(WIDER,),
        neighbours=(
            Neighbour(
                "what passes with two passes with one",
                claim=lambda v: z3.BoolVal(v.structure["with_one"] or not v.structure["with_both"]),
            ),
        ),
    )
    total = totality("voting.motion_totality", "A motion", (), "5(a)")
    return Study("motions", (_motion(charter), _wider(charter)), (agrees, more, total), weight=5)


def _least(needed: z3.ArithRef, votes: z3.ArithRef) -> list[z3.BoolRef]:
    """Claim that a number is the least whole one above half of the votes, or zero where nobody has any."""
    nobody = z3.And(votes == 0, needed == 0)
    return [z3.IsInt(needed), z3.Or(nobody, z3.And(2 * needed > votes, 2 * (needed - 1) <= votes))]


def _unlisted(charter: Charter, values: Mapping[str, Any]) -> Position:
    """Return a table of A and Common, part of which ann and bob hold."""
    own = {(holder, stock): values[f"h_{i}_{stock}"] for i, holder in enumerate(HOLDERS, 1) for stock in ("A", COMMON)}
    shares_of = {
        stock: values[f"rest_{stock}"] + sum(count for (_, name), count in own.items() if name == stock)
        for stock in ("A", COMMON)
    }
    return Position(charter, shares_of, holdings=tuple(Holding(h, name, count) for (h, name), count in own.items()))


def _values(charter: Charter, view: View) -> dict[str, z3.ArithRef]:
    """Return what the closed forms call the unknowns of a motion, ann in favour."""
    zero, one = literal(Fraction(0)), literal(Fraction(1))
    values = {f"n_{series.name}": zero for series in charter.series}
    values |= {f"h_{i}_{s.name}": zero for i in (1, 2) for s in charter.series if s.name != "A"}
    for symbol, stock in (("n_A", "A"), ("C", COMMON)):
        parts = [view.inputs[name] for name in (f"h_1_{stock}", f"h_2_{stock}", f"rest_{stock}")]
        values[symbol] = z3.Sum(parts)
    return values | {"f_1": one, "f_2": zero}


def _of_holders(label: str, function: Function) -> Subject:
    unknowns = tuple(Unknown(f"{who}_{stock}") for stock in ("A", COMMON) for who in ("h_1", "h_2", "rest"))
    terms = tuple(u.term for u in unknowns)
    seeds = tuple(dict(zip((u.name for u in unknowns), map(Fraction, counts), strict=True)) for counts in FEW)
    return subject_of(label, function, unknowns, (*whole(*terms), *(term >= 0 for term in terms)), seeds)


FEW = ((1, 0, 0, 1, 0, 0), (0, 1, 0, 0, 9, 9), (1, 0, 9, 9, 0, 0), (0, 0, 0, 1, 1, 0), (1, 1, 0, 5, 5, 0))


def _motion(charter: Charter) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        found = voting.motion(_unlisted(charter, values), BY_SHARE, ("ann",), (("A",),))
        outputs: dict[str, Any] = {"motion_passes": found.passes}
        for name, tally in zip(("all", "A"), found.tallies, strict=True):
            outputs |= {f"whole_{name}": tally.whole, f"obtained_{name}": tally.obtained}
            outputs |= {f"needed_{name}": tally.needed, f"passes_{name}": tally.passes}
        return outputs

    return _of_holders(VOTE, function)


def _wider(charter: Charter) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = _unlisted(charter, values)
        return {
            "with_one": voting.motion(at, BY_SHARE, ("ann",), (("A",),)).passes,
            "with_both": voting.motion(at, BY_SHARE, HOLDERS, (("A",),)).passes,
        }

    return _of_holders(WIDER, function)


# Unrounded votes, as formulas


def totals(charter: Charter) -> Study:
    """Return the theorems about votes that are not rounded, in as-converted shares of each series."""
    names = [series.name for series in charter.series]
    each = {s.name: literal(Fraction(s.votes_per_as_converted_share.value)) for s in charter.series}
    converted = {name: z3.Real(f"r_{name}") for name in names}
    common, factor = z3.Real("C"), z3.Real("k")
    not_negative = tuple(term >= 0 for term in (common, *converted.values()))
    votes = z3.Sum([each[name] * converted[name] for name in names])
    as_converted = z3.Sum(list(converted.values()))
    unrounded = ("votes are not rounded", z3.BoolVal(True))
    stated = partial(theorem, scope=Scope.ARITHMETIC, clauses="5(c)")
    grown = {name: z3.Real(f"r_{name}'") for name in names}
    more = z3.Sum([each[name] * grown[name] for name in names])
    unknowns = (common, *converted.values())
    checks = (
        formula(
            stated(
                "voting.votes_between_ten_and_fourteen",
                "TH-VT-01",
                "Unrounded, the Preferred has from 10 to 14 votes for each share of Common that it converts into.",
            ),
            unknowns,
            (votes >= TEN * as_converted, votes <= FOURTEEN * as_converted),
            (unrounded,),
            not_negative,
            (Changed("from 10 to 13", (), votes <= (FOURTEEN - 1) * as_converted),),
        ),
        formula(
            stated(
                "voting.split_neutral",
                "TH-VT-11",
                "Unrounded, a split of the Common leaves the Preferred's part of all votes as it was.",
            ),
            (*unknowns, factor),
            (votes * (factor * common + factor * votes) == factor * votes * (common + votes),),
            (unrounded, ("a share of Common becomes k shares, k above zero", factor > 0)),
            not_negative,
            (
                Changed(
                    "though conversion prices stay",
                    (factor > 0,),
                    votes * (factor * common + votes) == votes * (common + votes),
                ),
            ),
        ),
        formula(
            stated(
                "voting.dilution_adjustments_raise_the_preferred",
                "TH-VT-15",
                "Unrounded, higher conversion ratios never lower the Preferred's part of all votes.",
            ),
            (*unknowns, *grown.values()),
            (more * (common + votes) >= votes * (common + more),),
            (unrounded, ("no ratio falls", z3.And(*(grown[name] >= converted[name] for name in names)))),
            not_negative,
            (Changed("ratios may fall", tuple(grown[n] >= 0 for n in names), more * common >= votes * common),),
        ),
        formula(
            stated(
                "voting.per_share_agrees_at_par",
                "TH-VT-13",
                "Unrounded, a series that somebody holds has as many votes by share as it has as converted exactly"
                " where its conversion ratio is one.",
            ),
            (z3.Real("n"), z3.Real("c")),
            ((TEN * z3.Real("n") == TEN * z3.Real("n") * z3.Real("c")) == (z3.Real("c") == 1),),
            (unrounded, ("somebody holds the series", z3.Real("n") > 0)),
            (z3.Real("n") >= 0, z3.Real("c") > 0),
            (
                Changed(
                    "nobody need hold it",
                    (),
                    (TEN * z3.Real("n") == TEN * z3.Real("n") * z3.Real("c")) == (z3.Real("c") == 1),
                ),
            ),
        ),
    )
    return Study("votes, unrounded", (), checks, weight=2)
