# Every command of the README. One Python minor version for tests, emulator and template alike.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.SHELLFLAGS := -eu -c
export PYTHONDONTWRITEBYTECODE := 1
export SAM_CLI_TELEMETRY := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONPATH := $(CURDIR)/layers/shared
unexport MAKEFLAGS

INTERPRETER := $(shell PYTHON="$(PYTHON)" sh local/choose_python.sh)
MINOR := $(shell $(INTERPRETER) -c 'import sys; print("3.%d" % sys.version_info[1])' 2>/dev/null)
UV := .local/tools/bin/uv
ENVIRONMENTS := .local/environments
# The chosen interpreter first: `sam build` looks for python$(MINOR) by name, and the layers' Makefiles for uv.
TOOL_PATH = $(dir $(INTERPRETER)):$(CURDIR)/.local/tools/bin:$$PATH
RUN = .venv/bin/python

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z_-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 14

$(UV):
	@test -n "$(INTERPRETER)"
	@echo "Python $(MINOR) from $(INTERPRETER)"
	@$(INTERPRETER) -m venv .local/tools
	@.local/tools/bin/python -m pip install --quiet --require-hashes -r requirements/uv.txt

define environment
	@echo "installing $(1)"
	@$(UV) venv --quiet --clear --python $(INTERPRETER) $(2)
	@VIRTUAL_ENV=$(CURDIR)/$(2) $(UV) pip install --quiet --require-hashes -r requirements/$(3).txt
	@touch $(2)/.installed-$(MINOR)
endef

.venv/.installed-$(MINOR): requirements/tests.txt | $(UV)
	$(call environment,the tests and tools,.venv,tests)
$(ENVIRONMENTS)/emulator/.installed-$(MINOR): requirements/emulator.txt | $(UV)
	$(call environment,the AWS emulator,$(ENVIRONMENTS)/emulator,emulator)
$(ENVIRONMENTS)/sam/.installed-$(MINOR): requirements/sam.txt | $(UV)
	$(call environment,the SAM CLI,$(ENVIRONMENTS)/sam,sam)
$(ENVIRONMENTS)/checkov/.installed-$(MINOR): requirements/checkov.txt | $(UV)
	$(call environment,checkov,$(ENVIRONMENTS)/checkov,checkov)

STACK_TOOLS := .venv/.installed-$(MINOR) $(ENVIRONMENTS)/emulator/.installed-$(MINOR) $(ENVIRONMENTS)/sam/.installed-$(MINOR)

.PHONY: install
install: $(STACK_TOOLS) ## create .venv and what the tests and the local stack need
	@echo "Python $(MINOR) from $(INTERPRETER)"

.PHONY: build
build: $(STACK_TOOLS) ## sam build, for this machine
	@PATH="$(TOOL_PATH)" $(RUN) -m local build

.PHONY: run
run: $(STACK_TOOLS) ## play a sample day from signed webhook to Klaviyo and HubSpot, check it, stop
	@echo "Python $(MINOR) from $(INTERPRETER)"
	@PATH="$(TOOL_PATH)" $(RUN) -m local run

.PHONY: up
up: $(STACK_TOOLS) ## start the local stack and leave it running, empty [VENDORS=path.json]
	@echo "Python $(MINOR) from $(INTERPRETER)"
	@PATH="$(TOOL_PATH)" $(RUN) -m local up $(if $(VENDORS),--vendors "$(VENDORS)")

.PHONY: down
down: ## stop what `make up` started
	@if [ -x $(RUN) ]; then $(RUN) -m local down; fi

.PHONY: wait
wait: ## return 0 when all queues and due rows are empty [timeout=120]
	@$(RUN) -m local wait --timeout $(or $(timeout),120)

.PHONY: invoke
invoke: $(STACK_TOOLS) ## one function, one sample event, apart from any stack: make invoke f=<function> e=events/<function>/<file>.json
	@PATH="$(TOOL_PATH)" $(RUN) -m local invoke "$(f)" "$(e)"

.PHONY: operate
operate: .venv/.installed-$(MINOR) ## a command to operations of the stack that is up: make operate c='{"command": "status"}'
	@$(RUN) -m local operate '$(c)'

.PHONY: test
test: $(STACK_TOOLS) ## every test, end to end included
	@PATH="$(TOOL_PATH)" $(RUN) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore tests/end_to_end
	@PATH="$(TOOL_PATH)" $(RUN) -m pytest tests/end_to_end

.PHONY: check
check: $(STACK_TOOLS) $(ENVIRONMENTS)/checkov/.installed-$(MINOR) ## the whole gate: format, lint, types, template, security, tests
	@echo "== format and lint"; .venv/bin/ruff format --check . && .venv/bin/ruff check .
	@echo "== types"; .venv/bin/mypy
	@echo "== template"; $(RUN) -m local translate build/translated.json
	@.venv/bin/cfn-lint --format pretty build/translated.json
	@echo "== security"; $(ENVIRONMENTS)/checkov/bin/checkov --skip-download --quiet --compact --framework cloudformation --config-file .checkov.yaml --file build/translated.json
	@echo "== tests"; $(MAKE) --no-print-directory test

.PHONY: soak
soak: $(STACK_TOOLS) ## the slow, deep runs
	@PATH="$(TOOL_PATH)" $(RUN) -m pytest -m soak --override-ini "addopts=--import-mode=importlib --strict-markers -ra"

.PHONY: bench
bench: $(STACK_TOOLS) ## the benchmarks, as ratios in one run; writes build/bench.json
	@PATH="$(TOOL_PATH)" $(RUN) -m local.bench

.PHONY: format
format: .venv/.installed-$(MINOR) ## format and mend what the linter can
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

.PHONY: lock
lock: $(UV) ## resolve every environment's pins anew
	@PATH="$(TOOL_PATH)" sh local/lock.sh

.PHONY: samples
samples: .venv/.installed-$(MINOR) ## write events/, docs/schemas/ and hubspot-app/ anew
	@$(RUN) -m local.samples && $(RUN) -m local.schemas && $(RUN) -m local.hubspot_app
