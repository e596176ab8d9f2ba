"""Schedules and their groups. Nothing here ever fires: read the schedule, and invoke what it says."""
from ..loopback import client
from ..resource import Resource, picked, resource_type, whole_numbers


@resource_type("AWS::Scheduler::ScheduleGroup", attributes=("Arn",), replaced_on=("Name",))
class ScheduleGroup(Resource):
    @classmethod
    def make(cls, properties, region, name, about):
        arn = client("scheduler", region).create_schedule_group(Name=properties["Name"])["ScheduleGroupArn"]
        return properties["Name"], {"Arn": arn}

    @classmethod
    def remove(cls, name, properties, region):
        client("scheduler", region).delete_schedule_group(Name=name)


@resource_type("AWS::Scheduler::Schedule", attributes=("Arn",), replaced_on=("Name", "GroupName"))
class Schedule(Resource):
    @classmethod
    def request(cls, properties):
        target = dict(properties["Target"])
        window = properties["FlexibleTimeWindow"]
        if "RetryPolicy" in target:
            target["RetryPolicy"] = whole_numbers(
                target["RetryPolicy"], "MaximumRetryAttempts", "MaximumEventAgeInSeconds"
            )
        return {
            **picked(properties, "Name", "GroupName", "Description", "ScheduleExpression", "ScheduleExpressionTimezone"),
            "FlexibleTimeWindow": whole_numbers(window, "MaximumWindowInMinutes"),
            "Target": target,
        }

    @classmethod
    def make(cls, properties, region, name, about):
        made = client("scheduler", region).create_schedule(**cls.request(properties))
        return properties["Name"], {"Arn": made["ScheduleArn"]}

    @classmethod
    def change(cls, name, old, new, region):
        client("scheduler", region).update_schedule(**cls.request(new))

    @classmethod
    def remove(cls, name, properties, region):
        client("scheduler", region).delete_schedule(Name=name, GroupName=properties["GroupName"])
