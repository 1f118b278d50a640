#!/usr/bin/env bash
# What action.yml runs: fetches the release for this machine, verifies its checksum, audits, says how it ended.
#
# Everything that comes from the workflow is in AUDIT_ACTION_* variables and stays text: it is never evaluated. Lists have
# one item per line, so that an item may hold blanks, quotes or `$(…)`. Written for Bash 3.2, which macOS has, too.
# `.ci/packaging_scripts.py` tests it.
set -euo pipefail

fail() {
  # A workflow command ends at the line's end; `%` starts an escape in it.
  local text=${1//'%'/%25}
  text=${text//$'\r'/%0D}
  text=${text//$'\n'/%0A}
  printf '::error title=audit::%s\n' "$text"
  finish 2
}

# Writes the outputs and ends the step.
finish() {
  local verdict=error file
  case $1 in 0) verdict=clean ;; 1) verdict=findings ;; 3) verdict=incomplete ;; esac
  # With --allow-incomplete, 0 is also the exit code of an incomplete audit: the report knows.
  if [ "$1" = 0 ] && [ -n "${reports:-}" ] && [ -s "$reports/audit.json" ]; then
    verdict=$(sed -n 's/^  "verdict": "\([a-z]*\)",\{0,1\}$/\1/p' "$reports/audit.json" | head -n 1)
  fi
  {
    printf 'verdict=%s\nexit-code=%s\n' "$verdict" "$1"
    for file in sarif json; do
      if [ -n "${reports:-}" ] && [ -s "$reports/audit.$file" ]; then
        printf '%s=%s\n' "$file" "$reports/audit.$file"
      else
        printf '%s=\n' "$file"
      fi
    done
  } >>"${GITHUB_OUTPUT:-/dev/null}"
  exit "$1"
}

target() {
  case ${RUNNER_OS:-}/${RUNNER_ARCH:-} in
    Linux/X64) echo x86_64-unknown-linux-musl ;;
    Linux/ARM64) echo aarch64-unknown-linux-musl ;;
    macOS/X64) echo x86_64-apple-darwin ;;
    macOS/ARM64) echo aarch64-apple-darwin ;;
    Windows/X64 | Windows/ARM64) echo x86_64-pc-windows-msvc ;;   # Windows on ARM runs it
    *) return 1 ;;
  esac
}

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum -- "$1"; else shasum -a 256 -- "$1"; fi | cut -c 1-64
}

download() {
  case $1 in
    https://*) curl --fail --silent --show-error --location --retry 3 --proto '=https' --output "$2" -- "$1" ;;
    file:///*) curl --fail --silent --show-error --proto '=file' --output "$2" -- "$1" ;;
    *) fail "cannot download from $1: give a url that begins with https:// or file:///" ;;
  esac || fail "cannot download $1; is there a release ${version}?"
}

unpack() {
  case $1 in
    *.tar.gz) tar -xzf "$1" -C "$2" ;;
    *) if command -v unzip >/dev/null; then unzip -q "$1" -d "$2"; else tar -xf "$1" -C "$2"; fi ;;
  esac || fail "cannot unpack $1"
}

# Sets `lines` to the lines of a text that are not empty.
split() {
  lines=()
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    [ -z "$line" ] || lines+=("$line")
  done <<<"$1"
}

action=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
version=${AUDIT_ACTION_VERSION:-}
version=${version#v}
[ -n "$version" ] || version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$action/Cargo.toml" | head -n 1)
case $version in
  '' | *[!0-9A-Za-z.+-]*) fail "not a version: $version" ;;
esac
target=$(target) || fail "there is no build for ${RUNNER_OS:-an unknown system} on ${RUNNER_ARCH:-an unknown processor}"

url=${AUDIT_ACTION_URL:-}
if [ -z "$url" ]; then
  [ -n "${AUDIT_ACTION_REPOSITORY:-}" ] || fail "an action that is used from the working tree needs the input url"
  url=${GITHUB_SERVER_URL:-https://github.com}/$AUDIT_ACTION_REPOSITORY/releases/download/v$version
fi
url=${url%/}

name=depaudit-$version-$target
case $target in *windows*) archive=$name.zip ;; *) archive=$name.tar.gz ;; esac
temporary=${RUNNER_TEMP:-${TMPDIR:-/tmp}}
# On Windows: a path that bash, `audit` and the actions of later steps all understand.
if command -v cygpath >/dev/null; then temporary=$(cygpath --mixed "$temporary"); fi
work=$(mktemp -d "$temporary/audit.XXXXXX")
download "$url/$archive" "$work/$archive"
download "$url/SHA256SUMS" "$work/SHA256SUMS"

found=$(sha256 "$work/$archive")
listed=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$work/SHA256SUMS")
[ -n "$listed" ] || fail "SHA256SUMS of the release does not list $archive"
[ "$found" = "$listed" ] || fail "$archive has the checksum $found, but SHA256SUMS says $listed: nothing was run"
pinned=$(printf '%s' "${AUDIT_ACTION_SHA256:-}" | tr 'A-F' 'a-f')
if [ -n "$pinned" ] && [ "$found" != "$pinned" ]; then
  fail "$archive has the checksum $found, but the input sha256 says $pinned: nothing was run"
fi
unpack "$work/$archive" "$work"
program=$work/$name/audit
[ -f "$program" ] || program=$program.exe
[ -f "$program" ] || fail "$archive holds no program"

reports=$work/reports
mkdir "$reports"
arguments=(--format github --no-progress "--report=sarif=$reports/audit.sarif" "--report=json=$reports/audit.json")
if [ "${AUDIT_ACTION_SUMMARY:-true}" = true ]; then arguments+=("--report=markdown=$reports/audit.md"); fi
if [ -n "${AUDIT_ACTION_FAIL_ON:-}" ]; then arguments+=("--fail-on=$AUDIT_ACTION_FAIL_ON"); fi
if [ -n "${AUDIT_ACTION_SINCE:-}" ]; then arguments+=("--since=$AUDIT_ACTION_SINCE"); fi
split "${AUDIT_ACTION_REPORTS:-}"
for line in ${lines[@]+"${lines[@]}"}; do arguments+=("--report=$line"); done
split "${AUDIT_ACTION_ARGS:-}"
arguments+=(${lines[@]+"${lines[@]}"})
split "${AUDIT_ACTION_PATHS:-}"
arguments+=(-- ${lines[@]+"${lines[@]}"})

cd -- "${AUDIT_ACTION_FOLDER:-.}" || fail "there is no folder ${AUDIT_ACTION_FOLDER:-.}"
code=0
# On Windows, bash would rewrite arguments that look like paths.
MSYS2_ARG_CONV_EXCL='*' "$program" "${arguments[@]}" || code=$?
if [ -s "$reports/audit.md" ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  cat "$reports/audit.md" >>"$GITHUB_STEP_SUMMARY"
fi
case $code in
  0 | 1 | 3) finish "$code" ;;
  *) fail "audit could not run (exit code $code): its message is above" ;;
esac
