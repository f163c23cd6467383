#!/usr/bin/env bash
# Every check and every test, in the order of their cost. `--lint`: the checks alone.
set -uo pipefail
bin=.venv/bin
notes=$(mktemp -d)
trap 'rm -rf "$notes"' EXIT

# Compiled once, by whichever process needs it first: the tests start many.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX=${PYTHONPYCACHEPREFIX:-$PWD/.tools/compiled}

failed() { echo "$1" >>"$notes/failed"; }
# Runs a step and keeps what it says together, also beside other steps.
step() {
  local name=$1 start=$SECONDS said
  shift
  said=$(mktemp -p "$notes")
  if "$@" >"$said" 2>&1; then
    echo "   $name: ok ($((SECONDS - start)) s)" >>"$said"
  else
    failed "$name"
  fi
  { echo "== $name"; cat "$said"; }
}

# The types take one processor as long as all the others together take the second one.
step "types" $bin/mypy &
step "lint" $bin/ruff check src tests benchmarks scripts conftest.py
step "format" $bin/ruff format --check --quiet src tests benchmarks scripts conftest.py
step "imports" $bin/lint-imports --no-logo
step "migrations" env TANDEM_DATA="$notes" $bin/python manage.py makemigrations --check --dry-run
step "templates" $bin/djlint --quiet --lint src --extension jinja --profile jinja
step "javascript" node_modules/.bin/eslint --max-warnings 0 src/tandem/ui/static/ui/js
if [ "${1:-}" != "--lint" ]; then
  step "secrets" $bin/python scripts/secret_scan.py
  step "known holes in dependencies" $bin/python scripts/audit.py
fi
wait

# Whichever process is free takes the next test; conftest.py puts the longest first.
tests() {
  local name=$1 start=$SECONDS
  shift
  echo "== $name"
  if "$@" -n 2 --dist worksteal; then
    echo "   $name: ok ($((SECONDS - start)) s)"
  else
    failed "$name"
  fi
}

if [ "${1:-}" != "--lint" ]; then
  browser=(-m "not journey")
  if bash scripts/browser.sh >/dev/null; then
    browser=()
  elif [ "${CI:-}" = true ]; then
    failed "browser"
  else
    echo "!! The browser journeys are SKIPPED: no browser is here (make browser says what to type)."
  fi
  tests "tests on SQLite" $bin/pytest "${browser[@]}"
  # Once more what meets the database, who gets in, and the main journey.
  if bash scripts/postgres.sh >/dev/null; then
    tests "tests on PostgreSQL" env TANDEM_TEST_DATABASE=postgres \
      $bin/pytest src/tandem tests/access tests/api \
      tests/databases tests/support tests/journeys/test_main_job.py "${browser[@]}"
  elif [ "${CI:-}" = true ]; then
    failed "postgres"
  else
    echo "!! The tests on PostgreSQL are SKIPPED: it is not here (make postgres says what to type)."
  fi
fi

if [ -s "$notes/failed" ]; then
  echo "FAILED: $(paste -sd, "$notes/failed")"
  exit 1
fi
