"""The closed forms as text: every named output with its clause, its domain and its formula."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection
from dataclasses import dataclass

import sympy

from reference.charter import COMMON, Charter
from reference.readings import Readings
from symbolic import (
    additional_stock,
    antidilution,
    approvals,
    cash_amounts,
    consents,
    conversion,
    distributions,
    dividends,
    history,
    notices,
    offering,
    recapitalization,
    voting,
)
from symbolic.account import Account, Definition
from symbolic.algebra import all_of, total
from symbolic.breakpoints import breakpoints
from symbolic.equilibrium import RIGHTS, EquilibriumForms, election, forms_chosen, has_formula, record_exercise
from symbolic.liquidation import EVENT, Case, Forms, deemed, forms, payment
from symbolic.notation import draw, latex, named
from symbolic.reserve import PRICE, SOLD, stock
from symbolic.rounding import in_cents
from symbolic.symbols import Unknown, holdings, shares, unknowns

WIDTH = 100
"""The width of rendered text, columns."""

INDENT = "    "
ALWAYS = "always"

LATEX_SPECIAL = {
    "\\": r"\textbackslash{}",
    **{character: "\\" + character for character in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True)
class _Section:
    """Hold what a section is called, how its steps are recorded, and the unknowns it may use besides the charter's.

    of_charter: lists those of them that depend on the charter's structure.
    """

    title: str
    record: Callable[[Case, Account], None]
    unknowns: tuple[Unknown, ...] = ()
    of_charter: Callable[[Charter], tuple[Unknown, ...]] | None = None


def definitions(section: str, charter: Charter, readings: Readings | None = None) -> list[Definition]:
    """List the named quantities of a section in order; the outputs come last.

    Conversion prices of all series are unknowns, nothing has split, and nobody has elected or been made to
    convert; Cash Amounts of one earlier day and dividends are owed. Raise KeyError for an unknown section.
    """
    recorder = SECTIONS[section].record
    prices = frozenset(series.name for series in charter.series)
    account = Account(named=True)
    recorder(Case(charter, readings or Readings(), prices=prices, days=1, former=True), account)
    return _used(account.definitions)


def section_unknowns(section: str, charter: Charter) -> tuple[Unknown, ...]:
    """Describe every unknown that a section's forms may contain, in order; raise KeyError for an unknown section."""
    own = SECTIONS[section]
    return (*unknowns(charter), *own.unknowns, *(own.of_charter(charter) if own.of_charter else ()))


def _used(recorded: list[Definition]) -> list[Definition]:
    """Drop the steps that no output refers to."""
    needed: set[sympy.Symbol] = set()
    kept = []
    for definition in reversed(recorded):
        if definition.output or definition.symbol in needed:
            needed |= definition.expression.free_symbols
            kept.append(definition)
    return kept[::-1]


def render(section: str, charter: Charter, as_latex: bool = False, readings: Readings | None = None) -> str:
    """Render a section's closed forms as text or as LaTeX; raise KeyError for an unknown section."""
    listed = definitions(section, charter, readings)
    used = set().union(*(definition.expression.free_symbols for definition in listed))
    known = [u for u in section_unknowns(section, charter) if u.symbol in used]
    title = f"{SECTIONS[section].title}: closed forms for {charter.name}"
    return _latex(title, known, listed) if as_latex else _text(title, known, listed)


def _text(title: str, known: list[Unknown], listed: list[Definition]) -> str:
    width = max(len(name) for name in (*(u.symbol.name for u in known), *(d.name for d in listed)))
    lines = [title, "=" * len(title), "", *_heading("Unknowns")]
    for u in known:
        lines += _entry(u.symbol.name, width, f"{_quantity(u)}, {u.domain}", u.clause)
    steps = [definition for definition in listed if not definition.output]
    results = [definition for definition in listed if definition.output]
    for heading, part in (("Definitions, in order", steps), ("Results", results)):
        if part:
            lines += ["", *_heading(heading)]
        for definition in part:
            domain = "" if definition.domain == ALWAYS else f", where {definition.domain}"
            lines += ["", *_entry(definition.name, width, _quantity(definition) + domain, definition.clause), ""]
            lines += [INDENT + line for line in _drawn(definition)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _heading(text: str) -> list[str]:
    return [text, "-" * len(text)]


def _entry(name: str, width: int, text: str, clause: str) -> list[str]:
    first = f"{name:<{width}}  {text}  ({clause})"
    return textwrap.wrap(first, WIDTH, subsequent_indent=" " * (width + 2), break_on_hyphens=False)


def _quantity(described: Unknown | Definition) -> str:
    return f"{described.meaning} [{described.unit}]"


def _drawn(definition: Definition) -> list[str]:
    if definition.expression.is_Rational:
        return [f"{definition.name} = {_decimal(definition.expression)}"]
    return draw(definition.symbol, definition.expression, WIDTH - len(INDENT))


def _decimal(value: sympy.Rational) -> str:
    """Write a number as a decimal fraction if it has a finite one, as the certificate does."""
    digits = 0
    while digits < 12 and not (value * 10**digits).is_Integer:
        digits += 1
    scaled = value * 10**digits
    if not scaled.is_Integer:
        return str(value)
    whole, part = divmod(int(scaled), 10**digits)
    return f"{whole}.{part:0{digits}d}" if digits else str(whole)


def _latex(title: str, known: list[Unknown], listed: list[Definition]) -> str:
    names = {u.symbol.name for u in known}
    lines = ["% Needs the package amsmath.", rf"\section*{{{_escaped(title)}}}", r"\begin{description}"]
    for u in known:
        domain = _mathematical(u.domain, names)
        lines.append(rf"\item[${named(u.symbol.name)}$] {_escaped(_quantity(u))}, {domain} ({u.clause})")
    lines.append(r"\end{description}")
    for definition in listed:
        domain = "" if definition.domain == ALWAYS else f", where {_mathematical(definition.domain, names)}"
        lines += ["", f"{_escaped(_quantity(definition))}{domain} ({definition.clause})"]
        lines += [r"\[", f"{named(definition.name)} = {_value(definition)}", r"\]"]
    return "\n".join(lines) + "\n"


def _value(definition: Definition) -> str:
    if definition.expression.is_Rational and "/" not in _decimal(definition.expression):
        return _decimal(definition.expression)
    return latex(definition.expression)


def _mathematical(domain: str, names: Collection[str]) -> str:
    """Write a domain for LaTeX: names and comparisons as formulas, words as they are."""
    signs = {">=": r"$\ge$", "<=": r"$\le$", ">": "$>$"}
    words = (f"${named(word)}$" if word in names else signs.get(word, _escaped(word)) for word in domain.split())
    return " ".join(words)


def _escaped(text: str) -> str:
    return "".join(LATEX_SPECIAL.get(character, character) for character in text)


def _liquidation(case: Case, account: Account) -> None:
    _outputs(case, account, forms(case, account))


def _equilibrium(case: Case, account: Account) -> None:
    outcome = forms_chosen(case, account)
    _outputs(case, account, outcome)
    for name, condition in outcome.converted.items():
        account.output(f"converts_{name}", condition, f"whether {name} converts", "3(a)", "yes or no")


def _outputs(case: Case, account: Account, outcome: Forms | EquilibriumForms) -> None:
    per_share = outcome.per_share
    names = (*(series.name for series in case.charter.series), COMMON)
    each = {}
    for name in names:
        each[name] = account.output(
            f"per_share_{name}", per_share[name], f"payment to a share of {name}", "2", "$/share", "the class is held"
        )
    paid = [
        account.output(f"total_{name}", shares(name) * each[name], f"payment to all shares of {name}", "2", "$")
        for name in names
    ]
    left = outcome.undistributed
    account.output("undistributed", left, "assets that no class is entitled to", "2(b)", "$")
    cash = "Cash Amounts of earlier conversions that are paid"
    paid.append(account.output("former_cash", outcome.former_cash, cash, "3(c)", "$"))
    dividends = "dividends that are paid to holders who had converted"
    paid.append(account.output("former_dividends", outcome.former_dividends, dividends, "3(a)", "$"))
    account.output("distributed", total(paid), "what all classes and earlier holders get", "2", "$")
    own = account.output("payment_1", payment(case.charter, 1), "what a holder gets in all", "2", "$")
    cents = account.output("payment_in_cents_1", in_cents(own), "the same, down to cents (AMB-96)", "2", "$")
    account.output("residual_1", own - cents, "what that leaves over (AMB-96)", "2", "$")


def _deemed(case: Case, account: Account) -> None:
    account.output("deemed", deemed(case), "whether an event counts as a liquidation", "2(c)", "yes or no")


def _levels(case: Case, account: Account) -> None:
    """Record the breakpoints with chosen conversions, or with given ones under the readings without a formula."""
    everybody = frozenset(series.name for series in case.charter.series)
    found = breakpoints(case, account, has_formula(case), outstanding=None if has_formula(case) else everybody)
    for form in found:
        names = [name for name, _ in form.names]
        what = f"{form.event}_{'_'.join(name.replace(' ', '_') for name in names)}"
        words = f"{form.event.replace('_', ' ')} of {', '.join(names)}"
        account.output(f"level_{what}", form.assets, f"assets at which: {words}", form.clause, "$", f"is_{what}")
        there = all_of(form.there, form.turns)
        domain = "no other event is at these assets"
        account.output(f"is_{what}", there, f"whether it is a level: {words}", form.clause, "yes or no", domain)


def _election(case: Case, account: Account) -> None:
    meaning = "whether the class elects if each series votes its interest"
    account.output("elects", election(case, account).elects, meaning, "3(a)", "yes or no")


def _one_holder(charter: Charter) -> tuple[Unknown, ...]:
    return holdings(charter, 1)


SECTIONS = {
    "liquidation": _Section("Liquidation with given conversions (2)", _liquidation, of_charter=_one_holder),
    "equilibrium": _Section("Liquidation with chosen conversions (2, 3(a))", _equilibrium, of_charter=_one_holder),
    "deemed": _Section("Deemed liquidations (2(c))", _deemed, EVENT),
    "breakpoints": _Section("Breakpoints of a liquidation (2, 3(a))", _levels),
    "exercise": _Section(
        "Exercise of rights in a liquidation (2)", lambda _, account: record_exercise(account), RIGHTS
    ),
    "election": _Section("Election in the interest of each series (3(a))", _election),
    "conversion": _Section("Conversion (3(a), 3(h))", conversion.record, of_charter=conversion.unknowns),
    "consents": _Section("Election to convert (3(a))", consents.record, of_charter=consents.unknowns),
    "offering": _Section("Conversion by an offering (3(b))", offering.record, of_charter=offering.unknowns),
    "cash_amounts": _Section("Payment of Cash Amounts (3(c))", cash_amounts.record, of_charter=cash_amounts.unknowns),
    "dividends": _Section("Dividends (1(a))", dividends.record, of_charter=dividends.unknowns),
    "declarations": _Section(
        "Declarations of dividends (1(a))",
        dividends.record_declarations,
        of_charter=dividends.unknowns_of_declarations,
    ),
    "voting": _Section("Votes and seats (5)", voting.record, of_charter=voting.unknowns),
    "distributions": _Section(
        "Distributions in kind (1(b), 3(e))", distributions.record, of_charter=distributions.unknowns
    ),
    "reserve": _Section(
        "Authorised stock and the reserve (IV.A, IV.B, 3(i))",
        stock,
        (
            Unknown(PRICE, "price of an offering to the public", "$/share", "p > 0", "3(b)"),
            Unknown(SOLD, "shares that the corporation sells in it", "shares", "s >= 0", "3(b)"),
        ),
    ),
    "antidilution": _Section("Conversion prices (3(d))", antidilution.section, of_charter=antidilution.unknowns),
    "approvals": _Section("Approvals of an act (6)", approvals.act, of_charter=approvals.unknowns),
    "additional_stock": _Section(
        "Additional Stock (3(d)(ii))", additional_stock.section, of_charter=additional_stock.unknowns
    ),
    "recapitalization": _Section(
        "Recapitalization (3(f))", recapitalization.section, of_charter=recapitalization.unknowns
    ),
    "history": _Section("What has become of a cap table after events", history.record, of_charter=history.unknowns),
    "notices": _Section("Notices of record date (4)", notices.notice, of_charter=notices.unknowns),
}
"""The sections that can be rendered, by name."""
