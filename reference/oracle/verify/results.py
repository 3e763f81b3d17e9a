"""The results of a run, for programs and people: data, JUnit, Markdown and plain text."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from xml.etree import ElementTree

import msgspec
from msgspec import UNSET, Meta, Struct

from reference.oracle.plain import one_line
from reference.oracle.verify.comparison import NOTHING, Difference, word
from reference.oracle.verify.diagnosis import Explanation
from reference.oracle.verify.judging import Kind
from reference.oracle.verify.session import Findings
from reference.oracle.verify.tally import Bunch, Group

AGREES, FINDING, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
SHOWN = 8
"""So many differences of one case are shown to people."""

REASONS = 10


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold an object of the results."""


class Counts(Part, frozen=True):
    """Count the cases that the tool was asked, by what became of them."""

    asked: int
    agrees: int
    differs: int
    skipped: int
    errored: int


class Reason(Part, frozen=True):
    """Hold why cases were left out, and how many."""

    reason: str
    cases: int


class Place(Part, frozen=True):
    """Hold where an answer differs; what is not there at all is left out."""

    path: str
    says: str
    expected: Any = UNSET
    told: Any = UNSET


class Because(Part, frozen=True):
    """Hold what gives the tool's answer: a reading and its option, or a mistake of the catalogue."""

    kind: str
    id: str
    says: str


class Differing(Part, frozen=True):
    """Hold a group of cases that differ for one reason, with a case of it.

    explanation: null where nothing known explains them; also: what explains the same; shrunk: whether the case was
    made as small as it could be; says: what the tool did instead of answering.
    """

    cases: int
    by_question: dict[str, int]
    explanation: Because | None
    also: list[Because]
    shrunk: bool
    case: dict[str, Any]
    differences: list[Place]
    says: str
    reproduce: str


class Failing(Part, frozen=True):
    """Hold a kind of failure of the tool, with a case of it."""

    code: str
    cases: int
    says: str
    case: dict[str, Any]
    reproduce: str


class Stopped(Part, frozen=True):
    """Hold why a run ended before its cases did."""

    code: str
    message: str


class Results(Part, frozen=True):
    """Hold the results of a run of `charterproof verify`, or of `charterproof compare`, which has no command.

    agrees_by_tolerance: how many of those that agree do so by the mode's tolerance only; not_asked: what the tool
    has said it cannot do; unmet: questions that it declares and answered none of; status: the exit status.
    """

    tool: str
    command: list[str]
    cases: Annotated[str, Meta(description="Where the cases came from.")]
    compare: Annotated[str, Meta(description="When numbers agree: exact, cent or relative:TOLERANCE.")]
    fields: Annotated[list[str] | None, Meta(description="Which fields were compared; null: all.")]
    total: Counts
    agrees_by_tolerance: int
    by_question: dict[str, Counts]
    not_asked: list[Reason]
    skipped: list[Reason]
    unmet: list[str]
    differences: list[Differing]
    failures: list[Failing]
    stopped: Stopped | None
    interrupted: bool
    status: int


@dataclass(frozen=True)
class Asked:
    """Hold what was asked for: the command, where cases come from, and options that reproducing one needs."""

    command: tuple[str, ...]
    cases: str
    compare: str
    options: tuple[str, ...] = ()


def results(asked: Asked, findings: Findings, fields: Sequence[str] | None) -> Results:
    """Return the results of a run as a document; fields: patterns of those that were compared, None for all."""
    tally = findings.tally
    return Results(
        tool=findings.capabilities.name,
        command=list(asked.command),
        cases=asked.cases,
        compare=asked.compare,
        fields=None if fields is None else list(fields),
        total=_counts(sum(tally.by_question.values(), Counter())),
        agrees_by_tolerance=tally.rounded,
        by_question={name: _counts(own) for name, own in tally.by_question.items()},
        not_asked=_reasons(tally.not_asked),
        skipped=_reasons(tally.skipped),
        unmet=findings.unmet,
        differences=[_differing(asked, group) for group in findings.groups],
        failures=[_failing(asked, code, bunch) for code, bunch in tally.failures.items()],
        stopped=None if findings.stopped is None else Stopped(*findings.stopped),
        interrupted=findings.interrupted,
        status=exit_status(findings),
    )


def exit_status(findings: Findings) -> int:
    """Return 0 if everything asked agrees, 1 for a finding, 2 if nothing was compared, 130 if interrupted."""
    if findings.interrupted:
        return INTERRUPTED
    if findings.has_a_finding:
        return FINDING
    return AGREES if findings.tally.compared else BAD_INPUT


def _counts(counter: Counter[Kind]) -> Counts:
    return Counts(counter.total(), **{kind.value: counter[kind] for kind in Kind})


def _reasons(counter: Counter[str]) -> list[Reason]:
    return [Reason(reason, number) for reason, number in counter.most_common()]


def _because(own: Explanation) -> Because:
    return Because(own.kind, own.id, own.says)


def _differing(asked: Asked, group: Group) -> Differing:
    example = group.example
    return Differing(
        cases=group.count,
        by_question=dict(group.by_question),
        explanation=None if group.explanation is None else _because(group.explanation),
        also=[_because(own) for own in group.also],
        shrunk=example.shrunk,
        case=dict(example.document),
        differences=[_place(own) for own in example.outcome.differences],
        says=example.outcome.says,
        reproduce=reproduction(asked, example.document),
    )


def _place(own: Difference) -> Place:
    expected, told = (UNSET if value is NOTHING else value for value in (own.expected, own.told))
    return Place(own.path, own.says, expected, told)


def _failing(asked: Asked, code: str, bunch: Bunch) -> Failing:
    example = bunch.example
    return Failing(
        code, bunch.count, example.outcome.says, dict(example.document), reproduction(asked, example.document)
    )


def reproduction(asked: Asked, document: Any) -> str:
    """Return a command that asks the tool one case again, or the engine where there is no tool to ask."""
    case = shlex.quote(msgspec.json.encode(document).decode())
    if not asked.command:
        return f"printf '%s\\n' {case} | charterproof answer"
    options = shlex.join(["--compare", asked.compare, *asked.options])
    return f"printf '%s\\n' {case} | charterproof verify --cases - {options} -- {shlex.join(asked.command)}"


# For programs


def as_json(own: Results) -> bytes:
    """Return the results as JSON."""
    return msgspec.json.format(msgspec.json.encode(own), indent=2) + b"\n"


def as_junit(own: Results) -> bytes:
    """Return the results as JUnit XML: a test for each question, group of differences and kind of failure."""
    suite = ElementTree.Element("testsuite", name="charterproof verify", tests="0", failures="0", errors="0")
    for name, counts in own.by_question.items():
        test = _test(suite, f"answers about {name}", f"{counts.agrees} of {counts.asked} cases agree")
        if counts.asked == counts.skipped:
            ElementTree.SubElement(test, "skipped", message=f"{counts.skipped} cases skipped")
    for number, group in enumerate(own.differences, start=1):
        test = _test(suite, f"difference {number}: {_name_of(group)}", "")
        found = ElementTree.SubElement(
            test, "failure", message=f"{_cases(group.cases)} not as expected: {_name_of(group)}"
        )
        found.text = "\n".join([*_said(group), group.reproduce])
    for failure in own.failures:
        test = _test(suite, f"failure: {failure.code}", "")
        found = ElementTree.SubElement(test, "error", message=f"{_cases(failure.cases)}: {failure.says}")
        found.text = failure.reproduce
    for code, says in _whole(own):
        ElementTree.SubElement(_test(suite, f"the run: {code}", ""), "error", message=says)
    for kind, tag in (("failures", "failure"), ("errors", "error")):
        suite.set(kind, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("tests", str(len(suite.findall("testcase"))))
    for element in suite.iter():
        _clean(element)
    ElementTree.indent(suite)
    written: bytes = ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _test(suite: ElementTree.Element, name: str, says: str) -> ElementTree.Element:
    test = ElementTree.SubElement(suite, "testcase", classname="charterproof.verify", name=name)
    if says:
        ElementTree.SubElement(test, "system-out").text = says
    return test


def _clean(element: ElementTree.Element) -> None:
    """Take out what XML cannot hold: a tool may write anything."""
    element.text = None if element.text is None else _held(element.text)
    for name, value in element.attrib.items():
        element.set(name, _held(value))


def _held(text: str) -> str:
    return "".join(
        c if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c < "\ufffe") else "?" for c in text
    )


# For people


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number} cases"


def _name_of(group: Differing) -> str:
    if group.explanation is not None:
        return f"{group.explanation.kind} {group.explanation.id}"
    return group.says or "nothing known explains it"


def _said(group: Differing) -> list[str]:
    lines = [own.says for own in group.differences[:SHOWN]]
    more = len(group.differences) - SHOWN
    return [*lines, *([f"and {more} more"] if more > 0 else [])]


def _whole(own: Results) -> list[tuple[str, str]]:
    """List what is to be said of the run as a whole."""
    found = [("unmet", f"The tool declares {name} and answered none of its cases.") for name in own.unmet]
    if own.stopped is not None:
        found.append((own.stopped.code, f"The run ended early. {own.stopped.message}"))
    if own.interrupted:
        found.append(("interrupted", "The run was interrupted; these are the results so far."))
    if not own.total.agrees + own.total.differs and own.status == BAD_INPUT:
        found.append(("nothing_compared", "No case was compared, so nothing is shown."))
    return found


def sentence(own: Results) -> str:
    """Return the results in one line."""
    total = own.total
    by = f" ({own.agrees_by_tolerance} by tolerance)" if own.agrees_by_tolerance else ""
    left = sum(reason.cases for reason in own.not_asked)
    return (
        f"{total.asked} cases asked: {total.agrees} agree{by}, {total.differs} differ, {total.errored} failed, "
        f"{total.skipped} skipped; {left} not asked. Compared: {own.compare}."
    )


def as_text(own: Results) -> str:
    """Return the results as text for people."""
    lines = [f"{own.tool}, {own.cases}", ""]
    lines += _table(own)
    for number, group in enumerate(own.differences, start=1):
        lines += ["", f"Difference {number}: {_cases(group.cases)}, {_questions(group.by_question)}"]
        lines += [f"  {line}" for line in _explained(group)]
        lines += [f"    {line}" for line in _said(group)]
        lines += [f"  {'smallest case' if group.shrunk else 'a case'}: {group.reproduce}"]
    for failure in own.failures:
        lines += ["", f"Failure {failure.code}: {_cases(failure.cases)}", f"  {failure.says}", f"  {failure.reproduce}"]
    for title, reasons in (("Not asked", own.not_asked), ("Skipped", own.skipped)):
        lines += ["", f"{title}:"] if reasons else []
        lines += [f"  {reason.cases} {reason.reason}" for reason in reasons[:REASONS]]
    lines += ["", *(says for _, says in _whole(own)), sentence(own)]
    return "\n".join(map(one_line, lines)) + "\n"


def _explained(group: Differing) -> list[str]:
    if group.explanation is None:
        return [group.says or "No reading and no known mistake gives the tool's numbers."]
    lines = [f"{group.explanation.kind} {group.explanation.id}: {group.explanation.says}"]
    return lines + [f"or {own.kind} {own.id}: {own.says}" for own in group.also]


def _questions(by_question: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" if len(by_question) > 1 else name for name, number in by_question.items())


HEADS = ("question", "asked", "agree", "differ", "failed", "skipped")


def _rows(own: Results) -> list[tuple[str, ...]]:
    return [
        (name, *(str(n) for n in (c.asked, c.agrees, c.differs, c.errored, c.skipped)))
        for name, c in [*own.by_question.items(), ("all", own.total)]
    ]


def _table(own: Results) -> list[str]:
    rows = [HEADS, *_rows(own)]
    width = max(len(row[0]) for row in rows)
    return ["  ".join([row[0].ljust(width), *(cell.rjust(8) for cell in row[1:])]) for row in rows]


def as_markdown(own: Results) -> bytes:
    """Return the results as Markdown for the summary page of a CI job."""
    mark = {AGREES: "agrees with the oracle", FINDING: "does not agree with the oracle"}
    lines = [
        f"## {_escaped(own.tool)} {mark.get(own.status, 'has not been verified')}",
        "",
        _escaped(sentence(own)),
        "",
    ]
    lines += _markdown_table(HEADS, _rows(own))
    for number, group in enumerate(own.differences, start=1):
        lines += ["", f"### Difference {number}: {_cases(group.cases)}, {_escaped(_name_of(group))}", ""]
        lines += [_escaped(line) + "  " for line in _explained(group)]
        lines += ["", *_markdown_table(("field", "expected", "told"), _values(group)), "", *_block(group.reproduce)]
    for failure in own.failures:
        lines += ["", f"### Failure {failure.code}: {_cases(failure.cases)}", "", _escaped(failure.says), ""]
        lines += _block(failure.reproduce)
    reasons = [("not asked", own.not_asked), ("skipped", own.skipped)]
    told = [(title, reason.reason, str(reason.cases)) for title, some in reasons for reason in some[:REASONS]]
    lines += ["", *_markdown_table(("", "reason", "cases"), told)] if told else []
    lines += [line for _, says in _whole(own) for line in ("", _escaped(says))]
    return ("\n".join(lines) + "\n").encode()


def _values(group: Differing) -> list[tuple[str, ...]]:
    return [(own.path, *(_word(value) for value in (own.expected, own.told))) for own in group.differences[:SHOWN]]


def _word(value: Any) -> str:
    return word(NOTHING if value is UNSET else value)


def _markdown_table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    listed = [list(heads), *(list(row) for row in rows)]
    shown = ["| " + " | ".join(_escaped(cell) for cell in row) + " |" for row in listed]
    return [shown[0], "|" + " --- |" * len(listed[0]), *shown[1:]] if len(shown) > 1 else []


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    shown = one_line(" ".join(text.split()))
    for sign in "\\`*_{}[]<>#|":
        shown = shown.replace(sign, f"\\{sign}")
    return shown


def _block(text: str) -> list[str]:
    fence = "`" * (3 + max((len(run) for run in _runs(text)), default=0))
    return [f"{fence}sh", one_line(text), fence]


def _runs(text: str) -> list[str]:
    return "".join(c if c == "`" else " " for c in text).split()
