"""What a function in Python has loaded before it does anything: the clients that a check needs."""

import boto3

boto3.client("secretsmanager")
boto3.client("sns")
