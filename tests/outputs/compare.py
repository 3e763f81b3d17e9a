"""Compare the answer to a case with what the closed forms say, every field of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from reference.oracle import questions
from reference.oracle.leaves import fields_of, leaves
from tests.oracle.cases import ask
from tests.outputs.shapes import written

Document = Mapping[str, Any]
Expected = dict[str, Any]
"""What an answer holds by place, `by_class.A.total`: numbers, yes or no, dates, names."""


UNSTATED = "unstated"
"""Stands for what the certificate says nothing about, and any answer may hold: what a share gets that nobody has."""


class NoAnswerError(Exception):
    """Say with which code the closed forms refuse an answer: no numbers satisfy them."""


class Module(Protocol):
    """What the module of a question provides.

    LABELS: the fields that hold words about others and no number, yes or no, date or list of their own, each with
    the reason; every other field has its closed forms in `symbolic.outputs`. EXAMPLES: cases that show every field;
    expected: the values by place, those of LABELS left out. A module may have `arranged` besides, which puts what
    an answer to a document lists in no particular order into one.
    """

    LABELS: Mapping[str, str]
    EXAMPLES: tuple[Document, ...]
    expected: Callable[[Document], Expected]


def module_of(question: str) -> Any:
    """Return the module of a question."""
    return import_module(f"tests.outputs.{question}")


@dataclass(frozen=True)
class Compared:
    """Hold the differences on a case, and every value that was compared, by field."""

    differences: list[str]
    values: dict[str, list[Any]]


def compared(document: Document) -> Compared:
    """Compare every field of the answer to a case."""
    question = document["ask"]["question"]
    module: Module = module_of(question)
    reply = ask(dict(document))
    try:
        expected = {place: written(value) for place, value in module.expected(document).items()}
    except NoAnswerError as error:
        code = reply.get("error", {}).get("code", "answered")
        return Compared([] if code == str(error) else [f"refused: {code} and {error}"], {})
    if reply["status"] != "answered":
        return Compared([f"refused: {reply['error']['code']} and an answer"], {})
    arranged = getattr(module, "arranged", lambda answer, _: answer)
    answer = arranged(reply["answer"], document)
    found = leaves(questions.module(question).Answer, answer)
    differences = []
    values: dict[str, list[Any]] = {}
    for leaf in found:
        if leaf.field in module.LABELS:
            continue
        values.setdefault(leaf.field, []).append(leaf.value)
        if leaf.path not in expected:
            differences.append(f"{leaf.path}: {leaf.value} and nothing")
        elif expected[leaf.path] not in (leaf.value, UNSTATED):
            differences.append(f"{leaf.path}: {leaf.value} and {expected[leaf.path]}")
    places = {leaf.path for leaf in found}
    differences += [f"{place}: nothing and {value}" for place, value in expected.items() if place not in places]
    return Compared(differences, values)


def differences(document: Document) -> list[str]:
    """List where the engine's answer and the closed forms differ; empty if nowhere."""
    return compared(document).differences


def fields(question: str) -> tuple[str, ...]:
    """Name every field of the answers to a question."""
    return fields_of(questions.module(question).Answer)
