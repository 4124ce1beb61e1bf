#!/usr/bin/env bash
# Fails where running a generator changes a file:
#
#   scripts/generated.sh GENERATOR [ARGUMENT...]
set -euo pipefail

[ $# -gt 0 ] || { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2; }

# What is being worked on may differ from the last commit; only what the
# generator changes counts.
state() { git status --porcelain --untracked-files=all; git diff; }

before=$(state)
"$@"
if [ "$before" != "$(state)" ]; then
  echo "Generated files were not in step; they are now, look at them and commit them:" >&2
  git status --short >&2
  exit 1
fi
