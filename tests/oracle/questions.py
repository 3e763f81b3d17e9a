"""How the tests of single questions ask them."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

from reference.readings import REGISTER, entry_for
from tests.oracle.cases import ask, case

Document = dict[str, Any]
Examples = dict[str, list[Document]]


def held(*holdings: tuple[str, str, int], **position: Any) -> Document:
    """Return a position with these holdings: holder, class, shares."""
    listed = [{"holder": holder, "class": stock, "shares": shares} for holder, stock, shares in holdings]
    return {"holdings": listed, **position}


def asked(question: str, position: Document | None = None, **fields: Any) -> Document:
    """Return a case with a question; without a position, of full issuance and 10,000,000 Common.

    The fields `readings` and `events` are the case's, all others the question's.
    """
    document = case()
    if position is not None:
        document["position"] = position
    for name in ("readings", "events"):
        if name in fields:
            document[name] = fields.pop(name)
    document["ask"] = {"question": question, **fields}
    return document


def answered(document: Document) -> Document:
    """Return the answer to a case, which must not be refused."""
    reply = ask(document)
    assert reply["status"] == "answered", reply
    assert reply["answer"]["question"] == document["ask"]["question"]
    found: Document = reply["answer"]
    return found


def refused(document: Document) -> tuple[str, str]:
    """Return the code and the path with which a case is refused, after a look at the sentence."""
    reply = ask(document)
    assert reply["status"] == "refused", reply
    error = reply["error"]
    assert error["message"].startswith(error["path"])
    assert error["message"].endswith(".")
    assert error["message"].count("\n") == 0
    return error["code"], error["path"]


def notes(document: Document) -> str:
    """Return the notes on an answer as one text."""
    reply = ask(document)
    assert reply["status"] == "answered", reply
    return " ".join(reply["notes"])


def readings_of(question: str) -> set[str]:
    """Name the readings that the register says a question looks at."""
    return {entry.field for entry in REGISTER if question in entry.questions}


def check_options(field: str, examples: list[Document]) -> None:
    """Assert that any two options of a reading answer one of the examples differently, and that replies name it."""
    options = [option.value for option, _ in entry_for(field).options]
    given: dict[str, list[str]] = {}
    for option in options:
        chosen = [{**document, "readings": {**document["readings"], field: option}} for document in examples]
        replies = [ask(document) for document in chosen]
        assert all(reply["readings"][field] == option for reply in replies if reply["status"] == "answered")
        given[option] = [json.dumps(reply.get("answer", reply.get("error"))) for reply in replies]
    for one, other in combinations(options, 2):
        assert given[one] != given[other], (one, other)
