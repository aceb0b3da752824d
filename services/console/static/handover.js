// The form of a handover on an enrolled device: kept as it is typed, opened without a line, sent until it is known to
// have arrived. On any other device this does nothing, and the form works as it does without JavaScript.
import * as store from "./drafts.js";
import { list } from "./listing.js";
import { listPeople } from "./people.js";
import * as sending from "./sending.js";
import { age, clock, keepShell, say } from "./shell.js";

const TYPED_MS = 2_000;
const LOOK_MS = 15_000;
const KEY_MS = 30 * 60 * 1000;
const AGAIN_MS = [3_000, 6_000, 12_000, 24_000, 48_000];
const MAX_PEOPLE = 30;
const NOT_KEPT = new Set(["form_token", "action", "file"]);
const RELATIVE = { "hôm nay": 0, "hom nay": 0, today: 0, "hôm qua": 1, "hom qua": 1, yesterday: 1 };

const inShell = "shell" in document.body.dataset;
const form = document.getElementById("handover");
const locked = document.getElementById("locked");
const status = document.getElementById("status");
const changing = document.getElementById("change");
const erasing = document.getElementById("erase");
const pattern = document.getElementById("person-pattern");

let id = "";
let office = document.body.dataset.office ?? "";
let deviceKey = null;
let keys = null;
let saving = Promise.resolve();
let typing = 0;
let again = 0;
let attempts = 0;
let touched = Date.now();
let passing = false;

// What stands in the form -----------------------------------------------------------------------------
const sections = () => [...form.querySelectorAll("section.person[data-row]")];

function entries() {
  const found = [...new FormData(form)].filter(([name, value]) => !NOT_KEPT.has(name) && typeof value === "string" && value);
  return found.map(([name, value]) => [name, value]);
}

const isEmpty = (typed) => !typed.some(([name]) => /^p\d+\./.test(name));

function number(section, from, to) {
  section.dataset.row = to;
  for (const part of [section, ...section.querySelectorAll("*")]) {
    for (const name of ["id", "name", "for", "aria-describedby", "aria-labelledby", "value"]) {
      const value = part.getAttribute(name);
      if (value && (name !== "value" || part.name === "action")) {
        part.setAttribute(name, value.replace(new RegExp(`(^|\\s)p${from}(?=[.-]|$)`, "g"), `$1p${to}`).replace(`remove:${from}`, `remove:${to}`));
      }
    }
  }
  for (const said of section.querySelectorAll("[data-number]")) said.textContent = said.textContent.replace(String(from), String(to));
}

function counted() {
  const count = sections().length;
  form.elements.count.value = count;
  for (const button of form.querySelectorAll("[value^='remove:']")) button.hidden = count < 2;
  relatives();
  form.querySelector("[value=add]")?.toggleAttribute("hidden", count >= MAX_PEOPLE);
  const send = form.querySelector("button[value=send]");
  send.textContent = say(count === 1 ? "send-one" : "send-many", { count });
  listPeople();
}

// Whom a tie may be to: everybody else in the form.
function relatives() {
  const all = sections();
  for (const section of all) {
    const tie = section.querySelector("[data-tie]"), choice = tie.querySelector("select"), chosen = choice.value;
    tie.hidden = all.length < 2;
    const others = all.filter((each) => each !== section);
    choice.replaceChildren(choice.options[0], ...others.map((each) => new Option(each.querySelector("[data-number]").textContent, each.dataset.row)));
    choice.value = chosen;
  }
}

function addPerson() {
  const section = pattern.content.firstElementChild.cloneNode(true);
  sections().at(-1).after(section);
  number(section, 0, sections().length);
  counted();
  return section;
}

function removePerson(row) {
  const all = sections();
  if (all.length < 2) return;
  all[row - 1].remove();
  all.slice(row).forEach((section, index) => number(section, row + index + 1, row + index));
  for (const choice of form.querySelectorAll("[data-tie] select")) choice.value = "";
  for (const field of form.querySelectorAll("[name$='.family_links']")) field.value = tiedAnew(field.value, row);
  counted();
}

// Ties follow their people, and those to whoever is gone end.
function tiedAnew(links, gone) {
  const kept = links.split(";").map((each) => each.trim()).filter((each) => !new RegExp(`^${gone}\\s*:`).test(each));
  return kept.map((each) => each.replace(/^\d+/, (found) => (found > gone ? found - 1 : found))).join("; ");
}

function fill(typed) {
  const count = Number(new Map(typed).get("count") ?? 1);
  while (sections().length < count) addPerson();
  for (const [name, value] of typed) {
    const field = form.elements.namedItem(name);
    if (!field || name === "count") continue;
    if (field.type === "checkbox") { field.checked = true; field.closest("label").removeAttribute("hidden"); } else field.value = value;
    const folded = field.closest("details");
    if (folded && value && !name.endsWith(".place")) folded.open = true;
  }
  counted();
}

function blank() {
  while (sections().length > 1) removePerson(sections().length);
  for (const field of form.querySelectorAll("input, select")) {
    if (field.type === "checkbox") field.checked = false;
    else if (field.name !== "form_token" && field.name !== "count") field.value = "";
  }
  document.getElementById("summary")?.remove();
}

// "Today" is another day when the line comes back.
function settleDay(field) {
  const [word] = Object.keys(RELATIVE).filter((each) => field.value.trim().toLowerCase().startsWith(each));
  if (!word) return;
  const day = new Date(Date.now() - RELATIVE[word] * 86_400_000);
  const written = [day.getDate(), day.getMonth() + 1].map((part) => String(part).padStart(2, "0"));
  field.value = `${written.join("/")}/${day.getFullYear()}${field.value.trim().slice(word.length)}`;
}

// Keeping -------------------------------------------------------------------------------------------
function save() {
  clearTimeout(typing);
  saving = saving.then(keepNow).catch(() => { status.textContent = say("not-saved"); });
  return saving;
}

async function keepNow() {
  if (!keys || form.inert) return;
  const typed = entries(), before = await store.draft(id);
  if (!before && isEmpty(typed)) return;
  const { sha, asks } = before ?? {};
  const record = await store.keep(id, keys, typed, { office, people: sections().length, state: "draft", sha, asks });
  status.textContent = say("saved", { time: clock(record.saved) });
}

form?.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(save, TYPED_MS);
});
form?.addEventListener("focusout", (event) => {
  if (event.target.name === "handover_time") settleDay(event.target);
  if (keys) save();
});
addEventListener("pagehide", save);
addEventListener("covered", save);
document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
setInterval(() => { if (deviceKey && Date.now() - touched > KEY_MS) drop(); }, LOOK_MS);

async function drop() {
  await save();
  keys = deviceKey = null;
  clearTimeout(again);
  blank();
  lock();
}

// Sending -------------------------------------------------------------------------------------------
function freeze(frozen) {
  form.inert = frozen;
  changing.hidden = !frozen;
}

async function send() {
  clearTimeout(again);
  await save();
  freeze(true);
  status.textContent = say("sending");
  const of = id, answer = await sending.send(id, deviceKey);
  if (of !== id || !keys) return;
  ({ delivered, changed, refused, "signed-out": signedOut }[answer.kind] ?? unknown)(answer);
}

function later() {
  clearTimeout(again);
  const wait = AGAIN_MS[Math.min(attempts++, AGAIN_MS.length - 1)];
  again = setTimeout(send, wait * (0.75 + Math.random() / 2));
}

function unknown() {
  status.textContent = say("unknown");
  later();
}

function signedOut() {
  const link = document.createElement("a");
  [link.href, link.target, link.rel, link.textContent] = ["/sign-in?to=/signed-in", "_blank", "noopener", say("sign-in")];
  status.replaceChildren(say("signed-out", { office }), " ", link);
  later();
}

function delivered({ receipt, numbers }) {
  keys = null;
  blank();
  freeze(true);
  changing.hidden = true;
  shown(say("delivered", { numbers: numbers.join(", ") }), receipt);
  if (!inShell) location.assign(receipt);
}

function changed({ receipt, numbers }) {
  freeze(true);
  changing.hidden = true;
  erasing.hidden = false;
  shown(say("changed-since", { numbers: numbers.join(", ") }), receipt);
}

function shown(text, receipt) {
  const link = document.createElement("a");
  [link.href, link.textContent] = [receipt, say("receipt")];
  status.replaceChildren(text, " ", link);
}

function refused(answer) {
  freeze(false);
  status.textContent = say("refused");
  summarise(answer);
}

function summarise({ problems, message = "", advice = "" }) {
  document.getElementById("summary")?.remove();
  for (const wrong of form.querySelectorAll("[aria-invalid]")) wrong.removeAttribute("aria-invalid");
  for (const changed of form.querySelectorAll("[data-changed]")) delete changed.dataset.changed;
  listPeople();
  if (!problems.length && !message) return;
  const summary = document.getElementById("summary-pattern").content.firstElementChild.cloneNode(true);
  const rows = problems.map(({ field, text }) => {
    const item = document.createElement("li"), link = document.createElement("a");
    link.textContent = text;
    if (field) link.href = `#${field}`;
    const place = form.elements.namedItem(field);
    place?.setAttribute?.("aria-invalid", "true");
    const folded = place?.closest?.("details");
    if (folded) folded.open = true;
    if (field === "looked") place.closest("label").removeAttribute("hidden");
    if (field.endsWith(".full_name")) form.elements.namedItem(field.replace("full_name", "again"))?.closest("label").removeAttribute("hidden");
    item.append(link);
    return item;
  });
  listPeople();
  summary.querySelector("p").textContent = [message, advice].filter(Boolean).join(" ");
  summary.querySelector("ul").replaceChildren(...rows);
  document.querySelector("main").prepend(summary);
  summary.id = "summary";
  summary.focus();
}

async function check() {
  await save();
  try {
    const who = await sending.signedIn();
    if (!who) return signedOut();
    const answer = await sending.check(id, entries(), who.token);
    status.textContent = say(answer.problems.length ? "refused" : "right");
    summarise(answer);
  } catch {
    status.textContent = say("no-line");
  }
}

form?.addEventListener("submit", async (event) => {
  const action = event.submitter?.value ?? "check";
  if (!keys || passing) return;
  event.preventDefault();
  if (action === "send") { attempts = 0; await send(); }
  else if (action === "add") { addPerson().querySelector("input:not([type=hidden])").focus(); await save(); }
  else if (action.startsWith("remove:")) { removePerson(Number(action.slice(7))); await save(); }
  else if (action === "check") await check();
  else {
    // The console reads the file, and answers with the form filled.
    await save();
    passing = true;
    form.requestSubmit(event.submitter);
  }
}, true);

changing?.addEventListener("click", async () => {
  clearTimeout(again);
  freeze(false);
  status.textContent = say("changing");
  await save();
});
erasing?.addEventListener("click", async () => {
  await store.erase(id);
  location.assign("/");
});
addEventListener("online", () => { if (keys && form.inert && !changing.hidden) { attempts = 0; send(); } });

// Opening -------------------------------------------------------------------------------------------
async function openDraft(wanted) {
  const free = id === wanted || await new Promise((resolve) => {
    navigator.locks.request(`homeward-editing-${wanted}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock && new Promise(() => {});
    });
  });
  if (inShell) history.replaceState(null, "", `/handovers/${wanted}`);
  id = wanted;
  form.hidden = false;
  form.setAttribute("action", `/handovers/${id}`);
  if (!free) {
    form.inert = true;
    status.textContent = say("elsewhere");
    return;
  }
  const record = await store.draft(id);
  if (record?.state === "delivered") return delivered(record);
  const opened = await store.keyOf(record, id, deviceKey), typed = record && await store.content(record, opened.key);
  const fresh = !("given" in form.dataset);
  if (record && fresh) {
    fill(typed);
    status.textContent = say("opened", { age: age(record.saved) });
  }
  // Not before what was kept stands in the form: whatever is typed from now on is kept.
  keys = opened;
  document.documentElement.dataset.drafts = "";
  if (!fresh) await save();
  if (record?.state === "changed") changed(record);
  else if (record?.state === "frozen") await send();
}

function lock() {
  form.hidden = true;
  locked.hidden = false;
  locked.elements.words.focus();
}

locked?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = locked.elements.words.value;
  for (const device of await store.devices()) {
    deviceKey ??= await store.openByWords(device, given).then((key) => { if (key) office = device.office; return key; });
  }
  document.getElementById("wrong-words").hidden = Boolean(deviceKey);
  if (!deviceKey) return;
  locked.elements.words.value = "";
  locked.hidden = true;
  touched = Date.now();
  await unlocked();
});

async function unlocked() {
  const wanted = /^\/handovers\/([0-9a-f-]{36})$/.exec(location.pathname)?.[1];
  if (wanted) return openDraft(wanted);
  const begin = document.getElementById("begin-offline");
  const start = (draft) => { begin.hidden = document.getElementById("drafts").hidden = true; return openDraft(draft); };
  begin.hidden = false;
  begin.addEventListener("click", () => start(crypto.randomUUID()), { once: true });
  await list(start);
}

async function start() {
  const devices = await store.devices();
  if (inShell) {
    if (devices.length) lock(); else status.textContent = say("no-device");
    return;
  }
  const device = devices.find((each) => each.office === office);
  if (!device) return;
  await keepShell();
  try {
    const half = await sending.half(device.device, form.elements.form_token.value);
    deviceKey = half && await store.openByHalf(device, half);
  } catch {
    deviceKey = null;
  }
  if (deviceKey) await unlocked(); else lock();
}

if (form) await start();
