#!/usr/bin/env bash
# Says which browser the journeys use, or what to type to get one; in CI it installs it.
set -euo pipefail
for name in "${TANDEM_CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$name" ] && command -v "$name" >/dev/null; then
    command -v "$name"
    exit 0
  fi
done
if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
  command -v chromium
  exit 0
fi
echo "No browser for the journeys. Debian/Ubuntu: sudo apt install chromium" >&2
exit 1
