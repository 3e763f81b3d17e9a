"""The JSON Schemas of the documents, derived from the types that read and write them."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

import msgspec

from reference.charter import Charter
from reference.oracle import event_documents, questions
from reference.oracle.charters import amount_schema
from reference.oracle.documents import Case, PositionDocument
from reference.oracle.replies import Answered, Refused
from reference.oracle.verify.protocol import Capabilities, ToolReply
from reference.oracle.verify.results import Results
from reference.oracle.verify.tables import TableMap
from reference.oracle.verify.vectors import Vectors
from reference.readings import Readings

REFERENCE = "#/$defs/{name}"


def _documents() -> dict[str, tuple[Any, str]]:
    known: dict[str, tuple[Any, str]] = {
        "case": (Case, "A case document: what `charterproof answer` reads."),
        "answer": (Answered, "The answer to a case."),
        "refusal": (Refused, "The refusal of a case, with every stable code."),
        "charter": (Charter, "A charter, as in the charter files or inline in a case."),
        "position": (PositionDocument, "The `position` of a case."),
        "readings": (Readings, "The `readings` of a case."),
        "tool-reply": (ToolReply, "What a tool that `charterproof verify` asks writes for each case."),
        "tool-capabilities": (Capabilities, "The `answer` of a tool that is asked for its capabilities."),
        "table-map": (TableMap, "The map of a table's columns, a TOML, that `charterproof compare --map` reads."),
        "vectors": (Vectors, "The vectors of one question, as `charterproof vectors` writes them."),
        "verify-results": (Results, "The results of `charterproof verify --json`."),
    }
    for name in questions.MODULES:
        own = f"{name}-question" if name in known else name
        known[own] = (questions.module(name).Question, f"The `ask` of a case with the question {name}.")
    return known


DOCUMENTS: MappingProxyType[str, tuple[Any, str]] = MappingProxyType(_documents())
"""Every document that has a schema: its type and what it is."""


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one document; raise KeyError if there is none of that name."""
    shape, purpose = DOCUMENTS[name]
    (derived,), definitions = _components([shape])
    modules = [questions.module(question) for question in questions.MODULES]
    if shape is Case:
        _one_of(definitions, "Case", "ask", [module.Question for module in modules])
        _items(definitions, "Case", "events", event_documents.shapes())
    if shape is Answered:
        _one_of(definitions, "Answered", "answer", [module.Answer for module in modules])
    for definition in definitions.values():
        if definition.get("type") == "object" and shape is not ToolReply:
            # Some types would pass over fields that they do not have; the reader refuses them.
            definition["additionalProperties"] = False
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"charterproof {name}",
        "description": purpose,
        **derived,
        "$defs": definitions,
    }


def _components(shapes: Iterable[Any]) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    return msgspec.json.schema_components(shapes, schema_hook=amount_schema, ref_template=REFERENCE)


def _one_of(definitions: dict[str, Any], owner: str, field: str, shapes: list[Any]) -> None:
    """Say that a field holds one of some documents: which one is only known when it is read."""
    found, more = _components(shapes)
    definitions.update(more)
    definitions[owner]["properties"][field] = {"anyOf": list(found)}


def _items(definitions: dict[str, Any], owner: str, field: str, shapes: list[Any]) -> None:
    """Say that the items of a list each are one of some documents."""
    found, more = _components(shapes)
    definitions.update(more)
    definitions[owner]["properties"][field]["items"] = {"anyOf": list(found)}
