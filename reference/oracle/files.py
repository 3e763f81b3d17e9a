"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from reference.oracle.refusals import Refusal


def written_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there; raise Refusal, and leave nothing, where that fails."""
    beside = ""
    try:
        number, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(number, "wb") as file:
            file.write(content)
        os.chmod(beside, 0o666 & ~_mask())
        os.replace(beside, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(beside)
        raise Refusal("output_not_written", "", f"{path} cannot be written: {error.strerror}.") from None


def _mask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found
