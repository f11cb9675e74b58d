// The page works without this. With it, a form that was sent cannot be sent twice by an impatient finger.
"use strict";
const buttons = () => document.querySelectorAll("form[method=post] button");
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", () => setTimeout(() => { for (const one of buttons()) one.disabled = true; }, 0));
}
addEventListener("pageshow", () => { for (const one of buttons()) one.disabled = false; });
