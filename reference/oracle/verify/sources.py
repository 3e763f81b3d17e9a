"""Where cases come from: all small ones and drawn ones, a file of cases, or vectors with their answers."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import UNSET

from reference.oracle.documents import read_case
from reference.oracle.questions import MODULES
from reference.oracle.refusals import Refusal
from reference.oracle.seeded import drawn
from reference.oracle.small_cases import exhaustive
from reference.oracle.streams import documents
from reference.oracle.verify.judging import Document, Expected
from reference.oracle.verify.mistakes import CATALOGUE
from reference.oracle.verify.protocol import ALL, Capabilities


@dataclass(frozen=True)
class Sourced:
    """Hold a case; expected: what it must come to, where that is given; free: whether its readings may be replaced."""

    document: Document
    expected: Expected | None = None
    free: bool = False


@dataclass(frozen=True)
class Generated:
    """Say which cases are generated: first those that known mistakes and readings turn on, and all small ones.

    After them a number of drawn ones.
    """

    questions: tuple[str, ...] = tuple(MODULES)
    small: bool = True
    number: int = 1000
    seed: int = 0
    events: bool = True

    def __call__(self, capabilities: Capabilities) -> Iterator[Sourced]:
        """Yield the cases, one question after the other in turn, of those that a tool answers."""
        able = capabilities.questions
        names = self.questions if able is UNSET else tuple(name for name in self.questions if name in able)
        events = self.events and capabilities.events != []
        if self.small:
            yield from (Sourced(own, free=True) for own in telling_cases() if own["ask"]["question"] in names)
            yield from (Sourced(own, free=True) for own in in_turn([exhaustive(name) for name in names]))
        for place in range(self.number if names else 0):
            question = names[place % len(names)]
            yield Sourced(drawn(question, self.seed, place // len(names), events=events), free=True)


@cache
def reading_cases() -> tuple[Document, ...]:
    """Return, for each option of each reading that is not the default, a small case that turns on it."""
    text = files(__package__).joinpath("reading_cases.jsonl").read_bytes()
    return tuple(msgspec.json.decode(line) for line in text.splitlines())


def telling_cases() -> Iterator[Document]:
    """Yield the cases that known mistakes and readings turn on, named after them."""
    yield from ({**own.example, "case": f"mistake {own.id}"} for own in CATALOGUE)
    yield from reading_cases()


def in_turn(sources: Sequence[Iterable[Document]]) -> Iterator[Document]:
    """Yield from each source in turn, as long as one has any."""
    left = [iter(own) for own in sources]
    while left:
        for own in list(left):
            found = next(own, None)
            if found is None:
                left.remove(own)
            else:
                yield found


def from_file(name: str, capabilities: Capabilities = ALL) -> Iterator[Sourced]:
    """Yield the cases of a file, or of standard input for "-".

    Raise Refusal for a file that cannot be read, has no case, or has one that is none, with the line it starts on.
    """
    try:
        if name == "-":
            yield from _cases(sys.stdin.buffer)
        else:
            with Path(name).open("rb") as source:
                yield from _cases(source)
    except OSError as error:
        raise Refusal("unreadable_file", "", f"{name} cannot be read: {error.strerror}.") from None


def _cases(source: BinaryIO) -> Iterator[Sourced]:
    for number, found in zip(count(1), documents(source), strict=False):
        try:
            document = found.document()
            read_case(document)
        except Refusal as refusal:
            says = f"Case {number}, from line {found.number}: {refusal.message}"
            raise Refusal(refusal.code, "", says, refusal.clause) from None
        yield Sourced(document)
