"""The glyphs of the first lesson: each cell, molecule and organ has an outline of its own, and copies are stored once."""

import numpy as np
import pytest
from matplotlib.path import Path

from immunolab.draw import glyphs
from immunolab.draw.palette import TUMOUR
from immunolab.draw.scene import Scene, disc
from immunolab.draw.svg import svg

CELLS = (glyphs.neutrophil, glyphs.mast_cell, glyphs.mdsc, glyphs.nk_cell, glyphs.plasma_cell)
MOLECULES = (glyphs.cd8, glyphs.cd47, glyphs.messenger_receptor)
ORGANS = (glyphs.bone, glyphs.thymus, glyphs.lymph_node, glyphs.spleen)


def by_name(glyph):
    return glyph.__name__


@pytest.mark.parametrize("glyph", CELLS, ids=by_name)
def test_a_cell_has_its_size_and_a_rim_to_stand_on(glyph):
    cell = glyph(Scene(300, 300), (150, 150), 60)
    rim = Path(cell.outline)
    assert rim.contains_point(cell.at)
    assert 100 < np.ptp(cell.outline, axis=0).max() < 160
    foot, outwards = cell.surface(30)
    ahead = np.add(foot, 3 * np.array([np.cos(np.radians(outwards)), np.sin(np.radians(outwards))]))
    assert not rim.contains_point(ahead)


def test_a_fibroblast_is_as_long_as_asked_and_lies_as_it_is_turned():
    outline = glyphs.fibroblast(Scene(300, 300), (150, 150), 100, 90).outline
    wide, tall = np.ptp(outline, axis=0)
    assert tall == pytest.approx(100, rel=0.05) and wide < 30


@pytest.mark.parametrize("glyph", MOLECULES, ids=by_name)
def test_a_molecule_hangs_together_and_ends_where_it_binds(glyph):
    scene = Scene(10, 10)
    with scene.stencil() as parts:
        anchors = glyph(scene, (0.0, 0.0), glyphs.UP, 1.0, inside=True)
    outlines = [part.path.interpolated(12).vertices for part in parts]
    for outline in outlines:
        others = np.vstack([other for other in outlines if other is not outline])
        assert np.hypot(*(outline[:, None] - others[None]).reshape(-1, 2).T).min() < 0.6
    assert np.hypot(*(np.vstack(outlines) - anchors.tip).T).min() < 1.7  # a messenger lies between two chains


@pytest.mark.parametrize("glyph", ORGANS, ids=by_name)
def test_an_organ_draws_within_its_size(glyph):
    scene = Scene(400, 400)
    glyph(scene, (200, 200), 100)
    corners = np.vstack([patch.get_path().get_extents().get_points() for patch in scene.axes.patches])
    assert len(scene.axes.patches) > 5
    assert (np.abs(corners - 200) < 135).all()


def test_copies_appear_at_each_place_and_are_stored_once():
    def size(places):
        scene = Scene(600, 200)
        with scene.copies(places):
            glyphs.tumour_cell(scene, (0, 0), 20)
        return len(svg(scene.figure, "x", "t", "d"))

    places = [(50 + 60 * i, 100) for i in range(9)]
    assert size(places) < 3 * size(places[:1])


def test_a_copy_keeps_its_parts_and_its_stamps_in_place():
    scene = Scene(300, 100)
    with scene.copies([(50, 50), (150, 50)]):
        scene.path(disc((0, 0), 10), fill=TUMOUR.line, edge=TUMOUR.edge, dashes=(2, 2))
        scene.stamp(disc((0, 0), 2), [(5, 0), (0, 5)], TUMOUR.tint)
    whole, dots = scene.axes.collections
    assert np.asarray(whole.get_offsets()).tolist() == [[50, 50], [150, 50]]
    assert np.asarray(dots.get_offsets()).tolist() == [[55, 50], [50, 55], [155, 50], [150, 55]]
    scene.path(disc((0, 0), 10), fill=TUMOUR.line)
    assert len(scene.axes.patches) == 1
