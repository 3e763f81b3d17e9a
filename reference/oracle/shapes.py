"""Plain values to typed documents, with refusals that name the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from reference.oracle.amounts import AmountError
from reference.oracle.refusals import Refusal

if TYPE_CHECKING:
    import msgspec.inspect

T = TypeVar("T")
Hook = Callable[[Any, Any], Any]

SOME_KEY = "[...]"
"""How msgspec writes a key of a map in a path: it does not say which."""

WORDS = {
    "int": "a whole number",
    "float": "a JSON float",
    "str": "text",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "date": "a date",
    "null": "null",
}
AN_AMOUNT = 'an exact amount, such as "8.25", "33/4" or 7'


def convert(value: Any, shape: type[T], root: str = "", hook: Hook | None = None) -> T:
    """Convert plain values to a typed document; `root` is the path of the value in the whole document.

    hook: reads the types that msgspec does not know. Raise Refusal at the first field that does not fit.
    """
    try:
        return msgspec.convert(value, shape, dec_hook=hook)
    except msgspec.ValidationError as error:
        found, path = error, _path_of(error)
    if SOME_KEY in path:
        found, path = _name_the_key(value, shape, hook, found, path)
    if str(found).startswith("Invalid enum value"):
        raise Refusal("invalid_value", join(root, path), _one_of(_words_at(shape, path))) from None
    raise _refusal(found, join(root, path)) from None


def join(root: str, path: str) -> str:
    """Put two paths together: "charter" and "series[0].name"; a path may start with an index."""
    return root + path if not root or not path or path.startswith("[") else f"{root}.{path}"


def _path_of(error: msgspec.ValidationError) -> str:
    _, found, path = str(error).rpartition(" - at `$")
    return path.removesuffix("`").removeprefix(".") if found else ""


def _name_the_key(
    value: Any, shape: Any, hook: Hook | None, error: msgspec.ValidationError, path: str
) -> tuple[msgspec.ValidationError, str]:
    """Find the key that `[...]` stands for: the first that fails when it is alone in its map; maps may be nested."""
    named, written = "", path
    parts: list[str | int] = []
    while SOME_KEY in path:
        before, _, path = path.partition(SOME_KEY)
        named, parts = named + before, [*parts, *_parts(before)]
        found = _failing(value, shape, hook, parts, written)
        if found is None:
            return error, named + path.replace(SOME_KEY, "")
        key, value, error = found
        named, parts = f"{named}.{key}", [*parts, key]
    return error, named + path


def _failing(
    value: Any, shape: Any, hook: Hook | None, parts: list[str | int], path: str
) -> tuple[str, Any, msgspec.ValidationError] | None:
    """Return the first key of a map that fails alone, the values with it alone, and how it fails."""
    for key, entry in _at(value, parts).items():
        alone = _with(value, parts, {key: entry})
        try:
            msgspec.convert(alone, shape, dec_hook=hook)
        except msgspec.ValidationError as again:
            if _path_of(again) == path:
                return key, alone, again
    return None


def _parts(path: str) -> list[str | int]:
    """Split "holdings[1].shares" into "holdings", 1, "shares"."""
    names = path.replace("[", ".[").split(".")
    return [int(name[1:-1]) if name.startswith("[") else name for name in names if name]


def _at(value: Any, parts: list[str | int]) -> Any:
    for part in parts:
        value = value[part]
    return value


def _with(value: Any, parts: list[str | int], replacement: Any) -> Any:
    """Return a copy of plain values with another one at a path; what is not on the path is shared."""
    if not parts:
        return replacement
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    inner = copy
    for part in parts[:-1]:
        child = inner[part]
        inner[part] = dict(child) if isinstance(child, dict) else list(child)
        inner = inner[part]
    inner[parts[-1]] = replacement
    return copy


def _refusal(error: msgspec.ValidationError, path: str) -> Refusal:
    cause = error.__cause__
    if isinstance(cause, AmountError):
        return Refusal(cause.code, path, str(cause))
    text = str(error).rpartition(" - at `$")[0] or str(error)
    quoted = text.split("`")
    if text.startswith("Object contains unknown field"):
        return Refusal("unknown_field", join(path, quoted[1]), "is not a field here.")
    if text.startswith("Object missing required field"):
        return Refusal("missing_field", join(path, quoted[1]), "is required.")
    if text.startswith("Expected `") and len(quoted) > 3:
        return _wrong_type(quoted[1], quoted[3], path)
    if "date" in text:
        return Refusal("invalid_date", path, "is not a date of the form YYYY-MM-DD.")
    return Refusal("invalid_value", path, "is not one of the values that may stand here.")


def _one_of(words: list[str]) -> str:
    return f"is not one of {', '.join(words)}." if words else "is not one of the values that may stand here."


def _words_at(shape: Any, path: str) -> list[str]:
    """Return the words that may stand at a path of a document, none where the path leads to no list of words."""
    from importlib import import_module

    import_module("msgspec.inspect")  # only this refusal needs it
    kinds = [msgspec.inspect.type_info(shape)]
    for part in _parts(path):
        kinds = [inner for kind in _plain_kinds(kinds) for inner in _inside(kind, part)]
    words: list[str] = []
    for kind in _plain_kinds(kinds):
        if isinstance(kind, msgspec.inspect.LiteralType):
            words += [str(value) for value in kind.values]
        if isinstance(kind, msgspec.inspect.EnumType):
            words += [str(member.value) for member in kind.cls]
    return words


def _plain_kinds(kinds: list[Any]) -> list[Any]:
    """Return types without the descriptions around them, and the members of a union in its place."""
    plain: list[Any] = []
    for kind in kinds:
        if isinstance(kind, msgspec.inspect.Metadata):
            plain += _plain_kinds([kind.type])
        elif isinstance(kind, msgspec.inspect.UnionType):
            plain += _plain_kinds(list(kind.types))
        else:
            plain.append(kind)
    return plain


def _inside(kind: Any, part: str | int) -> list[Any]:
    """Return the type of a field, a list's items or a map's values."""
    if isinstance(kind, (msgspec.inspect.StructType, msgspec.inspect.DataclassType)):
        return [field.type for field in kind.fields if field.encode_name == part]
    if isinstance(kind, msgspec.inspect.DictType):
        return [kind.value_type]
    item = getattr(kind, "item_type", None)
    return [] if item is None else [item]


def _wrong_type(expected: str, got: str, path: str) -> Refusal:
    kinds = expected.split(" | ")
    wanted = " or ".join(WORDS.get(kind, kind) for kind in kinds if kind != "null")
    if "int" in kinds and "str" in kinds:
        wanted = AN_AMOUNT
    given = WORDS.get(got, got)
    return Refusal("float" if got == "float" else "wrong_type", path, f"must be {wanted}, not {given}.")


def refuse_unknown_fields(given: Any, understood: Any, path: str) -> None:
    """Refuse a field of plain values that a dataclass does not have; understood: what was read of them, as values."""
    # msgspec passes over fields that a dataclass does not have. What it understood has them all, so
    # anything besides is unknown.
    if isinstance(given, Mapping):
        for key, value in given.items():
            if key not in understood:
                raise Refusal("unknown_field", join(path, key), "is not a field here.")
            refuse_unknown_fields(value, understood[key], join(path, key))
    elif isinstance(given, (list, tuple)):
        for index, value in enumerate(given):
            refuse_unknown_fields(value, understood[index], f"{path}[{index}]")
