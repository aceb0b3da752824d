// Drafts of handovers on an enrolled device: sealed in IndexedDB, each with a key of its own.
// The device's key opens those keys. It is kept wrapped twice: by the half that the console gives an officer of the
// office who is signed in, and by four words, which open it without a line. Neither is ever stored here.
const NAME = "homeward-drafts";
const ROUNDS = 600_000;
const KEY = { name: "AES-GCM", length: 256 };
const DELIVERED_MS = 24 * 60 * 60 * 1000;
export const WORDS = 4;

const bytes = (count) => crypto.getRandomValues(new Uint8Array(count));
const utf8 = (text) => new TextEncoder().encode(text);
const sealing = (iv, place) => ({ name: "AES-GCM", iv, additionalData: utf8(place) });

// The database --------------------------------------------------------------------------------------
const answered = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function database() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("devices", { keyPath: "office" });
    opening.result.createObjectStore("drafts", { keyPath: "id" });
  };
  return answered(opening);
}

async function within(store, mode, work) {
  const opened = await database();
  try {
    // A power cut after "saved" must find it on the disk.
    const transaction = opened.transaction(store, mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const found = await answered(work(transaction.objectStore(store)));
    await done;
    return found;
  } finally {
    opened.close();
  }
}

const put = (store, value) => within(store, "readwrite", (rows) => rows.put(value));

// The device's key ----------------------------------------------------------------------------------
// 20 beginnings and 103 endings of Vietnamese syllables, without accents: the first 2,048 of them, 11 bits a word.
const BEGINNINGS = "b c ch d g h kh l m n ng nh ph r s t th tr v x".split(" ");
const ENDINGS = (
  "a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec iem ien ieng iep iet ieu " +
  "im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong ooc oong op " +
  "ot u ua uac uan uang uat uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych " +
  "uyen uyet uynh uyp uyt uyu"
).split(" ");
export const LIST = BEGINNINGS.flatMap((start) => ENDINGS.map((end) => start + end)).slice(0, 2048);

export const newWords = () => Array.from({ length: WORDS }, () => LIST[crypto.getRandomValues(new Uint16Array(1))[0] % 2048]).join(" ");

// Accents, capitals and blanks that a keyboard adds are no mistake.
const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "d")
  .toLowerCase().replace(/[^a-z]+/g, " ").trim();

async function keyOfWords(words, salt) {
  const given = await crypto.subtle.importKey("raw", utf8(plain(words)), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, given, KEY, false, ["wrapKey", "unwrapKey"]);
}

const keyOfHalf = (half) => crypto.subtle.importKey("raw", half, KEY, false, ["wrapKey", "unwrapKey"]);

async function wrapped(key, by, place) {
  const iv = bytes(12);
  return { iv, key: new Uint8Array(await crypto.subtle.wrapKey("raw", key, by, sealing(iv, place))) };
}

async function unwrapped(kept, by, place, uses) {
  try {
    return await crypto.subtle.unwrapKey("raw", kept.key, by, sealing(kept.iv, place), KEY, false, uses);
  } catch {
    return null;
  }
}

const OPENS = ["wrapKey", "unwrapKey"];
const placeOf = (device) => `${device.office}|${device.device}`;

export const devices = () => within("devices", "readonly", (rows) => rows.getAll());
export const newDevice = () => crypto.randomUUID();

// Keep drafts of an office here. `half` is of the console, for this office and device.
export async function enrol(office, device, half, words) {
  const made = await crypto.subtle.generateKey(KEY, true, OPENS);
  const salt = bytes(16), place = placeOf({ office, device });
  await put("devices", {
    office, device, salt, since: Date.now(),
    byHalf: await wrapped(made, await keyOfHalf(half), place),
    byWords: await wrapped(made, await keyOfWords(words, salt), place),
  });
  await navigator.storage?.persist?.();
}

export async function forget(office) {
  const ours = (await drafts()).filter((draft) => draft.office === office);
  for (const draft of ours) await erase(draft.id);
  await within("devices", "readwrite", (rows) => rows.delete(office));
}

export const openByHalf = async (device, half) => unwrapped(device.byHalf, await keyOfHalf(half), placeOf(device), OPENS);
export const openByWords = async (device, words) =>
  unwrapped(device.byWords, await keyOfWords(words, device.salt), placeOf(device), OPENS);

// Drafts --------------------------------------------------------------------------------------------
// What stands beside the sealed text names nobody: id, office, how many people, when it was saved, how far it is.
const CONTENT = ["encrypt", "decrypt"];

export async function drafts() {
  const found = await within("drafts", "readonly", (rows) => rows.getAll());
  const old = found.filter((each) => each.state === "delivered" && Date.now() - each.saved > DELIVERED_MS);
  for (const each of old) await erase(each.id);
  return found.filter((each) => !old.includes(each)).sort((one, other) => other.saved - one.saved);
}

export const draft = (id) => within("drafts", "readonly", (rows) => rows.get(id));
export const erase = (id) => within("drafts", "readwrite", (rows) => rows.delete(id));

// A draft's own key: that of the record, or a new one. The device's key opens it.
export async function keyOf(record, id, deviceKey) {
  if (record) return { kept: record.key, key: await unwrapped(record.key, deviceKey, id, CONTENT) };
  const made = await crypto.subtle.generateKey(KEY, true, CONTENT);
  const kept = await wrapped(made, deviceKey, id);
  return { kept, key: await unwrapped(kept, deviceKey, id, CONTENT) };
}

export async function content(record, key) {
  const opened = await crypto.subtle.decrypt(sealing(record.iv, record.id), key, record.sealed);
  return JSON.parse(new TextDecoder().decode(opened));
}

// Keep a draft. `facts`: what stands beside the sealed text.
export async function keep(id, keys, entries, facts) {
  const iv = bytes(12);
  const sealed = new Uint8Array(await crypto.subtle.encrypt(sealing(iv, id), keys.key, utf8(JSON.stringify(entries))));
  const record = { ...facts, id, iv, sealed, key: keys.kept, saved: Date.now() };
  await put("drafts", record);
  return record;
}

// Of a delivered draft only the numbers are left: names and key go.
export async function delivered(record, receipt, numbers) {
  const { id, office, people } = record;
  await put("drafts", { id, office, people, saved: Date.now(), state: "delivered", receipt, numbers });
}

export const change = (record) => put("drafts", record);

export async function digest(entries) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(JSON.stringify(entries))));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
