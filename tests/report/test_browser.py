"""The page in a real browser: nothing overflows, overlaps or is too small, and the filter works."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER = next((found for name in NAMES if (found := shutil.which(name))), None)
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--virtual-time-budget=10000"),
)
WIDTHS = (360, 800, 1280)

# Measures the page in frames of several widths; a window of a browser has a least width, a frame has none.
MEASURE = """
const overlapping = (texts) => {
  const boxes = texts.map((t) => [t.textContent.trim(), t.getBoundingClientRect()]).filter(([name]) => name);
  const found = [];
  boxes.forEach(([one, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 2 && b.top < a.bottom - 2)
      found.push(`${one} / ${other}`);
  }));
  return found;
};
const measure = (frame) => {
  const page = frame.contentDocument;
  const drawings = [...page.querySelectorAll("figure svg")];
  const outside = (svg) => [...svg.querySelectorAll("text")].filter((t) => {
    const [inner, outer] = [t.getBoundingClientRect(), svg.getBoundingClientRect()];
    return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.top < outer.top - 1;
  }).map((t) => t.textContent.trim());
  const cut = [...page.querySelectorAll("main *")].filter((e) =>
    !e.closest(".scroll, svg, .theorems thead") && getComputedStyle(e).overflowX === "visible" &&
    e.getClientRects().length && e.getBoundingClientRect().right > page.documentElement.clientWidth + 1);
  const field = page.getElementById("filter");
  field.value = "literal_caps";
  field.dispatchEvent(new Event("input"));
  const rows = [...page.querySelectorAll("table.theorems tbody tr")];
  return {
    width: page.documentElement.clientWidth,
    pageWidth: page.documentElement.scrollWidth,
    cut: cut.map((e) => e.outerHTML.slice(0, 80)),
    overlapping: drawings.flatMap((svg) => overlapping([...svg.querySelectorAll("text")])),
    outside: drawings.flatMap(outside),
    smallest: Math.min(...drawings.map((svg) => 9.5 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)),
    shown: rows.filter((row) => row.getClientRects().length).length,
    rows: rows.length,
  };
};
"""

# Measures a page of a section: formulas are set, and stay in their boxes, even where they are wider.
MEASURE_SECTION = """
const measure = (frame) => {
  const page = frame.contentDocument;
  const box = (element) => element.getBoundingClientRect();
  const middle = (element) => box(element).top + box(element).bottom;
  const cut = [...page.querySelectorAll("main *")].filter((e) =>
    !e.closest(".scroll, details") && e.getClientRects().length && box(e).right > page.documentElement.clientWidth + 1);
  const formulas = [...page.querySelectorAll(".formula")];
  const fractions = [...page.querySelectorAll(".formula mfrac")];
  const names = [...page.querySelectorAll(".formula msub")];
  const rows = [...page.querySelectorAll(".formula mtr")].filter((row) => row.nextElementSibling);
  return {
    width: page.documentElement.clientWidth,
    pageWidth: page.documentElement.scrollWidth,
    cut: cut.map((e) => e.outerHTML.slice(0, 80)),
    formulas: formulas.length,
    empty: formulas.filter((f) => box(f.querySelector("math")).width < 10).length,
    scrolling: formulas.filter((f) => f.scrollWidth > f.clientWidth + 1).length,
    lost: formulas.filter((f) => box(f.querySelector("math")).right > box(f).left + f.scrollWidth + 1).length,
    fractions: fractions.length,
    flat: fractions.filter((f) => box(f.children[0]).bottom > box(f.children[1]).top + 1).length,
    names: names.length,
    level: names.filter((n) => middle(n.children[1]) <= middle(n.children[0])).length,
    cases: rows.length,
    piled: rows.filter((r) => box(r).bottom > box(r.nextElementSibling).top + 1).length,
    notes: [...page.querySelectorAll("annotation")].filter((a) => a.getClientRects().length).length,
  };
};
"""

RUN = """
addEventListener("load", () => {
  const found = [...document.querySelectorAll("iframe")].map(measure);
  document.getElementById("found").textContent = JSON.stringify(found);
});
"""


def _measured(page: str, directory: Path, measure: str = MEASURE) -> list[dict[str, object]]:
    assert BROWSER is not None
    frames = "".join(f'<iframe style="width:{w}px;border:0" srcdoc="{html.escape(page)}"></iframe>' for w in WIDTHS)
    wrapper = directory / "wrapper.html"
    wrapper.write_text(
        f'<meta charset="utf-8"><body><pre id="found"></pre>{frames}<script>{measure}{RUN}</script>', encoding="utf-8"
    )
    command = [BROWSER, *FLAGS, f"--user-data-dir={directory / 'profile'}", "--dump-dom", wrapper.as_uri()]
    dumped = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    answer = re.search(r'<pre id="found">(.*?)</pre>', dumped, re.DOTALL)
    assert answer, "the browser did not measure the page"
    found: list[dict[str, object]] = json.loads(html.unescape(answer[1]))
    return found


@pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed")
def test_layout(mixed_report: Path, tmp_path: Path) -> None:
    for frame in _measured((mixed_report / "index.html").read_text(encoding="utf-8"), tmp_path):
        assert frame["pageWidth"] == frame["width"]
        assert frame["cut"] == []
        assert frame["overlapping"] == []
        assert frame["outside"] == []
        assert isinstance(frame["smallest"], float)
        assert frame["smallest"] >= 11
        assert (frame["shown"], frame["rows"]) == (1, 6)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed")
def test_the_measurement_can_fail(mixed_report: Path, tmp_path: Path) -> None:
    page = (mixed_report / "index.html").read_text(encoding="utf-8")
    spoilt = page.replace("min-width: 50rem", "min-width: 0").replace(
        '<h2 id="meaning">', '<div style="width: 1500px">x</div><h2 id="meaning">'
    )
    spoilt = re.sub(r"(<text [^>]*>)Series A<", r'\1<tspan x="0" y="0">Series A</tspan><', spoilt)
    spoilt = spoilt.replace(">Series C<", ">Series C, a name far too long for its place beside the drawing<")
    frame = _measured(spoilt, tmp_path)[0]
    assert frame["pageWidth"] != frame["width"]
    assert frame["cut"]
    assert frame["outside"]
    assert isinstance(frame["smallest"], float)
    assert frame["smallest"] < 11


@pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed")
@pytest.mark.parametrize("name", ["liquidation", "dividends", "approvals", "readings"])
def test_layout_of_a_section(name: str, mixed_report: Path, tmp_path: Path) -> None:
    page = (mixed_report / f"sections/{name}.html").read_text(encoding="utf-8")
    frames = _measured(page, tmp_path, MEASURE_SECTION)
    for frame in frames:
        assert frame["pageWidth"] == frame["width"]
        assert frame["cut"] == []
        assert frame["formulas"] == page.count('<div class="scroll formula"')
        assert [frame[fault] for fault in ("empty", "lost", "flat", "level", "piled", "notes")] == [0] * 6
    if name != "readings":
        assert frames[0]["scrolling"]
        assert all(frames[0][what] for what in ("formulas", "fractions", "names", "cases"))


@pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed")
def test_the_measurement_of_a_section_can_fail(mixed_report: Path, tmp_path: Path) -> None:
    page = (mixed_report / "sections/liquidation.html").read_text(encoding="utf-8")
    spoilt = (
        page.replace('class="scroll formula"', 'class="formula"')
        .replace("mfrac>", "mrow>")
        .replace("<msub>", "<mrow>")
        .replace("</msub>", "</mrow>")
    )
    frame = _measured(spoilt, tmp_path, MEASURE_SECTION)[0]
    assert frame["cut"]
    assert frame["pageWidth"] != frame["width"]
    assert frame["fractions"] == frame["names"] == 0
