import { col, defineTable, type Row } from '../database';

/**
 * `reseal`: encryption under the current key; `chain`: the audit log checked; `retention`: old data taken away; `inspect`: a
 * backup read and checked; `drill`: a backup restored on trial; `restore`: a backup restored into a database beside the one in
 * use; `switch`: what goes before the change to another database; `replenish`: what stores need is computed; `analyse`: turnover and
 * classes of goods are computed; `alerts`: what of the stock wants attention is computed.
 */
export type UpkeepKind =
  'reseal' | 'chain' | 'retention' | 'inspect' | 'drill' | 'restore' | 'switch' | 'replenish' | 'analyse' | 'alerts';
/** `stopping`: somebody wants it to stop, and it is still at work. */
export type UpkeepState = 'running' | 'stopping' | 'ok' | 'failed' | 'cut' | 'cancelled';

/** Long work on the data that somebody started: how far it is and what came of it, for every node to see. */
export const upkeepRun = defineTable(
  'upkeep_run',
  {
    id: col.id().primary(),
    kind: col.code<UpkeepKind>(20),
    /** `cut`: the process ended in the middle. */
    state: col.code<UpkeepState>(10),
    startedById: col.id().nullable(),
    startedByName: col.text(80),
    startedAt: col.instant(),
    /** When the process that does it was last heard of. */
    seenAt: col.instant(),
    finishedAt: col.instant().nullable(),
    done: col.quantity(),
    /** 0: not known. */
    total: col.quantity(),
    result: col.json<Record<string, unknown>>().nullable(),
    failure: col.text(400).nullable(),
    /** Of a database that was filled, or that is gone over to, with its password; encrypted. */
    addressCipher: col.longText().nullable(),
  },
  { indexes: [{ name: 'ix_upkeep_run_kind', columns: ['kind', 'startedAt'] }] },
);

export type UpkeepRunRow = Row<typeof upkeepRun>;
