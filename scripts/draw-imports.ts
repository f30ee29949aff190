// Draws the table of who may import whom into docs/architecture.md, between the two markers.
// With --check it changes nothing and fails when the drawing is out of date.
import './assert-node';
import fs from 'node:fs';
import { areas, layers, moduleEdges } from './check/import-table';

const FILE = 'docs/architecture.md';
const BEGIN = '<!-- imports:begin (drawn by scripts/draw-imports.ts; do not edit) -->';
const END = '<!-- imports:end -->';

/** Arrows that say nothing new are left out: a → c when a → b → c is drawn. */
function withoutShortcuts(edges: Readonly<Record<string, readonly string[]>>): [string, string][] {
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    (edges[from] ?? []).some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
  return Object.entries(edges).flatMap(([from, targets]) =>
    targets
      .filter((to) => !targets.some((other) => other !== to && reaches(other, to)))
      .map((to): [string, string] => [from, to]),
  );
}

function flowchart(edges: Readonly<Record<string, readonly string[]>>): string {
  const arrows = withoutShortcuts(edges).map(([from, to]) => `  ${from} --> ${to}`);
  return ['```mermaid', 'flowchart TD', ...arrows, '```'].join('\n');
}

function drawing(): string {
  const areaEdges = Object.fromEntries(
    Object.entries(areas)
      .filter(([name]) => name !== 'tools')
      .map(([name, { mayImport }]) => [name, mayImport]),
  );
  const layerEdges = Object.fromEntries(Object.entries(layers).map(([name, { mayImport }]) => [name, mayImport]));
  return [
    BEGIN,
    '### Areas',
    flowchart(areaEdges),
    '### Modules',
    flowchart(moduleEdges),
    '### Layers inside a module',
    flowchart(layerEdges),
    END,
  ].join('\n\n');
}

const text = fs.readFileSync(FILE, 'utf8');
const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
if (begin < 0 || end < begin) throw new Error(`${FILE} has lost the markers around the drawing`);
const drawn = text.slice(0, begin) + drawing() + text.slice(end + END.length);

if (drawn === text) console.log(`${FILE} shows the current table`);
else if (process.argv.includes('--check')) {
  console.log(`${FILE} shows an old table: run "npx tsx scripts/draw-imports.ts"`);
  process.exitCode = 1;
} else {
  fs.writeFileSync(FILE, drawn);
  console.log(`drew the imports into ${FILE}`);
}
