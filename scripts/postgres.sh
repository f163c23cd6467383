#!/usr/bin/env bash
# Says where the PostgreSQL server of the tests comes from, or what to type to get one; in CI it
# installs it. The tests start and stop it themselves (tests/support/postgres.py).
set -euo pipefail
found() {
  local initdb
  initdb=$(ls "${TANDEM_TEST_PG:-/nowhere}/initdb" 2>/dev/null || command -v initdb || ls -v /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -1 || true)
  [ -n "$initdb" ] && dirname "$(readlink -f "$initdb")"
}
found && exit 0
if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
  found && exit 0
fi
echo "No PostgreSQL for the tests. Debian/Ubuntu: sudo apt install postgresql" >&2
exit 1
