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
