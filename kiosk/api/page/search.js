// Search by picture and words, and what is shown as the answer.
import { $, attempt, call, get, make, photo, say, tile } from "./service.js";

const DECISIONS = { named: "That is it", unsure: "Is it this one?", unknown: "We may not have this" };
let picture = null;
let onClear = () => {};

function stars(confidence) {
  const full = Math.round(confidence * 5);
  return "★".repeat(full) + "☆".repeat(5 - full);
}

function badge(decision, confidence, by) {
  if (by === "barcode") return make("div", { class: "badge named" }, "Scanned");
  const percent = `${Math.round((confidence ?? 0) * 100)} %`;
  return make("div", { class: `badge ${decision}` },
    `${DECISIONS[decision]} · `,
    make("span", { class: "stars", "aria-hidden": "true" }, stars(confidence ?? 0)), ` ${percent}`);
}

export function showBest(product, decision, confidence, by) {
  const words = make("div", { class: "words" },
    make("div", { class: "name" }, product.name),
    make("div", { class: "price" }, product.price_text));
  if (decision || by) words.append(badge(decision, confidence, by));
  else if (product.category) words.append(make("div", { class: "note" }, product.category));
  $("best").className = "";
  $("best").dataset.sku = product.sku;
  $("best").replaceChildren(photo(product.cover_url), words);
}

function showOthers(title, tiles) {
  $("others-title").textContent = title;
  $("others-title").hidden = !tiles.length;
  $("others").replaceChildren(...tiles);
}

export function showNothing(text, title = "", tiles = []) {
  $("best").className = "quiet";
  delete $("best").dataset.sku;
  $("best").replaceChildren(text);
  showOthers(title, tiles);
}

export async function showShelf() {
  const page = await attempt(() => get("/products?limit=6"));
  if (picture || $("drop").classList.contains("full") || $("text").value.trim()) return;
  showNothing("The answer appears here.", "On the shelf", (page?.items ?? []).map((one) => tile(one, one.category)));
}

function showAnswer(answer) {
  if (!answer.results.length) {
    return showNothing(answer.code ? `We don't have this: ${answer.code}.` : "Nothing like it is in the catalogue.");
  }
  const [best, ...others] = answer.results;
  showBest(best, answer.decision, best.confidence, best.by);
  showOthers("Or one of these", others.map((hit) =>
    tile(hit, hit.similarity === null ? hit.category : `alike ${Math.round(hit.similarity * 100)} %`)));
}

async function search() {
  const form = new FormData();
  if (picture) {
    form.append("file", picture, "picture.jpg");
    form.append("read_code", "true");
  }
  if ($("text").value.trim()) form.append("text", $("text").value.trim());
  if (![...form.keys()].length) return showShelf();
  form.append("top_k", "7");
  const answer = await attempt(async () => (await call("/search", { method: "POST", body: form })).json());
  if (answer) showAnswer(answer);
  else showNothing("The answer appears here.");
}

export function showPicture(isShown) {
  $("invitation").hidden = isShown;
  $("clear").hidden = !isShown;
  $("drop").classList.toggle("full", isShown);
}

function take(file) {
  if (!file) return;
  clear(false);
  picture = file;
  $("preview").src = URL.createObjectURL(file);
  $("preview").hidden = false;
  showPicture(true);
  search();
}

export function clear(andSearch = true) {
  onClear();
  picture = null;
  URL.revokeObjectURL($("preview").src);
  $("preview").removeAttribute("src");
  $("preview").hidden = true;
  showPicture(false);
  $("file").value = "";
  say("");
  if (andSearch) search();
}

export function connectSearch(stopCamera) {
  onClear = stopCamera;
  $("choose").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", () => take($("file").files[0]));
  $("clear").addEventListener("click", () => clear());
  $("words").addEventListener("submit", (event) => { event.preventDefault(); search(); });
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => { event.preventDefault(); $("drop").classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    document.addEventListener(name, (event) => { event.preventDefault(); $("drop").classList.remove("over"); });
  }
  document.addEventListener("drop", (event) => take(event.dataTransfer.files[0]));
  document.addEventListener("paste", (event) => {
    const file = [...event.clipboardData.files].find((one) => one.type.startsWith("image/"));
    if (file) take(file);
  });
}
