// Says which elements stick out of the page at a width: `node wide.mjs 320 /style`.
import { browse, reader, serve } from "./house.mjs";
const [width, ...paths] = process.argv.slice(2);
const house = await serve();
const browser = await browse();
for (const path of paths) {
  const { page } = await reader(browser, house.address, { width: Number(width) });
  await page.goto(path);
  console.log(path, await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    return [...document.querySelectorAll("body *")]
      .filter((e) => e.getBoundingClientRect().right > limit + 1 && !e.closest(".timeline-scroll, .table-scroll, .tabs, .visually-hidden, [popover]:not(:popover-open)"))
      .map((e) => `${e.tagName}.${e.getAttribute("class") ?? ""} ${Math.round(e.getBoundingClientRect().right)}`).slice(0, 20);
  }));
}
await browser.close();
await house.stop();
