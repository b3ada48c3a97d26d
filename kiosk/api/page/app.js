// The page at /ui: search by picture, camera or words; the catalogue; jobs.
const $ = (id) => document.getElementById(id);
const API = "/api/v1";
const FRAME_EVERY_MS = 120;
let key = sessionStorage.getItem("shelflens-key") ?? "";
let picture = null;
let live = null;

// Talking to the service

class Refused extends Error {}

async function call(path, options = {}) {
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

const get = async (path) => (await call(path)).json();

async function attempt(work) {
  say("");
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(error.message);
  }
}

function say(text) {
  $("message").textContent = text;
  $("message").hidden = !text;
}

// Building elements; text never becomes HTML

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function photo(url, alt) {
  const image = make("img", { alt, loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith(make("div", { class: "blank" })));
  if (key) {
    call(url.replace(API, ""))
      .then((answer) => answer.blob())
      .then((blob) => { image.src = URL.createObjectURL(blob); })
      .catch(() => image.dispatchEvent(new Event("error")));
  } else {
    image.src = url;
  }
  return image;
}

function tile(product, note) {
  const text = make("div", { class: "text" },
    make("div", { class: "title" }, product.name),
    make("div", { class: "cost" }, product.price_text));
  if (note) text.append(make("div", { class: "note" }, note));
  return make("li", { class: "tile", "data-sku": product.sku }, photo(product.cover_url, product.name), text);
}

// Search

function stars(confidence) {
  const full = Math.round(confidence * 5);
  return "★".repeat(full) + "☆".repeat(5 - full);
}

const SAID = { named: "That is it", unsure: "Is it this one?", unknown: "We may not have this" };

function showBest(product, decision, confidence, by) {
  const words = make("div", { class: "words" },
    make("div", { class: "name" }, product.name),
    make("div", { class: "price" }, product.price_text));
  if (by === "barcode") {
    words.append(make("div", { class: "badge named" }, "Scanned"));
  } else if (decision) {
    const percent = `${Math.round((confidence ?? 0) * 100)} %`;
    const badge = make("div", { class: `badge ${decision}` }, `${SAID[decision]} · ${stars(confidence ?? 0)} ${percent}`);
    words.append(badge);
  } else if (product.category) {
    words.append(make("div", { class: "note" }, product.category));
  }
  $("best").className = "";
  $("best").dataset.sku = product.sku;
  $("best").replaceChildren(photo(product.cover_url, product.name), words);
}

function showOthers(title, tiles) {
  $("others-title").textContent = title;
  $("others-title").hidden = !tiles.length;
  $("others").replaceChildren(...tiles);
}

function showNothing(text, title = "", tiles = []) {
  $("best").className = "quiet";
  delete $("best").dataset.sku;
  $("best").replaceChildren(text);
  showOthers(title, tiles);
}

async function showShelf() {
  const page = await attempt(() => get("/products?limit=6"));
  if (picture || live || $("text").value.trim()) return;
  showNothing("What it is will stand here.", "On the shelf", (page?.items ?? []).map((one) => tile(one, one.category)));
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
  if (picture) form.append("file", picture, "picture.jpg");
  if ($("text").value.trim()) form.append("text", $("text").value.trim());
  if (![...form.keys()].length) return showShelf();
  form.append("top_k", "7");
  const answer = await attempt(async () => (await call("/search", { method: "POST", body: form })).json());
  if (answer) showAnswer(answer);
  else showNothing("What it is will stand here.");
}

function take(file) {
  if (!file) return;
  closeCamera();
  picture = file;
  $("preview").src = URL.createObjectURL(file);
  $("preview").hidden = false;
  $("invitation").hidden = true;
  $("clear").hidden = false;
  $("drop").classList.add("full");
  search();
}

function clear() {
  closeCamera();
  picture = null;
  $("preview").hidden = true;
  $("invitation").hidden = false;
  $("clear").hidden = true;
  $("drop").classList.remove("full");
  $("file").value = "";
  say("");
  search();
}

$("file").addEventListener("change", () => take($("file").files[0]));
$("choose").addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") $("file").click();
});
$("clear").addEventListener("click", clear);
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

// Camera: frames go over the live socket, the next one when the last was looked at

async function openCamera() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: 1280 } });
  } catch {
    return say("There is no camera, or the page may not use it. Over a network, that needs https.");
  }
  clear();
  $("video").srcObject = stream;
  await $("video").play();
  $("video").hidden = false;
  $("invitation").hidden = true;
  $("clear").hidden = false;
  $("drop").classList.add("full");
  const socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}${API}/live`);
  live = { stream, socket, waiting: false };
  socket.addEventListener("open", () => {
    if (key) socket.send(JSON.stringify({ key }));
    live.timer = setInterval(sendFrame, FRAME_EVERY_MS);
  });
  socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  socket.addEventListener("close", () => { if (live?.socket === socket) { closeCamera(); say("The camera's connection ended."); } });
}

function sendFrame() {
  const video = $("video");
  if (!live || live.waiting || !video.videoWidth || live.socket.readyState !== WebSocket.OPEN) return;
  const canvas = document.createElement("canvas");
  canvas.width = 960;
  canvas.height = Math.round(960 * video.videoHeight / video.videoWidth);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  live.waiting = true;
  canvas.toBlob(async (blob) => { if (live) live.socket.send(await blob.arrayBuffer()); }, "image/jpeg", 0.85);
}

function hear(message) {
  if (!live) return;
  if (message.type !== "sighting") { live.waiting = false; return; }
  document.body.dataset.sighting = message.state;
  if (message.state === "matched" && message.product) {
    const price_text = message.price_text ?? message.product.price_text;
    showBest({ ...message.product, price_text }, "named", message.confidence, message.by);
  }
  else if (message.state === "unknown") {
    const choices = message.choices.map((one) => tile(one, one.category));
    if (message.decision === "unsure") showNothing("Not sure. Is it one of these?", "One of these?", choices);
    else showNothing(message.code ? `We don't have this: ${message.code}.` : "We don't have this.", "Most like it", choices);
  }
  else if (message.state === "looking") showNothing("Looking …");
  else showNothing("Hold something to the camera.");
}

function closeCamera() {
  const session = live;
  live = null;
  if (!session) return;
  clearInterval(session.timer);
  session.socket.close();
  for (const track of session.stream.getTracks()) track.stop();
  $("video").hidden = true;
  $("video").srcObject = null;
}

$("camera").addEventListener("click", openCamera);

// Catalogue

let category = "";
let offset = 0;

async function loadProducts(again) {
  if (again) offset = 0;
  const query = new URLSearchParams({ query: $("query").value, category, offset, limit: 48 });
  const page = await attempt(() => get(`/products?${query}`));
  if (!page) return;
  const tiles = page.items.map((product) => tile(product, product.category));
  if (again) $("products").replaceChildren(...tiles);
  else $("products").append(...tiles);
  offset = page.next_offset ?? 0;
  $("more").hidden = page.next_offset === null;
}

async function loadCategories() {
  const names = await attempt(() => get("/categories"));
  if (!names) return;
  $("categories").replaceChildren(...["", ...names].map((name) => {
    const chip = make("button", { "aria-pressed": String(name === category) }, name || "All");
    chip.addEventListener("click", () => { category = name; loadCategories(); loadProducts(true); });
    return chip;
  }));
}

$("filter").addEventListener("submit", (event) => { event.preventDefault(); loadProducts(true); });
$("more").addEventListener("click", () => loadProducts(false));

// Jobs; events are read with fetch, since EventSource cannot send a key

const STATES = { running: "running", done: "done", failed: "failed", cancelled: "cancelled" };

function showJob(job) {
  let item = document.querySelector(`[data-job="${job.id}"]`);
  if (!item) {
    item = make("li", { "data-job": job.id });
    $("job-list").prepend(item);
  }
  item.dataset.state = job.state;
  const bar = make("progress", { max: Math.max(job.total, 1), "aria-label": "progress" });
  bar.value = job.state === "done" ? Math.max(job.total, 1) : job.done;
  const said = job.message || (job.total ? `${job.done} of ${job.total}` : "nothing to do");
  item.replaceChildren(
    make("div", { class: "head" }, make("strong", {}, job.kind), make("span", {}, `${STATES[job.state]} · ${said}`)), bar);
}

async function watch(job) {
  const answer = await call(job.events_url.replace(API, ""));
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const events = text.split("\n\n");
    text = events.pop();
    for (const event of events) {
      const data = event.split("\n").find((line) => line.startsWith("data: "));
      if (data) showJob(JSON.parse(data.slice(6)));
    }
  }
}

async function loadJobs() {
  const jobs = await attempt(() => get("/jobs"));
  for (const job of (jobs ?? []).reverse()) {
    showJob(job);
    if (job.state === "running") watch(job);
  }
}

$("reindex").addEventListener("click", () => attempt(async () => {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"kind": "reindex"}' };
  const job = await (await call("/jobs", options)).json();
  showJob(job);
  await watch(job);
}));

// Frame of the page

const OPENED = { search: () => {}, catalogue: () => { loadCategories(); loadProducts(true); }, jobs: loadJobs };

for (const tab of document.querySelectorAll("nav button")) {
  tab.addEventListener("click", () => {
    for (const other of document.querySelectorAll("nav button")) {
      other.setAttribute("aria-selected", String(other === tab));
      $(other.dataset.view).hidden = other !== tab;
    }
    if (tab.dataset.view !== "search") closeCamera();
    attempt(OPENED[tab.dataset.view]);
  });
}

$("gate").addEventListener("submit", (event) => {
  event.preventDefault();
  key = $("key").value.trim();
  sessionStorage.setItem("shelflens-key", key);
  $("gate").hidden = true;
  start();
});

async function start() {
  const health = await attempt(() => get("/health/ready"));
  $("health").textContent = health ? health.complaint || `${health.products} products · ${health.model}` : "";
  $("health").classList.toggle("ill", !health || Boolean(health.complaint));
  await showShelf();
  document.body.dataset.ready = "yes";
}

start();
