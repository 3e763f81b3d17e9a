"""Mistakes about conversion prices and the ratios they give: sections 3(a) and 3(d)."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from reference import antidilution
from reference.additional_stock import Classification, IssueFacts, classify
from reference.antidilution import Adjustment, Outstanding, PriceState, averaging_base
from reference.charter import COMMON, Charter, Series
from reference.conversion import conversion_ratio
from reference.conversion_price import SeriesPrice, held_or_made, weighted_average
from reference.oracle.verify.mistakes_kit import (
    HOLDINGS,
    Answerer,
    Document,
    Mistake,
    Plain,
    asking,
    held,
    in_changed_case,
    in_changed_charter,
    with_wrong,
)
from reference.position import NOTHING, Number, Position
from reference.price_log import Deemed, Issuance
from reference.readings import Readings
from reference.refusal import Forbidden

# Which issue lowers a price, and to what


@dataclass(frozen=True)
class Rule:
    """Hold a wrong rule for an issuance.

    triggers: whether it changes a price now, its initial one and the $/share received for; becomes: the exact price
    afterwards, from the price now, the initial one, the base, the shares and the $ received for all.
    """

    triggers: Callable[[SeriesPrice, Fraction, Fraction], bool]
    becomes: Callable[[SeriesPrice, Fraction, Number, Number, Fraction], Fraction]


def _adjusting_by(rule: Rule) -> Answerer:
    """Return the answerer of a tool that adjusts conversion prices for issuances by a wrong rule."""

    def adjusted(state: PriceState, entry: Issuance | Deemed) -> list[tuple[Adjustment, SeriesPrice]]:
        if entry.shares <= 0:
            return []
        paid = Fraction(entry.consideration) / entry.shares
        base = averaging_base(state, entry.outstanding)
        found = []
        for name in entry.additional_for:
            old, purchased = state.prices[name], state.purchase_dates.get(name)
            initial = state.charter.series_named(name).original_issue_price.value / old.scale
            if (purchased is not None and entry.on <= purchased) or not rule.triggers(old, initial, paid):
                continue
            target = rule.becomes(old, initial, base, entry.shares, entry.consideration)
            new = held_or_made(old, target, entry.on, _minimum(state), state.readings)
            carried = new.official - new.exact
            story = Adjustment(
                entry.on, name, "issuance", "3(d)(i)(A)", old.exact, new.exact, old.official, new.official, carried
            )
            found.append((story, new))
        return found

    return with_wrong((antidilution._adjusted_for_shares, adjusted))


def _minimum(state: PriceState) -> Fraction:
    terms = state.charter.antidilution
    return NOTHING if terms is None else terms.minimum_adjustment.value


def _is_below(price: SeriesPrice, initial: Fraction, paid: Fraction) -> bool:
    return paid < price.official


def _always(price: SeriesPrice, initial: Fraction, paid: Fraction) -> bool:
    return True


def _is_below_the_initial(price: SeriesPrice, initial: Fraction, paid: Fraction) -> bool:
    return paid < initial


def _average(price: SeriesPrice, initial: Fraction, base: Number, shares: Number, received: Fraction) -> Fraction:
    return weighted_average(price.exact, base, shares, received)


def _average_of_initial(
    price: SeriesPrice, initial: Fraction, base: Number, shares: Number, received: Fraction
) -> Fraction:
    return weighted_average(initial, base, shares, received)


def _average_after(price: SeriesPrice, initial: Fraction, base: Number, shares: Number, received: Fraction) -> Fraction:
    return min(price.exact, weighted_average(price.exact, base + shares, shares, received))


def _ratchet(price: SeriesPrice, initial: Fraction, base: Number, shares: Number, received: Fraction) -> Fraction:
    # At a price of nothing a share would convert into infinitely many; such a tool leaves the price alone.
    return min(price.exact, Fraction(received) / shares) if received > 0 else price.exact


# What is small, and what is old


def held_or_lost(price: SeriesPrice, target: Fraction, on: date, minimum: Fraction, readings: Readings) -> SeriesPrice:
    """Drop an adjustment below the minimum."""
    change = price.official - target
    return price if max(change, -change) < minimum else held_or_made(price, target, on, minimum, readings)


def pass_time_for_ever(state: PriceState, on: date) -> PriceState:
    """Move to a date, whatever has been carried for three years."""
    if on < state.on:
        raise Forbidden("out_of_order", "3(d)", "Events must come in the order of their dates.")
    return replace(state, on=on, latest=())


# What adjusts at all


def split_of_shares_alone(state: PriceState, on: date, factor: Fraction) -> PriceState:
    """Leave the conversion prices as they are in a split of the Common."""
    return antidilution.pass_time(state, on)


def dividend_of_shares_alone(
    state: PriceState, on: date, increase: Number, outstanding: Outstanding, factor: Fraction = Fraction(1)
) -> PriceState:
    """Leave the conversion prices as they are in a dividend of Common."""
    return antidilution.pass_time(state, on)


def nothing_adjusted(state: PriceState, entry: Any) -> list[tuple[Adjustment, SeriesPrice]]:
    """Adjust no conversion price."""
    return []


def nothing_deemed(
    state: PriceState,
    on: date,
    rights: str,
    shares: Number,
    exercise_price: Fraction,
    additional_for: Collection[str],
    outstanding: Outstanding,
    exercisable: Number | None = None,
    grant: Fraction = NOTHING,
    excluded: bool = False,
) -> PriceState:
    """Book rights over Common, but deem nothing issued under them."""
    return _right_issue_rights(
        state, on, rights, shares, exercise_price, (), outstanding, exercisable, grant, excluded=True
    )


_right_issue_rights = antidilution.issue_rights
"""The right one under a name of its own, as the module's is the wrong one meanwhile."""


def classify_as_sale(
    charter: Charter,
    readings: Readings,
    facts: IssueFacts,
    on: date,
    shares: Number,
    stock: str = COMMON,
    purchase_dates: Mapping[str, date | None] | None = None,
    splits: Mapping[str, Fraction] | None = None,
) -> Classification:
    """Take every issue for a sale, whatever it is for."""
    return classify(charter, readings, IssueFacts(), on, shares, stock, purchase_dates, splits)


# Ratios


def one_for_one(position: Position, readings: Readings, series: Series) -> Number:
    """Convert every share into one."""
    return 1


def price_over_issue_price(position: Position, readings: Readings, series: Series) -> Number:
    """Divide the wrong way round."""
    return 1 / Fraction(conversion_ratio(position, readings, series))


def ratio_to_four_places(position: Position, readings: Readings, series: Series) -> Number:
    """Round the Common for one share to four places before anything is multiplied by it."""
    exact = conversion_ratio(position, readings, series)
    return Fraction(math.floor(exact * 10_000 + Fraction(1, 2)), 10_000)


# Other cases and terms


def _without_noncash(case: Plain) -> None:
    case["events"] = [{name: part for name, part in own.items() if name != "noncash"} for own in case.get("events", [])]


def _without_carried(case: Plain) -> None:
    case["position"] = {name: part for name, part in case["position"].items() if name != "carried"}


def _without_minimum(charter: Plain) -> None:
    if "antidilution" in charter:
        charter["antidilution"]["minimum_adjustment"]["value"] = "0"


def _sale(on: str, shares: int, received: str, **more: Any) -> Plain:
    return {
        "do": "issue",
        "on": on,
        "class": "common",
        "holder": "buyer",
        "shares": shares,
        "consideration": received,
        **more,
    }


def _prices(case: str, *events: Document, question: str = "conversion_prices", **fields: Any) -> Plain:
    position = held(10_000_000, {"E": 3_000_000, "F": 1_500_000}, as_of="2000-01-01")
    return asking(case, question, position, events=events, **fields)


_DOWN_ROUND = _sale("2000-02-01", 1_000_000, "2000000")
_SPLIT = {"do": "split", "on": "2000-03-01", "class": "common", "ratio": "2"}
_GRANT = {"do": "issue_rights", "on": "2000-02-01", "rights": "warrants", "shares": 1_000_000, "exercise_price": "2"}
_SMALL = (_sale("2000-02-01", 20_000, "0"), _sale("2000-03-01", 15_000, "0"))
_EARLIER = held(
    10_000_000,
    {"E": 3_000_000},
    as_of="2000-01-01",
    carried=[{"series": "E", "on": "1999-06-01", "amount": "0.006"}],
)

_E_CONVERTS_INTO_MORE = asking(
    "E converts into more",
    "conversion",
    held(10_000_000, {"E": 3_000_000}, conversion_prices={"E": "3.50"}),
    holder="holder of E",
    shares={"E": 100},
)

MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "up-round-raises-price",
        "Applies the weighted average to every issue, so that one above the conversion price raises it.",
        ("3(d)(i)(A)", "3(d)(i)(B)"),
        HOLDINGS,
        _prices("a sale above both prices", _sale("2000-02-01", 1_000_000, "20000000")),
        _adjusting_by(Rule(_always, _average)),
    ),
    Mistake(
        "compares-with-issue-price",
        "Compares the price of an issue with the Original Issue Price instead of the conversion price now.",
        ("3(d)(i)(A)",),
        HOLDINGS,
        _prices("a sale between E's two prices", _DOWN_ROUND, _sale("2000-03-01", 1_000_000, "4100000")),
        _adjusting_by(Rule(_is_below_the_initial, _average)),
    ),
    Mistake(
        "averages-from-issue-price",
        "Averages every issue with the Original Issue Price, so that an earlier adjustment is forgotten.",
        ("3(d)(i)(A)",),
        HOLDINGS,
        _prices("two sales below the prices", _DOWN_ROUND, _sale("2000-03-01", 1_000_000, "1000000")),
        _adjusting_by(Rule(_is_below, _average_of_initial)),
    ),
    Mistake(
        "full-ratchet",
        "Takes the price of the issue for the conversion price, instead of the weighted average.",
        ("3(d)(i)(A)",),
        HOLDINGS,
        _prices("a sale below both prices", _DOWN_ROUND),
        _adjusting_by(Rule(_is_below, _ratchet)),
    ),
    Mistake(
        "base-after-issue",
        "Counts the shares outstanding after the issue, instead of before it, in the weighted average.",
        ("3(d)(i)(A)",),
        HOLDINGS,
        _prices("a sale below both prices", _DOWN_ROUND),
        _adjusting_by(Rule(_is_below, _average_after)),
    ),
    Mistake(
        "exclusions-ignored",
        "Adjusts for every issue, those to employees and the other excluded ones too.",
        ("3(d)(ii)",),
        HOLDINGS,
        _prices("shares for an employee", _sale("2000-02-01", 1_000_000, "2000000", facts={"purpose": "employee"})),
        with_wrong((classify, classify_as_sale)),
    ),
    Mistake(
        "noncash-left-out",
        "Counts only the cash received for an issue, not the fair value of the rest.",
        ("3(d)(i)(D)",),
        HOLDINGS,
        _prices("half cash, half not", _sale("2000-02-01", 1_000_000, "1000000", noncash="1000000")),
        in_changed_case(_without_noncash),
    ),
    Mistake(
        "options-never-deemed",
        "Leaves options and warrants out of the adjustments: nothing is deemed issued at their grant.",
        ("3(d)(i)(E)",),
        HOLDINGS,
        _prices("warrants below both prices", _GRANT),
        with_wrong((antidilution.issue_rights, nothing_deemed)),
    ),
    Mistake(
        "small-adjustment-lost",
        "Drops an adjustment below a cent, instead of carrying it forward.",
        ("3(d)(i)(B)",),
        HOLDINGS,
        _prices("two small issues", *_SMALL),
        with_wrong((held_or_made, held_or_lost)),
    ),
    Mistake(
        "small-adjustment-at-once",
        "Makes every adjustment at once, however small it is.",
        ("3(d)(i)(B)",),
        HOLDINGS,
        _prices("one small issue", _SMALL[0]),
        in_changed_charter(_without_minimum),
    ),
    Mistake(
        "carried-for-ever",
        "Carries a small adjustment for ever: the end of its three years makes nothing.",
        ("3(d)(i)(B)",),
        HOLDINGS,
        _prices("three years after a small issue", _SMALL[0], on="2003-02-01"),
        with_wrong((antidilution.pass_time, pass_time_for_ever)),
    ),
    Mistake(
        "opening-carry-left-out",
        "Forgets what the position carries from earlier issues.",
        ("3(d)(i)(B)",),
        HOLDINGS,
        asking("a carry from before", "conversion_prices", _EARLIER, events=[_SMALL[0]]),
        in_changed_case(_without_carried),
    ),
    Mistake(
        "common-split-ignored",
        "Leaves the conversion prices unchanged in a split of the Common.",
        ("3(d)(iii)", "3(d)(iv)"),
        HOLDINGS,
        _prices("the Common split in two", _SPLIT),
        with_wrong((antidilution.split, split_of_shares_alone)),
    ),
    Mistake(
        "stock-dividend-ignored",
        "Leaves the conversion prices unchanged in a dividend of Common.",
        ("3(d)(iii)",),
        HOLDINGS,
        _prices("a tenth more Common", {"do": "stock_dividend", "on": "2000-02-01", "shares": "1/10"}),
        with_wrong((antidilution.stock_dividend, dividend_of_shares_alone)),
    ),
    Mistake(
        "stale-conversion-price",
        "Works with the conversion prices of the opening: nothing that happens adjusts them.",
        ("3(a)", "3(d)"),
        HOLDINGS,
        _prices("liquidation after a sale and a split", _DOWN_ROUND, _SPLIT, question="liquidation", assets=60_000_000),
        with_wrong((antidilution._adjusted, nothing_adjusted)),
    ),
    Mistake(
        "one-for-one",
        "Converts one for one, whatever the conversion price.",
        ("3(a)",),
        HOLDINGS,
        _E_CONVERTS_INTO_MORE,
        with_wrong((conversion_ratio, one_for_one)),
    ),
    Mistake(
        "ratio-upside-down",
        "Divides the conversion price by the Original Issue Price.",
        ("3(a)",),
        HOLDINGS,
        _E_CONVERTS_INTO_MORE,
        with_wrong((conversion_ratio, price_over_issue_price)),
    ),
    Mistake(
        "ratio-to-four-places",
        "Rounds the Common for one share to four places before multiplying.",
        ("3(a)", "3(h)"),
        HOLDINGS,
        asking(
            "a million shares of E",
            "conversion",
            held(10_000_000, {"E": 3_000_000}, conversion_prices={"E": "3.50"}),
            holder="holder of E",
            shares={"E": 1_000_000},
        ),
        with_wrong((conversion_ratio, ratio_to_four_places)),
    ),
)
"""The mistakes about conversion prices and ratios."""
