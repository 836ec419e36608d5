// Items in a real browser: nothing for axe to say, every text of the source there, every interaction answered
// with the keyboard alone, nothing wider than a phone at 400 %.
//
// The pages come from `cargo run -p regie-qti --example gallery`. REGIE_ITEMS=all adds every shared sample.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { OUT, browse } from "../house.mjs";
import { axe, axeColours } from "../judge.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const all = process.env.REGIE_ITEMS === "all";
let browser;
let folder;
let list;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "items-"));
  const gallery = `${process.env.CARGO_TARGET_DIR ?? `${root}target`}/debug/examples/gallery`;
  if (!existsSync(gallery)) throw new Error(`${gallery} is missing: cargo build -p regie-qti --example gallery`);
  execFileSync(gallery, all ? [folder, "nl", "--all"] : [folder, "nl"], { stdio: "inherit" });
  list = JSON.parse(readFileSync(join(folder, "list.json")));
  browser = await browse();
});

after(() => browser?.close());

// One page for many items: a context of its own for each would cost more than the checks.
async function pages(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, ...options });
  const page = await context.newPage();
  await page.route(/^https?:/, (route) => route.abort());
  const open = (entry) => page.goto(`file://${folder}/${entry.page}`);
  return { page, open, close: () => context.close() };
}

test("axe finds nothing, light and dark, and no text of the source is missing", async () => {
  const found = [];
  const { page, open, close } = await pages();
  for (const entry of list) {
    await page.emulateMedia({ colorScheme: "light" });
    await open(entry);
    found.push(...(await axe(page)).map((v) => `${entry.file}: ${v.id} ${v.where[0]}`));
    await page.emulateMedia({ colorScheme: "dark" });
    found.push(...(await axeColours(page)).map((v) => `${entry.file} (dark): ${v.id} ${v.where[0]}`));
    const shown = await page.evaluate(() => {
      const main = document.querySelector("main");
      const named = [...main.querySelectorAll("option, [alt], [aria-label]")];
      const names = named.flatMap((n) => [n.text, n.getAttribute("alt"), n.getAttribute("aria-label")]);
      return [main.textContent, ...names].join(" ").replace(/\s+/g, " ");
    });
    found.push(...entry.texts.filter((t) => !shown.includes(t)).map((t) => `${entry.file}: “${t}” is missing`));
  }
  await close();
  assert.deepEqual(found, []);
});

test("every interaction is answered with the keyboard alone", async () => {
  const missed = [];
  const { page, open, close } = await pages();
  for (const entry of list) {
    await open(entry);
    const reached = new Set();
    await page.evaluate(() => document.activeElement?.blur());
    for (let step = 0; step < 400; step += 1) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const e = document.activeElement;
        if (!e || e === document.body) return null;
        e.dataset.visits = String(Number(e.dataset.visits ?? 0) + 1);
        const group = e.closest("[data-response]");
        return {
          tag: e.tagName, type: e.type ?? "", name: e.getAttribute("name") ?? "", visits: Number(e.dataset.visits),
          response: group?.dataset.response ?? "", empty: !e.value, checked: Boolean(e.checked),
        };
      });
      if (!at) continue;
      if (at.visits > 1 && at.tag !== "AUDIO" && at.tag !== "VIDEO") break;
      if (at.visits > 40) break;
      reached.add(at.name.split(/[:~]/)[0]);
      reached.add(at.response);
      if (at.type === "radio" || at.type === "checkbox") {
        if (!at.checked) await page.keyboard.press("Space");
      } else if (at.tag === "SELECT") {
        await page.keyboard.press("ArrowDown");
      } else if (at.type === "range") {
        await page.keyboard.press("ArrowRight");
      } else if (at.type === "number") {
        await page.keyboard.press("ArrowUp");
      } else if ((at.type === "text" || at.tag === "TEXTAREA") && at.empty) {
        await page.keyboard.type("42");
      } else if (at.tag === "BUTTON" && at.type === "button") {
        await page.keyboard.press("Enter");
      }
    }
    const answered = await page.evaluate(() => {
      const form = document.querySelector("form");
      return [...new FormData(form)].filter(([, v]) => typeof v === "string" && v !== "").map(([n]) => n.split(/[:~]/)[0]);
    });
    // A picture as medium has nothing to play.
    const still = await page.evaluate(() => {
      const media = [...document.querySelectorAll(".qti-media")];
      return media.filter((m) => !m.querySelector("audio, video")).map((m) => m.dataset.response);
    });
    for (const { kind, response } of entry.kinds) {
      if (kind === "Media" && still.includes(response)) continue;
      const byFocus = ["Upload", "Drawing", "Media", "EndAttempt"].includes(kind);
      const fine = kind === "Portable" || (byFocus ? reached.has(response) : answered.includes(response));
      if (!fine) missed.push(`${entry.file}: ${kind} ${response}`);
    }
  }
  await close();
  assert.deepEqual(missed, []);
});

// The files of the gallery over HTTP: a frame without rights loads no script from a file. It ends with the test.
async function served(t) {
  const types = { html: "text/html; charset=utf-8", js: "text/javascript" };
  const server = createServer((request, response) => {
    const path = join(folder, new URL(request.url, "http://x").pathname);
    if (!path.startsWith(folder) || !existsSync(path)) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[path.split(".").pop()] ?? "application/octet-stream" });
    response.end(readFileSync(path));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

test("a portable interaction runs in a frame without rights, and its answer comes with the form", async (t) => {
  const address = await served(t);
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 } });
  const page = await context.newPage();
  const given = () => page.evaluate(() => new FormData(document.querySelector("form")).getAll("RESPONSE"));
  const stands = (value) => page.waitForFunction((wanted) => (
    String(new FormData(document.querySelector("form")).getAll("RESPONSE")) === wanted
  ), value);

  await page.goto(`${address}/live.html`);
  const frame = page.frameLocator("iframe");
  await frame.getByRole("button", { name: "Erbij" }).waitFor();
  assert.deepEqual(await given(), [], "nothing is answered by itself");
  assert.match(await frame.locator("#place").innerText(), /Tel tot tien/);
  // Of two places of the module the first is not there.
  await page.waitForSelector("iframe[data-state=running]");
  await frame.getByRole("button", { name: "Erbij" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Space");
  await stands("2");
  assert.deepEqual(await axe(page), []);

  const inside = page.frames().find((it) => it.url().endsWith("/frame.html"));
  const rights = await inside.evaluate(async () => {
    const tried = {};
    const attempt = async (name, act) => {
      try {
        await act();
        tried[name] = "allowed";
      } catch {
        tried[name] = "refused";
      }
    };
    await attempt("the page around it", () => window.parent.document.title);
    await attempt("storage", () => localStorage.length);
    await attempt("the network", () => fetch("media/teller.js"));
    await attempt("cookies", () => document.cookie);
    return { ...tried, origin: window.origin };
  });
  assert.deepEqual(rights, {
    "the page around it": "refused", storage: "refused", "the network": "refused", cookies: "refused", origin: "null",
  });

  // What a frame must not say is not kept.
  await inside.evaluate(() => parent.postMessage({ kind: "answer", value: [1, 2] }, "*"));
  await inside.evaluate(() => parent.postMessage({ kind: "answer", value: "x".repeat(70000) }, "*"));
  await inside.evaluate(() => parent.postMessage({ kind: "answer", value: ["7", "8"] }, "*"));
  await stands("7,8");

  await page.goto(`${address}/live-answered.html`);
  await frame.getByText("5", { exact: true }).waitFor();
  assert.deepEqual(await given(), ["5"], "the answer is there from the start");
  await frame.getByRole("button", { name: "Erbij" }).click();
  await stands("6");

  await page.goto(`${address}/live-closed.html`);
  await frame.getByText("5", { exact: true }).waitFor();
  await page.waitForSelector("iframe[data-state=running]");
  assert.equal(await frame.locator("#place").evaluate((it) => it.inert), true, "closed is closed");
  await context.close();
});

test("at 400 % nothing has to be scrolled sideways", async () => {
  const wide = [];
  const { page, open, close } = await pages({ viewport: { width: 320, height: 640 } });
  for (const entry of list) {
    await open(entry);
    if (await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1)) {
      wide.push(entry.file);
    }
  }
  await close();
  assert.deepEqual(wide, []);
});

test("pictures of every interaction, to look at", async () => {
  mkdirSync(join(OUT, "items"), { recursive: true });
  const looks = { light: {}, dark: { colorScheme: "dark" }, zoom: { viewport: { width: 320, height: 640 } } };
  for (const [look, options] of Object.entries(looks)) {
    const { page, open, close } = await pages(options);
    for (const entry of list.filter((e) => e.file.startsWith("own/"))) {
      await open(entry);
      const path = join(OUT, "items", `${entry.name.replace(".xml", "")}-${look}.png`);
      await page.screenshot({ path, fullPage: true });
    }
    await close();
  }
});
