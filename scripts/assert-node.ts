// Imported first by every script. A script started by hand (not through npm, which puts it first in PATH) may run on the
// machine's older Node: then it is run again on the one that the project brings along, or refused with a sentence.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  const binaries = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', '.bin');
  const ownNode = path.join(binaries, 'node');
  if (!existsSync(ownNode) || process.env.ERP_NODE_CHOSEN) {
    process.stderr.write(
      `This script runs on Node ${OLDEST_NODE} or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
        `Run "node scripts/ensure-ready.mjs" to install what is missing.\n`,
    );
    process.exit(2);
  }
  const env = { ...process.env, ERP_NODE_CHOSEN: '1', PATH: `${binaries}${path.delimiter}${process.env.PATH ?? ''}` };
  const done = spawnSync(ownNode, ['--import', 'tsx', ...process.argv.slice(1)], { stdio: 'inherit', env });
  process.exit(done.status ?? 1);
}

// Dates must not depend on the machine; every driver and every child process reads this.
process.env.TZ = 'UTC';
