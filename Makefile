# Every task of the house; continuous integration calls only these.
# minutes long; `make soak` runs them, on every store
SLOW := tests/collector/test_copies.py tests/collector/test_repeats.py

.PHONY: install demo docs check test test-collector test-tracer measured coverage mutation bench soak clean

install: .venv/installed-all          ## the program with everything
demo: install                         ## real traced calls, a dataset, an evaluation, in the dashboard
	.venv/bin/tracer demo

docs: .venv/installed-test            ## these pages as a site in build/site; a broken link fails
	NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build  # quiet, it would not count warnings

check: .venv/installed-test docs      ## lint, types, layers, links
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/pytest -q tests/guards

test: .venv/installed-test            ## the whole suite, browser included; then the oldest openai
	$(MAKE) measured
	TRACER_TEST_CHROMIUM="$$(scripts/find-chromium)" $(TRIED) tests --ignore tests/guards --ignore tests/collector --ignore tests/tracer
	scripts/test-oldest-openai

# one core each; browsers wait until both are idle
RUN := .venv/bin/pytest
TRIED = TMPDIR="$$(scripts/quick-folder)" $(RUN) -q --timeout 300 --reruns 1 -rfER
test-collector: .venv/installed-test
	$(TRIED) tests/collector $(SLOW:%=--ignore=%)
test-tracer: .venv/installed-test
	$(TRIED) tests/tracer

# per cent of lines and branches that tests have to reach: what was measured, rounded down, less one
COVERED_TRACER := 96
COVERED_COLLECTOR := 92
measured: export COVERAGE_FILE := $(CURDIR)/.coverage
measured: .venv/installed-test
	.venv/bin/coverage erase
	$(MAKE) --jobs 2 --output-sync=target test-collector test-tracer RUN=".venv/bin/coverage run -m pytest"
	.venv/bin/coverage combine -q
	.venv/bin/coverage report --include "tracer/*" --fail-under $(COVERED_TRACER) $(REPORT)
	.venv/bin/coverage report --include "collector/*" --fail-under $(COVERED_COLLECTOR) $(REPORT)

REPORT := --format total
coverage:                             ## which branches of tracer and collector their own tests miss, slow ones too
	$(MAKE) measured SLOW= REPORT= COVERED_COLLECTOR=95

mutation: .venv/installed-test        ## changes of the statistics, the queue and the spool that no test notices
	.venv/bin/python scripts/mutation

bench: .venv/installed-test           ## ratios side by side in one run; PEERS="all", or some of them
	PEERS="$(PEERS)" .venv/bin/python -m benchmarks

soak: .venv/installed-test            ## the slow proofs; all storage tests on chDB, server and cluster
	.venv/bin/pytest -q tests/soak
	TRACER_TEST_STORES=chdb,server,cluster .venv/bin/pytest -q tests/collector

.venv/installed-all: pyproject.toml constraints.txt scripts/make-venv
	scripts/make-venv all
.venv/installed-test: pyproject.toml constraints.txt scripts/make-venv
	scripts/make-venv test

clean:
	rm -rf .venv build dist
