"""Two ways back: the tumour loses its antigen, or the patient loses the CAR-T cells."""

from functools import partial

from matplotlib.figure import Figure

from immunolab.draw.glyphs import Cell, bind, car, car_t_cell, cd19, dead_cell, leukaemia_cell
from immunolab.draw.palette import CD19, INK, MUTED, PAPER, T_CELL, TUMOUR, mix
from immunolab.draw.scene import BODY, HEAD, Point, Scene, rounded
from immunolab.tables import antigen_escape

TITLE = "Two kinds of relapse after CD19 CAR-T cells"
ALT = (
    "From left to right. At the start leukaemia cells carry CD19, one among them does not, and a CAR-T cell holds those that "
    "do. Then a remission: dead leukaemia cells, and the CAR-T cell. From there two ways lead to relapse. Above, leukaemia "
    "cells without CD19 have grown; the CAR-T cell is still there and finds nothing to hold. Below, leukaemia cells with "
    "CD19 have grown; the CAR-T cells are gone or no longer work. A relapse without CD19 tells of CAR-T cells that worked, "
    "one with CD19 mostly of CAR-T cells that did not last."
)
CAPTION = "A relapse without CD19 went with CAR-T cells that still worked; a relapse with CD19 with their loss or failure."
SOURCES = ("BloodAdv2019CHOP",)

WIDTH, HEIGHT = 920, 532
NM = 4.0
UPPER, LOWER = 392, 160  # the two ways
MIDDLE = 278
STUDY = antigen_escape().query("study.str.startswith('Children')").iloc[0]
COUNT = f"of {STUDY.relapsed_n} relapses"


def draw() -> Figure:
    """Start and remission, then the two ways."""
    scene = Scene(WIDTH, HEIGHT)
    for y in (UPPER, LOWER):
        box = rounded(566, y - 104, 340, 212, 24)
        scene.path(box, fill=mix(TUMOUR.tint, PAPER, 0.72), edge=mix(TUMOUR.line, PAPER, 0.55), width=1.6)
    _start(scene)
    _remission(scene)
    _antigen_lost(scene)
    _cells_lost(scene)
    tag = f"{STUDY.treated_n} children with B-cell leukaemia, one centre"
    scene.text((18, 62), tag, 13, MUTED)
    scene.caption(CAPTION)
    return scene.figure


def _start(scene: Scene) -> None:
    """Leukaemia cells with CD19, and one without."""
    _leukaemia(scene, (116, MIDDLE + 78), (20, 80, 150, 215), 1)
    _leukaemia(scene, (206, MIDDLE + 62), (), 3)
    held = _leukaemia(scene, (52, MIDDLE - 22), (60, 120, 250), 2)
    holding = _car_t(scene, (176, MIDDLE - 30), (20, 95, 250, 310))
    bind(scene, partial(car, inside=False), cd19, holding.rim(180, 6), held.rim(0, -6), NM)
    scene.name((128, HEIGHT - 34), "At the start", INK, size=HEAD)
    scene.label((226, MIDDLE + 128), "no CD19", colour=TUMOUR, to=(212, MIDDLE + 94), align="center")
    scene.name((176, MIDDLE - 104), "CAR-T cell", T_CELL)
    scene.arrow((262, MIDDLE), (318, MIDDLE), 0, MUTED)


def _remission(scene: Scene) -> None:
    for x, y, seed in ((366, MIDDLE + 64, 2), (440, MIDDLE + 78, 5), (350, MIDDLE - 40, 7)):
        dead_cell(scene, (x, y), 27, seed=seed)
    _car_t(scene, (430, MIDDLE - 16), (20, 90, 290))
    scene.name((402, HEIGHT - 34), "Remission", INK, size=HEAD)
    scene.arrow((492, MIDDLE + 30), (556, UPPER - 10), -0.12, MUTED)
    scene.arrow((492, MIDDLE - 46), (556, LOWER + 10), 0.12, MUTED)


def _antigen_lost(scene: Scene) -> None:
    for seed, at in enumerate(((614, UPPER + 26), (614, UPPER - 50), (680, UPPER - 18))):
        _leukaemia(scene, at, (), seed + 4)
    _car_t(scene, (768, UPPER - 34), (30, 90, 150, 210, 320), 30)
    scene.name((736, UPPER + 78), f"CD19 lost: {STUDY.antigen_negative_n} {COUNT}", CD19, size=HEAD)
    scene.text((698, UPPER + 46), "The CAR-T cell is still there", BODY)
    scene.text((698, UPPER + 28), "and finds nothing to hold.", BODY)


def _cells_lost(scene: Scene) -> None:
    for seed, at in enumerate(((638, LOWER + 22), (638, LOWER - 52), (710, LOWER - 20))):
        _leukaemia(scene, at, ((30, 120, 200), (160, 235), (20, 80))[seed], seed + 4)
    with scene.faded(0.55):
        dead_cell(scene, (800, LOWER - 42), 32, T_CELL, seed=3)
    scene.name((736, LOWER + 78), f"CD19 still there: {STUDY.antigen_positive_n} {COUNT}", T_CELL, size=HEAD)
    scene.text((740, LOWER + 46), "CAR-T cells are gone", BODY)
    scene.text((740, LOWER + 28), "or no longer work.", BODY)


def _leukaemia(scene: Scene, at: Point, turns: tuple[float, ...], seed: int) -> Cell:
    cell = leukaemia_cell(scene, at, 32, seed=seed + 1, shadow=False)
    for turn in turns:
        cd19(scene, *cell.surface(turn), 3.6)
    return cell


def _car_t(scene: Scene, at: Point, turns: tuple[float, ...], radius: float = 36) -> Cell:
    return car_t_cell(scene, at, radius, angles=turns, nm=3.1)
