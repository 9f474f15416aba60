"""Errors a user can act on: each message says what happened, where, and what to do."""


class ItpmTrendsError(Exception):
    """Something the user can mend; the command line prints the message alone, without a traceback."""

    exit_code = 1


class NothingToDo(ItpmTrendsError):
    """There was nothing to work on (exit code 2)."""

    exit_code = 2


class SettingsError(ItpmTrendsError):
    """The settings or the arguments are wrong (exit code 3)."""

    exit_code = 3
