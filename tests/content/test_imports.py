"""The floors and rooms of the package stay apart, and `import immunolab` stays light."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
HEAVY = {
    "matplotlib",
    "pandas",
    "lifelines",
    "scipy",
    "numpy",
    "ipywidgets",
    "anywidget",
    "IPython",
    "yaml",
    "pybtex",
}


def lint(folder: Path) -> subprocess.CompletedProcess:
    """Check the import contract of pyproject.toml on the package in a folder."""
    return subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, timeout=120
    )


def test_imports_run_downwards_only():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("models/binding.py", "import immunolab.draw.palette"),
        ("draw/palette.py", "import immunolab.tables"),
        ("learning/quiz.py", "import immunolab.interactives.explorer"),
        ("models/binding.py", "import matplotlib"),
    ],
)
def test_an_import_that_runs_upwards_is_found(tmp_path, module, forbidden):
    shutil.copytree(ROOT / "immunolab", tmp_path / "immunolab", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "immunolab" / module).open("a", encoding="utf8") as file:
        file.write(f"\n{forbidden}\n")
    result = lint(tmp_path)
    assert result.returncode == 1
    assert "BROKEN" in result.stdout


@pytest.mark.parametrize("module", ["immunolab", "immunolab.course", "immunolab.saving"])
def test_heavy_libraries_load_only_when_used(module):
    """The Jupyter server imports immunolab.saving; every lesson starts with the package."""
    code = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not HEAVY & set(result.stdout.split())
