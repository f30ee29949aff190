import { col, defineTable } from '../database';
import type { Change } from './difference';
import type { ConfigurationDocument, ConfigurationRecord } from './document';

/** `first`: what was found when revisions began; `change`: a page or command; `import`: a file; `rollback`: an earlier revision. */
export const REVISION_KINDS = ['first', 'change', 'import', 'rollback'] as const;
export type RevisionKind = (typeof REVISION_KINDS)[number];

/** The whole configuration after each change, so that any two can be compared and any one restored. Append-only. */
export const configRevision = defineTable(
  'config_revision',
  {
    id: col.id().primary(),
    /** 1, 2, 3 … without gaps. */
    revision: col.int(),
    kind: col.code<RevisionKind>(10),
    /** Of a rollback: the number of the revision that it went back to. */
    backTo: col.int().nullable(),
    reason: col.text(200).nullable(),
    /** What differs from the revision before; long lists are cut. */
    changes: col.json<Change[]>(),
    changeCount: col.int(),
    content: col.json<ConfigurationDocument>(),
    /** SHA-256 of the canonical form of `content`. */
    checksum: col.code(64),
    madeAt: col.instant(),
    madeById: col.id().nullable(),
    madeByName: col.text(80),
  },
  { indexes: [{ name: 'ux_config_revision', columns: ['revision'], unique: true }] },
);

/** Records of the sets that are nothing but configuration: small sets, read whole. `content` is read by the set's schema. */
export const configRecord = defineTable(
  'config_record',
  {
    id: col.id().primary(),
    /** `<module>.<set>` */
    setName: col.code(60),
    name: col.text(80),
    /** Normalised: a name is given once in its set. */
    nameKey: col.code(80),
    content: col.json<ConfigurationRecord['values']>(),
    active: col.bool(),
    version: col.int(),
  },
  { indexes: [{ name: 'ux_config_record', columns: ['setName', 'nameKey'], unique: true }] },
);
