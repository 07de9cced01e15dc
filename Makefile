# Everything that is built lands in .build/, which may be deleted at any time.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
# The oldest ansible-core that is supported and the newest; any that has a file in tests/requirements will do.
ANSIBLE_VERSIONS ?= 2.16 2.19
LATEST := 2.19
# pyenv has a shim for every Python it keeps, in use or not: the real ones come first.
PYTHONS := $(subst $() ,:,$(wildcard $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/*/bin))
FLOOR_PYTHON ?= $(shell PATH="$(PYTHONS):$$PATH" command -v python3.9)

BUILD := $(CURDIR)/.build
COLLECTION := ansible_collections/huaweicloud/live
RESULTS := $(BUILD)/results

SANITY := $(ANSIBLE_VERSIONS:%=sanity-%)
UNIT := $(ANSIBLE_VERSIONS:%=unit-%)
INTEGRATION := $(ANSIBLE_VERSIONS:%=integration-%)
STAGES := lint $(UNIT) $(INTEGRATION) $(SANITY) molecule install-check galaxy-check

# By themselves: what Hypothesis tries depends on the modules that are loaded beside them.
PROPERTIES := $(addprefix tests/unit/plugins/module_utils/,test_properties.py test_life_properties.py)

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# What the user has set for their own playbooks and their own cloud must not reach a test.
unexport ANSIBLE_CONFIG $(filter HUAWEICLOUD_% HW_% CLOUD_SDK_% ANSIBLE_HWC_%,$(.VARIABLES))
export ANSIBLE_COLLECTIONS_PATH := $(BUILD)
export ANSIBLE_HOME := $(BUILD)/ansible-home

venv = $(BUILD)/venv/$(1)
# The tools keep caches and settings in the home folder. The settings of pip still come from the real one.
use = export XDG_CONFIG_HOME="$${XDG_CONFIG_HOME:-$$HOME/.config}" XDG_CACHE_HOME="$${XDG_CACHE_HOME:-$$HOME/.cache}"; \
  export PYENV_ROOT="$${PYENV_ROOT:-$$HOME/.pyenv}"; export HOME="$(BUILD)/home" PATH="$(call venv,$(1))/bin:$$PATH"; mkdir -p $(BUILD)/home
# SECONDS counts from the start of the recipe's shell.
passed = mkdir -p $(RESULTS); echo "passed in $$SECONDS s" > $(RESULTS)/$@

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: demo
demo: tree $(call venv,$(LATEST))/.stamp ## Watch playbooks change a live relay task on an emulated service
	@$(call use,$(LATEST))
	bash tests/demo/run.sh

.PHONY: test
test: ## Run every check below, two at a time, and sum up
	@rm -rf $(RESULTS)
	status=0
	$(MAKE) --no-print-directory --jobs=2 --output-sync=target --keep-going $(STAGES) || status=$$?
	echo
	for stage in $(STAGES); do
	  printf '%-18s %s\n' "$$stage" "$$(cat "$(RESULTS)/$$stage" 2>/dev/null || echo FAILED)"
	done
	grep -hE '^(FAILED|ERROR) |^=+ .* in ' $(RESULTS)/pytest-* || true
	exit $$status

# antsibull-docs works in a temporary folder whose name is random, and takes it for a link when it ends in an underscore:
# one run in 37 fails at nothing, two in a row hardly ever.
.PHONY: lint
lint: tree $(call venv,lint)/.stamp ## Check style, types, playbooks, changelog and documentation
	@$(call use,lint)
	cd $(BUILD)/$(COLLECTION)
	ruff check .
	ruff format --check .
	PYTHONPATH=$(BUILD) lint-imports --no-logo --no-cache
	MYPYPATH=$(BUILD) mypy --package ansible_collections.huaweicloud.live.plugins.module_utils
	ansible-lint
	antsibull-changelog lint
	lint_docs() {
	  antsibull-docs lint-collection-docs --plugin-docs --check-extra-docs-refs \
	    --validate-collection-refs all --disallow-unknown-collection-refs .
	}
	lint_docs || lint_docs
	$(passed)

# ansible-test falls for the shims of pyenv.
.PHONY: sanity $(SANITY)
sanity: $(SANITY) ## Run ansible-test sanity
$(SANITY): sanity-%: tree $(call venv,%)/.stamp
	@export PATH="$(PYTHONS):$$PATH"
	$(call use,$*)
	cd $(BUILD)/$*/$(COLLECTION)
	python tests/tools/sanity_bootstrap.py
	ansible-test sanity
	$(passed)

.PHONY: unit $(UNIT)
unit: $(UNIT) ## Run the unit and property tests
$(UNIT): unit-%: tree $(call venv,%)/.stamp
	@$(call use,$*)
	mkdir -p $(RESULTS)
	cd $(BUILD)/$*/$(COLLECTION)
	$(if $(filter $*,$(LATEST)),,export HYPOTHESIS_PROFILE=short)
	export PYTHONPATH=$(BUILD)/$*
	pytest --numprocesses=auto $(PROPERTIES:%=--ignore=%) tests/unit | tee $(RESULTS)/pytest-$*
	pytest --numprocesses=auto --dist=worksteal $(PROPERTIES) | tee $(RESULTS)/pytest-$*-properties
	$(passed)

# Each way that a task may be run: in Ansible's own process, and shipped. With the newest ansible-core it is shipped to
# the oldest Python and requests, where there is one. Filters always run in Ansible's process.
.PHONY: integration $(INTEGRATION)
integration: $(INTEGRATION) ## Run real playbooks against the emulator
$(INTEGRATION): integration-%: tree $(call venv,%)/.stamp $(if $(FLOOR_PYTHON),$(call venv,floor)/.stamp)
	@$(call use,$*)
	cd $(BUILD)/$*/$(COLLECTION)
	ansible-test integration
	echo 'huaweicloud_live_direct: false' > tests/integration/integration_config.yml
	$(if $(filter $*,$(LATEST)),$(shipped_to_floor))
	ansible-test integration --exclude filters
	$(passed)
shipped_to_floor = $(if $(FLOOR_PYTHON),echo 'ansible_python_interpreter: $(call venv,floor)/bin/python' >> \
  tests/integration/integration_config.yml,echo 'Skipped: there is no python3.9 to ship to.')

.PHONY: build
build: tree $(call venv,$(LATEST))/.stamp ## Build the collection's archive in .build/dist
	@$(call use,$(LATEST))
	rm -rf $(BUILD)/dist
	ansible-galaxy collection build --output-path $(BUILD)/dist $(BUILD)/$(COLLECTION)

# Without credentials the module gets as far as naming the ways to give them, which takes most of its parts.
.PHONY: install-check
install-check: build ## Install the archive into an empty folder and use it from there
	@$(call use,$(LATEST))
	export ANSIBLE_COLLECTIONS_PATH=$(BUILD)/installed
	rm -rf $(BUILD)/installed
	ansible-galaxy collection install --offline $(BUILD)/dist/*.tar.gz
	cd $(BUILD)/installed
	ansible-doc --type module huaweicloud.live.live_pull_task > /dev/null
	answer=$$(ansible localhost -m huaweicloud.live.live_pull_task -a 'task_id=1 region=eu' 2>&1 || true)
	grep auth_token <<< "$$answer" || { echo "$$answer"; exit 1; }
	$(passed)

# The importer logs what Galaxy would complain of, and still succeeds. It doesn't have the collection awx.awx,
# which an example for AWX uses.
.PHONY: galaxy-check
galaxy-check: build $(call venv,galaxy)/.stamp ## Import the archive as Galaxy does
	@$(call use,galaxy)
	export GALAXY_IMPORTER_REQUIRE_V1_OR_GREATER=true GALAXY_IMPORTER_CHECK_REQUIRED_TAGS=true
	mkdir -p $(BUILD)/galaxy
	cd $(BUILD)/galaxy
	python -m galaxy_importer.main $(BUILD)/dist/*.tar.gz | tee log
	if grep -E '^(WARNING|ERROR)' log | grep -v "'awx.awx\."; then exit 1; fi
	$(passed)

# The links to Ansible's own pages would be looked up online: their labels, and the names of Ansible's own environment
# variables, are the only ones that may be unknown.
.PHONY: docs
docs: tree $(call venv,docs)/.stamp ## Build the documentation as HTML in .build/docs/html
	@$(call use,docs)
	rm -rf $(BUILD)/docs
	mkdir -m 700 $(BUILD)/docs
	cd $(BUILD)/docs
	antsibull-docs sphinx-init --use-current --squash-hierarchy --dest-dir . \
	  --project huaweicloud.live --title huaweicloud.live huaweicloud.live > /dev/null
	antsibull-docs --config-file antsibull-docs.cfg collection --use-current --squash-hierarchy --fail-on-error \
	  --cleanup everything --dest-dir rst huaweicloud.live
	sphinx-build -q -b html -c . -D extensions=sphinx_antsibull_ext -w warnings rst html
	ansible="undefined label: '(ansible_configuration_settings|common_return_values|action_plugins)'"
	if grep -vE "$$ansible|reference target not found: ANSIBLE_" warnings; then exit 1; fi
	echo "Open $(BUILD)/docs/html/index.html"

.PHONY: molecule
molecule: tree $(call venv,molecule)/.stamp ## Run the molecule scenarios of the roles on the emulator
	@$(call use,molecule)
	$(own_home)
	for role in playlist overview; do
	  cd $(BUILD)/$(COLLECTION)/roles/$$role
	  molecule test
	done
	$(passed)

.PHONY: screenshots
screenshots: tree $(call venv,$(LATEST))/.stamp ## Draw docs/overview.png, the page of the role overview, if there is Chromium
	@$(call use,$(LATEST))
	PYTHONPATH=$(BUILD) python -m ansible_collections.huaweicloud.live.tests.tools.screenshots \
	  $(BUILD)/screenshots $(CURDIR)/docs/overview.png

# mutmut names what it mutates by its path, so that it has to start where the imports do.
.PHONY: mutation
mutation: tree $(call venv,mutation)/.stamp ## Break the core in every way mutmut knows, and see that a test notices
	@$(call use,mutation)
	mkdir -p $(BUILD)/mutation
	cd $(BUILD)/mutation
	# Or results would be kept from before a test changed.
	rm -rf mutants
	python $(CURDIR)/tests/tools/copy_collection.py $(COLLECTION)
	cp $(COLLECTION)/tests/mutation/pyproject.toml .
	mutmut run > log 2>&1 || { tail -c 2000 log; exit 1; }
	python $(COLLECTION)/tests/mutation/score.py $(COLLECTION)/tests/mutation/survivors.md

.PHONY: benchmark
benchmark: tree $(call venv,benchmark)/.stamp ## Measure what the modules cost beside what one would write by hand
	@$(call use,benchmark)
	python -m tests.benchmark.run docs/docsite/rst/benchmark_guide.rst

.PHONY: changelog
changelog: tree $(call venv,lint)/.stamp ## Write CHANGELOG.rst for the version in galaxy.yml from the fragments
	@$(call use,lint)
	antsibull-changelog release --reload-plugins --refresh-fragments --update-existing

.PHONY: clean
clean: ## Delete everything that was built
	rm -rf $(BUILD)

# Ansible's tools want a path that ends like this, whatever the clone is called. ansible-test writes into it,
# so that each version gets its own.
.PHONY: tree
tree:
	@$(PYTHON) tests/tools/copy_collection.py $(BUILD)/$(COLLECTION) $(ANSIBLE_VERSIONS:%=$(BUILD)/%/$(COLLECTION))

# What pip warns of is the machine's own set-up; what it fails at is still printed.
define install
@echo "Building $(@D)"
rm -rf $(@D)
$(PYTHON) -m venv $(@D)
$(@D)/bin/python -m pip install -qq --disable-pip-version-check --requirement $<
touch $@
endef

$(call venv,2.%)/.stamp: tests/requirements/ansible-2.%.txt
	$(install)

$(call venv,floor)/.stamp: PYTHON = $(FLOOR_PYTHON)
$(call venv,%)/.stamp: tests/requirements/%.txt
	$(install)
