"""Names in a question: classes, holders and provisions that must exist."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TypeAlias

from reference.charter import COMMON, Charter
from reference.oracle.refusals import Refusal
from reference.position import Position

Names: TypeAlias = tuple[str, ...]
"""A list of names in a document."""

ARTICLES = frozenset({"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"})
"""The articles of the certificate: an amendment may concern any."""

A_CLAUSE = re.compile(r"([0-9]+|IV(\.[A-C](\.[0-9]+)?)?|[IVX]+)(\([A-Za-z0-9]+\))*")
"""How a clause is cited: "2(b)", "IV.C.4" or "X"; what is in Article IV, part B, by its section alone."""


def class_named(name: str, charter: Charter, path: str) -> str:
    """Return the name of a class; raise Refusal if the charter has none of that name."""
    names = sorted([COMMON, *(series.name for series in charter.series)])
    if name not in names:
        raise Refusal("unknown_class", path, f"is no class of {charter.name}: {', '.join(names)}.")
    return name


def classes_named(names: Iterable[str], charter: Charter, path: str) -> tuple[str, ...]:
    """Return the names of classes, each once; raise Refusal at the first that the charter does not have."""
    return tuple(dict.fromkeys(class_named(name, charter, f"{path}[{index}]") for index, name in enumerate(names)))


def holders_named(names: Collection[str], position: Position, path: str) -> frozenset[str]:
    """Return the names of holders; raise Refusal at the first that holds nothing."""
    known = {holding.holder for holding in position.holdings if holding.shares > 0}
    for index, name in enumerate(names):
        if name not in known:
            raise Refusal("unknown_holder", f"{path}[{index}]", "is nobody who holds any shares.")
    return frozenset(names)


def provisions_named(names: Iterable[str], charter: Charter, path: str) -> tuple[str, ...]:
    """Return clauses of the certificate as it cites them; raise Refusal at the first that it does not have."""
    return tuple(_provision(name, charter, f"{path}[{index}]") for index, name in enumerate(names))


def _provision(name: str, charter: Charter, path: str) -> str:
    cited = name.removeprefix("IV.B.")
    known = _clauses(charter)
    inside = any(cited == clause or cited.startswith(f"{clause}(") for clause in known)
    holds = any(clause.startswith((f"{cited}(", f"{cited}.")) for clause in known)
    if A_CLAUSE.fullmatch(cited) is None or not (cited in ARTICLES or inside or holds):
        raise Refusal("unknown_clause", path, "is no clause of the certificate; 2(b), IV.C.4 and X are.")
    return cited


def _clauses(charter: Charter) -> set[str]:
    """Return the clauses of the register, and those that the charter protects."""
    from reference.oracle.explain import clauses  # only questions about amendments need the register

    protected: tuple[str, ...] = ()
    if charter.approvals is not None:
        protected = tuple(clause for own in charter.approvals.series_supermajorities for clause in own.protects)
    return {*protected, *(part for rule in clauses() for part in rule.clause.split(", "))}
