"""What a look over the whole tree must not find; no pattern finds itself here."""

import csv
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import nbformat
import pytest
import yaml

from tools import readme
from tools.lessons import prose

ROOT = Path(__file__).resolve().parents[2]
MAX_BYTES = 1_500_000
BINARY = {".png", ".otf", ".ttf", ".woff2", ".jpg"}
LEGAL = {"LICENSE", "LICENSE-CONTENT", "OFL.txt"}  # quoted, not written here

FORBIDDEN = {
    "a path of one machine": r"(?<![\w.])/(work|root|home|Users|farm)/",
    "the address of a package index": r"https?://[^\s\"]*(p[y]pi|python[h]osted|n[p]mjs|deb[.]deb[i]an|ana[c]onda\.org)",
    "a number that nobody has confirmed": r"U[N]CONFIRMED",
    "unfinished work": r"\b(T[O]DO|F[I]XME|X[X]X|l[o]rem ipsum)\b",
    "a promise": r"(?i)\b(break[t]hrough|un[l]eash)",
    "a conflict of a merge": r"(?m)^(<{7}|>{7})( |$)",
    "a key or password": r"BEGIN [A-Z ]*PRIVATE K[E]Y|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}",
}

# American spelling -> the course's. Code and links are not prose: see `prose_of`.
BRITISH = {
    r"tumor(?!igen)": "tumour",
    r"color(?!ect)": "colour",
    r"center": "centre",
    r"fiber": "fibre",
    r"behavior": "behaviour",
    r"(leuk)emi": "leukaemi",
    r"anemi": "anaemi",
    r"hemoglobin": "haemoglobin",
    r"edema": "oedema",
    r"(esophag)": "oesophag",
    r"pediatric": "paediatric",
    r"analyz": "analys",
    r"signaling": "signalling",
    r"labeled": "labelled",
    r"modeling": "modelling",
    r"randomiz": "randomis",
    r"characteriz": "characteris",
    r"internaliz": "internalis",
    r"summariz": "summaris",
}


def files() -> list[Path]:
    """Every file of the project: all but what .gitignore names. Needs no git, which an archive lacks."""
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf8").split()]
    return sorted(walk(ROOT, [".git", *ignored]))


def walk(folder: Path, ignored: list[str]) -> Iterator[Path]:
    for path in folder.iterdir():
        if any(fnmatch(path.name, pattern) for pattern in ignored):
            continue
        if path.is_dir():
            yield from walk(path, ignored)
        else:
            yield path


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


FILES = {name(path): path for path in files()}
TEXTS = {where: path.read_text(encoding="utf8") for where, path in FILES.items() if path.suffix not in BINARY}
NOTEBOOKS = {
    where: nbformat.reads(text, as_version=4) for where, text in TEXTS.items() if where.endswith(".ipynb")
}


def test_no_file_is_large():
    assert not {
        where: path.stat().st_size for where, path in FILES.items() if path.stat().st_size > MAX_BYTES
    }


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_that_must_not_be_there(what):
    found = {where: re.search(FORBIDDEN[what], text) for where, text in TEXTS.items()}
    assert not {where: match[0] for where, match in found.items() if match}


def parse(where: str, text: str) -> None:
    """Raises an exception for a file that its own format does not accept."""
    if where.endswith((".json", ".ipynb")):
        json.loads(text)
    elif where.endswith((".yaml", ".yml", ".cff")) and "template" not in where:
        yaml.safe_load(text)
    elif where.endswith(".csv") and len({len(row) for row in csv.reader(text.splitlines())}) != 1:
        raise ValueError("rows of different length")


def test_what_is_parsed_parses():
    broken = {}
    for where, text in TEXTS.items():
        try:
            parse(where, text)
        except (ValueError, yaml.YAMLError) as error:
            broken[where] = error
    assert not broken


def test_lines_and_files_end_cleanly():
    written = {
        where: text
        for where, text in TEXTS.items()
        if text and not where.endswith((".svg", ".ipynb")) and Path(where).name not in LEGAL
    }
    assert not [where for where, text in written.items() if not text.endswith("\n") or text.endswith("\n\n")]
    assert not [where for where, text in written.items() if re.search(r"[ \t\r]$", text, re.MULTILINE)]


def test_notebooks_ask_for_the_kernel_that_every_machine_has():
    for where, notebook in NOTEBOOKS.items():
        nbformat.validate(notebook)
        assert notebook.metadata.kernelspec.name == "python3", where
        assert "version" not in notebook.metadata.get("language_info", {}), where


def prose_of(where: str) -> str:
    """The prose of a Markdown file or a notebook: no code, no links, no titles of sources as they were printed."""
    text = TEXTS[where]
    if where in NOTEBOOKS:
        cells = (cell.source for cell in NOTEBOOKS[where].cells if cell.cell_type == "markdown")
        text = "\n\n".join(source for source in cells if not source.startswith("### Sources "))
    return re.sub(r"`[^`]*`|\]\([^)]*\)|<[^>]*>|https?://\S+", " ", prose(text))


def test_spelling_is_british():
    found = {}
    for where in TEXTS:
        if where.endswith((".md", ".ipynb")):
            text = prose_of(where)
            slips = {right: re.search(rf"(?i)\b{wrong}\w*", text) for wrong, right in BRITISH.items()}
            found |= {f"{where}: {match[0]}": right for right, match in slips.items() if match}
    assert not found


def test_readme_lists_the_lessons_of_the_course():
    text = TEXTS["README.md"]
    assert readme.with_table(text) == text, "run `make notebooks`"


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{where}: {target}"
        for where, text in TEXTS.items()
        if where.endswith(".md") and "template" not in where
        for target in re.findall(r"\]\(([^)#\s]+)", prose(text))
        if ":" not in target and not (ROOT / where).parent.joinpath(target).exists()
    ]
    assert not broken
