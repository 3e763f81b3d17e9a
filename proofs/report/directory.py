"""Put a report on disk, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

from proofs.matrix.shown import as_data, matrix
from proofs.report.data import FORMAT, OBLIGATIONS, SECTIONS, document, readings_register, with_files
from proofs.results import Run
from reference.charter import Charter
from reference.oracle.files import install

PAGE, MACHINE, MARKDOWN = "index.html", "report.json", "report.md"
FOLDERS = {OBLIGATIONS: ".smt2", SECTIONS: ".html"}
"""The folders of a report, with what the names of their files end in."""


class ReportError(Exception):
    """Say in one sentence why no report was written."""


def write(run: Run, directory: Path, charter: Charter) -> None:
    """Write the report of a run into a directory, replacing a former report there.

    charter: the terms that the run is about; they give the payoff diagrams. Raise ReportError, with the
    disk as it was, if the run is about another charter, if the directory holds anything but a former
    report, or if the disk refuses.
    """
    if run.charter != charter.name:
        raise ReportError(f"The run is about the charter {run.charter!r}, not about {charter.name!r}.")
    target = directory.resolve()
    try:
        _refuse_foreign(target, directory)
        install(_contents(run, charter), target)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ReportError(f"The report could not be written to {str(directory)!r}: {reason}.") from error


def _contents(run: Run, charter: Charter) -> dict[str, bytes]:
    """Return every file of the report by its relative path."""
    # matplotlib and jinja2 take half a second to load; `document` must not cost that.
    from proofs.report import page, sections

    named = with_files(run)
    machine = {
        "format": FORMAT,
        **document(run),
        "readings": readings_register(),
        "matrix": as_data(matrix(run.results)),
    }
    texts = {
        PAGE: page.html(named, charter),
        MACHINE: json.dumps(machine, indent=2, ensure_ascii=False) + "\n",
        MARKDOWN: page.markdown(named, charter),
        **sections.pages(named, charter),
    }
    for result in named.results:
        for obligation in result.obligations:
            if obligation.file:
                texts[obligation.file] = obligation.smt2.rstrip("\n") + "\n"
    return {name: text.encode() for name, text in texts.items()}


def _refuse_foreign(target: Path, shown: Path) -> None:
    """Raise ReportError unless the target is free, an empty directory or a former report."""
    if not target.exists():
        return
    if not target.is_dir():
        raise ReportError(f"{str(shown)!r} is not a directory, so no report was written.")
    if any(target.iterdir()) and not _is_former_report(target):
        raise ReportError(f"The directory {str(shown)!r} holds other files than a former report; it was left alone.")


def _is_former_report(target: Path) -> bool:
    names = {path.name for path in target.iterdir()}
    if MACHINE not in names or not names <= {PAGE, MACHINE, MARKDOWN, *FOLDERS}:
        return False
    for name, suffix in FOLDERS.items():
        folder = target / name
        if folder.exists() and any(path.suffix != suffix for path in folder.iterdir()):
            return False
    try:
        found = json.loads((target / MACHINE).read_text(encoding="utf-8"))
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("format") == FORMAT
