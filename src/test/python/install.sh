#!/usr/bin/env bash
# Installs the locked Python environments that check Hone from outside, one per argument (all of them without one),
# into ${HONE_PYTHON_CACHE:-$HOME/.cache/hone-python}/NAME. Running it again changes nothing and takes a second.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${HONE_PYTHON_CACHE:-$HOME/.cache/hone-python}
all=(sentence-transformers-6 sentence-transformers-5 metrics mlflow browser notebooks)

# Without bytecode sentence-transformers starts in 25 to 45 seconds instead of 10.
unset PYTHONDONTWRITEBYTECODE
export UV_CACHE_DIR="$cache/uv-cache" UV_PYTHON_DOWNLOADS=never

# Behind a proxy with a certificate of its own, only the system's store knows it; uv and pip bring stores of theirs.
export UV_SYSTEM_CERTS=true
if [[ -z "${PIP_CERT:-}" && -r /etc/ssl/certs/ca-certificates.crt ]]; then
  export PIP_CERT=/etc/ssl/certs/ca-certificates.crt
fi

fail() {
  echo "install.sh: $*" >&2
  exit 1
}

# Prints the path of a Python 3.11 that can make virtual environments.
find_python() {
  local candidate
  for candidate in "${HONE_PYTHON:-}" python3.11 python3; do
    [[ -n "$candidate" ]] || continue
    "$candidate" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info[:2] != (3, 11)); ' 2>/dev/null || continue
    "$candidate" -c 'import sys; print(sys.executable)'
    return
  done
  fail "no Python 3.11 with venv and ensurepip found. On Debian: apt-get install python3.11 python3.11-venv;" \
    "elsewhere set HONE_PYTHON to one."
}

install_uv() {
  if [[ -x "$cache/uv/bin/uv" ]] && cmp -s "$here/uv-requirements.txt" "$cache/uv/installed.txt"; then
    return
  fi
  rm -rf "$cache/uv"
  "$python" -m venv "$cache/uv"
  "$cache/uv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$here/uv-requirements.txt"
  cp "$here/uv-requirements.txt" "$cache/uv/installed.txt"
}

# torch 2.13.0 links to CUDA libraries that a CPU never calls. Links to its own empty library satisfy the loader, and
# lazy binding keeps it from asking for their symbols (else: undefined symbol: cuptiFinalize). The names are 2.13.0's.
complete_torch() {
  local site=$1/lib/python3.11/site-packages library
  [[ -d "$site/torch/lib" ]] || return 0
  for library in libcublas.so.13 libcublasLt.so.13 libcudnn.so.9 libcufft.so.12 libcufile.so.0 libcupti.so.13 \
    libcurand.so.10 libcusparse.so.12 libcusparseLt.so.0 libnccl.so.2 libnvrtc.so.13 libnvshmem_host.so.3; do
    ln -sfn libtorch_global_deps.so "$site/torch/lib/$library"
  done
  echo 'import sys; sys.setdlopenflags(1)' >"$site/hone_torch.pth"
}

# install_environment NAME
install_environment() {
  local name=$1 started=$SECONDS
  [[ -f "$here/$name/uv.lock" ]] || fail "no environment '$name'; there are: ${all[*]}"
  UV_PROJECT_ENVIRONMENT="$cache/$name" "$cache/uv/bin/uv" sync -q --frozen --project "$here/$name" --python "$python"
  complete_torch "$cache/$name"
  echo "$name: $cache/$name, $((SECONDS - started)) s"
}

mkdir -p "$cache"
exec 9>"$cache/install.lock"
flock 9
python=$(find_python)
install_uv
(($#)) || set -- "${all[@]}"
for name in "$@"; do
  install_environment "$name"
done
