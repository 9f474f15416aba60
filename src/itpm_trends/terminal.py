"""What the commands print: a few lines for people, the same in a pipe."""

from __future__ import annotations

from collections.abc import Iterator

from itpm_trends.reading.language import READ_LANGUAGES

MOST_POSTINGS = 3  # named as evidence of one step


def import_lines(summary) -> Iterator[str]:
    """What became of each file of an :class:`ImportSummary`."""
    for file in summary.files:
        if file.problem:
            yield f"{file.name}: not taken: {file.problem}"
            continue
        kept_apart = f", {file.n_rejected:,} quarantined" if file.n_rejected else ""
        repeated = f" ({file.n_repeated:,} repeat an id)" if file.n_repeated else ""
        yield f"{file.name}: {file.n_parsed:,} postings taken in{kept_apart}{repeated}"
    if summary.n_parsed:
        yield "Next: `itpm-trends build` reads them and says why any were quarantined."


def collect_lines(report) -> Iterator[str]:
    """What each source of a :class:`CollectReport` gave."""
    yield f"{'source':20} {'status':11} {'postings':>9} {'unchanged':>9} {'rejected':>9} {'requests':>9} {'KiB':>9}"
    for source in report.sources:
        yield (
            f"{source.source:20} {source.status:11} {source.n_parsed:9,} {source.n_unchanged:9,} "
            f"{source.n_rejected:9,} {source.n_requests:9,} {source.n_bytes / 1024:9,.0f}"
        )
        if source.reason:
            yield f"  {source.reason}"


def build_lines(report) -> Iterator[str]:
    """What a :class:`BuildReport` counted."""
    if report.is_unchanged:
        yield "Nothing new in data/raw since the last build: the tables are unchanged."
    yield f"postings taken in        {report.n_postings:>9,}   from {report.n_payloads:,} payloads"
    yield f"quarantined              {report.n_quarantined:>9,}"
    for reason, n in report.reasons.items():
        yield f"  {n:>7,}  {reason}"
    languages = ", ".join(f"{language} {n:,}" for language, n in report.languages.items())
    yield f"IT project manager       {report.n_it_project_manager:>9,}   by language: {languages or 'none'}"
    *most, last = READ_LANGUAGES.values()
    read = f"only {', '.join(most)} and {last}"
    yield f"  in an unread language  {report.n_unread:>9,}   (kept, but no share counts them: {read} are read)"
    yield f"  vacancies measured     {report.n_vacancies:>9,}   (copies and reposts count once)"
    yield f"requirement mentions     {report.n_mentions:>9,}"
    yield f"counted in a period      {report.n_counted:>9,}   in {report.n_periods:,} {report.period or 'period'}s"


def vocabulary_lines(vocabulary, faults: list[str]) -> Iterator[str]:
    """How many entries there are of each kind, and each fault in a line."""
    for kind in dict.fromkeys(entry.kind for entry in vocabulary):
        of_kind = [entry for entry in vocabulary if entry.kind == kind]
        n_own = sum(entry.book == "own" for entry in of_kind)
        n_sentences = sum(len(entry.yes) + len(entry.no) for entry in of_kind)
        own = f", {n_own:,} of them yours" if n_own else ""
        yield f"{kind:15} {len(of_kind):5,} entries{own}; {n_sentences:,} sentences tried"
    yield from faults
    yield f"{len(faults):,} faults" if faults else "All sentences pass; no id and no phrase clashes."


def search_lines(found) -> Iterator[str]:
    """Each entry with its label, where it comes from and why it is shown."""
    for entry, reason in found:
        yield f"{entry.requirement_id:40} {entry.label} ({entry.book}; {reason})"


def source_list_lines(settings, as_json: bool) -> Iterator[str]:
    """Every source, in the order of the tiers: name, tier, state, quota, licence; the refused ones with the reason."""
    import json

    from itpm_trends.collecting.chosen import state_of
    from itpm_trends.collecting.sources import SOURCES, TIERS, refused

    rows = [(source.declaration, state_of(source, settings)) for source in SOURCES.values()]
    rows.sort(key=lambda row: list(TIERS).index(row[0].tier))
    if as_json:
        for declared, state in rows:
            told = {key: getattr(declared, key) for key in ("name", "label", "tier", "licence", "quota", "covers")}
            yield json.dumps({**told, "is_on": state.is_on, "state": state.reason}, ensure_ascii=False)
        for each in refused().values():
            yield json.dumps({"name": each.name, "label": each.label, "tier": "refused", "state": each.reason})
        return
    yield f"{len(rows)} sources, {sum(state.is_on for _, state in rows)} of them on; {len(refused())} refused"
    for tier, meaning in TIERS.items():
        yield f"\n{tier}: {meaning}"
        for declared, state in rows:
            if declared.tier == tier:
                on = "on" if state.is_on else f"off ({state.reason})"
                yield f"  {declared.name:18} {declared.covers}; {declared.quota}; {on}"
                yield f"  {'':18} {declared.licence}"
        if tier == "refused":
            for each in refused().values():
                yield f"  {each.name:18} {each.reason}"


def source_lines(name: str, settings) -> Iterator[str]:
    """All that is known of one source."""
    from itpm_trends.collecting.chosen import state_of
    from itpm_trends.collecting.keys import variable_of
    from itpm_trends.collecting.sources import SOURCES, TIERS, refused
    from itpm_trends.errors import SettingsError

    if name in refused():
        yield f"{refused()[name].label} ({refused()[name].home_page}) is not collected: {refused()[name].reason}"
        return
    if name not in SOURCES:
        raise SettingsError(f"no source is named {name!r}; known are {', '.join(SOURCES)}")
    declared = SOURCES[name].declaration
    state = state_of(SOURCES[name], settings)
    rows = {
        "source": f"{declared.label} ({declared.home_page})",
        "covers": declared.covers,
        "tier": f"{declared.tier}: {TIERS[declared.tier]}",
        "state": "on" if state.is_on else f"off: {state.reason}",
        "licence": declared.licence,
        "terms": declared.terms_url,
        "attribution": declared.attribution,
        "asked": declared.quota,
        "shows": declared.shows,
        "history": "open; `itpm-trends collect --since 2023-01` walks it" if SOURCES[name].backfill else None,
        "keys": ", ".join(variable_of(name, key) for key in declared.keys) or None,
        "note": declared.warning,
    }
    for heading, told in rows.items():
        if told:
            yield f"{heading:12} {told}"


def run_lines(report, reports) -> Iterator[str]:
    """A :class:`RunReport` on one screen."""
    yield from collect_lines(report.collected)
    if report.built:
        yield ""
        yield from build_lines(report.built)
    yield ""
    for page in report.pages:
        yield f"written    {page}"
    if report.problem:
        yield f"problem    {report.problem}"
    seconds = (report.finished_at - report.started_at).total_seconds()
    outcome = {0: "complete", 1: "in part", 2: "nothing", 3: "settings are wrong"}[report.exit_code]
    yield f"run        {report.run_id}: {outcome}, {seconds:,.0f} s; {reports / 'runs' / report.run_id}.json"


def status_lines(states, today) -> Iterator[str]:
    """How fresh each source is, and the weeks that are missing."""
    yield f"{'source':18} {'last run':11} {'status':11} {'last complete':14} {'complete':>8}  weeks missed"
    for state in states:
        complete = f"{state.last_complete:%Y-%m-%d}" if state.last_complete else "never"
        stale = " (stale)" if state.is_stale(today) else ""
        missed = ", ".join(f"{week:%Y-%m-%d}" for week in state.missed_weeks[-4:])
        more = f" and {len(state.missed_weeks) - 4} more" if len(state.missed_weeks) > 4 else ""
        yield (
            f"{state.source:18} {state.last_run:%Y-%m-%d}  {state.status:11} {complete:14} {state.n_complete:8,}  "
            f"{missed}{more}{stale}"
        )


def profile_line(profile) -> str:
    """What was understood of the person, in a sentence."""
    from itpm_trends.reading.vocabulary import label_of

    have = ", ".join(label_of(one) for one in profile.named) or "nothing told"
    fields = f" ({', '.join(sorted(profile.fields))})" if profile.fields else ""
    degree = f"{label_of('degree:' + profile.degree)}{fields}" if profile.degree else "not told"
    years = "not told" if profile.years is None else f"{profile.years:g}"
    leading = "not told" if profile.pm_years is None else f"{profile.pm_years:g}"
    return f"You have: {have}; degree: {degree}; years of work: {years}; of them leading projects: {leading}"


def resume_lines(read, name: str) -> Iterator[str]:
    """What a résumé was understood to say, with its own words, so that the person can check it."""
    from itpm_trends.reading.vocabulary import label_of

    yield f"Read from {name}, on this machine; nothing of it is kept. Check it:"
    for requirement_id, words in read.have.items():
        yield f"  {label_of(requirement_id):40} {words!r}"
    if read.degree:
        yield f"  {label_of('degree:' + read.degree):40} {read.degree_words!r}"
    for job in read.jobs:
        kind = {True: "leading projects", False: "other work", None: "work, its title not found"}[job.is_leading]
        yield f"  {kind:40} {job.dates!r}{f', {job.title!r}' if job.title else ''}"
    for words in read.stated:
        yield f"  {'years that it states':40} {words!r}"
    for words in read.unfinished:
        yield f"  {'not counted: not completed, or expired':40} {words!r}"


def recommend_lines(plan, changes=None, before: dict | None = None) -> Iterator[str]:
    """A :class:`Plan`, step by step, and what became of an earlier one."""
    from itpm_trends.showing.wording import count, counted, percent

    yield profile_line(plan.profile)
    if plan.is_simulated:
        yield "SIMULATED market: no posting is real, and every number is made up."
    where = f" in {plan.limits.country} (trends: of all countries)" if plan.limits.country else ""
    closed = percent(plan.n_closed / plan.n_vacancies)
    yield (
        f"From {count(plan.n_vacancies)} vacancies{where}, for IT project managers; {closed} ask for a degree or years "
        "that you lack."
    )
    if changes is not None:
        yield ""
        yield from _change_lines(changes, before)
    for step in plan.steps.to_dict("records"):
        yield ""
        yield from _step_lines(step, plan.postings)
    if len(plan.steps):
        yield ""
        yield _total_line(plan)
        yield plan.tested
    if len(plan.passed_over):
        yield ""
        yield f"Passed over ({counted(len(plan.passed_over), 'step')}):"
        for step in plan.passed_over.to_dict("records"):
            yield f"  {_gained(step)}: {step['passed_because']}"
    yield ""
    yield "Hours are planning figures of ours, not measured; put your own into [effort] of itpm-trends.toml."
    yield "Fees, prerequisites and renewals are those of the pages named, at their dates: ask the issuer."


def plan_json(plan, changes=None) -> Iterator[str]:
    """A :class:`Plan` as one line of JSON; unknown is null."""
    import json

    from itpm_trends.planning import record_of, records

    told = record_of(plan) | {"steps": records(plan.steps), "passed_over": records(plan.passed_over)}
    yield json.dumps(told if changes is None else told | {"changes": records(changes)}, ensure_ascii=False)


def _gained(step: dict) -> str:
    from itpm_trends.reading.vocabulary import label_of
    from itpm_trends.showing.wording import points

    low, high = points(100 * step["gain_low"]), points(100 * step["gain_high"])
    added = f"{points(100 * step['gain'])} % of postings within reach (95 % {low} to {high})"
    return f"{label_of(step['requirement_id'])}: {added}"


def _step_lines(step: dict, postings) -> Iterator[str]:
    from itpm_trends.reading.vocabulary import label_of
    from itpm_trends.showing.wording import count, percent, points

    nearer = f"{100 * step['nearer']:.1f}"
    yield f"{step['rank']:2}. {_gained(step)}"
    yield f"    then     {percent(step['reached'])} within reach; the average posting comes {nearer} points nearer"
    trend = "" if _unknown(step["change_pp"]) else f" ({points(step['change_pp'])} points a year)"
    yield f"    asked    in {percent(step['share'])} of {count(step['n_postings'])}; trend: {step['verdict']}{trend}"
    begins = "" if _unknown(step["begins_with"]) else f"begin with {label_of(step['begins_with'])}; "
    hours = "hours unknown" if _unknown(step["hours"]) else f"{step['hours']:,g} h (planning figure)"
    yield f"    takes    {begins}{hours}; {_fee(step)}"
    if not _unknown(step["prerequisites_text"]):
        met = "you meet this" if step["is_eligible"] is True else step["why_not"]
        yield f"    first    {step['prerequisites_text']} ({step['prerequisites_as_of']}): {met}"
    elif not _unknown(step["why_not"]):
        yield f"    first    {step['why_not']}"
    if not _unknown(step["renewal_text"]):
        yield f"    renewal  {step['renewal_text']} ({step['renewal_as_of']})"
    if not _unknown(step["pay_low"]):
        band = f"{points(100 * step['pay_low'])} to {points(100 * step['pay_high'])} %"
        n_with = f"n = {count(step['pay_n_with'])}"
        yield f"    pay      {band} where it is asked for ({n_with}); an association, not a cause"
    yield f"    why      {step['sentence']}"
    for source in dict.fromkeys(step[f"{fact}_source"] for fact in ("fee", "prerequisites", "renewal")):
        if not _unknown(source):
            yield f"    read at  {source}"
    for posting_id in [] if _unknown(step["because"]) else step["because"].split(";")[:MOST_POSTINGS]:
        told = postings.loc[posting_id].dropna()
        address = f" {told['url']}" if "url" in told else ""
        yield f"    says so  {', '.join(told.drop('url', errors='ignore'))}{address} [{posting_id}]"


def _fee(step: dict) -> str:
    if not step["requirement_id"].startswith("certification:"):
        return "no exam"
    if _unknown(step["fee_amount"]):
        return "fee unknown"
    note = "" if _unknown(step["fee_note"]) else f"; {step['fee_note']}"
    return f"fee {step['fee_amount']:,g} {step['fee_currency']} ({step['fee_as_of']}{note})"


def _total_line(plan) -> str:
    """Hours and fees of the whole plan; what is unknown is counted, never taken for 0."""
    from itpm_trends.showing.wording import counted

    fees = plan.steps.dropna(subset="fee_amount").groupby("fee_currency")["fee_amount"].sum()
    is_exam = plan.steps["requirement_id"].str.startswith("certification:")
    n_unknown = int((is_exam & plan.steps["fee_amount"].isna()).sum())
    parts = [f"{plan.steps['hours'].sum():,g} h", *(f"{amount:,g} {currency}" for currency, amount in fees.items())]
    if n_unknown:
        parts.append(f"and {counted(n_unknown, 'fee')} unknown")
    return f"In all: {', '.join(parts)}"


def _change_lines(changes, before: dict) -> Iterator[str]:
    from itpm_trends.reading.vocabulary import label_of
    from itpm_trends.showing.wording import points

    yield f"Since the plan {before['name']!r} of {before['saved_at'][:10]}:"
    words = {"done": "done", "gone": "no longer among the steps", "new": "new", "kept": "still a step"}
    for change, said in words.items():
        for row in changes[changes["change"] == change].to_dict("records"):
            gains = [points(100 * row[gain]) for gain in ("gain_before", "gain") if not _unknown(row[gain])]
            yield f"  {said:26} {label_of(row['requirement_id'])}: {' -> '.join(gains)} points"


def _unknown(value) -> bool:
    import pandas as pd

    return bool(pd.isna(value))


def lately_lines(told) -> Iterator[str]:
    """What ``showing.lately.lately`` found, list by list."""
    import math

    first = told.iloc[0]
    yield (
        f"Recent: {first['n_postings_recent']:,} vacancies; before: {first['n_postings_before']:,}. "
        "Odds: recent against before, shrunk towards none, with 95 % intervals."
    )
    headings = {"emerging": "not in the vocabulary", "rising": "in the vocabulary", "fading": "in the vocabulary"}
    for name, meaning in headings.items():
        rows = told[told["list"] == name]
        yield f"\n{name.capitalize()} ({meaning}): {len(rows) or 'none'}"
        for row in rows.to_dict("records"):
            odds, low, high = (math.exp(row[column]) for column in ("log_odds", "low", "high"))
            yield (
                f"  {row['label']:36} {row['share_before']:6.1%} -> {row['share_recent']:6.1%}  "
                f"({row['n_before']:,} -> {row['n_recent']:,}; {row['n_employers']:,} employers)  "
                f"odds x {odds:.2g} ({low:.2g} to {high:.2g})"
            )
            if name == "emerging":
                yield from (f"    ... {context}" for context in row["contexts"].split(" | "))
    if (told["list"] == "emerging").any():
        yield "\nNext: `itpm-trends emerging --accept TERM` adds a term to your vocabulary."


def bundle_lines(pairs, clusters, label) -> Iterator[str]:
    """Clusters with their members, then the closest pairs; ``label`` names a requirement_id."""
    n_postings = pairs["n_postings"].iloc[0]
    yield f"{clusters['name'].nunique():,} clusters of requirements that come together, in {n_postings:,} vacancies"
    for name, members in clusters.groupby("name"):
        yield f"  {' + '.join(map(label, name.split('; ')))}: {', '.join(map(label, members['requirement_id']))}"
    yield f"\nClosest of {len(pairs):,} pairs (NPMI: 0 by chance, 1 never apart; share of resamples that keep the pair)"
    for pair in pairs.head(20).itertuples():
        yield (
            f"  {label(pair.first_id)} + {label(pair.second_id)}: {pair.npmi:.2f} ({pair.npmi_low:.2f} to "
            f"{pair.npmi_high:.2f}), {pair.stability:.0%}; {pair.n_together:,} vacancies of {pair.n_first:,} and of "
            f"{pair.n_second:,}"
        )
