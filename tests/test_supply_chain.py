"""What is installed is what was locked, and nothing that is read from disk can run."""

from __future__ import annotations

import ast
import contextlib
import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "itpm_trends"
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
CALLS = {"eval", "exec", "compile", "read_pickle", "to_pickle", "__import__"}
LOCK = ROOT / "requirements.lock"


def dangers(source: str) -> list[str]:
    """The imports and calls of ``source`` that turn what is read into code."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names if name.name.split(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            found.append(node.module)
        elif isinstance(node, ast.Call):
            named = node.func
            is_bare = isinstance(named, ast.Name)
            name = named.id if is_bare else named.attr if isinstance(named, ast.Attribute) else ""
            if name in CALLS and (is_bare or name.endswith("pickle")):
                found.append(name)
            if isinstance(named, ast.Attribute) and name == "load" and getattr(named.value, "id", "") == "yaml":
                found.append("yaml.load")
            found += [word.arg for word in node.keywords if word.arg == "allow_pickle" and not _is_false(word.value)]
    return found


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_that_is_read_can_run(path):
    assert dangers(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "eval(x)",
        "pd.read_pickle(f)",
        "np.load(f, allow_pickle=True)",
        "yaml.load(f)",
    ],
)
def test_what_would_run_is_seen(source):
    assert dangers(source)


def requirements() -> dict[str, list[str]]:
    """Each locked package with the hashes of its files."""
    entries = re.split(r"\n(?=[A-Za-z0-9])", LOCK.read_text(encoding="utf-8").strip())
    return {
        re.split(r"[=;\s\[]", entry)[0].lower(): re.findall(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in entries
    }


def test_every_locked_package_has_its_hashes():
    assert len(requirements()) > 80
    assert [name for name, hashes in requirements().items() if not hashes] == []


def test_the_lock_holds_every_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.split(r"[\[><=!~; ]", requirement)[0].lower().replace("_", "-") for requirement in asked}
    assert names - {name.replace("_", "-") for name in requirements()} == set()


def test_every_range_has_a_lower_end():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    assert [requirement for requirement in asked if ">=" not in requirement] == []


PASSABLE = re.compile(r"\b(?:MIT|BSD|0BSD|Apache|ISC|PSF|Python Software|Mozilla|MPL|LGPL|Zlib|Unlicense)\b")
STATES_NONE = {"axe-playwright-python": "its repository says MIT; used by tests alone"}


def licence_of(name: str) -> str:
    """As the distribution states it: an expression, classifiers or a text; "" where it states nothing."""
    told = metadata(name)
    classified = [c.rpartition(" :: ")[2] for c in told.get_all("Classifier") or () if c.startswith("License ::")]
    return told.get("License-Expression") or "; ".join(classified) or (told.get("License") or "")[:80]


def test_the_licence_of_all_that_is_installed_lets_it_be_used():
    names = re.findall(r"^([A-Za-z0-9][\w.-]*)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    stated = {}
    for name in names:
        with contextlib.suppress(PackageNotFoundError):  # locked for another system
            stated[name] = licence_of(name)
    assert len(stated) > 100
    odd = {name: licence for name, licence in stated.items() if not PASSABLE.search(licence)}
    assert set(odd) <= set(STATES_NONE), odd
