// Draws a draft. Markup comes from the page's templates; texts and figures are set as text, never as HTML.

import { groupImei, money, plain, quickCash, yuan } from './amounts.mjs';
import { amountFen, isBelowFloor, listFen, totals } from './draft.mjs';

const byId = (id) => document.getElementById(id);
const cell = (root, name) => root.querySelector(`[data-cell="${name}"]`);

function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

export class TillView {
  constructor(data, actions) {
    this.data = data;
    this.actions = actions;
    this.frame = byId('till-frame');
    this.rows = byId('till-rows');
    this.clock = new Intl.DateTimeFormat(data.locale, { timeZone: data.timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    this.date = new Intl.DateTimeFormat('sv-SE', { timeZone: data.timeZone });
    this.weekday = new Intl.DateTimeFormat(data.locale, { timeZone: data.timeZone, weekday: 'short' });
  }

  /** A text of the page with its {marks} filled. */
  say(key, values = {}) {
    return (this.data.words[key] ?? key).replace(/\{(\w+)\}/g, (mark, name) => (name in values ? String(values[name]) : mark));
  }

  draw(draft, last) {
    const sums = totals(draft);
    this.drawRows(draft);
    this.drawWhy(draft);
    this.drawCustomer(draft);
    this.drawMoney(draft, sums, last);
  }

  drawRows(draft) {
    const template = byId('till-row');
    this.rows.replaceChildren(
      ...draft.lines.map((line, index) => {
        const row = template.content.cloneNode(true).firstElementChild;
        row.dataset.line = line.id;
        row.classList.toggle('selected', line.id === draft.selected);
        row.classList.toggle('refused', Boolean(line.refused));
        cell(row, 'index').textContent = String(index + 1);
        cell(row, 'name').textContent = line.name;
        cell(row, 'name').classList.toggle('strong', Boolean(line.deviceId));
        if (line.id === draft.selected) cell(row, 'name').setAttribute('aria-current', 'true');
        cell(row, 'gift').hidden = !line.gift;
        cell(row, 'imei').hidden = !line.imei;
        cell(row, 'imei').textContent = line.imei ? groupImei(line.imei) : '';
        const note = cell(row, 'note');
        note.textContent = line.refused ?? this.noteOf(line);
        note.classList.toggle('tone-ok', Boolean(line.deviceId) && !line.refused);
        note.classList.toggle('tone-bad', Boolean(line.refused) || this.isShort(line));
        cell(row, 'quantity').textContent = String(line.quantity);
        cell(row, 'price').textContent = money(line.priceFen ?? 0);
        cell(row, 'off').textContent = line.discountFen > 0 ? money(-line.discountFen) : '';
        cell(row, 'amount').textContent = money(amountFen(line));
        return row;
      }),
    );
    byId('till-hints').hidden = draft.lines.length > 0;
    this.rows.querySelector('.selected')?.scrollIntoView({ block: 'nearest' });
  }

  isShort = (line) => line.available !== null && line.available !== undefined && line.quantity > line.available;

  noteOf(line) {
    if (line.deviceId) return line.ageDays === null ? '' : this.say('age', { days: line.ageDays });
    if (line.tracking === 'service') return this.say('service', { code: line.code });
    return `${this.say('code', { code: line.code })} · ${this.say('stock', { count: line.available ?? 0 })}`;
  }

  /** How the price of the selected line came about. */
  drawWhy(draft) {
    const box = byId('till-why');
    const index = draft.lines.findIndex((line) => line.id === draft.selected);
    const line = draft.lines[index];
    box.hidden = !line;
    if (!line) return;
    const part = (name) => box.querySelector(`[data-why="${name}"]`);
    part('line').textContent = this.say('lineOf', { line: index + 1, name: line.name });
    part('floor').textContent = this.floorText(line);
    part('floor').classList.toggle('tone-bad', isBelowFloor(line));
    const facts = [
      [this.data.words.listPrice, money(listFen(line))],
      ...(line.discountFen > 0 ? [[this.data.words.manual, money(-line.discountFen)]] : []),
      [this.data.words.dealPrice, money(amountFen(line))],
    ];
    part('facts').replaceChildren(...facts.flatMap(([label, value]) => [element('dt', label), element('dd', value)]));
    part('facts').lastElementChild.className = 'strong';
    const lists = this.listsOf(line);
    const used = line.gift ? this.say('giftWhy') : line.discountFen > 0 ? this.say('manualWhy', { amount: yuan(line.discountFen) }) : this.say('noDiscount');
    part('used').replaceChildren(...lists.map((text) => element('li', text)), element('li', used));
    part('stock').replaceChildren(element('li', this.noteOf(line)));
  }

  /** The list that the price is from, and those that it went before. */
  listsOf({ priceList, otherPrices = [] }) {
    if (!priceList) return [];
    const others = otherPrices.map(({ name, priceFen }) => this.say('otherList', { name, amount: yuan(priceFen) }));
    return [this.say('fromList', { name: priceList }), ...others];
  }

  floorText(line) {
    if (line.floorHidden) return this.say('floorHidden');
    if (line.floorFen === null || line.floorFen === undefined) return this.say('noFloor');
    return this.say(isBelowFloor(line) ? 'floorBelow' : 'floorOk', { amount: yuan(line.floorFen * line.quantity) });
  }

  drawCustomer({ customer }) {
    const part = (name) => document.querySelector(`[data-customer="${name}"]`);
    const name = customer ? customer.name || this.say('phone') : this.say('walkIn');
    part('name').textContent = name;
    part('initial').textContent = [...name][0] ?? '';
    const level = this.data.levels.find(({ id }) => id === customer?.levelId)?.name;
    part('phone').textContent = [customer ? (customer.phoneMasked ?? '') : this.say('noCustomer'), level].filter(Boolean).join(' · ');
  }

  drawMoney(draft, sums, last) {
    const total = (name) => document.querySelector(`[data-total="${name}"]`);
    total('count').textContent = this.say('listTotal', { count: sums.pieces });
    total('list').textContent = money(sums.listFen);
    total('off').textContent = money(-sums.discountFen || 0);
    total('due').textContent = yuan(sums.dueFen);
    this.drawTenders(draft);
    const cash = byId('till-cash');
    if (document.activeElement !== cash) cash.value = draft.cashFen === null ? '' : plain(draft.cashFen);
    cash.placeholder = sums.cashDueFen > 0 ? plain(sums.cashDueFen) : '';
    this.drawQuick(sums);
    this.drawChange(draft, sums, last);
  }

  drawTenders(draft) {
    for (const button of document.querySelectorAll('[data-tender]')) {
      const { tender: kind } = button.dataset;
      const used = kind === 'cash' ? draft.cashFen !== null : draft.tenders.some((tender) => tender.kind === kind);
      button.setAttribute('aria-pressed', String(used));
    }
    const box = byId('till-paid');
    const kinds = draft.tenders.map((tender) => tender.kind).join(' ');
    // Rows are made anew only when a tender comes or goes: the field that is typed in stays.
    if (box.dataset.kinds !== kinds) {
      box.dataset.kinds = kinds;
      box.replaceChildren(...draft.tenders.map((tender) => this.tenderRow(tender)));
    }
    draft.tenders.forEach((tender, index) => {
      const amount = box.children[index].querySelector('[data-paid="amount"]');
      if (document.activeElement !== amount) amount.value = plain(tender.amountFen);
    });
  }

  tenderRow(tender) {
    const row = byId('till-tender').content.cloneNode(true).firstElementChild;
    const label = this.data.tenders.find((known) => known.kind === tender.kind)?.label ?? tender.kind;
    const part = (name) => row.querySelector(`[data-paid="${name}"]`);
    row.dataset.kind = tender.kind;
    part('label').textContent = label;
    part('amount').setAttribute('aria-label', label);
    part('amount').value = plain(tender.amountFen);
    part('reference').value = tender.reference ?? '';
    part('remove').addEventListener('click', () => this.actions.removeTender(tender.kind));
    part('amount').addEventListener('input', (event) => this.actions.typeTender(tender.kind, event.target));
    part('reference').addEventListener('input', (event) => this.actions.typeReference(tender.kind, event.target.value));
    part('amount').addEventListener('focus', (event) => event.target.select());
    for (const name of ['amount', 'reference'])
      part(name).addEventListener('keydown', (event) => {
        if (event.key === 'Enter') this.actions.tenderDone(event);
      });
    return row;
  }

  drawQuick({ cashDueFen }) {
    const box = byId('till-quick');
    const amounts = quickCash(cashDueFen);
    if (box.dataset.amounts === amounts.join(' ')) return;
    box.dataset.amounts = amounts.join(' ');
    const buttons = amounts.map((fen) => {
      const button = element('button', money(fen), 'btn btn-small');
      button.type = 'button';
      button.addEventListener('click', () => this.actions.setCash(fen));
      return button;
    });
    box.replaceChildren(box.firstElementChild, ...buttons);
  }

  drawChange(draft, sums, last) {
    const panel = byId('till-change');
    const part = (name) => panel.querySelector(`[data-change="${name}"]`);
    const isDone = last !== null && draft.lines.length === 0;
    const changeFen = isDone ? last.changeFen : draft.cashFen === null && sums.cashDueFen >= 0 ? 0 : sums.changeFen;
    panel.classList.toggle('short', changeFen < 0);
    part('due').textContent = isDone ? '' : this.say('cashDue', { amount: yuan(Math.max(0, sums.cashDueFen)) });
    part('received').textContent = isDone || draft.cashFen === null ? '' : this.say('received', { amount: yuan(draft.cashFen) });
    const label = sums.cashDueFen < 0 && !isDone ? 'over' : changeFen < 0 ? 'missing' : 'changeDue';
    part('label').textContent = this.say(label);
    part('amount').textContent = yuan(label === 'over' ? -sums.cashDueFen : Math.abs(changeFen));
    part('done').hidden = !isDone;
    if (!isDone) return;
    part('number').textContent = this.say('done', { number: last.saleNumber, amount: yuan(last.grossFen) });
    part('receipt').href = `/sales/sales/${last.saleId}/receipt`;
  }

  /** The frame and the sentence of the last scan. */
  showScan(outcome, text, number) {
    this.frame.classList.remove('scan-ok', 'scan-bad', 'scan-double');
    const box = byId('till-last');
    if (!outcome) return box.replaceChildren();
    const { frame, icon } = { right: { frame: 'scan-ok', icon: 'ok' }, double: { frame: 'scan-double', icon: 'double' }, wrong: { frame: 'scan-bad', icon: 'bad' } }[outcome];
    this.frame.classList.add(frame);
    const parts = [byId(`till-icon-${icon}`).content.cloneNode(true), element('span', text)];
    if (number) parts.push(element('span', groupImei(number), 'imei'));
    box.replaceChildren(...parts);
  }

  showFault(text) {
    const box = byId('till-fault');
    box.textContent = text;
    box.hidden = text === '';
  }

  toast(text) {
    const box = byId('till-toast');
    box.textContent = text;
    box.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => (box.hidden = true), 5000);
  }

  drawHeld(held) {
    byId('till-held').replaceChildren(
      ...held.slice(0, 4).map((one) => {
        const button = element('button', one.label || this.say('walkIn'));
        button.type = 'button';
        button.append(' ', element('span', this.heldNote(one), 'muted'), ' ', element('span', this.clock.format(one.heldAt), 'muted small'));
        button.addEventListener('click', () => this.actions.take(one.id));
        return button;
      }),
    );
  }

  heldNote = (one) => `${this.say('pieces', { count: one.quantity })} ${yuan(one.amountFen)}`;

  drawShift({ count, grossFen }) {
    byId('till-shift').textContent = this.say('shiftTotal', { count, amount: yuan(grossFen) });
  }

  drawOnline(online) {
    const label = byId('till-state').firstElementChild;
    label.className = `st st-dot ${online ? 'st-ok' : 'st-bad'}`;
    label.textContent = this.say(online ? 'online' : 'offlineShort');
  }

  drawClock() {
    byId('till-clock').textContent = `${this.date.format(Date.now()).slice(5)} ${this.weekday.format(Date.now())} ${this.clock.format(Date.now())}`;
  }
}
