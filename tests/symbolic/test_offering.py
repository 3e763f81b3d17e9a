"""The engine and the closed forms agree on what public offerings convert; and the check finds mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import offering as engine
from reference.charter import COMMON, Charter, Figure, Quantity, Series, Threshold
from reference.offering import Ground, Offering, OfferingOutcome, Qualification, SeriesOutcome
from reference.position import Holding, Position
from reference.readings import ConsentTie, EFloor, IpoEffective, IpoOrder, IpoSize, Readings, RoundUnit, Switch
from reference.refusal import Forbidden
from symbolic import offering as forms
from symbolic.account import Account, Definition
from symbolic.evaluate import Value, evaluate_all
from symbolic.liquidation import Case
from symbolic.offering import Known
from tests import strategies
from tests.agreement import case_of, values_of
from tests.strategies import FAMILY, examples

READINGS = (
    "ipo_size",
    "e_floor",
    "floor_adjusts_for_series_splits",
    "combination_adjusts_floor",
    "consent_tie",
    "ipo_order",
    "ipo_effective",
    "round_unit",
    "half",
    "cash_adjusts_preferred_split",
    "oip_adjusts_in_conversion",
)
HOLDERS = ("ann", "bob")
START = date(1999, 10, 1)
LAST_DAY = date.max.toordinal()


@dataclass(frozen=True)
class Asked:
    """Hold an offering with the consents and the adjusted prices that go with it."""

    offering: Offering
    consents: Mapping[str, date] = field(default_factory=dict)
    adjusted: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def known(self) -> Known:
        """Return what is known."""
        dated = self.offering.pricing is not None, self.offering.closing is not None
        return Known(frozenset(self.consents), frozenset(self.adjusted), *dated)


@cache
def offering_account(case: Case, known: Known) -> list[Definition]:
    """Return the account of an offering."""
    account = Account(named=True)
    forms.outcome(case, account, known, len(HOLDERS))
    names = [definition.name for definition in account.definitions]
    assert len(set(names)) == len(names)
    return account.definitions


def values(position: Position, asked: Asked) -> dict[str, Fraction | int]:
    """Return the values of the unknowns."""
    found = values_of(position, Fraction(0))
    own, terms = asked.offering, position.charter.public_offering
    for number, holder in enumerate(HOLDERS, start=1):
        for series in position.charter.series:
            held = [h.shares for h in position.holdings if (h.holder, h.stock) == (holder, series.name)]
            found[f"h_{number}_{series.name}"] = sum(held)
    found |= {"p": own.price, "primary": own.primary, "secondary": own.secondary, "extra": own.over_allotment}
    found |= {"extra_counts": 1 if own.over_allotment_counts else 0, "discount": own.discount}
    found["underwritten"] = 1 if terms is not None and own.underwriting == terms.underwriting else 0
    found["registered"] = 1 if terms is not None and own.form == terms.form else 0
    found["last_day"] = LAST_DAY
    days = {"priced": own.pricing, "closed": own.closing}
    days |= {f"consent_{name}": day for name, day in asked.consents.items()}
    found |= {name: day.toordinal() for name, day in days.items() if day is not None}
    return found | {f"ACP_{name}": price for name, price in asked.adjusted.items()}


def differences(position: Position, readings: Readings, asked: Asked) -> list[str]:
    """List where engine and closed form differ on an offering."""
    found = evaluate_all(offering_account(case_of(position, readings), asked.known), values(position, asked))
    try:
        outcome = engine.convert_by_offering(position, readings, asked.offering, asked.consents, asked.adjusted)
    except Forbidden:
        return ["only the engine forbids it"] if found["lawful"] else []
    if not found["lawful"]:
        return ["only the closed form forbids it"]
    rows = [*outcome_rows(outcome, found), *separate_rows(position, readings, asked, found)]
    return [f"{what}: {mine} and {closed}" for what, mine, closed in rows if mine != closed]


def outcome_rows(outcome: OfferingOutcome, found: Mapping[str, Value]) -> list[tuple[str, object, object]]:
    """Set an outcome beside the closed forms."""
    tested = outcome.qualification
    codes = {"sells": "no_sale", "large_enough": "too_small", "firm": "underwriting", "on_form": "form"}
    failed = {code for name, code in codes.items() if name in found and not found[name]}
    failed |= set() if "sells" in found else {"no_clause"}
    rows: list[tuple[str, object, object]] = [
        ("size", tested.size, found["size"]),
        ("qualifies", tested.qualifies, found["qualifies"]),
        ("failures", {failure.code for failure in tested.failures}, failed),
        ("cash total", outcome.cash_total, found["cash_total"]),
        ("needed", outcome.common_needed, found["common_needed"]),
        ("shortfall", outcome.shortfall, found["shortfall"]),
        ("is short", outcome.is_short, found["is_short"]),
    ]
    for number, holder in enumerate(HOLDERS, start=1):
        rows.append((f"common {holder}", outcome.common_by_holder.get(holder, 0), found[f"common_{number}"]))
        rows.append((f"cash {holder}", outcome.cash_by_holder.get(holder, 0), found[f"cash_{number}"]))
    if not tested.qualifies:
        return rows
    for what, day in (("effective", outcome.effective), ("due", outcome.due)):
        rows.append((what, None if day is None else day.toordinal(), found.get(what)))
    rows.append(("series", {f"ratio_{own.name}" for own in outcome.series}, {n for n in found if "ratio_" in n}))
    for own in outcome.series:
        rows.append((f"ground {own.name}", own.ground == "offering", found[f"by_offering_{own.name}"]))
        rows.append((f"ratio {own.name}", own.ratio, found[f"ratio_{own.name}"]))
        rows.append((f"at price {own.name}", own.at_price, found[f"at_price_{own.name}"]))
        rows.append((f"trigger {own.name}", own.trigger, found.get(f"trigger_{own.name}")))
        rows.append((f"binds {own.name}", own.binds, found[f"binds_{own.name}"]))
    return rows


def separate_rows(
    position: Position, readings: Readings, asked: Asked, found: Mapping[str, Value]
) -> list[tuple[str, object, object]]:
    """Set the functions that answer a single question beside the closed forms."""
    own = asked.offering
    day = engine.effective_date(readings, own.pricing, own.closing)
    rows: list[tuple[str, object, object]] = [
        ("size alone", engine.offering_size(readings, own), found["size"]),
        ("effective alone", None if day is None else day.toordinal(), found.get("effective")),
    ]
    for series in position.charter.series:
        name = series.name
        if f"ratio_{name}" not in found:
            continue
        rows.append(("trigger alone", engine.floor_trigger(position, readings, series), found.get(f"trigger_{name}")))
        ground = engine.ground_of(readings, asked.consents.get(name), day)
        rows.append(("ground alone", ground == "offering", found[f"by_offering_{name}"]))
        if ground == "offering" and name not in asked.adjusted:
            alone = engine.offering_ratio(position, readings, series, own.price)
            rows.append(("ratio alone", alone, found[f"ratio_{name}"]))
    return rows


def with_small_figures(charter: Charter) -> Charter:
    """Return the charter with a small least size and little authorised Common, so that both matter."""
    assert charter.public_offering is not None
    terms = replace(charter.public_offering, minimum_aggregate=Figure(Fraction(40), "3(b)"))
    authorized = replace(charter.authorized, common=Quantity(60, "IV.A"))
    return replace(charter, public_offering=terms, authorized=authorized)


def with_offering(charter: Charter, quintus: Charter) -> Charter:
    """Return another charter with an offering's terms, a floor and a consent."""
    changed = replace(
        charter.series[0],
        offering_floor=quintus.series_named("E").offering_floor,
        conversion_consent=Threshold(Fraction(1, 2), True, "1"),
    )
    terms = with_small_figures(quintus).public_offering
    return replace(charter, series=(changed, *charter.series[1:]), public_offering=terms)


@st.composite
def asked_of(draw: st.DrawFn, charter: Charter) -> Asked:
    """Draw an offering around the least size and the floors, often dated and with consents around its date."""
    prices = st.sampled_from([Fraction(p) for p in ("1", "2.50", "4", "4.15", "8", "8.30", "10", "11", "12", "20")])
    price = draw(st.one_of(prices, strategies.positive_amounts(30)))
    pricing = draw(st.one_of(st.none(), st.just(START)))
    closing = draw(
        st.one_of(st.none(), st.sampled_from((0, 1, 2, 3, 4, 4, 3, -1)).map(lambda days: START + timedelta(days=days)))
    )
    offering = Offering(
        price,
        draw(st.sampled_from((40 / price, 40 / price + 9, 60 / price, Fraction(3)))),
        draw(st.sampled_from((*["firm_commitment"] * 7, "best_efforts"))),
        draw(st.sampled_from((*["S-1"] * 7, "SB-2"))),
        secondary=draw(strategies.counts(6)),
        over_allotment=draw(strategies.counts(4)),
        over_allotment_counts=draw(st.booleans()),
        discount=price * draw(st.sampled_from((*[Fraction(0), Fraction("0.07")] * 3, Fraction(1), Fraction(11, 10)))),
        pricing=pricing,
        closing=closing,
    )
    consenting = [series.name for series in charter.series if series.conversion_consent is not None]
    consents = {}
    if consenting and not (pricing is None and closing is None):
        days = st.integers(-2, 5).map(lambda days: START + timedelta(days=days))
        consents = {name: draw(days) for name in consenting if draw(st.booleans())}
    names = [series.name for series in charter.series if series.conversion.by != "none"]
    adjusted = draw(st.dictionaries(st.sampled_from(names), strategies.positive_amounts(), max_size=1))
    return Asked(offering, consents, adjusted)


@given(data=st.data(), readings=strategies.readings(*READINGS))
@examples(80)
def test_offerings(quintus: Charter, data: st.DataObject, readings: Readings) -> None:
    position = data.draw(strategies.held_positions(with_small_figures(quintus)))
    assert differences(position, readings, data.draw(asked_of(position.charter))) == []


@given(data=st.data(), readings=strategies.readings(*READINGS))
@examples(30)
def test_offerings_of_a_made_up_charter(quintus: Charter, data: st.DataObject, readings: Readings) -> None:
    position = data.draw(strategies.held_positions(with_offering(FAMILY, quintus)))
    assert differences(position, readings, data.draw(asked_of(position.charter))) == []


def test_a_charter_without_the_clause() -> None:
    asked = Asked(Offering(Fraction(8), 10, "firm_commitment", "S-1"))
    assert differences(Position(FAMILY, {"Club": 2}), Readings(), asked) == []


def plain(price: str | int, **more: object) -> Offering:
    """Return an offering of just $40,000,000, unless told otherwise."""
    amount = Fraction(price)
    terms: dict[str, object] = {"primary": 40_000_000 / amount, "underwriting": "firm_commitment", "form": "S-1"}
    return Offering(amount, **{**terms, **more})  # type: ignore[arg-type]


def table(charter: Charter) -> Position:
    """Return a table with holders of every kind."""
    holdings = (Holding("ann", "A", 7), Holding("ann", "E", 5), Holding("bob", "E", 3), Holding("bob", "F", 9))
    shares = {"A": 7, "E": 8, "F": 9, COMMON: 4}
    return Position(charter, shares, {"E": Fraction("3.60")}, {"A": Fraction(1, 7)}, holdings=holdings)


@pytest.mark.parametrize("size", IpoSize)
def test_sizes_around_the_minimum(quintus: Charter, size: IpoSize) -> None:
    readings, position = Readings(ipo_size=size), table(quintus)
    for primary, secondary, extra, counts, discount in product(
        (4_599_999, 4_600_000, 4_999_999, 5_000_000, 5_376_344, 5_376_345, 0),
        (0, 400_000, 5_000_000),
        (0, 1),
        (False, True),
        ("0", "0.56"),
    ):
        own = plain(8, primary=primary, secondary=secondary, over_allotment=extra, over_allotment_counts=counts)
        assert differences(position, readings, Asked(replace(own, discount=Fraction(discount)))) == []


@pytest.mark.parametrize(("of_series", "of_combinations"), list(product(Switch, Switch)))
def test_floors_after_splits_under_two_readings(quintus: Charter, of_series: Switch, of_combinations: Switch) -> None:
    readings = Readings(floor_adjusts_for_series_splits=of_series, combination_adjusts_floor=of_combinations)
    splits = {"E": Fraction(2), "F": Fraction(1, 3)}
    for split, combined in (("2", None), ("1/2", None), ("1/2", "1/6"), ("1", "1/4"), ("3", "1/2")):
        given = None if combined is None else Fraction(combined)
        changed = {"preferred_splits": splits, "common_split": Fraction(split), "common_combined": given}
        for floor, price in product(EFloor, ("1", "2.07", "4.15", "5.50", "8.29", "8.30", "10.99", "11", "22", "34")):
            own = replace(readings, e_floor=floor)
            assert differences(replace(table(quintus), **changed), own, Asked(plain(price))) == []


@pytest.mark.parametrize("floor", EFloor)
@pytest.mark.parametrize("split", [None, Fraction(2), Fraction(1, 2), Fraction(1)])
def test_prices_around_the_floors(quintus: Charter, floor: EFloor, split: Fraction | None) -> None:
    position = replace(table(quintus), common_split=split)
    for price in ("4.10", "4.15", "4.20", "5.50", "8.29", "8.30", "8.31", "10.99", "11", "16.60", "22", "30"):
        for prices in ({}, {"E": Fraction("4.15") / 3, "F": Fraction(4)}):
            asked = Asked(plain(price))
            assert differences(replace(position, conversion_prices=prices), Readings(e_floor=floor), asked) == []


@pytest.mark.parametrize(("tie", "effective"), list(product(ConsentTie, IpoEffective)))
def test_consents_around_the_date(quintus: Charter, tie: ConsentTie, effective: IpoEffective) -> None:
    readings = Readings(consent_tie=tie, ipo_effective=effective)
    for pricing, closing in ((0, 3), (0, 0), (0, None), (None, 3)):
        days = [None if day is None else START + timedelta(days=day) for day in (pricing, closing)]
        own = plain(4, pricing=days[0], closing=days[1])
        for e, f in product((-1, 0, 1, 3, 4, None), (0, 3)):
            consents = {name: START + timedelta(days=day) for name, day in (("E", e), ("F", f)) if day is not None}
            assert differences(table(quintus), readings, Asked(own, consents)) == []


def test_the_known_figures(quintus: Charter) -> None:
    # 3(b)(ii): at $4 a share of E becomes 8.30/4 shares; 3(b)(iii): at $8 a share of F becomes 11/8.
    position = Position(quintus, {"E": 4})
    for price, name, ratio in (("4", "E", "2.075"), ("8", "F", "1.375"), ("8", "A", "1"), ("11", "F", "1")):
        asked = Asked(plain(price))
        found = evaluate_all(offering_account(case_of(position, Readings()), asked.known), values(position, asked))
        assert found[f"ratio_{name}"] == Fraction(ratio)


def test_the_end_of_the_calendar(quintus: Charter) -> None:
    assert differences(table(quintus), Readings(), Asked(plain(8, closing=date(9999, 12, 30)))) == []


# The check is itself checked


def fixed_questions(charter: Charter) -> list[str]:
    """Return the differences over a fixed set of questions."""
    found: list[str] = []
    position = replace(table(with_small_figures(charter)), common_split=Fraction(2))
    closing = START + timedelta(days=3)
    for readings in (
        Readings(),
        Readings(round_unit=RoundUnit.HOLDER_SERIES),
        Readings(ipo_order=IpoOrder.ADJUST_FIRST),
    ):
        for price in ("4", "4.15", "5.50", "20"):
            for primary in (0, 2, Fraction(40) / Fraction(price)):
                own = plain(price, primary=primary, pricing=START, closing=closing, secondary=1, over_allotment=1)
                found += differences(position, readings, Asked(own, adjusted={"E": Fraction(5)}))
                found += differences(position, readings, Asked(own, {"E": closing}))
                found += differences(position, readings, Asked(own, {"E": START, "F": START}))
    return found


def test_the_engine_passes(quintus: Charter) -> None:
    assert fixed_questions(quintus) == []


def must_exceed(charter: Charter, readings: Readings, offering: Offering) -> Qualification:
    """Ask for more than the least size."""
    tested = real_qualification(charter, readings, offering)
    assert charter.public_offering is not None
    exactly = tested.size == charter.public_offering.minimum_aggregate.value
    return replace(tested, failures=(engine.Failure("too_small", "3(b)", ""),)) if exactly else tested


def all_shares(readings: Readings, offering: Offering) -> Fraction:
    """Count the over-allotments under every reading."""
    return real_size(readings, replace(offering, over_allotment_counts=True))


def fixed_trigger(position: Position, readings: Readings, series: Series) -> Fraction | None:
    """Leave a floor's trigger as it is after a split."""
    return real_trigger(replace(position, common_split=None, common_combined=None), readings, series)


def at_the_trigger(
    position: Position, readings: Readings, series: Series, price: Fraction, ground: Ground
) -> SeriesOutcome:
    """Let the floor replace the conversion price instead of being the least."""
    found = real_outcome(position, readings, series, price, ground)
    if ground == "consent" or series.offering_floor is None or found.trigger is None or price >= found.trigger:
        return found
    return replace(found, ratio=found.trigger / price)


def floor_despite_consent(
    position: Position, readings: Readings, series: Series, price: Fraction, ground: Ground
) -> SeriesOutcome:
    """Apply the floor to a conversion by consent as well."""
    return replace(real_outcome(position, readings, series, price, "offering"), ground=ground)


def always_the_offering(readings: Readings, consent: date | None, offering: date | None) -> Ground:
    """Let the offering convert though a consent came first."""
    del readings, consent, offering
    return "offering"


def at_pricing(readings: Readings, pricing: date | None, closing: date | None) -> date | None:
    """Convert at the pricing under every reading."""
    del readings
    return pricing or closing


def old_prices(position: Position, readings: Readings, adjusted: Mapping[str, Fraction] | None) -> Position:
    """Convert at the prices before the offering under every reading."""
    del readings, adjusted
    return position


real_qualification = engine.qualification
real_size = engine.offering_size
real_trigger = engine.floor_trigger
real_outcome = engine._outcome

TAMPERS = {
    "more than the minimum": ("qualification", must_exceed),
    "over-allotments always count": ("offering_size", all_shares),
    "a trigger that ignores splits": ("floor_trigger", fixed_trigger),
    "the floor in place of the price": ("_outcome", at_the_trigger),
    "a floor for a consent": ("_outcome", floor_despite_consent),
    "no consent comes first": ("ground_of", always_the_offering),
    "at the pricing": ("effective_date", at_pricing),
    "prices before the offering": ("_priced", old_prices),
}


@pytest.mark.parametrize("mistake", TAMPERS)
def test_each_mistake_is_found(quintus: Charter, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    name, replacement = TAMPERS[mistake]
    assert hasattr(engine, name)
    monkeypatch.setattr(engine, name, replacement)
    assert fixed_questions(quintus) != []
