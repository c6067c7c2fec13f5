"""The one list of lessons: the README's table, the start page, the tests and the spaced questions follow it."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Lesson:
    """One lesson of the course.

    ``stem`` names the notebook, the exercise folder and, without its number, the topic. ``objectives`` maps
    ids such as ``02.O1`` to what a learner can do afterwards; ``misconceptions`` are the ones the lesson answers.
    """

    stem: str
    title: str
    idea: str
    minutes: int
    status: Literal["ready", "planned"] = "planned"
    objectives: dict[str, str] = field(default_factory=dict)
    misconceptions: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """The two digits that begin the stem, and the id of every question of the lesson."""
        return self.stem[:2]


LESSONS = (
    Lesson(
        "00_start_here",
        "Start here",
        "Check the set-up, learn how to learn here, and choose where to go.",
        10,
        "ready",
    ),
    Lesson(
        "01_immune_system_and_cancer",
        "The immune system and cancer",
        "Recognition is a matter of time; a tumour is eliminated, held, or escapes.",
        50,
        "ready",
        objectives={
            "01.O1": "Sort ten immune cells and molecules into innate and adaptive, effector and suppressor, and say what each "
            "recognises.",
            "01.O2": "Calculate how well a T cell tells a foreign peptide from one of the body's own, and say what more steps "
            "of proofreading cost.",
            "01.O3": "Put the seven steps of the cancer–immunity cycle in order, place a therapy on it, and name a step it "
            "cannot mend.",
            "01.O4": "Predict from start and parameters whether a tumour in the model is eliminated, held or escapes, and say "
            "what moves the watershed.",
            "01.O5": "Recognise how a tumour hides, and sort a therapy by its direction: activation, or less suppression.",
        },
        misconceptions=("M24", "M25", "M26", "M27"),
    ),
    Lesson(
        "02_immune_checkpoints",
        "Immune checkpoints",
        "Blocking a brake: occupancy saturates, and exposure decides the schedule.",
        50,
        "ready",
        {
            "02.O1": "Say which cell carries CTLA-4, PD-1 and PD-L1, where and when each brake acts, "
            "and what a blocking antibody releases.",
            "02.O2": "Decide from numbers and affinities whether CTLA-4 can silence CD28 at a synapse.",
            "02.O3": "Calculate receptor occupancy, and explain why, with spare receptors, 70 % occupied is not 70 % released.",
            "02.O4": "Predict C_max, C_min, C_avg and the time to steady state of a regimen, and say what "
            "stays equal between two schedules and what does not.",
            "02.O5": "Judge a claim about a checkpoint drug by its evidence: trial size, comparison, confounding.",
        },
        ("M1", "M2", "M3", "M4", "M5"),
    ),
    Lesson(
        "03_checkpoint_trials",
        "Checkpoint trials and melanoma",
        "Reading a survival curve: median, hazard ratio, tail.",
        50,
        "ready",
        objectives={
            "03.O1": "Build a Kaplan–Meier curve from single patients, and read median, landmark and tail with the numbers at "
            "risk.",
            "03.O2": "Say what a hazard ratio, a median and a restricted mean each show and hide, and choose among them where "
            "curves cross.",
            "03.O3": "Read the long-term share out of a mixture-cure model, and say when the data cannot identify it.",
            "03.O4": "Compare the arms of melanoma trials in absolute numbers, harm beside benefit, and say what the order of "
            "treatments changes.",
            "03.O5": "Judge a claim by its end point and its evidence: response, pseudoprogression, surrogate, single arm, "
            "crossover.",
        },
        misconceptions=("M8", "M9", "M10"),
    ),
    Lesson(
        "04_antibody_targeting",
        "Antibody targeting",
        "Bind, block, flag; affinity is not depth.",
        50,
        "ready",
        {
            "04.O1": "Name the parts of an IgG and what each does, and estimate from density and K_D what a second arm gains.",
            "04.O2": "Say which of block, ADCC, ADCP and CDC an antibody can do, from its target and its Fc, and why single "
            "antibodies in blood call no killer.",
            "04.O3": "Follow a dose through clearance and target, predict what a larger dose changes, and say where each "
            "shortcut of the model fails.",
            "04.O4": "Predict from affinity, dose and antigen how far from a vessel an antibody gets.",
            "04.O5": "Judge a target by density, uptake into cells and healthy tissue, with benefit and harm side by side.",
        },
        ("M11",),
    ),
    Lesson(
        "05_conjugates_and_engagers",
        "Conjugates and engagers",
        "Carrying a payload, bridging two cells: more is not always better.",
        50,
        "ready",
        {
            "05.O1": "Say what antibody, linker and payload of a conjugate each decide, and read a batch by its drug-to-antibody "
            "ratio, in the vial and in the blood.",
            "05.O2": "Predict from payload and antigen pattern whether cells without the antigen are reached, and name the price.",
            "05.O3": "Calculate effective half-life and absorbed dose, choose a radionuclide by range and tumour size, and tell a "
            "radioimmunoconjugate from a radioligand.",
            "05.O4": "Predict how the number of bridges changes with the dose of an engager, and find the dose that builds the most.",
            "05.O5": "Explain from half-life and first activation how engagers are given, and read benefit and harm of a trial with "
            "their denominators.",
        },
        ("M12", "M13", "M14", "M27"),
    ),
    Lesson(
        "06_car_t_engineering",
        "CAR-T: engineering the receptor",
        "A receptor built from parts; gates and escape.",
        50,
        "ready",
        {
            "06.O1": "Name the parts of a CAR from the outside in, say what each one changes, and give its generation.",
            "06.O2": "Say what a CAR-T cell, a TCR-T cell and a TIL can see, and what each loses with MHC or without the right HLA.",
            "06.O3": "Follow the cells from vein to vein, and calculate the CAR-positive share and the copies per cell from "
            "an average number of copies.",
            "06.O4": "Predict from affinity and antigen density which cells are hit, and choose between AND, OR and NOT.",
            "06.O5": "Tell on-target harm, relapse without the antigen and relapse with it apart, and say what each tells "
            "about the CAR-T cells.",
        },
        ("M15", "M16"),
    ),
    Lesson(
        "07_car_t_in_the_patient",
        "CAR-T: the living drug in the patient",
        "Expansion, persistence, and what happens when the immune system overheats.",
        50,
        "ready",
        {
            "07.O1": "Read a CAR-T time course as lag, expansion, contraction and persistence, and calculate "
            "doubling time, half-life and exposure from it.",
            "07.O2": "Explain with two models what the number of infused cells does to the peak, and what room does, "
            "and say where the models disagree.",
            "07.O3": "Read a chance of extinction from a model, and say what a model fitted to medians cannot tell "
            "about one patient.",
            "07.O4": "Grade CRS and ICANS from a case, and say what tocilizumab touches and what it leaves alone.",
            "07.O5": "Read response and harm of a trial with denominator and exact interval, and say when two "
            "percentages may not be compared.",
        },
        ("M17", "M18", "M19", "M28"),
    ),
    Lesson(
        "08_cancer_vaccines",
        "Cancer vaccines",
        "Prevent or treat; from mutation to peptide to HLA.",
        50,
    ),
    Lesson(
        "09_cytokines_and_innate_agonists",
        "Cytokines and innate agonists",
        "Windows and thresholds.",
        50,
    ),
    Lesson(
        "10_dynamics_and_combinations",
        "Dynamics and combinations",
        "Basins and thresholds; independence is not synergy; order matters.",
        50,
    ),
    Lesson(
        "11_immune_related_adverse_events",
        "Immune-related adverse events",
        "The price: which organ, when, what then.",
        50,
    ),
    Lesson(
        "12_biomarkers_and_prediction",
        "Biomarkers and prediction",
        "Calibration, leakage, and who is missing.",
        50,
    ),
    Lesson(
        "13_tolerance_and_frontiers",
        "Tolerance and frontiers",
        "Immunotherapy that suppresses, and what comes next.",
        50,
    ),
    Lesson(
        "90_glossary_and_sources",
        "Glossary and sources",
        "Every term with its meaning, and every source of the course.",
        0,
        "ready",
    ),
)


def lesson(name: str) -> Lesson:
    """The lesson with this stem or two-digit number. Raises ValueError that lists the stems."""
    for entry in LESSONS:
        if name in (entry.stem, entry.number):
            return entry
    raise ValueError(f"No lesson {name!r}. The lessons are: {', '.join(entry.stem for entry in LESSONS)}.")


def ready() -> tuple[Lesson, ...]:
    """The lessons that are built, in order."""
    return tuple(entry for entry in LESSONS if entry.status == "ready")


def next_ready(stem: str) -> Lesson | None:
    """The next built lesson after this one, or None at the end of what is built. The glossary is none."""
    later = [entry for entry in ready() if entry.stem > stem and entry.objectives]
    return later[0] if later else None
