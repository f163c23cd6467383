#!/usr/bin/env bash
# Every check and every test, in the order of their cost. `--lint`: the checks alone.
set -uo pipefail
bin=.venv/bin
failed=()
step() {
  local name=$1 start=$SECONDS
  shift
  echo "== $name"
  if "$@"; then echo "   $name: ok ($((SECONDS - start)) s)"; else failed+=("$name"); fi
}

step "lint" $bin/ruff check src tests benchmarks scripts conftest.py
step "format" $bin/ruff format --check --quiet src tests benchmarks scripts conftest.py
step "imports" $bin/lint-imports --no-logo
step "types" $bin/mypy
step "migrations" env TANDEM_DATA="$(mktemp -d)" $bin/python manage.py makemigrations --check --dry-run
step "templates" $bin/djlint --quiet --lint src --extension jinja --profile jinja
step "javascript" node_modules/.bin/eslint --max-warnings 0 src/tandem/ui/static/ui/js

if [ "${1:-}" != "--lint" ]; then
  if bash scripts/browser.sh >/dev/null; then
    step "tests" $bin/pytest -n 2
  elif [ "${CI:-}" = true ]; then
    failed+=("browser")
  else
    echo "!! The browser journeys are SKIPPED: no browser is here (make browser says what to type)."
    step "tests" $bin/pytest -n 2 -m "not journey"
  fi
fi

if [ ${#failed[@]} -gt 0 ]; then
  echo "FAILED: ${failed[*]}"
  exit 1
fi
