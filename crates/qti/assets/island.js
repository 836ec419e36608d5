// Comfort on top of a page that works without it: ordering with buttons, areas to click, points to place,
// a scale beside its number, counters, limits on choices. It reads and writes the form fields only.
(() => {
  "use strict";
  const changed = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

  // A list of places becomes a list of the things themselves, with buttons; the fields stay and keep the answer.
  for (const list of document.querySelectorAll(".qti-places")) {
    const fields = [...list.querySelectorAll("select")];
    const options = [...(fields[0]?.options ?? [])].filter((o) => o.value);
    if (fields.length !== options.length || fields[0]?.matches(":disabled")) continue;
    const texts = new Map(options.map((o) => [o.value, o.text]));
    const given = fields.map((f) => f.value).filter(Boolean);
    const answered = given.length > 0;
    const order = [...given, ...options.map((o) => o.value).filter((v) => !given.includes(v))];
    const rows = document.createElement("ol");
    rows.className = "qti-places";
    rows.dataset.live = "";
    const status = document.createElement("p");
    status.className = "qti-unseen";
    status.setAttribute("role", "status");
    // The order as it stands can be the answer: then it has to be said.
    const keep = document.createElement("p");
    keep.className = "qti-keep";
    const take = document.createElement("button");
    take.type = "button";
    take.textContent = list.dataset.keep;
    take.addEventListener("click", () => {
      write();
      status.textContent = order.map((v, i) => `${i + 1}: ${texts.get(v)}`).join(", ");
      rows.querySelector("button")?.focus();
      changed(fields[0]);
    });
    keep.append(document.createTextNode(list.dataset.open), take);
    const write = () => {
      fields.forEach((f, i) => { f.value = order[i]; });
      keep.hidden = true;
    };
    const draw = (focus) => {
      rows.replaceChildren(...order.map((value, at) => {
        const row = document.createElement("li");
        const text = document.createElement("span");
        text.className = "qti-text";
        text.textContent = texts.get(value);
        row.append(text);
        for (const [sign, step, label] of [["\u2191", -1, list.dataset.up], ["\u2193", 1, list.dataset.down]]) {
          const button = document.createElement("button");
          button.type = "button";
          button.textContent = sign;
          button.setAttribute("aria-label", label.replace("{}", texts.get(value)));
          const end = at + step < 0 || at + step >= order.length;
          if (end) button.setAttribute("aria-disabled", "true");
          button.addEventListener("click", () => {
            if (end) return;
            [order[at], order[at + step]] = [order[at + step], order[at]];
            write();
            draw([value, step]);
            status.textContent = order.map((v, i) => `${i + 1}: ${texts.get(v)}`).join(", ");
            changed(fields[at]);
          });
          if (focus && focus[0] === value && focus[1] === step) queueMicrotask(() => button.focus());
          row.append(button);
        }
        return row;
      }));
    };
    if (answered) write();
    draw();
    list.hidden = true;
    list.after(rows, keep, status);
    // The list above says the same once more, unless it shows more than words.
    const bank = list.previousElementSibling;
    if (bank?.matches(".qti-bank") && !bank.querySelector("img, audio, video, math, svg")) bank.hidden = true;
  }

  // Areas of an image follow their controls and the other way round.
  for (const map of document.querySelectorAll(".qti-map")) {
    const group = map.closest("fieldset");
    if (!group) continue;
    const boxes = [...group.querySelectorAll("input[type=radio], input[type=checkbox]")];
    const spots = [...map.querySelectorAll(".qti-spot")];
    const show = () => spots.forEach((s) => {
      const box = boxes.find((b) => b.value === s.dataset.choice);
      s.toggleAttribute("data-on", Boolean(box?.checked));
    });
    spots.forEach((s) => s.addEventListener("click", () => boxes.find((b) => b.value === s.dataset.choice)?.click()));
    group.addEventListener("change", show);
    show();
    if (map.dataset.place !== "true") continue;
    const rows = [...group.querySelectorAll(".qti-coordinates > li")].map((li) => [...li.querySelectorAll("input")]);
    const size = map.viewBox.baseVal;
    const marks = () => {
      map.querySelectorAll(".qti-marker").forEach((m) => m.remove());
      for (const [x, y] of rows) {
        if (x.value === "" || y.value === "") continue;
        const mark = document.createElementNS("http://www.w3.org/2000/svg", "circle");
        mark.setAttribute("class", "qti-marker");
        mark.setAttribute("cx", x.value);
        mark.setAttribute("cy", y.value);
        mark.setAttribute("r", "6");
        map.append(mark);
      }
    };
    map.addEventListener("click", (event) => {
      if (group.disabled) return;
      const box = map.getBoundingClientRect();
      const row = rows.find(([x, y]) => x.value === "" || y.value === "") ?? rows[rows.length - 1];
      row[0].value = Math.round(((event.clientX - box.left) / box.width) * size.width);
      row[1].value = Math.round(((event.clientY - box.top) / box.height) * size.height);
      changed(row[0]);
    });
    group.addEventListener("input", marks);
    group.addEventListener("change", marks);
    marks();
  }

  // A scale moves its number.
  for (const scale of document.querySelectorAll(".qti-scale")) {
    const number = document.getElementById(scale.dataset.for);
    if (!number || number.matches(":disabled")) continue;
    scale.hidden = false;
    if (scale.dataset.reverse) scale.dir = "rtl";
    const follow = () => { if (number.value !== "") scale.value = number.value; };
    scale.addEventListener("input", () => { number.value = scale.value; changed(number); });
    number.addEventListener("input", follow);
    follow();
  }

  // Counters under long answers.
  for (const area of document.querySelectorAll("textarea[data-count]")) {
    const count = document.createElement("p");
    count.className = "qti-count";
    const show = () => {
      const most = area.dataset.expected ? ` / ${area.dataset.expected}` : "";
      count.textContent = `${area.value.length}${most} ${area.dataset.count}`;
    };
    area.addEventListener("input", show);
    area.after(count);
    show();
  }

  // A list of checkboxes with a limit does not take more.
  for (const group of document.querySelectorAll("fieldset[data-max-choices], fieldset[data-max-associations]")) {
    const most = Number(group.dataset.maxChoices ?? group.dataset.maxAssociations);
    const boxes = () => [...group.querySelectorAll("input[type=checkbox]")];
    if (!(most > 0)) continue;
    group.addEventListener("change", (event) => {
      if (event.target.type === "checkbox" && boxes().filter((b) => b.checked).length > most) event.target.checked = false;
    });
  }

  // A portable custom interaction speaks with its page by messages only: it asks for its start, and gives answers.
  for (const frame of document.querySelectorAll("iframe[data-response]")) {
    const { response, type, module, cardinality, baseType } = frame.dataset;
    const holder = frame.parentElement;
    const fields = () => [...holder.querySelectorAll("input[type=hidden]")];
    const inRecord = `${response}:field=`;
    const properties = {};
    for (const [name, value] of Object.entries(frame.dataset)) {
      if (name.startsWith("property")) properties[name.charAt(8).toLowerCase() + name.slice(9)] = value;
    }
    const value = () => {
      const given = fields();
      if (given.length === 0) return null;
      if (cardinality === "record") return Object.fromEntries(given.map((f) => [f.name.slice(inRecord.length), f.value]));
      return cardinality === "single" ? given[0].value : given.map((f) => f.value);
    };
    const keep = (answer) => {
      const named = answer === null ? [] : typeof answer === "string" ? [[response, answer]]
        : Array.isArray(answer) ? answer.map((text) => [response, text])
        : Object.entries(answer).map(([name, text]) => [inRecord + name, text]);
      if (named.length > 256 || named.some(([, text]) => typeof text !== "string" || text.length > 65536)) return;
      fields().forEach((f) => f.remove());
      for (const [name, text] of named) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value: text });
        holder.append(field);
      }
      changed(frame);
    };
    const start = () => {
      // A frame without rights has no origin of its own to name.
      frame.contentWindow.postMessage({
        kind: "start", response, type, module, cardinality, baseType, properties, value: value(),
        modules: JSON.parse(frame.dataset.modules).map(({ id, places }) => (
          { id, places: places.map((place) => new URL(place, document.baseURI).href) }
        )),
        base: new URL(frame.dataset.media || ".", document.baseURI).href,
        templates: JSON.parse(frame.dataset.templates),
        markup: holder.querySelector("template").innerHTML,
        closed: "closed" in frame.dataset,
        language: document.documentElement.lang,
      }, "*");
    };
    addEventListener("message", ({ source, data }) => {
      if (source !== frame.contentWindow || !data) return;
      if (data.kind === "ready") {
        start();
      } else if (data.kind === "running" || data.kind === "failed") {
        frame.dataset.state = data.kind;
      } else if (data.kind === "answer" && !("closed" in frame.dataset) && (data.value === null || ["string", "object"].includes(typeof data.value))) {
        keep(data.value);
      } else if (data.kind === "height" && data.value > 0 && data.value < 5000) {
        frame.height = Math.ceil(data.value);
      }
    });
  }

  // Play limits are kept by the server; the page only shows them.
  for (const media of document.querySelectorAll("[data-max-plays]")) {
    let left = Number(media.dataset.maxPlays);
    for (const player of media.querySelectorAll("audio, video")) {
      player.addEventListener("ended", () => { left -= 1; if (left <= 0) player.controls = false; });
    }
  }
})();
