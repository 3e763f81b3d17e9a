"""One document or a line each; a bad line does not stop the next."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from reference.oracle import streams
from tests.oracle.cases import case, changed


def replies(text: bytes) -> tuple[int, list[dict[str, Any]]]:
    output = io.BytesIO()
    status = streams.answer_stream(io.BytesIO(text), output)
    return status, [json.loads(line) for line in output.getvalue().splitlines()]


def line(name: str) -> bytes:
    return json.dumps(changed(case(), "case", name)).encode() + b"\n"


def summary(text: bytes) -> tuple[int, list[tuple[Any, Any, Any]]]:
    status, found = replies(text)
    return status, [(r["case"], r.get("error", {}).get("code"), r.get("error", {}).get("line")) for r in found]


PRETTY = json.dumps(case(), indent=1).encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (line("x"), (0, [("x", None, None)])),
        (line("x").rstrip(), (0, [("x", None, None)])),
        (line("x") + line("y"), (0, [("x", None, None), ("y", None, None)])),
        (line("x") + b"\n  \n" + line("y"), (0, [("x", None, None), ("y", None, None)])),
        (line("x").replace(b"\n", b"\r\n") * 2, (0, [("x", None, None)] * 2)),
        (b"\xef\xbb\xbf" + line("x"), (0, [("x", None, None)])),
        (b"", (2, [(None, "empty_input", None)])),
        (b"\n \n", (2, [(None, "empty_input", None)])),
        (b"oops\n" + line("y"), (2, [(None, "invalid_json", 1), ("y", None, None)])),
        (line("x") + b"oops\n" + line("y"), (2, [("x", None, None), (None, "invalid_json", 2), ("y", None, None)])),
        (line("x") + b"{}\n", (2, [("x", None, None), (None, "missing_field", 2)])),
        (line("x") + line("y")[:40], (2, [("x", None, None), (None, "truncated", 2)])),
        (line("x") + line("y")[:40] + b"\n", (2, [("x", None, None), (None, "invalid_json", 2)])),
        (line("x")[:40] + b"\n" + line("y"), (2, [(None, "invalid_json", 1), ("y", None, None)])),
        (
            line("x")[:40] + b"\n" + line("y")[:50] + b"\n" + line("z"),
            (2, [(None, "invalid_json", 1), (None, "invalid_json", 2), ("z", None, None)]),
        ),
        (PRETTY, (0, [("one", None, None)])),
        (b"\n\n" + PRETTY + b"\n", (0, [("one", None, None)])),
        (PRETTY[:-2], (2, [(None, "truncated", 1)])),
        (PRETTY.replace(b'"ask"', b"ask"), (2, [(None, "invalid_json", 1)])),
        (b"[\n]", (2, [(None, "wrong_type", 1)])),
        (b'"abc\n', (2, [(None, "invalid_json", 1)])),
    ],
)
def test_inputs(text: bytes, expected: tuple[int, list[tuple[Any, Any, Any]]]) -> None:
    assert summary(text) == expected


def test_a_case_is_answered_the_same_in_a_file_and_in_a_stream() -> None:
    _, alone = replies(PRETTY)
    _, streamed = replies(line("one") * 2)
    assert streamed == alone * 2


def test_a_line_over_the_limit_is_refused_and_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_LINE", len(line("x")))
    long = b'{"case": "' + b"x" * 5000 + b'"}\n'
    assert summary(line("x") + long + line("y"))[1] == [
        ("x", None, None),
        (None, "line_too_long", 2),
        ("y", None, None),
    ]
    assert summary(long + line("y"))[1] == [(None, "line_too_long", 1), ("y", None, None)]
    assert summary(long.rstrip())[1] == [(None, "line_too_long", 1)]


def test_a_document_over_the_limit_is_not_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_LINE", 100)
    status, found = replies(PRETTY)
    assert status == 2
    assert {r["status"] for r in found} == {"refused"}


class Slow(io.RawIOBase):
    """Hand out lines one by one and note how much was answered before each."""

    def __init__(self, lines: list[bytes], output: io.BytesIO) -> None:
        self.lines = lines
        self.output = output
        self.answered: list[int] = []

    def readline(self, size: int | None = -1, /) -> bytes:
        self.answered.append(self.output.getvalue().count(b"\n"))
        return self.lines.pop(0) if self.lines else b""


def test_each_line_is_answered_before_the_next_is_read() -> None:
    output = io.BytesIO()
    source = Slow([line("x"), b"oops\n", line("z")], output)
    streams.answer_stream(source, output)  # type: ignore[arg-type]
    assert source.answered == [0, 1, 2, 3]
