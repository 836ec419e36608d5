// What a school sets, writes and hears: the mail cabinet, settings, regulation, mail texts, notices, search, colours.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { OUT, browse, reader, serve } from "../house.mjs";
import { axe, hold } from "../judge.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const regie = `${process.env.CARGO_TARGET_DIR ?? `${root}target`}/debug/regie`;
const PASSWORD = "welkom-in-de-demo";

let data;
let house;
let browser;
before(async () => {
  data = mkdtempSync(join(tmpdir(), "regie-e2e-"));
  execFileSync(regie, ["--data", data, "--log", "warn", "demo", "--size", "tiny"], { stdio: "inherit" });
  house = await serve(regie, ["--data", data, "--log", "warn", "--listen", "127.0.0.1:0", "serve"]);
  browser = await browse();
  mkdirSync(OUT, { recursive: true });
});
after(async () => {
  await browser?.close();
  await house?.stop();
  if (data) rmSync(data, { recursive: true, force: true });
});

async function signIn(role, options = {}, password = PASSWORD) {
  const opened = await reader(browser, house.address, options);
  await opened.page.goto("/sign-in");
  await opened.page.fill("#mail", `${role}@delta.example`);
  await opened.page.fill("#password", password);
  await Promise.all([opened.page.waitForURL((url) => url.pathname === "/"), opened.page.click("form.form button[type=submit]")]);
  return opened;
}

/** A picture to look at; only when asked for. */
async function shot(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${OUT}/platform-${name}.png`, fullPage: true });
}

/** Asks again until something is there: mail is delivered a moment later. */
async function until(page, path, locator) {
  for (let n = 0; n < 300; n++) {
    await page.goto(path);
    if (await page.locator(locator).count()) return;
    await page.waitForTimeout(100);
  }
  assert.fail(`${locator} never came on ${path}`);
}

test("a mail of the demo lies in the cabinet, and its link works", { timeout: 180_000 }, async () => {
  const asked = await reader(browser, house.address, {});
  await asked.page.goto("/password/forgot");
  await asked.page.fill("#mail", "student@delta.example");
  await asked.page.locator("form.form button[type=submit]").click();
  const { page, context, complaints } = await signIn("administrator");
  await until(page, "/mail", "tbody a");
  const href = await page.locator("tbody a").first().getAttribute("href");
  await hold(page, "/mail");
  await shot(page, "cabinet");
  await hold(page, href);
  await shot(page, "mail");
  const plain = await page.locator(".mail-plain").innerText();
  const framed = page.frameLocator(".mail-frame").locator("a").first();
  assert.equal(await framed.getAttribute("href"), plain.match(/https?:\S+/)[0], "both parts hold the same link");
  assert.deepEqual(complaints, []);
  await context.close();
  await asked.page.goto(plain.match(/https?:\S+/)[0]);
  await asked.page.fill("#password", "zeven zachte wolken boven zee");
  await asked.page.locator("form.form button[type=submit]").click();
  await asked.context.close();
  const student = await signIn("student", {}, "zeven zachte wolken boven zee");
  await student.context.close();
});

test("a setting is found, changed with a reason, and remembered, without script", { timeout: 180_000 }, async () => {
  const { page, context } = await signIn("administrator", { javaScriptEnabled: false });
  await page.goto("/settings?q=slot");
  assert.equal(await page.locator("tbody tr").count(), 2);
  await page.getByRole("link", { name: "Duur van het slot" }).click();
  await page.fill("#value", "0");
  await page.locator("form.form button[type=submit]").click();
  assert.match(await page.locator("#value-error").innerText(), /van 1 tot en met 1.?440/);
  await page.fill("#value", "30");
  await page.fill("#reason", "na overleg met ict");
  await page.locator("form.form button[type=submit]").click();
  assert.match(await page.locator("main").innerText(), /na overleg met ict/);
  assert.match(await page.locator(".history").innerText(), /15 minuten[\s\S]*30 minuten/);
  await context.close();
  const seen = await signIn("administrator");
  for (const path of ["/settings", "/settings?q=zzzz", "/settings/sign-in-lock", "/settings/name-order", "/deliveries"]) await hold(seen.page, path);
  await seen.page.setViewportSize({ width: 1440, height: 900 });
  await seen.page.goto("/settings");
  await shot(seen.page, "settings");
  await seen.page.goto("/settings/sign-in-lock");
  await shot(seen.page, "setting");
  await seen.context.close();
});

test("one writes the regulation, another publishes it, everybody reads it", { timeout: 240_000 }, async () => {
  const chair = await signIn("committeechair");
  await chair.page.goto("/regulation");
  await chair.page.getByRole("button", { name: "Nieuwe versie" }).click();
  assert.ok((await chair.page.locator(".article").count()) >= 8);
  const place = new URL(chair.page.url()).pathname;
  await chair.page.locator(".article a[href*='/articles/']").first().click();
  await hold(chair.page, new URL(chair.page.url()).pathname);
  await chair.page.setViewportSize({ width: 1440, height: 900 });
  await chair.page.fill("#rule", "De commissie vergadert elke maand.");
  await chair.page.locator("form.form button[type=submit]").last().click();
  assert.match(await chair.page.locator("main").innerText(), /vergadert elke maand/);
  for (const path of [place, `${place}/edit`, `${place}/publish`]) await hold(chair.page, path);
  await chair.page.goto(`${place}/publish`);
  await chair.page.locator("main form button[type=submit]").click();
  assert.match(await chair.page.locator("main").innerText(), /Wie aan een versie van het reglement heeft geschreven/);
  const secretary = await signIn("committeesecretary");
  await secretary.page.goto(`${place}/publish`);
  await secretary.page.locator("main form button[type=submit]").click();
  await secretary.page.waitForURL((url) => url.pathname === place);
  await secretary.page.getByRole("button", { name: "Nieuwe versie" }).click();
  await secretary.page.locator(".article a[href*='/articles/']").first().click();
  await secretary.page.fill("#rule", "De commissie vergadert elke week.");
  await secretary.page.locator("form.form button[type=submit]").last().click();
  await secretary.page.locator(".versions a[href*=compare]").first().click();
  assert.match(await secretary.page.locator(".compare ins").first().innerText(), /elke week/);
  await hold(secretary.page, new URL(secretary.page.url()).pathname + new URL(secretary.page.url()).search);
  await secretary.page.setViewportSize({ width: 1440, height: 900 });
  await shot(secretary.page, "compare");
  await secretary.context.close();
  const student = await signIn("student", { language: "en" }, "zeven zachte wolken boven zee");
  await student.page.goto("/regulation");
  assert.equal(await student.page.locator(".versions > li").count(), 1, "a draft is the committee's own");
  await hold(student.page, "/regulation");
  await student.page.setViewportSize({ width: 1440, height: 900 });
  await shot(student.page, "regulation");
  await student.context.close();
  // The chair hears of it at the bell, without reloading anything else.
  await until(chair.page, "/notices", ".told--unread");
  await hold(chair.page, "/notices");
  await chair.page.setViewportSize({ width: 1440, height: 900 });
  await shot(chair.page, "notices");
  await chair.page.locator(".told-open").first().click();
  await chair.context.close();
});

test("a school writes its own mail text and sees it before it is sent", { timeout: 180_000 }, async () => {
  const { page, context, complaints } = await signIn("administrator");
  await hold(page, "/texts");
  await hold(page, "/texts/password-reset/nl");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.fill("#plain", "Hoi {{ name }}, hier is je link: {{ link }}");
  await page.getByRole("button", { name: "Bekijk voorbeeld" }).click();
  await page.frameLocator(".mail-frame").getByText("Hoi Noa Visser").first().waitFor();
  await shot(page, "text");
  await page.fill("#plain", "Hoi {{ naam }}");
  await page.locator("form.form button[type=submit]").first().click();
  assert.match(await page.locator("#plain-error").innerText(), /Regel 1: Dit veld bestaat niet/);
  await page.fill("#plain", "Hoi {{ name }}, hier is je link: {{ link }}");
  await page.locator("form.form button[type=submit]").first().click();
  await page.waitForURL((url) => url.pathname === "/texts");
  assert.match(await page.locator("main").innerText(), /Eigen tekst/);
  // A refused form answers with 422, which the browser notes.
  assert.deepEqual(complaints.filter((it) => !it.includes("422")), []);
  await context.close();
});

test("search by keyboard finds people, rooms and teams", { timeout: 120_000 }, async () => {
  const { page, context } = await signIn("examoffice");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.type), "search");
  await page.keyboard.type("k0");
  await Promise.all([page.waitForURL(/search/), page.keyboard.press("Enter")]);
  assert.ok((await page.locator("a.hit").count()) >= 1);
  await page.keyboard.press("/");
  await page.keyboard.press("ArrowDown");
  assert.ok(await page.evaluate(() => document.activeElement.matches("a.hit")));
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.evaluate(() => document.activeElement.id), "words");
  for (const path of ["/search", "/search?q=zzzzqq", "/search?q=e"]) await hold(page, path);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/search?q=e");
  await shot(page, "search");
  await context.close();
});

test("a school's colour is refused when it cannot be read, and seen everywhere when it can", { timeout: 240_000 }, async () => {
  const { page, context } = await signIn("administrator");
  await hold(page, "/brand");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.fill("#colour", "#ffd200");
  await page.locator("form.form button[type=submit]").first().click();
  const nearest = (await page.locator("#colour-error").innerText()).match(/#[0-9a-f]{6}/g).at(-1);
  await page.fill("#colour", nearest);
  await page.locator("form.form button[type=submit]").first().click();
  await page.waitForURL((url) => url.pathname === "/brand");
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  await page.setInputFiles("#logo", { name: "logo.svg", mimeType: "image/svg+xml", buffer: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>") });
  await page.getByRole("button", { name: "Bewaar het beeldmerk" }).click();
  assert.match(await page.locator("#logo-error").innerText(), /geen png/);
  await page.setInputFiles("#logo", { name: "logo.png", mimeType: "image/png", buffer: png });
  await page.getByRole("button", { name: "Bewaar het beeldmerk" }).click();
  await page.locator(".brand-logo").waitFor();
  await shot(page, "brand");
  assert.deepEqual(await axe(page), []);
  for (const path of ["/", "/people", "/settings"]) await hold(page, path);
  await context.close();
});
