"""The question `votes`: who has how many votes, and whether a motion passes (5(a), 5(c), IV.C.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated

from msgspec import Meta

from reference.charter import COMMON
from reference.distributions import as_converted_ratio
from reference.history import State
from reference.oracle.amounts import show
from reference.oracle.documents import Document
from reference.oracle.names import Names, classes_named, holders_named
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Amounts, Reply, Step, Text
from reference.oracle.tallies import TallyReply, tally_amounts, tally_reply, verdict
from reference.position import Number, Position
from reference.readings import Readings, Votes
from reference.voting import Ballot, Motion, ballots, put, sum_by_class, sum_by_holder, with_shares

Group = Annotated[Names, Meta(description="Classes that vote together.", min_length=1)]


class VotesQuestion(Document, frozen=True, tag_field="question", tag="votes"):
    """Ask for the votes of every class and holder, and for the outcome of a motion if some are in favour."""

    in_favour: Annotated[Names | None, Meta(description="Holders, each with all it has; left out: no motion.")] = None
    class_votes: Annotated[tuple[Group, ...], Meta(description="Groups of classes that also vote apart.")] = ()


class MotionReply(Reply, frozen=True):
    """Say whether a motion passes: every count must, the first being that of all stock."""

    passes: bool
    tallies: list[TallyReply]


class VotesAnswer(Reply, frozen=True, tag_field="question", tag="votes"):
    """Say who has how many votes, and whether the motion passes."""

    by_class: Amounts
    by_holder: Amounts
    total: Text
    motion: MotionReply | None


Question = VotesQuestion
Answer = VotesAnswer

HOW = MappingProxyType(
    {
        Votes.ROUND_THEN_MULTIPLY: "votes by the Common into which each holder's shares could convert, rounded first",
        Votes.MULTIPLY_THEN_ROUND: "votes by the Common into which each holder's shares could convert, rounded last",
        Votes.PER_SHARE: "votes by share, whatever it could convert into",
    }
)
"""How a series comes to its votes (AMB-80)."""


def answer(ask: VotesQuestion, state: State, readings: Readings) -> tuple[VotesAnswer, list[str], list[Step]]:
    """Answer with the votes and the motion's counts; raise Refusal for an unknown holder or class."""
    charter = state.position.charter
    cast = ballots(state.position, readings, state.elected)
    by_class, everybody = sum_by_class(charter, cast), put(charter, cast, ())
    found = _motion(ask, state.position, cast)
    reply = VotesAnswer(
        by_class={name: show(votes) for name, votes in by_class.items()},
        by_holder={name: show(votes) for name, votes in sorted(sum_by_holder(cast).items())},
        total=show(everybody.tallies[0].whole),
        motion=None if found is None else MotionReply(found.passes, [tally_reply(tally) for tally in found.tallies]),
    )
    steps = [*votes_steps(state, readings, by_class), *_motion_steps(found)]
    return reply, [*votes_notes(state.position, by_class), *_motion_notes(found)], steps


def _motion(ask: VotesQuestion, position: Position, cast: Collection[Ballot]) -> Motion | None:
    if ask.in_favour is None:
        if ask.class_votes:
            raise Refusal("missing_field", "ask.in_favour", "is required where class_votes are given.")
        return None
    in_favour = holders_named(ask.in_favour, position, "ask.in_favour")
    groups = [
        classes_named(group, position.charter, f"ask.class_votes[{index}]")
        for index, group in enumerate(ask.class_votes)
    ]
    return put(position.charter, cast, in_favour, groups)


def votes_steps(state: State, readings: Readings, votes: Mapping[str, Number]) -> Iterator[Step]:
    """Yield how each outstanding class comes to its votes, by class (5(c), IV.C.4)."""
    position = state.position
    charter = position.charter
    for name in with_shares(position, votes):
        amounts = {"shares": show(position.shares[name]), "votes": show(votes[name])}
        if name == COMMON:
            each = charter.common.votes_per_share
            amounts["votes_per_share"] = show(each.value)
            yield Step(each.clause, "votes", "Each share of the Common has its votes.", name, amounts)
            continue
        series = charter.series_named(name)
        each = series.votes_per_as_converted_share
        amounts["ratio"] = show(as_converted_ratio(position, readings, series, state.elected))
        amounts["votes_per_as_converted_share"] = show(each.value)
        yield Step(each.clause, "votes", f"{name} {HOW[readings.votes]}.", name, amounts)


def votes_notes(position: Position, votes: Mapping[str, Number]) -> Iterator[str]:
    """Yield what a reader should know about the votes of classes."""
    without = [name for name in with_shares(position, votes) if votes[name] == 0]
    if without:
        yield f"{', '.join(without)} has shares outstanding and no votes (5(c), AMB-80, AMB-86)."


def _motion_steps(found: Motion | None) -> Iterator[Step]:
    if found is None:
        return
    together, *apart = found.tallies
    says = verdict(together, "All stock as a single class")
    yield Step(together.threshold.clause, "motion", says, amounts=tally_amounts(together))
    for tally in apart:
        says = verdict(tally, f"{', '.join(tally.classes)} apart")
        yield Step(tally.threshold.clause, "class_vote", says, amounts=tally_amounts(tally))


def _motion_notes(found: Motion | None) -> Iterator[str]:
    for tally in () if found is None else found.tallies[1:]:
        if tally.whole == 0:
            yield f"{', '.join(tally.classes)} has no votes: its vote apart counts as given (AMB-92)."
