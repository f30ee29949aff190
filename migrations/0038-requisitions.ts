import { col, createTable, migration } from '../src/platform/database/portable';
import { numberDocuments } from './number-documents';

export default migration('0038-requisitions', [
  ...createTable(
    'requisition',
    {
      id: col.id().primary(),
      number: col.code(40),
      storeId: col.id().references('store'),
      requestedOn: col.date(),
      wantedOn: col.date().nullable(),
      reason: col.text(200).nullable(),
      state: col.code(20),
      lineCount: col.int(),
      quantity: col.quantity(),
      createdAt: col.instant(),
      createdBy: col.id().nullable(),
      createdByName: col.text(80),
      submittedAt: col.instant().nullable(),
      decidedAt: col.instant().nullable(),
      decidedByName: col.text(80).nullable(),
      endReason: col.text(200).nullable(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_requisition_number', columns: ['number'], unique: true },
        { name: 'ix_requisition_store', columns: ['storeId', 'id'] },
        { name: 'ix_requisition_state', columns: ['state', 'id'] },
      ],
    },
  ),
  ...createTable(
    'requisition_line',
    {
      id: col.id().primary(),
      requisitionId: col.id().references('requisition'),
      lineNo: col.int(),
      skuId: col.id().references('sku'),
      quantity: col.quantity(),
      ordered: col.quantity(),
      received: col.quantity(),
      givenUp: col.quantity(),
      reason: col.text(200).nullable(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_requisition_line', columns: ['requisitionId', 'lineNo'], unique: true },
        { name: 'ix_requisition_line_sku', columns: ['skuId', 'id'] },
      ],
      checks: [{ name: 'ck_requisition_line', expression: 'quantity > 0 AND ordered >= 0 AND given_up >= 0' }],
    },
  ),
  ...createTable(
    'requisition_order',
    {
      id: col.id().primary(),
      requisitionLineId: col.id().references('requisition_line'),
      orderLineId: col.id().references('purchase_order_line'),
      quantity: col.quantity(),
      ordered: col.quantity(),
      received: col.quantity(),
    },
    {
      indexes: [
        { name: 'ux_requisition_order', columns: ['requisitionLineId', 'orderLineId'], unique: true },
        { name: 'ix_requisition_order_line', columns: ['orderLineId'] },
      ],
    },
  ),
  numberDocuments('QG'),
]);
