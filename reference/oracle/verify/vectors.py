"""Test vectors: cases with their exact answers, and with what a tool that fails one is likely to do wrong.

They are made anew by each version, the same bytes every time: the catalogue's examples, a case for each option of
each reading, small cases, drawn ones, and such as the certificate forbids.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from reference.oracle.answers import answer_plain
from reference.oracle.files import install
from reference.oracle.questions import MODULES
from reference.oracle.refusals import Refusal
from reference.oracle.replies import Answered
from reference.oracle.seeded import drawn
from reference.oracle.small_cases import exhaustive
from reference.oracle.verify.judging import Expected
from reference.oracle.verify.mistakes import CATALOGUE, mistakes_of
from reference.oracle.verify.protocol import ALL, Capabilities
from reference.oracle.verify.sources import Sourced, telling_cases
from reference.readings import REGISTER

FORMAT = 1
INDEX = "index.json"
SMALL, DRAWN, FORBIDDEN = 30, 45, 4
"""How many vectors of a question are small cases, drawn ones, and forbidden by the certificate."""

SEED = 1
TRIES = 400
"""So many drawn cases are looked through for forbidden ones."""

MISTAKE, READING = "mistake", "reading"


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold an object of the vectors."""


class Error(Part, frozen=True):
    """Hold why a case has no answer; code and clause are stable, the message is for people."""

    code: str
    message: str
    clause: str | UnsetType = UNSET


class Vector(Part, frozen=True):
    """Hold a case and what it must come to: `answer`, or `error` where the certificate forbids it.

    flags: the mistakes that it catches and the reading that it turns on, as `mistake:ID` and `reading:NAME=OPTION`;
    clauses: that the answer rests on; provenance: where the case comes from; because: the reasoning.
    """

    id: str
    provenance: str
    flags: list[str]
    clauses: list[str]
    case: dict[str, Any]
    answer: Any = UNSET
    error: Error | UnsetType = UNSET
    because: list[Any] = []


class Vectors(Part, frozen=True):
    """Hold the vectors of one question; notes: what each flag means."""

    format: Annotated[int, Meta(description="Of the file; another number is another form.")]
    charterproof: Annotated[str, Meta(description="The version that wrote it.")]
    group: str
    notes: dict[str, str]
    vectors: list[Vector]


# Making them


def group_of(question: str) -> Vectors:
    """Return the vectors of one question."""
    found = [_vector(provenance, document) for provenance, document in _cases(question)]
    flags = {flag for own in found for flag in own.flags}
    return Vectors(FORMAT, version("charterproof"), question, _notes(flags), found)


def _cases(question: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for telling in telling_cases():
        if telling["ask"]["question"] == question:
            yield f"made for the {telling['case']}", dict(telling)
    small = list(exhaustive(question))
    step = max(1, len(small) // SMALL)
    yield from (("small case", own) for own in small[step - 1 :: step][:SMALL])
    for number in range(DRAWN):
        yield f"drawn from seed {SEED}, number {number}", drawn(question, SEED, number)
    yield from islice(_forbidden(question), FORBIDDEN)


def _forbidden(question: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield drawn cases with an event that the certificate forbids, of each clause one."""
    clauses = set()
    for number in range(TRIES):
        document = drawn(question, SEED, number, accepted=False)
        reply = answer_plain(document)
        clause = None if isinstance(reply, Answered) else reply.error.clause
        if isinstance(clause, str) and clause not in clauses:
            clauses.add(clause)
            yield f"drawn from seed {SEED}, number {number}, with what {clause} forbids", document


def _vector(provenance: str, document: dict[str, Any]) -> Vector:
    reply = answer_plain(document)
    if not isinstance(reply, Answered):
        error = Error(reply.error.code, reply.error.message, reply.error.clause)
        cited = [] if isinstance(reply.error.clause, UnsetType) else [reply.error.clause]
        return Vector(document["case"], provenance, _turns_on(document), cited, document, error=error)
    answer = msgspec.to_builtins(reply.answer)
    clauses = list(dict.fromkeys(step.clause for step in reply.because))
    flags = [*_turns_on(document), *_catches(document, answer)]
    because = [msgspec.to_builtins(step) for step in reply.because]
    return Vector(document["case"], provenance, flags, clauses, document, answer=answer, because=because)


def _turns_on(document: Mapping[str, Any]) -> list[str]:
    """Flag the reading that a case has been made for."""
    made_for = str(document["case"]).startswith(f"{READING} ")
    return [f"{READING}:{str(document['case']).removeprefix(READING).strip()}"] if made_for else []


def _catches(document: Mapping[str, Any], answer: Any) -> list[str]:
    """Flag the mistakes that change the answer to a case."""
    found = []
    for own in mistakes_of(document["ask"]["question"]):
        other = own.answer(document)
        if other is not None and other != answer:
            found.append(f"{MISTAKE}:{own.id}")
    return found


def _notes(flags: Iterable[str]) -> dict[str, str]:
    means = {f"{MISTAKE}:{own.id}": f"{own.title} ({', '.join(own.clauses)})" for own in CATALOGUE}
    for entry in REGISTER:
        for option, says in entry.options:
            means[f"{READING}:{entry.field}={option.value}"] = f"{says} ({entry.clause}, {entry.ambiguity})"
    wanted = set(flags)
    return {flag: note for flag, note in means.items() if flag in wanted}


# Files


def write(directory: Path) -> int:
    """Write the vectors into a directory, in place of former ones; return how many there are.

    Raise Refusal, with the disk as it was, if the directory holds anything else or the disk refuses.
    """
    try:
        if directory.exists() and not _is_former(directory):
            raise Refusal("output_not_written", "", f"{directory} holds other files than vectors; it was left alone.")
        contents, index = {}, {}
        for group in map(group_of, MODULES):
            name = f"{group.group}.json"
            contents[name] = as_bytes(group)
            index[name] = len(group.vectors)
        contents["schema.json"] = as_bytes(_schema())
        contents[INDEX] = as_bytes({"format": FORMAT, "charterproof": version("charterproof"), "vectors": index})
        install(contents, directory.resolve())
    except OSError as error:
        raise Refusal("output_not_written", "", f"{directory} cannot be written: {error.strerror}.") from None
    return sum(index.values())


def as_bytes(value: Any) -> bytes:
    """Return a value as it is written: JSON with every field in its order."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def _schema() -> Any:
    from reference.oracle.schema import schema

    return schema("vectors")


def _is_former(directory: Path) -> bool:
    if not directory.is_dir():
        return False
    names = {path.name for path in directory.iterdir()}
    ours = {INDEX, "schema.json", *(f"{question}.json" for question in MODULES)}
    return names <= ours and (not names or INDEX in names)


def read(directory: Path, capabilities: Capabilities = ALL) -> Iterator[Sourced]:
    """Yield the cases of a directory of vectors, with what they must come to.

    Raise Refusal if it holds no vectors, or some in another form.
    """
    try:
        index = json.loads((directory / INDEX).read_bytes())
        for name, number in index["vectors"].items():
            group = msgspec.json.decode((directory / name).read_bytes(), type=Vectors)
            if group.format != FORMAT or len(group.vectors) != number:
                raise ValueError(f"{name} is of another form or not whole")
            yield from map(_sourced, group.vectors)
    except OSError as error:
        raise Refusal("unreadable_file", "", f"{directory} cannot be read as vectors: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal("bad_vectors", "", f"{directory} does not hold vectors of this version: {error}.") from None


def _sourced(own: Vector) -> Sourced:
    if isinstance(own.error, Error):
        return Sourced(own.case, Expected(refusal=Refusal(own.error.code, "", own.error.message)))
    return Sourced(own.case, Expected(own.answer))
