// For information: files that have grown beyond one idea. Never fails.
import '../assert-node';
import fs from 'node:fs';

const LONG_LINES = 300;

const long = fs
  .globSync('{src,installer,migrations,scripts}/**/*.{ts,mjs}')
  .map((file) => ({ file, lines: fs.readFileSync(file, 'utf8').split('\n').length - 1 }))
  .filter(({ lines }) => lines > LONG_LINES)
  .sort((a, b) => b.lines - a.lines);
for (const { file, lines } of long) console.log(`${file}: ${lines} lines`);
console.log(`${long.length} files over ${LONG_LINES} lines`);
