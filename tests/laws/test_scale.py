"""Scale: a split of a class, with everything that the text adjusts, changes no dollar and no part of the whole."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.laws.kit import (
    COMMON,
    LONG_AGO,
    MANY,
    QUESTIONS,
    SERIES,
    Document,
    after,
    answer,
    ask,
    copied,
    drawn_cases,
    last_day,
    numbers,
    same,
    table,
    times,
    under,
)

SERIES_READINGS = {
    "floor_adjusts_for_series_splits": "yes",  # AMB-131
    "oip_adjusts_in_conversion": "yes",  # AMB-31
    "cash_adjusts_preferred_split": "yes",  # AMB-35: by default the text has no word for it, and a split pays more
    "if_greater_basis": "as_converted",  # AMB-06: per share, a share that is smaller is raised as much
    "ad_majority": "votes",  # AMB-33: by shares, the series that splits has more of them
    "votes": "round_then_multiply",  # AMB-80
    "round_unit": "holder_event_all_series",  # 3(h), AMB-76: each share by itself rounds differently
    "cents": "exact",
}
"""The readings under which a split of a series is neutral; every other option of these says the opposite."""

COMMON_READINGS = {
    "e_floor": "economic",  # AMB-40: the literal floor of E is split twice
    "cap_adjusts_for": "preferred_only",  # AMB-21
    "combination_adjusts_floor": "yes",  # AMB-132
    "if_greater_basis": "as_converted",  # AMB-06
    "ad_as_converted": "hypothetical",
    "cents": "exact",
}
"""The same for a split of the Common. One cent, whole shares and the authorised Common stay what they are."""


def series_split(case: Document, stock: str, ratio: int) -> None:
    """A split of a series the day after all events changes nothing but numbers of its shares."""
    if case["position"].get("undeclared_dividends"):
        return
    case = under(_placed(case, LONG_AGO), **SERIES_READINGS)
    if ask(case)["status"] == "answered":
        same(case, told(case, stock, 1), told(with_split(case, stock, ratio), stock, ratio))


def earlier_series_split(case: Document, stock: str, ratio: int) -> None:
    """A split of a series before all events changes nothing either, where these are of so many shares more."""
    case = under(case, **SERIES_READINGS)
    day, events = case["position"].get("as_of"), case.get("events", [])
    if case["position"].get("undeclared_dividends") or day is None or ask(case)["status"] != "answered":
        return
    over = {own["rights"]: own.get("class", COMMON) for own in events if own["do"] == "issue_rights"}
    split = {"on": day, "do": "split", "class": stock, "ratio": ratio}
    history = [split, *(_of_new_shares(own, stock, ratio, over) for own in events)]
    other = {**case, "events": history, "ask": _asked(case["ask"], stock, ratio)}
    same(case, told(case, stock, 1), told(other, stock, ratio))


def common_split(case: Document, ratio: int) -> None:
    """A split of the Common the day after all events changes nothing but numbers of its shares, and their prices."""
    case = under(_placed(case, LONG_AGO), **COMMON_READINGS)
    if case["position"].get("undeclared_dividends") or any(
        own["do"] == "recapitalize" for own in case.get("events", [])
    ):
        return  # What a split makes of property that the Common has become is not said (3(f)).
    split = with_split(case, COMMON, ratio)
    if ask(case)["status"] == "answered" and ask(split)["status"] == "answered":
        same(case, told(case, COMMON, 1), told(split, COMMON, ratio))


def given_split(case: Document, stock: str, ratio: int) -> None:
    """A position given after a split is the position from before it with the split as an event."""
    if case.get("events") or case["position"].get("undeclared_dividends") or case["position"].get("issued_on"):
        return
    position = copied(case)["position"]
    position.setdefault("as_of", "1999-08-24")
    before = _placed({**case, "position": copied(position)}, LONG_AGO)
    for own in position["holdings"]:
        if own["class"] == stock:
            own["shares"] = int(own["shares"]) * ratio
    _multiply(position.get("unpaid_dividends", {}), stock, Fraction(1, ratio))
    splits = position.setdefault("preferred_splits", {})
    splits[stock] = times(splits.get(stock, "1"), Fraction(ratio))
    told_as = {**case, "position": {**position, "purchase_dates": before["position"]["purchase_dates"]}}
    history = after(before, {"on": position["as_of"], "do": "split", "class": stock, "ratio": ratio})
    one, other = ask(told_as), ask(history)
    if one["status"] == "answered" or one["error"]["code"] != "over_authorized":
        same(case, numbers(_plain(one)), numbers(_plain(other)))


def _plain(reply: Document) -> Any:
    return reply["answer"] if reply["status"] == "answered" else reply["error"]["code"]


def _placed(case: Document, purchased: str) -> Document:
    """Return a case with a date and Purchase Dates for all series: 3(d)(iii) counts from these (AMB-123)."""
    position = {"as_of": "1999-08-24", "purchase_dates": dict.fromkeys(SERIES, purchased), **case["position"]}
    position["purchase_dates"] = {**dict.fromkeys(SERIES, purchased), **position["purchase_dates"]}
    asked, day = dict(case["ask"]), last_day({**case, "position": position})
    if case.get("events") and asked["question"] in ON and asked.get("on", "") < _next(day):
        asked["on"] = _next(day)
    if asked.get("priced_on", "9") < _next(day):
        del asked["priced_on"]
    placed = {**case, "position": position, "ask": asked}
    if case.get("events"):
        # Time passes in any case, so that what three years end is made (3(d)(i)(B)).
        placed = after(placed, {"on": _next(day), "do": "fund_cash_amounts", "amount": 0})
    return placed


ON = (
    "position",
    "conversion_prices",
    "conversion",
    "public_offering",
    "cash_amounts",
    "dividend",
    "distribution",
)


def _next(day: str | None) -> str:
    assert day is not None
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def with_split(case: Document, stock: str, ratio: int) -> Document:
    """Return a case with a split after all its events, on their last day, and its question of the new shares."""
    split = after(case, {"on": last_day(case), "do": "split", "class": stock, "ratio": ratio})
    return {**split, "ask": _asked(case["ask"], stock, ratio)}


SHARES = ("shares", "exercisable", "used")


def _of_new_shares(event: Document, stock: str, ratio: int, over: dict[str, str]) -> Document:
    """Return an event of a class in shares of which there are so many for one."""
    found, many, part = copied(event), Fraction(ratio), Fraction(1, ratio)
    kind = found["do"]
    own = found.get("class", COMMON) == stock if "rights" not in found else over.get(found["rights"]) == stock
    if kind in ("issue", "transfer", "issue_rights", "change_rights", "exercise_rights") and own:
        for holder in (found, found.get("facts", {}).get("warrant", {})):
            holder |= {name: times(holder[name], many) for name in SHARES if name in holder}
        if "exercise_price" in found:
            found["exercise_price"] = times(str(found["exercise_price"]), part)
    if kind in ("declare_dividend", "pay_dividend"):
        _multiply(found.get("per_share", {}), stock, part)
    if kind == "convert":
        _multiply(found["shares"], stock, many)
    if kind == "elect_conversion":
        for each in found["consents"].values():
            _multiply(each, stock, many)
    if kind == "consent_conversion" and own:
        found["consents"] = {holder: times(count, many) for holder, count in found["consents"].items()}
    return found


def _asked(asked: Document, stock: str, ratio: int) -> Document:
    """Return a question in shares of which there are so many for one."""
    found, many, part = copied(asked), Fraction(ratio), Fraction(1, ratio)
    for amounts in (found.get("declare"), found.get("shares")):
        if isinstance(amounts, dict):
            _multiply(amounts, stock, part if amounts is found.get("declare") else many)
    for each in (found.get("consents") or {}).values() if isinstance(found.get("consents"), dict) else ():
        _multiply(each, stock, many)
    if stock == COMMON:
        for name, factor in (("per_common", part), ("price", part), ("discount", part)):
            if name in found:
                found[name] = times(str(found[name]), factor)
        for name in ("primary_shares", "secondary_shares", "over_allotment"):
            if name in found:
                found[name] = times(found[name], many)
        if "offering" in found:
            offered = found["offering"]
            found["offering"] = {"price": times(str(offered["price"]), part), "shares": times(offered["shares"], many)}
    return found


def _multiply(amounts: Document, name: str, factor: Fraction) -> None:
    if isinstance(amounts.get(name), (str, int)) and not isinstance(amounts[name], bool):
        amounts[name] = times(amounts[name] if factor > 1 else str(amounts[name]), factor)


def told(case: Document, stock: str, ratio: int) -> Any:
    """Return an answer in shares from before a split, without what counts shares of several classes together."""
    found = copied(answer(case))
    many, part = Fraction(ratio), Fraction(1, ratio)
    for field in PER_SHARE:
        for amounts in _all(found, field):
            _multiply(amounts, stock, many)
    for field in COUNTS:
        for amounts in _all(found, field):
            _multiply(amounts, stock, part)
    for own in found.get("by_holder", {}).values():
        if isinstance(own, dict) and found["question"] == "position":
            _multiply(own, stock, part)
    for own in _all(found, "by_class"):
        if stock in own and isinstance(own[stock], dict):
            _multiply(own[stock], "per_share", many)
    for own in found.get("rights", {}).values():
        if own["class"] == stock:
            for name in ("deliverable", "exercisable", "exercised"):
                _multiply(own, name, part)
            _multiply(own, "exercise_price", many)
    if found["question"] == "position":
        found["splits"] = {name: factor for name, factor in found["splits"].items() if name != stock}
    if stock == COMMON:
        _in_old_common(found, many, part)
    else:
        for name in ("ratio", "at_conversion_price"):
            for own in _all(found, "series"):
                if isinstance(own.get(stock), dict):
                    _multiply(own[stock], name, many)
    return numbers(_without(found, stock))


PER_SHARE = (
    "per_share",
    "full",
    "entitled",
    "accrual_rates",
    "required",
    "declared",
    "schedule",
    "unpaid_dividends",
    "conversion_ratios",
    "ratios",
)
COUNTS = ("outstanding", "authorized", "issuable", "converted", "shares", "by_name", "series")


def _in_old_common(found: Document, many: Fraction, part: Fraction) -> None:
    """Turn what an answer says in Common back into shares from before a split of it."""
    for field in ("conversion_prices", "property"):
        for amounts in _all(found, field):
            amounts |= {name: times(price, many) for name, price in amounts.items()}
    for field in ("conversion_ratios", "ratios", "needed"):
        for amounts in _all(found, field):
            amounts |= {name: times(ratio, part) for name, ratio in amounts.items()}
    for own in found.get("series", {}).values():
        for name, factor in (("official", many), ("exact", many), ("floor_below", many), ("ratio", part)):
            _multiply(own, name, factor)
        _multiply(own, "at_conversion_price", part)
        for item in own.get("carried", ()):
            item["amount"] = times(item["amount"], many)
    _multiply(found, "per_common_share", many)
    for own in found.get("by_holder", {}).values():
        if isinstance(own, dict):
            _multiply(own, "exact", part)


WHOLE = {
    "approvals": ("coalitions",),
    "public_offering": ("common_by_holder", "common_converted", "common_needed", "common_authorized", "shortfall"),
    "reserve": ("headroom", "lowest_offering_price"),
    "conversion": ("common", "shortfall"),
}
"""Of these answers, what is in whole shares of Common, or set against the Common that is authorised."""


def _without(found: Document, stock: str) -> Any:
    """Leave out what a split does change: whole shares, what is authorised in all, and counts of consents."""
    question = found["question"]
    names = list(WHOLE.get(question, ())) if stock == COMMON else ["coalitions"]
    if question == "reserve":
        names = [*names, "headroom"]
        if stock == COMMON:
            for name in ("at_conversion_prices", "at_offering"):
                found[name] = found[name] and {"needed": found[name]["needed"]}
    for name in names:
        found.pop(name, None)
    if question == "conversion":
        found["consent"] = found["consent"] and found["consent"]["carried"]
        if stock == COMMON:
            for own in found["by_holder"].values():
                own.pop("common")
                own.pop("property")
    if question == "public_offering" and stock == COMMON:
        found.pop("conversion_prices")  # One cent stays one cent (3(d)(i)(B)).
    if question == "approvals":
        found["approvals"] = [{**own, "tally": own["tally"] and own["tally"]["passes"]} for own in found["approvals"]]
    if question == "position" and stock == COMMON:
        for name in ("authorized", "issuable"):
            found[name].pop(COMMON)
    if question == "breakpoints":
        for own in found["breakpoints"]:
            own.pop("reason")
    if stock == COMMON and question in ("votes", "directors", "approvals"):
        return None  # Each holder's votes are those of whole shares (5(c)).
    return found


def _all(value: Any, field: str) -> list[Document]:
    """Return every object of a name, wherever it is in an answer."""
    found = []
    if isinstance(value, dict):
        if isinstance(value.get(field), dict):
            found.append(value[field])
        for name, part in value.items():
            if name != field:
                found += _all(part, field)
    elif isinstance(value, list):
        for part in value:
            found += _all(part, field)
    return found


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_split_of_a_series_changes_nothing(question: str) -> None:
    for index, case in enumerate(drawn_cases(question, 40, seed=12)):
        series_split(case, SERIES[index % 6], 2 + index % 3)
        earlier_series_split(case, SERIES[index % 6], 2 + index % 3)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_split_of_the_common_changes_nothing(question: str) -> None:
    for index, case in enumerate(drawn_cases(question, 40, seed=13)):
        common_split(case, 2 + index % 3)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_split_may_be_given_or_happen(question: str) -> None:
    for index, case in enumerate(drawn_cases(question, 30, seed=14, events=False)):
        given_split(case, SERIES[index % 6], 2 + index % 3)


def test_many_holdings_split_alike() -> None:
    holdings = [(f"holder {index}", "E", 2) for index in range(12)]
    for question in ("position", "votes", "liquidation"):
        asked = {"question": question, **({"assets": 30} if question == "liquidation" else {})}
        case = table(*holdings, ("founder", COMMON, 5), ask=asked)
        series_split(case, "E", 3)
        common_split(case, 2)


@MANY
@pytest.mark.parametrize("question", QUESTIONS)
def test_scale_on_many_cases(question: str) -> None:
    for index, case in enumerate(drawn_cases(question, 1500, seed=15)):
        series_split(case, SERIES[index % 6], 2 + index % 3)
        earlier_series_split(case, SERIES[index % 6], 2 + index % 3)
        common_split(case, 2 + index % 3)
        given_split(case, SERIES[index % 6], 2 + index % 3)
