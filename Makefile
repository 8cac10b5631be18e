# Each target installs what it needs. You need git, make and Python 3.11 or later.
# make demo PORT=8001 uses another port, make demo PYTHON=python3.12 another Python.
# make demo DEMO=seed loads only real statements, without the invented island.

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-input --require-hashes
CONTRACT := tests/contract/openapi.yaml
SCHEMA := $(BIN)/python manage.py spectacular --validate --fail-on-warn --file
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url \
	--no-emit-find-links --generate-hashes --custom-compile-command "make lock"
TEST := $(or $(MUSTER_DATA),.muster)/test
export PIP_ROOT_USER_ACTION := ignore

.PHONY: demo test hostile lint schema fingerprints messages pictures lock clean

demo: .venv/demo  ## run everything on this machine, until Ctrl-C
	@MUSTER_HTTPS=off exec $(BIN)/python manage.py demo

test: .venv/test  ## run all tests
	@exec $(BIN)/python -m pytest -n auto

hostile: .venv/test  ## send many more random and hostile requests than `make test` does
	@MUSTER_EXAMPLES=100 MUSTER_SEEDS=1,2,3,4,5 exec $(BIN)/python -m pytest -n auto \
		tests/contract/test_schemathesis.py tests/contract/test_docs_browser.py \
		tests/curation/test_admin_hostile.py tests/curation/test_row_uniqueness.py

lint: .venv/test  ## check style, types, migrations, settings and the API description
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy .
	@MUSTER_DATA="$(TEST)" $(BIN)/python manage.py postgres start
	MUSTER_DATA="$(TEST)" $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(SCHEMA) .venv/openapi.yaml
	@diff -u $(CONTRACT) .venv/openapi.yaml || { \
		echo "The API differs from $(CONTRACT). To accept the changes, run: make schema"; exit 1; }

schema: .venv/test  ## write the OpenAPI description that the tests check the API against
	WRITE_EXAMPLES=1 $(BIN)/python -m pytest -n 0 -q tests/contract/test_examples.py -k answers
	$(SCHEMA) $(CONTRACT)

fingerprints: .venv/test  ## record how each migration changes the tables; run after changing one
	@MUSTER_DATA="$(TEST)" $(BIN)/python manage.py postgres start
	@MUSTER_DATA="$(TEST)" $(BIN)/python manage.py fingerprints

messages: .venv/test  ## write the texts of the site into the catalogues of its languages
	@DJANGO_SETTINGS_MODULE=config.settings $(BIN)/python -m tests.messages

pictures: .venv/test  ## take the pictures of the README of a demo that runs on PORT, with Chromium
	@$(BIN)/python -m tests.pictures http://localhost:$(or $(PORT),8000)

lock: .venv/made  ## lock the versions of all packages; run after changing pyproject.toml
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --disable-pip-version-check uv
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	$(LOCK) pyproject.toml --extra mcp -c requirements.txt -o requirements-mcp.txt
	$(LOCK) pyproject.toml --group bench -c requirements.txt -o requirements-bench.txt

clean: .venv/demo  ## remove the tests' database and caches, but not the demo's data
	@! test -e "$(TEST)/postgres" || MUSTER_DATA="$(TEST)" $(BIN)/python manage.py postgres stop
	@! test -e "$(TEST)/postgres" || rm -rf "$$(readlink -f "$(TEST)/postgres")" "$(TEST)"
	rm -rf .mypy_cache .ruff_cache .hypothesis .muster/clients

.venv/demo: requirements.txt .venv/made
	@$(INSTALL) -r requirements.txt
	@touch $@

.venv/test: requirements-dev.txt .venv/made
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

.venv/made:
	@command -v $(PYTHON) >/dev/null || { \
		echo "$(PYTHON) is not installed. Install Python 3.11 or later, or run: make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$$($(PYTHON) --version) is too old. Use Python 3.11 or later: make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot create virtual environments. Try: apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@
