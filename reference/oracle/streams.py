"""Cases in, answers out: one document, or a line each, in flat memory.

An input whose first line is a whole JSON document is a stream of lines. One whose first line is only the
beginning of a document is a single case over many lines, unless a later line is a whole case by itself:
then the lines before it were bad lines of a stream.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from reference.oracle.answers import answer_text, encode
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Answered, Refused, refused
from reference.oracle.wire import decode

MAX_LINE = 128 * 1024 * 1024
"""The longest document that is read, bytes: room for the most holdings that a position may list."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
BAD_INPUT = 2

Reply = Answered | Refused


def answer_file(name: str, output: BinaryIO) -> int:
    """Answer the cases of a file, or of standard input for "-"; return the exit status: 2 if any was refused."""
    if name == "-" and sys.stdin is not None and sys.stdin.isatty():
        print("Type or paste a case, and end it with Ctrl-D.", file=sys.stderr)
    return _write(_answered(name), output)


def answer_stream(source: BinaryIO, output: BinaryIO) -> int:
    """Answer the cases of one input, writing each answer at once; return the exit status: 2 if any was refused."""
    return _write(_replies(_lines(source)), output)


def _answered(name: str) -> Iterator[Reply]:
    try:
        if name == "-":
            yield from _replies(_lines(sys.stdin.buffer if sys.stdin is not None else BytesIO()))
        else:
            with open(name, "rb") as source:
                yield from _replies(_lines(source))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield refused(Refusal("unreadable_file", "", f"{name} cannot be read: {reason}."))


def _write(replies: Iterator[Reply], output: BinaryIO) -> int:
    status = 0
    for reply in replies:
        if isinstance(reply, Refused):
            status = BAD_INPUT
        try:
            output.write(encode(reply))
            output.flush()
        except BrokenPipeError:
            discard(output)
            break
    return status


def discard(output: BinaryIO) -> None:
    """Send what is still buffered nowhere: whoever read has enough, and flushing it at exit would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())


class _Line:
    """Hold a line with its number; `text` is None where it is longer than the limit."""

    def __init__(self, number: int, text: bytes | None) -> None:
        self.number = number
        self.text = text


def _lines(source: BinaryIO) -> Iterator[_Line]:
    """Yield the lines that are not empty."""
    number = 0
    while text := source.readline(MAX_LINE + 1):
        number += 1
        if number == 1:
            text = text.removeprefix(BYTE_ORDER_MARK)
        if len(text) > MAX_LINE:
            _skip_line(source, text)
            yield _Line(number, None)
        elif text.strip():
            yield _Line(number, text)


def _skip_line(source: BinaryIO, text: bytes) -> None:
    while text and not text.endswith(b"\n"):
        text = source.readline(MAX_LINE)


def _replies(lines: Iterator[_Line]) -> Iterator[Reply]:
    first = next(lines, None)
    if first is None:
        yield refused(Refusal("empty_input", "", "There is no case in the input."))
    elif first.text is not None and _is_beginning(first.text):
        yield from _document_or_stream(first.number, first.text, lines)
    else:
        yield _reply(first)
        yield from map(_reply, lines)


def _reply(line: _Line) -> Reply:
    if line.text is None:
        return refused(Refusal("line_too_long", "", f"The line is longer than {MAX_LINE} bytes."), line=line.number)
    reply = answer_text(line.text, line.number)
    # A whole line that ends inside a document is a bad line; only the input's last one can be cut off.
    if isinstance(reply, Refused) and reply.error.code == "truncated" and line.text.endswith(b"\n"):
        return refused(Refusal("invalid_json", "", "The line ends inside a document."), line=line.number)
    return reply


def _is_beginning(text: bytes) -> bool:
    """Say whether the text ends inside a document, which then may go on in the next line."""
    try:
        decode(text)
    except Refusal as refusal:
        return refusal.code == "truncated"
    return False


def _is_case(text: bytes) -> bool:
    """Say whether a line is a whole case by itself."""
    if not text.lstrip().startswith(b"{"):
        return False
    try:
        document = decode(text)
    except Refusal:
        return False
    return isinstance(document, dict) and "ask" in document


def _document_or_stream(number: int, text: bytes, lines: Iterator[_Line]) -> Iterator[Reply]:
    gathered = [_Line(number, text)]
    size = len(text)
    for line in lines:
        size += len(line.text or b"")
        if line.text is None or size > MAX_LINE or _is_case(line.text):
            yield from map(_reply, [*gathered, line])
            yield from map(_reply, lines)
            return
        gathered.append(line)
    yield answer_text(b"".join(line.text or b"" for line in gathered), number)
