#!/usr/bin/env bash
# Rewrites the lock files. Hashes, no addresses: any mirror of the registries serves.
set -euo pipefail
.venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --upgrade \
  --all-extras --group dev pyproject.toml -o requirements/dev.txt
npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved
