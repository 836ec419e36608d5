//! The frame of a report: one web page, no scripts, light and dark, and A4 on paper.

use super::language::{Language, escape};

const STYLE: &str = ":root{--paper:#f6f4ef;--surface:#fff;--sunken:#efece4;--line:#ddd8cc;--ink:#17233a;--ink-2:#4a556a;--brand:#0b5563;\
--signal:#b03a0a;--signal-soft:#fdeadf;--warn:#8a5200;--warn-soft:#fbefd9;--ok:#1b6e43;--ok-soft:#e2f2e8;color-scheme:light dark}\
@media (prefers-color-scheme:dark){:root{--paper:#0e151f;--surface:#16202d;--sunken:#111a25;--line:#2a3646;--ink:#e9eef5;--ink-2:#b5c0d0;\
--brand:#6cc7d3;--signal:#ff9a6b;--signal-soft:#3a2116;--warn:#f0b860;--warn-soft:#352710;--ok:#6fd39c;--ok-soft:#12301f}}\
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);\
font:400 16px/1.5 'Atkinson Hyperlegible Next','Atkinson Hyperlegible',system-ui,sans-serif;font-variant-numeric:tabular-nums}\
main{max-width:60rem;margin:0 auto;padding:24px 16px 64px}h1{font-size:26px;line-height:1.2;margin:0 0 4px;overflow-wrap:anywhere}h2{font-size:18px;margin:40px 0 8px}\
h3{font-size:16px;margin:0}p{max-width:75ch;margin:8px 0}.soft{color:var(--ink-2)}\
.card{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:16px;margin:12px 0}\
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:16px 0;padding:0}\
.facts div{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:12px 16px}\
.facts dt{color:var(--ink-2);font-size:14px}.facts dd{margin:0;font-size:22px;font-weight:700}.facts small{display:block;color:var(--ink-2);font-size:14px;font-weight:400;line-height:1.35}\
.chip{display:inline-flex;align-items:center;gap:6px;border-radius:99px;padding:2px 10px;font-size:14px;font-weight:600;background:var(--warn-soft);color:var(--warn)}\
.chip::before{content:'';width:8px;height:8px;border-radius:99px;background:currentColor}.chip.serious{background:var(--signal-soft);color:var(--signal)}\
.chip.ok{background:var(--ok-soft);color:var(--ok)}.head{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:center;margin-bottom:4px}\
.advice{margin:8px 0 0}.advice p{margin:2px 0}.rule{font-size:14px;color:var(--ink-2)}\
figure{margin:16px 0 0}figcaption{font-size:14px;color:var(--ink-2);max-width:75ch}svg.rp{width:100%;height:auto;display:block}@media screen and (max-width:600px){svg.rp{min-width:560px}}\
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;background:var(--surface);font-size:15px}caption{text-align:left;padding:8px 0;color:var(--ink-2);font-size:14px}\
caption span{display:block;position:sticky;left:0;max-width:min(75ch,calc(100vw - 40px))}\
th,td{padding:6px 10px;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}th:first-child,.words{text-align:left}td.words,th.words{min-width:14em}\
thead th{position:sticky;top:0;background:var(--sunken);font-size:14px}details summary{cursor:pointer;color:var(--brand);min-height:44px;display:flex;align-items:center;font-size:14px}\
details summary::before{content:'▸';margin-right:8px}details[open] summary::before{content:'▾'}a{color:var(--brand);text-underline-offset:3px}\
dl.words dt{font-weight:700;margin-top:10px}dl.words dd{margin:0;max-width:75ch}:focus-visible{outline:3px solid var(--brand);outline-offset:2px}\
@media print{:root{--paper:#fff;--surface:#fff;--sunken:#f2f2f2;--line:#bbb;--ink:#000;--ink-2:#333;--brand:#00505a;--signal:#8a2f00;--signal-soft:#fff;--warn:#6b3a00;--warn-soft:#fff}\
body{font-size:11pt}main{max-width:none;padding:0}figure,tr,.facts div,.advice,.head{break-inside:avoid}h2,h3,.head{break-after:avoid}thead{display:table-header-group}caption{break-after:avoid}.scroll{overflow:visible}table{font-size:9pt}th,td{padding:3px 5px}thead th{position:static;font-size:9pt}td.words,th.words{min-width:0}details{display:none}.facts div,.card{border-color:#999}@page{size:A4;margin:18mm}}";

/// A complete page around `body`.
#[must_use]
pub fn page(title: &str, body: &str, language: Language) -> String {
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>\n",
        language.code(),
        escape(title)
    )
}
