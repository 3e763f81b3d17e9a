"""A short start: what answering one case does not need is put off.

Most of a cold answer is start-up, and most of that is `dataclasses`: it imports `inspect`, and compiles six
methods for each class, of which an answer calls one. Python 3.13 and 3.14 repaired both. Until then these
functions do the same from outside; nothing depends on them but the time it takes. They are for the program
itself, before its imports: not for a process that imports this package as a library.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, NoReturn

SELDOM_CALLED = frozenset({"__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__"})


def defer_inspect() -> None:
    """Let `inspect` be imported when one of its names is first used, not when its import is first met."""
    if "inspect" in sys.modules:
        return
    deferred = ModuleType("inspect")

    def load(name: str) -> Any:
        import importlib

        if sys.modules.get("inspect") is deferred:
            del sys.modules["inspect"]
        return getattr(importlib.import_module("inspect"), name)

    deferred.__dict__["__getattr__"] = load
    sys.modules["inspect"] = deferred


def defer_methods() -> Callable[[], None]:
    """Let dataclasses compile seldom-called methods at their first call; return what restores `dataclasses`."""
    import dataclasses

    create = getattr(dataclasses, "_create_fn", None)
    if create is None:  # a Python that compiles them together
        return lambda: None

    def create_later(name: str, *arguments: Any, **settings: Any) -> Any:
        if name in SELDOM_CALLED:
            return _compiled_at_first_call(name, lambda: create(name, *arguments, **settings))
        return create(name, *arguments, **settings)

    def restore() -> None:
        setattr(dataclasses, "_create_fn", create)  # noqa: B010 (the type checker does not know the name)

    setattr(dataclasses, "_create_fn", create_later)  # noqa: B010
    return restore


def _compiled_at_first_call(name: str, create: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    compiled: Callable[..., Any] | None = None

    def method(*arguments: Any) -> Any:
        nonlocal compiled
        if compiled is None:
            compiled = create()
        return compiled(*arguments)

    method.__name__ = name
    return method


def leave(status: int) -> NoReturn:
    """End the process at once: nothing is left to clean up, and tearing the interpreter down takes long."""
    import os

    for output in (sys.stdout, sys.stderr):
        if output is not None:
            output.flush()
    os._exit(status)
