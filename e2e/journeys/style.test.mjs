// The style guide and its sample pages: no horizontal scroll, no axe violation, reachable by keyboard,
// forms without script. The same checks run over the pages of the app.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { browse, reader, serve } from "../house.mjs";
import { axe, axeColours, darken, fits, walk } from "../judge.mjs";

const PAGES = ["/style", "/style/pages/home", "/style/pages/list", "/style/pages/detail", "/style/pages/plain", "/style/form", "/style/errors/forbidden", "/style/errors/internal"];

let house;
let browser;
before(async () => {
  house = await serve();
  browser = await browse();
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

describe("axe finds nothing", () => {
  for (const language of ["nl", "en"]) {
    for (const path of PAGES) {
      test(`${path} in ${language}`, async () => {
        const { page, context } = await reader(browser, house.address, { language });
        await page.goto(path);
        assert.equal(await page.locator("html").getAttribute("lang"), language);
        assert.deepEqual(await axe(page), [], "light");
        await darken(page);
        assert.deepEqual(await axeColours(page), [], "dark");
        await context.close();
      });
    }
  }

  test("on a phone, with the menus open", async () => {
    const { page, context } = await reader(browser, house.address, { width: 390, height: 844 });
    await page.goto("/style/pages/list");
    assert.deepEqual(await axe(page), []);
    await page.getByRole("button", { name: "Menu", exact: true }).click();
    assert.deepEqual(await axe(page, "#menu"), [], "menu");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /jouw menu/ }).click();
    assert.deepEqual(await axe(page, "#me"), [], "reader's menu");
    await context.close();
  });
});

describe("nothing sticks out", () => {
  for (const [name, width, height] of [
    ["320 px", 320, 640],
    ["400 % zoom of 1280 by 1024", 320, 256],
    ["phone", 390, 844],
    ["tablet", 834, 1112],
    ["desk", 1440, 900],
  ]) {
    test(name, async () => {
      const { page, context, complaints } = await reader(browser, house.address, { width, height });
      for (const path of PAGES) {
        await page.goto(path);
        assert.deepEqual(await fits(page), [], path);
      }
      const unexpected = complaints.filter((it) => !/status of (403|500)/.test(it));
      assert.deepEqual(unexpected, [], "the browser complains: a policy is broken or a file is missing");
      await context.close();
    });
  }
});

describe("by keyboard", () => {
  test("the first stop leads past the menu", async () => {
    const { page, context } = await reader(browser, house.address);
    await page.goto("/style/form");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#main");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
    await context.close();
  });

  test("every control is reached, and shows that it is", async () => {
    const { page, context } = await reader(browser, house.address);
    for (const path of ["/style/pages/list", "/style/pages/home", "/style/form"]) {
      await page.goto(path);
      assert.deepEqual(await walk(page), { missed: [], unseen: [] }, path);
    }
    await context.close();
  });

  test("arrows walk through the timeline", async () => {
    const { page, context } = await reader(browser, house.address);
    await page.goto("/style/pages/home");
    const at = () => page.evaluate(() => document.activeElement.textContent);
    await page.locator(".block").first().focus();
    assert.match(await at(), /^Nederlands 3F, .*K1\.04/);
    await page.keyboard.press("ArrowRight");
    assert.match(await at(), /^Rekenen niveau 3, .*K1\.04/);
    await page.keyboard.press("ArrowDown");
    assert.match(await at(), /^Rekenen niveau 3, .*K1\.06/);
    await context.close();
  });

  test("a menu closes with Escape and gives the focus back", async () => {
    const { page, context } = await reader(browser, house.address);
    await page.goto("/style/pages/home");
    const button = page.getByRole("button", { name: /jouw menu/ });
    await button.focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("#me").isVisible(), true);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#me").isVisible(), false);
    assert.equal(await button.evaluate((it) => it === document.activeElement), true);
    await context.close();
  });
});

describe("without script", () => {
  test("a form tells what is wrong, keeps what was filled in, and takes what is right", async () => {
    const { page, context } = await reader(browser, house.address, { javaScriptEnabled: false });
    await page.goto("/style/form");
    await page.getByLabel("Naam").fill("Noor Aalbers");
    await page.getByRole("button", { name: "Schrijf me in" }).click();
    assert.match(await page.locator("#faults").innerText(), /3 dingen/);
    assert.equal(await page.getByLabel("Naam").inputValue(), "Noor Aalbers");
    await page.getByLabel("E-mailadres").fill("noor@voorbeeld.nl");
    await page.locator("#day").fill("2026-11-23");
    await page.getByText("do 10 december").click();
    await page.getByRole("button", { name: "Schrijf me in" }).click();
    assert.match(await page.getByRole("status").first().innerText(), /Alles klopt/);
    await context.close();
  });

  test("language and theme are chosen with forms", async () => {
    const { page, context } = await reader(browser, house.address, { javaScriptEnabled: false });
    await page.goto("/style/form");
    await page.getByRole("button", { name: "EN, English" }).click();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.equal(new URL(page.url()).pathname, "/style/form");
    await page.getByRole("button", { name: /your menu/ }).click();
    await page.getByRole("button", { name: "Dark" }).click();
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    await context.close();
  });

  test("a filter has its button, a question its page, a list its bulk bar", async () => {
    const { page, context } = await reader(browser, house.address, { javaScriptEnabled: false });
    await page.goto("/style/pages/list");
    await page.getByLabel("Team", { exact: true }).selectOption("techniek");
    await page.getByRole("button", { name: "Toon", exact: true }).click();
    assert.equal(new URL(page.url()).searchParams.get("team"), "techniek");
    assert.equal(await page.getByRole("button", { name: "Meld aan" }).isVisible(), true);
    await context.close();
  });
});

describe("with script", () => {
  test("a filter takes effect when it is chosen, without a new page", async () => {
    const { page, context } = await reader(browser, house.address);
    await page.goto("/style/pages/list");
    await page.evaluate(() => (window.stayed = true));
    assert.equal(await page.getByRole("button", { name: "Toon", exact: true }).isVisible(), false);
    await page.getByLabel("Team", { exact: true }).selectOption("techniek");
    await page.waitForURL(/team=techniek/);
    assert.equal(await page.evaluate(() => window.stayed), true);
    await context.close();
  });

  test("a part fetches itself again when the server says that it changed", async () => {
    const { page, context, complaints } = await reader(browser, house.address);
    await page.goto("/part");
    const count = async () => Number(await page.locator("#count").innerText());
    const first = await count();
    await page.waitForFunction((first) => Number(document.querySelector("#count").innerText) > first + 1, first);
    assert.equal(await page.locator("regie-live").isVisible(), false);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("ticking rows shows what can be done with them", async () => {
    const { page, context } = await reader(browser, house.address);
    await page.goto("/style/pages/list");
    const bulk = page.getByRole("button", { name: "Meld aan" });
    assert.equal(await bulk.isVisible(), false);
    await page.getByLabel("Kies Aalbers, Noor").check();
    assert.equal(await bulk.isVisible(), true);
    assert.equal(await page.locator("[data-ticked]").innerText(), "1");
    await page.getByLabel("Kies alle rijen op deze pagina").check();
    assert.equal(await page.locator("[data-ticked]").innerText(), "8");
    await context.close();
  });

  test("a question opens on top, holds the focus, and gives it back", async () => {
    const { page, context } = await reader(browser, house.address);
    await page.goto("/style");
    const ask = page.locator("regie-confirm a");
    await ask.click();
    assert.equal(await page.locator("dialog[open]").count(), 1);
    assert.deepEqual(await axe(page), []);
    await page.keyboard.press("Escape");
    assert.equal(await ask.evaluate((it) => it === document.activeElement), true);
    await context.close();
  });

  test("the theme changes at once and is remembered", async () => {
    const { page, context } = await reader(browser, house.address);
    await page.goto("/style/pages/home");
    await page.getByRole("button", { name: /jouw menu/ }).click();
    const saved = page.waitForResponse((it) => it.url().endsWith("/theme"));
    await page.getByRole("button", { name: "Donker" }).click();
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    await saved;
    await page.reload();
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    await context.close();
  });
});

describe("on paper", () => {
  test("there is no navigation and nothing is cut off", async () => {
    const { page, context } = await reader(browser, house.address);
    await page.goto("/style/pages/list");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".side").isVisible(), false);
    assert.equal(await page.locator(".top").isVisible(), false);
    assert.equal(await page.getByRole("cell", { name: "Zorg 3A" }).isVisible(), true);
    await context.close();
  });
});
