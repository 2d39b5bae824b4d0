#!/bin/sh
# Makes .venv: a virtual environment with the hash-locked dependencies and this package, installed in place.
# `dev.sh run` installs the dependencies of the program, `dev.sh` those of developers too; a file in .venv marks each.
# Needs Python 3.11 or newer, nothing else. PYTHON=... selects the interpreter.
set -eu

case ${1:-dev} in
    run) lock=requirements-run.lock marks=.run ;;
    dev) lock=requirements.lock marks=".run .ready" ;;
    *) echo "usage: dev.sh [run]" >&2; exit 2 ;;
esac

say() { printf 'setup: %s\n' "$1"; }
stop() { printf 'setup: %s\n' "$1" >&2; [ -z "${2:-}" ] || printf '  hint: %s\n' "$2" >&2; exit 1; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
has_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

find_python() {
    for name in ${PYTHON:-} python3 python3.11 python3.12 python3.13 python3.14; do
        if new_enough "$name" && has_venv "$name"; then echo "$name"; return; fi
    done
    # Debian ships Python without ensurepip: report that below instead of failing inside venv.
    for name in ${PYTHON:-} python3 python3.11 python3.12 python3.13 python3.14; do
        if new_enough "$name"; then echo "$name"; return; fi
    done
}

python=$(find_python)
[ -n "$python" ] || stop "no Python 3.11 or newer found" "install it, or name it: make dev PYTHON=/path/to/python3.11"

if ! has_venv "$python"; then
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "installing $package, which $python lacks"
        { apt-get update && apt-get install -y --no-install-recommends "$package"; } >/dev/null 2>&1 ||
            stop "$package could not be installed" "run: apt-get install $package"
    else
        stop "$python has no module venv or ensurepip" "install it (Debian, Ubuntu: apt-get install $package), then run make again"
    fi
fi

if ! new_enough .venv/bin/python; then
    say "virtual environment .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi

pip() { .venv/bin/python -m pip "$@" --quiet --disable-pip-version-check --no-input; }

say "dependencies from $lock (the first time this takes a while)"
# The lock is complete: with dependencies resolved anew, old pips refuse it once one of them has a newer release.
pip install --require-hashes --no-deps -r "$lock"
pip install --no-deps --no-build-isolation -e .
for mark in $marks; do : > ".venv/$mark"; done
say "done"
