"""The tool as a process that stays alive: a line in, a line out, with limits on its time, memory and output."""

from __future__ import annotations

import os
import resource
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from reference.oracle.verify.protocol import quoted

LONGEST_LINE = 8 * 1024 * 1024
"""The longest line that is read from a tool, bytes."""

CHUNK = 65536
LAST_WORDS = 2000
"""So much of what a tool wrote on standard error is kept, bytes."""

PARTING = 2
"""Seconds that a tool has to leave once its input has ended."""


class ToolError(Exception):
    """Say in a sentence how a tool failed; `code` is stable."""

    def __init__(self, code: str, sentence: str) -> None:
        """Keep the code with the sentence."""
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Limits:
    """Hold what a tool may take: seconds of the clock for one reply, and bytes of memory (None: no limit)."""

    seconds: float = 10
    memory: int | None = None


class Tool:
    """Run a command, and start it anew after it has failed."""

    def __init__(self, command: Sequence[str], limits: Limits = Limits()) -> None:
        """Take a command with its arguments; it is started by the first line."""
        self.command = tuple(command)
        self.limits = limits
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self._read = b""
        self._errors = b""
        self._unsent = memoryview(b"")

    def send(self, line: bytes) -> None:
        """Give the tool a line; what its pipe does not take at once goes with waiting for the reply."""
        if not self.runs:
            self._start()
        self._unsent = memoryview(line)
        with suppress(BrokenPipeError):
            self._write()

    def reply(self) -> bytes:
        """Return the tool's next line; raise ToolError if there is none in time, and end the tool then."""
        try:
            return self._line()
        except ToolError:
            self.stop()
            raise

    @property
    def runs(self) -> bool:
        """Say whether the tool is there to be asked."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """End the tool and all that it started."""
        process, self.process = self.process, None
        if process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._close(process)

    def leave(self) -> None:
        """End the tool's input, and the tool itself if it does not leave by itself."""
        process = self.process
        if process is not None and process.stdin is not None:
            with suppress(BrokenPipeError):
                process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                process.wait(PARTING)
        self.stop()

    # Inside

    def _start(self) -> None:
        self.stop()
        self.starts += 1
        self._read = self._errors = b""
        if self.limits.memory is not None and not hasattr(resource, "prlimit"):
            raise ToolError("not_started", "The memory of a tool cannot be limited on this system; leave --memory out.")
        try:
            process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ToolError("not_started", f"{self.command[0]} cannot be started: {reason}.") from None
        for pipe in (process.stdin, process.stdout, process.stderr):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
        if self.limits.memory is not None:
            with suppress(ProcessLookupError):
                resource.prlimit(process.pid, resource.RLIMIT_AS, (self.limits.memory, self.limits.memory))
        self.process = process

    @staticmethod
    def _close(process: subprocess.Popen[bytes]) -> None:
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

    def _write(self) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        with suppress(BlockingIOError):
            while self._unsent:
                self._unsent = self._unsent[os.write(self.process.stdin.fileno(), self._unsent[:CHUNK]) :]

    def _line(self) -> bytes:
        until = time.monotonic() + self.limits.seconds
        while b"\n" not in self._read:
            if len(self._read) > LONGEST_LINE:
                raise ToolError("line_too_long", f"The tool wrote a line of over {LONGEST_LINE} bytes.")
            left = until - time.monotonic()
            if left <= 0:
                raise ToolError("timed_out", f"The tool gave no reply within {self.limits.seconds:g} seconds.")
            self._wait(left)
        line, _, self._read = self._read.partition(b"\n")
        return line

    def _wait(self, seconds: float) -> None:
        """Take what the tool writes, and give it what is left of its line."""
        process = self.process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        with selectors.DefaultSelector() as pipes:
            pipes.register(process.stdout, selectors.EVENT_READ)
            if not process.stderr.closed:
                pipes.register(process.stderr, selectors.EVENT_READ)
            if self._unsent:
                pipes.register(process.stdin, selectors.EVENT_WRITE)
            for key, _ in pipes.select(seconds):
                if key.fileobj is process.stdin:
                    try:
                        self._write()
                    except BrokenPipeError:
                        self._unsent = memoryview(b"")  # Its end shows on its output.
                elif key.fileobj is process.stderr:
                    self._hear(process)
                elif not self._take(process):
                    raise self._ended(process)

    def _take(self, process: subprocess.Popen[bytes]) -> bool:
        assert process.stdout is not None
        found = os.read(process.stdout.fileno(), CHUNK)
        self._read += found
        return bool(found)

    def _hear(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr is not None
        found = b""
        with suppress(BlockingIOError):
            found = os.read(process.stderr.fileno(), CHUNK)
        self._errors = (self._errors + found)[-LAST_WORDS:]
        if not found:
            process.stderr.close()

    def _ended(self, process: subprocess.Popen[bytes]) -> ToolError:
        """Return the error for a tool whose output has ended."""
        try:
            status = process.wait(PARTING)
        except subprocess.TimeoutExpired:
            return ToolError("closed", "The tool closed its output and went on running.")
        with suppress(OSError, ValueError):
            self._hear(process)
        how = f"by signal {-status}" if status < 0 else f"with status {status}"
        said = f" Its last words: {quoted(self._errors.strip(), LAST_WORDS)}" if self._errors.strip() else ""
        if self._read:
            return ToolError("cut_off", f"The tool ended {how} inside a line: {quoted(self._read)}.{said}")
        return ToolError("ended", f"The tool ended {how} before it replied.{said}")
