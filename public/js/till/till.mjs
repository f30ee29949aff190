// The till: scans, lines, customer, payment, holding, finishing. The draft is plain data (draft.mjs); every change goes
// through `set`, which draws it and keeps it.

import { ScanInput } from '../scan-input.mjs';
import { ScanQueue } from '../scan-queue.mjs';
import { playSound } from '../scan-sound.mjs';
import { toFen } from './amounts.mjs';
import { askApproval, askCustomer, askDiscount, askHeld, askQuantity, askReturn } from './dialogs.mjs';
import * as sale from './draft.mjs';
import { DraftKeeper } from './keep.mjs';
import { tillKeys } from './keys.mjs';
import { MatchList } from './matches.mjs';
import { getJson, postJson } from './server.mjs';
import { TillView } from './view.mjs';

const data = JSON.parse(document.getElementById('till').dataset.till);
const { address } = data;
const scanField = document.getElementById('till-scan');
const cashField = document.getElementById('till-cash');
const staffField = document.getElementById('till-staff');
/** Missing where the store's own sale is the only one. */
const channelField = document.getElementById('till-channel');
const keeper = new DraftKeeper(data.registerId, `${address}/draft`);

let draft = keeper.restore(data.draft) ?? sale.emptyDraft();
let held = data.held;
/** The sale that was just finished, shown until the next one begins. */
let last = null;
let isBusy = false;

const view = new TillView(data, {
  removeTender: (kind) => set(sale.removeTender(draft, kind)),
  typeTender: (kind, field) => {
    const fen = toFen(field.value);
    field.setAttribute('aria-invalid', String(fen === null));
    if (fen !== null) set(sale.setTender(draft, kind, { amountFen: fen }));
  },
  typeReference: (kind, reference) => set(sale.setTender(draft, kind, { reference })),
  tenderDone: (event) => {
    event.preventDefault();
    if (sale.totals(draft).cashDueFen > 0) cashField.focus();
    else void finish();
  },
  setCash: (fen) => {
    set({ ...draft, cashFen: fen });
    cashField.value = (fen / 100).toFixed(2);
    document.getElementById('till-finish').focus();
  },
  take: (id) => void takeBack(id),
});
const { say } = { say: (key, values) => view.say(key, values) };

function set(next) {
  const forWhomBefore = `${new URLSearchParams(forWhom())}`;
  draft = next;
  if (`${new URLSearchParams(forWhom())}` !== forWhomBefore) void priceAgain();
  if (draft.lines.length > 0) last = null;
  view.draw(draft, last);
  view.showFault('');
  const { pieces, dueFen } = sale.totals(draft);
  keeper.keep(draft, { label: labelOf(draft), quantity: pieces, amountFen: Math.max(0, dueFen) });
}

/** For whom prices are asked: the channel of the sale and its customer. */
const forWhom = () => ({
  ...(draft.channelId ? { channel: String(draft.channelId) } : {}),
  ...(draft.customer ? { customer: String(draft.customer.id) } : {}),
});
const asked = (path) => {
  const query = `${new URLSearchParams(forWhom())}`;
  return `${address}/${path}${query === '' ? '' : `?${query}`}`;
};

/** Another channel or customer: other lists may count. */
async function priceAgain() {
  queue.endpoint = asked('scans');
  if (channelField) channelField.value = draft.channelId === null ? '' : String(draft.channelId);
  const { lines, channelId, customer } = draft;
  if (lines.length === 0) return;
  const answer = await postJson(asked('prices'), { lines: lines.map(({ skuId, deviceId }) => ({ skuId, deviceId: deviceId ?? null })) });
  // Changed meanwhile: whoever changed it asks for itself.
  if (draft.channelId !== channelId || draft.customer?.id !== customer?.id) return;
  if (!answer.ok) return view.showFault(textOf(answer));
  const before = sale.totals(draft).dueFen;
  const priced = new Map(lines.map((line, index) => [line.id, answer.body.lines[index]]));
  set(sale.reprice(draft, draft.lines.map((line) => priced.get(line.id))));
  if (sale.totals(draft).dueFen !== before) view.toast(say('repriced'));
}

const labelOf = ({ customer }) => (customer ? (customer.name || customer.phoneMasked || '').slice(0, 60) || null : null);
const selectedLine = () => draft.lines.find((line) => line.id === draft.selected);
const textOf = (answer) => answer.body?.error?.message ?? say(answer.status === 0 ? 'offline' : 'failed');

// ---- scanning ----

function put(line) {
  const added = sale.addLine(draft, line);
  set(added.draft);
  view.showScan(added.outcome, say(added.outcome === 'double' ? 'double' : line.deviceId ? 'bound' : 'added', { name: line.name }), line.imei);
  return added.outcome;
}

function wrong(text) {
  view.showScan('wrong', text);
  playSound('wrong');
}

const matches = new MatchList(scanField, document.getElementById('till-matches'), address, {
  choose: (line) => {
    if (line.tracking === 'serial') wrong(say('scanDevice', { name: line.name }));
    else playSound(put(line));
  },
  forWhom,
  noteOf: (line) => (line.tracking === 'serial' ? say('scanDeviceShort') : view.noteOf(line)),
});

const queue = new ScanQueue(`${address}/scans`, document.querySelector('meta[name=csrf-token]').content, {
  onAnswer: (_scan, result) => {
    view.drawOnline(true);
    if (result.outcome === 'right') playSound(put(result.line));
    else {
      wrong(result.text);
      if (result.matches) matches.show(result.matches);
    }
  },
  onDrained: () => undefined,
  onTrouble: (kind) => {
    view.drawOnline(kind !== 'offline');
    view.showScan('wrong', say(kind === 'offline' ? 'offline' : 'failed'));
  },
});
const scanInput = new ScanInput(scanField, (code) => queue.add(code));

// ---- lines ----

document.getElementById('till-rows').addEventListener('click', (event) => {
  const row = event.target.closest('tr');
  if (row) set(sale.select(draft, row.dataset.line));
});

function editQuantity() {
  const line = selectedLine();
  if (line && !line.deviceId) askQuantity(line, { say, change: (quantity) => set(sale.setQuantity(draft, line.id, quantity)) });
}

function editDiscount() {
  const line = selectedLine();
  if (!line) return;
  if (!data.mayDiscount) return view.showFault(say('noRight'));
  askDiscount(line, { say, floorText: (of) => view.floorText(of), change: (fen) => set(sale.setDiscount(draft, line.id, fen)) });
}

function makeGift() {
  if (!data.mayDiscount) return view.showFault(say('noRight'));
  if (selectedLine()) set(sale.toggleGift(draft, draft.selected));
}

function removeLine() {
  const line = selectedLine();
  if (!line) return;
  set(sale.removeLine(draft, line.id));
  view.toast(say('removed', { name: line.name }));
}

// ---- customer and salesperson ----

function editCustomer() {
  askCustomer({
    choose: (customer) => set({ ...draft, customer }),
    label: ({ name, code, phoneMasked }) => [name || code, phoneMasked].filter(Boolean).join(' · '),
    none: say('noCustomerNamed'),
    find: async (query) => {
      const answer = await postJson(`${address}/customers`, query);
      return answer.ok ? answer.body : textOf(answer);
    },
  });
}

const chooseChannel = (channelId) => {
  set({ ...draft, channelId });
  view.toast(say('soldBy', { name: data.channels.find(({ id }) => id === channelId)?.name ?? say('ownSale') }));
};
channelField?.addEventListener('change', () => chooseChannel(Number(channelField.value) || null));

/** The store's own sale, then each channel, then the store's again. */
function nextChannel() {
  const ids = [null, ...data.channels.map(({ id }) => id)];
  chooseChannel(ids[(ids.indexOf(draft.channelId) + 1) % ids.length]);
}

staffField.addEventListener('change', () => set({ ...draft, salespersonId: Number(staffField.value) || null }));

// ---- payment ----

function pay(kind) {
  if (draft.lines.length === 0) return view.showFault(say('nothingToPay'));
  if (kind === 'cash') return cashField.focus();
  set(sale.addTender(draft, kind));
  document.querySelector(`.paid-row[data-kind="${kind}"] [data-paid="amount"]`)?.focus();
}

const tenderButtons = [...document.querySelectorAll('[data-tender]')];
for (const button of tenderButtons) button.addEventListener('click', () => pay(button.dataset.tender));
document.getElementById('till-tenders').addEventListener('keydown', (event) => {
  const index = tenderButtons.indexOf(document.activeElement);
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step !== undefined) tenderButtons[(index + step + tenderButtons.length) % tenderButtons.length].focus();
  else if (/^[1-9]$/.test(event.key) && tenderButtons[Number(event.key) - 1]) tenderButtons[Number(event.key) - 1].click();
  else return;
  event.preventDefault();
  // Otherwise the digit would be taken for the beginning of a scan.
  event.stopPropagation();
});

cashField.addEventListener('focus', () => cashField.select());
cashField.addEventListener('input', () => {
  const fen = cashField.value.trim() === '' ? 'empty' : toFen(cashField.value);
  cashField.setAttribute('aria-invalid', String(fen === null));
  if (fen !== null) set({ ...draft, cashFen: fen === 'empty' ? null : fen });
});
cashField.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  void finish();
});

// ---- holding ----

async function hold() {
  if (draft.lines.length === 0) return view.showFault(say('nothingToPay'));
  const { pieces, dueFen } = sale.totals(draft);
  const answer = await postJson(`${address}/holds`, { operationKey: `${draft.key}-${Date.now().toString(36)}`, draft, label: labelOf(draft), quantity: pieces, amountFen: dueFen });
  if (!answer.ok) return view.showFault(textOf(answer));
  held = answer.body.held;
  set(sale.emptyDraft());
  view.drawHeld(held);
  view.showScan(null);
  view.toast(say('held'));
}

/** What is being typed is put aside first: taking one sale back never loses another. */
async function takeBack(id) {
  if (draft.lines.length > 0) await hold();
  if (draft.lines.length > 0) return;
  const answer = await postJson(`${address}/holds/${id}/taking`, { operationKey: sale.newKey() });
  if (!answer.ok) view.showFault(textOf(answer));
  else {
    held = answer.body.held;
    set(sale.readDraft(answer.body.draft) ?? sale.emptyDraft());
    // Prices may have changed since it was put aside.
    void priceAgain();
    view.toast(say('taken'));
  }
  await refreshHeld();
}

async function refreshHeld() {
  const answer = await getJson(`${address}/holds`);
  if (answer.ok) held = answer.body.held;
  view.drawHeld(held);
}

async function chooseHeld() {
  await refreshHeld();
  askHeld(held, { take: (id) => void takeBack(id), label: (one) => one.label || say('walkIn'), note: (one) => view.heldNote(one) });
}

// ---- finishing ----

/** Returns the text of what is wrong, for the approval dialog. */
async function finish(approval) {
  if (isBusy) return undefined;
  if (draft.lines.length === 0) return refuse(say('nothingToPay'));
  if (queue.waiting.length > 0) return refuse(say('tooFast'));
  const sums = sale.totals(draft);
  if (sums.cashDueFen < 0) return refuse(say('overBy'));
  if (draft.cashFen !== null && sums.changeFen < 0) return refuse(say('missingCash'), cashField);
  isBusy = true;
  const button = document.getElementById('till-finish');
  button.setAttribute('aria-busy', 'true');
  const answer = await postJson(`${address}/sales`, { ...sale.toCommand(draft), ...(approval ? { approval } : {}) });
  button.removeAttribute('aria-busy');
  isBusy = false;
  view.drawOnline(answer.status !== 0);
  if (answer.ok) return void done(answer.body);
  const error = answer.body?.error;
  if (error?.code === 'sales:error.approval_needed' && !approval) return void askApproval(error.message, finish);
  markRefused(error?.fields ?? []);
  if (error?.code === 'sales:error.price_changed') void priceAgain();
  return refuse(textOf(answer));
}

function refuse(text, field) {
  view.showFault(text);
  playSound('wrong');
  field?.focus();
  return text;
}

function markRefused(fields) {
  const byLine = new Map(fields.map((field) => [/^lines\.(\d+)/.exec(field.path)?.[1], field.message]));
  set({ ...draft, lines: draft.lines.map((line, index) => ({ ...line, refused: byLine.get(String(index)) })) });
}

function done(posted) {
  last = posted;
  set(sale.emptyDraft());
  cashField.value = '';
  view.drawShift(posted.total);
  view.showScan(null);
  playSound('right');
  scanField.focus({ preventScroll: true });
  // On a phone the change stands below the lines.
  document.getElementById('till-change').scrollIntoView({ block: 'nearest' });
  const href = `/sales/sales/${posted.saleId}/receipt?print=1`;
  if (!window.open(href, 'till-receipt', 'popup,width=420,height=720')) view.toast(say('printBlocked'));
}

// ---- keys ----

const doings = { customer: editCustomer, hold: () => void hold(), finish: () => void finish() };
for (const button of document.querySelectorAll('[data-do]')) {
  const work = doings[button.dataset.do];
  if (work) button.addEventListener('click', work);
}
tillKeys({
  F1: () => scanField.focus(),
  F2: editCustomer,
  F3: editQuantity,
  F4: editDiscount,
  F5: makeGift,
  F6: () => void hold(),
  F7: () => void chooseHeld(),
  F8: () => tenderButtons[0]?.focus(),
  F9: () => cashField.focus(),
  F10: askReturn,
  F12: () => void finish(),
  ...(channelField ? { PageDown: nextChannel } : {}),
  Delete: removeLine,
  Escape: () => {
    view.showFault('');
    view.showScan(null);
    scanField.value = '';
    scanField.focus();
  },
  step: (by) => set(sale.moveSelection(draft, by)),
});

addEventListener('online', () => view.drawOnline(true));
addEventListener('offline', () => view.drawOnline(false));
addEventListener('pagehide', () => scanInput.disconnect(), { once: true });

if (draft.salespersonId === null && data.staffId !== null) draft.salespersonId = data.staffId;
if (channelField) {
  // A channel that was switched off since, or that this till may not sell by.
  if (!data.channels.some(({ id }) => id === draft.channelId)) draft.channelId = null;
  channelField.value = draft.channelId === null ? '' : String(draft.channelId);
} else draft.channelId = null;
queue.endpoint = asked('scans');
staffField.value = draft.salespersonId === null ? '' : String(draft.salespersonId);
view.draw(draft, last);
view.drawHeld(held);
view.drawShift(data.total);
view.drawClock();
setInterval(() => view.drawClock(), 10_000);
document.getElementById('till').dataset.ready = 'true';
