#!/bin/sh
# Makes ui/dist and, with --deps, ui/node_modules. Both are kept in $UI_CACHE under the hash of what they are made from,
# so that a fresh clone on a warm machine needs neither npm nor a build.
set -eu
cd "$(dirname "$0")"
cache=${UI_CACHE:-$HOME/.cache/baoxue/ui}
mkdir -p "$cache"

sum() { cat "$@" | sha256sum | cut -c1-16; }

need_node() {
	if ! command -v npm >/dev/null 2>&1 || [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -lt 20 ]; then
		echo "Node.js 20 or newer with npm is missing: install the packages 'nodejs' and 'npm' (Debian, Ubuntu), or put node and npm into PATH" >&2
		exit 1
	fi
}

deps() {
	need_node
	modules="$cache/npm-$(sum package-lock.json)"
	if [ ! -d "$modules/node_modules" ]; then
		fresh=$(mktemp -d "$cache/npm-new.XXXXXX")
		cp package.json package-lock.json .npmrc "$fresh"
		(cd "$fresh" && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error >&2)
		# Somebody else may have been faster; theirs is as good.
		mv -T "$fresh" "$modules" 2>/dev/null || rm -rf "$fresh"
	fi
	if [ ! -e node_modules ] || [ -L node_modules ]; then
		[ "$(readlink node_modules 2>/dev/null || true)" = "$modules/node_modules" ] || ln -sfn "$modules/node_modules" node_modules
	else
		(npm ls --all >/dev/null 2>&1) || npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error >&2
	fi
}

# Everything that decides about the bytes of dist.
key=$(sum package-lock.json build.mjs build/*.mjs boot.scss bx.css web.css icons.txt favicon.svg app.ts charts.ts src/*)
dist="$cache/dist-$key"
[ "${1:-}" = --deps ] && deps
if [ ! -f "$dist/manifest.json" ]; then
	deps
	fresh=$(mktemp -d "$cache/dist-new.XXXXXX")
	node build.mjs "$fresh"
	chmod 755 "$fresh"
	mv -T "$fresh" "$dist" 2>/dev/null || rm -rf "$fresh"
fi
# Files that did not change keep their time, so that cargo does not compile anew.
if [ ! -f dist/manifest.json ] || [ "$(cat .dist-key 2>/dev/null || true)" != "$key" ]; then
	rm -rf dist
	cp -Rp "$dist" dist
	echo "$key" >.dist-key
fi
