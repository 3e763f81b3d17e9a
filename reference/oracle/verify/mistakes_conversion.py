"""Mistakes about converting: sections 3(a) to 3(c), 3(h) and 3(i)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from reference import cash_amounts, offering, reserve
from reference.cash_amounts import Funding, Ledger, due_date
from reference.charter import Charter, Series
from reference.conversion import cash_amount, common_issued, exact_common
from reference.oracle.verify.mistakes_kit import (
    EVERYTHING,
    HOLDINGS,
    Mistake,
    Plain,
    asking,
    held,
    in_changed_charter,
    with_wrong,
)
from reference.position import NOTHING, Number, Position
from reference.readings import Readings

CASH = ("cash_amounts", "conversion", "public_offering", "position", "liquidation", "breakpoints")


# Whole shares


def common_rounded_down(shares: Mapping[str, Number], ratios: Mapping[str, Number], readings: Readings) -> Number:
    """Issue the whole shares below the exact number."""
    return math.floor(exact_common(shares, ratios))


def common_rounded_up(shares: Mapping[str, Number], ratios: Mapping[str, Number], readings: Readings) -> Number:
    """Issue the whole shares above the exact number."""
    return math.ceil(exact_common(shares, ratios))


def common_in_fractions(shares: Mapping[str, Number], ratios: Mapping[str, Number], readings: Readings) -> Number:
    """Issue fractions of a share."""
    return exact_common(shares, ratios)


# Cash Amounts


def no_cash_amount(position: Position, readings: Readings, series: Series) -> Fraction:
    """Pay nothing besides the Common."""
    return NOTHING


def cash_amount_without_dividends(position: Position, readings: Readings, series: Series) -> Fraction:
    """Pay the fixed part alone."""
    dividends = position.declared_dividends.get(series.name, NOTHING) if series.cash_amount is not None else NOTHING
    return cash_amount(position, readings, series) - dividends


def due_in_business_days(charter: Charter, converted_on: date) -> date | None:
    """Count the days from Monday to Friday alone."""
    if due_date(charter, converted_on) is None or charter.cash_payment is None:
        return None
    day, left = converted_on, charter.cash_payment.days.value
    while left > 0 and day < date.max:
        day = day + timedelta(days=1)
        left = left - (day.weekday() < 5)
    return day


def shared_by_debt(ledger: Ledger, amount: Fraction) -> Funding:
    """Share funds by what was owed in the beginning, up to what is unpaid."""
    owed = sum((claim.owed for claim in ledger), NOTHING)
    part = min(Fraction(1), amount / owed) if owed > 0 else NOTHING
    return _funding(ledger, tuple(min(claim.unpaid, claim.owed * part) for claim in ledger), amount)


def shared_one_by_one(ledger: Ledger, amount: Fraction) -> Funding:
    """Pay one claim after the other, as they are listed."""
    left = amount
    payments = []
    for claim in ledger:
        payments.append(min(left, claim.unpaid))
        left = left - payments[-1]
    return _funding(ledger, tuple(payments), amount)


def _funding(ledger: Ledger, payments: tuple[Fraction, ...], amount: Fraction) -> Funding:
    after = tuple(replace(own, paid=own.paid + payment) for own, payment in zip(ledger, payments, strict=True))
    return Funding(after, payments, amount - sum(payments, NOTHING))


# Offerings


def floor_in_place_of_price(
    position: Position, readings: Readings, series: Series, price: Fraction, ground: offering.Ground
) -> offering.SeriesOutcome:
    """Let the quotient by the offering's price replace what the conversion price gives, even if it is less."""
    right = _right_outcome(position, readings, series, price, ground)
    figure, trigger = offering.floor_figure(position, readings, series), right.trigger
    if ground == "consent" or figure is None or trigger is None or price >= trigger:
        return right
    return replace(right, ratio=figure / price, binds=True)


_right_outcome = offering._outcome
"""The right one under a name of its own, as the module's is the wrong one meanwhile."""


def convertible_by_holder(position: Position) -> list[Series]:
    """List the series that convert at their holders' option alone."""
    return [series for series in position.charter.series if series.conversion.by == "holder_option"]


# Other terms


def _without_floors(charter: Plain) -> None:
    for series in charter["series"]:
        series.pop("offering_floor", None)


def _without_least_size(charter: Plain) -> None:
    if "public_offering" in charter:
        charter["public_offering"]["minimum_aggregate"]["value"] = "0"


def _half_suffices(charter: Plain) -> None:
    for threshold in _thresholds(charter):
        threshold["strict"] = False


def _more_is_needed(charter: Plain) -> None:
    for threshold in _thresholds(charter):
        threshold["strict"] = True


def _thresholds(value: object) -> list[Plain]:
    """List every threshold of a charter: what has a share of the whole and says whether it must be passed."""
    if isinstance(value, list):
        return [own for part in value for own in _thresholds(part)]
    if not isinstance(value, dict):
        return []
    return [value] if "strict" in value else _thresholds([*value.values()])


_ODD = held(10_000_000, {"E": 3_000_000}, conversion_prices={"E": "3.50"})
_CLASS = {"A": 9_100_000, "B": 1_000_000, "D": 1_455_000}
_ELECTING: Plain = {"consents": {"holder of A": {"A": 9_100_000}}}
_ELECTION = {"do": "elect_conversion", "on": "2000-03-03", **_ELECTING}


def _converting(case: str, shares: int) -> Plain:
    return asking(case, "conversion", _ODD, holder="holder of E", shares={"E": shares})


def _offering(case: str, price: str, shares: int, prices: Mapping[str, str] | None = None) -> Plain:
    position = held(5_000_000, {"E": 3_000_000, "F": 1_500_000}, **({"conversion_prices": prices} if prices else {}))
    return asking(case, "public_offering", position, on="2000-06-01", price=price, primary_shares=shares)


def _claims(*paid: str) -> list[Plain]:
    owed = {"B": "1000", "A": "3000", "D": "2000"}
    return [
        {"holder": f"former holder of {name}", "series": name, "converted_on": "2000-01-03", "owed": due, "paid": part}
        for (name, due), part in zip(owed.items(), paid, strict=True)
    ]


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "rounds-down",
        "Drops every fraction of a share on conversion, instead of rounding to the nearest whole share.",
        ("3(h)",),
        HOLDINGS,
        _converting("5 shares come to 5.93", 5),
        with_wrong((common_issued, common_rounded_down)),
    ),
    Mistake(
        "rounds-up",
        "Makes every fraction of a share on conversion a whole one.",
        ("3(h)",),
        HOLDINGS,
        _converting("2 shares come to 2.37", 2),
        with_wrong((common_issued, common_rounded_up)),
    ),
    Mistake(
        "fractional-shares",
        "Issues fractions of a share on conversion.",
        ("3(h)",),
        HOLDINGS,
        _converting("2 shares come to 2.37", 2),
        with_wrong((common_issued, common_in_fractions)),
    ),
    Mistake(
        "cash-amount-left-out",
        "Leaves the Cash Amounts out when A to D convert.",
        ("3(a)",),
        CASH,
        asking("the class elects", "conversion", held(10_000_000, _CLASS), **_ELECTING),
        with_wrong((cash_amount, no_cash_amount)),
    ),
    Mistake(
        "cash-amount-without-dividends",
        "Leaves declared and unpaid dividends out of the Cash Amounts.",
        ("3(a)",),
        CASH,
        asking(
            "the class elects, a dividend is unpaid",
            "conversion",
            held(10_000_000, _CLASS, unpaid_dividends={"A": "0.20"}),
            **_ELECTING,
        ),
        with_wrong((cash_amount, cash_amount_without_dividends)),
    ),
    Mistake(
        "business-days",
        "Counts business days instead of calendar days until Cash Amounts are due.",
        ("3(c)",),
        ("cash_amounts", "conversion", "public_offering"),
        asking("after an election", "cash_amounts", held(10_000_000, _CLASS), events=[_ELECTION]),
        with_wrong((due_date, due_in_business_days)),
    ),
    Mistake(
        "funds-by-first-debt",
        "Shares funds by what was owed in the beginning, instead of by what is still unpaid.",
        ("3(c)",),
        ("cash_amounts", "position"),
        asking("partly paid", "cash_amounts", held(1, {}, cash_amounts=_claims("0", "2900", "0")), funds=["1000"]),
        with_wrong((cash_amounts._share, shared_by_debt)),
    ),
    Mistake(
        "funds-one-by-one",
        "Pays one claim to a Cash Amount in full before the next, instead of all rateably.",
        ("3(c)",),
        ("cash_amounts", "position"),
        asking("nothing paid", "cash_amounts", held(1, {}, cash_amounts=_claims("0", "0", "0")), funds=["3000"]),
        with_wrong((cash_amounts._share, shared_one_by_one)),
    ),
    Mistake(
        "offering-floor-ignored",
        "Ignores the price floors of E and F in an offering.",
        ("3(b)(ii)", "3(b)(iii)"),
        HOLDINGS,
        _offering("below both floors", "5", 8_000_000),
        in_changed_charter(_without_floors),
    ),
    Mistake(
        "floor-replaces-price",
        "Takes the floor of an offering even where the conversion price gives more Common.",
        ("3(b)(ii)", "3(b)(iii)"),
        HOLDINGS,
        _offering("below both floors, at low conversion prices", "5", 8_000_000, {"E": "2", "F": "3"}),
        with_wrong((offering._outcome, floor_in_place_of_price)),
    ),
    Mistake(
        "small-offering-converts",
        "Lets an offering of any size convert the Preferred.",
        ("3(b)",),
        EVERYTHING,
        _offering("a dollar short", "39999999", 1),
        in_changed_charter(_without_least_size),
    ),
    Mistake(
        "half-suffices",
        "Lets exactly half carry where more than half is needed.",
        ("2(c)", "3(a)", "3(b)(iii)(B)", "6(b)", "6(c)"),
        EVERYTHING,
        asking(
            "half of F consents",
            "conversion",
            held(10_000_000, {"F": 1_500_000}),
            consents={"holder of F": {"F": 750_000}},
        ),
        in_changed_charter(_half_suffices),
    ),
    Mistake(
        "exactly-enough-is-short",
        "Asks for more than three fifths or three quarters where exactly so much suffices.",
        ("3(b)(ii)(B)", "6(a)", "6(d)", "6(e)"),
        EVERYTHING,
        asking(
            "three fifths of E consent",
            "conversion",
            held(10_000_000, {"E": 3_000_000}),
            consents={"holder of E": {"E": 1_800_000}},
        ),
        in_changed_charter(_more_is_needed),
    ),
    Mistake(
        "reserve-without-class",
        "Reserves no Common for A to D, as none of their holders can convert alone.",
        ("3(i)",),
        ("reserve",),
        asking("full issuance", "reserve", held(10_000_000)),
        with_wrong((reserve._convertible, convertible_by_holder)),
    ),
)
"""The mistakes about conversion, offerings and Cash Amounts."""
