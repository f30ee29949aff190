import { defineMachine } from '../../../kernel';
import type { Bucket, DeviceOnBooks, Identifier } from '../../../ledger';

export const BUILD_KINDS = ['assemble', 'take_apart'] as const;
export type BuildKind = (typeof BUILD_KINDS)[number];

export const BUILD_STATES = ['draft', 'posted', 'reversed', 'cancelled'] as const;
export type BuildState = (typeof BUILD_STATES)[number];
export type BuildEvent = 'post' | 'reverse' | 'cancel';

export const buildMachine = defineMachine<BuildState, BuildEvent>({
  name: 'build',
  initial: 'draft',
  final: ['posted', 'reversed', 'cancelled'],
  transitions: {
    draft: { post: 'posted', cancel: 'cancelled' },
    posted: { reverse: 'reversed' },
    reversed: {},
    cancelled: {},
  },
});

/** As what the parts of something taken apart may come into stock. */
export const PART_BUCKETS = ['sellable', 'quarantine', 'defective'] as const satisfies readonly Bucket[];

/** On which side of the document its product and its components stand. */
export const sideOf = (kind: BuildKind, product: boolean): 'in' | 'out' =>
  (kind === 'assemble') === product ? 'in' : 'out';

/** "imei:356938035643809 sn:F2LX", as a row of the document keeps it. */
export const identifiersText = (numbers: readonly Identifier[]): string =>
  numbers.map(({ kind, value }) => `${kind}:${value}`).join(' ');

export const readIdentifiers = (text: string): Identifier[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((one) => {
      const [kind = 'sn', value = ''] = one.split(':');
      return { kind: kind as Identifier['kind'], value };
    });

/**
 * Why a device cannot leave stock in this document; null: it can. What is built in must be for sale; what is taken apart
 * may be a demo or a defective device.
 */
export function leavingProblem(
  device: Pick<DeviceOnBooks, 'state' | 'bucket' | 'ownership' | 'locationId' | 'skuId'>,
  { kind, locationId, skuId }: { kind: BuildKind; locationId: number; skuId: number },
): 'other_product' | 'not_in_stock' | 'elsewhere' | 'not_ours' | 'not_sellable' | null {
  if (device.skuId !== skuId) return 'other_product';
  if (device.state !== 'in_stock') return 'not_in_stock';
  if (device.locationId !== locationId) return 'elsewhere';
  if (device.ownership !== 'own') return 'not_ours';
  return kind === 'assemble' && device.bucket !== 'sellable' ? 'not_sellable' : null;
}

/** A known device may come in when it was built into something, or when this very document takes it in another form. */
export const mayComeIn = (
  device: Pick<DeviceOnBooks, 'id' | 'state' | 'ownership'>,
  leaving: ReadonlySet<number>,
): boolean => leaving.has(device.id) || (device.state === 'issued' && device.ownership === 'own');
