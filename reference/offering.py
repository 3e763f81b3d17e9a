"""Conversion by a public offering: section 3(b), and its date under 3(c).

An offering that qualifies converts every series. E and F get more Common than their conversion prices
give where the offering's price is below a floor. What an offering's own shares do to conversion prices is
the subject of 3(d); a reading that adjusts them first takes the adjusted prices as given (AMB-45).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from reference.cash_amounts import due_date
from reference.charter import Charter, Series
from reference.conversion import (
    HolderConversion,
    conversion_of,
    conversion_ratio,
    held_by_holder,
    whole_series,
)
from reference.position import NOTHING, Number, Position
from reference.readings import ConsentTie, EFloor, IpoEffective, IpoOrder, IpoSize, Readings, Switch
from reference.refusal import Forbidden

Ground: TypeAlias = Literal["offering", "consent"]
"""What converts a series: a public offering, or a written consent to convert on a date."""


@dataclass(frozen=True, slots=True)
class Offering:
    """Describe one public offering of Common.

    price: to the public, gross, $/share (AMB-46); primary: shares that the corporation sells; secondary:
    shares that holders sell; over_allotment: further shares that the corporation sells to cover
    over-allotments, and whether they count towards the size; discount: what the underwriters keep, $/share;
    pricing, closing: dates.
    """

    price: Fraction
    primary: Number
    underwriting: str
    form: str
    secondary: Number = 0
    over_allotment: Number = 0
    over_allotment_counts: bool = False
    discount: Fraction = NOTHING
    pricing: date | None = None
    closing: date | None = None

    @property
    def sold_by_corporation(self) -> Number:
        """Return all shares that the corporation sells and so has to issue."""
        return self.primary + self.over_allotment


@dataclass(frozen=True, slots=True)
class Failure:
    """Name a condition of 3(b) that an offering does not meet: a stable code, the clause and one sentence."""

    code: str
    clause: str
    message: str


@dataclass(frozen=True, slots=True)
class Qualification:
    """Hold the size of an offering, $, as the reading counts it, and the conditions that it does not meet."""

    size: Fraction
    failures: tuple[Failure, ...]

    @property
    def qualifies(self) -> bool:
        """Say whether the offering converts the Preferred."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class SeriesOutcome:
    """Hold what one share of a series converts into.

    ground: whether the offering or a consent converts it; ratio: Common per share, exact;
    at_price: what its conversion price alone gives; trigger: the offering price below which a floor applies,
    $/share, None if it has none; binds: whether the floor gives more than the conversion price.
    """

    name: str
    ground: Ground
    ratio: Number
    at_price: Number
    trigger: Fraction | None
    binds: bool


@dataclass(frozen=True, slots=True)
class OfferingOutcome:
    """Hold what an offering converts; nothing if it does not qualify.

    conversions: one for each holder, of all series that the offering converts; consented: one for each
    holder and series that a consent converts; effective: date of the conversion, due: last day for its Cash
    Amounts, None if no date is given; common_needed: Common outstanding after the offering and all
    conversions; common_authorised: how much there may be (IV.A).
    """

    qualification: Qualification
    series: tuple[SeriesOutcome, ...]
    conversions: tuple[HolderConversion, ...]
    consented: tuple[HolderConversion, ...]
    effective: date | None
    due: date | None
    common_needed: Number
    common_authorised: Number

    @property
    def common_by_holder(self) -> dict[str, Number]:
        """Return the Common issued on conversion, shares by holder."""
        issued: dict[str, Number] = {}
        for own in (*self.conversions, *self.consented):
            issued[own.holder] = issued.get(own.holder, 0) + own.common
        return issued

    @property
    def cash_by_holder(self) -> dict[str, Fraction]:
        """Return the Cash Amounts owed, $ by holder; nothing for one who only held other series."""
        owed: dict[str, Fraction] = {}
        for own in (*self.conversions, *self.consented):
            owed[own.holder] = owed.get(own.holder, NOTHING) + own.cash_total
        return owed

    @property
    def cash_total(self) -> Fraction:
        """Return all Cash Amounts owed, $."""
        return sum((own.cash_total for own in (*self.conversions, *self.consented)), NOTHING)

    @property
    def shortfall(self) -> Number:
        """Return the Common that is not authorised and that only an amendment could provide, shares (AMB-47)."""
        return max(0, self.common_needed - self.common_authorised)

    @property
    def is_short(self) -> bool:
        """Say whether the authorised Common does not suffice (AMB-47)."""
        return self.common_needed > self.common_authorised


def qualification(charter: Charter, readings: Readings, offering: Offering) -> Qualification:
    """Say whether an offering meets every condition for automatic conversion, and which ones it does not (3(b)).

    Offerings are not added up, and one that does not qualify converts nothing (AMB-44). Raise Forbidden if the
    price is not above zero, if a number of shares is negative or if the discount is not between none and all.
    """
    _check(offering)
    size = offering_size(readings, offering)
    terms = charter.public_offering
    if terms is None:
        missing = Failure("no_clause", "3(b)", "No offering converts the Preferred of this charter.")
        return Qualification(size, (missing,))
    failures = []
    if offering.sold_by_corporation == 0:
        failures.append(Failure("no_sale", terms.clause, "The corporation sells none of its Common in the offering."))
    if size < terms.minimum_aggregate.value:
        clause = terms.minimum_aggregate.clause
        failures.append(Failure("too_small", clause, "The aggregate offering price is below the minimum."))
    if offering.underwriting != terms.underwriting:
        failures.append(Failure("underwriting", terms.clause, "The offering is not underwritten as required."))
    if offering.form != terms.form:
        failures.append(Failure("form", terms.clause, "The offering is not registered on the required form."))
    return Qualification(size, tuple(failures))


def _check(offering: Offering) -> None:
    if offering.price <= 0:
        raise Forbidden("no_price", "3(b)", "An offering price must be above zero.")
    if offering.primary < 0 or offering.secondary < 0 or offering.over_allotment < 0:
        raise Forbidden("negative_shares", "3(b)", "The shares in an offering cannot be fewer than none.")
    if offering.discount < 0 or offering.discount > offering.price:
        raise Forbidden("discount", "3(b)", "A discount lies between nothing and the whole price.")


def offering_size(readings: Readings, offering: Offering) -> Fraction:
    """Return the aggregate public offering price, $, as the reading counts it (3(b), AMB-39)."""
    counted = offering.primary
    if offering.over_allotment_counts:
        counted = counted + offering.over_allotment
    if readings.ipo_size is IpoSize.GROSS_ALL:
        counted = counted + offering.secondary
    if readings.ipo_size is IpoSize.NET:
        return counted * (offering.price - offering.discount)
    return counted * offering.price


def floor_trigger(position: Position, readings: Readings, series: Series) -> Fraction | None:
    """Return the offering price below which a series has a floor, $/share, or None if it has none (3(b)).

    It is adjusted for the splits of the Common since the certificate, which is when the figure was set (AMB-41);
    for combinations, too, unless the reading finds them in no word of the clause (AMB-132).
    """
    floor = series.offering_floor
    if floor is None:
        return None
    split = position.common_split
    if split is None:
        return floor.value
    if readings.combination_adjusts_floor is Switch.NO and position.combined is not None:
        split = split / position.combined
    return floor.value / split


def floor_figure(position: Position, readings: Readings, series: Series) -> Fraction | None:
    """Return what the floor of one share divides by the offering price, $/share, or None if it has none (3(b)).

    The flat figure, or for E the adjusted one (AMB-40). It was set for a share as it was: a split of the series
    leaves each part of such a share its part of the floor, unless the reading leaves every share the whole (AMB-131).
    """
    floor, trigger = series.offering_floor, floor_trigger(position, readings, series)
    if floor is None or trigger is None:
        return None
    figure = trigger if floor.adjusted_numerator and readings.e_floor is EFloor.LITERAL else floor.value
    split = position.preferred_splits.get(series.name)
    if split is None or readings.floor_adjusts_for_series_splits is Switch.NO:
        return figure
    return figure / split


def offering_ratio(position: Position, readings: Readings, series: Series, price: Fraction) -> Number:
    """Return the Common per share on conversion by an offering at a price, $/share, exact (3(b)(ii), 3(b)(iii)).

    Below the trigger it is the greater of what the conversion price gives and `floor_figure` over the offering
    price. The floor of F is read as referring to its own clause (AMB-42). Raise Forbidden if the price is not
    above zero.
    """
    return _outcome(position, readings, series, price, "offering").ratio


def _outcome(position: Position, readings: Readings, series: Series, price: Fraction, ground: Ground) -> SeriesOutcome:
    if price <= 0:
        raise Forbidden("no_price", "3(b)", "An offering price must be above zero.")
    ratio = conversion_ratio(position, readings, series)
    trigger, figure = floor_trigger(position, readings, series), floor_figure(position, readings, series)
    if ground == "consent" or figure is None or trigger is None or price >= trigger:
        return SeriesOutcome(series.name, ground, ratio, ratio, trigger, binds=False)
    quotient = figure / price
    binds = quotient > ratio
    return SeriesOutcome(series.name, ground, quotient if binds else ratio, ratio, trigger, binds)


def effective_date(readings: Readings, pricing: date | None, closing: date | None) -> date | None:
    """Return when an offering converts: at its closing or its pricing, by the reading (3(b), 3(c), AMB-48, AMB-50).

    Where only one of the dates is given, it is that one. Raise Forbidden if the closing comes first.
    """
    if pricing is None or closing is None:
        return pricing or closing
    if closing < pricing:
        raise Forbidden("closing_before_pricing", "3(c)", "An offering cannot close before it is priced.")
    return pricing if readings.ipo_effective is IpoEffective.PRICING else closing


def ground_of(readings: Readings, consent: date | None, offering: date | None) -> Ground:
    """Say whether consent or offering converts a series: the earlier, and on one date as the reading says (3(b)).

    consent: the date that the consent specifies, None if there is none; offering: when the offering takes
    effect (AMB-43). Raise Forbidden if there is a consent and the offering has no date.
    """
    if consent is None:
        return "offering"
    if offering is None:
        raise Forbidden("no_date", "3(b)", "A consent and an offering without a date cannot be compared.")
    first = consent < offering or (consent == offering and readings.consent_tie is ConsentTie.CONSENT)
    return "consent" if first else "offering"


def convert_by_offering(
    position: Position,
    readings: Readings,
    offering: Offering,
    consents: Mapping[str, date] | None = None,
    adjusted_prices: Mapping[str, Fraction] | None = None,
) -> OfferingOutcome:
    """Convert every series by a public offering, if it qualifies (3(b), 3(c)).

    consents: the date of a consent that carried, by series not yet converted; a consent that comes first
    converts without a floor. adjusted_prices: conversion prices, $/share by series, that the offering's own
    shares have changed under 3(d); needed, though it may be empty, where the reading adjusts first, and left
    aside otherwise (AMB-45). Raise Forbidden as `qualification`, `effective_date` and `ground_of` do, and
    ValueError without the adjusted prices that a reading needs.
    """
    tested = qualification(position.charter, readings, offering)
    effective = effective_date(readings, offering.pricing, offering.closing)
    before = position.common + offering.sold_by_corporation
    authorised = position.charter.authorized.common.value
    if not tested.qualifies:
        return OfferingOutcome(tested, (), (), (), None, None, before, authorised)
    dated = consents or {}
    for name in dated:
        if position.charter.series_named(name).conversion_consent is None:
            raise Forbidden("no_consent", "3(b)", f"Series {name} does not convert by written consent.")
    outcomes = _outcomes(position, readings, offering.price, dated, effective, adjusted_prices)
    ratios = {own.name: own.ratio for own in outcomes if own.ground == "offering"}
    conversions = tuple(
        conversion_of(position, readings, holder, shares, ratios)
        for holder, shares in held_by_holder(position, tuple(ratios)).items()
    )
    by_consent = [own.name for own in outcomes if own.ground == "consent"]
    consented = tuple(own for name in by_consent for own in whole_series(position, readings, name))
    needed = before + sum(own.common for own in (*conversions, *consented))
    due = None if effective is None else due_date(position.charter, effective)
    return OfferingOutcome(tested, outcomes, conversions, consented, effective, due, needed, authorised)


def _outcomes(
    position: Position,
    readings: Readings,
    price: Fraction,
    consents: Mapping[str, date],
    effective: date | None,
    adjusted_prices: Mapping[str, Fraction] | None,
) -> tuple[SeriesOutcome, ...]:
    """Return what one share of every series that can convert becomes, in the charter's order."""
    at_offering = _priced(position, readings, adjusted_prices)
    found = []
    for series in position.charter.series:
        if series.conversion.by != "none":
            ground = ground_of(readings, consents.get(series.name), effective)
            priced = at_offering if ground == "offering" else position
            found.append(_outcome(priced, readings, series, price, ground))
    return tuple(found)


def _priced(position: Position, readings: Readings, adjusted: Mapping[str, Fraction] | None) -> Position:
    """Return the position at the conversion prices at which the offering converts (AMB-45)."""
    if readings.ipo_order is IpoOrder.CONVERT_FIRST:
        return position
    if adjusted is None:
        raise ValueError("the reading adjusts first and the adjusted prices are missing")
    return replace(position, conversion_prices={**position.conversion_prices, **adjusted})
