"""``itpm-trends extract``: postings in, labels out, a line at a time."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

from itpm_trends.errors import NothingToDo
from itpm_trends.printable import printable_json
from itpm_trends.reading.labels import extract_lines


def extract_file(file: str, output: Path | None, explain: bool = False) -> tuple[int, int]:
    """Write the labels of each posting in ``file`` (JSONL, ``-`` for standard input); n read and n rejected.

    With ``explain``, each posting with its mentions marked instead: as a page where ``output`` ends in ``.html``, else
    as text. Rejected lines are named on stderr with their reason and lose nothing else.
    """
    rejected = []

    def reject(line_number: int, reason: str) -> None:
        rejected.append(line_number)
        print(f"itpm-trends: {file}, line {line_number}: {reason}", file=sys.stderr)

    with _lines(file) as lines:
        n_read = _explain(lines, reject, file, output) if explain else _write_labels(lines, reject, output)
    return n_read, len(rejected)


def _write_labels(lines, reject, output: Path | None) -> int:
    n_read = 0
    with _sink(output) as sink:
        for line in extract_lines(lines, reject):
            sink.write(printable_json(line) + "\n")
            n_read += 1
    return n_read


def _explain(lines, reject, file: str, output: Path | None) -> int:
    from itpm_trends.reading.posting import postings_in, read_posting
    from itpm_trends.showing.explained import explained_page, terminal_text
    from itpm_trends.showing.page import save

    readings = map(read_posting, postings_in(lines, reject))
    if output is not None and output.suffix.lower() in (".html", ".htm"):
        read = list(readings)
        if read:
            save(explained_page(read, "standard input" if file == "-" else Path(file).name), output)
        return len(read)
    n_read = 0
    with _sink(output) as sink:
        for read in readings:
            _print_text(terminal_text(read), sink)
            n_read += 1
    return n_read


def _print_text(text, sink) -> None:
    """``text`` with colour on a terminal, without in a file or a pipe."""
    from rich.console import Console

    sink = sink or sys.stdout
    Console(file=sink, soft_wrap=True, highlight=False, markup=False, emoji=False).print(text)


def _lines(file: str):
    # Undecodable bytes reach the JSON reader as replacement characters, so that they cost one line and not the file.
    if file == "-":
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
        return nullcontext(sys.stdin)
    path = Path(file)
    if path.is_dir():
        raise NothingToDo(f"{path} is a directory; name a JSONL file in it")
    if not path.exists():
        raise NothingToDo(f"{path} does not exist")
    return path.open(encoding="utf-8-sig", errors="replace")


def _sink(output: Path | None):
    if output is None:
        sys.stdout.reconfigure(encoding="utf-8")
        return nullcontext(sys.stdout)
    output.parent.mkdir(parents=True, exist_ok=True)
    return output.open("w", encoding="utf-8", newline="\n")
