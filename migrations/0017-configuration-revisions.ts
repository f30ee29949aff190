import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0017-configuration-revisions', [
  ...createTable(
    'config_revision',
    {
      id: col.id().primary(),
      revision: col.int(),
      kind: col.code(10),
      backTo: col.int().nullable(),
      reason: col.text(200).nullable(),
      changes: col.json(),
      changeCount: col.int(),
      content: col.json(),
      checksum: col.code(64),
      madeAt: col.instant(),
      madeById: col.id().nullable(),
      madeByName: col.text(80),
    },
    { indexes: [{ name: 'ux_config_revision', columns: ['revision'], unique: true }] },
  ),
]);
