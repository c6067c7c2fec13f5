"""Redraw the diagrams: each ``figures/NAME.py`` draws ``figures/NAME.svg``.

python -m tools.figures              all of them
python -m tools.figures NAME ...     some of them
python -m tools.figures --check      draw nothing new: say which files differ from what their code draws
python -m tools.figures --png FOLDER write previews as PNG too, at twice the size shown
"""

import argparse
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import matplotlib

from immunolab.draw.svg import svg
from immunolab.draw.type import course_style

FIGURES = Path(__file__).parents[1] / "figures"


def names() -> list[str]:
    """The stems of all figures, in order."""
    return sorted(file.stem for file in FIGURES.glob("[a-z]*.py"))


def load(name: str) -> ModuleType:
    """The module of one figure: TITLE, ALT, CAPTION, SOURCES and draw(). ValueError lists the figures there are."""
    file = FIGURES / f"{name}.py"
    if not file.exists():
        raise ValueError(f"No figure {name!r}. The figures are: {', '.join(names())}.")
    spec = importlib.util.spec_from_file_location(f"figures.{name}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def drawn(name: str) -> str:
    """The SVG text that the code of one figure draws now."""
    module = load(name)
    with matplotlib.rc_context(course_style()):
        return svg(module.draw(), name, module.TITLE, module.ALT)


def main(arguments: list[str] | None = None) -> int:
    """Redraw or check; returns the number of files that differ."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", nargs="*", help="stem of a figure; none means all")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--png", type=Path, metavar="FOLDER", help="write previews here as well")
    options = parser.parse_args(arguments)
    differing = 0
    for name in options.name or names():
        file = FIGURES / f"{name}.svg"
        text = drawn(name)
        same = file.exists() and file.read_text(encoding="utf-8") == text
        differing += not same
        print(
            f"{name}: {len(text) / 1000:.0f} kB, {'unchanged' if same else 'differs' if options.check else 'drawn'}"
        )
        if not options.check:
            file.write_text(text, encoding="utf-8", newline="\n")
        if options.png:
            with matplotlib.rc_context(course_style()):
                load(name).draw().savefig(options.png / f"{name}.png", dpi=192)
    return differing if options.check else 0


if __name__ == "__main__":
    sys.exit(main())
