"""Logs a published run to a real MLflow server by Hone's own command, and reads it back with MLflow's client.

    python check.py [--calls N] WORKSPACE EXPORTED -- COMMAND...

WORKSPACE is a local workspace that holds one run, EXPORTED the folder that it exported. COMMAND, such as
./submit.sh demo --workspace WORKSPACE, finds all of the run published; --set mlflow.tracking-uri=... is added to it. The
server (SQLite, files behind it) runs on a free port while this runs. The command is called twice, to log and to go on
with a logging that is made to look broken; with --calls 3 once more, where all of it is there. Prints a line of numbers;
exit code 1, and the reasons on stderr, otherwise.
"""

import argparse
import contextlib
import json
import math
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pyarrow.parquet
from mlflow import MlflowClient

TOLERANCE = 1e-12
START_SECONDS = 300
TRAINING = ("loss", "learning_rate", "gradient_norm")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def serving(folder):
    """The address of a server that keeps everything below a folder."""
    address = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "mlflow", "server", "--workers", "1"]
    command += ["--host", "127.0.0.1", "--port", address.rsplit(":", 1)[1]]
    command += ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", f"{folder}/files"]
    log = folder / "server.log"
    with log.open("wb") as output:
        environment = {**os.environ, "DO_NOT_TRACK": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
        server = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=environment, start_new_session=True
        )
    try:
        wait_for(address, server, log)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def wait_for(address, server, log):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/health", timeout=5).close()
            return
        time.sleep(0.5)
    sys.exit(f"The MLflow server did not start in {START_SECONDS} s:\n{log.read_text()[-4000:]}")


def commits(workspace):
    """The commits of the one run of a workspace, by step and part."""
    (run,) = [folder for folder in (workspace / "runs").iterdir() if (folder / "normalize-all.json").exists()]
    found = {}
    for file in sorted(run.glob("*.json")):
        manifest = json.loads(file.read_text())
        commit = workspace / "published" / manifest["step"] / f"{manifest['digest']}.json"
        found[manifest["step"], manifest["part"]] = json.loads(commit.read_text())
    return run.name, found


def rows(workspace, commit, table):
    files = next(one["files"] for one in commit["tables"] if one["name"] == table)
    folder = workspace / "data" / commit["step"] / commit["attempt"] / table
    return [row for file in files for row in pyarrow.parquet.read_table(folder / file["path"]).to_pylist()]


def metric_name(row, full):
    """What a row of run_metrics is called; full is the largest dimension of its model."""
    measure = row["metric"] + (f"_at_{row['k']}" if row["k"] else "")
    if row["dim"] and row["dim"] != full:
        measure += f"_dim_{row['dim']}"
    if row["precision"] not in (None, "fp32"):
        measure += f"_{row['precision']}"
    return "/".join([row["model"], *([] if row["dataset"] == "*" else [row["dataset"]]), measure])


def expected_metrics(measured):
    """Values by name, of rows of run_metrics."""
    full = {}
    for row in measured:
        full[row["model"]] = max(full.get(row["model"], 0), row["dim"] or 0)
    return {metric_name(row, full[row["model"]]): row["value"] for row in measured}


def differing(what, expected, found):
    """Reasons, where two dictionaries of numbers are not the same to the tolerance."""
    reasons = [f"{what} {name} is missing" for name in sorted(expected.keys() - found.keys())]
    reasons += [f"{what} {name} is not one of Hone's" for name in sorted(found.keys() - expected.keys())]
    for name in sorted(expected.keys() & found.keys()):
        if not math.isclose(expected[name], found[name], rel_tol=0, abs_tol=TOLERANCE):
            reasons.append(f"{what} {name} is {found[name]}, not {expected[name]}")
    return reasons


def check_run(run, run_id, measured, trained):
    """Reasons against status, tags, parameters and metrics of a run."""
    reasons = []
    if run.info.status != "FINISHED":
        reasons.append(f"the run is {run.info.status}")
    if run.data.tags.get("hone.run_id") != run_id or len(run.data.tags.get("hone.digest", "")) != 64:
        reasons.append(f"its tags are {run.data.tags}")
    if run.data.tags.get("hone.train_digest") != trained["digest"]:
        reasons.append("hone.train_digest is not the digest of the step train")
    for key in ("seed", "model", "train.learning-rate", "train.batch-size", "mine.strategies.0.kind", "evaluate.k"):
        if run.data.params.get(key, "auto") == "auto":
            reasons.append(f"parameter {key} is {run.data.params.get(key)}")
    if any(name.startswith(("mlflow", "workspace")) for name in run.data.params):
        reasons.append("parameters tell where the run was logged or kept")
    values = {name: value for name, value in run.data.metrics.items() if not name.startswith("train/")}
    return reasons + differing("metric", expected_metrics(measured), values)


def check_steps(client, run, log):
    """Reasons against the training log's metrics, each step of which must be there once."""
    reasons = []
    for column in TRAINING:
        history = client.get_metric_history(run.info.run_id, f"train/{column}")
        if len(history) != len(log):
            reasons.append(f"train/{column} has {len(history)} values for {len(log)} steps")
        steps = {one.step: one.value for one in history}
        reasons += differing(f"train/{column} at step", {row["step"]: row[column] for row in log}, steps)
    return reasons


def listed(client, run_id, folder=None):
    """Paths of a run's files."""
    paths = []
    for entry in client.list_artifacts(run_id, folder):
        paths += listed(client, run_id, entry.path) if entry.is_dir else [entry.path]
    return paths


def exported_files(exported):
    """The files of a folder, without Hadoop's checksums beside them."""
    return [file for file in sorted(exported.rglob("*")) if file.is_file() and not file.name.startswith(".")]


def check_files(client, run, exported, folder):
    """Reasons against the files: what was exported, the pages beside the model's folder."""
    expected = {}
    for file in exported_files(exported):
        path = file.relative_to(exported).as_posix()
        expected[path if path.endswith(".html") else f"model/{path}"] = file
    found = set(listed(client, run.info.run_id))
    if found != expected.keys():
        return [f"the files are {sorted(found)}, not {sorted(expected)}"]
    there = Path(client.download_artifacts(run.info.run_id, "", folder))
    return [
        f"{path} has other bytes"
        for path, file in expected.items()
        if (there / path).read_bytes() != file.read_bytes()
    ]


def log_run(command, address):
    result = subprocess.run(
        [*command, "--set", f"mlflow.tracking-uri={address}"], stdout=subprocess.PIPE, text=True, check=True
    )
    if f"MLflow: {address}/#/experiments/" not in result.stdout:
        sys.exit(f"The command does not say where the run is logged:\n{result.stdout}")


def the_run(client):
    """The one run there is."""
    experiment = client.get_experiment_by_name("hone")
    if experiment is None:
        sys.exit("There is no experiment hone.")
    runs = client.search_runs([experiment.experiment_id])
    if len(runs) != 1:
        sys.exit(f"There are {len(runs)} runs, not 1.")
    return runs[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=2)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("exported", type=Path)
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    # An exception, so that the server is stopped too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    run_id, published = commits(arguments.workspace)
    trained = published["train", "all"]
    measured = [
        row
        for (step, _), commit in published.items()
        if step == "evaluate"
        for row in rows(arguments.workspace, commit, "run_metrics")
    ]
    log = rows(arguments.workspace, trained, "training_log")
    with tempfile.TemporaryDirectory() as temporary, serving(Path(temporary)) as address:
        client = MlflowClient(address)
        reasons = []
        for call in range(arguments.calls):
            log_run(arguments.command, address)
            run = the_run(client)
            reasons += check_run(run, run_id, measured, trained) + check_steps(client, run, log)
            if call == 0:
                client.set_terminated(run.info.run_id, "FAILED")
        if commits(arguments.workspace) != (run_id, published):
            reasons.append("logging published something")
        downloaded = Path(temporary) / "downloaded"
        downloaded.mkdir()
        reasons += check_files(client, run, arguments.exported, downloaded)
    for reason in reasons[:20]:
        print(reason, file=sys.stderr)
    if reasons:
        return 1
    print(
        f"mlflow: {len(run.data.params)} parameters, {len(run.data.metrics)} metrics equal to {TOLERANCE}, "
        f"{len(log)} steps, {len(exported_files(arguments.exported))} files; logged {arguments.calls} times, one run"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
