"""The question `approvals`: what an act needs, what the consents give, and who could give it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.cases import ask, changed, charter_document, without
from tests.oracle.questions import Examples, answered, asked, check_options, held, notes, readings_of, refused
from tests.oracle.test_votes import HALVES

SALE = {"kind": "asset_disposal"}
HOLDERS = [f"holder {name}" for name in "ABCDEF"]


def approval(found: dict[str, Any], clause: str) -> dict[str, Any]:
    (own,) = [own for own in found["approvals"] if own["tally"]["clause"] == clause]
    tally: dict[str, Any] = own["tally"]
    return tally


def clauses(found: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(own["tally"]["clause"], own["grounds"]) for own in found["approvals"]]


def test_a_sale_needs_a_majority_of_the_preferred() -> None:
    found = answered(asked("approvals", act=SALE, consents=["holder A"]))
    assert found == {
        "question": "approvals",
        "approvals": [
            {
                "kind": "preferred_majority",
                "grounds": ["6(b)"],
                "tally": {
                    "classes": ["A", "B", "C", "D", "E", "F"],
                    "counted": "votes",
                    "clause": "6(b)",
                    "whole": "230370000",
                    "needed": "115185001",
                    "obtained": "91000000",
                    "passes": False,
                },
            }
        ],
        "passes": False,
        "coalitions": None,
    }
    assert answered(asked("approvals", act=SALE, consents=HOLDERS[1:]))["passes"] is True


# The whole series that suffice for a sale: more than 115,185,000 of 230,370,000 votes.
def test_coalitions_for_a_sale() -> None:
    found = answered(asked("approvals", act=SALE, coalitions=True))["coalitions"]
    words = ["".join(name.removeprefix("holder ") for name in members) for members in found]
    assert words == ["AC", "AE", "ABD", "ABF", "ADF", "BCDE", "BCEF", "CDEF"]


def test_coalitions_of_an_act_that_needs_nothing() -> None:
    act = {"kind": "merger", "counterparty": "wholly_owned_subsidiary"}
    found = answered(asked("approvals", act=act, coalitions=True))
    assert (found["approvals"], found["passes"], found["coalitions"]) == ([], True, [[]])


def test_too_many_holders_for_coalitions() -> None:
    position = held(*((f"holder {n}", "E", 1) for n in range(17)))
    assert answered(asked("approvals", position, act=SALE))["passes"] is False
    assert refused(asked("approvals", position, act=SALE, coalitions=True)) == ("too_many_holders", "ask")


def test_no_coalition_suffices_where_nobody_has_enough() -> None:
    position = held(("ann", "A", 1), conversion_prices={"A": "5/2"})
    found = answered(asked("approvals", position, act={"kind": "amendment"}, coalitions=True))
    assert (found["passes"], found["coalitions"]) == (False, [])


# Amending 2(b) for the worse of E: E and F by 60 %, E by a majority too, the series together by 75 % (6).
def test_amending_the_cap() -> None:
    act = {"kind": "amendment", "provisions": ["2(b)"], "adverse_to": ["E"], "differently": ["E"]}
    found = answered(asked("approvals", act=act, consents=HOLDERS))
    assert clauses(found) == [
        ("DGCL 242(b)(1)", ["X"]),
        ("6(a)", ["6(a)(iv)"]),
        ("6(c)", ["6(c)(i)"]),
        ("6(d)", ["2(b)"]),
        ("6(e)", ["2(b)"]),
    ]
    assert [own["tally"]["counted"] for own in found["approvals"]] == ["votes", "votes", "shares", "shares", "shares"]
    assert (approval(found, "6(a)")["needed"], approval(found, "6(a)")["whole"]) == ("172777500", "230370000")
    assert approval(found, "6(d)")["needed"] == "1800000"
    assert found["passes"] is True
    without_f = answered(asked("approvals", act=act, consents=HOLDERS[:-1]))
    assert approval(without_f, "6(e)")["passes"] is False
    assert approval(without_f, "6(a)")["passes"] is True
    assert without_f["passes"] is False


@pytest.mark.parametrize(("yes", "passes"), [(1_799_999, False), (1_800_000, True)])
def test_exactly_sixty_percent(yes: int, passes: bool) -> None:
    position = held(("eve", "E", yes), ("eli", "E", 3_000_000 - yes))
    act = {"kind": "amendment", "provisions": ["3(b)(ii)"]}
    found = answered(asked("approvals", position, act=act, consents=["eve"]))
    assert approval(found, "6(d)")["passes"] is passes


@pytest.mark.parametrize(("yes", "passes"), [(74, False), (75, True)])
def test_exactly_three_quarters(yes: int, passes: bool) -> None:
    position = held(("eve", "E", yes), ("eli", "E", 100 - yes))
    found = answered(asked("approvals", position, act={"kind": "create_stock"}, consents=["eve"]))
    assert approval(found, "6(a)")["passes"] is passes


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ({"kind": "change_authorized", "class": "A", "number": 9200000}, ["DGCL 242(b)(1)", "6(a)"]),
        ({"kind": "change_authorized", "class": "common"}, ["DGCL 242(b)(1)"]),
        ({"kind": "change_authorized", "class": "preferred"}, ["DGCL 242(b)(1)"]),
        ({"kind": "change_authorized", "class": "G", "by_board": True}, ["6(a)"]),
        ({"kind": "create_stock"}, ["DGCL 242(b)(1)", "6(a)"]),
        ({"kind": "create_stock", "subordinate": True}, ["DGCL 242(b)(1)"]),
        ({"kind": "redemption", "class": "A"}, ["6(a)"]),
        ({"kind": "repurchase", "class": "common"}, ["6(a)"]),
        ({"kind": "repurchase", "class": "common", "subordinate": True}, []),
        ({"kind": "amendment"}, ["DGCL 242(b)(1)"]),
        ({"kind": "amendment", "provisions": ["6(a)"]}, ["DGCL 242(b)(1)", "6(a)"]),
        ({"kind": "amendment", "provisions": ["IV.B.6(d)"]}, ["DGCL 242(b)(1)", "6(d)"]),
        ({"kind": "amendment", "provisions": ["X", "VII"]}, ["DGCL 242(b)(1)"]),
        ({"kind": "asset_disposal", "vote_by_law": True}, ["5(a)", "6(b)"]),
        ({"kind": "merger"}, ["6(b)"]),
        ({"kind": "merger", "counterparty": "parent"}, ["6(b)"]),
        ({"kind": "merger", "counterparty": "wholly_owned_subsidiary"}, []),
        ({"kind": "voting_power", "voting_power_disposed": "1/2"}, []),
        ({"kind": "voting_power", "voting_power_disposed": "0.500001"}, ["6(b)"]),
        ({"kind": "voting_power", "voting_power_disposed": 1}, ["6(b)"]),
    ],
)
def test_what_an_act_needs(act: dict[str, Any], expected: list[str]) -> None:
    assert [clause for clause, _ in clauses(answered(asked("approvals", act=act)))] == expected


def test_amending_the_series_vote_asks_each_series() -> None:
    found = answered(asked("approvals", act={"kind": "amendment", "provisions": ["6(c)"]}))
    each = [own["tally"]["classes"] for own in found["approvals"] if own["kind"] == "series_majority"]
    assert each == [["A"], ["B"], ["C"], ["D"], ["E"], ["F"]]


def test_class_votes_are_listed_on_demand() -> None:
    act = {"kind": "change_authorized", "class": "common", "number": 50_000_000}
    assert "DGCL 242(b)(2)" in notes(asked("approvals", act=act))
    found = answered(asked("approvals", act=act, class_votes=True, consents=HOLDERS))
    assert clauses(found) == [("DGCL 242(b)(1)", ["X"]), ("DGCL 242(b)(2)", ["X"])]
    assert approval(found, "DGCL 242(b)(2)")["classes"] == ["common"]
    assert found["passes"] is False
    assert "DGCL 242(b)(2)" not in notes(asked("approvals", act=act, class_votes=True))


def test_notes_on_what_a_reader_may_miss() -> None:
    assert "AMB-90" in notes(asked("approvals", act={"kind": "merger", "counterparty": "parent"}))
    assert "AMB-01" in notes(asked("approvals", act={"kind": "change_authorized", "class": "preferred"}))
    assert "Board's own resolution" in notes(asked("approvals", act={"kind": "amendment"}))
    assert notes(asked("approvals", act=SALE)) == ""
    buys = {"kind": "repurchase", "class": "common"}
    assert "AMB-89" in notes(asked("approvals", act=buys))
    assert notes(asked("approvals", act={**buys, "subordinate": True})) == ""
    nobody = asked("approvals", held(("ann", "A", 1)), act={"kind": "amendment", "provisions": ["3(b)(ii)"]})
    assert "AMB-92" in notes(nobody)
    assert approval(answered(nobody), "6(d)")["passes"] is True
    assert "nobody is there to be asked" in " ".join(step["says"] for step in ask(nobody)["because"])


def test_the_reasoning() -> None:
    (step,) = ask(asked("approvals", act=SALE, consents=["holder A", "holder C"]))["because"]
    assert step == {
        "clause": "6(b)",
        "step": "preferred_majority",
        "says": "All series as a single class: the holders in favour give more than 1/2 of the votes.",
        "amounts": {"whole": "230370000", "threshold": "1/2", "needed": "115185001", "obtained": "133000000"},
    }


def test_a_charter_without_protective_provisions() -> None:
    document = changed(asked("approvals", act=SALE), "charter", without(charter_document(), "approvals"))
    assert answered(document)["approvals"] == []


def test_after_the_class_has_become_common_it_has_no_say() -> None:
    position = held(("ann", "A", 10), ("eve", "E", 1), as_of="1999-08-24")
    elects = {"on": "1999-09-01", "do": "elect_conversion", "consents": {"ann": {"A": 10}}}
    document = asked("approvals", position, act=SALE, consents=["eve"], events=[elects])
    assert approval(answered(document), "6(b)")["whole"] == "14"
    assert answered(document)["passes"] is True


@pytest.mark.parametrize(
    ("act", "code", "path"),
    [
        (None, "wrong_type", "ask.act"),
        ("sale", "wrong_type", "ask.act"),
        ({}, "missing_field", "ask.act.kind"),
        ({"kind": "party"}, "invalid_value", "ask.act.kind"),
        ({"kind": 1.5}, "float", "ask.act.kind"),
        ({"kind": "amendment", "colour": 1}, "unknown_field", "ask.act.colour"),
        ({"kind": "amendment", "stock": "A"}, "unknown_field", "ask.act.stock"),
        ({"kind": "redemption"}, "missing_field", "ask.act.class"),
        ({"kind": "repurchase"}, "missing_field", "ask.act.class"),
        ({"kind": "change_authorized"}, "missing_field", "ask.act.class"),
        ({"kind": "change_authorized", "class": "G"}, "unknown_class", "ask.act.class"),
        ({"kind": "change_authorized", "class": ""}, "empty_name", "ask.act.class"),
        ({"kind": "change_authorized", "class": "A", "number": -1}, "negative", "ask.act.number"),
        ({"kind": "change_authorized", "class": "A", "number": 1.0}, "float", "ask.act.number"),
        ({"kind": "change_authorized", "class": "A", "number": "1/2"}, "fractional", "ask.act.number"),
        ({"kind": "create_stock", "by_board": True}, "missing_field", "ask.act.number"),
        ({"kind": "redemption", "class": "G"}, "unknown_class", "ask.act.class"),
        ({"kind": "merger", "class": "A"}, "unknown_field", "ask.act.class"),
        ({"kind": "redemption", "class": "A", "number": 1}, "unknown_field", "ask.act.number"),
        ({"kind": "merger", "by_board": True}, "unknown_field", "ask.act.by_board"),
        ({"kind": "merger", "subordinate": True}, "unknown_field", "ask.act.subordinate"),
        ({"kind": "amendment", "counterparty": "parent"}, "unknown_field", "ask.act.counterparty"),
        ({"kind": "create_stock", "by_board": "yes"}, "wrong_type", "ask.act.by_board"),
        ({"kind": "amendment", "provisions": "2(b)"}, "wrong_type", "ask.act.provisions"),
        ({"kind": "amendment", "provisions": ["2(b)", "2b"]}, "unknown_clause", "ask.act.provisions[1]"),
        ({"kind": "amendment", "provisions": ["2(B)"]}, "unknown_clause", "ask.act.provisions[0]"),
        ({"kind": "amendment", "provisions": ["2(x)"]}, "unknown_clause", "ask.act.provisions[0]"),
        ({"kind": "amendment", "provisions": ["9"]}, "unknown_clause", "ask.act.provisions[0]"),
        ({"kind": "amendment", "provisions": ["XI"]}, "unknown_clause", "ask.act.provisions[0]"),
        ({"kind": "amendment", "provisions": [""]}, "unknown_clause", "ask.act.provisions[0]"),
        ({"kind": "amendment", "provisions": ["Date"]}, "unknown_clause", "ask.act.provisions[0]"),
        ({"kind": "amendment", "provisions": [2]}, "wrong_type", "ask.act.provisions[0]"),
        ({"kind": "amendment", "adverse_to": ["G"]}, "unknown_class", "ask.act.adverse_to[0]"),
        ({"kind": "amendment", "differently": ["A", "preferred"]}, "unknown_class", "ask.act.differently[1]"),
        ({"kind": "merger", "counterparty": 5}, "wrong_type", "ask.act.counterparty"),
        ({"kind": "voting_power"}, "missing_field", "ask.act.voting_power_disposed"),
        ({"kind": "voting_power", "voting_power_disposed": "3/2"}, "out_of_range", "ask.act.voting_power_disposed"),
        ({"kind": "voting_power", "voting_power_disposed": "-1"}, "out_of_range", "ask.act.voting_power_disposed"),
        ({"kind": "voting_power", "voting_power_disposed": 0.6}, "float", "ask.act.voting_power_disposed"),
        ({"kind": "merger", "vote_by_law": 1}, "wrong_type", "ask.act.vote_by_law"),
        # What no approval allows.
        ({"kind": "redemption", "class": "common"}, "common_not_redeemable", "ask"),
        ({"kind": "change_authorized", "class": "A", "by_board": True}, "board_cannot_resize", "ask"),
        ({"kind": "change_authorized", "class": "A", "number": 9099999}, "below_outstanding", "ask"),
        ({"kind": "create_stock", "by_board": True, "number": 1}, "no_undesignated_preferred", "ask"),
    ],
)
def test_bad_acts(act: Any, code: str, path: str) -> None:
    assert refused(asked("approvals", act=act)) == (code, path)


@pytest.mark.parametrize(
    ("field", "value", "code", "path"),
    [
        ("consents", ["nobody"], "unknown_holder", "ask.consents[0]"),
        ("consents", "holder A", "wrong_type", "ask.consents"),
        ("consents", [1.5], "float", "ask.consents[0]"),
        ("class_votes", "yes", "wrong_type", "ask.class_votes"),
        ("class_votes", 1, "wrong_type", "ask.class_votes"),
        ("coalitions", 0, "wrong_type", "ask.coalitions"),
        ("coalition", True, "unknown_field", "ask.coalition"),
    ],
)
def test_bad_fields(field: str, value: Any, code: str, path: str) -> None:
    assert refused(changed(asked("approvals", act=SALE), f"ask.{field}", value)) == (code, path)


def test_an_act_is_required() -> None:
    assert refused(asked("approvals")) == ("missing_field", "ask.act")


def test_a_clause_that_only_this_charter_protects_is_known() -> None:
    document = charter_document()
    document["approvals"]["series_supermajorities"][0]["protects"] = ["12(a)"]
    asks = asked("approvals", act={"kind": "amendment", "provisions": ["12(a)"]})
    assert "6(d)" in [clause for clause, _ in clauses(answered(changed(asks, "charter", document)))]
    assert refused(asks) == ("unknown_clause", "ask.act.provisions[0]")


EXAMPLES: Examples = {
    "ad_as_converted": [asked("approvals", act=SALE)],
    "oip_adjusts_in_conversion": [asked("approvals", held(("ann", "A", 2), preferred_splits={"A": "2"}), act=SALE)],
    "half": [asked("approvals", HALVES, act=SALE)],
    "votes": [asked("approvals", held(("ann", "A", 3), conversion_prices={"A": "2/3"}), act=SALE)],
}


def test_every_reading_has_an_example() -> None:
    assert readings_of("approvals") == set(EXAMPLES)


@pytest.mark.parametrize("field", EXAMPLES)
def test_each_option_of_a_reading_changes_the_answer(field: str) -> None:
    check_options(field, EXAMPLES[field])
