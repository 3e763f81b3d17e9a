"""Where clauses of section 3 cross: what splits scale, what a day orders, and more than two of everything.

Each figure is derived by hand from the certificate; how is said beside it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise, permutations
from typing import Any

import pytest

from reference.charter import Charter, Figure, OfferingFloor
from reference.conversion_price import anniversary
from reference.offering import offering_ratio
from reference.position import Holding, Position
from reference.readings import Readings
from reference.reserve import lowest_offering_price
from tests.oracle.cases import ask
from tests.oracle.questions import answered, asked, held, notes, refused

Document = dict[str, Any]

TEN = held(("e", "E", 1_000_000), ("k", "common", 9_000_000), as_of="1999-08-24")
"""Ten million shares as converted: the price of E after an issue of n shares for $q is (41.5M + q)/(10M + n)."""


def on(day: int, do: str, **fields: Any) -> Document:
    """Return an event of September 1999."""
    return {"on": f"1999-09-{day:02}", "do": do, **fields}


def split(day: int, stock: str, ratio: str) -> Document:
    """Return a split."""
    return on(day, "split", **{"class": stock, "ratio": ratio})


def issue(day: int, stock: str, shares: int, consideration: str = "0", **fields: Any) -> Document:
    """Return an issue to somebody new."""
    return on(
        day, "issue", **{"class": stock, "holder": "new", "shares": shares, "consideration": consideration}, **fields
    )


def listed(issued: str, of: str = "common", used: int = 0) -> Document:
    """Return the facts of an issue under listed warrants."""
    return {"purpose": "warrant", "warrant": {"issued": issued, "of": of, "used": used}}


def price(*events: Document, of: str = "E", position: Document = TEN, **readings: str) -> Fraction:
    """Return the conversion price in effect after events."""
    found = answered(asked("conversion_prices", position, events=list(events), readings=readings))
    return Fraction(found["series"][of]["official"])


def counted(*events: Document, position: Document = TEN, **readings: str) -> Fraction:
    """Return how many shares of the last event are Additional Stock."""
    reply = ask(asked("position", position, events=list(events), readings=readings))
    assert reply["status"] == "answered", reply
    steps = [step for step in reply["because"] if step["step"] in ("issue", "issue_rights")]
    return Fraction(steps[-1]["amounts"]["additional_stock"])


# Listed warrants (3(d)(ii)(H) to (K), AMB-129)

K, B_WARRANTS = "1999-08-19", "1996-08-16"
SPLITS = {
    "a split": split(1, "common", "2"),
    "a stock dividend of 100%": on(1, "stock_dividend", shares="1"),
}


@pytest.mark.parametrize("way", SPLITS)
def test_listed_warrants_are_over_what_their_shares_have_become(way: str) -> None:
    """(K) lists 300,000 shares, which are 600,000 after two for one: nothing of these counts, one more does."""
    taken = issue(30, "common", 600_000, "6000", facts=listed(K))
    assert price(SPLITS[way], taken) == Fraction("4.15") / 2
    assert counted(SPLITS[way], {**taken, "shares": 600_001}) == 1
    # What was taken up before is told in the shares of the issue's day.
    assert counted(SPLITS[way], issue(30, "common", 2, facts=listed(K, used=599_999))) == 1


def test_listed_warrants_after_a_combination_and_three_splits() -> None:
    halved = split(1, "common", "1/2")
    assert counted(halved, issue(30, "common", 300_000, facts=listed(K))) == 150_000
    # 300,000 * 3 * 1/2 * 2 = 900,000.
    happened = [split(1, "common", "3"), split(2, "common", "1/2"), on(3, "stock_dividend", shares="1")]
    few = held(("e", "E", 10), ("k", "common", 100), as_of="1999-08-24")
    assert counted(*happened, issue(30, "common", 900_007, facts=listed(K)), position=few) == 7


def test_listed_warrants_of_a_position_that_has_split() -> None:
    position = {**TEN, "common_split": "2", "conversion_prices": {"E": "2.075"}}
    taken = issue(30, "common", 600_000, "6000", facts=listed(K))
    assert price(taken, position=position) == Fraction("2.075")
    assert counted({**taken, "shares": 600_010}, position=position) == 10


@pytest.mark.parametrize("given", ["as an event", "in the position"])
def test_listed_warrants_over_a_series_scale_with_it_alone(given: str) -> None:
    """(I) lists 192,262 shares of B; three for one of B makes 576,786, and a split of the Common nothing."""
    event, position = [split(2, "B", "3")], TEN
    if given == "in the position":
        event, position = [], {**TEN, "preferred_splits": {"B": "3"}}
    rights = {"rights": "i", "class": "B", "exercise_price": "1", "facts": listed(B_WARRANTS, "B")}
    document = asked("position", position, readings={"series_issue_excluded": "no"})
    document["events"] = [split(1, "common", "2"), *event, on(3, "issue_rights", shares=576_786, **rights)]
    assert answered(document)["rights"]["i"]["deliverable"] == "576786"
    document["events"][-1]["shares"] = 576_787
    assert refused(document)[0] == "partly_excluded"


def test_listed_warrants_that_are_exercised_after_a_split() -> None:
    granted = on(1, "issue_rights", rights="k", shares=300_000, exercise_price="0.02", facts=listed(K))
    exercised = on(30, "exercise_rights", rights="k", holder="k", shares=600_000)
    for way in ("a split", "a stock dividend of 100%"):
        assert price(granted, {**SPLITS[way], "on": "1999-09-02"}, exercised) == Fraction("4.15") / 2


# Authorised numbers (IV.B, AMB-130)


def test_a_split_of_a_series_multiplies_its_authorised_number() -> None:
    """E has 3,000,000; two for one makes 6,000,000, of which 3,200,000 are outstanding."""
    position = held(("e", "E", 1_600_000), ("k", "common", 10), as_of="1999-08-24")
    found = answered(asked("position", position, events=[split(1, "E", "2")]))
    assert [found[what]["E"] for what in ("outstanding", "authorized", "issuable")] == ["3200000", "6000000", "2800000"]
    assert found["authorized"]["common"] == "40000000"
    most = asked("position", position, events=[split(1, "E", "2"), issue(2, "E", 2_800_000, "1")])
    assert answered(most)["issuable"]["E"] == "0"
    most["events"][1]["shares"] = 2_800_001
    assert refused(most) == ("over_authorized", "events[1]")


def test_a_combination_of_a_series_divides_it() -> None:
    position = held(("e", "E", 1_000_000), as_of="1999-08-24")
    found = answered(asked("position", position, events=[split(1, "E", "1/2")]))
    assert (found["authorized"]["E"], found["issuable"]["E"]) == ("1500000", "1000000")


def test_the_authorised_number_of_a_position_that_has_split() -> None:
    position = held(("e", "E", 6_000_000), preferred_splits={"E": "2"})
    assert answered(asked("position", position))["issuable"]["E"] == "0"
    position["holdings"][0]["shares"] = 6_000_001
    assert refused(asked("position", position)) == ("over_authorized", "position.holdings")
    position = held(("e", "E", 1_500_001), preferred_splits={"E": "1/2"})
    assert refused(asked("position", position)) == ("over_authorized", "position.holdings")


def test_the_totals_follow_the_series() -> None:
    """E 3,000,000 more and D 727,500 fewer: 19,055,000 + 2,272,500 of Preferred, 40,000,000 of Common as before."""
    position = held(("d", "D", 10), ("e", "E", 10), ("k", "common", 5), as_of="1999-08-24")
    room = answered(asked("reserve", position, events=[split(1, "E", "2"), split(2, "D", "1/2")]))["headroom"]
    assert room["preferred"] == str(19_055_000 + 2_272_500 - 20 - 5)
    assert room["total"] == str(59_055_000 + 2_272_500 - 20 - 5 - 5)
    assert (room["undesignated"], room["series"]["D"]) == ("0", str(727_500 - 5))


def test_conversions_so_far_are_counted_in_shares_of_today() -> None:
    """Ten of 100 E convert: 20 of today's after two for one, retired where the reading retires them (AMB-03)."""
    position = held(("e", "E", 100), ("k", "common", 10), as_of="1999-08-24")
    happened = [on(1, "convert", holder="e", shares={"E": 10}), split(2, "E", "2")]
    document = asked("position", position, events=happened, readings={"converted_reissuable": "no"})
    found = answered(document)
    assert (found["converted"], found["issuable"]["E"]) == ({"E": "20"}, str(6_000_000 - 180 - 20))
    document["events"] += [on(3, "convert", holder="e", shares={"E": 1}), split(4, "E", "3")]
    assert answered(document)["converted"] == {"E": "63"}
    reserve = answered({**document, "ask": {"question": "reserve"}})
    assert reserve["headroom"]["series"]["E"] == str(18_000_000 - 179 * 3 - 63)


def test_rights_over_a_series_are_exercised_up_to_its_number_after_a_split() -> None:
    position = held(("b", "B", 900_000), as_of="1999-08-24")
    rights = {"rights": "i", "class": "B", "exercise_price": "1", "shares": 100_001}
    happened = [on(1, "issue_rights", **rights), split(2, "B", "2")]
    happened.append(on(3, "exercise_rights", rights="i", holder="b", shares=200_000))
    found = answered(asked("position", position, events=happened))
    assert (found["outstanding"]["B"], found["issuable"]["B"]) == ("2000000", "0")
    happened[2]["shares"] = 200_001
    assert refused(asked("position", position, events=happened)) == ("over_authorized", "events[2]")


# Floors (3(b)(ii), 3(b)(iii), AMB-131, AMB-132)


def offering(position: Document, at: str, *events: Document, **readings: str) -> Document:
    """Return the answer about an offering of $40,000,000 at a price."""
    sold = int(Fraction(40_000_000) / Fraction(at)) + 1
    return answered(
        asked(
            "public_offering",
            position,
            events=list(events),
            readings=readings,
            on="1999-11-19",
            price=at,
            primary_shares=sold,
        )
    )


@pytest.mark.parametrize(
    ("series", "ratio", "at", "yes", "no"),
    [
        # 300 shares became 600; as 300 at 4.00 they get 8.30/4 each: 622.5. Each of the 600 as much: 1,245.
        ("E", "2", "4", "623", "1245"),
        # 200 shares of F became 600; as 200 at 5.50 they get 11/5.50 each: 400. Each of the 600: 1,200.
        ("F", "3", "5.5", "400", "1200"),
        # 1,200 shares of F became 600; as 1,200 at 8.00 they get 11/8 each: 1,650. As 600: 825, less than 1,200 at the
        # conversion price.
        ("F", "1/2", "8", "1650", "1200"),
    ],
)
def test_a_split_of_the_series_and_its_floor(series: str, ratio: str, at: str, yes: str, no: str) -> None:
    before = int(600 / Fraction(ratio))
    position = held(("h", series, before), ("k", "common", 1000), as_of="1999-08-24")
    already = held(("h", series, 600), ("k", "common", 1000), preferred_splits={series: ratio}, as_of="1999-08-24")
    for option, expected in (("yes", yes), ("no", no)):
        readings = {"floor_adjusts_for_series_splits": option}
        by_event = offering(position, at, split(1, series, ratio), **readings)
        assert by_event["common_by_holder"] == {"h": expected}
        assert offering(already, at, **readings)["common_by_holder"] == {"h": expected}
        sale = {"do": "public_offering", "on": "1999-11-19", "price": at, "primary_shares": 10_000_000}
        after = answered(asked("position", already, events=[sale], readings=readings))
        assert after["by_holder"]["h"]["common"] == expected
        needed = answered(asked("reserve", already, offering={"price": at, "shares": 1}, readings=readings))
        assert abs(Fraction(needed["at_offering"]["total_needed"]) - Fraction(expected)) <= Fraction(1, 2)


def test_the_lowest_price_regards_a_split_of_the_series() -> None:
    """3,000,000 E as 6,000,000: no more is needed than before the split, so that the price stays what it was."""
    before = held(("e", "E", 3_000_000), ("k", "common", 25_000_000))
    after = held(("e", "E", 6_000_000), ("k", "common", 25_000_000), preferred_splits={"E": "2"})
    # 40M - 25M = 15M for (40M + 3M * 8.30) / p: p = 64.9/15 = 4.32666...
    for position in (before, after):
        assert answered(asked("reserve", position))["lowest_offering_price"] == "649/150"


HALVED = [split(1, "common", "1/2")]
HELD = held(("e", "E", 600), ("f", "F", 600), ("k", "common", 1000), as_of="1999-08-24")


def test_a_combination_of_the_common_and_the_floors() -> None:
    """1:2, at 12 (6 before it): E 16.60/12, F 11/12; or no floor binds, and each has half a share (AMB-132)."""
    for option, e, f in (("yes", "83/60", "11/12"), ("no", "1/2", "1/2")):
        found = offering(HELD, "12", *HALVED, combination_adjusts_floor=option)["series"]
        assert (found["E"]["ratio"], found["F"]["ratio"]) == (e, f)
        given = {**HELD, "common_split": "1/2", "conversion_prices": {"E": "8.3", "F": "16.5"}}
        assert offering(given, "12", combination_adjusts_floor=option)["series"]["E"]["ratio"] == e


def test_splits_and_combinations_are_told_apart() -> None:
    """2:1, then 1:4, at 4: a share of Common has become half of one, by combinations a quarter, by splits two.

    The conversion price of E is 4.15 / 2 * 4 = 8.30, half a share each. With the combination E has a floor below
    8.30 * 2 and gets 16.60/4; without, below 8.30/2, and gets 4.15/4; F gets 11/4 in both. If the factor is all that is
    known, it is taken for one combination: without it the floor of E stays at 8.30, for 8.30/4.
    """
    happened = [split(1, "common", "2"), split(2, "common", "1/4")]
    priced = {"conversion_prices": {"E": "8.3", "F": "16.5"}}
    given = {**HELD, **priced, "common_split": "1/2", "common_combined": "1/4"}
    for option, below, e in (("yes", "83/5", "83/20"), ("no", "83/20", "83/80")):
        for position, events in ((HELD, happened), (given, [])):
            found = offering(position, "4", *events, combination_adjusts_floor=option)["series"]
            assert (found["E"]["floor_below"], found["E"]["ratio"], found["F"]["ratio"]) == (below, e, "11/4")
    unknown = {**HELD, **priced, "common_split": "1/2"}
    assert offering(unknown, "4", combination_adjusts_floor="no")["series"]["E"]["ratio"] == "83/40"
    # What is known of the opening goes on with the history.
    later = offering(unknown, "2", split(1, "common", "2"), combination_adjusts_floor="no")["series"]["E"]
    assert (later["floor_below"], later["ratio"]) == ("83/20", "83/40")


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"common_combined": "1/2"}, "missing_field", "position.common_split"),
        ({"common_split": "3", "common_combined": "2"}, "contradiction", "position.common_combined"),
        ({"common_split": "1/4", "common_combined": "1/2"}, "contradiction", "position.common_combined"),
        ({"common_split": "1/4", "common_combined": "0"}, "not_positive", "position.common_combined"),
    ],
)
def test_combinations_that_cannot_be(fields: Document, code: str, path: str) -> None:
    assert refused(asked("position", {**HELD, **fields})) == (code, path)


def test_three_readings_of_the_floors_at_once() -> None:
    """E 2:1 and 1:3, the Common 2:1 and 1:6, at 1.00: 600 E are 400; the conversion price is 4.15/2*6 = 12.45.

    Splits alone: the floor's price is 4.15; economic, a share as it was gets 8.30/1, and each of the 400 that or, where
    the series' splits count, 3/2 of it. Combinations too: the price is 24.90.
    """
    happened = [split(1, "E", "2"), split(2, "E", "1/3"), split(3, "common", "2"), split(4, "common", "1/6")]
    position = held(("e", "E", 600), ("k", "common", 6000), as_of="1999-08-24")
    for combined, series, floor, e in (
        ("no", "no", "economic", "83/10"),
        ("no", "yes", "economic", "249/20"),
        ("no", "yes", "literal", "249/40"),
        ("yes", "yes", "literal", "747/20"),
        ("yes", "no", "literal", "249/10"),
    ):
        readings = {"combination_adjusts_floor": combined, "floor_adjusts_for_series_splits": series, "e_floor": floor}
        assert offering(position, "1", *happened, **readings)["series"]["E"]["ratio"] == e


# The close of business (3(c), AMB-140)

ELECTS = on(1, "elect_conversion", consents={"a": {"A": 100}})
CLASS = held(("a", "A", 100), ("e", "E", 100), ("k", "common", 10_000), as_of="1999-08-24")


def position_after(*events: Document, position: Document = CLASS, **readings: str) -> Document:
    """Return the cap table after events."""
    return answered(asked("position", position, events=list(events), readings=readings))


def test_a_dividend_of_the_day_is_declared_before_the_close() -> None:
    """100 * (.925 + .10) = 102.50; as written, the dividend comes after the conversion and is on nothing: 92.50."""
    declared = on(1, "declare_dividend", per_share={"A": "0.10"})
    for events in ([ELECTS, declared], [declared, ELECTS]):
        found = answered(asked("cash_amounts", CLASS, events=events, on="1999-09-01"))
        assert found["owed"] == "205/2"
    written = {"conversions_at_close": "as_written"}
    assert position_after(ELECTS, declared, **written)["cash_amounts"] == "185/2"
    assert position_after(declared, ELECTS, **written)["cash_amounts"] == "205/2"


def test_the_order_in_which_a_day_is_written_does_not_matter() -> None:
    """A sale, a split and a declaration keep their order; two conversions and the funds may stand anywhere."""
    fixed = [issue(1, "common", 1000, "10"), split(1, "common", "2"), on(1, "declare_dividend", per_share={"E": "1"})]
    moving = [
        ELECTS,
        on(1, "convert", holder="e", shares={"E": 50}),
        on(1, "fund_cash_amounts", amount="40"),
    ]
    answers = []
    for order in permutations(moving):
        for place in range(len(fixed) + 1):
            events = [*fixed[:place], *order, *fixed[place:]]
            answers.append(position_after(*events))
    assert all(own == answers[0] for own in answers)
    # 92.50 less 40; half of E's dividend of $1 each is owed to the former holder of 50.
    assert (answers[0]["cash_amounts"], answers[0]["debts"]) == ("105/2", {"e": "50"})


def test_funds_of_the_day_are_applied_to_what_converts_on_it() -> None:
    funds = on(1, "fund_cash_amounts", amount="50")
    for events in ([ELECTS, funds], [funds, ELECTS]):
        assert position_after(*events)["cash_amounts"] == "85/2"
    assert position_after(funds, ELECTS, conversions_at_close="as_written")["cash_amounts"] == "185/2"


def test_common_of_a_conversion_is_not_there_before_the_close() -> None:
    converts = on(1, "convert", holder="e", shares={"E": 100})
    sells = on(1, "transfer", **{"class": "common", "holder": "e", "to": "x", "shares": 100})
    assert refused(asked("position", CLASS, events=[converts, sells])) == ("not_held", "events[1]")
    assert refused(asked("position", CLASS, events=[sells, converts])) == ("not_held", "events[0]")
    assert position_after(converts, sells, conversions_at_close="as_written")["by_holder"]["x"] == {"common": "100"}
    assert position_after(converts, {**sells, "on": "1999-09-02"})["by_holder"]["x"] == {"common": "100"}
    # The preferred shares can be sold until the close; what is left of them converts, or is too little.
    part = on(1, "transfer", **{"class": "E", "holder": "e", "to": "x", "shares": 40})
    assert refused(asked("position", CLASS, events=[converts, part])) == ("not_held", "events[0]")
    found = position_after({**converts, "shares": {"E": 60}}, part)
    assert found["by_holder"] | {"k": {}} == {"a": {"A": "100"}, "e": {"common": "60"}, "x": {"E": "40"}, "k": {}}


def test_an_offering_of_the_day_comes_before_the_close() -> None:
    """At 4.00 a share of E gets 8.30/4 by the offering: 207.5 for 100. Its own conversion comes too late for 100."""
    sale = on(1, "public_offering", price="4", primary_shares=10_000_000)
    converts = on(1, "convert", holder="e", shares={"E": 100})
    for events in permutations([sale, converts, ELECTS]):
        found = position_after(*events)
        assert (found["by_holder"]["e"], found["cash_amounts"]) == ({"common": "208"}, "185/2")
    written = position_after(converts, sale, conversions_at_close="as_written")
    assert written["by_holder"]["e"] == {"common": "100"}
    # The question is that of an offering of the same day.
    document = asked("public_offering", CLASS, events=[converts], on="1999-09-01", price="4", primary_shares=10**7)
    assert answered(document)["common_by_holder"]["e"] == "208"
    document["ask"]["on"] = "1999-09-02"
    assert answered(document)["common_by_holder"] == {"a": "100"}
    document["ask"]["on"], document["readings"] = "1999-09-01", {"conversions_at_close": "as_written"}
    assert answered(document)["common_by_holder"] == {"a": "100"}


def test_a_consent_is_not_a_conversion_under_3a() -> None:
    """A consent converts on its date, where it is written; what a holder converts at the close is no longer there."""
    consents = on(1, "consent_conversion", **{"class": "E", "consents": {"e": 100}})
    cheap = issue(1, "common", 10_000, "0")
    # 41.5M does not matter here: before the sale a share of E is one of Common, after it more.
    assert position_after(consents, cheap)["by_holder"]["e"] == {"common": "100"}
    assert Fraction(position_after(cheap, consents)["by_holder"]["e"]["common"]) > 100
    converts = on(1, "convert", holder="e", shares={"E": 1})
    assert refused(asked("position", CLASS, events=[converts, consents])) == ("not_held", "events[0]")


def test_several_conversions_of_a_day_keep_their_own_order() -> None:
    """Only the election frees A to convert by holder, whether or not something else stands between them."""
    frees = {"ad_election": "unlock_individual"}
    election = on(1, "elect_conversion", consents={"a": {"A": 60}})
    converts = on(1, "convert", holder="a", shares={"A": 40})
    found = position_after(election, issue(1, "common", 1, "9"), converts, **frees)
    assert found["converted"] == {"A": "100"}
    document = asked("position", CLASS, events=[converts, election], readings=frees)
    assert refused(document) == ("class_only", "events[0]")


# Outstanding rights (3(d)(i)(E), AMB-142, AMB-143, AMB-144, AMB-146)

GRANT = on(1, "issue_rights", rights="w", shares=1_000_000, exercise_price="1")
PART = {**GRANT, "exercisable": 250_000}


def change(day: int, **terms: Any) -> Document:
    """Return a change of the rights."""
    return on(day, "change_rights", rights="w", **terms)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        # All deliverable, all exercisable: (41.5M + 2M)/12M, and fewer: (41.5M + .5M)/10.5M.
        ([GRANT, change(2, shares=2_000_000)], "29/8"),
        ([GRANT, change(2, shares=500_000)], "4"),
        ([GRANT, change(2, shares=3_000_000), change(3, shares=2_000_000)], "29/8"),
        # 400,000 exercised, 600,000 left; then 1,000,000 left, all exercisable: 1,400,000 in all.
        (
            [GRANT, on(2, "exercise_rights", rights="w", holder="x", shares=400_000), change(3, shares=1_000_000)],
            "143/38",
        ),
        # A quarter exercisable: a change that does not speak of that leaves it, as far as so much is left.
        ([PART, change(2, shares=2_000_000)], "167/41"),
        ([PART, change(2, shares=100_000)], "416/101"),
        # After a split the number is one of today: 2M of 20M, at .50, on a price of 2.075: (41.5 + 1.5)/(20 + 3).
        ([GRANT, split(2, "common", "2"), change(3, shares=3_000_000)], "43/23"),
    ],
)
def test_a_change_of_the_shares_alone(events: list[Document], expected: str) -> None:
    assert price(*events) == Fraction(expected)


def test_a_change_of_rights_over_a_series() -> None:
    rights = on(1, "issue_rights", rights="w", **{"class": "B", "shares": 9, "exercise_price": "1"})
    for given, more, exercisable in ((rights, 12, "12"), (rights, 4, "4"), ({**rights, "exercisable": 5}, 12, "5")):
        found = position_after(given, change(2, shares=more))["rights"]["w"]
        assert (found["deliverable"], found["exercisable"]) == (str(more), exercisable)
    found = position_after({**rights, "exercisable": 5}, change(2, shares=3))["rights"]["w"]
    assert (found["deliverable"], found["exercisable"]) == ("3", "3")


@pytest.mark.parametrize(("grant_alloc", "expected"), [("pro_rata", "421/104"), ("all_to_exercisable", "53/13")])
def test_the_price_of_a_grant_that_lapses_in_part(grant_alloc: str, expected: str) -> None:
    """1M options at $1, $500,000 for them, 400,000 exercised: (41.5M + .4M + .2M)/10.4M, or .5M in place of .2M."""
    happened = [
        {**GRANT, "consideration": "500000"},
        on(2, "exercise_rights", rights="w", holder="x", shares=400_000),
        on(3, "expire_rights", rights="w"),
    ]
    assert price(*happened, grant_alloc=grant_alloc) == Fraction(expected)


RIGHTS_READINGS: list[Document] = [
    {},
    {"vesting": "forward_on_vest"},
    {"weighted_average_base": "plus_deemed"},
    {"weighted_average_base": "plus_all_options", "replay": "ratio"},
    {"weighted_average_base": "plus_deemed", "replay": "additive", "vesting": "count_all"},
]


@pytest.mark.parametrize("readings", RIGHTS_READINGS, ids=str)
def test_a_stock_dividend_of_all_is_a_split_to_rights(readings: dict[str, str]) -> None:
    """Whatever follows, in shares of today: vesting, an issue, a change, an exercise and the end of the rights."""
    follows = [
        change(3, exercisable=1_000_000),
        issue(4, "common", 500_000, "250000"),
        change(5, shares=3_000_000, exercisable=2_000_000, exercise_price="1/4"),
        on(6, "exercise_rights", rights="w", holder="x", shares=700_000),
        issue(7, "common", 10, "1"),
        on(8, "expire_rights", rights="w"),
    ]
    for until in range(len(follows) + 1):
        answers = []
        for way in ("a split", "a stock dividend of 100%"):
            events = [PART, {**SPLITS[way], "on": "1999-09-02"}, *follows[:until]]
            prices = answered(asked("conversion_prices", TEN, events=events, readings=readings))["series"]
            answers.append(({n: p["official"] for n, p in prices.items()}, position_after(*events, position=TEN)))
        assert answers[0][0] == answers[1][0]
        assert answers[0][1]["rights"] == answers[1][1]["rights"]


def test_rights_after_stock_dividends() -> None:
    """1,000,000 at $1 become 1,500,000 at 2/3 by half a share for each; equivalents make no share more."""
    half = on(2, "stock_dividend", shares="1/2", equivalents="1/4")
    found = position_after(GRANT, half, position=TEN)["rights"]["w"]
    assert (found["deliverable"], found["exercise_price"]) == ("1500000", "2/3")
    none = on(2, "stock_dividend", equivalents="1/4")
    found = position_after(GRANT, none, position=TEN)["rights"]["w"]
    assert (found["deliverable"], found["exercise_price"]) == ("1000000", "1")
    # All of them can be exercised, and adjust nothing more.
    exercised = on(3, "exercise_rights", rights="w", holder="x", shares=1_500_000)
    assert price(GRANT, half, exercised) == price(GRANT, half)
    too_many = {**exercised, "shares": 1_500_001}
    assert refused(asked("position", TEN, events=[GRANT, half, too_many])) == ("not_exercisable", "events[2]")


FIVE = held(("k", "common", 5_000_000), as_of="1999-08-24", purchase_dates=dict.fromkeys("ABCDEF", "1996-01-01"))


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        # 3,000,000 at .50 after the change: (5M + 1.5M)/8M.
        ([change(2, shares=3_000_000, exercisable=3_000_000)], "13/16"),
        ([change(2, shares=3_000_000)], "13/16"),
        # Fewer: (5M + .2M)/5.4M.
        ([change(2, shares=400_000)], "26/27"),
    ],
)
def test_a_change_counts_where_vesting_does_not(events: list[Document], expected: str) -> None:
    grant = {**GRANT, "exercise_price": "0.50"}
    assert price(grant, *events, of="A", position=FIVE, vesting="ignore_later") == Fraction(expected)


def test_what_vested_before_a_change_stays_ignored() -> None:
    """A quarter of 1M counts; vesting does not; at .25 the quarter: (5M + 62,500)/5.25M; 500,000 more: 5.75M."""
    ignoring: Document = {"of": "A", "position": FIVE, "vesting": "ignore_later"}
    grant = {**PART, "exercise_price": "0.50"}
    vests = change(2, exercisable=1_000_000)
    assert price(grant, vests, **ignoring) == Fraction(41, 42)
    cheaper = change(3, exercise_price="0.25")
    assert price(grant, vests, cheaper, **ignoring) == Fraction(27, 28)
    more = change(4, shares=1_500_000)
    assert price(grant, vests, cheaper, more, **ignoring) == Fraction(5_187_500, 5_750_000)


# More than two of everything


def test_six_days_of_conversions_are_paid_in_full_and_in_part() -> None:
    """Sixty A convert on three days, and 20 B on four more: 55.50 and 26.50 of Cash Amounts; 41 pays half of each."""
    holders = "abcdef"
    position = held(*((who, "A", 10) for who in holders), as_of="1999-08-24")
    frees = {"ad_election": "unlock_individual"}
    happened = [on(1, "elect_conversion", consents={who: {"A": 10} for who in "abcd"})]
    happened += [on(2 + at, "convert", holder=who, shares={"A": 10}) for at, who in enumerate("ef")]
    happened += [issue(4, "B", 20, "30")]
    happened += [on(5 + at, "convert", holder="new", shares={"B": 5}) for at in range(4)]
    paid = on(20, "fund_cash_amounts", amount="82")
    assert position_after(*happened, paid, position=position, **frees)["cash_amounts"] == "0"
    half = {**paid, "amount": "41"}
    found = answered(asked("cash_amounts", position, events=[*happened, half], readings=frees, on="1999-09-20"))
    unpaid = {(own["holder"], own["converted_on"]): Fraction(own["unpaid"]) for own in found["claims"]}
    assert unpaid == {
        **{(who, "1999-09-01"): Fraction("4.625") for who in "abcd"},
        ("e", "1999-09-02"): Fraction("4.625"),
        ("f", "1999-09-03"): Fraction("4.625"),
        **{("new", f"1999-09-{5 + at:02}"): Fraction("6.625") / 2 for at in range(4)},
    }
    fifo = {**frees, "cash_pool": "fifo"}
    found = answered(asked("cash_amounts", position, events=[*happened, half], readings=fifo, on="1999-09-20"))
    # 37 for the first day, and 4 of the 9.25 of the second.
    left = [Fraction(own["unpaid"]) for own in found["claims"]]
    assert sum(left) == 41
    assert [own["converted_on"] for own in found["claims"] if Fraction(own["unpaid"]) == Fraction("6.625")] == [
        f"1999-09-{5 + at:02}" for at in range(4)
    ]


@pytest.mark.parametrize("anniversaries", ["all", "item"])
def test_many_adjustments_are_made_good_on_one_day(anniversaries: str) -> None:
    """Six series carry five amounts of .001 each; three of each were carried on one day, and three years end."""
    days = ["1997-03-01", "1997-03-01", "1997-03-01", "1998-03-01", "1999-03-01"]
    carried = [{"series": name, "on": day, "amount": "0.001"} for name in "ABCDEF" for day in days]
    position = {**held(*((f"h{n}", n, 10) for n in "ABCDEF"), ("k", "common", 10)), "as_of": "1999-08-24"}
    document = asked("conversion_prices", {**position, "carried": carried}, on="2000-03-01")
    document["readings"] = {"cent_anniversary": anniversaries}
    issued = {"A": "1.00", "B": "1.43", "C": "1.91", "D": "2.75", "E": "4.15", "F": "8.25"}
    off = Fraction("0.005") if anniversaries == "all" else Fraction("0.003")
    found = answered(document)["series"]
    for name, before in issued.items():
        assert Fraction(found[name]["official"]) == Fraction(before) - off
        assert Fraction(found[name]["exact"]) == Fraction(before) - Fraction("0.005")
        assert len(found[name]["carried"]) == (0 if anniversaries == "all" else 2)


def test_three_years_end_in_every_year() -> None:
    for year in (*range(1990, 2110), 2397, 2400):
        for month, day in ((1, 1), (2, 28), (3, 1), (8, 24), (12, 31)):
            assert anniversary(date(year, month, day), 3) == date(year + 3, month, day)
    # From 29 February the last day of the month (AMB-100).
    assert [anniversary(date(year, 2, 29), 3) for year in (1996, 2000, 2096)] == [
        date(1999, 2, 28),
        date(2003, 2, 28),
        date(2099, 2, 28),
    ]


def test_both_consents_of_a_day_carry() -> None:
    """E and F consent on the day of an offering at 4.00, and the tie goes to the consent: no floor for either."""
    position = held(("e", "E", 100), ("f", "F", 100), ("k", "common", 10), as_of="1999-08-24")
    consents = [on(1, "consent_conversion", **{"class": n, "consents": {n.lower(): 100}}) for n in "EF"]
    sale = on(1, "public_offering", price="4", primary_shares=10_000_000)
    for tie, e, f in (("consent", "100", "100"), ("ipo", "208", "275")):
        for events in permutations([*consents, sale]):
            if tie == "consent" or events[-1] is sale:
                found = position_after(*events, position=position, consent_tie=tie)["by_holder"]
                assert (found["e"], found["f"]) == ({"common": e}, {"common": f})


def test_every_former_holder_is_owed_its_dividends() -> None:
    """Five holders of 10 E, on each of which .50 is declared, convert one after the other: 5 each."""
    holders = "abcde"
    position = held(*((who, "E", 10) for who in holders), as_of="1999-08-24")
    happened = [on(1, "declare_dividend", per_share={"E": "0.5"})]
    happened += [on(2 + at, "convert", holder=who, shares={"E": 10}) for at, who in enumerate(holders)]
    assert position_after(*happened, position=position)["debts"] == dict.fromkeys(holders, "5")
    paid = on(20, "pay_dividend", former_holders={"e": "5", "d": "2"})
    found = position_after(*happened, paid, position=position)["debts"]
    assert found == {"a": "5", "b": "5", "c": "5", "d": "3"}


def test_shares_of_the_day_stay_new_through_transfers() -> None:
    """F that is issued today and goes through three hands does not convert today; the older shares do (3(a))."""
    position = held(("x", "F", 5), as_of="1999-08-24")
    moves = [issue(1, "F", 10, "82.5")]
    names = ["new", "e", "g", "x"]
    for giver, taker in pairwise(names):
        moves.append(on(1, "transfer", **{"class": "F", "holder": giver, "to": taker, "shares": 10}))
    for shares, expected in ((5, "answered"), (6, "refused")):
        converts = on(1, "convert", holder="x", shares={"F": shares})
        assert ask(asked("position", position, events=[*moves, converts]))["status"] == expected
    assert position_after(*moves, on(2, "convert", holder="x", shares={"F": 15}), position=position)["converted"]


def test_a_split_reaches_every_holding() -> None:
    """Twelve holders of 4, 8, ... 48 shares: half as many again each."""
    position = held(*((f"h{n}", "E", 4 * n) for n in range(1, 13)), as_of="1999-08-24")
    found = position_after(split(1, "E", "3/2"), position=position)["by_holder"]
    assert found == {f"h{n}": {"E": str(6 * n)} for n in range(1, 13)}


def test_all_that_is_carried_is_kept() -> None:
    """Seven free issues of 500 on a base of 10,000,000 at 4.15 each take .0002075 and less off: all are carried."""
    happened = [issue(day, "common", 500) for day in range(1, 8)]
    found = answered(asked("conversion_prices", TEN, events=happened))["series"]["E"]
    assert (found["official"], len(found["carried"])) == ("83/20", 7)
    exact = Fraction("4.15")
    for number in range(7):
        base = 10_000_000 + 500 * number
        exact = exact * base / (base + 500)
    assert Fraction(found["exact"]) == exact


def test_the_reserve_regards_every_floor(quintus: Charter) -> None:
    """Four series with floors of 6, 8.30, 9 and 11, each of 1,000 shares: what is needed, price by price, adds up."""
    floors = {"C": "6", "D": "9"}
    series = tuple(
        replace(own, offering_floor=OfferingFloor(Fraction(floors[own.name]), adjusted_numerator=False, clause="3(b)"))
        if own.name in floors
        else own
        for own in quintus.series
    )
    assert quintus.public_offering is not None
    least = replace(quintus.public_offering, minimum_aggregate=Figure(Fraction(100), "3(b)"))
    charter = replace(quintus, series=series, public_offering=least)
    for common in range(39_981_000, 39_996_000, 1500):
        shares = dict.fromkeys("CDEF", 1000) | {"common": common}
        position = Position(charter, shares, holdings=tuple(Holding("h", name, n) for name, n in shares.items()))
        found = lowest_offering_price(position, Readings())
        assert found is not None

        def fits(at: Fraction, position: Position = position) -> bool:
            ratios = [offering_ratio(position, Readings(), own, at) for own in charter.series if own.name in "CDEF"]
            return position.common + 100 / at + sum(1000 * ratio for ratio in ratios) <= 40_000_000

        assert fits(found)
        assert not fits(found * Fraction(999, 1000))


def test_the_note_on_a_floor_of_parts() -> None:
    position = held(("e", "E", 600), preferred_splits={"E": "2"})
    terms = {"on": "1999-11-19", "primary_shares": 10_000_000}
    said = "The floor of E is for what was one share of it before its splits"
    assert said in notes(asked("public_offering", position, price="4", **terms))
    assert said not in notes(asked("public_offering", position, price="9", **terms))
    whole = {"floor_adjusts_for_series_splits": "no"}
    assert said not in notes(asked("public_offering", position, price="4", readings=whole, **terms))


def test_the_note_on_a_split_series() -> None:
    assert "The amendment that splits E" in notes(asked("position", CLASS, events=[split(1, "E", "2")]))
