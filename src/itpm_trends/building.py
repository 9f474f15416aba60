"""``itpm-trends build``: from ``data/raw`` alone to every table, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from itpm_trends.collecting.archive import Archive
from itpm_trends.collecting.market import RawMarket, raw_market
from itpm_trends.errors import NothingToDo
from itpm_trends.measuring.duplicates import vacancy_ids
from itpm_trends.measuring.panel import weekly_panel
from itpm_trends.measuring.profile import packaged_profiles
from itpm_trends.measuring.recommend import recommendations
from itpm_trends.measuring.trends import trends
from itpm_trends.measuring.vacancies import counted, is_read, vacancies, vouched_for
from itpm_trends.progress import Progress, silent
from itpm_trends.reading.vocabulary import label_of, requirement_ids
from itpm_trends.readings import Readings, kept_readings, program_state, read_all
from itpm_trends.scaling import Engine
from itpm_trends.tables import POSTINGS, RECOMMENDATIONS
from itpm_trends.workspace import Workspace

RECORD = "build.json"
READINGS = "readings"


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
    workspace: Workspace, *, force: bool = False, engine: Engine | None = None, progress: Progress = silent
) -> BuildReport:
    """Rebuild every table in ``data/processed`` from ``data/raw``; do nothing where nothing is new.

    Only postings that are new or changed are read (all, with ``force``), by ``engine`` if one is given.
    """
    archive = Archive(workspace.raw)
    fingerprint = _fingerprint(workspace)
    before = _last_build(workspace)
    if before and before["fingerprint"] == fingerprint and not force and _all_there(workspace, before["tables"]):
        return BuildReport(**{**before["report"], "is_unchanged": True})
    raw = raw_market(archive)
    if not len(raw.postings) and not len(raw.quarantine):
        raise NothingToDo(
            f"{workspace.raw} holds no postings. Run `itpm-trends collect` or `itpm-trends import FILE` first."
        )
    kept = workspace.processed / READINGS
    if force:
        shutil.rmtree(kept, ignore_errors=True)
    state = program_state(Path(__file__).parent, workspace.root / "vocabulary")
    tables = built_tables(raw, progress, lambda postings: kept_readings(postings, kept, state, engine, progress))
    hashes = {name: _save(frame, workspace.processed / f"{name}.parquet") for name, frame in tables.items()}
    report = _report(tables, fingerprint, archive)
    record = {"fingerprint": fingerprint, "tables": hashes, "report": asdict(report)}
    _write(workspace.processed / RECORD, json.dumps(record, indent=1, sort_keys=True).encode())
    return report


def built_tables(
    raw: RawMarket, progress: Progress = silent, read: Callable[[pd.DataFrame], Readings] = read_all
) -> dict[str, pd.DataFrame]:
    """Every table, in memory, from the raw market: the way of the data in one function."""
    readings = read(raw.postings)
    progress("linking copies", 0, 1)
    postings = POSTINGS.frame(readings.described.assign(vacancy_id=vacancy_ids(readings.described)))
    progress("linking copies", 1, 1)
    mentions = readings.mentions
    progress("measuring", 0, 3)
    ids = requirement_ids()
    flow = counted(postings, raw.coverage)
    panel = weekly_panel(flow, mentions, ids)
    progress("measuring", 1, 3)
    changes = trends(flow, mentions, ids, complete_sources=vouched_for(raw.coverage, "live", "history"))
    progress("measuring", 2, 3)
    unique = vacancies(postings)
    advice = [recommendations(unique, mentions, changes, profile, label_of) for profile in packaged_profiles()]
    progress("measuring", 3, 3)
    return {
        "postings": postings,
        "requirement_mentions": mentions,
        "weekly_panel": panel,
        "trends": changes,
        "recommendations": RECOMMENDATIONS.frame(pd.concat(advice, ignore_index=True)),
        "coverage": raw.coverage.reset_index(drop=True),
        "quarantine": pd.concat([raw.quarantine, readings.unread], ignore_index=True),
    }


def _report(tables: dict[str, pd.DataFrame], fingerprint: str, archive: Archive) -> BuildReport:
    postings, panel = tables["postings"], tables["weekly_panel"]
    whole = panel[panel["stratum"] == "all"].drop_duplicates(["week"])
    ours = postings[postings["occupation"] == "it-project-manager"]
    return BuildReport(
        fingerprint=fingerprint,
        n_payloads=sum(1 for _ in archive.payloads()),
        n_postings=len(postings),
        n_quarantined=len(tables["quarantine"]),
        reasons=tables["quarantine"]["reason"].str.replace(r"\d[\d,.]*", "N", regex=True).value_counts().to_dict(),
        n_it_project_manager=len(ours),
        n_vacancies=len(vacancies(postings)),
        n_unread=int((~is_read(ours)).sum()),
        n_mentions=len(tables["requirement_mentions"]),
        languages=ours["language"].fillna("unknown").value_counts().to_dict(),
        period=whole["period"].iloc[0] if len(whole) else None,
        n_periods=len(whole),
        n_counted=int(whole["n_postings"].sum()),
    )


def _fingerprint(workspace: Workspace) -> str:
    """Changes with any file that tables are made from: data/raw, the program, the user's own vocabulary."""
    digest = hashlib.sha256()
    package, own, raw = Path(__file__).parent, workspace.root / "vocabulary", workspace.raw
    program = sorted(p for p in package.rglob("*") if p.suffix in {".py", ".toml", ".tsv"})
    for path in (*program, *sorted(own.glob("*.toml"))):
        digest.update(path.name.encode() + path.read_bytes())
    for path in sorted(p for p in raw.rglob("*") if p.suffix in {".gz", ".json"}):
        digest.update(f"{path.relative_to(raw).as_posix()} {path.stat().st_size}\n".encode())
    return digest.hexdigest()


def _last_build(workspace: Workspace) -> dict | None:
    path = workspace.processed / RECORD
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _all_there(workspace: Workspace, hashes: dict[str, str]) -> bool:
    paths = {name: workspace.processed / f"{name}.parquet" for name in hashes}
    return all(path.exists() and _sha256(path.read_bytes()) == hashes[name] for name, path in paths.items())


def _save(frame: pd.DataFrame, path: Path) -> str:
    written = frame.to_parquet(None, index=False, compression="zstd")
    _write(path, written)
    return _sha256(written)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: readers never see a half-written table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
