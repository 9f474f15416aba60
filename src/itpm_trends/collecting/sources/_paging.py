"""Page after page until nothing new comes: pages are told apart by what they bring, never by counting them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

from itpm_trends.collecting.errors import Incomplete, UnexpectedContent
from itpm_trends.collecting.redaction import redacted
from itpm_trends.collecting.session import Answer

MOST_PAGES = 100
Page = tuple[str, Answer]


def pages(
    ask: Callable[[int, Answer | None], Page | None],
    ids_of: Callable[[bytes, str], list[str]],
    *,
    page_size: int | None = None,
    total_of: Callable[[bytes, str], int | None] = lambda body, url: None,
    most_pages: int | None = None,
    may_be_cut: bool = False,
) -> Iterator[Page]:
    """Yield each page (address, answer) that shows a posting not seen before, and the first one in any case.

    ``ask`` gets the number of the page, from 0, and the answer before it; ``None`` from it, a page without an unseen
    id or one shorter than ``page_size`` ends the walk. Offsets may wrap round and cursors repeat: both end it too.
    Raises :class:`Incomplete` after ``most_pages`` (not where it ``may_be_cut``: searches that show the best or the
    newest first), or where fewer postings came than the last page said there are.
    """
    seen: set[str] = set()
    answer, total = None, None
    most_pages = most_pages or MOST_PAGES
    for number in range(most_pages):
        if (asked := ask(number, answer)) is None:
            break
        url, answer = asked
        ids = ids_of(answer.body, url)
        total = total_of(answer.body, url)
        is_new = bool(set(ids) - seen)
        if is_new or number == 0:
            yield url, answer
        seen |= set(ids)
        if not is_new or (page_size and len(ids) < page_size):
            break
    else:
        if may_be_cut:
            return
        raise Incomplete(f"{redacted(url)}: still new postings after {most_pages} pages; the rest was left")
    if total is not None and len(seen) < total:
        raise Incomplete(f"{redacted(url)} says there are {total:,} postings, but showed {len(seen):,}")


def next_address(url: str, told: object) -> str | None:
    """The address of the next page that a page names; it must stay at the host of ``url``."""
    if not isinstance(told, str) or not told.strip():
        return None
    target = urljoin(url, told.strip())
    if urlsplit(target)[:2] != urlsplit(url)[:2]:
        raise UnexpectedContent(f"{redacted(url)} names a next page at another host: {redacted(target)[:200]}")
    return target
