// Drafts on this device: how many people, how old, how far; no names. Those frozen before are sent when somebody of
// their office is signed in.
import * as store from "./drafts.js";
import * as sending from "./sending.js";
import { age, say } from "./shell.js";

const place = document.getElementById("drafts");

function row(draft) {
  const item = document.createElement("li"), link = document.createElement("a"), how = document.createElement("small");
  link.href = draft.state === "delivered" ? draft.receipt : `/handovers/${draft.id}`;
  link.textContent = say("people", { count: draft.people });
  link.dataset.id = draft.id;
  how.textContent = ` ${say(draft.state === "delivered" ? "delivered-state" : draft.state)} · ${age(draft.saved)} · ${draft.office}`;
  item.append(link, how);
  if (draft.state === "delivered") item.append(` ${draft.numbers.join(", ")}`);
  return item;
}

// Show them again. `open(id)`: instead of going there; without it the links lead.
export async function list(open) {
  const found = await store.drafts();
  place.hidden = !found.length;
  const rows = found.map(row);
  place.querySelector("ul").replaceChildren(...rows);
  if (open) for (const item of rows) {
    const link = item.querySelector("a");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      open(link.dataset.id);
    });
  }
  return found;
}

// Send what was frozen and never confirmed.
export async function sendFrozen() {
  const frozen = (await store.drafts()).filter((each) => each.state === "frozen");
  if (!frozen.length) return;
  const who = await sending.signedIn();
  const device = who && (await store.devices()).find((each) => each.office === who.office);
  const half = device && await sending.half(device.device, who.token);
  const key = half && await store.openByHalf(device, half);
  if (!key) return;
  for (const each of frozen.filter((one) => one.office === device.office)) await sending.send(each.id, key);
  await list();
}

if (place && !("shell" in document.body.dataset)) {
  await list();
  if (document.body.dataset.office) {
    const again = () => sendFrozen().catch(() => {});
    addEventListener("online", again);
    await again();
  }
}
