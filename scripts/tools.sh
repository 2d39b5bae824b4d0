#!/bin/sh
# Fetches third-party programs that some tests use, where possible: an old pip and npm packages into .tools/, and as
# root Debian packages. All are optional: each missing one is reported in a line, and its tests skip with a reason.
set -u

say() { printf 'tools: %s\n' "$1"; }
have() { command -v "$1" >/dev/null 2>&1; }

wanted=""
for program in rsync ruby-gitlab chromium; do   # each is a package of the same name
    have "$program" || wanted="$wanted $program"
done
if [ -n "$wanted" ] && [ ! -e .tools/.debian ]; then
    if [ "$(id -u)" = 0 ] && have apt-get; then
        say "Debian packages:$wanted"
        timeout 120 apt-get update >/dev/null 2>&1
        for package in $wanted; do
            DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y --no-install-recommends "$package" >/dev/null 2>&1 ||
                say "$package could not be installed; its tests will skip"
        done
        mkdir -p .tools && : > .tools/.debian   # one attempt: another one takes half a minute
    else
        say "not here and not installable without root:$wanted; their tests will skip"
    fi
fi

if ! ls .tools/pip/pip-*.whl >/dev/null 2>&1; then
    say "an old pip of tests/tools into .tools (once)"
    .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-input --no-deps --only-binary :all: \
        --require-hashes -r tests/tools/pip.txt -d .tools/pip >/dev/null 2>&1 ||
        say "it could not be fetched; its tests will skip"
fi

want=tests/tools/package-lock.json
same() { [ -e .tools/package-lock.json ] && cmp -s "$want" .tools/package-lock.json; }
if same && [ -e .tools/.npm ]; then exit 0; fi
if ! have npm; then say "no npm: the tests with gitlab-ci-local and other npm clients will skip"; exit 0; fi
if same && [ -s .tools/npm.log ] && [ -z "${RETRY:-}" ]; then
    say "npm packages are missing since an earlier try failed; their tests will skip (again: make tools RETRY=1)"
    exit 0
fi
say "npm packages of tests/tools into .tools (once)"
mkdir -p .tools
rm -f .tools/.npm
cp tests/tools/package.json "$want" .tools/
if npm ci --prefix .tools --no-audit --no-fund --ignore-scripts --fetch-retries=1 >/dev/null 2>.tools/npm.log; then
    : > .tools/.npm
else
    say "npm could not fetch them; their tests will skip (the reason is in .tools/npm.log)"
fi
exit 0
