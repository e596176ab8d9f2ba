"""Alarms. They are kept and described; nothing evaluates them."""
from ..loopback import client
from ..resource import Resource, resource_type, whole_numbers


@resource_type("AWS::CloudWatch::Alarm", attributes=("Arn",), replaced_on=("AlarmName",))
class Alarm(Resource):
    @classmethod
    def make(cls, properties, region, name, about):
        wanted = whole_numbers(properties, "EvaluationPeriods", "Period", "DatapointsToAlarm")
        client("cloudwatch", region).put_metric_alarm(**{**wanted, "Threshold": float(properties["Threshold"])})
        alarms = client("cloudwatch", region).describe_alarms(AlarmNames=[properties["AlarmName"]])
        return properties["AlarmName"], {"Arn": alarms["MetricAlarms"][0]["AlarmArn"]}

    @classmethod
    def remove(cls, name, properties, region):
        client("cloudwatch", region).delete_alarms(AlarmNames=[name])
