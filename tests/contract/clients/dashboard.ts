// A dashboard in strict TypeScript without a cast: an autocomplete, facets, a list, a detail panel
// with linked sources, and what is new. It prints what the panels show for what a person does.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { argv: string[] };
type Schemas = components["schemas"];
type Filters = NonNullable<paths["/api/v1/incidents"]["get"]["parameters"]["query"]>;
type Facets = Pick<Filters, "participant" | "participant_scope" | "sub_type">;

const client = createClient<paths>({ baseUrl: process.argv[2] });

function loaded<Data>(answer: { data?: Data; error?: Schemas["Problem"] }): Data {
  if (answer.data === undefined) throw new Error(answer.error?.detail ?? "no answer");
  return answer.data;
}

async function complete(typed: string) {
  const answer = await client.GET("/api/v1/suggest", {
    params: { query: { q: typed, type: ["actor"], limit: 5 } },
  });
  return loaded(answer).results.map(({ id, name, matched_name, incidents }) => ({
    id,
    label: `${name} (${matched_name}, ${incidents ?? "many"} incidents)`,
  }));
}

async function countBy(facet: "sub_type" | "year", filters: Facets) {
  const query = { ...filters, group_by: [facet] };
  const { groups, total } = loaded(await client.GET("/api/v1/statistics", { params: { query } }));
  return { total, words: groups.flatMap(({ keys: [key], incidents }) => ({ ...key, incidents })) };
}

async function list(filters: Filters) {
  const query: Filters = { ...filters, sort: "newest", limit: 20, count: true };
  const { results, count } = loaded(await client.GET("/api/v1/incidents", { params: { query } }));
  return { count, rows: results.map(({ id, title, date, place }) => ({ id, title, date, place })) };
}

async function detail(key: string) {
  const path = { key };
  const incident = loaded(await client.GET("/api/v1/incidents/{key}", { params: { path } }));
  const rows = [incident, ...incident.involvements, ...incident.casualties, ...incident.weapons];
  const cited = rows.flatMap(({ citations }) => citations);
  const query = { id: [...new Set(cited.flatMap(({ source }) => source?.id ?? []))] };
  const sources = loaded(await client.GET("/api/v1/sources", { params: { query } })).results;
  return {
    heading: [incident.date ?? "undated", incident.title].join(": "),
    actors: incident.involvements.map(({ role, actor }) => `${role}: ${actor?.name ?? "unknown"}`),
    killed: incident.killed.best,
    quotes: new Set(cited.map(({ quote }) => quote)).size,
    links: sources.map(({ title, url }) => ({ title, url })),
  };
}

function describe(change: Schemas["Change"]): string {
  const place = change.type === "incident" && change.document?.place?.name;
  const text = `${change.kind} ${change.type}: ${change.title ?? "no longer public"}`;
  return place ? `${text} (${place})` : text;
}

async function news() {
  const answer = await client.GET("/api/v1/changes", {
    params: { query: { sort: "newest", refresh: false, documents: true, limit: 3 } },
  });
  return loaded(answer).results.map(describe);
}

const [actor] = await complete("united st");
if (!actor) throw new Error("no such actor");
const facets: Facets = { participant: [actor.id], participant_scope: "all" };
const kinds = await countBy("sub_type", facets);
const word = kinds.words[1]?.key;
const chosen: Facets = typeof word === "string" ? { ...facets, sub_type: [word] } : facets;
const { count, rows } = await list(chosen);
const [first] = rows;
console.log(
  JSON.stringify({
    actor: actor.label,
    kinds: kinds.words.map(({ label, incidents }) => `${label}: ${incidents}`),
    years: (await countBy("year", chosen)).words.map(({ key, incidents }) => `${key}: ${incidents}`),
    count,
    detail: first && (await detail(first.id)),
    news: await news(),
  }),
);
