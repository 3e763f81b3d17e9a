"""Small cases of the shipped charter, all of them: every cap table of up to two shares of a few classes.

They come in a fixed order, need no library besides, and every one is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from types import MappingProxyType
from typing import Any, TypeAlias

from reference.charter import COMMON
from reference.oracle.questions import MODULES

Document: TypeAlias = dict[str, Any]
Counts: TypeAlias = Mapping[str, int]
"""Shares by class."""

CHARTER = "quintus-1999"

MOST = 2
"""The most shares of a class."""

DAY = "1999-08-24"
NEXT_DAY = "1999-08-25"
DUE, LATE = "1999-09-04", "1999-09-05"


def exhaustive(question: str) -> Iterator[Document]:
    """Yield every small case of one question, in a fixed order.

    Each class that matters to the question has from none to two shares, held by one holder for each class; each
    such cap table is asked a few simple questions. Raise ValueError for a question that there is not.
    """
    if question not in MODULES:
        raise ValueError(f"{question} is no question; these are: {', '.join(MODULES)}")
    return _cases(question)


def _cases(question: str) -> Iterator[Document]:
    number = 0
    names = CLASSES[question]
    for shares in product(range(MOST + 1), repeat=len(names)):
        counts = dict(zip(names, shares, strict=True))
        for parts in ASKED[question](counts):
            number += 1
            yield {
                "case": f"{question}-{number}",
                "charter": CHARTER,
                "position": {"as_of": DAY, "holdings": _holdings(counts)},
                **parts,
                "ask": {"question": question, **parts["ask"]},
            }


def _holdings(counts: Counts) -> list[Document]:
    return [{"holder": holder_of(name), "class": name, "shares": n} for name, n in counts.items() if n]


def holder_of(name: str) -> str:
    """Name the holder of a class."""
    return "founders" if name == COMMON else f"holder of {name}"


def _asks(asks: Iterable[Document]) -> list[Document]:
    return [{"ask": ask} for ask in asks]


def _liquidation(_: Counts) -> list[Document]:
    asks: list[Document] = [{"assets": assets} for assets in (0, 3, "8.25", 20, 45, 100)]
    asks += [{"assets": assets, "elect": True} for assets in (3, 20, 45)]
    return _asks([*asks, {"assets": 45, "conversions": "as_held"}, {"assets": 45, "elect": "in_interest"}])


def _breakpoints(_: Counts) -> list[Document]:
    return _asks([{}, {"conversions": "as_held"}, {"conversions": {"E": True}}, {"elect": True}])


ISSUE: Document = {"on": NEXT_DAY, "do": "issue", "class": COMMON, "holder": "new", "shares": 2, "consideration": 1}
SPLIT: Document = {"on": NEXT_DAY, "do": "split", "class": COMMON, "ratio": 2}
RIGHTS: Document = {"on": NEXT_DAY, "do": "issue_rights", "rights": "w", "shares": 2, "exercise_price": "1/2"}
EXERCISE: Document = {"on": LATE, "do": "exercise_rights", "rights": "w", "holder": "new", "shares": 1}
EXPIRY: Document = {"on": LATE, "do": "expire_rights", "rights": "w"}
HISTORIES: tuple[tuple[Document, ...], ...] = (
    (),
    (ISSUE,),
    (SPLIT, ISSUE),
    (RIGHTS,),
    (RIGHTS, EXERCISE),
    (RIGHTS, EXERCISE, EXPIRY),
)


def _after_histories(_: Counts) -> list[Document]:
    return [{**({"events": [dict(event) for event in events]} if events else {}), "ask": {}} for events in HISTORIES]


def _conversion(counts: Counts) -> list[Document]:
    by_choice: list[Document] = [
        {"holder": holder_of("E"), "shares": {"E": shares}} for shares in range(counts["E"] + 1)
    ]
    elections: list[Document] = [
        {"consents": {holder_of("A"): {"A": of_a}, holder_of("B"): {"B": of_b}}}
        for of_a in range(counts["A"] + 1)
        for of_b in range(counts["B"] + 1)
    ]
    consents: list[Document] = [{"consents": {holder_of("E"): {"E": shares}}} for shares in range(counts["E"] + 1)]
    return _asks([*by_choice, *elections, *consents])


def _public_offering(_: Counts) -> list[Document]:
    sold = (("18", 2_222_223), ("18", 2_222_222), ("10", 4_000_000), ("5", 8_000_000), ("1", 1))
    return _asks({"on": NEXT_DAY, "price": price, "primary_shares": shares} for price, shares in sold)


def _cash_amounts(counts: Counts) -> list[Document]:
    consents = {holder_of(name): {name: shares} for name, shares in counts.items() if shares}
    election: Document = {"on": DAY, "do": "elect_conversion", "consents": consents}
    asks: tuple[Document, ...] = ({}, {"funds": [1]}, {"funds": ["1/2", 2]}, {"on": DUE}, {"on": LATE, "funds": [20]})
    return [{"events": [dict(election)], "ask": ask} for ask in asks]


def _dividend(_: Counts) -> list[Document]:
    declared = ({"A": "0.20"}, {"A": "0.20", "F": "1.65"}, {"A": "0.20", "F": "1.65", COMMON: "0.1"}, {COMMON: 1})
    asks: list[Document] = [{"declare": dict(each)} for each in declared]
    asks += [{"pool": 1}, {"pool": 4}, {"total": 1}, {"total": 6}]
    return _asks({"on": NEXT_DAY, **ask} for ask in asks)


def _distribution(_: Counts) -> list[Document]:
    return _asks([{"units": 0}, {"units": 10}, {"per_common": "1/3"}, {"units": 10, "payable": "indebtedness"}])


def _votes(counts: Counts) -> list[Document]:
    voting = [holder_of(name) for name, shares in counts.items() if shares]
    motions = [{"in_favour": voting[:number]} for number in range(len(voting) + 1)]
    return _asks([{}, *motions, {"in_favour": voting[:1], "class_votes": [["A", "C"], [COMMON]]}])


def _directors(_: Counts) -> list[Document]:
    return _asks({"directors": number} for number in (1, 5, 6, 7))


ACTS: tuple[Document, ...] = (
    {"kind": "amendment", "provisions": ["2(b)"]},
    {"kind": "amendment", "adverse_to": ["A"], "differently": ["A"]},
    {"kind": "create_stock"},
    {"kind": "merger"},
    {"kind": "change_authorized", "class": COMMON, "number": 50_000_000},
)


def _approvals(counts: Counts) -> list[Document]:
    holders = [holder_of(name) for name, shares in counts.items() if shares]
    return _asks({"act": dict(act), "consents": holders[:1], "coalitions": True} for act in ACTS)


def _reserve(_: Counts) -> list[Document]:
    offerings = (("18", 2_222_223), ("1", 39_999_990), ("1/2", 40_000_000))
    return _asks([{}, *({"offering": {"price": price, "shares": shares}} for price, shares in offerings)])


def _notice(_: Counts) -> list[Document]:
    asked: tuple[Document, ...] = ({}, {"mailed": "1999-10-12"}, {"mailed": "1999-10-13"})
    return _asks(
        {"kind": kind, "record_date": "1999-11-01", **more}
        for kind in ("distribution", "cash_dividend")
        for more in asked
    )


ASKED: Mapping[str, Callable[[Counts], list[Document]]] = MappingProxyType(
    {
        "liquidation": _liquidation,
        "breakpoints": _breakpoints,
        "position": _after_histories,
        "conversion_prices": _after_histories,
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
"""What each cap table is asked: the question's fields, and the events before it."""

CLASSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "liquidation": ("A", "E", "F", COMMON),
        "breakpoints": ("A", "E", "F", COMMON),
        "position": ("A", "E", COMMON),
        "conversion_prices": ("A", "E", COMMON),
        "conversion": ("A", "B", "E"),
        "public_offering": ("A", "E", "F", COMMON),
        "cash_amounts": ("A", "B", "D"),
        "dividend": ("A", "F", COMMON),
        "distribution": ("A", "E", COMMON),
        "votes": ("A", "C", COMMON),
        "directors": ("A", "C", "E", COMMON),
        "approvals": ("A", "E", "F", COMMON),
        "reserve": ("A", "E", "F", COMMON),
        "notice": ("A", "F", COMMON),
    }
)
"""The classes that matter to each question."""
