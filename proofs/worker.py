"""One study in a process of its own: a task on standard input, what it found on standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from proofs.cache import ANSWERS, Cache, state
from proofs.evidence import HELPERS
from proofs.results import Findings
from proofs.run import study_at
from proofs.study import run_study
from proofs.wire import Reply, Task, decode, encode


def run_task(task: Task) -> Reply:
    """Run one study's theorems; the state is taken at the end, so that a change meanwhile shows."""
    HELPERS.set(task.helpers)
    with _answers(task) as folder:
        ANSWERS.set(Cache(Path(folder)) if folder else None)
        results, explorations = run_study(study_at(task.charter, task.section, task.place), task.ids, task.fail_fast)
    return Reply(state(), Findings(tuple(results), tuple(explorations)))


@contextmanager
def _answers(task: Task) -> Iterator[str]:
    """Give the directory where answers are kept; processes that help leave them in one for the time being."""
    if task.answers or task.helpers < 2:
        yield task.answers
        return
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield folder


if __name__ == "__main__":
    sys.stdout.buffer.write(encode(run_task(decode(sys.stdin.buffer.read(), Task))))
