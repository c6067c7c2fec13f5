"""Keeps saved notebooks clean: a widget that has lost its kernel is left out, its picture stays.

A saved notebook normally points at widgets that died with their kernel, and shows "model not found" when it
is opened again. Every interactive of the course leaves, beside the live widget, a picture and a sentence as
plain HTML; so the pointer can go. JupyterLab loads this as a server extension (``jupyter/immunolab.json``),
and ``make notebooks`` uses the same function. Notebooks that have nothing to do with the course are left
alone.
"""

from typing import Any

VIEW = "application/vnd.jupyter.widget-view+json"


def is_lesson(notebook: dict[str, Any]) -> bool:
    """Whether a notebook (JSON of nbformat 4) uses the course: one of its code cells names the package."""
    return any(
        cell["cell_type"] == "code" and "immunolab" in "".join(cell["source"])
        for cell in notebook.get("cells", [])
    )


def without_widgets(notebook: dict[str, Any]) -> dict[str, Any]:
    """A copy of the notebook without widget views in its outputs and without widget state.

    An output that held nothing but a view disappears. Text, HTML and images beside a view stay.
    """
    metadata = {key: value for key, value in notebook["metadata"].items() if key != "widgets"}
    return {
        **notebook,
        "metadata": metadata,
        "cells": [_cell_without_views(cell) for cell in notebook["cells"]],
    }


def _cell_without_views(cell: dict[str, Any]) -> dict[str, Any]:
    if not any(VIEW in output.get("data", {}) for output in cell.get("outputs", [])):
        return cell
    outputs = [_output_without_view(output) for output in cell["outputs"]]
    return {**cell, "outputs": [output for output in outputs if output.get("data") != {}]}


def _output_without_view(output: dict[str, Any]) -> dict[str, Any]:
    if VIEW not in output.get("data", {}):
        return output
    return {**output, "data": {kind: value for kind, value in output["data"].items() if kind != VIEW}}


def before_save(model: dict[str, Any], path: str, contents_manager: Any, **_: Any) -> None:
    """Pre-save hook of the Jupyter server. Whatever is wrong with a notebook, it is saved as it is."""
    try:
        if model.get("type") == "notebook" and is_lesson(model["content"]):
            model["content"] = without_widgets(model["content"])
    except Exception:
        contents_manager.log.warning("ImmunoLab could not tidy %s: it is saved as it is", path, exc_info=True)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "immunolab.saving"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Nothing yet: another extension may still put its own contents manager in place (jupytext does)."""


async def _start_jupyter_server_extension(server: Any) -> None:
    """Called when all extensions are loaded, and the contents manager is the one that will save."""
    server.contents_manager.register_pre_save_hook(before_save)
