// Allow, or allow no more, that drafts of this office are kept on this device.
import * as store from "./drafts.js";
import * as sending from "./sending.js";
import { list } from "./listing.js";
import { keepShell, say } from "./shell.js";

const office = document.body.dataset.office;
const [offered, confirmed, enrolled] = ["offered", "confirmed", "enrolled"].map((id) => document.getElementById(id));
const told = document.getElementById("told");
const typed = document.getElementById("typed");
const device = store.newDevice();
let words = "";

async function show() {
  const known = (await store.devices()).find((each) => each.office === office);
  offered.hidden = Boolean(known);
  enrolled.hidden = !known;
  confirmed.hidden = true;
}

document.getElementById("begin").addEventListener("click", () => {
  words = store.newWords();
  document.getElementById("words").textContent = words;
  [offered.hidden, confirmed.hidden] = [true, false];
  typed.focus();
});

confirmed.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (typed.value.trim().toLowerCase().split(/\s+/).join(" ") !== words) {
    told.textContent = say("not-those-words");
    return;
  }
  try {
    const who = await sending.signedIn();
    const half = await sending.half(device, who.token);
    // First what may need the line: a device is enrolled whole or not at all.
    await keepShell();
    await store.enrol(office, device, half, words);
  } catch {
    told.textContent = say("no-line");
    return;
  }
  typed.value = words = document.getElementById("words").textContent = "";
  told.textContent = say("kept-here");
  await show();
});

document.getElementById("forget").addEventListener("click", async () => {
  const unsent = (await store.drafts()).filter((each) => each.office === office && each.state !== "delivered");
  if (unsent.length) {
    told.textContent = say("unsent", { count: unsent.length });
    return;
  }
  await store.forget(office);
  told.textContent = say("kept-no-more");
  await Promise.all([show(), list()]);
});

await show();
