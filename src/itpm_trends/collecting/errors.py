"""What can go wrong while collecting, one type each: blocked, broken and empty are told apart."""

from __future__ import annotations

from itpm_trends.errors import ItpmTrendsError


class FetchError(ItpmTrendsError):
    """An address could not be fetched; ``status`` is the word the run report uses for it."""

    status = "error"


class Disallowed(FetchError):
    """robots.txt forbids the address."""

    status = "blocked"


class HostRefused(FetchError):
    """robots.txt could not be read, or asks for longer gaps than we wait: the whole host is left alone."""

    status = "blocked"


class HostUnreached(HostRefused):
    """Nobody answers at the host, so that even its robots.txt could not be read."""

    status = "unreached"


class ForbiddenAddress(FetchError):
    """The address is not a public web page: wrong scheme or port, or a host inside a private network."""

    status = "blocked"


class HttpStatus(FetchError):
    """The server answered with a status that is no success and not worth another try."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = "blocked" if code in (401, 403) else "error"


class Unreachable(FetchError):
    """No whole answer came, however often we tried: refused, timed out, cut short, or failing server."""

    status = "unreached"


class Deferred(FetchError):
    """The server asks us to come back later than we are willing to wait."""

    status = "deferred"


class BudgetSpent(FetchError):
    """The source has used all requests it may send in one run."""

    status = "incomplete"


class Incomplete(FetchError):
    """The source showed fewer postings than it says it has, or more pages than we ask for."""

    status = "incomplete"


class TooLarge(FetchError):
    """The body, or its decompressed form, is larger than allowed."""


class RefusedRedirect(FetchError):
    """A redirect leads to a login, out of https, or nowhere within five hops."""

    status = "blocked"


class UnexpectedContent(FetchError):
    """The answer is not what the source is known to send, e.g. a login page where JSON was expected."""


class DamagedPayload(ItpmTrendsError):
    """A file in data/raw is not what was once written there: truncated, altered or missing."""


class RunHeld(ItpmTrendsError):
    """Another run is writing to the same data/raw."""


class UnreadableImport(ItpmTrendsError):
    """A file that cannot be imported: wrong format, encoding or columns."""
