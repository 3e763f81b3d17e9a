"""Cases to start from, and how to ask them."""

from __future__ import annotations

import copy
import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from reference.oracle import questions
from reference.oracle.answers import answer_text, encode
from reference.oracle.replies import Answered, Refused

CHARTER_FILE = Path(__file__).parents[2] / "reference" / "charters" / "quintus-1999.toml"

FULL = {"A": 9100000, "B": 1000000, "C": 3000000, "D": 1455000, "E": 3000000, "F": 1500000}
"""The authorised shares of each series, from IV.B."""


def case(assets: object = "110000000", common: int = 10_000_000, **ask: Any) -> dict[str, Any]:
    """Return a liquidation with every authorised preferred share outstanding."""
    holdings = [{"holder": f"holder {name}", "class": name, "shares": count} for name, count in FULL.items()]
    if common:
        holdings.append({"holder": "founder", "class": "common", "shares": common})
    return {
        "case": "one",
        "charter": "quintus-1999",
        "readings": {},
        "position": {"holdings": holdings},
        "ask": {"question": "liquidation", "assets": assets, **ask},
    }


def charter_document() -> dict[str, Any]:
    """Return the shipped charter as an inline object."""
    return tomllib.loads(CHARTER_FILE.read_text())


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy with one field set; "position.holdings.0.shares" names fields and indices alike."""
    result = copy.deepcopy(document)
    inner: Any = result
    *parts, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in parts:
        inner = inner.setdefault(part, {}) if isinstance(inner, dict) else inner[part]
    inner[last] = value
    return result


def without(document: dict[str, Any], path: str) -> dict[str, Any]:
    """Return a copy without one field."""
    result = copy.deepcopy(document)
    *parts, last = path.split(".")
    inner = result
    for part in parts:
        inner = inner[part]
    del inner[last]
    return result


def ask(document: object) -> dict[str, Any]:
    """Answer a document as the command does, and check that the reply has the published shape."""
    return ask_text(json.dumps(document).encode())


def ask_text(text: bytes) -> dict[str, Any]:
    """Answer JSON text, and check that the reply has the published shape."""
    line = encode(answer_text(text))
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    reply: dict[str, Any] = json.loads(line)
    decoded(line)
    return reply


def decoded(line: bytes) -> Answered | Refused:
    """Read a reply strictly, its answer as the type of its question."""
    found = msgspec.json.decode(line, type=dict[str, Any])
    if found["status"] == "refused":
        return msgspec.json.decode(line, type=Refused)
    reply = msgspec.json.decode(line, type=Answered)
    msgspec.convert(reply.answer, questions.module(reply.answer["question"]).Answer)
    return reply
