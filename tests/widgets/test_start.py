"""The start page's words about the set-up."""

import re

from immunolab.interactives import start


def test_versions_are_compared_with_the_pins():
    assert "numpy: as pinned" in start.versions()


def test_a_course_without_pins_still_names_the_versions(tmp_path, monkeypatch):
    (tmp_path / "exercises").mkdir()
    monkeypatch.setenv("IMMUNOLAB_HOME", str(tmp_path))
    assert re.search(r"numpy: \d+\.\d+\S*; no pins found", start.versions())
