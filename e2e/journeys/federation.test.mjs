// Signing in with the account of the school, through a certified provider: set by an administrator, used by a student,
// ended on both sides.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { browse, reader, serve } from "../house.mjs";
import { provider } from "../provider.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const regie = `${process.env.CARGO_TARGET_DIR ?? `${root}target`}/debug/regie`;

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

/** The administrator of the demo school, signed in. */
async function administrator() {
  const opened = await reader(browser, house.address);
  await opened.page.goto("/sign-in");
  await opened.page.fill("#mail", "administrator@delta.example");
  await opened.page.fill("#password", "welkom-in-de-demo");
  await Promise.all([opened.page.waitForURL((url) => url.pathname === "/"), opened.page.click("form.form button[type=submit]")]);
  return opened;
}

test("a student signs in with the account of the school, and out on both sides", { timeout: 240_000 }, async () => {
  const admin = await administrator();
  // The provider must know the address of the way back, which has Regie's own id in it: so it is set in two steps.
  const listener = createServer();
  await new Promise((done) => listener.listen(0, "127.0.0.1", done));
  const port = listener.address().port;
  await new Promise((done) => listener.close(done));
  await admin.page.goto("/providers/new");
  await admin.page.fill("#name", "ROC Delta");
  await admin.page.fill("#home", "delta.nl");
  await admin.page.fill("#issuer", `http://127.0.0.1:${port}`);
  await admin.page.fill("#client", "regie");
  await admin.page.fill("#secret", "tussen ons twee: een lang geheim");
  await admin.page.click("form.form button[type=submit]");
  await admin.page.waitForURL(/providers$/);
  const back = (await admin.page.locator("tbody td").nth(1).innerText()).trim();
  assert.match(back, /^http:\/\/127\.0\.0\.1:\d+\/sign-in\/with\/[0-9a-f-]{36}\/return$/);
  assert.deepEqual(admin.complaints, []);
  await admin.context.close();

  const op = await provider({
    port,
    client: "regie",
    secret: "tussen ons twee: een lang geheim",
    redirect: back,
    signedOut: `${house.address}/sign-in`,
    backchannel: back.replace(/return$/, "out"),
    people: {
      noor: {
        schac_home_organization: "delta.nl",
        schac_personal_unique_codes: ["urn:schac:personalUniqueCode:nl:local:delta.nl:studentid:demo-01"],
      },
      vreemd: { schac_home_organization: "elders.nl" },
    },
  });
  try {
    const { page, context } = await reader(browser, house.address);
    await page.goto("/people");
    await page.getByRole("link", { name: "Log in met ROC Delta" }).click();
    await there(page, "noor");
    await page.waitForURL(/\/people$/);
    await page.goto("/");
    assert.match(await page.locator("h1").innerText(), /^Dag /);

    // Out here: the reader hears that the school's own sign-in may still stand, and ends it there.
    await page.locator("button[popovertarget=me]").click();
    await Promise.all([page.waitForURL(/sign-in/), page.locator('form[action="/sign-out"] button').click()]);
    assert.match(await page.locator("main").innerText(), /bij je school misschien nog niet/);
    await page.getByRole("link", { name: "Log ook daar uit" }).click();
    await page.locator("button[name=logout]").click();
    await page.waitForURL(/\/sign-in/);

    // Signed in again, and now it is the provider that ends it: it tells Regie, not the browser.
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Log in met ROC Delta" }).click();
    await there(page, "noor");
    await page.waitForURL((url) => url.origin === house.address && url.pathname === "/");
    const other = await context.newPage();
    await other.goto(`${op.issuer}/session/end`);
    await other.locator("button[name=logout]").click();
    await other.waitForLoadState();
    await page.goto("/people");
    assert.match(page.url(), /sign-in/, "signed out here too");
    await context.close();

    const stranger = await reader(browser, house.address);
    await stranger.page.goto("/sign-in");
    await stranger.page.getByRole("link", { name: "Log in met ROC Delta" }).click();
    await there(stranger.page, "vreemd");
    await stranger.page.waitForURL(/\/return/);
    assert.match(await stranger.page.locator("main").innerText(), /Een andere organisatie staat voor je in/);
    await stranger.context.close();
  } finally {
    await op.stop();
  }
});

/** The provider's own form: a name, any password, and yes. */
async function there(page, name) {
  await page.locator("input[name=login]").fill(name);
  await page.locator("input[name=password]").fill("x");
  await page.locator("button[type=submit]").click();
  await page.locator("form button[type=submit]").click();
}
