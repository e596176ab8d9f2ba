"""Subscriptions, and the policies of topics and queues."""
import json

from ..loopback import client
from ..resource import Resource, resource_type


@resource_type("AWS::SNS::Subscription", replaced_on=("TopicArn", "Protocol", "Endpoint"))
class Subscription(Resource):
    @classmethod
    def make(cls, properties, region, name, about):
        filtered = {"FilterPolicy": json.dumps(properties["FilterPolicy"])} if "FilterPolicy" in properties else {}
        made = client("sns", region).subscribe(
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            Endpoint=properties["Endpoint"],
            Attributes=filtered,
            ReturnSubscriptionArn=True,
        )
        return made["SubscriptionArn"], {}

    @classmethod
    def change(cls, arn, old, new, region):
        client("sns", region).set_subscription_attributes(
            SubscriptionArn=arn,
            AttributeName="FilterPolicy",
            AttributeValue=json.dumps(new.get("FilterPolicy", {})),
        )

    @classmethod
    def remove(cls, arn, properties, region):
        client("sns", region).unsubscribe(SubscriptionArn=arn)


@resource_type("AWS::SNS::TopicPolicy", attributes=("Id",))
class TopicPolicy(Resource):
    @classmethod
    def make(cls, properties, region, name, about):
        for topic in properties["Topics"]:
            client("sns", region).set_topic_attributes(
                TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(properties["PolicyDocument"])
            )
        return name, {"Id": name}


@resource_type("AWS::SQS::QueuePolicy", attributes=("Id",))
class QueuePolicy(Resource):
    @classmethod
    def make(cls, properties, region, name, about):
        for queue in properties["Queues"]:
            client("sqs", region).set_queue_attributes(
                QueueUrl=queue, Attributes={"Policy": json.dumps(properties["PolicyDocument"])}
            )
        return name, {"Id": name}
