"""Dated events, drawn one after the other with knowledge of what is held, owed and left of rights.

Each function here draws one kind of event as a document, without its date and its word; None where nothing of
the kind can happen. The engine decides whether an event drawn so is kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Any

from reference import events, history
from reference.charter import COMMON, Charter, Series
from reference.history import Rights, State
from reference.oracle.amounts import parse
from reference.oracle.drawn_values import (
    Document,
    Draw,
    Known,
    amount,
    any_of,
    below,
    earlier,
    later,
    part,
    pick,
    seldom,
    shown,
    some,
    up_to,
)
from reference.oracle.event_documents import read
from reference.oracle.histories import MAX_BITS
from reference.oracle.positions import authorized
from reference.oracle.refusals import Refusal
from reference.position import NOTHING
from reference.readings import AdElection, Readings, Year

NEWCOMER = "zoe"
"""Who may come to hold shares during a history."""

FACTORS = (Fraction(1), Fraction(1, 2), Fraction(2), Fraction(99, 100), NOTHING, Fraction(1, 3), Fraction(999, 1000))
"""What a share is sold for, as a part of some conversion price: at it, above and below, and less than a cent off."""

FACTS: tuple[Document, ...] = (
    {"purpose": "sale"},
    {"purpose": "stock_dividend"},
    {"purpose": "employee"},
    {"purpose": "conversion"},
    {"purpose": "acquisition", "board_approved": True, "majority_acquired": True},
    {"purpose": "acquisition", "board_approved": True},
    {"purpose": "commercial", "board_approved": True},
    {"purpose": "lease_financing", "board_approved": True},
    {"purpose": "right_over_excluded", "board_approved": True, "underlying": "commercial"},
    {"purpose": "plan"},
    {"purpose": "warrant"},
)
"""What decides whether an issue counts; a plan and warrants are described besides."""


def _people(known: Known) -> tuple[str, ...]:
    return (*known.holders, NEWCOMER)


# Issues


def _issue(draw: Draw, known: Known, day: date) -> Document | None:
    room = _rooms(known)
    if not room:
        return None
    stock = pick(draw, tuple(room))
    shares = _new_shares(draw, room[stock] + known.slack)
    found: Document = {"class": stock, "holder": pick(draw, _people(known)), "shares": shares}
    for field in any_of(draw, ("consideration", "noncash", "facts"), 3):
        if field == "facts":
            found[field] = _facts(draw, known, day, stock)
        else:
            found[field] = shown(shares * _price(draw, known))
    return found


def _rooms(known: Known) -> dict[str, int]:
    """Return how many shares of each class may still be issued, those of which some may; the Common first."""
    *series, common = authorized(known.state.position)
    limits = {name: math.floor(limit) for name, limit, _ in (common, *series)}
    left = {name: limit - known.outstanding(name) for name, limit in limits.items()}
    return {name: room for name, room in left.items() if room > 0}


def _new_shares(draw: Draw, room: int) -> int:
    """Draw a number of new shares: few, or an eighth of what there may be."""
    shares = 1 + below(draw, 12)
    return max(1, room // 8) if shares == 12 else min(shares, room)


def _price(draw: Draw, known: Known) -> Fraction:
    """Draw a price, $/share, at or near a conversion price."""
    prices = tuple(known.state.prices.official.values())
    return (pick(draw, prices) if prices else Fraction(1)) * pick(draw, FACTORS)


def _facts(draw: Draw, known: Known, day: date, stock: str) -> Document:
    found = dict(pick(draw, FACTS))
    if found["purpose"] == "plan":
        found["plan"] = _plan(draw, known, day)
    if found["purpose"] == "warrant":
        found["warrant"] = _warrant(draw, known, day, stock)
    return found


def _plan(draw: Draw, known: Known, day: date) -> Document:
    terms = known.charter.antidilution
    names = terms.plan_approval_series if terms is not None else ()
    held = {name: known.outstanding(name) for name in names if known.outstanding(name)}
    found: Document = {"board_approved_on": earlier(draw, day).isoformat(), "outstanding": held}
    in_favour = below(draw, 3)
    found["in_favour"] = {name: shares * in_favour // 2 for name, shares in held.items()}
    return found


def _warrant(draw: Draw, known: Known, day: date, stock: str) -> Document:
    terms = known.charter.antidilution
    listed = [own for own in terms.excluded_warrants if own.of == stock] if terms is not None else []
    if not listed:
        return {"issued": day.isoformat(), "of": stock}
    own = pick(draw, listed)
    number = math.floor(own.shares.value * known.state.position.splits().get(stock, 1))
    used = pick(draw, (0, 1, number - 1, number))
    return {"issued": own.issued, "of": stock, **({"used": used} if used else {})}


# Rights


def _issue_rights(draw: Draw, known: Known, day: date) -> Document | None:
    room = _rooms(known)
    name = f"w{len(known.state.rights) + 1 - known.slack * below(draw, 2)}"
    shares = 1 + below(draw, 12)
    found: Document = {"rights": name, "shares": shares, "exercise_price": shown(_price(draw, known), "1")}
    for field in any_of(draw, ("exercisable", "consideration", "class", "facts"), 2):
        if field == "exercisable":
            found[field] = below(draw, shares + 1 + known.slack)
        elif field == "consideration":
            found[field] = amount(draw, 6)
        elif field == "class" and room:
            found[field] = pick(draw, tuple(room))
        elif field == "facts":
            found[field] = _facts(draw, known, day, found.get("class", COMMON))
    return found


def _some_rights(draw: Draw, known: Known, fits: Callable[[Rights], bool]) -> tuple[str, Rights] | None:
    there = [(name, own) for name, own in known.state.rights.items() if fits(own)]
    return pick(draw, there) if there else None


def _change_rights(draw: Draw, known: Known, _: date) -> Document | None:
    found = _some_rights(draw, known, lambda own: own.deliverable > 0)
    if found is None:
        return None
    name, own = found
    more: Document = {}
    now = int(own.exercisable)
    changing = some(draw, ("exercisable", "exercise_price", "shares"))
    for field in changing:
        if field == "exercise_price":
            more[field] = shown(own.exercise_price * pick(draw, FACTORS[1:]))
        elif field == "shares":
            more[field] = up_to(draw, now + 6, now if "exercisable" in changing else 0)
        else:
            more[field] = up_to(draw, int(own.deliverable) + known.slack, 0)
    return {"rights": name, **more}


def _exercise_rights(draw: Draw, known: Known, _: date) -> Document | None:
    found = _some_rights(draw, known, lambda own: own.exercisable >= 1)
    if found is None:
        return None
    name, own = found
    shares = up_to(draw, int(own.exercisable) + known.slack)
    return {"rights": name, "holder": pick(draw, _people(known)), "shares": shares}


def _expire_rights(draw: Draw, known: Known, _: date) -> Document | None:
    found = _some_rights(draw, known, lambda own: own.deliverable > 0)
    return None if found is None else {"rights": found[0]}


# Splits

RATIOS = ("2", 3, "1/2", "3/2", "1", "1.5", "1/3", "5/4", "10")
INCREASES = ("1", "1/2", "0", "0.1", "1/3", "0.25")
EQUIVALENTS = ("1/2", "1", "0", "1/3", "0.05")


def _split(draw: Draw, known: Known, on: date) -> Document:
    stock = pick(draw, (COMMON, *(series.name for series in known.charter.series)))
    fitting = [ratio for ratio in RATIOS if known.slack or _is_whole(known, stock, parse(ratio))]
    return {"class": stock, "ratio": pick(draw, fitting or ("1",)), **_recorded(draw, known, on)}


def _is_whole(known: Known, stock: str, factor: Fraction) -> bool:
    """Say whether every holding of a class stays whole and the Common within what is authorised."""
    whole = all((shares * factor).denominator == 1 for (_, own), shares in known.held.items() if own == stock)
    return whole and (stock != COMMON or known.outstanding(COMMON) * factor <= known.charter.authorized.common.value)


def _stock_dividend(draw: Draw, known: Known, on: date) -> Document | None:
    if known.outstanding(COMMON) == 0:
        return None
    fitting = [each for each in INCREASES if known.slack or _is_whole(known, COMMON, 1 + Fraction(each))]
    found: Document = {}
    for field in some(draw, ("shares", "equivalents")):
        found[field] = pick(draw, (fitting or ("0",)) if field == "shares" else EQUIVALENTS)
    return {**found, **_recorded(draw, known, on)}


# Dividends and distributions


def _declare_dividend(draw: Draw, known: Known, on: date) -> Document:
    rates = {series.name: _rate(known, series) for series in known.charter.series}
    in_full = below(draw, 3)
    if in_full:
        per_share: Document = {name: shown(rate) for name, rate in rates.items() if known.outstanding(name)}
        if in_full == 2:
            per_share[COMMON] = amount(draw, 2, ("0.20", "0.83"))
    else:
        classes = some(draw, (*rates, COMMON))
        per_share = {name: amount(draw, 2, [shown(each) for each in rates.values()]) for name in classes}
    found: Document = {"per_share": per_share}
    if known.readings.year is Year.FISCAL or seldom(draw):
        found["fiscal_month"] = 1 + below(draw, 12)
    if seldom(draw):
        found["part_of_year"] = pick(draw, ("1/4", "1/2", "11/12"))
    if seldom(draw):
        found["record_date"] = (on + timedelta(days=pick(draw, (0, 1, 30)))).isoformat()
    return found


def _recorded(draw: Draw, known: Known, on: date) -> Document:
    """Return a record date since the event before, seldom."""
    if not seldom(draw):
        return {}
    return {"record_date": pick(draw, (on, max(known.day or on, on - timedelta(days=1)))).isoformat()}


def _rate(known: Known, series: Series) -> Fraction:
    """Return the dividend rate, $/share, of a share as it now is."""
    return series.dividend_rate.value / known.state.position.preferred_splits.get(series.name, Fraction(1))


def _pay_dividend(draw: Draw, known: Known, _: date) -> Document | None:
    position = known.state.position
    owed = {COMMON: known.state.owed_on_common, **position.declared_dividends}
    by_class = {name: each for name, each in owed.items() if each > 0}
    debts = known.state.debts
    if not by_class and not debts:
        return None
    found: Document = {}
    if by_class:
        found["per_share"] = {name: part(draw, by_class[name]) for name in some(draw, tuple(by_class), 3)}
        if below(draw, 3) == 2:
            # All that is owed on the Preferred, so that the Common may have its own.
            found["per_share"] = {name: shown(each) for name, each in by_class.items()}
    if debts:
        found["former_holders"] = {name: part(draw, debts[name]) for name in some(draw, tuple(debts))}
    return found


def _distribute(draw: Draw, known: Known, on: date) -> Document:
    found: Document = {"units": amount(draw, 100), **_recorded(draw, known, on)}
    if seldom(draw):
        found["payable"] = pick(draw, ("indebtedness", "rights_to_assets", "paid_rights_to_common"))
    if known.readings.year is Year.FISCAL:
        found["fiscal_month"] = 1 + below(draw, 12)
    return found


def _recapitalize(draw: Draw, _: Known, __: date) -> Document:
    return {"units": {kind: amount(draw, 4) for kind in some(draw, ("cash", "newco"))}}


# Conversions


def convertible(known: Known) -> dict[str, dict[str, int]]:
    """Return the shares that holders may convert at their option today, by holder and series (3(a))."""
    charter, state = known.charter, known.state
    freed = state.elected and known.readings.ad_election is AdElection.UNLOCK_INDIVIDUAL
    held = known.held_of((*charter.optional, *(charter.electing if freed else ())))
    free: dict[str, dict[str, int]] = {}
    for holder, own in held.items():
        for name, shares in own.items():
            new = state.issued_today.get((holder, name), 0) if name in charter.optional else 0
            if shares > new:
                free.setdefault(holder, {})[name] = int(shares - new)
    return free


def conversion(draw: Draw, known: Known) -> Document | None:
    """Draw a holder and the shares that it converts, by series; None if nobody can."""
    free = convertible(known)
    if not free:
        return None
    holder = pick(draw, tuple(free))
    own = free[holder]
    return {"holder": holder, "shares": {n: up_to(draw, own[n] + known.slack) for n in some(draw, tuple(own))}}


def _convert(draw: Draw, known: Known, _: date) -> Document | None:
    return conversion(draw, known)


def election_consents(draw: Draw, known: Known) -> dict[str, dict[str, int]]:
    """Draw the shares in favour of an election of the class that converts together, by holder and series."""
    held = known.held_of(known.charter.electing)
    return {holder: {n: _in_favour(draw, known, s) for n, s in held[holder].items()} for holder in _who(draw, held)}


def series_consents(draw: Draw, known: Known, name: str) -> dict[str, int]:
    """Draw the shares in favour of a consent of one series, by holder."""
    held = known.held_of((name,))
    return {holder: _in_favour(draw, known, held[holder][name]) for holder in _who(draw, held)}


def _who(draw: Draw, held: Mapping[str, Any]) -> Sequence[str]:
    """Draw who consents: everybody, all but one, or one."""
    everybody = tuple(held)
    if len(everybody) < 2:
        return everybody
    index = below(draw, 2 * len(everybody) + 1)
    if index == 0:
        return everybody
    one = everybody[(index - 1) // 2]
    return (one,) if index % 2 else tuple(name for name in everybody if name != one)


def _in_favour(draw: Draw, known: Known, shares: int) -> int:
    return pick(draw, (shares, shares, shares // 2, 0, shares + known.slack))


def consenting_series(charter: Charter) -> tuple[str, ...]:
    """Name the series that a written consent of their holders converts (3(b))."""
    return tuple(series.name for series in charter.series if series.conversion_consent is not None)


def _elect_conversion(draw: Draw, known: Known, _: date) -> Document | None:
    if known.charter.class_election is None:
        return None
    return {"consents": election_consents(draw, known)}


def _consent_conversion(draw: Draw, known: Known, _: date) -> Document | None:
    names = consenting_series(known.charter)
    if not names:
        return None
    held = [name for name in names if known.outstanding(name)]
    name = pick(draw, held or names)
    return {"class": name, "consents": series_consents(draw, known, name)}


OFFERED = ("18", "1", "4.15", "5", "8.25", "12", "100")
"""Offering prices besides those at which a floor begins, $/share."""

OPTIONAL = ("secondary_shares", "underwriting", "form", "over_allotment", "discount", "priced_on")


def offering(draw: Draw, known: Known, day: date, since: date) -> Document:
    """Draw an offering that closes on a day: every second one large enough to convert, or just not.

    since: the earliest day on which it may have been priced.
    """
    terms = known.charter.public_offering
    price = _offering_price(draw, known)
    enough = 10 if terms is None else -int(-terms.minimum_aggregate.value // parse(price))
    primary = max(0, pick(draw, (enough, 1, enough - 1, enough + 1, 10, 0)))
    found: Document = {"price": price, "primary_shares": primary}
    for field in any_of(draw, OPTIONAL):
        if field == "secondary_shares":
            found[field] = pick(draw, (1, enough))
        elif field == "underwriting":
            found[field] = "best_efforts"
        elif field == "form":
            found[field] = "SB-2"
        elif field == "over_allotment":
            found |= {field: pick(draw, (1, primary // 10)), "over_allotment_counts": below(draw, 2) == 1}
        elif field == "discount":
            found[field] = part(draw, parse(price))
        else:
            found[field] = max(since, day - timedelta(days=below(draw, 5))).isoformat()
    return found


def _offering_price(draw: Draw, known: Known) -> str | int:
    split = known.state.position.common_split or Fraction(1)
    floors = [own.offering_floor.value for own in known.charter.series if own.offering_floor is not None]
    near = [shown(floor * factor / split, "8") for floor in floors for factor in (Fraction(1), Fraction(99, 100))]
    if seldom(draw):
        return amount(draw, 20, near, positive=True)
    return pick(draw, (*OFFERED, *near))


def _public_offering(draw: Draw, known: Known, day: date) -> Document:
    found = offering(draw, known, day, known.day)
    room = known.charter.authorized.common.value - known.outstanding(COMMON) + known.slack
    found["primary_shares"] = max(0, min(found["primary_shares"], room))
    if seldom(draw):
        found["to"] = pick(draw, _people(known))
    return found


def _fund_cash_amounts(draw: Draw, known: Known, _: date) -> Document:
    unpaid = sum((claim.unpaid for claim in known.state.cash), NOTHING)
    return {"amount": part(draw, unpaid) if unpaid else amount(draw, 20)}


def _transfer(draw: Draw, known: Known, _: date) -> Document | None:
    if not known.held:
        return None
    holder, stock = pick(draw, tuple(known.held))
    to = pick(draw, _people(known))
    return {"class": stock, "holder": holder, "to": to, "shares": up_to(draw, known.held[holder, stock] + known.slack)}


KINDS: Mapping[str, Callable[[Draw, Known, date], Document | None]] = MappingProxyType(
    {
        "issue": _issue,
        "transfer": _transfer,
        "split": _split,
        "stock_dividend": _stock_dividend,
        "declare_dividend": _declare_dividend,
        "pay_dividend": _pay_dividend,
        "convert": _convert,
        "elect_conversion": _elect_conversion,
        "consent_conversion": _consent_conversion,
        "public_offering": _public_offering,
        "fund_cash_amounts": _fund_cash_amounts,
        "issue_rights": _issue_rights,
        "change_rights": _change_rights,
        "exercise_rights": _exercise_rights,
        "expire_rights": _expire_rights,
        "distribute": _distribute,
        "recapitalize": _recapitalize,
    }
)
"""How each kind of event is drawn, the simplest first."""

WORDS = (*KINDS, "convert", "pay_dividend", "exercise_rights")
"""What is drawn from; some that only follow on others twice."""

INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "transfer": "issue",
        "stock_dividend": "issue",
        "pay_dividend": "declare_dividend",
        "convert": "issue",
        "change_rights": "issue_rights",
        "exercise_rights": "issue_rights",
        "expire_rights": "issue_rights",
    }
)
"""What happens where an event is not possible yet, so that it is later on."""


LOOKED_AHEAD = (events.PublicOffering, events.Convert, events.ElectConversion)
"""The events that have others of their day come before or after them, wherever they are written (AMB-43, AMB-140)."""


def history_after(
    draw: Draw, opening: State, readings: Readings, number: int, accepted: bool = True
) -> tuple[list[Document], State]:
    """Draw a history and return it with the state after what the engine accepts of it.

    opening: the state before; number: how many events are drawn; accepted: whether those that the engine refuses
    are left out.
    """
    charter = opening.position.charter
    documents: list[Document] = []
    happened: list[events.Event] = []
    state, latest = opening, Known(opening, readings).day
    for _ in range(number):
        known = Known(state, readings, 0 if accepted else 1)
        document = draw.apart(partial(_event, known=known, latest=latest))
        if document is None:
            continue
        typed, state = _entered(document, charter, state, readings)
        if typed is not None:
            happened.append(typed)
            latest = max(latest, typed.on)
        if typed is not None or not accepted:
            documents.append(document)
    if accepted and any(isinstance(own, LOOKED_AHEAD) for own in happened):
        return _together(documents, happened, opening, readings)
    return documents, state


def _event(draw: Draw, known: Known, latest: date) -> Document | None:
    """Draw an event on or after the latest day; None where it cannot happen."""
    word = pick(draw, WORDS)
    day = later(draw, latest)
    if known.slack and below(draw, 12) == 11:
        day = earlier(draw, latest)
    found = KINDS[word](draw, known, day)
    if found is None and word in INSTEAD:
        word = INSTEAD[word]
        found = KINDS[word](draw, known, day)
    return None if found is None else {"on": day.isoformat(), "do": word, **found}


def _entered(
    document: Document, charter: Charter, state: State, readings: Readings
) -> tuple[events.Event | None, State]:
    """Return an event and the state after it; no event and the state before it where the engine refuses it."""
    try:
        typed = read(document, charter, "event")
        after = history.fold(state, (typed,), readings)
    except (Refusal, history.RefusedEventError):
        return None, state
    return (typed, after) if _prices_fit(after) else (None, state)


def _prices_fit(state: State) -> bool:
    prices = state.prices.prices.values()
    return all(max(_bits(p.official), _bits(p.exact)) <= MAX_BITS for p in prices)


def _bits(price: Fraction) -> int:
    return max(price.numerator.bit_length(), price.denominator.bit_length())


def _together(
    documents: list[Document], happened: list[events.Event], opening: State, readings: Readings
) -> tuple[list[Document], State]:
    """Fold a history at once: of a day the text looks ahead to an offering and to the close of business."""
    while True:
        try:
            return documents, history.fold(opening, happened, readings)
        except history.RefusedEventError as error:
            documents, happened = documents[: error.index], happened[: error.index]
