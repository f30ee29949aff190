/** What Oracle refuses as a name without quotes: reserved words of its SQL and PL/SQL, and one that tools take for such (seq). */
const RESERVED = new Set(
  `access add all alter and any as asc audit between by char check cluster column comment compress connect create current date
  decimal default delete desc distinct drop else exclusive exists file float for from grant group having identified immediate in
  increment index initial insert integer intersect into is level like lock long maxextents minus mlslabel mode modify noaudit
  nocompress not nowait null number of offline on online option or order pctfree prior public raw rename resource revoke row rowid
  rownum rows select session set share size smallint start successful synonym sysdate table then to trigger uid union unique update
  user validate values varchar varchar2 view whenever where with at begin case cluster clusters colauth columns crash declare end exception fetch goto
  if indexes overlaps procedure seq sql subtype tabauth type use views when`.split(/\s+/),
);

const known = new Map<string, string>();

/**
 * Puts names that are reserved words into Oracle's quotes, upper case as the catalogue holds them: `number` → `"NUMBER"`. In this
 * program's statements keywords are in capitals and names in small letters, which tells the two apart.
 */
export function quoteReserved(text: string): string {
  let quoted = known.get(text);
  if (quoted === undefined) {
    quoted = text.replace(/'(?:[^']|'')*'|"[^"]*"|[:@]?\b[a-z][a-z0-9_]*\b/g, (word) =>
      RESERVED.has(word) ? `"${word.toUpperCase()}"` : word,
    );
    if (known.size > 2000) known.clear();
    known.set(text, quoted);
  }
  return quoted;
}
