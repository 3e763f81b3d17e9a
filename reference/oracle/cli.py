"""The commands and their options; what they do is elsewhere."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from reference.oracle import proving
from reference.oracle.answers import internal_error
from reference.oracle.charters import load
from reference.oracle.plain import one_line
from reference.oracle.refusals import Refusal
from reference.oracle.streams import answer_file, discard
from reference.oracle.wire import decode

if TYPE_CHECKING:
    from proofs.results import Run

BAD_INPUT = 2
INTERRUPTED = 130
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What a disk says that takes no more."""

CACHE_VARIABLE = "CHARTERPROOF_CACHE"

WHOLE_HELP = """\
Exact answers about one certificate of incorporation, with the proof that they are right.

\b
Ask a question        charterproof answer case.json
Ask many              charterproof answer < cases.jsonl > answers.jsonl
See the choices       charterproof readings
Those that matter     charterproof readings case.json
See the formulas      charterproof formula liquidation
Look up a clause      charterproof explain '2(b)'
Prove the theorems    charterproof prove --only 'liquidation.*'
Write the report      charterproof report --out report
See a document's form charterproof schema case
Verify another tool   charterproof verify -- CMD...
Verify its answers    charterproof compare cases.jsonl answers.csv --map map.toml

\b
Exit status: 0 as expected; 1 a verdict is not the expected one; 2 bad input or usage;
3 undecided within the solver's budget. CHARTERPROOF_DEBUG=1 prints the traceback of a defect.
"""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; every failure becomes one sentence on standard error."""
    try:
        _check_output()
        status = app.main(list(arguments), prog_name="charterproof", standalone_mode=False) or 0
        sys.stdout.flush()
        return int(status)
    except BaseException as error:
        return failed(error)


def failed(error: BaseException) -> int:
    """Tell a failure in one sentence on standard error, and return the exit status."""
    if isinstance(error, click.ClickException):
        vars(error)["message"] = one_line(error.message)  # it may hold what was typed
        error.show()
        return error.exit_code
    if isinstance(error, (click.exceptions.Abort, KeyboardInterrupt)):
        return INTERRUPTED
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, (BrokenPipeError, SystemExit)):
        # click leaves the process when whoever read has enough; for nothing else while not standing alone.
        discard(sys.stdout.buffer)
        return 0
    if isinstance(error, Refusal):
        return _fail(error)
    if isinstance(error, OSError) and error.errno in FULL:
        discard(sys.stdout.buffer)
        return _fail(Refusal("output_not_written", "", f"The output cannot be written: {error.strerror}."))
    if not isinstance(error, Exception):
        raise error
    return _fail(internal_error(error))


def _check_output() -> None:
    if sys.stdout is None:
        raise Refusal("output_not_written", "", "The output cannot be written: there is no standard output.")


def _fail(refusal: Refusal) -> int:
    if sys.stderr is not None:
        click.echo(f"charterproof: {refusal.code}: {one_line(refusal.message)}", err=True)
    return BAD_INPUT


def _version(context: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        click.echo(f"charterproof {version('charterproof')}")
        context.exit()


@click.group(help=WHOLE_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
def app() -> None:
    pass


@app.command()
@click.argument("file", default="-")
def answer(file: str) -> int:
    """Answer the cases of FILE, or of standard input.

    A file with one JSON object is one case. Otherwise each line is a case, and gets a line of answer as soon as
    it is read. A case that cannot be answered gets a refusal, and the next one is still answered.

    \b
    Example:
      echo '{"case": "one", "charter": "quintus-1999",
             "position": {"holdings": [{"holder": "fay", "class": "F", "shares": 1500000},
                                       {"holder": "ann", "class": "common", "shares": 10000000}]},
             "ask": {"question": "liquidation", "assets": "50000000"}}' | charterproof answer

    \b
    Exit status: 0 if every case is answered, 2 if any is refused, 3 if amounts cannot be told apart.
    """
    return answer_file(file, sys.stdout.buffer)


@app.command()
@click.argument("case", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print data instead of text.")
def readings(case: str | None, as_json: bool) -> None:
    """List the choices where the text is ambiguous; with CASE, those that would change that case's answer.

    CASE is a file with one case, or - for standard input.
    """
    from reference.oracle import register

    if case is not None:
        _alternatives(case, as_json)
    elif as_json:
        _print_json(register.as_data())
    elif sys.stdout.isatty():
        from rich.console import Console

        Console(markup=False, highlight=False).print(register.as_table())
    else:
        click.echo(register.as_text(), nl=False)


def _alternatives(name: str, as_json: bool) -> None:
    from reference.oracle import alternatives

    found = alternatives.alternatives(_document(name))
    if as_json:
        _print_json(found)
    else:
        click.echo(alternatives.as_text(found), nl=False)


def _document(name: str) -> object:
    """Return the document in a file, or on standard input for "-"."""
    try:
        return decode(sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes())
    except OSError as error:
        raise Refusal("unreadable_file", "", f"{name} cannot be read: {error.strerror}.") from None


@app.command()
@click.argument("name", required=False)
@click.option("--list", "listed", is_flag=True, help="List the documents that have a schema.")
def schema(name: str | None, listed: bool) -> None:
    """Print the JSON Schema of one document: case, answer, refusal, charter and more."""
    from reference.oracle import schema as schemas

    if listed:
        for known, (_, purpose) in schemas.DOCUMENTS.items():
            click.echo(f"{known:<17} {purpose}")
    elif name is None or name not in schemas.DOCUMENTS:
        raise click.UsageError(f"NAME must be one of: {', '.join(schemas.DOCUMENTS)}.")
    else:
        _print_json(schemas.schema(name))


@app.command()
@click.argument("clause")
@click.option("--charter", default="quintus-1999", show_default=True, help="The name of a shipped charter.")
@click.option("--json", "as_json", is_flag=True, help="Print data instead of text.")
def explain(clause: str, charter: str, as_json: bool) -> None:
    """Show what a CLAUSE says, such as 2(b): paraphrase, code, closed form, theorems and tests."""
    from reference.oracle import explain as explanations

    found = explanations.explain(clause, load(charter))
    if as_json:
        _print_json(found)
    else:
        click.echo(explanations.as_text(found), nl=False)


@app.command()
@click.argument("section")
@click.option("--charter", default="quintus-1999", show_default=True, help="The name of a shipped charter.")
@click.option("--latex", is_flag=True, help="Print LaTeX.")
def formula(section: str, charter: str, latex: bool) -> None:
    """Print the closed forms of one SECTION, such as liquidation, derived apart from the engine's code."""
    terms = load(charter)
    from symbolic.formula import SECTIONS, render

    if section not in SECTIONS:
        raise click.UsageError(f"SECTION must be one of: {', '.join(SECTIONS)}.")
    click.echo(render(section, terms, latex).rstrip("\n"))


def _means(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options that say how theorems are proved, and hand them to a command as one."""

    @click.option(
        "--cache",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        envvar=CACHE_VARIABLE,
        show_envvar=True,
        help="Keep what is found in DIR, and use what earlier runs kept there.",
    )
    @click.option("--no-cache", is_flag=True, help="Work everything out anew, whatever the environment says.")
    @click.option(
        "--second-solver", type=click.Choice(["cvc5"]), help="Let another solver decide again what is proved."
    )
    @click.option("--scheduler", metavar="ADDRESS", help="Work on a Dask cluster, such as tcp://host:8786.")
    @wraps(command)
    def with_means(
        cache: Path | None, no_cache: bool, second_solver: str | None, scheduler: str | None, **given: Any
    ) -> int:
        return command(means=proving.Means(None if no_cache else cache, scheduler, second_solver), **given)

    return with_means


@app.command()
@click.option("--only", metavar="GLOB", help="Only theorems whose id fits, such as 'liquidation.*'.")
@click.option("--charter", default="quintus-1999", show_default=True, help="The name of a shipped charter.")
@click.option("--json", "as_json", is_flag=True, help="Print data instead of a table.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first verdict that is not the expected one.")
@_means
def prove(only: str | None, charter: str, as_json: bool, fail_fast: bool, means: proving.Means) -> int:
    """Prove the theorems and compare each verdict with the expected one.

    \b
    Exit status: 0 if every verdict is the expected one, 1 if one is not, 2 if no theorem fits,
    3 if some are undecided and none is wrong.
    """
    run = proving.run_theorems(charter, only, fail_fast, means)
    if as_json:
        sys.stdout.buffer.write(proving.as_json(run))
    else:
        proving.show_table(run)
    _tell(run)
    return proving.exit_status(run)


@app.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The directory to write.")
@click.option("--only", metavar="GLOB", help="Only theorems whose id fits, such as 'liquidation.*'.")
@click.option("--charter", default="quintus-1999", show_default=True, help="The name of a shipped charter.")
@_means
def report(out: Path, only: str | None, charter: str, means: proving.Means) -> int:
    """Prove the theorems and write the report: a page for people, data for programs, the obligations for solvers.

    The exit status is that of `prove`; the report is written in any case, whole or not at all.
    """
    run = proving.run_theorems(charter, only, means=means)
    proving.write_report(run, out)
    _tell(run)
    click.echo(one_line(f"The report is in {out}; start with {out / 'index.html'}."), err=True)
    return proving.exit_status(run)


@app.command(context_settings={"ignore_unknown_options": True})
@click.option("--cases", metavar="FILE", help="Ask the cases of FILE, - for standard input, instead of generated ones.")
@click.option("--vectors", metavar="DIR", help="Ask the vectors that `charterproof vectors` has written into DIR.")
@click.option(
    "--question", "questions", multiple=True, metavar="NAME", help="Generate cases of this question only; repeatable."
)
@click.option("--count", type=click.IntRange(0), default=1000, show_default=True, help="How many cases to draw.")
@click.option("--seed", type=int, default=0, show_default=True, help="What the drawn cases start from.")
@click.option("--no-small", is_flag=True, help="Leave out the small cases, all of which come first otherwise.")
@click.option("--no-events", is_flag=True, help="Draw no histories.")
@click.option(
    "--compare", default="exact", show_default=True, metavar="MODE", help="exact, cent or relative:TOLERANCE."
)
@click.option("--field", "fields", multiple=True, metavar="GLOB", help="Compare only such fields; repeatable.")
@click.option(
    "--timeout", type=click.FloatRange(0, min_open=True), default=10, show_default=True, help="Seconds for one reply."
)
@click.option("--memory", type=click.IntRange(1), metavar="MIB", help="The memory that the tool may take.")
@click.option("--shrink", type=click.IntRange(0), default=5, show_default=True, help="Make so many cases small.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first finding.")
@click.option("--json", "as_json", metavar="FILE", help="Write the results as JSON; - for standard output.")
@click.option("--junit", metavar="FILE", help="Write the results as JUnit XML.")
@click.option("--markdown", metavar="FILE", help="Write the results as Markdown, for the summary of a CI job.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED, required=True)
def verify(command: tuple[str, ...], **options: Any) -> int:
    """Ask another tool, COMMAND, and compare what it answers with the engine.

    COMMAND is started once and stays alive: it reads a case a line and writes an answer a line. Of a difference the
    reading or the known mistake that gives the tool's numbers is named, and a small case that shows it.

    \b
    Example:
      charterproof verify --compare cent -- python my_adapter.py

    \b
    Exit status: 0 if all that was compared agrees, 1 for a finding, 2 if nothing was compared or the input is bad,
    130 if interrupted.
    """
    from reference.oracle.verify import running

    return running.verify(command, running.Options(**options))


@app.command()
@click.argument("cases", type=click.Path(allow_dash=True))
@click.argument("answers", type=click.Path(path_type=Path))
@click.option(
    "--map", "map_file", type=click.Path(path_type=Path), metavar="FILE", help="TOML: what the columns of a table are."
)
@click.option(
    "--compare", default="exact", show_default=True, metavar="MODE", help="exact, cent or relative:TOLERANCE."
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write what differs as .csv or .xlsx.")
@click.option("--json", "as_json", metavar="FILE", help="Write the results as JSON; - for standard output.")
@click.option("--markdown", metavar="FILE", help="Write the results as Markdown, for the summary of a CI job.")
def compare(**options: Any) -> int:
    """Compare a tool's ANSWERS in a file, .csv, .xlsx, .json or .jsonl, with the engine's to CASES.

    The columns of a table are mapped by a small TOML, `charterproof schema table-map`; JSON holds replies as a tool
    writes them to `verify`, or an object of answers by case. Results are those of `verify`.

    \b
    Example:
      charterproof compare cases.jsonl answers.xlsx --map map.toml --compare cent --out differences.xlsx

    \b
    Exit status: 0 if all that was compared agrees, 1 for a finding, such as a case without an answer,
    2 if nothing was compared or the input is bad.
    """
    from reference.oracle.verify import filing

    return filing.compare(filing.Options(**options))


@app.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The directory to write.")
def vectors(out: Path) -> None:
    """Write test vectors: cases with exact answers, the reasoning, and the mistakes that each one catches.

    A file for each question, the JSON Schema of these files, and an index. The same version writes the same bytes.
    """
    from reference.oracle.verify import vectors as written

    number = written.write(out)
    click.echo(one_line(f"{number} vectors are in {out}; {out / written.INDEX} lists them."), err=True)


def _tell(run: Run) -> None:
    """Say on standard error how a run came out, and what there is to say of each surprise."""
    for detail in proving.details(run):
        click.echo(detail, err=True)
    click.echo(proving.sentence(run), err=True)


def _print_json(document: object) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2))
