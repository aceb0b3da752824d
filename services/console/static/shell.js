// What every page with drafts needs: its sentences, and the worker that keeps the empty form for a dead line.
const sentences = document.getElementById("sentences")?.content;
const policy = window.trustedTypes?.createPolicy("homeward", { createScriptURL: () => "/worker.js" });

// A sentence of the page's language, with its placeholders filled.
export function say(name, values = {}) {
  const text = sentences.querySelector(`[data-say="${name}"]`).textContent;
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

export const clock = (moment) => new Date(moment).toTimeString().slice(0, 5);

export function age(moment) {
  const hours = Math.floor((Date.now() - moment) / 3_600_000);
  return hours < 1 ? say("just-now") : hours < 48 ? say("hours", { count: hours }) : say("days", { count: Math.floor(hours / 24) });
}

// Keep the empty form, in the language of this page.
export async function keepShell() {
  await navigator.serviceWorker.register(policy ? policy.createScriptURL("") : "/worker.js");
  const cache = await caches.open("homeward-language");
  await cache.put("/language", new Response(document.documentElement.lang));
}
