"""Shows that check.py finds what is wrong with a notebook, without a server: python test_check.py"""

import unittest

from nbformat.v4 import new_code_cell, new_notebook, new_output

import check


def parameters(**fields):
    return new_code_cell("remote = ''", metadata={"tags": ["parameters"]}, **fields)


def shown(**data):
    names = {"png": "image/png", "html": "text/html", "plain": "text/plain"}
    return new_output("display_data", data={names[name]: value for name, value in data.items()})


class CheckTest(unittest.TestCase):
    def test_a_clean_notebook_has_its_parameters_first_and_no_outputs(self):
        self.assertEqual(check.committed_problems(new_notebook(cells=[parameters(), new_code_cell("1")])), [])

    def test_missing_parameters_and_committed_outputs_are_found(self):
        self.assertEqual(len(check.committed_problems(new_notebook(cells=[new_code_cell("1")]))), 1)
        self.assertEqual(len(check.committed_problems(new_notebook(cells=[parameters(execution_count=1)]))), 1)
        self.assertEqual(len(check.committed_problems(new_notebook(cells=[parameters(outputs=[shown(plain="1")])]))), 1)

    def test_a_plot_and_tables_with_rows_are_what_is_wanted(self):
        outputs = [shown(png="..."), shown(html="<table>", plain="  a\n0 1")]
        self.assertEqual(check.shown_problems(new_notebook(cells=[new_code_cell("1", outputs=outputs)])), [])

    def test_missing_plots_missing_tables_and_empty_tables_are_found(self):
        nothing = check.shown_problems(new_notebook(cells=[new_code_cell("1")]))
        self.assertEqual(nothing, ["it shows no plot", "it shows no table"])
        outputs = [shown(png="..."), shown(html="<table>", plain="Empty DataFrame\nColumns: [a]")]
        empty = check.shown_problems(new_notebook(cells=[new_code_cell("1", outputs=outputs)]))
        self.assertEqual(empty, ["code cell 1 shows a table without rows"])

    def test_answers_are_compared_cell_by_cell(self):
        answer = {"columns": ["name", "value", "count"], "rows": [["a", 0.0001, 3], [None, -0.25, 0]]}
        printed = [["name", "value", "count"], ["a", "1.0E-4", "3"], ["NULL", "-0.25", "0"]]
        self.assertEqual(check.answer_problems("q", answer, printed), [])
        for row, column, wrong in ((1, 0, "b"), (1, 1, "1.1E-4"), (2, 0, ""), (2, 2, "NULL"), (2, 1, "x")):
            other = [list(line) for line in printed]
            other[row][column] = wrong
            self.assertEqual(len(check.answer_problems("q", answer, other)), 1, wrong)
        self.assertEqual(len(check.answer_problems("q", answer, printed[:2])), 1)
        self.assertEqual(len(check.answer_problems("q", answer, [["name", "value", "k"], *printed[1:]])), 1)


if __name__ == "__main__":
    unittest.main()
