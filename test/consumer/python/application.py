"""An application with the recipe, which a test steers: one order a line on stdin, one answer a line on stdout."""

import asyncio
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import anthropic
import boto3
from botocore.config import Config
from rotating_key import RotatingKey, anthropic_client, async_anthropic_client

QUESTION = {"model": "claude-haiku-5-5", "max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}]}
MOST_AT_ONCE = 200

settings = json.loads(os.environ["APPLICATION"])
clock = {"now": 0.0}


def new_key() -> RotatingKey:
    client = boto3.client(
        "secretsmanager",
        region_name=settings["region"],
        endpoint_url=settings["endpoint"],
        aws_access_key_id="application",
        aws_secret_access_key="none",
        config=Config(retries={"mode": "standard", "total_max_attempts": settings["attempts"]}),
    )
    return RotatingKey(settings["secret_id"], client=client, now=lambda: clock["now"])


def failure(error: BaseException):
    return error.status_code if isinstance(error, anthropic.APIStatusError) else f"{type(error).__name__}: {error}"


async def main() -> None:
    options = {"base_url": settings["url"], "max_retries": 0}
    key = new_key()
    threads = ThreadPoolExecutor(MOST_AT_ONCE)
    with anthropic_client(settings["secret_id"], key=key, **options) as client:
        async with async_anthropic_client(settings["secret_id"], key=key, **options) as async_client:
            loop = asyncio.get_running_loop()

            def in_thread():
                return loop.run_in_executor(threads, lambda: client.messages.create(**QUESTION))

            def as_task():
                return async_client.messages.create(**QUESTION)

            while line := await asyncio.to_thread(sys.stdin.readline):
                order = json.loads(line)
                clock["now"] = order["now"] / 1000
                ask = {"threads": in_thread, "tasks": as_task}[order["with"]]
                answers = await asyncio.gather(*(ask() for _ in range(order["count"])), return_exceptions=True)
                failed = [failure(answer) for answer in answers if isinstance(answer, BaseException)]
                print(json.dumps(failed), flush=True)


asyncio.run(main())
