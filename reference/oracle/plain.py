"""Text of others on one line, for terminals and logs."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Return text in which nothing moves a cursor, ends a line or turns the writing round: such signs as escapes.

    Names, files and tools may hold anything; in a terminal or a log it is shown and does nothing.
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(sign: str) -> str:
    return sign if sign.isprintable() else sign.encode("unicode_escape").decode()
