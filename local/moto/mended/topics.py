"""SNS: an e-mail subscription waits for its confirmation, a topic lists it as such, and counts both kinds; in moto everything is
confirmed at once, and both counts are 0.

Nobody sends the mail with the link here. The token that the link would carry is the id at the end of the subscription's ARN:
ConfirmSubscription with it is the click.
"""
from copy import copy

from moto.core.responses import ActionResult
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import Topic
from moto.sns.responses import SNSResponse

confirmed: set = set()


def mend() -> None:
    # Assigned by moto when a topic is made; `confimed` is its spelling.
    Topic.subscriptions_confimed = property(lambda topic: count(topic, waiting=False), lambda topic, value: None)
    Topic.subscriptions_pending = property(lambda topic: count(topic, waiting=True), lambda topic, value: None)
    SNSResponse.list_subscriptions_by_topic = list_by_topic
    find = SNSResponse.confirm_subscription

    def confirm_subscription(self):
        token = self._get_param("Token")
        arns = [arn for arn in self.backend.subscriptions if arn.endswith(f":{token}")]
        if not arns:
            raise SNSInvalidParameter("Invalid token")
        confirmed.update(arns)
        return find(self)

    SNSResponse.confirm_subscription = confirm_subscription


def count(topic, waiting):
    subscriptions = [one for one in topic.sns_backend.subscriptions.values() if one.topic is topic]
    return sum(waits(one) is waiting for one in subscriptions)


def waits(subscription):
    return subscription.protocol == "email" and subscription.arn not in confirmed


def list_by_topic(self):
    topic, token = self._get_param("TopicArn"), self._get_param("NextToken")
    subscriptions, next_token = self.backend.list_subscriptions_by_topic(topic, next_token=token)
    return ActionResult({"Subscriptions": [shown(one) for one in subscriptions], "NextToken": next_token})


def shown(subscription):
    """AWS shows a word instead of an ARN where nobody has confirmed."""
    if not waits(subscription):
        return subscription
    row = copy(subscription)
    row.arn = "PendingConfirmation"
    return row
