"""The exercise derived from a solution: blanks where the answers were, everything else as it stood."""

import pytest
from nbformat import v4

from tools.exercises import derive, with_blanks


def code(source, **metadata):
    return v4.new_code_cell(
        source, outputs=[v4.new_output("stream", text="43.3")], execution_count=1, metadata=metadata
    )


def sources(*cells):
    return [cell.source for cell in derive(v4.new_notebook(cells=list(cells))).cells]


SOLVED = """dose_mg = 200
# BEGIN SOLUTION
clearance = 0.22
c_avg, unused = dose_mg / clearance / 21, 0
# END SOLUTION
check("02.E1", c_avg)"""


def test_a_name_that_is_used_keeps_a_line():
    assert sources(code(SOLVED)) == ['dose_mg = 200\nc_avg = ...  # your turn\ncheck("02.E1", c_avg)']


def test_a_name_that_a_later_cell_uses_keeps_a_line():
    cells = code("# BEGIN SOLUTION\nhalf_life = 25.8\nstep = 1\n# END SOLUTION"), code("print(half_life)")
    assert sources(*cells)[0] == "half_life = ...  # your turn"


def test_a_name_that_only_another_answer_uses_goes():
    cells = (
        code("# BEGIN SOLUTION\nrate = 0.1\n# END SOLUTION"),
        code("# BEGIN SOLUTION\nanswer = rate * 2\n# END SOLUTION\nprint(answer)"),
    )
    assert sources(*cells) == ["# your turn", "answer = ...  # your turn\nprint(answer)"]


def test_a_function_keeps_signature_and_docstring():
    solved = '''# BEGIN SOLUTION
def occupancy(conc_nM, kd_nM=0.03):
    """Fraction of receptors occupied."""
    return conc_nM / (conc_nM + kd_nM)
# END SOLUTION
occupancy(1)'''
    assert sources(code(solved)) == [
        "def occupancy(conc_nM, kd_nM=0.03):\n"
        '    """Fraction of receptors occupied."""\n'
        "    ...  # your turn\n"
        "occupancy(1)"
    ]


def test_a_blank_inside_a_function_keeps_its_indent():
    solved = "def f(x):\n    # BEGIN SOLUTION\n    y = 2 * x\n    # END SOLUTION\n    return y"
    assert with_blanks(solved, set())[0] == "def f(x):\n    y = ...  # your turn\n    return y"


def test_two_blanks_in_one_cell():
    solved = (
        "# BEGIN SOLUTION\na = 1\n# END SOLUTION\nprint(a)\n# BEGIN SOLUTION\nb = 2\n# END SOLUTION\nprint(b)"
    )
    assert with_blanks(solved, set())[0] == "a = ...  # your turn\nprint(a)\nb = ...  # your turn\nprint(b)"


def test_tags_choose_cells():
    cells = (
        v4.new_raw_cell("# The exercise", metadata={"tags": ["exercise-only"]}),
        v4.new_markdown_cell("# The exercise, solved", metadata={"tags": ["solution"]}),
        v4.new_markdown_cell("Both"),
        code("explanation = 1", tags=["solution"]),
    )
    exercise = derive(v4.new_notebook(cells=list(cells)))
    assert [(cell.cell_type, cell.source) for cell in exercise.cells] == [
        ("markdown", "# The exercise"),
        ("markdown", "Both"),
    ]


def test_no_output_of_the_solution_is_left():
    exercise = derive(v4.new_notebook(cells=[code(SOLVED)]))
    assert exercise.cells[0].outputs == []
    assert exercise.cells[0].execution_count is None
    assert "43.3" not in str(exercise)


@pytest.mark.parametrize(
    "stray", ["# BEGIN SOLUTION\na = 1", "a = 1\n# END SOLUTION", "# BEGIN SOLUTION\n# BEGIN SOLUTION"]
)
def test_a_stray_marker_is_named(stray):
    with pytest.raises(ValueError, match=r"cell 2 .* line \d, '# (BEGIN|END) SOLUTION', has no partner"):
        derive(v4.new_notebook(cells=[code("a = 0"), code(stray)]))
