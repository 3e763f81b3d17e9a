"""What the laws are made with: cases drawn without hypothesis' choices, how they are asked, and what is compared.

A law is a function of a case document that fails with an AssertionError where two answers, or two parts of one, do
not hold together. It knows no value beforehand: each answer is only compared with another one of the same engine.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import msgspec
import pytest

from reference.oracle import charters
from reference.oracle.answers import answer_plain
from reference.oracle.documents import read_case
from reference.oracle.histories import state_after
from reference.oracle.questions import MODULES
from reference.oracle.seeded import drawn
from reference.oracle.small_cases import exhaustive

Document: TypeAlias = dict[str, Any]
Law: TypeAlias = Callable[[Document], None]

QUESTIONS = tuple(MODULES)
COMMON = "common"
SERIES = ("A", "B", "C", "D", "E", "F")
ELECTING, OPTIONAL = SERIES[:4], SERIES[4:]
LONG_AGO = "1990-06-11"

MANY = pytest.mark.thorough


def drawn_cases(question: str, number: int, seed: int = 1, events: bool = True) -> Iterator[Document]:
    """Yield drawn cases of a question, always the same."""
    return (drawn(question, seed, index, events=events) for index in range(number))


def small_cases(question: str, every: int) -> Iterator[Document]:
    """Yield every so many of the small cases of a question."""
    return (case for index, case in enumerate(exhaustive(question)) if index % every == 0)


def ask(case: Document) -> Document:
    """Answer a case, as plain values."""
    reply: Document = msgspec.to_builtins(answer_plain(case))
    return reply


def answer(case: Document) -> Document:
    """Return the answer to a case that must not be refused."""
    reply = ask(case)
    assert reply["status"] == "answered", (case, reply["error"])
    found: Document = reply["answer"]
    return found


def outcome(case: Document) -> list[Any]:
    """Return the answer to a case with its amounts as numbers, or the code of its refusal."""
    reply = ask(case)
    if reply["status"] == "answered":
        return ["answered", numbers(reply["answer"])]
    return ["refused", reply["error"]["code"]]


def numbers(value: Any) -> Any:
    """Return plain values with every text that is an amount as a number."""
    if isinstance(value, dict):
        return {name: numbers(part) for name, part in value.items()}
    if isinstance(value, list):
        return [numbers(part) for part in value]
    if isinstance(value, str):
        try:
            return Fraction(value)
        except ValueError:
            return value
    return value


def same(case: Document, one: Any, other: Any) -> None:
    """Fail where two answers differ, with the place and the case."""
    assert one == other, (case, list(differences(one, other))[:5])


def differences(one: Any, other: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield where two values differ."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for name in dict.fromkeys((*one, *other)):
            yield from differences(one.get(name), other.get(name), f"{path}/{name}")
    elif isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differences(left, right, f"{path}/{index}")
    elif one != other:
        yield path, one, other


def asking(case: Document, question: str, **fields: Any) -> Document:
    """Return a case that asks another question of the same facts."""
    return {**case, "ask": {"question": question, **fields}}


def after(case: Document, *events: Document) -> Document:
    """Return a case with more events."""
    return {**case, "events": [*case.get("events", []), *events]}


def under(case: Document, **readings: str) -> Document:
    """Return a case under other readings."""
    return {**case, "readings": {**case.get("readings", {}), **readings}}


def reading(case: Document, name: str, default: str) -> str:
    """Return the option that a case chooses."""
    found: str = case.get("readings", {}).get(name, default)
    return found


def last_day(case: Document) -> str | None:
    """Return the day of the last event, or of the position."""
    found: str | None = case["events"][-1]["on"] if case.get("events") else case["position"].get("as_of")
    return found


def state_of(case: Document) -> Any:
    """Return the engine's state after the events of a case."""
    typed = read_case(case)
    return state_after(typed, charters.load(typed.charter))


def above_zero(amounts: Mapping[str, Any]) -> dict[str, Fraction]:
    """Return amounts as numbers, without those that are nothing."""
    found = {name: Fraction(str(amount)) for name, amount in amounts.items()}
    return {name: amount for name, amount in found.items() if amount}


def times(amount: Any, factor: Fraction) -> str | int:
    """Return an amount or a count, multiplied."""
    found = Fraction(str(amount)) * factor
    return found.numerator if isinstance(amount, int) and found.denominator == 1 else str(found)


def table(*holdings: tuple[str, str, int], **position: Any) -> Document:
    """Return a case that asks nothing yet, of these holdings: holder, class, shares; with `events`, `readings`."""
    listed = [{"holder": holder, "class": stock, "shares": shares} for holder, stock, shares in holdings]
    found: Document = {"case": "law", "charter": "quintus-1999"}
    for name in ("events", "readings", "ask", "charter"):
        if name in position:
            found[name] = position.pop(name)
    return {**found, "position": {"as_of": "1999-08-24", "holdings": listed, **position}}


def copied(case: Document) -> Document:
    """Return a copy of a case that may be changed."""
    return copy.deepcopy(case)
