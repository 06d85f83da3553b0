// Completion from what the data really use: classes, properties and prefixes of /api/terms.

const SHOWN = 60;

const ending = (iri) => iri.slice(Math.max(iri.lastIndexOf("#"), iri.lastIndexOf("/")) + 1);

// The words the reader has typed: `dxo:Ini`, `<https://…`, `Ini`, or nothing yet.
function typed(token) {
  const text = token.string.trim();
  if (text.startsWith("<")) return { start: text.slice(1).replace(/>$/, ""), space: null };
  const colon = text.indexOf(":");
  return { start: text.slice(colon + 1).toLowerCase(), space: colon < 0 ? null : text.slice(0, colon) };
}

function matching({ prefixes, terms }, kind, yasqe, token) {
  const { start, space } = typed(token);
  const known = { ...prefixes, ...yasqe.getPrefixesFromQuery() };
  const fits = ({ iri, label }) => {
    if (space !== null && !(known[space] && iri.startsWith(known[space]))) return false;
    return iri.startsWith(start) || ending(iri).toLowerCase().includes(start) || label.toLowerCase().includes(start);
  };
  // What begins with the words stands before what only has them inside; then the most used.
  const rank = ({ iri }) => (ending(iri).toLowerCase().startsWith(start) ? 0 : 1);
  return terms
    .filter((term) => term.kind === kind && fits(term))
    .sort((a, b) => rank(a) - rank(b) || b.uses - a.uses || (a.iri < b.iri ? -1 : 1))
    .slice(0, SHOWN);
}

// The shortest way to write an IRI in this query: with its own prefix, with a usual one, or in full.
function written(iri, prefixes, yasqe) {
  for (const known of [yasqe.getPrefixesFromQuery(), prefixes]) {
    for (const [prefix, space] of Object.entries(known)) {
      if (space && iri.startsWith(space) && /^[\w-]+$/.test(iri.slice(space.length))) {
        return { text: `${prefix}:${iri.slice(space.length)}`, prefix, space };
      }
    }
  }
  return { text: `<${iri}>`, prefix: null, space: null };
}

function show(place, text, label) {
  const name = document.createElement("code");
  const note = document.createElement("span");
  name.textContent = text;
  note.textContent = label;
  place.append(name, " ", note);
}

// Before a word of ours goes into the query, its prefix is declared there.
function declare(yasqe, { prefix, space }) {
  if (prefix !== null && yasqe.getPrefixesFromQuery()[prefix] === undefined) yasqe.addPrefixes({ [prefix]: space });
}

function completer(name, kind, terms, isPlace) {
  let facts = { prefixes: {}, terms: [] };
  terms.then((found) => { facts = found; });
  const byIri = (iri) => facts.terms.find((term) => term.iri === iri);
  return {
    name,
    bulk: false,
    autoShow: false,
    persistenceId: null,
    isValidCompletionPosition: isPlace,
    get: async (yasqe, token) => {
      facts = await terms;
      return matching(facts, kind, yasqe, token).map((term) => term.iri);
    },
    // A blank is not replaced: the word goes where the cursor is.
    preProcessToken: (yasqe, token) => {
      const { ch } = yasqe.getDoc().getCursor();
      return token.string.trim() ? token : { ...token, from: { ch }, to: { ch } };
    },
    postprocessHints: (yasqe, hints) => hints.map((hint) => {
      const way = written(hint.text, facts.prefixes, yasqe);
      const label = byIri(hint.text)?.label ?? "";
      return {
        ...hint,
        text: way.text,
        displayText: way.text,
        render: (place) => show(place, way.text, label),
        hint: (cm, data, chosen) => {
          cm.replaceRange(chosen.text, chosen.from ?? data.from, chosen.to ?? data.to, "complete");
          declare(yasqe, way);
        },
      };
    }),
  };
}

const isVariable = (token) => /^[?$]/.test(token.string);

function isPropertyPlace(yasqe) {
  const token = yasqe.getCompleteToken();
  return !isVariable(token) && token.state.possibleCurrent.includes("a");
}

function isClassPlace(yasqe) {
  const token = yasqe.getCompleteToken();
  if (isVariable(token)) return false;
  const before = yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, token);
  return ["a", "rdf:type", "rdfs:domain", "rdfs:range"].includes(before.state?.lastProperty) && !isPropertyPlace(yasqe);
}

// `prefixes` is Yasqe's own completer of prefixes, whose list ours replaces; `terms` is a promise.
export function completers(prefixes, terms) {
  const lines = terms.then(({ prefixes: known }) => Object.entries(known).map(([name, space]) => `${name}: <${space}>`));
  return [
    { ...prefixes, persistenceId: null, get: () => lines },
    completer("classes of the data", "class", terms, isClassPlace),
    completer("properties of the data", "property", terms, isPropertyPlace),
  ];
}
