# shellcheck shell=bash
# Sourced by the scripts beside it. Sets REPO and moves there; what is said goes to standard error, so that a script's
# standard output stays its own.

REPO=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd -- "$REPO" || exit 1

say() {
  if [[ -t 2 ]]; then printf '\033[1m== %s\033[0m\n' "$*" >&2; else printf '== %s\n' "$*" >&2; fi
}
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# The comment at the top of the calling script, as its help.
usage() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$0"; }

# Files of the repository, tracked or new but not ignored, that match the patterns, NUL-separated.
repo_files() {
  git -c safe.directory='*' ls-files -z --cached --others --exclude-standard --deduplicate -- "$@" |
    while IFS= read -r -d '' file; do
      if [[ -f $file ]]; then printf '%s\0' "$file"; fi
    done
}

# npm_ci FOLDER: its node_modules as its lock file says, unless they are there already.
npm_ci() {
  local folder=$1 stamp=$1/node_modules/.fuju-lock want
  want=$(sha256sum <"$folder/package-lock.json")
  if [[ -f $stamp && $(<"$stamp") == "$want" ]]; then return 0; fi
  say "npm ci in $folder"
  mkdir -p build
  local log=build/npm-ci.log
  if ! (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error) >"$log" 2>&1; then
    head -n 8 "$log" >&2
    die "npm ci failed in $folder; all of npm's output is in $log"
  fi
  printf '%s\n' "$want" >"$stamp"
}
