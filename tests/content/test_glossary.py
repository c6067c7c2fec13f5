"""The notebook of terms and sources is what the tables and the lessons give, and leads to where they are used."""

import re
from dataclasses import replace
from types import SimpleNamespace

import nbformat
import pytest

from immunolab import course, tables
from immunolab.learning import quiz
from tools import check, glossary, notebooks

ROOT = quiz.home()
PATH = ROOT / "notebooks" / f"{glossary.LESSON.stem}.ipynb"
SAVED = nbformat.read(PATH, as_version=4)
CELLS = [cell.source for cell in SAVED.cells]
ENTRIES = {
    title: [line for cell in CELLS if cell.startswith(f"### {title} ") for line in cell.splitlines()[2:]]
    for title in ("Terms", "Sources")
}
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(path):
    """What a link to a heading of this notebook may name, as JupyterLab and GitHub spell it."""
    cells = nbformat.read(path, as_version=4).cells
    markdown = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return {heading.replace(" ", "-") for heading in HEADING.findall(markdown)}


def links(text):
    """The notebook and the heading of each link within the course."""
    return re.findall(r"\]\(([\w.]*)#([\w-]+)\)", text)


def test_it_is_what_the_course_gives():
    made = notebooks.normalise(glossary.notebook(ROOT))
    assert list(notebooks.changes(SAVED, made)) == [], "run `make notebooks`"
    assert {cell.cell_type for cell in SAVED.cells} == {"markdown"}, "there is nothing to run"


def test_every_term_stands_once_with_its_meaning_and_a_way_to_its_lesson():
    rows = list(tables.table("glossary").itertuples())
    assert len(ENTRIES["Terms"]) == len(rows)
    for row in rows:
        begins = f"- **{glossary.plain(row.term)}**: {glossary.plain(row.definition)} "
        [entry] = [entry for entry in ENTRIES["Terms"] if entry.startswith(begins)]
        assert links(entry) == [(f"{row.lesson}.ipynb", "Terms")] * (
            course.lesson(row.lesson).status == "ready"
        )


def test_every_link_to_a_heading_leads_to_one():
    found = links("\n".join(CELLS))
    there = {page: anchors(PATH.with_name(page or PATH.name)) for page, _ in set(found)}
    assert [f"{page}#{heading}" for page, heading in found if heading not in there[page]] == []


def test_every_letter_is_reached_by_a_jump():
    jumps = {heading for page, heading in links("\n".join(CELLS)) if not page}
    assert jumps == anchors(PATH) - {glossary.LESSON.title.replace(" ", "-")}


def test_a_term_of_a_planned_lesson_names_it_without_a_link(monkeypatch):
    planned = replace(course.lesson("02"), status="planned")
    monkeypatch.setattr(course, "lesson", lambda _stem: planned)
    row = SimpleNamespace(term="K_D", definition="A constant.", lesson=planned.stem)
    assert glossary.term(row) == r"**K\_D**: A constant. *02 Immune checkpoints (planned)*"


def test_every_source_that_is_used_stands_once_with_its_address():
    lessons, numbers = glossary.cited(ROOT), glossary.tabulated()
    used = (lessons.keys() | numbers.keys()) & set(tables.sources())
    assert len(ENTRIES["Sources"]) == len(used)
    for source in map(tables.source, used):
        begins = f"- {glossary.plain(source.text)} {source.link}"
        [entry] = [entry for entry in ENTRIES["Sources"] if entry.startswith(begins)]
        cites = {(f"{lesson.stem}.ipynb", "Sources") for lesson in lessons.get(source.key, [])}
        assert set(links(entry)) == cites
        assert re.findall("`(.+?)`", entry.removeprefix(begins)) == numbers.get(source.key, [])


def test_sources_of_text_questions_diagrams_and_tables_are_found():
    page = glossary.Page(course.lesson("02"), ROOT)
    assert {"Leach1996", "Yost2019"} <= glossary.printed(page), "named by the notebook"
    assert set(page.bank.questions[0].source) <= glossary.printed(page)
    assert "Tumeh2014" in glossary.drawn(page)
    assert "antibody_pk" in glossary.tabulated()["Ahamadi2017"]


@pytest.mark.parametrize(("name", "letter"), [("4-1BB", "0-9"), ("van der Merwe", "V"), ("CAR", "C")])
def test_a_name_stands_under_its_first_letter(name, letter):
    assert glossary.initial(name) == letter


def test_signs_of_markdown_are_shown_as_they_are():
    assert glossary.plain("HLA-A*02 and C_max < 3 [a]") == r"HLA-A\*02 and C\_max \< 3 \[a\]"


def test_a_source_that_nothing_names_is_reported(tmp_path, monkeypatch):
    path = tmp_path / "immunolab" / "data" / "sources.bib"
    path.parent.mkdir(parents=True)
    path.write_text("@article{Used2020,\n}\n\n@article{Idle2021,\n}\n", encoding="utf8")
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "cell.py").write_text('SOURCES = ["Used2020"]\n', encoding="utf8")
    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(check, "DATA", path.parent)
    [problem] = check.unused_sources()
    assert (problem.about, problem.line) == ("Idle2021", 4)
