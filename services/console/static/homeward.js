// Better with it, whole without it: hides the screen, lets a person leave it, and shows new messages as they come.
const COVER_MS = 5 * 60 * 1000;
const TWICE_MS = 600;

// Hiding the screen -----------------------------------------------------------------------------
let covering = 0;
const awake = () => { clearTimeout(covering); covering = setTimeout(cover, COVER_MS); };
function cover() { dispatchEvent(new Event("covered")); document.body.classList.add("covered"); }
function uncover() { document.body.classList.remove("covered"); awake(); }
if ("covers" in document.body.dataset) {
  let escaped = 0;
  addEventListener("keydown", (event) => {
    if (document.body.classList.contains("covered")) { if (event.key !== "Escape") { event.preventDefault(); uncover(); } return; }
    if (event.key === "Escape") {
      if (event.timeStamp - escaped < TWICE_MS) cover();
      escaped = event.timeStamp;
    }
    awake();
  });
  addEventListener("pointerdown", () => { if (document.body.classList.contains("covered")) uncover(); else awake(); });
  document.getElementById("hide")?.addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); cover(); });
  awake();
}

// Nothing is shown out of the browser's memory after signing out ----------------------------------
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// Who she is leaves the screen ---------------------------------------------------------------------
const person = document.querySelector("#person[data-away]");
if (person) {
  // A telephone hides the page while it prints it.
  let printing = false;
  addEventListener("beforeprint", () => { printing = true; });
  addEventListener("afterprint", () => { printing = false; stay(); });
  const away = () => { person.replaceChildren(); location.replace(person.dataset.away); };
  let leaving = 0;
  const stay = () => { clearTimeout(leaving); leaving = setTimeout(away, Number(person.dataset.seconds) * 1000); };
  for (const kind of ["keydown", "pointerdown", "scroll"]) addEventListener(kind, stay, { passive: true });
  document.addEventListener("visibilitychange", () => { if (document.hidden && !printing) away(); });
  addEventListener("pagehide", () => person.replaceChildren());
  stay();
}

// Forms --------------------------------------------------------------------------------------------
// A form is sent once. One that may come back with mistakes is sent behind the page, so that its answer has no entry in
// the browser's history that cannot be shown again, and a dead line leaves what was typed where it stands.
const SENT_MS = 10_000;
let typed = false;

function show(answer, at) {
  document.title = answer.title;
  document.body.className = answer.body.className;
  // Who is not signed in any more sees the head and the foot of nobody.
  const parts = "office" in answer.body.dataset ? ["main"] : ["body > header", "main", "body > footer"];
  for (const part of parts) document.querySelector(part).replaceWith(document.adoptNode(answer.querySelector(part)));
  ready();
  if (document.getElementById("summary")) return;
  (document.querySelector("main [autofocus]") ?? document.querySelector("main")).focus();
  document.getElementById(at)?.scrollIntoView();
}

function lineIsDead(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
  document.getElementById("no-line-said")?.remove();
  const said = document.getElementById("no-line").content.firstElementChild.cloneNode(true);
  said.id = "no-line-said";
  document.querySelector("main").prepend(said);
  said.focus();
}

function send(form, submitter) {
  // Not `action`: buttons of that name stand before it.
  const to = new URL(submitter?.getAttribute("formaction") ?? form.getAttribute("action"), location.href);
  const request = new XMLHttpRequest();
  form.setAttribute("aria-busy", "true");
  request.open("POST", to);
  request.responseType = "document";
  request.setRequestHeader("X-Sent-Behind", "1");
  request.addEventListener("load", () => {
    const next = request.getResponseHeader("X-Goes-On"), stays = !next && request.response?.querySelector("main");
    if (!stays && !next) { lineIsDead(form); return; }
    typed = !next && request.status >= 400;
    if (stays) show(request.response, to.hash.slice(1)); else location.assign(next);
  });
  request.addEventListener("error", () => lineIsDead(form));
  request.send(new FormData(form, submitter));
}

function ready() {
  for (const form of document.querySelectorAll("form[method=post]:not([data-ready])")) {
    form.dataset.ready = "";
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      setTimeout(() => delete form.dataset.sent, SENT_MS);
      // The form of a handover that is kept on this device looks after itself.
      if (!form.noValidate || "drafts" in document.documentElement.dataset) { typed = typed && !form.closest("main"); return; }
      event.preventDefault();
      send(form, event.submitter);
    });
    if (form.noValidate) form.addEventListener("input", () => { typed = !("drafts" in document.documentElement.dataset); });
  }
  document.getElementById("summary")?.focus();
  document.getElementById("print")?.addEventListener("click", () => print());
  // What would be refused after it was carried over the line is refused before.
  const file = document.querySelector("input[type=file][data-largest]");
  file?.addEventListener("change", () => {
    const large = [...file.files].some((each) => each.size > Number(file.dataset.largest));
    document.getElementById("too-large").hidden = !large;
    if (large) file.value = "";
  });
}
ready();
addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

// New messages ---------------------------------------------------------------------------------------
const unread = document.getElementById("unread");
if (unread && "EventSource" in window) {
  let stream = null;
  const listen = () => {
    if (document.hidden) { stream?.close(); stream = null; return; }
    if (stream) return;
    stream = new EventSource("/live");
    stream.addEventListener("unread", (event) => {
      unread.textContent = event.data;
      unread.hidden = event.data === "0";
    });
  };
  document.addEventListener("visibilitychange", listen);
  listen();
}

// Drafts of handovers that are kept on this device ------------------------------------------------------
// A browser that cannot tell is asked for nothing.
const enrolled = async () => (await indexedDB.databases?.() ?? []).some((each) => each.name === "homeward-drafts");
if (document.getElementById("people")) await import("./people.js");
if (document.getElementById("enrolling")) await import("./enrolling.js");
else if (document.getElementById("handover") && ("shell" in document.body.dataset || await enrolled())) await import("./handover.js");
else if (document.getElementById("drafts") && await enrolled()) await import("./listing.js");
