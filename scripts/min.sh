#!/bin/sh
# Runs the tests in a throw-away environment with the oldest dependencies that pyproject.toml allows.
set -eu
command -v uv >/dev/null 2>&1 || { echo "min: uv is needed to resolve the oldest versions" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo "min: oldest direct dependencies"
uv venv --quiet "$folder/venv"
uv pip compile --quiet --resolution lowest-direct --python-version 3.11 --universal pyproject.toml -o "$folder/oldest.txt"
uv export --quiet --only-group dev --no-hashes --frozen >/dev/null 2>&1 || true
grep -E '^[a-z]' requirements.lock | sed 's/ \\$//' > "$folder/newest.txt"
uv pip install --quiet --python "$folder/venv/bin/python" -r "$folder/oldest.txt"
uv pip install --quiet --python "$folder/venv/bin/python" --group dev --constraint "$folder/oldest.txt"
uv pip install --quiet --python "$folder/venv/bin/python" --no-deps --no-build-isolation -e .
"$folder/venv/bin/python" -m pytest -n auto
