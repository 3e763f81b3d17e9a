"""Where the results of a run go: files, standard output for programs, and text for people."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from reference.oracle.files import written_whole
from reference.oracle.refusals import Refusal
from reference.oracle.verify.results import Results, as_text

STANDARD_OUTPUT = "-"
Form = tuple[str | None, Callable[[Results], bytes]]
"""A file's name, - for standard output, None for nowhere; and what writes the results for it."""


def check_places(names: Iterable[str | Path | None]) -> None:
    """Raise Refusal for a file that has no directory, click.UsageError if two are to go to standard output."""
    given = [str(name) for name in names if name is not None]
    if given.count(STANDARD_OUTPUT) > 1:
        raise click.UsageError("Only one form of the results can go to standard output.")
    for name in given:
        if name != STANDARD_OUTPUT and not Path(name).parent.is_dir():
            raise Refusal("output_not_written", "", f"There is no directory for {name}.")


def write(found: Results, forms: Iterable[Form]) -> None:
    """Write results in each form, and as text for people; raise Refusal for a file that cannot be written."""
    machine = None
    for name, form in forms:
        if name == STANDARD_OUTPUT:
            machine = form(found)
        elif name is not None:
            written_whole(Path(name), form(found))
    # What programs read goes to standard output alone.
    click.echo(as_text(found), nl=False, err=machine is not None or not sys.stdout.isatty())
    if machine is not None:
        sys.stdout.buffer.write(machine)
