import os from 'node:os';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { networkChecks, runChecks, text } from '../../src/platform/checks';
import { type Context, said, type SetupStep } from './environment';
import { findExisting, isNew, isTechnical } from './existing';

export const TLS_KINDS = ['none', 'files', 'proxy'] as const;

const isFiles = (context: Context): boolean => said(context, 'server.tls') === 'files';
const fileThere = z.string().refine((file) => existsSync(file), 'setup:error.noFile');

/** Certificate and key that the server is to use; undefined: plain HTTP. */
export function tlsFiles(context: Context): { certFile: string; keyFile: string } | undefined {
  if (!isFiles(context)) return undefined;
  return { certFile: said(context, 'server.certFile'), keyFile: said(context, 'server.keyFile') };
}

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
        if (before) return before.tls ? 'files' : before.trustProxy === false ? 'none' : 'proxy';
        return said(context, 'edition') === 'cloud' ? 'proxy' : 'none';
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
    return checks;
  },
  fact: (context) => text('setup:verbatim', { text: publicUrl(context) }),
  plan: (context) => [text('setup:server.plan', { address: publicUrl(context) })],
};
