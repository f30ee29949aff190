import type { ScannedIdentifier } from '../../../kernel';
import type { Identifier } from '../../../ledger';

/** The numbers of one device as a receipt keeps them. */
export interface DeviceNumbers {
  mainNumber: string;
  imei1: string | null;
  imei2: string | null;
  meid: string | null;
  sn: string | null;
}

/** What is too much for one device: a third IMEI, a second MEID or SN. */
export type TooMany = 'imei' | 'meid' | 'sn';

/**
 * Puts scanned numbers in their places; a line that says "IMEI2" is believed. Null for none at all, a word when there are
 * more of a kind than one device has.
 */
export function deviceNumbers(identifiers: readonly ScannedIdentifier[]): DeviceNumbers | TooMany | null {
  const imeis = identifiers.filter(({ kind }) => kind === 'imei');
  const meids = identifiers.filter(({ kind }) => kind === 'meid');
  const serials = identifiers.filter(({ kind }) => kind === 'sn');
  if (imeis.length > 2) return 'imei';
  if (meids.length > 1) return 'meid';
  if (serials.length > 1) return 'sn';
  const ordered = [...imeis].sort((a, b) => (a.slot ?? 1) - (b.slot ?? 1));
  const [imei1 = null, imei2 = null] = ordered.map(({ value }) => value);
  const meid = meids[0]?.value ?? null;
  const sn = serials[0]?.value ?? null;
  const mainNumber = imei1 ?? meid ?? sn;
  return mainNumber === null ? null : { mainNumber, imei1, imei2, meid, sn };
}

export function valuesOf({ imei1, imei2, meid, sn }: Omit<DeviceNumbers, 'mainNumber'>): string[] {
  return [imei1, imei2, meid, sn].filter((value) => value !== null);
}

/** The number shown first stands first. */
export function identifiersOf({ imei1, imei2, meid, sn }: Omit<DeviceNumbers, 'mainNumber'>): Identifier[] {
  const all: [Identifier['kind'], string | null][] = [
    ['imei', imei1],
    ['imei', imei2],
    ['meid', meid],
    ['sn', sn],
  ];
  return all.flatMap(([kind, value]) => (value === null ? [] : [{ kind, value }]));
}
