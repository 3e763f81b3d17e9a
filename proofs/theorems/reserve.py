"""Theorems about authorised stock and the reserve: IV.A, IV.B and 3(i)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.explorer import Unknown
from proofs.formulas import Changed, FormulaCheck
from proofs.numbers import literal
from proofs.results import Scope
from proofs.statements import REFUTED, account_claim, agreement, checked, formula, numbers, sentence, theorem, totality
from proofs.study import Study
from proofs.subjects import COMMON_SHARES, DEFAULTS, chosen, domain, position, ratio, shares
from proofs.views import Subject
from reference import reserve
from reference.charter import COMMON, Charter
from reference.conversion import common_issued, current_ratios
from reference.position import Position, full_issuance
from reference.readings import EFloor, Readings
from symbolic import reserve as closed
from symbolic.account import Account
from symbolic.liquidation import Case

ALL_COMMON, ALL_PREFERRED = 40_000_000, 19_055_000
"""The authorised Common and Preferred (IV.A)."""

MINIMUM = 40_000_000
"""The least aggregate price of an offering that converts the Preferred, $ (3(b)(i))."""

PRICE, SOLD, FACTOR = Unknown("p"), Unknown("s"), Unknown("k_common")
TABLE = "any shares of A, E and Common, A at its initial price"
SPLIT = "full issuance after a split of the Common"
CONVERTED = "some of the outstanding E converts"
DILUTED = "E at two conversion ratios"
OFFERED = "an offering at full issuance"


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the studies of this section."""
    own = (of_any_shares(charter), of_changes(charter), of_an_offering(charter), of_numbers(charter))
    return (*own, of_lowest_prices(charter))


# Any shares


def of_any_shares(charter: Charter) -> Study:
    """Return the theorems about the reserve and the headroom of any shares."""
    floors = tuple(EFloor)
    subjects = tuple(_table(charter, floor) for floor in floors)
    checks = [_agrees(charter, floor) for floor in floors]
    checks.append(totality("reserve.totality", "The reserve, an offering's needs and the headroom", (), "IV.A, 3(i)"))
    none = checked(
        theorem("reserve.no_further_series", "TH-AU-02", "The Board can create no further series.", "IV.B"),
        lambda v: v.outcome["free_undesignated"] == 0,
        labels=(_label(EFloor.LITERAL),),
        neighbours=(Neighbour("no further share of A either", claim=lambda v: v.outcome["free_A"] == 0),),
    )
    return Study("authorised stock", subjects, (*checks, none), weight=5)


def _label(floor: EFloor) -> str:
    return f"{TABLE}, floor of E {floor.value}"


def _table(charter: Charter, floor: EFloor) -> Subject:
    readings = Readings(e_floor=floor)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values)
        kept, offered = (
            reserve.reserve(at, readings),
            reserve.offering_reserve(at, readings, values["p"], values["s"]),
        )
        outputs: dict[str, Any] = {}
        for suffix, found in (("", kept), ("_offered", offered)):
            outputs |= {f"needed{suffix}_{name}": needed for name, needed in found.needed.items()}
            outputs |= {f"needed{suffix}": found.total_needed, f"available{suffix}": found.available}
            outputs |= {f"shortfall{suffix}": found.shortfall, f"unreserved{suffix}": found.unreserved}
        room = reserve.headroom(at, readings)
        outputs |= {"free_common": room.common, "free_preferred": room.preferred, "free_total": room.total}
        outputs |= {"free_undesignated": room.undesignated}
        return outputs | {f"free_{name}": free for name, free in room.series.items()}

    unknowns = (COMMON_SHARES, shares("A"), shares("E"), ratio(charter, "E"), PRICE, SOLD)
    seeds = (
        numbers(C=1, n_A=1, n_E=1, c_E=1, p=4, s=1),
        numbers(C=100_000_000, n_A=1, n_E=1, c_E=2, p=10, s=1),
        numbers(C=0, n_A=0, n_E=0, c_E="1/2", p=20, s=0),
    )
    hypotheses = (*domain(unknowns), PRICE.term > 0)
    return Subject(_label(floor), function, unknowns, hypotheses, seeds, chosen(readings))


def _agrees(charter: Charter, floor: EFloor) -> PathCheck:
    readings = Readings(e_floor=floor)
    account = Account(named=True)
    closed.stock(Case(charter, readings, prices=frozenset("E")), account)
    claim = account_claim(account.definitions)
    zero = literal(Fraction(0))
    rest = {f"n_{series.name}": zero for series in charter.series if series.name not in "AE"}
    gone = {f"gone_{series.name}": zero for series in charter.series}
    return agreement(
        f"reserve.equivalence_{floor.value}",
        f"What is reserved, needed and free, with {_label(floor)}",
        (_label(floor),),
        lambda view: claim(view.at({**rest, **gone})),
        "IV.A, IV.B, 3(b), 3(i)",
        readings=chosen(readings),
    )


# Changes


def of_changes(charter: Charter) -> Study:
    """Return the theorems about what a split, a conversion and an adjustment change."""
    subjects = (_after_a_split(charter), _after_a_conversion(charter), _after_an_adjustment(charter))
    return Study("changes of the reserve", subjects, (*_splits(), *_conversions(), *_adjustments()), weight=3)


def _after_a_split(charter: Charter) -> Subject:
    issued = full_issuance(charter)
    prices = {series.name: series.original_issue_price.value for series in charter.series}

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        factor = values["k_common"]
        counts = {**issued.shares, COMMON: factor * values["C"]}
        at = Position(charter, counts, {name: price / factor for name, price in prices.items()})
        return {"shortfall": reserve.reserve(at, DEFAULTS).shortfall}

    unknowns = (COMMON_SHARES, FACTOR)
    seeds = (numbers(C=1, k_common=2), numbers(C=10_000_000, k_common=3))
    return Subject(SPLIT, function, unknowns, domain(unknowns), seeds)


def _splits() -> tuple[PathCheck, ...]:
    kept = Hypothesis("the reserve of 3(i) is kept after the split", lambda v: v.outcome["shortfall"] == 0)
    two = Hypothesis("a share of Common becomes two or more", lambda v: v.inputs["k_common"] >= 2)
    return (
        checked(
            theorem(
                "reserve.split_needs_little_common",
                "TH-AU-04",
                "At full issuance the Common can be split two for one or more, with the reserve kept, only while"
                " 945,000 shares of it or fewer are outstanding.",
                "IV.A, 3(i)",
            ),
            lambda v: v.inputs["C"] <= 945_000,
            kept,
            two,
            labels=(SPLIT,),
            neighbours=(Neighbour("while fewer than 945,000 are", claim=lambda v: v.inputs["C"] < 945_000),),
        ),
        checked(
            theorem(
                "reserve.no_split_three_for_one",
                "TH-AU-05",
                "At full issuance the Common cannot be split three for one or more with the reserve kept.",
                "IV.A, 3(i)",
            ),
            lambda v: v.inputs["k_common"] < 3,
            kept,
            labels=(SPLIT,),
            neighbours=(Neighbour("nor two for one", claim=lambda v: v.inputs["k_common"] < 2),),
        ),
    )


def _after_a_conversion(charter: Charter) -> Subject:
    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        prices = {"E": values["c_E"]}
        count, given = values["n_E"], values["y_E"]
        before = Position(charter, {"E": count, COMMON: values["C"]}, prices)
        ratios = current_ratios(before, DEFAULTS, ("E",))
        issued = {"exact": given * ratios["E"], "rounded": common_issued({"E": given}, ratios, DEFAULTS)}
        old = reserve.reserve(before, DEFAULTS)
        outputs = {"before": old.outstanding + old.total_needed}
        for word, more in issued.items():
            after = Position(charter, {"E": count - given, COMMON: values["C"] + more}, prices)
            new = reserve.reserve(after, DEFAULTS)
            outputs[word] = new.outstanding + new.total_needed
        return outputs

    given = Unknown("y_E")
    unknowns = (COMMON_SHARES, shares("E"), ratio(charter, "E"), given)
    hypotheses = (*domain(unknowns), given.term <= shares("E").term)
    seeds = (numbers(C=1, n_E=2, c_E="7/5", y_E=1), numbers(C=0, n_E=0, c_E=1, y_E=0))
    return Subject(CONVERTED, function, unknowns, hypotheses, seeds)


def _conversions() -> tuple[PathCheck, ...]:
    return (
        checked(
            theorem(
                "reserve.conversion_needs_no_more",
                "TH-AU-06",
                "A conversion, unrounded, leaves the Common outstanding and reserved together as they were.",
                "3(a), 3(i)",
            ),
            lambda v: v.outcome["exact"] == v.outcome["before"],
            labels=(CONVERTED,),
        ),
        checked(
            theorem(
                "reserve.rounded_conversion_needs_no_more",
                "TH-AU-07",
                "A conversion, rounded, leaves the Common outstanding and reserved together as they were.",
                "3(h), 3(i)",
                expected=REFUTED,
            ),
            lambda v: v.outcome["rounded"] == v.outcome["before"],
            labels=(CONVERTED,),
            suggestions=(numbers(C=0, n_E=1, c_E="7/5", y_E=1),),
            shows="One share at a ratio of 1.4 becomes one share of Common.",
        ),
    )


def _after_an_adjustment(charter: Charter) -> Subject:
    issue_price = charter.series_named("E").original_issue_price.value

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        counts = {"E": values["n_E"], COMMON: values["C"]}
        lower = values["c_E"] - values["cut"]
        before, after = (Position(charter, counts, {"E": price}) for price in (values["c_E"], lower))
        return {
            "before": reserve.reserve(before, DEFAULTS).total_needed,
            "after": reserve.reserve(after, DEFAULTS).total_needed,
        }

    cut = Unknown("cut")
    unknowns = (COMMON_SHARES, shares("E"), ratio(charter, "E"), cut)
    price = z3.Real("c_E")
    hypotheses = (*domain(unknowns), cut.term * price < literal(issue_price))
    return Subject(DILUTED, function, unknowns, hypotheses, (numbers(C=1, n_E=1, c_E=1, cut=1),))


def _adjustments() -> tuple[PathCheck, ...]:
    return (
        checked(
            theorem(
                "reserve.adjustments_never_need_less",
                "TH-AU-08",
                "A lower conversion price never lowers what must be reserved.",
                "3(d)(i), 3(i)",
            ),
            lambda v: v.outcome["after"] >= v.outcome["before"],
            labels=(DILUTED,),
            neighbours=(Neighbour("it always raises it", claim=lambda v: v.outcome["after"] > v.outcome["before"]),),
        ),
    )


# Offerings


def of_an_offering(charter: Charter) -> Study:
    """Return the theorems about an offering that converts all authorised Preferred."""
    issued = full_issuance(charter)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = Position(charter, {**issued.shares, COMMON: values["C"]})
        return {
            "reserved": reserve.reserve(at, DEFAULTS).shortfall,
            "offered": reserve.offering_reserve(at, DEFAULTS, values["p"], values["s"]).shortfall,
        }

    unknowns = (COMMON_SHARES, PRICE, SOLD)
    seeds = tuple(numbers(C=10_000_000, p=price, s=sold) for price, sold in ((3, 14_000_000), (10, 4_000_000), (6, 1)))
    subject = Subject(OFFERED, function, unknowns, (*domain(unknowns), PRICE.term > 0), seeds)
    fits = Hypothesis("the authorised Common suffices for it", lambda v: v.outcome["offered"] == 0)
    qualifies = Hypothesis("it comes to $40,000,000", lambda v: v.inputs["p"] * v.inputs["s"] >= MINIMUM)
    ten = Hypothesis("10,000,000 shares of Common are outstanding, or more", lambda v: v.inputs["C"] >= 10_000_000)
    kept = Hypothesis("the reserve of 3(i) is kept", lambda v: v.outcome["reserved"] == 0)

    def above(price: str) -> Any:
        return lambda v: v.inputs["p"] >= literal(Fraction(price))

    checks = (
        checked(
            theorem(
                "reserve.kept_reserve_suffices_for_an_offering",
                "TH-AU-09",
                "With the reserve of 3(i) kept, an offering that converts all Preferred can be performed.",
                "3(b), 3(i)",
                expected=REFUTED,
            ),
            lambda v: v.outcome["offered"] == 0,
            kept,
            qualifies,
            suggestions=(numbers(C=10_000_000, p=3, s=13_333_334),),
            shows="At a price of $3 E and F convert into more Common than at their conversion prices.",
        ),
        checked(
            theorem(
                "reserve.lowest_price_of_an_offering",
                "TH-AU-10",
                "At full issuance an offering that converts all Preferred, before rounding, needs a price of 3.199 or"
                " more.",
                "IV.A, 3(b)",
            ),
            above("3.199"),
            fits,
            qualifies,
            neighbours=(Neighbour("of 3.2 or more", claim=above("3.2")),),
        ),
        checked(
            theorem(
                "reserve.lowest_price_with_ten_million_common",
                "TH-AU-10",
                "With 10,000,000 shares of Common or more outstanding as well it needs a price of 5.27 or more.",
                "IV.A, 3(b)",
            ),
            above("5.27"),
            fits,
            qualifies,
            ten,
            neighbours=(
                Neighbour("of 5.28 or more", claim=above("5.28")),
                Neighbour("with any Common", hypotheses=(fits, qualifies)),
            ),
        ),
    )
    return Study("offerings at full issuance", (subject,), checks, weight=3)


# The lowest price of an offering

SPLIT_OF_COMMON = Unknown("k_common")


def of_lowest_prices(charter: Charter) -> Study:
    """Return the theorems about the least price at which an offering of the minimum size fits."""
    floors = tuple(EFloor)
    subjects = tuple(_lowest_price(charter, floor) for floor in floors)
    checks = [_lowest_prices_agree(charter, floor) for floor in floors]
    checks.append(totality("reserve.lowest_price_totality", "The lowest price of an offering", (), "IV.A, 3(b)"))
    return Study("lowest prices of offerings", subjects, tuple(checks), weight=7)


def _lowest_label(floor: EFloor) -> str:
    return f"the lowest price of an offering beside any shares of A, E and F and Common, floor of E {floor.value}"


def _lowest_price(charter: Charter, floor: EFloor) -> Subject:
    readings = Readings(e_floor=floor)

    def function(values: Mapping[str, Any]) -> dict[str, Any]:
        at = position(charter, values, common_split=values["k_common"])
        price = reserve.lowest_offering_price(at, readings)
        return {"offering_fits": False} if price is None else {"offering_fits": True, "lowest_price": price}

    ratios = tuple(ratio(charter, name) for name in "EF")
    unknowns = (COMMON_SHARES, *(shares(name) for name in "AEF"), *ratios, SPLIT_OF_COMMON)
    seeds = tuple(
        numbers(C=common, n_A=1, n_E=e, n_F=f, c_E=1, c_F=1, k_common=1)
        for common, e, f in ((1, 1, 1), (39_000_000, 1000, 1000), (50_000_000, 1, 1))
    )
    return Subject(_lowest_label(floor), function, unknowns, domain(unknowns), seeds, chosen(readings))


def _lowest_prices_agree(charter: Charter, floor: EFloor) -> PathCheck:
    readings, account = Readings(e_floor=floor), Account(named=True)
    case = Case(charter, readings, prices=frozenset("EF"), splits=frozenset({COMMON}))
    closed.lowest_offering_price(case, account, closed.terms(case, account))
    claim = account_claim(account.definitions)
    zero = literal(Fraction(0))
    rest = {f"n_{series.name}": zero for series in charter.series if series.name not in "AEF"}
    return agreement(
        f"reserve.lowest_price_equivalence_{floor.value}",
        f"{sentence(_lowest_label(floor))}, or that none is high enough",
        (_lowest_label(floor),),
        lambda view: claim(view.at(rest)),
        "IV.A, 3(b)",
        readings=chosen(readings),
    )


# Numbers


def of_numbers(charter: Charter) -> Study:
    """Return the theorems about the charter's own numbers, and about a series that the Board makes smaller."""
    sizes = [series.authorized.value for series in charter.series]
    listed = charter.authorized
    sums = formula(
        theorem(
            "reserve.numbers_add_up",
            "TH-AU-01",
            "The series' sizes add up to the authorised Preferred, and the two classes to all authorised stock.",
            "IV.A, IV.B",
            scope=Scope.ARITHMETIC,
        ),
        (),
        (
            z3.Sum([z3.RealVal(size) for size in sizes]) == ALL_PREFERRED,
            z3.RealVal(listed.common.value) + z3.RealVal(listed.preferred.value) == listed.total.value,
            z3.RealVal(listed.common.value) == ALL_COMMON,
            z3.RealVal(listed.preferred.value) == ALL_PREFERRED,
        ),
    )
    return Study("authorised numbers", (), (sums, _smaller()), weight=1)


def _smaller() -> FormulaCheck:
    size, outstanding, rest, new = z3.Reals("size outstanding undesignated new_size")
    freed = size - new
    not_negative = tuple(term >= 0 for term in (size, outstanding, rest, new))
    enough = ("the new size is no less than what is outstanding", new >= outstanding)
    return formula(
        theorem(
            "reserve.smaller_series_keeps_the_total",
            "TH-AU-03",
            "A series that the Board makes smaller frees what it loses, and never has less than is outstanding.",
            "IV.B",
            scope=Scope.ARITHMETIC,
        ),
        (size, outstanding, rest, new),
        (new + (rest + freed) == size + rest, new - outstanding >= 0),
        (enough,),
        not_negative,
        (Changed("whatever the new size", (), new - outstanding >= 0),),
    )
