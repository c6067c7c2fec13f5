"""What stands still in lesson 01: tables of players, therapies, ways to hide, and what the word immunotherapy covers."""

from IPython.display import HTML

from immunolab import tables
from immunolab.interactives.immune_system_and_cancer.shared import joined, steps_in
from immunolab.interactives.page import facts


def therapies() -> HTML:
    """A table: kinds of therapy, and where on the cycle they act. What each cannot mend is asked of the learner."""
    heads = {
        "therapy": "Therapy", "direction": "Direction", "acts_on_steps": "Acts on step", "does": "What it does",
        "example": "Example",
    }  # fmt: skip
    rows = tables.immunotherapies()
    rows["acts_on_steps"] = [joined(steps_in(listed)) for listed in rows.acts_on_steps]
    caption = f"<strong>{len(rows)} kinds of therapy</strong> · placed on the cycle"
    return facts(caption, rows, heads, cited="does")


def players() -> HTML:
    """A table: cells and molecules, what they recognise and what they do."""
    heads = {"name": "Name", "arm": "Arm", "role": "Role", "recognises": "Recognises", "does": "Does"}
    caption = "<strong>Who is who</strong> · cells and molecules of the immune system"
    return facts(caption, tables.immune_cells(), heads, cited="does")


def hiding() -> HTML:
    """A table: how tumours hide, at which step of the cycle, and where it was seen."""
    heads = {"trick": "Trick", "how": "How", "cycle_step": "Step", "seen_in": "Seen in"}
    caption = "<strong>How a tumour hides</strong> · and the step of the cycle that it breaks"
    return facts(caption, tables.hiding_tricks(), heads, cited="how")


def the_word() -> HTML:
    """A table: what the word immunotherapy covers, with one result each."""
    heads = {
        "name": "Treatment", "direction": "Direction", "against": "Against", "what_it_does": "What it does",
        "study_kind": "Kind of study", "result": "Result",
    }  # fmt: skip
    caption = "<strong>One word, many treatments</strong> · one published result each"
    return facts(caption, tables.immunotherapy_word(), heads, cited="result")
