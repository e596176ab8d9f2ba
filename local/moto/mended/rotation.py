"""Secrets Manager's rotation, after the words of "Rotation by Lambda function" and of RotateSecret.

- RotateSecret needs a function, once named, and is refused while AWSPENDING sits on a version that is not current
- it makes an empty version under AWSPENDING, answers, and then invokes the function four times: createSecret, setSecret,
  testSecret, finishSecret; a step that fails ends the rotation, and AWSPENDING stays
- with RotateImmediately false only testSecret runs, on a temporary version that is removed afterwards
- CancelRotateSecret turns rotation off

Not here: Secrets Manager's own retries, and rotation windows that open by themselves.
"""
import json
import threading
import time

import moto.secretsmanager.models as models
from moto.secretsmanager.exceptions import InvalidRequestException, SecretNotFoundException

from .loopback import client
from .secrets import take_labels

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")


def mend() -> None:
    models.SecretsManagerBackend.rotate_secret = rotate_secret


def rotate_secret(
    self,
    secret_id,
    client_request_token=None,
    rotation_lambda_arn=None,
    rotation_rules=None,
    rotate_immediately=True,
):
    if secret_id not in self.secrets:
        raise SecretNotFoundException()
    secret = self.secrets[secret_id]
    if secret.is_deleted():
        raise InvalidRequestException("You can't perform this operation on the secret because it was marked for deletion.")
    pending = next((one for one in secret.versions.values() if "AWSPENDING" in one["version_stages"]), None)
    if pending and "AWSCURRENT" not in pending["version_stages"]:
        raise InvalidRequestException("A previous rotation isn't complete. That rotation will be reattempted.")
    function_arn = rotation_lambda_arn or secret.rotation_lambda_arn
    if not function_arn:
        raise InvalidRequestException("No Lambda rotation function ARN is associated with this secret.")

    configure(secret, function_arn, rotation_rules)
    token = self._from_client_request_token(client_request_token)
    if rotate_immediately:
        take_labels(secret, ["AWSPENDING"])
        secret.versions[token] = new_version(token)
        work = rotate
    else:
        current = secret.versions[secret.default_version_id]
        secret.versions[token] = {**new_version(token), "secret_string": current["secret_string"]}
        work = test
    threading.Thread(target=work, args=(secret, function_arn, token), daemon=True).start()
    return json.dumps({"ARN": secret.arn, "Name": secret.name, "VersionId": token})


def configure(secret, function_arn, rules):
    secret.rotation_requested = True
    secret.rotation_enabled = True
    secret.rotation_lambda_arn = function_arn
    if rules:
        secret.auto_rotate_after_days = rules.get("AutomaticallyAfterDays", 0)
    secret.next_rotation_date = int(time.time()) + secret.auto_rotate_after_days * 86400


def new_version(token):
    return {"createdate": int(time.time()), "version_id": token, "version_stages": ["AWSPENDING"]}


def rotate(secret, function_arn, token):
    if all(succeeds(secret, function_arn, token, step) for step in STEPS):
        secret.last_rotation_date = int(time.time())
        secret.next_rotation_date = secret.last_rotation_date + secret.auto_rotate_after_days * 86400
        take_labels(secret, ["AWSPENDING"])


def test(secret, function_arn, token):
    succeeds(secret, function_arn, token, "testSecret")
    secret.versions.pop(token, None)


def succeeds(secret, function_arn, token, step):
    answer = client("lambda", secret.region).invoke(
        FunctionName=function_arn,
        Payload=json.dumps({"Step": step, "SecretId": secret.arn, "ClientRequestToken": token}),
    )
    return "FunctionError" not in answer
