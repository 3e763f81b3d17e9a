"""Refusals: a stable code, the field's path and one sentence."""

from __future__ import annotations

from types import MappingProxyType

CODES = MappingProxyType(
    {
        # What was read is no case.
        "empty_input": "There is nothing to answer in the input.",
        "unreadable_file": "The file cannot be read.",
        "truncated": "The input ends inside a document.",
        "invalid_json": "The text is not JSON.",
        "line_too_long": "A document is longer than the limit.",
        "duplicate_key": "An object gives one field twice.",
        # The shape of the document.
        "unknown_field": "A field is not part of the document.",
        "missing_field": "A required field is missing.",
        "wrong_type": "A field holds another kind of value than it must.",
        "invalid_value": "A field holds a word that is not one of its options.",
        "invalid_date": "A date is not of the form YYYY-MM-DD, or there is no such day.",
        "given_twice": "Two fields that exclude each other are both given.",
        # Amounts and counts.
        "float": "A JSON float stands where an exact amount or a count must.",
        "bad_amount": 'Text is not an exact amount such as "8.25", "33/4" or "7".',
        "amount_too_long": "A number has more digits than are read.",
        "zero_denominator": "A quotient divides by zero.",
        "fractional": "A count is not a whole number.",
        "negative": "An amount or a count is below zero.",
        "not_positive": "An amount that must be above zero is not.",
        "out_of_range": "A share of the whole is not between 0 and 1.",
        "contradiction": "Two values cannot both be true.",
        # The position.
        "empty_name": "A holder has no name.",
        "unknown_class": "A class is not one of the charter's.",
        "unknown_series": "A series is not one of the charter's.",
        "duplicate_holding": "A holder is listed twice with the same class.",
        "too_many_holdings": "There are more holdings than the limit.",
        "over_authorized": "More shares are outstanding than the charter authorises.",
        # The charter.
        "unknown_charter": "No charter of that name is shipped.",
        "bad_charter": "The charter contradicts itself.",
        "too_many_series": "The charter has more series than the limit.",
        # Readings.
        "unknown_reading": "There is no reading of that name.",
        "unknown_option": "The reading has no such option.",
        # What is asked.
        "unknown_holder": "Somebody named in the question holds no shares.",
        "unknown_clause": "The register of clauses has no such clause.",
        "unknown_question": "There is no question of that name.",
        "question_not_supported": "The question is not answered yet.",
        "conversions_required": "The reading demands that the question says who converts.",
        "converts_only_by_election": "The series converts only by election of its class.",
        "not_convertible": "The series has no right to convert.",
        "no_class_election": "The charter has no conversion by election of a class.",
        "contradictory_choice": "Two choices of the question or its readings exclude each other.",
        "not_a_liquidation": "The event does not count as a liquidation.",
        # The history, and what the certificate or arithmetic forbids.
        "out_of_order": "Events are not in the order of their dates.",
        "unknown_event": "There is no event of that name.",
        "too_many_events": "There are more events than the limit.",
        "bad_dividend": "A stock dividend is negative, or there is no Common to pay it on.",
        "bad_issue": "An issuance is of no shares.",
        "bad_part_of_year": "A part of a year is not above 0 and at most 1.",
        "bad_record_date": "A record date comes after the day of its event.",
        "bad_rights": "More rights are exercisable than there are, or fewer than none.",
        "bad_split": "A share would become none.",
        "below_outstanding": "A series would be smaller than what is outstanding of it.",
        "board_cannot_resize": "Only an amendment changes the number of a designated series.",
        "class_only": "The series converts by election of its class, not by a holder.",
        "closing_before_pricing": "An offering would close before it is priced.",
        "common_not_redeemable": "The Common cannot be redeemed.",
        "discount": "A discount is more than the price.",
        "dividends_unpaid": "Shares would be issued while a dividend on their series is declared and unpaid.",
        "fractional_shares": "A split would leave a fraction of a share.",
        "missing_fact": "A fact that decides is not given.",
        "issued_today": "A share would convert at its holder's option on the day of its issue.",
        "negative_funds": "Funds are below zero.",
        "negative_units": "A share of Common would become less than nothing.",
        "negative_shares": "A number of shares is below zero.",
        "no_consent": "The series does not convert by written consent.",
        "no_conversion": "The series does not convert.",
        "no_date": "A date that decides is not given.",
        "no_election": "No series of the charter converts by election.",
        "no_fiscal_month": "The month in which the fiscal year starts is not given, or is no month.",
        "no_offering": "No offering converts the Preferred of the charter.",
        "no_price": "An offering price is not above zero.",
        "no_purchase_date": "A Purchase Date that decides is not given.",
        "no_rights": "No rights of that name are outstanding.",
        "no_shares": "There are no shares to average a price over.",
        "no_such_property": "No share of Common has become property of that kind.",
        "no_undesignated_preferred": "No Preferred is left for a further series.",
        "not_exercisable": "More would be exercised than is exercisable.",
        "not_held": "A holder does not hold that many shares.",
        "not_legally_available": "A dividend is more than the assets legally available for it.",
        "not_listed": "Rights over Preferred are not among the listed warrants.",
        "not_shared": "The Preferred has no share in what would be distributed.",
        "not_of_class": "A series has no part in the election.",
        "nothing_issued": "An issue is of no shares.",
        "outside_calendar": "A period would start or end outside of the calendar's years.",
        "partly_excluded": "Part of the rights is excluded; the parts are to be entered apart.",
        "preferred_dividends_first": "A dividend on the Common comes before those on the Preferred.",
        "price_not_positive": "A conversion price would not be above zero.",
        "recapitalized": "The Common has become other property already.",
        "rights_ended": "Rights have expired or are used up.",
        "rights_exist": "Rights of that name are outstanding already.",
        "too_many_holders": "There are more holders than coalitions are listed for.",
        "undeclared_dividend": "More dividend would be paid than is declared.",
        # A proof run.
        "no_such_theorem": "No theorem has an id of the kind asked for.",
        "missing_package": "An optional package is needed and not installed.",
        "no_scheduler": "The scheduler of a cluster cannot be reached.",
        "report_not_written": "The report cannot be written.",
        "output_not_written": "What was asked for cannot be written.",
        "bad_vectors": "A directory does not hold vectors of this version.",
        "tool_not_started": "The tool to verify cannot be started.",
        # Answers in a file.
        "unknown_format": "A file's name has an end of no kind that is read.",
        "missing_map": "A table is given without the map of its columns.",
        "invalid_toml": "The map is not TOML.",
        "file_too_large": "A file is larger than the limit.",
        "too_many_rows": "A table has more rows than the limit.",
        "bad_encoding": "A text file is not UTF-8.",
        "bad_table": "A text file is not CSV.",
        "bad_spreadsheet": "A file is not an XLSX spreadsheet, or is broken.",
        "unknown_sheet": "The spreadsheet has no such sheet.",
        "unknown_column": "The table has no such column.",
        "duplicate_column": "The table has two columns of one name.",
        "empty_cell": "A cell is blank that must say what its row is about.",
        "error_value": "A cell holds an error.",
        "not_calculated": "A cell holds a formula whose value was not saved.",
        "duplicate_case": "Two cases have the same name.",
        "unknown_case": "A row or a reply is of none of the cases.",
        "answered_twice": "A value or a case is answered a second time.",
        "bad_reply": "A reply in a file is of another form.",
        # What comes of it.
        "undecided": "Two amounts that are too long to be written out cannot be told apart within the budget.",
        "no_equilibrium": "No set of conversions is stable under the readings.",
        "answer_too_long": "An amount of the answer has too many digits to print.",
        "internal_error": "The program failed: a defect to report.",
    }
)
"""Every stable code with what it means."""


class Refusal(Exception):  # noqa: N818 (a refusal is an answer, not a failure)
    """Refuse a case: `path` names the field (empty for the whole document), `clause` the certificate's, if any."""

    def __init__(self, code: str, path: str, sentence: str, clause: str | None = None) -> None:
        super().__init__(code, path, sentence, clause)
        assert code in CODES, code
        self.code = code
        self.path = path
        self.sentence = sentence
        self.clause = clause

    @property
    def message(self) -> str:
        """Return the sentence with the field's path in front."""
        return f"{self.path}: {self.sentence}" if self.path else self.sentence
