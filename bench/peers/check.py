"""The check as a script: is the live key of a secret alive? check.py SECRET same|one

With `same`, by the calls of our check, which need the age and the labels. With `one`, by nothing but the key.
"""

import json
import os
import sys
import urllib.request

import boto3

secret, calls = sys.argv[1:]
client = boto3.client("secretsmanager")

if calls == "same":
    description = client.describe_secret(SecretId=secret)
    print(description["Name"], description.get("LastChangedDate"))
    listed = client.list_secret_version_ids(SecretId=secret, IncludeDeprecated=True)
    for version in listed["Versions"]:
        print(version["CreatedDate"], version.get("VersionStages", []))
key = json.loads(client.get_secret_value(SecretId=secret)["SecretString"])["ANTHROPIC_API_KEY"]

message = {"model": "claude-haiku-5-5", "max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}]}
request = urllib.request.Request(
    os.environ["ANTHROPIC_BASE_URL"] + "/v1/messages",
    data=json.dumps(message).encode(),
    headers={"x-api-key": key, "anthropic-version": "2023-06-01", "content-type": "application/json"},
)
with urllib.request.urlopen(request, timeout=10) as response:
    print(secret, response.status)
