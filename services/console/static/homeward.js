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

// A form is sent once -------------------------------------------------------------------------------
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 10_000);
  });
}
document.getElementById("summary")?.focus();

// What would be refused after it was carried over the line is refused before -------------------------
const file = document.querySelector("input[type=file][data-largest]");
file?.addEventListener("change", () => {
  const large = [...file.files].some((each) => each.size > Number(file.dataset.largest));
  document.getElementById("too-large").hidden = !large;
  if (large) file.value = "";
});
document.getElementById("print")?.addEventListener("click", () => print());

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
if (document.getElementById("enrolling")) await import("./enrolling.js");
else if (document.getElementById("handover") && ("shell" in document.body.dataset || await enrolled())) await import("./handover.js");
else if (document.getElementById("drafts") && await enrolled()) await import("./listing.js");
