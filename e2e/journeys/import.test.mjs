// A sheet of students on its way in: handed in, its columns recognised, every mistake shown with its place, and carried out.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { browse, OUT, reader, serve } from "../house.mjs";
import { axe, axeColours, darken, fits } from "../judge.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const regie = `${process.env.CARGO_TARGET_DIR ?? `${root}target`}/debug/regie`;
const PASSWORD = "welkom-in-de-demo";

let data;
let house;
let browser;
before(async () => {
  data = mkdtempSync(join(tmpdir(), "regie-e2e-import-"));
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

/** Sixty students, four of them wrong. */
function sheet() {
  const rows = ["Leerlingnr;Roepnaam;Tussenvoegsel;Achternaam;Geb. datum;E-mail;Kleur ogen"];
  for (let n = 0; n < 60; n++) {
    const number = `09${String(n).padStart(5, "0")}`;
    rows.push(`${number};Sanne;${n % 3 ? "" : "van"};Dijk${n};14-03-2008;s${number}@delta.example;blauw`);
  }
  const broken = (at, column, text) => {
    const cells = rows[at].split(";");
    cells[column] = text;
    rows[at] = cells.join(";");
  };
  broken(5, 4, "31-02-2008");
  broken(12, 5, "geen adres");
  broken(20, 3, "");
  broken(33, 0, "0900010");
  return Buffer.from(`\ufeff${rows.join("\r\n")}\r\n`);
}

const file = () => ({ name: "studenten nov.csv", mimeType: "text/csv", buffer: sheet() });

async function hold(page, name) {
  await page.setViewportSize({ width: 1440, height: 900 });
  assert.deepEqual(await axe(page), [], name);
  await darken(page);
  assert.deepEqual(await axeColours(page), [], `${name}, dark`);
  await page.evaluate(() => (document.documentElement.dataset.theme = "light"));
  for (const width of [320, 390, 834]) {
    await page.setViewportSize({ width, height: 900 });
    assert.deepEqual(await fits(page), [], `${name} at ${width}`);
    if (width === 390 && existsSync(OUT)) await page.screenshot({ path: join(OUT, `import-${name}-390.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  if (existsSync(OUT)) await page.screenshot({ path: join(OUT, `import-${name}-1440.png`) });
}

test("a sheet is handed in, its mistakes are placed, and it is carried out", { timeout: 300_000 }, async () => {
  const { page, context, complaints } = await signIn("examoffice");
  await page.goto("/imports");
  await hold(page, "none");
  await page.getByRole("link", { name: "Bestand invoeren" }).first().click();
  await hold(page, "new");
  const [template] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Studenten", exact: true }).click()]);
  assert.equal(template.suggestedFilename(), "Studenten.xlsx");

  await page.setInputFiles("#file", { name: "brief.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 niets") });
  await page.locator("form.form button[type=submit]").click();
  assert.match(await page.locator("#file-error").innerText(), /geen werkblad|\.xlsx/);
  await page.setInputFiles("#file", file());
  await Promise.all([page.waitForURL(/columns/), page.locator("form.form button[type=submit]").click()]);

  assert.equal(await page.locator("#column-given_name option:checked").innerText(), "B: Roepnaam (Sanne, Sanne)");
  assert.match(await page.locator("#column-mail option:checked").innerText(), /^F: E-mail/);
  await page.selectOption("#column-number", "");
  await page.locator("form.form button[type=submit]").click();
  assert.match(await page.locator("#column-number-error").innerText(), /Kies welke kolom/);
  await page.selectOption("#column-number", "0");
  await page.selectOption("#column-born", "4");
  await hold(page, "columns");
  await page.locator("form.form button[type=submit]").click();

  // The page finds out by itself that the rows are judged.
  await page.locator(".tabs").waitFor({ timeout: 60_000 });
  assert.match(await page.locator(".tabs").innerText(), /Geweigerd\s*5[\s\S]*Nieuw\s*55/);
  const told = await page.locator("tbody").innerText();
  assert.match(told, /Kolom E \(Geb\. datum\): “31-02-2008” is geen datum/);
  assert.match(told, /Kolom F \(E-mail\): geen adres is geen mailadres/);
  assert.match(told, /Kolom D \(Achternaam\): /);
  assert.match(told, /Kolom A \(Leerlingnr\): “0900010” staat ook op regel 12/);
  assert.equal(await page.locator("tbody tr").count(), 5);
  await hold(page, "refused");
  await page.getByRole("link", { name: /^Nieuw/ }).click();
  await hold(page, "added");
  await page.getByRole("link", { name: /^Niet in het bestand/ }).click();
  await hold(page, "missing");
  const people = await (await context.newPage()).goto("/people?q=Dijk7");
  assert.doesNotMatch(await people.text(), /van Dijk7|Sanne Dijk7/, "a preview changes nothing");

  await page.getByRole("button", { name: "Voer 55 regels uit" }).click();
  await page.getByText("Uitgevoerd: 55 toegevoegd").waitFor();
  await hold(page, "done");
  await page.goto("/people?q=dijk7");
  assert.equal(await page.locator("tbody tr").count(), 1);
  assert.deepEqual(complaints.filter((it) => !/422/.test(it)), []);
  await context.close();
});

test("the same sheet again changes nothing, remembers its columns, and works without script", { timeout: 300_000 }, async () => {
  const { page, context } = await signIn("administrator", { javaScriptEnabled: false });
  await page.goto("/imports/new?kind=students");
  await page.setInputFiles("#file", file());
  await page.locator("form.form button[type=submit]").click();
  assert.match(await page.locator("#column-born option[selected]").innerText(), /^E: Geb/, "chosen the last time");
  assert.match(await page.locator("#column-born-hint").innerText(), /vorige keer/);
  await page.locator("form.form button[type=submit]").click();
  // Without script the page asks anew every few seconds.
  await page.locator(".tabs").waitFor({ timeout: 60_000 });
  assert.match(await page.locator(".tabs").innerText(), /Gelijk\s*55/);
  assert.equal(await page.getByRole("button", { name: /^Voer/ }).count(), 0);
  await page.getByRole("button", { name: "Afbreken" }).click();
  assert.match(await page.locator("main").innerText(), /Er is niets veranderd/);
  await context.close();
});
