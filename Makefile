# Everything that is built lands in .build/, which may be deleted at any time.

# Any that has a file in tests/requirements will do. The newest is a candidate: nothing but test-all runs it.
ANSIBLE_VERSIONS ?= 2.16 2.21
ALL_VERSIONS := $(sort $(patsubst tests/requirements/ansible-%.in,%,$(wildcard tests/requirements/ansible-*.in)))
CANDIDATE := 2.22

# NAME=PYTHON for each environment: the newest Python of this machine that can run it. PYTHON= names the only one to use.
# Asked for once.
CHOSEN = $(eval CHOSEN := $$(shell bash tests/tools/pythons.sh choose "$(PYTHON)"))$(CHOSEN)
python = $(patsubst $(1)=%,%,$(filter $(1)=/%,$(CHOSEN)))
runnable = $(foreach version,$(1),$(if $(call python,$(version)),$(version)))
# The newest of those that are tested, which is tested the most; and the newest of all, for who just wants to see it run.
LATEST = $(lastword $(call runnable,$(or $(filter-out $(CANDIDATE),$(ANSIBLE_VERSIONS)),$(ANSIBLE_VERSIONS))))
DEMO = $(lastword $(call runnable,$(filter-out $(CANDIDATE),$(ALL_VERSIONS))))
or_why = $(if $(1),,$(error $(shell bash tests/tools/pythons.sh why "$(PYTHON)")))

BUILD := $(CURDIR)/.build
COLLECTION := ansible_collections/huaweicloud/live
RESULTS := $(BUILD)/results

SANITY := $(ANSIBLE_VERSIONS:%=sanity-%)
UNIT := $(ANSIBLE_VERSIONS:%=unit-%)
INTEGRATION := $(ANSIBLE_VERSIONS:%=integration-%)
STAGES := lint $(UNIT) $(INTEGRATION) $(SANITY) molecule install-check galaxy-check
# In which order they are begun: three at a time, because they wait, too; what keeps two cores busy by itself comes last,
# so that none is idle at the end.
BEGUN := $(INTEGRATION) $(SANITY) lint molecule install-check galaxy-check $(UNIT)

# By themselves: what Hypothesis tries depends on the modules that are loaded beside them.
PROPERTIES := $(addprefix tests/unit/plugins/module_utils/,test_properties.py test_life_properties.py)

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.SECONDEXPANSION:
.DEFAULT_GOAL := help

# What the user has set for their own playbooks and their own cloud must not reach a test. That bytecode is not to be
# kept would double what each start of Ansible takes.
unexport ANSIBLE_CONFIG PYTHONDONTWRITEBYTECODE $(filter HUAWEICLOUD_% HW_% CLOUD_SDK_% ANSIBLE_HWC_%,$(.VARIABLES))
export ANSIBLE_COLLECTIONS_PATH := $(BUILD)
export ANSIBLE_HOME := $(BUILD)/ansible-home
export PIP_CACHE_DIR := $(BUILD)/cache/pip

venv = $(BUILD)/venv/$(1)
built = $(if $(call python,$(1)),$(call venv,$(1))/.stamp)
# The tools keep caches, settings and keys in the home folder, two at a time make the same ones. The settings of pip still come from the real one.
use = export XDG_CONFIG_HOME="$${XDG_CONFIG_HOME:-$$HOME/.config}" XDG_CACHE_HOME="$(BUILD)/cache"; \
  export PYENV_ROOT="$${PYENV_ROOT:-$$HOME/.pyenv}"; export HOME="$(BUILD)/home/$(1)" PATH="$(call venv,$(1))/bin:$$PATH"; mkdir -p $(BUILD)/home/$(1)
need = $(if $(call python,$(1)),,$(error This $(call needs,$(or $(1),lint))))$(call use,$(1))
needs = $(shell read -r _ needs < $(firstword $(wildcard tests/requirements/$(1).in tests/requirements/ansible-$(1).in)); echo "needs $$needs")

# Begins a stage that runs in an environment: how it ends is kept for the summary, and so is what it skips.
# SECONDS counts from the start of the recipe's shell.
define stage
mkdir -p $(RESULTS)
rm -f $(RESULTS)/$@ $(RESULTS)/$@.*
exec 3>&1
$(if $(LOGGED),exec > $(RESULTS)/$@.log 2>&1)
ended() { echo "$$1" > $(RESULTS)/$@; cat $(RESULTS)/$@.notes >> $(RESULTS)/$@ 2> /dev/null || true; echo "$@ $$1" >&3; }
note() { echo "$$1" | tee -a $(RESULTS)/$@.notes; }
if [ -z "$(call python,$(1))" ]; then ended "skipped: $(call needs,$(or $(1),lint))"; exit; fi
trap 'exit 143' TERM INT
trap '[ $$? = 0 ] && ended "passed in $$SECONDS s" || ended "FAILED after $$SECONDS s"' EXIT
$(call use,$(1))
endef

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# The environment has one name, whichever version is in it.
.PHONY: demo
demo: tree $$(call venv,$$(DEMO))/.demo ## Watch playbooks change a live relay task on an emulated service
	@ln -sfn $(DEMO) $(call venv,demo)
	$(call use,demo)
	export TMPDIR=$(BUILD)/tmp
	mkdir -p $$TMPDIR
	bash tests/demo/run.sh

.PHONY: test
test: ## Run every check below, some at a time, and sum up
	@$(call or_why,$(LATEST))rm -rf $(RESULTS)
	mkdir -p $(RESULTS)
	echo "The output of each check is in $(RESULTS:$(CURDIR)/%=%)."
	$(MAKE) --no-print-directory --jobs=2 --keep-going CHOSEN="$(CHOSEN)" environments || true
	$(MAKE) --no-print-directory --jobs=3 --output-sync=target --keep-going LOGGED=yes CHOSEN="$(CHOSEN)" $(BEGUN) || true
	$(call python,$(LATEST)) tests/tools/summary.py $(if $(TABLE),--table $(TABLE)) $(RESULTS) $(STAGES)

# First, so that the checks are begun in their order.
.PHONY: environments
environments: tree $$(foreach name,$$(ANSIBLE_VERSIONS) floor lint molecule galaxy,$$(call built,$$(name)))

.PHONY: test-all
test-all: ## The same with every ansible-core that is supported, which gives the table of README
	@$(MAKE) --no-print-directory test ANSIBLE_VERSIONS="$(ALL_VERSIONS)" TABLE=README.md

# antsibull-docs works in a temporary folder whose name is random, and takes it for a link when it ends in an underscore:
# one run in 37 fails at nothing, two in a row hardly ever.
.PHONY: lint
lint: tree $$(call built,lint) ## Check style, types, playbooks, changelog and documentation
	@$(call stage,lint)
	cd $(BUILD)/$(COLLECTION)
	ruff check .
	ruff format --check .
	PYTHONPATH=$(BUILD) lint-imports --no-logo --no-cache
	MYPYPATH=$(BUILD) mypy --package ansible_collections.huaweicloud.live.plugins.module_utils
	ansible-lint
	antsibull-changelog lint
	python -m tests.tools.guides docs/docsite/rst/*.rst CHANGELOG.rst
	zizmor --offline --quiet .github
	lint_docs() {
	  antsibull-docs lint-collection-docs --plugin-docs --check-extra-docs-refs \
	    --validate-collection-refs all --disallow-unknown-collection-refs .
	}
	lint_docs || lint_docs

# ansible-test falls for the shims of pyenv. What a Python imports does not depend on ansible-core: the newest looks at all.
.PHONY: sanity $(SANITY)
sanity: $(SANITY) ## Run ansible-test sanity
$(SANITY): sanity-%: tree $$(call built,$$*)
	@$(call stage,$*)
	PATH="$(call venv,$*)/bin:$(subst $() ,:,$(wildcard $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/*/bin)):$$PATH"
	cd $(BUILD)/$*/$(COLLECTION)
	out_of_reach=$$(python tests/tools/sanity_bootstrap.py)
	ansible-test sanity$(if $(filter $*,$(LATEST)),, --python default) $${out_of_reach:+$$(printf -- '--skip-test %s ' $$out_of_reach)}
	[ -z "$$out_of_reach" ] || note "without $$out_of_reach: what it requires is on a host that does not answer"
	command -v shellcheck > /dev/null || note "without shellcheck, which is not installed"

.PHONY: unit $(UNIT)
unit: $(UNIT) ## Run the unit and property tests
$(UNIT): unit-%: tree $$(call built,$$*)
	@$(call stage,$*)
	cd $(BUILD)/$*/$(COLLECTION)
	$(if $(filter $*,$(LATEST)),,export HYPOTHESIS_PROFILE=short)
	export PYTHONPATH=$(BUILD)/$*
	python -c 'import awx_plugins' 2> /dev/null || note "without test_awx.py: AWX's own code needs Python 3.11"
	pytest --numprocesses=auto $(PROPERTIES:%=--ignore=%) tests/unit
	pytest --numprocesses=auto --dist=worksteal $(PROPERTIES)

# Each way that a task may be run: in Ansible's own process, and shipped. With the newest ansible-core it is shipped to
# the oldest Python and requests, where there is one. All targets run both ways with the oldest ansible-core and the newest,
# the modules' own with others, but filters always run in Ansible's process. What Ansible deprecates, or warns of in the
# collection, is an error.
MODULES := $(patsubst plugins/modules/%.py,%,$(filter-out %/__init__.py,$(wildcard plugins/modules/*.py)))
.PHONY: integration $(INTEGRATION)
integration: $(INTEGRATION) ## Run real playbooks against the emulator
$(INTEGRATION): integration-%: tree $$(call built,$$*) $$(call built,floor)
	@$(call stage,$*)
	cd $(BUILD)/$*/$(COLLECTION)
	complain_of_warnings() {
	  while IFS= read -r line; do
	    echo "$$line"
	    if [[ $$line =~ ^\[(DEPRECATION|WARNING\].*(huaweicloud\.live|[Cc]ollection|[Pp]lugin)) ]]; then warned=$$line; fi
	  done
	  if [ -n "$${warned:-}" ]; then echo "ERROR: Ansible warns: $$warned"; return 1; fi
	}
	rm -f tests/integration/integration_config.yml
	ansible-test integration 2>&1 | complain_of_warnings
	echo 'huaweicloud_live_direct: false' > tests/integration/integration_config.yml
	$(if $(filter $*,$(LATEST)),$(shipped_to_floor))
	ansible-test integration $(if $(filter $*,$(firstword $(ANSIBLE_VERSIONS)) $(LATEST)),--exclude filters,$(MODULES)) 2>&1 | complain_of_warnings
shipped_to_floor = $(if $(call python,floor),echo 'ansible_python_interpreter: $(call venv,floor)/bin/python' >> \
  tests/integration/integration_config.yml,note 'not shipped to Python 3.9: there is none')

.PHONY: build
build: tree $$(call built,$$(LATEST)) ## Build the collection's archive in .build/dist
	@$(call need,$(LATEST))
	rm -rf $(BUILD)/dist
	ansible-galaxy collection build --output-path $(BUILD)/dist $(BUILD)/$(COLLECTION)

# Without credentials the module gets as far as naming the ways to give them, which takes most of its parts.
.PHONY: install-check
install-check: build ## Install the archive into an empty folder and use it from there
	@$(call stage,$(LATEST))
	export ANSIBLE_COLLECTIONS_PATH=$(BUILD)/installed
	rm -rf $(BUILD)/installed
	ansible-galaxy collection install --offline $(BUILD)/dist/*.tar.gz
	cd $(BUILD)/installed
	ansible-doc --type module huaweicloud.live.live_pull_task > /dev/null
	answer=$$(ansible localhost -m huaweicloud.live.live_pull_task -a 'task_id=1 region=eu' 2>&1 || true)
	echo "$$answer"
	[[ $$answer == *auth_token* ]]

# The importer logs what Galaxy would complain of, and still succeeds. It doesn't have the collection awx.awx,
# which an example for AWX uses. Two of flake8's rules are against the formatter.
.PHONY: galaxy-check
galaxy-check: build $$(call built,galaxy) ## Import the archive as Galaxy does
	@$(call stage,galaxy)
	export GALAXY_IMPORTER_REQUIRE_V1_OR_GREATER=true GALAXY_IMPORTER_CHECK_REQUIRED_TAGS=true GALAXY_IMPORTER_RUN_FLAKE8=true
	mkdir -p $(BUILD)/galaxy
	cd $(BUILD)/galaxy
	python -m galaxy_importer.main $(BUILD)/dist/*.tar.gz | tee log
	while IFS= read -r line; do
	  if [[ $$line =~ ^(WARNING|ERROR) && ! $$line =~ \'awx\.awx\.|:\ (E203|W503)\  ]]; then exit 1; fi
	done < log

# Any warning is an error. The folders are as in the repository, so that pictures are found from where they are named.
.PHONY: docs
docs: tree $$(call built,docs) ## Build the documentation as HTML in .build/docs/html
	@$(call need,docs)
	rm -rf $(BUILD)/docs
	mkdir -m 700 -p $(BUILD)/docs/docs/docsite/rst
	cd $(BUILD)/docs
	antsibull-docs collection --use-current --squash-hierarchy --no-indexes --no-breadcrumbs --fail-on-error \
	  --dest-dir docs/docsite/rst huaweicloud.live
	cp $(CURDIR)/docs/*.{png,svg} docs
	cp -r $(CURDIR)/docs/docsite/{index.rst,rst/*} docs/docsite/rst
	PYTHONPATH=$(BUILD) sphinx-build -q -W --keep-going -b html -c $(CURDIR)/docs/docsite docs/docsite/rst html
	echo "Open $(BUILD)/docs/html/index.html"

.PHONY: molecule
molecule: tree $$(call built,molecule) ## Run the molecule scenarios of the roles on the emulator
	@$(call stage,molecule)
	for role in playlist overview; do
	  cd $(BUILD)/$(COLLECTION)/roles/$$role
	  molecule test
	done

.PHONY: screenshots
screenshots: tree $$(call built,$$(LATEST)) ## Draw docs/overview.png, the page of the role overview, if there is Chromium
	@$(call need,$(LATEST))
	PYTHONPATH=$(BUILD) python -m ansible_collections.huaweicloud.live.tests.tools.screenshots \
	  $(BUILD)/screenshots $(CURDIR)/docs/overview.png

# mutmut names what it mutates by its path, so that it has to start where the imports do.
.PHONY: mutation
mutation: tree $$(call built,mutation) ## Break the core in every way mutmut knows, and see that a test notices
	@$(call need,mutation)
	mkdir -p $(BUILD)/mutation
	cd $(BUILD)/mutation
	# Or results would be kept from before a test changed.
	rm -rf mutants
	python $(CURDIR)/tests/tools/copy_collection.py $(COLLECTION)
	cp $(COLLECTION)/tests/mutation/pyproject.toml .
	mutmut run > log 2>&1 || { tail -c 2000 log; exit 1; }
	python $(COLLECTION)/tests/mutation/score.py $(COLLECTION)/tests/mutation/survivors.md

.PHONY: benchmark
benchmark: tree $$(call built,benchmark) ## Measure what the modules cost beside what one would write by hand
	@$(call need,benchmark)
	python -m tests.benchmark.run docs/docsite/rst/benchmark_guide.rst docs/benchmark.svg

.PHONY: changelog
changelog: tree $$(call built,lint) ## Write CHANGELOG.rst for the version in galaxy.yml from the fragments
	@$(call need,lint)
	antsibull-changelog release --reload-plugins --refresh-fragments --update-existing

.PHONY: clean
clean: ## Delete everything that was built
	rm -rf $(BUILD)

# Ansible's tools want a path that ends like this, whatever the clone is called. ansible-test writes into it,
# so that each version gets its own.
.PHONY: tree
tree:
	@$(call or_why,$(DEMO))$(call python,$(DEMO)) tests/tools/copy_collection.py $(BUILD)/$(COLLECTION) $(ANSIBLE_VERSIONS:%=$(BUILD)/%/$(COLLECTION))

# What pip warns of is the machine's own set-up; what it fails at is still printed.
pip = $(@D)/bin/python -m pip install -qq --disable-pip-version-check --no-compile

# The demo does with less than the tests, which build the environment anew.
$(call venv,%)/.demo: tests/requirements/ansible-%.txt tests/requirements/demo.in
	@echo "Installing ansible-core $* and what the demo needs into .build (14 MB, only the first time) ..."
	rm -rf $(@D)
	$(call python,$*) -m venv $(@D)
	$(pip) --requirement tests/requirements/demo.in --constraint $<
	touch $@

$(call venv,2.%)/.stamp: tests/requirements/ansible-2.%.txt
	@echo "Building .build/venv/2.$* with $(call python,2.$*)"
	rm -rf $(@D)
	$(call python,2.$*) -m venv $(@D)
	$(pip) --no-deps --requirement $<
	touch $@ $(@D)/.demo

$(call venv,%)/.stamp: tests/requirements/%.txt
	@echo "Building .build/venv/$* with $(call python,$*)"
	rm -rf $(@D)
	$(call python,$*) -m venv $(@D)
	$(pip) --no-deps --requirement $<
	touch $@
