"""Antibodies as drugs: their domains, what they hold, what reads their Fc part, what they carry and whom they join.

Coordinates and keywords are those of ``molecules``. An ``igg`` of ``molecules`` is the body; ``fc_site`` says where a
receptor, C1q or FcRn touches its Fc part, and ``reach`` draws a receptor whose site lies exactly there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from matplotlib.path import Path

from .molecules import ARM, FC, igg
from .palette import (
    ANTI_CD3,
    ANTIBODY,
    COMPLEMENT,
    EGFRT,
    FC_GAMMA,
    FC_RN,
    GLYCAN,
    HER2,
    LINKER,
    NUCLIDE,
    PAPER,
    PAYLOAD,
    TCR,
    Colour,
    mix,
)
from .scene import Point, Scene, disc, moved, scaled, smooth_line
from .shapes import LIGHT, MEMBRANE, NM, UP, Anchors, Molecule, Pose, binding_sites

# Where others touch the Fc part, in nanometres: sideways from its axis, and from the hinge towards its end.
FC_SITES = {"gamma": (1.5, 1.9), "complement": (2.3, 3.2), "neonatal": (2.25, 4.7)}
# Where payloads hang: limb (0 and 1 the arms, 2 the Fc part), sideways, and from the hinge outwards.
PAYLOAD_SITES = (
    (0, 1.9, 5.8), (1, -1.9, 5.8), (2, 2.3, 4.6), (2, -2.3, 4.6), (2, 2.1, 7.6), (2, -2.1, 7.6), (0, 1.9, 2.6), (1, -1.9, 2.6),
)  # fmt: skip


# The molecule, domain by domain ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class DomainAnchors(Anchors):
    """Anchors of an antibody drawn domain by domain. ``parts`` has a point of the canvas in each part.

    Names: VH, VL, CH1, CL, loops, hinge, CH2, CH3, glycan; those of the second arm and chain end in " 2".
    """

    parts: Mapping[str, Point]


def igg_domains(
    scene: Scene,
    hinge: Point,
    away: float = -90.0,
    scale: float = NM,
    *,
    opening: float = 112.0,
    heavy: Colour = ANTIBODY,
    light: Colour | None = None,
    variable: Colour | None = None,
    loops: Colour | None = None,
    silent: bool = False,
) -> DomainAnchors:
    """An antibody seen close: twelve domains, the loops that touch, the glycan between the CH2 domains.

    ``away`` is the direction from the hinge to the end of the Fc part, ``opening`` the angle between the arms. ``variable``
    and ``loops`` are the colours of the variable domains and of their loops, where they come from another species.
    """
    light = light or _paler(heavy)
    parts: dict[str, Point] = {"hinge": hinge}
    _fc_domains(scene, hinge, away, scale, heavy, silent, parts)
    for side, name in ((-1, ""), (1, " 2")):
        _arm_domains(
            scene,
            hinge,
            away + 180 - side * opening / 2,
            scale,
            side,
            heavy,
            light,
            variable,
            loops,
            parts,
            name,
        )
    _bridges(scene, hinge, away, scale)
    end = Pose(hinge, away, scale).point(0, FC)
    return DomainAnchors(hinge, (parts["tip"], parts["tip 2"]), end, hinge, away, parts)


def _arm_domains(
    scene: Scene, hinge: Point, angle: float, scale: float, side: int, heavy: Colour, light: Colour,
    variable: Colour | None, loops: Colour | None, parts: dict[str, Point], name: str,
) -> None:  # fmt: skip
    """One Fab arm; the light chain lies outside."""
    m = Molecule(scene, hinge, angle, scale, heavy)
    v_heavy, v_light = variable or heavy, _paler(variable) if variable else light
    touch = loops or Colour(mix(v_heavy.edge, v_heavy.line, 0.3), v_heavy.tint, v_heavy.edge)
    m.stem((0, 0.2), (-0.5 * side, 2.3), width=0.55)
    for x, y in ((-1.35, 8.55), (-0.85, 8.85), (-0.35, 8.65), (0.55, 8.4), (1.0, 8.5), (1.45, 8.15)):
        m.bead(x * side, y, 0.62, 0.85, colour=touch)
    m.bead(1.05 * side, 3.5, 1.95, 3.0, colour=light).bead(-0.95 * side, 3.5, 2.05, 3.2)
    m.bead(0.98 * side, 6.75, 1.95, 3.2, -5 * side, v_light).bead(
        -0.88 * side, 6.95, 2.05, 3.4, 5 * side, v_heavy
    )
    m.done([(0, ARM)])
    spots = {
        "VH": (-0.9, 6.9),
        "VL": (1.0, 6.7),
        "CH1": (-0.95, 3.5),
        "CL": (1.05, 3.5),
        "loops": (0, 8.7),
        "tip": (0, ARM),
    }
    parts.update({part + name: m.pose.point(x * side, y) for part, (x, y) in spots.items()})


def _fc_domains(
    scene: Scene,
    hinge: Point,
    away: float,
    scale: float,
    heavy: Colour,
    silent: bool,
    parts: dict[str, Point],
) -> None:
    """The Fc part with its glycan; hollow when it calls no other cells."""
    tone = Colour(mix(heavy.tint, PAPER, 0.45), heavy.tint, heavy.line) if silent else heavy
    m = Molecule(scene, hinge, away, scale, tone)
    m.stem((-0.3, 0), (-0.7, 1.6), width=0.55, colour=heavy).stem(
        (0.3, 0), (0.7, 1.6), width=0.55, colour=heavy
    )
    for x in (-1, 1):
        m.bead(1.45 * x, 3.1, 2.1, 3.2, 8 * x).bead(1.1 * x, 6.35, 2.2, 3.3, -6 * x)
        for step, (across, along) in enumerate(((0.36, 3.6), (0.2, 2.95), (0.36, 2.3))):
            m.bead(across * x, along, 0.5, 0.5, colour=GLYCAN if step != 1 else _paler(GLYCAN))
    m.done([(0, FC)])
    for side, name in ((-1, ""), (1, " 2")):
        parts["CH2" + name], parts["CH3" + name] = (
            m.pose.point(1.5 * side, 3.1),
            m.pose.point(1.1 * side, 6.3),
        )
    parts["glycan"] = m.pose.point(0.0, 2.95)


def _bridges(scene: Scene, hinge: Point, away: float, scale: float) -> None:
    """The two disulphide bridges of the hinge."""
    pose = Pose(hinge, away, scale)
    for along in (0.35, 0.95):
        wide = 0.32 + 0.25 * along
        scene.line([pose.point(-wide, along), pose.point(wide, along)], GLYCAN.line, max(0.16 * scale, 1.2))


def free_igg(
    scene: Scene, hinge: Point, away: float, scale: float = NM, *, spread: float = 110.0, **body: object
) -> Anchors:
    """An antibody that holds nothing, by its ``hinge`` and the direction ``away`` of its Fc part; ``body`` as in ``igg``."""
    holds = [Pose(hinge, away + 180 + side * spread / 2, scale).point(0, ARM) for side in (1, -1)]
    return igg(scene, holds, away, scale, **body)


def small_antibodies(
    scene: Scene,
    places: Sequence[tuple[float, float, float]],
    scale: float = 2.4,
    *,
    colour: Colour = ANTIBODY,
    second: Colour | None = None,
    silent: bool = False,
    payloads: int = 0,
) -> None:
    """Many antibodies too small for their domains, each (x, y of the hinge, direction of the Fc part in degrees).

    One shape for each limb and chain, so that a crowd stays a small file. ``payloads`` (0 to 4) hang on each.
    """
    limbs = {
        "arm": (125.0, 0.85, 5.0, 1.15, 4.4),
        "other": (-125.0, 0.85, 5.0, 1.15, 4.4),
        "fc": (0.0, 1.0, 4.3, 1.2, 3.8),
    }
    pale = Colour(mix(colour.tint, PAPER, 0.3), colour.tint, colour.line)
    tones = {"arm": colour, "other": second or colour, "fc": pale if silent else colour}
    bodies = {
        (name, hand): [
            Pose((x, y), turn + lean, scale).path(disc((hand * across, along), wide, tall))
            for x, y, turn in places
        ]
        for name, (lean, across, along, wide, tall) in limbs.items()
        for hand in (-1, 1)
    }
    if not places:
        return
    everything = Path.make_compound_path(*(body for group in bodies.values() for body in group))
    scene.path(everything, fill=PAPER, edge=PAPER, width=max(0.8 * scale, 1.8))
    for (name, hand), group in bodies.items():
        tone = tones[name] if hand < 0 or name == "fc" else _paler(tones[name])
        scene.path(
            Path.make_compound_path(*group), fill=tone.line, edge=tone.edge, width=max(0.14 * scale, 0.5)
        )
        shine = [
            scaled(moved(body, *(LIGHT * 0.28 * scale)), 0.5, body.vertices[:-1].mean(axis=0))
            for body in group
        ]
        scene.path(Path.make_compound_path(*shine), fill=mix(tone.line, PAPER, 0.38))
    hang = [(2.9, 1.6), (-2.9, 1.6), (3.0, 6.0), (-3.0, 6.0)][:payloads]
    payload(
        scene,
        [Pose((x, y), turn, scale).point(*at) for x, y, turn in places for at in hang],
        max(1.15 * scale, 2.6),
    )


# What holds the Fc part -----------------------------------------------------------------------------------------


def fc_site(antibody: Anchors, what: str, scale: float, side: int = 1) -> Point:
    """Where the Fc part of an ``igg`` drawn at ``scale`` is touched: ``what`` is gamma, complement or neonatal.

    ``side`` is 1 or -1: right or left of the axis that runs from the hinge to the end of the Fc part.
    """
    if what not in FC_SITES:
        raise ValueError(f"No Fc site {what!r}. There are: {', '.join(FC_SITES)}.")
    across, along = FC_SITES[what]
    run = np.subtract(antibody.tail, antibody.foot)
    return Pose(antibody.foot, float(np.degrees(np.arctan2(run[1], run[0]))), scale).point(
        side * across, along
    )


def reach(
    scene: Scene, receptor: Callable[..., Anchors], foot: Point, site: Point, scale: float = NM, *, inside: bool = False
) -> Anchors:  # fmt: skip
    """A receptor from its ``foot`` on a membrane to a ``site`` it holds: turned and stretched so that the two meet."""
    run = np.subtract(site, foot)
    angle = float(np.degrees(np.arctan2(run[1], run[0])))
    spare = float(np.hypot(*run)) / scale - binding_sites(receptor)[0][1]
    return receptor(scene, foot, angle, scale, inside=inside, stalk=spare)


def fc_gamma(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """An Fc-gamma receptor: two round domains and a fork that grips an Fc part near the hinge."""
    m = Molecule(scene, at, angle, scale, FC_GAMMA, stalk)
    if inside:
        m.inside(0, 2)
    m.stem((0, 0), (0, 1.2)).bead(0, 2.2, 2.0, 2.3, colour=_paler(FC_GAMMA))
    m.shape(
        [(-1.5, 4.4), (-1.45, 5.9), (-0.85, 5.85), (0, 4.9), (0.85, 5.85), (1.45, 5.9), (1.5, 4.4), (0.6, 3.2), (-0.6, 3.2)],
        heart=(0, 4.1),
        softness=0.9,
    )  # fmt: skip
    return m.done([(0, 4.95)], middle=(0, 3.4), tail=(0.0, -MEMBRANE - 4.7))


def fc_rn(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """FcRn: built like an MHC molecule, its groove closed by a lid; it holds an Fc part by the side, and only where it is acid."""
    m = Molecule(scene, at, angle, scale, FC_RN, stalk)
    if inside:
        m.inside(0.9, length=2.5)
    m.stem((0.9, 0), (0.95, 1.2)).bead(0.95, 1.9, 2.0, 2.3).bead(-1.1, 1.9, 1.9, 2.1, colour=_paler(FC_RN))
    m.shape(
        [(-2.6, 4.1), (-1.6, 5.2), (1.6, 5.2), (2.6, 4.1), (1.6, 2.9), (-1.6, 2.9)],
        heart=(0, 4.0),
        softness=0.7,
    )
    return m.done([(0, 5.15)], middle=(0, 4.0))


def c1q(scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, spread: float = 26.0) -> Anchors:
    """C1q, the first protein of complement: six heads on one bundle, three of them in front.

    ``at`` lies midway between the outer heads, which are ``spread`` nanometres apart; ``tips`` are the front heads.
    """
    m = Molecule(scene, at, angle, scale, COMPLEMENT)
    pale = _paler(COMPLEMENT)
    back = [(-0.27, 3.1), (0.17, 3.5), (0.33, 2.6)]
    front = [(-0.5, 1.2), (0.0, 1.2), (0.5, 1.2)]
    for heads, colour in ((back, pale), (front, COMPLEMENT)):
        for share, y in heads:
            x = share * spread
            m.stem(
                (x, y + 0.8),
                (0.55 * x, 6.6),
                (0.8 * share, 10.0),
                (0.8 * share, 14.0),
                width=0.62,
                colour=pale,
            )
        for share, y in heads:
            m.bead(share * spread, y, 2.2, 2.5, colour=colour)
    return m.done([(share * spread, y - 1.2) for share, y in front], middle=(0.0, 9.0))


def membrane_pore(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, colour: Colour = COMPLEMENT
) -> Anchors:
    """The pore of complement, the membrane attack complex: a ring of staves through the membrane, open at both ends.

    Perforin, of the same family, builds such a pore too: in its own ``colour``.
    """
    m = Molecule(scene, at, angle, scale, colour)
    pale = _paler(colour)
    for x in np.linspace(-4.2, 4.2, 6):
        m.stem(
            (x, 5.6 + 0.7 * np.sqrt(1 - (x / 5) ** 2)), (x * 0.92, -MEMBRANE - 0.6), width=1.5, colour=pale
        )
    m.done([(0, 6)])
    pose = Pose(at, angle, scale)
    scene.path(pose.path(disc((0, 5.8), 5.0, 1.5)), fill=colour.line, edge=colour.edge, width=1.2)
    scene.path(pose.path(disc((0, 5.8), 3.5, 0.85)), fill=mix(colour.edge, "#000000", 0.25))
    m = Molecule(scene, at, angle, scale, colour)
    for x in np.linspace(-3.5, 3.5, 5):
        m.stem((x, 4.6 - 0.5 * np.sqrt(1 - (x / 5) ** 2)), (x * 0.92, -MEMBRANE - 1.0), width=1.55)
    return m.done([(0, 6)], tail=(0.0, -MEMBRANE - 1.0))


# What antibodies hold -------------------------------------------------------------------------------------------


def her2(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """HER2: four domains in a bow, narrow and broad in turn."""
    return _her_family(scene, at, angle, scale, HER2, inside, stalk)


def egfr(
    scene: Scene, at: Point, angle: float = UP, scale: float = NM, *, inside: bool = False, stalk: float = 0.0
) -> Anchors:
    """The receptor of the epidermal growth factor: built like HER2, and unlike it, it has a growth factor of its own."""
    return _her_family(scene, at, angle, scale, EGFRT, inside, stalk)


def _her_family(
    scene: Scene, at: Point, angle: float, scale: float, colour: Colour, inside: bool, stalk: float
) -> Anchors:
    m = Molecule(scene, at, angle, scale, colour, stalk)
    if inside:
        m.inside(0, 2)
    m.stem((0, 0), (0, 1.1)).bead(0.1, 2.0, 1.9, 2.2, colour=_paler(colour)).bead(0.55, 4.0, 2.5, 2.3)
    m.bead(0.2, 6.1, 1.9, 2.4, colour=_paler(colour)).bead(-0.3, 8.1, 2.9, 2.5)
    return m.done([(-0.3, 9.2)], middle=(0.3, 4.4), tail=(0.0, -MEMBRANE - 4.7))


# What antibodies carry ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ConjugateAnchors(Anchors):
    """Anchors of a conjugate: ``payloads`` are the middles of its payloads, ``linkers`` those of the linkers."""

    payloads: tuple[Point, ...]
    linkers: tuple[Point, ...]


def conjugate(
    scene: Scene,
    holds: Sequence[Point],
    away: float = UP,
    scale: float = NM,
    *,
    payloads: int = 4,
    charged: bool = False,
    size: float | None = None,
    **body: object,
) -> ConjugateAnchors:
    """An antibody that carries 0 to 8 payloads on linkers; ``body`` are the keywords of ``igg``.

    ``size`` is the radius of a payload in pixels (default: 0.95 nm, at least 3 px). ``charged`` as in ``payload``.
    """
    if not 0 <= payloads <= len(PAYLOAD_SITES):
        raise ValueError(f"payloads must be 0 to {len(PAYLOAD_SITES)}, not {payloads}.")
    size = size or max(0.95 * scale, 3.0)
    where = _payload_places(holds, away, scale, size, payloads, body)
    for start, end in where:
        zig = np.linspace(0, 1, 6)[:, None]
        side = np.array([-(end[1] - start[1]), end[0] - start[0]]) * 0.16
        sway = np.array([0, 1, -1, 1, -1, 0])[:, None] * side
        way = np.asarray(start) * (1 - zig) + np.asarray(end) * zig + sway
        for edge, width in ((PAPER, 0.95), (LINKER.edge, 0.45)):
            scene.line(way, edge, max(width * scale * 0.8, 1.1))
    drawn = igg(scene, holds, away, scale, **body)
    ends = tuple(end for _, end in where)
    payload(scene, ends, size, charged=charged)
    middles = tuple((float((a[0] + b[0]) / 2), float((a[1] + b[1]) / 2)) for a, b in where)
    return ConjugateAnchors(drawn.foot, drawn.tips, drawn.tail, drawn.middle, drawn.angle, ends, middles)


def _payload_places(
    holds: Sequence[Point], away: float, scale: float, size: float, number: int, body: Mapping
) -> list[tuple[Point, Point]]:
    """For each payload where its linker starts and where the payload is."""
    probe = Scene(10, 10)
    with probe.stencil():
        drawn = igg(probe, holds, away, scale, **body)
    limbs = []
    for end in (*drawn.tips, drawn.tail):
        run = np.subtract(end, drawn.foot)
        limbs.append(Pose(drawn.foot, float(np.degrees(np.arctan2(run[1], run[0]))), scale))
    (x1, y1), (x2, y2) = (np.subtract(tip, drawn.foot) for tip in drawn.tips)
    hand = 1 if x1 * y2 > y1 * x2 else -1  # payloads hang on the outer sides of the arms
    places = []
    for limb, across, along in PAYLOAD_SITES[:number]:
        side = np.sign(across) * (2.3 + size / scale)
        reach_out = across + side * 0.75
        places.append(
            (limbs[limb].point(hand * across * 0.9, along), limbs[limb].point(hand * reach_out, along - 0.5))
        )
    return places


def payload(scene: Scene, places: Sequence[Point], size: float = 6.0, *, charged: bool = False) -> None:
    """Payloads at these points, ``size`` pixels in radius: hexagons; a ``charged`` one has a round rim and a cross."""
    if not len(places):
        return
    turn = np.radians(60 * np.arange(7) + 30)
    ring = np.column_stack([np.cos(turn), np.sin(turn)])
    body = disc((0, 0), size) if charged else Path(ring * size, closed=True)
    scene.stamp(body, places, PAPER, PAPER, 2.6)
    scene.stamp(body, places, PAYLOAD.line, PAYLOAD.edge, max(0.16 * size, 0.8))
    if charged:
        arm = 0.55 * size
        cross = Path([(-arm, 0), (arm, 0), (0, -arm), (0, arm)], [1, 2, 1, 2])
        scene.stamp(cross, places, None, PAPER, max(0.28 * size, 1.2))
    else:
        shine = Path(ring * size * 0.36 + np.array([-0.25, 0.3]) * size, closed=True)
        scene.stamp(shine, places, mix(PAYLOAD.line, PAPER, 0.5))


def nuclide(scene: Scene, at: Point, size: float = 8.0) -> None:
    """A radioactive atom in its cage, ``size`` pixels in radius: a cluster with a glow."""
    for grown, share in ((2.1, 0.80), (1.75, 0.62), (1.45, 0.42)):
        scene.path(disc(at, size * grown), fill=mix(NUCLIDE.tint, PAPER, share), alpha=0.75)
    scene.path(disc(at, size * 1.2), edge=NUCLIDE.edge, width=max(0.18 * size, 1.2), fill=PAPER)
    fate = Random(5)
    spots = [(0.0, 0.0), *((0.55 * np.cos(t), 0.55 * np.sin(t)) for t in np.arange(6) * np.pi / 3)]
    for step, (x, y) in enumerate(sorted(spots, key=lambda _: fate.random())):
        ball = (at[0] + x * size, at[1] + y * size)
        tone = NUCLIDE.line if step % 2 else mix(NUCLIDE.line, PAPER, 0.35)
        scene.path(disc(ball, size * 0.42), fill=tone, edge=NUCLIDE.edge, width=max(0.09 * size, 0.6))


def electron_track(
    scene: Scene, start: Point, angle: float, length: float, *, seed: int = 1, width: float = 1.6, colour: Colour = NUCLIDE
) -> Point:  # fmt: skip
    """A beta particle's way, ``length`` pixels as the crow flies: straight at first, winding at the end. Returns its end."""
    fate = Random(seed)
    share = np.linspace(0, 1, 22)
    sway = np.cumsum([fate.uniform(-1, 1) * s**1.8 for s in share])
    sway = (sway - share * sway[-1]) * 0.055 * length
    turn = np.radians(angle)
    along = np.array([np.cos(turn), np.sin(turn)])
    way = np.asarray(start) + np.outer(share * length, along) + np.outer(sway, (-along[1], along[0]))
    scene.path(smooth_line(way), edge=PAPER, width=width + 1.8)
    scene.path(smooth_line(way), edge=colour.line, width=width)
    scene.stamp(disc((0, 0), width * 0.95), way[6::2], colour.line, colour.edge, 0.6)
    scene.path(disc(tuple(way[-1]), width * 1.6), fill=colour.edge, edge=PAPER, width=0.8)
    return tuple(map(float, way[-1]))


# Whom antibodies join -------------------------------------------------------------------------------------------


def cd3_site(receptor: Anchors, scale: float, side: int = 1) -> Point:
    """Where an arm against CD3 holds a ``molecules.tcr`` drawn at ``scale``: the head of the CD3 domain on one side."""
    return Pose(receptor.foot, receptor.angle, scale).point(3.0 * side, 2.9)


def tandem_scfv(
    scene: Scene,
    holds: Point,
    joins: Point,
    scale: float = NM,
    colours: tuple[Colour, Colour] = (ANTIBODY, ANTI_CD3),
) -> Anchors:
    """Two binders on one string and no Fc part: one holds ``holds``, the other ``joins``. Tips in that order."""
    middle = _between(holds, joins)
    _string(scene, [(holds, joins, 3.2)], scale, colours[0])
    for site, other, colour in ((holds, joins, colours[0]), (joins, holds, colours[1])):
        _scfv(scene, site, _direction(site, other), scale, colour)
    return Anchors(middle, (holds, joins), middle, middle, _direction(holds, joins))


def tcr_engager(scene: Scene, holds: Point, joins: Point, scale: float = NM) -> Anchors:
    """A soluble T-cell receptor that holds a peptide on MHC, on one string with a binder of CD3. Tips in that order."""
    middle = _between(holds, joins)
    _string(scene, [(holds, joins, 3.2)], scale, TCR)
    _scfv(scene, joins, _direction(joins, holds), scale, ANTI_CD3)
    m = Molecule(scene, holds, _direction(holds, joins) + 180, scale, TCR)
    m.bead(1.2, -4.9, 2.2, 2.6, colour=_paler(TCR)).bead(1.25, -2.0, 2.4, 3.1, 4, _paler(TCR))
    m.bead(-1.2, -4.9, 2.2, 2.6).bead(-1.25, -2.0, 2.4, 3.1, -4)
    m.done([(0, 0)])
    return Anchors(middle, (holds, joins), middle, middle, _direction(holds, joins))


def _scfv(scene: Scene, site: Point, away: float, scale: float, colour: Colour) -> None:
    """A single-chain binder at a site; ``away`` is the direction from the site to its string."""
    m = Molecule(scene, site, away + 180, scale, colour)
    m.bead(1.02, -2.1, 2.0, 3.5, -6, _paler(colour)).bead(-1.02, -2.1, 2.1, 3.6, 6)
    m.bead(0.05, -0.62, 1.45, 1.2, colour=_paler(colour))
    m.done([(0, 0)])


def _string(scene: Scene, runs: Sequence[tuple[Point, Point, float]], scale: float, colour: Colour) -> None:
    """The peptide that joins two binders, from ``inset`` nanometres inside one to as far inside the other."""
    for start, end, inset in runs:
        a, b = np.asarray(start, float), np.asarray(end, float)
        along = (b - a) / np.hypot(*(b - a))
        a, b = a + along * inset * scale, b - along * inset * scale
        side = np.array([-along[1], along[0]]) * scale
        share = np.linspace(0, 1, 7)[:, None]
        way = a + (b - a) * share + side * 0.75 * np.sin(2 * np.pi * share)
        for edge, width in ((PAPER, 1.1), (colour.edge, 0.55)):
            scene.path(smooth_line(way), edge=edge, width=width * scale)


def _direction(start: Point, end: Point) -> float:
    return float(np.degrees(np.arctan2(end[1] - start[1], end[0] - start[0])))


def _between(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _paler(colour: Colour) -> Colour:
    """The partner chain of a pair: the same colour, a step lighter."""
    return Colour(mix(colour.line, PAPER, 0.30), colour.tint, mix(colour.edge, colour.line, 0.4))
