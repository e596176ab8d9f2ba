"""Secrets Manager's versions and labels, after the words of its API reference.

- a put that names labels takes them from the versions that had them; one that becomes current leaves labels of our own on the
  version before, and takes AWSPENDING off another version
- "If this value is AWSCURRENT … Secrets Manager automatically moves AWSPREVIOUS to the version that AWSCURRENT was removed
  from", and readers get the new value; AWSCURRENT is never without a version
- a label moves only from the version that is named: RemoveFromVersionId is a compare-and-swap
- ListSecretVersionIds gives each version its own date, pages, and shows unlabelled versions only when asked
"""
import json
import time

import moto.secretsmanager.models as models
import moto.secretsmanager.responses as responses
from moto.secretsmanager.exceptions import InvalidParameterException, SecretNotFoundException


def mend() -> None:
    models.FakeSecret.reset_default_version = make_current
    models.FakeSecret.remove_version_stages_from_old_versions = take_labels
    models.SecretsManagerBackend.update_secret_version_stage = update_secret_version_stage
    responses.SecretsManagerResponse.list_secret_version_ids = list_secret_version_ids
    models.FakeSecret._form_version_ids_to_stages = labelled_versions


def take_labels(self, labels):
    for version in self.versions.values():
        version["version_stages"] = [label for label in version["version_stages"] if label not in labels]


def make_current(self, new_version, version_id):
    before = self.versions.get(self.default_version_id or "")
    take_labels(self, [*new_version["version_stages"], "AWSPREVIOUS", "AWSPENDING"])
    if before is not None:
        before["version_stages"].append("AWSPREVIOUS")
    self.versions[version_id] = new_version
    self.default_version_id = version_id


def update_secret_version_stage(self, secret_id, version_stage, remove_from_version_id, move_to_version_id):
    if secret_id not in self.secrets:
        raise SecretNotFoundException()
    secret = self.secrets[secret_id]
    for version_id in (remove_from_version_id, move_to_version_id):
        if version_id and version_id not in secret.versions:
            raise InvalidParameterException(f"Not a valid version: {version_id}")
    holder = next((i for i, one in secret.versions.items() if version_stage in one["version_stages"]), None)
    if version_stage == "AWSCURRENT" and not move_to_version_id:
        raise InvalidParameterException(
            "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed."
        )
    if holder == move_to_version_id and not remove_from_version_id:
        return secret.arn, secret.name
    if holder != remove_from_version_id and (holder or remove_from_version_id):
        raise InvalidParameterException(
            f"Staging label {version_stage} is attached to version {holder}: "
            "RemoveFromVersionId has to name that version, and no other."
        )
    take_labels(secret, [version_stage])
    if move_to_version_id:
        secret.versions[move_to_version_id]["version_stages"].append(version_stage)
    if version_stage == "AWSCURRENT":
        take_labels(secret, ["AWSPREVIOUS"])
        secret.versions[holder]["version_stages"].append("AWSPREVIOUS")
        secret.default_version_id = move_to_version_id
    secret.last_changed_date = int(time.time())
    return secret.arn, secret.name


def list_secret_version_ids(self):
    secret = self.backend.describe_secret(self._get_param("SecretId"))
    deprecated_too = self._get_bool_param("IncludeDeprecated", False)
    rows = [
        {"VersionId": version_id, "CreatedDate": one["createdate"], "VersionStages": one["version_stages"]}
        for version_id, one in secret.versions.items()
        if one["version_stages"] or deprecated_too
    ]
    start, most = int(self._get_param("NextToken") or 0), int(self._get_param("MaxResults") or 100)
    page = {"ARN": secret.arn, "Name": secret.name, "Versions": rows[start : start + most]}
    return json.dumps(page if start + most >= len(rows) else {**page, "NextToken": str(start + most)})


def labelled_versions(self):
    return {i: one["version_stages"] for i, one in self.versions.items() if one["version_stages"]}
