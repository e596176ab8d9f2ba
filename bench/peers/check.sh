#!/usr/bin/env bash
# The check as a script: is the live key of a secret alive? check.sh SECRET same|one
# With `same`, by the calls of our check, which need the age and the labels. With `one`, by nothing but the key.
set -euo pipefail
secret=$1 calls=$2

if [[ $calls == same ]]; then
  aws secretsmanager describe-secret --secret-id "$secret" \
    --query '[Name, LastChangedDate]' --output text
  aws secretsmanager list-secret-version-ids --secret-id "$secret" --include-deprecated \
    --query 'Versions[].[CreatedDate, join(`,`, VersionStages || `[]`)]' --output text
fi
key=$(aws secretsmanager get-secret-value --secret-id "$secret" --query SecretString --output text | jq -r .ANTHROPIC_API_KEY)

# The key stands in no argument, which every user of the machine could read.
status=$(printf 'x-api-key: %s\n' "$key" | curl --silent --show-error --max-time 10 --output /dev/null --write-out '%{http_code}' \
  --header @- --header 'anthropic-version: 2023-06-01' --header 'content-type: application/json' \
  --data '{"model":"claude-haiku-5-5","max_tokens":1,"messages":[{"role":"user","content":"Hi"}]}' \
  "$ANTHROPIC_BASE_URL/v1/messages")
echo "$secret: $status"
[[ $status == 200 ]]
