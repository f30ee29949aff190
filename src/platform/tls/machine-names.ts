import { isIP } from 'node:net';
import os from 'node:os';

/** What a browser may write into its address bar to reach this server. */
export interface ServerNames {
  dns: readonly string[];
  addresses: readonly string[];
}

export interface NameSources {
  /** Names and addresses of the configuration, `server.tls.names`. */
  names?: readonly string[] | undefined;
  publicUrl?: string | undefined;
  hostname?: string;
  interfaces?: NodeJS.Dict<os.NetworkInterfaceInfo[]>;
}

/**
 * The names and addresses of this machine: what the configuration says, the machine's own name, its addresses in the network,
 * and the loopback. Addresses that are valid on one cable only (fe80::, 169.254.) are left out: nobody types them.
 */
export function machineNames({
  names = [],
  publicUrl,
  hostname = os.hostname(),
  interfaces = os.networkInterfaces(),
}: NameSources = {}): ServerNames {
  const own = Object.values(interfaces).flatMap((list) => list ?? []);
  const all = [
    ...(publicUrl ? [new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')] : []),
    ...names,
    hostname,
    ...own.map(({ address }) => address).filter((address) => !/^(fe80:|169\.254\.)/i.test(address)),
    'localhost',
    '127.0.0.1',
    '::1',
  ].map((name) => name.trim().toLowerCase());
  return {
    dns: unique(all.filter((name) => isIP(name) === 0 && isDnsName(name))),
    addresses: unique(all.filter((name) => isIP(name) !== 0)),
  };
}

/** Letters, digits and hyphens in labels; `*` as the first label alone. A machine's name may hold more: then it is no name to visit. */
export function isDnsName(name: string): boolean {
  return (
    name.length <= 253 &&
    /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(name)
  );
}

const unique = (list: readonly string[]): string[] => [...new Set(list)];
