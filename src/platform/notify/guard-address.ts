import dns from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { notifyError } from './faults';

/**
 * Addresses to which this server never sends a message, whoever wrote them into a channel: those of the machine's own line,
 * where clouds keep the passwords of their machines, and those that are none. Shops do have mail servers and robots inside
 * their own network, so private addresses are allowed.
 */
const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet('169.254.0.0', 16, 'ipv4');
FORBIDDEN.addSubnet('0.0.0.0', 8, 'ipv4');
FORBIDDEN.addSubnet('224.0.0.0', 3, 'ipv4');
FORBIDDEN.addAddress('100.100.100.200', 'ipv4');
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6');
FORBIDDEN.addSubnet('ff00::', 8, 'ipv6');
FORBIDDEN.addAddress('::', 'ipv6');
FORBIDDEN.addAddress('fd00:ec2::254', 'ipv6');

export const isForbidden = (address: string): boolean =>
  FORBIDDEN.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Throws for an address that is written out; names are looked at when they are resolved. */
export function refuseForbidden(hostname: string): void {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) > 0 && isForbidden(address)) throw notifyError('forbiddenAddress', { address });
}

/** Looks a name up once and lets the connection go only to what was looked at: a second answer cannot be another. */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, found) => {
    const [first] = found ?? [];
    if (error || !first) return callback(error ?? new Error('no address'), '', 4);
    const bad = found.find(({ address }) => isForbidden(address));
    if (bad) return callback(notifyError('forbiddenAddress', { address: bad.address }), '', 4);
    if (options.all) callback(null, found);
    else callback(null, first.address, first.family);
  });
};
