"""Never reply to a case."""

import time

from tool import Case, serve


def answer(case: Case) -> Case:
    """Sleep until somebody ends it."""
    while True:
        time.sleep(60)


serve(answer)
