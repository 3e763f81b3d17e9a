"""End inside the second reply."""

import json
import sys
from itertools import count

from tool import Case, honest, serve, write

number = count(1)


def answer(case: Case) -> Case:
    """Answer once, then write half a line and stop."""
    reply = honest(case)
    if next(number) == 2:
        line = json.dumps(reply).encode()
        write(line[: len(line) // 2])
        sys.exit(0)
    return reply


serve(answer)
