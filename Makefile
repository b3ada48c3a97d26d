PYTHON ?= python3
BIN    := .venv/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
DEMO   ?=

.PHONY: demo test lint screenshots demo-art docs site clean

demo: .venv/.demo
	$(BIN)/kiosk demo --screenshot demo.png $(DEMO)

test: .venv/.test
	$(BIN)/ruff check kiosk export tests benchmarks assets examples
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: .venv/.test
	$(BIN)/ruff check kiosk export tests benchmarks assets examples
	$(BIN)/ruff format --check kiosk export tests benchmarks assets examples
	$(BIN)/mypy
	$(BIN)/python -m tests.gui.qml_lint

screenshots: .venv/.demo
	$(BIN)/python -m assets.screenshots

docs: .venv/.test
	$(BIN)/python -m tests.docs.generated

site: .venv/.test
	$(BIN)/mkdocs build --quiet --site-dir build/site

demo-art: .venv/.demo
	$(BIN)/python -m assets.demo.build

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.demo: .venv/bin/python pyproject.toml
	$(PIP) -e ".[labels]"
	touch $@

# torch first and alone: a bare requirement would bring gigabytes of CUDA packages.
# Uncompiled: the tests never import most modules of what is installed.
.venv/.test: .venv/bin/python pyproject.toml
	$(PIP) --no-compile "torch==2.13.0" "torchvision==0.28.*"
	$(PIP) --no-compile -e ".[export,labels,openvino,postgres,serve,test]"
	touch $@

clean:
	rm -rf .venv build dist demo.png
