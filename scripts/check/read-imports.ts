import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';

export interface Import {
  /** Importing file, relative to the project with forward slashes. */
  from: string;
  line: number;
  /** Imported file in the same form, or the name of a package or node: module. */
  to: string;
  isPackage: boolean;
  /** Gone at run time: `import type` and the like. */
  typeOnly: boolean;
  /** `import()`: loaded later, so it makes no cycle. */
  lazy: boolean;
}

/** All imports and re-exports of a TypeScript file. Throws when it cannot be parsed. */
export function readImports(file: string): Import[] {
  const source = readFileSync(file, 'utf8');
  const { module, errors } = parseSync(file, source);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  const found: Import[] = [];
  const add = (specifier: string, start: number, typeOnly: boolean, lazy: boolean) => {
    const target = resolve(file, specifier);
    const line = source.slice(0, start).split('\n').length;
    found.push({ from: file, line, ...target, typeOnly, lazy });
  };
  for (const { moduleRequest, start, end, entries } of module.staticImports) {
    const typeOnly =
      /^import\s+type\b/.test(source.slice(start, end)) || (entries.length > 0 && entries.every((e) => e.isType));
    add(moduleRequest.value, start, typeOnly, false);
  }
  for (const { start, entries } of module.staticExports) {
    const request = entries.find((entry) => entry.moduleRequest)?.moduleRequest;
    if (request)
      add(
        request.value,
        start,
        entries.every((entry) => entry.isType),
        false,
      );
  }
  for (const { moduleRequest, start } of module.dynamicImports) {
    const literal = /^(['"`])([^'"`$]+)\1$/.exec(source.slice(moduleRequest.start, moduleRequest.end))?.[2];
    if (literal) add(literal, start, false, true);
  }
  return found;
}

function resolve(from: string, specifier: string): { to: string; isPackage: boolean } {
  if (!specifier.startsWith('.')) {
    const parts = specifier.split('/');
    return { to: specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier), isPackage: true };
  }
  const base = path.posix.join(path.posix.dirname(from), specifier);
  const candidates = [base, `${base}.ts`, `${base}.d.ts`, `${base}/index.ts`, base.replace(/\.js$/, '.ts')];
  const to = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
  return { to: to ?? base, isPackage: false };
}
