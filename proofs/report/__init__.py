"""The proof report: what a run establishes, for lawyers and auditors first, for programs second."""

from __future__ import annotations

from proofs.report.data import document
from proofs.report.directory import ReportError, write

__all__ = ["ReportError", "document", "write"]
