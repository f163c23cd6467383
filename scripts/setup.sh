#!/usr/bin/env bash
# Makes the virtual environment from the lock files, and the front-end files.
set -euo pipefail
python=$1
venv=$2

command -v "$python" >/dev/null || {
  echo "python3 is missing. Debian/Ubuntu: sudo apt install python3 python3-venv" >&2
  exit 1
}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Tandem needs Python 3.11 or newer; $("$python" --version) is here. Name another: make run PYTHON=python3.12" >&2
  exit 1
}
"$python" -c 'import venv, ensurepip' 2>/dev/null || {
  echo "python3-venv is missing. Debian/Ubuntu: sudo apt install python3-venv" >&2
  exit 1
}

if [ ! -x "$venv/bin/python" ]; then
  echo "Making the virtual environment …"
  "$python" -m venv "$venv"
fi

echo "Installing the locked Python packages …"
export PIP_DISABLE_PIP_VERSION_CHECK=1
# uv installs ten times as fast; pip alone does the same where uv cannot be had.
if "$venv/bin/python" -m pip install --quiet --no-input "uv==0.13.9" 2>/dev/null &&
  "$venv/bin/python" -m uv pip install --quiet --python "$venv/bin/python" --require-hashes -r requirements/dev.txt 2>/dev/null; then
  :
else
  "$venv/bin/python" -m pip install --quiet --no-input --require-hashes -r requirements/dev.txt
fi
"$venv/bin/python" -m pip install --quiet --no-input --no-deps --no-build-isolation --editable .

echo "Fetching the locked front-end packages …"
"$venv/bin/python" scripts/assets.py
"$venv/bin/python" scripts/translations.py
echo "Ready."
