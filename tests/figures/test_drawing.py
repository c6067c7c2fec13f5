"""The drawing vocabulary: colours that can be seen, molecules that meet, a lint that sees."""

import inspect
import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matplotlib.path import Path
from scipy.spatial import cKDTree

from immunolab.draw import glyphs, palette
from immunolab.draw.lint import lint
from immunolab.draw.palette import Colour, contrast, mix
from immunolab.draw.scene import Chart, Scene, disc, rounded, smooth_line, smooth_polygon
from immunolab.draw.svg import svg

COLOURS = {name: value for name, value in vars(palette).items() if isinstance(value, Colour)}
LINES = ("ACTIVATES", "INHIBITS", "NOW", "BEFORE", "PREDICTION", "MUTED", "INK")
MOLECULES = (
    glyphs.tcr,
    glyphs.pmhc,
    glyphs.cd28,
    glyphs.ctla4,
    glyphs.cd80,
    glyphs.cd86,
    glyphs.pd1,
    glyphs.pdl1,
    glyphs.pdl2,
    glyphs.lag3,
    glyphs.car,
    glyphs.cd19,
    glyphs.bcma,
    glyphs.antigen_a,
    glyphs.antigen_b,
    glyphs.il6r,
    glyphs.il1r,
    glyphs.egfrt,
)
RECEPTORS = (glyphs.tcr, glyphs.cd28, glyphs.ctla4, glyphs.pd1)
LIGANDS = (glyphs.pmhc, glyphs.cd80, glyphs.cd86, glyphs.pdl1, glyphs.pdl2)

points = st.tuples(st.floats(0, 900), st.floats(0, 500))
angles = st.floats(-360, 360)
scales = st.floats(2, 15)
few = settings(max_examples=25, deadline=None)


def near(one, other, within=1e-6):
    return np.linalg.norm(np.subtract(one, other)) <= within


# Palette


@pytest.mark.parametrize("name", COLOURS)
def test_lines_can_be_seen_on_white_and_edges_read(name):
    colour = COLOURS[name]
    assert contrast(colour.line) >= 3
    assert contrast(colour.edge) >= 4.5
    assert contrast(colour.edge, colour.tint) >= 4.5
    assert contrast(colour.tint) < contrast(colour.line) < contrast(colour.edge)


@pytest.mark.parametrize("name", LINES)
def test_signals_and_series_can_be_seen_on_white(name):
    assert contrast(getattr(palette, name)) >= 3


def test_one_entity_one_colour():
    assert len({colour.line for colour in COLOURS.values()} - {palette.MHC.line}) == len(COLOURS) - 1


def test_contrast_is_that_of_wcag():
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#ffffff") == pytest.approx(1)
    assert contrast("#777777") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#000000") == contrast("#000000", "#ffffff")


def test_mixing_runs_from_one_colour_to_the_other():
    assert mix("#102030", "#a0b0c0", 0) == "#102030"
    assert mix("#102030", "#a0b0c0", 1) == "#a0b0c0"
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


# Molecules


@pytest.mark.parametrize("glyph", MOLECULES, ids=lambda glyph: glyph.__name__)
@few
@given(at=points, angle=angles, scale=scales, stalk=st.floats(-1, 4))
def test_every_molecule_draws_and_says_where_it_binds(glyph, at, angle, scale, stalk):
    scene = Scene(900, 500)
    anchors = glyph(scene, at, angle, scale, inside=True, stalk=stalk)
    outwards = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    assert len(scene.axes.patches) > 5
    assert near(anchors.foot, at)
    for tip, (x, y) in zip(anchors.tips, glyphs.binding_sites(glyph), strict=True):
        assert near(np.subtract(tip, at) @ outwards, (y + stalk) * scale, 1e-6 * scale + 1e-6)
        assert np.hypot(*np.subtract(tip, at)) == pytest.approx(np.hypot(x, y + stalk) * scale)
    assert np.subtract(anchors.tail, at) @ outwards < 0


@pytest.mark.parametrize("glyph", MOLECULES, ids=lambda glyph: glyph.__name__)
def test_stems_meet_heads(glyph):
    """All parts of a molecule hang together: each touches another one."""
    scene = Scene(10, 10)
    with scene.stencil() as parts:
        glyph(scene, (0.0, 0.0), glyphs.UP, 1.0, inside=True)
    outlines = [part.path.interpolated(12).vertices for part in parts]
    for part, outline in zip(parts, outlines, strict=True):
        gaps = [
            np.hypot(*(outline[:, None] - other[None]).reshape(-1, 2).T).min()
            for other in outlines
            if other is not outline
        ]
        assert min(gaps) < 0.45, part


@pytest.mark.parametrize("glyph", MOLECULES, ids=lambda glyph: glyph.__name__)
def test_a_tip_lies_at_the_end_of_its_molecule(glyph):
    scene = Scene(10, 10)
    with scene.stencil() as parts:
        glyph(scene, (0.0, 0.0), glyphs.UP, 1.0)
    outline = np.vstack([part.path.interpolated(12).vertices for part in parts])
    for tip in glyphs.binding_sites(glyph):
        assert np.hypot(*(outline - tip).T).min() < 0.6


def test_ctla4_holds_two_and_cd28_one():
    assert len(glyphs.binding_sites(glyphs.ctla4)) == 2
    assert len(glyphs.binding_sites(glyphs.cd28)) == 1
    assert len(glyphs.binding_sites(glyphs.cd80)) == 2
    assert len(glyphs.binding_sites(glyphs.cd86)) == 1


def test_the_zipper_closes():
    """Arms of CTLA-4 and heads of CD80 lie equally far apart, so that a row of both meets at every site."""
    ctla4, cd80 = glyphs.binding_sites(glyphs.ctla4), glyphs.binding_sites(glyphs.cd80)
    assert [x for x, _ in ctla4] == [x for x, _ in cd80]


@pytest.mark.parametrize("one", MOLECULES, ids=lambda glyph: glyph.__name__)
def test_no_two_molecules_share_an_outline(one):
    """Told apart without colour: silhouettes of any two differ."""

    def silhouette(glyph):
        scene = Scene(10, 10)
        with scene.stencil() as parts:
            glyph(scene, (0.0, 0.0), glyphs.UP, 1.0)
        grid = np.stack(np.meshgrid(np.linspace(-5, 5, 41), np.linspace(0, 11, 45)), axis=-1).reshape(-1, 2)
        return np.any([part.path.contains_points(grid) for part in parts if part.heart is not None], axis=0)

    mine = silhouette(one)
    for other in MOLECULES:
        if other is not one:
            theirs = silhouette(other)
            assert (mine ^ theirs).sum() > 0.12 * (mine | theirs).sum(), other.__name__


@few
@given(
    receptor=st.sampled_from(RECEPTORS),
    ligand=st.sampled_from(LIGANDS),
    foot=points,
    angle=angles,
    scale=scales,
    gap=st.floats(12, 17),
    data=st.data(),
)
def test_receptor_and_ligand_meet_where_they_are_told_to(receptor, ligand, foot, angle, scale, gap, data):
    sites = tuple(
        data.draw(st.integers(0, len(glyphs.binding_sites(each)) - 1)) for each in (receptor, ligand)
    )
    far = np.add(foot, gap * scale * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))]))
    one, other = glyphs.bind(Scene(900, 500), receptor, ligand, foot, tuple(far), scale, sites=sites)
    assert near(one.tips[sites[0]], other.tips[sites[1]], 1e-6 * scale)
    line = np.subtract(far, foot) / (gap * scale)
    for anchors, membrane in ((one, foot), (other, far)):
        assert abs(np.subtract(anchors.foot, membrane) @ line) < 1e-6 * scale


# CARs


BUILDS = [
    {
        "binder": binder,
        "hinge": hinge,
        "transmembrane": transmembrane,
        "costimulation": costimulation,
        "zeta": zeta,
    }
    for binder in ("scFv", "VHH2", None)
    for hinge in ("CD8α", "CD28", "IgG4", None)
    for transmembrane in ("CD8α", "CD28", None)
    for costimulation in ((), ("CD28",), ("4-1BB",), ("CD28", "4-1BB"), ("CD28", "IL-2Rβ"))
    for zeta in (True, False)
]


def test_every_car_that_can_be_built_hangs_together_and_names_its_parts():
    for build in BUILDS:
        scene = Scene(10, 10)
        with scene.stencil() as parts:
            anchors = glyphs.car(scene, (0.0, 0.0), glyphs.UP, 1.0, **build)
        outlines = [part.path.interpolated(12).vertices for part in parts]
        for part, outline in zip(parts, outlines, strict=True):
            others = np.concatenate([other for other in outlines if other is not outline])
            assert cKDTree(outline).query(others)[0].min() < 0.45, (build, part)
        names = {"binder", "hinge", "transmembrane"}
        names |= {"linker"} if build["binder"] == "scFv" else set()
        names |= {"costimulation"} if build["costimulation"] else set()
        names |= {"costimulation 2"} if len(build["costimulation"]) == 2 else set()
        assert set(anchors.parts) == names | ({"zeta"} if build["zeta"] else set())
        heights = [anchors.parts[name][1] for name in ("binder", "hinge", "transmembrane")]
        inner = [
            anchors.parts[name][1]
            for name in ("costimulation", "costimulation 2", "zeta")
            if name in anchors.parts
        ]
        assert heights + inner == sorted(heights + inner, reverse=True)


@pytest.mark.parametrize(
    ("part", "accepted"),
    [
        ({"binder": "Fab"}, "scFv, VHH2"),
        ({"hinge": "CD4"}, "CD8α, CD28, IgG4"),
        ({"transmembrane": "CD3ζ"}, "CD8α, CD28"),
        ({"costimulation": ("OX40",)}, "CD28, 4-1BB"),
    ],
)
def test_a_part_that_does_not_exist_is_answered_with_those_that_do(part, accepted):
    with pytest.raises(ValueError, match=f"No {next(iter(part))}.*{accepted}"):
        glyphs.car(Scene(10, 10), (0.0, 0.0), **part)


@few
@given(st.sampled_from(BUILDS), st.sampled_from(["CD19", "BCMA", None]))
def test_a_built_car_is_a_clean_picture_with_its_labels(build, target):
    names = ("binder", "linker", "hinge", "transmembrane", "costimulation", "costimulation 2", "zeta")
    scene = glyphs.draw_car(
        target=target, labels={name: (name, "from a molecule") for name in names}, **build
    )
    assert lint(scene.figure) == []


def test_an_unknown_target_of_a_car_is_answered():
    with pytest.raises(ValueError, match="CD19, BCMA"):
        glyphs.draw_car(target="CD7")


def test_a_scene_as_pixels_has_its_size_and_leaves_the_figure_as_it_was():
    scene = glyphs.draw_car(300, 400)
    assert scene.pixels().shape == (400, 300, 4)
    assert scene.pixels(2).shape == (800, 600, 4)
    assert scene.figure.dpi == 96
    assert (scene.pixels() == scene.pixels()).all()


# Antibodies


@few
@given(first=points, away=angles, scale=scales, apart=st.floats(0.5, 18.5), turn=angles)
def test_both_arms_of_an_antibody_end_on_what_they_hold(first, away, scale, apart, turn):
    second = np.add(first, apart * scale * np.array([np.cos(np.radians(turn)), np.sin(np.radians(turn))]))
    held = [first, tuple(second)]
    anchors = glyphs.igg(Scene(900, 500), held, away, scale)
    for tip, point in zip(anchors.tips, held, strict=True):
        assert near(tip, point)
        assert np.hypot(*np.subtract(anchors.foot, point)) == pytest.approx(glyphs.ARM * scale)
    aside = np.subtract(anchors.foot, np.mean(held, axis=0))
    assert aside @ (np.cos(np.radians(away)), np.sin(np.radians(away))) >= -1e-6 * scale


@few
@given(point=points, away=angles, scale=scales, spread=st.floats(-150, 150))
def test_one_arm_holds_and_the_other_is_free(point, away, scale, spread):
    anchors = glyphs.igg(Scene(900, 500), [point], away, scale, spread=spread)
    held, free = (np.subtract(tip, anchors.foot) / (glyphs.ARM * scale) for tip in anchors.tips)
    assert near(anchors.tip, point)
    assert held @ free == pytest.approx(np.cos(np.radians(spread)), abs=1e-6)


def test_an_antibody_does_not_reach_further_than_its_arms():
    with pytest.raises(ValueError, match=r"20\.0 nm apart.*18\.6 nm"):
        glyphs.igg(Scene(900, 500), [(0, 0), (200, 0)], scale=10)


def test_a_silent_fc_is_told_apart_without_colour():
    fills = []
    for silent in (False, True):
        scene = Scene(900, 500)
        glyphs.igg(scene, [(300, 200), (400, 200)], silent=silent)
        fills.append({patch.get_facecolor() for patch in scene.axes.patches})
    assert fills[0] != fills[1]


# Cells


@pytest.mark.parametrize("state", glyphs.T_CELL_STATES)
def test_molecules_stand_on_the_rim_of_a_t_cell_and_point_outwards(state):
    cell = glyphs.t_cell(Scene(300, 300), (150, 150), 80, state)
    rim = Path(cell.outline)
    for angle in range(0, 360, 15):
        foot, outwards = cell.surface(angle)
        ahead = np.add(foot, 3 * np.array([np.cos(np.radians(outwards)), np.sin(np.radians(outwards))]))
        behind = np.subtract(foot, np.subtract(ahead, foot))
        assert np.degrees(np.arctan2(*np.subtract(foot, cell.at)[::-1])) % 360 == pytest.approx(
            angle, abs=0.5
        )
        assert not rim.contains_point(ahead) and rim.contains_point(behind)


@pytest.mark.parametrize(
    "draw",
    [
        glyphs.t_cell,
        glyphs.car_t_cell,
        glyphs.tumour_cell,
        glyphs.dendritic_cell,
        glyphs.macrophage,
        glyphs.b_cell,
        glyphs.leukaemia_cell,
        glyphs.healthy_cell,
    ],
    ids=lambda draw: draw.__name__,
)
def test_a_line_leaves_a_cell_at_its_rim(draw):
    cell = draw(Scene(300, 300), (150, 150), 60)
    for angle in (0, 90, 180, 270):
        for aside in (-20, 0, 20):
            x, y = np.subtract(cell.rim(angle, aside), cell.at)
            along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
            assert along[0] * y - along[1] * x == pytest.approx(aside, abs=1e-6)
            assert np.hypot(*(Path(cell.outline).interpolated(8).vertices - cell.at - (x, y)).T).min() < 4


def test_t_cell_states_look_different():
    looks = list(glyphs.T_CELL_STATES.values())
    assert len({look.colour.line for look in looks}) == len(looks)
    shapes = {
        (look.size, look.nucleus, tuple(look.waves.items()), look.granules, look.beads) for look in looks
    }
    assert len(shapes) == len(looks)


def test_an_unknown_state_is_answered_with_those_there_are():
    with pytest.raises(ValueError, match="stem-like"):
        glyphs.t_cell(Scene(300, 300), (150, 150), 80, "tired")


def test_every_glyph_says_what_it_is():
    for name in glyphs.__all__:
        thing = getattr(glyphs, name)
        if inspect.isfunction(thing):
            assert thing.__doc__, name


def test_bodies_places_and_crowds_draw():
    scene = Scene(600, 400)
    glyphs.vessel(scene, [(0, 200), (300, 220), (600, 180)], 40)
    glyphs.red_cell(scene, (100, 200), 10)
    glyphs.tissue(
        scene, rounded(20, 20, 300, 300, 40), palette.TUMOUR, palette.TISSUE, apart=40, clear=[(100, 100, 80)]
    )
    glyphs.bilayer(scene, [(0, 300), (600, 300)], palette.T_CELL, 40)
    glyphs.cytokines(scene, [(300, 350), (320, 360)])
    glyphs.crowd(scene, glyphs.pd1, [(x, 300) for x in range(0, 600, 20)], scale=5)
    glyphs.crowd(scene, glyphs.pd1, [])
    glyphs.endothelium(scene, 0, 600, 60)
    glyphs.small_cells(scene, [(50, 60), (90, 60)], 12, palette.T_CELL, car=palette.ANTIBODY)
    glyphs.dead_cell(scene, (200, 60), 20)
    glyphs.plasma_cell(scene, (260, 60), 20, tumour=True)
    glyphs.switch(scene, (320, 60), 14, on=True)
    glyphs.people(scene, [(340, 100), (360, 100)], 30, palette.PATIENT)
    glyphs.vial(scene, (380, 100), palette.ANTIBODY)
    x, y = glyphs.mouse(scene, (480, 100), 60, palette.CONTROL)
    assert 480 < x < 510 and 90 < y < 112
    assert glyphs.bag(scene, 400, 30, 40, 60, palette.BLOOD).port[1] < 30
    assert {type(artist).__name__ for artist in scene.axes.get_children()} >= {"PathPatch", "PathCollection"}
    assert lint(scene.figure) == []


def test_messengers_and_vectors_and_gates_are_told_apart_by_shape():
    kinds = {kind: str(lobes) for kind, (_, lobes) in glyphs.MESSENGERS.items() if kind != "anakinra"}
    assert len(set(kinds.values())) == len(kinds) == 8
    with pytest.raises(ValueError, match="IL-6"):
        glyphs.messengers(Scene(10, 10), [(5, 5)], "IL-99")
    with pytest.raises(ValueError, match="lentivirus, gammaretrovirus"):
        glyphs.vector(Scene(10, 10), (5, 5), 2, "adenovirus")
    with pytest.raises(ValueError, match="AND, OR, NOT"):
        glyphs.gate(Scene(10, 10), (5, 5), 2, "XOR")
    drawn = []
    for kind in ("AND", "OR", "NOT"):
        scene = Scene(100, 100)
        ends = glyphs.gate(scene, (50, 50), 40, kind)
        assert ends.inputs[0][1] > 50 > ends.inputs[1][1] and ends.output[0] > 60
        drawn.append((len(scene.axes.patches), ends))
    assert drawn[0] != drawn[1] != drawn[2] != drawn[0]


def test_tissue_keeps_its_ground_quiet_under_words_and_inside_its_edge():
    scene = Scene(400, 400)
    edge = rounded(20, 20, 360, 360, 60)
    glyphs.tissue(scene, edge, palette.TUMOUR, palette.TISSUE, apart=30, clear=[(200, 200, 120)])
    for crowd in scene.axes.collections:
        places = np.asarray(crowd.get_offsets())
        assert len(places) > 40
        assert edge.contains_points(places).all()
        assert not ((abs(places[:, 0] - 200) < 60) & (abs(places[:, 1] - 200) < 9)).any()


# Scene, lint and file


def test_a_clean_scene_passes():
    scene = Scene(400, 200)
    scene.label((20, 180), "PD-1", "on T cells", to=(300, 60))
    scene.caption("A sentence.")
    assert lint(scene.figure) == []


@pytest.mark.parametrize(
    "spoil, fault",
    [
        (lambda scene: scene.text((100, 120), "too small", size=11), "below 9 pt"),
        (lambda scene: scene.text((380, 120), "leaves the canvas"), "leaves the canvas"),
        (lambda scene: scene.text((100, 101), "over another"), "overlap"),
        (lambda scene: scene.arrow((80, 105), (220, 105)), "crosses a line"),
        (lambda scene: scene.bar((120, 150), (120, 40)), "crosses a line"),
        (lambda scene: scene.leader((80, 105), (220, 104)), "crosses a line"),
        (lambda scene: glyphs.tumour_cell(scene, (100, 60), 45), "crosses a line"),
    ],
)
def test_the_lint_finds_what_is_wrong(spoil, fault):
    scene = Scene(400, 200)
    scene.text((100, 100), "words in the way")
    assert lint(scene.figure) == []
    spoil(scene)
    assert any(fault in each for each in lint(scene.figure))


def test_the_lint_judges_type_at_the_size_shown():
    scene = Scene(400, 200)
    scene.text((100, 100), "thirteen pixels", size=13)
    assert lint(scene.figure) == []
    assert any("below 9 pt" in fault for fault in lint(scene.figure, shown=0.5))


def test_what_is_drawn_later_lies_above_and_words_above_all():
    scene = Scene(100, 100)
    words = scene.text((10, 10), "words")
    first, second = (scene.path(disc((50, 50), 20), fill="#000000") for _ in range(2))
    assert first.get_zorder() < second.get_zorder() < words.get_zorder()


def test_haze_ends_with_its_block():
    scene = Scene(100, 100)
    with scene.faded(0.5):
        assert scene.seen("#000000") == "#808080"
    assert scene.seen("#000000") == "#000000"


def test_a_chart_puts_values_where_they_belong():
    chart = Chart(10, 20, 100, 50, (0, 10), (-1, 1))
    assert chart.point(0, -1) == (10, 20)
    assert chart.point(10, 1) == (110, 70)
    assert chart.points([5], [0]) == [(60, 45)]


def test_a_halo_and_awkward_words_survive_in_the_file():
    scene = Scene(200, 100)
    scene.text((10, 50), "PD-1 < PD-L1 & IFN-γ", halo=3)
    text = svg(scene.figure, "stem", 'A "title" & more', "5 < 6")
    assert text == svg(scene.figure, "stem", 'A "title" & more', "5 < 6")
    assert '<title id="stem-title">A &quot;title&quot; &amp; more</title>' in text
    assert "5 &lt; 6" in text


def svg_path(path):
    """The d of the one path in a figure that holds only it."""
    scene = Scene(400, 400)
    scene.path(path, fill="#123456")
    (line,) = [line for line in svg(scene.figure, "x", "t", "d").splitlines() if "#123456" in line]
    return line.split('d="')[1].split('"')[0]


@few
@given(at=points, wide=st.floats(3, 60), tall=st.floats(3, 60), tilt=st.floats(-90, 90))
def test_an_ellipse_is_written_as_two_arcs_of_its_size(at, wide, tall, tilt):
    d = svg_path(disc(at, wide, tall, tilt))
    assert d.count("a") == 2 and "c" not in d
    assert [float(number) for number in d.split("a")[1].split()[:2]] == pytest.approx(
        [wide * 0.75, tall * 0.75], abs=0.02
    )


@few
@given(st.lists(points, min_size=3, max_size=9), st.booleans())
def test_any_other_path_keeps_its_points(corners, closed):
    """Relative, rounded steps add up to where the path runs: no error gathers."""
    path = smooth_polygon(corners, 0.7) if closed else smooth_line(corners)
    d = svg_path(path)
    assume("a" not in d)
    start, *steps = re.findall(r"[Mc][^A-Za-z]*", d)
    here = np.array(numbers(start))
    ends = [here]
    for step in steps:
        for move in np.reshape(numbers(step), (-1, 6)):
            here = here + move[4:]
            ends.append(here)
    wanted = path.vertices[: 3 * len(ends) : 3] * (0.75, -0.75) + (0, 300)
    assert np.abs(np.array(ends) - wanted).max() <= 0.06


def numbers(step):
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", step)]
