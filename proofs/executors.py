"""Where the work of a proof run is done: processes of this machine, or a cluster.

Each task has a process of its own, which ends with it: what one leaves in a solver's memory cannot bear on
another, so that every executor gives the same results.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeAlias, TypeVar

from proofs.wire import decode

T = TypeVar("T")

CONNECTING = "15s"
"""How long a scheduler may take to answer."""

Processes: TypeAlias = set["subprocess.Popen[bytes]"]

_AT_WORK: Processes = set()
_OF_THREAD = threading.local()
"""Where a thread of a pool notes its processes, so that the pool can stop them: `at_work`."""


class LostError(Exception):
    """Say how a process ended that did not answer."""


class SchedulerError(Exception):
    """Say in one sentence why there is no cluster to work on."""


def apart(module: str, request: bytes) -> bytes:
    """Run a module in a process of its own, give it a request, and return its reply; raise LostError if none comes."""
    # Not the folder that the command was given in: a file there might bear the name of a library.
    command = [sys.executable, "-P", "-W", "ignore", "-m", module]
    places = os.pathsep.join(place or os.getcwd() for place in sys.path)
    given = os.environ | {"PYTHONPATH": places}
    with subprocess.Popen(
        command, env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        noted: tuple[Processes, ...] = (_AT_WORK, getattr(_OF_THREAD, "at_work", _AT_WORK))
        for processes in noted:
            processes.add(process)
        try:
            reply, complaint = process.communicate(request)
        finally:
            for processes in noted:
                processes.discard(process)
    if process.returncode < 0:
        raise LostError(f"the process that checked it was killed ({signal.Signals(-process.returncode).name})")
    if process.returncode > 0:
        words = complaint.decode(errors="replace").strip().splitlines() or ["without a word"]
        raise LostError(f"the process that checked it broke off: {words[-1]}")
    return reply


def reply_of(future: Future[bytes], shape: type[T]) -> T | str:
    """Return what a process replied, or else how it came that it did not, in a few words."""
    try:
        return decode(future.result(), shape)
    except LostError as error:
        return str(error)
    except (Exception, asyncio.CancelledError) as error:
        return f"the process that checked it was lost ({type(error).__name__})"


@contextmanager
def local(workers: int | None = None) -> Iterator[Executor]:
    """Work on this machine, in as many processes at a time as there are cores by default.

    What is still at work in the end is stopped.
    """
    own: Processes = set()
    pool = ThreadPoolExecutor(workers or os.cpu_count() or 1, initializer=_note, initargs=(own,))
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in list(own):
            process.kill()


def _note(processes: Processes) -> None:
    _OF_THREAD.at_work = processes


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Work on a Dask cluster; raise SchedulerError if `distributed` is missing or the scheduler does not answer."""
    try:
        from distributed import Client
    except ImportError:
        sentence = "A cluster needs the package distributed: pip install 'charterproof[cluster]'."
        raise SchedulerError(sentence) from None
    try:
        client = Client(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise SchedulerError(f"No scheduler answers at {address!r}: {reason}") from None
    with client, client.get_executor(pure=False) as executor:
        yield executor
