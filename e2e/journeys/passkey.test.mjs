// A passkey as second factor, with an authenticator inside the browser: made on the account's page, used at the next
// sign-in, refused when it is not the one that was made.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { browse, reader, serve } from "../house.mjs";

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

/** Passkeys need a name, not a number: the same machine is called localhost here. */
const at = () => house.address.replace("127.0.0.1", "localhost");

async function password(page, role = "examoffice") {
  await page.goto("/sign-in");
  await page.fill("#mail", `${role}@delta.example`);
  await page.fill("#password", "welkom-in-de-demo");
  await page.click("form.form button[type=submit]");
}

async function authenticator(context, page) {
  const wire = await context.newCDPSession(page);
  await wire.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await wire.send("WebAuthn.addVirtualAuthenticator", { options });
  return { wire, authenticatorId };
}

test("a passkey is made, and is the second step from then on", { timeout: 240_000 }, async () => {
  const { page, context } = await reader(browser, at());
  const { wire, authenticatorId } = await authenticator(context, page);
  await password(page);
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto("/account/passkeys");
  await page.fill("#passkey-name", "Laptop van werk");
  await page.locator("regie-passkey button[type=submit]").click();
  // The first second factor comes with recovery codes.
  await page.waitForSelector("ul.codes");
  const codes = await page.locator("ul.codes li").allInnerTexts();
  assert.equal(codes.length, 10);
  await page.goto("/account/passkeys");
  assert.match(await page.locator("tbody").innerText(), /Laptop van werk/);

  await page.locator("button[popovertarget=me]").click();
  await Promise.all([page.waitForURL(/sign-in/), page.locator('form[action="/sign-out"] button').click()]);
  await password(page);
  await page.locator("regie-passkey button[type=submit]").click();
  await page.waitForURL((url) => url.pathname === "/");

  // Without the key: the browser cannot, the page says so, and a recovery code still opens the door.
  await wire.send("WebAuthn.clearCredentials", { authenticatorId });
  await context.clearCookies();
  await password(page);
  await page.waitForSelector("regie-passkey");
  await page.fill("#code", codes[0]);
  await page.locator("form.form:has(#code) button[type=submit]").click();
  await page.waitForURL((url) => url.pathname === "/");
  await context.close();
});

/** Signs out by the menu. */
async function out(page) {
  await page.goto("/");
  await page.locator("button[popovertarget=me]").click();
  await Promise.all([page.waitForURL(/sign-in/), page.locator('form[action="/sign-out"] button').click()]);
}

test("an administrator gets in with a passkey of one device, and with nothing else", { timeout: 240_000 }, async () => {
  const { page, context } = await reader(browser, at());
  await authenticator(context, page);
  await password(page, "administrator");
  await page.waitForURL((url) => url.pathname === "/");
  // The demo is open until somebody closes it.
  await page.goto("/settings/second-factor-staff");
  await page.locator('input[name="value"][value="yes"]').check();
  await page.locator("form.form button[type=submit]").click();
  await page.goto("/people");
  assert.equal(new URL(page.url()).pathname, "/account/second-factor");
  await page.fill("#passkey-name", "Sleutel aan mijn bos");
  await page.locator("regie-passkey button[type=submit]").click();
  await page.waitForSelector("ul.codes");
  const codes = await page.locator("ul.codes li").allInnerTexts();
  await page.goto("/people");
  assert.equal(new URL(page.url()).pathname, "/people");
  await page.goto("/account/passkeys");
  assert.match(await page.locator("tbody").innerText(), /blijft in één apparaat/);

  await out(page);
  await password(page, "administrator");
  await page.locator("regie-passkey button[type=submit]").click();
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto("/people");
  assert.equal(new URL(page.url()).pathname, "/people");

  await out(page);
  await password(page, "administrator");
  await page.waitForSelector("regie-passkey");
  await page.fill("#code", codes[0]);
  await page.locator("form.form:has(#code) button[type=submit]").click();
  assert.match(await page.locator("main").innerText(), /Jouw rol vraagt om de passkey/);
  await context.close();
});

test("a passkey that may be copied is enough for a teacher", { timeout: 240_000 }, async () => {
  const { page, context } = await reader(browser, at());
  const wire = await context.newCDPSession(page);
  await wire.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
    automaticPresenceSimulation: true, defaultBackupEligibility: true, defaultBackupState: true,
  };
  await wire.send("WebAuthn.addVirtualAuthenticator", { options });
  // Staff need a second step since the last journey.
  await password(page, "teacher");
  await page.waitForURL(/second-factor/);
  await page.fill("#passkey-name", "Telefoon");
  await page.locator("regie-passkey button[type=submit]").click();
  await page.waitForSelector("ul.codes");
  await page.goto("/people");
  assert.equal(new URL(page.url()).pathname, "/people", "good enough for a teacher");
  await page.goto("/account/passkeys");
  assert.doesNotMatch(await page.locator("tbody").innerText(), /blijft in één apparaat/);
  await context.close();
});
