#!/usr/bin/env bash
# Says which Redis (or Valkey) the cache is tested with, or what to type to get one; in CI it installs it.
set -euo pipefail
found() { command -v valkey-server || command -v redis-server; }
if found; then exit 0; fi
if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  # A server of its own is started by the test, not by the package.
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server >/dev/null
  found
  exit 0
fi
echo "No Redis for its test. Debian/Ubuntu: sudo apt install redis-server" >&2
exit 1
