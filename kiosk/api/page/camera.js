// Camera: frames go over the live socket, the next one when the last was looked at.
import { $, API, apiKey, say, tile } from "./service.js";
import { clear, showBest, showNothing, showPicture } from "./search.js";

const FRAME_EVERY_MS = 120;
const FRAME_WIDTH = 960;
let session = null;

async function openCamera() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: 1280 } });
  } catch {
    return say("There is no camera, or the page may not use it. Over a network, that needs https.");
  }
  clear(false);
  $("video").srcObject = stream;
  await $("video").play();
  $("video").hidden = false;
  showPicture(true);
  const socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}${API}/live`);
  session = { stream, socket, waiting: false };
  socket.addEventListener("open", () => {
    if (apiKey()) socket.send(JSON.stringify({ key: apiKey() }));
    if (session?.socket === socket) session.timer = setInterval(sendFrame, FRAME_EVERY_MS);
  });
  socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    if (session?.socket !== socket) return;
    clear();
    say("The camera's connection ended.");
  });
}

function sendFrame() {
  const video = $("video");
  if (!session || session.waiting || !video.videoWidth || session.socket.readyState !== WebSocket.OPEN) return;
  const canvas = document.createElement("canvas");
  canvas.width = FRAME_WIDTH;
  canvas.height = Math.round(FRAME_WIDTH * video.videoHeight / video.videoWidth);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  session.waiting = true;
  canvas.toBlob(async (blob) => { if (session) session.socket.send(await blob.arrayBuffer()); }, "image/jpeg", 0.85);
}

function hear(message) {
  if (!session) return;
  if (message.type !== "sighting") { session.waiting = false; return; }
  document.body.dataset.sighting = message.state;
  if (message.state === "matched" && message.product) {
    const price_text = message.price_text ?? message.product.price_text;
    showBest({ ...message.product, price_text }, "named", message.confidence, message.by);
  } else if (message.state === "unknown") {
    const choices = message.choices.map((one) => tile(one, one.category));
    if (message.decision === "unsure") showNothing("Not sure. Is it one of these?", "One of these?", choices);
    else showNothing(message.code ? `We don't have this: ${message.code}.` : "We don't have this.", "Most like it", choices);
  } else {
    showNothing(message.state === "looking" ? "Looking …" : "Hold something to the camera.");
  }
}

export function stopCamera() {
  const ending = session;
  session = null;
  if (!ending) return;
  clearInterval(ending.timer);
  ending.socket.close();
  for (const track of ending.stream.getTracks()) track.stop();
  $("video").hidden = true;
  $("video").srcObject = null;
  delete document.body.dataset.sighting;
}

export const connectCamera = () => $("camera").addEventListener("click", openCamera);
