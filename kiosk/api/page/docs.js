// Shows openapi.json to people, without anything from outside.
const api = await (await fetch("/openapi.json")).json();

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function resolve(schema) {
  const name = schema?.$ref?.split("/").pop();
  return name ? { title: name, ...api.components.schemas[name] } : schema ?? {};
}

function kind(schema) {
  const given = resolve(schema);
  if (given.anyOf) return given.anyOf.map(kind).filter((one) => one !== "null").join(" or ");
  if (given.enum) return given.enum.join(" | ");
  if (given.type === "array") return `list of ${kind(given.items)}`;
  if (given.contentMediaType || given.format === "binary") return "file";
  return given.type === "object" && given.title ? given.title : given.type ?? given.title ?? "anything";
}

function example(schema, depth = 0) {
  const given = resolve(schema);
  if (given.examples?.length) return given.examples[0];
  if (given.default !== undefined) return given.default;
  if (given.anyOf) return example(given.anyOf[0], depth);
  if (given.type === "array") return depth > 3 ? [] : [example(given.items, depth + 1)];
  if (given.properties && depth < 4) {
    return Object.fromEntries(Object.entries(given.properties).map(([name, part]) => [name, example(part, depth + 1)]));
  }
  return { string: "…", integer: 0, number: 0.5, boolean: true, object: {} }[given.type] ?? null;
}

function fields(rows) {
  return make("table", {}, ...rows.map(([name, schema, where, required]) =>
    make("tr", {},
      make("td", {}, make("code", {}, name)),
      make("td", {}, `${where}${required ? "" : ", optional"}`),
      make("td", {}, kind(schema)),
      make("td", {}, [schema.description, schema.default !== undefined ? `default ${JSON.stringify(schema.default)}` : ""].filter(Boolean).join("; ")))));
}

function route(method, path, given) {
  const parts = [make("h3", {}, make("b", {}, method.toUpperCase()), path), make("p", {}, given.description ?? given.summary ?? "")];
  const rows = (given.parameters ?? []).map((p) => [p.name, p.schema, p.in, p.required]);
  for (const [type, content] of Object.entries(given.requestBody?.content ?? {})) {
    const schema = resolve(content.schema);
    const required = schema.required ?? [];
    for (const [name, part] of Object.entries(schema.properties ?? {})) {
      rows.push([name, part, type.includes("json") ? "body" : "form", required.includes(name)]);
    }
    if (type.includes("json")) parts.push(make("pre", {}, JSON.stringify(example(content.schema), null, 2)));
  }
  if (rows.length) parts.splice(2, 0, fields(rows));
  for (const [status, answer] of Object.entries(given.responses)) {
    const schema = answer.content?.["application/json"]?.schema;
    if (status.startsWith("2") && schema) {
      parts.push(make("p", {}, `Answer ${status}:`), make("pre", {}, JSON.stringify(example(schema), null, 2)));
    }
  }
  return make("article", {}, ...parts);
}

const families = new Map();
for (const [path, methods] of Object.entries(api.paths)) {
  for (const [method, given] of Object.entries(methods)) {
    const tag = given.tags?.at(-1) ?? "other";
    if (!families.has(tag)) families.set(tag, []);
    families.get(tag).push(route(method, path, given));
  }
}
document.getElementById("routes").replaceChildren(
  make("p", {}, api.info.description),
  ...[...families].flatMap(([tag, routes]) => [make("h2", {}, tag[0].toUpperCase() + tag.slice(1)), ...routes]));
