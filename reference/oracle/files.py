"""Files and directories that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from reference.oracle.refusals import Refusal


def written_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there; raise Refusal, and leave nothing, where that fails."""
    try:
        replace_file(path, content)
    except OSError as error:
        raise Refusal("output_not_written", "", f"{path} cannot be written: {error.strerror}.") from None


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there; where the disk refuses, raise OSError and leave nothing.

    A link is followed; what is no plain file, a device or a pipe, is written to, and so is an output of this process.
    """
    output = _output_at(path)
    if output is not None:
        with os.fdopen(os.dup(output), "wb") as file:
            file.write(content)
        return
    place = path.resolve()
    if place.exists() and not place.is_file():
        place.write_bytes(content)
        return
    handle, beside = tempfile.mkstemp(prefix=".", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(beside, 0o666 & ~_mask())
        os.replace(beside, place)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


def _output_at(path: Path) -> int | None:
    """Return the descriptor of standard output or error if that is what stands at a path, such as /dev/stdout."""
    for descriptor in (1, 2):
        with suppress(OSError):
            if os.path.samestat(os.stat(path), os.fstat(descriptor)):
                return descriptor
    return None


def _mask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found


def install(contents: Mapping[str, bytes], target: Path) -> None:
    """Write files next to a directory, then put them in its place; undo everything where the disk refuses.

    contents: by path inside of it. Raise OSError with the disk as it was.
    """
    target = target.resolve()
    created = [folder for folder in target.parents if not folder.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{target.name}.", dir=target.parent, ignore_cleanup_errors=True
        ) as scratch:
            # A directory inside: it gets the usual permissions, which the temporary one does not have.
            fresh = Path(scratch) / "new"
            fresh.mkdir()
            for name, content in contents.items():
                path = fresh / name
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content)
            _exchange(fresh, target, Path(scratch) / "former")
    except BaseException:
        for folder in created:
            with suppress(OSError):
                folder.rmdir()
        raise


def _exchange(fresh: Path, target: Path, former: Path) -> None:
    """Put a finished directory in the target's place; put the former one back if that fails."""
    existed = target.exists()
    if existed:
        target.rename(former)
    try:
        fresh.rename(target)
    except BaseException:
        if existed:
            former.rename(target)
        raise
    if existed:
        shutil.rmtree(former, ignore_errors=True)
