"""The question `conversion`: what a holder, an election or a consent converts into."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.oracle.cases import ask, case, changed, charter_document
from tests.oracle.questions import Document, Examples, answered, asked, check_options, held, notes, readings_of, refused

SMALL = held(
    ("ann", "A", 1),
    ("ann", "B", 1),
    ("ann", "E", 20),
    ("ann", "F", 10),
    ("bob", "A", 4),
    ("bob", "common", 500),
    as_of="1999-08-24",
)


def chosen(holder: str = "ann", position: Document | None = None, **shares: Any) -> Document:
    return asked("conversion", SMALL if position is None else position, holder=holder, shares=shares)


def consent(consents: Document, position: Document | None = None, **fields: Any) -> Document:
    return asked("conversion", SMALL if position is None else position, consents=consents, **fields)


def test_a_holder_converts_e_and_f() -> None:
    position = changed(SMALL, "conversion_prices", {"E": "2.49", "F": "5.5"})
    found = answered(chosen(position=position, E=11, F=3))
    # 11 * 5/3 + 3 * 1.5 = 22.8333..., rounded once.
    assert found["ratios"] == {"E": "5/3", "F": "3/2"}
    assert found["by_holder"] == {
        "ann": {
            "shares": {"E": "11", "F": "3"},
            "exact": "137/6",
            "common": "23",
            "cash_amounts": {},
            "dividends": {},
            "property": {},
        }
    }
    assert (found["consent"], found["common"], found["due"], found["shortfall"]) == (None, "23", None, "0")


def test_nothing_is_changed_by_asking() -> None:
    document = chosen(E=20)
    assert answered(document) == answered(document)
    assert answered({**document, "ask": {"question": "position"}})["outstanding"]["E"] == "20"


def test_no_shares_give_nothing() -> None:
    found = answered(chosen())
    assert (found["common"], found["by_holder"]["ann"]["shares"]) == ("0", {})


def test_rounding_to_no_share_at_all() -> None:
    """AMB-77."""
    document = chosen(position=changed(SMALL, "conversion_prices", {"E": "10.375"}), E=1)
    assert (
        answered(document)["by_holder"]["ann"] | {"exact": "2/5", "common": "0"}
        == answered(document)["by_holder"]["ann"]
    )
    assert "rounds to no share" in notes(document)


def test_dividends_of_e_stay_a_debt() -> None:
    """AMB-37: 10 E with .83 declared are owed 8.30 besides."""
    document = chosen(position=changed(SMALL, "unpaid_dividends", {"E": "0.83"}), E=10)
    assert answered(document)["by_holder"]["ann"]["dividends"] == {"E": "83/10"}
    assert "stay a debt" in notes(document)
    assert [step["step"] for step in ask(document)["because"]] == ["ratio", "rounding", "dividends"]


def test_an_election_at_full_issuance() -> None:
    document = asked("conversion", consents={"holder A": {"A": 9100000}})
    document["position"]["as_of"] = "1999-08-24"
    found = answered(document)
    assert found["consent"] == {"in_favour": "9100000", "whole": "14555000", "needed": "7277501", "carried": True}
    assert (found["common"], found["cash_amounts"], found["due"]) == ("14555000", "18739020", "1999-09-03")
    assert found["by_holder"]["holder D"]["cash_amounts"] == {"D": "3701520"}
    (first, *_) = ask(document)["because"]
    assert (first["clause"], first["step"]) == ("3(a)", "consent")


def test_exactly_half_is_no_majority() -> None:
    document = asked("conversion", consents={"holder A": {"A": 7277500}})
    found = answered(document)
    assert (found["consent"]["carried"], found["by_holder"], found["common"], found["due"]) == (False, {}, "0", None)
    assert "does not suffice" in notes(document)
    assert answered(changed(document, "ask.consents", {"holder A": {"A": 7277501}}))["consent"]["carried"]


def test_no_due_date_without_a_date() -> None:
    document = asked("conversion", consents={"holder A": {"A": 9100000}})
    assert answered(document)["due"] is None
    assert answered(changed(document, "ask.on", "2000-02-29"))["due"] == "2000-03-10"


@pytest.mark.parametrize(("shares", "carried"), [(1_799_999, False), (1_800_000, True)])
def test_sixty_per_cent_of_e(shares: int, carried: bool) -> None:
    document = asked("conversion", consents={"holder E": {"E": shares}})
    found = answered(document)
    assert found["consent"] == {"in_favour": str(shares), "whole": "3000000", "needed": "1800000", "carried": carried}
    assert found["common"] == ("3000000" if carried else "0")
    assert ask(document)["because"][0]["clause"] == "3(b)(ii)(B)"


def test_more_common_than_is_authorised() -> None:
    document = asked("conversion", case(common=39_000_000)["position"], consents={"holder E": {"E": 3000000}})
    assert answered(document)["shortfall"] == "2000000"
    assert "2000000 shares short" in notes(document)


def test_a_history_comes_first() -> None:
    document = chosen(E=20)
    document["events"] = [{"on": "1999-09-01", "do": "split", "class": "common", "ratio": 3}]
    assert answered(document)["common"] == "60"
    assert ask(document)["because"][0]["step"] == "split"
    document["events"] = [{"on": "1999-09-01", "do": "issue", "class": "E", "holder": "ann", "shares": 5}]
    assert refused(changed(document, "ask.shares", {"E": 21})) == ("issued_today", "ask")
    later = changed(changed(document, "ask.shares", {"E": 21}), "ask.on", "1999-09-02")
    assert answered(later)["common"] == "21"


def test_after_a_recapitalization() -> None:
    """3(f): the Common that a share would have become is what its holder gets."""
    document = chosen(position=changed(SMALL, "conversion_prices", {"E": "2.49"}), E=3)
    document["events"] = [{"on": "1999-09-01", "do": "recapitalize", "units": {"cash": "1.5"}}]
    assert answered(document)["by_holder"]["ann"]["property"] == {"cash": "15/2"}
    assert "in place of Common" in notes(document)


UNLOCKED = {"ad_election": "unlock_individual"}


def test_an_election_may_only_unlock() -> None:
    document = consent({"bob": {"A": 4}}, readings=UNLOCKED)
    found = answered(document)
    assert (found["common"], list(found["by_holder"])) == ("4", ["bob"])
    assert "only those convert who consented" in notes(document)
    document = chosen(A=1)
    document["readings"] = UNLOCKED
    assert refused(document) == ("class_only", "ask")
    document["events"] = [{"on": "1999-09-01", "do": "elect_conversion", "consents": {"bob": {"A": 4}}}]
    assert answered(document)["by_holder"]["ann"]["cash_amounts"] == {"A": "37/40"}


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({}, "missing_field", "ask.holder"),
        ({"holder": "ann"}, "missing_field", "ask.shares"),
        ({"holder": "", "shares": {"E": 1}}, "empty_name", "ask.holder"),
        ({"shares": {"E": 1}}, "missing_field", "ask.holder"),
        ({"holder": 5, "shares": {}}, "wrong_type", "ask.holder"),
        ({"holder": "ann", "shares": {"E": 1}, "consents": {}}, "given_twice", "ask.consents"),
        ({"holder": "ann", "shares": {"G": 1}}, "unknown_series", "ask.shares.G"),
        ({"holder": "ann", "shares": {"common": 1}}, "unknown_series", "ask.shares.common"),
        ({"holder": "ann", "shares": {"E": 1.0}}, "float", "ask.shares.E"),
        ({"holder": "ann", "shares": {"E": -1}}, "negative", "ask.shares.E"),
        ({"holder": "ann", "shares": {"E": "1/2"}}, "fractional", "ask.shares.E"),
        ({"holder": "ann", "shares": 5}, "wrong_type", "ask.shares"),
        ({"holder": "ann", "shares": {"E": 21}}, "not_held", "ask"),
        ({"holder": "nobody", "shares": {"E": 1}}, "not_held", "ask"),
        ({"holder": "ann", "shares": {"A": 1}}, "class_only", "ask"),
        ({"consents": {}}, "contradictory_choice", "ask.consents"),
        ({"consents": {"ann": {}}}, "contradictory_choice", "ask.consents"),
        ({"consents": {"ann": {"A": 1, "E": 1}}}, "contradictory_choice", "ask.consents"),
        ({"consents": {"ann": {"F": 1, "E": 1}}}, "contradictory_choice", "ask.consents"),
        ({"consents": {"ann": {"G": 1}}}, "unknown_series", "ask.consents.ann.G"),
        ({"consents": {"ann": {"E": 1}, "bob": {}, "cy": {"E": 1}}}, "not_held", "ask"),
        ({"consents": {"ann": {"A": 2}}}, "not_held", "ask"),
        ({"consents": {"ann": {"E": 21}}}, "not_held", "ask"),
        ({"consents": {"a.b": {"A": 0}, "ann": {"A": 1, "B": 0.5}}}, "float", "ask.consents.ann.B"),
        ({"consents": {"ann": 5}}, "wrong_type", "ask.consents.ann"),
        ({"consents": [1]}, "wrong_type", "ask.consents"),
        ({"holder": "ann", "shares": {}, "on": "1999-08-23"}, "out_of_order", "ask.on"),
        ({"holder": "ann", "shares": {}, "when": "1999-08-23"}, "unknown_field", "ask.when"),
    ],
)
def test_bad_questions(fields: Document, code: str, path: str) -> None:
    assert refused(asked("conversion", SMALL, **fields)) == (code, path)


def test_a_series_without_the_right() -> None:
    charter = charter_document()
    charter["series"][4]["conversion"]["by"] = "none"
    del charter["series"][4]["conversion_consent"]
    del charter["series"][4]["offering_floor"]
    assert refused(chosen(E=1) | {"charter": charter}) == ("not_convertible", "ask")
    assert refused(consent({"ann": {"E": 1}}) | {"charter": charter}) == ("no_consent", "ask")


HALVES = changed(SMALL, "conversion_prices", {"A": "5/7", "B": "143/140", "E": "2.075", "F": "5.5"})
READ: Examples = {
    "ad_election": [consent({"bob": {"A": 4}})],
    # Seven A of thirteen shares are a majority; their 70 votes of 154 are not.
    "ad_majority": [consent({"ann": {"A": 7}}, held(("ann", "A", 7), ("bob", "B", 6)))],
    "votes": [
        consent(
            {"ann": {"A": 1}},
            changed(held(("ann", "A", 1), ("bob", "B", 1)), "conversion_prices", prices),
            readings={"ad_majority": "votes"},
        )
        for prices in ({"A": "2/3", "B": "1.43"}, {"A": "10/14", "B": "143/104"}, {"A": "2/3", "B": "143/130"})
    ],
    "cash_adjusts_preferred_split": [consent({"bob": {"A": 4}}, changed(SMALL, "preferred_splits", {"A": "2"}))],
    "oip_adjusts_in_conversion": [chosen(position=changed(SMALL, "preferred_splits", {"E": "2"}), E=10)],
    "round_unit": [
        consent(
            {"ann": {"A": 1, "B": 1}},
            changed(held(("ann", "A", 1), ("ann", "B", 1)), "conversion_prices", {"A": "5/7", "B": "143/140"}),
        ),
        chosen(position=HALVES, F=3),
        chosen(position=changed(HALVES, "conversion_prices", {"E": "2.49"}), E=3),
    ],
    # 5/2 and 7/2: the even neighbour is down of the one and up of the other.
    "half": [
        chosen(position=changed(SMALL, "conversion_prices", {"E": "8.3"}), E=5),
        chosen(position=changed(SMALL, "conversion_prices", {"E": "8.3"}), E=7),
    ],
    "cent_anniversary": [
        changed(
            chosen(
                position=SMALL
                | {
                    "carried": [
                        {"series": "F", "on": "1997-01-01", "amount": "0.7"},
                        {"series": "F", "on": "1998-01-01", "amount": "0.7"},
                    ]
                },
                F=10,
            ),
            "ask.on",
            "2000-01-01",
        )
    ],
}


def test_every_reading_that_it_looks_at_is_tested() -> None:
    # What survives a conversion ranks only in a liquidation; that it may not survive is tested below.
    assert set(READ) == readings_of("conversion") - {"converted_dividends"}


def test_dividends_may_be_lost_on_conversion() -> None:
    document = chosen(position=changed(SMALL, "unpaid_dividends", {"E": "1"}), E=10)
    lost = changed(document, "readings.converted_dividends", "forfeited")
    told = [json.dumps(answered(own)) for own in (document, lost)]
    assert told[0] != told[1]


@pytest.mark.parametrize("field", READ)
def test_readings(field: str) -> None:
    check_options(field, [{**document, "readings": dict(document["readings"])} for document in READ[field]])
