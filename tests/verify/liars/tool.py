"""What the lying tools share: the protocol, and the engine with slips in its text.

A tool reads a case on each line and writes a reply on each line at once, until its input ends. The first line asks
what it can do.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

from reference.oracle.answers import answer_text
from reference.oracle.answers import encode as encoded
from reference.oracle.questions import MODULES
from tests.slips import made
from tests.verify.liars.lies import SLIPS

Case = dict[str, Any]
Tool = Callable[[Case], Any]
"""From a case to a reply: plain values, or bytes to be written as they are."""

CAPABILITIES = "capabilities"


def write(reply: Any) -> None:
    """Write one reply at once."""
    sys.stdout.buffer.write(reply if isinstance(reply, bytes) else json.dumps(reply).encode() + b"\n")
    sys.stdout.buffer.flush()


def serve(tool: Tool, capabilities: Tool | None = None) -> None:
    """Answer line by line; what the tool can do is told honestly unless it has another way to say it."""
    for line in sys.stdin.buffer:
        case = json.loads(line)
        if case["case"] == CAPABILITIES:
            write(able(case) if capabilities is None else capabilities(case))
        else:
            write(tool(case))


def able(case: Case) -> Case:
    """Say that every question is answered."""
    return {"case": case["case"], "status": "answered", "answer": {"questions": list(MODULES)}}


def honest(case: Case) -> Case:
    """Answer as the engine does, slips and all that are in it."""
    found = json.loads(encoded(answer_text(json.dumps(case).encode())))
    return {name: found[name] for name in ("case", "status", "answer", "error") if name in found}


def lie(name: str) -> None:
    """Serve with the slips of that name in the engine."""
    with ExitStack() as stack:
        for slip in SLIPS[name]:
            stack.enter_context(made(slip))
        serve(honest)


def read_otherwise(**readings: str) -> None:
    """Serve with readings of the tool's own, whatever a case says."""
    serve(lambda case: honest({**case, "readings": {**case.get("readings", {}), **readings}}))


def changed(value: Any, change: Callable[[str], Any]) -> Any:
    """Return plain values with every text that is a number changed."""
    if isinstance(value, dict):
        return {name: changed(part, change) for name, part in value.items()}
    if isinstance(value, list):
        return [changed(part, change) for part in value]
    if isinstance(value, str) and value.replace("/", "").replace("-", "").isdigit() and value.count("-") < 2:
        return change(value)
    return value


def telling(change: Callable[[str], Any]) -> Tool:
    """Return a tool that computes rightly and tells every number changed."""

    def tool(case: Case) -> Case:
        reply = honest(case)
        return {**reply, "answer": changed(reply["answer"], change)} if "answer" in reply else reply

    return tool
