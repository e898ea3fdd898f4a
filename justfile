# One definition of every check: CI runs `just check` and nothing else.

set shell := ["bash", "-euo", "pipefail", "-c"]

python := ".venv/bin/python"

# Everything CI runs, in the order in which a mistake is cheapest to find.
check: format lint types imports spelling sync docs-check widget test

# Formatting only compares here; `just fix` rewrites.
format:
    .venv/bin/ruff format --check .

lint:
    .venv/bin/ruff check .

types:
    .venv/bin/basedpyright --warnings

imports:
    .venv/bin/lint-imports

spelling:
    .venv/bin/codespell

# The generated half of the SDK is what its generator makes.
sync:
    {{python}} sdk/python/tools/make_sync.py --check

docs-check:
    {{python}} docs/generate.py --check

# The widget comes with its own issue; until then there is no built file to compare.
widget:
    @test ! -e widget/package.json || (echo "compare the built widget here" && exit 1)

# On SQLite and a real PostgreSQL, in a real Chromium: the README's command.
test *arguments:
    python3 bootstrap.py test -q {{arguments}}

# Rewrite what can be rewritten.
fix:
    .venv/bin/ruff check --fix .
    .venv/bin/ruff format .
    {{python}} sdk/python/tools/make_sync.py

# Rewrite the reference pages that are made from the code.
docs:
    {{python}} docs/generate.py

serve:
    .venv/bin/harken-server serve

demo:
    .venv/bin/harken-server demo

# One measure, or all: `just bench submit --quick`.
bench *arguments:
    {{python}} -m bench {{arguments}}

# Pin what the tests passed with.
pin:
    {{python}} -m pip freeze --exclude-editable | grep -v ' @ ' | sort -f > requirements/constraints.txt
