"""Expected values, written as answers have them."""

from __future__ import annotations

from datetime import date
from types import NoneType
from typing import Any


def written(value: Any) -> Any:
    """Return an expected value as an answer has it: an exact number in lowest terms, a date in ISO form."""
    if isinstance(value, (bool, str, NoneType)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [written(part) for part in value]
    return str(value)
