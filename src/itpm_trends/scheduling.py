"""The weekly run, handed to the machine's own scheduler: systemd, launchd, Task Scheduler, cron or GitHub Actions.

What is written is data (``schedules/``); this module fills it in, and asks the scheduler to take it.
"""

from __future__ import annotations

import hashlib
import platform
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape

from itpm_trends import __version__
from itpm_trends.errors import ItpmTrendsError, SettingsError

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")  # cron counts from Sunday
SYSTEMS = ("systemd", "launchd", "windows", "cron", "github", "github-pages")


@dataclass(frozen=True)
class Schedule:
    """A weekly run in ``folder``; the minute follows from the folder, so that not all users knock at once."""

    folder: Path
    weekday: str = "Sunday"
    hour: int = 6

    def __post_init__(self) -> None:
        if self.weekday not in WEEKDAYS:
            raise SettingsError(f"{self.weekday!r} is no weekday; known are {', '.join(WEEKDAYS)}")
        if not 0 <= self.hour <= 23:
            raise SettingsError(f"hour {self.hour} is not between 0 and 23")

    @property
    def name(self) -> str:
        """One name a folder: several workspaces may have their own schedule."""
        return f"itpm-trends-{hashlib.sha256(str(self.folder).encode()).hexdigest()[:8]}"

    @property
    def minute(self) -> int:
        return int(hashlib.sha256(str(self.folder).encode()).hexdigest(), 16) % 60

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "itpm_trends", "--workspace", str(self.folder), "run"]

    @property
    def log(self) -> Path:
        return self.folder / "reports" / "run.log"

    def words(self) -> dict[str, str]:
        """What the templates in ``schedules/`` may name."""
        program, *parameters = self.command
        quoted = subprocess.list2cmdline(parameters)
        return {
            "name": self.name,
            "version": __version__,
            "weekday": self.weekday,
            "weekday_short": self.weekday[:3],
            "weekday_number": str(WEEKDAYS.index(self.weekday)),
            "hour": f"{self.hour:02}",
            "minute": f"{self.minute:02}",
            "hour_number": str(self.hour),
            "minute_number": str(self.minute),
            "folder": " ".join(str(self.folder).split()),
            "folder_escaped": str(self.folder).replace("%", "%%"),
            "folder_xml": escape(str(self.folder)),
            "log_xml": escape(str(self.log)),
            # % starts a new line in a crontab.
            "log_sh": shlex.quote(str(self.log)).replace("%", r"\%"),
            "command": " ".join(f'"{_for_systemd(part)}"' for part in self.command),
            "command_sh": shlex.join(self.command).replace("%", r"\%"),
            "program_xml": escape(program),
            "parameters_xml": escape(quoted),
            "arguments_xml": "\n".join(f"    <string>{escape(part)}</string>" for part in self.command),
        }


def this_system() -> str:
    """The scheduler of this machine."""
    if platform.system() == "Darwin":
        return "launchd"
    if platform.system() == "Windows":
        return "windows"
    return "systemd" if Path("/run/systemd/system").exists() and shutil.which("systemctl") else "cron"


def written_files(schedule: Schedule, system: str) -> dict[Path, str]:
    """The files that ``system`` needs, by path; a crontab's line stands under the path ``crontab``."""
    home = Path.home()
    units = home / ".config" / "systemd" / "user"
    workflow = schedule.folder / ".github" / "workflows" / "itpm-trends.yml"
    places = {
        "systemd": {
            units / f"{schedule.name}.service": "systemd.service",
            units / f"{schedule.name}.timer": "systemd.timer",
        },
        "launchd": {home / "Library" / "LaunchAgents" / f"{schedule.name}.plist": "launchd.plist"},
        "windows": {schedule.folder / "reports" / f"{schedule.name}.xml": "windows.xml"},
        "cron": {Path("crontab"): "cron.txt"},
        # One file for both: a repository has one weekly run, with or without a site.
        "github": {workflow: "github.yml"},
        "github-pages": {workflow: "github_pages.yml"},
    }
    if system not in places:
        raise SettingsError(f"{system!r} is no scheduler that is known; known are {', '.join(SYSTEMS)}")
    return {path: _filled(name, schedule) for path, name in places[system].items()}


def install(schedule: Schedule, system: str) -> list[str]:
    """Write the files and hand them to the scheduler; a line on each step."""
    schedule.log.parent.mkdir(parents=True, exist_ok=True)
    done = []
    for path, text in written_files(schedule, system).items():
        if system == "cron":
            _write_crontab([*_other_lines(schedule), text.strip()])
            return [f"added to your crontab: {text.strip()}"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-16" if system == "windows" else "utf-8")
        done.append(f"written: {path}")
    for command in _commands(schedule, system, "install"):
        _asked(command)
        done.append(f"done: {shlex.join(command)}")
    return done


def remove(schedule: Schedule, system: str) -> list[str]:
    """Take the schedule away again; nothing happens where there is none."""
    if system == "cron":
        before, others = _crontab(), _other_lines(schedule)
        if len(before) == len(others):
            return []
        _write_crontab(others)
        return ["taken out of your crontab"]
    present = [path for path in written_files(schedule, system) if path.exists()]
    done = []
    if present:
        for command in _commands(schedule, system, "remove"):
            _asked(command)
            done.append(f"done: {shlex.join(command)}")
    for path in present:
        path.unlink()
        done.append(f"removed: {path}")
    return done


def is_installed(schedule: Schedule, system: str) -> bool:
    """Does the scheduler hold a run for this folder?"""
    if system == "cron":
        return len(_crontab()) > len(_other_lines(schedule))
    return all(path.exists() for path in written_files(schedule, system))


def _filled(name: str, schedule: Schedule) -> str:
    template = files("itpm_trends").joinpath("schedules", name).read_text(encoding="utf-8")
    return Template(template).substitute(schedule.words())


def _commands(schedule: Schedule, system: str, step: str) -> list[list[str]]:
    timer, user = f"{schedule.name}.timer", ["systemctl", "--user"]
    paths = [str(path) for path in written_files(schedule, system)]
    commands = {
        ("systemd", "install"): [[*user, "daemon-reload"], [*user, "enable", "--now", timer]],
        ("systemd", "remove"): [[*user, "disable", "--now", timer]],
        ("launchd", "install"): [["launchctl", "load", "-w", paths[0]]],
        ("launchd", "remove"): [["launchctl", "unload", "-w", paths[0]]],
        ("windows", "install"): [["schtasks", "/create", "/tn", schedule.name, "/xml", paths[0], "/f"]],
        ("windows", "remove"): [["schtasks", "/delete", "/tn", schedule.name, "/f"]],
    }
    return commands.get((system, step), [])


def _asked(command: list[str]) -> str:
    try:
        outcome = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ItpmTrendsError(f"{shlex.join(command)} could not be run: {error}") from error
    if outcome.returncode:
        raise ItpmTrendsError(
            f"{shlex.join(command)} failed ({outcome.returncode}): {(outcome.stderr or outcome.stdout).strip()[:300]}"
        )
    return outcome.stdout


def _crontab() -> list[str]:
    try:
        outcome = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False, timeout=60)
    except OSError as error:
        raise ItpmTrendsError("no scheduler was found: neither systemd nor crontab. See docs/operations.md") from error
    return outcome.stdout.splitlines() if outcome.returncode == 0 else []


def _other_lines(schedule: Schedule) -> list[str]:
    return [line for line in _crontab() if not line.endswith(f"# {schedule.name}")]


def _write_crontab(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n" if lines else ""
    subprocess.run(["crontab", "-"], input=text, text=True, check=True, timeout=60)


def _for_systemd(text: str) -> str:
    """``text`` with what systemd would read as its own signs doubled or escaped."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
