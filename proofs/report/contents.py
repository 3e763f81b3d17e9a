"""Which clauses, closed forms, theorems and tests belong to which section of the certificate."""

from __future__ import annotations

from dataclasses import dataclass

from symbolic.outputs import FIELDS


@dataclass(frozen=True)
class Section:
    """Hold a section of the certificate and what treats it.

    name: of its page, and of its module in `reference`; clauses: as shown; holds: the clauses whose rules stand on
    its page, with all below them; forms: sections of `symbolic.formula`; theorems: what ids of theorems begin with;
    also: clauses of other pages that stand here as well; others: further modules with tests of their own.
    """

    name: str
    clauses: str
    title: str
    holds: tuple[str, ...]
    forms: tuple[str, ...] = ()
    theorems: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def tests(self) -> tuple[str, ...]:
        """Name the modules of the section that have tests of their own, which bear the same name."""
        return (self.name, *self.others)


SECTIONS = (
    Section("dividends", "1(a)", "Dividends", ("1(a)", "IV.C.1"), ("dividends", "declarations"), ("dividends",)),
    Section(
        "distributions", "1(b), 3(e)", "Other distributions", ("1(b)", "3(e)"), ("distributions",), ("distributions",)
    ),
    Section(
        "liquidation",
        "2",
        "Liquidation preference and participation",
        ("2", "IV.C.2"),
        ("liquidation", "deemed"),
        ("liquidation",),
    ),
    Section(
        "equilibrium",
        "2, 3(a)",
        "Conversion decisions around a liquidation",
        (),
        ("equilibrium", "breakpoints", "election", "exercise"),
        ("equilibrium", "breakpoints", "election"),
        also=("2(b)", "3(a)"),
    ),
    Section(
        "conversion",
        "3(a)–(c), 3(h)",  # noqa: RUF001
        "Conversion, public offerings, Cash Amounts",
        ("3(a)", "3(b)", "3(c)", "3(h)"),
        ("conversion", "consents", "offering", "cash_amounts"),
        ("conversion", "consents", "offering", "cash_amounts"),
        others=("offering", "cash_amounts"),
    ),
    Section(
        "antidilution",
        "3(d)",
        "Adjustment of conversion prices",
        ("3(d)", "3(g)"),
        ("antidilution", "additional_stock"),
        ("antidilution", "additional_stock"),
        others=("additional_stock",),
    ),
    Section("recapitalization", "3(f)", "Recapitalizations", ("3(f)",), ("recapitalization",), ("recapitalization",)),
    Section(
        "reserve", "IV.A, 3(i)", "Authorised and reserved shares", ("IV.A", "IV.B", "3(i)"), ("reserve",), ("reserve",)
    ),
    Section("notices", "4", "Notices", ("4",), ("notices",), ("notices",)),
    Section("voting", "5", "Votes and directors", ("5", "IV.C.4", "VI"), ("voting",), ("voting",)),
    Section("approvals", "6", "Protective provisions", ("6", "IV.C.3", "X"), ("approvals",), ("approvals",)),
)
"""The subjects of Article IV."""

REST = Section(
    "history",
    "other articles",
    "Cap tables after events, and the other articles",
    ("V", "VII, VIII, IX", "SECOND/THIRD/FOURTH", "Date"),
    ("history",),
    ("history",),
)
"""What belongs to no one subject; theorems that no section claims stand here, too."""

PAGES = (*SECTIONS, REST)
"""Every section that has a page, in order."""

PROOFS, OUTPUTS = "tests/proofs", "tests/outputs"
TESTS = ("tests/test_{}.py", "tests/symbolic/test_{}.py", PROOFS + "/test_*_{}*.py")
"""Where a module's tests are: of the engine, of the closed forms, of the theorems."""


def section_of(theorem: str) -> Section:
    """Return the section that a theorem belongs to, by what its id begins with."""
    module = theorem.split(".")[0]
    return next((section for section in SECTIONS if module in section.theorems), REST)


def fields_of(section: Section) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return, by question, the fields of its answer that rest on the section's closed forms, and on which of them."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for question, fields in FIELDS.items():
        for name, forms in fields.items():
            own = tuple(form for form in forms if form.split(".")[0] in section.forms)
            if own:
                found.setdefault(question, {})[name] = own
    return found


def tests_of(section: Section) -> tuple[str, ...]:
    """Return patterns of the names of the test files that look at a section, from the directory of the sources."""
    named = [pattern.format(module) for module in section.tests for pattern in TESTS]
    return (*named, f"{PROOFS}/test_explored_sections.py", *(f"{OUTPUTS}/{q}.py" for q in fields_of(section)))
