"""What is kept is found again, and nothing unsound is ever believed."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from proofs import cache as module
from proofs import evidence, run, study
from proofs.cache import ANSWERS, Cache, digest
from proofs.evidence import Excluded
from proofs.executors import LostError
from proofs.report import document
from proofs.results import Exploration, Findings, Run, Verdict
from proofs.wire import decode, encode
from reference.charter import Charter
from tests.proofs.places import Here
from tests.proofs.test_verdicts import CAPPED, POSITIVE, at_most, check
from tests.proofs.toys import judged

QUICK = "liquidation.caps*"
KEY = digest("a question")
ANSWER = Excluded("unsat", 17, None)
LIE = Excluded("sat", 17, 0)


@pytest.fixture
def kept(tmp_path: Path) -> Cache:
    """Return a cache that tells its warnings to `warnings`."""
    return Cache(tmp_path / "cache", warnings.append)


warnings: list[str] = []


@pytest.fixture(autouse=True)
def _no_warnings() -> None:
    warnings.clear()


def files(cache: Cache) -> list[Path]:
    """Return the entries of a cache."""
    return sorted(path for path in cache.directory.rglob("*") if path.is_file())


def test_what_is_kept_is_found_again(kept: Cache) -> None:
    assert kept.get(KEY, Excluded) is None
    kept.put(KEY, ANSWER)
    assert kept.get(KEY, Excluded) == ANSWER
    kept.put(KEY, LIE)
    assert kept.get(KEY, Excluded) == LIE
    assert len(files(kept)) == 1
    assert kept.get(digest("another question"), Excluded) is None


def test_names_depend_on_each_part_and_on_where_it_ends() -> None:
    names = {digest("ab", "c"), digest("a", "bc"), digest("abc"), digest("c", "ab"), digest("ab", "c", "")}
    assert len(names) == 5


def other_shape(content: bytes) -> bytes:
    """Return an entry whose digest is right and whose content is something else."""
    body = zlib.compress(json.dumps({"status": 3}).encode())
    return module._head(KEY, body) + b"\n" + body


def not_packed(content: bytes) -> bytes:
    """Return an entry whose digest is right and that is not packed."""
    return module._head(KEY, b"{}") + b"\n{}"


def other_format(content: bytes) -> bytes:
    """Return an entry of another version."""
    return content.replace(module.FORMAT, b"charterproof cache 0")


def turned(content: bytes) -> bytes:
    """Return an entry that says the opposite, under the digest of what it said before."""
    head, _, body = content.partition(b"\n")
    said = zlib.decompress(body).replace(b"unsat", b"sat")
    return head + b"\n" + zlib.compress(said)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content + b"x",
        lambda content: bytes([*content[:-3], content[-3] ^ 1, *content[-2:]]),
        lambda content: b"not a cache",
        lambda content: os.urandom(500),
        turned,
        other_format,
        other_shape,
        not_packed,
    ],
)
def test_what_is_spoilt_is_as_good_as_absent(spoil: Callable[[bytes], bytes], kept: Cache) -> None:
    kept.put(KEY, ANSWER)
    (path,) = files(kept)
    path.write_bytes(spoil(path.read_bytes()))
    assert kept.get(KEY, Excluded) is None
    kept.put(KEY, ANSWER)
    assert kept.get(KEY, Excluded) == ANSWER


def test_an_entry_under_another_name_is_not_believed(kept: Cache) -> None:
    kept.put(KEY, ANSWER)
    (path,) = files(kept)
    other = digest("another question")
    kept.put(other, LIE)
    shutil.copy(path, kept.directory / other[:2] / other[2:])
    assert kept.get(other, Excluded) is None


def test_a_folder_in_the_place_of_an_entry_is_no_entry(kept: Cache) -> None:
    (kept.directory / KEY[:2] / KEY[2:]).mkdir(parents=True)
    assert kept.get(KEY, Excluded) is None
    kept.put(KEY, ANSWER)
    (sentence,) = warnings
    assert sentence.startswith("The cache in ")


def test_a_disk_that_refuses_is_told_and_leaves_nothing(kept: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    kept.put(KEY, ANSWER)
    (sentence,) = warnings
    assert "No space left on device" in sentence
    assert files(kept) == []


# What findings depend on.


def keys(charter: Charter, cache: Cache, only: str = QUICK) -> set[str]:
    """Prove something as if by an unchanging process, and return the names of what is kept."""
    before = set(map(str, files(cache)))
    run.prove(charter, only, place=Here(), cache=cache)
    return set(map(str, files(cache))) - before


@pytest.fixture
def quick_here(monkeypatch: pytest.MonkeyPatch, quintus: Charter) -> Findings:
    """Let every task find what one run of the real one found."""
    findings = run.prove(quintus, QUICK)
    found = Findings(findings.results, findings.explorations)
    monkeypatch.setattr(Here, "findings", staticmethod(lambda task: found))
    return found


def test_findings_depend_on_charter_sources_versions_and_choice(
    quintus: Charter, kept: Cache, quick_here: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(keys(quintus, kept)) == 1
    assert keys(quintus, kept) == set()
    dearer = replace(quintus, dated="1999-08-25")
    assert len(keys(dearer, kept)) == 1
    monkeypatch.setattr(module, "version", lambda name: "0")
    assert len(keys(quintus, kept)) == 1
    monkeypatch.undo()
    monkeypatch.setattr(Here, "findings", staticmethod(lambda task: quick_here))
    monkeypatch.setattr(module, "_sources", lambda: [("reference/liquidation.py", Path(__file__))])
    assert len(keys(quintus, kept)) == 1


def test_the_state_of_the_sources_changes_with_each_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files_ = dict(module._sources())
    assert {"reference/liquidation.py", "symbolic/liquidation.py", "proofs/checks.py"} <= set(files_)
    assert not [name for name in files_ if name.startswith(("reference/oracle", "proofs/report", "proofs/mutation"))]
    before = module.state()
    copy = tmp_path / "liquidation.py"
    copy.write_text(files_["reference/liquidation.py"].read_text() + "#")
    monkeypatch.setattr(module, "_sources", lambda: {**files_, "reference/liquidation.py": copy}.items())
    assert module.state() != before


def test_a_study_loads_no_source_that_is_left_out_of_the_state() -> None:
    code = "import sys, proofs.worker; print(*[m for m in sys.modules if m.split('.')[0] in sys.argv[1:]])"
    done = subprocess.run([sys.executable, "-c", code, *module.PACKAGES], capture_output=True, text=True, check=True)
    loaded = {name.replace(".", "/") for name in done.stdout.split()}
    assert "proofs/worker" in loaded
    assert not [name for name in loaded if name.startswith(tuple(module.APART))]


def test_what_is_undecided_or_broke_off_is_not_kept(
    quintus: Charter, kept: Cache, quick_here: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, *others) = quick_here.results
    twin = replace(first.twins[0], verdict=Verdict.UNKNOWN) if first.twins else None
    spoilt = [
        replace(quick_here, results=(replace(first, verdict=verdict), *others))
        for verdict in (Verdict.UNKNOWN, Verdict.ERROR)
    ]
    spoilt.append(replace(quick_here, explorations=(replace(quick_here.explorations[0], undecided=1),)))
    if twin is not None:
        spoilt.append(replace(quick_here, results=(replace(first, twins=(twin,)), *others)))
    for found in spoilt:
        monkeypatch.setattr(Here, "findings", staticmethod(lambda task, found=found: found))
        assert keys(quintus, kept) == set()


def test_findings_about_other_theorems_are_not_believed(quintus: Charter, kept: Cache, quick_here: Findings) -> None:
    (name,) = keys(quintus, kept)
    restated = replace(quick_here.results[0].theorem, statement="Everything is owed to nobody.")
    foreign = replace(quick_here, results=(replace(quick_here.results[0], theorem=restated),))
    key = "".join(Path(name).parts[-2:])
    kept.put(key, foreign)
    assert kept.get(key, Findings) == foreign
    assert run.prove(quintus, QUICK, place=Here(), cache=kept).results == quick_here.results


# Whole runs.


def as_bytes(found: Run) -> bytes:
    """Return a run in its machine form, obligations included."""
    texts = [o.smt2 for r in found.results for o in r.obligations]
    return json.dumps([document(found), texts]).encode()


def test_a_run_from_the_cache_is_the_same_and_asks_no_process(quintus: Charter, kept: Cache) -> None:
    cold = run.prove(quintus, QUICK)
    filling = run.prove(quintus, QUICK, cache=kept)
    told: list[tuple[str, int, int]] = []
    place = Here(LostError("no process is to be asked"))
    warm = run.prove(quintus, QUICK, lambda *step: told.append(step), place=place, cache=kept)
    assert as_bytes(cold) == as_bytes(filling) == as_bytes(warm)
    assert told == [("liquidation.caps_respected_with_any_dividends", 2, 2)]
    # Without the findings of the study, the solver's answers are used: the same again.
    (study_entry,) = [path for path in files(kept) if decodes(kept, path)]
    study_entry.unlink()
    assert len(files(kept)) == 29
    assert as_bytes(run.prove(quintus, QUICK, cache=kept)) == as_bytes(cold)
    # Spoilt entries everywhere are worked out again.
    for path in files(kept):
        path.write_bytes(path.read_bytes().replace(b"charter", b"Charter"))
    assert as_bytes(run.prove(quintus, QUICK, cache=kept)) == as_bytes(cold)
    assert warnings == []


def decodes(cache: Cache, path: Path) -> bool:
    """Say whether an entry is of a study."""
    return cache.get("".join(path.parts[-2:]), Findings) is not None


def test_findings_survive_being_written(quick_here: Findings) -> None:
    assert decode(encode(quick_here), Findings) == quick_here
    empty = Findings((), (Exploration("f", {"reading": "x"}, ("a",), 1, 2, 3, 4, 5),))
    assert decode(encode(empty), Findings) == empty


def test_answers_of_the_solver_are_kept_by_text_and_budget(kept: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    token = ANSWERS.set(kept)
    try:
        first = judged(check(at_most(3), POSITIVE), CAPPED)
        assert len(files(kept)) == len(first.obligations) == 2
        asked: list[str] = []
        plain = evidence.decide
        monkeypatch.setattr(evidence, "decide", lambda *given: asked.append(given[0]) or plain(*given))
        assert judged(check(at_most(3), POSITIVE), CAPPED) == first
        assert asked == []
        judged(check(at_most(3), POSITIVE), CAPPED, budget=study.BUDGET - 1)
        assert len(asked) == 2
        asked.clear()
        judged(check(at_most(4), POSITIVE), CAPPED)
        assert len(asked) == 2
    finally:
        ANSWERS.reset(token)


def test_what_the_solver_leaves_open_is_not_kept(kept: Cache) -> None:
    token = ANSWERS.set(kept)
    try:
        hard = check(lambda v: v.inputs["x"] * v.inputs["x"] * v.inputs["x"] != v.inputs["x"] + 7, POSITIVE)
        starved = judged(hard, CAPPED, budget=1)
        assert starved.verdict is Verdict.UNKNOWN
        assert [decoded for path in files(kept) if (decoded := kept.get("".join(path.parts[-2:]), Excluded))] == []
    finally:
        ANSWERS.reset(token)


# On a disk that is full: no file may become longer than some bytes.


def limited(*arguments: str, most: int) -> subprocess.CompletedProcess[bytes]:
    """Run the command where files cannot get longer than so many bytes."""
    code = "import sys; from reference.oracle.command import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )


def test_a_full_disk_costs_the_cache_and_not_the_run(tmp_path: Path) -> None:
    directory = tmp_path / "cache"
    done = limited("prove", "--only", QUICK, "--cache", str(directory), most=300)
    assert done.returncode == 0
    assert done.stdout.count(b"PROVED") == 2
    warned, sentence = done.stderr.decode().splitlines()
    assert warned.startswith("charterproof: warning: The cache in ")
    assert sentence == "Everything came out as expected."
    assert not [path for path in directory.rglob("*") if path.is_file() and path.stat().st_size >= 300]


def test_a_full_disk_leaves_no_report(tmp_path: Path) -> None:
    done = limited("report", "--only", QUICK, "--out", str(tmp_path / "report"), most=20_000)
    assert (done.returncode, done.stdout) == (2, b"")
    (sentence,) = done.stderr.decode().splitlines()
    assert sentence.startswith("charterproof: report_not_written: The report could not be written to ")
    assert list(tmp_path.iterdir()) == []


def test_the_head_of_an_entry_is_a_digest_of_its_name_and_content(kept: Cache) -> None:
    kept.put(KEY, ANSWER)
    (path,) = files(kept)
    head, _, body = path.read_bytes().partition(b"\n")
    assert head.split()[-1].decode() == sha256(KEY.encode() + b"\n" + body).hexdigest()
    assert path.parent.name + path.name == KEY
