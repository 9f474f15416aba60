"""The commands, thin: each reads its arguments, calls one function and prints what came of it.

Heavy imports stay inside the commands, so that ``itpm-trends --help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from itpm_trends import __version__
from itpm_trends.errors import ItpmTrendsError, NothingToDo, SettingsError
from itpm_trends.printable import printable, printable_json
from itpm_trends.workspace import VARIABLE, Workspace

EXIT_CODES = (
    "Exit codes: 0 complete, 1 partial or failed, 2 nothing to do or nothing found, 3 wrong settings or arguments."
)

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=False,
    help="What employers ask of IT project managers, how it changes and what to learn next.\n\n"
    "The work lives in the current folder (or --workspace): data/raw, data/processed, reports.\n\n"
    "Example: [bold]itpm-trends import postings.csv && itpm-trends build && itpm-trends report[/bold]\n\n" + EXIT_CODES,
)


def main() -> None:
    """Run a command; print the message of an error that a user can mend, without a traceback."""
    command = typer.main.get_command(app)
    try:
        sys.exit(command.main(prog_name="itpm-trends", standalone_mode=False) or 0)
    except ItpmTrendsError as error:
        print(f"itpm-trends: {printable(str(error))}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of the pipe has seen enough (`| head`): that is no failure.
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        print("itpm-trends: stopped; what was done so far is kept", file=sys.stderr)
        sys.exit(130)
    except Exception as error:
        # A usage error knows how to show itself; anything else is ours and keeps its traceback.
        if not hasattr(error, "format_message"):
            raise
        error.show()
        sys.exit(SettingsError.exit_code)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    workspace: Annotated[Path | None, typer.Option(help="Folder of your work; the current one by default.")] = None,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Options of every command."""
    if workspace is not None and not workspace.is_dir():
        raise SettingsError(f"--workspace {workspace} is not a folder. Create it with `itpm-trends init {workspace}`.")
    context.obj = Workspace(workspace.resolve()) if workspace else Workspace.current()
    os.environ[VARIABLE] = str(context.obj.root)  # notebooks and worker processes find the same vocabulary


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Folder to lay out; created where it is missing.")]) -> None:
    """Lay out a folder for your work: settings to edit, data folders, the notebooks.

    Example: [bold]itpm-trends init work[/bold]
    """
    from itpm_trends.starting import lay_out

    for path in lay_out(folder):
        print(path)


@app.command("import")
def import_(
    context: typer.Context, files: Annotated[list[Path], typer.Argument(help="CSV, JSONL or Parquet.")]
) -> None:
    """Take in postings from files (CSV, JSONL, Parquet): JobSpy's columns and the usual names are understood.

    A title and a description are needed; all else may be missing. What cannot be read is kept apart with its reason.

    Example: [bold]itpm-trends import jobspy.csv more.parquet[/bold]
    """
    from itpm_trends.collecting.archive import Archive
    from itpm_trends.collecting.importing import import_files
    from itpm_trends.terminal import import_lines

    workspace = _real(context.obj, "import")
    summary = import_files(files, Archive(workspace.raw), run_id=_run_id(), now=_now())
    _say(import_lines(summary))
    raise typer.Exit(summary.exit_code)


@app.command()
def collect(
    context: typer.Context,
    source: Annotated[list[str] | None, typer.Option(help="Only this source; may be repeated.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Walk the open histories from this month on instead, e.g. 2023-01.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the first requests of each source and send nothing.")
    ] = False,
) -> None:
    """Collect postings politely into data/raw: from the open sources, and from those you have switched on.

    Example: [bold]itpm-trends collect --source greenhouse[/bold]

    A trend on the first day: [bold]itpm-trends collect --since 2023-01[/bold] (may be stopped and run again)
    """
    from itpm_trends.collecting.archive import Archive
    from itpm_trends.collecting.chosen import chosen_tables
    from itpm_trends.collecting.collect import collect as collect_postings
    from itpm_trends.collecting.collect import planned_requests
    from itpm_trends.collecting.sources import SOURCES
    from itpm_trends.collecting.windows import Window
    from itpm_trends.progress import sources_shown
    from itpm_trends.terminal import collect_lines

    workspace = _real(context.obj, "collect")
    window = Window.named(since) if since else None
    tables = chosen_tables(workspace.settings, tuple(source or ()))
    if window and not source:
        tables = {name: table for name, table in tables.items() if SOURCES[name].backfill}
    settings = replace(workspace.settings, sources=tables)
    _remind_of_terms(tables)
    if dry_run:
        for name, request in planned_requests(settings, as_of=_now().date(), since=window):
            print(f"{name:18} {request}")
        return
    with sources_shown() as announce:
        report = collect_postings(Archive(workspace.raw), settings=settings, now=_now, progress=announce, since=window)
    _say(collect_lines(report))
    raise typer.Exit(report.exit_code)


sources = typer.Typer(
    no_args_is_help=True,
    help="Where postings come from: list the sources, switch them on and off, see what they send.\n\n"
    "Example: [bold]itpm-trends sources list[/bold]",
)
app.add_typer(sources, name="sources")


@sources.command("list")
def list_(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a source, for programs.")] = False,
) -> None:
    """Every source with its tier, whether it is on, its licence and how often it may be asked.

    Example: [bold]itpm-trends sources list[/bold]
    """
    from itpm_trends.terminal import source_list_lines

    _say(source_list_lines(context.obj.settings, as_json))


@sources.command()
def show(context: typer.Context, name: Annotated[str, typer.Argument(help="The source, as `sources list` names it.")]):
    """All that is known of one source: terms, attribution, quotas, keys, boards asked.

    Example: [bold]itpm-trends sources show remotive[/bold]
    """
    from itpm_trends.terminal import source_lines

    _say(source_lines(name, context.obj.settings))


@sources.command()
def enable(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The source, as `sources list` names it.")],
    yes: Annotated[bool, typer.Option("--yes", help="You have read its terms; do not ask.")] = False,
) -> None:
    """Switch a source on, in itpm-trends.toml; its terms are shown first.

    Example: [bold]itpm-trends sources enable adzuna[/bold]
    """
    from itpm_trends.collecting.chosen import switch
    from itpm_trends.terminal import source_lines

    declared = _declared(name)
    _say(source_lines(name, context.obj.settings))
    if declared.warning and not yes:
        if not sys.stdin.isatty():
            raise SettingsError(f"{name} asks for your consent: read the terms above, then add --yes")
        typer.confirm("Do you accept these terms?", abort=True)
    print(f"{name} is on: {switch(context.obj.root, name, on=True)}")


@sources.command()
def disable(context: typer.Context, name: Annotated[str, typer.Argument(help="The source.")]) -> None:
    """Switch a source off, in itpm-trends.toml; what it gave before is kept.

    Example: [bold]itpm-trends sources disable remotive[/bold]
    """
    from itpm_trends.collecting.chosen import switch

    _declared(name)
    print(f"{name} is off: {switch(context.obj.root, name, on=False)}")


@sources.command("check")
def check_sources(
    context: typer.Context,
    name: Annotated[list[str] | None, typer.Argument(help="Only these; all that are on if unset.")] = None,
) -> None:
    """Send each source its first request and say whether postings came; nothing is kept. Exit code 1 where not.

    Example: [bold]itpm-trends sources check greenhouse remotive[/bold]
    """
    from itpm_trends.collecting.chosen import chosen_tables
    from itpm_trends.collecting.collect import first_answers

    workspace = _real(context.obj, "sources check")
    settings = replace(workspace.settings, sources=chosen_tables(workspace.settings, tuple(name or ())))
    failed = False
    for source, n_postings, fault in first_answers(settings, now=_now):
        failed |= fault is not None
        print(f"{source:18} {printable(fault or f'{n_postings:,} postings in the first answer')}", flush=True)
    if failed:
        raise typer.Exit(1)


@sources.command()
def parse(
    name: Annotated[str, typer.Argument(help="The source, as `sources list` names it.")],
    file: Annotated[Path, typer.Argument(help="A payload or page as received; .gz is unpacked.")],
    url: Annotated[str | None, typer.Option(help="The address it came from, where the parser needs it.")] = None,
) -> None:
    """Print the postings that a saved payload holds, one JSON object a line; rejected records go to stderr.

    Example: [bold]itpm-trends sources parse greenhouse board.json[/bold]
    """
    from itpm_trends.collecting.parsing import parsed_lines
    from itpm_trends.reading.text import text_of

    _declared(name)
    n_postings = n_rejected = 0
    for line, is_posting in parsed_lines(name, file, url, _now(), text_of):
        print(printable_json(line), file=sys.stdout if is_posting else sys.stderr)
        n_postings, n_rejected = n_postings + is_posting, n_rejected + (not is_posting)
    if n_rejected:
        raise typer.Exit(1)
    if not n_postings:
        raise NothingToDo(f"{file} holds no posting that {name} can read")


def _declared(name: str):
    from itpm_trends.collecting.sources import SOURCES, refused

    if name in refused():
        raise SettingsError(f"{refused()[name].label} is not collected: {refused()[name].reason}")
    if name not in SOURCES:
        raise SettingsError(f"no source is named {name!r}; known are {', '.join(SOURCES)}")
    return SOURCES[name].declaration


@app.command()
def build(
    context: typer.Context,
    force: Annotated[bool, typer.Option(help="Read every posting anew, also where nothing is new.")] = False,
    engine: Annotated[
        str, typer.Option(help="Who reads: `pandas` on the cores of this machine, or the workers of `dask`.")
    ] = "pandas",
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a Dask scheduler whose workers see the workspace, e.g. tcp://10.0.0.5:8786."),
    ] = None,
    stages: Annotated[
        str | None,
        typer.Option(help="Folder that the workers see where they do not see the workspace, e.g. s3://bucket/stages."),
    ] = None,
) -> None:
    """Read every payload in data/raw and write the tables to data/processed; only new postings are read.

    Example: [bold]itpm-trends build[/bold]

    On a cluster: [bold]itpm-trends build --engine dask --scheduler tcp://10.0.0.5:8786[/bold]
    """
    from contextlib import nullcontext

    from itpm_trends import building
    from itpm_trends.progress import shown
    from itpm_trends.scaling import dask_engine
    from itpm_trends.terminal import build_lines

    if engine not in ("pandas", "dask"):
        raise SettingsError(f"--engine {engine!r} is not known: pandas or dask.")
    if scheduler and engine != "dask":
        raise SettingsError("--scheduler goes with --engine dask.")
    with shown() as progress, dask_engine(scheduler) if engine == "dask" else nullcontext() as reads:
        report = building.build(context.obj, force=force, engine=reads, stages=stages, progress=progress)
    _say(build_lines(report))
    if not report.n_it_project_manager:
        raise NothingToDo("none of these postings is for an IT project manager, so there is nothing to measure")


@app.command()
def extract(
    file: Annotated[str, typer.Argument(help="JSONL with id, title, description; - reads standard input.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write; standard output if unset.")
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Each posting with its mentions marked and the cue that decided; HTML with -o x.html."
        ),
    ] = False,
) -> None:
    """Read requirements from any postings: one JSON object a line, {"id", "labels"}.

    Example: [bold]itpm-trends extract postings.jsonl -o labels.jsonl[/bold]

    See why: [bold]itpm-trends extract postings.jsonl --explain -o why.html[/bold]
    """
    from itpm_trends.extracting import extract_file

    n_read, n_rejected = extract_file(file, output, explain)
    if n_rejected:
        raise typer.Exit(1)
    if not n_read:
        raise NothingToDo(f"{file} holds no postings: one JSON object a line with id, title and description is needed")


vocabulary = typer.Typer(
    no_args_is_help=True,
    help="What is looked for in postings: check it, search it, add your own entries.\n\n"
    "Your entries lie in vocabulary/ in your workspace; the package is not touched.\n\n"
    "Example: [bold]itpm-trends vocabulary search jira[/bold]",
)
app.add_typer(vocabulary, name="vocabulary")


@vocabulary.command()
def check() -> None:
    """Try every entry on its own sentences and look for clashes; exit code 1 where something is wrong.

    Example: [bold]itpm-trends vocabulary check[/bold]
    """
    from itpm_trends.reading.vocabulary_checks import all_entries, faults
    from itpm_trends.terminal import vocabulary_lines

    found = list(faults(all_entries()))
    _say(vocabulary_lines(all_entries(), found))
    if found:
        raise typer.Exit(1)


@vocabulary.command()
def search(words: Annotated[str, typer.Argument(help="A name, a phrase, or a whole sentence of a posting.")]) -> None:
    """Show the entries that some words name, or that would be found in them.

    Example: [bold]itpm-trends vocabulary search "keep stakeholders informed"[/bold]
    """
    from itpm_trends.reading.vocabulary_checks import search as entries_for
    from itpm_trends.terminal import search_lines

    found = entries_for(words)
    _say(search_lines(found))
    if not found:
        raise NothingToDo(f"no entry holds {words!r}. Add one: `itpm-trends vocabulary add --help`")


@vocabulary.command()
def add(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="skill, certification or duty.")],
    entry_id: Annotated[str, typer.Argument(metavar="ID", help="Lower-case words joined by hyphens.")],
    label: Annotated[str, typer.Option(help="What charts call it.")],
    match: Annotated[list[str], typer.Option(help="A phrase to look for; repeat for more (see docs/vocabulary.md).")],
    yes: Annotated[list[str], typer.Option(help="A sentence in which it must be found; repeat for more.")],
    no: Annotated[list[str], typer.Option(help="A sentence in which it must not be found; repeat for more.")],
    group: Annotated[str, typer.Option(help="Skills: method, practice, people, tool, technology or domain.")] = "tool",
    issuer: Annotated[str | None, typer.Option(help="Certifications: who awards it.")] = None,
    family: Annotated[str | None, typer.Option(help="Certifications: the family it belongs to, e.g. safe.")] = None,
    except_: Annotated[
        list[str] | None, typer.Option("--except", help="A phrase inside which it is not meant; repeat for more.")
    ] = None,
) -> None:
    """Add an entry of your own. It is tried first: faults and clashes are named, and nothing is written then.

    Example: [bold]itpm-trends vocabulary add skill asana-intelligence --label "Asana Intelligence"
    --match "asana intelligence" --yes "You know Asana Intelligence." --no "You know Asana."[/bold]
    """
    from itpm_trends.reading.vocabulary_checks import add as add_entry

    row = {"id": entry_id, "label": label, "match": match, "except": except_, "yes": yes, "no": no}
    more = {"skill": {"group": group}, "certification": {"issuer": issuer, "family": family}}.get(kind, {})
    path = add_entry(kind, {**row, **more, "except": except_ or []})
    print(f"{kind}:{entry_id} added to {path}; `itpm-trends build` looks for it from now on")


@app.command()
def trends(
    context: typer.Context,
    kind: Annotated[
        str | None, typer.Option(help="Only certification, skill, degree, experience, role, duty ...")
    ] = None,
    country: Annotated[str | None, typer.Option(help="Only this country, e.g. US.")] = None,
    seniority: Annotated[
        str | None, typer.Option(help="Only coordinator, manager, senior, programme or director.")
    ] = None,
    workplace: Annotated[str | None, typer.Option(help="Only onsite, hybrid or remote.")] = None,
    source: Annotated[str | None, typer.Option(help="Only this source, as `itpm-trends trends` calls it.")] = None,
    since: Annotated[str | None, typer.Option(help="Only postings new since this day, e.g. 2026-01-01.")] = None,
    period: Annotated[str | None, typer.Option(help="Count by week, month or quarter.")] = None,
    by: Annotated[
        str | None, typer.Option(help="Shares apart by country_code, seniority, workplace, specialism or source.")
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Lines to print.")] = 25,
    as_json: Annotated[bool, typer.Option("--json", help="Every row as a JSON object a line.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Every row to a .csv, .json or .parquet file.")
    ] = None,
) -> None:
    """Shares with their intervals, and what rises and falls; where no trend may be stated, the reason (exit code 1).

    Example: [bold]itpm-trends trends --kind certification --country US[/bold]

    Side by side: [bold]itpm-trends trends --kind degree --by seniority[/bold]
    """
    from itpm_trends import trending

    filters = {"country_code": country, "seniority": seniority, "workplace": workplace, "source": source}
    wanted = trending.Wanted({name: value for name, value in filters.items() if value}, _day(since), kind, period)
    if by:
        rows, refusal = trending.told_shares(context.obj, wanted, by), None
        lines = trending.strata_lines(rows, by, top)
    else:
        told = trending.told_trends(context.obj, wanted)
        rows, refusal, lines = told.rows, told.refusal, trending.trend_lines(told, top)
    if output:
        trending.save_rows(rows, output)
        print(output)
    _say(trending.json_lines(rows) if as_json else lines)
    if refusal:
        raise typer.Exit(1)


@app.command()
def recommend(
    context: typer.Context,
    plan: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="With --since-last: the plan to compare with; the newest.")
    ] = None,
    have: Annotated[str, typer.Option(help="Certifications and skills that you have, with commas between.")] = "",
    degree: Annotated[
        str | None, typer.Option(help="Highest degree, and its fields: bachelor, master:business, none.")
    ] = None,
    years: Annotated[float | None, typer.Option(help="Years of work.")] = None,
    pm_years: Annotated[float | None, typer.Option(help="Of them, years of leading projects.")] = None,
    resume: Annotated[
        Path | None, typer.Option(help="Your résumé (PDF, DOCX, TXT, MD); read on this machine, not kept.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(help="An example: help-desk-analyst, software-developer or construction-project-manager."),
    ] = None,
    country: Annotated[str | None, typer.Option(help="Only vacancies of this country, e.g. US.")] = None,
    hours: Annotated[float | None, typer.Option(help="Hours that you have for the whole plan.")] = None,
    budget: Annotated[float | None, typer.Option(help="Money that you have for the exams of the whole plan.")] = None,
    currency: Annotated[
        str | None, typer.Option(help="Of the budget, USD if unset; fees in others count as unknown.")
    ] = None,
    top: Annotated[int | None, typer.Option(help="How many steps at most; 10 if unset.")] = None,
    save: Annotated[
        str | None, typer.Option(metavar="NAME", help="Keep what you have and the steps in reports/plans/NAME.json.")
    ] = None,
    since_last: Annotated[
        bool, typer.Option("--since-last", help="Compare with a kept plan; what is not told anew is taken from it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write; standard output if unset.")
    ] = None,
) -> None:
    """What to learn next, for you: steps with their gain, trend, hours, fee, prerequisites and reasons.

    Example: [bold]itpm-trends recommend --have pmp,scrum,jira --degree bachelor:business --years 3[/bold]

    From a résumé, kept for later: [bold]itpm-trends recommend --resume cv.pdf --budget 500 --save mine[/bold]

    What has changed: [bold]itpm-trends recommend --since-last mine --have capm[/bold]
    """
    from itpm_trends import planning
    from itpm_trends.measuring.profile import profile_of
    from itpm_trends.terminal import plan_json, recommend_lines, resume_lines

    if plan and not since_last:
        raise SettingsError(f"{plan!r} stands alone: write --since-last {plan}, or --have {plan}")
    if save is not None:
        planning.check_plan_name(save)
    folder = context.obj.reports / "plans"
    before = planning.saved_plan(folder, plan) if since_last else None
    limits = planning.Limits(country, hours, budget, currency, top)
    limits = planning.limits_of_record(before, limits) if before else limits
    said = profile_of(have, degree, years, pm_years)
    person, read = planning.told_profile(resume, profile, said, before, as_of=date.today())
    if read:
        print("\n".join(resume_lines(read, resume.name)) + "\n", file=sys.stderr)
    made = planning.plan_of(context.obj, person, limits)
    changes = planning.plan_changes(before, made) if before else None
    lines = plan_json(made, changes) if as_json else recommend_lines(made, changes, before)
    if output:
        output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        _say(lines)
    if save:
        print(f"kept in {planning.save_plan(made, folder, save, _now())}", file=sys.stderr)
    if made.steps.empty:
        raise NothingToDo("no step fits: all were passed over")


@app.command()
def emerging(
    context: typer.Context,
    accept: Annotated[str | None, typer.Option(help="Add this term of the list to your vocabulary.")] = None,
    kind: Annotated[str, typer.Option(help="With --accept: skill, certification or duty.")] = "skill",
    group: Annotated[
        str, typer.Option(help="With --accept, skills: method, practice, people, tool, technology or domain.")
    ] = "tool",
    issuer: Annotated[str | None, typer.Option(help="With --accept, certifications: who awards it.")] = None,
    label: Annotated[str | None, typer.Option(help="With --accept: what charts call it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a row, for programs.")] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="CSV file to write.")] = None,
) -> None:
    """Terms that the vocabulary lacks and employers name more often of late; requirements that rise and fade.

    Example: [bold]itpm-trends emerging[/bold]

    Take a term in: [bold]itpm-trends emerging --accept "model context protocol" --group technology[/bold]
    """
    from itpm_trends.showing import lately
    from itpm_trends.terminal import lately_lines

    if accept is not None:
        traits = {"skill": {"group": group}, "certification": {"issuer": issuer}}.get(kind, {})
        requirement_id, path = lately.accept(context.obj, accept, kind, label, traits)
        print(f"{requirement_id} added to {path}. Next: `itpm-trends build` looks for it.")
        return
    told = lately.lately(context.obj)
    _say_table(told, lately_lines(told), as_json, output)


@app.command()
def together(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a pair, for programs.")] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="CSV file to write: the pairs.")] = None,
) -> None:
    """Which requirements come together more often than chance, and the clusters that they form.

    Example: [bold]itpm-trends together -o pairs.csv[/bold]
    """
    from itpm_trends.reading.vocabulary import label_of
    from itpm_trends.showing.lately import bundles
    from itpm_trends.terminal import bundle_lines

    pairs, clusters = bundles(context.obj)
    _say_table(pairs, bundle_lines(pairs, clusters, label_of), as_json, output)


@app.command()
def report(
    context: typer.Context,
    country: Annotated[str | None, typer.Option(help="Only this country, e.g. US.")] = None,
    since: Annotated[str | None, typer.Option(help="Only postings new since this day, e.g. 2026-01-01.")] = None,
    seniority: Annotated[
        str | None, typer.Option(help="Only coordinator, manager, senior, programme or director.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(help="Whom the advice is for: an example, a kept plan (.json) or a profile of your own (.toml)."),
    ] = None,
    to: Annotated[str | None, typer.Option(help="html, pdf or md; as the ending of --output says, else html.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write; reports/report.html if unset.")
    ] = None,
) -> None:
    """Execute the notebooks and write one file that needs no network: HTML, PDF (by your Chromium) or Markdown.

    Example: [bold]itpm-trends report -o report.html[/bold]

    Narrowed, for one person: [bold]itpm-trends report --country US --profile reports/plans/mine.json --to pdf[/bold]
    """
    from itpm_trends.progress import shown
    from itpm_trends.showing.report import FORMATS, write_report

    ending = output.suffix.removeprefix(".").lower() if output else ""
    chosen = to or (ending if ending in FORMATS else FORMATS[0])
    path = output or context.obj.reports / f"report.{chosen}"
    part = {"country": country, "since": since, "seniority": seniority, "profile": profile}
    with shown() as progress:
        print(write_report(context.obj, path, as_of=date.today(), progress=progress, to=chosen, **part))


@app.command()
def lab(
    context: typer.Context,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address and open no browser.")] = False,
) -> None:
    """Open the notebooks of this workspace in JupyterLab, to change as you like; Ctrl-C ends it.

    Example: [bold]itpm-trends lab[/bold]
    """
    from itpm_trends.starting import open_lab

    raise typer.Exit(open_lab(context.obj, no_browser))


@app.command()
def dashboard(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="HTML file; reports/dashboard.html if unset.")
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Serve it on this machine, for the browser, until Ctrl+C.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="With --serve; 0 takes a free one.")] = 8765,
) -> None:
    """Write one HTML file with filters, to hand to people who have no Python.

    Example: [bold]itpm-trends dashboard -o dashboard.html[/bold]

    In the browser at once: [bold]itpm-trends dashboard --serve[/bold]
    """
    from itpm_trends.showing.dashboard import server, write_dashboard

    path = write_dashboard(context.obj, output or context.obj.reports / "dashboard.html", as_of=date.today())
    print(path)
    if serve:
        with server(path, port) as serving:
            print(f"http://127.0.0.1:{serving.server_port}/ (only from this machine; Ctrl+C ends it)", flush=True)
            serving.serve_forever()


@app.command()
def export(
    context: typer.Context,
    to: Annotated[str, typer.Option("--to", help="xlsx, csv or parquet.")] = "xlsx",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Workbook, or folder for csv and parquet; reports/export if unset."),
    ] = None,
) -> None:
    """Write the derived tables to pass on, with data dictionary, sources and their attribution.

    No text, title, address or employer's name of any posting is in them; shares of few postings are left empty.

    Example: [bold]itpm-trends export --to xlsx -o market.xlsx[/bold]
    """
    from itpm_trends.showing.export import write_export

    path = output or context.obj.reports / ("export.xlsx" if to == "xlsx" else "export")
    print(write_export(context.obj, to, path, as_of=date.today()))


@app.command()
def handout(
    context: typer.Context,
    profile: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE",
            help="Whom it is for: an example, such as help-desk-analyst (if unset), or a plan that `recommend --save` "
            "kept, such as reports/plans/mine.json.",
        ),
    ] = None,
    country: Annotated[str | None, typer.Option(help="Only vacancies of this country, e.g. US.")] = None,
    to: Annotated[str, typer.Option("--to", help="html or pdf (a PDF needs Chromium, Chrome or Edge).")] = "html",
    paper: Annotated[str, typer.Option(help="a4 or letter.")] = "a4",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write; reports/handout.html or .pdf if unset.")
    ] = None,
) -> None:
    """Write one page to hand to one person: what employers ask, five steps with their reasons, what it cannot say.

    Example: [bold]itpm-trends handout --profile software-developer --country US --to pdf --paper letter[/bold]
    """
    from itpm_trends.handing_out import write_handout

    path = output or context.obj.reports / f"handout.{to}"
    print(write_handout(context.obj, profile, country, to, paper, path, as_of=date.today()))


@app.command()
def site(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder to write; site in the workspace if unset.")
    ] = None,
) -> None:
    """Write a folder of pages for a web server or GitHub Pages: landing page, dashboard, report, handouts, downloads.

    Example: [bold]itpm-trends site -o site[/bold]

    Every week on GitHub Pages: [bold]itpm-trends schedule install --system github-pages[/bold]
    """
    from itpm_trends.handing_out import write_whole_site
    from itpm_trends.progress import shown

    folder = output or context.obj.root / "site"
    with shown() as progress:
        print(write_whole_site(context.obj, folder, as_of=date.today(), progress=progress))


@app.command()
def run(context: typer.Context) -> None:
    """The weekly job: collect, build, report and dashboard, with a report on one screen and as JSON in reports/runs.

    Where nothing could be collected everything stays as it was (exit code 2).

    Example: [bold]itpm-trends run[/bold]
    """
    from itpm_trends.collecting.chosen import chosen_tables
    from itpm_trends.progress import announced, shown
    from itpm_trends.running import run as run_once
    from itpm_trends.terminal import run_lines

    workspace = _real(context.obj, "run")
    _remind_of_terms(chosen_tables(workspace.settings))
    with shown() as progress:
        report = run_once(workspace, now=_now, progress=progress, announce=announced)
    _say(run_lines(report, workspace.reports))
    raise typer.Exit(report.exit_code)


@app.command()
def status(context: typer.Context) -> None:
    """How fresh each source is, which weeks are missing, what the last run gave; exit code 1 when something is stale.

    Example: [bold]itpm-trends status[/bold]
    """
    from itpm_trends.collecting.archive import Archive
    from itpm_trends.running import source_states
    from itpm_trends.terminal import status_lines

    today = _now().date()
    states = list(source_states(Archive(context.obj.raw), today))
    if not states:
        raise NothingToDo("nothing was collected here yet. Begin with `itpm-trends run`.")
    _say(status_lines(states, today))
    if any(state.is_stale(today) for state in states):
        raise typer.Exit(1)


schedule = typer.Typer(
    no_args_is_help=True,
    help="Hand the weekly run to this machine's scheduler, or to GitHub Actions.\n\n"
    "Example: [bold]itpm-trends schedule install --dry-run[/bold]",
)
app.add_typer(schedule, name="schedule")
SystemOption = Annotated[
    str | None,
    typer.Option("--system", help="systemd, launchd, windows, cron, github or github-pages; this machine's if unset."),
]


@schedule.command("install")
def install_schedule(
    context: typer.Context,
    system: SystemOption = None,
    weekday: Annotated[str, typer.Option(help="Monday to Sunday.")] = "Sunday",
    hour: Annotated[int, typer.Option(help="0 to 23, local time (GitHub: UTC).")] = 6,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be written, and write nothing.")] = False,
) -> None:
    """Run every week; a week missed because the machine was off is made up for where the system can.

    Example: [bold]itpm-trends schedule install --weekday Sunday --hour 6[/bold]
    """
    from itpm_trends import scheduling

    planned = scheduling.Schedule(_real(context.obj, "schedule install").root, weekday.capitalize(), hour)
    chosen = system or scheduling.this_system()
    if dry_run:
        for path, text in scheduling.written_files(planned, chosen).items():
            print(f"# {path}\n{text}")
        return
    _say(scheduling.install(planned, chosen))


@schedule.command("status")
def schedule_status(context: typer.Context, system: SystemOption = None) -> None:
    """Is a weekly run installed for this folder? Exit code 1 where it is not.

    Example: [bold]itpm-trends schedule status[/bold]
    """
    from itpm_trends import scheduling

    planned, chosen = scheduling.Schedule(context.obj.root), system or scheduling.this_system()
    if not scheduling.is_installed(planned, chosen):
        print(f"{chosen}: no weekly run is installed for {context.obj.root}")
        raise typer.Exit(1)
    print(f"{chosen}: a weekly run is installed for {context.obj.root} ({planned.name})")


@schedule.command("remove")
def remove_schedule(context: typer.Context, system: SystemOption = None) -> None:
    """Take the weekly run of this folder away again; what was collected stays.

    Example: [bold]itpm-trends schedule remove[/bold]
    """
    from itpm_trends import scheduling

    done = scheduling.remove(scheduling.Schedule(context.obj.root), system or scheduling.this_system())
    _say(done or ["no weekly run was installed for this folder"])


@app.command()
def demo(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Option(help="Where to work; `demo` in the current folder if unset.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed draws another market.")] = 1,
) -> None:
    """The whole job offline, on a simulated market of known truth served on this machine alone.

    Example: [bold]itpm-trends demo[/bold]
    """
    from itpm_trends.demo.run import run_demo
    from itpm_trends.progress import shown

    with shown() as progress:
        run_demo(folder or context.obj.root / "demo", seed=seed, progress=progress)


def _day(text: str | None):
    """A day of the calendar, or the sentence that says how to write one."""
    import pandas as pd

    if text is None:
        return None
    try:
        return pd.Timestamp(date.fromisoformat(text))
    except ValueError:
        raise SettingsError(f"--since {text}: write a day as 2026-01-31") from None


def _remind_of_terms(tables: Iterable[str]) -> None:
    """Say on stderr what whoever asks these sources has taken upon himself."""
    from itpm_trends.collecting.sources import SOURCES

    for declared in (SOURCES[name].declaration for name in tables):
        if declared.warning:
            print(f"{declared.name}: {declared.warning} ({declared.terms_url})", file=sys.stderr)


def _real(workspace: Workspace, command: str) -> Workspace:
    if workspace.settings.simulated:
        raise SettingsError(
            f"{workspace.root} holds a simulated market: `{command}` would mix real postings with it. "
            "Use another folder (`itpm-trends init FOLDER`)."
        )
    return workspace


def _say_table(table, lines: Iterable[str], as_json: bool, output: Path | None) -> None:
    """``table`` as a CSV file or as JSON lines; otherwise ``lines``, made for people."""
    if output is not None:
        from itpm_trends.showing.export import guarded

        output.parent.mkdir(parents=True, exist_ok=True)
        guarded(table).to_csv(output, index=False)
        print(output)
    elif as_json:
        sys.stdout.write(table.to_json(orient="records", lines=True, date_format="iso", force_ascii=False))
    else:
        _say(lines)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(printable(line))


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _run_id() -> str:
    return _now().strftime("%Y%m%dT%H%M%SZ")
