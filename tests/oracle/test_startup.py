"""What is put off at the start works when it is needed."""

from __future__ import annotations

import subprocess
import sys


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


def test_seldom_called_methods_are_compiled_when_they_are_called() -> None:
    code = """
from reference.oracle.startup import defer_methods
import dataclasses
create = getattr(dataclasses, "_create_fn", None)
restore = defer_methods()
@dataclasses.dataclass(frozen=True)
class Pair:
    a: int
    b: int
restore()
assert getattr(dataclasses, "_create_fn", None) is create
one, same, other = Pair(1, 2), Pair(1, 2), Pair(1, 3)
assert one == same and one != other and hash(one) == hash(same) and repr(one) == "Pair(a=1, b=2)"
for change in (lambda: setattr(one, "a", 5), lambda: delattr(one, "a")):
    try:
        change()
    except dataclasses.FrozenInstanceError:
        print("frozen")
"""
    assert run(code).split() == ["frozen", "frozen"]
