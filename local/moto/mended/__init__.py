"""Repairs of moto 5.2.1, one file per service, applied once before the server starts."""
from . import cloudformation, functions, keys, rotation, secrets, topics
from .types import alarms, bootstrap, doors, invocations, messaging, schedules, vault  # noqa: F401  (they register themselves)


def mend() -> None:
    cloudformation.mend()
    functions.mend()
    keys.mend()
    secrets.mend()
    rotation.mend()
    topics.mend()
