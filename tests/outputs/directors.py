"""Directors: whether a Voting Shift Period runs, and who fills how many seats (5(a), 5(b))."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from reference.charter import COMMON, Charter
from symbolic import voting
from symbolic.account import Account, Definition
from symbolic.evaluate import evaluate_all
from symbolic.liquidation import Case
from tests.oracle.cases import changed, charter_document, without
from tests.oracle.questions import asked, held
from tests.oracle.test_directors import HALVES, NO_C, SHIFTED, TIE
from tests.outputs.compare import Expected, NoAnswerError
from tests.outputs.conversions import recorded
from tests.outputs.facts import whole
from tests.outputs.ledger import facts_of
from tests.outputs.votes import in_favour, in_order, listed

Document = Mapping[str, Any]

LABELS: Mapping[str, str] = {}


@cache
def _account(case: Case, holders: int) -> list[Definition]:
    def record(account: Account) -> None:
        voting.seats(case, account, voting.votes(case, account, holders))

    return recorded(record)


def _groups(charter: Charter, shift: bool) -> dict[str, tuple[str, ...]]:
    """Return the groups of seats of a time, in order, and the classes whose they are (5(a), 5(b))."""
    if charter.board is None:
        return {"all": in_order(charter)}
    own = {"series": (charter.board.series_seat.series,)}
    if not shift:
        return {**own, "all": in_order(charter)}
    return {"senior": charter.board.senior_series, **own, "common": (COMMON,)}


def expected(document: Document) -> Expected:
    """Return every number, yes or no, class and clause of the answer, by place."""
    facts = facts_of(document)
    directors = whole(document["ask"]["directors"])
    if directors < 1:
        raise NoAnswerError("not_positive")
    account = _account(facts.case(elected=facts.elected), len(listed(facts)))
    told = evaluate_all(account, {**in_favour(facts, ()), "N": directors})
    clauses = {own.name: own.clause for own in account}
    groups = _groups(facts.charter, bool(told.get("voting_shift", False)))
    found: Expected = {"voting_shift": told.get("voting_shift", False), "seats": len(groups)}
    found |= {"votes_of_preferred": told["votes_preferred"], "votes_of_common": told["votes_common"]}
    found |= {"directors": told["directors"], "vacant": told["vacant"]}
    for place, (group, entitled) in enumerate(groups.items()):
        # Either those fill the seats whose they are, in the order of the clause, or others do.
        order = dict.fromkeys((*entitled, *in_order(facts.charter)))
        found[f"seats.{place}.seats"] = told[f"seats_{group}"]
        found[f"seats.{place}.clause"] = clauses[f"seats_{group}"]
        found[f"seats.{place}.entitled"] = list(entitled)
        found[f"seats.{place}.electors"] = [name for name in order if told[f"fills_{group}_{name}"]]
    return found


def board(position: Document | None = None, directors: int = 8, **fields: Any) -> Document:
    """Return a question about a board; without a position, of full issuance and 10,000,000 Common."""
    return asked("directors", None if position is None else dict(position), directors=directors, **fields)


ALL_COMMON = held(("ann", "A", 4_000_000), ("bob", "common", 40_000_000))
NO_PREFERRED = held(("di", "common", 9))
ELECTED = {"on": "1999-09-01", "do": "elect_conversion", "consents": {"ann": {"A": 13}}}
EXAMPLES: tuple[Document, ...] = (
    board(),
    board(readings={"ad_as_converted": "only_if_elected"}, directors=7),
    board(SHIFTED, 3),
    # Halves of three quarters of the board.
    board(SHIFTED, 6),
    board(SHIFTED, 6, readings={"half": "down"}),
    board(SHIFTED, 10, readings={"half": "even"}),
    # Exactly half of all votes, and one share more.
    board(ALL_COMMON),
    board(held(("ann", "A", 4_000_001), ("bob", "common", 40_000_000))),
    *(board(position, readings={"shift_test": test}) for position in (TIE, NO_C) for test in ("pref_below_common",)),
    board(NO_C, readings={"shift_test": "incl_C_seat"}),
    *(board(NO_PREFERRED, readings={"vacant_seats": who}) for who in ("all_vote_together", "vacant", "common")),
    board(held(("eve", "E", 1), ("di", "common", 100)), readings={"vacant_seats": "common"}),
    board(HALVES, readings={"votes": "multiply_then_round"}),
    board(held(), 2),
    changed(dict(board(SHIFTED, 3)), "charter", without(charter_document(), "board")),
    board(
        held(("ann", "A", 13), ("eve", "E", 1), ("di", "common", 1), as_of="1999-08-24"), directors=5, events=[ELECTED]
    ),
    board(directors=0),
)
