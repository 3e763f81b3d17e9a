"""The import rules name every module of the engine."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULES = {f"reference.{file.stem}" for file in (ROOT / "reference").glob("*.py") if file.stem != "__init__"}
SHARED = {"reference.charter", "reference.readings"}


def test_every_module_of_the_engine_is_under_every_rule() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    below, apart, plain = rules
    assert set(below["source_modules"]) == MODULES | {"symbolic"}
    assert set(apart["forbidden_modules"]) == MODULES - SHARED | {"reference.oracle"}
    assert set(plain["source_modules"]) == MODULES
