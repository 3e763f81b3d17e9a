"""Protective provisions, section 6: what each act needs, counts at their thresholds, coalitions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.approvals import (
    MOST_HOLDERS,
    Act,
    ActKind,
    Approval,
    approved,
    minimal_coalitions,
    required,
)
from reference.charter import COMMON, Charter
from reference.oracle.charters import load
from reference.position import Holding, Position, outstanding
from reference.readings import AdAsConverted, Readings
from reference.refusal import Forbidden
from reference.voting import ballots
from tests.strategies import FAMILY

DEFAULT = Readings()
SERIES = ("A", "B", "C", "D", "E", "F")
ALL = (COMMON, *SERIES)
SALE = Act("asset_disposal")
WORSE_FOR_E = Act("amendment", adverse_to=("E",), differently=("E",))


def held(charter: Charter, *holdings: tuple[str, str, int]) -> Position:
    """Return a position in which everything outstanding is listed with a holder."""
    listed = tuple(Holding(*holding) for holding in holdings)
    return Position(charter, outstanding(listed), holdings=listed)


def of(found: tuple[Approval, ...], kind: str) -> Approval:
    """Return the only approval of one kind."""
    (approval,) = (approval for approval in found if approval.kind == kind)
    return approval


def kinds(position: Position, act: Act, **more: bool) -> list[str]:
    """Return the kinds of approvals that an act needs."""
    return [approval.kind for approval in required(position, DEFAULT, act, **more)]  # type: ignore[arg-type]


def owners(*series: str) -> list[str]:
    """Name the holders of some classes in a full issuance."""
    return [f"holder-{name}" for name in series]


# What each act needs


@pytest.mark.parametrize(
    ("act", "grounds"),
    [
        (Act("change_authorized", stock="A", number=9_200_000), {"statutory": ("X",), "6(a)": ("6(a)(i)",)}),
        # A later series of the Board's own making (AMB-04).
        (Act("change_authorized", stock="G", number=10, by_board=True), {"6(a)": ("6(a)(i)",)}),
        # The total of a class is no series (AMB-01).
        (Act("change_authorized", stock="preferred", number=20_000_000), {"statutory": ("X",)}),
        (Act("change_authorized", stock=COMMON, number=50_000_000), {"statutory": ("X",)}),
        (Act("create_stock"), {"statutory": ("X",), "6(a)": ("6(a)(ii)",)}),
        (Act("create_stock", by_board=True), {"6(a)": ("6(a)(ii)",)}),
        (Act("create_stock", subordinate=True), {"statutory": ("X",)}),
        (Act("repurchase", stock=COMMON), {"6(a)": ("6(a)(iii)",)}),
        (Act("redemption", stock="E"), {"6(a)": ("6(a)(iii)",)}),
        (Act("repurchase", stock=COMMON, subordinate=True), {}),
        (Act("amendment", provisions=("5(c)",)), {"statutory": ("X",)}),
        (Act("amendment", adverse_to=SERIES), {"statutory": ("X",), "6(a)": ("6(a)(iv)",)}),
        (WORSE_FOR_E, {"statutory": ("X",), "6(a)": ("6(a)(iv)",), "6(c)": ("6(c)(i)",)}),
        (Act("amendment", provisions=("6(a)",)), {"statutory": ("X",), "6(a)": ("6(a)(v)",)}),
        # An item of 6(a) is not its percentage.
        (Act("amendment", provisions=("6(a)(iii)",)), {"statutory": ("X",)}),
        (Act("amendment", provisions=("6(b)",)), {"statutory": ("X",)}),
        (SALE, {"6(b)": ("6(b)",)}),
        (Act("merger"), {"6(b)": ("6(b)",)}),
        # 2(c) excepts a parent, 6(b) does not (AMB-90).
        (Act("merger", counterparty="parent"), {"6(b)": ("6(b)",)}),
        (Act("merger", counterparty="wholly_owned_subsidiary"), {}),
        (Act("merger", counterparty="wholly_owned_subsidiary", voting_power_disposed=Fraction(1)), {"6(b)": ("6(b)",)}),
        (Act("voting_power", voting_power_disposed=Fraction(1, 2)), {}),
        (Act("voting_power", voting_power_disposed=Fraction(501, 1000)), {"6(b)": ("6(b)",)}),
        (Act("merger", vote_by_law=True), {"statutory": ("5(a)",), "6(b)": ("6(b)",)}),
        (Act("amendment", adverse_to=(COMMON,)), {"statutory": ("X",)}),
    ],
)
def test_what_an_act_needs(issued: Position, act: Act, grounds: dict[str, tuple[str, ...]]) -> None:
    found = required(issued, DEFAULT, act)
    assert {("statutory" if a.kind == "statutory" else a.clause): a.grounds for a in found} == grounds


@pytest.mark.parametrize(
    ("provision", "clauses"),
    [
        ("2(b)", {"6(d)": ("2(b)",), "6(e)": ("2(b)",)}),
        ("3(b)(ii)", {"6(d)": ("3(b)(ii)",)}),
        ("3(b)(ii)(A)", {"6(d)": ("3(b)(ii)",)}),
        ("3(b)(iii)", {"6(e)": ("3(b)(iii)",)}),
        ("3(b)(i)", {}),
        ("3(b)", {"6(d)": ("3(b)(ii)",), "6(e)": ("3(b)(iii)",)}),
        ("2(a)", {}),
        ("2", {"6(d)": ("2(b)",), "6(e)": ("2(b)",)}),
        ("6(d)", {"6(d)": ("6(d)",)}),
        ("6(e)", {"6(e)": ("6(e)",)}),
        ("IV.A", {}),
        ("VI", {}),
        (
            "IV",
            {"6(d)": ("2(b)", "3(b)(ii)", "6(d)"), "6(e)": ("2(b)", "3(b)(iii)", "6(e)")},
        ),
    ],
)
def test_protected_provisions(issued: Position, provision: str, clauses: dict[str, tuple[str, ...]]) -> None:
    found = required(issued, DEFAULT, Act("amendment", provisions=(provision,)))
    assert {a.clause: a.grounds for a in found if a.kind == "series_supermajority"} == clauses
    assert found[0].kind == "statutory"


def test_a_section_is_not_another_that_starts_with_its_number(issued: Position) -> None:
    terms = issued.charter.approvals
    assert terms is not None
    other = replace(terms, series_supermajorities=(replace(terms.series_supermajorities[0], protects=("12(a)",)),))
    position = replace(issued, charter=replace(issued.charter, approvals=other))
    assert kinds(position, Act("amendment", provisions=("1",))) == ["statutory"]
    assert kinds(position, Act("amendment", provisions=("12",))) == ["statutory", "series_supermajority"]


def test_amending_the_series_vote_needs_each_series(issued: Position) -> None:
    found = required(issued, DEFAULT, Act("amendment", provisions=("6(c)",)))
    assert [a.tally.classes for a in found if a.kind == "series_majority"] == [(name,) for name in SERIES]
    assert {a.grounds for a in found if a.kind == "series_majority"} == {("6(c)(ii)",)}
    # A series of which nothing is outstanding is not asked (AMB-122).
    without = replace(issued, shares={**issued.shares, "B": 0}, holdings=())
    found = required(without, DEFAULT, Act("amendment", provisions=("6(c)",)))
    assert ("B",) not in [a.tally.classes for a in found]


def test_amending_the_cap_for_the_worse(issued: Position) -> None:
    act = Act("amendment", provisions=("2(b)",), adverse_to=("E", "F"))
    assert kinds(issued, act) == [
        "statutory",
        "preferred_supermajority",
        "series_supermajority",
        "series_supermajority",
    ]


def test_a_series_is_not_changed_without_its_own_vote(issued: Position) -> None:
    for series, act in (("E", WORSE_FOR_E), ("A", Act("amendment", differently=("A",)))):
        others = owners(*(name for name in ALL if name != series))
        found = required(issued, DEFAULT, act, others)
        assert not of(found, "series_majority").passes
        assert approved(required(issued, DEFAULT, act, owners(*ALL)))


def test_without_preferred_only_the_statute_asks(quintus: Charter) -> None:
    position = held(quintus, ("ann", COMMON, 10))
    assert kinds(position, Act("create_stock")) == ["statutory"]
    assert kinds(position, SALE) == []
    # 60 % of no shares: nobody to ask (AMB-92).
    found = required(position, DEFAULT, Act("amendment", provisions=("2(b)",)), ["ann"])
    assert [a.kind for a in found] == ["statutory", "series_supermajority", "series_supermajority"]
    assert [a.tally.needed for a in found] == [6, 0, 0]
    assert approved(found)


def test_a_charter_without_protective_provisions() -> None:
    position = held(FAMILY, ("ann", "Full", 1), ("bob", COMMON, 1))
    assert kinds(position, SALE) == []
    assert kinds(position, Act("amendment", provisions=("2(b)",), adverse_to=("Full",))) == ["statutory"]


# The class votes of the statute


@pytest.mark.parametrize(
    ("act", "classes"),
    [
        (Act("change_authorized", stock=COMMON, number=50_000_000), [(COMMON,)]),
        (Act("change_authorized", stock="preferred", number=20_000_000), [SERIES]),
        (Act("change_authorized", stock="A", number=9_200_000), []),
        (Act("amendment", adverse_to=SERIES), [SERIES]),
        (Act("amendment", adverse_to=("E", "A")), [("A", "E")]),
        (Act("amendment", adverse_to=(COMMON, "F")), [(COMMON,), ("F",)]),
        (Act("change_authorized", stock="preferred", number=20_000_000, adverse_to=SERIES), [SERIES]),
        (SALE, []),
        (Act("merger", adverse_to=(COMMON,)), []),
    ],
)
def test_class_votes(issued: Position, act: Act, classes: list[tuple[str, ...]]) -> None:
    found = required(issued, DEFAULT, act, class_votes=True)
    assert [a.tally.classes for a in found if a.kind == "class_vote"] == classes
    assert "class_vote" not in kinds(issued, act)


def test_a_class_vote_is_a_majority_of_the_class(issued: Position) -> None:
    act = Act("change_authorized", stock=COMMON, number=50_000_000)
    vote = of(required(issued, DEFAULT, act, owners(*SERIES), class_votes=True), "class_vote")
    assert (vote.clause, vote.tally.whole, vote.tally.needed, vote.passes) == (
        "DGCL 242(b)(2)",
        10_000_000,
        5_000_001,
        False,
    )


# Thresholds


def test_the_counts_at_full_issuance(issued: Position) -> None:
    found = required(issued, DEFAULT, WORSE_FOR_E)
    statutory, supermajority, series = (
        of(found, kind).tally for kind in ("statutory", "preferred_supermajority", "series_majority")
    )
    assert (statutory.whole, statutory.needed, statutory.counted) == (240_370_000, 120_185_001, "votes")
    assert (supermajority.whole, supermajority.needed, supermajority.counted) == (230_370_000, 172_777_500, "votes")
    assert (series.whole, series.needed, series.counted) == (3_000_000, 1_500_001, "shares")
    sale = of(required(issued, DEFAULT, SALE), "preferred_majority").tally
    assert (sale.whole, sale.needed, sale.classes) == (230_370_000, 115_185_001, SERIES)


@pytest.mark.parametrize(("yes", "passes"), [(74, False), (75, True), (76, True)])
def test_exactly_three_quarters_suffice(quintus: Charter, yes: int, passes: bool) -> None:
    position = held(quintus, ("ann", "A", yes), ("bob", "A", 100 - yes))
    found = required(position, DEFAULT, Act("repurchase", stock=COMMON), ["ann"])
    assert (approved(found), found[0].tally.needed) == (passes, 750)


@pytest.mark.parametrize(("yes", "passes"), [(50, False), (51, True)])
def test_exactly_half_is_no_majority(quintus: Charter, yes: int, passes: bool) -> None:
    position = held(quintus, ("ann", "F", yes), ("bob", "F", 100 - yes))
    assert approved(required(position, DEFAULT, SALE, ["ann"])) is passes


@pytest.mark.parametrize(("yes", "passes"), [(1_799_999, False), (1_800_000, True)])
def test_sixty_percent_of_e(quintus: Charter, yes: int, passes: bool) -> None:
    position = held(quintus, ("ann", "E", yes), ("bob", "E", 3_000_000 - yes))
    vote = of(required(position, DEFAULT, Act("amendment", provisions=("6(d)",)), ["ann"]), "series_supermajority")
    assert (vote.passes, vote.tally.needed) == (passes, 1_800_000)


def test_sixty_percent_of_a_number_that_it_does_not_divide(quintus: Charter) -> None:
    position = held(quintus, ("ann", "E", 2), ("bob", "E", 2))
    vote = of(required(position, DEFAULT, Act("amendment", provisions=("6(d)",)), ["ann"]), "series_supermajority")
    assert (vote.tally.needed, vote.passes) == (3, False)


def test_votes_and_shares_count_differently(quintus: Charter) -> None:
    # Of 100 A and 80 B, A has most of the shares, B most of the votes (AMB-87, AMB-93).
    position = held(quintus, ("ann", "A", 100), ("bob", "B", 80))
    assert not approved(required(position, DEFAULT, SALE, ["ann"]))
    assert approved(required(position, DEFAULT, SALE, ["bob"]))


def test_who_blocks_three_quarters(issued: Position) -> None:
    act = Act("repurchase", stock=COMMON)
    blocks = [n for n in SERIES if not approved(required(issued, DEFAULT, act, owners(*(set(SERIES) - {n}))))]
    assert blocks == ["A"]
    # Once A-D are gone, E (66.7 %) and F (33.3 %) can each block.
    left = held(issued.charter, ("e", "E", 3_000_000), ("f", "F", 1_500_000))
    assert minimal_coalitions(required(left, DEFAULT, act), ballots(left, DEFAULT)) == (frozenset({"e", "f"}),)


@pytest.mark.parametrize(("of_a", "passes"), [(3_340_749, False), (3_340_750, True)])
def test_three_quarters_need_over_a_third_of_a(quintus: Charter, of_a: int, passes: bool) -> None:
    # 172,777,500 less the others' 139,370,000 is 33,407,500: 36.7 % of A's votes.
    rest = [("rest", s.name, s.authorized.value) for s in quintus.series[1:]]
    position = held(quintus, ("rest", "A", of_a), ("ann", "A", 9_100_000 - of_a), *rest)
    assert approved(required(position, DEFAULT, Act("repurchase", stock=COMMON), ["rest"])) is passes


def test_a_alone_neither_approves_nor_blocks_a_sale(issued: Position) -> None:
    assert not approved(required(issued, DEFAULT, SALE, owners("A")))
    assert approved(required(issued, DEFAULT, SALE, owners("B", "C", "D", "E", "F")))


def test_before_the_class_elects_its_votes_may_not_count(issued: Position) -> None:
    waiting = Readings(ad_as_converted=AdAsConverted.ONLY_IF_ELECTED)
    tally = of(required(issued, waiting, SALE, owners("E")), "preferred_majority").tally
    assert (tally.whole, tally.obtained, tally.passes) == (63_000_000, 42_000_000, True)


def test_votes_that_round_to_zero_ask_nobody(quintus: Charter) -> None:
    # One A share at 0.4 Common has no vote: no part of nothing could be obtained.
    position = Position(quintus, {"A": 1}, {"A": Fraction(5, 2)}, holdings=(Holding("ann", "A", 1),))
    for act in (SALE, Act("repurchase", stock=COMMON)):
        (approval,) = required(position, DEFAULT, act)
        assert (approval.tally.needed, approval.passes) == (0, True)


# What no approval allows


@pytest.mark.parametrize(
    ("act", "code", "clause"),
    [
        (Act("redemption", stock=COMMON), "common_not_redeemable", "IV.C.3"),
        (Act("change_authorized", stock="A", number=9_000_000, by_board=True), "board_cannot_resize", "IV.B"),
        (Act("change_authorized", stock="preferred", number=20_000_000, by_board=True), "board_cannot_resize", "IV.B"),
        (Act("change_authorized", stock="A", number=9_099_999), "below_outstanding", "IV.B"),
        (Act("change_authorized", stock="preferred", number=19_054_999), "below_outstanding", "IV.B"),
        (Act("change_authorized", stock=COMMON, number=9_999_999), "below_outstanding", "IV.B"),
        (Act("create_stock", number=1, by_board=True), "no_undesignated_preferred", "IV.B"),
    ],
)
def test_forbidden(issued: Position, act: Act, code: str, clause: str) -> None:
    with pytest.raises(Forbidden) as refusal:
        required(issued, DEFAULT, act)
    assert (refusal.value.code, refusal.value.clause) == (code, clause)
    assert refusal.value.message.endswith(".")


def test_down_to_what_is_outstanding_is_allowed(issued: Position) -> None:
    assert kinds(issued, Act("change_authorized", stock="A", number=9_100_000)) == [
        "statutory",
        "preferred_supermajority",
    ]


def test_the_board_creates_a_series_where_there_is_room() -> None:
    # The made-up charter leaves none undesignated either; with room, no amendment is needed.
    roomy = replace(
        FAMILY, authorized=replace(FAMILY.authorized, preferred=replace(FAMILY.authorized.preferred, value=5001))
    )
    assert kinds(Position(roomy, {}), Act("create_stock", number=1, by_board=True)) == []
    with pytest.raises(Forbidden):
        required(Position(roomy, {}), DEFAULT, Act("create_stock", number=2, by_board=True))


def test_the_board_may_leave_room_for_another_series() -> None:
    roomy = replace(
        FAMILY, authorized=replace(FAMILY.authorized, preferred=replace(FAMILY.authorized.preferred, value=5002))
    )
    assert kinds(Position(roomy, {}), Act("create_stock", number=1, by_board=True)) == []


def test_a_series_without_shares_may_be_cut_to_none(quintus: Charter) -> None:
    position = held(quintus, ("ann", COMMON, 10))
    assert kinds(position, Act("change_authorized", stock="F", number=0)) == ["statutory"]


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (Act("repurchase", stock=COMMON, number=5, by_board=True), "preferred_supermajority"),
        (Act("asset_disposal", stock="A", number=5, by_board=True), "preferred_majority"),
        (Act("redemption", stock="preferred", number=5, by_board=True), "preferred_supermajority"),
    ],
)
def test_a_number_is_an_authorised_one_only_where_that_changes(issued: Position, act: Act, kind: str) -> None:
    assert kinds(issued, act) == [kind]


@pytest.mark.parametrize("stock", [COMMON, "preferred"])
@pytest.mark.parametrize("kind", ["amendment", "repurchase"])
def test_a_class_votes_apart_on_its_number_only_where_that_changes(issued: Position, kind: ActKind, stock: str) -> None:
    act = Act(kind, stock=stock, provisions=("5(c)",), subordinate=True)
    assert kinds(issued, act, class_votes=True) == ["statutory"]


def test_the_preferred_as_a_class_is_no_series_that_could_be_harmed(issued: Position) -> None:
    with pytest.raises(KeyError):
        required(issued, DEFAULT, Act("amendment", adverse_to=("preferred",)))


def test_acts_that_make_no_sense(issued: Position) -> None:
    with pytest.raises(ValueError, match="names no class"):
        required(issued, DEFAULT, Act("repurchase"))
    with pytest.raises(KeyError):
        required(issued, DEFAULT, Act("amendment", adverse_to=("G",)))


# Coalitions


def coalitions(position: Position, act: Act) -> set[str]:
    """Return the minimal coalitions, each as its members' names in one word."""
    found = minimal_coalitions(required(position, DEFAULT, act), ballots(position, DEFAULT))
    assert len(set(found)) == len(found)
    return {"".join(sorted(name.removeprefix("holder-") for name in group)) for group in found}


def test_coalitions_for_a_sale_at_full_issuance(issued: Position) -> None:
    # More than 115,185,000 of A 91.0M, B 14.0M, C 42.0M, D 20.37M, E 42.0M, F 21.0M.
    assert coalitions(issued, SALE) == {"AC", "AE", "ABD", "ABF", "ADF", "BCDE", "BCEF", "CDEF"}


def test_coalitions_of_what_needs_nothing(issued: Position) -> None:
    assert minimal_coalitions((), ballots(issued, DEFAULT)) == (frozenset(),)


def test_no_coalition_where_too_much_is_unlisted(quintus: Charter) -> None:
    position = Position(quintus, {"E": 10}, holdings=(Holding("ann", "E", 5),))
    assert minimal_coalitions(required(position, DEFAULT, SALE), ballots(position, DEFAULT)) == ()


def test_coalitions_satisfy_every_approval_at_once(quintus: Charter) -> None:
    position = held(quintus, ("ann", "E", 60), ("bob", "E", 40), ("cy", "F", 100), ("di", COMMON, 10))
    # 60 of E and all of F, 75 % of 2,800 votes, and a majority of 2,810: Ann and Cy have 2,240.
    assert coalitions(position, Act("amendment", provisions=("2(b)",), adverse_to=("E", "F"))) == {"anncy"}


def many(charter: Charter, holders: int) -> Position:
    return held(charter, *((f"h{n:02}", "E", 1) for n in range(holders)))


def test_as_many_holders_as_can_be_looked_through(quintus: Charter) -> None:
    position = many(quintus, MOST_HOLDERS)
    found = minimal_coalitions(required(position, DEFAULT, SALE), ballots(position, DEFAULT))
    assert len(found) == 11440  # sixteen choose nine
    crowd = many(quintus, MOST_HOLDERS + 1)
    with pytest.raises(Forbidden) as refusal:
        minimal_coalitions(required(crowd, DEFAULT, SALE), ballots(crowd, DEFAULT))
    assert refusal.value.code == "too_many_holders"


def test_holders_without_a_say_do_not_count(quintus: Charter) -> None:
    position = held(quintus, ("ann", "E", 1), *((f"h{n:02}", COMMON, 1) for n in range(40)))
    assert minimal_coalitions(required(position, DEFAULT, SALE), ballots(position, DEFAULT)) == (frozenset({"ann"}),)


HOLDINGS = st.lists(
    st.tuples(st.sampled_from(["ann", "bob", "cy", "di"]), st.sampled_from(ALL), st.integers(0, 3)), max_size=8
)
ACTS = st.sampled_from(
    [
        SALE,
        WORSE_FOR_E,
        Act("create_stock"),
        Act("amendment", provisions=("2(b)",)),
        Act("amendment", adverse_to=("E",)),
    ]
)


@given(HOLDINGS, ACTS)
def test_coalitions_are_exactly_the_smallest_that_pass(holdings: list[tuple[str, str, int]], act: Act) -> None:
    position = held(load("quintus-1999"), *holdings)
    names = sorted({holder for holder, _, _ in holdings})
    groups = [frozenset(members) for size in range(len(names) + 1) for members in combinations(names, size)]
    passing = [group for group in groups if approved(required(position, DEFAULT, act, group))]
    smallest = {group for group in passing if not any(other < group for other in passing)}
    approvals = required(position, DEFAULT, act)
    assert set(minimal_coalitions(approvals, ballots(position, DEFAULT))) == smallest
    # More consents never undo an approval, and 75 % is also a majority.
    assert all(group in passing for group in groups if any(other <= group for other in passing))
    for group in groups:
        if approved(required(position, DEFAULT, Act("repurchase", stock=COMMON), group)):
            assert approved(required(position, DEFAULT, SALE, group))
