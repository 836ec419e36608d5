// Takes pictures of pages at the widths we care about: `node shots.mjs [path …]`.

import { mkdir } from "node:fs/promises";
import { OUT, browse, reader, serve } from "./house.mjs";

const paths = process.argv.slice(2).filter((arg) => arg.startsWith("/"));
const pages = paths.length ? paths : ["/style/pages/home", "/style/pages/list", "/style/pages/detail", "/style/form", "/style"];
const widths = (process.env.WIDTHS ?? "1440,834,390,320").split(",").map(Number);
const themes = (process.env.THEMES ?? "light,dark").split(",");
const languages = (process.env.LANGUAGES ?? "nl").split(",");

await mkdir(OUT, { recursive: true });
const house = await serve();
const browser = await browse();
for (const path of pages) {
  for (const width of widths) {
    for (const theme of themes) {
      for (const language of languages) {
        const { page, context, complaints } = await reader(browser, house.address, { width, language, theme });
        await page.goto(path, { waitUntil: "load" });
        await page.evaluate(() => document.fonts.ready);
        const name = `${path.replaceAll("/", "_").slice(1)}-${width}-${theme}-${language}.png`;
        await page.screenshot({ path: `${OUT}/${name}`, fullPage: process.env.FULL !== "0" });
        if (process.env.SECTIONS) {
          for (const section of await page.locator(".guide-section").all()) {
            const id = await section.getAttribute("id");
            await section.screenshot({ path: `${OUT}/part-${id ?? "list"}-${width}-${theme}-${language}.png` });
          }
        }
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        console.log(name, wide > 0 ? `TOO WIDE by ${wide}` : "", complaints.join("\n"));
        await context.close();
      }
    }
  }
}
await browser.close();
await house.stop();
