// The two languages have the same keys and placeholders, and every key named in code or in a template exists.
import '../assert-node';
import fs from 'node:fs';
import path from 'node:path';
import { compareTexts, findRepeatedKeys, hasKey, readTexts, usedBeginnings, usedKeys } from './locale-texts';

const LANGUAGES = ['zh-CN', 'en'] as const;

const [chinese, english] = [readTexts(LANGUAGES[0]), readTexts(LANGUAGES[1])];
const findings = [...LANGUAGES.flatMap(findRepeatedKeys), ...compareTexts(chinese, english, LANGUAGES)];

// A module's texts are named after it, so its name is a namespace even before the first text exists.
const modules = fs.globSync('src/modules/*').map((folder) => path.basename(folder));
const namespaces = new Set([...modules, ...[...chinese.keys(), ...english.keys()].map((key) => key.split(':', 1)[0])]);
const sources = fs
  .globSync(['src/**/*.ts', 'installer/**/*.ts', 'views/**/*.ejs', 'public/js/**/*.js'])
  .map((file) => ({ file, text: withoutComments(fs.readFileSync(file, 'utf8')) }));
const used = sources.flatMap(({ file, text }) => usedKeys(file, text));
const beginnings = sources.flatMap(({ text }) => usedBeginnings(text));

for (const { file, line, key } of used) {
  // 'node:fs', 'sqlite:…' and the like look alike: only what begins with a known namespace is a text.
  if (namespaces.has(key.split(':', 1)[0]) && !hasKey(chinese, key))
    findings.push(`${file}:${line}: there is no text "${key}"`);
}
for (const { file, text } of sources) {
  for (const [, namespace, key] of text.matchAll(
    /\b(?:t|invalid)\(\s*['"]([a-z][\w-]*):([\w.-]+)['"]|new DomainError\(\s*['"]([a-z][\w-]*):/g,
  )) {
    if (namespace && !namespaces.has(namespace))
      findings.push(`${file}: there is no namespace for "${namespace}:${key}"`);
  }
}

/** Comments quote keys as examples. Lines stay, so that line numbers hold. */
function withoutComments(source: string): string {
  return source.replace(/^\s*(\/\/|\/?\*).*$/gm, '');
}

const named = new Set(used.map(({ key }) => key));
const unused = [...chinese.keys()].filter((key) => {
  const base = key.replace(/_(zero|one|two|few|many|other)$/, '');
  return !named.has(key) && !named.has(base) && !beginnings.some((beginning) => key.startsWith(beginning));
});
findings.forEach((finding) => console.log(finding));
console.log(
  `${chinese.size} texts in ${namespaces.size} namespaces, ${findings.length} findings; ${unused.length} not named literally`,
);
if (process.argv.includes('--unused')) unused.forEach((key) => console.log(`not named literally: ${key}`));
process.exitCode = findings.length > 0 ? 1 : 0;
