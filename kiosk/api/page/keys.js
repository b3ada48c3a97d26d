// API keys: who may ask this service, and as what.
import { $, apiKey, attempt, get, make, send, useKey } from "./service.js";

const ROLES = { read: "may search", staff: "may change products", admin: "may do everything" };

export async function loadKeys() {
  const keys = await attempt(() => get("/keys"));
  if (!keys) return;
  $("open-note").hidden = keys.length > 0;
  $("key-list").replaceChildren(...keys.map((key) => {
    const revoke = make("button", { class: "button small" }, "Revoke");
    revoke.setAttribute("aria-label", `Revoke ${key.name}`);
    revoke.addEventListener("click", () => attempt(async () => {
      await send("DELETE", `/keys/${key.id}`);
      await loadKeys();
    }));
    const day = new Date(key.created_at).toLocaleDateString();
    return make("li", { "data-key": key.id },
      make("div", { class: "head" },
        make("div", {}, make("strong", {}, key.name), make("div", { class: "note" }, `${ROLES[key.role]} · since ${day}`)),
        revoke));
  }));
}

async function add(event) {
  event.preventDefault();
  const body = { name: $("key-name").value.trim(), role: $("key-role").value };
  const made = await attempt(async () => (await send("POST", "/keys", body)).json());
  if (!made) return;
  if (!apiKey()) useKey(made.key); // from the first key on, this page needs one too
  $("new-key-text").textContent = made.key;
  $("new-key").hidden = false;
  $("key-name").value = "";
  await loadKeys();
}

export const connectKeys = () => $("add-key").addEventListener("submit", add);
