// What every page is held to.

import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";

/** Violations of WCAG 2.2 AA and of best practice, short enough to read in a failing test. */
export async function axe(page, within) {
  const builder = new AxeBuilder({ page }).withTags(TAGS);
  return aside(page, async () => told(await (within ? builder.include(within) : builder).analyze()));
}

/** A frame that runs no script can't be looked into, and axe would wait for it for ever: it must have a title, and stands aside. */
async function aside(page, look) {
  const untitled = await page.evaluate(() => {
    window.aside = [...document.querySelectorAll("iframe[sandbox]:not([sandbox~=allow-scripts])")].map((frame) => {
      const place = document.createElement("span");
      frame.replaceWith(place);
      return { frame, place };
    });
    return window.aside.filter((it) => !it.frame.title).map((it) => it.frame.outerHTML);
  });
  assert.deepEqual(untitled, [], "frames without a title");
  const found = await look();
  await page.evaluate(() => window.aside.forEach((it) => it.place.replaceWith(it.frame)));
  return found;
}

/** Turns the page dark, with every colour where it was going: waiting for frames is a guess on a busy machine. */
export async function darken(page) {
  await page.evaluate(async () => {
    document.documentElement.dataset.theme = "dark";
    for (let round = 0; round < 2; round++) {
      for (const it of document.getAnimations()) {
        if (it.effect?.getTiming().iterations !== Infinity) it.finish();
      }
      await new Promise((done) => setTimeout(done));
    }
  });
}

/** The rules a theme can break; for a page that was already held to all of them in another theme. */
export async function axeColours(page) {
  return aside(page, async () => told(await new AxeBuilder({ page }).withRules(["color-contrast", "link-in-text-block"]).analyze()));
}

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

function told({ violations }) {
  return violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.slice(0, 5).map((node) => `${node.target.join(" ")} ${node.html.slice(0, 160)}`),
  }));
}

/** Elements that make the page scroll sideways. */
export function fits(page) {
  return page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= limit) return [];
    return [...document.querySelectorAll("body *")]
      .filter((it) => it.getBoundingClientRect().right > limit + 1)
      .map((it) => `${it.tagName}.${it.getAttribute("class") ?? ""}`)
      .slice(0, 10);
  });
}

/** Goes through the page with Tab: controls never reached, and controls whose focus is not to be seen. */
export async function walk(page) {
  await page.evaluate(() => {
    document.activeElement?.blur();
    window.scrollTo(0, 0);
    window.reached = new Set();
  });
  const unseen = new Set();
  for (let stop = 0; stop < 400; stop++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const it = document.activeElement;
      if (!it || it === document.body) return { end: true };
      // A date field has several stops of its own, which the browser itself marks.
      if (window.last === it) return { fine: true };
      window.last = it;
      const known = window.reached.has(it);
      window.reached.add(it);
      // A choice shown as a card carries the ring for its radio button.
      const carriers = [it, it.closest(".choice")].filter(Boolean);
      const ring = carriers.some((carrier) => {
        const style = getComputedStyle(carrier);
        return style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2;
      });
      const box = it.getBoundingClientRect();
      const inView = box.bottom > 0 && box.top < window.innerHeight && box.right > 0 && box.left < window.innerWidth;
      return { known, fine: ring && inView, what: it.outerHTML.slice(0, 120) };
    });
    if (at.end || at.known) break;
    if (!at.fine) unseen.add(at.what);
  }
  const missed = await page.evaluate(() => {
    const groups = new Set();
    return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
      .filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.disabled && !it.closest("[popover]:not(:popover-open):not(.side)"))
      .filter((it) => !window.reached.has(it))
      // Of radio buttons with one name, Tab stops at one.
      .filter((it) => it.type !== "radio" || (!groups.has(it.name) && groups.add(it.name) && ![...window.reached].some((seen) => seen.name === it.name)))
      .map((it) => it.outerHTML.slice(0, 120));
  });
  return { missed, unseen: [...unseen] };
}

/** Holds one page to everything: axe in both themes, and no scrolling sideways from 320 pixels up. */
export async function hold(page, path) {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(path);
  assert.deepEqual(await axe(page), [], `${path} light`);
  await darken(page);
  assert.deepEqual(await axeColours(page), [], `${path} dark`);
  await page.evaluate(() => (document.documentElement.dataset.theme = "light"));
  for (const width of [320, 390, 834]) {
    await page.setViewportSize({ width, height: 900 });
    assert.deepEqual(await fits(page), [], `${path} at ${width}`);
  }
}
