"""Secrets, their resource policies and rotation schedules.

CloudFormation writes SecretString over the live value when, and only when, the text differs from the last template's. A
rotation schedule is the call RotateSecret with RotateImmediately = RotateImmediatelyOnUpdate, and its removal
CancelRotateSecret. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SecretsManager.html
"""
import json

from ..loopback import client
from ..resource import Resource, picked, resource_type, whole_numbers


@resource_type("AWS::SecretsManager::Secret", attributes=("Id",), replaced_on=("Name",))
class Secret(Resource):
    @classmethod
    def make(cls, properties, region, name, about):
        stack = about.get("StackId", "")
        own_tags = {
            "aws:cloudformation:stack-name": stack.split("/")[1] if stack else "",
            "aws:cloudformation:logical-id": about.get("LogicalId", ""),
            "aws:cloudformation:stack-id": stack,
        }
        tags = [*properties.get("Tags", []), *({"Key": k, "Value": v} for k, v in own_tags.items())]
        wanted = picked(properties, "Name", "Description", "KmsKeyId", "SecretString")
        arn = client("secretsmanager", region).create_secret(**{"Name": name, **wanted}, Tags=tags)["ARN"]
        return arn, {"Id": arn}

    @classmethod
    def change(cls, arn, old, new, region):
        secrets = client("secretsmanager", region)
        changed = {name: value for name, value in picked(new, "Description", "KmsKeyId").items() if old.get(name) != value}
        if changed:
            secrets.update_secret(SecretId=arn, **changed)
        kept = {tag["Key"] for tag in new.get("Tags", [])}
        gone = [tag["Key"] for tag in old.get("Tags", []) if tag["Key"] not in kept]
        if gone:
            secrets.untag_resource(SecretId=arn, TagKeys=gone)
        if new.get("Tags", []) != old.get("Tags", []):
            secrets.tag_resource(SecretId=arn, Tags=new["Tags"])
        if new.get("SecretString") != old.get("SecretString"):
            secrets.put_secret_value(SecretId=arn, SecretString=new["SecretString"])

    @classmethod
    def remove(cls, arn, properties, region):
        client("secretsmanager", region).delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


@resource_type("AWS::SecretsManager::ResourcePolicy", replaced_on=("SecretId",))
class ResourcePolicy(Resource):
    @classmethod
    def make(cls, properties, region, name, about):
        client("secretsmanager", region).put_resource_policy(
            SecretId=properties["SecretId"], ResourcePolicy=json.dumps(properties["ResourcePolicy"])
        )
        return properties["SecretId"], {}

    @classmethod
    def remove(cls, secret, properties, region):
        client("secretsmanager", region).delete_resource_policy(SecretId=secret)


@resource_type("AWS::SecretsManager::RotationSchedule", replaced_on=("SecretId",))
class RotationSchedule(Resource):
    @classmethod
    def make(cls, properties, region, name, about):
        client("secretsmanager", region).rotate_secret(
            SecretId=properties["SecretId"],
            RotationLambdaARN=properties["RotationLambdaARN"],
            RotationRules=whole_numbers(properties["RotationRules"], "AutomaticallyAfterDays"),
            RotateImmediately=str(properties.get("RotateImmediatelyOnUpdate", True)).lower() == "true",
        )
        return properties["SecretId"], {}

    @classmethod
    def remove(cls, secret, properties, region):
        client("secretsmanager", region).cancel_rotate_secret(SecretId=secret)
