#!/usr/bin/env bash
# Prints the Go files of the work tree, one a line: what git tracks or would
# track, or, outside a git checkout, every file that is not in a hidden folder.
set -euo pipefail
cd "$(dirname "$0")/.."
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
	git ls-files --cached --others --exclude-standard '*.go' | while read -r f; do
		if [ -f "$f" ]; then echo "$f"; fi
	done
else
	find . -name '*.go' -not -path './.*' | sed 's|^\./||'
fi
