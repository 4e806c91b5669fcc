# GNU make (3.81 or later) and a POSIX sh. `make` alone lists the targets.
# Only relative paths are used as targets, so the checkout may live under a path with spaces.

MAKEFLAGS += --no-builtin-rules --no-print-directory
SHELL := /bin/sh

# The interpreter .venv is made from (3.11 or later).
PYTHON ?= python3
# Options handed to pytest, to the benchmarks, to `spro serve` or to the lock.
ARGS ?=

UV_VERSION := 0.13.9
# What the product needs to run, and what its development needs as well: each has its hashed lock.
STAMP := .venv/.a-jour
STAMP_DEV := .venv/.a-jour-dev

# An interpreter is never downloaded: the one the user chose is the one that runs.
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# uv, and pip before 24.2, trust a list of authorities of their own; where the system has one, it is
# the right one (a company's proxy is declared there). UV_NATIVE_TLS is the older name.
AUTORITES := $(firstword $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt \
  /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem))
ifneq ($(AUTORITES),)
export UV_SYSTEM_CERTS ?= true
export UV_NATIVE_TLS ?= true
endif

.PHONY: help setup run test test-vite lint chromium postgres bench mutation lock format hooks clean

help:
	@printf '%s\n' \
	  'make run       installe ce qu’il faut pour servir, sans les outils de test, et lance l’application' \
  'make setup     installe le projet et ses outils de développement dans .venv' \
  'make test      lance tous les tests (ARGS="-k mot" pour choisir)' \
  'make test-vite lance les tests sans navigateur, sans PostgreSQL et sans longue recherche' \
  'make lint      vérifie le code (ruff, mypy), les règles et les fiches' \
  'make hooks     fait passer « make lint » avant chaque enregistrement dans git' \
  'make bench     lance les bancs d’essai' \
	  'make mutation  change chaque règle et vérifie qu’un exemple ou un scénario le remarque' \
	  'make chromium  trouve ou installe le navigateur des tests' \
	  'make postgres  trouve ou installe la base PostgreSQL des tests' \
	  'make lock      refait les deux verrous (ARGS=--upgrade pour monter les versions)' \
	  'make format    corrige et met en forme le code' \
	  'make clean     efface .venv, .uv et les caches' \
	  '' \
	  'PYTHON=python3.12 choisit l’interpréteur (3.11 ou plus) ; faire « make clean » pour en changer.'

# --- Checks and tools -------------------------------------------------------------------------

define exiger_python
@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
  echo 'Erreur : « $(PYTHON) » est introuvable. Installez Python 3.11 ou plus :' >&2; \
  echo '  Debian, Ubuntu : sudo apt-get install python3 python3-venv python3-dev' >&2; \
  echo '  Fedora         : sudo dnf install python3 python3-devel' >&2; \
  echo 'ou désignez-le : make setup PYTHON=/chemin/vers/python3' >&2; exit 1; }
@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
  echo 'Erreur : il faut Python 3.11 ou plus ; « $(PYTHON) » est :' >&2; \
  "$(PYTHON)" --version >&2; \
  echo 'Désignez un autre interpréteur : make setup PYTHON=python3.12' >&2; exit 1; }
endef

# A uv on PATH is used when it is recent enough to read [tool.uv.extra-build-variables] (a shim
# that cannot run counts as absent); otherwise the pinned one goes into .uv/. Sets $uv.
# Debian ships venv without ensurepip unless python3-venv is installed, hence the second way.
trouver_uv = \
  uv=.uv/bin/uv; \
  if uv --version 2>/dev/null | awk -F '[ .]' 'NR == 1 { ok = $$2 > 0 || $$3 >= 9 } END { exit !ok }'; then \
    uv=uv; \
  elif ! "$$uv" --version >/dev/null 2>&1; then \
    echo 'Installation de uv $(UV_VERSION) dans .uv/…'; \
    rm -rf .uv; \
    REQUESTS_CA_BUNDLE="$${REQUESTS_CA_BUNDLE:-$(AUTORITES)}"; export REQUESTS_CA_BUNDLE; \
    if "$(PYTHON)" -m venv .uv >/dev/null 2>&1; then \
      .uv/bin/python -m pip install --quiet 'uv==$(UV_VERSION)' </dev/null; \
    elif rm -rf .uv && "$(PYTHON)" -m pip --version >/dev/null 2>&1; then \
      "$(PYTHON)" -m pip install --quiet --target .uv 'uv==$(UV_VERSION)' </dev/null; \
    else \
      echo 'Erreur : ni « venv » ni « pip » ne sont utilisables avec $(PYTHON). Installez l’un des deux :' >&2; \
      echo '  Debian, Ubuntu : sudo apt-get install python3-venv' >&2; \
      echo '  Fedora         : sudo dnf install python3-pip' >&2; \
      echo 'ou installez uv vous-même et mettez-le dans le PATH.' >&2; exit 1; \
    fi || { rm -rf .uv; \
      echo 'Erreur : uv n’a pas pu être installé (le registre de paquets est-il joignable ?).' >&2; exit 1; }; \
  fi

# durable-rules is only published as source. A build failure deep in an installer's log says
# nothing useful, so what it needs is tried first. Nothing is asked once it is built in .venv.
# Sets and exports CC when the interpreter's own compiler is absent and another one is there.
exiger_compilateur = \
  if ! .venv/bin/python -c 'import durable_rules_engine' >/dev/null 2>&1; then \
    defaut=$$("$(PYTHON)" -c 'import sysconfig; print((sysconfig.get_config_var("CC") or "cc").split()[0])'); \
    entetes=$$("$(PYTHON)" -c 'import sysconfig; print(sysconfig.get_config_var("INCLUDEPY"))'); \
    dev=$$("$(PYTHON)" -c 'import sys; print("python3.%d" % sys.version_info[1])'); \
    manque=''; trouve=''; \
    for c in $${CC:+"$$CC"} "$$defaut" cc gcc clang; do \
      if command -v $$c >/dev/null 2>&1; then trouve=$$c; break; fi; \
    done; \
    if [ -z "$$trouve" ]; then \
      manque='aucun compilateur C (cc, gcc ou clang) n’a été trouvé'; \
    elif ! printf '\043include <Python.h>\n' | $$trouve -I"$$entetes" -x c -fsyntax-only - >/dev/null 2>&1; then \
      manque="les en-têtes de $$dev (Python.h) ou ceux du langage C manquent"; \
    fi; \
    if [ -n "$$manque" ]; then \
      echo "Erreur : $$manque." >&2; \
      echo 'Le moteur de règles (durable-rules) se compile à l’installation. Installez :' >&2; \
      echo "  Debian, Ubuntu : sudo apt-get install gcc python3-dev   (ou $$dev-dev si ce n’est pas le Python du système)" >&2; \
      echo '  Fedora         : sudo dnf install gcc python3-devel' >&2; \
      echo 'puis relancez la commande.' >&2; exit 1; \
    fi; \
    if [ "$$trouve" != "$$defaut" ]; then CC=$$trouve; export CC; fi; \
  fi

# --- Installation -----------------------------------------------------------------------------

setup: $(STAMP_DEV)
	@:

# $(1) is the lock. .venv is kept when it still works and has the version of $(PYTHON), so a change of the lock only
# installs the difference. setuptools, which builds both packages, is held to the lock as well.
define installer_verrou
$(exiger_python)
@version='import sys; print(sys.version_info[:2])'; \
if [ "$$(.venv/bin/python -c "$$version" 2>/dev/null)" != "$$("$(PYTHON)" -c "$$version")" ]; then rm -rf .venv; fi; \
$(exiger_compilateur); \
$(trouver_uv); \
echo 'Installation des dépendances dans .venv…'; \
if [ ! -d .venv ]; then \
  "$$uv" venv --quiet --no-python-downloads --python "$$("$(PYTHON)" -c 'import sys; print(sys.executable)')" .venv; \
fi && \
"$$uv" pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes --build-constraints requirements-dev.lock $(1) && \
"$$uv" pip install --quiet --python .venv/bin/python --build-constraints requirements-dev.lock --no-deps -e . || { \
  echo 'Erreur : l’installation a échoué (voir ci-dessus).' >&2; exit 1; }
endef

# Whoever develops keeps the tools when the product is only served.
$(STAMP): pyproject.toml requirements.lock
	@if [ -e $(STAMP_DEV) ]; then $(MAKE) $(STAMP_DEV); else $(MAKE) .venv/.sans-outils; fi
	@touch $@

.PHONY: .venv/.sans-outils
.venv/.sans-outils:
	$(call installer_verrou,requirements.lock)

$(STAMP_DEV): pyproject.toml requirements-dev.lock
	$(call installer_verrou,requirements-dev.lock)
	@touch $(STAMP) $@

# Universal: one file for every platform and every Python from 3.11 on. The second lock agrees with the first.
lock:
	$(exiger_python)
	@$(trouver_uv); \
	verrouiller() { \
	  "$$uv" pip compile --quiet --universal --generate-hashes --python "$(PYTHON)" --python-version 3.11 \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(ARGS) "$$@" pyproject.toml; \
	}; \
	verrouiller --output-file requirements.lock && \
	verrouiller --constraints requirements.lock --group test --group bench --group build --output-file requirements-dev.lock

# --- Use --------------------------------------------------------------------------------------

run: $(STAMP)
	@.venv/bin/spro serve $(ARGS)

test: setup chromium postgres
	@.venv/bin/pytest $(ARGS)

# Under a minute on two quiet cores: what a change is tried with before the whole.
test-vite: setup
	@.venv/bin/pytest -q -m 'not navigateur and not postgres and not lent and not outils' $(ARGS)

lint: setup
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/spro verifier

hooks: setup
	@.venv/bin/pre-commit install

bench: setup
	@.venv/bin/python -m benchmarks $(ARGS)

mutation: setup
	@.venv/bin/spro muter $(ARGS)

format: setup
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet . && .venv/bin/ruff check --quiet .

# Installs a package of Debian or Ubuntu when the rights are there; what is then missing is for the caller to see.
installer = \
  if command -v apt-get >/dev/null 2>&1; then \
    if [ "$$(id -u)" = 0 ]; then droits='env'; \
    elif sudo -n true >/dev/null 2>&1; then droits='sudo -n env'; \
    else droits=''; fi; \
    if [ -n "$$droits" ]; then \
      $$droits apt-get update -q </dev/null >/dev/null && \
      $$droits DEBIAN_FRONTEND=noninteractive apt-get install -y -q $(1) </dev/null >/dev/null; \
    fi; \
  fi

# The order is: a browser already there, the distribution's package, Playwright's own build.
# Each candidate is run, because some distributions put a stub under that name.
chromium: setup
	@utilisable() { [ -n "$$1" ] && "$$1" --version </dev/null >/dev/null 2>&1; }; \
	present() { \
	  for c in "$$CHROMIUM" chromium chromium-browser google-chrome google-chrome-stable; do \
	    if utilisable "$$c"; then return 0; fi; \
	  done; \
	  utilisable "$$(.venv/bin/python -c 'from playwright.sync_api import sync_playwright as s; p = s().start(); print(p.chromium.executable_path); p.stop()' 2>/dev/null)"; \
	}; \
	if present; then exit 0; fi; \
	echo 'Chromium est absent : installation…'; \
	$(call installer,chromium); \
	if present; then exit 0; fi; \
	.venv/bin/playwright install chromium </dev/null; \
	if present; then exit 0; fi; \
	echo 'Erreur : aucun Chromium utilisable pour les tests. Installez-le :' >&2; \
	echo '  Debian : sudo apt-get install chromium' >&2; \
	echo '  Fedora : sudo dnf install chromium' >&2; \
	echo '  autre  : sudo .venv/bin/playwright install --with-deps chromium' >&2; \
	echo 'ou donnez son chemin : make test CHROMIUM=/chemin/vers/chromium' >&2; exit 1

# PGBIN names the folder of its programs. Without it the tests that need it are skipped, and say so:
# SQLite is what most desks use, and installing a server is not always allowed.
postgres: setup
	@present() { .venv/bin/python -m tests.postgres >/dev/null 2>&1; }; \
	if present; then exit 0; fi; \
	echo 'PostgreSQL est absent : installation…'; \
	$(call installer,--no-install-recommends postgresql); \
	if present; then exit 0; fi; \
	echo 'Attention : sans PostgreSQL, les essais de la base ne passent que sur SQLite. Pour l’installer :' >&2; \
	echo '  Debian, Ubuntu : sudo apt-get install postgresql' >&2; \
	echo '  Fedora         : sudo dnf install postgresql-server' >&2; \
	echo 'ou donnez le dossier de ses programmes : make test PGBIN=/chemin/vers/bin' >&2

clean:
	@rm -rf .venv .uv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
	@find . -name .git -prune -o -type d -name __pycache__ -prune -exec rm -rf {} +
