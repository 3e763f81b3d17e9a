"""Cases in, answers out: one document, or a line each, in flat memory.

An input whose first line is a whole JSON document is a stream of lines. One whose first line is only the
beginning of a document is a single case over many lines, unless a later line is a whole case by itself:
then the lines before it were bad lines of a stream.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from reference.oracle.answers import answer_plain, encode
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Answered, Refused, refused
from reference.oracle.wire import decode

MAX_LINE = 128 * 1024 * 1024
"""The longest document that is read, bytes: room for the most holdings that a position may list."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
BAD_INPUT = 2
UNDECIDED = 3

Reply = Answered | Refused


def answer_file(name: str, output: BinaryIO) -> int:
    """Answer the cases of a file, or of standard input for "-"; return the exit status of refusals."""
    if name == "-" and sys.stdin is not None and sys.stdin.isatty():
        print("Type or paste a case, and end it with Ctrl-D.", file=sys.stderr)
    return _write(_answered(name), output)


def answer_stream(source: BinaryIO, output: BinaryIO) -> int:
    """Answer the cases of one input, writing each answer at once; return the exit status of refusals."""
    return _write(_replies(source), output)


def _answered(name: str) -> Iterator[Reply]:
    try:
        if name == "-":
            yield from _replies(sys.stdin.buffer if sys.stdin is not None else BytesIO())
        else:
            with open(name, "rb") as source:
                yield from _replies(source)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield refused(Refusal("unreadable_file", "", f"{name} cannot be read: {reason}."))


def _write(replies: Iterator[Reply], output: BinaryIO) -> int:
    status = 0
    for reply in replies:
        if isinstance(reply, Refused) and status != BAD_INPUT:
            status = UNDECIDED if reply.error.code == "undecided" else BAD_INPUT
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


@dataclass(frozen=True)
class Line:
    """Hold the text of a document with the number of its first line; no text where it is longer than the limit.

    gathered: whether it is all of the input, over several lines.
    """

    number: int
    text: bytes | None
    gathered: bool = False

    def fault(self) -> Refusal:
        """Return why there is no text."""
        return Refusal("line_too_long", "", f"The line is longer than {MAX_LINE} bytes.")

    def document(self) -> Any:
        """Return the plain values of the text; raise Refusal if it is no JSON document."""
        if self.text is None:
            raise self.fault()
        try:
            return decode(self.text)
        except Refusal as refusal:
            # A whole line that ends inside a document is a bad line; only the input's last one can be cut off.
            if refusal.code == "truncated" and self.text.endswith(b"\n") and not self.gathered:
                raise Refusal("invalid_json", "", "The line ends inside a document.") from None
            raise


def _lines(source: BinaryIO) -> Iterator[Line]:
    """Yield the lines that are not empty."""
    number = 0
    while text := source.readline(MAX_LINE + 1):
        number += 1
        if number == 1:
            text = text.removeprefix(BYTE_ORDER_MARK)
        if len(text) > MAX_LINE:
            _skip_line(source, text)
            yield Line(number, None)
        elif text.strip():
            yield Line(number, text)


def _skip_line(source: BinaryIO, text: bytes) -> None:
    while text and not text.endswith(b"\n"):
        text = source.readline(MAX_LINE)


def documents(source: BinaryIO) -> Iterator[Line]:
    """Yield the documents of an input: all of it, or a line each. Raise Refusal if there is none."""
    lines = _lines(source)
    first = next(lines, None)
    if first is None:
        raise Refusal("empty_input", "", "There is no case in the input.")
    if first.text is not None and _is_beginning(first.text):
        yield from _document_or_stream(first.number, first.text, lines)
    else:
        yield first
        yield from lines


def _replies(source: BinaryIO) -> Iterator[Reply]:
    try:
        yield from map(_reply, documents(source))
    except Refusal as refusal:
        yield refused(refusal)


def _reply(line: Line) -> Reply:
    try:
        document = line.document()
    except Refusal as refusal:
        return refused(refusal, line=line.number)
    return answer_plain(document, line.number)


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


def _document_or_stream(number: int, text: bytes, lines: Iterator[Line]) -> Iterator[Line]:
    gathered = [Line(number, text)]
    size = len(text)
    for line in lines:
        size += len(line.text or b"")
        if line.text is None or size > MAX_LINE or _is_case(line.text):
            yield from [*gathered, line]
            yield from lines
            return
        gathered.append(line)
    yield Line(number, b"".join(line.text or b"" for line in gathered), gathered=True)
