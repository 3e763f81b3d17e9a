"""Every public function of the engine's sections is entered by some study, or is named with the reason why not."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from types import CodeType, FrameType
from typing import Any

import pytest

import reference
from proofs import run
from proofs.explorer import allowed, call, plain_inputs
from reference.charter import Charter

LEFT: Mapping[str, str] = {
    "charter.faults": "it says whether a charter is one, and no number of a position",
    "readings.entry_for": "it looks up the description of a reading",
    "readings.Entry.default": "it is part of such a description",
    "dividends.Declaration.on": "a protocol has no code of its own",
    "dividends.Declaration.per_share": "a protocol has no code of its own",
    "antidilution.HasTerms.deliverable": "a protocol has no code of its own",
    "antidilution.HasTerms.exercisable": "a protocol has no code of its own",
    "enclosure.Enclosure.ends": "what enclosures do is proved as arithmetic",
    "enclosure.ends": "what enclosures do is proved as arithmetic",
    "liquidation.former_cash": "it names the Cash Amounts of a day, which laws and closed forms look at",
    "enclosure.between": "what enclosures do is proved as arithmetic",
}
"""Functions that no study enters, each with the reason."""


def sections() -> Iterator[Any]:
    """Yield the modules of the engine's sections."""
    for found in pkgutil.iter_modules(reference.__path__):
        if not found.ispkg:
            yield importlib.import_module(f"reference.{found.name}")


def functions_of(where: Any, module: str) -> Iterator[tuple[str, CodeType]]:
    """Yield the public functions and methods of a module or class that are written there, by qualified name."""
    for name, own in vars(where).items():
        if name.startswith("_"):
            continue
        if inspect.isclass(own) and own.__module__ == module:
            yield from functions_of(own, module)
        function = inspect.unwrap(_function(own))
        if inspect.isfunction(function) and function.__module__ == module and not _is_generated(function.__code__):
            yield f"{module.removeprefix('reference.')}.{function.__qualname__}", function.__code__


def _function(own: Any) -> Any:
    if isinstance(own, property):
        return own.fget
    return getattr(own, "func", getattr(own, "__func__", own))


def _is_generated(code: CodeType) -> bool:
    return code.co_filename.startswith("<")


@pytest.fixture(scope="module")
def public() -> dict[str, CodeType]:
    """Return every public function of the sections by name."""
    return {name: code for module in sections() for name, code in functions_of(module, module.__name__)}


@pytest.fixture(scope="module")
def entered(quintus: Charter) -> set[CodeType]:
    """Return the code that is entered when every study's subjects run at their seeds."""
    found: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            found.add(frame.f_code)

    subjects = [subject for study in run.studies(quintus) for subject in study.subjects]
    kept = sys.getprofile()
    try:
        for subject in subjects:
            for seed in subject.seeds:
                if allowed(subject.hypotheses, subject.unknowns, seed):
                    inputs = plain_inputs(subject.unknowns, seed)
                    sys.setprofile(note)
                    call(subject.function, inputs)
                    sys.setprofile(kept)
    finally:
        sys.setprofile(kept)
    return found


def test_every_public_function_is_entered(public: dict[str, CodeType], entered: set[CodeType]) -> None:
    missing = {name for name, code in public.items() if code not in entered}
    assert missing == set(LEFT)


def test_what_is_left_is_there(public: dict[str, CodeType]) -> None:
    assert set(LEFT) <= set(public)


def test_functions_are_found_wherever_they_are(public: dict[str, CodeType]) -> None:
    found = {
        "dividends.pay",
        "dividends.Gate.check",
        "dividends.Gate.allowed",
        "voting.Tally.needed",
        "rounding.nearest",
    }
    assert found <= set(public)
