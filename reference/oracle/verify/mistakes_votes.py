"""Mistakes about votes, directors, approvals and notices: sections 4 to 6."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

from reference.charter import Charter
from reference.notices import RecordKind, latest_mailing, needs_notice, recipients
from reference.oracle.verify.mistakes_kit import Mistake, Plain, asking, held, in_changed_charter, with_wrong
from reference.position import Position
from reference.readings import Readings
from reference.voting import Ballot, Seats, ballots, in_voting_shift, seats

VOTING = ("votes", "directors", "approvals")


def votes_as_shares(position: Position, readings: Readings, elected: bool = False) -> tuple[Ballot, ...]:
    """Count every share for one vote."""
    return tuple(replace(own, votes=own.shares) for own in ballots(position, readings, elected))


def never_in_shift(position: Position, readings: Readings, elected: bool = False) -> bool:
    """Know no Voting Shift Period."""
    return False


def seats_rounded_down(position: Position, readings: Readings, directors: int, elected: bool = False) -> Seats:
    """Give the senior series the whole seats below three quarters."""
    right = seats(position, readings, directors, elected)
    board = position.charter.board
    if not right.shift or board is None:
        return right
    senior, of_series, common = right.groups
    fewer = min(senior.seats, math.floor(right.directors * board.senior_share_in_shift.value))
    common = replace(common, seats=common.seats + senior.seats - fewer)
    return replace(right, groups=(replace(senior, seats=fewer), of_series, common))


def seats_of_few(position: Position, readings: Readings, directors: int, elected: bool = False) -> Seats:
    """Leave the board at the size that the bylaws set, below the least size of a Voting Shift Period."""
    board = position.charter.board
    if board is None or directors >= board.minimum_directors_in_shift.value:
        return seats(position, readings, directors, elected)
    least = replace(board.minimum_directors_in_shift, value=directors)
    charter = replace(position.charter, board=replace(board, minimum_directors_in_shift=least))
    return seats(replace(position, charter=charter), readings, directors, elected)


def notice_of_everything(charter: Charter, kind: RecordKind) -> bool:
    """Ask for a notice of every record date."""
    return charter.notice is not None


def everybody(position: Position) -> tuple[str, ...]:
    """Name all holders."""
    return tuple(dict.fromkeys(own.holder for own in position.holdings if own.shares > 0))


def mailing_in_business_days(charter: Charter, record_date: date) -> date | None:
    """Count the days from Monday to Friday alone."""
    if latest_mailing(charter, record_date) is None or charter.notice is None:
        return None
    day, left = record_date.toordinal(), charter.notice.days.value
    while left > 0 and day > 1:
        day = day - 1
        left = left - (date.fromordinal(day).weekday() < 5)
    return date.fromordinal(day)


def _one_vote_each(charter: Plain) -> None:
    for series in charter["series"]:
        series["votes_per_as_converted_share"]["value"] = 1


def _same_votes_for_all(charter: Plain) -> None:
    most = max((own["votes_per_as_converted_share"]["value"] for own in charter["series"]), default=1)
    for series in charter["series"]:
        series["votes_per_as_converted_share"]["value"] = most


def _without_seat_of_its_own(charter: Plain) -> None:
    if "board" in charter:
        charter["board"]["series_seat"]["seats"]["value"] = 0


_FEW = {"A": 100_000, "B": 100_000, "C": 100_000}
_RECORD: Plain = {"kind": "distribution", "record_date": "2000-06-30"}

MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "one-vote-as-converted",
        "Gives the Preferred one vote for each share of Common into which it converts.",
        ("5(c)",),
        VOTING,
        asking("full issuance", "votes", held(10_000_000)),
        in_changed_charter(_one_vote_each),
    ),
    Mistake(
        "same-votes-for-all-series",
        "Gives every series the same votes: the lower number of A is ignored.",
        ("5(c)",),
        VOTING,
        asking("full issuance", "votes", held(10_000_000)),
        in_changed_charter(_same_votes_for_all),
    ),
    Mistake(
        "shares-for-votes",
        "Counts shares where votes are to be counted.",
        ("5(c)", "6(a)", "6(b)"),
        VOTING,
        asking(
            "A class more",
            "approvals",
            held(10_000_000, conversion_prices={"E": "2"}),
            act={"kind": "create_stock"},
            consents=["holder of A", "holder of C"],
        ),
        with_wrong((ballots, votes_as_shares)),
    ),
    Mistake(
        "voting-shift-ignored",
        "Elects the board by all votes together even in a Voting Shift Period.",
        ("5(a)",),
        ("directors",),
        asking("more Common votes", "directors", held(10_000_000, _FEW), directors=8),
        with_wrong((in_voting_shift, never_in_shift)),
    ),
    Mistake(
        "senior-seats-rounded-down",
        "Rounds three quarters of the seats down, instead of to the nearest whole number.",
        ("5(a)(ii)",),
        ("directors",),
        asking("six directors", "directors", held(10_000_000, _FEW), directors=6),
        with_wrong((seats, seats_rounded_down)),
    ),
    Mistake(
        "least-board-ignored",
        "Leaves the board below its least size in a Voting Shift Period.",
        ("5(a)(i)",),
        ("directors",),
        asking("three directors", "directors", held(10_000_000, _FEW), directors=3),
        with_wrong((seats, seats_of_few)),
    ),
    Mistake(
        "series-seat-ignored",
        "Gives C no seat of its own.",
        ("5(b)",),
        ("directors",),
        asking("full issuance", "directors", held(10_000_000), directors=8),
        in_changed_charter(_without_seat_of_its_own),
    ),
    Mistake(
        "notice-of-cash-dividends",
        "Asks for a notice to the Preferred of every record date, those of cash dividends and votes too.",
        ("4",),
        ("notice",),
        asking("a cash dividend", "notice", held(10_000_000), kind="cash_dividend", record_date="2000-06-30"),
        with_wrong((needs_notice, notice_of_everything)),
    ),
    Mistake(
        "notice-to-everybody",
        "Sends the notice to all stockholders, instead of to those of the Preferred.",
        ("4",),
        ("notice",),
        asking("a distribution", "notice", held(10_000_000), **_RECORD),
        with_wrong((recipients, everybody)),
    ),
    Mistake(
        "notice-in-business-days",
        "Counts business days instead of calendar days before the record date.",
        ("4",),
        ("notice",),
        asking("a distribution", "notice", held(10_000_000), **_RECORD),
        with_wrong((latest_mailing, mailing_in_business_days)),
    ),
)
"""The mistakes about votes, directors, approvals and notices."""
