import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { networkChecks, runChecks, text } from '../../src/platform/checks';
import { ensureOwnCertificate, machineNames } from '../../src/platform/tls';
import { type Context, said, type SetupStep } from './environment';
import { findExisting, isNew, isTechnical } from './existing';
import { dataFolder } from './paths';

const TLS_KINDS = ['own', 'files', 'proxy', 'none'] as const;

const isFiles = (context: Context): boolean => said(context, 'server.tls') === 'files';
const fileThere = z.string().refine((file) => existsSync(file), 'setup:error.noFile');

const isOwn = (context: Context): boolean => said(context, 'server.tls') === 'own';

/** How HTTPS is served, as the configuration says it; undefined: plain HTTP here. */
export function tlsSection(context: Context): Record<string, string | number> | undefined {
  const redirect = said(context, 'server.redirectPort');
  const common: Record<string, number> = redirect ? { redirectPort: Number(redirect) } : {};
  if (isOwn(context)) return { mode: 'own', ...common };
  if (!isFiles(context)) return undefined;
  const [certFile, keyFile] = [said(context, 'server.certFile'), said(context, 'server.keyFile')];
  return { mode: 'given', certFile, keyFile, ...common };
}

const tlsFolder = (context: Context): string => path.join(dataFolder(context), 'tls');

/** The address that people type into their browsers. */
export function publicUrl(context: Context): string {
  const tls = said(context, 'server.tls');
  const name = said(context, 'server.name');
  const port = said(context, 'server.port');
  // A proxy in front listens on the usual port.
  if (tls === 'proxy') return `https://${name}`;
  const scheme = tls === 'none' ? 'http' : 'https';
  const usual = scheme === 'http' ? '80' : '443';
  return `${scheme}://${name}${port === usual ? '' : `:${port}`}`;
}

const existingServer = (context: Context) => (isNew(context) ? undefined : findExisting(context)?.config?.server);

export const serverStep: SetupStep = {
  id: 'server',
  title: text('setup:server.title'),
  say: text('setup:server.say'),
  when: isTechnical,
  questions: () => [
    {
      id: 'server.name',
      kind: 'text',
      label: text('setup:server.name'),
      help: text('setup:server.nameHelp'),
      schema: z.string().regex(/^[\p{L}\p{N}]([\p{L}\p{N}.-]{0,251}[\p{L}\p{N}])?$/u, 'setup:error.host'),
      default: (context) => {
        const url = existingServer(context)?.publicUrl;
        return url === undefined ? os.hostname() : new URL(url).hostname;
      },
    },
    {
      id: 'server.host',
      kind: 'text',
      label: text('setup:server.host'),
      help: text('setup:server.hostHelp'),
      schema: z.union([z.ipv4(), z.ipv6(), z.literal('localhost')], 'setup:error.address'),
      default: (context) =>
        existingServer(context)?.host ?? (said(context, 'edition') === 'cloud' ? '127.0.0.1' : '0.0.0.0'),
    },
    {
      id: 'server.port',
      kind: 'number',
      label: text('setup:server.port'),
      schema: z.int('setup:error.port').min(1, 'setup:error.port').max(65_535, 'setup:error.port'),
      default: (context) => existingServer(context)?.port ?? 8480,
    },
    {
      id: 'server.tls',
      kind: 'choice',
      label: text('setup:server.tls'),
      help: text('setup:server.tlsHelp'),
      default: (context) => {
        const before = existingServer(context);
        if (before?.tls) return before.tls.mode === 'own' ? 'own' : 'files';
        if (before) return before.trustProxy === false ? 'none' : 'proxy';
        return said(context, 'edition') === 'cloud' ? 'proxy' : 'own';
      },
      choices: () => TLS_KINDS.map((value) => ({ value, label: text(`setup:server.${value}`) })),
    },
    {
      id: 'server.certFile',
      kind: 'path',
      label: text('setup:server.certFile'),
      when: isFiles,
      schema: fileThere,
      default: (context) => existingServer(context)?.tls?.certFile,
    },
    {
      id: 'server.keyFile',
      kind: 'path',
      label: text('setup:server.keyFile'),
      when: isFiles,
      schema: fileThere,
      default: (context) => existingServer(context)?.tls?.keyFile,
    },
    {
      id: 'server.redirectPort',
      kind: 'number',
      label: text('setup:server.redirectPort'),
      help: text('setup:server.redirectPortHelp'),
      when: (context) => isOwn(context) || isFiles(context),
      optional: true,
      schema: z.int('setup:error.port').min(1, 'setup:error.port').max(65_535, 'setup:error.port'),
      default: (context) => {
        const before = existingServer(context);
        if (before?.tls) return before.tls.redirectPort;
        return isOwn(context) ? Number(said(context, 'server.port')) + 1 : undefined;
      },
    },
  ],
  check: async (context, onResult) => {
    const port = Number(said(context, 'server.port'));
    const before = existingServer(context);
    const checked = {
      facts: context.env.facts,
      host: said(context, 'server.host'),
      port,
      serverName: said(context, 'server.name'),
    };
    // The server that is reconfigured may hold its own port.
    const wanted = networkChecks.filter(({ id }) => id !== 'network.port' || before?.port !== port);
    const { checks } = await runChecks(wanted, checked, { onResult });
    const redirect = Number(said(context, 'server.redirectPort'));
    if (!redirect || before?.tls?.redirectPort === redirect) return checks;
    const second = networkChecks
      .filter(({ id }) => id === 'network.port')
      .map((check) => ({ ...check, id: 'network.redirect-port', title: text('setup:server.redirectPort') }));
    const report = await runChecks(second, { ...checked, port: redirect }, { onResult });
    return [...checks, ...report.checks];
  },
  fact: (context) => text('setup:verbatim', { text: publicUrl(context) }),
  plan: (context) => [
    text('setup:server.plan', { address: publicUrl(context) }),
    ...(isOwn(context) ? [text('setup:server.planOwn', { folder: tlsFolder(context) })] : []),
  ],
  apply: async (context) => {
    if (!isOwn(context)) return text('setup:verbatim', { text: publicUrl(context) });
    const folder = tlsFolder(context);
    if (!existsSync(folder)) context.note('server.tlsMade', folder);
    const { certFile } = await ensureOwnCertificate(folder, {
      names: machineNames({ names: [], publicUrl: publicUrl(context) }),
    });
    return text('setup:server.ownMade', { file: certFile });
  },
  undo: async (context) => {
    const made = context.facts['server.tlsMade'];
    if (typeof made === 'string') await rm(made, { recursive: true, force: true });
  },
};
