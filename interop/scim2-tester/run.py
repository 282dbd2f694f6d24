"""Runs scim2-tester against a service provider.

Prints the checks that failed and how many ended how. Exit status 0 means that no check failed and
that no fewer checks ran than expected: a suite that skips everything proves nothing.
"""

import argparse
import collections
import json
import os
import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

PASSED = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}


def main() -> int:
    arguments = read_arguments()
    results = run(arguments)
    ran = [result for result in results if result.status is not Status.SKIPPED]
    failed = [result for result in ran if result.status not in PASSED]
    if arguments.report:
        with open(arguments.report, "w", encoding="utf-8") as report:
            json.dump([row(result) for result in results], report, indent=1)
    for result in failed:
        reason = str(result.reason)[:600]
        print(f"{result.status.name} {result.title} [{result.resource_type}] {reason}")
    counts = collections.Counter(result.status.name for result in results)
    print("scim2-tester: " + ", ".join(f"{n} {status}" for status, n in sorted(counts.items())))
    if len(ran) < arguments.at_least:
        print(f"only {len(ran)} checks ran, expected at least {arguments.at_least}")
        return 1
    return 1 if failed else 0


def read_arguments() -> argparse.Namespace:
    names = lambda text: text.split(",")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base_url")
    parser.add_argument("--types", type=names, help="resource types, such as User,Group")
    parser.add_argument("--at-least", type=int, default=1, help="how many checks must run")
    parser.add_argument("--report", help="a file for all results, as JSON")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> list:
    token = os.environ.get("SCIM_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with Client(base_url=arguments.base_url, headers=headers, timeout=60) as http:
        return check_server(SyncSCIMClient(http), resource_types=arguments.types)


def row(result) -> dict:
    return {
        "status": result.status.name,
        "check": result.title,
        "resource_type": result.resource_type,
        "reason": str(result.reason),
        "tags": sorted(result.tags),
    }


if __name__ == "__main__":
    sys.exit(main())
