"""A saved notebook keeps its pictures and loses its dead widgets; nothing stands in the way of saving."""

import asyncio
import copy
import json
import logging
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from jupyter_server.services.contents.filemanager import FileContentsManager
from nbformat import v4

from immunolab import saving

ROOT = Path(__file__).resolve().parents[2]
VIEW = {saving.VIEW: {"model_id": "0f", "version_major": 2, "version_minor": 0}}
PICTURE = {"text/html": '<figure><img alt="a curve"></figure>', "text/plain": "The peak stands at 3."}


def lesson(*outputs, source="from immunolab.lesson import Lesson"):
    """A notebook with one cell of code and these outputs, and saved widget state."""
    notebook = v4.new_notebook(
        cells=[v4.new_markdown_cell("# A lesson"), v4.new_code_cell(source, outputs=list(outputs))]
    )
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    return notebook


def shown(**data):
    return v4.new_output("display_data", data=data)


def outputs(notebook):
    return notebook["cells"][1]["outputs"]


def test_the_view_goes_and_the_picture_stays():
    notebook = saving.without_widgets(lesson(shown(**VIEW, **PICTURE)))
    assert [output["data"] for output in outputs(notebook)] == [PICTURE]
    assert "widgets" not in notebook["metadata"]


def test_an_output_that_was_only_a_view_disappears():
    stream = v4.new_output("stream", text="done")
    notebook = saving.without_widgets(lesson(shown(**VIEW), stream))
    assert outputs(notebook) == [stream]


def test_the_notebook_that_was_passed_is_not_changed():
    notebook = lesson(shown(**VIEW, **PICTURE))
    before = copy.deepcopy(notebook)
    saving.without_widgets(notebook)
    assert notebook == before


def save(model):
    """Run the hook as the server does; the messages it logs."""
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    log = logging.Logger("server")
    log.addHandler(handler)
    saving.before_save(model=model, path="a.ipynb", contents_manager=SimpleNamespace(log=log))
    return records


@pytest.mark.parametrize(
    "content", [None, {}, {"cells": [None]}, {"cells": [{"cell_type": "code"}]}, "not a notebook"]
)
def test_a_strange_notebook_is_saved_as_it_is(content):
    model = {"type": "notebook", "content": copy.deepcopy(content)}
    save(model)
    assert model == {"type": "notebook", "content": content}


def test_what_goes_wrong_is_logged():
    assert save({"type": "notebook", "content": None})


def test_other_files_and_other_notebooks_are_left_alone():
    text = {"type": "file", "content": "immunolab"}
    other = {"type": "notebook", "content": lesson(shown(**VIEW), source="import ipywidgets")}
    for model in (text, other):
        before = copy.deepcopy(model)
        assert not save(model)
        assert model == before


def test_the_server_writes_a_clean_copy(tmp_path, monkeypatch):
    """Through the server's own saving of files, as JupyterLab asks for it."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))  # where the server keeps its signatures
    manager = FileContentsManager(root_dir=str(tmp_path))
    asyncio.run(saving._start_jupyter_server_extension(SimpleNamespace(contents_manager=manager)))
    content = json.loads(json.dumps(lesson(shown(**VIEW, **PICTURE))))
    manager.save({"type": "notebook", "content": content}, "copy.ipynb")
    saved = nbformat.read(tmp_path / "copy.ipynb", as_version=4)
    assert saving.VIEW not in str(saved)
    assert outputs(saved)[0].data["text/html"] == PICTURE["text/html"]
    nbformat.validate(saved)


def test_jupyter_is_told_to_load_it():
    config = json.loads((ROOT / "jupyter" / "immunolab.json").read_text(encoding="utf8"))
    modules = [point["module"] for point in saving._jupyter_server_extension_points()]
    assert config == {"ServerApp": {"jpserver_extensions": dict.fromkeys(modules, True)}}
