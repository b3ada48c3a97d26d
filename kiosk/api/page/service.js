// Talks to the service, and builds elements; text never becomes HTML.
export const API = "/api/v1";
export const $ = (id) => document.getElementById(id);
let key = sessionStorage.getItem("shelflens-key") ?? "";

export class Refused extends Error {}

export const apiKey = () => key;

export function useKey(text) {
  key = text;
  sessionStorage.setItem("shelflens-key", key);
}

export async function call(path, options = {}) {
  const headers = { ...(options.headers ?? {}) };
  if (key) headers["X-API-Key"] = key;
  let answer;
  try {
    answer = await fetch(API + path, { ...options, headers });
  } catch {
    throw new Refused("The service does not answer.");
  }
  if (answer.status === 401) {
    $("gate").hidden = false;
    $("key").focus();
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Refused([problem.detail, problem.next_step].filter(Boolean).join(" ") || `Status ${answer.status}`);
  }
  return answer;
}

export const get = async (path) => (await call(path)).json();

export function send(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  return call(path, { method, headers, body: body && JSON.stringify(body) });
}

// Runs `work` and shows in `place` why the service refused it.
export async function attempt(work, place = $("message")) {
  say("", place);
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(error.message, place);
  }
}

export function say(text, place = $("message")) {
  place.textContent = text;
  place.hidden = !text;
}

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function photo(url, alt = "") {
  const image = make("img", { alt, loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith(make("div", { class: "blank" })));
  if (!key) {
    image.src = url;
    return image;
  }
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  call(url.replace(API, ""))
    .then((answer) => answer.blob())
    .then((blob) => { image.src = URL.createObjectURL(blob); })
    .catch(() => image.dispatchEvent(new Event("error")));
  return image;
}

// A product as a list item; with `onOpen` it is a button.
export function tile(product, note, onOpen) {
  const text = make("span", { class: "text" },
    make("span", { class: "title" }, product.name),
    make("span", { class: "cost" }, product.price_text));
  if (note) text.append(make("span", { class: "note" }, note));
  const inner = make(onOpen ? "button" : "div", { class: "tile" }, photo(product.cover_url), text);
  if (onOpen) inner.addEventListener("click", () => onOpen(product));
  return make("li", { "data-sku": product.sku }, inner);
}
