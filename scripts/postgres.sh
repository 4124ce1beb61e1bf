#!/usr/bin/env bash
# Runs a command beside a PostgreSQL server of its own:
#
#   scripts/postgres.sh [--durable] COMMAND [ARGUMENT...]
#
# The server listens on a socket in a temporary folder only; COMMAND finds it by
# KITH_TEST_DATABASE_URL. It is stopped and removed when COMMAND ends, however
# it ends. --durable keeps the server's default settings, for benchmarks; else
# it does not wait for the disk. Root runs the server as user postgres.
set -euo pipefail

durable=
if [ "${1:-}" = --durable ]; then durable=1; shift; fi
[ $# -gt 0 ] || { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }

find_bin() {
  local dir
  for dir in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) /usr/local/pgsql/bin /opt/homebrew/bin; do
    if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then echo "$dir"; return; fi
  done
  if command -v initdb >/dev/null; then dirname "$(command -v initdb)"; fi
}

install_server() {
  local root=
  if [ "$(id -u)" != 0 ]; then root="sudo -n"; fi
  if command -v apt-get >/dev/null; then
    if $root sh -c 'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends postgresql' >&2; then return; fi
  fi
  echo "The tests need a PostgreSQL server. Install it with: sudo apt-get install postgresql" >&2
  exit 1
}

bin=$(find_bin)
if [ -z "$bin" ]; then install_server; bin=$(find_bin); fi
[ -n "$bin" ] || { echo "PostgreSQL was installed but its initdb was not found in /usr/lib/postgresql" >&2; exit 1; }

# A socket's path may have 107 bytes, so the folder stays short.
dir=$(mktemp -d /tmp/kith-pg.XXXXXX)
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown postgres "$dir"
  as() { setpriv --reuid=postgres --regid="$(id -g postgres)" --clear-groups env -C / HOME="$dir" "$@"; }
fi

stop() {
  if [ -f "$dir/data/postmaster.pid" ]; then
    as "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null || true
  fi
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

options="-c listen_addresses= -c unix_socket_directories=$dir -c max_connections=200"
if [ -z "$durable" ]; then options="$options -c fsync=off -c synchronous_commit=off -c full_page_writes=off"; fi
as "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
as "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -o "$options" -w start >/dev/null || { cat "$dir/server.log" >&2; exit 1; }

export KITH_TEST_DATABASE_URL="postgres://postgres@/postgres?host=$dir"
"$@"
