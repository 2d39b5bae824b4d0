#!/bin/sh
# Runs the tests in a throw-away environment with the oldest dependencies that pyproject.toml allows.
set -eu
command -v uv >/dev/null 2>&1 || { echo "min: uv is needed to resolve the oldest versions" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo "min: the oldest dependencies"
uv venv --quiet --python 3.11 "$folder/venv"
uv pip compile --quiet --resolution lowest-direct --python-version 3.11 --no-header --no-emit-find-links \
    pyproject.toml -o "$folder/oldest.txt"
uv pip install --quiet --python "$folder/venv/bin/python" --group test --constraint "$folder/oldest.txt" -r "$folder/oldest.txt"
uv pip install --quiet --python "$folder/venv/bin/python" --no-deps --no-build-isolation -e .
echo "min: pytest"
"$folder/venv/bin/python" -m pytest -n auto "$@"
