"""The register of readings, as a table, as plain text or as data."""

from __future__ import annotations

from typing import Any

from reference.readings import REGISTER, Entry


def as_data() -> dict[str, Any]:
    """Return every reading with its options, default, clause and ambiguity as plain data."""
    return {"readings": [_entry(entry) for entry in REGISTER]}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.field,
        "ambiguity": entry.ambiguity,
        "clause": entry.clause,
        "decides": entry.decides,
        "default": entry.default.value,
        "options": [{"option": option.value, "means": means} for option, means in entry.options],
        "questions": list(entry.questions),
    }


def as_text() -> str:
    """Return every reading as plain lines; a star marks the default."""
    blocks = []
    for entry in REGISTER:
        lines = [f"{entry.field}  ({entry.clause}, {entry.ambiguity})", f"  {entry.decides}"]
        for option, means in entry.options:
            lines.append(f"  {_mark(entry, option)} {option.value}: {means}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _mark(entry: Entry, option: object) -> str:
    return "*" if option == entry.default else " "


def as_table() -> Any:
    """Return every reading as a table for a terminal; a star marks the default."""
    from rich.table import Table

    table = Table(title="Readings: the choices where the text is ambiguous (* is the default)", show_lines=True)
    for heading in ("reading", "clause", "decides", "options"):
        table.add_column(heading, overflow="fold")
    for entry in REGISTER:
        options = [f"{_mark(entry, option)} {option.value}: {means}" for option, means in entry.options]
        table.add_row(entry.field, f"{entry.clause}\n{entry.ambiguity}", entry.decides, "\n".join(options))
    return table
