"""Render the report for people: one page of HTML, one of Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from proofs.mutation import score
from proofs.report import drawing, payoffs
from proofs.report.contents import PAGES, REST, SECTIONS, section_of
from proofs.report.data import Outcome, caveats, concerns, outcome, reasons, summary, unique_names
from proofs.results import Counterexample, Result, Run, Second, Verdict
from reference.charter import Charter
from reference.readings import REGISTER, Entry

DECIMALS = 6
TONES = {"PROVED": "proved", "REFUTED": "refuted", "VACUOUS": "open", "UNKNOWN": "open", "ERROR": "bad"}
"""The style of a verdict where none is expected."""


@dataclass(frozen=True)
class Side:
    """Hold one quantity of a counterexample as the two engines give it."""

    name: str
    engine: str
    closed_form: str
    agree: bool


@dataclass(frozen=True)
class Case:
    """Hold a counterexample as shown."""

    inputs: Mapping[str, str]
    sides: tuple[Side, ...]
    shows: str


@dataclass(frozen=True)
class Row:
    """Hold one theorem as shown: its result, anchor, outcome, why, links, answers, counterexamples."""

    result: Result
    anchor: str
    outcome: Outcome
    reasons: tuple[str, ...]
    rests_on: Mapping[str, str]
    answers: Mapping[str, int]
    case: Case | None
    twins: tuple[Case | None, ...]

    @property
    def tone(self) -> str:
        """Name the style of the verdict: only what is proved as expected is green."""
        if self.outcome is Outcome.UNEXPECTED:
            return "bad"
        if self.outcome is Outcome.UNDECIDED:
            return "open"
        return {Verdict.PROVED: "proved", Verdict.REFUTED: "refuted"}.get(self.result.verdict, "plain")


@dataclass(frozen=True)
class Reading:
    """Hold one reading as shown, with the theorems and explorations that choose another option."""

    entry: Entry
    others: tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    """Hold how many theorems about one subject this run proved or refuted; page: the name of its page."""

    title: str
    sections: str
    theorems: int
    page: str


def html(run: Run, charter: Charter) -> str:
    """Return the page of a run whose obligations have file names."""
    drawn = payoffs.diagrams(charter)
    return (
        environment(autoescape=True)
        .get_template("index.html.jinja")
        .render(
            **_shared(run, charter),
            diagrams=[(diagram, Markup(drawing.svg(diagram))) for diagram in drawn],
            common_outstanding=payoffs.COMMON_OUTSTANDING,
            readings=_readings(run),
            coverage=_coverage(run),
            pages=PAGES,
            uncovered=[c for c in _coverage(run) if not c.theorems],
            mutation=score.shown(),
            killers=score.KILLERS,
        )
    )


def markdown(run: Run, charter: Charter) -> str:
    """Return the Markdown summary of a run whose obligations have file names."""
    plain = environment(autoescape=False)
    plain.finalize = _markdown_text
    text = plain.get_template("report.md.jinja").render(**_shared(run, charter))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def environment(autoescape: bool) -> Environment:
    """Return the templates of the report."""
    templates = Environment(
        loader=PackageLoader("proofs.report", "templates"),
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.globals["tones"] = TONES
    templates.filters |= {"amount": amount, "dollars": dollars, "breakable": breakable, "code": _markdown_code}
    return templates


def _shared(run: Run, charter: Charter) -> dict[str, object]:
    shown = rows(run)
    return {
        "run": run,
        "charter": charter,
        "summary": summary(run),
        "clean": summary(run).outcome is Outcome.AS_EXPECTED,
        "concerns": concerns(run),
        "caveats": caveats(run),
        "anchors": {row.result.theorem.id: row.anchor for row in shown},
        "rows": shown,
        "gallery": [row for row in shown if row.result.verdict is Verdict.REFUTED and row.case],
        "solver": _solver(run.versions),
        "second": _second(run),
    }


def rows(run: Run) -> list[Row]:
    """Return every theorem of a run as shown, in its order."""
    anchors = unique_names(r.theorem.id for r in run.results)
    by_id = {r.theorem.id: f"theorem-{anchor}" for r, anchor in zip(run.results, anchors, strict=True)}
    return [
        Row(
            result=r,
            anchor=f"theorem-{anchor}",
            outcome=outcome(r),
            reasons=reasons(r),
            rests_on={other: by_id.get(other, "") for other in r.theorem.rests_on},
            answers=dict(sorted(Counter(o.status for o in r.obligations).items())),
            case=_case(r.counterexample),
            twins=tuple(_case(t.counterexample) for t in r.twins),
        )
        for r, anchor in zip(run.results, anchors, strict=True)
    ]


def _case(counterexample: Counterexample | None) -> Case | None:
    if counterexample is None:
        return None
    engine, closed_form = counterexample.engine, counterexample.closed_form
    names = [*engine, *(name for name in closed_form if name not in engine)]
    return Case(
        inputs=counterexample.inputs,
        sides=tuple(
            Side(name, engine.get(name, ""), closed_form.get(name, ""), _same(engine.get(name), closed_form.get(name)))
            for name in names
        ),
        shows=counterexample.shows,
    )


def _same(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return False
    first, second = _number(one), _number(other)
    return one == other if first is None or second is None else first == second


def _readings(run: Run) -> list[Reading]:
    chosen = [(r.theorem.id, r.theorem.readings) for r in run.results]
    chosen += [(e.function, e.readings) for e in run.explorations]
    return [
        Reading(
            entry,
            tuple(
                f"{name}: {readings[entry.field]}"
                for name, readings in chosen
                if readings.get(entry.field, str(entry.default)) != str(entry.default)
            ),
        )
        for entry in REGISTER
    ]


def _coverage(run: Run) -> list[Coverage]:
    decided = [r for r in run.results if r.verdict in (Verdict.PROVED, Verdict.REFUTED)]
    counts = Counter(section_of(r.theorem.id).name for r in decided)
    listed = PAGES if counts[REST.name] else SECTIONS
    return [Coverage(own.title, own.clauses, counts[own.name], own.name) for own in listed]


def _second(run: Run) -> str:
    """Say what a second solver makes of what is proved."""
    counted = summary(run)
    asked = sum(counted.second.values()) - counted.second[Second.NOT_ASKED]
    if not asked:
        return "No second solver was asked."
    confirmed, denied = counted.second[Second.AGREES], counted.second[Second.DISAGREES]
    words = f"A second solver agrees on every obligation of {confirmed} proved theorems; {counted.one_solver} stand on "
    words += "one solver alone" if not denied else f"one solver alone, {denied} of them denied by the other"
    return f"{words}."


def _solver(versions: Mapping[str, str]) -> str:
    """Name the solver with its version."""
    return next((f"z3 {version}" for name, version in versions.items() if name.startswith("z3")), "z3")


def _number(text: str) -> Fraction | None:
    if not re.fullmatch(r"-?[0-9]+(/[0-9]*[1-9][0-9]*|\.[0-9]+)?", text):
        return None
    return Fraction(text)


def amount(value: object) -> str:
    """Show an exact number readably: thousands marked, a fraction with its decimal; other text unchanged."""
    text = str(value)
    number = _number(text)
    if number is None:
        return text
    if number.denominator == 1:
        return f"{number.numerator:,}"
    decimal = _decimal(number)
    if "/" not in text:
        return decimal or text
    return f"{text} = {decimal}" if decimal else f"{text} ≈ {float(number):,.{DECIMALS}f}"


def _decimal(number: Fraction, fewest: int = 0) -> str | None:
    """Return a short exact decimal, or None if there is none."""
    for places in range(fewest, DECIMALS + 1):
        scaled = number * 10**places
        if scaled.denominator == 1:
            digits = f"{abs(scaled.numerator):0{places + 1}d}"
            whole, rest = digits[: len(digits) - places], digits[len(digits) - places :]
            sign = "-" if number < 0 else ""
            return f"{sign}{int(whole):,}" + (f".{rest}" if rest else "")
    return None


def dollars(value: Fraction, places: int = 0) -> str:
    """Show an exact dollar amount with at least so many places, more where needed, else as a fraction."""
    decimal = _decimal(value, places)
    return f"${amount(value)}" if decimal is None else f"${decimal}"


def breakable(name: object) -> Markup:
    """Let a long identifier break after its points and underscores."""
    return Markup(re.sub(r"([._])", r"\1<wbr>", str(escape(str(name)))))


def _markdown_text(value: object) -> object:
    """Escape what a template prints into Markdown, unless it is already Markdown."""
    if isinstance(value, Markup):
        return value
    text = re.sub(r"\s+", " ", str(value)).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]|>$])", r"\\\1", text)


def _markdown_code(value: object) -> Markup:
    """Show a short text as code in Markdown, also inside a table."""
    text = re.sub(r"\s+", " ", str(value)).replace("`", "'").replace("|", "¦")
    return Markup(f"`{text}`")
