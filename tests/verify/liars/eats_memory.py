"""Allocate memory until none is left; the limit is its own, so that it harms nobody where none is set."""

import resource

from tool import Case, serve

resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))


def answer(case: Case) -> Case:
    """Keep on asking for more."""
    kept = []
    while True:
        kept.append(bytearray(1 << 24))


serve(answer)
