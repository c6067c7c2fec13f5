"""pyproject.toml, requirements.txt, requirements-dev.txt and environment.yml say the same thing."""

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import immunolab

ROOT = Path(__file__).resolve().parents[2]
PROJECT_TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf8")
PROJECT = tomllib.loads(PROJECT_TEXT)["project"]


def lines(name: str) -> list[str]:
    """The lines of a requirements file that are not comments."""
    text = (ROOT / name).read_text(encoding="utf8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def requirements(listed: list[str]) -> list[Requirement]:
    return [Requirement(line) for line in listed if not line.startswith("-r ")]


LESSON_PINS = requirements(lines("requirements.txt"))
TEST_PINS = requirements(lines("requirements-dev.txt"))
DIRECT = requirements(PROJECT["dependencies"])
DIRECT_DEV = requirements(PROJECT["optional-dependencies"]["dev"])


def pinned(requirement: Requirement, pins: list[Requirement]) -> list[Version]:
    """The versions a package is pinned at; more than one where Python versions differ."""
    name = canonicalize_name(requirement.name)
    return [Version(next(iter(pin.specifier)).version) for pin in pins if canonicalize_name(pin.name) == name]


@pytest.mark.parametrize("pin", LESSON_PINS + TEST_PINS, ids=str)
def test_each_pin_is_exact(pin):
    assert [one.operator for one in pin.specifier] == ["=="]
    assert pin.url is None


@pytest.mark.parametrize("requirement", DIRECT, ids=str)
def test_lesson_needs_are_pinned_within_their_bounds(requirement):
    versions = pinned(requirement, LESSON_PINS)
    assert versions, "missing: run `make pins`"
    assert all(requirement.specifier.contains(version) for version in versions)


@pytest.mark.parametrize("requirement", DIRECT_DEV, ids=str)
def test_test_needs_are_pinned_within_their_bounds(requirement):
    versions = pinned(requirement, LESSON_PINS + TEST_PINS)
    assert versions, "missing: run `make pins`"
    assert all(requirement.specifier.contains(version) for version in versions)


def test_files_name_no_package_index():
    for name in ("requirements.txt", "requirements-dev.txt"):
        options = [line for line in lines(name) if line.startswith("-")]
        assert options == (["-r requirements.txt"] if name == "requirements-dev.txt" else [])


def test_test_pins_only_add():
    shared = {canonicalize_name(pin.name) for pin in LESSON_PINS} & {
        canonicalize_name(pin.name) for pin in TEST_PINS
    }
    assert not shared


def test_conda_and_binder_install_the_same_pins():
    python, pip, packages = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf8"))[
        "dependencies"
    ]
    assert packages == {"pip": lines("requirements.txt")}
    assert pip == "pip"
    # An exact minor version: Binder's builder reads a bare bound as "not stated" and takes an old Python.
    assert re.fullmatch(r"python=3\.\d+", python)
    assert Version(python.removeprefix("python=")) >= Version(PROJECT["requires-python"].removeprefix(">="))


def test_each_direct_dependency_gives_its_reason():
    for requirement in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]:
        assert re.search(rf'^ +"{re.escape(requirement)}", +# \w+', PROJECT_TEXT, re.MULTILINE), requirement


def test_the_package_imports_only_what_it_declares():
    """What another package happens to bring along may be gone after its next release.

    Widgets are made of traitlets and shown by IPython: these two cannot leave ipywidgets.
    """
    provided = metadata.packages_distributions()
    declared = {canonicalize_name(requirement.name) for requirement in DIRECT} | {"ipython", "traitlets"}
    undeclared = set()
    for path in (ROOT / "immunolab").rglob("*.py"):
        for module in imported_modules(path):
            owners = {canonicalize_name(owner) for owner in provided.get(module, [])}
            if module not in sys.stdlib_module_names and module != "immunolab" and not owners & declared:
                undeclared.add(f"{path.relative_to(ROOT)} imports {module}")
    assert not undeclared


def imported_modules(path: Path) -> set[str]:
    """The top-level modules that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module)
    return {name.split(".")[0] for name in found}


def test_one_version_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf8")
    newest = re.search(r"^## (\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert PROJECT["version"] == immunolab.__version__ == str(citation["version"]) == newest[1]
