"""Compile the pins: requirements.txt, requirements-dev.txt and environment.yml, all from pyproject.toml.

Run as ``make pins``. The three files must agree, and a test holds them together. Nothing written here names a
package index, so the pins install from whichever index a machine is set up for.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = "# Written by `make pins` from pyproject.toml. Change that file, not this one.\n"
# repo2docker reads a bare lower bound as "not stated" and falls back to an old Python, so Binder gets an exact minor.
BINDER_PYTHON = "3.13"


def compile_pins(*options: str) -> list[str]:
    """The pins of pyproject.toml for every supported Python, one requirement a line, without comments."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "pins.txt"
        command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--universal", "--quiet",
                   "--no-annotate", "--no-header", *options, "-o", str(out)]  # fmt: skip
        subprocess.run(command, cwd=ROOT, check=True)
        return out.read_text(encoding="utf8").splitlines()


def environment(pins: list[str]) -> str:
    """environment.yml for conda and Binder: one Python, then the very same pins."""
    lines = [HEAD.rstrip(), "name: immunolab", "channels:", "  - conda-forge", "dependencies:"]
    lines += [f"  - python={BINDER_PYTHON}", "  - pip", "  - pip:"]
    lines += [f'      - "{pin}"' if ";" in pin else f"      - {pin}" for pin in pins]
    return "\n".join(lines) + "\n"


def main() -> None:
    lesson = compile_pins()
    everything = compile_pins("--extra", "dev")
    moved = [pin for pin in lesson if pin not in everything]
    if moved:
        sys.exit(f"The test pins disagree with the lesson pins on {moved}: narrow a bound in pyproject.toml.")
    tests = [pin for pin in everything if pin not in lesson]
    (ROOT / "requirements.txt").write_text(HEAD + "\n".join(lesson) + "\n", encoding="utf8")
    (ROOT / "requirements-dev.txt").write_text(
        HEAD + "-r requirements.txt\n" + "\n".join(tests) + "\n", encoding="utf8"
    )
    (ROOT / "environment.yml").write_text(environment(lesson), encoding="utf8")


if __name__ == "__main__":
    main()
