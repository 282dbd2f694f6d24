"""Plays a provisioning job against the service provider of BASE_URL.

provision.py TOOL NAME PROFILE: the example `provision`, what DEVIATIONS calls the service provider,
and the profile of the job; the token comes in SCIM_TOKEN. A source is made up and changes from day
to day. On each day the service provider is read here, without the engine, and compared with the
files of the source. Exit status 1 if they differ, or if the tool does not do as it should.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

# Where the fields of the source go; people and groups are looked for by the first. `active` and
# MANAGER have an expression and a reference.
USERS = {
    "userName": "upn",
    "externalId": "id",
    "displayName": "displayName",
    "name.givenName": "givenName",
    "name.familyName": "surname",
    "title": "jobTitle",
    "preferredLanguage": "language",
    'emails[type eq "work"].value': "mail",
    'emails[type eq "home"].value': "privateMail",
    'phoneNumbers[type eq "mobile"].value': "mobile",
    'addresses[type eq "work"].streetAddress': "street",
    'addresses[type eq "work"].locality': "city",
    "roles": "professions",
    f"{ENTERPRISE}:department": "department",
    f"{ENTERPRISE}:employeeNumber": "number",
}
MANAGER = f"{ENTERPRISE}:manager"
GROUPS = {"displayName": "displayName", "externalId": "id"}

# What the service provider says of a resource itself. Members are read separately.
NOT_MAPPED = {"id", "schemas", "meta", "groups", "members"}
SAID_OF_MANAGERS = {f"{MANAGER}.$ref", f"{MANAGER}.displayName"}

# Whoever deletes a user leaves its id among the members of groups, where it names nothing (RFC 7643
# §4.2). The engine takes members out before it deletes them, but others do not.
KEEPS_DELETED_MEMBERS = "keeps deleted members"
DEVIATIONS = {
    "scim2-server": {KEEPS_DELETED_MEMBERS},
    "scimmy-routers": {KEEPS_DELETED_MEMBERS},
}

# Who is there before the first run and no business of the job.
STRANGERS = [
    ("Users", {"schemas": [USER], "userName": "stranger.1", "title": "Auditor"}),
    ("Users", {"schemas": [USER], "userName": "stranger.2", "externalId": "elsewhere-2"}),
    ("Groups", {"schemas": [GROUP], "displayName": "Strangers", "externalId": "elsewhere-3"}),
]

# The fields that some lose for a day.
LOST = {
    "p2": ["jobTitle"],
    "p3": ["privateMail"],
    "p4": ["city"],
    "p6": ["city", "street", "givenName"],
    "p7": ["manager"],
    "p9": ["professions", "department"],
    "p13": ["mail", "privateMail"],
    "p19": ["department", "number", "manager"],
}


class Fault(Exception):
    """Something is not as it should be."""


class Target:
    """The service provider, without the engine."""

    def __init__(self):
        self.base = os.environ["BASE_URL"]
        self.headers = {
            "Authorization": f"Bearer {os.environ['SCIM_TOKEN']}",
            "Content-Type": "application/scim+json",
        }

    def send(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base}/{path}", data, self.headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def patch(self, place, **operation):
        self.send("PATCH", place, {"schemas": [PATCH], "Operations": [operation]})

    def all(self, endpoint):
        """Every resource by its id, from pages of 40."""
        found = {}
        while True:
            page = self.send("GET", f"{endpoint}?startIndex={len(found) + 1}&count=40")
            resources = page.get("Resources", [])
            for resource in resources:
                if found.setdefault(resource["id"], resource) is not resource:
                    raise Fault(f"{endpoint}: {resource['id']} is in the list twice")
            if not resources or len(found) >= page["totalResults"]:
                break
        if len(found) != page["totalResults"]:
            raise Fault(f"{endpoint}: {len(found)} of {page['totalResults']} were read")
        return found

    def everything(self):
        return {endpoint: self.all(endpoint) for endpoint in ("Users", "Groups")}


class Source:
    """The files of the source."""

    def __init__(self, folder):
        self.folder = folder
        self.people = {f"p{n}": person(n) for n in range(80)}
        # Two managers who report to each other through others.
        self.people["p0"]["manager"] = "p79"
        wards = [group(f"g{n}", f"Ward {n}", [f"p{m}" for m in range(n, 80, 5)]) for n in range(5)]
        others = [
            group("g5", "Everyone", [*self.people]),
            group("g6", "Nobody", []),
            group("g7", "Two wards and one more", ["g0", "g1", "p2"]),
        ]
        self.groups = {one["id"]: one for one in [*wards, *others]}

    def save(self):
        for name, rows in (("people", self.people), ("groups", self.groups)):
            lines = map(json.dumps, [*rows.values(), {"end": True, "count": len(rows)}])
            self.file(name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def read(self, name):
        """What a file says, by the id of each object."""
        lines = self.file(name).read_text(encoding="utf-8").splitlines()
        return {row["id"]: row for row in map(json.loads, lines[:-1])}

    def file(self, name):
        return self.folder / f"{name}.jsonl"


def person(n):
    row = {
        "id": f"p{n}",
        "upn": f"Person.{n}@clinic.example",
        "displayName": f"Zoë Ångström {n}",
        "givenName": "Zoë",
        "surname": f"Ångström {n}",
        "jobTitle": f"Nurse {n % 4}",
        "language": ["de", "en-GB", "fr"][n % 3],
        "mail": f"person.{n}@clinic.example",
        "privateMail": f"zoe.{n}@home.example",
        "mobile": f"+49 30 {9018000 + n}",
        "street": f"Charitéplatz {n}",
        "city": "Berlin",
        "professions": [{"value": "nurse", "display": "Nurse"}, {"value": f"ward-{n % 5}"}],
        "department": f"Ward {n % 5}",
        "number": str(1000 + n),
        "manager": f"p{n // 5}",
        "active": True,
    }
    if n % 2 == 0:
        del row["privateMail"]
    return row


def group(id, name, members):
    return {"id": id, "displayName": name, "members": members}


def job(profile):
    """The job file."""

    def rows(table):
        # Such texts are the same in TOML and in JSON.
        rows = [f"source = {json.dumps(s)}, target = {json.dumps(t)}" for t, s in table.items()]
        rows[0] += ", matching = 1"
        return "".join(f"    {{ {row} }},\n" for row in rows)

    return f"""\
name = "interop"
source = {{ kind = "jsonLines", path = "people.jsonl", groups = "groups.jsonl", end_marker = true }}

[target]
url = "{os.environ['BASE_URL']}"
token_variable = "SCIM_TOKEN"
profile = "{profile}"

[users]
scope = {{ assigned = false }}
removal = {{ hardDeleted = "delete", hardDeletedAfterUnassignment = "delete" }}
mappings = [
    {{ expression = "Not([IsSoftDeleted])", target = "active" }},
    {{ reference = "manager", target = "{MANAGER}" }},
{rows(USERS)}]

[groups]
scope = {{ assigned = false }}
mappings = [
    {{ members = true, target = "members" }},
{rows(GROUPS)}]
"""


def leaves(value, path=""):
    """The values that a resource holds, with their paths as a mapping has them."""
    if isinstance(value, dict):
        for name, inner in value.items():
            between = ":" if path == ENTERPRISE else "." if path else ""
            yield from leaves(inner, f"{path}{between}{name}")
    elif isinstance(value, list):
        for element in value:
            key = "type" if "type" in element else "value"
            rest = {name: inner for name, inner in element.items() if name != key}
            place = f"{path}[{key} eq {json.dumps(element[key])}]"
            if key == "value":
                yield place, True
            # A type alone is what is left where the engine has cleared what it maps.
            yield from leaves(rest, place)
    else:
        yield path, value


class Comparison:
    """What the service provider has, beside what the files of the source say."""

    def __init__(self, resources, source, kept):
        self.faults, self.resources, self.kept = [], resources, kept
        everyone = {**resources["Users"], **resources["Groups"]}
        # What the source calls the resources to which others refer.
        self.names = {id: one.get("externalId", id) for id, one in everyone.items()}
        self.people, self.groups = source.read("people"), source.read("groups")
        self.compare("Users", self.people, self.wanted_of_user)
        self.compare("Groups", self.groups, self.wanted_of_group)

    def compare(self, endpoint, rows, wanted):
        by_external_id = collections.defaultdict(list)
        for resource in self.resources[endpoint].values():
            by_external_id[resource.get("externalId")].append(resource)
        there = len(self.resources[endpoint])
        due = len(rows) + sum(place == endpoint for place, _ in STRANGERS)
        if there != due:
            self.faults.append(f"{endpoint}: {there} are there, and should be {due}")
        for id, row in rows.items():
            found = by_external_id[id]
            if len(found) == 1:
                self.compare_one(id, [*wanted(row), *self.kept.get(id, [])], self.actual(found[0]))
            else:
                self.faults.append(f"{id}: it has {len(found)} resources")

    def compare_one(self, id, wanted, actual):
        # With the number of each, so that nothing is there twice.
        wanted, actual = (collections.Counter(pairs) for pairs in (wanted, actual))
        surplus, lacking = actual - wanted, wanted - actual
        for path in sorted({path for path, _ in (surplus | lacking)}):
            has, lacks = ([v for p, v in side if p == path] for side in (surplus, lacking))
            self.faults.append(f"{id}: `{path}` has {has} and lacks {lacks}")

    def actual(self, resource):
        mapped = {name: value for name, value in resource.items() if name not in NOT_MAPPED}
        for path, value in leaves(mapped):
            if path not in SAID_OF_MANAGERS:
                yield path, self.names.get(value, value) if path == f"{MANAGER}.value" else value
        for member in resource.get("members") or []:
            yield "members", self.names.get(member["value"], member["value"])

    def wanted_of_user(self, row):
        yield "active", row["active"]
        for path, field in USERS.items():
            yield from leaves(row[field], path) if field in row else ()
        # Who is not there any more is nobody's manager.
        if row.get("manager") in self.people:
            yield f"{MANAGER}.value", row["manager"]

    def wanted_of_group(self, row):
        for path, field in GROUPS.items():
            yield path, row[field]
        for member in row["members"]:
            if member in self.people or member in self.groups:
                yield "members", member


class Scenario:
    """A job with its source and its target, day by day."""

    def __init__(self, tool, name, profile, folder):
        self.tool, self.deviations, self.folder = tool, DEVIATIONS[name], folder
        self.target, self.source = Target(), Source(folder)
        (folder / "provisioning.toml").write_text(job(profile), encoding="utf-8")
        self.strangers = [
            (endpoint, self.target.send("POST", endpoint, body)["id"])
            for endpoint, body in STRANGERS
        ]
        stranger = self.strangers[0][1]
        # These two are taken over, and keep what the job does not map.
        user = {"schemas": [USER], "userName": person(5)["upn"].lower(), "nickName": "Zo"}
        self.target.send("POST", "Users", user)
        group = {"schemas": [GROUP], "displayName": "Ward 3", "members": [{"value": stranger}]}
        self.target.send("POST", "Groups", group)
        self.kept = {"p5": [("nickName", "Zo")], "g3": [("members", stranger)]}

    def play(self):
        before = self.there = self.target.everything()
        self.source.save()
        self.tool_does("test-connection")
        self.day("first day", "--initial")
        self.second_day()
        self.day("second day")
        self.third_day()
        self.day("third day")
        self.fourth_day()
        self.day("fourth day", "--reconcile")
        if self.writes("--reconcile"):
            raise Fault("it goes on reconciling what is the same")
        self.tool_does("status")
        for endpoint, id in self.strangers:
            if self.there[endpoint].get(id) != before[endpoint][id]:
                raise Fault(f"{endpoint}/{id} is a stranger's, and is not as it was")

    def day(self, name, *options):
        """A plan that changes nothing, a run after which both are the same, and a quiet one."""
        self.tool_does("plan", *options)
        if self.target.everything() != self.there:
            raise Fault(f"{name}: the plan has changed something")
        writes = self.writes(*options)
        self.there = self.target.everything()
        faults = Comparison(self.there, self.source, self.kept).faults
        if faults:
            raise Fault("\n".join(f"{name}: {fault}" for fault in faults))
        if self.writes() or self.target.everything() != self.there:
            raise Fault(f"{name}: there was something left to send")
        users, groups = (len(resources) for resources in self.there.values())
        print(f"{name}: {users} users and {groups} groups are as they should be, {writes} writes")

    def writes(self, *options):
        """How many requests to write a run has sent."""
        done = self.tool_does("run", *options)
        return int(re.search(r" requests to read, (\d+) to write", done)[1])

    def tool_does(self, *arguments):
        command = [self.tool, *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Fault(f"provision {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def second_day(self):
        """People and groups change, come and go."""
        p, g = self.source.people, self.source.groups
        p["p1"].update(displayName="Grace Hopper", surname="Hopper", jobTitle="Head Nurse")
        p["p8"]["manager"] = "p81"
        p["p10"]["professions"] = [{"value": "nurse"}, {"value": "teacher"}]
        p["p12"]["upn"] = "Renamed.12@clinic.example"
        p["p20"]["privateMail"] = "new.20@home.example"
        for id, lost in LOST.items():
            for field in lost:
                del p[id][field]
        # Each of the two comes before the manager.
        p["p80"] = {**person(80), "manager": "p81"}
        p["p81"] = {**person(81), "manager": "p82"}
        p["p82"] = person(82)
        for n in range(70, 75):
            p[f"p{n}"]["active"] = False
        # The manager of p55 to p59, who go on naming p11, and so does Everyone.
        del p["p11"], g["g4"]
        g["g1"]["members"].remove("p11")
        g["g0"]["members"] = [*g["g0"]["members"][3:], "p80", "p1"]
        g["g2"]["displayName"] = "Surgery"
        g["g6"]["members"] = ["p82", "g8"]
        g["g8"] = group("g8", "New", ["p12"])
        self.source.save()

    def third_day(self):
        """What was lost comes back, and names find new owners."""
        p, g = self.source.people, self.source.groups
        for id, lost in LOST.items():
            row = person(int(id[1:]))
            p[id].update({field: row[field] for field in lost})
        p["p70"].update(active=True, jobTitle="Consultant")
        del p["p71"]
        p["p83"] = {**person(83), "upn": person(12)["upn"]}
        p["p84"] = {**person(84), "upn": person(11)["upn"]}
        g["g6"]["members"] = []
        g["g1"]["members"] = ["p83", "p84", "p1"]
        self.source.save()

    def fourth_day(self):
        """Somebody else has been at the service provider; the comparison has to see all of it."""
        resources = [*self.there["Users"].values(), *self.there["Groups"].values()]
        ids = {resource.get("externalId"): resource["id"] for resource in resources}
        self.target.send("DELETE", f"Users/{ids['p30']}")
        at_p31, at_p32, at_g1 = f"Users/{ids['p31']}", f"Users/{ids['p32']}", f"Groups/{ids['g1']}"
        self.target.patch(at_p31, op="replace", path="title", value="Impostor")
        self.target.patch(at_p32, op="remove", path='emails[type eq "work"]')
        self.target.patch(at_g1, op="remove", path=f'members[value eq "{ids["p83"]}"]')
        self.target.patch(at_g1, op="add", path="members", value=[{"value": ids["p31"]}])
        self.there = self.target.everything()
        faults = Comparison(self.there, self.source, self.kept).faults
        seen = {fault.split(":")[0] for fault in faults}
        if seen != {"Users", "p30", "p31", "p32", "g0", "g1", "g5"}:
            raise Fault("fourth day: the comparison sees\n" + "\n".join(faults))
        for id in ("g0", "g5"):
            members = self.there["Groups"][ids[id]]["members"]
            keeps = any(member["value"] == ids["p30"] for member in members)
            if keeps != (KEEPS_DELETED_MEMBERS in self.deviations):
                raise Fault(f"{id}: whether it {KEEPS_DELETED_MEMBERS} is not as DEVIATIONS has it")
            self.kept[id] = [("members", ids["p30"])] if keeps else []


def main():
    tool, name, profile = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        try:
            Scenario(tool, name, profile, pathlib.Path(folder)).play()
        except Fault as fault:
            sys.exit(str(fault))


if __name__ == "__main__":
    main()
