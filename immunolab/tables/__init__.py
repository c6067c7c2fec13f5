"""The numbers of the course: the tables in ``immunolab/data``, turned into the parameters of the models.

Every row carries its unit in the column names, a source (a key of ``sources.bib``), and an evidence class:
``measured``, ``fitted``, ``assumed`` or ``illustrative``. ``data/README.md`` says what each table holds, from
whom it comes, and under which licence. A module holds the loaders of one field; all are called from here, as
in ``tables.antibody("nivolumab")``.
"""

from importlib import import_module

# Loaded on first use: a lesson about antibodies need not wait for the models of CAR-T cells.
_MODULES = {
    "antibody_drugs": (
        "antibodies",
        "antibody",
        "antibody_affinity",
        "antibody_facts",
        "published_exposures",
        "regimens",
        "studies",
        "AntibodyAffinity",
        "AntibodyFacts",
        "LabelledRegimen",
    ),
    "cart": (
        "antigen_escape",
        "astct_grades",
        "cartmath",
        "cartmath_experiment",
        "cartmath_lines",
        "car_kinetics",
        "car_kinetics_variability",
        "car_product",
        "car_products",
        "cell_therapy_trials",
        "cytokine_sources",
        "hanson",
        "kimmel",
        "kinetics_parameters",
        "leon_triana",
        "matching_products",
        "regulatory_actions",
        "release_batches",
        "release_criteria",
        "second_cancers",
        "tocilizumab_response",
        "t_cell_counts",
        "vein_to_vein",
        "CARPart",
        "CARProduct",
        "MouseExperiment",
        "ReleaseBatch",
    ),
    "checkpoints": (
        "affinities_2d",
        "affinity",
        "affinity_pairs",
        "checkpoint_trials",
        "surface_densities",
        "Affinity",
    ),
    "conjugates": (
        "antibody_trials",
        "bridge",
        "bridges",
        "conjugate",
        "Conjugate",
        "conjugate_names",
        "conjugate_parameters",
        "dar_losses",
        "dar_lot",
        "dar_lots",
        "disposition",
        "Disposition",
        "engager",
        "engager_potency",
        "Engager",
        "engagers",
        "injected",
        "nuclide",
        "nuclides",
        "organ_doses",
        "radiotherapeutics",
        "released_drug",
        "step_up",
    ),
    "immunity": (
        "cycle_steps",
        "expectations",
        "hiding_tricks",
        "immune_cells",
        "immunotherapies",
        "immunotherapy_word",
        "kuznetsov",
        "Proofreading",
        "proofreading",
    ),
    "reading": (
        "approvals",
        "glossary",
        "source",
        "sources",
        "stale",
        "table",
        "tables",
        "ERROR_MONTHS",
        "EVIDENCE",
        "Source",
        "Stale",
        "WARN_MONTHS",
    ),
    "targeting": (
        "antigen_density",
        "antigens",
        "arm_affinities",
        "fc_affinities",
        "fc_affinity",
        "fc_choices",
        "fc_receptors",
        "fcgr3a_trials",
        "her2_groups",
        "igg_subclasses",
        "internalisation",
        "name_endings",
        "penetration",
        "penetration_sets",
        "PenetrationSet",
        "target_mediated",
        "target_mediated_sets",
        "targeting_parameters",
    ),
    "trials": (
        "comparison",
        "comparisons",
        "end_points",
        "melanoma_timeline",
        "trial_arm",
        "trial_arms",
        "trial_outcomes",
        "Comparison",
        "TrialArm",
    ),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}
__all__ = sorted(_HOMES)


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
