// Exam plans, instruments, the committee, periods and sessions: each page once, held to what every page is held to.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { browse, reader, serve } from "../house.mjs";
import { hold } from "../judge.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const regie = `${process.env.CARGO_TARGET_DIR ?? `${root}target`}/debug/regie`;
const PASSWORD = "welkom-in-de-demo";
const looked = process.env.REGIE_DATABASE ? "looks do not depend on the database" : false;

let data;
let house;
let browser;
before(async () => {
  data = mkdtempSync(join(tmpdir(), "regie-e2e-"));
  execFileSync(regie, ["--data", data, "--log", "warn", "demo", "--size", "tiny"], { stdio: "inherit" });
  house = await serve(regie, ["--data", data, "--log", "warn", "--listen", "127.0.0.1:0", "serve"]);
  browser = await browse();
});
after(async () => {
  await browser?.close();
  await house?.stop();
  if (data) rmSync(data, { recursive: true, force: true });
});

async function signIn(role, options) {
  const opened = await reader(browser, house.address, options);
  await opened.page.goto("/sign-in");
  await opened.page.fill("#mail", `${role}@delta.example`);
  await opened.page.fill("#password", PASSWORD);
  await Promise.all([opened.page.waitForURL((url) => url.pathname === "/"), opened.page.click("form.form button[type=submit]")]);
  return opened;
}

/** Where the first row of a list leads. */
async function first(page, path) {
  await page.goto(path);
  return new URL(await page.locator("tbody a").first().getAttribute("href"), page.url()).pathname;
}

test("the committee's pages are for everybody", { skip: looked, timeout: 400_000 }, async () => {
  const { page, context } = await signIn("committeechair");
  const draft = await first(page, "/instruments?stage=draft");
  const pages = [
    "/exam-plans", await first(page, "/exam-plans"), "/instruments", draft, "/approvals",
    await first(page, "/approvals"), "/tests", await first(page, "/tests"), "/suppliers", "/platforms", "/construction", "/decisions",
  ];
  for (const path of pages) await hold(page, path);
  await context.close();
});

test("a period is made, opened, planned; no script is needed", { timeout: 400_000 }, async () => {
  const { page, context } = await signIn("examoffice", { javaScriptEnabled: false });
  await page.goto("/periods/new");
  await page.fill("#name", "Periode 3, maart");
  await page.fill("#code", "P3");
  await page.fill("#begins", "2027-03-15");
  await page.fill("#ends", "2027-03-26");
  await page.fill("#teacher_opens", "2026-01-05T08:00");
  await page.fill("#teacher_closes", "2027-02-12T17:00");
  await page.locator("form.form button[type=submit]").click();
  assert.match(page.url(), /\/periods\/[0-9a-f-]{36}/);
  assert.match(await page.locator("main").innerText(), /Periode 3, maart/);
  const period = new URL(page.url()).pathname;
  await page.goto(`${period}/advance`);
  await page.locator("form.form button[type=submit]").click();
  assert.match(await page.locator("main").innerText(), /Open/);
  await context.close();
  if (looked) return;
  const again = await signIn("examoffice");
  for (const path of ["/periods", "/periods/new", period, `${period}/edit`, `${period}/registrations`, `${period}/register`,
    `${period}/sessions`, `${period}/sessions/new`]) {
    await hold(again.page, path);
  }
  await again.context.close();
});

test("a student sees the own exams on a phone", { skip: looked }, async () => {
  const { page, context } = await signIn("student", { width: 390, height: 844 });
  await hold(page, "/exams");
  await context.close();
});
