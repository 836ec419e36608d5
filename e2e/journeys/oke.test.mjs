// The page of the exchange simulator: two parties talk, a person looks on and pushes a button.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { OUT, browse, serve } from "../house.mjs";
import { axe, fits, walk } from "../judge.mjs";

const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL("../../target", import.meta.url));
const regie = process.env.REGIE_E2E_OKE ?? `${target}/debug/regie`;
const own = regie.endsWith("regie-oke") ? [] : ["oke"];
let browser, sis, tpl;

before(async () => {
  await mkdir(OUT, { recursive: true });
  browser = await browse();
  tpl = await serve(regie, [...own, "simulate", "tpl", "--alone", "--port", "0", "--speed", "1"]);
  const parties = ["--tpl", tpl.address, "--ta", "http://127.0.0.1:9"];
  sis = await serve(regie, [...own, "simulate", "sis", "--port", "0", "--speed", "1", ...parties]);
});

after(async () => {
  await browser?.close();
  await sis?.stop();
  await tpl?.stop();
});

async function look(address, options = {}) {
  const context = await browser.newContext({ baseURL: address, viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto("/");
  return { page, complaints };
}

test("traffic is followed live, and a button withdraws a student everywhere", async () => {
  const school = await look(sis.address);
  const planner = await look(tpl.address);
  await school.page.locator("#role", { hasText: "SIS" }).waitFor();
  // What the one sends, the other receives.
  await school.page.locator("#seen li.sent", { hasText: "PUT" }).first().waitFor({ timeout: 60_000 });
  await planner.page.locator("#seen li", { hasText: "/associations/" }).first().waitFor({ timeout: 60_000 });
  await school.page.locator("#partners li", { hasText: "TPL: geen storing" }).waitFor();
  // The button, with the keyboard alone.
  const choice = school.page.getByLabel("Inschrijving");
  await choice.locator("option").first().waitFor({ state: "attached" });
  const id = await choice.inputValue();
  assert.match(await choice.locator("option").first().textContent(), /, .*\(/, "a person is named, not a number alone");
  await choice.focus();
  await school.page.keyboard.press("Tab");
  await school.page.keyboard.press("Enter");
  await school.page.getByRole("status").filter({ hasText: "Gevraagd" }).waitFor();
  const withdrawn = planner.page.locator("#seen li", { hasText: `PATCH` }).filter({ hasText: id }).first();
  await withdrawn.waitFor({ timeout: 60_000 });
  await withdrawn.locator("summary").click();
  await withdrawn.getByText("canceled").first().waitFor();
  await school.page.locator(`#enrolments option[value="${id}"]`).waitFor({ state: "detached" });
  // An outage is told, and mended.
  await school.page.getByLabel("Storing of eigenaardigheid").selectOption("outage");
  await school.page.getByRole("button", { name: "Maak deze storing" }).click();
  await school.page.locator("#active", { hasText: "Nu van kracht: outage" }).waitFor();
  await school.page.getByRole("button", { name: "Herstel alle storingen" }).click();
  await school.page.locator("#active", { hasText: "Alles werkt" }).waitFor();
  assert.deepEqual([...school.complaints, ...planner.complaints], []);
});

test("the page is for everybody: light and dark, phone and desktop, keyboard", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const [name, address] of [["sis", sis.address], ["tpl", tpl.address]]) {
      const { page } = await look(address, { colorScheme });
      await page.locator("#seen li").first().waitFor();
      await page.locator("#seen summary").first().click();
      assert.deepEqual(await axe(page), [], `${name} ${colorScheme}`);
      for (const width of [320, 390, 834, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        assert.deepEqual(await fits(page), [], `${name} at ${width}`);
        await page.screenshot({ path: `${OUT}/oke-${name}-${width}-${colorScheme}.png` });
      }
      await page.context().close();
    }
  }
  const { page } = await look(tpl.address);
  await page.locator("#seen li").first().waitFor();
  const { missed, unseen } = await walk(page);
  assert.deepEqual(missed, [], "never reached with Tab");
  assert.deepEqual(unseen, [], "focus that is not to be seen");
});
