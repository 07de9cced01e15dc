#!/usr/bin/env bash
# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Chooses the Python of each environment: pythons.sh choose|why [PYTHON], in the folder of the Makefile.
#
# choose prints NAME=PYTHON for each environment: the newest Python that the first line of its file in
# tests/requirements allows, or nothing where there is none. why says what to install if none runs Ansible.
# PYTHON is the only one to be used; otherwise those of pyenv and of the PATH are. Needs no more than bash and coreutils.

set -euo pipefail

# "13 yes /usr/bin/python3.13" for each Python, the newest first; "no" if it has not what makes virtual environments.
# A shim of pyenv fails if its Python is not in use.
find_pythons() {
  local folder python
  local -a folders
  if [[ -n $1 ]]; then
    probe "$1" "${2:-}"
    return
  fi
  IFS=: read -r -a folders <<< "$PATH"
  for folder in "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/*/bin "${folders[@]}"; do
    for python in "$folder"/python3 "$folder"/python3.?*; do
      if [[ $python =~ /python3(\.[0-9]+)?$ && -x $python ]] && ! [[ $python != */python3 && $python -ef $folder/python3 ]]; then
        probe "$python"
      fi
    done
  done | sort -s -k1,1nr -k2,2r
}

probe() {
  "$1" - 2> /dev/null << 'END' || true
import sys
if sys.version_info[0] == 3:
    try:
        import ensurepip, venv
        usable = "yes"
    except ImportError:
        usable = "no"
    print(sys.version_info[1], usable, sys.executable)
END
}

choose() {
  local file oldest rest newest name minor usable python
  for file in tests/requirements/*.in; do
    read -r _ _ oldest rest < "$file"
    case $rest in
      'or later') newest=99 ;;
      'to 3.'*) newest=${rest#to 3.} ;;
      '') newest=${oldest#3.} ;;
      *) continue ;;
    esac
    name=${file##*/}
    name=${name%.in}
    while read -r minor usable python; do
      if [[ $usable == yes ]] && ((minor >= ${oldest#3.} && minor <= newest)); then
        break
      fi
    done <<< "$pythons"
    echo "${name#ansible-}=$python"
  done
}

why() {
  local minor usable python
  read -r minor usable python <<< "$pythons"
  if [[ -z $minor && -n $1 ]]; then
    echo "$1 cannot be run as Python 3: set PYTHON= to another Python"
  elif [[ -z $minor ]]; then
    echo "No Python 3 was found: install Python 3.10 or later, such as 3.12, or set PYTHON= to its path"
  elif ((minor < 10)); then
    echo "Ansible needs Python 3.10 or later, and the newest here is 3.$minor:" \
      "install a newer one, such as 3.12, or set PYTHON= to its path"
  elif [[ $usable == no ]]; then
    echo "Python 3.$minor lacks venv: install it (Debian and Ubuntu: apt install python3.$minor-venv)," \
      "or set PYTHON= to another Python"
  else
    echo "No selected version of ansible-core runs on Python 3.$minor: select others with ANSIBLE_VERSIONS="
  fi
}

pythons=$(find_pythons "${2:-}")
"$1" "${2:-}"
