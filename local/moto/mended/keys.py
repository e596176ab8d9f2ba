"""KMS: a key with tags, or with a policy that is a document, crashes moto's CloudFormation."""
import json

from moto.kms.models import Key


def mend() -> None:
    create = Key.create_from_cloudformation_json.__func__

    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **about):
        properties = dict(cloudformation_json["Properties"])
        properties["Tags"] = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in properties.get("Tags", [])]
        if not isinstance(properties["KeyPolicy"], str):
            properties["KeyPolicy"] = json.dumps(properties["KeyPolicy"])
        declared = {**cloudformation_json, "Properties": properties}
        return create(cls, resource_name, declared, account_id, region_name, **about)

    Key.create_from_cloudformation_json = classmethod(create_from_cloudformation_json)
