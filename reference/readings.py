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


class CommonGateStage(StrEnum):
    """Say what the Preferred must have had of its dividend before one on the Common (AMB-133)."""

    STAGE_BY_STAGE = "stage_by_stage"
    PAID = "paid"


class InKindGate(StrEnum):
    """Say whether property on the Common waits for dividends on the Preferred besides being shared (AMB-135)."""

    SHARING_ONLY = "sharing_only"
    BOTH = "both"


class PaidRights(StrEnum):
    """Say what rights to Common that are offered to the Common for a price are (AMB-138)."""

    DISTRIBUTION_3E = "distribution_3e"
    ISSUANCE_ONLY = "issuance_only"


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


class Exercise(StrEnum):
    """Say which rights over Common are exercised around a liquidation (AMB-32b)."""

    GIVEN = "given"
    IN_THE_MONEY_EQUILIBRIUM = "in_the_money_equilibrium"


class Cents(StrEnum):
    """Say how payments to holders are rounded (AMB-96)."""

    EXACT = "exact"
    ROUND_DOWN_RESIDUAL = "round_down_residual"


class ConvertedDividends(StrEnum):
    """Say what becomes of declared dividends when their shares convert without a Cash Amount (AMB-125)."""

    DEBT_FROM_ASSETS = "debt_from_assets"
    DEBT_OUTSIDE = "debt_outside"
    FORFEITED = "forfeited"


class MergerScope(StrEnum):
    """Say which mergers are deemed liquidations (AMB-26)."""

    LITERAL = "literal"
    CONTROL_SHIFT = "control_shift"


class AdElection(StrEnum):
    """Say whom an election of A-D converts (AMB-33)."""

    DRAG_ALL = "drag_all"
    UNLOCK_INDIVIDUAL = "unlock_individual"


class AdMajority(StrEnum):
    """Say what the majority of A-D is counted in (AMB-33)."""

    SHARES = "shares"
    VOTES = "votes"


class IpoSize(StrEnum):
    """Say what counts towards the size of an offering (AMB-39)."""

    GROSS_PRIMARY = "gross_primary"
    GROSS_ALL = "gross_all"
    NET = "net"


class EFloor(StrEnum):
    """Say what the quotient of the E floor divides after a split (AMB-40)."""

    LITERAL = "literal"
    ECONOMIC = "economic"


class ConversionsAtClose(StrEnum):
    """Say when on its day a conversion under 3(a) is made (AMB-140)."""

    YES = "yes"
    AS_WRITTEN = "as_written"


class ConsentTie(StrEnum):
    """Say which ground of conversion governs on one date (AMB-43)."""

    IPO = "ipo"
    CONSENT = "consent"


class IpoOrder(StrEnum):
    """Say whether an offering adjusts prices before it converts (AMB-45)."""

    CONVERT_FIRST = "convert_first"
    ADJUST_FIRST = "adjust_first"


class IpoEffective(StrEnum):
    """Say when an offering converts (AMB-50)."""

    CLOSING = "closing"
    PRICING = "pricing"


class CashPool(StrEnum):
    """Say how later funds are shared among claims of different dates (AMB-51)."""

    MERGED = "merged"
    FIFO = "fifo"


class WeightedAverageBase(StrEnum):
    """Say which shares are outstanding in the weighted average (AMB-53)."""

    COMMON_PLUS_PREF = "common_plus_pref"
    PLUS_DEEMED = "plus_deemed"
    PLUS_ALL_OPTIONS = "plus_all_options"
    COMMON_ONLY = "common_only"


class SameDayIssues(StrEnum):
    """Say whether issues of one day at one price are one issuance (AMB-57, AMB-111)."""

    MERGED = "merged"
    SEPARATE = "separate"


class CentTest(StrEnum):
    """Say what is compared with one cent (AMB-58)."""

    CUMULATIVE = "cumulative"
    INDIVIDUAL = "individual"


class CentComposition(StrEnum):
    """Say how a carried adjustment joins a later one (AMB-58)."""

    SHADOW = "shadow"
    ADDITIVE = "additive"


class CentTriggerPrice(StrEnum):
    """Say which price an issue is compared with while something is carried (AMB-58)."""

    OFFICIAL = "official"
    SHADOW = "shadow"


class CentAnniversary(StrEnum):
    """Say what the first third anniversary posts (AMB-104)."""

    ALL = "all"
    ITEM = "item"


class CpRound(StrEnum):
    """Say how an adjusted conversion price is rounded (AMB-59)."""

    EXACT = "exact"
    TEN_THOUSANDTH = "1e-4"
    CENT = "cent"


class Vesting(StrEnum):
    """Say what becomes of option shares that are not yet exercisable (AMB-60)."""

    RECOMPUTE_ON_VEST = "recompute_on_vest"
    FORWARD_ON_VEST = "forward_on_vest"
    IGNORE_LATER = "ignore_later"
    COUNT_ALL = "count_all"


class GrantAlloc(StrEnum):
    """Say to which option shares the grant's price belongs (AMB-61)."""

    PRO_RATA = "pro_rata"
    ALL_TO_EXERCISABLE = "all_to_exercisable"


class Replay(StrEnum):
    """Say how prices are recomputed when rights change or lapse (AMB-63)."""

    FULL = "full"
    RATIO = "ratio"
    ADDITIVE = "additive"
    NONE = "none"


class StockDividendBase(StrEnum):
    """Say which shares a stock dividend increases (AMB-73)."""

    COMMON_ONLY = "common_only"
    FULLY_CONVERTED = "fully_converted"


class RoundUnit(StrEnum):
    """Say which shares are rounded together on conversion (AMB-76)."""

    HOLDER_EVENT = "holder_event_all_series"
    HOLDER_SERIES = "holder_series"
    CERTIFICATE = "certificate"


class Half(StrEnum):
    """Say where exactly one half is rounded to (AMB-76, AMB-82)."""

    UP = "up"
    EVEN = "even"
    DOWN = "down"


class Votes(StrEnum):
    """Say how votes are counted (AMB-80)."""

    ROUND_THEN_MULTIPLY = "round_then_multiply"
    MULTIPLY_THEN_ROUND = "multiply_then_round"
    PER_SHARE = "per_share"


class ShiftTest(StrEnum):
    """Say when the Preferred cannot elect all directors (AMB-81)."""

    PREF_NOT_ABOVE_COMMON = "pref_not_above_common"
    PREF_BELOW_COMMON = "pref_below_common"
    INCL_C_SEAT = "incl_C_seat"


class VacantSeats(StrEnum):
    """Say who fills the seats of a class without shares (AMB-83)."""

    ALL_VOTE_TOGETHER = "all_vote_together"
    VACANT = "vacant"
    COMMON = "common"


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
    common_gate_stage: CommonGateStage = CommonGateStage.STAGE_BY_STAGE
    in_kind_gate: InKindGate = InKindGate.SHARING_ONLY
    paid_rights: PaidRights = PaidRights.DISTRIBUTION_3E
    ad_as_converted: AdAsConverted = AdAsConverted.HYPOTHETICAL
    unpaid_div: UnpaidDiv = UnpaidDiv.DECLARED
    daycount: Daycount = Daycount.ACTUAL_365
    include_if_greater: Switch = Switch.NO
    cap_includes_dividends: Switch = Switch.YES
    cap_mode: CapMode = CapMode.INDIVIDUAL
    cap_adjusts_for: CapAdjustsFor = CapAdjustsFor.PREFERRED_ONLY
    ef_conversion: EfConversion = EfConversion.EQUILIBRIUM
    cash_rank: CashRank = CashRank.CREDITOR
    converted_dividends: ConvertedDividends = ConvertedDividends.DEBT_FROM_ASSETS
    merger_scope: MergerScope = MergerScope.LITERAL
    oip_adjusts_in_conversion: Switch = Switch.YES
    exercise: Exercise = Exercise.GIVEN
    cents: Cents = Cents.EXACT
    converted_reissuable: Switch = Switch.YES
    ad_election: AdElection = AdElection.DRAG_ALL
    ad_majority: AdMajority = AdMajority.SHARES
    cash_adjusts_preferred_split: Switch = Switch.NO
    ipo_size: IpoSize = IpoSize.GROSS_PRIMARY
    e_floor: EFloor = EFloor.LITERAL
    floor_adjusts_for_series_splits: Switch = Switch.YES
    combination_adjusts_floor: Switch = Switch.YES
    conversions_at_close: ConversionsAtClose = ConversionsAtClose.YES
    consent_tie: ConsentTie = ConsentTie.IPO
    ipo_order: IpoOrder = IpoOrder.CONVERT_FIRST
    ipo_effective: IpoEffective = IpoEffective.CLOSING
    cash_pool: CashPool = CashPool.MERGED
    weighted_average_base: WeightedAverageBase = WeightedAverageBase.COMMON_PLUS_PREF
    same_day_issues: SameDayIssues = SameDayIssues.MERGED
    cent_test: CentTest = CentTest.CUMULATIVE
    cent_composition: CentComposition = CentComposition.SHADOW
    cent_trigger_price: CentTriggerPrice = CentTriggerPrice.OFFICIAL
    cent_scope: Switch = Switch.NO
    cent_anniversary: CentAnniversary = CentAnniversary.ALL
    cp_round: CpRound = CpRound.EXACT
    vesting: Vesting = Vesting.RECOMPUTE_ON_VEST
    grant_alloc: GrantAlloc = GrantAlloc.PRO_RATA
    replay: Replay = Replay.FULL
    series_issue_excluded: Switch = Switch.YES
    plan_gap: Switch = Switch.NO
    stock_dividend_base: StockDividendBase = StockDividendBase.COMMON_ONLY
    round_unit: RoundUnit = RoundUnit.HOLDER_EVENT
    half: Half = Half.UP
    votes: Votes = Votes.ROUND_THEN_MULTIPLY
    shift_test: ShiftTest = ShiftTest.PREF_NOT_ABOVE_COMMON
    vacant_seats: VacantSeats = VacantSeats.ALL_VOTE_TOGETHER


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
        ("dividend", "distribution", "history"),
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
        ("dividend", "distribution", "history"),
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
        ("dividend", "history"),
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
        ("dividend", "distribution", "history"),
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
        ("dividend", "distribution", "history"),
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
        ("dividend", "distribution", "history"),
    ),
    Entry(
        "common_gate_stage",
        "AMB-133",
        "1(a)",
        "Whether the Preferred must have been declared or paid its dividend before one on the Common.",
        (
            (
                CommonGateStage.STAGE_BY_STAGE,
                "Declared before or with a declaration on the Common, paid before or with a payment on it.",
            ),
            (CommonGateStage.PAID, "Paid before anything is declared on the Common."),
        ),
        ("dividend", "distribution", "history"),
    ),
    Entry(
        "in_kind_gate",
        "AMB-135",
        "1(a), 1(b)",
        "Whether property on the Common waits for the year's dividends on the Preferred, which shares in it.",
        (
            (InKindGate.SHARING_ONLY, "No: the Preferred shares in it as if converted."),
            (InKindGate.BOTH, "Yes: the Preferred shares in it, and has its dividends first."),
        ),
        ("dividend", "distribution", "history"),
    ),
    Entry(
        "paid_rights",
        "AMB-138",
        "3(e)",
        "Whether the Preferred shares in rights to Common that are offered to the Common for a price.",
        (
            (PaidRights.DISTRIBUTION_3E, "Yes: they are rights that 3(d)(iii) does not speak of."),
            (PaidRights.ISSUANCE_ONLY, "No: they are deemed an issue of Common, and nothing else."),
        ),
        ("distribution", "history"),
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
        ("distribution", "votes", "directors", "approvals", "history", "public_offering"),
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
        "Whether undeclared dividends accrue at a rate raised under AMB-05, where a question about dividends tells it.",
        (
            (Switch.NO, "No: at the listed rate, as what accrues from issued_on always does."),
            (Switch.YES, "Yes: at the greater rate; a liquidation has what accrues so from undeclared_dividends."),
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
        "converted_dividends",
        "AMB-125",
        "3(a)",
        "What becomes of declared, unpaid dividends on shares that convert without a Cash Amount.",
        (
            (
                ConvertedDividends.DEBT_FROM_ASSETS,
                "They stay owed, and are paid out of the assets of a liquidation first.",
            ),
            (ConvertedDividends.DEBT_OUTSIDE, "They stay owed, and are paid besides the assets of a liquidation."),
            (ConvertedDividends.FORFEITED, "They are lost on conversion."),
        ),
        (*LIQUIDATION, "conversion", "public_offering", "history"),
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
        (
            *LIQUIDATION,
            "dividend",
            "distribution",
            "votes",
            "directors",
            "approvals",
            "reserve",
            "history",
            "position",
            "conversion_prices",
            "conversion",
            "public_offering",
        ),
    ),
    Entry(
        "exercise",
        "AMB-32b",
        "2(b)",
        "Which rights are exercised around a liquidation.",
        (
            (Exercise.GIVEN, "Those that the history exercises, and no others."),
            (
                Exercise.IN_THE_MONEY_EQUILIBRIUM,
                "Those whose price is below what a share of their class receives.",
            ),
        ),
        LIQUIDATION,
    ),
    Entry(
        "cents",
        "AMB-96",
        "2",
        "How payments to holders are rounded.",
        (
            (Cents.EXACT, "Not at all."),
            (Cents.ROUND_DOWN_RESIDUAL, "Down to a cent for each holder; what is left over is reported."),
        ),
        ("liquidation",),
    ),
    Entry(
        "converted_reissuable",
        "AMB-03",
        "IV.B",
        "Whether a converted preferred share can be issued again.",
        (
            (Switch.YES, "Yes: it is authorised but unissued again."),
            (Switch.NO, "No: it is retired."),
        ),
        (
            "position",
            "reserve",
            "history",
        ),
    ),
    Entry(
        "ad_election",
        "AMB-33",
        "3(a)",
        "Whom an election of the class of A-D converts.",
        (
            (AdElection.DRAG_ALL, "All of the class."),
            (AdElection.UNLOCK_INDIVIDUAL, "Only the holders who want to; the election unlocks their right."),
        ),
        (*LIQUIDATION, "conversion", "history"),
    ),
    Entry(
        "ad_majority",
        "AMB-33",
        "3(a)",
        "What the majority that elects is counted in.",
        (
            (AdMajority.SHARES, "Shares."),
            (AdMajority.VOTES, "Votes under 5(c)."),
        ),
        ("liquidation", "conversion", "history"),
    ),
    Entry(
        "cash_adjusts_preferred_split",
        "AMB-35",
        "3(a)",
        "Whether a split of a series divides its Cash Amount.",
        (
            (Switch.NO, "No: the text has no words for it."),
            (Switch.YES, "Yes: the total stays the same."),
        ),
        (
            "liquidation",
            "breakpoints",
            "conversion",
            "public_offering",
            "cash_amounts",
            "history",
        ),
    ),
    Entry(
        "ipo_size",
        "AMB-39",
        "3(b)",
        "What counts towards the size of a qualifying offering.",
        (
            (IpoSize.GROSS_PRIMARY, "The offering price of the shares that the corporation sells."),
            (IpoSize.GROSS_ALL, "The offering price of all shares, selling holders' included."),
            (IpoSize.NET, "What the corporation receives after the discount."),
        ),
        (
            "public_offering",
            "history",
        ),
    ),
    Entry(
        "e_floor",
        "AMB-40",
        "3(b)(ii)",
        "What the E floor divides after a split of the Common.",
        (
            (EFloor.LITERAL, "The adjusted Series E Price."),
            (EFloor.ECONOMIC, "The unadjusted one, as F's does."),
        ),
        (
            "public_offering",
            "reserve",
            "history",
        ),
    ),
    Entry(
        "floor_adjusts_for_series_splits",
        "AMB-131",
        "3(b)(ii)",
        "Whether a split of a series with a floor divides the floor of its share.",
        (
            (Switch.YES, "Yes: the floor is for what was one share."),
            (Switch.NO, "No: every share has all of it."),
        ),
        (
            "public_offering",
            "reserve",
            "history",
        ),
    ),
    Entry(
        "combination_adjusts_floor",
        "AMB-132",
        "3(b)(ii)",
        "Whether a combination of the Common adjusts the prices of the floors, as a split does.",
        (
            (Switch.YES, "Yes: it is a split into less."),
            (Switch.NO, "No: other clauses name combinations apart, this one does not name them."),
        ),
        (
            "public_offering",
            "reserve",
            "history",
        ),
    ),
    Entry(
        "conversions_at_close",
        "AMB-140",
        "3(c)",
        "When on its day a conversion by election or at a holder's option is made.",
        (
            (ConversionsAtClose.YES, "Just before the close of business: after that day's other events."),
            (ConversionsAtClose.AS_WRITTEN, "Where it is written among the events of its day."),
        ),
        (
            "public_offering",
            "dividend",
            "history",
        ),
    ),
    Entry(
        "consent_tie",
        "AMB-43",
        "3(b)",
        "Which ground governs when offering and consent fall on one date.",
        (
            (ConsentTie.IPO, "The offering, with its floor."),
            (ConsentTie.CONSENT, "The consent, without a floor."),
        ),
        (
            "public_offering",
            "history",
        ),
    ),
    Entry(
        "ipo_order",
        "AMB-45",
        "3(b)",
        "Whether the offering's own shares adjust conversion prices before the conversion.",
        (
            (IpoOrder.CONVERT_FIRST, "No: at the prices just before."),
            (IpoOrder.ADJUST_FIRST, "Yes, where they are Additional Stock below the price."),
        ),
        (
            "public_offering",
            "history",
        ),
    ),
    Entry(
        "ipo_effective",
        "AMB-50",
        "3(c)",
        "When the conversion at an offering takes effect, where both dates are given.",
        (
            (IpoEffective.CLOSING, "At the closing of the sale."),
            (IpoEffective.PRICING, "At the pricing."),
        ),
        (
            "public_offering",
            "history",
        ),
    ),
    Entry(
        "cash_pool",
        "AMB-51",
        "3(c)",
        "How funds are shared among Cash Amounts of several conversions.",
        (
            (CashPool.MERGED, "Rateably over all that is unpaid."),
            (CashPool.FIFO, "The earlier conversion first."),
        ),
        (*LIQUIDATION, "cash_amounts", "history"),
    ),
    Entry(
        "weighted_average_base",
        "AMB-53",
        "3(d)(i)(A)",
        "Which shares are outstanding in the weighted average.",
        (
            (
                WeightedAverageBase.COMMON_PLUS_PREF,
                "Issued Common, and Common issuable on conversion of outstanding Preferred.",
            ),
            (WeightedAverageBase.PLUS_DEEMED, "These and the shares deemed issued."),
            (WeightedAverageBase.PLUS_ALL_OPTIONS, "These and every option, excluded ones too."),
            (WeightedAverageBase.COMMON_ONLY, "Issued Common alone."),
        ),
        (
            "conversion_prices",
            "history",
            "public_offering",
        ),
    ),
    Entry(
        "same_day_issues",
        "AMB-57",
        "3(d)(i)(A)",
        "Whether adjacent issues of one day at one price are one issuance.",
        (
            (SameDayIssues.MERGED, "Yes."),
            (SameDayIssues.SEPARATE, "No: each is its own."),
        ),
        (
            "conversion_prices",
            "history",
        ),
    ),
    Entry(
        "cent_test",
        "AMB-58",
        "3(d)(i)(B)",
        "What is compared with one cent.",
        (
            (CentTest.CUMULATIVE, "What is carried together with the new adjustment."),
            (CentTest.INDIVIDUAL, "Each adjustment alone."),
        ),
        (
            "conversion_prices",
            "history",
            "public_offering",
        ),
    ),
    Entry(
        "cent_composition",
        "AMB-58",
        "3(d)(i)(B)",
        "How carried adjustments and a later one are put together.",
        (
            (CentComposition.SHADOW, "As if each had been made at once."),
            (CentComposition.ADDITIVE, "The official price times the fraction, less what is carried."),
        ),
        (
            "conversion_prices",
            "history",
            "public_offering",
        ),
    ),
    Entry(
        "cent_trigger_price",
        "AMB-58",
        "3(d)(i)(A)",
        "Which price an issue is compared with while something is carried.",
        (
            (CentTriggerPrice.OFFICIAL, "The official conversion price."),
            (CentTriggerPrice.SHADOW, "The price as if everything had been made."),
        ),
        (
            "conversion_prices",
            "history",
            "public_offering",
        ),
    ),
    Entry(
        "cent_scope",
        "AMB-58",
        "3(d)(i)(B)",
        "Whether the one-cent rule reaches splits and stock dividends.",
        (
            (Switch.NO, "No: only issuances."),
            (Switch.YES, "Yes."),
        ),
        (
            "conversion_prices",
            "history",
        ),
    ),
    Entry(
        "cent_anniversary",
        "AMB-104",
        "3(d)(i)(B)",
        "What the first third anniversary of a carried adjustment posts.",
        (
            (CentAnniversary.ALL, "All that is carried."),
            (CentAnniversary.ITEM, "That item alone."),
        ),
        (
            "conversion_prices",
            "history",
            "position",
            "conversion",
            "public_offering",
        ),
    ),
    Entry(
        "cp_round",
        "AMB-59",
        "3(d)(i)(A)",
        "How an adjusted conversion price is rounded.",
        (
            (CpRound.EXACT, "Not at all."),
            (CpRound.TEN_THOUSANDTH, "To a hundredth of a cent."),
            (CpRound.CENT, "To a cent."),
        ),
        (
            "conversion_prices",
            "history",
            "public_offering",
        ),
    ),
    Entry(
        "vesting",
        "AMB-60",
        "3(d)(i)(E)(1)",
        "What becomes of option shares that are not yet exercisable.",
        (
            (Vesting.RECOMPUTE_ON_VEST, "When they become so, the prices are recomputed from the grant on."),
            (Vesting.FORWARD_ON_VEST, "When they become so, they are deemed issued then."),
            (Vesting.IGNORE_LATER, "They are never deemed issued."),
            (Vesting.COUNT_ALL, "All are deemed issued at the grant."),
        ),
        (
            "conversion_prices",
            "history",
        ),
    ),
    Entry(
        "grant_alloc",
        "AMB-61",
        "3(d)(i)(E)(1)",
        "To which option shares the price of the grant belongs.",
        (
            (GrantAlloc.PRO_RATA, "To all alike."),
            (GrantAlloc.ALL_TO_EXERCISABLE, "To those exercisable."),
        ),
        (
            "conversion_prices",
            "history",
        ),
    ),
    Entry(
        "replay",
        "AMB-63",
        "3(d)(i)(E)(3)-(5)",
        "How prices are recomputed when rights change or lapse.",
        (
            (Replay.FULL, "By replaying everything since with the new terms."),
            (Replay.RATIO, "By the ratio of the adjustment with the new terms to that with the old."),
            (Replay.ADDITIVE, "By the difference of the two."),
            (Replay.NONE, "Not at all."),
        ),
        (
            "conversion_prices",
            "history",
        ),
    ),
    Entry(
        "series_issue_excluded",
        "AMB-66",
        "3(d)(ii)(C)",
        "Whether later sales of the six series are outside of Additional Stock.",
        (
            (Switch.YES, "Yes: what is issuable on their conversion is excluded."),
            (Switch.NO, "No: such a sale is one of convertible securities."),
        ),
        (
            "conversion_prices",
            "history",
        ),
    ),
    Entry(
        "plan_gap",
        "AMB-67",
        "3(d)(ii)(B)",
        "Whether plans approved between the E and F Purchase Dates are excluded.",
        (
            (Switch.NO, "No: they fall in neither limb."),
            (Switch.YES, "Yes."),
        ),
        (
            "conversion_prices",
            "history",
        ),
    ),
    Entry(
        "stock_dividend_base",
        "AMB-73",
        "3(d)(iii)",
        "Which shares are the base of the increase by a stock dividend.",
        (
            (StockDividendBase.COMMON_ONLY, "Outstanding Common."),
            (StockDividendBase.FULLY_CONVERTED, "Outstanding Common and that issuable on conversion."),
        ),
        (
            "conversion_prices",
            "history",
        ),
    ),
    Entry(
        "round_unit",
        "AMB-76",
        "3(h)",
        "Which shares are rounded together on conversion.",
        (
            (RoundUnit.HOLDER_EVENT, "All that a holder converts at once."),
            (RoundUnit.HOLDER_SERIES, "All of one series that a holder converts at once."),
            (RoundUnit.CERTIFICATE, "Each share by itself, as if each had its certificate."),
        ),
        (
            "conversion",
            "public_offering",
            "history",
        ),
    ),
    Entry(
        "half",
        "AMB-76",
        "3(h), 5(a), 5(c)",
        "Where exactly one half is rounded to, of shares, votes and seats.",
        (
            (Half.UP, "Up."),
            (Half.EVEN, "To the even neighbour."),
            (Half.DOWN, "Down."),
        ),
        (
            "liquidation",
            "conversion",
            "public_offering",
            "votes",
            "directors",
            "approvals",
            "history",
        ),
    ),
    Entry(
        "votes",
        "AMB-80",
        "5(c)",
        "How the votes of preferred shares are counted.",
        (
            (Votes.ROUND_THEN_MULTIPLY, "Round the Common, then multiply."),
            (Votes.MULTIPLY_THEN_ROUND, "Multiply, then round."),
            (Votes.PER_SHARE, "So many votes a share, whatever the ratio."),
        ),
        (
            "liquidation",
            "votes",
            "directors",
            "approvals",
            "history",
            "conversion",
        ),
    ),
    Entry(
        "shift_test",
        "AMB-81",
        "5(a)",
        "When the voting power of the Preferred is insufficient.",
        (
            (ShiftTest.PREF_NOT_ABOVE_COMMON, "When it does not exceed that of the Common."),
            (ShiftTest.PREF_BELOW_COMMON, "When it is less than that of the Common."),
            (ShiftTest.INCL_C_SEAT, "The first, and also when nobody holds the series that fills its own seat."),
        ),
        ("directors",),
    ),
    Entry(
        "vacant_seats",
        "AMB-83",
        "5(a)",
        "Who fills the seats of a class that has no shares.",
        (
            (VacantSeats.ALL_VOTE_TOGETHER, "All holders together."),
            (VacantSeats.VACANT, "Nobody."),
            (VacantSeats.COMMON, "The Common."),
        ),
        ("directors",),
    ),
)


def entry_for(field: str) -> Entry:
    """Return the register entry of one field; raise KeyError if there is none."""
    for entry in REGISTER:
        if entry.field == field:
            return entry
    raise KeyError(field)
