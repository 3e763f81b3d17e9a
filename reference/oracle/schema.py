"""The JSON Schemas of the documents, derived from the types that read and write them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import msgspec

from reference.charter import Charter
from reference.oracle.charters import amount_schema
from reference.oracle.documents import BreakpointsQuestion, Case, LiquidationQuestion, PositionDocument
from reference.oracle.replies import Answered, Refused
from reference.readings import Readings

DOCUMENTS: MappingProxyType[str, tuple[Any, str]] = MappingProxyType(
    {
        "case": (Case, "A case document: what `charterproof answer` reads."),
        "answer": (Answered, "The answer to a case."),
        "refusal": (Refused, "The refusal of a case, with every stable code."),
        "charter": (Charter, "A charter, as in the charter files or inline in a case."),
        "position": (PositionDocument, "The `position` of a case."),
        "readings": (Readings, "The `readings` of a case."),
        "liquidation": (LiquidationQuestion, "The `ask` of a case about a liquidation."),
        "breakpoints": (BreakpointsQuestion, "The `ask` of a case about breakpoints."),
    }
)
"""Every document that has a schema: its type and what it is."""


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one document; raise KeyError if there is none of that name."""
    shape, purpose = DOCUMENTS[name]
    derived = msgspec.json.schema(shape, schema_hook=amount_schema)
    for definition in derived["$defs"].values():
        if definition.get("type") == "object":
            # Some types would pass over fields that they do not have; the reader refuses them.
            definition["additionalProperties"] = False
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"charterproof {name}",
        "description": purpose,
        **derived,
    }
