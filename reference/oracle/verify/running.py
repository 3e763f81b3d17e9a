"""The command `verify`: options in, results out, whatever ends the run."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

import click

from reference.oracle.questions import MODULES
from reference.oracle.verify import vectors
from reference.oracle.verify.comparison import compared_fields, mode_named
from reference.oracle.verify.results import Asked, as_json, as_junit, as_markdown, results
from reference.oracle.verify.session import Plan, Progress, Session, Source
from reference.oracle.verify.sources import Generated, from_file
from reference.oracle.verify.tool import Limits, Tool
from reference.oracle.verify.writing import check_places, write

MIB = 2**20


@dataclass(frozen=True)
class Options:
    """Hold the options of the command, as they are given."""

    cases: str | None
    vectors: str | None
    questions: tuple[str, ...]
    count: int
    seed: int
    no_small: bool
    no_events: bool
    compare: str
    fields: tuple[str, ...]
    timeout: float
    memory: int | None
    shrink: int
    fail_fast: bool
    as_json: str | None
    junit: str | None
    markdown: str | None


def verify(command: tuple[str, ...], options: Options) -> int:
    """Ask a tool, write the results and return the exit status.

    Raise Refusal for cases that cannot be read, a tool that cannot be started and results that cannot be written,
    click.UsageError for options that make no sense.
    """
    source, described = _source(options)
    plan = _plan(options)
    check_places((options.as_json, options.junit, options.markdown))
    limits = Limits(options.timeout, None if options.memory is None else options.memory * MIB)
    session = Session(Tool(command, limits), plan)
    with _terminable(), _shown() as progress:
        findings = session.run(source, progress)
    asked = Asked(command, described, str(plan.mode), _again(options))
    found = results(asked, findings, session.judge.declared)
    write(found, ((options.as_json, as_json), (options.junit, as_junit), (options.markdown, as_markdown)))
    return found.status


def _plan(options: Options) -> Plan:
    try:
        mode = mode_named(options.compare)
    except ValueError as error:
        raise click.UsageError(f"--compare: {error}.") from None
    for pattern in options.fields:
        if not any(compared_fields(question, (pattern,)) for question in options.questions or MODULES):
            raise click.UsageError(f"--field: no field of an answer is like {pattern}.")
    return Plan(mode, options.fields or None, options.fail_fast, options.shrink)


def _source(options: Options) -> tuple[Source, str]:
    given = [name for name, own in (("--cases", options.cases), ("--vectors", options.vectors)) if own is not None]
    if given and (options.questions or len(given) > 1):
        raise click.UsageError(f"Cases come from one place only; with {given[0]} nothing else gives any.")
    if options.vectors is not None:
        return partial(vectors.read, Path(options.vectors)), f"the vectors in {options.vectors}"
    if options.cases is not None:
        named = "standard input" if options.cases == "-" else options.cases
        return partial(from_file, options.cases), f"the cases of {named}"
    unknown = [name for name in options.questions if name not in MODULES]
    if unknown:
        raise click.UsageError(f"--question: {unknown[0]} is none; these are: {', '.join(MODULES)}.")
    names = tuple(dict.fromkeys(options.questions)) or tuple(MODULES)
    source = Generated(names, not options.no_small, options.count, options.seed, not options.no_events)
    drawn = f"{options.count} drawn from seed {options.seed}"
    return source, drawn if options.no_small else f"telling cases, all small ones and {drawn}"


def _again(options: Options) -> tuple[str, ...]:
    """Return the options that asking one case again needs."""
    fields = [part for pattern in options.fields for part in ("--field", pattern)]
    memory = [] if options.memory is None else ["--memory", str(options.memory)]
    return (*fields, *([] if options.timeout == Limits().seconds else ["--timeout", f"{options.timeout:g}"]), *memory)


@contextmanager
def _terminable() -> Iterator[None]:
    """Let a request to terminate end a run as an interruption does: with the results so far."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _shown() -> Iterator[Progress]:
    """Yield what shows how far the run is, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda tally: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    with Bar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("asking")

        def show(tally: object) -> None:
            bar.update(task, description=_so_far(tally))

        yield show


def _so_far(tally: object) -> str:
    from reference.oracle.verify.judging import Kind
    from reference.oracle.verify.tally import Tally

    assert isinstance(tally, Tally)
    return f"{tally.asked} asked, {tally.count(Kind.DIFFERS)} differ, {tally.count(Kind.ERRORED)} failed"
