"""``itpm-trends.toml`` in the workspace, read into validated settings. Every value has a default."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from importlib.resources import files
from pathlib import Path

from itpm_trends.errors import SettingsError

FILE_NAME = "itpm-trends.toml"
MOST_HOURS = 10_000  # of study for one step


@dataclass(frozen=True)
class Politeness:
    """How hard we may knock. Times in seconds."""

    contact: str = "https://github.com/itpm-trends/itpm-trends/issues"
    gap_seconds: float = 1.0
    connect_timeout: float = 5.0
    read_timeout: float = 30.0
    total_timeout: float = 120.0
    tries: int = 4
    longest_retry_after: float = 300.0
    source_minutes: float = 10.0
    run_minutes: float = 60.0
    most_requests_a_source: int = 200
    most_requests_a_run: int = 2_000
    most_body_mib: int = 20
    allow_loopback: bool = False  # only for the demo board and tests: they live on this machine


@dataclass(frozen=True)
class RunSettings:
    """What happens around `itpm-trends run`."""

    on_failure: str | None = None  # a command of the shell, called when a run did not come completely
    notify: str | None = None  # an address that apprise understands, e.g. mailto:// or a webhook (extra: notify)


@dataclass(frozen=True)
class Settings:
    """All that a user may set; ``sources`` maps a source's name to its own table of the file."""

    simulated: bool = False
    default_sources: bool = True  # ask the open sources that [sources] does not name, too
    politeness: Politeness = field(default_factory=Politeness)
    run: RunSettings = field(default_factory=RunSettings)
    sources: dict[str, dict] = field(default_factory=dict)
    effort: dict[str, float] = field(default_factory=lambda: planning_hours())  # hours to plan for, by kind of step


def load_settings(folder: Path) -> Settings:
    """Settings of the workspace ``folder``; the defaults where it has no settings file."""
    path = folder / FILE_NAME
    if not path.exists():
        return Settings()
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    _check_names(path, written, {f.name for f in fields(Settings)}, "")
    _check_names(path, written.get("politeness", {}), {f.name for f in fields(Politeness)}, "politeness.")
    _check_names(path, written.get("run", {}), {f.name for f in fields(RunSettings)}, "run.")
    return Settings(
        simulated=bool(written.get("simulated", False)),
        default_sources=bool(written.get("default_sources", True)),
        politeness=Politeness(**written.get("politeness", {})),
        run=RunSettings(**written.get("run", {})),
        sources=written.get("sources", {}),
        effort=_effort(path, written.get("effort", {})),
    )


def planning_hours(**own: float) -> dict[str, float]:
    """Hours to plan for by kind of step: those of measuring/effort.toml, and ``own`` in their place."""
    written = files("itpm_trends.measuring").joinpath("effort.toml").read_text(encoding="utf-8")
    return {**tomllib.loads(written)["hours"], **own}


def _effort(path: Path, written: dict) -> dict[str, float]:
    _check_names(path, written, set(planning_hours()), "effort.")
    for name, hours in written.items():
        if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 <= hours <= MOST_HOURS:
            raise SettingsError(f"{path}: effort.{name} is {hours!r}; give a number of hours from 0 to {MOST_HOURS:,}")
    return planning_hours(**written)


def _check_names(path: Path, written: dict, known: set[str], prefix: str) -> None:
    if not isinstance(written, dict):
        raise SettingsError(f"{path}: [{prefix.rstrip('.')}] must be a table")
    if unknown := sorted(set(written) - known):
        raise SettingsError(
            f"{path}: unknown settings {[prefix + name for name in unknown]}; known are {sorted(known)}"
        )
