#!/usr/bin/env bash
# Fails when a Go file is longer than 450 lines: split it by noun. Exceptions
# stand in lines.allow, each with its reason.
set -euo pipefail
cd "$(dirname "$0")/.."
limit=450
bad=0
while read -r file; do
	n=$(wc -l <"$file")
	if [ "$n" -gt "$limit" ] && ! grep -q "^$file " tools/lines.allow; then
		echo "$file: $n lines, more than $limit" >&2
		bad=1
	fi
done < <(tools/gofiles.sh)
exit $bad
