"""``itpm-trends handout``: the plan of one person, on one page; ``itpm-trends site``: all that is handed out."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path

from itpm_trends import planning
from itpm_trends.errors import NothingToDo, SettingsError
from itpm_trends.measuring.profile import Profile, packaged_profiles, profile_of
from itpm_trends.progress import Progress, silent
from itpm_trends.showing.handout import PAPERS, STEPS, handout_page
from itpm_trends.showing.market import Market
from itpm_trends.showing.page import save
from itpm_trends.showing.printing import print_pdf
from itpm_trends.showing.site import Handout, write_site
from itpm_trends.workspace import Workspace

KINDS = ("html", "pdf")


def write_handout(
    workspace: Workspace, named: str | None, country: str | None, to: str, paper: str, path: Path, *, as_of: date
) -> Path:
    """Write the handout for the person ``named`` (an example, or a plan kept by ``recommend --save``) to ``path``.

    SettingsError for unknown words; NothingToDo where the workspace holds too little for a plan.
    """
    if to not in KINDS:
        raise SettingsError(f"--to {to}: choose one of {', '.join(KINDS)}")
    if paper not in PAPERS:
        raise SettingsError(f"--paper {paper}: choose one of {', '.join(PAPERS)}")
    profile, limits = told_person(named, planning.Limits(country=country, top=STEPS))
    text = handout_of(workspace, Market.of(workspace), profile, limits, as_of=as_of, paper=paper)
    if to == "html":
        return save(text, path)
    with tempfile.TemporaryDirectory(prefix="itpm-trends-") as folder:
        return print_pdf(save(text, Path(folder) / "handout.html"), path)


def told_person(named: str | None, said: planning.Limits) -> tuple[Profile, planning.Limits]:
    """The example profile of that name (the first if unset), or profile and limits of the plan kept in that file."""
    if named and Path(named).suffix == ".json":
        kept = Path(named)
        if not kept.is_file():
            raise SettingsError(
                f"--profile {named}: no such file. Keep a plan with `itpm-trends recommend --save NAME`."
            )
        record = planning.saved_plan(kept.parent, kept.stem)
        return planning.profile_of_record(record), planning.limits_of_record(record, said)
    profile, _ = planning.told_profile(None, named or packaged_profiles()[0].id, profile_of(), None, date.min)
    return profile, said


def handout_of(
    workspace: Workspace, market: Market, profile: Profile, limits: planning.Limits, *, as_of: date, paper: str = "a4"
) -> str:
    """The handout for ``profile`` as HTML; NothingToDo where no step fits."""
    plan = planning.plan_of(workspace, profile, limits)
    if not len(plan.steps):
        raise NothingToDo("no step fits: all were passed over. `itpm-trends recommend` says why.")
    return handout_page(market, plan, as_of=as_of, paper=paper)


def write_whole_site(
    workspace: Workspace, folder: Path, *, as_of: date, progress: Progress = silent, notebooks: Path | None = None
) -> Path:
    """The site of ``workspace`` in ``folder``, with a handout for each example that a plan can be made for."""
    handouts, market = {}, Market.of(workspace)
    for profile in packaged_profiles():
        # Where the postings are too few for a plan the site has no handout, and all the rest.
        with suppress(NothingToDo):
            text = handout_of(workspace, market, profile, planning.Limits(top=STEPS), as_of=as_of)
            handouts[profile.id] = Handout(profile.label, text)
    return write_site(workspace, folder, handouts, as_of=as_of, progress=progress, notebooks=notebooks)
