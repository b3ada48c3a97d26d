// The frame of the page at /ui: its views, the key that it may need, and the shop's health.
import { $, attempt, get, make, useKey } from "./service.js";
import { connectSearch, showShelf } from "./search.js";
import { connectCamera, stopCamera } from "./camera.js";
import { connectCatalogue, loadCatalogue } from "./catalogue.js";
import { connectJobs, loadJobs } from "./jobs.js";
import { connectKeys, loadKeys } from "./keys.js";

const VIEWS = { search: () => {}, catalogue: loadCatalogue, jobs: loadJobs, keys: loadKeys };
let shown = "search";

function show(view) {
  shown = view;
  for (const link of document.querySelectorAll("nav button")) {
    const isShown = link.dataset.view === view;
    if (isShown) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    $(link.dataset.view).hidden = !isShown;
  }
  if (view !== "search") stopCamera();
  $("new-key").hidden = true;
  attempt(VIEWS[view]);
}

async function start() {
  const health = await attempt(() => get("/health/ready"));
  const model = make("span", { class: "model" }, ` · ${health?.model}`);
  $("health").replaceChildren(...(health ? (health.complaint ? [health.complaint] : [`${health.products} products`, model]) : []));
  $("health").classList.toggle("ill", !health || Boolean(health.complaint));
  await showShelf();
  if (shown !== "search") await attempt(VIEWS[shown]);
  document.body.dataset.ready = "yes";
}

for (const link of document.querySelectorAll("nav button")) {
  link.addEventListener("click", () => show(link.dataset.view));
}
$("gate").addEventListener("submit", (event) => {
  event.preventDefault();
  useKey($("key").value.trim());
  $("gate").hidden = true;
  start();
});
connectSearch(stopCamera);
connectCamera();
connectCatalogue();
connectJobs();
connectKeys();
start();
