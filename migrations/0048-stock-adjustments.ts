import { addColumn, col, createTable, migration } from '../src/platform/database/portable';
import { roleAccounts } from './account-roles';
import { moreConfigRecords } from './config-records';
import { numberDocuments } from './number-documents';

/** Changes of stock that change its value too: adjustments (库存调整) and scrap (报废), approved by amount. */
export default migration('0048-stock-adjustments', [
  addColumn('stock_change', 'account', col.code(30).nullable()),
  addColumn('stock_change', 'approval', col.bool().nullable()),
  addColumn('stock_change', 'amountFen', col.money().nullable()),
  addColumn('stock_change', 'netFen', col.money().nullable()),
  addColumn('stock_change', 'submission', col.int().nullable()),
  addColumn('stock_change', 'submittedAt', col.instant().nullable()),
  addColumn('stock_change', 'submittedBy', col.id().nullable()),
  addColumn('stock_change', 'approvedAt', col.instant().nullable()),
  addColumn('stock_change_line', 'unitCostFen', col.money().nullable()),
  ...createTable(
    'stock_approval',
    {
      id: col.id().primary(),
      documentType: col.code(40),
      documentId: col.id(),
      submission: col.int(),
      place: col.int(),
      name: col.text(40),
      fromFen: col.money(),
      roleCode: col.code(40).nullable(),
      own: col.bool(),
      decidedAt: col.instant().nullable(),
      decidedBy: col.id().nullable(),
      decidedByName: col.text(80).nullable(),
    },
    {
      indexes: [
        {
          name: 'ux_stock_approval',
          columns: ['documentType', 'documentId', 'submission', 'place'],
          unique: true,
        },
      ],
    },
  ),
  roleAccounts({ other_income: '5301', other_expense: '5711' }),
  numberDocuments('TZ'),
  numberDocuments('BF'),
  moreConfigRecords('inventory.changeReasons', [
    { name: '丢失被盗', content: { effect: 'loss', account: 'other_expense', approval: true, sortOrder: 110 } },
    { name: '内部领用', content: { effect: 'issue', account: 'admin_expense', approval: true, sortOrder: 120 } },
    { name: '营销赠送', content: { effect: 'issue', account: 'selling_expense', approval: true, sortOrder: 130 } },
    { name: '员工福利', content: { effect: 'issue', account: 'admin_expense', approval: true, sortOrder: 140 } },
    { name: '账外找回', content: { effect: 'gain', account: 'other_income', approval: true, sortOrder: 150 } },
    { name: '成本录错', content: { effect: 'value', account: 'cost_adjustment', approval: true, sortOrder: 160 } },
    { name: '损毁报废', content: { effect: 'scrap', account: 'other_expense', approval: true, sortOrder: 170 } },
    { name: '过期报废', content: { effect: 'scrap', account: 'other_expense', approval: true, sortOrder: 180 } },
  ]),
]);
