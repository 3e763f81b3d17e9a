"""Conversion by a public offering, section 3(b), and its dates under 3(c).

Figures are those of the registers or are worked out by hand from the certificate.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.charter import COMMON, Charter, ConversionRight
from reference.conversion import conversion_ratio
from reference.offering import (
    Offering,
    convert_by_offering,
    effective_date,
    floor_trigger,
    ground_of,
    offering_ratio,
    offering_size,
    qualification,
)
from reference.position import Position, full_issuance
from reference.readings import ConsentTie, EFloor, Half, IpoEffective, IpoOrder, IpoSize, Readings, RoundUnit
from reference.refusal import Forbidden
from tests import strategies
from tests.test_conversion import at_ratios, table

DEFAULT = Readings()
FORTY_MILLION = Fraction(40_000_000)


def an_offering(price: str | Fraction, primary: int | Fraction | None = None, **more: object) -> Offering:
    """Return an offering that qualifies unless told otherwise: just $40,000,000 if no size is given."""
    amount = Fraction(price)
    sold = FORTY_MILLION / amount if primary is None else primary
    terms = {"underwriting": "firm_commitment", "form": "S-1", **more}
    return Offering(amount, sold, **terms)  # type: ignore[arg-type]


def ratios_at(position: Position, price: str, readings: Readings = DEFAULT) -> dict[str, Fraction]:
    """Return the Common per share of each series at an offering price."""
    return {s.name: Fraction(offering_ratio(position, readings, s, Fraction(price))) for s in position.charter.series}


# Which offerings qualify


@pytest.mark.parametrize(
    ("offering", "passes"),
    [
        (an_offering("8", 5_000_000, discount=Fraction("0.56")), "gross_primary gross_all"),
        (an_offering("8", 4_600_000, secondary=400_000), "gross_all"),
        (an_offering("8", 4_999_999), ""),
        (an_offering("8", 5_000_000), "gross_primary gross_all net"),
        (an_offering("18", 4_500_000, discount=Fraction("1.26")), "gross_primary gross_all net"),
        (an_offering("1/3", 120_000_000), "gross_primary gross_all net"),
        (an_offering("1/3", 119_999_999), ""),
    ],
)
def test_size(quintus: Charter, offering: Offering, passes: str) -> None:
    for size in IpoSize:
        tested = qualification(quintus, Readings(ipo_size=size), offering)
        assert tested.qualifies == (size.value in passes.split())
        assert tested.qualifies or [failure.code for failure in tested.failures] == ["too_small"]


def test_size_by_each_reading() -> None:
    offering = an_offering("8", 4_600_000, secondary=400_000, discount=Fraction("0.56"))
    sizes = [offering_size(Readings(ipo_size=size), offering) for size in IpoSize]
    assert sizes == [36_800_000, 40_000_000, 34_224_000]
    assert offering_size(Readings(ipo_size=IpoSize.NET), an_offering("8", 5_000_000, discount=Fraction("0.56"))) == (
        37_200_000
    )


def test_over_allotment_counts_only_if_that_is_said(quintus: Charter) -> None:
    assert qualification(quintus, DEFAULT, an_offering("8", 4_500_000, over_allotment=500_000)).size == 36_000_000


def test_a_form_that_is_not_the_required_one(quintus: Charter) -> None:
    for form in ("F-1", "S-3"):
        tested = qualification(quintus, DEFAULT, replace(an_offering("8"), form=form))
        assert [failure.code for failure in tested.failures] == ["form"]


@pytest.mark.parametrize(("counts", "size"), [(True, 40_000_000), (False, 36_000_000)])
def test_over_allotment(quintus: Charter, counts: bool, size: int) -> None:
    offering = an_offering("8", 4_500_000, over_allotment=500_000, over_allotment_counts=counts)
    tested = qualification(quintus, DEFAULT, offering)
    assert (tested.size, tested.qualifies) == (size, counts)
    assert convert_by_offering(Position(quintus, {}), DEFAULT, offering).common_needed == 5_000_000


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({"underwriting": "best_efforts"}, ["underwriting"]),
        ({"form": "SB-2"}, ["form"]),
        ({"form": "S-11", "underwriting": "best_efforts"}, ["underwriting", "form"]),
        ({"primary": 1, "form": "S-1/A"}, ["too_small", "form"]),
        ({"primary": 0, "secondary": 5_000_000}, ["no_sale", "too_small"]),
        ({}, []),
    ],
)
def test_each_failure_has_its_reason(quintus: Charter, more: dict[str, object], codes: list[str]) -> None:
    tested = qualification(quintus, DEFAULT, replace(an_offering("8"), **more))  # type: ignore[arg-type]
    assert [failure.code for failure in tested.failures] == codes
    assert all(failure.clause == "3(b)" and failure.message.endswith(".") for failure in tested.failures)


def test_holders_alone_sell_nothing_of_the_corporation(quintus: Charter) -> None:
    offering = an_offering("8", 0, secondary=10_000_000)
    tested = qualification(quintus, Readings(ipo_size=IpoSize.GROSS_ALL), offering)
    assert (tested.size, [failure.code for failure in tested.failures]) == (80_000_000, ["no_sale"])


def test_a_charter_without_the_clause(quintus: Charter) -> None:
    tested = qualification(replace(quintus, public_offering=None), DEFAULT, an_offering("8"))
    assert [failure.code for failure in tested.failures] == ["no_clause"]
    position = full_issuance(replace(quintus, public_offering=None))
    assert convert_by_offering(position, DEFAULT, an_offering("8")).conversions == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"price": Fraction(0)}, "no_price"),
        ({"price": Fraction(-1)}, "no_price"),
        ({"primary": -1}, "negative_shares"),
        ({"secondary": -1}, "negative_shares"),
        ({"over_allotment": -1}, "negative_shares"),
        ({"discount": Fraction(-1)}, "discount"),
        ({"discount": Fraction(9)}, "discount"),
    ],
)
def test_what_is_no_offering(quintus: Charter, changes: dict[str, object], code: str) -> None:
    with pytest.raises(Forbidden) as refused:
        qualification(quintus, DEFAULT, replace(an_offering("8"), **changes))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_discount_of_the_whole_price_leaves_nothing(quintus: Charter) -> None:
    offering = an_offering("8", discount=Fraction(8))
    assert offering_size(Readings(ipo_size=IpoSize.NET), offering) == 0


# The real offering


def test_the_offering_of_1999(issued: Position) -> None:
    outcome = convert_by_offering(issued, DEFAULT, an_offering("18", 4_500_000))
    assert outcome.qualification.size == 81_000_000
    assert outcome.qualification.qualifies
    assert [(own.name, own.ratio, own.binds) for own in outcome.series] == [(n, 1, False) for n in "ABCDEF"]
    assert outcome.common_by_holder == {
        "holder-A": 9_100_000,
        "holder-B": 1_000_000,
        "holder-C": 3_000_000,
        "holder-D": 1_455_000,
        "holder-E": 3_000_000,
        "holder-F": 1_500_000,
    }
    assert outcome.cash_total == 18_739_020
    assert list(outcome.cash_by_holder.values()) == [8_417_500, 1_325_000, 5_295_000, 3_701_520, 0, 0]
    assert outcome.common_needed == 10_000_000 + 4_500_000 + 19_055_000
    assert (outcome.common_authorised, outcome.shortfall, outcome.is_short) == (40_000_000, 0, False)


def test_an_offering_that_is_too_small_converts_nothing(quintus: Charter) -> None:
    position = full_issuance(quintus)
    small = convert_by_offering(position, DEFAULT, an_offering("4", 9_997_500))
    assert (small.qualification.size, small.conversions, small.series) == (39_990_000, (), ())
    assert (small.cash_total, small.common_needed, small.effective, small.due) == (0, 9_997_500, None, None)
    enough = convert_by_offering(position, DEFAULT, an_offering("4", 10_000_000))
    assert {own.name: own.ratio for own in enough.series}["E"] == Fraction("2.075")


# Floors


@pytest.mark.parametrize(
    ("price", "e", "f"),
    [
        ("4", "2.075", "2.75"),
        ("8", "1.0375", "1.375"),
        ("8.29", "830/829", "1100/829"),
        ("8.30", "1", "110/83"),
        ("8.31", "1", "1100/831"),
        ("10.99", "1", "1100/1099"),
        ("11", "1", "1"),
        ("11.01", "1", "1"),
        ("1/1000000000000", "8300000000000", "11000000000000"),
    ],
)
def test_floors(quintus: Charter, price: str, e: str, f: str) -> None:
    found = ratios_at(full_issuance(quintus), price)
    assert found == {**dict.fromkeys("ABCD", 1), "E": Fraction(e), "F": Fraction(f)}


@pytest.mark.parametrize(("price", "binding"), [("18", ""), ("11", ""), ("10.99", "F"), ("8.30", "F"), ("8.29", "EF")])
def test_which_floors_bind(quintus: Charter, price: str, binding: str) -> None:
    outcome = convert_by_offering(full_issuance(quintus), DEFAULT, an_offering(price))
    assert "".join(own.name for own in outcome.series if own.binds) == binding
    assert all(own.at_price == 1 for own in outcome.series)
    assert [own.trigger for own in outcome.series] == [None] * 4 + [Fraction("8.30"), Fraction(11)]


@pytest.mark.parametrize(
    ("split", "price", "literal", "economic", "f"),
    [
        ("2", "3", "2", "83/30", "11/3"),
        ("2", "4.15", "2", "2", "220/83"),
        ("2", "4.14", "2", "415/207", "550/207"),
        ("1/2", "12", "83/60", "83/120", "11/12"),
        ("1/2", "16.60", "1/2", "1/2", "55/83"),
        ("1/2", "16.59", "1660/1659", "830/1659", "1100/1659"),
    ],
)
def test_floors_after_a_split_of_the_common(
    quintus: Charter, split: str, price: str, literal: str, economic: str, f: str
) -> None:
    factor = Fraction(split)
    prices = {name: Fraction(at) / factor for name, at in (("E", "4.15"), ("F", "8.25"))}
    position = Position(quintus, {"E": 1, "F": 1}, conversion_prices=prices, common_split=factor)
    for reading, e in ((EFloor.LITERAL, literal), (EFloor.ECONOMIC, economic)):
        found = ratios_at(position, price, Readings(e_floor=reading))
        assert (found["E"], found["F"]) == (Fraction(e), Fraction(f))


def test_the_value_of_the_floors_after_a_split(quintus: Charter) -> None:
    prices = {"E": Fraction("2.075"), "F": Fraction("4.125")}
    forward = Position(quintus, {}, conversion_prices=prices, common_split=Fraction(2))
    literal, economic = ratios_at(forward, "3"), ratios_at(forward, "3", Readings(e_floor=EFloor.ECONOMIC))
    assert (3 * literal["E"], 3 * economic["E"], 3 * literal["F"]) == (6, Fraction("8.30"), 11)
    prices = {"E": Fraction("8.30"), "F": Fraction("16.50")}
    reverse = Position(quintus, {}, conversion_prices=prices, common_split=Fraction(1, 2))
    assert (12 * ratios_at(reverse, "12")["E"], 12 * ratios_at(reverse, "12")["F"]) == (Fraction("16.60"), 11)
    assert [floor_trigger(reverse, DEFAULT, quintus.series_named(name)) for name in "AEF"] == [
        None,
        Fraction("16.60"),
        22,
    ]


def test_a_ratio_below_one_jumps_at_the_trigger(quintus: Charter) -> None:
    position = Position(quintus, {}, conversion_prices=at_ratios(quintus, E="1/2"))
    assert (8 * ratios_at(position, "8")["E"], 10 * ratios_at(position, "10")["E"]) == (Fraction("8.30"), 5)
    assert ratios_at(position, "8.30")["E"] == Fraction(1, 2)


def test_a_quotient_that_just_equals_the_ratio_does_not_bind(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"E": 1}}, conversion_prices=at_ratios(quintus, E="2"))
    for price, ratio, binds in (("4.15", "2", False), ("4.14", "415/207", True), ("4.16", "2", False)):
        outcome = convert_by_offering(position, DEFAULT, an_offering(price))
        (own,) = (own for own in outcome.series if own.name == "E")
        assert (own.ratio, own.binds) == (Fraction(ratio), binds)


def test_no_floor_without_one_in_the_charter(family: Charter) -> None:
    for series in family.series:
        assert offering_ratio(Position(family, {}), DEFAULT, series, Fraction(1, 100)) == 1


def test_a_ratio_at_no_price(quintus: Charter) -> None:
    for price in (0, -1):
        with pytest.raises(Forbidden) as refused:
            offering_ratio(Position(quintus, {}), DEFAULT, quintus.series_named("E"), Fraction(price))
        assert refused.value.code == "no_price"


# Consents of E and F, and dates


PRICED, CLOSED = date(1999, 10, 1), date(1999, 10, 6)


@pytest.mark.parametrize(
    ("reading", "pricing", "closing", "effective", "due"),
    [
        (IpoEffective.CLOSING, PRICED, CLOSED, CLOSED, date(1999, 10, 16)),
        (IpoEffective.PRICING, PRICED, CLOSED, PRICED, date(1999, 10, 11)),
        (IpoEffective.PRICING, None, CLOSED, CLOSED, date(1999, 10, 16)),
        (IpoEffective.CLOSING, PRICED, None, PRICED, date(1999, 10, 11)),
        (IpoEffective.CLOSING, PRICED, PRICED, PRICED, date(1999, 10, 11)),
        (IpoEffective.CLOSING, None, date(2000, 2, 25), date(2000, 2, 25), date(2000, 3, 6)),
        (IpoEffective.CLOSING, None, date(1999, 2, 25), date(1999, 2, 25), date(1999, 3, 7)),
        (IpoEffective.CLOSING, None, None, None, None),
    ],
)
def test_effective_and_due(
    quintus: Charter,
    reading: IpoEffective,
    pricing: date | None,
    closing: date | None,
    effective: date | None,
    due: date | None,
) -> None:
    readings = Readings(ipo_effective=reading)
    outcome = convert_by_offering(full_issuance(quintus), readings, an_offering("8", pricing=pricing, closing=closing))
    assert (outcome.effective, outcome.due) == (effective, due)


def test_no_due_date_without_a_term(quintus: Charter) -> None:
    position = full_issuance(replace(quintus, cash_payment=None))
    assert convert_by_offering(position, DEFAULT, an_offering("8", closing=CLOSED)).due is None


def test_an_offering_does_not_close_before_it_is_priced() -> None:
    with pytest.raises(Forbidden) as refused:
        effective_date(DEFAULT, CLOSED, PRICED)
    assert refused.value.code == "closing_before_pricing"


@pytest.mark.parametrize(
    ("consent", "tie", "ground", "e"),
    [
        (None, ConsentTie.IPO, "offering", "2.075"),
        (date(1999, 10, 5), ConsentTie.IPO, "consent", "1"),
        (CLOSED, ConsentTie.IPO, "offering", "2.075"),
        (CLOSED, ConsentTie.CONSENT, "consent", "1"),
        (date(1999, 10, 7), ConsentTie.CONSENT, "offering", "2.075"),
    ],
)
def test_the_earlier_of_consent_and_offering(
    quintus: Charter, consent: date | None, tie: ConsentTie, ground: str, e: str
) -> None:
    readings = Readings(consent_tie=tie)
    assert ground_of(readings, consent, CLOSED) == ground
    consents = {} if consent is None else {"E": consent}
    offering = an_offering("4", pricing=PRICED, closing=CLOSED)
    outcome = convert_by_offering(full_issuance(quintus), readings, offering, consents)
    (own,) = (own for own in outcome.series if own.name == "E")
    assert (own.ground, own.ratio) == (ground, Fraction(e))
    assert [c.holder for c in outcome.consented] == (["holder-E"] if ground == "consent" else [])
    assert outcome.common_by_holder["holder-E"] == 3_000_000 * Fraction(e)
    assert outcome.common_by_holder["holder-F"] == 1_500_000 * Fraction("2.75")
    assert outcome.cash_total == 18_739_020


def test_a_consent_is_a_conversion_of_its_own(quintus: Charter) -> None:
    prices = at_ratios(quintus, A="1.4", B="1.4", E="1.4", F="1.4")
    position = table(quintus, {"ann": dict.fromkeys("ABEF", 1)}, conversion_prices=prices)
    offering = an_offering("20", closing=CLOSED)
    together = convert_by_offering(position, DEFAULT, offering)
    apart = convert_by_offering(position, DEFAULT, offering, {"E": PRICED, "F": PRICED})
    assert (together.common_by_holder, apart.common_by_holder) == ({"ann": 6}, {"ann": 3 + 1 + 1})
    assert apart.common_needed == 2_000_000 + 5


@pytest.mark.parametrize(("consents", "code"), [({"E": CLOSED}, "no_date"), ({"A": CLOSED}, "no_consent")])
def test_consents_that_cannot_be_compared(quintus: Charter, consents: dict[str, date], code: str) -> None:
    with pytest.raises(Forbidden) as refused:
        convert_by_offering(full_issuance(quintus), DEFAULT, an_offering("8"), consents)
    assert refused.value.code == code


# Rounding, dividends and what there is to issue


@pytest.mark.parametrize(
    ("unit", "half", "common"),
    [
        (RoundUnit.HOLDER_EVENT, Half.UP, 9),
        (RoundUnit.HOLDER_SERIES, Half.UP, 12),
        (RoundUnit.HOLDER_SERIES, Half.DOWN, 6),
        (RoundUnit.CERTIFICATE, Half.EVEN, 12),
    ],
)
def test_six_series_of_one_holder(quintus: Charter, unit: RoundUnit, half: Half, common: int) -> None:
    prices = at_ratios(quintus, **dict.fromkeys("ABCDEF", "3/2"))
    position = table(quintus, {"ann": dict.fromkeys("ABCDEF", 1)}, conversion_prices=prices)
    outcome = convert_by_offering(position, Readings(round_unit=unit, half=half), an_offering("20"))
    assert outcome.common_by_holder == {"ann": common}
    assert outcome.cash_by_holder == {"ann": Fraction("6.559")}


def test_dividends_at_the_offering(quintus: Charter) -> None:
    position = table(
        quintus, {"ann": {"A": 10, "E": 10}}, declared_dividends={"A": Fraction("0.2"), "E": Fraction("0.83")}
    )
    (own,) = convert_by_offering(position, DEFAULT, an_offering("20")).conversions
    assert (own.cash, own.dividends) == ({"A": Fraction("11.25")}, {"E": Fraction("8.3")})


def test_common_holders_convert_nothing(quintus: Charter) -> None:
    outcome = convert_by_offering(table(quintus, {"ann": {COMMON: 5}}), DEFAULT, an_offering("20"))
    assert (outcome.conversions, outcome.common_needed) == ((), 2_000_005)


def test_a_series_that_never_converts_stays_as_it_is(quintus: Charter) -> None:
    """3(b): the offering converts each share into what 3(a) gives for it, and for such a series 3(a) gives nothing."""
    never = replace(quintus.series_named("A"), conversion=ConversionRight("none", "3(a)"), cash_amount=None)
    charter = replace(quintus, series=(never, *quintus.series[1:]))
    outcome = convert_by_offering(table(charter, {"ann": {"A": 100, "E": 7}}), DEFAULT, an_offering("18"))
    assert [own.name for own in outcome.series] == list("BCDEF")
    assert outcome.common_by_holder == {"ann": 7}


def test_the_common_that_floors_take(quintus: Charter) -> None:
    outcome = convert_by_offering(full_issuance(quintus), DEFAULT, an_offering("4"))
    assert sum(outcome.common_by_holder.values()) == 24_905_000


@pytest.mark.parametrize(
    ("common", "short", "enough"),
    [(0, "3.19", "3.20"), (5_000_000, "3.98", "3.99"), (10_000_000, "5.27", "5.28"), (15_000_000, "7.79", "7.80")],
)
def test_the_least_price_at_which_the_common_suffices(quintus: Charter, common: int, short: str, enough: str) -> None:
    position = full_issuance(quintus, common=common)
    for price, is_short in ((short, True), (enough, False)):
        outcome = convert_by_offering(position, DEFAULT, an_offering(price, ceil(FORTY_MILLION / Fraction(price))))
        assert outcome.qualification.qualifies
        assert (outcome.is_short, outcome.shortfall > 0) == (is_short, is_short)


def test_the_reserve_at_conversion_prices_may_not_suffice_for_the_floors(quintus: Charter) -> None:
    position = full_issuance(quintus, common=10_000_000)
    assert sum(position.shares.values()) == 29_055_000
    outcome = convert_by_offering(position, DEFAULT, an_offering("3", 13_333_334))
    # Floors: 3,000,000 x 8.30/3 and 1,500,000 x 11/3; A-D 14,555,000.
    assert outcome.common_needed == 10_000_000 + 13_333_334 + 14_555_000 + 8_300_000 + 5_500_000
    assert outcome.shortfall == 11_688_334


def test_exactly_the_authorised_common_is_enough(quintus: Charter) -> None:
    position = full_issuance(quintus, common=40_000_000 - 19_055_000 - 4_500_000)
    assert not convert_by_offering(position, DEFAULT, an_offering("18", 4_500_000)).is_short
    short = convert_by_offering(position, DEFAULT, an_offering("18", 4_500_001))
    assert (short.is_short, short.shortfall) == (True, 1)


# AMB-45: prices adjusted by the offering itself


def test_convert_first_or_adjust_first(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"D": 1_000_000}})
    adjusted = {"D": (Fraction("2.75") * 24_055_000 + Fraction("2.50") * 16_000_000) / 40_055_000}
    offering = an_offering("2.50", 16_000_000)
    first = convert_by_offering(position, DEFAULT, offering, adjusted_prices=adjusted)
    after = convert_by_offering(position, Readings(ipo_order=IpoOrder.ADJUST_FIRST), offering, adjusted_prices=adjusted)
    assert (first.common_by_holder["ann"], after.common_by_holder["ann"]) == (
        1_000_000,
        1_037_682,
    )  # 110.15125 over 106.15125
    assert after.qualification == first.qualification


def test_adjusting_first_needs_the_prices(quintus: Charter) -> None:
    readings = Readings(ipo_order=IpoOrder.ADJUST_FIRST)
    with pytest.raises(ValueError, match="adjusted prices"):
        convert_by_offering(full_issuance(quintus), readings, an_offering("8"))
    position = full_issuance(quintus)
    unchanged = convert_by_offering(position, readings, an_offering("8"), adjusted_prices={})
    assert unchanged == convert_by_offering(position, DEFAULT, an_offering("8"))


def test_a_consent_that_comes_first_is_at_the_unadjusted_price(quintus: Charter) -> None:
    position = table(quintus, {"ann": {"E": 1000, "F": 1000}})
    readings = Readings(ipo_order=IpoOrder.ADJUST_FIRST)
    adjusted = {"E": Fraction("3.32"), "F": Fraction("6.60")}
    offering = an_offering("20", closing=CLOSED)
    outcome = convert_by_offering(position, readings, offering, {"E": PRICED}, adjusted)
    assert [(own.shares, own.common) for own in outcome.consented] == [({"E": 1000}, 1000)]
    assert [(own.shares, own.common) for own in outcome.conversions] == [({"F": 1000}, 1250)]


# Laws


offer_prices = st.builds(Fraction, st.integers(1, 200), st.sampled_from((1, 3, 10)))


@given(st.data(), offer_prices, st.sampled_from(EFloor))
def test_an_offering_never_gives_less_than_the_price(
    quintus: Charter, data: st.DataObject, price: Fraction, e_floor: EFloor
) -> None:
    position, readings = data.draw(strategies.positions(quintus)), Readings(e_floor=e_floor)
    for series in quintus.series:
        alone = conversion_ratio(position, readings, series)
        at_offering = offering_ratio(position, readings, series, price)
        assert at_offering >= alone
        assert series.name in "EF" or at_offering == alone


@given(offer_prices, offer_prices, st.sampled_from([Fraction(c) for c in ("1/2", "1", "7/5", "3")]))
def test_a_higher_price_gives_no_more_common(quintus: Charter, low: Fraction, rise: Fraction, ratio: Fraction) -> None:
    position = Position(quintus, {}, conversion_prices=at_ratios(quintus, E=str(ratio), F=str(ratio)))
    for series, floor in ((quintus.series_named("E"), Fraction("8.30")), (quintus.series_named("F"), 11)):
        before = offering_ratio(position, DEFAULT, series, low)
        after = offering_ratio(position, DEFAULT, series, low + rise)
        assert after <= before
        if ratio >= 1:
            assert low * before <= (low + rise) * after
            assert low * before >= min(floor, low * ratio)
            assert low * before >= floor


@given(offer_prices, strategies.positive_amounts(6), st.sampled_from([Fraction(c) for c in ("1", "7/5", "3")]))
def test_the_floor_of_f_is_split_neutral(quintus: Charter, price: Fraction, split: Fraction, ratio: Fraction) -> None:
    plain = Position(quintus, {}, conversion_prices=at_ratios(quintus, E=str(ratio), F=str(ratio)))
    prices = {name: at / split for name, at in plain.conversion_prices.items()}
    after = replace(plain, conversion_prices=prices, common_split=split)
    economic = Readings(e_floor=EFloor.ECONOMIC)
    f, e = quintus.series_named("F"), quintus.series_named("E")
    assert offering_ratio(after, DEFAULT, f, price / split) == split * offering_ratio(plain, DEFAULT, f, price)
    neutral = offering_ratio(after, economic, e, price / split)
    assert neutral == split * offering_ratio(plain, economic, e, price)
    if split >= 1:
        assert offering_ratio(after, DEFAULT, e, price / split) <= neutral


def test_totals_of_every_small_table(quintus: Charter) -> None:
    prices = at_ratios(quintus, A="3/2", F="3/2")
    for a, e, f in product(range(3), repeat=3):
        position = table(quintus, {"ann": {"A": a, "E": e}, "bob": {"F": f}}, conversion_prices=prices)
        outcome = convert_by_offering(position, DEFAULT, an_offering("4", 10_000_000))
        exact = {"ann": a * Fraction(3, 2) + e * Fraction("2.075"), "bob": f * Fraction("2.75")}
        for who, amount in exact.items():
            assert abs(outcome.common_by_holder[who] - amount) <= Fraction(1, 2)
        assert outcome.cash_total == a * Fraction("0.925")
        assert outcome.common_needed == 10_000_000 + sum(outcome.common_by_holder.values())


@given(offer_prices, st.integers(1, 30), st.integers(1, 30))
def test_the_order_never_matters_below_the_issue_prices(
    quintus: Charter, price: Fraction, outstanding: int, sold: int
) -> None:
    # A weighted average stays above the price of the issue, and the floors are above the issue prices.
    position = Position(quintus, {}, conversion_prices=at_ratios(quintus, E="1", F="1.25"))
    adjusted = {
        name: min(at, (at * outstanding + price * sold) / (outstanding + sold))
        for name, at in position.conversion_prices.items()
    }
    after = replace(position, conversion_prices=adjusted)
    for name, least in (("E", Fraction("4.15")), ("F", Fraction("8.25"))):
        series = quintus.series_named(name)
        if price < least:
            first = offering_ratio(position, DEFAULT, series, price)
            assert offering_ratio(after, DEFAULT, series, price) == first
