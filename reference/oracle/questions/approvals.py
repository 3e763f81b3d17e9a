"""The question `approvals`: which approvals of stockholders an act needs, and whether they are given (6, X)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from types import MappingProxyType
from typing import Annotated

from msgspec import Meta, field

from reference.approvals import (
    PREFERRED,
    Act,
    ActKind,
    Approval,
    ApprovalKind,
    approved,
    minimal_coalitions,
    required,
)
from reference.charter import Charter
from reference.history import State
from reference.oracle.documents import Amount, Count, Document
from reference.oracle.names import Names, class_named, classes_named, holders_named, provisions_named
from reference.oracle.positions import amount, count
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Reply, Step
from reference.oracle.tallies import TallyReply, tally_amounts, tally_reply, verdict
from reference.readings import Readings
from reference.voting import ballots


class ActDocument(Document, frozen=True):
    """Describe an act of the corporation by the facts that the protective provisions ask for (6)."""

    kind: ActKind
    stock: Annotated[
        str | None, Meta(description='Whose number changes, or what is redeemed; "preferred" for the total.')
    ] = field(name="class", default=None)
    number: Annotated[Count | None, Meta(description="The new authorised number, or the size of a series.")] = None
    by_board: Annotated[bool, Meta(description="By the Board's power over later series (IV.B).")] = False
    subordinate: Annotated[bool, Meta(description="Not before or equal to any series (6(a)(ii), 6(a)(iii)).")] = False
    provisions: Annotated[Names, Meta(description='Clauses that it amends, such as "2(b)".')] = ()
    adverse_to: Annotated[Names, Meta(description="Classes whose rights it changes for the worse.")] = ()
    differently: Annotated[Names, Meta(description="Of these, those treated unlike other series (6(c)).")] = ()
    counterparty: Annotated[str | None, Meta(description='To a merger, such as "wholly_owned_subsidiary".')] = None
    voting_power_disposed: Annotated[Amount | None, Meta(description="A share of the whole, 0 to 1.")] = None
    vote_by_law: Annotated[bool, Meta(description="All stockholders vote though nothing is amended.")] = False


class ApprovalsQuestion(Document, frozen=True, tag_field="question", tag="approvals"):
    """Ask which approvals an act needs, and which of them the consents give."""

    act: ActDocument
    consents: Annotated[Names, Meta(description="Holders, each with all that it holds.")] = ()
    class_votes: Annotated[bool, Meta(description="Whether to list the class votes of DGCL 242(b)(2).")] = False
    coalitions: Annotated[bool, Meta(description="Whether to list the smallest sets of holders that suffice.")] = False


class ApprovalReply(Reply, frozen=True):
    """Hold one approval: what sets the threshold, what of the act calls for it, who votes, and the count."""

    kind: ApprovalKind
    grounds: list[str]
    tally: TallyReply


class ApprovalsAnswer(Reply, frozen=True, tag_field="question", tag="approvals"):
    """List the approvals that an act needs; coalitions: sets of holders that suffice and could spare nobody."""

    approvals: list[ApprovalReply]
    passes: bool
    coalitions: list[list[str]] | None


Question = ApprovalsQuestion
Answer = ApprovalsAnswer

WHO: MappingProxyType[ApprovalKind, str] = MappingProxyType(
    {
        "statutory": "All stock as a single class",
        "class_vote": "{} apart, by statute",
        "preferred_supermajority": "All series as a single class",
        "preferred_majority": "All series as a single class",
        "series_majority": "{} by itself",
        "series_supermajority": "{} by itself",
    }
)
"""Who gives an approval, in words."""

MATTERS: MappingProxyType[str, frozenset[ActKind]] = MappingProxyType(
    {
        "class": frozenset({"change_authorized", "redemption", "repurchase"}),
        "number": frozenset({"change_authorized", "create_stock"}),
        "by_board": frozenset({"change_authorized", "create_stock"}),
        "subordinate": frozenset({"create_stock", "redemption", "repurchase"}),
        "counterparty": frozenset({"merger"}),
    }
)
"""The facts that matter for some kinds of acts only."""


def answer(ask: ApprovalsQuestion, state: State, readings: Readings) -> tuple[ApprovalsAnswer, list[str], list[Step]]:
    """Answer with every approval and whether it is given.

    Raise Refusal for a fact that is missing or does not belong to the kind of act, Forbidden for an act that no
    approval allows.
    """
    position = state.position
    act = _act(ask.act, position.charter)
    consents = holders_named(ask.consents, position, "ask.consents")
    found = required(position, readings, act, consents, ask.class_votes, state.elected)
    coalitions = None
    if ask.coalitions:
        sets = minimal_coalitions(found, ballots(position, readings, state.elected))
        coalitions = sorted((sorted(members) for members in sets), key=lambda members: (len(members), members))
    reply = ApprovalsAnswer([_approval(own) for own in found], approved(found), coalitions)
    return reply, [*_notes(ask, act, state, readings, found)], [*_steps(found)]


def _act(document: ActDocument, charter: Charter) -> Act:
    _check_facts(document)
    disposed = amount(document.voting_power_disposed or 0, "ask.act.voting_power_disposed")
    if not 0 <= disposed <= 1:
        raise Refusal("out_of_range", "ask.act.voting_power_disposed", "is a share of the whole, between 0 and 1.")
    return Act(
        kind=document.kind,
        stock=_stock(document, charter),
        number=None if document.number is None else count(document.number, "ask.act.number"),
        by_board=document.by_board,
        subordinate=document.subordinate,
        provisions=provisions_named(document.provisions, charter, "ask.act.provisions"),
        adverse_to=classes_named(document.adverse_to, charter, "ask.act.adverse_to"),
        differently=classes_named(document.differently, charter, "ask.act.differently"),
        counterparty=document.counterparty or "other",
        voting_power_disposed=disposed,
        vote_by_law=document.vote_by_law,
    )


def _check_facts(document: ActDocument) -> None:
    """Refuse facts that the kind of act does not have, and ask for those without which it is not described."""
    given = {
        "class": document.stock is not None,
        "number": document.number is not None,
        "by_board": document.by_board,
        "subordinate": document.subordinate,
        "counterparty": document.counterparty is not None,
    }
    for name, kinds in MATTERS.items():
        if given[name] and document.kind not in kinds:
            raise Refusal("unknown_field", f"ask.act.{name}", f"is no fact about an act of the kind {document.kind}.")
    needed = {
        "class": document.kind in MATTERS["class"],
        "number": document.kind == "create_stock" and document.by_board,
    }
    for name, is_needed in needed.items():
        if is_needed and not given[name]:
            raise Refusal("missing_field", f"ask.act.{name}", f"is required for an act of the kind {document.kind}.")
    if document.kind == "voting_power" and document.voting_power_disposed is None:
        raise Refusal("missing_field", "ask.act.voting_power_disposed", "is required for a disposal of voting power.")


def _stock(document: ActDocument, charter: Charter) -> str | None:
    """Return whose number changes or what is redeemed; the Board may resize only series that the charter lacks."""
    name = document.stock
    if name is None or name == PREFERRED:
        return name
    if not name:
        raise Refusal("empty_name", "ask.act.class", "must name the class.")
    if document.kind == "change_authorized" and document.by_board:
        return name
    return class_named(name, charter, "ask.act.class")


def _approval(own: Approval) -> ApprovalReply:
    return ApprovalReply(own.kind, list(own.grounds), tally_reply(own.tally))


def _steps(found: Collection[Approval]) -> Iterator[Step]:
    for own in found:
        says = verdict(own.tally, WHO[own.kind].format(", ".join(own.tally.classes)))
        yield Step(own.clause, own.kind, says, amounts=tally_amounts(own.tally))


def _notes(
    ask: ApprovalsQuestion, act: Act, state: State, readings: Readings, found: Collection[Approval]
) -> Iterator[str]:
    if act.amends:
        yield "The Board's own resolution, which the statute asks for besides, is not listed (X)."
    if act.amends and not ask.class_votes:
        everything = required(state.position, readings, act, class_votes=True, elected=state.elected)
        if any(own.kind == "class_vote" for own in everything):
            yield (
                "The certificate does not opt out of the class votes of DGCL 242(b)(2); "
                'ask with "class_votes": true to list them.'
            )
    if act.kind == "change_authorized" and act.stock == PREFERRED:
        yield "A change of the class's total alone is no change of a series: 6(a)(i) does not list it (AMB-01)."
    if act.kind == "merger" and act.counterparty == "parent":
        yield "A merger with a parent needs approval under 6(b), although 2(c) leaves it out (AMB-90)."
    if act.kind == "repurchase" and not act.subordinate:
        yield "Repurchases from employees are no exception from 6(a)(iii) (AMB-89)."
    for own in found:
        if own.tally.whole == 0 and own.passes:
            yield f"Nobody has {own.tally.counted} to give under {own.clause}: it counts as approved (AMB-92)."
