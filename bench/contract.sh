#!/bin/sh
# Holds the interface of a running sample county against its own document with schemathesis (T-89):
#   bench/contract.sh http://127.0.0.1:8080 [ACCOUNT]
# Needs schemathesis 4 (`pip install schemathesis`; SCHEMATHESIS names the program) and curl. It signs in as ACCOUNT, the
# bureau unless named, and sends thousands of requests, writes among them: only to a sample county.
set -eu

url=${1:?the address of the running sample county}
account=${2:-jiaotiju}
st=${SCHEMATHESIS:-st}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

page=$(curl -s -c "$folder/cookies" "$url/login")
form=$(printf '%s' "$page" | sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' | head -1)
row=$(printf '%s' "$page" | tr -d '\n' | sed "s/.*>$account<//")
code=$(printf '%s' "$row" | sed 's/translate="no">/\n/g' | sed -n '2p' | cut -c1-6)
curl -s -o "$folder/answer" -b "$folder/cookies" -c "$folder/cookies" -H "Origin: $url" \
    --data-urlencode "csrf=$form" --data-urlencode "login=$account" \
    --data-urlencode "password=Yige-Haizi-Ye-Bushao" --data-urlencode "code=$code" "$url/login"
session=$(awk '$6 == "bx" { print $7 }' "$folder/cookies")
[ -n "$session" ] || { echo "signing in as $account failed: is $url a sample county?" >&2; exit 2; }
token=$(curl -s -H "Cookie: bx=$session" "$url/api/v1/me" | sed -n 's/.*"csrf":"\([^"]*\)".*/\1/p')

curl -s -H "Cookie: bx=$session" -o "$folder/openapi.json" "$url/api/v1/openapi.json"
printf '[auth.openapi.session]\napi_key = "%s"\n' "$session" > "$folder/config.toml"

# It keeps what it found beside itself.
cd "$folder"
"$st" --config-file config.toml --no-color run openapi.json --url "$url" --checks all \
    --max-examples "${EXAMPLES:-50}" --seed 1 -H "X-CSRF-Token: $token" -H "Origin: $url"
