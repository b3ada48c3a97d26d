// Jobs; events are read with fetch, since EventSource cannot send a key.
import { $, API, attempt, call, get, make, send } from "./service.js";

const KINDS = { reindex: "Encode new photos", sync: "Sync the folder", "switch-model": "Change the model" };

function showJob(job) {
  let item = document.querySelector(`[data-job="${job.id}"]`);
  if (!item) {
    item = make("li", { "data-job": job.id });
    $("job-list").prepend(item);
  }
  item.dataset.state = job.state;
  const bar = make("progress", { max: Math.max(job.total, 1), "aria-label": "Progress" });
  bar.value = job.state === "done" ? Math.max(job.total, 1) : job.done;
  const count = job.message || (job.total ? `${job.done} of ${job.total}` : "nothing to do");
  item.replaceChildren(
    make("div", { class: "head" },
      make("strong", {}, KINDS[job.kind] ?? job.kind),
      make("span", {}, `${job.state} · ${count}`)),
    bar);
  if (job.state !== "running") return;
  const cancel = make("button", { class: "button small" }, "Cancel");
  cancel.addEventListener("click", () => attempt(() => send("DELETE", `/jobs/${job.id}`)));
  item.append(cancel);
}

async function follow(job) {
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

export async function loadJobs() {
  const jobs = await attempt(() => get("/jobs"));
  for (const job of (jobs ?? []).reverse()) {
    showJob(job);
    if (job.state === "running") follow(job);
  }
}

export function connectJobs() {
  $("reindex").addEventListener("click", () => attempt(async () => {
    const job = await (await send("POST", "/jobs", { kind: "reindex" })).json();
    showJob(job);
    await follow(job);
  }));
}
