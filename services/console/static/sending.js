// Sends a draft so that it takes effect once, whatever breaks in between. The draft's id is the id of the request, and
// what is sent stands frozen on the disk, with its digest, before the first byte leaves. What is known then decides:
// - the same content, delivered: nothing is sent, the receipt is shown;
// - the same content, not known to be delivered: the same request is sent again, and takes effect once;
// - other content, and what was sent before was delivered: nothing is sent;
// - other content, and what was sent before may have been delivered: the service is asked first.
import * as store from "./drafts.js";

const ANSWER_MS = 45_000;
const UNKNOWN = new Set([408, 425, 429, 500, 502, 503, 504]);
const SIGN_IN = new Set([401, 403]);

const asked = (address, options = {}) => fetch(address, {
  ...options, credentials: "same-origin", cache: "no-store", redirect: "error", signal: AbortSignal.timeout(ANSWER_MS),
  headers: { Accept: "application/json", ...options.headers },
});

// Who is signed in, and the token of her forms; null: nobody is. Throws when the line is dead.
export async function signedIn() {
  const answer = await asked("/handovers/token");
  return answer.ok ? answer.json() : null;
}

// The console's half of the key of a device, for the office that is signed in; null: there is none for it.
export async function half(device, token) {
  const body = new URLSearchParams({ device, form_token: token });
  const answer = await asked("/handovers/half", { method: "POST", body });
  if (!answer.ok) return null;
  return Uint8Array.from(atob((await answer.json()).half), (char) => char.charCodeAt(0));
}

// What is wrong with the form as it stands.
export async function check(id, entries, token) {
  const body = new URLSearchParams([...entries, ["action", "check"], ["form_token", token]]);
  const answer = await asked(`/handovers/${id}`, { method: "POST", body });
  if (!answer.ok && answer.status !== 422) throw new Error("not checked");
  return answer.json();
}

// { kind: "delivered" | "changed" | "refused" | "unknown" | "signed-out", … }
export function send(id, deviceKey) {
  // Two windows would send it twice: the service takes it once, but the second answer is awaited for nothing.
  return navigator.locks.request(`homeward-sending-${id}`, () => sendAlone(id, deviceKey).catch(() => ({ kind: "unknown" })));
}

async function sendAlone(id, deviceKey) {
  let record = await store.draft(id);
  if (!record) return { kind: "gone" };
  if (record.state === "delivered" || record.state === "changed") return told(record.state, record);
  const keys = await store.keyOf(record, id, deviceKey);
  const entries = await store.content(record, keys.key);
  const sha = await store.digest(entries);
  const asks = Boolean(record.asks || (record.sha && record.sha !== sha));
  record = { ...record, state: "frozen", sha, asks };
  await store.change(record);
  const who = await signedIn();
  if (!who || who.office !== record.office) return { kind: "signed-out" };
  if (asks) {
    const before = await (await asked(`/handovers/${id}/state`)).json();
    if (before.numbers.length) return changed(record, before);
    record = { ...record, asks: false };
    await store.change(record);
  }
  const body = new URLSearchParams([...entries, ["action", "send"], ["form_token", who.token]]);
  const answer = await asked(`/handovers/${id}`, { method: "POST", body });
  if (UNKNOWN.has(answer.status)) return { kind: "unknown" };
  if (SIGN_IN.has(answer.status)) return { kind: "signed-out" };
  const said = answer.ok || answer.status === 422 ? await answer.json() : {};
  // Refused, and yet there is a receipt: an attempt before, with other content, came through late.
  if (!answer.ok && said.numbers?.length) return changed(record, said);
  if (!answer.ok) {
    await store.change({ ...record, state: "draft" });
    return { kind: "refused", problems: said.problems ?? [], message: said.message ?? "", advice: said.advice ?? "" };
  }
  await store.delivered(record, said.receipt, said.numbers);
  return told("delivered", said);
}

const told = (kind, { receipt, numbers }) => ({ kind, receipt, numbers });

async function changed(record, said) {
  await store.change({ ...record, state: "changed", receipt: said.receipt, numbers: said.numbers });
  return told("changed", said);
}
