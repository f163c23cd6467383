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

# Whichever process is free takes the next test: the longest is a third of one's share.
pytest="$bin/pytest -n 2 --dist worksteal"
if [ "${1:-}" != "--lint" ]; then
  step "secrets" $bin/python scripts/secret_scan.py
  step "known holes in dependencies" $bin/python scripts/audit.py
  browser=(-m "not journey")
  if bash scripts/browser.sh >/dev/null; then
    browser=()
  elif [ "${CI:-}" = true ]; then
    failed+=("browser")
  else
    echo "!! The browser journeys are SKIPPED: no browser is here (make browser says what to type)."
  fi
  step "tests on SQLite" $pytest "${browser[@]}"
  # Once more what meets the database, who gets in, and the main journey.
  if bash scripts/postgres.sh >/dev/null; then
    step "tests on PostgreSQL" env TANDEM_TEST_DATABASE=postgres \
      $pytest src/tandem tests/access tests/api/test_rest.py tests/api/test_tasks.py \
      tests/databases tests/support tests/journeys/test_main_job.py "${browser[@]}"
  elif [ "${CI:-}" = true ]; then
    failed+=("postgres")
  else
    echo "!! The tests on PostgreSQL are SKIPPED: it is not here (make postgres says what to type)."
  fi
fi

if [ ${#failed[@]} -gt 0 ]; then
  echo "FAILED: ${failed[*]}"
  exit 1
fi
