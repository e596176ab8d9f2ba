"""SNS: an e-mail subscription waits for its confirmation, and a topic counts both kinds; in moto everything is confirmed at
once, and both counts are 0.

Nobody sends the mail with the link here. The token that the link would carry is the id at the end of the subscription's ARN:
ConfirmSubscription with it is the click.
"""
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import Topic
from moto.sns.responses import SNSResponse

confirmed: set = set()


def mend() -> None:
    # Assigned by moto when a topic is made; `confimed` is its spelling.
    Topic.subscriptions_confimed = property(lambda topic: count(topic, waiting=False), lambda topic, value: None)
    Topic.subscriptions_pending = property(lambda topic: count(topic, waiting=True), lambda topic, value: None)
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
    return sum((one.protocol == "email" and one.arn not in confirmed) is waiting for one in subscriptions)
