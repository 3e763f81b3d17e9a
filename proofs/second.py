"""A second solver, cvc5: it decides again, from its SMT-LIB text alone, what the first one has shown.

Run as a module it answers questions given on standard input: no more than cvc5 is loaded there.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from contextlib import AbstractContextManager
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from proofs.cache import Cache, digest
from proofs.executors import apart, reply_of
from proofs.results import Result, Second, Verdict
from proofs.wire import Answers, Questions, decode, encode

NAME = "cvc5"
STEPS = 20_000
"""The limit of one attempt at one question, in the solver's own units of work."""

LEMMAS = {"nl-cov": "false", "decision": "justification"}
COVERINGS = {"nl-ext": "none", "decision": "justification"}
"""Two ways with products: by lemmas about them, and by cylindrical coverings, which decide more and may never end."""

GUARD = 5
"""The seconds of the processor after which coverings are given up.

One operation on large polynomials can take longer than all else, and the limit of steps does not end it. What
coverings decide at all takes them well below a second, so that a slower machine gives the same answers.
"""

PATIENCE = 2
"""How many obligations of a theorem the guard may end before coverings are not tried on the others."""

PLAN = f"{STEPS} {LEMMAS} {COVERINGS} {GUARD} {PATIENCE}"
MEANING = {"unsat": Second.AGREES, "sat": Second.DISAGREES, "unknown": Second.UNDECIDED}

Place = Callable[[], AbstractContextManager[Executor]]


class MissingError(Exception):
    """Say in one sentence that the second solver is not installed."""


def versions() -> dict[str, str]:
    """Return the version of the second solver and its budget; raise MissingError if it is not installed."""
    try:
        found = version(NAME)
    except PackageNotFoundError:
        sentence = f"The second solver needs the package {NAME}: pip install 'charterproof[second]'."
        raise MissingError(sentence) from None
    return {NAME: found, f"{NAME} budget": f"{STEPS} steps for each of two attempts at one question"}


def reviewed(
    results: Sequence[Result],
    place: Place,
    cache: Cache | None = None,
    progress: Callable[[str, int, int], None] = lambda theorem, done, total: None,
) -> list[Result]:
    """Return results with what the second solver makes of all that is PROVED.

    place: where the work is done; cache: what earlier runs kept. Where it finds that a claim can fail, nothing is
    established: the verdict is ERROR, as it is if the second solver breaks off.
    """
    solver = f"{NAME} {versions()[NAME]}"
    found = list(results)
    keys: dict[int, str] = {}
    for i, result in enumerate(results):
        if result.verdict is not Verdict.PROVED:
            continue
        key = digest("second", solver, PLAN, *_texts(result))
        kept = None if cache is None else cache.get(key, Answers)
        if kept is not None and _answers(kept, result, solver):
            found[i] = judged(result, kept.statuses)
        else:
            keys[i] = key
    if not keys:
        return found
    with place() as executor:
        # The longest first.
        ordered = sorted(keys, key=lambda i: -sum(map(len, _texts(results[i]))))
        asked = {executor.submit(apart, "proofs.second", encode(Questions(_texts(results[i])))): i for i in ordered}
        for done, future in enumerate(as_completed(asked), start=1):
            i = asked[future]
            found[i], answers = _received(results[i], future, solver)
            if cache is not None and answers is not None:
                cache.put(keys[i], answers)
            progress(results[i].theorem.id, done, len(asked))
    return found


def judged(result: Result, statuses: Sequence[str]) -> Result:
    """Return a result with the second solver's answers to its obligations: `unsat`, `sat` or `unknown` for each."""
    seconds = [MEANING[status] for status in statuses]
    obligations = tuple(replace(o, second=s) for o, s in zip(result.obligations, seconds, strict=True))
    denied = [o.name for o in obligations if o.second is Second.DISAGREES]
    found = replace(result, obligations=obligations)
    return _broken(found, f"{NAME} disagrees: the claim can fail at {denied[0]}") if denied else found


def _received(result: Result, future: Future[bytes], solver: str) -> tuple[Result, Answers | None]:
    reply = reply_of(future, Answers)
    if isinstance(reply, str):
        return _broken(result, f"{NAME}: {reply}"), None
    if not _answers(reply, result, solver):
        return _broken(result, f"{NAME}: the process answered something else"), None
    return judged(result, reply.statuses), reply


def _broken(result: Result, detail: str) -> Result:
    return replace(result, verdict=Verdict.ERROR, detail=detail)


def _answers(answers: Answers, result: Result, solver: str) -> bool:
    """Say whether these are answers to the obligations of a result."""
    same = answers.solver == solver and len(answers.statuses) == len(result.obligations)
    return same and set(answers.statuses) <= set(MEANING)


def _texts(result: Result) -> tuple[str, ...]:
    return tuple(o.smt2 for o in result.obligations)


def answer(questions: Questions) -> Answers:
    """Decide obligations, each `unsat`, `sat` or `unknown` as a whole."""
    statuses, given_up = [], 0
    for text in questions.texts:
        status = decided(text, LEMMAS)
        if status == "unknown" and given_up < PATIENCE:
            guarded = _guarded(text)
            given_up += guarded is None
            status = guarded or "unknown"
        statuses.append(status)
    return Answers(f"{NAME} {version(NAME)}", tuple(statuses))


def decided(text: str, options: Mapping[str, str]) -> str:
    """Decide the questions of one SMT-LIB text: `unsat` if each is, `sat` if one is, otherwise `unknown`.

    A text without questions has none to deny. Raise RuntimeError if it cannot be read.
    """
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    for name, value in {"incremental": "true", "rlimit-per": str(STEPS), **options}.items():
        solver.setOption(name, value)
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "obligation")
    symbols = parser.getSymbolManager()
    asked = 0
    while not (command := parser.nextCommand()).isNull():
        # What is neither sat nor unsat, such as a complaint, decides nothing.
        said = command.invoke(solver, symbols).strip()
        if command.getCommandName() == "check-sat":
            asked += 1
            if said != "unsat":
                return "sat" if said == "sat" else "unknown"
        elif said:
            return "unknown"
    return "unsat" if asked == text.count("(check-sat)") else "unknown"


def _guarded(text: str) -> str | None:
    """Decide a text by coverings in a process that the guard ends; None if it did."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_CPU, (GUARD, GUARD))
            os.write(writer, decided(text, COVERINGS).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answers:
        status = answers.read()
    os.waitpid(child, 0)
    return status or None


def main() -> None:
    """Answer the questions on standard input."""
    sys.stdout.buffer.write(encode(answer(decode(sys.stdin.buffer.read(), Questions))))


if __name__ == "__main__":
    main()
