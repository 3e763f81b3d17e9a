"""JSON text to plain values, strictly: what JSON readers let pass in silence is refused here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import msgspec

from reference.oracle.amounts import MAX_WHOLE
from reference.oracle.refusals import Refusal

TRUNCATED = "Input data was truncated"


def decode(text: bytes) -> Any:
    """Decode one JSON document; raise Refusal if it is cut off, malformed or gives a key twice."""
    try:
        value = _plain(text)
        if _may_repeat_keys(text, value):
            _refuse_repeated_keys(text)
    except RecursionError:
        raise Refusal("invalid_json", "", "The document is nested too deeply.") from None
    return value


def _plain(text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.ValidationError:
        # The only demand on untyped values is that numbers have a size that can be held. It comes before the text
        # has been read to its end, where it may be malformed besides.
        try:
            written = _as_written(text)
        except ValueError:
            _refuse_malformed(text, "it has a number too large to read, and is cut off or malformed after it")
        path = _first(written, _is_too_long) or ""
        raise Refusal("amount_too_long", path, "is a number too long or too large to read.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        _refuse_malformed(text, str(error))


def _refuse_malformed(text: bytes, found: str) -> NoReturn:
    if not text.strip():
        raise Refusal("empty_input", "", "There is no document.") from None
    if found == TRUNCATED:
        raise Refusal("truncated", "", "The document is cut off.") from None
    raise Refusal("invalid_json", "", f"This is not JSON: {found.removeprefix('JSON is malformed: ')}.") from None


def _may_repeat_keys(text: bytes, value: Any) -> bool:
    # Decoding keeps the last of equal keys, so writing the value again loses at least two quotation
    # marks. One written as an escape code would upset the count; such texts take the slow check.
    return b"\\u0022" in text or text.count(b'"') != msgspec.json.encode(value).count(b'"')


def _refuse_repeated_keys(text: bytes) -> None:
    path = _first(_as_written(text), lambda node, repeated: repeated)
    if path is not None:
        raise Refusal("duplicate_key", path, "is given more than once.")


class _Object(list[tuple[str, Any]]):
    """Hold the members of a JSON object as written, repeated ones included."""


class _Number(str):
    """Hold a JSON number as written."""


def _as_written(text: bytes) -> Any:
    import json  # only the slow checks need it

    return json.loads(text, object_pairs_hook=_Object, parse_int=_Number, parse_float=_Number)


def _is_too_long(node: Any, repeated: bool) -> bool:
    return isinstance(node, _Number) and (len(node) > MAX_WHOLE or "e" in node.lower())


def _first(node: Any, wanted: Callable[[Any, bool], bool], path: str = "", repeated: bool = False) -> str | None:
    """Return the path of the first value that is wanted, in the order of writing."""
    if wanted(node, repeated):
        return path
    for child_path, child, again in _children(node, path):
        found = _first(child, wanted, child_path, again)
        if found is not None:
            return found
    return None


def _children(node: Any, path: str) -> Iterator[tuple[str, Any, bool]]:
    """Yield path, value and whether its key came before, for each member of an object or a list."""
    if isinstance(node, _Object):
        keys: set[str] = set()
        for key, value in node:
            yield (f"{path}.{key}" if path else key), value, key in keys
            keys.add(key)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield f"{path}[{index}]", value, False
