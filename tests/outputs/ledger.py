"""Histories in closed form: what has become of a case when its question is asked."""

from __future__ import annotations

from tests.outputs.facts import Document, Facts, at_opening


def facts_of(document: Document) -> Facts:
    """Return the facts of a case after its events."""
    if document.get("events"):
        raise NotImplementedError("events")
    return at_opening(document)
