// The app with a demo school: every role signs in and finds its home; every page is held to the same checks as the
// style guide; and the small journeys that everything later starts from.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, describe, test } from "node:test";
import { browse, reader, serve } from "../house.mjs";
import { hold } from "../judge.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const regie = `${process.env.CARGO_TARGET_DIR ?? `${root}target`}/debug/regie`;
const PASSWORD = "welkom-in-de-demo";
const ROLES = [
  "student", "parent", "teacher", "assessor", "invigilator", "sessionleader", "examoffice", "examofficer", "committeechair",
  "committeesecretary", "committeemember", "teamleader", "administrator", "practicalcontact", "practicalcoach", "workplaceassessor",
  "examsupplier", "auditor", "competentauthority", "appealboard", "itemauthor", "markingcoordinator", "superadministrator",
  "learningmaterials", "supporter",
];

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

/** Signs in by the form, as people do. */
async function signIn(role, options) {
  const opened = await reader(browser, house.address, options);
  await opened.page.goto("/sign-in");
  await opened.page.fill("#mail", `${role}@delta.example`);
  await opened.page.fill("#password", PASSWORD);
  await Promise.all([opened.page.waitForURL((url) => url.pathname === "/"), opened.page.click("form.form button[type=submit]")]);
  return opened;
}

test("every role of the demo signs in, finds its home, and signs out", { timeout: 300_000 }, async () => {
  for (const role of ROLES) {
    const { page, context, complaints } = await signIn(role);
    assert.match(await page.locator("h1").innerText(), /^Dag /, role);
    assert.ok((await page.locator(".side-link").count()) >= 1, role);
    await page.locator("button[popovertarget=me]").click();
    await Promise.all([page.waitForURL(/sign-in/), page.locator('form[action="/sign-out"] button').click()]);
    await page.goto("/");
    assert.match(page.url(), /sign-in/, `${role} is signed out`);
    assert.deepEqual(complaints, [], role);
    await context.close();
  }
});

const looked = process.env.REGIE_DATABASE ? "looks do not depend on the database" : false;
describe("axe finds nothing and nothing sticks out", { skip: looked }, () => {
  for (const language of ["nl", "en"]) {
    test(`before signing in, ${language}`, async () => {
      const { page, context } = await reader(browser, house.address, { language });
      for (const path of ["/sign-in", "/password/forgot"]) await hold(page, path);
      await context.close();
    });
    test(`as the administrator, ${language}`, { timeout: 300_000 }, async () => {
      const { page, context } = await signIn("administrator", { language });
      await page.goto("/people?kind=student");
      const person = new URL(await page.locator("tbody a").first().getAttribute("href"), page.url()).pathname;
      for (const path of ["/", "/people", "/people?q=zzzz", "/people/new", person, `${person}/edit`, "/rooms", "/rooms/new", "/campuses", "/campuses/new", "/units", "/units/new", "/modules", "/modules/on", "/grants", "/grants/new", "/search?q=a", "/journal", "/account", "/account/password", "/account/passkeys", `${person}/second-factor`, `${person}/identity`, "/providers", "/providers/new", "/settings/passkey-roles", "/notices", "/account/second-factor", "/connections", "/connections/new", "/api"]) {
        await hold(page, path);
      }
      await context.close();
    });
    test(`as who runs the platform, ${language}`, async () => {
      const { page, context } = await signIn("superadministrator", { language });
      await page.goto("/institutions");
      const school = new URL(await page.locator("tbody a").last().getAttribute("href"), page.url()).pathname;
      for (const path of ["/institutions", "/institutions/new", school, `${school}/edit`, `${school}/administrator`]) {
        await hold(page, path);
      }
      await context.close();
    });
  }
});

test("two people edit one room: the second sees what changed and loses nothing", async () => {
  const { page, context } = await signIn("examoffice", { javaScriptEnabled: false });
  await page.goto("/rooms");
  const room = await page.locator("tbody a").first().getAttribute("href");
  const second = await context.newPage();
  for (const one of [page, second]) await one.goto(`${room}/edit`);
  await page.fill("#name", "Atelier");
  await page.locator("form.form button[type=submit]").click();
  await second.fill("#name", "Werkplaats");
  await second.locator("form.form button[type=submit]").click();
  assert.match(await second.locator("main").innerText(), /Iemand anders was je net voor[\s\S]*Atelier/);
  assert.equal(await second.locator("#name").inputValue(), "Werkplaats");
  await second.locator("form.form button[type=submit]").click();
  assert.match(await second.locator("main").innerText(), /Werkplaats/);
  await context.close();
});

test("a person is added, found without accents, and changed, without script", async () => {
  const { page, context } = await signIn("examoffice", { javaScriptEnabled: false });
  await page.goto("/people/new");
  await page.fill("#given_name", "Renée");
  await page.fill("#family_name", "Łukasiewicz");
  await page.fill("#number", "400099x");
  await page.locator("form.form button[type=submit]").click();
  assert.match(await page.locator("h1").innerText(), /Renée Łukasiewicz/);
  await page.goto("/people?q=RENEE+lukas");
  assert.equal(await page.locator("tbody tr").count(), 1);
  await page.locator("tbody a").first().click();
  await page.getByRole("link", { name: "Wijzigen" }).click();
  await page.fill("#mail", "geen adres");
  await page.locator("form.form button[type=submit]").click();
  assert.match(await page.locator("#mail-error").innerText(), /geen mailadres/);
  await page.fill("#mail", "renee@delta.example");
  await page.locator("form.form button[type=submit]").click();
  await page.getByRole("link", { name: "Geschiedenis" }).click();
  assert.match(await page.locator("main").innerText(), /Persoon gewijzigd/);
  await context.close();
});

test("a password is changed on one's own account, without script", async () => {
  const { page, context } = await signIn("supporter", { javaScriptEnabled: false });
  const fill = async (present, password) => {
    await page.goto("/account/password");
    await page.fill("#present", present);
    await page.fill("#password", password);
    await page.locator("form.form button[type=submit]").click();
  };
  await fill("niet mijn wachtwoord", "vier blauwe stoelen op het dak");
  assert.match(await page.locator("#present-error").innerText(), /niet je huidige/);
  await fill(PASSWORD, "Welkom2026!!");
  assert.match(await page.locator("#password-error").innerText(), /makkelijk te raden/);
  await fill(PASSWORD, "vier blauwe stoelen op het dak");
  assert.match(await page.locator("main").innerText(), /Je wachtwoord is gewijzigd/);
  await fill("vier blauwe stoelen op het dak", "vijf rode deuren naar de tuin");
  assert.match(await page.locator("main").innerText(), /Je wachtwoord is gewijzigd/);
  await context.close();
});

test("a student sees nobody else, and the attempt is in the journal", async () => {
  const office = await signIn("examoffice");
  await office.page.goto("/people?kind=staff");
  const href = await office.page.locator("tbody a").first().getAttribute("href");
  await office.context.close();
  const { page, context } = await signIn("student");
  const answer = await page.goto(href);
  assert.equal(answer.status(), 403);
  assert.match(await page.locator("main").innerText(), /Wie kan dit opheffen/);
  await context.close();
  const admin = await signIn("administrator");
  await admin.page.goto("/journal");
  assert.match(await admin.page.locator("main").innerText(), /Poging geweigerd/);
  await admin.context.close();
});
