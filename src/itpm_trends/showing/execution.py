"""Notebooks run by the Python that is running, whatever kernels this computer has registered."""

from __future__ import annotations

import ast
import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from itpm_trends.errors import ItpmTrendsError
from itpm_trends.progress import Progress, silent
from itpm_trends.starting import packaged_notebooks
from itpm_trends.workspace import VARIABLE, Workspace

CELL_SECONDS = 300
MOST_AT_ONCE = 4
INJECTED = "injected-parameters"
LAUNCH = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]


class RunningPython(KernelSpecManager):
    """Knows one kernel: the Python that runs this program, registered or not."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(argv=LAUNCH, display_name="Python 3", language="python")


def notebook_paths(workspace: Workspace, notebooks: Path | None = None) -> list[Path]:
    """The notebooks of ``notebooks``, else of the workspace, else those that come with the program."""
    folders = [notebooks] if notebooks is not None else [workspace.root / "notebooks", packaged_notebooks()]
    for folder in folders:
        if paths := sorted(folder.glob("*.ipynb")):
            return paths
    raise ItpmTrendsError(
        f"No notebooks in {', '.join(str(folder) for folder in folders)}. Name the folder that holds them."
    )


def executed(
    paths: list[Path], workspace: Workspace, progress: Progress = silent, parameters: dict[str, Any] | None = None
) -> list[nbformat.NotebookNode]:
    """Each notebook with the outputs of a fresh run; raises :class:`ItpmTrendsError` at the first failing cell.

    ``parameters`` stand in a cell after the one tagged "parameters", so far as that one names them.
    """
    notebooks = [with_parameters(nbformat.read(path, as_version=4), parameters or {}) for path in paths]
    try:
        return run_sync(_all_executed)(paths, notebooks, workspace, progress)
    except ExceptionGroup as failed:
        # The notebooks beside it were stopped: what they say of that is no news.
        told = failed.subgroup(ItpmTrendsError)
        raise told.exceptions[0] if told else failed from None


def declared(notebook: nbformat.NotebookNode) -> set[str]:
    """The names that the cell tagged "parameters" sets."""
    cell = _tagged(notebook, "parameters")
    statements = [] if cell is None else ast.parse(cell.source).body
    targets = [target for one in statements if isinstance(one, ast.Assign) for target in one.targets]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def with_parameters(notebook: nbformat.NotebookNode, parameters: dict[str, Any]) -> nbformat.NotebookNode:
    """The notebook with ``parameters`` set anew where it declares them, as papermill does it."""
    lines = [f"{name} = {value!r}" for name, value in parameters.items() if name in declared(notebook)]
    if lines:
        cell = nbformat.v4.new_code_cell("\n".join(lines), id=INJECTED, metadata={"tags": [INJECTED]})
        notebook.cells.insert(notebook.cells.index(_tagged(notebook, "parameters")) + 1, cell)
    return notebook


def _tagged(notebook: nbformat.NotebookNode, tag: str) -> nbformat.NotebookNode | None:
    return next((cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])), None)


async def _all_executed(
    paths: list[Path], notebooks: list[nbformat.NotebookNode], workspace: Workspace, progress: Progress
) -> list[nbformat.NotebookNode]:
    # Most of a run is the start of a kernel: two at a time take half as long.
    at_once = asyncio.Semaphore(min(os.cpu_count() or 1, MOST_AT_ONCE))
    n_done = 0

    async def run(path: Path, notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
        nonlocal n_done
        async with at_once:
            notebook = await _executed(path, notebook, workspace)
        n_done += 1
        progress("running notebooks", n_done, len(paths))
        return notebook

    progress("running notebooks", 0, len(paths))
    async with asyncio.TaskGroup() as running:
        tasks = [running.create_task(run(*each)) for each in zip(paths, notebooks, strict=True)]
    return [task.result() for task in tasks]


async def _executed(path: Path, notebook: nbformat.NotebookNode, workspace: Workspace) -> nbformat.NotebookNode:
    with tempfile.TemporaryDirectory(prefix="itpm-trends-") as folder:
        kernel = AsyncKernelManager(kernel_spec_manager=RunningPython(), **_transport(folder))
        client = NotebookClient(
            notebook, km=kernel, timeout=CELL_SECONDS, resources={"metadata": {"path": folder}}, allow_errors=False
        )
        try:
            await client.async_execute(env=_environment(workspace), cleanup_kc=True)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise ItpmTrendsError(_what_failed(path, notebook, error)) from error
    return notebook


def _transport(folder: str) -> dict:
    # Sockets in a folder need no port and no firewall's leave; Windows has none, and their names may not be long.
    if sys.platform == "win32" or len(folder) > 60:
        return {}
    return {"transport": "ipc", "ip": str(Path(folder) / "k")}


def _environment(workspace: Workspace) -> dict[str, str]:
    package = str(Path(__file__).resolve().parents[2])
    known = os.environ.get("PYTHONPATH")
    return os.environ | {
        VARIABLE: str(workspace.root),
        "PLOTLY_RENDERER": "plotly_mimetype",
        "PYTHONPATH": os.pathsep.join(filter(None, [package, known])),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "IPYTHONDIR": str(Path(tempfile.gettempdir()) / "itpm-trends-ipython"),
    }


def _what_failed(path: Path, notebook: nbformat.NotebookNode, error: Exception) -> str:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return (
                    f"Notebook {path.name}, cell {cell.id!r}: {output.ename}: {output.evalue}. "
                    "Open it in JupyterLab to see the whole traceback."
                )
    return f"Notebook {path.name}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
