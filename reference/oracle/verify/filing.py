"""The command `compare`: a tool's answers in a file against the engine's, results and differences out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from reference.oracle.files import written_whole
from reference.oracle.leaves import leaves
from reference.oracle.questions import module
from reference.oracle.refusals import Refusal
from reference.oracle.verify.comparison import Difference, Mode, compared_fields, mode_named
from reference.oracle.verify.diagnosis import Explanation, answer_under, explanations
from reference.oracle.verify.differing import Differs, as_csv, as_xlsx
from reference.oracle.verify.filling import Told, read_answers
from reference.oracle.verify.judging import (
    Document,
    Expected,
    Judge,
    Kind,
    Outcome,
    expected_of,
    failed,
    without_told,
)
from reference.oracle.verify.protocol import Capabilities
from reference.oracle.verify.results import Asked, Results, as_json, as_markdown, results
from reference.oracle.verify.session import LIKELY, MOST_DIAGNOSES, Findings
from reference.oracle.verify.sources import from_file
from reference.oracle.verify.tables import SPREADSHEET, TEXT, openpyxl, read_map
from reference.oracle.verify.tally import Example, Tally
from reference.oracle.verify.writing import check_places, write

FLOATS = "The file holds floats, which are not exact; in another mode (--compare) they are compared as written."
NO_ANSWER = "The file has no answer to the case."
NO_VALUE = "The engine's answer has none of the fields that the file gives."
REFUSED = "The engine refuses the case, and the file has no answer to it."


@dataclass(frozen=True)
class Options:
    """Hold the options of the command, as they are given."""

    cases: str
    answers: Path
    map_file: Path | None
    compare: str
    out: Path | None
    as_json: str | None
    markdown: str | None


@dataclass(frozen=True)
class Located(Difference):
    """Hold a difference with the cell that it is in."""

    cell: str = ""

    @property
    def says(self) -> str:
        """Return it in words."""
        return f"{super().says} in {self.cell}" if self.cell else super().says


@dataclass(frozen=True)
class Compared:
    """Hold a case that does not agree, with what became of it and everything known that explains it."""

    document: Document
    outcome: Outcome
    explanations: tuple[Explanation, ...]


def compare(options: Options) -> int:
    """Compare the answers in a file, write the results and return the exit status.

    Raise Refusal for cases, answers or a map that cannot be read and results that cannot be written,
    click.UsageError for options that make no sense.
    """
    mode = _mode(options)
    _check_writable(options)
    cases = _cases(options.cases)
    questions = {name: document["ask"]["question"] for name, document in cases.items()}
    means = None if options.map_file is None else read_map(options.map_file)
    told = read_answers(options.answers, means, questions)
    findings, differing = _Comparison(mode, told).run(cases)
    patterns = told.patterns
    fields = None if patterns is None else [".".join(map(str, pattern)) for pattern in patterns]
    source = "standard input" if options.cases == "-" else options.cases
    found = results(Asked((), f"the cases of {source}", str(mode)), _named(findings, options), fields)
    _write(found, rows(findings, differing), options)
    return found.status


def _named(findings: Findings, options: Options) -> Findings:
    return replace(findings, capabilities=Capabilities(name=str(options.answers)))


def _mode(options: Options) -> Mode:
    try:
        return mode_named(options.compare)
    except ValueError as error:
        raise click.UsageError(f"--compare: {error}.") from None


def _cases(name: str) -> dict[str, Document]:
    """Return the cases of a file by their names; raise Refusal if two have the same."""
    found: dict[str, Document] = {}
    for sourced in from_file(name):
        case = str(sourced.document["case"])
        if case in found:
            raise Refusal("duplicate_case", "", f"{name} has two cases of the name {case!r}.")
        found[case] = sourced.document
    return found


class _Comparison:
    """Judge every case, and find out what explains those that differ."""

    def __init__(self, mode: Mode, told: Told) -> None:
        self.mode = mode
        self.told = told
        self.tally = Tally()
        self.searches = 0

    def run(self, cases: dict[str, Document]) -> tuple[Findings, list[Compared]]:
        """Compare the cases in their order; return what is found, and those that do not agree."""
        differing = []
        for document in cases.values():
            outcome = self._outcome(document)
            why = self._diagnosed(document, outcome) if outcome.code == "differs" else ()
            kept = without_told(outcome)
            self.tally.add(Example(document, kept, why))
            if outcome.kind in (Kind.DIFFERS, Kind.ERRORED):
                differing.append(Compared(document, kept, why))
        return Findings(Capabilities(), self.tally, self.tally.groups()), differing

    def _judge(self, document: Document) -> Judge:
        return Judge(self.mode, self.told.declared(document["ask"]["question"]))

    def _outcome(self, document: Document) -> Outcome:
        judge, expected = self._judge(document), expected_of(document)
        reply = self.told.replies.get(str(document["case"]))
        question = document["ask"]["question"]
        if judge.declared == ():
            return Outcome(Kind.SKIPPED, "no_field", f"The map gives no field of an answer about {question}.")
        if reply is None:
            if expected.refusal is not None:
                return Outcome(Kind.SKIPPED, "refused", REFUSED)
            return failed("no_answer", NO_ANSWER)
        if expected.refusal is None:
            expected = Expected(self.told.part(expected.answer))
        found = judge.outcome(document, expected, reply)
        if found.kind is Kind.AGREES and expected.refusal is None and not self._has_a_value(question, expected.answer):
            return Outcome(Kind.SKIPPED, "no_value", NO_VALUE)
        if found.code == "float":
            found = replace(found, says=FLOATS)
        places = tuple(self._located(document, own) for own in found.differences)
        return replace(found, differences=places)

    def _has_a_value(self, question: str, answer: Any) -> bool:
        """Say whether an answer gives anything that is compared."""
        compared = compared_fields(question, self.told.declared(question))
        return any(leaf.field in compared for leaf in leaves(module(question).Answer, answer))

    def _located(self, document: Document, own: Difference) -> Difference:
        cell = self.told.cells.get((str(document["case"]), own.path))
        return own if cell is None else Located(own.path, own.field, own.expected, own.told, own.off, cell)

    # Diagnosis

    def _diagnosed(self, document: Document, outcome: Outcome) -> tuple[Explanation, ...]:
        judge, question = self._judge(document), document["ask"]["question"]

        def agrees(answer: Any, told: Any) -> bool:
            return judge.agree(question, self.told.part(answer), told)

        if self.searches < MOST_DIAGNOSES:
            self.searches += 1
            return explanations(document, outcome.told, agrees)
        likely = [group.explanation for group in self.tally.groups()[:LIKELY] if group.explanation is not None]
        answers = [(own, answer_under(own, document)) for own in likely]
        return tuple(own for own, answer in answers if answer is not None and agrees(answer, outcome.told))


def rows(findings: Findings, differing: list[Compared]) -> list[Differs]:
    """List what differs, value by value; a case without values to show has a row of its own."""
    covering = [group.explanation for group in findings.groups if group.explanation is not None]
    return [row for own in differing for row in _rows_of(own, covering)]


def _rows_of(own: Compared, covering: list[Explanation]) -> Iterator[Differs]:
    case = str(own.document["case"])
    why = next((each for each in covering if each in own.explanations), None)
    says = own.outcome.says if why is None else f"{why.kind} {why.id}: {why.says}"
    for difference in own.outcome.differences:
        cell = difference.cell if isinstance(difference, Located) else ""
        yield Differs(case, difference, cell, says)
    if not own.outcome.differences:
        yield Differs(case, None, "", says)


# Files


def _check_writable(options: Options) -> None:
    """Raise Refusal before anything is compared if results have no place, or no form."""
    check_places((options.as_json, options.markdown, options.out))
    if options.out is None:
        return
    if options.out.suffix.lower() not in (TEXT, SPREADSHEET):
        raise Refusal("unknown_format", "", f"--out: {options.out} ends neither in {TEXT} nor in {SPREADSHEET}.")
    if options.out.suffix.lower() == SPREADSHEET:
        openpyxl()


def _write(found: Results, differing: list[Differs], options: Options) -> None:
    if options.out is not None:
        as_table = as_xlsx if options.out.suffix.lower() == SPREADSHEET else as_csv
        written_whole(options.out, as_table(differing))
    write(found, ((options.as_json, as_json), (options.markdown, as_markdown)))
