"""The vectors: every clause, every option of every reading and every mistake of the catalogue has some."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from inspect import unwrap
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import msgspec
import pytest

from reference.oracle.answers import answer_plain
from reference.oracle.explain import clauses
from reference.oracle.questions import MODULES
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Answered
from reference.oracle.verify import vectors
from reference.oracle.verify.judging import expected_of
from reference.oracle.verify.mistakes import CATALOGUE, mistake
from reference.oracle.verify.vectors import INDEX, Error, Vector, Vectors
from reference.readings import REGISTER
from tests.outputs.compare import differences


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("vectors") / "out"
    assert vectors.write(directory) >= 1000
    return directory


@pytest.fixture(scope="module")
def groups(written: Path) -> list[Vectors]:
    return [msgspec.json.decode((written / f"{name}.json").read_bytes(), type=Vectors) for name in MODULES]


def each(groups: list[Vectors]) -> Iterator[Vector]:
    for group in groups:
        yield from group.vectors


def test_the_answers_are_those_of_the_engine(groups: list[Vectors]) -> None:
    for own in each(groups):
        reply = answer_plain(own.case)
        if isinstance(own.error, Error):
            assert not isinstance(reply, Answered)
            assert reply.error.code == own.error.code != "internal_error"
        else:
            assert isinstance(reply, Answered)
            assert msgspec.to_builtins(reply.answer) == own.answer


def test_the_answers_are_those_of_the_closed_forms(groups: list[Vectors]) -> None:
    # What is forbidden has a clause instead of an answer, which the closed forms do not.
    answered = [own.case for own in each(groups) if not isinstance(own.error, Error)]
    assert len(answered) > 1000
    assert [(case["case"], wrong) for case in answered if (wrong := differences(case))] == []


def test_every_case_is_there_once_and_says_where_it_comes_from(groups: list[Vectors]) -> None:
    listed = list(each(groups))
    assert len({own.id for own in listed}) == len(listed)
    assert all(own.id == own.case["case"] and own.provenance for own in listed)
    for group in groups:
        assert {own.case["ask"]["question"] for own in group.vectors} == {group.group}
        assert set(group.notes) == {flag for own in group.vectors for flag in own.flags}


def test_every_mistake_is_caught(groups: list[Vectors]) -> None:
    flags = {flag for own in each(groups) for flag in own.flags if flag.startswith("mistake:")}
    assert flags == {f"mistake:{own.id}" for own in CATALOGUE}
    flagged = [own for own in each(groups) if own.id == "mistake one-shot-conversion"]
    assert "mistake:one-shot-conversion" in flagged[0].flags
    assert mistake("one-shot-conversion").answer(flagged[0].case) != flagged[0].answer


def test_every_option_of_every_reading_changes_an_answer(groups: list[Vectors]) -> None:
    turning = {own.id.removeprefix("reading "): own for own in each(groups) if own.id.startswith("reading ")}
    wanted = {f"{e.field}={o.value}" for e in REGISTER for o, _ in e.options if o.value != e.default.value}
    assert set(turning) == wanted
    for name, own in turning.items():
        field = name.partition("=")[0]
        others = {reading: option for reading, option in own.case["readings"].items() if reading != field}
        default = expected_of({**own.case, "readings": others})
        assert default.refusal is None
        assert default.answer != own.answer, name
        assert own.flags[0] == f"reading:{name}"


def test_some_cases_are_forbidden(groups: list[Vectors]) -> None:
    forbidden = {own.error.clause for own in each(groups) if isinstance(own.error, Error)}
    assert len(forbidden) > 5


def code_of(name: str) -> set[CodeType]:
    """Return what is executed where a function, method or class of the engine is used."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        break
    if isinstance(found, type):
        own = [getattr(member, "fget", None) or member for member in vars(found).values()]
        return {member.__code__ for member in own if hasattr(member, "__code__")}
    return {unwrap(found).__code__} if hasattr(unwrap(found), "__code__") else set()


def test_every_clause_with_code_is_used(groups: list[Vectors]) -> None:
    used: set[CodeType] = set()

    def watch(frame: FrameType, event: str, argument: object) -> None:
        used.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        for own in each(groups):
            answer_plain(own.case)
    finally:
        sys.setprofile(before)
    unused = [
        rule.id
        for rule in clauses()
        if rule.code and not any(code_of(name) & used for name in rule.code) and any(map(code_of, rule.code))
    ]
    assert unused == []


def test_the_same_bytes_again(written: Path) -> None:
    made = "as_bytes(group_of('notice'))"
    code = f"import sys; from reference.oracle.verify.vectors import *; sys.stdout.buffer.write({made})"
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": "3"}, capture_output=True, check=True)
    assert done.stdout == (written / "notice.json").read_bytes()


def test_reading_them_back(written: Path, tmp_path: Path) -> None:
    assert len(list(vectors.read(written))) == sum(json.loads((written / INDEX).read_bytes())["vectors"].values())
    with pytest.raises(Refusal, match="cannot be read as vectors"):
        list(vectors.read(tmp_path))
    (tmp_path / INDEX).write_text('{"vectors": {"votes.json": 1}}')
    (tmp_path / "votes.json").write_bytes((written / "votes.json").read_bytes())
    with pytest.raises(Refusal, match="not whole"):
        list(vectors.read(tmp_path))
    (tmp_path / "votes.json").write_text("{}")
    with pytest.raises(Refusal, match="vectors of this version"):
        list(vectors.read(tmp_path))


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Refusal, match="left alone"):
        vectors.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
