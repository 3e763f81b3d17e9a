"""What is put off at the start works when it is needed, as if it had not been put off."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

from reference.oracle.charters import load
from reference.oracle.startup import SELDOM_CALLED, defer_methods

deferring = pytest.mark.skipif(
    not hasattr(dataclasses, "_create_fn"), reason="this Python compiles the methods of a class together"
)


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


def test_inspect_is_imported_when_it_is_used() -> None:
    code = """
from reference.oracle.startup import defer_inspect
import sys
before = sys.modules.pop("inspect", None)
defer_inspect()
import inspect
deferred = inspect
import dataclasses
assert "getsource" not in vars(deferred)
assert deferred.isfunction(defer_inspect)
import inspect
assert inspect is not deferred
print(inspect.isfunction(print))
"""
    assert run(code) == "False"


def test_inspect_stays_where_it_was_imported_before() -> None:
    code = """
import inspect, sys
from reference.oracle.startup import defer_inspect
defer_inspect()
print(sys.modules["inspect"] is inspect)
"""
    assert run(code) == "True"


# Dataclasses whose methods are compiled later, beside the same ones compiled at once


def deferred(build: Callable[[], Any]) -> Any:
    restore = defer_methods()
    try:
        return build()
    finally:
        restore()


def outcome(attempt: Callable[[], object]) -> object:
    """Return what an attempt returns, or what it raises."""
    try:
        return attempt()
    except Exception as error:
        return type(error), str(error)


def behaviour(kind: type) -> Iterator[object]:
    """Yield what can be seen of a class with the fields `a` and `b`, without what differs from run to run."""
    one, same, other = kind(1, 2), kind(1, 2), kind(1, 3)
    yield outcome(lambda: repr(one))
    yield outcome(lambda: one == same)
    yield outcome(lambda: one != same)
    yield outcome(lambda: one == other)
    yield outcome(lambda: one == (1, 2))
    yield outcome(lambda: one < other)
    yield outcome(lambda: hash(one) == hash(same))
    yield outcome(lambda: hash(one) == hash(other))
    yield outcome(lambda: dataclasses.astuple(dataclasses.replace(one, b=7)))
    yield outcome(lambda: repr(copy.deepcopy(one)))
    yield outcome(lambda: setattr(one, "a", 5))
    yield outcome(lambda: setattr(one, "unknown", 5))
    yield outcome(lambda: delattr(one, "b"))
    yield outcome(lambda: repr(one))
    for name in sorted(SELDOM_CALLED):
        found = getattr(kind, name)
        yield name, getattr(found, "__name__", None), getattr(found, "__qualname__", None), found is None
    yield kind.__doc__, kind.__match_args__


SETTINGS = [
    dict(zip(("frozen", "eq", "order", "slots", "unsafe_hash"), chosen, strict=True))
    for chosen in product((False, True), repeat=5)
    if chosen[1] or not chosen[2]  # an order needs equality
]


@deferring
@pytest.mark.parametrize("settings", SETTINGS, ids=lambda s: " ".join(name for name in s if s[name]) or "none")
def test_methods_compiled_later_behave_the_same(settings: dict[str, bool]) -> None:
    def build() -> type:
        @dataclasses.dataclass(**settings)
        class Pair:
            a: int
            b: int = 0

        return Pair

    assert list(behaviour(deferred(build))) == list(behaviour(build()))


@deferring
def test_own_methods_and_fields_set_apart_behave_the_same() -> None:
    def build() -> type:
        @dataclasses.dataclass(frozen=True)
        class Base:
            a: int
            b: int = dataclasses.field(compare=False, repr=False)

            def __repr__(self) -> str:
                return f"own {self.a}"

        @dataclasses.dataclass(frozen=True)
        class Derived(Base):
            c: list[int] = dataclasses.field(default_factory=list, hash=False)

            def __hash__(self) -> int:
                return 9

        return Derived

    assert list(behaviour(deferred(build))) == list(behaviour(build()))


@deferring
def test_a_value_that_contains_itself_is_still_shown() -> None:
    def build() -> type:
        @dataclasses.dataclass
        class Node:
            inner: Any = None

        return Node

    node = deferred(build)()
    node.inner = node
    assert repr(node).endswith("Node(inner=...)")


@deferring
def test_a_method_is_compiled_once_at_its_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    create = dataclasses._create_fn  # type: ignore[attr-defined]

    def noted(name: str, *arguments: Any, **settings: Any) -> Any:
        compiled.append(name)
        return create(name, *arguments, **settings)

    monkeypatch.setattr(dataclasses, "_create_fn", noted)
    kind = deferred(lambda: dataclasses.make_dataclass("Pair", [("a", int)], frozen=True))
    assert compiled == ["__init__"]
    one, same = kind(1), kind(1)
    assert compiled == ["__init__"]
    assert one == same == kind(1)
    assert repr(one) == repr(same)
    assert compiled == ["__init__", "__eq__", "__repr__"]


@deferring
def test_the_module_is_as_before_once_restored() -> None:
    create = dataclasses._create_fn  # type: ignore[attr-defined]
    restore = defer_methods()
    assert dataclasses._create_fn is not create  # type: ignore[attr-defined]
    restore()
    assert dataclasses._create_fn is create  # type: ignore[attr-defined]


def test_nothing_is_put_off_where_python_has_no_such_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(dataclasses, "_create_fn", raising=False)
    before = dict(vars(dataclasses))
    restore = defer_methods()
    assert vars(dataclasses) == before
    restore()
    assert vars(dataclasses) == before


# The command itself


STARTED = """
import contextlib, dataclasses, gc, io, sys
from reference.oracle import command
create = getattr(dataclasses, "_create_fn", None)
{before}
try:
    command._answer_and_leave("-")
except ImportError as error:
    print("failed:", "streams" in str(error))
print(getattr(dataclasses, "_create_fn", None) is create, gc.isenabled())
"""


def test_a_failed_start_leaves_dataclasses_as_it_was() -> None:
    said = run(STARTED.format(before='sys.modules["reference.oracle.streams"] = None'))
    assert said.splitlines() == ["failed: True", "True True"]


def test_a_start_leaves_dataclasses_as_it_was() -> None:
    # The process ends in `leave`; here it only stops there.
    before = """
from reference.oracle import startup
startup.leave = lambda status: print("status", status)
sys.stdin = io.TextIOWrapper(io.BytesIO(b"{}"))
sys.stdout.reconfigure(line_buffering=True)
"""
    refused, *rest = run(STARTED.format(before=before)).splitlines()
    assert "missing_field" in refused
    assert rest == ["status 2", "True True"]


def test_terms_are_the_same_after_a_short_start() -> None:
    code = """
from reference.oracle import startup
startup.defer_inspect()
restore = startup.defer_methods()
import reference.oracle.streams
restore()
from reference.oracle.charters import load, _read
import pickle, sys
one = load("quintus-1999")
_read.cache_clear()
other = load("quintus-1999")
assert one is not other and one == other and hash(one) == hash(other) and one != other.series[0]
try:
    one.name = "Z"
except AttributeError as error:
    assert type(error).__name__ == "FrozenInstanceError"
    print(pickle.dumps(one).hex())
    print(repr(one))
"""
    pickled, shown = run(code).splitlines()
    charter = load("quintus-1999")
    assert pickle.loads(bytes.fromhex(pickled)) == charter
    assert shown == repr(charter)
