import { isIPv4 } from 'node:net';

/** Networks that no public server lives in (RFC 1918, 6598, 3927, 4193, 4291): address and length of its prefix. */
const PRIVATE_NETWORKS: readonly (readonly [address: string, bits: number])[] = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['127.0.0.0', 8],
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
];

/** Endings that are in use inside companies and can be bought by nobody. */
export const PRIVATE_ENDINGS: readonly string[] = ['local', 'lan', 'internal', 'intranet', 'home.arpa'];

export const NAME_CONSTRAINTS = '2.5.29.30';

/**
 * The content of X.509's "name constraints" (RFC 5280, 4.2.1.10) in DER: an authority that carries them can vouch for these
 * names and for private addresses alone. Whoever steals its key cannot pretend to be a bank towards the tills that trust it.
 */
export function permittedNames(dns: readonly string[], addresses: readonly string[]): Uint8Array<ArrayBuffer> {
  const names = dns.map((name) => der(0x82, Buffer.from(name, 'ascii')));
  const networks = [...PRIVATE_NETWORKS, ...addresses.map((address) => [address, bitsOf(address)] as const)];
  const subtrees = [...names, ...networks.map(([address, bits]) => der(0x87, network(address, bits)))];
  const permitted = der(0xa0, Buffer.concat(subtrees.map((name) => der(0x30, name))));
  return new Uint8Array(der(0x30, permitted));
}

export function isPrivateAddress(address: string): boolean {
  const bytes = bytesOf(address);
  return PRIVATE_NETWORKS.some(([from, bits]) => {
    const [start, mask] = [bytesOf(from), maskOf(bytesOf(from).length, bits)];
    return start.length === bytes.length && bytes.every((byte, at) => (byte & (mask[at] ?? 0)) === start[at]);
  });
}

const bitsOf = (address: string): number => (isIPv4(address) ? 32 : 128);

const network = (address: string, bits: number): Buffer => {
  const bytes = bytesOf(address);
  return Buffer.concat([bytes, maskOf(bytes.length, bits)]);
};

function maskOf(length: number, bits: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, at) => (0xff00 >> Math.min(8, Math.max(0, bits - at * 8))) & 0xff));
}

function bytesOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  // The URL parser writes every IPv6 address in its shortest form; a dotted tail becomes groups.
  const shortest = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = shortest.split('::');
  const groupsOf = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [before, after] = [groupsOf(head), tail === undefined ? [] : groupsOf(tail)];
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  return Buffer.from(groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
