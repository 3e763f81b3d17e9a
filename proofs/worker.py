"""One study in a process of its own: a task on standard input, what it found on standard output."""

from __future__ import annotations

import sys
from pathlib import Path

from proofs.cache import ANSWERS, Cache, state
from proofs.results import Findings
from proofs.run import study_at
from proofs.study import run_study
from proofs.wire import Reply, Task, decode, encode


def run_task(task: Task) -> Reply:
    """Run one study's theorems; the state is taken at the end, so that a change meanwhile shows."""
    ANSWERS.set(Cache(Path(task.answers)) if task.answers else None)
    results, explorations = run_study(study_at(task.charter, task.section, task.place), task.ids, task.fail_fast)
    return Reply(state(), Findings(tuple(results), tuple(explorations)))


if __name__ == "__main__":
    sys.stdout.buffer.write(encode(run_task(decode(sys.stdin.buffer.read(), Task))))
