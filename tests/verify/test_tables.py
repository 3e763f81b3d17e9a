"""Tables of answers: what each cell says, and a stable code and the cell's address for what cannot be read."""

from __future__ import annotations

import random
import zipfile
from datetime import datetime
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reference.oracle.questions import MODULES
from reference.oracle.refusals import Refusal
from reference.oracle.verify import tables
from reference.oracle.verify.cells import Kind, amount_in, kind_of, value_in
from reference.oracle.verify.comparison import number
from reference.oracle.verify.filling import Told, pattern_of, read_answers
from reference.oracle.verify.tables import LARGEST_WHOLE, TableMap, Unread, ValueColumn, address, read_map
from symbolic.outputs import FIELDS

LONG = """
case = "Scenario"
[[value]]
column = "Payout"
field = "by_holder.{Shareholder}"
"""
WIDE = """
only = "one"
[[value]]
column = "E"
field = "by_class.E.total"
[[value]]
column = "Ann"
field = 'by_holder."Dr. Ann"'
[[value]]
column = "Elected"
field = "elected"
"""
HEAD = "Scenario,Shareholder,Payout\n"
ASKED = {"one": "liquidation", "two": "liquidation", "three": "notice"}
VALUES = [ValueColumn("Payout", "by_holder.{Shareholder}")]


def told(path: Path, toml: str = LONG) -> Told:
    map_file = path.parent / "map.toml"
    map_file.write_text(toml)
    return read_answers(path, read_map(map_file), ASKED)


def of_csv(folder: Path, text: str | bytes, toml: str = LONG) -> Told:
    path = folder / "answers.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return told(path, toml)


def of_xlsx(folder: Path, *rows: list[Any], toml: str = LONG) -> Told:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "answers.xlsx")
    return told(folder / "answers.xlsx", toml)


def refusal(reader: Any, *given: Any) -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        reader(*given)
    assert len(caught.value.message.splitlines()) == 1
    assert caught.value.message.endswith(".")
    return caught.value.code, caught.value.path


# Rows


def test_a_row_for_each_value(tmp_path: Path) -> None:
    found = of_csv(tmp_path, HEAD + 'one,ann,1.50\n\none,"bob, jr",2/3\n two , ann ,\n')
    assert {name: own.answer for name, own in found.replies.items()} == {
        "one": {"by_holder": {"ann": "1.50", "bob, jr": "2/3"}},
        "two": {},
    }
    assert found.cells == {("one", "by_holder.ann"): "C2", ("one", "by_holder.bob, jr"): "C4"}
    assert found.declared("liquidation") == ("by_holder.*",)


def test_a_row_for_a_case(tmp_path: Path) -> None:
    found = of_csv(tmp_path, "E,Ann,Elected\n5,,no\n", WIDE)
    assert found.replies["one"].answer == {"by_class": {"E": {"total": "5"}}, "elected": False}
    answer = {"by_class": {"E": {"total": "5", "per_share": "1"}, "F": {}}, "by_holder": {"ann": 1, "Dr. Ann": 2}}
    assert found.part(answer) == {"by_class": {"E": {"total": "5"}}, "by_holder": {"Dr. Ann": 2}}


def test_a_field_may_be_filled_from_several_columns(tmp_path: Path) -> None:
    toml = 'case = "Case"\n[[value]]\ncolumn = "Amount"\nfield = "by_class.{Class}.{What}"\n'
    found = of_csv(tmp_path, "Case,Class,What,Amount\none,E,total,5\none,E,per_share,1/2\n", toml)
    assert found.replies["one"].answer == {"by_class": {"E": {"total": "5", "per_share": "1/2"}}}
    code = refusal(of_csv, tmp_path, "Case,Class,What,Amount\none,E,sum,5\n", toml)
    assert code == ("unknown_field", "D2")


def test_rows_of_a_kind_and_a_header_further_down(tmp_path: Path) -> None:
    toml = 'header = 3\nrows = {column = "Kind", equals = "payout"}\ndelimiter = ";"' + LONG
    text = "\ufeffA report\n\nKind;Scenario;Shareholder;Payout\npayout;one;ann;1\ntotal;;;1\n"
    assert of_csv(tmp_path, text, toml).replies["one"].answer == {"by_holder": {"ann": "1"}}
    assert refusal(of_csv, tmp_path, text.replace("payout", "other"), toml) == ("empty_input", "")


def test_cells_of_a_spreadsheet_are_what_they_are(tmp_path: Path) -> None:
    rows = [["Scenario", "Shareholder", "Payout"], ["one", "ann", 12.1], ["one", 7, 3], ["one", "zoe", "1/3"]]
    found = of_xlsx(tmp_path, *rows).replies["one"].answer["by_holder"]
    assert found == {"ann": 12.1, "7": 3, "zoe": "1/3"}
    assert [type(own) for own in found.values()] == [float, int, str]
    assert number(found["ann"]) == Fraction("12.1")
    large = of_xlsx(tmp_path, rows[0], ["one", "ann", LARGEST_WHOLE], ["one", "bob", LARGEST_WHOLE + 2])
    assert [type(own) for own in large.replies["one"].answer["by_holder"].values()] == [int, float]


def test_a_date_of_a_spreadsheet(tmp_path: Path) -> None:
    toml = 'only = "three"\n[[value]]\ncolumn = "By"\nfield = "latest_mailing"\n'
    assert of_xlsx(tmp_path, ["By"], [datetime(2000, 2, 29)], toml=toml).replies["three"].answer == {
        "latest_mailing": "2000-02-29"
    }
    assert refusal(lambda: of_xlsx(tmp_path, ["By"], [datetime(2000, 2, 29, 5)], toml=toml)) == ("invalid_date", "A2")
    assert refusal(of_csv, tmp_path, "By\n29.2.2000\n", toml) == ("invalid_date", "A2")
    assert refusal(of_csv, tmp_path, "By\n2001-02-29\n", toml) == ("invalid_date", "A2")


def test_a_formula_counts_by_the_value_that_was_saved(tmp_path: Path) -> None:
    head, row = ["Scenario", "Shareholder", "Payout"], ["one", "ann", "=1+1"]
    assert refusal(of_xlsx, tmp_path, head, row) == ("not_calculated", "C2")
    path = tmp_path / "answers.xlsx"
    with_value = repacked(path, b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
    path.write_bytes(with_value)
    assert told(path).replies["one"].answer == {"by_holder": {"ann": 2}}


def test_a_formula_may_come_to_an_empty_text(tmp_path: Path) -> None:
    head, row = ["Scenario", "Shareholder", "Payout"], ["one", "ann", "=1+1"]
    refusal(of_xlsx, tmp_path, head, row)
    path = tmp_path / "answers.xlsx"
    path.write_bytes(repacked(path, b'<c r="C2">', b'<c r="C2" t="str">'))
    assert told(path).replies["one"].answer == {}


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_a_formula_is_seen_wherever_it_stands(tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "CHUNK", size)
    assert refusal(of_xlsx, tmp_path, ["Scenario", "Shareholder", "Payout"], ["one", "ann", "=1+1"]) == (
        "not_calculated",
        "C2",
    )


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    assert of_csv(tmp_path, f"\ufeff{HEAD}one,ann,5\n").replies["one"].answer == {"by_holder": {"ann": "5"}}


def test_an_uncalculated_cell_that_nothing_reads_is_no_matter(tmp_path: Path) -> None:
    head, row = ["Scenario", "Shareholder", "Payout", "Check"], ["one", "ann", 5, "=1+1"]
    assert of_xlsx(tmp_path, head, row).replies["one"].answer == {"by_holder": {"ann": 5}}


def repacked(path: Path, old: bytes, new: bytes, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(path) as packed, zipfile.ZipFile(written, "w") as again:
        for part in packed.namelist():
            content = packed.read(part)
            if part == name:
                content = content.replace(b"<v />", b"<v></v>").replace(b"<v/>", b"<v></v>")
                assert old in content
                content = content.replace(old, new)
            again.writestr(part, content)
    return written.getvalue()


# What is refused, with the cell's address


@pytest.mark.parametrize(
    ("rows", "code", "at"),
    [
        ("one,ann,1.2.3\n", "bad_amount", "C2"),
        ("one,ann,5\none,bob,n/a\n", "bad_amount", "C3"),
        ('one,ann,"1,234"\n', "bad_amount", "C2"),
        ("one,ann,$5\n", "bad_amount", "C2"),
        ("one,ann,5%\n", "bad_amount", "C2"),
        ("one,ann,(5)\n", "bad_amount", "C2"),
        ("one,ann," + "1" * 4001 + "\n", "amount_too_long", "C2"),
        ("ten,ann,5\n", "unknown_case", "A2"),
        (",ann,5\n", "empty_cell", "A2"),
        ("one,,5\n", "empty_cell", "B2"),
        ("one,ann,5\none,ann,5\n", "answered_twice", "C3"),
        ("three,ann,5\n", "unknown_field", "C2"),
        ("", "empty_input", ""),
        (",,\n , ,\n", "empty_input", ""),
        ("one,ann,1,234\n", "bad_table", ""),
        ('one,"ann,5\n', "bad_table", ""),
        ('one,"ann" x,5\n', "bad_table", ""),
        ("one,ann,5\0\n", "bad_encoding", ""),
    ],
)
def test_bad_rows(tmp_path: Path, rows: str, code: str, at: str) -> None:
    assert refusal(of_csv, tmp_path, HEAD + rows) == (code, at)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "empty_input"),
        (b"\n\n", "empty_input"),
        (b"Scenario,Shareholder\none,ann\n", "unknown_column"),
        (b'Scenario,"Share\nholder",Payout\none,ann,5\n', "unknown_column"),
        (b"Scenario,Shareholder,Payout,Payout\none,ann,5,6\n", "duplicate_column"),
        (HEAD.encode() + b"one,ann\xff,5\n", "bad_encoding"),
        ((HEAD + "one,ann,5\n").encode("utf-16"), "bad_encoding"),
        ((HEAD + "one,ann,5\n").encode("utf-16-le"), "bad_encoding"),
    ],
)
def test_bad_tables(tmp_path: Path, text: bytes, code: str) -> None:
    assert refusal(of_csv, tmp_path, text) == (code, "")


def test_bad_cells_of_a_spreadsheet(tmp_path: Path) -> None:
    head = ["Scenario", "Shareholder", "Payout"]
    for row, code, at in (
        (["one", "ann", "#DIV/0!"], "error_value", "C2"),
        (["one", "ann", True], "wrong_type", "C2"),
        (["one", "ann", datetime(2000, 1, 1)], "wrong_type", "C2"),
        (["one", True, 5], "wrong_type", "B2"),
        (["one", "#N/A", 5], "error_value", "B2"),
        (["ten", "ann", 5], "unknown_case", "A2"),
    ):
        assert refusal(of_xlsx, tmp_path, head, row) == (code, at), row


def test_bad_spreadsheets(tmp_path: Path) -> None:
    path = tmp_path / "answers.xlsx"
    good = [["Scenario", "Shareholder", "Payout"], ["one", "ann", 5]]
    assert of_xlsx(tmp_path, *good).replies["one"].answer == {"by_holder": {"ann": 5}}
    whole = path.read_bytes()
    declared = repacked(path, b"<worksheet", b"<!DOCTYPE x><worksheet")
    bad_part = repacked(path, b"</sheetData>", b"</wrong>")
    no_book = repacked(path, b"<", b"", "xl/workbook.xml")
    for broken in (b"", b"nonsense", whole[:-400], HEAD.encode(), declared, bad_part, no_book):
        path.write_bytes(broken)
        assert refusal(told, path) == ("bad_spreadsheet", "")
    path.write_bytes(whole)
    assert refusal(told, path, f'sheet = "Waterfall"{LONG}') == ("unknown_sheet", "")
    assert refusal(told, path, f"header = 2{LONG}") == ("unknown_column", "")
    assert refusal(told, path, f"header = 9{LONG}") == ("empty_input", "")


def ending(path: Path) -> tuple[str, int]:
    """Return what reading a file comes to, and on how many lines it is said."""
    try:
        return ("read" if told(path).replies else "nothing"), 1
    except Refusal as refused:
        return refused.code, len(refused.message.splitlines())


def test_damaged_files_are_read_or_refused(tmp_path: Path) -> None:
    of_csv(tmp_path, HEAD + 'one,ann,5.5\none,"bob, jr",7\n')
    of_xlsx(tmp_path, ["Scenario", "Shareholder", "Payout"], ["one", "ann", 5.5], ["one", "bob", 7])
    chance = random.Random(1)
    ends = set()
    for name in ("answers.csv", "answers.xlsx"):
        path = tmp_path / name
        whole = path.read_bytes()
        for _ in range(150):
            damaged = bytearray(whole)
            for _ in range(chance.randint(1, 4)):
                damaged[chance.randrange(len(damaged))] = chance.choice((0, 10, 34, 44, 48, 60, 200, 255))
            path.write_bytes(damaged)
            ends.add((name, *ending(path)))
    codes = {(name, code) for name, code, _ in ends}
    assert {("answers.csv", "read"), ("answers.csv", "bad_encoding"), ("answers.xlsx", "bad_spreadsheet")} <= codes
    assert {lines for _, _, lines in ends} == {1}
    assert not {"nothing", "internal_error"} & {code for _, code, _ in ends}


def test_a_sheet_by_its_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Waterfall")
    sheet["B3"], sheet["C3"], sheet["D3"] = "Scenario", "Shareholder", "Payout"
    sheet["B5"], sheet["C5"], sheet["D5"] = "one", "ann", 5
    book.save(tmp_path / "answers.xlsx")
    found = told(tmp_path / "answers.xlsx", f'sheet = "Waterfall"\nheader = 3{LONG}')
    assert found.cells == {("one", "by_holder.ann"): "D5"}


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["Scenario", "Shareholder", "Payout"], *(["one", f"h{place}", place] for place in range(5))]
    text = "".join(",".join(map(str, row)) + "\n" for row in rows)
    monkeypatch.setattr(tables, "MOST_ROWS", 6)
    assert len(of_xlsx(tmp_path, *rows).cells) == len(of_csv(tmp_path, text).cells) == 5
    monkeypatch.setattr(tables, "MOST_ROWS", 4)
    assert refusal(of_xlsx, tmp_path, *rows) == ("too_many_rows", "")
    assert refusal(of_csv, tmp_path, text) == ("too_many_rows", "")
    monkeypatch.setattr(tables, "MOST_UNPACKED", 1000)
    assert refusal(of_xlsx, tmp_path, *rows) == ("file_too_large", "")
    monkeypatch.setattr(tables, "MOST_BYTES", 300)
    assert refusal(of_csv, tmp_path, text * 9) == ("file_too_large", "")


def test_a_row_far_below_all_others_ends_the_reading(tmp_path: Path) -> None:
    of_xlsx(tmp_path, ["Scenario", "Shareholder", "Payout"], ["one", "ann", 5])
    path = tmp_path / "answers.xlsx"
    path.write_bytes(repacked(path, b'<row r="2">', b'<row r="99999999999">'))
    assert refusal(told, path) == ("too_many_rows", "")


# Numbers as text


def written(**means: Any) -> TableMap:
    return TableMap(value=VALUES, case="Scenario", **means)


@pytest.mark.parametrize(
    ("means", "text", "amount"),
    [
        ({}, "5", "5"),
        ({}, "-5.25", "-21/4"),
        ({}, "1/3", "1/3"),
        ({}, "1e3", "1000"),
        ({"thousands": ","}, "1,234,567.50", "2469135/2"),
        ({"thousands": ","}, "1234567.5", "2469135/2"),
        ({"thousands": " "}, "1\u00a0234\u202f567", "1234567"),
        ({"thousands": "'"}, "1'234", "1234"),
        ({"decimal": ",", "thousands": "."}, "1.234,5", "2469/2"),
        ({"decimal": ","}, "0,25", "1/4"),
        ({"currency": "$"}, "$5", "5"),
        ({"currency": "$"}, "-$5", "-5"),
        ({"currency": "$"}, "$ -5", "-5"),
        ({"currency": "EUR", "thousands": ","}, "1,000 EUR", "1000"),
        ({"parentheses": True}, "(5)", "-5"),
        ({"parentheses": True, "currency": "$", "thousands": ","}, "($1,000.10)", "-10001/10"),
        ({"parentheses": True, "currency": "$"}, "$5", "5"),
        ({"percent": True}, "12.5%", "1/8"),
        ({"percent": True}, "-5 %", "-1/20"),
        ({"percent": True}, "0.5", "1/2"),
    ],
)
def test_amounts_as_the_map_writes_them(means: dict[str, Any], text: str, amount: str) -> None:
    assert number(amount_in(text, written(**means), "B7")) == Fraction(amount)


@pytest.mark.parametrize(
    ("means", "text"),
    [
        ({}, "1,234"),
        ({}, "1 234"),
        ({}, "five"),
        ({}, "--5"),
        ({}, "+5"),
        ({}, "1/0"),
        ({}, "1e9999"),
        ({}, "NaN"),
        ({}, "\u0665"),
        ({"thousands": ","}, "1,23"),
        ({"thousands": ","}, "12,34,567"),
        ({"thousands": ","}, "1234,567"),
        ({"thousands": ","}, ",123"),
        ({"thousands": ","}, "1.234,5"),
        ({"decimal": ","}, "1.5"),
        ({"decimal": ","}, "1,5,5"),
        ({"currency": "$"}, "€5"),
        ({"currency": "$"}, "$$5"),
        ({"currency": "$"}, "$"),
        ({"parentheses": True}, "(-5)"),
        ({"parentheses": True}, "-(5)"),
        ({"parentheses": True}, "(5"),
        ({"percent": True}, "%"),
        ({"percent": True}, "5%%"),
    ],
)
def test_what_the_map_does_not_write_is_refused(means: dict[str, Any], text: str) -> None:
    assert refusal(amount_in, text, written(**means), "B7") == ("bad_amount", "B7")


def test_yes_and_no() -> None:
    means = written()
    said = [value_in(own, Kind.YES_OR_NO, means, "B7") for own in (True, "TRUE", "Yes", False, "false", "no")]
    assert said == [True, True, True, False, False, False]
    for other in ("1", 1, "maybe", 0.0):
        assert refusal(value_in, other, Kind.YES_OR_NO, means, "B7") == ("invalid_value", "B7")
    assert refusal(value_in, Unread("error_value", "holds an error."), Kind.WORD, means, "B7") == ("error_value", "B7")


def test_addresses() -> None:
    assert [address(7, place) for place in (0, 1, 25, 26, 701, 702)] == ["A7", "B7", "Z7", "AA7", "ZZ7", "AAA7"]


# Maps


@pytest.mark.parametrize(
    ("toml", "code", "path"),
    [
        ("case =", "invalid_toml", ""),
        ('case = "\udcff"', "invalid_toml", ""),
        ('case = "Scenario"', "missing_field", "value"),
        (LONG.replace("case", "kase"), "unknown_field", "kase"),
        (LONG + 'more = "x"\n', "unknown_field", "value[0].more"),
        (f'only = "one"{LONG}', "contradiction", "case"),
        (LONG.replace("case", "sheet"), "contradiction", "case"),
        (f'thousands = "."{LONG}', "contradiction", "thousands"),
        (f'thousands = "_"{LONG}', "invalid_value", "thousands"),
        (f'currency = "5"{LONG}', "invalid_value", "currency"),
        (f"header = 0{LONG}", "invalid_value", "header"),
        (f"header = 1.5{LONG}", "float", "header"),
        ('case = "Scenario"\nvalue = []', "invalid_value", "value"),
        (LONG.replace("by_holder", "by_owner"), "unknown_field", "value[0].field"),
        (LONG.replace("by_holder.{Shareholder}", "by_holder"), "unknown_field", "value[0].field"),
        (LONG.replace("by_holder.{Shareholder}", "recipients"), "unknown_field", "value[0].field"),
        (LONG.replace("by_holder.{Shareholder}", "breakpoints[].assets"), "unknown_field", "value[0].field"),
        (LONG.replace("{Shareholder}", "{Share"), "invalid_value", "value[0].field"),
        (LONG.replace("{Shareholder}", ""), "invalid_value", "value[0].field"),
    ],
)
def test_bad_maps(tmp_path: Path, toml: str, code: str, path: str) -> None:
    (tmp_path / "answers.csv").write_text(HEAD + "one,ann,5\n")
    map_file = tmp_path / "map.toml"
    map_file.write_bytes(toml.encode("utf-8", "surrogateescape"))

    def read() -> None:
        read_answers(tmp_path / "answers.csv", read_map(map_file), ASKED)

    assert refusal(read) == (code, path)


def test_parts_of_a_field() -> None:
    assert [str(own) for own in pattern_of("by_class.{Class of.stock}.total", "")] == ["by_class", "*", "total"]
    assert pattern_of('by_holder."A. B"', "")[1].text == "A. B"


@pytest.mark.parametrize("question", MODULES)
def test_every_field_of_a_single_value_has_a_kind(question: str) -> None:
    kinds = {field: kind_of(question, field) for field in FIELDS[question] if "[]" not in field}
    assert set(kinds.values()) & {Kind.AMOUNT} or question in ("breakpoints", "notice", "approvals")
    assert kind_of(question, "no.such.field") is None


def test_kinds() -> None:
    for question, field, kind in (
        ("liquidation", "by_class.*.per_share", Kind.AMOUNT),
        ("liquidation", "elected", Kind.YES_OR_NO),
        ("position", "as_of", Kind.DATE),
        ("position", "rights.*.class", Kind.WORD),
        ("notice", "recipients", None),
        ("dividend", "gate", None),
    ):
        assert kind_of(question, field) is kind, field
