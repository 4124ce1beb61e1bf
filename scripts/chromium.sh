#!/usr/bin/env bash
# Runs a command with a Chromium to test pages in:
#
#   scripts/chromium.sh COMMAND [ARGUMENT...]
#
# COMMAND finds the browser by KITH_TEST_CHROMIUM. One that is installed is
# used; on Debian it is installed where there is none.
set -euo pipefail

[ $# -gt 0 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }

find_browser() {
  local name
  for name in "${KITH_TEST_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Chromium.app/Contents/MacOS/Chromium" "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    if [ -n "$name" ] && command -v "$name" >/dev/null; then command -v "$name"; return; fi
  done
}

install_browser() {
  local root=
  if [ "$(id -u)" != 0 ]; then root="sudo -n"; fi
  if command -v apt-get >/dev/null; then
    if $root sh -c 'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium' >&2; then return; fi
  fi
  echo "The tests need a Chromium. Install it with: sudo apt-get install chromium" >&2
  exit 1
}

browser=$(find_browser)
if [ -z "$browser" ]; then install_browser; browser=$(find_browser); fi
[ -n "$browser" ] || { echo "Chromium was installed but was not found on the PATH" >&2; exit 1; }

export KITH_TEST_CHROMIUM="$browser"
exec "$@"
