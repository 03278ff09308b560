"""Runs notebooks against a Spark Connect server and checks what they show.

    python check.py --remote sc://HOST:PORT [--answers FOLDER]... NOTEBOOK...

Every notebook must be committed without outputs, name its parameters in its first code cell, run without an error, show a
plot, and show tables that are not empty. A folder of --answers holds NAME.tsv files, tab-separated under a header line:
each must say what the data frame `answers["NAME"]` of one of the notebooks says, cell by cell, with equal numbers. Exit
code 1, and the reasons on stderr, where anything is not so.
"""

import argparse
import csv
import json
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

SHOWN = 10

SAVE = """
import json as _json, math as _math
def _plain(value):
    value = value.item() if hasattr(value, "item") else value
    return None if value is None or value != value else value
if "answers" in globals():
    _answers = {n: {"columns": list(f.columns), "rows": [[_plain(v) for v in row] for row in f.values.tolist()]}
                for n, f in answers.items()}
    with open(%r, "w", encoding="utf-8") as _file:
        _json.dump(_answers, _file)
"""


def committed_problems(notebook):
    """What is wrong with a notebook as it lies in the repository."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    problems = []
    if not code or "parameters" not in code[0].metadata.get("tags", []):
        problems.append("its first code cell is not tagged `parameters`")
    for number, cell in enumerate(code, 1):
        if cell.outputs or cell.execution_count is not None:
            problems.append(f"code cell {number} carries outputs: strip them before committing")
    return problems


def shown_problems(notebook):
    """What is missing in what an executed notebook shows."""
    problems, plots, tables = [], 0, 0
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), 1):
        for output in cell.outputs:
            data = output.get("data", {})
            plots += "image/png" in data
            if "text/html" in data:
                tables += 1
                if data.get("text/plain", "").startswith("Empty DataFrame"):
                    problems.append(f"code cell {number} shows a table without rows")
    if plots == 0:
        problems.append("it shows no plot")
    if tables == 0:
        problems.append("it shows no table")
    return problems


def equal(shown, printed):
    """Whether a value of a data frame is what Spark printed as text."""
    if printed == "NULL":
        return shown is None
    if isinstance(shown, bool) or shown is None or isinstance(shown, str):
        return str(shown).lower() == printed.lower() if isinstance(shown, bool) else shown == printed
    try:
        return float(shown) == float(printed)
    except ValueError:
        return False


def answer_problems(name, answer, printed):
    """Where a data frame differs from printed lines, the header first."""
    header, *rows = printed
    if answer["columns"] != header:
        return [f"{name}: columns {answer['columns']}, but {header} were printed"]
    if len(answer["rows"]) != len(rows):
        return [f"{name}: {len(answer['rows'])} rows, but {len(rows)} were printed"]
    return [
        f"{name}, row {number}, {column}: {shown!r}, but {text!r} was printed"
        for number, (values, texts) in enumerate(zip(answer["rows"], rows), 1)
        for column, shown, text in zip(header, values, texts, strict=True)
        if not equal(shown, text)
    ]


def read_printed(path):
    with open(path, encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def execute(path, remote):
    """Runs a notebook with its own folder as the working folder; returns it, its answers, and what went wrong."""
    notebook = nbformat.read(path, as_version=4)
    problems = committed_problems(notebook)
    if problems:
        return notebook, {}, problems
    first = next(i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    notebook.cells.insert(first + 1, nbformat.v4.new_code_cell(f"remote = {remote!r}"))
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "answers.json"
        notebook.cells.append(nbformat.v4.new_code_cell(SAVE % str(saved)))
        try:
            NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
        except CellExecutionError as error:
            return notebook, {}, [str(error)]
        answers = json.loads(saved.read_text(encoding="utf-8")) if saved.exists() else {}
    return notebook, answers, shown_problems(notebook)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--remote", required=True)
    parser.add_argument("--answers", action="append", default=[], type=Path)
    parser.add_argument("notebooks", nargs="+", type=Path)
    arguments = parser.parse_args()
    problems, answers = [], {}
    for path in arguments.notebooks:
        _, found, wrong = execute(path, arguments.remote)
        answers.update(found)
        problems += [f"{path}: {one}" for one in wrong]
        print(f"{path.name}: {'ran' if not wrong else 'failed'}")
    for folder in arguments.answers:
        files = sorted(folder.glob("*.tsv"))
        if sorted(file.stem for file in files) != sorted(answers):
            problems.append(f"{folder} answers {[file.stem for file in files]}, the notebooks {sorted(answers)}")
        for file in files:
            if file.stem in answers:
                wrong = answer_problems(file.stem, answers[file.stem], read_printed(file))
                problems += [f"{folder}: {one}" for one in wrong[:SHOWN]]
        print(f"{folder}: {len(files)} answers compared")
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
