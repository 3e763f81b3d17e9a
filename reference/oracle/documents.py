"""Case documents, typed: the shapes from which their JSON Schemas are derived."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct, field

from reference.oracle.amounts import MAX_LENGTH
from reference.oracle.questions import MODULES, PLANNED
from reference.oracle.refusals import Refusal
from reference.oracle.shapes import convert
from reference.readings import REGISTER, Readings

Amount: TypeAlias = (
    Annotated[
        str,
        Meta(
            description="An exact amount: a decimal or a quotient.",
            examples=["8.25", "33/4"],
            extra_json_schema={"pattern": r"^[0-9]+(\.[0-9]+|/[0-9]+)?$", "maxLength": MAX_LENGTH},
        ),
    ]
    | Annotated[int, Meta(extra_json_schema={"minimum": 0})]
)
SignedAmount: TypeAlias = (
    Annotated[
        str,
        Meta(
            description="An exact amount, which may be below zero.",
            examples=["-1/3"],
            extra_json_schema={"pattern": r"^-?[0-9]+(\.[0-9]+|/[0-9]+)?$", "maxLength": MAX_LENGTH},
        ),
    ]
    | int
)
Count: TypeAlias = (
    Annotated[int, Meta(description="A whole number of shares.", extra_json_schema={"minimum": 0})]
    | Annotated[str, Meta(extra_json_schema={"pattern": "^[0-9]+$"})]
)


class EnclosureDocument(Struct, frozen=True, forbid_unknown_fields=True, rename={"low": "from", "high": "to"}):
    """Hold a conversion price too long to write out, as an answer gives it: two decimals between which it lies."""

    low: Amount
    high: Amount
    decimal: Annotated[Amount, Meta(description="What it is rounded; not looked at.")] = 0


BySeries: TypeAlias = Annotated[dict[str, Amount], Meta(description="By name of a series.")]


class Document(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold an object of a case document; fields that it does not know are refused."""


class HoldingDocument(Document, frozen=True):
    """Hold the shares of one class that one holder owns."""

    holder: str
    stock: Annotated[str, Meta(description='A series, or "common".')] = field(name="class")
    shares: Count


class UndeclaredDocument(Document, frozen=True):
    """Hold undeclared dividends, $/share: of the current year, and since issue (AMB-16)."""

    current_year: Amount
    since_issue: Amount


class CarriedDocument(Document, frozen=True):
    """Hold an adjustment of a conversion price that has not been made yet (3(d)(i)(B))."""

    series: str
    on: Annotated[date, Meta(description="The event that gave rise to it.")]
    amount: Annotated[SignedAmount, Meta(description="$/share to take off; below zero, to add.")]


class ClaimDocument(Document, frozen=True):
    """Hold one holder's Cash Amounts of one series from an earlier conversion (3(c))."""

    holder: str
    series: str
    converted_on: date
    owed: Annotated[Amount, Meta(description="$.")]
    paid: Annotated[Amount, Meta(description="$, so far.")] = 0


class PositionDocument(Document, frozen=True):
    """Hold what is outstanding and what is owed on it."""

    holdings: list[HoldingDocument]
    as_of: date | None = None
    conversion_prices: Annotated[
        dict[str, Amount | EnclosureDocument],
        Meta(description="$/share by name of a series; left out: the initial price (3(a))."),
    ] = {}
    unpaid_dividends: Annotated[BySeries, Meta(description="Declared but unpaid, $/share.")] = {}
    undeclared_dividends: dict[str, UndeclaredDocument] = {}
    issued_on: Annotated[
        dict[str, date],
        Meta(description="From when undeclared dividends accrue, up to as_of or the last event (AMB-17)."),
    ] = {}
    preferred_splits: Annotated[BySeries, Meta(description="Shares that one share has become; 2 is 2-for-1.")] = {}
    common_split: Amount | None = None
    common_combined: Annotated[
        Amount | None,
        Meta(
            description=(
                "What combinations alone did of common_split; left out: nothing of a factor of one or more, all of "
                "a smaller one (AMB-132)."
            )
        ),
    ] = None
    purchase_dates: Annotated[
        dict[str, date],
        Meta(
            description="First issue of a series; left out: long ago, or not yet if none is outstanding (3(d)(i)(A))."
        ),
    ] = {}
    carried: Annotated[
        list[CarriedDocument], Meta(description="Adjustments of conversion prices not made yet (3(d)(i)(B)).")
    ] = []
    cash_amounts: Annotated[list[ClaimDocument], Meta(description="Cash Amounts of earlier conversions (3(c)).")] = []


class EventDocument(Document, frozen=True):
    """Describe what happened, to be tested against 2(c)."""

    kind: Literal["dissolution", "merger", "asset_sale", "voting_power"]
    counterparty: str = "other"
    voting_power_disposed: Annotated[Amount, Meta(description="A share of the whole, 0 to 1.")] = 0


class LiquidationQuestion(Document, frozen=True, tag_field="question", tag="liquidation"):
    """Ask who receives what when assets are distributed (2)."""

    assets: Annotated[Amount, Meta(description="$, cash and what is already valued.")]
    noncash: Annotated[list[Amount], Meta(description="Fair values, $, added to the assets (2(d)).")] = []
    legally_available: Annotated[Amount | None, Meta(description="$; no more is distributed (AMB-24).")] = None
    conversions: Literal["equilibrium", "as_held"] | dict[str, bool] | None = None
    elect: bool | Literal["in_interest"] = False
    event: EventDocument | None = None


class BreakpointsQuestion(Document, frozen=True, tag_field="question", tag="breakpoints"):
    """Ask at which assets the sharing changes (2, 3(a))."""

    conversions: Literal["equilibrium", "as_held"] | dict[str, bool] | None = None
    elect: bool = False


Question: TypeAlias = LiquidationQuestion | BreakpointsQuestion
"""The questions about who converts around a liquidation."""


class Case(Document, frozen=True):
    """Hold one case: a charter, a position and a question."""

    case: Annotated[str, Meta(description="A name for the case; the answer repeats it.")]
    charter: Annotated[
        str | dict[str, Any], Meta(description="A shipped name, or an object of the shape `schema charter`.")
    ]
    position: PositionDocument
    ask: dict[str, Any]
    readings: Readings = Readings()
    events: list[dict[str, Any]] = []


LONG = 60
"""An amount that is longer, characters, counts towards the length of all long ones together."""

MAX_LONG = 150_000
"""The most characters of long amounts in one case: several times the six longest prices, and no more work than that."""


def _check_long(value: Any) -> None:
    """Refuse a case whose long amounts together would keep arithmetic busy."""
    left, total = [value], 0
    while left:
        own = left.pop()
        if isinstance(own, dict):
            left += own.values()
        elif isinstance(own, list):
            left += own
        elif isinstance(own, str) and len(own) > LONG and own.lstrip("-")[:1].isdigit():
            total += len(own)
    if total > MAX_LONG:
        raise Refusal("amount_too_long", "", f"The long amounts of the case have more than {MAX_LONG} characters.")


def read_case(value: Any) -> Case:
    """Type one case document; raise Refusal where it does not fit, is not supported yet or chooses nothing known."""
    _check_long(value)
    if isinstance(value, dict):
        _check_readings(value.get("readings"))
        _check_question(value.get("ask"))
    return convert(value, Case)


def _check_readings(readings: Any) -> None:
    """Refuse names and options that the register does not have, with those that it has."""
    if not isinstance(readings, dict):
        return
    options = {entry.field: [option.value for option, _ in entry.options] for entry in REGISTER}
    for name, option in readings.items():
        if name not in options:
            raise Refusal("unknown_reading", f"readings.{name}", "is no reading; `charterproof readings` lists them.")
        if isinstance(option, str) and option not in options[name]:
            raise Refusal("unknown_option", f"readings.{name}", f"is not one of {', '.join(options[name])}.")


def _check_question(ask: Any) -> None:
    if not isinstance(ask, dict):
        return
    if "question" not in ask:
        raise Refusal("missing_field", "ask.question", "is required.")
    question = ask["question"]
    if not isinstance(question, str):
        raise Refusal("wrong_type", "ask.question", "must be text.")
    if question in MODULES:
        return
    known = ", ".join(MODULES)
    if question in PLANNED:
        raise Refusal("question_not_supported", "ask.question", f"is not answered yet; these are: {known}.")
    raise Refusal("unknown_question", "ask.question", f"is no question; these are answered: {known}.")
