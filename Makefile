# Three commands: make demo, make test, make check. They need Python 3.11, git and make; the rest they fetch.
PYTHON ?= python3
BIN := .venv/bin
SERVE ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test check bench screenshots landed
.DELETE_ON_ERROR:

# Lives the demo's story from nothing, then serves it; SERVE=0 stops after the closing table.
demo: .venv/run.stamp
	$(BIN)/python -m sangyu demo $(if $(filter 0,$(SERVE)),--no-serve)

# Every test: unit, property, browser, PostgreSQL 15. None is skipped; where no PostgreSQL 15 can be had, it says so.
test: .venv/dev.stamp
	SANGYU_CHROMIUM="$$(sh scripts/browser.sh)" && export SANGYU_CHROMIUM && \
	SANGYU_PG15="$$(sh scripts/postgresql15.sh)" && export SANGYU_PG15 && $(BIN)/python -m pytest -n 2

# Style, types, floors, and the tests that are quick (migrations are among them).
check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy sangyu
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -n 2 -m "not browser and not slow"

# Speed beside baselines, at full size: half an hour or so. One part of it: .venv/bin/sangyu bench fold
bench: .venv/dev.stamp
	$(BIN)/python -m sangyu bench --json

# The pictures of README and docs, from the demo's data.
screenshots: .venv/dev.stamp
	$(BIN)/python -m sangyu demo --no-serve
	SANGYU_CHROMIUM="$$(sh scripts/browser.sh)" && export SANGYU_CHROMIUM && $(BIN)/python -m scripts.screenshots

# Keeps the demo's database as a commit makes it, for the upgrade test: make landed COMMIT=905f05e
landed: .venv/dev.stamp
	$(BIN)/python -m scripts.keep_landed $(COMMIT)

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或更新的版本；可用 make PYTHON=python3.11 指定") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements/run.txt pyproject.toml | .venv/bin/python
	@echo "正在安装所需的软件包，第一次约需一两分钟 …"
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --no-deps -e .
	touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@echo "正在安装测试用的软件包 …"
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	touch $@
