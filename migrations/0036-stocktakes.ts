import { placeholder } from '../src/platform/database/dialect';
import { change, col, createTable, migration } from '../src/platform/database/portable';

/** Counting a location against the books (盘点). */
export default migration('0036-stocktakes', [
  ...createTable(
    'stocktake',
    {
      id: col.id().primary(),
      number: col.code(40),
      storeId: col.id().references('store'),
      locationId: col.id().references('location'),
      businessDate: col.date(),
      scope: col.json(),
      blind: col.bool(),
      state: col.code(12),
      expectedDevices: col.int(),
      expectedPieces: col.quantity(),
      missingDevices: col.int(),
      takenDevices: col.int(),
      shortPieces: col.quantity(),
      surplusPieces: col.quantity(),
      lossFen: col.money(),
      gainFen: col.money(),
      note: col.text(400).nullable(),
      createdAt: col.instant(),
      createdBy: col.id().nullable(),
      startedAt: col.instant().nullable(),
      countedAt: col.instant().nullable(),
      endedAt: col.instant().nullable(),
      reversalNumber: col.code(40).nullable(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_stocktake_number', columns: ['number'], unique: true },
        { name: 'ix_stocktake_store', columns: ['storeId', 'state', 'id'] },
        { name: 'ix_stocktake_location', columns: ['locationId'] },
      ],
    },
  ),
  ...createTable(
    'stocktake_device',
    {
      id: col.id().primary(),
      stocktakeId: col.id().references('stocktake'),
      deviceId: col.id().references('device'),
      skuId: col.id().references('sku'),
      expected: col.bool(),
      seqSeen: col.int(),
      arrived: col.bool(),
      scannedAt: col.instant().nullable(),
      scannedBy: col.id().nullable(),
      scannedByName: col.text(80).nullable(),
      kept: col.bool(),
      verdict: col.code(12).nullable(),
    },
    {
      indexes: [
        { name: 'ux_stocktake_device', columns: ['stocktakeId', 'deviceId'], unique: true },
        { name: 'ix_stocktake_device_device', columns: ['deviceId'] },
        { name: 'ix_stocktake_device_sku', columns: ['skuId'] },
      ],
    },
  ),
  ...createTable(
    'stocktake_goods',
    {
      id: col.id().primary(),
      stocktakeId: col.id().references('stocktake'),
      skuId: col.id().references('sku'),
      batchKey: col.id(),
      bucket: col.code(12),
      expected: col.quantity(),
      counted: col.quantity().nullable(),
      bookPieces: col.quantity().nullable(),
      countedAt: col.instant().nullable(),
      countedBy: col.id().nullable(),
      countedByName: col.text(80).nullable(),
      kept: col.bool(),
      postedPieces: col.quantity().nullable(),
      postedFen: col.money().nullable(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_stocktake_goods', columns: ['stocktakeId', 'skuId', 'batchKey', 'bucket'], unique: true },
        { name: 'ix_stocktake_goods_sku', columns: ['skuId'] },
      ],
    },
  ),
  ...createTable(
    'stocktake_scan',
    {
      id: col.id().primary(),
      stocktakeId: col.id().references('stocktake'),
      scanKey: col.code(60),
      text: col.text(200),
      number: col.code(40).nullable(),
      outcome: col.code(10),
      reason: col.code(60),
      details: col.json(),
      deviceId: col.id().nullable().references('device'),
      scannedAt: col.instant(),
      scannedBy: col.id().nullable(),
      scannedByName: col.text(80),
    },
    {
      indexes: [
        { name: 'ux_stocktake_scan', columns: ['stocktakeId', 'scanKey'], unique: true },
        { name: 'ix_stocktake_scan_device', columns: ['deviceId'] },
        { name: 'ix_stocktake_scan_outcome', columns: ['stocktakeId', 'outcome', 'id'] },
      ],
    },
  ),
  change('the number of stocktakes', async (runner, dialect) => {
    const rows = (await runner.query('SELECT id, set_name, name_key FROM config_record')) as object[];
    const known = rows.map((row) => Object.values(row) as [unknown, unknown, unknown]);
    if (known.some(([, set, key]) => set === 'administration.numbering' && key === 'PD')) return;
    // Records that come with the product have ids below those that people make.
    const ids = known.map(([id]) => Number(id)).filter((id) => id < 1000);
    const record = {
      id: Math.max(0, ...ids) + 1,
      set_name: 'administration.numbering',
      name: 'PD',
      name_key: 'PD',
      content: JSON.stringify({ prefix: 'PD', datePart: 'yyMMdd', storePart: true, digits: 4 }),
      active: 1,
      version: 1,
    };
    const places = Object.values(record).map((_, index) => placeholder(dialect, index));
    await runner.query(
      `INSERT INTO config_record (${Object.keys(record).join(', ')}) VALUES (${places.join(', ')})`,
      Object.values(record),
    );
  }),
]);
