// Checks every import of the project against the table in import-table.ts, and that no files import each other in a circle.
import '../assert-node';
import fs from 'node:fs';
import { findCycles } from './cycles';
import { judge } from './import-rules';
import { readImports, type Import } from './read-imports';

const files = fs
  .globSync('{src,installer,migrations,scripts,bench,test}/**/*.ts')
  .map((file) => file.replaceAll('\\', '/'));
const imports = files.flatMap(readImports);

const findings = imports.flatMap((found) => {
  const reason = judge(found);
  return reason ? [`${found.from}:${found.line} → ${found.to}: ${reason}`] : [];
});
for (const cycle of findCycles(runTimeGraph(imports))) findings.push(`circle of imports: ${cycle.join(' → ')}`);

findings.forEach((finding) => console.log(finding));
console.log(`${files.length} files, ${imports.length} imports, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;

function runTimeGraph(all: readonly Import[]): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const { from, to, isPackage, typeOnly, lazy } of all) {
    if (isPackage || typeOnly || lazy) continue;
    const targets = graph.get(from);
    if (targets) targets.push(to);
    else graph.set(from, [to]);
  }
  return graph;
}
