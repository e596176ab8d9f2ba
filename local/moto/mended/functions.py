"""Lambda.

- invocations are run by the address in `--runtime`; moto would need Docker, or answers "happy path OK"
- an asynchronous invocation answers at once and runs after that
- a function is told the ARN that it was invoked by, with the alias or version in it
- GetFunction says where the deployed code can be downloaded, by a presigned address of the staging bucket
- Architectures and TracingConfig of a template are kept
- a permission has an id, as stacks that are described need
"""
import json
import threading
import urllib.request

from moto.awslambda.models import LambdaBackend, LambdaFunction, Permission
from moto.awslambda.responses import LambdaResponse

from . import loopback


def mend() -> None:
    LambdaResponse.invoke = by_its_qualifier(LambdaResponse.invoke)
    LambdaBackend.invoke = by_its_arn(LambdaBackend.invoke)
    LambdaFunction.invoke = invoke
    LambdaFunction.get_code = with_location(LambdaFunction.get_code)
    LambdaFunction.create_from_cloudformation_json = classmethod(
        keep_more(LambdaFunction.create_from_cloudformation_json.__func__)
    )
    # Without Docker this property raises, and /moto-api/data.json fails as soon as there is a function.
    LambdaFunction.docker_client = property(lambda self: None)
    Permission.physical_resource_id = property(lambda self: f"permission-{id(self):x}")


QUALIFIER = "mended-qualifier"


def by_its_qualifier(invoke):
    """moto looks for a parameter `qualifier`; clients send `Qualifier`."""

    def invoke_by_qualifier(self):
        if "Qualifier" in self.querystring:
            self.querystring["qualifier"] = self.querystring["Qualifier"]
        return invoke(self)

    return invoke_by_qualifier


def by_its_arn(invoke):
    """moto finds the function of an alias, and forgets which alias it was."""

    def invoke_by_arn(self, function_name, qualifier, body, headers, response_headers):
        name = function_name.split(":function:")[-1]
        named = name.split(":")[1] if ":" in name else qualifier
        marked = {**{key.lower(): value for key, value in headers.items()}, QUALIFIER: named}
        return invoke(self, function_name, qualifier, body, marked, response_headers)

    return invoke_by_arn


def invoke(self, body, request_headers, response_headers):
    asynchronous = request_headers.get("x-amz-invocation-type") == "Event"
    arn = ":".join(filter(None, [self.function_arn.removesuffix(":$LATEST"), request_headers.get(QUALIFIER)]))
    if asynchronous:
        threading.Thread(target=run, args=(self, body, arn), daemon=True).start()
        return b""
    answer = run(self, body, arn)
    if not answer["ok"]:
        response_headers["x-amz-function-error"] = "Unhandled"
    return answer["payload"].encode()


def run(function, body, invoked_arn):
    question = {
        "functionName": function.function_name,
        "invokedFunctionArn": invoked_arn,
        "payload": body.decode() if isinstance(body, bytes) else body,
    }
    request = urllib.request.Request(
        loopback.RUNTIME, json.dumps(question).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=900) as response:
        answer = json.load(response)
    function.logs_backend.ensure_log_group(function.logs_group_name)
    function.save_logs(answer["log"] or "(no output)")
    return answer


def with_location(get_code):
    def located(self):
        answer = get_code(self)
        if "S3Bucket" in self.code:
            place = {"Bucket": self.code["S3Bucket"], "Key": self.code["S3Key"]}
            answer["Code"]["Location"] = loopback.client("s3", self.region).generate_presigned_url("get_object", place)
        return answer

    return located


def keep_more(create):
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **about):
        function = create(cls, resource_name, cloudformation_json, account_id, region_name, **about)
        properties = cloudformation_json["Properties"]
        function.architectures = properties.get("Architectures", function.architectures)
        function.tracing_config = properties.get("TracingConfig", function.tracing_config)
        return function

    return create_from_cloudformation_json
