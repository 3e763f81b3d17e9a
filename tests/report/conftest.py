"""Reports written once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from proofs.report import drawing, write
from proofs.report.payoffs import diagrams
from tests.report import sample


@pytest.fixture(scope="session")
def clean_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report in which everything came out as expected."""
    directory = tmp_path_factory.mktemp("clean") / "report"
    write(sample.clean(), directory, sample.charter())
    return directory


@pytest.fixture(scope="session")
def mixed_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report with an undecided and an unexpected theorem."""
    directory = tmp_path_factory.mktemp("mixed") / "report"
    write(sample.mixed(), directory, sample.charter())
    return directory


@pytest.fixture(scope="session")
def drawings() -> dict[str, str]:
    """Return the drawings of the shipped charter by their key."""
    return {diagram.key: drawing.svg(diagram) for diagram in diagrams(sample.charter())}


@pytest.fixture
def drawn_once(drawings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare a test the drawing, which takes most of the time of a report."""
    monkeypatch.setattr(drawing, "svg", lambda diagram: drawings[diagram.key])


def contents(directory: Path) -> dict[str, bytes]:
    """Read every file below a directory."""
    return {str(p.relative_to(directory)): p.read_bytes() for p in sorted(directory.rglob("*")) if p.is_file()}
