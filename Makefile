# Two commands do everything: `make run` opens the program, `make test` checks it.
# PYTHON chooses the interpreter (3.11 to 3.13), PHOTOS a folder to import first.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PHOTOS ?=
SOURCES := pyproject.toml NOTICE $(shell find facetagger resources -type f -not -path '*/__pycache__/*')

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check screenshots binary clean

run: $(VENV)/installed
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		exec $(BIN)/facetagger open $(if $(PHOTOS),"$(PHOTOS)"); \
	else \
		echo "There is no display, so the sample album goes the same way on the command line."; \
		exec $(BIN)/facetagger demo; \
	fi

test: $(VENV)/installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else \
		"facetagger needs Python 3.11 to 3.13, and $(PYTHON) is %d.%d: make PYTHON=python3.12" % v)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python $(SOURCES)
	$(BIN)/python -m pip install --quiet .
	@touch $@

$(VENV)/installed-test: $(VENV)/bin/python $(SOURCES)
	$(BIN)/python -m pip install --quiet '.[test]'
	@touch $@ $(VENV)/installed

# Pictures of the window on the sample album, for the README.
screenshots: $(VENV)/installed-test
	QT_QPA_PLATFORM=offscreen $(BIN)/python packaging/screenshots.py

# A one-folder program in dist/facetagger.
binary: $(VENV)/installed
	$(BIN)/python -m pip install --quiet 'pyinstaller>=6.10'
	$(BIN)/pyinstaller --noconfirm facetagger.spec

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
