"""What a run has found so far, in memory that does not grow with the number of cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from reference.oracle.verify.diagnosis import Explanation
from reference.oracle.verify.judging import Document, Kind, Outcome

MOST_REASONS = 100
MOST_BUNCHES = 500
OTHER = "other reasons"


@dataclass(frozen=True)
class Example:
    """Hold a case with what became of it, and what explains that."""

    document: Document
    outcome: Outcome
    explanations: tuple[Explanation, ...] = ()
    shrunk: bool = False

    @property
    def size(self) -> int:
        """Return how long the case is, bytes."""
        return len(msgspec.json.encode(self.document))


@dataclass
class Bunch:
    """Count cases that differ or fail alike, and keep the smallest of them."""

    example: Example
    by_question: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """Return how many there are."""
        return self.by_question.total()

    def add(self, example: Example) -> None:
        """Count a case."""
        self.by_question[example.document["ask"]["question"]] += 1
        if example.size < self.example.size:
            self.example = example


@dataclass(frozen=True)
class Group:
    """Hold the differences that one explanation covers; None if nothing known explains them."""

    explanation: Explanation | None
    by_question: Counter[str]
    example: Example
    also: tuple[Explanation, ...] = ()

    @property
    def count(self) -> int:
        """Return how many cases there are."""
        return self.by_question.total()


@dataclass
class Tally:
    """Count outcomes by question, and bunch those that are not as they should be."""

    by_question: dict[str, Counter[Kind]] = field(default_factory=dict)
    rounded: int = 0
    not_asked: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    bunches: dict[tuple[str, ...], Bunch] = field(default_factory=dict)
    failures: dict[str, Bunch] = field(default_factory=dict)
    known: dict[str, Explanation] = field(default_factory=dict)

    def count(self, kind: Kind) -> int:
        """Return how many cases had an outcome of a kind."""
        return sum(own[kind] for own in self.by_question.values())

    @property
    def asked(self) -> int:
        """Return how many cases the tool was asked."""
        return sum(own.total() for own in self.by_question.values())

    @property
    def compared(self) -> int:
        """Return in how many cases there was something to compare."""
        return self.count(Kind.AGREES) + self.count(Kind.DIFFERS)

    def leave_out(self, reason: str) -> None:
        """Count a case that the tool was not asked."""
        _count(self.not_asked, reason)

    def add(self, example: Example) -> None:
        """Count a case that the tool was asked."""
        outcome = example.outcome
        self.by_question.setdefault(example.document["ask"]["question"], Counter())[outcome.kind] += 1
        self.rounded += outcome.rounded
        if outcome.kind is Kind.SKIPPED:
            _count(self.skipped, outcome.says)
        elif outcome.kind is Kind.ERRORED:
            self.failures.setdefault(outcome.code, Bunch(example)).add(example)
        elif outcome.kind is Kind.DIFFERS:
            self._bunch(example)

    def _bunch(self, example: Example) -> None:
        for own in example.explanations:
            self.known.setdefault(own.id, own)
        key = tuple(own.id for own in example.explanations) or _unexplained(
            example.outcome, example.document["ask"]["question"]
        )
        if key not in self.bunches and len(self.bunches) >= MOST_BUNCHES:
            key = key[:1]
        self.bunches.setdefault(key, Bunch(example)).add(example)

    def groups(self) -> list[Group]:
        """Return the differences, each under the explanation that covers most, the largest group first."""
        left = dict(self.bunches)
        found = []
        while covering := _coverings(left):
            best = max(covering, key=lambda own: covering[own])
            own = [bunch for key, bunch in left.items() if best in key]
            left = {key: bunch for key, bunch in left.items() if best not in key}
            found.append(self._group(own, self.known[best]))
        found += [self._group([bunch], None) for bunch in left.values()]
        return sorted(found, key=lambda group: -group.count)

    def _group(self, bunches: Sequence[Bunch], explanation: Explanation | None) -> Group:
        example = min((bunch.example for bunch in bunches), key=lambda own: own.size)
        everywhere = set.intersection(*({own.id for own in bunch.example.explanations} for bunch in bunches))
        also = tuple(own for own in example.explanations if own != explanation and own.id in everywhere)
        return Group(explanation, sum((bunch.by_question for bunch in bunches), Counter()), example, also)


def _unexplained(outcome: Outcome, question: str) -> tuple[str, ...]:
    """Return what bunches the cases that nothing explains; the key names no explanation."""
    return ("", outcome.code) if outcome.says else ("", outcome.code, question)


def _coverings(bunches: dict[tuple[str, ...], Bunch]) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, bunch in bunches.items():
        if key[0]:
            for name in key:
                found[name] += bunch.count
    return found


def _count(counter: Counter[str], reason: str) -> None:
    counter[reason if reason in counter or len(counter) < MOST_REASONS else OTHER] += 1
