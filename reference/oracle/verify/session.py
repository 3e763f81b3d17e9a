"""A run: a tool is asked case after case, and what differs is diagnosed and made small."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count

import msgspec

from reference.oracle.refusals import Refusal
from reference.oracle.verify.comparison import EXACTLY, Mode
from reference.oracle.verify.diagnosis import Explanation, answer_under, explanations
from reference.oracle.verify.judging import (
    Document,
    Expected,
    Judge,
    Kind,
    Outcome,
    expected_of,
    failed,
    renamed,
    suited,
    without_told,
)
from reference.oracle.verify.protocol import CAPABILITIES, HELLO, Capabilities, read_capabilities, read_reply
from reference.oracle.verify.shrinking import shrunk
from reference.oracle.verify.sources import Sourced
from reference.oracle.verify.tally import Example, Group, Tally
from reference.oracle.verify.tool import Tool, ToolError

Progress = Callable[[Tally], None]
Source = Callable[[Capabilities], Iterable[Sourced]]

MOST_FAILURES = 10
"""So many failures one after another end a run: the tool does not speak the protocol, or does not work."""

MOST_FAILURES_IN_ALL = 50

MOST_DIAGNOSES = 200
"""So many differences are searched for every explanation; later ones only for those that were found before."""

LIKELY = 3
"""Of those found before, so many are tried once the search has ended, the most frequent first."""


@dataclass(frozen=True)
class Plan:
    """Hold how a tool is asked and what is made of its answers.

    mode: when numbers agree; fields: patterns of the fields to compare, as the tool declares if None; fail_fast:
    whether the first finding ends the run; smaller: how many groups of differences get a case made small.
    """

    mode: Mode = EXACTLY
    fields: tuple[str, ...] | None = None
    fail_fast: bool = False
    smaller: int = 5


@dataclass
class Findings:
    """Hold what a run has come to.

    stopped: why it ended before its cases did, a stable code and a sentence; interrupted: by whoever ran it.
    """

    capabilities: Capabilities
    tally: Tally
    groups: list[Group]
    stopped: tuple[str, str] | None = None
    interrupted: bool = False

    @property
    def has_a_finding(self) -> bool:
        """Say whether something is not as it should be."""
        tally = self.tally
        return bool(tally.count(Kind.DIFFERS) or tally.count(Kind.ERRORED) or self.stopped or self.unmet)

    @property
    def unmet(self) -> list[str]:
        """Name the questions that the tool declares and of which it answered none that it was asked."""
        declared = self.capabilities.questions
        if isinstance(declared, msgspec.UnsetType) or self.stopped is not None:
            return []
        answered = (Kind.AGREES, Kind.DIFFERS)
        asked = {name: own for name, own in self.tally.by_question.items() if name in declared}
        return [name for name, own in asked.items() if not any(own[kind] for kind in answered)]


class Session:
    """Ask one tool, and keep what it says."""

    def __init__(self, tool: Tool, plan: Plan) -> None:
        """Take a tool that has not been started."""
        self.tool = tool
        self.plan = plan
        self.findings = Findings(Capabilities(), Tally(), [])
        self.judge = Judge(plan.mode, plan.fields)
        self.searches = 0
        self.frequent: dict[str, int] = {}

    def run(self, cases: Source, progress: Progress = lambda tally: None) -> Findings:
        """Ask every case, then group what differs; an interruption ends the asking, and the rest is still done.

        cases: what yields them, for a tool of some capabilities. Raise Refusal if a case cannot be read, or if the
        tool cannot be started at all.
        """
        try:
            if self._introduced():
                self._ask_all(cases(self.findings.capabilities), progress)
        except KeyboardInterrupt:
            self.findings.interrupted = True
        self.findings.groups = self.findings.tally.groups()
        if not self.findings.interrupted:
            try:
                self._make_smaller()
            except KeyboardInterrupt:
                self.findings.interrupted = True
        self.tool.leave()
        return self.findings

    # Asking

    def _introduced(self) -> bool:
        """Ask for the tool's capabilities; say whether it can be asked anything."""
        try:
            self._hello()
        except ToolError as error:
            if error.code == "not_started":
                raise Refusal("tool_not_started", "", str(error)) from None
            self.findings.stopped = (error.code, f"Asked for its capabilities: {error}")
            return False
        except ValueError as error:
            self.findings.stopped = ("no_reply", f"Asked for its capabilities: {error}")
            return False
        return True

    def _hello(self) -> None:
        self.tool.send(_line(HELLO))
        reply = read_reply(self.tool.reply())
        if reply.case != CAPABILITIES:
            raise ValueError(f"The tool replied to another case than it was asked: {reply.case!r}.")
        self.findings.capabilities = read_capabilities(reply)
        declared = self.findings.capabilities.fields
        fields = self.plan.fields
        if fields is None and not isinstance(declared, msgspec.UnsetType):
            fields = tuple(declared)
        self.judge = Judge(self.plan.mode, fields)

    def _ask_all(self, cases: Iterable[Sourced], progress: Progress) -> None:
        tally, in_a_row = self.findings.tally, 0
        for sourced in cases:
            fit = suited(sourced.document, self.findings.capabilities, sourced.free)
            if fit.document is None:
                tally.leave_out(fit.reason)
                continue
            outcome = self._outcome(fit.document, sourced.expected)
            why = self._diagnosed(fit.document, outcome) if outcome.kind is Kind.DIFFERS else ()
            tally.add(Example(fit.document, without_told(outcome), why))
            progress(tally)
            in_a_row = in_a_row + 1 if outcome.kind is Kind.ERRORED else 0
            self.findings.stopped = self._enough(outcome, in_a_row)
            if self.findings.stopped is not None:
                return

    def _enough(self, outcome: Outcome, in_a_row: int) -> tuple[str, str] | None:
        """Say why the run ends here, if it does."""
        if in_a_row >= MOST_FAILURES:
            return ("too_many_failures", f"The tool failed {in_a_row} times in a row.")
        if self.findings.tally.count(Kind.ERRORED) >= MOST_FAILURES_IN_ALL:
            return ("too_many_failures", f"The tool failed {MOST_FAILURES_IN_ALL} times.")
        if self.plan.fail_fast and outcome.kind in (Kind.DIFFERS, Kind.ERRORED):
            return ("fail_fast", "The first finding ends the run, as it was asked for.")
        return None

    def _outcome(self, document: Document, expected: Expected | None = None) -> Outcome:
        """Ask the tool one case; whatever it does wrong is an outcome, and it is started anew then."""
        try:
            if not self.tool.runs:
                self._hello()
            self.tool.send(_line(document))
            # The engine works while the tool does.
            wanted = expected_of(document) if expected is None else expected
            reply = read_reply(self.tool.reply())
        except ToolError as error:
            return failed(error.code, str(error))
        except ValueError as error:
            self.tool.stop()
            return failed("no_reply", str(error))
        if reply.case != document["case"]:
            self.tool.stop()
            return failed("another_case", f"Asked {document['case']!r}, the tool replied to {reply.case!r}.")
        return self.judge.outcome(document, wanted, reply)

    # Diagnosis

    def _diagnosed(self, document: Document, outcome: Outcome) -> tuple[Explanation, ...]:
        if outcome.code != "differs":
            return ()
        known = self.findings.tally.known
        if self.searches < MOST_DIAGNOSES:
            self.searches += 1
            found = explanations(document, outcome.told, self._agreeing(document))
        else:
            likely = sorted(known, key=lambda name: -self.frequent[name])[:LIKELY]
            found = tuple(known[name] for name in likely if self._explains(known[name], document, outcome))
        for own in found:
            self.frequent[own.id] = self.frequent.get(own.id, 0) + 1
        return found

    def _agreeing(self, document: Document) -> Callable[[object, object], bool]:
        question = document["ask"]["question"]
        return lambda one, other: self.judge.agree(question, one, other)

    def _explains(self, explanation: Explanation, document: Document, outcome: Outcome) -> bool:
        answer = answer_under(explanation, document)
        return answer is not None and self._agreeing(document)(answer, outcome.told)

    # Small cases

    def _make_smaller(self) -> None:
        names = count(1)
        for place, group in enumerate(self.findings.groups[: self.plan.smaller]):
            self.findings.groups[place] = replace(group, example=self._smaller(group, names))

    def _smaller(self, group: Group, names: Iterable[int]) -> Example:
        example = group.example
        last = example
        number = iter(names)

        def still(document: Document) -> bool:
            nonlocal last
            if expected_of(document).refusal is not None:
                return False
            asked = renamed(document, f"smaller-{next(number)}")
            outcome = self._outcome(asked)
            if outcome.kind is not Kind.DIFFERS or outcome.code != example.outcome.code:
                return False
            if group.explanation is not None and not self._explains(group.explanation, asked, outcome):
                return False
            last = Example(document, without_told(outcome), example.explanations)
            return True

        if not still(example.document):
            return example  # The tool does not do it again; the case is shown as it was.
        found = shrunk(example.document, still)
        return replace(last, document=renamed(found, str(example.document["case"])), shrunk=True)


def _line(document: Mapping[str, object]) -> bytes:
    return msgspec.json.encode(document) + b"\n"
