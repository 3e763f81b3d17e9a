"""The page of each section of the certificate: its clauses with their code and closed forms, theorems and tests."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import sympy
from jinja2 import Environment
from markupsafe import Markup

from proofs.matrix.shown import OPEN, OWN, matrix
from proofs.report import page
from proofs.report.contents import PAGES, Section, fields_of, section_of, tests_of
from proofs.report.data import SECTIONS, unique_names
from proofs.report.mathml import equation, symbol
from proofs.results import Run
from reference.charter import Charter
from reference.oracle.explain import Clause, clauses, is_within, location, resolve
from reference.readings import REGISTER
from symbolic.account import Definition
from symbolic.formula import ALWAYS, definitions, section_unknowns
from symbolic.symbols import Unknown

READINGS = f"{SECTIONS}/readings.html"


@dataclass(frozen=True)
class Code:
    """Hold a function or type of the engine: its full name, where it stands, its text; shown once on a page.

    anchor: where it is shown; here: whether this is the place.
    """

    name: str
    at: str
    source: str
    anchor: str
    here: bool


@dataclass(frozen=True)
class Rule:
    """Hold a rule of the register with its code, which is empty on the pages of other sections."""

    clause: Clause
    code: tuple[Code, ...]


@dataclass(frozen=True)
class Form:
    """Hold a closed form as shown: set, with the names that it is made of, and where on the page they are.

    sections: the sections of closed forms that have it.
    """

    definition: Definition
    anchor: str
    sections: tuple[str, ...]
    formula: Markup
    domain: str
    uses: Mapping[str, str]


@dataclass(frozen=True)
class Quantity:
    """Hold an unknown of the closed forms as shown."""

    unknown: Unknown
    anchor: str
    symbol: Markup


@dataclass(frozen=True)
class Group:
    """Hold a clause with its rules, closed forms and theorems; home: the page of a clause of another section."""

    clause: str
    anchor: str
    rules: tuple[Rule, ...]
    forms: tuple[Form, ...]
    rows: tuple[page.Row, ...]
    home: Section | None


def pages(run: Run, charter: Charter) -> dict[str, str]:
    """Return the page of every section, and that of the readings, by its path in the report."""
    environment = page.environment(autoescape=True)
    rows = page.rows(run)
    shared = {"run": run, "charter": charter, "pages": PAGES, "all_rows": rows}
    template = environment.get_template("section.html.jinja")
    found = {f"{SECTIONS}/{own.name}.html": template.render(**shared, **_shown(own, rows, charter)) for own in PAGES}
    return {**found, READINGS: _readings(run, rows, environment, shared)}


def _readings(run: Run, rows: Sequence[page.Row], environment: Environment, shared: Mapping[str, object]) -> str:
    """Return the page of the readings: the matrix, and the theorems that are stated under another option."""
    return environment.get_template("readings.html.jinja").render(
        **shared,
        matrix=matrix(run.results),
        own=OWN,
        open=OPEN,
        anchors={row.result.theorem.id: row.anchor for row in rows},
        chosen=[row for row in rows if _otherwise(row)],
        otherwise=_otherwise,
    )


def _shown(section: Section, rows: Sequence[page.Row], charter: Charter) -> dict[str, object]:
    forms, quantities = _typeset(section, charter)
    groups = _groups(section, forms, rows)
    return {
        "section": section,
        "held": [group for group in groups if group.home is None],
        "elsewhere": [group for group in groups if group.home is not None],
        "forms": forms,
        "quantities": quantities,
        "rows": [row for row in rows if section_of(row.result.theorem.id) is section],
        "tests": tests_of(section),
        "fields": fields_of(section),
    }


@lru_cache(maxsize=len(PAGES))
def _typeset(section: Section, charter: Charter) -> tuple[tuple[Form, ...], tuple[Quantity, ...]]:
    """Return the closed forms of a section, each once, and the unknowns in them."""
    quantities: dict[sympy.Symbol, Quantity] = {}
    recorded: dict[tuple[object, ...], list[tuple[str, Definition]]] = {}
    meant: dict[tuple[str, str], tuple[object, ...]] = {}
    for part in section.forms:
        listed = definitions(part, charter)
        used = set().union(*(own.expression.free_symbols for own in listed))
        for unknown in section_unknowns(part, charter):
            if unknown.symbol in used and unknown.symbol not in quantities:
                name = unknown.symbol.name
                quantities[unknown.symbol] = Quantity(unknown, f"unknown-{name}", symbol(name))
        for own in listed:
            key = (own.name, own.expression, own.meaning, own.clause, own.domain, own.unit)
            recorded.setdefault(key, []).append((part, own))
            meant[part, own.name] = key
    names = unique_names(f"form-{places[0][0]}.{key[0]}" for key, places in recorded.items())
    anchors = dict(zip(recorded, names, strict=True))
    return tuple(
        Form(
            definition=places[0][1],
            anchor=anchors[key],
            sections=tuple(part for part, _ in places),
            formula=equation(places[0][1].name, places[0][1].expression),
            domain="" if places[0][1].domain == ALWAYS else places[0][1].domain,
            uses=_uses(places[0][0], places[0][1], meant, anchors, quantities),
        )
        for key, places in recorded.items()
    ), tuple(quantities.values())


def _uses(
    part: str,
    own: Definition,
    meant: Mapping[tuple[str, str], tuple[object, ...]],
    anchors: Mapping[tuple[object, ...], str],
    quantities: Mapping[sympy.Symbol, Quantity],
) -> dict[str, str]:
    """Return the names in a form with the place of each."""
    found = {}
    for inner in sorted(own.expression.free_symbols, key=lambda each: each.name):
        key = meant.get((part, inner.name))
        found[inner.name] = quantities[inner].anchor if key is None else anchors[key]
    return found


def _groups(section: Section, forms: Iterable[Form], rows: Sequence[page.Row]) -> list[Group]:
    """Return the clauses of a page in the order of the certificate: those it holds and those its forms cite."""
    order = {rule.clause: number for number, rule in reversed(list(enumerate(clauses())))}
    cited: dict[str, list[Form]] = {clause: [] for clause in order if _shows(section, clause)}
    for form in forms:
        cited.setdefault(_clause_of(form, order), []).append(form)
    names = dict(zip(cited, unique_names(f"clause-{clause}" for clause in cited), strict=True))
    shown: dict[str, str] = {}
    found = []
    for clause in sorted(cited, key=lambda own: _place(own, order)):
        elsewhere = None if _shows(section, clause) else home(clause)
        own = [rule for rule in clauses() if rule.clause == clause]
        found.append(
            Group(
                clause=clause,
                anchor=names[clause],
                rules=tuple(Rule(rule, () if elsewhere else tuple(_code(rule.code, shown))) for rule in own),
                forms=tuple(cited[clause]),
                rows=tuple(row for row in rows if clause in row.result.theorem.clauses),
                home=elsewhere,
            )
        )
    return found


def _shows(section: Section, clause: str) -> bool:
    return any(clause == held or is_within(clause, held) for held in (*section.holds, *section.also))


def home(clause: str) -> Section | None:
    """Return the section that holds a clause; None for what no section holds, such as another law."""
    return next((own for own in PAGES if any(clause == held or is_within(clause, held) for held in own.holds)), None)


def _clause_of(form: Form, order: Mapping[str, int]) -> str:
    """Return the first clause that a form cites, or all it cites where the register knows none of that name."""
    cited = form.definition.clause
    return cited if cited in order else cited.split(", ")[0]


def _place(clause: str, order: Mapping[str, int]) -> tuple[int, int, str]:
    """Return where a clause stands: with its rules, before those within it, or last."""
    places = [number for known, number in order.items() if known == clause or is_within(known, clause)]
    return (min(places), len(clause), clause) if places else (len(order) + len(clauses()), 0, clause)


def _code(names: Iterable[str], shown: dict[str, str]) -> Iterable[Code]:
    """Yield code with its text; its first place on the page is where it is shown."""
    for name in names:
        here = name not in shown
        anchor = shown.setdefault(name, f"code-{name}")
        yield Code(name, location(name), _source(name), anchor, here)


@cache
def _source(name: str) -> str:
    return inspect.getsource(resolve(name)).rstrip("\n")


def _otherwise(row: page.Row) -> dict[str, str]:
    """Return the readings of a theorem that are not the defaults."""
    defaults = {entry.field: str(entry.default) for entry in REGISTER}
    return {name: option for name, option in row.result.theorem.readings.items() if option != defaults.get(name)}
