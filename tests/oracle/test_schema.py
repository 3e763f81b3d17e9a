"""The published schemas say what the reader takes and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from reference.oracle import questions
from reference.oracle.answers import answer_text, encode
from reference.oracle.refusals import CODES
from reference.oracle.schema import DOCUMENTS, schema
from reference.readings import REGISTER
from tests.oracle.cases import case, decoded


def definition(document: dict[str, Any]) -> dict[str, Any]:
    name = document["$ref"].removeprefix("#/$defs/")
    found: dict[str, Any] = document["$defs"][name]
    return found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_has_a_schema(name: str) -> None:
    document = json.loads(json.dumps(schema(name)))
    assert document["$schema"].startswith("https://json-schema.org/")
    assert definition(document)["type"] == "object"


@pytest.mark.parametrize("name", sorted({*DOCUMENTS} - {"tool-reply"}))
def test_no_object_takes_unknown_fields(name: str) -> None:
    for found in schema(name)["$defs"].values():
        if found.get("type") == "object":
            assert found["additionalProperties"] is False


def test_a_case_needs_what_the_reader_needs() -> None:
    assert definition(schema("case"))["required"] == ["case", "charter", "position", "ask"]


def test_the_schema_of_readings_has_every_option() -> None:
    document = schema("readings")
    assert set(definition(document)["properties"]) == {entry.field for entry in REGISTER}
    options = {option for found in document["$defs"].values() for option in found.get("enum", ())}
    assert options == {option.value for entry in REGISTER for option, _ in entry.options}


def test_no_number_with_a_point_is_taken_anywhere() -> None:
    for name in DOCUMENTS:
        assert '"type": "number"' not in json.dumps(schema(name))


def test_a_refusal_lists_every_code() -> None:
    assert schema("refusal")["$defs"]["Fault"]["properties"]["code"]["enum"] == sorted(CODES)


def test_questions_are_answered_or_planned_not_both() -> None:
    assert not set(questions.MODULES) & set(questions.PLANNED)


def test_a_reply_of_another_shape_would_be_noticed() -> None:
    line = encode(answer_text(json.dumps(case()).encode()))
    decoded(line)
    for wrong in (line.replace(b'"elected"', b'"chosen"'), line.replace(b'"undistributed":"0"', b'"undistributed":0')):
        with pytest.raises(msgspec.ValidationError):
            decoded(wrong)
