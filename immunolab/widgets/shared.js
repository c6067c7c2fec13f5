// What every widget of the course shares. Python puts this file in front of each widget's own (see _base.py), so
// several copies of it live on one page; what they must have in common hangs on `page`.

const page = (globalThis[Symbol.for("immunolab")] ??= { ids: 0, listeners: new Map(), states: new Map() });

/** An id that no other copy of any widget on this page has. */
export const uid = () => `il-${++page.ids}`;

/** Make an element: h("label", { class: "il-label", for: id }, "Dose", child). Text is never read as HTML. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

/** An element from text that Python has checked to hold harmless inline HTML only (_question.py). */
export function rich(tag, attributes, checkedHtml) {
  const element = h(tag, attributes);
  element.innerHTML = checkedHtml ?? "";
  return element;
}

/** Set a text only if it differs, so that a live region is not spoken again for nothing. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * The number in a text with decimal point or decimal comma, or NaN. "1,200" could be both 1.2 and 1200: NaN too, for
 * the caller to ask. Feedback on answers of questions is Python's; this is for the box beside a slider.
 */
export function readNumber(text) {
  const plain = text.trim().replace(/[−–]/g, "-").replace(/[\s\u00a0\u2009\u202f']+(?=\d{3}\b)/g, "");
  if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(plain)) return NaN;
  return /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain.replace(",", ".")) : NaN;
}

// --- Keys -----------------------------------------------------------------------------------------------------------

/** Tab walks on, Escape goes back to the cell, and the notebook can be saved; all other keys belong to the control. */
const passes = (event) => ["Escape", "Tab"].includes(event.key) || ((event.ctrlKey || event.metaKey) && event.key === "s");

/**
 * Keep the keys of a control from the notebook, which would take arrows, Enter, Space and letters for itself.
 * JupyterLab listens after us: not letting an event pass is enough. Notebook 7 listens before us, and respects an
 * attribute on what has the focus; this also covers the buttons and folds of an explorer that are not ours.
 */
export function keepKeys(element) {
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") element.closest(".jp-Cell")?.focus();
    if (!passes(event)) event.stopPropagation();
  });
  if (page.keepsKeys) return;
  page.keepsKeys = true;
  const mark = (event) => {
    if (event.target.closest?.(".il-explorer, .il"))
      event.target.toggleAttribute("data-lm-suppress-shortcuts", !passes(event));
  };
  window.addEventListener("keydown", mark, true);
}

// --- The states of controls, known to the page without asking the kernel -------------------------------------------

/** Tell the figures that follow `group` where a control stands. */
export function announceState(group, name, token) {
  if (!group) return;
  const state = page.states.get(group) ?? new Map();
  page.states.set(group, state.set(name, token));
  for (const listener of page.listeners.get(group) ?? []) listener();
}

/** The key of a group's state, spelled as LiveFigure.state_key spells it. */
export function stateKey(group) {
  const state = [...(page.states.get(group) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return state.map(([name, token]) => `${name}=${token}`).join(";");
}

/** Call `listener` whenever a control of the group moves; returns what ends it. */
export function onState(group, listener) {
  const listeners = page.listeners.get(group) ?? new Set();
  page.listeners.set(group, listeners.add(listener));
  return () => listeners.delete(listener);
}

// --- Is the kernel still there? ------------------------------------------------------------------------------------

const STOPPED = "The kernel behind this has stopped. Run this cell again.";
const CUT_OFF = "The connection to the kernel is lost. It comes back by itself, or reload the page.";
const PATIENCE = 5000; // how long a sign of life stays good, and how long an answer may take
const SETTLE = 400; // an answer may reach us just after the word that the kernel is done with the question

/**
 * Watch the kernel for one view. `onChange(gone)` disables and enables it; the message is put into `el` here.
 *
 * Nothing is sent while nobody is near: the question goes out when a pointer, the focus or a key comes to the widget,
 * and when the front end itself reports trouble. A busy kernel answers late, and is waited for. A new kernel does not
 * know this widget: it reports the question as done without having answered.
 */
export function watchKernel({ model, el }, onChange) {
  const notice = h("p", { class: "il-gone", role: "alert" });
  const kernel = () => model.widget_manager?.kernel; // JupyterLab and Notebook; elsewhere undefined, and we do without
  let gone = false, heard = performance.now(), asked = 0, count = 0, timer;

  function turn(problem) {
    clearTimeout(timer);
    asked = 0;
    if (!problem) heard = performance.now();
    // One message an output is enough; the other widgets in it only go grey.
    const output = el.closest(".jp-OutputArea-output") ?? el.parentElement ?? el;
    const said = [...output.querySelectorAll(".il-gone")].some((other) => other !== notice);
    if (problem && !said) {
      if (!notice.isConnected) el.prepend(notice);
      say(notice, problem); // after it stands in the page, so that it is spoken
    } else notice.remove();
    if (gone === Boolean(problem)) return;
    gone = Boolean(problem);
    el.classList.toggle("il-lost", gone);
    onChange(gone);
  }

  function ask() {
    if (asked || !el.isConnected) return;
    asked = performance.now();
    const mine = ++count;
    const doneUnanswered = () => asked && mine === count && turn(STOPPED);
    const status = (message) => message.content?.execution_state === "idle" && setTimeout(doneUnanswered, SETTLE);
    try {
      model.send({ kind: "il-ping", count: mine }, { iopub: { status } });
      timer = setTimeout(late, PATIENCE);
    } catch {
      turn(STOPPED); // the channel to the kernel is closed for good
    }
  }

  function late() {
    const { status, connectionStatus } = kernel() ?? {};
    if (connectionStatus && connectionStatus !== "connected") turn(CUT_OFF);
    else if (status === "busy" || status === undefined) timer = setTimeout(late, PATIENCE);
    else turn(STOPPED);
  }

  let queued = 0; // a touch just after a sign of life: the question is put off, not dropped
  const nearby = () => {
    const wait = PATIENCE - (performance.now() - heard);
    if (wait <= 0) ask();
    else queued ||= setTimeout(() => { queued = 0; ask(); }, wait);
  };
  const answered = (content) => content?.kind === "il-pong" && turn("");
  // ipywidgets marks the views of a kernel that is being restarted.
  const marked = () => (el.classList.contains("jupyter-widgets-disconnected") ? turn(STOPPED) : ask());
  const reported = (_, status) =>
    ["dead", "restarting", "autorestarting", "terminating"].includes(status) ? turn(STOPPED) : gone && ask();
  const connected = (_, status) => (status === "connected" ? gone && ask() : !asked && ask());

  for (const near of ["pointerenter", "focusin", "keydown", "pointerdown"]) el.addEventListener(near, nearby);
  model.on("msg:custom", answered);
  model.on("comm_live_update", marked);
  const connection = kernel();
  connection?.statusChanged?.connect(reported);
  connection?.connectionStatusChanged?.connect(connected);
  return () => {
    clearTimeout(timer);
    clearTimeout(queued);
    connection?.statusChanged?.disconnect(reported);
    connection?.connectionStatusChanged?.disconnect(connected);
  };
}
