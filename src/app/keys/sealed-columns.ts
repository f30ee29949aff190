import { channelSecretColumn } from '../../platform/notify';
import type { SealedColumn } from '../../platform/sealing';
import { addressColumn } from '../../platform/upkeep';
import { modules } from '../modules';

/** Every encrypted column of the product. */
export const sealedColumns: readonly SealedColumn[] = [
  ...modules.flatMap(({ sealed = [] }) => sealed),
  channelSecretColumn,
  addressColumn,
];
