# Everything that is built is in .build/, which may be deleted at any time.
# `make test` and `make test-all` run the stages below with tests/tools/stages.py; each stage is also a target of its own.

ALL_VERSIONS := $(sort $(patsubst tests/requirements/ansible-%.in,%,$(wildcard tests/requirements/ansible-*.in)))
# Which versions of ansible-core `make test-all` tests. The candidate is the only one that is not released.
ANSIBLE_VERSIONS ?= $(ALL_VERSIONS)
CANDIDATE := 2.22

# NAME=PYTHON for each environment: the newest Python of this machine that supports it. PYTHON= names the only one to use.
PYTHONS := $(or $(PYTHONS),$(shell bash tests/tools/pythons.sh choose "$(PYTHON)"))
python = $(patsubst $(1)=%,%,$(filter $(1)=/%,$(PYTHONS)))
# The newest released version that this machine can run. `make test`, the demo and the tools use it.
LATEST := $(lastword $(foreach version,$(filter-out $(CANDIDATE),$(ALL_VERSIONS)),$(if $(call python,$(version)),$(version))))
python_or_why = $(or $(call python,$(LATEST)),$(error $(shell bash tests/tools/pythons.sh why "$(PYTHON)")))

BUILD := $(CURDIR)/.build
COLLECTION := ansible_collections/huaweicloud/live
MODULES := $(patsubst plugins/modules/%.py,%,$(filter-out %/__init__.py,$(wildcard plugins/modules/*.py)))
# Some tests take as long as a thousand others. An idle worker takes over the tests that wait behind them.
run_tests := pytest --numprocesses=auto --dist=worksteal
# Sanity tests that `make test` leaves out, because `make lint` checks the same.
LINTED_TOO := pep8 pylint yamllint
# $(call again,X,Y): X, but Y if TESTED says that `make test` has just passed, for what it tests on the newest ansible-core.
again = $(if $(and $(TESTED),$(filter $*,$(LATEST))),$(2),$(1))

TREES := $(ALL_VERSIONS:%=tree-%)
UNIT := $(ALL_VERSIONS:%=unit-%)
INTEGRATION := $(ALL_VERSIONS:%=integration-%)
SANITY := $(ALL_VERSIONS:%=sanity-%)
# The longest first, so that no core is idle at the end.
STAGES := $(foreach stage,unit integration sanity,$(ANSIBLE_VERSIONS:%=$(stage)-%)) galaxy-check lint molecule install-check

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL .DELETE_ON_ERROR:
.SECONDEXPANSION:
.DEFAULT_GOAL := help
.PHONY: help demo acceptance test test-like test-all quick explore unit integration sanity lint build install-check \
  galaxy-check molecule docs screenshots mutation benchmark changelog clean tree environments all-environments $(TREES) $(UNIT) \
  $(INTEGRATION) $(SANITY)

# Settings of the user for their playbooks and their cloud must reach no test but acceptance. Without bytecode, each start of
# Ansible takes twice as long.
unexport ANSIBLE_CONFIG PYTHONDONTWRITEBYTECODE $(if $(filter acceptance,$(MAKECMDGOALS)),,$(filter HUAWEICLOUD_% HW_% CLOUD_SDK_% ANSIBLE_HWC_%,$(.VARIABLES)))
export ANSIBLE_COLLECTIONS_PATH := $(BUILD)
export ANSIBLE_HOME := $(BUILD)/ansible-home
export PIP_CACHE_DIR := $(BUILD)/cache/pip
export PYTHONS

venv = $(BUILD)/venv/$(1)
built = $(if $(call python,$(1)),$(call venv,$(1))/.stamp)
# Enters an environment, or skips the target. Each environment has a home of its own, because tools that run at the same time
# write the same files there. pip still takes its settings from the real one.
enter = $(if $(call python,$(1)),$(call use,$(1)),$(call skip,$(1)))
use = export XDG_CONFIG_HOME="$${XDG_CONFIG_HOME:-$$HOME/.config}" XDG_CACHE_HOME="$(BUILD)/cache"; \
  export PYENV_ROOT="$${PYENV_ROOT:-$$HOME/.pyenv}" HOME="$(BUILD)/home/$(1)" PATH="$(call venv,$(1))/bin:$$PATH"; mkdir -p $(BUILD)/home/$(1)
enter_tree = $(call enter,$(1)); cd $(BUILD)/$(1)/$(COLLECTION); export PYTHONPATH=$(BUILD)/$(1)
requirements = tests/requirements/$(if $(filter 2.%,$(1)),ansible-)$(1)
skip = read -r _ needs < $(call requirements,$(1)).in; echo "SKIPPED: needs $$needs"; exit

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: tree $$(call venv,$$(LATEST))/.demo ## Watch playbooks change a live relay task on an emulated service
	@ln -sfn $(LATEST) $(call venv,demo)
	$(call enter,$(LATEST))
	export TMPDIR=$(BUILD)/tmp; mkdir -p $$TMPDIR
	bash tests/demo/run.sh

acceptance: $$(call venv,$$(LATEST))/.demo ## Find out how the real service behaves, with temporary tasks (ARGS=--help)
	@home=$$HOME; $(call enter,$(LATEST)); HOME=$$home exec python -m tests.acceptance $(ARGS)

test: export LINTED := roles docs/examples
test: export LEFT_OUT := $(LINTED_TOO)
test: ## Test what a change can break, on the newest ansible-core: five minutes
	@$(python_or_why) tests/tools/stages.py --jobs 3 \
	  --about "Lint, unit, integration and sanity tests on ansible-core $(LATEST): about five minutes on two cores." \
	  environments integration unit sanity lint

test-all: ## Test everything, on every ansible-core (ANSIBLE_VERSIONS="2.16 2.21" chooses): 15 minutes for the newest, 10 for each other
	@$(python_or_why) tests/tools/stages.py --jobs 3 $(if $(filter-out $(ANSIBLE_VERSIONS),$(ALL_VERSIONS)),,--table README.md) \
	  --about "Everything$(if $(TESTED), else) on ansible-core $(ANSIBLE_VERSIONS): on two cores about 15 minutes for the newest, 10 for each other." \
	  all-environments $(STAGES)

quick: tree tree-$(LATEST) $$(call built,lint) $$(call built,$$(LATEST)) ## Lint the code, and run the unit tests that start no program: one minute
	@($(call enter,lint); cd $(BUILD)/$(COLLECTION); bash tests/tools/lint.sh code $(BUILD))
	$(call enter_tree,$(LATEST))
	$(run_tests) --quiet -m "not slow" --ignore-glob='*_properties.py' tests/unit

explore: tree-$(LATEST) $$(call built,$$(LATEST)) ## Try new examples of the properties for MINUTES (10); SEED= repeats a run
	@$(call enter_tree,$(LATEST))
	bash tests/tools/explore.sh $(or $(MINUTES),10) "$(SEED)" $(or $(T),tests/unit/plugins/module_utils/test_*properties.py)

unit: tree-$(LATEST) $$(call built,$$(LATEST)) ## Run the unit tests of `make test`, or T="FILE [ARGUMENT OF pytest...]"
	@$(call enter_tree,$(LATEST))
	$(if $(T),exec pytest $(T))
	$(run_tests) -m "not slow" tests/unit

# The newest tries the most examples, and alone runs the slow tests of what does not know Ansible.
$(UNIT): unit-%: tree-% $$(call built,$$*)
	@$(call enter_tree,$*)
	export HYPOTHESIS_PROFILE=$(if $(filter $*,$(LATEST)),many,few)
	python -c 'import awx_plugins' 2> /dev/null || echo "NOTE: without test_awx.py: AWX's own code needs Python 3.11"
	$(run_tests) $(call again,$(if $(filter $*,$(LATEST)),,-m "not newest"),-m "slow or hypothesis") tests/unit

integration: tree-$(LATEST) $$(call built,$$(LATEST)) ## Run playbooks on the emulator, or those of the target T=
	@$(call enter_tree,$(LATEST))
	bash tests/tools/integration.sh worker $(or $(T),--exclude shipped)
	$(if $(T),,bash tests/tools/integration.sh shipped shipped)

test-like: override export REPORT := $(abspath $(REPORT))
test-like: integration ## Run the integration tests on an emulator that behaves like REPORT=report.json

# Both ways to run a module: in Ansible's own process, and shipped. The newest ansible-core ships to Python 3.9.
# The newest runs all targets both ways. The others ship only the modules, because roles do not depend on how modules run.
$(INTEGRATION): integration-%: tree-% $$(call built,$$*) $$(call built,floor)
	@$(call enter_tree,$*)
	$(call again,bash tests/tools/integration.sh worker --exclude shipped)
	$(if $(filter $*,$(LATEST)),$(if $(call python,floor),,echo "NOTE: not shipped to Python 3.9: this machine has none"))
	bash tests/tools/integration.sh shipped $(and $(filter $*,$(LATEST)),$(call python,floor),--python $(call venv,floor)/bin/python) \
	  $(if $(filter $*,$(LATEST)),--exclude filters,$(MODULES))

sanity: tree-$(LATEST) $$(call built,$$(LATEST)) ## Run ansible-test sanity
	@$(call enter_tree,$(LATEST))
	bash tests/tools/sanity.sh --python default

# What a Python can import does not depend on ansible-core: the newest tests all Pythons.
$(SANITY): sanity-%: tree-% $$(call built,$$*)
	@$(call enter_tree,$*)
	bash tests/tools/sanity.sh $(call again,$(if $(filter $*,$(LATEST)),,--python default),$(addprefix --test ,$(LINTED_TOO) compile import))

lint: tree $$(call built,lint) ## Check style, types, imports, playbooks, changelog and documentation
	@$(call enter,lint)
	cd $(BUILD)/$(COLLECTION)
	bash tests/tools/lint.sh all $(BUILD)

build: tree $$(call built,$$(LATEST)) ## Build the collection's archive in .build/dist
	@$(call enter,$(LATEST))
	rm -rf $(BUILD)/dist
	ansible-galaxy collection build --output-path $(BUILD)/dist $(BUILD)/$(COLLECTION)

install-check: tree $$(call built,$$(LATEST)) ## Install the archive into an empty folder and use it from there
	@$(call enter,$(LATEST))
	bash tests/tools/archive.sh install $(BUILD)/$(COLLECTION) $(BUILD)/installed

galaxy-check: tree $$(call built,galaxy) ## Import the archive as Galaxy does
	@$(call enter,galaxy)
	bash tests/tools/archive.sh import $(BUILD)/$(COLLECTION) $(BUILD)/galaxy

molecule: tree $$(call built,molecule) ## Run the molecule scenarios of the roles on the emulator
	@$(call enter,molecule)
	for role in playlist overview; do (cd $(BUILD)/$(COLLECTION)/roles/$$role; molecule test); done

docs: tree $$(call built,docs) ## Build the documentation as HTML in .build/docs/html
	@$(call enter,docs)
	bash tests/tools/docs.sh $(BUILD)

screenshots: tree $$(call built,$$(LATEST)) ## Draw docs/overview.png, the page of the role overview, with Chromium
	@$(call enter,$(LATEST))
	PYTHONPATH=$(BUILD) python -m ansible_collections.huaweicloud.live.tests.tools.screenshots $(BUILD)/screenshots $(CURDIR)/docs/overview.png

mutation: tree $$(call built,mutation) ## Break the core in every way mutmut knows, and see whether a test fails
	@$(call enter,mutation)
	bash tests/mutation/run.sh $(BUILD)/mutation/$(COLLECTION)

benchmark: tree $$(call built,benchmark) ## Measure what the modules cost compared with requests written by hand
	@$(call enter,benchmark); python -m tests.benchmark.run docs/docsite/rst/benchmark_guide.rst docs/benchmark.svg

changelog: tree $$(call built,lint) ## Write CHANGELOG.rst for the version in galaxy.yml from the fragments
	@$(call enter,lint); antsibull-changelog release --reload-plugins --refresh-fragments --update-existing

clean: ## Delete everything that was built
	rm -rf $(BUILD)

# Ansible's tools need a path that ends like this, for a clone with any name. ansible-test writes into its tree, so each
# version has its own.
tree:
	@$(python_or_why) tests/tools/copy_collection.py $(BUILD)/$(COLLECTION)
$(TREES): tree-%:
	@$(python_or_why) tests/tools/copy_collection.py $(BUILD)/$*/$(COLLECTION)
# Environments that several stages use. An environment of one stage is built by that stage, while other stages run.
environments: tree tree-$(LATEST) $$(call built,$$(LATEST))
all-environments: tree $(ANSIBLE_VERSIONS:%=tree-%) $$(foreach name,$$(ANSIBLE_VERSIONS) $(LATEST) floor,$$(call built,$$(name)))

# Warnings of pip about the set-up of the machine are hidden. Its errors are printed.
fresh = rm -rf $(@D); $(call python,$*) -m venv $(@D)
pip = $(@D)/bin/python -m pip install -qq --disable-pip-version-check --no-compile

# The demo needs less than the tests, which build the environment again.
$(call venv,%)/.demo: tests/requirements/ansible-%.txt tests/requirements/demo.in
	@echo "Installing ansible-core $* and what the demo needs into .build (14 MB, only the first time) ..."
	$(fresh)
	$(pip) --requirement tests/requirements/demo.in --constraint $<
	touch $@

$(call venv,%)/.stamp: $$(call requirements,$$*).txt
	@echo "Building .build/venv/$* with $(call python,$*)"
	$(fresh)
	$(pip) --no-deps --requirement $<
	touch $@ $(if $(filter 2.%,$*),$(@D)/.demo)
