"""SNS: a topic counts its subscriptions; in moto both counts are always 0. moto confirms every subscription at once."""
from moto.sns.models import Topic


def mend() -> None:
    Topic.subscriptions_confimed = property(confirmed, lambda self, value: None)  # moto's spelling


def confirmed(self):
    return sum(one.topic is self for one in self.sns_backend.subscriptions.values())
