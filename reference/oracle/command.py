"""The command `charterproof`.

`answer` without options takes a short way: one case from a cold start should cost little more than the
interpreter itself, and the command-line library alone would double that. Everything else goes through
`reference.oracle.cli`; both share the same functions.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; without arguments, run those of the process."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not is_plain_answer(given) or sys.stdout is None:
        from reference.oracle.cli import run

        return run(given)
    name = given[1] if len(given) > 1 else "-"
    return _answer(name) if arguments is not None else _answer_and_leave(name)


def is_plain_answer(arguments: Sequence[str]) -> bool:
    """Say whether the command is `answer`, `answer -` or `answer FILE`, without options."""
    if not arguments or arguments[0] != "answer" or len(arguments) > 2:
        return False
    return len(arguments) == 1 or arguments[1] == "-" or not arguments[1].startswith("-")


def _answer(name: str) -> int:
    from reference.oracle.streams import answer_file

    try:
        return answer_file(name, sys.stdout.buffer)
    except BaseException as error:
        from reference.oracle.cli import failed

        return failed(error)


def _answer_and_leave(name: str) -> NoReturn:
    import gc

    from reference.oracle import startup

    # Start-up makes no garbage worth collecting; what it made is set aside before the work starts.
    gc.disable()
    startup.defer_inspect()
    restore = startup.defer_methods()
    try:
        import reference.oracle.streams  # noqa: F401 (while it is cheap)
    finally:
        restore()
        gc.freeze()
        gc.enable()
    startup.leave(_answer(name))
