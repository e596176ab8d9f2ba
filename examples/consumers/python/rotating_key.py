"""An Anthropic API key that follows its secret in AWS Secrets Manager through rotations. Copy this file.

    client = anthropic_client("anthropic/prod/api-gateway")
    client.messages.create(...)

    client = async_anthropic_client("anthropic/prod/api-gateway")
    await client.messages.create(...)

The key is read when it is first needed, once however many threads and tasks wait for it, and again when it is five minutes
old (`ttl_seconds`). When Anthropic refuses it with 401, the secret is read again at once, at most once in `ttl_seconds` however many
requests fail. If the secret holds another key by then, the request is sent once more with that key, which nobody notices.
A request whose body is a stream or a file is not sent twice: its 401 reaches you, and the next request has the new key.
While Secrets Manager fails, the key that is known serves on, and reads become rarer: after 1, 2, 4 … 30 seconds.

Needs: pip install anthropic boto3. Tried with anthropic 1.13.0 and boto3 1.43.107 on Python 3.11.
Permission: secretsmanager:GetSecretValue on the secret, and kms:Decrypt if it has a KMS key of its own.
Nothing here prints the key or puts it into an error.
"""

import importlib
import json
import re
import threading
import time
from typing import Any, AsyncGenerator, Callable, Generator, Optional

import anthropic
import anyio.to_thread
import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# The HTTP library of the installed anthropic: httpx2, or httpx before that.
_HTTPX = [kind.__module__.partition(".")[0] for kind in anthropic.DefaultHttpxClient.__mro__]
httpx = importlib.import_module(next(name for name in _HTTPX if name.startswith("httpx")))

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
_KEY = re.compile(r"sk-ant-[A-Za-z0-9_-]{20,250}")
_IN_PLACE_OF_A_KEY = "read-from-secrets-manager"


class KeyUnavailable(anthropic.AnthropicError):
    """There is no key: the secret was never read so far, or holds none. Names the secret, and no value."""


class _Held:
    """A key and when it was read. Printing it shows neither."""

    __slots__ = ("key", "read_at")

    def __init__(self, key: str, read_at: float) -> None:
        self.key, self.read_at = key, read_at


class RotatingKey(httpx.Auth):
    """The key of a secret, for `auth` of an HTTP client of httpx, and by itself: `key.get()`, `await key.aget()`.

    secret_id: name or ARN of the secret. region_name: by default that of the ARN, otherwise the one that boto3 finds.
    client: a boto3 client for `secretsmanager` of yours. field: the field of a JSON secret that holds the key.
    ttl_seconds: how long a key is used before the secret is read again, from 1 to 3600. now: the time in seconds.
    """

    def __init__(
        self,
        secret_id: str,
        *,
        region_name: Optional[str] = None,
        client: Any = None,
        field: str = "ANTHROPIC_API_KEY",
        ttl_seconds: float = 300.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        if not isinstance(secret_id, str) or not secret_id.strip():
            raise ValueError(f"secret_id is {secret_id!r}: expected the name or ARN of a secret.")
        if "sk-ant-" in secret_id:
            raise ValueError("secret_id is an API key: expected the name or ARN of the secret that holds it.")
        if not 1 <= ttl_seconds <= 3600:
            raise ValueError(f"ttl_seconds is {ttl_seconds}: expected 1 to 3600 seconds.")
        self._secret_id, self._field, self._ttl, self._now = secret_id, field, ttl_seconds, now
        self._client, self._region_name = client, region_name
        self._lock = threading.Lock()
        self._held: Optional[_Held] = None
        self._failure: Optional[str] = None
        self._failed_at, self._failures = 0.0, 0
        self._read_for_refusal_at = float("-inf")

    def __repr__(self) -> str:
        return f"RotatingKey({self._secret_id!r})"

    def get(self) -> str:
        """The live key, at most `ttl_seconds` old; older while the secret cannot be read. Raises KeyUnavailable if there is none."""
        held = self._held
        if held is not None and self._is_fresh(held):
            return held.key
        # After a read that failed, only one waits for the next one while a key is known: it may hang as well.
        if not self._lock.acquire(blocking=held is None or self._failures == 0):
            return held.key
        try:
            if not self._is_fresh(self._held) and not self._is_pausing():
                self._read()
            if self._held is None:
                raise KeyUnavailable(self._failure)
            return self._held.key
        finally:
            self._lock.release()

    async def aget(self) -> str:
        """The same without blocking the event loop."""
        held = self._held
        if held is not None and self._is_fresh(held):
            return held.key
        return await anyio.to_thread.run_sync(self.get)

    def sync_auth_flow(self, request: Any) -> Generator[Any, Any, None]:
        key = self.get()
        _put(request, _IN_PLACE_OF_A_KEY, key)
        response = yield request
        if response.status_code == 401:
            replacement = self._replacement_of(key)
            if replacement is not None and _is_replayable(request):
                _put(request, key, replacement)
                yield request

    async def async_auth_flow(self, request: Any) -> AsyncGenerator[Any, Any]:
        key = await self.aget()
        _put(request, _IN_PLACE_OF_A_KEY, key)
        response = yield request
        if response.status_code == 401:
            replacement = await anyio.to_thread.run_sync(self._replacement_of, key)
            if replacement is not None and _is_replayable(request):
                _put(request, key, replacement)
                yield request

    def _replacement_of(self, refused: str) -> Optional[str]:
        """The key to send a refused request again with: None if there is no other one, as far as may be known."""
        with self._lock:
            held = self._held
            if held is not None and held.key == refused:
                if not self._is_pausing() and self._is_over(self._read_for_refusal_at, self._ttl):
                    begun_at = self._now()
                    if self._read():
                        self._read_for_refusal_at = begun_at
                held = self._held
            return None if held is None or held.key == refused else held.key

    def _read(self) -> bool:
        """Reads AWSCURRENT: whoever may read the live key only may not name a version. The lock is held. False if that failed."""
        begun_at = self._now()
        try:
            answer = self._secrets_manager().get_secret_value(SecretId=self._secret_id)
        except Exception as error:  # Whatever it is: the key that is known serves on.
            return self._fail(f"cannot be read: {_describe(error)}")
        if "SecretString" not in answer:
            return self._fail("cannot be read: the answer has no text.")
        found = _text_in(answer["SecretString"], self._field)
        if _KEY.fullmatch(found):
            self._held, self._failure, self._failures = _Held(found, begun_at), None, 0
            return True
        # Text in the place of a key is an answer, perhaps a deliberate stop: the key before it is not used any longer.
        self._held = None
        if found == "":
            return self._fail("holds no Anthropic API key yet: it is empty.")
        return self._fail(f"holds no Anthropic API key: expected sk-ant-… as its text, or in the field {self._field}.")

    def _fail(self, problem: str) -> bool:
        self._failure = f"The secret {self._secret_id} {problem}"
        self._failed_at, self._failures = self._now(), self._failures + 1
        return False

    def _secrets_manager(self) -> Any:
        if self._client is None:
            of_arn = re.match(r"arn:[^:]+:secretsmanager:([^:]+):", self._secret_id)
            self._client = boto3.session.Session().client(
                "secretsmanager",
                region_name=self._region_name or (of_arn.group(1) if of_arn else None),
                config=Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 3}),
            )
        return self._client

    def _is_over(self, since: float, span: float) -> bool:
        """Whether so much time has passed. A clock that was put back has no say."""
        now = self._now()
        return now < since or now >= since + span

    def _is_fresh(self, held: Optional[_Held]) -> bool:
        return held is not None and not self._is_over(held.read_at, self._ttl)

    def _is_pausing(self) -> bool:
        if self._failures == 0:
            return False
        return not self._is_over(self._failed_at, min(FIRST_PAUSE * 2.0 ** min(self._failures - 1, 10), LONGEST_PAUSE))


def anthropic_client(secret_id: str, *, key: Optional[RotatingKey] = None, **options: Any) -> anthropic.Anthropic:
    """`anthropic.Anthropic` with a key that rotates. `options` are its own, without credentials and `http_client`."""
    http_client = anthropic.DefaultHttpxClient(auth=key or RotatingKey(secret_id))
    return anthropic.Anthropic(api_key=_IN_PLACE_OF_A_KEY, http_client=http_client, **options)


def async_anthropic_client(secret_id: str, *, key: Optional[RotatingKey] = None, **options: Any) -> anthropic.AsyncAnthropic:
    """`anthropic.AsyncAnthropic` with a key that rotates. `options` are its own, without credentials and `http_client`."""
    http_client = anthropic.DefaultAsyncHttpxClient(auth=key or RotatingKey(secret_id))
    return anthropic.AsyncAnthropic(api_key=_IN_PLACE_OF_A_KEY, http_client=http_client, **options)


def _put(request: Any, old: str, new: str) -> None:
    """Exchanges one text for another wherever a credential stands, so that no attempt has two keys."""
    places = [name for name in ("x-api-key", "authorization") if old in request.headers.get(name, "")]
    for name in places:
        request.headers[name] = request.headers[name].replace(old, new)
    if not places and old == _IN_PLACE_OF_A_KEY:
        request.headers["x-api-key"] = new


def _is_replayable(request: Any) -> bool:
    """Whether a request can be sent twice: a stream is gone once it was read."""
    return isinstance(request.stream, httpx.ByteStream)


def _text_in(stored: str, field: str) -> str:
    """The text of a field of a JSON object, otherwise the whole text."""
    if not stored.lstrip().startswith("{"):
        return stored.strip()
    try:
        value = json.loads(stored).get(field)
    except ValueError:
        return stored
    return value.strip() if isinstance(value, str) else "no text"


def _describe(error: Exception) -> str:
    """What went wrong with a read. What a parser says may quote what it read: of that, only the kind."""
    name = type(error).__name__
    if not isinstance(error, (BotoCoreError, ClientError)):
        return f"{name}."
    return re.sub(r"sk-ant-[\w-]*", "sk-ant-…", f"{name}: {error}")
