# /// script
# requires-python = ">=3.10"
# dependencies = ["moto[server]==5.2.1"]
# ///
"""moto_server 5.2.1, mended so that a CDK app with rotated secrets deploys to it and runs.

    python3 local/moto/serve.py -p 5000 --runtime http://127.0.0.1:5001

Takes the flags of moto_server, and `--runtime`: the address that runs invocations of deployed functions
(local/deploy/function-runtime.ts). It binds loopback only. What is mended, and after which words of AWS's documentation,
stands at the head of each file in mended/. It patches moto's internals, so it refuses every other version.
"""
import argparse
import os
import sys

WANTED = "5.2.1"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-p", "--port", type=int, required=True)
    parser.add_argument("--runtime", default="", help="address that runs invocations of deployed functions")
    args = parser.parse_args()

    import moto

    if moto.__version__ != WANTED:
        sys.exit(f"moto {moto.__version__} is installed, and {WANTED} is needed: pip install 'moto[server]=={WANTED}'")
    # What is asked of this server from inside must not be sent anywhere else.
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        os.environ.pop(name, None)

    from mended import loopback, mend

    loopback.PORT = args.port
    loopback.RUNTIME = args.runtime
    mend()

    from moto.server import main as serve

    serve(["-H", "127.0.0.1", "-p", str(args.port)])


if __name__ == "__main__":
    main()
