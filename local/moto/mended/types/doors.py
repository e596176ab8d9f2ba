"""Aliases of functions."""
from botocore.exceptions import ClientError

from ..loopback import client
from ..resource import Resource, picked, resource_type


@resource_type("AWS::Lambda::Alias", replaced_on=("FunctionName", "Name"))
class Alias(Resource):
    @classmethod
    def make(cls, properties, region, name, about):
        wanted = picked(properties, "FunctionName", "Name", "FunctionVersion", "Description")
        functions = client("lambda", region)
        try:
            return functions.create_alias(**wanted)["AliasArn"], {}
        except ClientError as error:
            # A change, or an alias that moto kept when its function went.
            if "Conflict" not in error.response["Error"]["Code"]:
                raise
            return functions.update_alias(**wanted)["AliasArn"], {}

    @classmethod
    def remove(cls, arn, properties, region):
        client("lambda", region).delete_alias(FunctionName=properties["FunctionName"], Name=properties["Name"])
