// node --import kill-at.mjs PROGRAM …: ends the process with SIGKILL at a rename of a file, before or after it. Everything that an
// upgrade decides is decided by a rename: of its state file, of kept data, of the link.
// KILL_AT: the how manieth (odd: before, even: after), or the words of the point, with "+400" for so many milliseconds later.
// KILL_LOG: a file that gets a line for each.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

const [wanted = '', later] = (process.env.KILL_AT ?? '').split('+');
const log = process.env.KILL_LOG;
let count = 0;

function describe(to) {
  if (path.basename(to) !== 'state.json') return path.basename(to);
  const { steps, child, outcome } = JSON.parse(fs.readFileSync(to, 'utf8'));
  const last = steps.findLast(({ state }) => state !== 'waiting');
  return `${outcome} ${last?.id ?? '-'} ${last?.state ?? '-'}${child ? ' child' : ''}`;
}

function point(words) {
  count++;
  const said = words();
  if (log) fs.appendFileSync(log, `${count} ${said}\n`);
  if (wanted !== String(count) && wanted !== said) return;
  if (later === undefined) process.kill(process.pid, 'SIGKILL');
  else setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(later));
}

const { renameSync } = fs;
fs.renameSync = (from, to) => {
  point(() => `before ${path.basename(String(to))}`);
  renameSync(from, to);
  point(() => `after ${describe(String(to))}`);
};
const { rename } = fs.promises;
fs.promises.rename = async (from, to) => {
  point(() => `before ${path.basename(String(to))}`);
  await rename(from, to);
  point(() => `after ${describe(String(to))}`);
};
syncBuiltinESMExports();
