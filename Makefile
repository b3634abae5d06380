# One command each: set up and run, test, lint, bench. Only python3 (3.11 to 3.13) and make are needed.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
UV_VERSION := 0.13.9
LOCAL = $(BIN)/python -m conduct_records.local

export Q

.PHONY: $(shell sed -nE 's/^([a-z0-9-]+):.*##.*/\1/p' Makefile)
.DEFAULT_GOAL := help

help: ## Show what there is.
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  \1\t\2/' | expand -t 16

setup: $(STAMP) ## Make .venv from the lock; does nothing when the lock has not changed.

$(STAMP): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "Python 3.11 to 3.13 is needed: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@echo "Installing into .venv (once for each lock)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip install -q --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.txt
	@printf '%s\n' "$(CURDIR)/plugins" "$(CURDIR)" \
	  > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/conduct_records.pth"
	@printf '#!%s\nimport sys\n\nfrom conduct_records.cli.main import main\n\nsys.exit(main())\n' \
	  "$(CURDIR)/$(BIN)/python" > $(BIN)/conduct-records
	@chmod +x $(BIN)/conduct-records
	@touch $@

run: $(STAMP) ## Run every flow over the sample dates, print a summary, end.
	@$(LOCAL) run

up: $(STAMP) ## Start Airflow, simulator and warehouse, and leave them running.
	@$(LOCAL) up

down: $(STAMP) ## End what `make up` started.
	@$(LOCAL) down

test: $(STAMP) ## [WORKERS=2]: run the test suite; a file's tests stay together, the long ones come first.
	@$(BIN)/python -m pytest -n $(or $(WORKERS),2) --dist loadfile --no-loadscope-reorder

test-warehouse: $(STAMP) ## URL=postgresql://...: SQL and property tests on a running server, a Citus coordinator for one.
	@test -n "$(URL)" || { echo "usage: make test-warehouse URL=postgresql://postgres@coordinator/postgres"; exit 2; }
	@TEST_WAREHOUSE_URL="$(URL)" $(BIN)/python -m pytest tests/sql

lint: $(STAMP) ## Check Python, types, SQL and YAML.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint -q --processes 2 include/sql
	@$(BIN)/yamllint -s .

kill-matrix: $(STAMP) ## [SEEDS=3]: kill every task at every named point, compare, write docs/kill-matrix.md.
	@$(BIN)/python -m tests.faults $(or $(SEEDS),3)

airflow-faults: $(STAMP) ## [SEED=1]: the sample dates through Airflow while its tasks and schedulers are killed.
	@$(BIN)/python -m tests.faults.through_airflow $(or $(SEED),1)

histories: $(STAMP) ## [N=50000]: play so many random histories against the fold.
	@HISTORIES=$(or $(N),50000) $(BIN)/python -m pytest -q -s tests/sql/test_histories.py

bench: $(STAMP) ## [ONLY="name ..."]: measure; fails above its bounds.
	@$(BIN)/python -m bench $(ONLY)

soak: $(STAMP) ## [DAYS=60]: so many data dates through Airflow; memory and connections must stay flat.
	@DAYS=$(or $(DAYS),60) SEEDS=1 $(BIN)/python -m bench backfills

dictionary: $(STAMP) ## Write docs/dictionary.md from include/schemas/marts.yaml.
	@$(BIN)/python -m conduct_records.contracts.dictionary > docs/dictionary.md

bi-bundle: $(STAMP) ## Write bi/superset, the import bundle, from bi/superset.yaml; bi/superset.zip is what Superset takes.
	@$(BIN)/python bi/make_bundle.py
	@$(BIN)/python bi/make_bundle.py bi/superset.zip

e2e-bi: $(STAMP) ## Superset from PyPI imports the bundle and renders every chart of the sample run (after make run).
	@$(BIN)/python tests/e2e/superset_bundle.py local .local/superset .local/superset.png

e2e-sign-off: $(STAMP) ## The sign-off of the provincial reports in a running Airflow: approved, rejected, unanswered.
	@$(BIN)/python -m tests.e2e.sign_off

golden: $(STAMP) ## Write the mart row counts of the sample story again.
	@GOLDEN=write $(BIN)/python -m pytest tests/e2e/test_story.py -k notices_cases

test-browser: $(STAMP) ## The portal in a real browser; needs a Chromium on the path, or CHROMIUM=/its/path.
	@$(BIN)/python -c 'from tests.browser.chromium import binary; raise SystemExit(0 if binary() else "needs a Chromium: install one, or set CHROMIUM=/its/path")'
	@$(BIN)/python -m pytest tests/browser/portal.py

share-soak: $(STAMP) ## [DAYS=200] [SEED=n]: sharing with every fault on and senders killed; every store is compared at the end.
	@$(BIN)/python -m tests.soak_sharing $(or $(DAYS),200) $(SEED)

backfill: $(STAMP) ## FROM=2019-01-28 TO=2019-02-02 [REVERSE=1]: bring a range of data dates in again.
	@test -n "$(FROM)" -a -n "$(TO)" || { echo "usage: make backfill FROM=2019-01-28 TO=2019-02-02 [REVERSE=1]"; exit 2; }
	@$(LOCAL) backfill $(FROM) $(TO) $(if $(filter 1,$(REVERSE)),--reverse)

backup: $(STAMP) ## TO=folder: back the warehouse and its folders up (not the secrets).
	@test -n "$(TO)" || { echo "usage: make backup TO=folder"; exit 2; }
	@$(BIN)/conduct-records backup "$(TO)"

restore: $(STAMP) ## FROM=folder: put a backup into an empty warehouse.
	@test -n "$(FROM)" || { echo "usage: make restore FROM=folder"; exit 2; }
	@$(BIN)/conduct-records restore "$(FROM)"

psql: $(STAMP) ## Open the warehouse in psql.
	@$(LOCAL) psql

sql: $(STAMP) ## Q='select ...': run one statement, values only (use make -s sql).
	@test -n "$$Q" || { echo "usage: make -s sql Q='select ...'"; exit 2; }
	@$(LOCAL) sql

leaks: $(STAMP) ## Search all that runs have left for personal ids, telephones and names; fails when it finds any.
	@$(LOCAL) leaks

clean-state: $(STAMP) ## End everything and remove warehouse, files and logs; keep the generated secrets.
	@$(LOCAL) clean

clean-all: $(STAMP) ## As clean-state, and remove the generated secrets: record keys of natural persons change.
	@$(LOCAL) clean --secrets
