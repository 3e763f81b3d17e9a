"""The command `compare`: answers in files agree, one wrong cell is found, and bad input is never a success."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest

from reference.oracle import questions
from reference.oracle.answers import answer_document
from reference.oracle.cli import run
from reference.oracle.leaves import leaves
from reference.oracle.refusals import CODES
from reference.oracle.seeded import drawn
from reference.oracle.verify.cells import kind_of
from reference.oracle.verify.comparison import Difference, number
from reference.oracle.verify.differing import HEADS, Differs, as_csv, as_xlsx, names_in
from reference.oracle.verify.mistakes import mistake
from reference.oracle.verify.results import Results
from symbolic.outputs import FIELDS

EXAMPLE = Path(__file__).parents[2] / "examples" / "spreadsheet"
HOLDINGS = [
    {"holder": "ann", "class": "E", "shares": 3_000_000},
    {"holder": "bob", "class": "F", "shares": 1_500_000},
    {"holder": "cat", "class": "common", "shares": 10_000_000},
]
SHORT, LARGE, FORBIDDEN = (
    {
        "case": name,
        "charter": "quintus-1999",
        "position": {"holdings": HOLDINGS},
        "ask": {"question": "liquidation", "assets": assets},
    }
    for name, assets in (("short", "20000001"), ("large", "300000000"), ("forbidden", "x"))
)
LONG = 'case = "Scenario"\n[[value]]\ncolumn = "Payout"\nfield = "by_holder.{Shareholder}"\n'
HEAD = ("Scenario", "Shareholder", "Payout")


def plain(document: dict[str, Any]) -> Any:
    return msgspec.to_builtins(answer_document(document).answer)


def rows_of(*documents: dict[str, Any]) -> list[list[Any]]:
    return [[own["case"], name, paid] for own in documents for name, paid in plain(own)["by_holder"].items()]


class Folder:
    """Hold the files of one comparison."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self.capsys = capsys
        self.said = ""

    def write(self, name: str, content: str) -> Path:
        (self.path / name).write_text(content)
        return self.path / name

    def table(self, rows: list[list[Any]], kind: str, head: Any = HEAD) -> str:
        name = f"answers.{kind}"
        if kind == "csv":
            text = StringIO()
            csv.writer(text).writerows([head, *rows])
            self.write(name, text.getvalue())
        else:
            book = openpyxl.Workbook()
            for row in (head, *rows):
                book.active.append(list(row))
            book.save(self.path / name)
        return name

    def compare(self, cases: list[dict[str, Any]], answers: str, *options: str, toml: str | None = LONG) -> int:
        self.write("cases.jsonl", "".join(json.dumps(own) + "\n" for own in cases))
        given = [] if toml is None else ["--map", str(self.write("map.toml", toml))]
        paths = [str(self.path / "cases.jsonl"), str(self.path / answers)]
        status = run(["compare", *paths, *given, "--json", str(self.path / "found.json"), *options])
        self.said = self.capsys.readouterr().err
        assert "Traceback" not in self.said
        return status

    @property
    def found(self) -> Results:
        return msgspec.json.decode((self.path / "found.json").read_bytes(), type=Results)

    def differences(self, name: str) -> list[dict[str, Any]]:
        if name.endswith(".csv"):
            with (self.path / name).open(newline="") as file:
                return list(csv.DictReader(file))
        rows = list(openpyxl.load_workbook(self.path / name).active.values)
        return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Folder:
    return Folder(tmp_path, capsys)


# The engine's own answers agree


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_engines_answers_in_a_table_agree(folder: Folder, kind: str) -> None:
    assert folder.compare([SHORT, LARGE], folder.table(rows_of(SHORT, LARGE), kind)) == 0
    assert folder.found.total.agrees == folder.found.total.asked == 2
    assert folder.found.fields == ["by_holder.*"]
    assert folder.found.command == []


def test_the_engines_answers_as_json_agree(folder: Folder) -> None:
    replies = [{"case": own["case"], "status": "answered", "answer": plain(own)} for own in (SHORT, LARGE)]
    replies.append({"case": "forbidden", "status": "refused", "error": {"code": "bad_amount"}})
    by_case = {own["case"]: own["answer"] for own in replies if "answer" in own}
    forms: list[tuple[str, str, int]] = [
        ("a.jsonl", "".join(json.dumps(own) + "\n" for own in replies), 3),
        ("b.json", json.dumps(replies), 3),
        ("c.json", json.dumps(replies, indent=1), 3),
        ("d.json", json.dumps(by_case), 2),
        ("e.json", json.dumps(by_case, indent=1), 2),
    ]
    for name, text, agree in forms:
        folder.write(name, text)
        assert folder.compare([SHORT, LARGE, FORBIDDEN], name, toml=None) == 0, name
        assert (folder.found.total.agrees, folder.found.total.asked) == (agree, 3)


def columns_of(question: str, answer: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield, for each single value of an answer, its path, the field of a map for it and the value."""
    for leaf in leaves(questions.module(question).Answer, answer):
        if leaf.field in FIELDS[question] and "[]" not in leaf.field and kind_of(question, leaf.field) is not None:
            yield leaf.path, ".".join(f'"{name}"' for name in leaf.path.split(".")), leaf.value


def another(value: Any) -> str:
    """Return what a cell says that does not say this value."""
    if isinstance(value, bool):
        return "no" if value else "yes"
    return "2222-02-22" if number(value) is None else "12345678"


@pytest.mark.parametrize("question", questions.MODULES)
def test_every_single_value_can_stand_in_a_cell(folder: Folder, question: str) -> None:
    compared = 0
    for place in range(6):
        document = drawn(question, 21, place)
        columns = list(columns_of(question, plain(document)))
        if not columns:
            continue
        compared += 1
        values = [f'[[value]]\ncolumn = "{path}"\nfield = {json.dumps(field)}\n' for path, field, _ in columns]
        toml = f"only = {json.dumps(document['case'])}\n" + "".join(values)
        head, row = [path for path, _, _ in columns], [own for _, _, own in columns]
        for kind in ("csv", "xlsx"):
            assert folder.compare([document], folder.table([row], kind, head), toml=toml) == 0, folder.said
        wrong = next(at for at, own in enumerate(row) if own is not None)
        row[wrong] = another(row[wrong])
        assert folder.compare([document], folder.table([row], "csv", head), toml=toml) == 1
        (place_of,) = folder.found.differences[0].differences
        assert place_of.path == head[wrong]
    assert compared or question == "breakpoints"


# What is not the same is found


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_one_wrong_cell_is_found(folder: Folder, kind: str) -> None:
    rows = rows_of(SHORT, LARGE)
    rows[4][2] = "-7.5"
    right = plain(LARGE)["by_holder"]["bob"]
    assert folder.compare([SHORT, LARGE], folder.table(rows, kind), "--out", str(folder.path / f"out.{kind}")) == 1
    (group,) = folder.found.differences
    assert (group.cases, group.case["case"]) == (1, "large")
    assert [own.path for own in group.differences] == ["by_holder.bob"]
    assert group.differences[0].says == f"by_holder.bob: {right} expected, -7.5 told in C6"
    assert group.reproduce.endswith("| charterproof answer")
    assert f"by_holder.bob: {right} expected" in folder.said
    (row,) = folder.differences(f"out.{kind}")
    assert list(row) == list(HEADS)
    assert (row["case"], row["field"], row["holder or class"], row["cell"]) == ("large", "by_holder.bob", "bob", "C6")
    assert str(row["told"]) == "-7.5"
    cents = number(row["expected to the cent"])
    assert cents is not None
    assert abs(cents - (number(right) or 0)) <= 1


def test_a_known_mistake_is_named_in_the_file(folder: Folder) -> None:
    document = {**mistake("tiers-ignored").example, "case": "short"}
    told = mistake("tiers-ignored").answer(document)
    assert told is not None
    rows = [["short", name, paid] for name, paid in told["by_holder"].items()]
    assert folder.compare([document], folder.table(rows, "csv"), "--out", str(folder.path / "out.csv")) == 1
    found = folder.found.differences[0].explanation
    assert found is not None
    assert found.id == "tiers-ignored"
    right = plain(document)["by_holder"]
    wrong = {name for name, paid in told["by_holder"].items() if paid != right[name]}
    rows_out = folder.differences("out.csv")
    assert {row["holder or class"] for row in rows_out} == wrong
    assert all(row["explanation"].startswith("mistake tiers-ignored: ") for row in rows_out)
    assert all(row["expected"] == right[row["holder or class"]] for row in rows_out)


def test_a_known_mistake_is_named_by_one_of_its_numbers(folder: Folder) -> None:
    document = {**mistake("tiers-ignored").example, "case": "short"}
    told = mistake("tiers-ignored").answer(document)
    assert told is not None
    toml = 'only = "short"\n[[value]]\ncolumn = "E"\nfield = "by_class.E.total"\n'
    name = folder.table([[told["by_class"]["E"]["total"]]], "csv", ["E"])
    assert folder.compare([document], name, toml=toml) == 1
    found = folder.found.differences[0].explanation
    assert found is not None
    assert found.id == "tiers-ignored"


def test_what_no_known_mistake_gives_is_not_explained(folder: Folder) -> None:
    rows = [[row[0], row[1], "1"] for row in rows_of(SHORT)]
    assert folder.compare([SHORT], folder.table(rows, "csv")) == 1
    assert folder.found.differences[0].explanation is None


def test_a_holder_without_a_row_differs_and_so_does_one_too_many(folder: Folder) -> None:
    rows = rows_of(SHORT)
    gone = rows.pop(0)
    assert folder.compare([SHORT], folder.table(rows, "csv")) == 1
    assert [own.says for own in folder.found.differences[0].differences] == [
        f"by_holder.{gone[1]}: {gone[2]} expected, nothing told"
    ]
    more = [*rows_of(SHORT), ["short", "zoe", "1"]]
    assert folder.compare([SHORT], folder.table(more, "csv")) == 1
    assert [own.path for own in folder.found.differences[0].differences] == ["by_holder.zoe"]


def test_only_what_the_map_gives_is_compared(folder: Folder) -> None:
    total = plain(LARGE)["by_class"]["E"]["total"]
    toml = 'only = "large"\n[[value]]\ncolumn = "E"\nfield = "by_class.E.total"\n'
    assert folder.compare([LARGE], folder.table([[total]], "csv", ["E"]), toml=toml) == 0
    assert folder.compare([LARGE], folder.table([["1"]], "csv", ["E"]), toml=toml) == 1
    assert [own.path for own in folder.found.differences[0].differences] == ["by_class.E.total"]


def test_floats_of_a_spreadsheet_are_no_exact_answers(folder: Folder) -> None:
    document = {**SHORT, "ask": {"question": "liquidation", "assets": "20.5"}}
    rows = [[case, name, float(number(paid) or 0)] for case, name, paid in rows_of(document)]
    name = folder.table(rows, "xlsx")
    assert folder.compare([document], name, "--out", str(folder.path / "out.csv")) == 1
    assert "The file holds floats" in folder.found.differences[0].says
    assert "The file holds floats" in folder.differences("out.csv")[0]["explanation"]
    assert folder.compare([document], name, "--compare", "cent") == 0
    assert folder.found.agrees_by_tolerance == 1


def test_a_case_without_an_answer_is_a_failure(folder: Folder) -> None:
    name = folder.table(rows_of(SHORT), "csv")
    assert folder.compare([SHORT, LARGE], name, "--out", str(folder.path / "out.csv")) == 1
    assert [(own.code, own.cases) for own in folder.found.failures] == [("no_answer", 1)]
    assert [(row["case"], row["field"]) for row in folder.differences("out.csv")] == [("large", "")]
    assert folder.compare([SHORT, FORBIDDEN], name) == 0
    assert folder.found.total.skipped == 1


def test_an_answer_to_a_case_that_has_none_differs(folder: Folder) -> None:
    rows = [*rows_of(SHORT), ["forbidden", "ann", "5"]]
    assert folder.compare([SHORT, FORBIDDEN], folder.table(rows, "csv")) == 1
    assert folder.found.differences[0].says.startswith("The tool answered a case that has no answer")


# Never success


def test_nothing_compared_is_no_success(folder: Folder) -> None:
    toml = (
        'only = "short"\nrows = {column = "Kind", equals = "x"}\n[[value]]\ncolumn = "Dan"\nfield = "by_holder.dan"\n'
    )
    for paid in ("", "0"):
        assert folder.compare([SHORT], folder.table([["x", paid]], "csv", ["Kind", "Dan"]), toml=toml) == 2
        assert "The engine's answer has none of the fields that the file gives" in folder.said
        assert "No case was compared" in folder.said
    toml = 'case = "Case"\n[[value]]\ncolumn = "Votes"\nfield = "total"\n'
    assert folder.compare([SHORT], folder.table([["short", ""]], "csv", ["Case", "Votes"]), toml=toml) == 2
    assert "The map gives no field of an answer about liquidation" in folder.said
    assert folder.compare([SHORT], folder.table([["short", "5"]], "csv", ["Case", "Votes"]), toml=toml) == 2
    assert "B2: an answer about liquidation has no field total" in folder.said


def one_line(folder: Folder, code: str) -> None:
    assert code in CODES
    assert folder.said.startswith(f"charterproof: {code}: "), folder.said
    assert len(folder.said.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.json", "", "empty_input"),
        ("a.json", "[]", "empty_input"),
        ("a.json", "{}", "empty_input"),
        ("a.json", "{", "truncated"),
        ("a.json", "nonsense", "invalid_json"),
        ("a.json", "7", "bad_reply"),
        ("a.json", '{"short": 7}', "bad_reply"),
        ("a.json", '{"other": {}}', "unknown_case"),
        ("a.json", '[{"case": "short"}]', "bad_reply"),
        ("a.json", '[{"case": "short", "status": "done"}]', "bad_reply"),
        ("a.json", '{"short": {}, "short": {}}', "duplicate_key"),
        ("a.jsonl", '{"case": "other", "status": "skipped"}\n', "unknown_case"),
        ("a.jsonl", '{"case": "short", "status": "skipped", "reason": "x"}\n' * 2, "answered_twice"),
        ("a.jsonl", '{"case": "short", "status": "skipped", "reason": "x"}\n[]\n', "bad_reply"),
        ("a.jsonl", '{"case": "short", "status": "skipped", "reason": "x"}\n{\n', "invalid_json"),
        ("a.csv", "Scenario\n", "missing_map"),
        ("a.xls", "", "unknown_format"),
        ("a", "", "unknown_format"),
    ],
)
def test_bad_answers(folder: Folder, name: str, text: str, code: str) -> None:
    folder.write(name, text)
    assert folder.compare([SHORT], name, toml=None) == 2
    one_line(folder, code)


def test_bad_cells_name_their_address(folder: Folder) -> None:
    for row, code, at in (
        (["short", "ann", "1,000"], "bad_amount", "C2"),
        (["nobody's", "ann", "1"], "unknown_case", "A2"),
        (["short", "", "1"], "empty_cell", "B2"),
    ):
        for kind in ("csv", "xlsx"):
            assert folder.compare([SHORT], folder.table([row], kind)) == 2
            one_line(folder, code)
            assert f" {at}: " in folder.said


def test_bad_options(folder: Folder) -> None:
    name = folder.table(rows_of(SHORT), "csv")
    for options, says in (
        (("--compare", "cents"), "is no mode"),
        (("--out", str(folder.path / "out.txt")), "unknown_format"),
        (("--out", "/no/such/place/out.csv"), "output_not_written"),
        (("--markdown", "/no/such/place/x"), "output_not_written"),
        (("--map", "/no/such/map.toml"), "unreadable_file"),
    ):
        assert folder.compare([SHORT], name, *options) == 2
        assert says in folder.said
    assert folder.compare([SHORT], "none.csv") == 2
    one_line(folder, "unreadable_file")
    assert folder.compare([SHORT, SHORT], name) == 2
    one_line(folder, "duplicate_case")
    assert folder.compare([], name) == 2
    one_line(folder, "empty_input")
    folder.write("a.json", json.dumps({"short": plain(SHORT)}))
    assert folder.compare([SHORT], "a.json") == 2
    one_line(folder, "contradiction")
    (folder.path / "out.csv").mkdir()
    assert folder.compare([SHORT], name, "--out", str(folder.path / "out.csv")) == 2
    one_line(folder, "output_not_written")


def test_without_the_package_for_spreadsheets(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = folder.table(rows_of(SHORT), "xlsx")
    text = folder.table(rows_of(SHORT), "csv")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert folder.compare([SHORT], answers) == 2
    one_line(folder, "missing_package")
    assert folder.compare([SHORT], text, "--out", str(folder.path / "out.xlsx")) == 2
    one_line(folder, "missing_package")
    assert folder.compare([SHORT], text, "--out", str(folder.path / "out.csv")) == 0


# Differences out

NASTY = ("=1+1", "+1", "-cmd|' /C calc'!A0", "@sum", "\tx", "\r=1", "\x00\ud800", "x" * 40_000)


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    rows = [Differs(text, Difference(f"by_holder.{text}", "by_holder.*", "1/3", text), "", text) for text in NASTY]
    listed = list(csv.reader(StringIO(as_csv(rows).decode(), newline="")))
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in listed for cell in row)
    assert listed[1][0] == "'=1+1"
    (tmp_path / "out.xlsx").write_bytes(as_xlsx(rows))
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert sheet["A2"].value == "=1+1"
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}
    assert all(isinstance(sheet.cell(place, 1).value, str) for place in range(2, len(NASTY) + 2))


def test_numbers_are_numbers(tmp_path: Path) -> None:
    long = "1234567890123456789012345678901234567890.125"
    rows = [
        Differs("one", Difference("by_holder.ann", "by_holder.*", "-1/3", 0.1), "B7", ""),
        Differs("two", Difference("by_holder.ann", "by_holder.*", long, "5"), "B8", ""),
        Differs("three", Difference("elected", "elected", True, False), "B9", ""),
    ]
    shown = list(csv.reader(StringIO(as_csv(rows).decode())))
    assert shown[1][4:8] == ["-1/3", "-0.33", "0.1", "0.433333333333333"]
    assert shown[2][4:7] == [str(Fraction(long)), long[:-1], "5"]
    assert shown[3][4:8] == ["yes", "", "no", ""]
    (tmp_path / "out.xlsx").write_bytes(as_xlsx(rows))
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [cell.value for cell in sheet[2][4:8]] == ["-1/3", -0.33, 0.1, 0.433333333333333]
    assert [type(cell.value) for cell in sheet[3][4:7]] == [str, str, int]


def test_the_names_of_a_place() -> None:
    for path, field, names in (
        ("by_holder.A. Smith", "by_holder.*", ["A. Smith"]),
        ("by_class.E.total", "by_class.*.total", ["E"]),
        ("claims.0.by_holder.ann", "claims[].by_holder.*", ["ann"]),
        ("elected", "elected", []),
    ):
        assert names_in(Difference(path, field, "1", "2")) == names


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_same_differences_have_the_same_bytes(folder: Folder, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = folder.table([[*row[:2], "1"] for row in rows_of(SHORT, LARGE)], "csv")
    out = folder.path / f"out.{kind}"
    assert folder.compare([SHORT, LARGE], name, "--out", str(out)) == 1
    first, results = out.read_bytes(), (folder.path / "found.json").read_bytes()
    time.sleep(2.1)  # A packed file counts by two seconds.
    assert folder.compare([SHORT, LARGE], name, "--out", str(out)) == 1
    assert (out.read_bytes(), (folder.path / "found.json").read_bytes()) == (first, results)


# The example


def test_the_example(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = [str(EXAMPLE / name) for name in ("cases.jsonl", "answers.csv", "map.toml")]
    out = tmp_path / "differences.csv"
    options = ["--compare", "cent", "--out", str(out), "--markdown", str(tmp_path / "found.md")]
    assert run(["compare", files[0], files[1], "--map", files[2], *options]) == 1
    said = capsys.readouterr().err
    assert "3 cases asked: 2 agree (2 by tolerance), 1 differ, 0 failed, 0 skipped" in said
    assert "mistake tiers-ignored" in said
    assert "tiers-ignored" in (tmp_path / "found.md").read_text()
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["case"] for row in rows} == {"Fire sale"}
    assert len(rows) == 6
