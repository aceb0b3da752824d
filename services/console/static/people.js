// The list of who is in the form of a handover: kept in step while it is filled.
const LOOK_MS = 250;
let looking = 0;

const titled = (field) => field.closest(".field").querySelector("label").textContent;
const empty = (field) => !field.value.trim();

function link(to, text) {
  const made = document.createElement("a");
  [made.href, made.textContent] = [`#${to}`, text];
  return made;
}

function tag(kind, text) {
  const made = document.createElement("span");
  [made.className, made.textContent] = [`tag ${kind}`, text];
  return made;
}

function lacking(kind, text, fields) {
  if (!fields.length) return [];
  const made = document.createElement("span");
  made.className = "lacks";
  made.append(tag(kind, text), " ");
  fields.forEach((field, at) => made.append(...(at ? [", "] : []), link(field.id, titled(field))));
  return [made, " "];
}

function line(section, said) {
  const fields = [...section.querySelectorAll(".field input[name]")], name = fields.find((each) => each.name.endsWith(".full_name")).value.trim();
  const wrong = fields.filter((each) => each.getAttribute("aria-invalid") === "true" && !("changed" in each.dataset) && !empty(each));
  const missing = fields.filter((each) => "needed" in each.dataset && empty(each));
  const unsaid = fields.filter((each) => "wished" in each.dataset && empty(each));
  const item = document.createElement("li"), number = section.querySelector("[data-number]").textContent;
  item.append(link(section.id, name ? `${number}: ${name}` : number), " ");
  item.append(...lacking("red", said.wrong, wrong), ...lacking("red", said.missing, missing), ...lacking("amber", said.unsaid, unsaid));
  if (!wrong.length && !missing.length && !unsaid.length) item.append(tag("ok", said.complete));
  return item;
}

export function listPeople() {
  const list = document.getElementById("people");
  if (!list) return;
  const sections = [...list.closest("form").querySelectorAll("section.person[data-row]")];
  list.querySelector("ol").replaceChildren(...sections.map((section) => line(section, list.dataset)));
  for (const part of [list, ...document.querySelectorAll(".to-list")]) part.hidden = sections.length < 2;
}

addEventListener("input", (event) => {
  if (!event.target.closest("section.person[data-row]")) return;
  // What was wrong is looked at again when it is checked.
  event.target.dataset.changed = "";
  clearTimeout(looking);
  looking = setTimeout(listPeople, LOOK_MS);
});
