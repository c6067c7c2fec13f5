// A button above a box. It moves the box itself at once; Python does the same when the news arrives (folding.py).
import { h, keepKeys, say, watchKernel } from "./shared.js";

function render({ model, el }) {
  const text = h("span");
  const button = h("button", { type: "button", class: "il-fold-button", onclick: toggle }, text);
  el.classList.add("il", "il-fold");
  el.append(button);
  keepKeys(el);

  function toggle() {
    const open = !model.get("is_open");
    const body = el.closest(".il-fold-box")?.querySelector(":scope > .il-fold-body");
    if (body) body.style.display = open ? "" : "none";
    model.set("is_open", open);
    model.save_changes();
  }

  function show() {
    say(text, model.get("label"));
    button.setAttribute("aria-expanded", String(model.get("is_open")));
    button.disabled = model.get("disabled");
  }

  for (const name of ["is_open", "label", "disabled"]) model.on(`change:${name}`, show);
  show();
  return watchKernel({ model, el }, () => {}); // what is folded can be read without a kernel
}

export default { render };
