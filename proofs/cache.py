"""What a proof run keeps for the next one: results of studies and answers of the solvers.

An entry is found by a digest of everything that it depends on. It begins with a digest of its own name and
content; whatever does not fit is as good as absent and is worked out again. The digests are a guard against
accidents: whoever may write to the directory could also change the program.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

FORMAT = b"charterproof cache 1"
PACKAGES = ("reference", "symbolic", "proofs")
LIBRARIES = ("z3-solver", "sympy")
APART = frozenset({"reference/oracle", "proofs/report", "proofs/mutation", "proofs/matrix"})
"""What no study loads: the questions and answers of the command, the report, the mutation of the engine, the matrix."""


@dataclass(frozen=True)
class Cache:
    """Keep results in a directory.

    directory: made when something is first kept; warn: told once, in a sentence, if nothing can be kept.
    """

    directory: Path
    warn: Callable[[str], None] = lambda sentence: None

    def get(self, key: str, shape: type[T]) -> T | None:
        """Return what is kept under a key; None if there is nothing, or nothing sound of that shape."""
        try:
            content = self._path(key).read_bytes()
        except OSError:
            return None
        head, _, body = content.partition(b"\n")
        if head != _head(key, body):
            return None
        try:
            return msgspec.json.decode(zlib.decompress(body), type=shape)
        except (zlib.error, msgspec.MsgspecError):
            return None

    def put(self, key: str, value: Any) -> None:
        """Keep a value under a key, whole or not at all; a disk that refuses is no reason to stop."""
        body = zlib.compress(msgspec.json.encode(value), level=1)
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(path, _head(key, body) + b"\n" + body)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.warn(f"The cache in {str(self.directory)!r} cannot be written ({reason}); the run goes on without it.")

    def _path(self, key: str) -> Path:
        return self.directory / key[:2] / key[2:]


def _head(key: str, body: bytes) -> bytes:
    return FORMAT + b" " + hashlib.sha256(key.encode() + b"\n" + body).hexdigest().encode()


def _replace(path: Path, content: bytes) -> None:
    """Write a file under another name first: what is there under its own name is always whole."""
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def digest(*parts: str) -> str:
    """Return the name of what depends on some texts and on nothing else."""
    state = hashlib.sha256()
    for part in parts:
        content = part.encode()
        state.update(f"{len(content)}\n".encode() + content)
    return state.hexdigest()


def state() -> str:
    """Return a digest of the sources that studies load, and of the versions they run on."""
    versions = [platform.python_implementation(), platform.python_version(), *map(version, LIBRARIES)]
    sources = hashlib.sha256()
    for name, path in sorted(_sources()):
        content = path.read_bytes()
        sources.update(f"{name} {len(content)}\n".encode() + content)
    return digest(*versions, sources.hexdigest())


def _sources() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        root = Path(str(import_module(package).__file__)).parent
        for path in root.rglob("*.py"):
            name = path.relative_to(root.parent).as_posix()
            if not any(name.startswith(f"{folder}/") for folder in APART):
                yield name, path


ANSWERS: ContextVar[Cache | None] = ContextVar("ANSWERS", default=None)
"""Where the solver's answers are kept while a study is run, if anywhere."""


def recalled(parts: Mapping[str, str], shape: type[T], work: Callable[[], T], keep: Callable[[T], bool]) -> T:
    """Return the answer to a question: the one that is kept, or else a new one.

    parts: everything that the answer depends on; keep: says whether an answer is worth keeping.
    """
    cache = ANSWERS.get()
    if cache is None:
        return work()
    key = digest(*(f"{name}: {part}" for name, part in parts.items()))
    found = cache.get(key, shape)
    if found is None:
        found = work()
        if keep(found):
            cache.put(key, found)
    return found
