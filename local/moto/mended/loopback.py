"""How the server calls itself: through its public API, so that what CloudFormation makes is what each service then shows."""
import boto3
from botocore.config import Config

PORT = 0
# Address that runs invocations of deployed functions; empty where nobody does.
RUNTIME = ""


def endpoint() -> str:
    return f"http://127.0.0.1:{PORT}"


def client(service: str, region: str):
    return boto3.client(
        service,
        endpoint_url=endpoint(),
        region_name=region,
        aws_access_key_id="mended",
        aws_secret_access_key="mended",
        # A function may run for fifteen minutes, and a repeated call would be a second act.
        config=Config(read_timeout=900, retries={"max_attempts": 0}, s3={"addressing_style": "path"}),
    )
