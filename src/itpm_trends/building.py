"""``itpm-trends build``: from ``data/raw`` alone to every table, the same bytes each time.

Payloads are parsed piece by piece into ``data/raw/parsed`` (they hold what sources say of persons, which leaves
``data/raw`` nowhere) and postings read into ``data/processed/stages``, each once for this version of the program; the
tables are put together from there. What is new costs work, what is known does not. Both folders may be deleted.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from itpm_trends.assembling import (
    measured_mentions,
    measured_postings,
    refused_readings,
    sha256_of,
    vacancies_of,
    write_postings_and_mentions,
    writing,
)
from itpm_trends.collecting.archive import Archive
from itpm_trends.collecting.market import RawMarket, ToldMarket, market_told
from itpm_trends.collecting.parsed import ParsedPayloads, write_postings
from itpm_trends.errors import NothingToDo
from itpm_trends.files import Folder, give_memory_back
from itpm_trends.measuring.duplicates import vacancy_ids
from itpm_trends.measuring.panel import weekly_panel
from itpm_trends.measuring.profile import packaged_profiles
from itpm_trends.measuring.recommend import Asked, plan_for
from itpm_trends.measuring.trends import trends
from itpm_trends.measuring.vacancies import flow_of, is_read, vacancies, vouched_for
from itpm_trends.progress import Progress, silent
from itpm_trends.reading.described import described_postings
from itpm_trends.reading.mention_table import requirement_mentions
from itpm_trends.reading.occupation import OURS
from itpm_trends.reading.vocabulary import label_of, requirement_ids
from itpm_trends.readings import POSTINGS_A_PART, Readings, Unread, read_part
from itpm_trends.scaling import Engine, Processes
from itpm_trends.tables import POSTINGS, RECOMMENDATIONS
from itpm_trends.workspace import Workspace

FEW = 2000  # with fewer postings than this, starting processes costs more than it saves
FEWEST_A_PART = 500
PARTS = 8  # at least so many, where there are enough postings, so that all processes end together
ROWS_A_GROUP = 1024 * 1024  # of the tables that are counted
RECORD = "build.json"
PARSED, STAGES = "parsed", "stages"
# What decides how a payload is parsed and a posting read; anything else may change without reading anew.
READING = ("collecting", "reading", "vocabulary", "measuring/duplicates.py", "readings.py", "places.py", "tables.py")


@dataclass(frozen=True)
class BuildReport:
    """What a build found; ``is_unchanged`` when ``data/raw`` and the program are those of the build before."""

    fingerprint: str
    n_payloads: int
    n_postings: int
    n_quarantined: int
    reasons: dict[str, int]
    n_it_project_manager: int
    n_vacancies: int
    n_unread: int
    n_mentions: int
    languages: dict[str, int]
    period: str | None
    n_periods: int
    n_counted: int
    is_unchanged: bool = False


def build(
    workspace: Workspace,
    *,
    force: bool = False,
    engine: Engine | None = None,
    stages: str | None = None,
    progress: Progress = silent,
) -> BuildReport:
    """Rebuild every table in ``data/processed`` from ``data/raw``; do nothing where nothing is new.

    ``force`` reads everything anew. ``engine`` says where the reading runs: on all cores of this machine, if not told.
    ``stages`` is a folder that the engine's workers see, at any address that fsspec knows, in the place of those in
    the workspace.
    """
    archive = Archive(workspace.raw)
    fingerprint = _fingerprint(workspace)
    before = _last_build(workspace)
    if before and before["fingerprint"] == fingerprint and not force and _all_there(workspace, before["tables"]):
        return BuildReport(**{**before["report"], "is_unchanged": True})
    parsed, read, linked = _shared_stages(workspace, stages, force) if stages else _own_stages(workspace, force)
    with Processes() as here, nullcontext(engine or here) as engine:
        payloads = ParsedPayloads(parsed)
        parsing = here if stages else engine  # other machines may see nothing but the stages
        market = market_told(archive, payloads, mapped=_counting(parsing.map, "reading payloads", progress))
        if not len(market.ids) and not len(market.quarantine):
            raise NothingToDo(
                f"{workspace.raw} holds no postings. Run `itpm-trends collect` or `itpm-trends import FILE` first."
            )
        readings = Readings(read)
        _read_postings(market, payloads, readings, engine, progress)
    if not stages:  # which others may be reading
        readings.merge(progress)
        give_memory_back()
    del payloads
    quarantine, hashes = _linked_and_written(market, readings, linked, workspace.processed, progress)
    n_vacancies, measured = _measured_and_written(market.coverage, quarantine, workspace.processed, progress)
    hashes |= measured
    report = _report(workspace, fingerprint, archive, n_vacancies)
    record = {"fingerprint": fingerprint, "tables": hashes, "report": asdict(report)}
    _write(workspace.processed / RECORD, json.dumps(record, indent=1, sort_keys=True).encode())
    return report


def _read_postings(
    market: ToldMarket, payloads: ParsedPayloads, readings: Readings, engine, progress: Progress
) -> None:
    """Read the postings that no part of ``readings`` holds in this version."""
    unread = np.flatnonzero(readings.places(market.ids, market.versions) < 0)
    progress("reading postings", 0, len(unread))
    merged = Folder(f"{payloads.folder.address}-in-parts")
    merged.clear()
    size = int(np.clip(-(-len(unread) // PARTS), FEWEST_A_PART, POSTINGS_A_PART))
    tasks = list(_tasks(market, payloads, unread, readings.folder, merged, size))
    n_done = 0
    for name, n_read in (map if len(unread) < FEW else engine.map)(read_part, tasks):
        readings.take_in(name)
        n_done += n_read
        progress("reading postings", n_done, len(unread))
    merged.clear()


def _tasks(
    market: ToldMarket, payloads: ParsedPayloads, unread: np.ndarray, target: Folder, merged: Folder, size: int
) -> Iterator[Unread]:
    whole = unread[market.rows[unread] >= 0]
    whole = whole[np.argsort(market.rows[whole], kind="stable")]  # those of one file together
    for at in range(0, len(whole), size):
        some = whole[at : at + size]
        sources = [(payloads.folder.address, name, rows) for name, rows, _ in payloads.places(market.rows[some])]
        yield Unread(tuple(sources), market.versions[some], target.address)
    in_parts = unread[market.rows[unread] < 0]
    for at in range(0, len(in_parts), size):
        some, name = in_parts[at : at + size], f"{at}.parquet"
        write_postings((market.merged(place, payloads) for place in some.tolist()), merged.address, name)
        yield Unread(((merged.address, name, np.arange(len(some))),), market.versions[some], target.address)


def _linked_and_written(
    market: ToldMarket, readings: Readings, linked: Folder, processed: Path, progress: Progress
) -> tuple[pd.DataFrame, dict[str, str]]:
    """The tables of postings and mentions; the quarantine, and the hashes of both."""
    places = readings.places(market.ids, market.versions)
    is_refused, refused = refused_readings(market, readings, places)
    quarantine = pd.concat([market.quarantine, refused], ignore_index=True)
    if is_refused.any():
        market, places = market.only(~is_refused), places[~is_refused]
    progress("linking copies", 0, 1)
    vacancy = vacancies_of(market, readings, places, linked)
    progress("linking copies", 1, 1)
    progress("writing postings", 0, 1)
    hashes = write_postings_and_mentions(market, readings, places, vacancy, processed)
    progress("writing postings", 1, 1)
    return quarantine, hashes


def _measured_and_written(
    coverage: pd.DataFrame, quarantine: pd.DataFrame, processed: Path, progress: Progress
) -> tuple[int, dict[str, str]]:
    """What is counted from the tables of postings and mentions: how many vacancies, and the other tables' hashes."""
    give_memory_back()
    progress("measuring", 0, 3)
    unique = vacancies(measured_postings(processed / "postings.parquet"))
    give_memory_back()
    mentions = measured_mentions(processed / "requirement_mentions.parquet", unique)
    hashes = {}
    for n_done, (name, frame) in enumerate(_counted_tables(unique, mentions, coverage), start=1):
        hashes[name] = _save(frame, processed / f"{name}.parquet")
        progress("measuring", n_done, 3)
    hashes["coverage"] = _save(coverage.reset_index(drop=True), processed / "coverage.parquet")
    hashes["quarantine"] = _save(quarantine, processed / "quarantine.parquet")
    return len(unique), hashes


def _counted_tables(
    unique: pd.DataFrame, mentions: pd.DataFrame, coverage: pd.DataFrame
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The panel, the trends and the recommendations, one after the other."""
    ids = requirement_ids()
    flow = flow_of(unique, coverage)
    give_memory_back()
    yield "weekly_panel", weekly_panel(flow, mentions, ids)
    changes = trends(flow, mentions, ids, complete_sources=vouched_for(coverage, "live", "history"))
    yield "trends", changes
    asked = Asked.of(unique, mentions)
    advice = [plan_for(profile, asked, changes, label_of) for profile in packaged_profiles()]
    yield "recommendations", RECOMMENDATIONS.frame(pd.concat(advice, ignore_index=True))


def built_tables(raw: RawMarket) -> dict[str, pd.DataFrame]:
    """Every table, in memory, from the raw market: the way of the data in one function, for small markets."""
    described, unread = described_postings(raw.postings)
    postings = POSTINGS.frame(described.assign(vacancy_id=vacancy_ids(described)))
    mentions = requirement_mentions(postings[postings["occupation"] == OURS])
    return {
        "postings": postings,
        "requirement_mentions": mentions,
        **dict(_counted_tables(vacancies(postings), mentions, raw.coverage)),
        "coverage": raw.coverage.reset_index(drop=True),
        "quarantine": pd.concat([raw.quarantine, unread], ignore_index=True),
    }


def _counting(mapped: Callable, doing: str, progress: Progress) -> Callable:
    """``mapped`` that tells how many of its calls are done."""

    def told(function: Callable, *arguments: list) -> Iterator:
        progress(doing, 0, len(arguments[0]))
        for n_done, outcome in enumerate(mapped(function, *arguments), start=1):
            progress(doing, n_done, len(arguments[0]))
            yield outcome

    return told


def _report(workspace: Workspace, fingerprint: str, archive: Archive, n_vacancies: int) -> BuildReport:
    postings = measured_postings(workspace.processed / "postings.parquet")
    quarantine = workspace.load("quarantine")
    panel = pq.read_table(workspace.processed / "weekly_panel.parquet", filters=[("stratum", "==", "all")]).to_pandas()
    whole = panel.drop_duplicates(["week"])
    ours = postings[postings["occupation"] == OURS]
    return BuildReport(
        fingerprint=fingerprint,
        n_payloads=sum(1 for _ in archive.payloads()),
        n_postings=len(postings),
        n_quarantined=len(quarantine),
        reasons=quarantine["reason"].str.replace(r"\d[\d,.]*", "N", regex=True).value_counts().to_dict(),
        n_it_project_manager=len(ours),
        n_vacancies=n_vacancies,
        n_unread=int((~is_read(ours)).sum()),
        n_mentions=pq.read_metadata(workspace.processed / "requirement_mentions.parquet").num_rows,
        languages=ours["language"].fillna("unknown").value_counts().to_dict(),
        period=whole["period"].iloc[0] if len(whole) else None,
        n_periods=len(whole),
        n_counted=int(whole["n_postings"].sum()),
    )


def _fingerprint(workspace: Workspace) -> str:
    """Changes with any file that tables are made from: data/raw, the program, the user's own vocabulary."""
    digest = hashlib.sha256(_program(workspace, ("",)))
    raw = workspace.raw
    for path in sorted(p for p in raw.rglob("*") if p.suffix in {".gz", ".json"}):
        digest.update(f"{path.relative_to(raw).as_posix()} {path.stat().st_size}\n".encode())
    return digest.hexdigest()


def _program(workspace: Workspace, parts: tuple[str, ...]) -> bytes:
    """A hash of these parts of the program (folders or files) and of the user's own vocabulary."""
    digest, package, own = hashlib.sha256(), Path(__file__).parent, workspace.root / "vocabulary"
    files = {p for part in parts for p in ([package / part] if part.endswith(".py") else (package / part).rglob("*"))}
    program = sorted(p for p in files if p.suffix in {".py", ".toml", ".tsv"})
    for path in (*program, *sorted(own.glob("*.toml"))):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.digest()


def _own_stages(workspace: Workspace, force: bool) -> tuple[Folder, Folder, Folder]:
    """The folders of what was parsed, read and linked by this version of the program; those of others are removed."""
    state = _program(workspace, READING).hex()[:16]
    parsed, processed = workspace.raw / PARSED, workspace.processed / STAGES
    for folder in (parsed, processed):
        for old in folder.iterdir() if folder.is_dir() else ():
            if force or not old.name.startswith(state):
                shutil.rmtree(old)
    return Folder(parsed / state), Folder(processed / state / "read"), Folder(processed / state / "linked")


def _shared_stages(workspace: Workspace, address: str, force: bool) -> tuple[Folder, Folder, Folder]:
    """The same at an address; other versions' folders stay, since others may be reading there."""
    state = _program(workspace, READING).hex()[:16]
    folders = tuple(Folder(f"{address.rstrip('/')}/{state}/{name}") for name in ("parsed", "read", "linked"))
    for folder in folders if force else ():
        folder.clear()
    return folders


def _last_build(workspace: Workspace) -> dict | None:
    path = workspace.processed / RECORD
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _all_there(workspace: Workspace, hashes: dict[str, str]) -> bool:
    paths = {name: workspace.processed / f"{name}.parquet" for name in hashes}
    return all(path.exists() and sha256_of(path) == hashes[name] for name, path in paths.items())


def _save(frame: pd.DataFrame, path: Path) -> str:
    with writing(path, frame.head(0), ROWS_A_GROUP) as file:
        file.add(pa.Table.from_pandas(frame, preserve_index=False))
    return file.sha256


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: readers never see a half-written table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(path)
