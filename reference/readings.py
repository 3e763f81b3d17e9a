"""The choices where the certificate's text is ambiguous: one field each, with its options and effects.

The register below is the single source of these choices; the command line, the case documents and the
report print it. The identifiers AMB-nn are those of the project's ambiguity register.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum


class IfGreater(StrEnum):
    """Say which other shares can raise a preferred dividend (AMB-05)."""

    COMMON_ONLY = "common_only"
    LFP_ALL = "lfp_all"
    OFF = "off"


class IfGreaterBasis(StrEnum):
    """Say how a dividend on other shares is compared (AMB-06)."""

    PER_SHARE = "per_share"
    AS_CONVERTED = "as_converted"


class Switch(StrEnum):
    """Say yes or no."""

    YES = "yes"
    NO = "no"


class ShortpayTrigger(StrEnum):
    """Say when a year's preferred dividends must be shared rateably (AMB-08)."""

    ANY = "any"
    AGGREGATE = "aggregate"


class Year(StrEnum):
    """Say what a dividend year is (AMB-09)."""

    CALENDAR = "calendar"
    FISCAL = "fiscal"
    ROLLING12 = "rolling12"


class Partial(StrEnum):
    """Say what is due for a part of a year (AMB-09)."""

    FULL_RATE = "full_rate"
    DAILY = "daily"


class CommonGate(StrEnum):
    """Say how much preferred dividend must come before one on the Common (AMB-10)."""

    FULL_YEAR = "full_year"
    TO_DATE = "to_date"


class AdAsConverted(StrEnum):
    """Say whether A-D count as convertible before their class elects (AMB-14)."""

    HYPOTHETICAL = "hypothetical"
    ONLY_IF_ELECTED = "only_if_elected"


class UnpaidDiv(StrEnum):
    """Say which unpaid dividends join a preference worded "undeclared" (AMB-16)."""

    DECLARED = "declared"
    UNDECLARED_CURRENT_YEAR = "undeclared_current_year"
    UNDECLARED_ALL = "undeclared_all"
    LITERAL_EMPTY = "literal_empty"
    DECLARED_PLUS_UNDECLARED_CURRENT = "declared_plus_undeclared_current"


class Daycount(StrEnum):
    """Say how undeclared dividends accrue by the day (AMB-17)."""

    ACTUAL_365 = "actual_365"
    ACTUAL_YEAR = "actual_year"


class CapMode(StrEnum):
    """Say when participation stops (AMB-19)."""

    INDIVIDUAL = "individual"
    JOINT = "joint"
    FIRST_STOPS_ALL = "first_stops_all"


class CapAdjustsFor(StrEnum):
    """Say which splits adjust the participation caps (AMB-21)."""

    PREFERRED_ONLY = "preferred_only"
    ANY_LITERAL = "any_literal"


class EfConversion(StrEnum):
    """Say what E and F holders do about converting when the question does not say (AMB-22)."""

    EQUILIBRIUM = "equilibrium"
    NONE = "none"
    FORCED = "forced"
    GIVEN = "given"
    DOUBLE_DIP = "double_dip"


class CashRank(StrEnum):
    """Say where Cash Amounts stand when A-D convert around a liquidation (AMB-23)."""

    CREDITOR = "creditor"
    AFTER_F = "after_F"
    PARI_SECOND_TIER = "pari_second_tier"
    LAST = "last"


class MergerScope(StrEnum):
    """Say which mergers are deemed liquidations (AMB-26)."""

    LITERAL = "literal"
    CONTROL_SHIFT = "control_shift"


@dataclass(frozen=True)
class Readings:
    """Hold one choice for every ambiguity that is an option; the defaults are the recommended ones."""

    if_greater: IfGreater = IfGreater.COMMON_ONLY
    if_greater_basis: IfGreaterBasis = IfGreaterBasis.PER_SHARE
    annualise: Switch = Switch.NO
    shortpay_trigger: ShortpayTrigger = ShortpayTrigger.ANY
    year: Year = Year.CALENDAR
    partial: Partial = Partial.FULL_RATE
    common_gate: CommonGate = CommonGate.FULL_YEAR
    ad_as_converted: AdAsConverted = AdAsConverted.HYPOTHETICAL
    unpaid_div: UnpaidDiv = UnpaidDiv.DECLARED
    daycount: Daycount = Daycount.ACTUAL_365
    include_if_greater: Switch = Switch.NO
    cap_includes_dividends: Switch = Switch.YES
    cap_mode: CapMode = CapMode.INDIVIDUAL
    cap_adjusts_for: CapAdjustsFor = CapAdjustsFor.PREFERRED_ONLY
    ef_conversion: EfConversion = EfConversion.EQUILIBRIUM
    cash_rank: CashRank = CashRank.CREDITOR
    merger_scope: MergerScope = MergerScope.LITERAL
    oip_adjusts_in_conversion: Switch = Switch.YES


@dataclass(frozen=True)
class Entry:
    """Describe one reading: its ambiguity, clause, what it decides, what each option does, what it touches."""

    field: str
    ambiguity: str
    clause: str
    decides: str
    options: tuple[tuple[StrEnum, str], ...]
    questions: tuple[str, ...]

    @property
    def default(self) -> StrEnum:
        """Return the option taken when the caller does not choose."""
        default = next(f.default for f in fields(Readings) if f.name == self.field)
        assert isinstance(default, StrEnum)
        return default


LIQUIDATION = ("liquidation", "breakpoints")

REGISTER: tuple[Entry, ...] = (
    Entry(
        "if_greater",
        "AMB-05",
        "1(a)",
        "Whose dividends can raise a preferred dividend above its rate.",
        (
            (IfGreater.COMMON_ONLY, "Only dividends on the Common and other junior stock."),
            (IfGreater.LFP_ALL, "Dividends on every other share, preferred included: the least consistent answer."),
            (IfGreater.OFF, "None: the listed rates alone."),
        ),
        ("dividend",),
    ),
    Entry(
        "if_greater_basis",
        "AMB-06",
        "1(a)",
        "How a dividend on other shares is compared with the rate.",
        (
            (IfGreaterBasis.PER_SHARE, "Per share."),
            (IfGreaterBasis.AS_CONVERTED, "Per Common share into which the preferred would convert."),
        ),
        ("dividend",),
    ),
    Entry(
        "annualise",
        "AMB-06",
        "1(a)",
        "Whether a dividend paid for part of a year is scaled to a year first.",
        (
            (Switch.NO, "No: the year's sum is compared."),
            (Switch.YES, "Yes: the run rate is compared."),
        ),
        ("dividend",),
    ),
    Entry(
        "shortpay_trigger",
        "AMB-08",
        "1(a)",
        "When a year's preferred dividends must be shared rateably.",
        (
            (ShortpayTrigger.ANY, "When any series gets less than its rate in the year."),
            (ShortpayTrigger.AGGREGATE, "Only when all series get less than their rates."),
        ),
        ("dividend",),
    ),
    Entry(
        "year",
        "AMB-09",
        "1(a)",
        "What a dividend year is.",
        (
            (Year.CALENDAR, "The calendar year."),
            (Year.FISCAL, "The corporation's fiscal year."),
            (Year.ROLLING12, "Any twelve months."),
        ),
        ("dividend",),
    ),
    Entry(
        "partial",
        "AMB-09",
        "1(a)",
        "What is due on shares outstanding for part of a year.",
        (
            (Partial.FULL_RATE, "The full rate."),
            (Partial.DAILY, "The rate for the days outstanding."),
        ),
        ("dividend",),
    ),
    Entry(
        "common_gate",
        "AMB-10",
        "1(a)",
        "How much preferred dividend must come before one on the Common.",
        (
            (CommonGate.FULL_YEAR, "The full year's rate."),
            (CommonGate.TO_DATE, "The rate for the year so far."),
        ),
        ("dividend",),
    ),
    Entry(
        "ad_as_converted",
        "AMB-14",
        "1(b)",
        "Whether A-D count as converted before their class has elected.",
        (
            (AdAsConverted.HYPOTHETICAL, "Yes, at their conversion ratio."),
            (AdAsConverted.ONLY_IF_ELECTED, "Not until the class elects."),
        ),
        ("distribution",),
    ),
    Entry(
        "unpaid_div",
        "AMB-16",
        "2(a)",
        "Which unpaid dividends join the preferences worded 'undeclared' (C-F).",
        (
            (UnpaidDiv.DECLARED, "The declared ones, as for A and B: the word is taken for a slip."),
            (UnpaidDiv.UNDECLARED_CURRENT_YEAR, "The current year's undeclared ones."),
            (UnpaidDiv.UNDECLARED_ALL, "All undeclared ones since issue."),
            (UnpaidDiv.LITERAL_EMPTY, "None: what is not declared is never unpaid."),
            (UnpaidDiv.DECLARED_PLUS_UNDECLARED_CURRENT, "The declared ones and the current year's undeclared."),
        ),
        LIQUIDATION,
    ),
    Entry(
        "daycount",
        "AMB-17",
        "2(a)",
        "How undeclared dividends accrue by the day, where dates are given.",
        (
            (Daycount.ACTUAL_365, "Days held, both ends counted, over 365."),
            (Daycount.ACTUAL_YEAR, "Days held, both ends counted, over the length of the year of liquidation."),
        ),
        LIQUIDATION,
    ),
    Entry(
        "include_if_greater",
        "AMB-17",
        "2(a)",
        "Whether undeclared dividends accrue at a rate raised under AMB-05.",
        (
            (Switch.NO, "No: at the listed rate."),
            (Switch.YES, "Yes: at the greater rate."),
        ),
        ("dividend",),
    ),
    Entry(
        "cap_includes_dividends",
        "AMB-18",
        "2(b)",
        "Whether unpaid dividends paid under 2(a) use up the cap.",
        (
            (Switch.YES, "Yes: everything received under 2(a) counts."),
            (Switch.NO, "No: only the issue price counts."),
        ),
        LIQUIDATION,
    ),
    Entry(
        "cap_mode",
        "AMB-19",
        "2(b)",
        "When participation stops.",
        (
            (CapMode.INDIVIDUAL, "Each series at its own cap; the others go on."),
            (CapMode.JOINT, "For all when the last cap is reached."),
            (CapMode.FIRST_STOPS_ALL, "For all when the first cap is reached."),
        ),
        LIQUIDATION,
    ),
    Entry(
        "cap_adjusts_for",
        "AMB-21",
        "2(b)",
        "Which splits divide the caps.",
        (
            (CapAdjustsFor.PREFERRED_ONLY, "Splits of the series itself."),
            (CapAdjustsFor.ANY_LITERAL, "Splits of the Common as well."),
        ),
        LIQUIDATION,
    ),
    Entry(
        "ef_conversion",
        "AMB-22",
        "3(a)",
        "What E and F holders do when the question does not say.",
        (
            (EfConversion.EQUILIBRIUM, "Each converts exactly when that pays more, given what all the others do."),
            (EfConversion.NONE, "Nobody converts."),
            (EfConversion.FORCED, "Everybody converts."),
            (EfConversion.GIVEN, "The question must say."),
            (EfConversion.DOUBLE_DIP, "They take to their caps, then share the rest with the Common as well."),
        ),
        LIQUIDATION,
    ),
    Entry(
        "cash_rank",
        "AMB-23",
        "3(c)",
        "Where Cash Amounts stand when A-D convert around a liquidation.",
        (
            (CashRank.CREDITOR, "Paid first, as a debt."),
            (CashRank.AFTER_F, "After F's preference, before the second tier."),
            (CashRank.PARI_SECOND_TIER, "In the second tier, rateably with E."),
            (CashRank.LAST, "After all preferences."),
        ),
        LIQUIDATION,
    ),
    Entry(
        "merger_scope",
        "AMB-26",
        "2(c)",
        "Which mergers are deemed liquidations.",
        (
            (MergerScope.LITERAL, "Every merger but those with a wholly-owned subsidiary or a parent."),
            (MergerScope.CONTROL_SHIFT, "Of those, only mergers that dispose of over half the voting power."),
        ),
        ("liquidation",),
    ),
    Entry(
        "oip_adjusts_in_conversion",
        "AMB-31",
        "3(a)",
        "Whether a split of a series divides its issue price in 3(a).",
        (
            (Switch.YES, "Yes: the total Common on conversion stays the same."),
            (Switch.NO, "No: each new share converts as an old one did."),
        ),
        LIQUIDATION,
    ),
)


def entry_for(field: str) -> Entry:
    """Return the register entry of one field; raise KeyError if there is none."""
    for entry in REGISTER:
        if entry.field == field:
            return entry
    raise KeyError(field)
