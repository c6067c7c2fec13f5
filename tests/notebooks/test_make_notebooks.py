"""``make notebooks``: what it keeps, what it drops, and what it does when a cell fails."""

import asyncio
import os
from pathlib import Path

import pytest
from nbformat import v4

from immunolab.saving import VIEW
from tools import notebooks
from tools.kernels import for_notebook, unattended


def executed(*cells):
    """A notebook as a kernel leaves it: with times, widgets, split text and the counts of a long day."""
    notebook = v4.new_notebook(cells=list(cells))
    notebook.metadata = {
        "kernelspec": {"display_name": "my env", "language": "python", "name": "my-env"},
        "language_info": {"name": "python", "version": "3.12.1"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {}},
    }
    return notebook


def code(source, *outputs, count=7, **metadata):
    return v4.new_code_cell(source, outputs=list(outputs), execution_count=count, metadata=metadata)


def run(folder: Path, *cells):
    """The result of executing one notebook in a folder."""
    notebook = v4.new_notebook(cells=list(cells))
    return asyncio.run(notebooks.execute_all([(folder / "trial.ipynb", notebook)], at_once=1))[0]


def test_nothing_of_the_run_is_kept():
    view = v4.new_output("display_data", data={VIEW: {"model_id": "5e"}, "text/html": "<p>a figure</p>"})
    times = {"iopub.execute_input": "2026-11-23T10:00:00Z"}
    notebook = notebooks.normalise(executed(code("1", view, execution=times, collapsed=True, tags=["kept"])))
    assert notebook.metadata == notebooks.NOTEBOOK_METADATA
    assert notebook.cells[0].metadata == {"tags": ["kept"]}
    assert notebook.cells[0].outputs[0].data == {"text/html": "<p>a figure</p>"}


def test_cells_are_counted_from_one():
    result = v4.new_output("execute_result", data={"text/plain": "4"}, execution_count=12)
    notebook = notebooks.normalise(executed(code("1"), v4.new_markdown_cell("text"), code("2 + 2", result)))
    assert [cell.get("execution_count") for cell in notebook.cells] == [1, None, 2]
    assert notebook.cells[2].outputs[0].execution_count == 2


def test_pieces_of_a_stream_are_joined():
    pieces = [("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d")]
    outputs = [v4.new_output("stream", name=name, text=text) for name, text in pieces]
    shown = v4.new_output("display_data", data={"text/plain": "e"})
    notebook = notebooks.normalise(executed(code("1", *outputs, shown, outputs[0])))
    joined = [output.get("text", "shown") for output in notebook.cells[0].outputs]
    assert joined == ["ab", "c", "d", "shown", "a"]


def test_ids_follow_the_text_and_not_the_place():
    cells = [v4.new_markdown_cell("## Warm-up"), code("lesson.warm_up()"), code("lesson.warm_up()")]
    first = notebooks.normalise(executed(*cells))
    second = notebooks.normalise(executed(v4.new_markdown_cell("# Title"), *cells))
    ids = [cell.id for cell in first.cells]
    assert ids == ["warm-up", "lesson-warm-up", "lesson-warm-up-2"]
    assert [cell.id for cell in second.cells][1:] == ids


def test_running_twice_gives_the_same_bytes(tmp_path):
    cells = code("print('one')\n2"), code("from IPython.display import HTML\nHTML('<p>three</p>')")
    first = run(tmp_path, *cells)
    second = run(tmp_path, *first.cells)
    assert notebooks.text_of(first) == notebooks.text_of(second)
    assert first.cells[0].outputs[0].text == "one\n"


def test_a_failing_cell_is_named(tmp_path):
    failure = run(tmp_path, v4.new_markdown_cell("# Title"), code("dose = 200"), code("dose / 0"))
    assert isinstance(failure, notebooks.CellFailed)
    assert "trial.ipynb, cell 3: " in str(failure)
    assert "ZeroDivisionError" in str(failure)
    assert "\x1b" not in str(failure)


def test_nothing_is_written_when_a_cell_fails(tmp_path, monkeypatch, capsys):
    for name, source in (("00_good", "1"), ("01_bad", "dose")):
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(notebooks.text_of(v4.new_notebook(cells=[code(source, count=None)])), encoding="utf8")
    (tmp_path / "exercises").mkdir()
    monkeypatch.setenv("IMMUNOLAB_HOME", str(tmp_path))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.ipynb")}
    assert notebooks.main([]) == 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.ipynb")} == before
    message = capsys.readouterr().err
    assert "01_bad.ipynb, cell 1: " in message
    assert "NameError" in message


def test_changes_are_told_in_words():
    old, new = executed(code("1", count=7), code("2")), executed(code("1", count=8), code("2"))
    new.cells[0].id, new.cells[1].id = old.cells[0].id, old.cells[1].id
    assert list(notebooks.changes(old, old)) == []
    assert list(notebooks.changes(old, new)) == [f"cell 1 ({old.cells[0].id}): execution_count"]
    assert list(notebooks.changes(old, executed(code("1")))) == ["2 cells become 1"]


def test_a_kernel_starts_with_nothing_and_without_network(tmp_path):
    source = """
import os, socket
from pathlib import Path
progress = Path(os.environ["IMMUNOLAB_PROGRESS"])
print(list(progress.iterdir()), Path.cwd().name)
print(*sorted(Path(os.environ[name]).is_relative_to(Path.home()) for name in ("IPYTHONDIR", "MPLCONFIGDIR")))
try:
    socket.gethostbyname("example.invalid")
except OSError as refusal:
    print(refusal)
"""
    folder = tmp_path / "lessons"
    folder.mkdir()
    notebook = run(folder, code(source))
    assert notebook.cells[0].outputs[0].text.splitlines() == [
        "[] lessons",
        "False False",
        "no network in a lesson: 'example.invalid' was refused",
    ]


def test_the_environment_is_put_back():
    before = dict(os.environ)
    with unattended() as folder:
        own = for_notebook(folder, Path("notebooks/00_start_here.ipynb"))
        other = for_notebook(folder, Path("notebooks/02_immune_checkpoints.ipynb"))
        assert own["IMMUNOLAB_PROGRESS"] != other["IMMUNOLAB_PROGRESS"]
        assert os.environ["IPYTHONDIR"].startswith(str(folder))
    assert dict(os.environ) == before
    assert not folder.exists()


@pytest.mark.parametrize("chosen", [["notebooks"], ["notebooks/02_a.ipynb"], []])
def test_paths_choose_notebooks(chosen, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert notebooks.is_chosen(tmp_path / "notebooks" / "02_a.ipynb", [Path(path) for path in chosen])
    solution = tmp_path / "exercises" / "02_a" / "solution.ipynb"
    assert notebooks.is_chosen(solution, [Path(path) for path in chosen]) == (not chosen)
