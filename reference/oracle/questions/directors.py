"""The question `directors`: whether a Voting Shift Period runs and who elects how many directors (5(a), 5(b))."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from reference.history import State
from reference.oracle.amounts import show
from reference.oracle.documents import Count, Document
from reference.oracle.positions import count
from reference.oracle.questions.votes import votes_notes, votes_steps
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Reply, Step, Text
from reference.readings import Readings
from reference.voting import Powers, SeatGroup, Seats, all_preferred, seats, votes_by_class, voting_powers, with_shares


class DirectorsQuestion(Document, frozen=True, tag_field="question", tag="directors"):
    """Ask who elects the directors."""

    directors: Annotated[Count, Meta(description="The number that the bylaws set, one or more (VI).")]


class SeatsReply(Reply, frozen=True):
    """Hold how many directors some classes elect together.

    entitled: the classes that the clause names; electors: those that elect, none if the seats stay vacant.
    """

    seats: Text
    entitled: list[str]
    electors: list[str]
    clause: str


class DirectorsAnswer(Reply, frozen=True, tag_field="question", tag="directors"):
    """Say whether it is a Voting Shift Period, and who elects how many directors."""

    voting_shift: bool
    votes_of_preferred: Text
    votes_of_common: Text
    directors: Text
    seats: list[SeatsReply]
    vacant: Text


Question = DirectorsQuestion
Answer = DirectorsAnswer


def answer(ask: DirectorsQuestion, state: State, readings: Readings) -> tuple[DirectorsAnswer, list[str], list[Step]]:
    """Answer with the seats and their electors; raise Refusal if the bylaws set no director."""
    number = count(ask.directors, "ask.directors")
    if number == 0:
        raise Refusal("not_positive", "ask.directors", "must be above zero.")
    found = seats(state.position, readings, number, state.elected)
    powers = voting_powers(state.position, readings, state.elected)
    votes = votes_by_class(state.position, readings, state.elected)
    reply = DirectorsAnswer(
        voting_shift=found.shift,
        votes_of_preferred=show(powers.preferred),
        votes_of_common=show(powers.common),
        directors=show(found.directors),
        seats=[_seats(group) for group in found.groups],
        vacant=show(found.vacant),
    )
    steps = [*votes_steps(state, readings, votes), _shift(state, found, powers), *_steps(found, number)]
    return reply, [*votes_notes(state.position, votes), *_notes(found, number)], steps


def _seats(group: SeatGroup) -> SeatsReply:
    return SeatsReply(show(group.seats), list(group.entitled), list(group.electors), group.clause)


def _shift(state: State, found: Seats, powers: Powers) -> Step:
    amounts = {"preferred": show(powers.preferred), "common": show(powers.common)}
    if state.position.charter.board is None:
        says = "The charter knows no Voting Shift Period."
    elif found.shift:
        says = "The Preferred could not elect all directors: a Voting Shift Period runs."
    elif not with_shares(state.position, all_preferred(state.position.charter)):
        says = "No Preferred is outstanding: no Voting Shift Period runs."
    else:
        says = "The Preferred could elect all directors: no Voting Shift Period runs."
    return Step("5(a)", "voting_shift", says, amounts=amounts)


def _steps(found: Seats, number: int) -> Iterator[Step]:
    if found.directors != number:
        amounts = {"by_the_bylaws": show(number), "directors": show(found.directors)}
        yield Step("5(a)(i)", "minimum", "In a Voting Shift Period the board has a least size.", amounts=amounts)
    for group in found.groups:
        yield Step(group.clause, "seats", _elect(group), amounts={"seats": show(group.seats)})


def _elect(group: SeatGroup) -> str:
    if not group.electors:
        return f"Nobody is there to elect the directors of {', '.join(group.entitled)}."
    if len(group.electors) == 1:
        return f"{group.electors[0]} elects alone."
    return f"{', '.join(group.electors)} elect together."


def _notes(found: Seats, number: int) -> Iterator[str]:
    if found.directors != number:
        yield f"The bylaws set {number}; in a Voting Shift Period there are {found.directors} (5(a)(i), VI, AMB-82)."
    for group in found.groups:
        whose = ", ".join(group.entitled)
        if group.seats and not group.electors:
            yield f"Nobody holds {whose}: {group.seats} of the seats stay vacant ({group.clause}, AMB-83)."
        elif group.seats and group.others_stand_in:
            yield f"Nobody holds {whose}: {', '.join(group.electors)} elect instead ({group.clause}, AMB-83)."
    if found.shift and found.groups[-1].seats == 0:
        yield "The Common elects no director (5(a)(iii), AMB-82)."
