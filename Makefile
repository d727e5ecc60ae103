# The verbs of the project. `make run` is all a user needs; CI runs `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run setup model build test lint types format bench bench-search bench-speed bench-peers bench-reading bench-compare bench-page clean

run: build
	$(BIN)/python ui.py

build: setup
	$(BIN)/python ingest.py build

setup: model

model: .venv/ready
	$(BIN)/python -m kb model

.venv/ready: requirements.lock pyproject.toml
	@echo "正在建立 Python 环境并安装依赖（首次约 1 GB，需几分钟）……"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements.lock
	$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	touch .venv/ready

test: setup lint types
	$(BIN)/python -m pytest -n 2

lint: .venv/ready
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

types: .venv/ready
	$(BIN)/python -m mypy

format: .venv/ready
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

bench: bench-search bench-compare bench-reading bench-speed bench-page bench-peers

bench-search bench-compare bench-reading bench-speed bench-page bench-peers: .venv/ready
	$(BIN)/python -m bench.$(subst bench-,,$@)

clean:
	rm -rf data .venv
