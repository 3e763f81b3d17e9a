"""The commands `prove` and `report`: run the theorems and say what came of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from reference.oracle.charters import load
from reference.oracle.refusals import Refusal

if TYPE_CHECKING:
    from proofs.results import Run

AS_EXPECTED, FINDING, BAD_INPUT, UNDECIDED = 0, 1, 2, 3
PLAIN_WIDTH = 150
"""The width of the table where there is no terminal, columns."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Means:
    """Hold how theorems are proved, verdicts apart.

    cache: where earlier runs kept what they found; scheduler: the address of a Dask cluster; second_solver: the
    name of the solver that decides again.
    """

    cache: Path | None = None
    scheduler: str | None = None
    second_solver: str | None = None


def run_theorems(charter: str, only: str | None = None, fail_fast: bool = False, means: Means = Means()) -> Run:
    """Prove the theorems about one charter, those whose id fits `only` if given, with progress on a terminal.

    Raise Refusal for an unknown charter, if no id fits, and if a package or a scheduler is missing.
    """
    terms = load(charter)
    from proofs.cache import Cache
    from proofs.executors import SchedulerError, cluster, local
    from proofs.run import prove
    from proofs.second import MissingError

    place = local if means.scheduler is None else partial(cluster, means.scheduler)
    kept = None if means.cache is None else Cache(means.cache, _warning())
    try:
        with _progress() as progress:
            run = prove(terms, only, progress, fail_fast, place, kept, means.second_solver is not None)
    except MissingError as error:
        raise Refusal("missing_package", "", str(error)) from None
    except SchedulerError as error:
        raise Refusal("no_scheduler", "", str(error)) from None
    if not run.results:
        raise Refusal("no_such_theorem", "", f"No theorem has an id like {only!r}.")
    return run


def _warning() -> Callable[[str], None]:
    """Return what prints a warning on standard error, the first one only."""
    told: list[str] = []

    def warn(sentence: str) -> None:
        if not told:
            told.append(sentence)
            print(f"charterproof: warning: {sentence}", file=sys.stderr)

    return warn


def write_report(run: Run, directory: Path) -> None:
    """Write the report of a run; raise Refusal if it cannot be written, with the disk as it was."""
    from proofs.report import ReportError, write

    try:
        write(run, directory, load(run.charter))
    except ReportError as error:
        raise Refusal("report_not_written", "", str(error)) from None


def exit_status(run: Run) -> int:
    """Return 0 if all came out as expected, 1 if some verdict is another, 3 if some are only undecided."""
    from proofs.report.data import Outcome, summary

    outcome = summary(run).outcome
    if outcome is Outcome.AS_EXPECTED:
        return AS_EXPECTED
    return UNDECIDED if outcome is Outcome.UNDECIDED else FINDING


def sentence(run: Run) -> str:
    """Return the outcome of a run in one sentence."""
    from proofs.report.data import summary

    return summary(run).sentence


def details(run: Run) -> list[str]:
    """Return, for each theorem that did not come out as expected, what the run says of it, if anything."""
    return [f"{r.theorem.id}: {r.detail}." for r in run.results if r.detail and not r.as_expected]


def as_json(run: Run) -> bytes:
    """Return a run in its machine form."""
    import msgspec

    from proofs.report import document

    return msgspec.json.format(msgspec.json.encode(document(run)), indent=2) + b"\n"


def show_table(run: Run) -> None:
    """Print a line per theorem on standard output."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("verdict", "expected", "theorem"):
        table.add_column(heading, no_wrap=True)
    table.add_column("paths", justify="right")
    table.add_column("statement", overflow="fold")
    for result in run.results:
        theorem = result.theorem
        verdict = result.verdict.value if result.as_expected else f"{result.verdict.value} (!)"
        table.add_row(verdict, theorem.expected.value, theorem.id, str(result.paths), theorem.statement)
    Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, markup=False, highlight=False).print(table)


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show a progress bar on standard error while it is a terminal."""
    if not sys.stderr.isatty():
        yield lambda theorem, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda theorem, done, total: bar.update(task, description=theorem, completed=done, total=total)
