"""What was read of each posting, kept in ``data/processed/readings``: a build reads only what is new.

A reading depends on the posting as its source states it and on the program that reads it, on nothing else. So it is
kept under a key of the one, in a folder named by the other; both change when they do. A folder of one chunk holds three
tables and appears whole or not at all, so a build that was killed goes on where it stopped. Everything here may be
deleted at any time; the next build reads again.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from itpm_trends.progress import Progress, silent
from itpm_trends.reading.described import described_postings
from itpm_trends.reading.mention_table import requirement_mentions
from itpm_trends.reading.occupation import OURS
from itpm_trends.scaling import Engine, local_engine
from itpm_trends.tables import REQUIREMENT_MENTIONS

CHUNK = 500  # postings read by a process at a time
SIGHTINGS = ("first_seen", "last_seen", "closed_date")  # change from run to run without any change of the posting
READ_COLUMNS = ["posting_id", "title", "description_text", "language", "company_name"]
PROGRAM = ("reading", "vocabulary", "places.py", "tables.py")  # what a reading depends on, in the package
DESCRIBED, MENTIONS, UNREAD, TODO = "described.parquet", "mentions.parquet", "unread.parquet", "todo"
KEY = "reading_key"


@dataclass(frozen=True)
class Readings:
    """``described``: the columns of postings but for vacancy_id. ``unread``: rows for the quarantine. ``mentions``."""

    described: pd.DataFrame
    unread: pd.DataFrame
    mentions: pd.DataFrame


def read_all(raw: pd.DataFrame) -> Readings:
    """``raw`` (see :func:`described_postings`) read at once, in this process."""
    described, unread = described_postings(raw)
    ours = described[described["occupation"] == OURS]
    return Readings(described, unread, requirement_mentions(ours[READ_COLUMNS]))


def kept_readings(
    raw: pd.DataFrame, folder: Path, program: str, engine: Engine | None = None, progress: Progress = silent
) -> Readings:
    """The readings of ``raw``: those kept in ``folder``, and those that are new, which are kept from now on.

    ``program`` names the state of program and vocabulary; readings of any other state are deleted.
    """
    shelf = folder / program
    for other in folder.glob("*") if folder.is_dir() else ():
        if other != shelf:
            shutil.rmtree(other)
    keys = reading_keys(raw)
    known = _known_keys(shelf)
    is_new = ~keys.isin(known)
    progress("reading postings", 0, int(is_new.sum()))
    chunks = _laid_out(raw[is_new], keys[is_new], shelf)
    n_done = 0
    for n_read in (engine or local_engine(len(chunks)))(read_chunk, chunks):
        n_done += n_read
        progress("reading postings", n_done, int(is_new.sum()))
    shutil.rmtree(shelf / TODO, ignore_errors=True)
    return _gathered(raw, keys, shelf)


def reading_keys(raw: pd.DataFrame) -> pd.Series:
    """A number of 64 bits for all that the reading of each posting depends on."""
    stated = raw[[column for column in raw.columns if column not in SIGHTINGS]]
    return pd.Series(pd.util.hash_pandas_object(stated, index=False).to_numpy(), index=raw.index, name=KEY)


def program_state(package: Path, own_vocabulary: Path) -> str:
    """A name for the program that reads and the vocabulary it reads with."""
    digest = hashlib.sha256()
    roots = [package / name for name in PROGRAM]
    files = [file for root in roots for file in ([root] if root.is_file() else sorted(root.rglob("*")))]
    for file in (*files, *sorted(own_vocabulary.glob("*.toml"))):
        if file.suffix in {".py", ".toml", ".tsv"}:
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def read_chunk(path: str) -> int:
    """Read the postings that wait in the file ``path``, lay what was read beside it, return how many they were.

    Whoever calls it, wherever, twice or after a crash: the folder that comes of it is the same.
    """
    waiting = Path(path)
    done = waiting.parents[1] / waiting.stem
    raw = pd.read_parquet(waiting)
    if done.exists():
        return len(raw)
    keys = raw.set_index("posting_id")[KEY]
    read = read_all(raw.drop(columns=KEY))
    unread = raw[~raw["posting_id"].isin(read.described["posting_id"])]
    unfinished = done.with_name(f"{done.name}.{hashlib.sha256(path.encode()).hexdigest()[:8]}.unfinished")
    unfinished.mkdir(parents=True, exist_ok=True)
    described = read.described.drop(columns=list(SIGHTINGS))
    for name, frame, ids in (
        (DESCRIBED, described, described["posting_id"]),
        (MENTIONS, read.mentions, read.mentions["posting_id"]),
        (UNREAD, read.unread.assign(posting_id=unread["posting_id"].to_numpy()), unread["posting_id"]),
    ):
        frame.assign(**{KEY: ids.map(keys).to_numpy(dtype="uint64")}).to_parquet(unfinished / name, index=False)
    try:
        unfinished.replace(done)
    except OSError:  # another worker was faster: the same postings, the same program, the same folder
        shutil.rmtree(unfinished, ignore_errors=True)
    return len(raw)


def _known_keys(shelf: Path) -> set[int]:
    tables = [chunk / name for chunk in _chunks(shelf) for name in (DESCRIBED, UNREAD)]
    return {key for table in tables for key in pd.read_parquet(table, columns=[KEY])[KEY].tolist()}


def _chunks(shelf: Path) -> list[Path]:
    """The whole chunks; what a killed process left half done is swept away."""
    found = sorted(shelf.iterdir()) if shelf.is_dir() else []
    for unfinished in [folder for folder in found if folder.suffix == ".unfinished"]:
        shutil.rmtree(unfinished)
    return [folder for folder in found if folder.suffix != ".unfinished" and folder.name != TODO]


def _laid_out(raw: pd.DataFrame, keys: pd.Series, shelf: Path) -> list[str]:
    """Files of CHUNK postings that wait to be read, each named by what it holds."""
    shutil.rmtree(shelf / TODO, ignore_errors=True)
    (shelf / TODO).mkdir(parents=True, exist_ok=True)
    paths = []
    for at in range(0, len(raw), CHUNK):
        part = raw.iloc[at : at + CHUNK].assign(**{KEY: keys.iloc[at : at + CHUNK]})
        name = hashlib.sha256(part[KEY].to_numpy().tobytes()).hexdigest()[:16]
        path = shelf / TODO / f"{name}.parquet"
        part.to_parquet(path, index=False)
        paths.append(str(path))
    return paths


def _gathered(raw: pd.DataFrame, keys: pd.Series, shelf: Path) -> Readings:
    """What is kept of the postings of ``raw``, in their order; older readings of the same postings are passed over."""
    chunks = _chunks(shelf)
    wanted = pd.Series(raw["posting_id"].to_numpy(), index=keys.to_numpy())
    described, mentions, unread = (
        _joined([pd.read_parquet(chunk / name) for chunk in chunks], wanted) for name in (DESCRIBED, MENTIONS, UNREAD)
    )
    order = raw.set_index("posting_id")
    described = _in_order(described, order)
    for name in SIGHTINGS:
        described[name] = order[name].reindex(described["posting_id"]).to_numpy()
    unread = _in_order(unread, order).drop(columns="posting_id")
    empty = read_all(raw.head(0))
    return Readings(
        described[list(empty.described.columns)].astype(empty.described.dtypes),
        unread[list(empty.unread.columns)].astype(empty.unread.dtypes),
        REQUIREMENT_MENTIONS.frame(mentions),
    )


def _joined(parts: list[pd.DataFrame], wanted: pd.Series) -> pd.DataFrame:
    kept = [part[part[KEY].isin(wanted.index)] for part in parts]
    return pd.concat(kept, ignore_index=True).drop(columns=KEY)


def _in_order(frame: pd.DataFrame, order: pd.DataFrame) -> pd.DataFrame:
    place = order.index.get_indexer(frame["posting_id"])
    return frame.iloc[place.argsort(kind="stable")].reset_index(drop=True)
