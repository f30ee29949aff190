import { lookup } from 'node:dns/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import { type Check, type CheckResult, text } from '../check';
import type { HostFacts } from '../host/facts';
import { portHolder } from './port-holder';

export interface NetworkContext {
  facts: HostFacts;
  /** Where the product shall listen; 0 is any free port. */
  host: string;
  port: number;
  /** The name that people type into their browsers; undefined when they use the machine's address. */
  serverName?: string;
  /** Asks whether the program that holds the port is this product (doctor beside a running server). */
  isOurs?: () => Promise<boolean>;
}

const port: Check<NetworkContext> = {
  id: 'network.port',
  category: 'network',
  title: text('checks:network.port.title'),
  required: text('checks:network.port.required'),
  run: async ({ facts, host, port: wanted, isOurs }) => {
    const values = { host, port: wanted };
    const error = await listenError(host, wanted);
    if (!error) return { status: 'ok', found: text('checks:network.port.free', values) };
    const holder = error.code === 'EADDRINUSE' ? await portHolder(wanted, facts) : undefined;
    if (error.code === 'EADDRINUSE' && (await isOurs?.()))
      return { status: 'ok', found: text('checks:network.port.own', values) };
    const found = holder
      ? text('checks:network.port.held', { ...values, ...holder })
      : text(`checks:network.port.${knownListenError(error)}`, values);
    const remedy = [text(`checks:network.port.${knownListenError(error)}Remedy`, values)];
    return { status: 'fail', found, evidence: error.message, remedy };
  },
};

function knownListenError({ code }: NodeJS.ErrnoException): 'EADDRINUSE' | 'EACCES' | 'EADDRNOTAVAIL' | 'other' {
  return code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL' ? code : 'other';
}

function listenError(host: string, wanted: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error));
    server.listen(wanted, host, () => server.close(() => resolve(undefined)));
  });
}

const names: Check<NetworkContext> = {
  id: 'network.names',
  category: 'network',
  title: text('checks:network.names.title'),
  required: text('checks:network.names.required'),
  run: async ({ serverName }): Promise<CheckResult> => {
    const name = serverName ?? os.hostname();
    try {
      const { address } = await lookup(name);
      return { status: 'ok', found: text('checks:network.names.found', { name, address }) };
    } catch (error) {
      return {
        status: 'warn',
        found: text('checks:network.names.not', { name }),
        evidence: error instanceof Error ? error.message : String(error),
        remedy: [text('checks:network.names.remedy', { name })],
      };
    }
  },
};

/** What may keep tills from reaching the server; the commands are real ones. */
const firewall: Check<NetworkContext> = {
  id: 'network.firewall',
  category: 'network',
  title: text('checks:network.firewall.title'),
  required: text('checks:network.firewall.required'),
  run: async ({ facts, host, port: wanted }): Promise<CheckResult> => {
    if (host === '127.0.0.1' || host === '::1' || host === 'localhost')
      return { status: 'ok', found: text('checks:network.firewall.local') };
    const seen = await activeFirewall(facts, wanted);
    if (!seen) return { status: 'ok', found: text('checks:network.firewall.none') };
    const { name, open } = seen;
    if (open) return { status: 'ok', found: text('checks:network.firewall.open', { name, port: wanted }) };
    return {
      status: 'warn',
      found: text('checks:network.firewall.active', { name, port: wanted }),
      remedy: [text(`checks:network.firewall.${name}`, { port: wanted })],
    };
  },
};

async function activeFirewall(
  facts: HostFacts,
  wanted: number,
): Promise<{ name: 'ufw' | 'firewalld' | 'windows'; open: boolean } | undefined> {
  if (facts.platform === 'win32') {
    const rules = await facts.output('netsh', ['advfirewall', 'firewall', 'show', 'rule', 'name=Phone ERP']);
    return { name: 'windows', open: rules?.includes(String(wanted)) ?? false };
  }
  // Without administrator rights ufw does not talk; its configuration may be read by everybody.
  if (/^ENABLED=yes/m.test(facts.readText('/etc/ufw/ufw.conf') ?? '')) {
    const rules = facts.readText('/etc/ufw/user.rules') ?? (await facts.output('ufw', ['status'])) ?? '';
    return { name: 'ufw', open: new RegExp(`\\b${wanted}\\b`).test(rules) };
  }
  const firewalld = await facts.output('firewall-cmd', ['--state']);
  if (firewalld?.trim() !== 'running') return undefined;
  const ports = (await facts.output('firewall-cmd', ['--list-ports'])) ?? '';
  return { name: 'firewalld', open: ports.split(/\s+/).includes(`${wanted}/tcp`) };
}

export const networkChecks: readonly Check<NetworkContext>[] = [port, names, firewall];
