import type { ReleaseReport, PayloadState } from '../platform/release';
import type { CommandModule } from './program';
import { type CommandOptions, type CommandOutput, runCommand, UsageError } from './outcome';

export const register: CommandModule['register'] = (program) => {
  program
    .command('verify')
    .description(
      'compare this program, a release folder or a package with its checksums and signature; exit code 1 when something is wrong',
    )
    .argument('[files...]', 'release folders or packages; without one the program itself')
    .option('--json', 'print {ok, program | releases: [{findings, signature}]}')
    .action((files: string[], options: CommandOptions) =>
      runCommand(options, (out) => (files.length === 0 ? verifyProgram(out) : verifyReleases(files, out))),
    );
};

async function verifyProgram(out: CommandOutput): Promise<object> {
  const { verifyPayload } = await import('../platform/release');
  const { version } = await import('../platform/version');
  const { terminalTexts } = await import('./words');
  const t = terminalTexts();
  const payload = verifyPayload();
  if (payload.kind === 'source') {
    out.say(t('release:source'));
    return { ok: true, program: { version, ...payload } };
  }
  out.say(t('release:program', { version, count: payload.files }));
  const ok = report(payload, t, out);
  return { ok, program: { version, ...payload } };
}

async function verifyReleases(files: readonly string[], out: CommandOutput): Promise<object> {
  const { existsSync } = await import('node:fs');
  const { verifyRelease } = await import('../platform/release');
  const { terminalTexts } = await import('./words');
  const t = terminalTexts();
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) throw new UsageError(t('release:noFile', { file: missing }));
  const releases: ReleaseReport[] = [];
  let ok = true;
  for (const file of files) {
    const release = await verifyRelease(file);
    out.say(t('release:release', { folder: release.folder, count: release.files }));
    ok = report(release, t, out) && ok;
    releases.push(release);
  }
  return { ok, releases };
}

type Texts = (key: string, values?: Record<string, unknown>) => string;

/** Files and signature in words. A signature is wanted: a list that nobody signed proves nothing. */
function report(
  { findings, signature }: Pick<ReleaseReport | PayloadState, 'findings' | 'signature'>,
  t: Texts,
  out: CommandOutput,
): boolean {
  for (const { problem, ...finding } of findings) out.say(`  ${t(`release:problem.${problem}`, finding)}`);
  out.say(`  ${t(`release:signature.${signature.state}`, { keyId: signature.keyId })}`);
  const ok = findings.length === 0 && (signature.state === 'release' || signature.state === 'development');
  out.say(`  ${t(ok ? 'release:ok' : 'release:bad')}`);
  if (!ok) out.fail();
  return ok;
}
