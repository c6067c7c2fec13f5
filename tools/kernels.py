"""The surroundings of kernels that run lessons unattended: no network, and nobody's progress or settings."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NO_NETWORK = Path(__file__).resolve().parents[1] / "tests" / "notebooks" / "sitecustomize"


@contextmanager
def unattended() -> Iterator[Path]:
    """A temporary folder for a run of kernels, in an environment that lets it depend on the checkout alone.

    What Jupyter and matplotlib would read from or write to the home folder goes into the temporary folder,
    for this process and the kernels it starts. Each kernel needs ``for_notebook`` besides.
    """
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="immunolab-", ignore_cleanup_errors=True) as folder:
        run = Path(folder)
        names = (
            "IPYTHONDIR",
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTER_RUNTIME_DIR",
            "MPLCONFIGDIR",
        )
        os.environ.update(folders(run, names))
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(NO_NETWORK), before.get("PYTHONPATH")]))
        os.environ.pop("IMMUNOLAB_HOME", None)
        os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = (
            "1"  # else the debugger warns on every kernel's error stream
        )
        try:
            yield run
        finally:
            os.environ.clear()
            os.environ.update(before)


def for_notebook(run: Path, notebook: Path) -> dict[str, str]:
    """The variables of one notebook's kernel: empty progress, and an IPython without history."""
    return folders(run / "-".join(notebook.parts[-3:]), ("IMMUNOLAB_PROGRESS", "IPYTHONDIR"))


def folders(parent: Path, names: tuple[str, ...]) -> dict[str, str]:
    """An empty folder below ``parent`` for each variable."""
    made = {name: parent / name.lower() for name in names}
    for folder in made.values():
        folder.mkdir(parents=True, exist_ok=True)
    return {name: str(folder) for name, folder in made.items()}
