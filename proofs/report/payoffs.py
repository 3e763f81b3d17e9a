"""The data of the payoff diagrams: exact breakpoints and the payments there.

Floats appear only where the lines are drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from reference.charter import COMMON, Charter
from reference.equilibrium import Schedule, equilibrium_breakpoints, schedule
from reference.liquidation import NOBODY, Breakpoint
from reference.payoff import given_breakpoints
from reference.position import full_issuance
from reference.readings import Readings

COMMON_OUTSTANDING = 10_000_000
"""The Common assumed in the diagrams, shares: the certificate fixes only the authorised number."""


@dataclass(frozen=True)
class Mark:
    """Hold one breakpoint as shown: assets, $, what happens there, its clause, payments, $/share by class."""

    assets: Fraction
    reason: str
    clause: str
    per_share: dict[str, Fraction]


@dataclass(frozen=True)
class Diagram:
    """Hold one payoff diagram: its key, title, what it supposes, classes, breakpoints and payments."""

    key: str
    title: str
    supposes: str
    classes: tuple[str, ...]
    marks: tuple[Mark, ...]
    payments: Schedule

    @property
    def reach(self) -> Fraction:
        """Return the asset level, $, up to which the diagram is drawn."""
        return self.payments.levels[-1] * Fraction(27, 25)

    @property
    def levels(self) -> tuple[Fraction, ...]:
        """Return the asset levels, $, between which every line is straight, both ends included."""
        return (*self.payments.levels, self.reach)


def diagrams(charter: Charter) -> tuple[Diagram, ...]:
    """Return the diagrams of a charter at full issuance, under the default readings."""
    position = full_issuance(charter, COMMON_OUTSTANDING)
    readings = Readings()
    found = [
        _diagram(
            "as-held",
            "Nobody converts",
            "Every series keeps its preferred stock, whatever the proceeds.",
            charter,
            given_breakpoints(position, readings),
            schedule(position, readings, converted=NOBODY),
        ),
        _diagram(
            "chosen",
            "Holders convert when it pays",
            f"Holders of {series_list(charter, charter.optional)} convert exactly when the Common would pay them more.",
            charter,
            equilibrium_breakpoints(position, readings),
            schedule(position, readings),
        ),
    ]
    if charter.electing:
        found.append(
            _diagram(
                "elected",
                f"The class of {series_list(charter, charter.electing)} has elected to convert",
                "Their Cash Amounts are paid first, as a debt (the default reading of AMB-23); "
                f"holders of {series_list(charter, charter.optional)} convert when it pays.",
                charter,
                equilibrium_breakpoints(position, readings, elected=True),
                schedule(position, readings, elected=True),
            )
        )
    return tuple(found)


def _diagram(
    key: str, title: str, supposes: str, charter: Charter, found: Iterable[Breakpoint], payments: Schedule
) -> Diagram:
    marks = tuple(
        Mark(point.assets, reason(charter, point), point.clause, payments.per_share(point.assets)) for point in found
    )
    return Diagram(key, title, supposes, (*(s.name for s in charter.series), COMMON), marks, payments)


def reason(charter: Charter, point: Breakpoint) -> str:
    """Say in a few words what happens at a breakpoint."""
    who = series_list(charter, point.names)
    if point.event == "rank_paid":
        what = "Cash Amount" if point.clause == "3(c)" else "preference"
        return f"{who} {what}{'s' if len(point.names) > 1 else ''} paid"
    return {
        "cap": f"{who} reaches its cap",
        "conversion": f"{who} converts",
        "tail": f"{who} shares again",
    }[point.event]


def series_list(charter: Charter, names: Iterable[str]) -> str:
    """Name series briefly, three or more neighbours in the charter's order as a range."""
    order = [s.name for s in charter.series]
    runs = _runs(sorted(order.index(name) for name in names))
    parts: list[str] = []
    for run in runs:
        ends = f"{order[run[0]]}–{order[run[-1]]}"  # noqa: RUF001
        parts += [ends] if len(run) > 2 else [order[place] for place in run]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _runs(places: list[int]) -> Iterator[list[int]]:
    """Split ascending places into runs of neighbours."""
    run: list[int] = []
    for place in places:
        if run and place != run[-1] + 1:
            yield run
            run = []
        run.append(place)
    if run:
        yield run
