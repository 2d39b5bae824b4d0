#!/bin/sh
# Resolves the dependencies into two locks: requirements.lock has all of them, requirements-run.lock those of the program,
# its sandbox and its build. Versions stay unless pyproject.toml excludes them; UPGRADE=1 takes the newest.
set -eu
cd "$(dirname "$0")/.."

compile() {
    .venv/bin/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --all-extras \
        --no-header --no-emit-index-url --no-emit-find-links pyproject.toml "$@"
}

compile --group dev ${UPGRADE:+--upgrade} -o requirements.lock
compile --group build --constraint requirements.lock --no-annotate ${UPGRADE:+--upgrade} -o requirements-run.lock
