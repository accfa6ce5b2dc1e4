#!/usr/bin/env bash
# Finds and runs the fuzz targets of every module.
#
#   tools/fuzz.sh list         one target a line: module, package, name
#   tools/fuzz.sh run 20s      each for that long, one worker; a finding makes
#                              the exit status 1, after all targets have run
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}

targets() {
	local module dir package file name
	find . -name go.mod -not -path './.*' -not -path './build/*' | sed 's|/go.mod$||' | sort | while read -r module; do
		(cd "$module" && "$go" list -f '{{.Dir}} {{.ImportPath}}' ./...) | while read -r dir package; do
			for file in "$dir"/*_test.go; do
				[ -f "$file" ] || continue
				sed -n 's/^func \(Fuzz[A-Z0-9_][A-Za-z0-9_]*\)(.*/\1/p' "$file"
			done | sort | while read -r name; do
				echo "$module $package $name"
			done
		done
	done
}

# One target. Go's fuzzer sometimes reports its own deadline as a failure; that
# is no finding, because no input was written.
one() {
	local module=$1 package=$2 name=$3 time=$4 log
	log=$(mktemp)
	if (cd "$module" && "$go" test -run '^$' -fuzz "^$name\$" -fuzztime "$time" -parallel 1 "$package") >"$log" 2>&1; then
		echo "ok    $package $name $(grep -o 'execs: [0-9]*' "$log" | tail -1)"
	elif grep -q 'context deadline exceeded' "$log" && ! grep -q 'Failing input written' "$log"; then
		echo "ok    $package $name (the fuzzer ended late) $(grep -o 'execs: [0-9]*' "$log" | tail -1)"
	else
		cat "$log"
		echo "FAIL  $package $name"
		rm -f "$log"
		return 1
	fi
	rm -f "$log"
}

case ${1:-} in
list)
	targets
	;;
run)
	passed=0 failed=0
	all=$(targets)
	[ -n "$all" ] || { echo "fuzz: no targets found" >&2; exit 1; }
	while read -r module package name; do
		if one "$module" "$package" "$name" "${2:-20s}"; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
		fi
	done <<<"$all"
	echo "fuzz: $passed passed, $failed failed"
	[ "$failed" -eq 0 ]
	;;
*)
	echo "usage: tools/fuzz.sh list | run TIME" >&2
	exit 2
	;;
esac
