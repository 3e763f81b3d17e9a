"""Protective provisions in closed form: section 6, with the vote that Article X leaves to statute.

An act is a list of facts, each one or zero; whether an approval is needed is a condition on sums and products
of them. Provisions of the certificate are paths in one tree, so that one provision bears on another exactly if
one path begins with the other.

Domain: facts are one or zero, counts are whole and at least zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy

from reference.charter import COMMON, Approvals, Charter, Threshold
from symbolic.account import Account
from symbolic.algebra import ONE, ZERO, above, all_of, any_of, at_least, below, number, positive, total
from symbolic.liquidation import Case
from symbolic.symbols import Unknown, holdings, shares
from symbolic.voting import Power, Tallied, Tally, classes, consents, power, tally

PREFERRED = "preferred"
"""The Preferred Stock as a class, where an act concerns its total."""

OTHER = "other"
"""A series that the certificate does not name, created since."""


def fact(name: str) -> sympy.Symbol:
    """Return a fact about an act: one if it is so, zero if not."""
    return sympy.Symbol(name, nonnegative=True)


AMENDMENT = fact("amendment")
"""One for an amendment of the certificate that is nothing else below (Article X)."""

BY_BOARD = fact("by_board")
"""One if the Board does it within its power over the series, without an amendment (IV.B)."""

CREATES = fact("creates")
"""One if it creates stock or securities convertible into it (6(a)(ii))."""

REDEEMS = fact("redeems")
"""One if it redeems or repurchases stock (6(a)(iii))."""

REDEEMS_COMMON = fact("redeems_common")
"""One if it redeems, and does not repurchase, Common (IV.C.3)."""

JUNIOR = fact("junior")
"""One if what it creates ranks after every series, or what it redeems not before the Preferred (AMB-88, AMB-89)."""

SELLS = fact("sells")
"""One if it disposes of or encumbers substantially all assets (6(b))."""

MERGES = fact("merges")
"""One for a merger or consolidation (6(b))."""

EXCEPTED = fact("excepted")
"""One if the other party to the merger is excepted (6(b), AMB-90)."""

MOVED = sympy.Symbol("moved", nonnegative=True)
"""The voting power that is disposed of, a share of the whole, 0 to 1 (6(b))."""

BY_LAW = fact("by_law")
"""One if a statute puts it to all stockholders though no provision is amended (5(a))."""

PROVISIONS = sympy.Symbol("provisions", nonnegative=True)
"""The number of provisions that it amends (6(c) to 6(e))."""

STATED = fact("stated")
"""One if a number of shares is stated for the class or series (IV.B)."""

NUMBER = sympy.Symbol("m", nonnegative=True)
"""The new authorised number, or the size of what is created, shares (IV.B)."""


def resizes(name: str) -> sympy.Symbol:
    """Return one if the authorised number of a class or series changes (6(a)(i))."""
    return fact(f"resizes_{name}")


def adverse(name: str) -> sympy.Symbol:
    """Return one if rights of a class are changed for the worse (6(a)(iv))."""
    return fact(f"adverse_{name}")


def differs(name: str) -> sympy.Symbol:
    """Return one if rights of a series are changed for the worse otherwise than those of others (6(c)(i))."""
    return fact(f"differs_{name}")


def touches(clause: str) -> sympy.Symbol:
    """Return one if the act amends a provision that bears on a clause (6(a)(v), 6(c)(ii), 6(d), 6(e))."""
    return fact("touches_" + "".join(path(clause)[2:]))


def unknowns(charter: Charter) -> tuple[Unknown, ...]:
    """Describe the facts about an act, and the one holder who is in favour or not."""
    rows = [
        (AMENDMENT, "it is an amendment otherwise", "X"),
        (BY_BOARD, "the Board does it without an amendment", "IV.B"),
        (CREATES, "it creates stock", "6(a)(ii)"),
        (REDEEMS, "it redeems or repurchases stock", "6(a)(iii)"),
        (REDEEMS_COMMON, "it redeems Common", "IV.C.3"),
        (JUNIOR, "that stock ranks after every series", "6(a)"),
        (SELLS, "it disposes of substantially all assets", "6(b)"),
        (MERGES, "it is a merger", "6(b)"),
        (EXCEPTED, "the other party is excepted", "6(b)"),
        (BY_LAW, "a statute puts it to all stockholders", "5(a)"),
        (STATED, "a number of shares is stated", "IV.B"),
        (consents(1), "the holder is in favour", "6"),
    ]
    for name in (*classes(charter), PREFERRED, OTHER):
        rows.append((resizes(name), f"the authorised number of {name} changes", "6(a)(i)"))
        rows.append((adverse(name), f"rights of {name} get worse", "6(a)(iv)"))
        rows.append((differs(name), f"they get worse for {name} in another way", "6(c)(i)"))
    rows += [(sympy.Symbol(name, nonnegative=True), "it bears on that clause", "6") for name in touched(charter, ())]
    facts = tuple(Unknown(symbol, f"one if {what}", "1 or 0", "0 or 1", clause) for symbol, what, clause in rows)
    return (
        *facts,
        Unknown(MOVED, "voting power disposed of", "of the whole", "0 to 1", "6(b)"),
        Unknown(PROVISIONS, "provisions amended", "count", "provisions >= 0", "6"),
        Unknown(NUMBER, "number of shares stated", "shares", "m >= 0", "IV.B"),
        *holdings(charter, 1),
    )


def path(clause: str) -> tuple[str, ...]:
    """Return where a clause stands in the certificate: "2(b)" is in Article IV, part B, section 2, subsection b."""
    head, *rest = clause.replace(")", "").split("(")
    parts = head.split(".")
    return (*(["IV", "B", *parts] if parts[0].isdigit() else parts), *rest)


def bears_on(provision: str, clause: str) -> bool:
    """Say whether amending a provision amends a clause, or a part of it."""
    return all(ours == theirs for ours, theirs in zip(path(provision), path(clause), strict=False))


def contains(provision: str, clause: str) -> bool:
    """Say whether a provision is a clause or contains it, opening words and all (6(a)(v))."""
    return bears_on(provision, clause) and len(path(provision)) <= len(path(clause))


def touched(charter: Charter, provisions: Iterable[str]) -> dict[str, int]:
    """Return the facts that say on which protected clauses some provisions bear, by name (6)."""
    terms = charter.approvals
    if terms is None:
        return {}
    amended = tuple(provisions)
    opening, series = terms.preferred_supermajority.clause, terms.series_majority.clause
    found = {opening: any(contains(provision, opening) for provision in amended)}
    for clause in (series, *(clause for own in terms.series_supermajorities for clause in own.protects)):
        found[clause] = any(bears_on(provision, clause) for provision in amended)
    return {str(touches(clause).name): int(bears) for clause, bears in found.items()}


@dataclass(frozen=True)
class Needed:
    """Hold one approval: how it is counted, and the condition under which an act needs it, with grounds.

    Names: "law" and "apart" for the statute's votes; "super" and "major" for those of all Preferred under 6(a)
    and 6(b); "own" and "more" for a series' under 6(c), and under 6(d) or 6(e).
    """

    counting: Tally
    condition: sympy.Basic
    grounds: dict[str, sympy.Basic]


def names(charter: Charter) -> tuple[str, ...]:
    """Name the series of Preferred Stock."""
    return tuple(series.name for series in charter.series)


def _amends(charter: Charter) -> sympy.Expr:
    """Return a sum that is above zero if the certificate is amended (Article X)."""
    resized = total(resizes(name) for name in (*classes(charter), PREFERRED, OTHER))
    return AMENDMENT + (resized + CREATES) * (ONE - BY_BOARD) + PROVISIONS


def _worse(name: str) -> sympy.Expr:
    return adverse(name) + differs(name)


def by_statute(charter: Charter, account: Account, apart: Sequence[tuple[str, ...]] = ()) -> list[Needed]:
    """Return the votes of the statute: of all stock, and of classes apart, if they are asked for (Article X, AMB-95).

    apart: classes that may vote apart; each does if its total changes or its rights get worse while the other
    series' rights do not.
    """
    amended = account.define("amends", _amends(charter), "above zero for an amendment", "X", "count")
    put = positive(BY_LAW)
    majority = Threshold(Fraction(1, 2), True, "DGCL 242(b)(1)")
    condition = any_of(positive(amended), put)
    grounds = {"X": positive(amended), "5(a)": all_of(sympy.Not(positive(amended)), put)}
    found = [Needed(Tally("law", classes(charter), True, majority), condition, grounds)]
    for group in apart:
        own = Tally("apart_" + "".join(group), group, True, Threshold(Fraction(1, 2), True, "DGCL 242(b)(2)"), True)
        votes_apart = all_of(positive(amended), _votes_apart(charter, group))
        found.append(Needed(own, votes_apart, {"X": votes_apart}))
    return found


def _votes_apart(charter: Charter, group: tuple[str, ...]) -> sympy.Basic:
    if group == (COMMON,):
        return positive(resizes(COMMON) + _worse(COMMON))
    others = total(_worse(name) for name in names(charter) if name not in group)
    same = all_of(
        *(positive(_worse(name)) for name in group), sympy.Not(positive(others)) if others != ZERO else sympy.true
    )
    return any_of(positive(resizes(PREFERRED)), same) if group == names(charter) else same


def of_preferred(charter: Charter, account: Account, terms: Approvals) -> list[Needed]:
    """Return the approvals of all series as one class, while any share is outstanding (6(a), 6(b), AMB-87, AMB-92)."""
    series = names(charter)
    preferred = total(shares(name) for name in series)
    outstanding = positive(account.define("n_preferred", preferred, "outstanding Preferred", "6", "shares"))
    clause = terms.preferred_supermajority.clause
    items = {
        "(i)": total(resizes(name) for name in (*series, OTHER)),
        "(ii)": CREATES * (ONE - JUNIOR),
        "(iii)": REDEEMS * (ONE - JUNIOR),
        "(iv)": total(_worse(name) for name in series),
        "(v)": touches(clause),
    }
    disposes = any_of(
        positive(SELLS + MERGES * (ONE - EXCEPTED)),
        (above if terms.voting_power_disposed.strict else at_least)(MOVED, number(terms.voting_power_disposed.value)),
    )
    falls = account.define("listed", total(items.values()), "above zero for an act listed", clause, "count")
    listed = all_of(outstanding, positive(falls))
    sold = all_of(outstanding, disposes)
    grounds = {clause + item: all_of(outstanding, positive(amount)) for item, amount in items.items()}
    return [
        Needed(Tally("super", series, True, terms.preferred_supermajority, True), listed, grounds),
        Needed(
            Tally("major", series, True, terms.preferred_majority, True),
            sold,
            {terms.preferred_majority.clause: sold},
        ),
    ]


def of_series(charter: Charter, terms: Approvals) -> list[Needed]:
    """Return the approvals of single series, which count shares (6(c) to 6(e), AMB-91 to AMB-93, AMB-122)."""
    clause = terms.series_majority.clause
    found = []
    for name in names(charter):
        grounds = {
            clause + "(i)": all_of(positive(shares(name)), positive(differs(name))),
            clause + "(ii)": all_of(positive(shares(name)), positive(touches(clause))),
        }
        condition = all_of(positive(shares(name)), positive(differs(name) + touches(clause)))
        counting = Tally(f"own_{name}", (name,), False, terms.series_majority)
        found.append(Needed(counting, condition, grounds))
    for own in terms.series_supermajorities:
        counting = Tally(f"more_{own.series}", (own.series,), False, own.threshold, True)
        condition = positive(total(touches(protected) for protected in own.protects))
        grounds = {protected: positive(touches(protected)) for protected in own.protects}
        found.append(Needed(counting, condition, grounds))
    return found


def needed(charter: Charter, account: Account, apart: Sequence[tuple[str, ...]] = ()) -> list[Needed]:
    """Return every approval that an act may need (6, Article X)."""
    terms = charter.approvals
    found = by_statute(charter, account, apart)
    return found if terms is None else [*found, *of_preferred(charter, account, terms), *of_series(charter, terms)]


def approvals(case: Case, account: Account, holders: int, apart: Sequence[tuple[str, ...]] = ()) -> None:
    """Record which approvals an act needs and what has been obtained, and whether it has all of them (6).

    apart: as for `by_statute`.
    """
    found: Power = power(case, account, holders)
    missing = []
    counted: list[tuple[sympy.Expr, Tallied]] = []
    for own in needed(case.charter, account, apart):
        name, clause = own.counting.name, own.counting.threshold.clause
        account.output(f"requires_{name}", own.condition, "whether the act needs it", clause, "yes or no")
        for index, (ground, condition) in enumerate(own.grounds.items()):
            meaning = f"whether {ground} calls for it"
            account.output(f"ground_{name}_{index}", condition, meaning, ground, "yes or no")
        told = tally(case, account, found, own.counting)
        needs = account.condition(f"needs_{name}", own.condition, "one if the act needs it", clause)
        passed = account.condition(f"passed_{name}", told.passes, "one if it passes", clause)
        counted.append((needs, told))
        lacks = needs * (ONE - passed)
        missing.append(account.define(f"missing_{name}", lacks, "one if it is needed and missing", clause, "1 or 0"))
    approved = sympy.Not(positive(total(missing)))
    approved = account.output("approved", approved, "whether every approval needed has been given", "6", "yes or no")
    _minimal(account, positive(approved), counted, holders)


def _minimal(
    account: Account, approved: sympy.Basic, counted: Sequence[tuple[sympy.Expr, Tallied]], holders: int
) -> None:
    """Record whether those in favour suffice and none of them could be left out (6).

    More in favour never suffice less: a set is a smallest one if no single holder can be spared.
    """
    conditions = [approved]
    for holder in range(1, holders + 1):
        lacks = []
        for needs, told in counted:
            name, clause = f"{told.counting.name}_{holder}", told.counting.threshold.clause
            meaning = f"one if it fails without holder {holder}"
            fails = account.condition(f"fails_{name}", told.fails_without(holder), meaning, clause)
            lacks.append(account.define(f"lacks_{name}", needs * fails, f"{meaning} and is needed", clause, "1 or 0"))
        meaning = f"above zero if holder {holder} is not in favour or cannot be spared"
        critical = account.define(f"critical_{holder}", ONE - consents(holder) + total(lacks), meaning, "6", "count")
        conditions.append(positive(critical))
    meaning = "whether they suffice and none could be spared"
    account.output("minimal", all_of(*conditions), meaning, "6", "yes or no")


def act(case: Case, account: Account) -> None:
    """Record what an act needs with one holder in favour or not, and whether it is forbidden (6, IV.B, IV.C.3)."""
    approvals(case, account, 1)
    for code, condition in forbidden(case.charter).items():
        account.output(f"forbidden_{code}", condition, "whether no approval allows it", "IV", "yes or no")


def forbidden(charter: Charter) -> dict[str, sympy.Basic]:
    """Return, by code, the conditions under which no approval allows an act (IV.B, IV.C.3)."""
    every = (*classes(charter), PREFERRED)
    resized = {name: (name,) for name in classes(charter)} | {PREFERRED: names(charter)}
    below_any = total(resizes(name) * total(shares(counted) for counted in group) for name, group in resized.items())
    free = charter.authorized.preferred.value - sum(series.authorized.value for series in charter.series)
    return {
        "common_not_redeemable": positive(REDEEMS_COMMON),
        "board_cannot_resize": positive(BY_BOARD * total(resizes(name) for name in every)),
        "below_outstanding": all_of(
            positive(STATED), positive(total(resizes(name) for name in every)), below(NUMBER, below_any)
        ),
        "no_undesignated_preferred": all_of(positive(STATED * CREATES * BY_BOARD), above(NUMBER, number(free))),
    }
