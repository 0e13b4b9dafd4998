#!/usr/bin/env bash
# scripts/check_lua.sh [--self-test] FILE...: each Lua script that runs in Redis is valid Lua 5.1, starts with its
# contract, and touches only keys that were passed to it (a key built inside a script breaks Redis Cluster).
set -euo pipefail

luac=$(command -v luac5.1 || command -v luac)

check() {
  local file=$1 failed=0 header word line name
  fail() { printf '%s: %s\n' "$file" "$*" >&2; failed=1; }

  "$luac" -p "$file" || failed=1

  header=$(sed -n '/^--/!q;p' "$file") # the comment that the file starts with
  for word in KEYS ARGV Returns; do
    if ! grep -q "$word" <<<"$header"; then fail "the header does not say what $word is (purpose, KEYS[n], ARGV[n], Returns)"; fi
  done
  if [[ -z $header || $header == --*KEYS* && $(head -n 1 "$file") == *KEYS* ]]; then
    fail "the header starts with what the script is for"
  fi
  while read -r word; do
    if ! grep -qF "$word" <<<"$header"; then fail "uses $word, which the header does not name"; fi
  done < <(sed 's/--.*//' "$file" | grep -oE 'KEYS\[[0-9]+\]' | sort -u)

  while IFS= read -r line; do
    fail "builds a key: pass it in KEYS instead ($line)"
  done < <(sed 's/--.*//' "$file" | grep -nE "['\"]fuju:|redis\.p?call\(\s*['\"][A-Za-z]+['\"]\s*,[^,)]*\.\." || true)
  # A key that was joined first and used afterwards.
  while read -r name; do
    if sed 's/--.*//' "$file" | grep -qE "redis\.p?call\(\s*['\"][A-Za-z]+['\"]\s*,\s*$name\s*[,)]"; then
      fail "builds the key '$name': pass it in KEYS instead"
    fi
  done < <(sed 's/--.*//' "$file" | sed -nE 's/^\s*(local\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=.*\.\..*/\2/p' | sort -u)
  return $failed
}

self_test() {
  local folder wrong=0 header=$'-- Counts.\n-- KEYS[1] a counter\n-- ARGV none\n-- Returns the count\n'
  folder=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder of now is meant
  trap "rm -rf '$folder'" RETURN
  expect() { # expect pass|fail TEXT
    printf '%s\n' "$2" >"$folder/case.lua"
    local got=pass
    check "$folder/case.lua" 2>/dev/null || got=fail
    if [[ $got != "$1" ]]; then printf 'check_lua.sh --self-test: expected %s:\n%s\n' "$1" "$2" >&2; wrong=1; fi
  }
  expect pass "${header}return redis.call('INCR', KEYS[1])"
  expect pass "${header}local label = 'a' .. 'b'
return redis.call('HSET', KEYS[1], 'label', label)"
  expect fail "return redis.call('INCR', KEYS[1])"
  expect fail "${header}return redis.call('INCR', KEYS[1]"
  expect fail "${header}return redis.call('INCR', KEYS[2])"
  expect fail "${header}return redis.call('INCR', KEYS[1] .. ':n')"
  expect fail "${header}return redis.call('INCR', 'fuju:x')"
  expect fail "${header}local key = KEYS[1] .. ':n'
return redis.call('INCR', key)"
  return $wrong
}

if [[ ${1:-} == --self-test ]]; then
  self_test
  exit
fi
status=0
for file in "$@"; do
  check "$file" || status=1
done
exit $status
