// The catalogue: look through it, change a product, take it from the kiosk.
import { $, attempt, get, make, photo, say, send, tile } from "./service.js";

const PAGE_SIZE = 24;
let category = "";
let offset = 0;
let edited = null;

async function loadProducts(fromStart) {
  if (fromStart) offset = 0;
  const query = new URLSearchParams({ query: $("query").value.trim(), category, limit: PAGE_SIZE, offset });
  const page = await attempt(() => get(`/products?${query}`));
  if (!page) return;
  const tiles = page.items.map((product) => tile(product, product.category, edit));
  if (fromStart) $("products").replaceChildren(...tiles);
  else $("products").append(...tiles);
  $("none").hidden = $("products").childElementCount > 0;
  offset = page.next_offset ?? 0;
  $("more").hidden = page.next_offset === null;
}

async function loadCategories() {
  const names = await attempt(() => get("/categories"));
  if (!names) return;
  $("categories").replaceChildren(...["", ...names].map((name) => {
    const chip = make("button", { "aria-pressed": String(name === category) }, name || "All");
    chip.addEventListener("click", () => { category = name; loadCatalogue(); });
    return chip;
  }));
  $("category-names").replaceChildren(...names.map((name) => make("option", { value: name })));
}

export async function loadCatalogue() {
  await loadCategories();
  await loadProducts(true);
}

function edit(product) {
  edited = product;
  say("", $("edit-message"));
  $("edit-title").textContent = product.sku;
  $("edit-photo").replaceChildren(photo(product.cover_url));
  for (const name of ["name", "category", "barcode", "description"]) $(`edit-${name}`).value = product[name];
  $("edit-price").value = product.price === null ? "" : (product.price / 10 ** product.minor_digits).toFixed(product.minor_digits);
  $("edit-price").step = String(10 ** -product.minor_digits);
  $("edit-currency").textContent = product.currency;
  $("edit").showModal();
}

async function change(work) {
  const isDone = await attempt(async () => { await work(); return true; }, $("edit-message"));
  if (!isDone) return;
  $("edit").close();
  await loadCatalogue();
}

function save(event) {
  event.preventDefault();
  const body = { price: Math.round(Number($("edit-price").value || 0) * 10 ** edited.minor_digits) };
  for (const name of ["name", "category", "barcode", "description"]) body[name] = $(`edit-${name}`).value.trim();
  change(() => send("PATCH", address(edited), body));
}

const address = (product) => `/products/${encodeURIComponent(product.sku)}`;

export function connectCatalogue() {
  $("filter").addEventListener("submit", (event) => { event.preventDefault(); loadProducts(true); });
  $("more").addEventListener("click", () => loadProducts(false));
  $("edit-form").addEventListener("submit", save);
  $("edit-cancel").addEventListener("click", () => $("edit").close());
  $("edit-retire").addEventListener("click", () => change(() => send("POST", `${address(edited)}/retire`)));
}
