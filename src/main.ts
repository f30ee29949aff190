#!/usr/bin/env node
import './prepare-process';
import type { CommandTable } from './commands/program';
import { version } from './platform/version';

// One line a command; see CommandModule. The name is the first word on the command line.
const commands: CommandTable = {
  audit: () => import('./commands/audit'),
  backup: () => import('./commands/backup'),
  config: () => import('./commands/config'),
  certificate: () => import('./commands/certificate'),
  database: () => import('./commands/database'),
  demo: () => import('./commands/demo'),
  doctor: () => import('./commands/doctor'),
  import: () => import('./commands/import'),
  key: () => import('./commands/key'),
  ledger: () => import('./commands/ledger'),
  maintenance: () => import('./commands/maintenance'),
  person: () => import('./commands/person'),
  restore: () => import('./commands/restore'),
  service: () => import('./commands/service'),
  setup: () => import('./commands/setup'),
  selftest: () => import('./commands/selftest'),
  serve: () => import('./commands/serve'),
  status: () => import('./commands/status'),
  support: () => import('./commands/support'),
  upgrade: () => import('./commands/upgrade'),
  'upgrade-part': () => import('./commands/upgrade-part'),
  user: () => import('./commands/user'),
  verify: () => import('./commands/verify'),
};

async function main(args: readonly string[]): Promise<void> {
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${version}\n`);
    return;
  }
  const { runProgram } = await import('./commands/program');
  await runProgram(commands, args);
}

// No top-level await: the release bundles this into one CommonJS file.
main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
