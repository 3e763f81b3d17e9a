"""What is said between `verify` and a tool: one JSON document a line, each way.

The first case asks for the tool's capabilities; a tool that refuses it is taken to answer everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

PROTOCOL = 1
CAPABILITIES = "capabilities"
HELLO: Mapping[str, Any] = {"case": CAPABILITIES, "ask": {"question": CAPABILITIES, "protocol": PROTOCOL}}
"""The first document that a tool gets."""

Words: TypeAlias = list[str]


class Capabilities(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold what a tool says it can do; what is left out it does whole.

    readings: the options of each reading that it follows; of one that is not listed, the default alone, and every
    option of every reading if there is no list at all.
    """

    name: Annotated[str, Meta(description="The tool and its version, as results show it.")] = "the tool"
    questions: Annotated[Words, Meta(description="The questions that it answers.")] | UnsetType = UNSET
    charters: Annotated[Words, Meta(description="The charters that it knows, by name.")] | UnsetType = UNSET
    readings: Annotated[dict[str, Words], Meta(description="The options that it follows, by reading.")] | UnsetType = (
        UNSET
    )
    events: Annotated[Words, Meta(description="The kinds of event that it follows; none: no history.")] | UnsetType = (
        UNSET
    )
    fields: (
        Annotated[Words, Meta(description="The fields of answers that it gives, such as by_holder.*.")] | UnsetType
    ) = UNSET


ALL = Capabilities()
"""Those of a tool that declares nothing."""


class ToolReply(Struct, frozen=True):
    """Hold what a tool says to one case.

    answer: with the status answered, of the shape that `charterproof answer` gives; reason: with skipped, why.
    """

    case: str
    status: Literal["answered", "refused", "skipped"]
    answer: Any = None
    reason: str = ""
    error: Any = None


def read_reply(line: bytes) -> ToolReply:
    """Read one line of a tool; raise ValueError with a sentence if it is no reply."""
    try:
        return msgspec.json.decode(line, type=ToolReply)
    except UnicodeDecodeError:
        raise ValueError(f"The tool wrote a line that is not UTF-8: {quoted(line)}") from None
    except RecursionError:
        raise ValueError(f"The tool wrote a line that is nested too deeply: {quoted(line)}") from None
    except msgspec.ValidationError as error:
        raise ValueError(f"The tool wrote a line that is no reply ({error}): {quoted(line)}") from None
    except msgspec.DecodeError:
        raise ValueError(f"The tool wrote a line that is not JSON: {quoted(line)}") from None


def read_capabilities(reply: ToolReply) -> Capabilities:
    """Return what a tool's first reply declares; raise ValueError with a sentence if it is malformed."""
    if reply.status != "answered":
        return ALL
    try:
        return msgspec.convert(reply.answer, Capabilities)
    except msgspec.ValidationError as error:
        raise ValueError(f"The tool declares its capabilities in another form ({error}).") from None


def quoted(text: bytes, most: int = 200) -> str:
    """Return the beginning of what a tool wrote, readable whatever it holds."""
    shown = text[:most].decode("utf-8", "backslashreplace").rstrip("\r\n")
    return repr(shown) + (f" and {len(text) - most} bytes more" if len(text) > most else "")
