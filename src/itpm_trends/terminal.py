"""What the commands print: a few lines for people, the same in a pipe."""

from __future__ import annotations

from collections.abc import Iterator

from itpm_trends.reading.language import READ_LANGUAGES


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
