"""What is handed to each scheduler is valid there, whatever the folder is called."""

import plistlib
import shlex
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from itpm_trends import scheduling
from itpm_trends.errors import SettingsError
from itpm_trends.scheduling import SYSTEMS, Schedule

FOLDERS = ["/home/ada/work", '/home/ada/my work & 100 % "plans" $x']


def texts(folder: str, system: str) -> dict[str, str]:
    written = scheduling.written_files(Schedule(Path(folder)), system)
    return {path.suffix or path.name: text for path, text in written.items()}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_workflow_is_yaml_in_the_shape_github_wants(folder):
    (text,) = texts(folder, "github").values()
    workflow = yaml.safe_load(text)
    triggers = workflow[True]  # YAML 1.1 reads `on` as true
    minute, hour, day, month, weekday = triggers["schedule"][0]["cron"].split()
    assert 0 <= int(minute) < 60 and (hour, day, month, weekday) == ("6", "*", "*", "0")
    assert "workflow_dispatch" in triggers and workflow["permissions"] == {"contents": "write"}
    (job,) = workflow["jobs"].values()
    assert job["runs-on"] == "ubuntu-latest"
    for step in job["steps"]:
        assert ("uses" in step) != ("run" in step)
        assert "uses" not in step or step["uses"].count("@") == 1
    assert any("itpm-trends run" in step.get("run", "") for step in job["steps"])


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_workflow_with_pages_publishes_the_site_of_the_run(folder):
    (text,) = texts(folder, "github-pages").values()
    workflow = yaml.safe_load(text)
    assert workflow[True] == yaml.safe_load(next(iter(texts(folder, "github").values())))[True]
    assert workflow["permissions"] == {"contents": "read"}
    run, publish = workflow["jobs"]["run"], workflow["jobs"]["publish"]
    assert run["permissions"] == {"contents": "write"}
    asked = [step.get("uses") or step["run"].split("\n")[0] for step in run["steps"]]
    assert asked[-2:] == ["itpm-trends site -o site", "actions/upload-pages-artifact@v3"]
    assert any("itpm-trends run" in step.get("run", "") for step in run["steps"])
    assert run["steps"][-1]["with"] == {"path": "site"}
    assert publish["needs"] == "run" and publish["environment"]["name"] == "github-pages"
    assert {"pages": "write", "id-token": "write"}.items() <= publish["permissions"].items()
    (deployment,) = publish["steps"]
    assert deployment["uses"] == "actions/deploy-pages@v4"
    assert (
        publish["environment"]["url"] == "${{ steps.deployment.outputs.page_url }}" and deployment["id"] == "deployment"
    )


def test_a_repository_has_one_weekly_run(tmp_path):
    schedule = Schedule(tmp_path)
    paths = [set(scheduling.written_files(schedule, system)) for system in ("github", "github-pages")]
    assert paths[0] == paths[1]


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_property_list_names_program_folder_and_hour(folder):
    (text,) = texts(folder, "launchd").values()
    told = plistlib.loads(text.encode())
    assert told["ProgramArguments"] == Schedule(Path(folder)).command
    assert told["WorkingDirectory"] == folder
    assert told["StartCalendarInterval"] == {"Weekday": 0, "Hour": 6, "Minute": Schedule(Path(folder)).minute}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_windows_task_is_xml_and_makes_up_for_missed_runs(folder):
    (text,) = texts(folder, "windows").values()
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    task = ElementTree.fromstring(text.encode("utf-16"))
    assert task.findtext(f".//{space}StartWhenAvailable") == "true"
    assert task.findtext(f".//{space}WorkingDirectory") == folder
    assert task.find(f".//{space}DaysOfWeek/{space}Sunday") is not None
    assert task.findtext(f".//{space}MultipleInstancesPolicy") == "IgnoreNew"


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_line_of_the_crontab_runs_the_command_of_the_folder(folder):
    (line,) = texts(folder, "cron").values()
    minute, hour, day, month, weekday, command = line.split(" ", 5)
    assert 0 <= int(minute) < 60 and (hour, day, month, weekday) == ("6", "*", "*", "0")
    assert "%" not in command.replace(r"\%", "")
    asked = shlex.split(command.replace(r"\%", "%").partition(" >> ")[0])
    assert asked == Schedule(Path(folder)).command


@pytest.mark.parametrize("folder", FOLDERS)
def test_systemd_runs_the_command_and_makes_up_for_missed_weeks(folder):
    units = texts(folder, "systemd")
    assert "Persistent=true" in units[".timer"] and "OnCalendar=Sun *-*-* 06:" in units[".timer"]
    (start,) = [line for line in units[".service"].splitlines() if line.startswith("ExecStart=")]
    told = start.removeprefix("ExecStart=").replace("%%", "%").replace("$$", "$")
    assert shlex.split(told) == Schedule(Path(folder)).command


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not there to judge")
@pytest.mark.parametrize("name", ["plain", "with spaces 100 %"])
def test_systemd_itself_accepts_the_units(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    paths = []
    for path, text in scheduling.written_files(Schedule(folder), "systemd").items():
        (tmp_path / path.name).write_text(text)
        paths.append(str(tmp_path / path.name))
    outcome = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    ours = [line for line in outcome.stderr.splitlines() if "itpm-trends" in line]
    assert outcome.returncode == 0 and ours == [], outcome.stderr


def test_each_folder_has_its_own_name_and_minute():
    schedules = [Schedule(Path(f"/home/ada/{n}")) for n in range(50)]
    assert len({schedule.name for schedule in schedules}) == 50
    assert len({schedule.minute for schedule in schedules}) > 20
    assert Schedule(Path("/home/ada/1")).minute == schedules[1].minute


def test_what_is_installed_can_be_seen_and_removed(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(scheduling, "_asked", lambda command: asked.append(command) or "")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    schedule = Schedule(tmp_path)
    for system in ("systemd", "launchd", "windows", "github", "github-pages"):
        assert not scheduling.is_installed(schedule, system)
        scheduling.install(schedule, system)
        assert scheduling.is_installed(schedule, system)
        assert scheduling.remove(schedule, system)
        assert not scheduling.is_installed(schedule, system) and scheduling.remove(schedule, system) == []
    assert ["systemctl", "--user", "enable", "--now", f"{schedule.name}.timer"] in asked


def test_the_other_lines_of_a_crontab_stay(tmp_path, monkeypatch):
    lines = ["0 1 * * * backup"]
    monkeypatch.setattr(scheduling, "_crontab", lambda: list(lines))
    monkeypatch.setattr(scheduling, "_write_crontab", lambda new: lines.__setitem__(slice(None), new))
    schedule = Schedule(tmp_path)
    scheduling.install(schedule, "cron")
    scheduling.install(schedule, "cron")
    assert len(lines) == 2 and scheduling.is_installed(schedule, "cron")
    scheduling.remove(schedule, "cron")
    assert lines == ["0 1 * * * backup"]


@pytest.mark.parametrize("wrong", [{"weekday": "Someday"}, {"hour": 24}])
def test_a_wrong_day_or_hour_is_named(tmp_path, wrong):
    with pytest.raises(SettingsError):
        Schedule(tmp_path, **wrong)


def test_an_unknown_system_is_named(tmp_path):
    with pytest.raises(SettingsError, match="systemd"):
        scheduling.written_files(Schedule(tmp_path), "anacron")
    assert set(SYSTEMS) == {"systemd", "launchd", "windows", "cron", "github", "github-pages"}
