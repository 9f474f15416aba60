"""What every chart says under its title, and when it says nothing else."""

from __future__ import annotations

from itpm_trends.measuring.intervals import MIN_POSTINGS
from itpm_trends.showing.wording import counted


def note(n_postings: int, n_employers: int | None = None, scope: str = "", more: str = "") -> str:
    """How many postings and employers, from where and when, and how to read it."""
    known = [f"n = {counted(n_postings, 'posting')}"]
    if n_employers is not None:
        known.append(counted(n_employers, "employer"))
    return "; ".join(filter(None, [" of ".join(known), scope, more]))


def too_few(n_postings: int) -> str:
    """Why no share is drawn."""
    return f"Not enough postings to say: {n_postings}, and {MIN_POSTINGS} are needed."
