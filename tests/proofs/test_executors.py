"""Where the work is done, and what becomes of a process that is killed there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from proofs import executors, run
from proofs.executors import LostError, SchedulerError, apart, cluster, local, reply_of
from proofs.report.data import Outcome, concerns, summary
from proofs.results import Verdict
from proofs.wire import Reply
from reference.charter import Charter
from reference.oracle.command import main
from tests.proofs.places import Here

QUICK = "liquidation.caps*"
TWO_STUDIES = "liquidation.[bd]*"
"""A pattern that quick theorems of two studies fit."""


def module(folder: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> str:
    """Return the name of a module that has some source."""
    (folder / "toy_worker.py").write_text("import os, signal, sys, time\n" + source)
    monkeypatch.syspath_prepend(str(folder))
    return "toy_worker"


def test_a_module_answers_in_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = module(tmp_path, monkeypatch, "print(os.getpid(), sys.stdin.read(), end='')")
    own, said = apart(name, b"hello").split()
    assert int(own) != os.getpid()
    assert said == b"hello"
    assert not executors._AT_WORK


def test_the_folder_of_the_command_is_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = module(tmp_path, monkeypatch, "import reference; print(reference.__file__, end='')")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "reference.py").write_text("")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", [place or os.getcwd() for place in sys.path if place != str(folder)])
    assert str(folder) not in apart(name, b"").decode()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", "the process that checked it was killed (SIGKILL)"),
        ("raise ValueError('no')", "the process that checked it broke off: ValueError: no"),
        ("sys.exit(3)", "the process that checked it broke off: without a word"),
    ],
)
def test_a_process_that_does_not_answer_is_lost(
    source: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LostError) as raised:
        apart(module(tmp_path, monkeypatch, source), b"x" * 1_000_000)
    assert str(raised.value) == said


def test_what_is_still_at_work_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = module(tmp_path, monkeypatch, "time.sleep(600)")
    begun = time.monotonic()
    with local(1) as executor:
        first, second = (executor.submit(apart, name, b"") for _ in range(2))
        while not executors._AT_WORK:
            time.sleep(0.01)
    assert isinstance(first.exception(), LostError)
    assert second.cancelled()
    assert time.monotonic() - begun < 60


def test_a_run_that_ends_stops_its_own_processes_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = module(tmp_path, monkeypatch, "time.sleep(1); print('done', end='')")
    with local(1) as going_on:
        future = going_on.submit(apart, name, b"")
        while not executors._AT_WORK:
            time.sleep(0.01)
        with local(1):
            pass
        assert future.result(60) == b"done"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the process that checked it was lost (DecodeError)"),
        (b'{"state": 1}', "the process that checked it was lost (ValidationError)"),
        (RuntimeError("no"), "the process that checked it was lost (RuntimeError)"),
        (LostError("gone"), "gone"),
    ],
)
def test_whatever_is_no_reply_is_said_in_words(content: bytes | Exception, said: str) -> None:
    future: Future[bytes] = Future()
    if isinstance(content, bytes):
        future.set_result(content)
    else:
        future.set_exception(content)
    assert reply_of(future, Reply) == said


# Killed at work.


def killing(number: int) -> Callable[[], None]:
    """Return what kills that many processes as they are at work, once each is there."""

    def kill() -> None:
        killed: set[int] = set()
        while len(killed) < number:
            for process in list(executors._AT_WORK):
                if process.pid not in killed:
                    os.kill(process.pid, signal.SIGKILL)
                    killed.add(process.pid)
                    break
            time.sleep(0.01)

    return kill


def test_a_process_that_is_killed_ends_in_errors_and_spares_the_others(quintus: Charter) -> None:
    killer = threading.Thread(target=killing(1), daemon=True)
    killer.start()
    found = run.prove(quintus, TWO_STUDIES, place=partial(local, 1))
    killer.join(60)
    failed = [r for r in found.results if r.verdict is Verdict.ERROR]
    assert 0 < len(failed) < len(found.results)
    assert {r.detail for r in failed} == {"the process that checked it was killed (SIGKILL)"}
    assert all(r.as_expected for r in found.results if r not in failed)
    assert summary(found).outcome is Outcome.UNEXPECTED
    assert {c.theorem for c in concerns(found)} == {r.theorem.id for r in failed}


def children(parent: int) -> list[int]:
    """Return the processes that a process has started."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return [int(word) for word in listed.stdout.split()]


def test_the_command_whose_process_is_killed_ends_in_status_1() -> None:
    code = "import sys; from reference.oracle.command import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "prove", "--json", "--no-cache", "--only", QUICK]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        while not (found := children(running.pid)):
            time.sleep(0.01)
        os.kill(found[0], signal.SIGKILL)
        printed, said = running.communicate(timeout=60)
    assert running.returncode == 1
    document = json.loads(printed)
    assert {theorem["verdict"] for theorem in document["theorems"]} == {"ERROR"}
    assert b"Everything came out as expected" not in said
    assert b"Traceback" not in said


class Doomed(ProcessPoolExecutor):
    """A pool whose process is killed as soon as it has work."""

    def submit(self, work: Callable[..., Any], /, *given: Any, **more: Any) -> Future[Any]:
        future = super().submit(time.sleep, 60)
        for process in list(self._processes.values()):
            os.kill(process.pid, signal.SIGKILL)
        return future


def test_a_pool_whose_process_is_killed_ends_in_errors(quintus: Charter) -> None:
    @contextmanager
    def place() -> Iterator[Executor]:
        with Doomed(1, mp_context=get_context("spawn")) as pool:
            yield pool

    results = run.prove(quintus, QUICK, place=place).results
    detail = "the process that checked it was lost (BrokenProcessPool)"
    assert [(r.verdict, r.detail) for r in results] == [(Verdict.ERROR, detail)] * 2


def test_any_executor_will_do(quintus: Charter) -> None:
    @contextmanager
    def place() -> Iterator[Executor]:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            yield pool

    assert run.prove(quintus, QUICK, place=place) == run.prove(quintus, QUICK)


# On a cluster.


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Return the address of a cluster of two worker processes on this machine."""
    pytest.importorskip("distributed", reason="distributed is not installed: pip install 'charterproof[cluster]'")
    code = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""
    # In a process of its own: its event loops and log messages are not for this one.
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        yield running.stdout.readline().decode().strip()
        running.stdin.close()
        running.wait(60)


@pytest.mark.filterwarnings("default")
def test_a_cluster_gives_what_this_machine_gives(scheduler: str, quintus: Charter) -> None:
    assert run.prove(quintus, TWO_STUDIES, place=partial(cluster, scheduler)) == run.prove(quintus, TWO_STUDIES)


@pytest.mark.filterwarnings("default")
def test_the_command_works_on_a_cluster(scheduler: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "--no-cache", "--only", QUICK, "--scheduler", scheduler]) == 0
    assert "Everything came out as expected." in capsys.readouterr().err


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x", "", "127.0.0.1:notaport"])
def test_a_scheduler_that_does_not_answer_is_one_sentence(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed", reason="distributed is not installed: pip install 'charterproof[cluster]'")
    monkeypatch.setattr(executors, "CONNECTING", "1s")
    assert main(["prove", "--no-cache", "--only", QUICK, "--scheduler", address]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    (sentence,) = printed.err.splitlines()
    assert sentence.startswith(f"charterproof: no_scheduler: No scheduler answers at {address!r}")


def test_a_cluster_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SchedulerError, match="pip install 'charterproof"), cluster("tcp://127.0.0.1:9"):
        pass


def test_nothing_is_said_of_a_run_that_nobody_worked_on(quintus: Charter) -> None:
    results = run.prove(quintus, QUICK, place=Here(ConnectionError("no"))).results
    detail = "the process that checked it was lost (ConnectionError)"
    assert [(r.verdict, r.detail) for r in results] == [(Verdict.ERROR, detail)] * 2
