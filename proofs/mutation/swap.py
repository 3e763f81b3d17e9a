"""Put one changed function in the place of the engine's own, in a process that has imported everything."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Mapping
from types import CodeType, FunctionType
from typing import Any

from proofs.mutation.mutants import HarnessError


def swap(module: str, source: str, function: str, file: str) -> None:
    """Make a function of a module of `reference` run as a changed source has it, in this process.

    source: the whole changed module; function: the qualified name of what is changed, without `<locals>`: for a
    function within another, the outer one is exchanged; file: under whose name the code is compiled. Raise
    HarnessError if no such function is reached, as with what only importing executes.
    """
    names = _outermost(source, function)
    own = _function(importlib.import_module(f"reference.{module}"), names)
    changed = _code(compile(source, file, "exec", dont_inherit=True), names)
    if own is None or changed is None or own.__code__.co_freevars != changed.co_freevars:
        raise HarnessError(f"{module}.{function} cannot be exchanged.")
    own.__code__ = changed


def _outermost(source: str, function: str) -> list[str]:
    """Return the name of the outermost function in a qualified name, after the classes that hold it."""
    found: list[str] = []
    inner: ast.AST = ast.parse(source)
    for name in function.split(".") if function else ():
        named = (n for n in ast.walk(inner) if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == name)
        inner = next(named)
        found.append(name)
        if isinstance(inner, ast.FunctionDef):
            return found
    raise HarnessError(f"{function or 'the module itself'} is no function.")


def _function(owner: Any, names: list[str]) -> FunctionType | None:
    """Return the plain function behind a name, whatever wraps it."""
    for name in names:
        spaces: Mapping[str, Any] = vars(owner)
        if name not in spaces:
            return None
        owner = spaces[name]
    for wrapper in ("fget", "func", "__func__", "__wrapped__"):
        owner = getattr(owner, wrapper, None) or owner
    return owner if isinstance(owner, FunctionType) else None


def _code(code: CodeType, names: list[str]) -> CodeType | None:
    for name in names:
        inner = [c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == name]
        if len(inner) != 1:
            return None
        (code,) = inner
    return code
