"""Which sources a run asks: the open ones, and those that the user has switched on; kept in ``itpm-trends.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from itpm_trends.collecting.keys import missing_keys
from itpm_trends.collecting.sources import SOURCES, Source, refused
from itpm_trends.errors import SettingsError
from itpm_trends.settings import FILE_NAME, Settings


@dataclass(frozen=True)
class State:
    """Is a source asked, and why (not)?"""

    is_on: bool
    reason: str


def state_of(source: Source, settings: Settings) -> State:
    """Whether a run asks ``source``: disabled and enabled by the settings come first, then its tier."""
    declared = source.declaration
    table = settings.sources.get(declared.name, {})
    if not isinstance(table, dict):
        raise SettingsError(f"[sources.{declared.name}] must be a table")
    if table.get("enabled") is False:
        return State(False, "disabled in the settings")
    is_named, missing = declared.name in settings.sources, missing_keys(declared)
    if declared.tier == "open":
        if not is_named and (settings.simulated or not settings.default_sources):
            return State(False, "not named in the settings")
    elif not is_named and (declared.tier == "opt-in" or declared.warning or missing):
        needs = "needs your own key" if declared.keys else "needs your consent to its terms"
        return State(False, f"{needs}: itpm-trends sources enable {declared.name}")
    if missing:
        return State(False, f"key missing: set {', '.join(missing)}")
    try:
        source.check_settings(table)
    except SettingsError as error:
        return State(False, str(error))
    return State(True, "on")


def chosen_tables(settings: Settings, only: tuple[str, ...] = (), sources: Mapping[str, Source] = SOURCES) -> dict:
    """The settings of each source that a run asks, by name; ``only`` names some, which must be on.

    A source that the settings name and that cannot be asked stays in: the run says why.
    """
    for name in (*settings.sources, *only):
        if name in refused():
            raise SettingsError(f"{refused()[name].label} is not collected: {refused()[name].reason}")
        if name not in sources:
            raise SettingsError(f"no source is named {name!r}; known are {', '.join(sources)}")
    wanted = {}
    for name, source in sources.items():
        state = state_of(source, settings)
        is_named = name in settings.sources and settings.sources[name].get("enabled") is not False
        if name in only and not state.is_on:
            raise SettingsError(f"{name} is off: {state.reason}")
        if (state.is_on or is_named) and (not only or name in only):
            wanted[name] = settings.sources.get(name, {})
    return wanted


def switch(folder: Path, name: str, *, on: bool) -> Path:
    """Write into the settings of ``folder`` whether the source is asked; its other settings and comments stay."""
    import tomlkit

    path = folder / FILE_NAME
    written = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    tables = written.setdefault("sources", tomlkit.table(is_super_table=True))
    table = tables.setdefault(name, tomlkit.table())
    table["enabled"] = on
    path.write_text(tomlkit.dumps(written), encoding="utf-8")
    return path
