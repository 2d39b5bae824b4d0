#!/bin/sh
# Runs the tests in a throw-away environment with the oldest dependencies that pyproject.toml allows.
set -eu
uv() { .venv/bin/uv "$@"; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo "min: the oldest dependencies"
uv venv --quiet --python .venv/bin/python "$folder/venv"
uv pip compile --quiet --all-extras --resolution lowest-direct --no-header --no-emit-find-links \
    pyproject.toml -o "$folder/oldest.txt"
uv pip install --quiet --python "$folder/venv/bin/python" --group test --constraint "$folder/oldest.txt" -r "$folder/oldest.txt"
uv pip install --quiet --python "$folder/venv/bin/python" --no-deps --no-build-isolation -e .
echo "min: pytest"
"$folder/venv/bin/python" -m pytest -n auto "$@"
