"""What passes between the processes of a proof run, as text."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

import msgspec

from proofs.results import Findings
from reference.charter import Charter

T = TypeVar("T")


@dataclass(frozen=True)
class Task:
    """Ask for one study's theorems.

    index: the study's place among those of the charter; section, place: which section it belongs to, and where it
    stands there; answers: the directory where the solver's answers are kept, empty for none; helpers: how many
    processes may answer the questions of a theorem at a time.
    """

    charter: Charter
    index: int
    section: int
    place: int
    ids: tuple[str, ...]
    fail_fast: bool = False
    answers: str = ""
    helpers: int = 1


@dataclass(frozen=True)
class Reply:
    """Hold what a study found, and the state of the sources it ran on."""

    state: str
    findings: Findings


@dataclass(frozen=True)
class Questions:
    """Ask the second solver about obligations, each in SMT-LIB."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """Hold its answer to each, and the solver's name and version."""

    solver: str
    statuses: tuple[str, ...]


def encode(value: Any) -> bytes:
    """Write one of these; exact numbers are text."""
    return msgspec.json.encode(value, enc_hook=_written)


def decode(content: bytes, shape: type[T]) -> T:
    """Read one of these; raise msgspec.MsgspecError if it is something else."""
    return msgspec.json.decode(content, type=shape, dec_hook=_read)


def _written(value: Any) -> str:
    if isinstance(value, Fraction):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _read(kind: type, value: Any) -> Any:
    if kind is Fraction and isinstance(value, str):
        return Fraction(value)
    raise NotImplementedError(kind.__name__)
