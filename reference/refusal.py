"""What the certificate, or arithmetic, does not allow."""

from __future__ import annotations


class Forbidden(Exception):  # noqa: N818 (it is no error of the program: the act is forbidden)
    """Say that an act cannot be done: a stable code, the clause that forbids it and one sentence."""

    def __init__(self, code: str, clause: str, message: str) -> None:
        """Keep what a caller needs to tell the reader."""
        super().__init__(message)
        self.code = code
        self.clause = clause
        self.message = message
