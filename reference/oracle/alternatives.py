"""Which other readings would change the answer to a case, and to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from reference.oracle.answers import answer_document, internal_error, looked_at
from reference.oracle.documents import read_case
from reference.oracle.plain import one_line
from reference.oracle.refusals import Refusal
from reference.readings import REGISTER, Entry

Values = Mapping[str, Any]


@dataclass(frozen=True)
class OtherReading:
    """Hold an option that a case does not choose, what it means, and the case under it."""

    entry: Entry
    option: str
    means: str
    document: Values


def alternatives(document: Any) -> dict[str, Any]:
    """Return, for each reading that would change the answer to a case, its options and what they change.

    Readings are changed one at a time. Raise Refusal if the case itself cannot be answered.
    """
    case = read_case(document)
    own = _flat(msgspec.to_builtins(answer_document(document).answer))
    found = [change for other in other_readings(document) for change in _changes(other, own)]
    return {"case": case.case, "readings": looked_at(case), "would_change": found}


def other_readings(document: Any) -> Iterator[OtherReading]:
    """Yield a case under every other option of each reading that it looks at, one changed at a time.

    Raise Refusal if the case cannot be read.
    """
    case = read_case(document)
    used = looked_at(case)
    for entry in REGISTER:
        for option, means in entry.options if entry.field in used else ():
            if option.value != used[entry.field]:
                chosen = {**document.get("readings", {}), entry.field: option.value}
                yield OtherReading(entry, option.value, means, {**document, "readings": chosen})


def _changes(other: OtherReading, own: Values) -> Iterator[dict[str, Any]]:
    entry = other.entry
    named = {"reading": entry.field, "option": other.option, "means": other.means, "ambiguity": entry.ambiguity}
    try:
        answer = _flat(msgspec.to_builtins(answer_document(other.document).answer))
    except Refusal as refusal:
        yield {**named, "refused": {"code": refusal.code, "message": refusal.message}}
        return
    except Exception as error:
        yield {**named, "refused": {"code": "internal_error", "message": internal_error(error).message}}
        return
    changed = _differences(own, answer)
    if changed:
        yield {**named, "changes": changed}


def _differences(one: Values, other: Values) -> list[dict[str, Any]]:
    paths = [*one, *(path for path in other if path not in one)]
    changed = [path for path in paths if one.get(path) != other.get(path)]
    return [{"field": path, "from": one.get(path), "to": other.get(path)} for path in changed]


def _flat(value: Any, path: str = "") -> dict[str, Any]:
    """Return every plain value of an answer by its path."""
    if isinstance(value, dict):
        parts = [(f"{path}.{key}" if path else key, part) for key, part in value.items()]
    elif isinstance(value, list):
        parts = [(f"{path}[{index}]", part) for index, part in enumerate(value)]
    else:
        return {path: value}
    return {name: leaf for where, part in parts for name, leaf in _flat(part, where).items()}


def as_text(found: Values) -> str:
    """Return the alternatives as plain lines."""
    if not found["would_change"]:
        return f"{one_line(found['case'])}: no other reading changes the answer.\n"
    blocks = []
    for change in found["would_change"]:
        lines = [f"{change['reading']} = {change['option']}  ({change['ambiguity']}): {change['means']}"]
        if "refused" in change:
            lines.append(f"  refused: {change['refused']['message']}")
        lines += [f"  {c['field']}: {_word(c['from'])} -> {_word(c['to'])}" for c in change.get("changes", ())]
        blocks.append("\n".join(map(one_line, lines)))
    return "\n\n".join(blocks) + "\n"


def _word(value: object) -> str:
    return "nothing" if value is None else str(value)
