"""A tool as a process: whatever it does, there is a line in time or an error that says what it did."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reference.oracle.verify.tool import Limits, Tool, ToolError

ECHO = "import sys\nfor line in sys.stdin.buffer: sys.stdout.buffer.write(line); sys.stdout.buffer.flush()"


def tool_of(code: str, seconds: float = 20, memory: int | None = None) -> Tool:
    return Tool([sys.executable, "-c", code], Limits(seconds, memory))


@pytest.fixture
def echo() -> Iterator[Tool]:
    tool = tool_of(ECHO)
    yield tool
    tool.stop()


def failure(tool: Tool, line: bytes = b"x\n") -> ToolError:
    tool.send(line)
    with pytest.raises(ToolError) as caught:
        tool.reply()
    assert not tool.runs
    tool.stop()
    return caught.value


def test_a_line_in_and_a_line_out_from_one_process(echo: Tool) -> None:
    for line in (b"one", b"two", b""):
        echo.send(line + b"\n")
        assert echo.reply() == line
    assert echo.starts == 1


def test_a_line_longer_than_any_pipe(echo: Tool) -> None:
    line = b"x" * 3_000_000
    echo.send(line + b"\n")
    assert echo.reply() == line


def test_much_on_standard_error_blocks_nothing() -> None:
    tool = tool_of("import sys\nfor line in sys.stdin: sys.stderr.write('e' * 500000); print(line, end='', flush=True)")
    tool.send(b"x\n")
    assert tool.reply() == b"x"
    tool.leave()


def test_no_reply_in_time() -> None:
    before = time.monotonic()
    error = failure(tool_of("import time; time.sleep(60)", seconds=0.2))
    assert error.code == "timed_out"
    assert "within 0.2 seconds" in str(error)
    assert time.monotonic() - before < 20


def test_a_tool_that_reads_nothing_does_not_block() -> None:
    assert failure(tool_of("import time; time.sleep(60)", seconds=0.2), b"x" * 3_000_000 + b"\n").code == "timed_out"


def test_a_tool_that_ends_says_how_and_its_last_words() -> None:
    error = failure(tool_of("import sys; sys.stderr.write('out of luck'); sys.exit(3)"))
    assert error.code == "ended"
    assert "with status 3" in str(error)
    assert "out of luck" in str(error)
    assert "by signal 9" in str(failure(tool_of("import os; os.kill(os.getpid(), 9)")))


def test_a_line_that_is_cut_off() -> None:
    error = failure(tool_of("import sys; input(); sys.stdout.write('{\"case\": '); sys.stdout.flush()"))
    assert error.code == "cut_off"
    assert '{"case":' in str(error)


def test_a_line_without_end() -> None:
    code = "import sys; input()\nwhile True: sys.stdout.write('x' * 100000)"
    assert failure(tool_of(code)).code == "line_too_long"


def test_a_tool_that_closes_its_output() -> None:
    code = "import os, time; os.close(1); time.sleep(60)"
    assert failure(tool_of(code)).code in ("closed", "ended")


def test_a_tool_that_is_not_there() -> None:
    with pytest.raises(ToolError, match="cannot be started: No such file") as caught:
        Tool(["./no-such-tool"]).send(b"x\n")
    assert caught.value.code == "not_started"


def test_memory_has_a_limit() -> None:
    code = "input()\nx = bytearray(2**31)\nprint('there', flush=True)"
    assert "MemoryError" in str(failure(tool_of(code, memory=2**30)))


def test_what_a_tool_started_ends_with_it(tmp_path: Path) -> None:
    file = tmp_path / "child"
    code = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open({str(file)!r}, "w").write(str(child.pid))
print("ready", flush=True)
sys.stdin.read()
"""
    tool = tool_of(code)
    tool.send(b"x\n")
    assert tool.reply() == b"ready"
    tool.stop()
    child = int(file.read_text())
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "State:\tZ" in Path(f"/proc/{child}/status").read_text():
            break
        time.sleep(0.05)
    else:
        os.kill(child, 9)
        pytest.fail("the tool's child goes on running")


def test_a_tool_is_started_anew_after_it_failed() -> None:
    tool = tool_of("print(input(), flush=True)")
    for _ in range(3):
        tool.send(b"x\n")
        assert tool.reply() == b"x"
        tool.stop()
    assert tool.starts == 3
