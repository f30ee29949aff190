import { addDays } from '../../../kernel';
import { giveBackDevices, lendDevices, loan, loanDevice } from '../../../modules/inventory';
import type { UnitOfWork } from '../../../platform/unit-of-work';
import type { DemoStore } from '../company';
import type { Story } from '../shelf';
import { devicesIn, numbersOf, oneOfEach } from './devices';

/** With so many days left; null: they are out on the last day. `store`: place in the list. */
const LOANS = [
  {
    at: 62,
    back: 58,
    dueIn: 5,
    store: 1,
    most: 2,
    borrower: '江苏移动新街口营业厅',
    purpose: 'event',
    note: '路演展示',
  },
  { at: 40, back: 33, dueIn: 7, store: 2, most: 1, borrower: '苏州科技频道 陆鸣', purpose: 'trial', note: '媒体评测' },
  {
    at: 12,
    back: null,
    dueIn: 7,
    store: 0,
    most: 1,
    borrower: '南京艺术学院 许老师',
    purpose: 'event',
    note: '校园活动拍摄',
  },
  {
    at: 5,
    back: 2,
    dueIn: 10,
    store: 3,
    most: 2,
    borrower: '无锡电信城中营业厅',
    purpose: 'partner',
    note: '联合促销样机',
  },
] as const;

/** Handsets lent out: some came back, some are on their way, one is late. */
export function loans(): Story {
  const open: { loanId: number; store: DemoStore; back: number; all: boolean }[] = [];
  return async ({ market: { company }, uow, date, day, daysLeft }) => {
    for (const one of open.filter(({ back }) => back === daysLeft)) await giveBack(uow, one);
    const due = LOANS.find(({ at }) => at === daysLeft);
    const store = due && company.stores[due.store];
    if (!due || !store || day < 2) return;
    const { read } = uow.database;
    const shown = await devicesIn(read, store, 'demo', due.most);
    const devices = shown.length > 0 ? shown : await oneOfEach(read, store, { most: due.most });
    const { id } = await lendDevices(uow, store.manager, {
      locationId: store.locationId,
      borrower: due.borrower,
      purpose: due.purpose,
      dueOn: addDays(date, due.dueIn),
      note: due.note,
      numbers: (await numbersOf(read, devices)).join('\n'),
    });
    // Of the last one a handset stays out.
    if (due.back !== null) open.push({ loanId: id, store, back: due.back, all: due.back > 5 });
  };
}

async function giveBack(
  uow: UnitOfWork,
  { loanId, store, all }: { loanId: number; store: DemoStore; all: boolean },
): Promise<void> {
  const { read } = uow.database;
  const lent = (await read.find(loanDevice, { loanId })).map(({ id }) => id).toSorted((a, b) => a - b);
  const rows = all || lent.length === 1 ? lent : lent.slice(1);
  const version = (await read.get(loan, loanId))?.version ?? 0;
  await giveBackDevices(uow, store.manager, { id: loanId, version, rows, bucket: '', note: '' });
}
