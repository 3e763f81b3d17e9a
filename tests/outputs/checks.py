"""Checks that the tests of single questions share."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from reference.oracle.small_cases import exhaustive
from reference.readings import REGISTER, entry_for
from tests.oracle.cases import ask
from tests.oracle.questions import Examples
from tests.outputs.compare import NoAnswerError, compared, module_of

Document = Mapping[str, Any]


def check_small_cases(question: str, every: int = 1) -> None:
    """Assert that engine and closed forms agree on every small case of a question, or on every second, third, ..."""
    count = 0
    for document in islice(exhaustive(question), 0, None, every):
        assert compared(document).differences == [], document
        count += 1
    assert count > 0


def check_drawn(document: Document) -> None:
    """Assert that engine and closed forms agree on a drawn case, if the engine accepts it."""
    reply = ask(document)
    if reply["status"] == "refused":
        assert reply["error"]["code"] != "internal_error"
        return
    assert compared(document).differences == []


def options(examples: Iterable[str]) -> list[tuple[str, str]]:
    """List the readings of examples, each with each of its options."""
    return [(field, option.value) for field in examples for option, _ in entry_for(field).options]


def looked_at(*names: str) -> set[str]:
    """Name the readings that questions, or a history, look at."""
    return {entry.field for entry in REGISTER if set(names) & set(entry.questions)}


def check_option(field: str, option: str, examples: Examples) -> None:
    """Assert that engine and closed forms agree under an option, and that both answer otherwise under any other."""
    documents = [_under(document, field, option) for document in examples[field]]
    assert all(compared(document).differences == [] for document in documents)
    for other, _ in entry_for(field).options:
        if other.value != option:
            others = [_under(document, field, other.value) for document in examples[field]]
            assert [*map(_expected, map(json.dumps, documents))] != [*map(_expected, map(json.dumps, others))], other


def _under(document: Document, field: str, option: str) -> Document:
    found = copy.deepcopy(dict(document))
    found["readings"] = {**found.get("readings", {}), field: option}
    return found


@lru_cache(maxsize=1000)
def _expected(text: str) -> str:
    """Return what the closed forms answer to a case, as text; or why they do not."""
    document = json.loads(text)
    try:
        found = module_of(document["ask"]["question"]).expected(document)
    except NoAnswerError as error:
        return str(error)
    return str(sorted((place, str(value)) for place, value in found.items()))
