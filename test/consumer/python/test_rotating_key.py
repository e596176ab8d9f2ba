"""What the recipe does by itself, without a network: `python -m unittest`."""

import asyncio
import json
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

import anthropic
from botocore.exceptions import ClientError
from rotating_key import KeyUnavailable, RotatingKey, anthropic_client, async_anthropic_client, httpx

SECRET = "anthropic/prod/api-1"
QUESTION = {"model": "claude-haiku-5-5", "max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}]}
MESSAGE = {
    **{"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-haiku-5-5"},
    **{"content": [], "stop_reason": "end_turn", "usage": {"input_tokens": 1, "output_tokens": 1}},
}


def new_key(name: str) -> str:
    return f"sk-ant-api03-{name.ljust(40, 'x')}"


class World:
    """A secret, an Anthropic and a clock. Stands in for the boto3 client."""

    def __init__(self, text: str = new_key("first"), **options) -> None:
        self.text, self.now, self.reads, self.sent = text, 1e9, 0, []
        self.alive = {text}
        self.error = None
        self.meanwhile = lambda: None
        self.key = RotatingKey(SECRET, client=self, now=lambda: self.now, **options)
        transport = httpx.MockTransport(self.answer)
        self.client = httpx.Client(transport=transport, auth=self.key)
        self.async_client = httpx.AsyncClient(transport=transport, auth=self.key)

    def get_secret_value(self, **params):
        self.reads += 1
        assert params == {"SecretId": SECRET}
        self.meanwhile()
        if self.error:
            raise self.error
        return {"SecretString": self.text}

    def answer(self, request):
        given = [request.headers.get("x-api-key"), request.headers.get("authorization")]
        self.sent.append(given)
        values = {value.removeprefix("Bearer ") for value in given if value}
        assert len(values) == 1, "two keys in one attempt"
        return httpx.Response(200 if values <= self.alive else 401, json=MESSAGE)

    def rotate(self) -> None:
        self.text = new_key("next")
        self.alive = {self.text}

    def ask(self, **request) -> int:
        return self.client.post("http://anthropic.invalid/", **(request or {"json": {}})).status_code

    def ask_all(self, count: int):
        with ThreadPoolExecutor(count) as threads:
            return sorted(set(threads.map(lambda _: self.ask(), range(count))))

    async def ask_all_async(self, count: int):
        url = "http://anthropic.invalid/"
        answers = await asyncio.gather(*(self.async_client.post(url, json={}) for _ in range(count)))
        return sorted({answer.status_code for answer in answers})


class Unread(httpx.BaseTransport):
    """Sends the body as it comes, as the real transport does: MockTransport reads all of it first."""

    def __init__(self, world: World) -> None:
        self.world = world

    def handle_request(self, request):
        for _ in request.stream:
            pass
        return self.world.answer(request)


class CountedLock:
    """A lock that knows how many came to it."""

    def __init__(self) -> None:
        self.lock, self.came = threading.Lock(), threading.Semaphore(0)

    def acquire(self, blocking: bool = True) -> bool:
        self.came.release()
        return self.lock.acquire(blocking)

    def release(self) -> None:
        self.lock.release()

    def wait_for(self, count: int) -> None:
        for _ in range(count):
            assert self.came.acquire(timeout=30)


THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}}, "GetSecretValue")


class WhatASecretHolds(unittest.TestCase):
    def test_is_read(self) -> None:
        key = new_key("live")
        for text in (key, f"{key}\n", json.dumps({"ANTHROPIC_API_KEY": key}), json.dumps({"A": 1, "ANTHROPIC_API_KEY": f" {key} "})):
            self.assertEqual(World(text).key.get(), key)
        self.assertEqual(World(json.dumps({"token": key}), field="token").key.get(), key)

    def test_is_refused_by_the_name_of_the_secret_and_not_quoted(self) -> None:
        key = new_key("live")
        expected = f"The secret {SECRET} holds no Anthropic API key: expected sk-ant-… as its text, or in the field ANTHROPIC_API_KEY."
        for text, message in (
            ('{"ANTHROPIC_API_KEY":""}', f"The secret {SECRET} holds no Anthropic API key yet: it is empty."),
            *((text, expected) for text in ("DISABLED", json.dumps({"key": key}), f'{{"ANTHROPIC_API_KEY":"{key}"', f"{key}\n{key}")),
        ):
            with self.assertRaises(KeyUnavailable) as caught:
                World(text).key.get()
            self.assertEqual(str(caught.exception), message)


class HowOftenItReads(unittest.TestCase):
    def test_once_for_all_who_wait(self) -> None:
        world = World(ttl_seconds=60)
        self.assertEqual(world.ask_all(50), [200])
        self.assertEqual(world.reads, 1)
        world.now += 59
        self.assertEqual(world.ask_all(50), [200])
        self.assertEqual(world.reads, 1)
        world.now += 1
        self.assertEqual(asyncio.run(world.ask_all_async(50)), [200])
        self.assertEqual(world.reads, 2)

    def test_once_for_those_who_came_before_it_was_over(self) -> None:
        world = World()
        world.key._lock = lock = CountedLock()
        world.meanwhile = lambda: lock.wait_for(50)
        with ThreadPoolExecutor(50) as threads:
            keys = set(threads.map(lambda _: world.key.get(), range(50)))
        self.assertEqual(keys, {world.text})
        self.assertEqual(world.reads, 1)

    def test_once_for_a_refused_key_that_changed(self) -> None:
        world = World()
        world.ask()
        world.rotate()
        self.assertEqual(world.ask_all(50), [200])
        self.assertEqual(world.reads, 2)

    def test_once_in_five_minutes_for_a_refused_key_that_did_not_change(self) -> None:
        world = World()
        world.alive = set()
        self.assertEqual(world.ask_all(50), [401])
        world.now += 299
        self.assertEqual(asyncio.run(world.ask_all_async(50)), [401])
        self.assertEqual(world.reads, 2)
        world.now += 1
        self.assertEqual(world.ask_all(50), [401])
        self.assertEqual(world.reads, 4)

    def test_one_read_while_many_wait_in_threads(self) -> None:
        world = World()
        world.ask()
        world.rotate()
        gate = threading.Event()
        world.meanwhile = lambda: gate.wait(30)
        with ThreadPoolExecutor(50) as threads:
            asked = [threads.submit(world.ask) for _ in range(50)]
            while sum(given[0] != world.text for given in world.sent) < 51:
                threading.Event().wait(0.001)
            gate.set()
            self.assertEqual({one.result() for one in asked}, {200})
        self.assertEqual(world.reads, 2)

    def test_rarer_while_secrets_manager_fails_and_the_known_key_serves_on(self) -> None:
        world = World()
        world.ask()
        world.now += 300
        world.error = THROTTLED
        tried = []
        for second in range(100):
            before = world.reads
            self.assertEqual([world.ask(), world.ask()], [200, 200])
            if world.reads > before:
                tried.append(second)
            world.now += 1
        self.assertEqual(tried, [0, 1, 3, 7, 15, 31, 61, 91])

    def test_only_one_waits_for_a_read_after_one_that_failed(self) -> None:
        world = World()
        world.ask()
        world.now += 300
        world.error = THROTTLED
        world.ask()
        world.now += 1
        reading, gate = threading.Event(), threading.Event()
        world.meanwhile = lambda: (reading.set(), gate.wait(30))
        with ThreadPoolExecutor(1) as threads:
            hung = threads.submit(world.ask)
            reading.wait(30)
            self.assertEqual(world.ask_all(50), [200])
            self.assertFalse(hung.done())
            gate.set()
            self.assertEqual(hung.result(), 200)
        self.assertEqual(world.reads, 3)

    def test_a_refused_key_without_a_storm_while_secrets_manager_fails(self) -> None:
        world = World()
        world.ask()
        world.rotate()
        world.error = THROTTLED
        self.assertEqual(world.ask_all(50), [401])
        self.assertEqual(world.reads, 2)
        world.error = None
        world.now += 1
        self.assertEqual(world.ask_all(50), [200])
        self.assertEqual(world.reads, 3)


    def test_a_stop_ends_the_use_of_the_key_and_a_key_is_taken_up_within_seconds(self) -> None:
        world = World()
        world.ask()
        old, world.text = world.text, "DISABLED"
        world.now += 300
        for _ in range(3):
            with self.assertRaises(KeyUnavailable):
                world.ask()
        self.assertEqual(world.reads, 2)
        world.text = old
        world.now += 1
        self.assertEqual(world.ask(), 200)


class WhatIsSent(unittest.TestCase):
    def test_a_stream_is_not_sent_twice_and_the_next_request_has_the_new_key(self) -> None:
        world = World()
        world.ask()
        world.rotate()
        world.client._transport = Unread(world)
        self.assertEqual(world.ask(content=iter([b"once"])), 401)
        self.assertEqual(len(world.sent), 2)
        self.assertEqual(world.ask(content=b"again"), 200)
        self.assertEqual(world.reads, 2)

    def test_one_key_in_each_attempt_of_both_clients(self) -> None:
        world = World()
        transport = httpx.MockTransport(world.answer)
        clients = anthropic_client(SECRET, key=world.key), async_anthropic_client(SECRET, key=world.key)
        clients[0]._client._transport = clients[1]._client._transport = transport
        clients[0]._client._mounts = clients[1]._client._mounts = {}
        clients[0].messages.create(**QUESTION)
        old = world.text
        world.rotate()
        asyncio.run(clients[1].messages.create(**QUESTION))
        clients[0].messages.create(**QUESTION)
        self.assertEqual(world.sent, [[old, None], [old, None], [world.text, None], [world.text, None]])

    def test_the_key_replaces_what_stands_for_it_in_authorization_too(self) -> None:
        world = World()
        world.ask(headers={"authorization": "Bearer read-from-secrets-manager"})
        self.assertEqual(world.sent, [[None, f"Bearer {world.text}"]])


class WhatIsShown(unittest.TestCase):
    def test_no_key_by_printing(self) -> None:
        world = World()
        world.key.get()
        for text in (repr(world.key), str(world.key), repr(vars(world.key))):
            self.assertNotIn("sk-ant-api03", text)

    def test_no_key_by_errors(self) -> None:
        key = new_key("live")
        for error in (ValueError(f"cannot parse {key}"), RuntimeError(key[20:40]), ClientError({"Error": {"Message": key}}, "GetSecretValue")):
            world = World()
            world.error = error
            with self.assertRaisesRegex(KeyUnavailable, f"The secret {SECRET} cannot be read: ") as caught:
                world.key.get()
            self.assertNotIn(key[20:40], str(caught.exception))

    def test_why_the_first_read_failed_through_the_client_and_at_once(self) -> None:
        world = World()
        world.error = THROTTLED
        client = anthropic_client(SECRET, key=world.key)
        with self.assertRaisesRegex(KeyUnavailable, "cannot be read: ClientError: .*ThrottlingException"):
            client.messages.create(**QUESTION)
        self.assertEqual(world.reads, 1)
        self.assertIsInstance(KeyUnavailable(""), anthropic.AnthropicError)


class Options(unittest.TestCase):
    def test_bad_ones_are_refused_by_name(self) -> None:
        for options, message in (
            ({"secret_id": ""}, "secret_id is '': expected the name or ARN of a secret."),
            ({"secret_id": new_key("x")}, "secret_id is an API key: expected the name or ARN of the secret that holds it."),
            ({"secret_id": SECRET, "ttl_seconds": 0}, "ttl_seconds is 0: expected 1 to 3600 seconds."),
            ({"secret_id": SECRET, "ttl_seconds": float("nan")}, "ttl_seconds is nan: expected 1 to 3600 seconds."),
        ):
            with self.assertRaises(ValueError) as caught:
                RotatingKey(**options)
            self.assertEqual(str(caught.exception), message)


if __name__ == "__main__":
    unittest.main()
