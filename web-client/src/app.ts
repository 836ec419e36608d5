// What the browser runs on every page. Each island is a custom element in light DOM around HTML that
// already works; without this script the page is a page.

import htmx from "htmx.org";
import { token } from "./token";
import "./theme";
import "./notices";
import "./confirm";
import "./filter";
import "./find";
import "./live";
import "./bulk";
import "./timeline";
import "./upload";
import "./menu";
import "./passkey";

// No styles or scripts from attributes: the pages' security policy forbids them, and so do we.
htmx.config.includeIndicatorCSS = false;

// A form carries the token in a field; a request without a form carries it in a header.
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = (event as CustomEvent).detail;
  ctx.request.headers["X-CSRF-Token"] = token();
});
