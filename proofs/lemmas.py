"""Theorems that rest on others: a lemma that is not proved leaves open what rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from proofs.results import Result, Theorem, Verdict


def with_lemmas(ids: Iterable[str], theorems: Iterable[Theorem]) -> frozenset[str]:
    """Return the ids of theorems and of all that they rest on, however far."""
    rests_on = {theorem.id: theorem.rests_on for theorem in theorems}
    found: set[str] = set()
    open_ones = list(ids)
    while open_ones:
        name = open_ones.pop()
        if name not in found:
            found.add(name)
            open_ones += rests_on.get(name, ())
    return frozenset(found)


def settled(results: Sequence[Result]) -> list[Result]:
    """Return results in which nothing is PROVED that rests on a theorem of these that is not."""
    found = {result.theorem.id: result for result in results}
    while opened := [
        result for result in found.values() if result.verdict is Verdict.PROVED and _missing(result, found)
    ]:
        for result in opened:
            lemma = _missing(result, found)
            detail = f"it rests on {lemma}, which is not proved"
            found[result.theorem.id] = replace(result, verdict=Verdict.UNKNOWN, witness=None, detail=detail)
    return list(found.values())


def _missing(result: Result, found: Mapping[str, Result]) -> str | None:
    """Name the first theorem that a result rests on and that is not proved."""
    lemmas = (found[name] for name in result.theorem.rests_on if name in found)
    return next((lemma.theorem.id for lemma in lemmas if lemma.verdict is not Verdict.PROVED), None)
