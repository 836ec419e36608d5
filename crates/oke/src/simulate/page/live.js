"use strict";
const list = document.getElementById("seen");
const state = document.getElementById("state");
let last = 0;

function show(one) {
  const item = document.createElement("li");
  if (one.status >= 400) item.className = "refused";
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  const method = document.createElement("b");
  method.textContent = one.method;
  summary.append(method, `${one.path} → ${one.status} · ${one.at}`);
  details.append(summary);
  for (const finding of [...one.request_findings, ...one.answer_findings]) {
    const line = document.createElement("p");
    line.className = "findings";
    line.textContent = `${finding.severity} ${finding.pointer || "/"}: ${finding.rule} ${finding.detail}`;
    details.append(line);
  }
  for (const body of [one.request, one.answer]) {
    if (body === null) continue;
    const text = document.createElement("pre");
    text.textContent = JSON.stringify(body, null, 2);
    details.append(text);
  }
  item.append(details);
  list.prepend(item);
  while (list.children.length > 300) list.lastChild.remove();
}

function fill(id, options) {
  const select = document.getElementById(id);
  const chosen = select.value;
  select.replaceChildren(...options.map((option) => {
    const element = document.createElement("option");
    element.value = option.id ?? option;
    element.textContent = option.name ? `${option.name} (${option.id})` : option;
    return element;
  }));
  if (chosen) select.value = chosen;
}

async function things() {
  const found = await (await fetch("/things")).json();
  document.getElementById("role").textContent = found.role.toUpperCase();
  fill("enrolments", found.enrolments);
  fill("sessions", found.sessions);
  fill("faults", found.faults);
}

async function follow() {
  for (;;) {
    try {
      const found = await (await fetch(`/live?since=${last}`)).json();
      for (const one of found.seen) {
        last = Math.max(last, one.number);
        show(one);
      }
      if (found.seen.length > 0) {
        state.textContent = `${last} berichten gezien.`;
        await things();
      }
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
    await fetch("/do", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ what: form.dataset.what, which }),
    });
    state.textContent = "Gevraagd; het gebeurt bij de volgende stap.";
  });
}

things();
follow();
