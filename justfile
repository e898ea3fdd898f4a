# What people do in this repository. `just` lists it; `just check` is what CI runs.

python := ".venv/bin/python"
bin := ".venv/bin"
npm := "../.venv/bin/python with_node.py npm"

_default:
    @just --list

# Everything that must hold before a commit is shared
check: fmt-check lint types imports spell docs-check audit widget-check test

# Make .venv with everything for development
setup:
    python3 -m venv .venv
    {{bin}}/pip install --no-deps --require-hashes -r requirements/build.lock
    {{bin}}/pip install --no-deps --require-hashes --no-build-isolation -r requirements/dev.lock
    {{bin}}/pip install --no-deps --no-build-isolation -e . -e sdk/python

# Format all Python
fmt:
    {{bin}}/ruff format
    {{bin}}/ruff check --fix-only --quiet

fmt-check:
    {{bin}}/ruff format --check

lint:
    {{bin}}/ruff check

types:
    {{bin}}/basedpyright

# The rooms of the architecture: who may import whom
imports:
    {{bin}}/lint-imports

spell:
    {{bin}}/codespell bench docs examples sdk server tests README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md

# The generated reference pages and the synchronous SDK are up to date
docs-check:
    {{python}} docs/generate.py --check
    {{python}} sdk/python/tools/make_sync.py --check

# Write the generated reference pages
docs:
    {{python}} docs/generate.py

# Build the widget into the server package
widget:
    cd widget && {{npm}} ci --ignore-scripts && {{npm}} run build

# The widget's types hold, and the shipped files are what its sources give
widget-check:
    cd widget && {{npm}} ci --ignore-scripts && {{npm}} run types && {{npm}} run check

# Run tests, by the README's command: `just test tests/exports -k csv`
test *arguments:
    python3 bootstrap.py test -q {{arguments}}

# The tests on SQLite, without browsers and real processes
quick *arguments:
    python3 bootstrap.py test -q --tier quick {{arguments}}

# The tests with every case of their tables
nightly *arguments:
    python3 bootstrap.py test -q --tier nightly {{arguments}}

# Run a measure: `just bench submit --quick --json`
bench *arguments:
    {{python}} -m bench {{arguments}}

# Picture every page at every width, light and dark, into tests/screenshots/sheets: `just shots home`
shots *names:
    {{python}} tests/shots {{names}}

# Start a server with sample data
demo:
    {{bin}}/harken-server demo

# Pin what is installed, with the digests of its files: `just lock --upgrade` takes the newest
lock *arguments:
    {{python}} requirements/lock.py {{arguments}}

# Fail on a known vulnerability of what the locks pin; say so where that cannot be looked up
audit:
    {{python}} requirements/audit.py

# Build both distributions into dist, each with the list of what it runs with (CycloneDX)
build:
    {{bin}}/hatchling build -d dist
    cd sdk/python && ../../{{bin}}/hatchling build -d ../../dist
    {{python}} requirements/sbom.py dist
