"""Questions, drawn with knowledge of who holds what, so that nearly all of them are answered.

Each function here draws what one question asks, without its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import get_args

from reference.approvals import PREFERRED, ActKind
from reference.charter import COMMON
from reference.distributions import Payable
from reference.notices import RecordKind
from reference.oracle.drawn_events import (
    consenting_series,
    conversion,
    election_consents,
    offering,
    series_consents,
)
from reference.oracle.drawn_values import (
    Document,
    Draw,
    Known,
    amount,
    any_of,
    below,
    earlier,
    later,
    pick,
    seldom,
    shown,
    some,
    subsets,
    up_to,
)
from reference.oracle.questions.approvals import MATTERS
from reference.position import NOTHING
from reference.readings import CapMode, EfConversion, InKindGate, Year

THOUSANDS = 100_000
"""Where there are many shares, amounts are in these, $."""


# Liquidation


def _liquidation(draw: Draw, known: Known) -> Document:
    found = _conversions(draw, known)
    chooses = _chooses(known, found)
    found = {"assets": _assets(draw, known), **found, **_elect(draw, known, ("in_interest",) if chooses else ())}
    for field in any_of(draw, ("noncash", "legally_available", "event")):
        if field == "noncash":
            found[field] = [amount(draw, 20) for _ in range(1 + below(draw, 2))]
        elif field == "legally_available":
            found[field] = _assets(draw, known)
        else:
            found[field] = _event(draw, known)
    return found


def _assets(draw: Draw, known: Known) -> str | int:
    """Draw assets, $: few, about what is owed in all, or exactly what some class is owed."""
    prices = {series.name: series.original_issue_price.value for series in known.charter.series}
    owed = [known.outstanding(name) * price for name, price in prices.items() if known.outstanding(name)]
    total = sum(owed, NOTHING)
    ties = [shown(each) for each in (*owed, total) if each]
    drawn = amount(draw, 400, ties)
    if isinstance(drawn, int) and total > THOUSANDS:
        return drawn * THOUSANDS
    return drawn


def _conversions(draw: Draw, known: Known, may_choose: bool = True) -> Document:
    """Draw who converts, where the readings leave it open (AMB-22); may_choose: whether holders may be left to it."""
    reading = known.readings.ef_conversion
    words: list[Document] = []
    if reading is not EfConversion.GIVEN and (may_choose or reading is not EfConversion.EQUILIBRIUM):
        words += [{}]
    words += [{"conversions": "as_held"}]
    if reading is not EfConversion.DOUBLE_DIP and may_choose:
        words += [{"conversions": "equilibrium"}]
    names = subsets(known.charter.optional[:3], 3)
    words += [{"conversions": dict.fromkeys(own, True)} for own in names]
    words += [{"conversions": dict.fromkeys(own, False)} for own in names[1:2]]
    return pick(draw, words)


def _chooses(known: Known, found: Document) -> bool:
    """Say whether holders convert as they choose."""
    chosen = found.get("conversions")
    return chosen == "equilibrium" or (chosen is None and known.readings.ef_conversion is EfConversion.EQUILIBRIUM)


def _elect(draw: Draw, known: Known, more: tuple[str, ...] = ()) -> Document:
    options: tuple[Document, ...] = ({}, {"elect": False})
    if known.charter.class_election is not None:
        options = ({}, {"elect": True}, *({"elect": word} for word in more), {"elect": False})
    return pick(draw, options)


def _event(draw: Draw, known: Known) -> Document:
    """Draw an event that is a liquidation under any reading (2(c))."""
    over_half = pick(draw, ("1", "0.51", "3/4"))
    if known.charter.deemed_liquidation is None:
        return {"kind": "dissolution"}
    return pick(
        draw,
        (
            {"kind": "dissolution"},
            {"kind": "asset_sale"},
            {"kind": "merger", "voting_power_disposed": over_half},
            {"kind": "merger", "counterparty": "buyer", "voting_power_disposed": over_half},
            {"kind": "voting_power", "voting_power_disposed": over_half},
        ),
    )


def _breakpoints(draw: Draw, known: Known) -> Document:
    # Only under this reading of the caps are the levels at which holders choose in order (AMB-19).
    may_choose = known.readings.cap_mode is CapMode.INDIVIDUAL
    return {**_conversions(draw, known, may_choose), **_elect(draw, known)}


# The state of a history


def _on(draw: Draw, known: Known) -> Document:
    return {"on": later(draw, known.day).isoformat()} if below(draw, 2) else {}


def _cash_amounts(draw: Draw, known: Known) -> Document:
    unpaid = sum((claim.unpaid for claim in known.state.cash), NOTHING)
    ties = [shown(unpaid * factor) for factor in (Fraction(1), Fraction(1, 2), Fraction(1, 3)) if unpaid]
    funds = [amount(draw, 30, ties) for _ in range(below(draw, 4))]
    return {**_on(draw, known), **({"funds": funds} if funds else {})}


def _conversion(draw: Draw, known: Known) -> Document:
    found = _consents(draw, known) if below(draw, 2) else None
    if found is None:
        found = conversion(draw, known) or {"holder": pick(draw, known.holders or ("nobody",)), "shares": {}}
    # What was issued today converts at its holder's option from tomorrow on: the same shares and others.
    return {**_on(draw, known), **found}


def _consents(draw: Draw, known: Known) -> Document | None:
    """Draw a consent to convert: of the class that converts together, or of one series."""
    charter = known.charter
    choices = [*(name for name in consenting_series(charter) if known.outstanding(name))]
    if known.held_of(charter.electing):
        choices = ["", *choices]
    if not choices:
        return None
    name = pick(draw, choices)
    if not name:
        return {"consents": election_consents(draw, known)}
    return {"consents": {holder: {name: shares} for holder, shares in series_consents(draw, known, name).items()}}


def _public_offering(draw: Draw, known: Known) -> Document:
    day = later(draw, known.day)
    return {"on": day.isoformat(), **offering(draw, known, day, known.day)}


# Dividends and distributions


def _dividend(draw: Draw, known: Known) -> Document:
    day = later(draw, known.day)
    found: Document = {"on": day.isoformat()}
    names = tuple(series.name for series in known.charter.series)
    rates = [shown(series.dividend_rate.value) for series in known.charter.series]
    choice = pick(draw, ("declare", "total", "pool"))
    if choice == "declare":
        classes = some(draw, (COMMON, *names), 3)
        if below(draw, 4) == 3:
            classes = (*names, COMMON)
        found[choice] = {name: amount(draw, 2, rates) for name in classes}
    else:
        owed = [known.outstanding(series.name) * series.dividend_rate.value for series in known.charter.series]
        found[choice] = amount(draw, 60, [shown(sum(owed, NOTHING)), shown(max(owed, default=NOTHING))])
    more = ("issued", "fiscal_month", "part_of_year", "payable") if choice == "declare" else OF_A_YEAR
    fields = any_of(draw, more)
    if "issued" in fields:
        found["issued"] = {name: earlier(draw, day).isoformat() for name in some(draw, names)}
    if "fiscal_month" in fields or known.readings.year is Year.FISCAL:
        found["fiscal_month"] = 1 + below(draw, 12)
    if "part_of_year" in fields:
        found["part_of_year"] = pick(draw, (1, "1/2", "0.25", "1/365", "99/100"))
    if "payable" in fields:
        found["payable"] = pick(draw, get_args(Payable))
    return found


OF_A_YEAR = ("issued", "fiscal_month", "part_of_year")


def _distribution(draw: Draw, known: Known) -> Document:
    field = pick(draw, ("units", "per_common"))
    found: Document = {field: amount(draw, 100)}
    if below(draw, 3) == 2:
        found["payable"] = pick(draw, get_args(Payable))
    if known.readings.in_kind_gate is InKindGate.BOTH or seldom(draw):
        found["on"] = later(draw, known.day).isoformat()
    if known.readings.year is Year.FISCAL or seldom(draw):
        found["fiscal_month"] = 1 + below(draw, 12)
    return found


# Votes


def _some_holders(draw: Draw, known: Known) -> list[str]:
    return list(any_of(draw, known.holders[:6], 6))


def _classes(known: Known) -> tuple[str, ...]:
    return (COMMON, *(series.name for series in known.charter.series))


def _votes(draw: Draw, known: Known) -> Document:
    groups = below(draw, 4)
    if groups == 0:
        return {}
    apart = [list(some(draw, _classes(known), 3)) for _ in range(groups - 1)]
    return {"in_favour": _some_holders(draw, known), **({"class_votes": apart} if apart else {})}


def _directors(draw: Draw, _: Known) -> Document:
    return {"directors": 1 + below(draw, 13)}


PROVISIONS = (
    "2(b)",
    "3(b)(ii)",
    "3(b)(iii)",
    "6(a)",
    "6(c)",
    "6(d)",
    "6(e)",
    "IV.C.4",
    "IV.B",
    "IV",
    "5",
    "X",
    "2(a)(i)",
)

COUNTERPARTIES = ("other", "wholly_owned_subsidiary", "parent")


def _approvals(draw: Draw, known: Known) -> Document:
    found: Document = {"act": _act(draw, known)}
    consents = _some_holders(draw, known)
    if consents:
        found["consents"] = consents
    for field in any_of(draw, ("class_votes", "coalitions")):
        found[field] = True
    return found


def _act(draw: Draw, known: Known) -> Document:
    kind: ActKind = pick(draw, get_args(ActKind))
    act: Document = {"kind": kind}
    if kind in MATTERS["class"]:
        names = (PREFERRED, *_classes(known))
        act["class"] = pick(draw, tuple(n for n in names if n != COMMON) if kind == "redemption" else names)
    if kind in MATTERS["by_board"] and below(draw, 3) == 2:
        act |= _by_board(draw, known, kind)
    elif kind in MATTERS["number"] and below(draw, 2):
        act["number"] = _new_number(draw, known, act.get("class"))
    if kind in MATTERS["counterparty"]:
        act |= pick(draw, ({}, *({"counterparty": party} for party in COUNTERPARTIES)))
    if kind == "voting_power":
        act["voting_power_disposed"] = pick(draw, ("1", "1/2", "0.51", 0))
    for field in any_of(draw, ("provisions", "adverse_to", "differently", "vote_by_law", "subordinate")):
        if field == "provisions":
            act[field] = list(some(draw, PROVISIONS))
        elif field == "vote_by_law":
            act[field] = True
        elif field == "subordinate":
            act |= {field: True} if kind in MATTERS[field] else {}
        else:
            act[field] = list(some(draw, _classes(known)))
    return act


def _by_board(draw: Draw, known: Known, kind: str) -> Document:
    """Draw what the Board may do by itself: create a series of undesignated Preferred, or resize a later one (IV.B)."""
    charter = known.charter
    free = charter.authorized.preferred.value - sum(series.authorized.value for series in charter.series)
    if kind == "create_stock":
        return {"by_board": True, "number": up_to(draw, free, 0)}
    return {"by_board": True, "class": "G", "number": below(draw, 10)}


def _new_number(draw: Draw, known: Known, stock: str | None) -> int:
    """Draw an authorised number that is no less than what is outstanding."""
    named = tuple(series.name for series in known.charter.series) if stock in (None, PREFERRED) else (stock,)
    there = sum(known.outstanding(name) for name in named if name is not None)
    return there + pick(draw, (0, 1, 1000, 10_000_000))


# Reserve and notice


def _reserve(draw: Draw, known: Known) -> Document:
    if not below(draw, 3):
        return {}
    drawn = offering(draw, known, known.day, known.day)
    return {"offering": {"price": drawn["price"], "shares": drawn["primary_shares"]}}


def _notice(draw: Draw, known: Known) -> Document:
    record = later(draw, known.day)
    found: Document = {"kind": pick(draw, get_args(RecordKind)), "record_date": record.isoformat()}
    if below(draw, 2):
        found["mailed"] = _mailed(draw, known, record).isoformat()
    return found


def _mailed(draw: Draw, known: Known, record: date) -> date:
    """Draw the day of a mailing: about the last one that is in time."""
    days = 20 if known.charter.notice is None else known.charter.notice.days.value
    back = pick(draw, (days, days - 1, days + 1, 0))
    return date.fromordinal(max(1, record.toordinal() - back))


ASKS: Mapping[str, Callable[[Draw, Known], Document]] = MappingProxyType(
    {
        "liquidation": _liquidation,
        "breakpoints": _breakpoints,
        "position": _on,
        "conversion_prices": _on,
        "conversion": _conversion,
        "public_offering": _public_offering,
        "cash_amounts": _cash_amounts,
        "dividend": _dividend,
        "distribution": _distribution,
        "votes": _votes,
        "directors": _directors,
        "approvals": _approvals,
        "reserve": _reserve,
        "notice": _notice,
    }
)
"""How each question is drawn."""


def ask(draw: Draw, name: str, known: Known) -> Document:
    """Draw what a question of a name asks of a state."""
    return {"question": name, **ASKS[name](draw, known)}
