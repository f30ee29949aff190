import type { CommandModule } from './program';
import { type CommandOptions, type CommandOutput, RefusedError, runCommand } from './outcome';

interface CertificateCommand extends CommandOptions {
  config?: string;
  renew?: boolean;
  newAuthority?: boolean;
}

export const register: CommandModule['register'] = (program) => {
  program
    .command('certificate')
    .description('the certificate of the configuration: names, validity, fingerprints; makes and renews an own one')
    .option('--config <file>', 'configuration file')
    .option('--renew', 'make a new certificate now; a running server takes it up within a minute')
    .option('--new-authority', 'make a new authority as well: it must then be installed on every till')
    .option('--json', 'print one JSON document')
    .action((options: CertificateCommand) => runCommand(options, (out) => run(options, out)));
};

async function run({ config: file, renew, newAuthority }: CertificateCommand, out: CommandOutput): Promise<object> {
  const { readFileSync } = await import('node:fs');
  const { loadServerConfig } = await import('./server-config');
  const tls = await import('../platform/tls');
  const { terminalTexts } = await import('./words');
  const t = terminalTexts();
  const { tls: settings, publicUrl } = loadServerConfig({ config: file }).server;
  if (!settings) throw new RefusedError(t('certificate:off'));
  if (settings.mode === 'given' && (renew || newAuthority)) throw new RefusedError(t('certificate:given'));
  const names = tls.machineNames({ names: settings.names, publicUrl });
  const made =
    settings.mode === 'own'
      ? await tls.ensureOwnCertificate(settings.folder, {
          names,
          renew: renew === true,
          newAuthority: newAuthority === true,
        })
      : undefined;
  if (made?.authorityMade) out.say(t('certificate:authorityMade'));
  const describe = (name: string): Described => {
    const [certificate] = tls.readChain(readFileSync(name, 'utf8'));
    return {
      file: name,
      name: tls.commonName(certificate.subject),
      issuer: tls.commonName(certificate.issuer),
      names: tls.namesOf(certificate),
      until: certificate.validToDate.toISOString().slice(0, 10),
      daysLeft: tls.daysLeft(certificate, Date.now()),
      fingerprint: certificate.fingerprint256,
    };
  };
  const server = describe(settings.certFile);
  const authority = made ? describe(made.authorityFile) : null;
  say(t('certificate:server'), server);
  if (authority) say(t('certificate:authority'), authority);
  const leftOut = made?.leftOut ?? [];
  if (leftOut.length > 0) out.say(t('certificate:leftOut', { names: leftOut.join(', ') }));
  return { ok: true, mode: settings.mode, server, authority, leftOut };

  function say(title: string, { name, until, daysLeft, fingerprint, names: listed, file: at }: Described): void {
    out.say(`${title}  ${name}`);
    out.say(`  ${t('certificate:until', { until, days: daysLeft })}`);
    out.say(`  ${t('certificate:names', { names: listed.join(', ') })}`);
    out.say(`  SHA-256  ${fingerprint}`);
    out.say(`  ${at}`);
  }
}

interface Described {
  file: string;
  name: string;
  issuer: string;
  names: string[];
  until: string;
  daysLeft: number;
  fingerprint: string;
}
