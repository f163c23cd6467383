#!/usr/bin/env bash
# Says which Prometheus the tests scrape with, or what to type to get one; in CI it installs it.
set -euo pipefail
for name in "${TANDEM_PROMETHEUS:-}" prometheus; do
  if [ -n "$name" ] && command -v "$name" >/dev/null; then
    command -v "$name"
    exit 0
  fi
done
if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends prometheus >/dev/null
  command -v prometheus
  exit 0
fi
echo "No Prometheus for its test. Debian/Ubuntu: sudo apt install prometheus" >&2
exit 1
