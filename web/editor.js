// Turns the plain text field of the query page into an editor. The form stays what it was: it is sent as before, by its
// own button or by Ctrl-Enter, and nothing is kept in the browser or asked of another host.
import { Yasqe } from "@zazuko/yasqe";
import "@zazuko/yasqe/build/yasqe.min.css";
import "./editor.css";
import { completers } from "./complete.js";

// The options are set as defaults: Yasqe merges lists by position, so that a shorter one would not replace its own.
function configure(texts, terms) {
  Yasqe.Autocompleters = { variables: Yasqe.Autocompleters.variables, prefixes: Yasqe.Autocompleters.prefixes };
  Yasqe.defaults.autocompleters = ["variables"];
  for (const one of completers(Yasqe.Autocompleters.prefixes, terms)) Yasqe.registerAutocompleter(one);
  Object.assign(Yasqe.defaults, {
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    prefixCcApi: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    viewportMargin: Infinity,
    foldGutter: false,
    gutters: ["gutterErrorBar", "CodeMirror-linenumbers"],
    // A screen reader sees the whole text only in this style of input.
    inputStyle: "contenteditable",
    screenReaderLabel: texts.label,
  });
  // Tab goes on to the next control of the page. Ctrl-S is the browser's; Escape must not lose the reader's place.
  Object.assign(Yasqe.defaults.extraKeys, { Tab: false, "Shift-Tab": false, "Ctrl-S": false, "Cmd-S": false, Esc: false });
}

// Number of the line with the first syntax error, 0 when there is none. The library's own hint works by mouse only, in
// English, and with style attributes, which our policy forbids: a plain title takes its place.
function faultyLine(yasqe, message) {
  let number = 0;
  yasqe.getDoc().eachLine((line) => {
    const mark = line.gutterMarkers?.gutterErrorBar;
    if (mark && !number) {
      number = line.lineNo() + 1;
      mark.onmouseover = mark.onmouseout = null;
      mark.title = message.replace("{line}", number);
    }
  });
  return number;
}

function announceErrors(yasqe, status, message) {
  let timer = 0;
  const line = () => (yasqe.queryValid ? 0 : faultyLine(yasqe, message));
  const look = () => {
    line();
    clearTimeout(timer);
    // Asked again then: the library may not have read the last character yet.
    timer = setTimeout(() => {
      const number = line();
      status.textContent = number ? message.replace("{line}", number) : "";
    }, 700);
  };
  yasqe.on("changes", look);
  look();
}

function makeEditor(field, texts) {
  const place = document.createElement("div");
  place.className = "editor";
  field.after(place);
  const yasqe = new Yasqe(place, { value: field.value });
  // Its notes are in English and cover the last line; the help on the page says the same.
  yasqe.showNotification = () => {};
  const input = yasqe.getInputField();
  const status = document.createElement("p");
  status.className = "editor-status small";
  status.setAttribute("role", "status");
  place.append(status);
  input.setAttribute("role", "textbox");
  input.setAttribute("aria-multiline", "true");
  input.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
  announceErrors(yasqe, status, texts.error);
  yasqe.on("autocompletionShown", (_, { hints }) => hints.setAttribute("aria-label", texts.words));
  return yasqe;
}

function enhance(field, texts, terms) {
  configure(texts, terms);
  const yasqe = makeEditor(field, texts);
  const { form } = field;
  const keep = () => { field.value = yasqe.getValue(); };
  field.hidden = true;
  // A hidden field cannot show what it lacks; the server says so.
  field.required = false;
  yasqe.on("changes", keep);
  const send = () => { keep(); form.requestSubmit(); };
  yasqe.setOption("extraKeys", { ...yasqe.getOption("extraKeys"), "Ctrl-Enter": send, "Cmd-Enter": send });
  form.addEventListener("reset", () => setTimeout(() => yasqe.setValue(field.value)));
  document.querySelector("[data-editor-help]")?.removeAttribute("hidden");
  for (const label of field.labels ?? []) label.addEventListener("click", () => yasqe.focus());
}

const nothing = { prefixes: {}, terms: [] };

async function readTerms(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : nothing;
}

const field = document.querySelector("textarea#query");
if (field) {
  const { terms, error, words } = field.form.dataset;
  const label = field.labels[0].textContent;
  const address = `${terms}?lang=${document.documentElement.lang}`;
  // The editor does not wait for the words of the data, and works without them.
  enhance(field, { label, error, words }, readTerms(address).catch(() => nothing));
}
