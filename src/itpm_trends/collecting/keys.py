"""The keys of one's own that some sources ask for: from the environment or ``.env`` in the workspace, nowhere else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from itpm_trends.errors import SettingsError
from itpm_trends.workspace import VARIABLE

if TYPE_CHECKING:
    from itpm_trends.collecting.sources import Declaration


def variable_of(source: str, key: str) -> str:
    """The environment variable that holds a key.

    >>> variable_of("adzuna", "app_id")
    'ITPM_TRENDS_ADZUNA_APP_ID'
    """
    return f"ITPM_TRENDS_{source}_{key}".upper()


def missing_keys(declaration: Declaration) -> list[str]:
    """The variables that the source needs and that are not set."""
    told = _told()
    named = (variable_of(declaration.name, key) for key in declaration.keys)
    return [name for name in named if not told.get(name, "").strip()]


def keys_of(declaration: Declaration) -> dict[str, str]:
    """The source's keys by name; :class:`SettingsError` says which are missing and where to get them."""
    if missing := missing_keys(declaration):
        raise SettingsError(
            f"{declaration.label} needs a free key of your own from {declaration.home_page}: set {', '.join(missing)} "
            "in the environment or in a file .env in your workspace"
        )
    told = _told()
    return {key: told[variable_of(declaration.name, key)].strip() for key in declaration.keys}


def _told() -> dict[str, str]:
    from dotenv import dotenv_values

    written = dotenv_values(Path(os.environ.get(VARIABLE) or Path.cwd()) / ".env", interpolate=False)
    return {name: value for name, value in written.items() if value} | dict(os.environ)
