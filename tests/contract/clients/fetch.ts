// What a researcher would write with openapi-typescript and openapi-fetch; prints what it found.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Change = components["schemas"]["Change"];

declare const process: { argv: string[] };
type Query = NonNullable<paths["/api/v1/actors"]["get"]["parameters"]["query"]>;

const client = createClient<paths>({ baseUrl: process.argv[2] });

function parameter(address: string, name: string): string {
  const value = new URL(address).searchParams.get(name);
  if (value === null) throw new Error(`no ${name} in ${address}`);
  return value;
}

async function page(query: Query) {
  const { data, error } = await client.GET("/api/v1/actors", { params: { query } });
  if (!data) throw new Error(JSON.stringify(error));
  return data;
}

async function walk(): Promise<string[]> {
  let batch = await page({ limit: 3 });
  const names = batch.results.map((actor) => actor.name);
  while (batch.next !== null) {
    batch = await page({ limit: 3, cursor: parameter(batch.next, "cursor") });
    names.push(...batch.results.map((actor) => actor.name));
  }
  return names;
}

async function mirror(): Promise<string[]> {
  const standing = new Map<string, string>();
  let last: Change | undefined;
  for (;;) {
    const query = { documents: true, limit: 2, ...(last && { after: last.snapshot }) };
    const { data } = await client.GET("/api/v1/changes", { params: { query } });
    if (!data) throw new Error("the feed broke off");
    for (const change of data.results) {
      if (change.type === "actor" && change.document) standing.set(change.id, change.document.name);
      else standing.delete(change.id);
      last = change;
    }
    if (data.next === null) {
      if (last?.snapshot !== data.snapshot) throw new Error("the feed does not end at its snapshot");
      return [...standing.values()].sort();
    }
  }
}

const kept = await page({ kind: ["unit", "coalition"], count: true });
const whole = await client.GET("/api/v1/actors/documents");
if (!whole.data) throw new Error("no documents");
const survivor = await client.GET("/api/v1/actors/{key}", { params: { path: { key: "twin" } } });
const moved = await client.GET("/api/v1/actors/{key}", {
  params: { path: { key: "twin" } },
  redirect: "manual",
});
const gone = await client.GET("/api/v1/actors/{key}", { params: { path: { key: "gone" } } });
const refused = await client.GET("/api/v1/actors", {
  params: { query: { at: "2020-13", cursor: "forged" } },
});
if (!gone.error) throw new Error("not gone");
if (!refused.error) throw new Error("not refused");
console.log(
  JSON.stringify({
    walked: await walk(),
    filtered: kept.results.map((actor) => actor.name),
    count: kept.count,
    documents: whole.data.results.flatMap((actor) => actor.names.map((name) => name.text)),
    survivor: survivor.data?.name,
    moved: [moved.response.status, moved.response.headers.get("Location")],
    gone: [gone.response.status, gone.error.detail],
    refused: refused.error.errors.map((fault) => String(fault.parameter)).sort(),
    mirrored: await mirror(),
  }),
);
