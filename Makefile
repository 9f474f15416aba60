# `make demo` and `make test` are all that a fresh machine needs; Windows: see "Without make" in the README.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint lock lowest newest audit dictionary certifications sources pictures clean
TESTS ?= tests

demo: .venv/.installed
	$(BIN)/itpm-trends demo

test: .venv/.installed
	$(BIN)/python -m pytest -q -n auto --dist loadfile

lint: .venv/.installed
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

# The data dictionary in docs/, printed from the contracts in tables.py.
dictionary: .venv/.installed
	$(BIN)/python docs/data_dictionary.py

# The table of certifications in docs/, printed from the vocabulary.
certifications: .venv/.installed
	$(BIN)/python docs/certifications.py

# The table of sources in docs/, printed from their declarations.
sources: .venv/.installed
	$(BIN)/python docs/sources.py

# The pictures of README, gallery and the page for advisors, drawn from the demo; needs a Chromium on the path.
pictures: demo
	$(BIN)/python docs/pictures.py demo
	$(BIN)/python docs/gallery.py demo

# Our versions, for every system and Python that we support, with the hash of every file.
lock:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url -q -o requirements.lock

# The tests at either end of the ranges in pyproject.toml, in an environment of their own: make lowest TESTS=tests/reading
lowest newest:
	@at=$$(mktemp -d) && uv venv -q --python "$(PYTHON)" $$at && \
	uv pip install -q --python $$at/bin/python --resolution $(if $(filter lowest,$@),lowest-direct,highest) \
		--group dev -e . && $$at/bin/python -m pytest -q -n auto --dist loadfile $(TESTS) ; \
	code=$$? ; rm -rf $$at ; exit $$code

# Known holes in what is locked; --strict: a package that the service of PyPI does not answer for is a failure.
audit:
	uvx pip-audit --strict --disable-pip --require-hashes -r requirements.lock

# uv where it is installed, otherwise venv and pip; the stamp is written last, so a broken installation is made anew.
.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "itpm-trends needs Python 3.11 or newer: make PYTHON=/path/to/python3.12"; exit 1; }
	@if command -v uv >/dev/null 2>&1; then \
		uv venv -q --clear --python "$(PYTHON)" .venv && \
		uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock && \
		uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
		"$(PYTHON)" -m venv --clear .venv && \
		$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $@

clean:
	rm -rf .venv demo reports dist
