"""A real JupyterLab for the tests: on a free port, with nobody's settings, over a copy of the course.

Notebook 7 comes from the same server. Kernels cannot leave the machine, and what is saved in the browser is
saved in the copy.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.kernels import NO_NETWORK, folders

ROOT = Path(__file__).resolve().parents[2]
COPIED = (
    "notebooks",
    "exercises",
    "figures",
    "requirements.txt",
)  # what a learner's page reads from the course
FOLDERS = (
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "IPYTHONDIR",
    "IMMUNOLAB_PROGRESS",
)
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server: where it is, its token, the copied course and the folder of the learner's progress."""

    url: str
    token: str
    course: Path
    progress: Path

    def address(self, notebook: str, kind: str = "lab") -> str:
        """Where a notebook (path inside the course) opens: in JupyterLab or, with ``kind="notebook"``, Notebook 7."""
        place = f"lab/tree/{notebook}?reset&" if kind == "lab" else f"notebooks/{notebook}?"
        return f"{self.url}/{place}token={self.token}"

    def new_learner(self) -> None:
        """Forget all progress, and put the notebooks back as they are shipped."""
        if self.progress.is_file():
            self.progress.unlink()
        shutil.rmtree(self.progress, ignore_errors=True)
        for folder in ("notebooks", "exercises"):
            copy(ROOT / folder, self.course / folder)


def copy(source: Path, target: Path) -> None:
    if source.is_file():
        shutil.copy2(source, target)
    else:
        shutil.copytree(
            source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".ipynb_checkpoints")
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving() -> Iterator[Server]:
    """Start the server, and stop it, with the kernels it started, by its own process id."""
    with tempfile.TemporaryDirectory(prefix="immunolab-browser-", ignore_cleanup_errors=True) as temporary:
        home = Path(temporary)
        course = home / "course"
        course.mkdir()
        for name in COPIED:
            copy(ROOT / name, course / name)
        own = folders(home, FOLDERS)
        port, token = free_port(), secrets.token_hex(16)
        server = Server(f"http://127.0.0.1:{port}", token, course, Path(own["IMMUNOLAB_PROGRESS"]))
        command = [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
            "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={course}",
            "--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True",
        ]  # fmt: skip
        environment = {**os.environ, **own, "IMMUNOLAB_HOME": str(course), "PYTHONPATH": str(NO_NETWORK)}
        log = home / "server.log"
        with log.open("w") as out:
            process = subprocess.Popen(
                command, env=environment, cwd=course, stdout=out, stderr=subprocess.STDOUT
            )
        try:
            wait_for(server, process, log)
            yield server
        finally:
            stop(process)


def wait_for(server: Server, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"{server.url}/api/status?token={server.token}", timeout=2).close()
            return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")


def stop(process: subprocess.Popen) -> None:
    """Ask it to end, which ends its kernels too; insist only if it does not."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
