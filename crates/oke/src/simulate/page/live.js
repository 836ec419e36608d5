"use strict";
const list = document.getElementById("seen");
const state = document.getElementById("state");
let last = 0;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function show(one) {
  const item = element("li");
  if (one.status >= 400 || one.status === 0) item.classList.add("refused");
  if (one.is_sent) item.classList.add("sent");
  const details = element("details");
  const summary = element("summary");
  const way = one.is_sent ? `naar ${one.server} ` : "";
  summary.append(element("b", one.method), element("span", way, "way"), `${one.path} → ${one.status || "geen antwoord"} `,
    element("span", one.at.slice(0, 19).replace("T", " "), "when"));
  details.append(summary);
  const findings = [...one.request_findings, ...one.answer_findings];
  if (findings.length > 0) summary.append(element("span", ` · ${findings.length} opmerking(en)`, "way"));
  for (const finding of findings) {
    details.append(element("p", `${finding.severity} ${finding.pointer || "/"}: ${finding.rule} ${finding.detail}`, "found"));
  }
  for (const [title, body] of [["gestuurd", one.request], ["geantwoord", one.answer]]) {
    if (body === null) continue;
    const text = element("pre", JSON.stringify(body, null, 2));
    text.tabIndex = 0;
    text.setAttribute("role", "region");
    text.setAttribute("aria-label", `${title}: ${one.method} ${one.path}`);
    details.append(text);
  }
  item.append(details);
  list.prepend(item);
  while (list.children.length > 300) list.lastChild.remove();
}

function fill(id, options) {
  const select = document.getElementById(id);
  select.form.hidden = options.length === 0;
  const chosen = select.value;
  select.replaceChildren(...options.map((option) => {
    const made = element("option", option.name ? `${option.name} (${option.id})` : option.id ?? option);
    made.value = option.id ?? option;
    return made;
  }));
  if (options.some((option) => (option.id ?? option) === chosen)) select.value = chosen;
}

function lines(id, texts, none) {
  document.getElementById(id).replaceChildren(...(texts.length > 0 ? texts : [none]).map((text) => element("li", text)));
}

function how(partner) {
  if (partner.state === "open") return `faalde ${partner.failures} keer op rij; met rust gelaten tot ${partner.until.slice(0, 19)}`;
  if (partner.state === "trying") return "had rust; één bericht probeert het weer";
  return partner.failures > 0 ? `faalde ${partner.failures} keer op rij; berichten gaan door` : "geen storing";
}

async function things() {
  const found = await (await fetch("/things")).json();
  document.getElementById("role").textContent = found.role.toUpperCase();
  fill("enrolments", found.enrolments);
  fill("sessions", found.sessions);
  fill("faults", found.faults);
  const { partners, work, faults } = found.doing;
  document.getElementById("active").textContent =
    faults.length > 0 ? `Nu van kracht: ${faults.join(", ")}.` : "Alles werkt zoals het hoort.";
  lines("partners", partners.map(([name, partner]) => `${name.toUpperCase()}: ${how(partner)}`), "Deze partij belt niemand.");
  lines("work", work.map((one) => `${one.what}: ${one.why}`), "Niets blijven liggen.");
}

async function follow() {
  for (;;) {
    try {
      const found = await (await fetch(`/live?since=${last}`)).json();
      for (const one of found.seen) {
        last = Math.max(last, one.number);
        show(one);
      }
      if (found.seen.length > 0) state.textContent = `${last} berichten gezien.`;
      await things();
    } catch {
      state.textContent = "De simulator antwoordt niet; over twee seconden opnieuw.";
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

for (const form of document.forms) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const which = form.elements.which?.value ?? "";
    try {
      const answer = await fetch("/do", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ what: form.dataset.what, which }),
      });
      state.textContent = answer.ok ? "Gevraagd; het gebeurt bij de volgende stap." : `Niet aangenomen: ${(await answer.json()).title}`;
      setTimeout(things, 1000);
    } catch {
      state.textContent = "De simulator antwoordt niet; probeer het zo opnieuw.";
    }
  });
}

follow();
