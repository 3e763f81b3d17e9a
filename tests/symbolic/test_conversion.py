"""The engine and the closed forms agree on what conversions give and which consents carry; and the check works."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from reference import conversion
from reference.charter import COMMON, Charter, Series, Threshold
from reference.conversion import ClassConversion, Count, HolderConversion
from reference.position import Holding, Number, Position
from reference.readings import AdElection, AdMajority, Half, Readings, RoundUnit, Switch
from reference.refusal import Forbidden
from reference.rounding import nearest
from symbolic import consents, liquidation
from symbolic import conversion as forms
from symbolic.account import Account, Definition
from symbolic.evaluate import Values, evaluate_all, holds
from symbolic.rounding import is_nearest
from tests import strategies
from tests.agreement import case_of, values_of
from tests.strategies import FAMILY, examples

READINGS = (
    "round_unit",
    "half",
    "votes",
    "ad_election",
    "ad_majority",
    "cash_adjusts_preferred_split",
    "oip_adjusts_in_conversion",
    "converted_reissuable",
)
HOLDERS = ("ann", "bob")
Offers = Mapping[str, Mapping[str, int]]
Recorder = Callable[[Account], None]


def recorded(record: Recorder) -> list[Definition]:
    """Return what a function records into an account, under different names."""
    account = Account(named=True)
    record(account)
    names = [definition.name for definition in account.definitions]
    assert len(set(names)) == len(names)
    return account.definitions


@cache
def option_account(case: liquidation.Case, names: tuple[str, ...]) -> list[Definition]:
    """Return the account of a conversion at the first holder's option."""
    return recorded(lambda account: forms.option(case, account, 1, names))


@cache
def election_account(case: liquidation.Case) -> list[Definition]:
    """Return the account of an election."""
    return recorded(lambda account: consents.election(case, account, len(HOLDERS)))


@cache
def consent_account(case: liquidation.Case, name: str) -> list[Definition]:
    """Return the account of the consent of one series."""
    return recorded(lambda account: consents.series_consent(case, account, name, len(HOLDERS)))


@cache
def issuable_account(case: liquidation.Case) -> list[Definition]:
    """Return the account of the shares that may still be issued."""
    return recorded(lambda account: forms.issuable(case, account))


def values(position: Position, offers: Offers) -> Values:
    """Return the values of the unknowns, with holdings and what each holder offers to convert."""
    found = values_of(position, Fraction(0))
    for number, holder in enumerate(HOLDERS, start=1):
        for series in position.charter.series:
            own = [h.shares for h in position.holdings if (h.holder, h.stock) == (holder, series.name)]
            found[f"h_{number}_{series.name}"] = sum(own)
            found[f"g_{number}_{series.name}"] = offers.get(holder, {}).get(series.name, 0)
    return found


def conversion_rows(
    conversions: tuple[HolderConversion, ...], found: Mapping[str, object]
) -> list[tuple[str, object, object]]:
    """Set what every holder gets beside the closed forms."""
    rows: list[tuple[str, object, object]] = []
    for number, holder in enumerate(HOLDERS, start=1):
        own = next((own for own in conversions if own.holder == holder), None)
        rows.append(("exact", own.exact if own else 0, found.get(f"exact_{number}", 0)))
        rows.append(("common", own.common if own else 0, found.get(f"common_{number}", 0)))
        rows.append(("cash", own.cash_total if own else 0, found.get(f"cash_{number}", 0)))
        for kind in ("cash", "dividends"):
            mine = getattr(own, kind) if own else {}
            for name in found:
                if name.startswith(f"{kind}_{number}_"):
                    rows.append((name, mine.get(name.split("_")[2], 0), found[name]))
            rows.append((kind, {n for n, a in mine.items() if a and f"{kind}_{number}_{n}" not in found}, set()))
    return rows


def differing(rows: list[tuple[str, object, object]]) -> list[str]:
    """Write the rows that differ."""
    return [f"{what}: {engine} and {closed}" for what, engine, closed in rows if engine != closed]


def option_differences(
    position: Position, readings: Readings, shares: Mapping[str, int], elected: bool = False
) -> list[str]:
    """List where engine and closed form differ on a conversion at the first holder's option."""
    account = option_account(case_of(position, readings, elected=elected), tuple(shares))
    found = evaluate_all(account, values(position, {HOLDERS[0]: shares}))
    try:
        own = conversion.convert(position, readings, HOLDERS[0], shares, unlocked=elected)
    except Forbidden:
        return ["only the engine forbids it"] if found["may_convert_1"] else []
    if not found["may_convert_1"]:
        return ["only the closed form forbids it"]
    return differing(conversion_rows((own,), found))


def consent_rows(outcome: ClassConversion, found: Mapping[str, object]) -> list[tuple[str, object, object]]:
    """Set a count, and what it converts, beside the closed forms."""
    count = outcome.count
    return [
        ("whole", count.whole, found["whole"]),
        ("in favour", count.in_favour, found["in_favour"]),
        ("needed", count.needed, found["needed"]),
        ("carried", count.carried, found["carries"]),
        *conversion_rows(outcome.conversions, found),
    ]


def agreed_count(found: Mapping[str, object], hold: Callable[[], ClassConversion]) -> list[str]:
    """List where engine and closed form differ on a consent."""
    lawful = all(found[f"lawful_{number}"] for number in range(1, len(HOLDERS) + 1))
    try:
        outcome = hold()
    except Forbidden:
        return ["only the engine forbids it"] if lawful else []
    return differing(consent_rows(outcome, found)) if lawful else ["only the closed form forbids it"]


def election_differences(position: Position, readings: Readings, offers: Offers) -> list[str]:
    """List where engine and closed form differ on an election."""
    found = evaluate_all(election_account(case_of(position, readings)), values(position, offers))
    return agreed_count(found, lambda: conversion.election(position, readings, offers))


def consent_differences(position: Position, readings: Readings, name: str, offers: Mapping[str, int]) -> list[str]:
    """List where engine and closed form differ on the consent of one series."""
    by_series = {holder: {name: count} for holder, count in offers.items()}
    found = evaluate_all(consent_account(case_of(position, readings), name), values(position, by_series))
    return agreed_count(found, lambda: conversion.series_consent(position, readings, name, offers))


def issuable_differences(position: Position, readings: Readings, converted: int) -> list[str]:
    """List where engine and closed form differ on the shares that may still be issued."""
    names = [series.name for series in position.charter.series]
    inputs = {**values_of(position, Fraction(0)), **{f"converted_{name}": converted for name in names}}
    found = evaluate_all(issuable_account(case_of(position, readings)), inputs)
    rows: list[tuple[str, object, object]] = [
        (name, conversion.issuable(position, readings, name, converted), found[f"issuable_{name}"]) for name in names
    ]
    return differing(rows)


@st.composite
def offers_of(draw: st.DrawFn, position: Position, names: tuple[str, ...], more: int = 0) -> dict[str, dict[str, int]]:
    """Draw what each holder has in favour: nothing, a part, all, or rarely more than it holds."""
    found: dict[str, dict[str, int]] = {}
    for holder in HOLDERS:
        for name in names:
            own = sum(h.shares for h in position.holdings if (h.holder, h.stock) == (holder, name))
            count = draw(st.sampled_from((0, own // 2, own, own, own + more)))
            if count or more:
                found.setdefault(holder, {})[name] = count
    return found


# Conversions at a holder's option


@pytest.mark.parametrize("charter", ["quintus", "family"])
@given(data=st.data(), readings=strategies.readings(*READINGS), elected=st.booleans())
@examples(40)
def test_options(
    request: pytest.FixtureRequest, charter: str, data: st.DataObject, readings: Readings, elected: bool
) -> None:
    terms = request.getfixturevalue("quintus") if charter == "quintus" else FAMILY
    position = data.draw(strategies.held_positions(terms))
    names = data.draw(st.lists(st.sampled_from([s.name for s in terms.series]), min_size=1, max_size=3, unique=True))
    shares = data.draw(offers_of(position, tuple(names), more=1)).get(HOLDERS[0], {})
    assert option_differences(position, readings, shares, elected) == []


def rounding_tables(charter: Charter) -> Iterator[tuple[Position, dict[str, int]]]:
    """Yield small holdings of E and F at ratios with halves and others."""
    for e, f in product(range(4), repeat=2):
        for ratio_e, ratio_f in (("1/2", "3/2"), ("7/5", "7/5"), ("2/5", "1"), ("5/2", "9/4")):
            prices = {"E": Fraction("4.15") / Fraction(ratio_e), "F": Fraction("8.25") / Fraction(ratio_f)}
            holdings = (Holding("ann", "E", e), Holding("ann", "F", f))
            yield Position(charter, {"E": e, "F": f}, prices, holdings=holdings), {"E": e, "F": f}


@pytest.mark.parametrize(("unit", "half"), list(product(RoundUnit, Half)))
def test_rounding_of_every_small_holding(quintus: Charter, unit: RoundUnit, half: Half) -> None:
    for position, shares in rounding_tables(quintus):
        assert option_differences(position, Readings(round_unit=unit, half=half), shares) == []


@pytest.mark.parametrize("half", Half)
def test_what_is_issued_is_described_without_rounding(quintus: Charter, half: Half) -> None:
    described = is_nearest(sympy.Symbol("common_1", real=True), sympy.Symbol("exact_1", real=True), half)
    for position, shares in rounding_tables(quintus):
        own = conversion.convert(position, Readings(half=half), "ann", shares)
        for more in (-1, 0, 1):
            inputs = {"common_1": own.common + more, "exact_1": own.exact}
            assert holds(described, inputs) is (more == 0)


# Elections and consents


@pytest.mark.parametrize("charter", ["quintus", "family"])
@given(data=st.data(), readings=strategies.readings(*READINGS), more=st.sampled_from((0, 0, 0, 1)))
@examples(40)
def test_elections(
    request: pytest.FixtureRequest, charter: str, data: st.DataObject, readings: Readings, more: int
) -> None:
    terms = request.getfixturevalue("quintus") if charter == "quintus" else FAMILY
    position = data.draw(strategies.held_positions(terms))
    offers = data.draw(offers_of(position, terms.electing, more))
    assert election_differences(position, readings, offers) == []


def around_half(charter: Charter) -> Iterator[tuple[Position, Offers]]:
    """Yield elections of A and B in which exactly half, a little more or a little less is in favour."""
    for ann, bob, b in product(range(4), range(4), range(2)):
        holdings = (Holding("ann", "A", ann), Holding("bob", "A", bob), Holding("bob", "B", b))
        position = Position(charter, {"A": ann + bob, "B": b}, {"A": Fraction(2, 3)}, holdings=holdings)
        yield position, {"ann": {"A": ann}}
        yield position, {"bob": {"A": bob, "B": b}}
        yield position, {"ann": {"A": ann}, "bob": {"A": min(bob, 1)}}
        yield position, {}


@pytest.mark.parametrize(("majority", "effect"), list(product(AdMajority, AdElection)))
def test_elections_around_one_half(quintus: Charter, majority: AdMajority, effect: AdElection) -> None:
    for position, offers in around_half(quintus):
        assert election_differences(position, Readings(ad_majority=majority, ad_election=effect), offers) == []


@given(data=st.data(), readings=strategies.readings(*READINGS), name=st.sampled_from("EF"))
@examples(40)
def test_consents(quintus: Charter, data: st.DataObject, readings: Readings, name: str) -> None:
    position = data.draw(strategies.held_positions(quintus))
    offers = {holder: own[name] for holder, own in data.draw(offers_of(position, (name,), more=1)).items()}
    assert consent_differences(position, readings, name, offers) == []


def test_consents_around_their_thresholds(quintus: Charter) -> None:
    for name, ann, bob in product("EF", range(7), range(7)):
        holdings = (Holding("ann", name, ann), Holding("bob", name, bob))
        position = Position(quintus, {name: ann + bob}, holdings=holdings)
        assert consent_differences(position, Readings(), name, {"ann": ann}) == []


# Shares that may be issued again


@given(data=st.data(), readings=strategies.readings("converted_reissuable"), converted=st.integers(0, 20))
@examples(20)
def test_issuable(quintus: Charter, data: st.DataObject, readings: Readings, converted: int) -> None:
    assert issuable_differences(data.draw(strategies.positions(quintus)), readings, converted) == []


# The check is itself checked


def fixed_questions(charter: Charter) -> list[str]:
    """Return the differences over a fixed set of questions."""
    found: list[str] = []
    for readings in (Readings(), Readings(round_unit=RoundUnit.HOLDER_SERIES, half=Half.EVEN)):
        for position, shares in rounding_tables(charter):
            owed = {"E": Fraction(1, 3), "F": Fraction(1, 2)}
            found += option_differences(replace(position, declared_dividends=owed), readings, shares)
        for position, offers in around_half(charter):
            owed = {"A": Fraction(1, 10)}
            position = replace(position, declared_dividends=owed, preferred_splits={"A": Fraction(2)})
            found += election_differences(position, readings, offers)
    holdings = (Holding("ann", "E", 3), Holding("bob", "E", 2))
    position = Position(charter, {"E": 5, COMMON: 1}, holdings=holdings)
    found += consent_differences(position, Readings(), "E", {"ann": 3})
    found += issuable_differences(position, Readings(), 2)
    return found + issuable_differences(position, Readings(converted_reissuable=Switch.NO), 2)


def test_the_engine_passes(quintus: Charter) -> None:
    assert fixed_questions(quintus) == []


def truncated(quantity: Number, _: Half) -> int:
    """Drop the fraction."""
    return quantity.__floor__()


def series_by_series(shares: Mapping[str, Number], ratios: Mapping[str, Number], readings: Readings) -> Number:
    """Round each series, whatever the reading."""
    return sum(nearest(count * ratios[name], readings.half) for name, count in shares.items())


def half_is_enough(threshold: Threshold, consenting: tuple[str, ...], in_favour: Number, whole: Number) -> Count:
    """Let exactly the threshold carry, strict or not."""
    counted = real_counted(threshold, consenting, in_favour, whole)
    return replace(counted, carried=whole > 0 and in_favour >= whole * threshold.value)


def nobody_consents(threshold: Threshold, consenting: tuple[str, ...], in_favour: Number, whole: Number) -> Count:
    """Let nobody carry a consent of a class that is not outstanding."""
    return replace(real_counted(threshold, consenting, in_favour, whole), carried=threshold.met(in_favour, whole))


def one_too_many(threshold: Threshold, consenting: tuple[str, ...], in_favour: Number, whole: Number) -> Count:
    """Ask for one more than a threshold that need not be passed."""
    return replace(real_counted(threshold, consenting, in_favour, whole), needed=(whole * threshold.value) // 1 + 1)


def split_cash(position: Position, readings: Readings, series: Series) -> Fraction:
    """Divide the declared dividends by the split as well."""
    split = position.preferred_splits.get(series.name, Fraction(1))
    return real_cash(position, readings, series) / split if series.cash_amount else Fraction(0)


def forfeited(
    position: Position, readings: Readings, holder: str, shares: Mapping[str, Number], ratios: Mapping[str, Number]
) -> HolderConversion:
    """Let E and F lose their declared dividends."""
    return replace(real_conversion_of(position, readings, holder, shares, ratios), dividends={})


def retired(position: Position, readings: Readings, name: str, converted: Number) -> Number:
    """Retire converted shares under every reading."""
    return position.charter.series_named(name).authorized.value - position.shares.get(name, 0) - converted


real_counted = conversion.counted
real_cash = conversion.cash_amount
real_conversion_of = conversion.conversion_of

TAMPERS = {
    "fractions dropped": ("nearest", truncated),
    "series rounded apart": ("common_issued", series_by_series),
    "exactly half as a majority": ("counted", half_is_enough),
    "one too many needed": ("counted", one_too_many),
    "dividends split twice": ("cash_amount", split_cash),
    "dividends forfeited": ("conversion_of", forfeited),
    "converted shares retired": ("issuable", retired),
}


@pytest.mark.parametrize("mistake", TAMPERS)
def test_each_mistake_is_found(quintus: Charter, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    name, replacement = TAMPERS[mistake]
    assert hasattr(conversion, name)
    monkeypatch.setattr(conversion, name, replacement)
    assert fixed_questions(quintus) != []


def test_a_consent_of_nobody_is_found(quintus: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "counted", nobody_consents)
    assert consent_differences(Position(quintus, {}), Readings(), "E", {}) != []
