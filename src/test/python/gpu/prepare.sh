#!/usr/bin/env bash
# Writes what check.py needs on a machine with a GPU, 59 MB: prepare.sh ROOT MINILM TEXTS
#
# ROOT is a new folder, MINILM a folder of all-MiniLM-L6-v2 (./submit.sh demo leaves one in ~/.cache/hone), TEXTS a
# corpus.jsonl such as SciFact's. The checkout must be built, and install.sh must have been run.
set -euo pipefail

(($# == 3)) || { echo "usage: prepare.sh ROOT MINILM TEXTS" >&2; exit 2; }
root=$1 minilm=$2 texts=$3
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." && pwd)
python=${HONE_PYTHON_CACHE:-$HOME/.cache/hone-python}/sentence-transformers-6/bin/python
target=$checkout/target

"$python" "$checkout/src/test/python/gpu/make.py" models "$root" --minilm "$minilm" --texts "$texts"
java -cp "$target/test-classes:$target/classes:$target/lib/*:$target/spark/jars/*" dev.hone.cli.WriteArchives "$root"
"$python" "$checkout/src/test/python/gpu/make.py" thin "$root"
du -sh "$root"
