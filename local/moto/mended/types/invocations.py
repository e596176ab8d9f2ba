"""What becomes of asynchronous invocations that fail to the end."""
from ..loopback import client
from ..resource import Resource, picked, resource_type, whole_numbers


@resource_type("AWS::Lambda::EventInvokeConfig", replaced_on=("FunctionName",))
class EventInvokeConfig(Resource):
    @classmethod
    def make(cls, properties, region, name, about):
        wanted = picked(properties, "MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
        client("lambda", region).put_function_event_invoke_config(
            FunctionName=properties["FunctionName"],
            **whole_numbers(wanted, "MaximumRetryAttempts", "MaximumEventAgeInSeconds"),
        )
        return name, {}
