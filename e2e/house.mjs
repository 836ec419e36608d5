// Starts a server and a browser for the journeys, and stops them again.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("..", import.meta.url));
export const OUT = fileURLToPath(new URL("out", import.meta.url));

/** The first line a server prints holds its address. */
export async function serve(
  command = process.env.REGIE_E2E_SERVER ?? `${process.env.CARGO_TARGET_DIR ?? `${root}target`}/debug/examples/style_guide`,
  args = [],
) {
  if (!existsSync(command)) {
    throw new Error(`${command} is missing: cargo build -p regie-web --example style_guide`);
  }
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the server ended at once with ${code}`)));
  });
  const address = new URL(line.match(/https?:\S+/)[0]).origin;
  return { address, stop: () => new Promise((done) => (child.once("exit", done), child.kill("SIGTERM"))) };
}

/** Debian's own Chromium. */
export async function browse() {
  const path = [process.env.REGIE_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find((it) => it && existsSync(it));
  if (!path) throw new Error("Chromium is missing: run make setup");
  return chromium.launch({
    executablePath: path,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--force-prefers-reduced-motion",
    ],
  });
}

/** A browser window of one reader: size, language, theme. Anything the page complains about is kept. */
export async function reader(browser, address, { width = 1440, height = 900, language = "nl", theme = "light", ...rest } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    baseURL: address,
    locale: language === "nl" ? "nl-NL" : "en-GB",
    timezoneId: "Europe/Amsterdam",
    ...rest,
  });
  await context.addCookies([
    { name: "regie-language", value: language, url: address },
    { name: "regie-theme", value: theme, url: address },
  ]);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return { page, context, complaints };
}
