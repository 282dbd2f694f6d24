"""Serves SCIM from memory with scim2-server, on a port of loopback that the system chooses.

With --more it serves the resource types of ../resource-types.json besides User and Group. The
bearer token comes in SCIM_TOKEN; without it a new one is made.
"""

import argparse
import json
import os
import pathlib
import secrets
import signal
import socketserver
import sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from scim2_models import ResourceType, Schema, ScimProvider
from scim2_server.memory import InMemoryStorage
from scim2_server.service import ScimService
from scim2_server.testserver.application import BEARER_TOKEN_SCHEME, BearerTokenApplication
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)

FOLDER = pathlib.Path(__file__).resolve().parent.parent


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--more", action="store_true", help="serve further resource types")
    more = parser.parse_args().more
    token = os.environ.get("SCIM_TOKEN") or secrets.token_hex(16)
    application = application_with(provider(more), token)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with make_server("127.0.0.1", 0, application, Server, Silent) as server:
        print(f"BASE_URL=http://127.0.0.1:{server.server_port}/v2")
        print(f"TOKEN={token}", flush=True)
        server.serve_forever()


def provider(more: bool) -> ScimProvider:
    schemas = list(load_default_schemas().values())
    resource_types = list(load_default_resource_types().values())
    if more:
        schemas += map(Schema.model_validate, read("schemas.json"))
        resource_types += map(ResourceType.model_validate, read("resource-types.json"))
    config = load_default_service_provider_config()
    config.authentication_schemes = [BEARER_TOKEN_SCHEME]
    return ScimProvider.from_discovery(schemas, resource_types, config=config)


def read(name: str) -> list:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def application_with(served: ScimProvider, token: str) -> BearerTokenApplication:
    service = ScimService(served, secret=secrets.token_urlsafe(32))
    return BearerTokenApplication(
        InMemoryStorage(), served, service=service, bearer_tokens=[token]
    )


if __name__ == "__main__":
    main()
