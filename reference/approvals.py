"""Protective provisions: section 6, with the vote that Article X leaves to statute.

An act is described by what it is and by facts that the caller declares; which approvals it needs follows
from them. The Board's own resolution, which the statute asks for besides, is not listed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Literal

from reference.charter import COMMON, Approvals
from reference.position import NOTHING, Number, Position
from reference.readings import Readings
from reference.refusal import Forbidden
from reference.voting import MAJORITY, Ballot, Tally, all_preferred, all_stock, ballots, count, with_shares

PREFERRED = "preferred"
"""The Preferred Stock as a class, where an act concerns its total."""


STATUTORY_MAJORITY = replace(MAJORITY, clause="DGCL 242(b)(1)")
CLASS_MAJORITY = replace(MAJORITY, clause="DGCL 242(b)(2)")

MOST_HOLDERS = 16
"""The most holders among whom all coalitions are looked through."""

ActKind = Literal[
    "change_authorized",
    "create_stock",
    "redemption",
    "repurchase",
    "amendment",
    "asset_disposal",
    "merger",
    "voting_power",
]
ApprovalKind = Literal[
    "statutory",
    "class_vote",
    "preferred_supermajority",
    "preferred_majority",
    "series_majority",
    "series_supermajority",
]


@dataclass(frozen=True)
class Act:
    """Describe an act of the corporation by the facts that section 6 asks for.

    kind: a change of an authorised number (which may be "preferred", the class's total); the creation of
    stock or of securities convertible into it; a redemption; a repurchase; another amendment of the
    certificate or change of rights; a sale, other disposal or encumbrance of substantially all assets; a
    merger or consolidation; another disposal of voting power.
    stock: whose authorised number changes, or what is redeemed or repurchased; number: shares, the new
    authorised number, or the size of a series that the Board creates.
    by_board: done by the Board within its power over the series, without an amendment (IV.B).
    subordinate: what is created ranks after every series in every respect (6(a)(ii), AMB-88), or what is
    redeemed or repurchased does not come before the Preferred (6(a)(iii), AMB-89).
    provisions: the clauses of the certificate that it amends, such as "2(b)"; "IV" and "IV.B" hold them all.
    adverse_to: classes whose rights it changes for the worse; differently: those of them that it treats
    otherwise than other series (6(a)(iv), 6(c)).
    counterparty: the other party to a merger; voting_power_disposed: a share of the whole, 0 to 1 (6(b)).
    vote_by_law: whether a statute puts it to all stockholders though no provision is amended (5(a)).
    """

    kind: ActKind
    stock: str | None = None
    number: Number | None = None
    by_board: bool = False
    subordinate: bool = False
    provisions: tuple[str, ...] = ()
    adverse_to: tuple[str, ...] = ()
    differently: tuple[str, ...] = ()
    counterparty: str = "other"
    voting_power_disposed: Fraction = NOTHING
    vote_by_law: bool = False

    @property
    def amends(self) -> bool:
        """Say whether it is an amendment of the certificate."""
        by_amendment = self.kind in ("change_authorized", "create_stock") and not self.by_board
        return self.kind == "amendment" or by_amendment or bool(self.provisions)

    @property
    def adverse(self) -> tuple[str, ...]:
        """Name the classes whose rights it changes for the worse, each once."""
        return tuple(dict.fromkeys((*self.adverse_to, *self.differently)))


@dataclass(frozen=True, slots=True)
class Approval:
    """Hold one approval that an act needs: its kind, what of the act calls for it, and the count."""

    kind: ApprovalKind
    grounds: tuple[str, ...]
    tally: Tally

    @property
    def clause(self) -> str:
        """Return the clause that sets the threshold."""
        return self.tally.threshold.clause

    @property
    def passes(self) -> bool:
        """Say whether it has been given."""
        return self.tally.passes


def required(
    position: Position,
    readings: Readings,
    act: Act,
    consents: Collection[str] = (),
    class_votes: bool = False,
    elected: bool = False,
) -> tuple[Approval, ...]:
    """List every approval of stockholders that an act needs, and whether the consents give it (6, Article X).

    consents: holders, each with all that it holds; class_votes: whether to add the class votes of DGCL
    242(b)(2), from which the certificate does not opt out; elected: as in `voting.votes_of`. An approval of
    the Preferred for which nothing is outstanding counts as given (AMB-92), one of a single series under 6(c)
    is not required (AMB-122). Raise Forbidden for an act that no approval allows, KeyError for an unknown
    series.
    """
    check(position, act)
    cast = ballots(position, readings, elected)
    found = [*_by_statute(position, act, cast, consents, class_votes)]
    terms = position.charter.approvals
    if terms is not None:
        found += _of_preferred(position, terms, act, cast, consents)
        found += _of_series(position, terms, act, cast, consents)
    return tuple(found)


def approved(approvals: Iterable[Approval]) -> bool:
    """Say whether every approval has been given."""
    return all(approval.passes for approval in approvals)


def minimal_coalitions(approvals: Collection[Approval], cast: Collection[Ballot]) -> tuple[frozenset[str], ...]:
    """List the sets of holders whose consents suffice, and of which nobody can be left out.

    approvals: as `required` lists them; several acts' lists may be joined; cast: `voting.ballots` of the same
    position. The empty set alone if nothing is needed; no set if not even all holders suffice. Smaller sets
    come first. Raise Forbidden if more holders than can be looked through have a say (6).
    """
    say = {approval.tally.classes for approval in approvals}
    holders = tuple(
        dict.fromkeys(b.holder for b in cast if b.holder is not None and any(b.stock in classes for classes in say))
    )
    if len(holders) > MOST_HOLDERS:
        raise Forbidden("too_many_holders", "6", "More holders have a say than coalitions can be listed for.")
    weights = [_weights(approval.tally, cast) for approval in approvals]
    minimal: list[frozenset[str]] = []
    sufficient: set[frozenset[str]] = set()
    for size in range(len(holders) + 1):
        for members in combinations(holders, size):
            group = frozenset(members)
            if any(group - {member} in sufficient for member in members):
                sufficient.add(group)
            elif all(
                approval.tally.met(sum(of.get(member, 0) for member in members))
                for approval, of in zip(approvals, weights, strict=True)
            ):
                sufficient.add(group)
                minimal.append(group)
    return tuple(minimal)


def _weights(tally: Tally, cast: Iterable[Ballot]) -> dict[str | None, Number]:
    """Return what each holder has in the classes that vote together, votes or shares."""
    totals: dict[str | None, Number] = {}
    for ballot in cast:
        if ballot.stock in tally.classes:
            totals[ballot.holder] = totals.get(ballot.holder, 0) + ballot.weight(tally.counted)
    return totals


def check(position: Position, act: Act) -> None:
    """Raise Forbidden for an act that the certificate does not allow, whoever approves it (IV.B, IV.C.3).

    Raise ValueError if the act must name a class and does not, KeyError if it names an unknown series.
    """
    charter = position.charter
    named = all_preferred(charter)
    if act.stock is None and act.kind in ("change_authorized", "redemption", "repurchase"):
        raise ValueError(f"the {act.kind} names no class")
    for name in act.adverse:
        if name != COMMON:
            charter.series_named(name)
    if act.kind == "redemption" and act.stock == COMMON:
        raise Forbidden("common_not_redeemable", "IV.C.3", "The Common Stock cannot be redeemed.")
    if act.kind == "change_authorized" and act.by_board and act.stock in (COMMON, PREFERRED, *named):
        raise Forbidden("board_cannot_resize", "IV.B", "The Board has no power over this authorised number.")
    if act.kind == "change_authorized" and act.stock is not None and act.number is not None:
        counted = named if act.stock == PREFERRED else (act.stock,)
        if act.number < sum(position.shares.get(name, 0) for name in counted):
            raise Forbidden("below_outstanding", "IV.B", "The authorised number would fall below what is outstanding.")
    if act.kind == "create_stock" and act.by_board and act.number is not None:
        undesignated = charter.authorized.preferred.value - sum(s.authorized.value for s in charter.series)
        if act.number > undesignated:
            raise Forbidden("no_undesignated_preferred", "IV.B", "So much Preferred Stock is not undesignated.")


def _by_statute(
    position: Position, act: Act, cast: tuple[Ballot, ...], consents: Collection[str], class_votes: bool
) -> list[Approval]:
    """Return the votes that Article X leaves to statute; their majority is one of votes, not of heads (AMB-95)."""
    stock = all_stock(position.charter)
    found = []
    if act.amends:
        tally = count(cast, consents, stock, "votes", STATUTORY_MAJORITY)
        found.append(Approval("statutory", ("X",), tally))
    elif act.vote_by_law:
        found.append(Approval("statutory", ("5(a)",), count(cast, consents, stock, "votes", MAJORITY)))
    if act.amends and class_votes:
        found += [
            Approval("class_vote", ("X",), count(cast, consents, classes, "votes", CLASS_MAJORITY, may_be_empty=True))
            for classes in _classes_by_statute(position, act)
        ]
    return found


def _classes_by_statute(position: Position, act: Act) -> list[tuple[str, ...]]:
    """List the classes that vote apart: those whose total changes, and those whose rights change for the worse.

    Series that are affected while others are not are a class of their own.
    """
    found: list[tuple[str, ...]] = []
    series = tuple(name for name in all_preferred(position.charter) if name in act.adverse)
    if COMMON in act.adverse or (act.kind == "change_authorized" and act.stock == COMMON):
        found.append((COMMON,))
    if act.kind == "change_authorized" and act.stock == PREFERRED:
        found.append(all_preferred(position.charter))
    if series and series not in found:
        found.append(series)
    return found


def _of_preferred(
    position: Position, terms: Approvals, act: Act, cast: tuple[Ballot, ...], consents: Collection[str]
) -> list[Approval]:
    """Return the approvals of all series as one class, as long as any share is outstanding (6(a), 6(b), AMB-87)."""
    series = all_preferred(position.charter)
    if not with_shares(position, series):
        return []
    found: list[Approval] = []
    listed = _listed_acts(position, terms, act)
    if listed:
        tally = count(cast, consents, series, "votes", terms.preferred_supermajority, may_be_empty=True)
        found.append(Approval("preferred_supermajority", listed, tally))
    if _is_sale(terms, act):
        tally = count(cast, consents, series, "votes", terms.preferred_majority, may_be_empty=True)
        found.append(Approval("preferred_majority", (terms.preferred_majority.clause,), tally))
    return found


def _listed_acts(position: Position, terms: Approvals, act: Act) -> tuple[str, ...]:
    """List the items of 6(a) that an act falls under, by their clauses."""
    clause = terms.preferred_supermajority.clause
    changes = {
        # "any series": later ones as well, but not the class's total (AMB-01, AMB-04).
        "(i)": act.kind == "change_authorized" and act.stock not in (COMMON, PREFERRED),
        "(ii)": act.kind == "create_stock" and not act.subordinate,
        "(iii)": act.kind in ("redemption", "repurchase") and not act.subordinate,
        "(iv)": any(name in act.adverse for name in all_preferred(position.charter)),
        # The percentage stands in the opening words: an item below it can change without it.
        "(v)": any(_within(clause, provision) for provision in act.provisions),
    }
    return tuple(clause + item for item, applies in changes.items() if applies)


def _is_sale(terms: Approvals, act: Act) -> bool:
    """Say whether an act disposes of the assets, of the corporation or of its control (6(b))."""
    merges = act.kind == "merger" and act.counterparty not in terms.merger_exceptions
    return act.kind == "asset_disposal" or merges or terms.voting_power_disposed.met(act.voting_power_disposed)


def _of_series(
    position: Position, terms: Approvals, act: Act, cast: tuple[Ballot, ...], consents: Collection[str]
) -> list[Approval]:
    """Return the approvals of single series, which count shares (6(c) to 6(e), AMB-91 to AMB-93, AMB-122)."""
    found: list[Approval] = []
    clause = terms.series_majority.clause
    amended = any(_overlap(provision, clause) for provision in act.provisions)
    for name in with_shares(position, all_preferred(position.charter)):
        reasons = {"(i)": name in act.differently, "(ii)": amended}
        grounds = tuple(clause + item for item, applies in reasons.items() if applies)
        if grounds:
            tally = count(cast, consents, (name,), "shares", terms.series_majority)
            found.append(Approval("series_majority", grounds, tally))
    for supermajority in terms.series_supermajorities:
        hit = tuple(p for p in supermajority.protects if any(_overlap(provision, p) for provision in act.provisions))
        if hit:
            tally = count(cast, consents, (supermajority.series,), "shares", supermajority.threshold, may_be_empty=True)
            found.append(Approval("series_supermajority", hit, tally))
    return found


def _within(clause: str, provision: str) -> bool:
    """Say whether a clause is a provision or lies inside it; Article IV and its part B hold every section."""
    return provision in ("IV", "IV.B", clause) or clause.startswith(provision + "(")


def _overlap(provision: str, clause: str) -> bool:
    """Say whether changing a provision changes a clause: one is the other or lies inside it."""
    return _within(clause, provision) or _within(provision, clause)
