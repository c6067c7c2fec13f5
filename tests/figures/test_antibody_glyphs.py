"""The glyphs of antibodies as drugs: what holds meets what is held, and bad wishes are refused in words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from immunolab.draw import glyphs
from immunolab.draw.antibodies import FC_SITES, PAYLOAD_SITES
from immunolab.draw.molecules import ARM, FC
from immunolab.draw.palette import ANTI_CD3
from immunolab.draw.scene import Scene

MOLECULES = (glyphs.her2, glyphs.egfr, glyphs.fc_gamma, glyphs.fc_rn)
points = st.tuples(st.floats(0, 900), st.floats(0, 500))
angles = st.floats(-360, 360)
scales = st.floats(2, 15)
few = settings(max_examples=20, deadline=None)


def far(one, other):
    return float(np.hypot(*np.subtract(one, other)))


@pytest.mark.parametrize("glyph", MOLECULES, ids=lambda glyph: glyph.__name__)
@few
@given(at=points, angle=angles, scale=scales, stalk=st.floats(-0.5, 4))
def test_a_molecule_stands_on_its_foot_and_binds_at_its_end(glyph, at, angle, scale, stalk):
    drawn = glyph(Scene(900, 500), at, angle, scale, inside=True, stalk=stalk)
    (x, y), *_ = glyphs.binding_sites(glyph)
    assert far(drawn.foot, at) < 1e-6
    assert far(drawn.tip, at) == pytest.approx(np.hypot(x, y + stalk) * scale)


@pytest.mark.parametrize("glyph", MOLECULES, ids=lambda glyph: glyph.__name__)
def test_the_parts_of_a_molecule_hang_together(glyph):
    scene = Scene(10, 10)
    with scene.stencil() as parts:
        glyph(scene, (0.0, 0.0), glyphs.UP, 1.0, inside=True)
    outlines = [part.path.interpolated(12).vertices for part in parts]
    for outline in outlines:
        gaps = [far_apart(outline, other) for other in outlines if other is not outline]
        assert min(gaps) < 0.45


def far_apart(one, other):
    return float(np.hypot(*(one[:, None] - other[None]).reshape(-1, 2).T).min())


@pytest.mark.parametrize("what", FC_SITES)
@pytest.mark.parametrize("side", (1, -1))
@few
@given(hinge=points, away=angles, scale=scales, foot=points)
def test_a_receptor_reaches_its_site_on_the_fc_part(what, side, hinge, away, scale, foot):
    scene = Scene(900, 500)
    held = glyphs.free_igg(scene, hinge, away, scale)
    site = glyphs.fc_site(held, what, scale, side)
    assert far(site, hinge) == pytest.approx(np.hypot(*FC_SITES[what]) * scale)
    if far(site, foot) > 1:
        assert far(glyphs.reach(scene, glyphs.fc_gamma, foot, site, scale).tip, site) < 1e-3 * scale


def test_a_free_antibody_has_arms_of_full_length():
    drawn = glyphs.free_igg(Scene(900, 500), (400, 200), 30, 5)
    assert [far(tip, (400, 200)) for tip in drawn.tips] == pytest.approx([ARM * 5] * 2)
    assert far(drawn.tail, (400, 200)) == pytest.approx(FC * 5)


def test_the_domains_of_an_antibody_lie_where_they_belong():
    parts = glyphs.igg_domains(Scene(900, 600), (450, 300), -90, 20).parts
    height = {name: y for name, (_, y) in parts.items()}
    assert height["VH"] > height["CH1"] > height["hinge"] > height["CH2"] > height["CH3"]
    assert parts["VL"][0] < parts["VH"][0] < 450 < parts["VH 2"][0] < parts["VL 2"][0]


@pytest.mark.parametrize("payloads", range(len(PAYLOAD_SITES) + 1))
def test_a_conjugate_carries_as_many_payloads_as_asked_none_on_another(payloads):
    drawn = glyphs.conjugate(Scene(900, 600), [(300, 200), (400, 200)], 90, 8, payloads=payloads, silent=True)
    assert len(drawn.payloads) == len(drawn.linkers) == payloads
    apart = [far(a, b) for i, a in enumerate(drawn.payloads) for b in drawn.payloads[:i]]
    assert min(apart, default=99) > 8


def test_a_bispecific_has_two_colours():
    scene = Scene(900, 600)
    glyphs.igg(scene, [(300, 200), (400, 200)], 90, 8, second=ANTI_CD3)
    assert ANTI_CD3.line in {patch.get_facecolor() and to_hex(patch) for patch in scene.axes.patches}


def to_hex(patch):
    return "#" + "".join(f"{round(255 * part):02x}" for part in patch.get_facecolor()[:3])


def test_engagers_end_on_what_they_hold():
    scene = Scene(900, 600)
    low = glyphs.tcr(scene, (300, 100), 90, 8)
    site = glyphs.cd3_site(low, 8)
    for glyph in (glyphs.tandem_scfv, glyphs.tcr_engager):
        assert glyph(scene, (380, 260), site, 8).tips == ((380, 260), site)


def test_a_macrophage_leaves_room_for_its_prey():
    eater = glyphs.macrophage(Scene(900, 600), (200, 300), 90, prey=((380, 300), 80))
    gaps = np.hypot(*(eater.outline - (380, 300)).T)
    assert 70 < gaps.min() < 90
    assert eater.outline[:, 0].max() > 330


def test_a_crowd_may_be_empty_and_a_particle_comes_as_far_as_asked():
    scene = Scene(900, 600)
    glyphs.small_antibodies(scene, [])
    glyphs.payload(scene, [])
    assert far(glyphs.electron_track(scene, (100, 100), 30, 200, seed=4), (100, 100)) == pytest.approx(200)


@pytest.mark.parametrize("payloads", (-1, 9))
def test_a_number_of_payloads_there_is_no_room_for_is_refused(payloads):
    with pytest.raises(ValueError, match=f"payloads must be 0 to 8, not {payloads}"):
        glyphs.conjugate(Scene(10, 10), [(0, 0)], 90, 5, payloads=payloads)


def test_an_unknown_site_is_named_with_those_there_are():
    held = glyphs.free_igg(Scene(10, 10), (0, 0), 90, 1)
    with pytest.raises(ValueError, match="gamma, complement, neonatal"):
        glyphs.fc_site(held, "alpha", 1)
