import type { QueryRunner } from 'typeorm';
import { placeholder } from '../src/platform/database/dialect';
import { change, col, createTable, migration } from '../src/platform/database/portable';

export default migration('0035-transfers', [
  ...createTable(
    'transfer',
    {
      id: col.id().primary(),
      number: col.code(40),
      fromStoreId: col.id().references('store'),
      fromLocationId: col.id().references('location'),
      toStoreId: col.id().references('store'),
      toLocationId: col.id().references('location'),
      businessDate: col.date(),
      expectedOn: col.date(),
      state: col.code(12),
      note: col.text(400).nullable(),
      reason: col.text(200).nullable(),
      quantity: col.quantity(),
      sent: col.quantity(),
      received: col.quantity(),
      returned: col.quantity(),
      lost: col.quantity(),
      sentFen: col.money(),
      stepCount: col.int(),
      createdAt: col.instant(),
      createdBy: col.id().nullable(),
      sentAt: col.instant().nullable(),
      doneAt: col.instant().nullable(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_transfer_number', columns: ['number'], unique: true },
        { name: 'ix_transfer_from', columns: ['fromStoreId', 'state', 'id'] },
        { name: 'ix_transfer_to', columns: ['toStoreId', 'state', 'id'] },
        { name: 'ix_transfer_from_place', columns: ['fromLocationId'] },
        { name: 'ix_transfer_to_place', columns: ['toLocationId'] },
        { name: 'ix_transfer_state', columns: ['state', 'expectedOn'] },
      ],
      checks: [{ name: 'ck_transfer_pieces', expression: 'received + returned + lost <= sent' }],
    },
  ),
  ...createTable(
    'transfer_line',
    {
      id: col.id().primary(),
      transferId: col.id().references('transfer'),
      lineNo: col.int(),
      skuId: col.id().references('sku'),
      bucket: col.code(12),
      quantity: col.quantity(),
      picked: col.quantity(),
      sent: col.quantity(),
      counted: col.quantity(),
      damaged: col.quantity(),
      received: col.quantity(),
      returned: col.quantity(),
      lost: col.quantity(),
    },
    {
      indexes: [
        { name: 'ux_transfer_line', columns: ['transferId', 'lineNo'], unique: true },
        { name: 'ix_transfer_line_sku', columns: ['skuId'] },
      ],
      checks: [
        {
          name: 'ck_transfer_line',
          expression: 'picked >= 0 AND damaged <= counted AND received + returned + lost <= sent',
        },
      ],
    },
  ),
  ...createTable(
    'transfer_device',
    {
      id: col.id().primary(),
      transferId: col.id().references('transfer'),
      lineId: col.id().references('transfer_line'),
      seq: col.int(),
      deviceId: col.id().references('device'),
      mainNumber: col.code(40),
      state: col.code(12),
      bucket: col.code(12),
      arrivedAt: col.instant().nullable(),
      damaged: col.bool(),
      pickedAt: col.instant(),
      pickedBy: col.id().nullable(),
      pickedByName: col.text(80),
      arrivedByName: col.text(80).nullable(),
      sendStepId: col.id().nullable(),
      endStepId: col.id().nullable(),
    },
    {
      indexes: [
        { name: 'ux_transfer_device', columns: ['transferId', 'deviceId'], unique: true },
        { name: 'ix_transfer_device_state', columns: ['transferId', 'state', 'seq'] },
        { name: 'ix_transfer_device_line', columns: ['lineId'] },
        { name: 'ix_transfer_device_device', columns: ['deviceId'] },
      ],
    },
  ),
  ...createTable(
    'transfer_step',
    {
      id: col.id().primary(),
      transferId: col.id().references('transfer'),
      stepNo: col.int(),
      kind: col.code(12),
      number: col.code(40),
      businessDate: col.date(),
      quantity: col.quantity(),
      valueFen: col.money(),
      state: col.code(12),
      reason: col.text(200).nullable(),
      bearerStoreId: col.id().nullable(),
      postedAt: col.instant(),
      postedByName: col.text(80),
      reversedAt: col.instant().nullable(),
      reversalNumber: col.code(40).nullable(),
    },
    { indexes: [{ name: 'ux_transfer_step', columns: ['transferId', 'stepNo'], unique: true }] },
  ),
  ...createTable(
    'transfer_part',
    {
      id: col.id().primary(),
      transferId: col.id().references('transfer'),
      lineId: col.id().references('transfer_line'),
      stepId: col.id().references('transfer_step'),
      skuId: col.id().references('sku'),
      batchId: col.id().nullable(),
      bucket: col.code(12),
      quantity: col.quantity(),
      valueFen: col.money(),
      openQuantity: col.quantity(),
      openFen: col.money(),
    },
    {
      indexes: [
        { name: 'ix_transfer_part_transfer', columns: ['transferId', 'id'] },
        { name: 'ix_transfer_part_line', columns: ['lineId'] },
        { name: 'ix_transfer_part_step', columns: ['stepId'] },
        { name: 'ix_transfer_part_sku', columns: ['skuId'] },
      ],
      checks: [{ name: 'ck_transfer_part', expression: 'open_quantity >= 0 AND open_quantity <= quantity' }],
    },
  ),
  ...createTable(
    'transfer_take',
    {
      id: col.id().primary(),
      stepId: col.id().references('transfer_step'),
      partId: col.id().references('transfer_part'),
      bucket: col.code(12),
      quantity: col.quantity(),
      valueFen: col.money(),
    },
    {
      indexes: [
        { name: 'ix_transfer_take_step', columns: ['stepId'] },
        { name: 'ix_transfer_take_part', columns: ['partId'] },
      ],
    },
  ),
  ...createTable(
    'transfer_scan',
    {
      id: col.id().primary(),
      transferId: col.id().references('transfer'),
      phase: col.code(12),
      scanKey: col.code(60),
      text: col.text(200),
      outcome: col.code(10),
      deviceId: col.id().nullable(),
      reason: col.code(80),
      details: col.json(),
      scannedAt: col.instant(),
      actorId: col.id().nullable(),
      settledAt: col.instant().nullable(),
    },
    { indexes: [{ name: 'ux_transfer_scan', columns: ['transferId', 'scanKey'], unique: true }] },
  ),
  change('the number of a transfer', async (runner, dialect) => {
    const rows = (await runner.query(
      `SELECT id FROM config_record WHERE set_name = 'administration.numbering' AND name = 'DB'`,
    )) as unknown[];
    if (rows.length > 0) return;
    const row = {
      id: await freeId(runner),
      set_name: 'administration.numbering',
      name: 'DB',
      name_key: 'DB',
      content: JSON.stringify({ prefix: 'DB', datePart: 'yyMMdd', storePart: true, digits: 4 }),
      active: 1,
      version: 1,
    };
    const places = Object.keys(row).map((_, place) => placeholder(dialect, place));
    await runner.query(
      `INSERT INTO config_record (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')})`,
      Object.values(row),
    );
  }),
]);

/** Records that come with the product have ids below those that people make. */
async function freeId(runner: QueryRunner): Promise<number> {
  const rows = (await runner.query('SELECT MAX(id) AS last_id FROM config_record WHERE id < 1000')) as object[];
  return Number(Object.values(rows[0] ?? {})[0] ?? 0) + 1;
}
