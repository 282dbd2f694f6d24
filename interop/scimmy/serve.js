// Serves SCIM from memory with scimmy and scimmy-routers, on a port of loopback that the system
// chooses. Messages, filters, PATCH and lists are theirs; the two maps below are all that is kept.
// The bearer token comes in SCIM_TOKEN; without it a new one is made.
import { randomBytes, randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const { Resources, Schemas, Types } = SCIMMY;
const token = process.env.SCIM_TOKEN || randomBytes(16).toString("hex");

class Kept {
  #resources = new Map();
  #unique;

  // unique is the attribute that no two resources share, in any case.
  constructor(unique) {
    this.#unique = unique;
  }

  write({ id }, instance) {
    const { schemas, meta, id: _, ...attributes } = JSON.parse(JSON.stringify(instance));
    const before = id ? this.#find(id) : undefined;
    this.#refuseTaken(attributes, id);
    const now = new Date().toISOString();
    const key = id ?? randomUUID();
    const times = { created: before?.meta.created ?? now, lastModified: now };
    this.#resources.set(key, { ...attributes, id: key, meta: times });
    return structuredClone(this.#resources.get(key));
  }

  read({ id, filter }) {
    if (id) return structuredClone(this.#find(id));
    const all = structuredClone([...this.#resources.values()]);
    return filter ? filter.match(all) : all;
  }

  remove({ id }) {
    this.#find(id);
    this.#resources.delete(id);
  }

  #find(id) {
    const found = this.#resources.get(id);
    if (!found) throw new Types.Error(404, null, "There is no such resource");
    return found;
  }

  #refuseTaken(attributes, id) {
    const value = (resource) => resource[this.#unique]?.toLowerCase();
    if (!this.#unique || value(attributes) === undefined) return;
    for (const [other, resource] of this.#resources) {
      if (other !== id && value(resource) === value(attributes)) {
        throw new Types.Error(409, "uniqueness", `${this.#unique} is taken`);
      }
    }
  }
}

function declare(resource, kept) {
  Resources.declare(resource)
    .ingress((target, instance) => kept.write(target, instance))
    .egress((target) => kept.read(target))
    .degress((target) => kept.remove(target));
}

declare(Resources.User.extend(Schemas.EnterpriseUser, false), new Kept("userName"));
declare(Resources.Group, new Kept());

let root;
const app = express();
const routers = new SCIMMYRouters({
  type: "bearer",
  baseUri: () => root,
  handler: (request) => {
    if (request.header("Authorization") !== `Bearer ${token}`) throw new Error("Unknown token");
  },
});
app.use("/scim/v2", routers);
const server = app.listen(0, "127.0.0.1", () => {
  root = `http://127.0.0.1:${server.address().port}`;
  console.log(`BASE_URL=${root}/scim/v2\nTOKEN=${token}`);
});
process.on("SIGTERM", () => process.exit(0));
