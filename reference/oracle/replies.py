"""What comes back: answers and refusals, typed, amounts as canonical text."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType, field

from reference.oracle.amounts import EnclosureText
from reference.oracle.refusals import CODES, Refusal

Text: TypeAlias = (
    Annotated[
        str,
        Meta(description="An exact amount in lowest terms.", extra_json_schema={"pattern": "^-?[0-9]+(/[0-9]+)?$"}),
    ]
    | EnclosureText
)
Amounts: TypeAlias = dict[str, Text]
Code: TypeAlias = Annotated[str, Meta(description="Stable.", extra_json_schema={"enum": sorted(CODES)})]


class Reply(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold an object of an answer."""


class Step(Reply, frozen=True):
    """Hold one step of the reasoning: its clause, what it is, in words, and the amounts; `paid` is in $."""

    clause: str
    step: str
    says: str
    stock: str | UnsetType = field(name="class", default=UNSET)
    amounts: Amounts = {}


class ClassAmounts(Reply, frozen=True):
    """Hold what one class receives, $ and $/share; no amount per share where nothing is outstanding."""

    total: Text
    per_share: Text | None


class FormerAmounts(Reply, frozen=True):
    """Hold what holders who had converted before are paid, $: Cash Amounts (3(c)) and dividends (AMB-37)."""

    cash_amounts: Text
    dividends: Text


class ExercisedRights(Reply, frozen=True):
    """Hold rights that are exercised: over how many shares, $/share that they cost, and $ with and without that."""

    stock: str = field(name="class")
    shares: Text
    exercise_price: Text
    gross: Text
    net: Text


class LiquidationAnswer(Reply, frozen=True, tag_field="question", tag="liquidation"):
    """Say who receives what (2)."""

    by_class: dict[str, ClassAmounts]
    by_holder: Amounts
    converted: dict[str, bool]
    elected: bool
    per_common_share: Text | None
    undistributed: Text
    distributed: Text
    residual: Annotated[Text, Meta(description="What rounding payments down to cents leaves over, $ (AMB-96).")]
    earlier_conversions: Annotated[
        FormerAmounts | UnsetType, Meta(description="Part of what is distributed, besides what the classes get.")
    ] = UNSET
    exercised: Annotated[
        dict[str, ExercisedRights] | UnsetType,
        Meta(description="By name of the rights; the class has the gross amount, the holder the net one (AMB-147)."),
    ] = UNSET


class Level(Reply, frozen=True):
    """Hold an asset level, $, at which the sharing changes, with the payments there, $/share."""

    assets: Text
    clause: str
    event: Literal["rank_paid", "kept", "cap", "conversion", "tail", "exercise"]
    classes: Annotated[list[str], Meta(description="Classes that have shares, or rights that are exercised.")]
    reason: str
    per_share: Amounts


class BreakpointsAnswer(Reply, frozen=True, tag_field="question", tag="breakpoints"):
    """List the asset levels at which the sharing changes (2, 3(a))."""

    breakpoints: list[Level]


class Answered(Reply, frozen=True):
    """Hold the answer to one case, the readings it used and the reasoning."""

    case: str
    status: Literal["answered"]
    answer: Any
    readings: dict[str, str]
    notes: list[str]
    because: list[Step]


class Fault(Reply, frozen=True):
    """Say why a case is refused; `line` is the line of the input on which the case starts."""

    code: Code
    path: str
    message: str
    clause: str | UnsetType = UNSET
    line: int | UnsetType = UNSET


class Refused(Reply, frozen=True):
    """Hold the refusal of one case; `case` is null where the document has none that can be read."""

    case: str | None
    status: Literal["refused"]
    error: Fault


def refused(refusal: Refusal, document: Any = None, line: int | None = None) -> Refused:
    """Return the reply that a refusal makes, with the name of the case if the document gives one."""
    name = document.get("case") if isinstance(document, dict) else None
    fault = Fault(
        code=refusal.code,
        path=refusal.path,
        message=refusal.message,
        clause=UNSET if refusal.clause is None else refusal.clause,
        line=UNSET if line is None else line,
    )
    return Refused(case=name if isinstance(name, str) else None, status="refused", error=fault)
