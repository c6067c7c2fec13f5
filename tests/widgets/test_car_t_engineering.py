"""Every interactive of lesson 06 at its presets, at its corners, and back."""

import re

import numpy as np
import pytest

from immunolab import tables
from immunolab.interactives import car_t_engineering as lesson06
from immunolab.interactives.explorer import Slide

EXPLORERS = {fn.__name__: fn for fn in (lesson06.builder, lesson06.sight, lesson06.copies, lesson06.grip)}


@pytest.fixture(params=EXPLORERS)
def explorer(request, tmp_path, monkeypatch):
    monkeypatch.setenv("IMMUNOLAB_PROGRESS", str(tmp_path))
    return EXPLORERS[request.param]()


ANSWERS = {
    "The receptor builder": {"binder": "FMC63", "costimulation": "4-1BB", "hinge": "IgG4", "transmembrane": "CD28"},
    "What can it see?": {"shows": "mutations"},
    "The transduction bench": {"mean_copies": 2.4},
    "Grip and density": {"kd_nM": 680.0},
}  # fmt: skip


def test_vary_can_be_reached(explorer):
    state = explorer.start | ANSWERS[explorer.title]
    for control in explorer.controls:
        if isinstance(control, Slide):
            state[control.name] = lesson06.nearest(control.values, state[control.name])
    assert explorer.vary.reached(state, explorer.compute(**state))


# The builder


def receptor(**parts):
    start = {"binder": "FMC63", "costimulation": "4-1BB", "zeta": "yes", "hinge": "CD8α", "transmembrane": "CD8α"}  # fmt: skip
    return lesson06.Receptor(**start | parts)


def built_like(product) -> lesson06.Receptor:
    parts = {name: part.value for name, part in product.parts.items()}
    binder = next(
        key
        for key, binder in lesson06.BINDERS.items()
        if (binder.target, binder.in_table) == (product.target, parts["binder"])
    )
    return receptor(
        binder=binder,
        costimulation=parts["costimulation"],
        hinge=parts["hinge"],
        transmembrane=parts["transmembrane"],
    )


@pytest.mark.parametrize("name", tables.car_products())
def test_every_approved_product_can_be_built_and_is_named(name):
    built = built_like(tables.car_product(name))
    assert name in built.products
    assert built.generation == "Second generation"
    words = lesson06.receptor_sentence({}, built)
    assert name in words
    assert ("no primary source" in words) == bool(lesson06.unconfirmed(name))


@pytest.mark.parametrize(
    ("parts", "generation"),
    [
        ({"costimulation": "none"}, "First generation"),
        ({"costimulation": "both"}, "Third generation"),
        ({"zeta": "none"}, None),
        ({"binder": "none"}, None),
    ],
)
def test_generations_and_what_is_no_car(parts, generation):
    built = receptor(**parts)
    assert built.generation == generation
    assert built.products == ()


def test_a_receptor_close_to_a_product_names_it():
    built = receptor(costimulation="CD28")
    assert built.products == ()
    assert "axicabtagene ciloleucel" in lesson06.receptor_sentence({}, built)


def test_products_table_marks_what_is_not_confirmed():
    shown = lesson06.products().data
    assert all(name in shown for name in tables.car_products())
    unconfirmed = sum(
        not part.confirmed for name in tables.car_products() for part in tables.car_product(name).parts.values()
    )  # fmt: skip
    assert shown.count(" ?</td>") == unconfirmed


# Sight


def test_loss_of_mhc_leaves_the_car_alone():
    assert lesson06.look("all", "kept", "A02").seen_by == ["CAR-T", "TCR-T", "TIL"]
    assert lesson06.look("all", "lost", "A02").seen_by == ["CAR-T"]


def test_hla_matters_to_the_engineered_receptor_only():
    fits, other = lesson06.look("all", "kept", "A02"), lesson06.look("all", "kept", "other")
    changed = [name for name in lesson06.PRODUCTS if fits.verdicts[name] != other.verdicts[name]]
    assert changed == ["TCR-T"]


# Copies


def test_bars_hold_all_cells_and_agree_with_the_share():
    for spread in (lesson06.CHANCE, lesson06.UNEVEN, lesson06.BATCH):
        for mean in (0.1, 1.0, 6.0):
            batch = lesson06.transduce(mean, spread)
            assert batch.bars.sum() == pytest.approx(100)
            assert batch.bars[0] == pytest.approx(100 - batch.positive)


def test_batch_3_is_met_by_its_own_spread():
    real = tables.release_batches()[-1]
    batch = lesson06.transduce(real.copies_per_cell, lesson06.BATCH)
    assert batch.positive == pytest.approx(100 * real.car_positive, abs=1e-6)
    assert batch.released


# Grip


def test_a_weaker_grip_spares_healthy_cells_and_hardly_the_tumour():
    tight, weak = (lesson06.meet(kd, 1e5, 1e3, 2000) for kd in (0.6, 1100))
    assert tight.healthy == pytest.approx(80, abs=0.5) and weak.healthy < 3
    assert tight.tumour > 99.9 and weak.tumour == pytest.approx(94, abs=0.5)
    assert np.all(weak.curve <= tight.curve)


def test_gates_table_says_what_the_model_says():
    rows = re.findall(r"<tr><th scope='row'[^>]*>(.*?)</th>(.*?)</tr>", lesson06.gates().data)
    found = {name: re.findall(r">([^<]+)</td>", cells) for name, cells in rows}
    assert found["A AND B"][:2] == ["28 %", "2 %"]
    assert found["A OR B"] == ["2 %", "28 %", "lose both"]
    assert found["A NOT B"][:2] == ["82 %", "18 %"]
