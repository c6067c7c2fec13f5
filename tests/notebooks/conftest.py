"""What a run of ``pytest --nbval`` adds to nbval: each notebook runs unattended, with progress of its own.

Works in parallel too: every worker of xdist reads this file, and takes whole notebooks (``--dist loadfile``).
"""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from tools.kernels import for_notebook, unattended


class Unattended:
    """Sets the environment that the kernel of the next notebook inherits, and looks at what it left."""

    def __init__(self, run: Path) -> None:
        self.run = run
        self.notebook: Path | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """nbval starts the kernel of a notebook in the set-up of its first cell."""
        if item.path.suffix == ".ipynb" and item.path != self.notebook:
            self.notebook = item.path
            os.environ.update(for_notebook(self.run, item.path))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        """A lesson that merely runs writes no progress. (Exercises do: a check that is run counts as a try.)"""
        is_last_cell = nextitem is None or nextitem.path != item.path
        if is_last_cell and item.path.parent.name == "notebooks":
            written = list(Path(os.environ["IMMUNOLAB_PROGRESS"]).rglob("*"))
            assert not written, f"running {item.path.name} wrote {written}"


def pytest_configure(config: pytest.Config) -> None:
    """Only where notebooks run: ordinary tests keep the environment they have."""
    if config.getoption("--nbval", default=False):
        stack = ExitStack()
        config.pluginmanager.register(Unattended(stack.enter_context(unattended())), "unattended")
        config.add_cleanup(stack.close)
