"""A report is on disk whole or not at all, and the same bytes every time."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from proofs.matrix.shown import as_data, matrix
from proofs.report import ReportError, document, write
from proofs.results import Run
from tests.report import sample
from tests.report.conftest import contents

ROOT = Path(__file__).parents[2]


def test_files(mixed_report: Path) -> None:
    names = set(contents(mixed_report))
    assert {"index.html", "report.json", "report.md"} < names
    machine = json.loads((mixed_report / "report.json").read_text(encoding="utf-8"))
    named = [o["file"] for t in machine["theorems"] for o in t["obligations"]]
    assert len(named) == 27
    pages = {name for name in names if name.startswith("sections/")}
    assert {"sections/liquidation.html", "sections/readings.html"} <= pages
    assert set(named) == names - pages - {"index.html", "report.json", "report.md"}
    saved = (mixed_report / "obligations/liquidation.caps_respected--path-03.smt2").read_text(encoding="utf-8")
    assert saved == sample.CAPS.obligations[2].smt2


def test_report_json_is_the_document_the_readings_and_the_matrix(mixed_report: Path) -> None:
    machine = json.loads((mixed_report / "report.json").read_text(encoding="utf-8"))
    readings = {entry["field"]: entry for entry in machine.pop("readings")}
    assert machine.pop("format") == "charterproof proof report"
    assert machine.pop("matrix") == as_data(matrix(sample.mixed().results))
    assert machine == document(sample.mixed())
    assert readings["cash_rank"]["default"] == "creditor"


def test_second_run_gives_the_same_bytes(mixed_report: Path, tmp_path: Path) -> None:
    write(sample.mixed(), tmp_path / "again", sample.charter())
    assert contents(tmp_path / "again") == contents(mixed_report)


def test_another_process_gives_the_same_bytes(mixed_report: Path, tmp_path: Path) -> None:
    style = tmp_path / "matplotlibrc"
    style.write_text("font.size: 20\nlines.linewidth: 9\nsvg.fonttype: path\n", encoding="utf-8")
    elsewhere = {"PYTHONHASHSEED": "4242", "MATPLOTLIBRC": str(style), "LC_ALL": "C", "TZ": "Asia/Tokyo"}
    command = [sys.executable, "-m", "tests.report.sample", "mixed", str(tmp_path / "again")]
    subprocess.run(command, cwd=ROOT, env=os.environ | elsewhere, check=True)
    assert contents(tmp_path / "again") == contents(mixed_report)


def test_replaces_a_former_report(tmp_path: Path, mixed_report: Path) -> None:
    write(sample.run(sample.SAME), tmp_path / "report", sample.charter())
    write(sample.mixed(), tmp_path / "report", sample.charter())
    assert contents(tmp_path / "report") == contents(mixed_report)
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


@pytest.mark.usefixtures("drawn_once")
def test_uses_an_empty_directory_and_makes_missing_ones(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(sample.run(sample.SAME), tmp_path / "empty", sample.charter())
    write(sample.run(sample.SAME), tmp_path / "a/b/report", sample.charter())
    assert contents(tmp_path / "empty") == contents(tmp_path / "a/b/report")
    assert (tmp_path / "a/b/report").stat().st_mode == (tmp_path / "a").stat().st_mode


def _notes(directory: Path) -> None:
    (directory / "notes.txt").write_text("mine", encoding="utf-8")


def _report_with_notes(directory: Path) -> None:
    write(sample.run(sample.SAME), directory, sample.charter())
    _notes(directory)


def _report_with_notes_among_obligations(directory: Path) -> None:
    write(sample.run(sample.SAME), directory, sample.charter())
    _notes(directory / "obligations")


def _report_with_notes_among_sections(directory: Path) -> None:
    write(sample.run(sample.SAME), directory, sample.charter())
    _notes(directory / "sections")


def _other_json(directory: Path) -> None:
    (directory / "report.json").write_text('{"format": "other"}', encoding="utf-8")


def _cut_off_json(directory: Path) -> None:
    (directory / "report.json").write_text('{"format": "charterproof', encoding="utf-8")


@pytest.mark.usefixtures("drawn_once")
@pytest.mark.parametrize(
    "fill",
    [
        _notes,
        _report_with_notes,
        _report_with_notes_among_obligations,
        _report_with_notes_among_sections,
        _other_json,
        _cut_off_json,
    ],
)
def test_leaves_a_foreign_directory_alone(fill: Callable[[Path], None], tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    fill(target)
    before = contents(tmp_path)
    with pytest.raises(ReportError, match="holds other files than a former report"):
        write(sample.mixed(), target, sample.charter())
    assert contents(tmp_path) == before


def test_leaves_a_file_alone(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("mine", encoding="utf-8")
    with pytest.raises(ReportError, match="is not a directory"):
        write(sample.mixed(), tmp_path / "target", sample.charter())
    assert contents(tmp_path) == {"target": b"mine"}


def test_refuses_another_charter(tmp_path: Path) -> None:
    other = Run("other", (), (), {})
    with pytest.raises(ReportError, match=r"about the charter 'other', not about 'quintus-1999'"):
        write(other, tmp_path / "target", sample.charter())
    assert not list(tmp_path.iterdir())


def _failing(monkeypatch: pytest.MonkeyPatch, method: str, at: int, error: BaseException) -> None:
    """Make the so-many-th call of a method of Path fail, and only that one."""
    real = getattr(Path, method)
    calls = 0

    def sometimes(self: Path, *arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == at:
            raise error
        return real(self, *arguments)

    monkeypatch.setattr(Path, method, sometimes)


FAILURES = [
    *(("write_bytes", at, OSError(errno.ENOSPC, "No space left on device")) for at in (1, 4, 30)),
    *(("rename", at, OSError(errno.EACCES, "Permission denied")) for at in (1, 2)),
    ("write_bytes", 5, KeyboardInterrupt()),
    ("rename", 2, KeyboardInterrupt()),
]


@pytest.mark.usefixtures("drawn_once")
@pytest.mark.parametrize(("method", "at", "error"), FAILURES)
def test_failure_leaves_the_former_report(
    method: str, at: int, error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(sample.run(sample.SAME), tmp_path / "report", sample.charter())
    before = contents(tmp_path)
    _failing(monkeypatch, method, at, error)
    with pytest.raises(ReportError if isinstance(error, OSError) else KeyboardInterrupt):
        write(sample.mixed(), tmp_path / "report", sample.charter())
    assert contents(tmp_path) == before
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


@pytest.mark.usefixtures("drawn_once")
@pytest.mark.parametrize("at", [1, 30])
def test_failure_leaves_nothing_behind(at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _failing(monkeypatch, "write_bytes", at, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(ReportError) as caught:
        write(sample.mixed(), tmp_path / "a/b/report", sample.charter())
    assert str(caught.value) == f"The report could not be written to {str(tmp_path / 'a/b/report')!r}: " + (
        "No space left on device."
    )
    assert not list(tmp_path.iterdir())


def test_machine_form_loads_no_drawing_library() -> None:
    code = "import sys, proofs.report; sys.exit(bool({'matplotlib', 'jinja2'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
