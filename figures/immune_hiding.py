"""Ten ways in which tumours were seen to hide, each marked with the step of the cycle that it breaks."""

import numpy as np
from matplotlib.figure import Figure

from immunolab.draw.glyphs import (
    Cell,
    bind,
    cd47,
    cytokines,
    dendritic_cell,
    fibre,
    fibroblast,
    macrophage,
    mdsc,
    messenger_receptor,
    messengers,
    pd1,
    pdl1,
    pmhc,
    t_cell,
    tcr,
    tumour_cell,
)
from immunolab.draw.palette import (
    ADENOSINE,
    CD47,
    CYTOKINE,
    DENDRITIC,
    FIBROBLAST,
    HEALTHY,
    INHIBITS,
    MDSC,
    MHC,
    MUTED,
    PAPER,
    PDL1,
    PEPTIDE,
    TREG,
    TUMOUR,
    Colour,
)
from immunolab.draw.scene import HEAD, Point, Scene

TITLE = "Ten ways to hide"
ALT = (
    "One large tumour cell with ten scenes around it, each with the number of the step of the cycle it breaks. Left, where T cells "
    "meet the tumour cell: no MHC class I, so a T-cell receptor finds nothing (6); the antigen lost, only peptides of the body on MHC (6); PD-L1 "
    "holds PD-1 (7); JAK1 or JAK2 lost, so interferon-gamma is not heard (7). Right, the surroundings: regulatory T cells (7) and "
    "myeloid-derived suppressor cells (7) hold T cells back; adenosine stops them, and IDO uses up tryptophan (7); TGF-beta and stroma keep "
    "them out (5). Above, no alarm calls the dendritic cells (2). Below, CD47 tells a macrophage not to eat (7). One tumour often uses several."
)
CAPTION = "Numbers: the step of the cycle that breaks. A tumour often uses several of these tricks at once."
SOURCES = ("Zaretsky2016", "Taube2012", "Anagnostou2017", "Mariathasan2018", "Spranger2015", "Curiel2004", "Gabrilovich2009", "Ohta2006",
           "Uyttenhove2003", "Majeti2009")  # fmt: skip

WIDTH, HEIGHT = 920, 720
NM = 4.3
SIZE = 34  # radius of a visitor


def draw() -> Figure:
    """The tumour cell, then the scenes round it."""
    scene = Scene(WIDTH, HEIGHT)
    tumour = tumour_cell(scene, (460, 378), 150, seed=3, shadow=False)
    scene.name((466, 368), "Tumour cell", TUMOUR, size=HEAD)
    for trick in (
        _no_mhc,
        _antigen_lost,
        _pd_l1,
        _deaf,
        _held_back,
        _starved,
        _walled,
        _no_alarm,
        _not_eaten,
    ):
        trick(scene, tumour)
    scene.caption(CAPTION)
    return scene.figure


def _out(tumour: Cell, angle: float, far: float) -> Point:
    """A point ``far`` pixels outside the tumour cell's membrane."""
    turn = np.radians(angle)
    return tuple(np.add(tumour.surface(angle)[0], far * np.array([np.cos(turn), np.sin(turn)])))


def _visitor(scene: Scene, tumour: Cell, angle: float, far: float = 94, state: str = "effector") -> Cell:
    return t_cell(
        scene,
        _out(tumour, angle, far),
        SIZE,
        state,
        facing=angle + 180,
        seed=int(angle) % 7 + 1,
        shadow=False,
    )


def _named(
    scene: Scene, at: Point, step: int, name: str, remark: str, colour: Colour, radius: float = SIZE
) -> None:
    """The step that breaks, the trick, and what it does, on the outer side of a cell at this place."""
    (x, y), far = at, radius + 17
    side = 1 if x > WIDTH / 2 - 20 else -1
    scene.step((x + 0.62 * side * far, y + 0.78 * far), step)
    drop = 14 + 8 * remark.count("\n")
    align = "left" if side > 0 else "right"
    scene.label((x + side * (far - 2), y + drop), name, remark, colour=colour, align=align)


def _cross(scene: Scene, at: Point, size: float = 8) -> None:
    """What does not happen."""
    for tone, width in ((PAPER, 6.4), (INHIBITS, 3.6)):
        for hand in (-1, 1):
            scene.line(
                [(at[0] - size, at[1] - hand * size), (at[0] + size, at[1] + hand * size)], tone, width
            )


def _no_mhc(scene: Scene, tumour: Cell) -> None:
    """The T-cell receptor points at a place where MHC class I should be."""
    angle = 136
    visitor = _visitor(scene, tumour, angle)
    tcr(scene, *visitor.surface(angle + 180), NM)
    with scene.faded(0.72):
        pmhc(scene, *tumour.surface(angle), NM, peptide=None)
    _cross(scene, _out(tumour, angle, 16))
    _named(scene, visitor.at, 6, "no MHC class I", "nothing to read", MHC)


def _antigen_lost(scene: Scene, tumour: Cell) -> None:
    """MHC molecules without the peptide that the receptor fits."""
    angle = 166
    visitor = _visitor(scene, tumour, angle)
    tcr(scene, *visitor.surface(angle + 180), NM)
    for turn in (-5, 7):
        pmhc(scene, *tumour.surface(angle + turn), NM, peptide=HEALTHY)
    _named(scene, visitor.at, 6, "antigen lost", "only peptides\nof the body", PEPTIDE)


def _pd_l1(scene: Scene, tumour: Cell) -> None:
    """PD-1 held beside a receptor that has found its peptide."""
    angle = 196
    visitor = _visitor(scene, tumour, angle, 66 + SIZE / 3)
    bind(scene, tcr, pmhc, visitor.rim(angle + 180, 14), tumour.rim(angle, -14), NM)
    brake, _ = bind(scene, pd1, pdl1, visitor.rim(angle + 180, -12), tumour.rim(angle, 12), NM)
    scene.bar(brake.foot, tuple(np.subtract(brake.foot, (26, 3))), width=3.2)
    _named(scene, visitor.at, 7, "PD-L1", "holds PD-1, a brake", PDL1)


def _deaf(scene: Scene, tumour: Cell) -> None:
    """Interferon-γ sits on its receptors, and nothing follows inside."""
    angle = 226
    visitor = _visitor(scene, tumour, angle, 98)
    for turn in (-6, 7):
        ear = messenger_receptor(scene, *tumour.surface(angle + turn), NM, colour=CYTOKINE)
        cytokines(scene, [ear.tip], 5)
    cytokines(
        scene, [_out(tumour, angle + turn, far) for turn, far in ((-8, 46), (0, 52), (7, 44), (1, 36))], 5
    )
    scene.line([_out(tumour, angle, -12), _out(tumour, angle, -52)], MUTED, 2.6, dashes=(5, 5))
    _cross(scene, _out(tumour, angle, -32))
    _named(scene, visitor.at, 7, "JAK1 or JAK2 lost", "deaf to interferon-γ", CYTOKINE)


def _held_back(scene: Scene, tumour: Cell) -> None:
    """A regulatory T cell and a suppressor cell, each with a T cell that it holds back."""
    guards = (
        t_cell(scene, _out(tumour, 46, 42), SIZE, "regulatory", seed=2, shadow=False),
        mdsc(scene, _out(tumour, 14, 44), SIZE, shadow=False),
    )
    places = [(guard.at[0] + 98, guard.at[1] + 2) for guard in guards]
    with scene.copies(places):
        held = t_cell(scene, (0, 0), SIZE, facing=180, shadow=False)
    names = (("regulatory T", "hold others back", TREG), ("MDSC", "suppressor cells", MDSC))
    for guard, place, (name, remark, colour) in zip(guards, places, names, strict=True):
        scene.bar(guard.rim(0), (place[0] - held.radius, place[1]), width=3.2)
        _named(scene, place, 7, name, remark, colour)


def _starved(scene: Scene, tumour: Cell) -> None:
    """A cloud of adenosine round a T cell."""
    held = _visitor(scene, tumour, -16, 126, "exhausted")
    cloud = [
        (-14, 20), (-6, 30), (3, 18), (-16, 50), (-3, 58), (6, 44), (-9, 76), (8, 74), (-18, 90), (11, 26), (0, 40), (10, 104),
    ]  # fmt: skip
    messengers(scene, [_out(tumour, -16 + turn, far) for turn, far in cloud], "adenosine", 6.5)
    _named(scene, held.at, 7, "adenosine; IDO", "a stop signal;\ntryptophan used up", ADENOSINE)


def _walled(scene: Scene, tumour: Cell) -> None:
    """Fibroblasts and fibres between the tumour cell and the T cells."""
    angle = -47
    for far in (34, 56):
        fibre(scene, [_out(tumour, angle + turn, far + 3 * (-1) ** turn) for turn in range(-22, 23, 4)], 2.6)
    for far, turns in ((24, (-17, 0, 17)), (46, (-9, 9))):
        for turn in turns:
            fibroblast(scene, _out(tumour, angle + turn, far), 78, angle + turn + 90, seed=turn + 20)
    messengers(scene, [_out(tumour, angle + turn, 9) for turn in (-20, -9, 8, 19)], "TGF-β", 6)
    places = [_out(tumour, angle - 13, 100), _out(tumour, angle + 8, 104)]
    with scene.copies(places):
        t_cell(scene, (0, 0), SIZE, facing=angle + 180, seed=4, shadow=False)
    _named(scene, places[1], 5, "TGF-β and stroma", "a wall", FIBROBLAST)


def _no_alarm(scene: Scene, tumour: Cell) -> None:
    """Nothing calls the dendritic cell."""
    asleep = dendritic_cell(scene, (452, 640), 36, arms=(96, 130, 165, 200, 235))
    scene.line([_out(tumour, 90, 8), asleep.rim(-90, 8)], MUTED, 2.6, dashes=(6, 6))
    _cross(scene, (460, 575))
    _named(scene, asleep.at, 2, "no alarm", "dendritic cells\nare not called", DENDRITIC, asleep.radius)


def _not_eaten(scene: Scene, tumour: Cell) -> None:
    """CD47 against the macrophage."""
    for turn in (-9, 9):
        cd47(scene, *tumour.surface(-90 + turn), NM)
    eater = macrophage(scene, (446, 112), 48, shadow=False)
    scene.bar(_out(tumour, -90, 12), eater.rim(90, -14), width=3.2)
    _named(scene, eater.at, 7, "CD47", "“do not eat me”", CD47, eater.radius)
