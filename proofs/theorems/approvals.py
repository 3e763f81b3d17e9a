"""Theorems about section 6: which approvals an act needs, and who can give or withhold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.explorer import Unknown
from proofs.numbers import literal
from proofs.statements import (
    REFUTED,
    account_claim,
    agreement,
    checked,
    numbers,
    sentence,
    specialised,
    terms_of,
    theorem,
    totality,
    whole,
)
from proofs.study import Study
from proofs.subjects import DEFAULTS, chosen
from proofs.views import Subject, View
from reference.additional_stock import Plan, plan_is_excluded
from reference.approvals import PREFERRED, Act, Approval, approved, minimal_coalitions, required
from reference.charter import COMMON, Charter
from reference.position import Holding, Position
from reference.readings import Votes
from reference.voting import ballots
from symbolic import approvals as closed
from symbolic.account import Account, Definition
from symbolic.liquidation import Case

IN_FAVOUR, AGAINST = "ann", "bob"

BY_SHARE = replace(DEFAULTS, votes=Votes.PER_SHARE)
"""At initial conversion prices this is the default, without a rounding that changes nothing."""

SALE = Act("asset_disposal")
RESIZE = Act("change_authorized", stock="A")
CAP = Act("amendment", provisions=("2(b)",), adverse_to=("E",))
WORSE_FOR_E = Act("amendment", adverse_to=("E",), differently=("E",))
TERMS_OF_E = Act("amendment", provisions=("3(b)(ii)",))

ISSUED = "every authorised share outstanding, any of them in favour"
TWO = "any shares of A and E, any of them in favour"
CAPPED = "an amendment of the cap to the detriment of E, any shares of A, E and F"
PLAN = "a plan put to the holders at full issuance"


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    own = (at_full_issuance(charter), any_shares(charter), of_the_cap(charter), of_a_plan(charter))
    return (*own, of_class_votes(charter), of_coalitions(charter))


def _unknowns(stem: str, names: str) -> tuple[Unknown, ...]:
    return tuple(Unknown(f"{stem}_{name}") for name in names)


def _position(charter: Charter, values: Mapping[str, Any], names: str) -> Position:
    """Return a table of some series, part of whose shares are one holder's, who is in favour."""
    held = [Holding(IN_FAVOUR, n, values[f"y_{n}"]) for n in names]
    held += [Holding(AGAINST, n, values[f"r_{n}"]) for n in names]
    return Position(charter, {n: values[f"y_{n}"] + values[f"r_{n}"] for n in names}, holdings=tuple(held))


def _passes(position: Position, act: Act, kind: str) -> bool:
    """Say whether the approval of one kind is given."""
    found = [own for own in required(position, DEFAULTS, act, (IN_FAVOUR,)) if own.kind == kind]
    return bool(found) and all(own.passes for own in found)


def _votes(charter: Charter, view: View, stem: str, names: str) -> z3.ArithRef:
    """Return the votes of shares at initial conversion prices (5(c))."""
    each = {s.name: s.votes_per_as_converted_share.value for s in charter.series}
    return z3.Sum([each[name] * view.inputs[f"{stem}_{name}"] for name in names])


# Full issuance


def at_full_issuance(charter: Charter) -> Study:
    """Return the theorems about whole series and their coalitions at full issuance."""
    names = "".join(series.name for series in charter.series)
    issued = {series.name: series.authorized.value for series in charter.series}

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        rest = {f"r_{name}": count - values[f"y_{name}"] for name, count in issued.items()}
        at = _position(charter, {**values, **rest}, names)
        return {
            "majority": _passes(at, SALE, "preferred_majority"),
            "supermajority": _passes(at, RESIZE, "preferred_supermajority"),
        }

    unknowns = _unknowns("y", names)
    terms = tuple(u.term for u in unknowns)
    limits = tuple(u.term <= issued[u.name[2:]] for u in unknowns)
    seeds = tuple(_only(issued, coalition) for coalition in ("", "A", "AC", "ACE", "ABCDEF", "AB", "CEF"))
    hypotheses = (*whole(*terms), *(term >= 0 for term in terms), *limits)
    subject = Subject(ISSUED, function, unknowns, hypotheses, seeds)
    return Study("approvals at full issuance", (subject,), _issued(charter, issued), weight=3)


def _only(issued: Mapping[str, int], coalition: str) -> dict[str, Fraction]:
    """Return the inputs in which exactly some whole series are in favour."""
    return {f"y_{name}": Fraction(count if name in coalition else 0) for name, count in issued.items()}


def _exactly(issued: Mapping[str, int], coalition: str) -> Hypothesis:
    words = f"exactly the holders of {' and '.join(coalition)} are in favour"
    wanted = _only(issued, coalition)
    return Hypothesis(words, lambda v: [v.inputs[name] == literal(count) for name, count in wanted.items()])


def _given(name: str, given: bool = True) -> Any:
    """Claim that an approval is given, or that it is not."""
    return lambda v: z3.BoolVal(v.structure.get(name) is given)


def _issued(charter: Charter, issued: Mapping[str, int]) -> tuple[PathCheck, ...]:
    all_of_a = literal(Fraction(issued["A"]))
    coalitions = [
        checked(
            theorem(
                f"approvals.sale_with_{'_and_'.join(coalition.lower())}",
                "TH-PP-05",
                f"At full issuance {' and '.join(coalition)} together {'can' if enough else 'cannot'} approve a sale"
                " of the corporation.",
                "6(b)",
            ),
            _given("majority", enough),
            _exactly(issued, coalition),
            neighbours=(
                Neighbour(
                    "the others join in" if not enough else "A leaves the coalition",
                    hypotheses=(_exactly(issued, "ABCDEF" if not enough else coalition.replace("A", "")),),
                ),
            ),
        )
        for coalition, enough in (("AC", True), ("AE", True), ("AB", False), ("AD", False), ("AF", False))
    ]
    return (
        checked(
            theorem(
                "approvals.supermajority_needs_a",
                "TH-PP-02",
                "At full issuance nobody reaches three quarters of the votes without 36.7 per cent of those of A.",
                "6(a)",
            ),
            lambda v: z3.Or(_given("supermajority", False)(v), 1000 * v.inputs["y_A"] >= 367 * all_of_a),
            neighbours=(
                Neighbour(
                    "without 36.8 per cent",
                    claim=lambda v: z3.Or(_given("supermajority", False)(v), 1000 * v.inputs["y_A"] >= 368 * all_of_a),
                ),
            ),
        ),
        checked(
            theorem(
                "approvals.a_alone_approves_a_sale",
                "TH-PP-03",
                "At full issuance A alone can approve a sale of the corporation.",
                "6(b)",
                expected=REFUTED,
            ),
            _given("majority"),
            _exactly(issued, "A"),
            suggestions=(_only(issued, "A"),),
            shows="A has 91,000,000 of 230,370,000 votes.",
        ),
        checked(
            theorem(
                "approvals.a_can_block_a_sale",
                "TH-PP-04",
                "At full issuance nothing is sold without a vote of A.",
                "6(b)",
                expected=REFUTED,
            ),
            _given("majority", False),
            Hypothesis("no share of A is in favour", lambda v: v.inputs["y_A"] == 0),
            suggestions=(_only(issued, "BCDEF"),),
            shows="The others have 139,370,000 of 230,370,000 votes.",
        ),
        checked(
            theorem(
                "approvals.supermajority_is_a_majority",
                "TH-PP-08",
                "Whoever can approve what 6(a) lists can approve what 6(b) lists.",
                "6(a), 6(b)",
            ),
            lambda v: z3.BoolVal(v.structure["majority"] or not v.structure["supermajority"]),
            neighbours=(
                Neighbour(
                    "and the other way round",
                    claim=lambda v: z3.BoolVal(v.structure["supermajority"] or not v.structure["majority"]),
                ),
            ),
        ),
        *coalitions,
    )


# Any shares


ACTS: Mapping[str, Act] = {
    "sale": SALE,
    "resize": RESIZE,
    "cap": CAP,
    "worse_for_e": WORSE_FOR_E,
    "terms_of_e": TERMS_OF_E,
}
"""Acts that the approvals are worked out for, by a word for each."""


def any_shares(charter: Charter) -> Study:
    """Return the theorems about any outstanding shares of A and E."""
    subjects = tuple(_of_act(charter, word, act) for word, act in ACTS.items())
    checks = [_agrees(charter, word, act) for word, act in ACTS.items()]
    checks.append(totality("approvals.totality", "The approvals of an act", (), "6", readings=chosen(BY_SHARE)))
    return Study("approvals of any shares", subjects, (*checks, *_any(charter)), weight=6)


def _label(word: str) -> str:
    return f"{TWO}: {word.replace('_', ' ')}"


def _of_act(charter: Charter, word: str, act: Act) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        found = required(_position(charter, values, "AE"), BY_SHARE, act, (IN_FAVOUR,))
        given = {own.kind: own.passes for own in found if own.tally.classes != ("F",)}
        return {"approved": approved(found), **{f"given_{kind}": passes for kind, passes in given.items()}}

    unknowns = (*_unknowns("y", "AE"), *_unknowns("r", "AE"))
    terms = tuple(u.term for u in unknowns)
    seeds = (
        numbers(y_A=1, y_E=1, r_A=1, r_E=1),
        numbers(y_A=0, y_E=0, r_A=0, r_E=0),
        numbers(y_A=3, y_E=0, r_A=1, r_E=1),
        numbers(y_A=0, y_E=3, r_A=1, r_E=1),
    )
    hypotheses = (*whole(*terms), *(term >= 0 for term in terms))
    return Subject(_label(word), function, unknowns, hypotheses, seeds, chosen(BY_SHARE))


def facts(charter: Charter, act: Act) -> dict[str, Fraction]:
    """Return the facts about an act by the names of the closed forms: one or zero."""
    series = tuple(series.name for series in charter.series)
    told = {
        "amendment": act.kind == "amendment",
        "by_board": act.by_board,
        "creates": act.kind == "create_stock",
        "redeems": act.kind in ("redemption", "repurchase"),
        "redeems_common": False,
        "junior": act.subordinate,
        "sells": act.kind == "asset_disposal",
        "merges": act.kind == "merger",
        "excepted": False,
        "moved": False,
        "by_law": act.vote_by_law,
        "stated": False,
        "m": False,
    }
    for name in (*series, COMMON, PREFERRED, closed.OTHER):
        told[f"resizes_{name}"] = act.kind == "change_authorized" and act.stock == name
        told[f"adverse_{name}"] = name in act.adverse_to
        told[f"differs_{name}"] = name in act.differently
    found = {name: Fraction(int(so)) for name, so in told.items()} | {"provisions": Fraction(len(act.provisions))}
    return found | {name: Fraction(so) for name, so in closed.touched(charter, act.provisions).items()}


def _agrees(charter: Charter, word: str, act: Act) -> PathCheck:
    account = Account(named=True)
    closed.approvals(Case(charter, BY_SHARE), account, 1)
    wanted = [own for own in account.definitions if not own.name.startswith(("critical", "lacks", "minimal", "needed"))]
    claim = account_claim(wanted)
    fixed = {name: literal(value) for name, value in facts(charter, act).items()}
    zero, one = literal(Fraction(0)), literal(Fraction(1))

    def at(view: View) -> View:
        values = {**fixed, "C": zero, "h_1_common": zero, "f_1": one}
        for series in charter.series:
            some = series.name in "AE"
            own, rest = (view.inputs[f"{stem}_{series.name}"] if some else zero for stem in "yr")
            values |= {f"h_1_{series.name}": own, f"n_{series.name}": own + rest}
        return view.at(values)

    def same(view: View) -> list[z3.BoolRef]:
        return claim(at(_Only(view, "approved")))

    return agreement(
        f"approvals.equivalence_{word}",
        f"Whether every approval is given of {_label(word)}",
        (_label(word),),
        same,
        "6",
    )


class _Only:
    """Show a view with one of its outputs that are no numbers, the others being left to other claims."""

    def __init__(self, view: View, name: str) -> None:
        self._view, self._name = view, name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._view, name)

    def at(self, values: Mapping[str, z3.ArithRef]) -> Any:
        """Return the same view with further values."""
        return _Only(self._view.at(values), self._name)

    @property
    def structure(self) -> Mapping[str, Any]:
        """Return the one output."""
        return {self._name: self._view.structure[self._name]}


def _any(charter: Charter) -> tuple[PathCheck, ...]:
    def all_votes(view: View) -> z3.ArithRef:
        return _votes(charter, view, "y", "AE") + _votes(charter, view, "r", "AE")

    some = Hypothesis("some Preferred is outstanding", lambda v: all_votes(v) > 0)
    return (
        checked(
            theorem(
                "approvals.a_quarter_blocks",
                "TH-PP-01",
                "Holders block what 6(a) lists exactly if they have more than a quarter of the votes of the Preferred.",
                "6(a)",
            ),
            lambda v: (
                _given("given_preferred_supermajority", False)(v) == (4 * _votes(charter, v, "r", "AE") > all_votes(v))
            ),
            some,
            labels=(_label("resize"),),
            neighbours=(
                Neighbour(
                    "a quarter is enough",
                    claim=lambda v: (
                        _given("given_preferred_supermajority", False)(v)
                        == (4 * _votes(charter, v, "r", "AE") >= all_votes(v))
                    ),
                ),
            ),
        ),
        checked(
            theorem(
                "approvals.e_can_be_changed_without_e",
                "TH-PP-11",
                "E can be changed for the worse, otherwise than other series, without the consent of any share of E.",
                "6(c)",
                expected=REFUTED,
                readings=chosen(BY_SHARE),
            ),
            lambda v: z3.BoolVal(v.structure["approved"]),
            Hypothesis("every share of A is in favour", lambda v: [v.inputs["r_A"] == 0, v.inputs["y_A"] > 0]),
            Hypothesis("no share of E is in favour", lambda v: [v.inputs["y_E"] == 0, v.inputs["r_E"] > 0]),
            labels=(_label("worse_for_e"),),
            suggestions=(numbers(y_A=100, y_E=0, r_A=0, r_E=1),),
            shows="6(c) asks for most shares of E itself.",
        ),
        checked(
            theorem(
                "approvals.nobody_to_ask",
                "TH-PP-10",
                "With no share of E outstanding the consent of E that protects its own terms counts as given.",
                "6(d)",
                readings=chosen(BY_SHARE),
            ),
            lambda v: z3.BoolVal(v.structure.get("given_series_supermajority") is not False),
            Hypothesis("no share of E is outstanding", lambda v: [v.inputs["y_E"] == 0, v.inputs["r_E"] == 0]),
            labels=(_label("terms_of_e"),),
            neighbours=(Neighbour("some share of E may be outstanding", hypotheses=()),),
        ),
    )


# The cap, and conversions


def of_the_cap(charter: Charter) -> Study:
    """Return the theorems about an amendment of the cap, and about E and F after A to D have converted."""

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        found = required(_position(charter, values, "AEF"), DEFAULTS, CAP, (IN_FAVOUR,))
        return {"approved": approved(found)}

    unknowns = (*_unknowns("y", "AEF"), *_unknowns("r", "AEF"))
    terms = tuple(u.term for u in unknowns)
    names = tuple(u.name for u in unknowns)
    seeds = tuple(
        dict(zip(names, map(Fraction, counts), strict=True))
        for counts in (
            (3, 3, 3, 1, 1, 1),
            (0, 0, 0, 1, 1, 1),
            (9, 1, 1, 0, 1, 1),
            (0, 3, 3, 0, 0, 0),
            (0, 0, 0, 0, 0, 0),
        )
    )
    subject = Subject(CAPPED, function, unknowns, (*whole(*terms), *(term >= 0 for term in terms)), seeds)
    return Study("amending the cap", (subject,), _cap(charter), weight=6)


def _withholds(name: str) -> Hypothesis:
    return Hypothesis(f"no share of {name} is in favour", lambda v: v.inputs[f"y_{name}"] == 0)


def _cap(charter: Charter) -> tuple[PathCheck, ...]:
    def approved_means(*conditions: Any) -> Any:
        return lambda v: z3.Or(z3.BoolVal(not v.structure["approved"]), z3.And(*(c(v) for c in conditions)))

    def sixty(name: str) -> Any:
        return lambda v: 2 * v.inputs[f"y_{name}"] >= 3 * v.inputs[f"r_{name}"]

    def three_quarters(view: View) -> z3.BoolRef:
        return _votes(charter, view, "y", "AEF") >= 3 * _votes(charter, view, "r", "AEF")

    converted = Hypothesis("A is Common", lambda v: [v.inputs["y_A"] == 0, v.inputs["r_A"] == 0])
    issued = {name: charter.series_named(name).authorized.value for name in "EF"}
    outstanding = Hypothesis(
        "every authorised share of E and F is outstanding",
        lambda v: [v.inputs[f"y_{n}"] + v.inputs[f"r_{n}"] == count for n, count in issued.items()],
    )
    return (
        checked(
            theorem(
                "approvals.cap_needs_both_series",
                "TH-PP-07",
                "The cap is amended to the detriment of E only with 60 per cent of E, 60 per cent of F and three"
                " quarters of the votes of the Preferred.",
                "6(a), 6(d), 6(e)",
            ),
            approved_means(sixty("E"), sixty("F"), three_quarters),
            neighbours=(
                Neighbour(
                    "with 61 per cent of E",
                    claim=approved_means(lambda v: 39 * v.inputs["y_E"] >= 61 * v.inputs["r_E"]),
                ),
            ),
        ),
        *(
            checked(
                theorem(
                    f"approvals.{name.lower()}_blocks_after_the_election",
                    "TH-PP-06",
                    f"Once A to D are Common and E and F fully outstanding, {name} alone blocks what 6(a) lists.",
                    "6(a)",
                ),
                approved_means(lambda v: z3.BoolVal(False)),
                converted,
                outstanding,
                _withholds(name),
                neighbours=(Neighbour(f"some of {name} may be in favour", hypotheses=(converted, outstanding)),),
            )
            for name in "EF"
        ),
    )


# Plans


def of_a_plan(charter: Charter) -> Study:
    """Return the theorems about the holders' approval of a plan (3(d)(ii)(B))."""
    issued = {series.name: series.authorized.value for series in charter.series}
    terms = charter.antidilution
    assert terms is not None
    dates = {terms.plans_approved_before: date(1998, 1, 1), terms.plans_approved_after: date(1999, 1, 1)}

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        in_favour = {"A": values["y_A"], "E": values["y_E"]}
        plan = Plan(date(1999, 9, 1), in_favour, issued)
        return {"excluded": plan_is_excluded(terms, DEFAULTS, plan, dates)}

    unknowns = _unknowns("y", "AE")
    limits = tuple(u.term <= issued[u.name[2:]] for u in unknowns)
    hypotheses = (*(u.term >= 0 for u in unknowns), *limits)
    seeds = (numbers(y_A=issued["A"], y_E=0), numbers(y_A=0, y_E=0))
    a_alone = checked(
        theorem(
            "approvals.a_alone_approves_a_plan",
            "TH-PP-09",
            "At full issuance A alone can approve a plan, as E and F have no vote on it.",
            "3(d)(ii)(B)",
        ),
        lambda v: z3.BoolVal(v.structure["excluded"]),
        Hypothesis("every share of A is in favour", lambda v: v.inputs["y_A"] == issued["A"]),
        neighbours=(Neighbour("not every share of A", hypotheses=()),),
    )
    e_counts = checked(
        theorem(
            "approvals.e_votes_on_plans",
            "TH-PP-09",
            "Shares of E in favour of a plan help to approve it.",
            "3(d)(ii)(B)",
            expected=REFUTED,
        ),
        lambda v: z3.BoolVal(v.structure["excluded"]),
        Hypothesis("half of A is in favour", lambda v: 2 * v.inputs["y_A"] == issued["A"]),
        Hypothesis("every share of E is in favour", lambda v: v.inputs["y_E"] == issued["E"]),
        suggestions=(numbers(y_A=issued["A"] // 2, y_E=issued["E"]),),
        shows="Only the series that vote on plans are counted.",
    )
    subject = Subject(PLAN, function, unknowns, hypotheses, seeds)
    return Study("plans", (subject,), (a_alone, e_counts), weight=1)


# Class votes

APART: Mapping[str, Act] = {
    "more_common": Act("change_authorized", stock=COMMON),
    "more_of_a": RESIZE,
    "more_preferred": Act("change_authorized", stock=PREFERRED),
    "worse_for_a_and_e": Act("amendment", adverse_to=("E",), differently=("A",)),
    "worse_for_common": Act("amendment", provisions=("IV.C.4",), adverse_to=(COMMON,)),
}
"""Acts on which classes vote apart, by a word for each."""


def of_class_votes(charter: Charter) -> Study:
    """Return the theorems about every approval of acts on which classes vote apart."""
    subjects = tuple(_class_votes(charter, word) for word in APART)
    checks = [_class_votes_agree(charter, word) for word in APART]
    more = {"readings": chosen(BY_SHARE)}
    checks.append(
        totality("approvals.class_votes_totality", "Every approval of an act, with class votes", (), "6", **more)
    )
    return Study("class votes", subjects, tuple(checks), weight=4)


def _apart(word: str) -> str:
    *first, last = _voting(word)
    return f"every approval with class votes, of holders of {', '.join(first)} and {last}: {word.replace('_', ' ')}"


def _voting(word: str) -> tuple[str, ...]:
    """Name the classes that are held: E beside A where that matters."""
    return ("A", "E", COMMON) if "E" in APART[word].adverse else ("A", COMMON)


def _counted(own: Approval) -> str:
    """Name an approval as the closed forms do."""
    names = {"statutory": "law", "preferred_supermajority": "super", "preferred_majority": "major"}
    of_classes = {"class_vote": "apart", "series_majority": "own", "series_supermajority": "more"}
    return names.get(own.kind) or f"{of_classes[own.kind]}_{''.join(own.tally.classes)}"


def _class_votes(charter: Charter, word: str) -> Subject:
    names = _voting(word)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        held = {IN_FAVOUR: "y", AGAINST: "r"}
        listed = tuple(Holding(who, name, values[f"{stem}_{name}"]) for who, stem in held.items() for name in names)
        counts = {name: values[f"y_{name}"] + values[f"r_{name}"] for name in names}
        at = Position(charter, counts, holdings=listed)
        found: dict[str, Any] = {}
        for own in required(at, BY_SHARE, APART[word], (IN_FAVOUR,), class_votes=True):
            name = _counted(own)
            found |= {f"whole_{name}": own.tally.whole, f"obtained_{name}": own.tally.obtained}
            found |= {f"needed_{name}": own.tally.needed, f"passes_{name}": own.passes, f"clause_{name}": own.clause}
        return found

    unknowns = tuple(Unknown(f"{stem}_{name}") for stem in "yr" for name in names)
    terms = tuple(u.term for u in unknowns)
    seeds = tuple({u.name: Fraction(count if u.name[0] == "y" else 1) for u in unknowns} for count in (1, 9))
    hypotheses = (*whole(*terms), *(term >= 0 for term in terms))
    return Subject(_apart(word), function, unknowns, hypotheses, seeds, chosen(BY_SHARE))


def _class_votes_agree(charter: Charter, word: str) -> PathCheck:
    series = closed.names(charter)
    apart = (series, ("A", "E"), ("E",), (COMMON,))
    account = Account(named=True)
    closed.approvals(Case(charter, BY_SHARE), account, 1, apart)
    clauses = {
        own.counting.name: own.counting.threshold.clause for own in closed.needed(charter, Account(named=True), apart)
    }
    fixed = facts(charter, APART[word]) | {"f_1": Fraction(1)}
    fixed |= {f"{stem}_{name}": Fraction(0) for stem in ("h_1", "n") for name in series if name not in _voting(word)}

    @cache
    def steps() -> tuple[Definition, ...]:
        told = ("requires", "whole", "obtained", "needed", "passes")
        return specialised(account.definitions, fixed, (f"{word}_{name}" for word in told for name in clauses))

    def claim(view: View) -> list[z3.BoolRef]:
        counts: dict[str, z3.ArithRef] = {}
        for name in _voting(word):
            own, rest = view.inputs[f"y_{name}"], view.inputs[f"r_{name}"]
            counts |= {f"h_1_{name}": own, "C" if name == COMMON else f"n_{name}": own + rest}
        found = terms_of(view.at(counts), steps())
        listed = [found[f"requires_{name}"] == z3.BoolVal(f"whole_{name}" in view.outcome) for name in clauses]
        amounts = [term == found[name] for name, term in view.outcome.items()]
        for name, clause in clauses.items():
            if f"whole_{name}" in view.outcome:
                listed.append(found[f"passes_{name}"] == z3.BoolVal(view.structure[f"passes_{name}"]))
                listed.append(z3.BoolVal(view.structure[f"clause_{name}"] == clause))
        return [*listed, *amounts]

    return agreement(
        f"approvals.class_votes_equivalence_{word}",
        f"{sentence(_apart(word))}: which there are, their wholes, what is needed and obtained",
        (_apart(word),),
        claim,
        "6, X",
        readings=chosen(BY_SHARE),
    )


# Coalitions

COALITIONS: Mapping[str, tuple[Act, int]] = {"sale": (SALE, 3), "cap": (CAP, 2)}
"""Acts, and among how many holders of A and E the smallest coalitions are sought."""


def of_coalitions(charter: Charter) -> Study:
    """Return the theorems about the sets of holders whose consents suffice and of which nobody can be left out."""
    subjects = tuple(_coalitions(charter, word) for word in COALITIONS)
    checks = [_coalitions_agree(charter, word) for word in COALITIONS]
    what, readings = "The smallest coalitions of holders", chosen(BY_SHARE)
    checks.append(totality("approvals.coalitions_totality", what, (), "6", readings=readings))
    return Study("coalitions", subjects, tuple(checks), weight=4)


def _sought(word: str) -> str:
    holders = COALITIONS[word][1]
    return f"the smallest coalitions of {holders} holders of A and E: {word.replace('_', ' ')}"


def _groups(holders: int) -> tuple[frozenset[int], ...]:
    everybody = range(1, holders + 1)
    return tuple(frozenset(own) for size in range(holders + 1) for own in combinations(everybody, size))


def _name(group: frozenset[int]) -> str:
    return "minimal_" + ("".join(map(str, sorted(group))) or "nobody")


def _coalitions(charter: Charter, word: str) -> Subject:
    act, holders = COALITIONS[word]
    groups, everybody = _groups(holders), range(1, holders + 1)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        held = [Holding(str(h), name, values[f"h_{h}_{name}"]) for h in everybody for name in "AE"]
        counts = {name: sum(own.shares for own in held if own.stock == name) for name in "AE"}
        at = Position(charter, counts, holdings=tuple(held))
        found = required(at, BY_SHARE, act)
        sets = minimal_coalitions(found, ballots(at, BY_SHARE))
        listed = {_name(group): frozenset(map(str, group)) in sets for group in groups}
        return {**listed, "others": len(sets) != sum(listed.values())}

    unknowns = tuple(Unknown(f"h_{h}_{name}") for h in everybody for name in "AE")
    terms = tuple(u.term for u in unknowns)
    seeds = tuple(
        {u.name: Fraction(count * (place + 1) if place < limit else 0) for place, u in enumerate(unknowns)}
        for count, limit in ((1, 9), (0, 9), (1, 1), (1, 3))
    )
    hypotheses = (*whole(*terms), *(term >= 0 for term in terms))
    return Subject(_sought(word), function, unknowns, hypotheses, seeds, chosen(BY_SHARE))


def _coalitions_agree(charter: Charter, word: str) -> PathCheck:
    act, holders = COALITIONS[word]
    account = Account(named=True)
    closed.approvals(Case(charter, BY_SHARE), account, holders)
    fixed, zero = facts(charter, act), Fraction(0)
    everybody = range(1, holders + 1)
    rest = [series.name for series in charter.series if series.name not in "AE"]
    fixed |= {f"h_{h}_{name}": zero for h in everybody for name in (*rest, COMMON)}
    fixed |= {"C": zero, **{f"n_{name}": zero for name in rest}}

    @cache
    def steps(group: frozenset[int]) -> tuple[Definition, ...]:
        consents = {f"f_{h}": Fraction(int(h in group)) for h in everybody}
        return specialised(account.definitions, {**fixed, **consents}, ("minimal",))

    def claim(view: View) -> list[z3.BoolRef]:
        counts = {f"n_{name}": z3.Sum([view.inputs[f"h_{h}_{name}"] for h in everybody]) for name in "AE"}
        at = view.at(counts)
        return [
            *(
                terms_of(at, steps(group))["minimal"] == z3.BoolVal(view.structure[_name(group)])
                for group in _groups(holders)
            ),
            z3.BoolVal(not view.structure["others"]),
        ]

    return agreement(
        f"approvals.coalitions_equivalence_{word}",
        f"{sentence(_sought(word))}, set by set",
        (_sought(word),),
        claim,
        "6",
        readings=chosen(BY_SHARE),
    )
