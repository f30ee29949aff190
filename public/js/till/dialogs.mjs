// Questions over the till. Each opens with its first field focused, answers with Enter, goes away with Esc, and gives the
// focus back to the scan field.

import { plain, toFen, yuan } from './amounts.mjs';
import { amountFen, listFen } from './draft.mjs';

const part = (dialog, name) => dialog.querySelector(`[data-part="${name}"]`);

function fault(dialog, text) {
  const box = part(dialog, 'fault');
  box.textContent = text;
  box.hidden = text === '';
}

/** Opens the dialog; `submit(fields)` returns a text when something is wrong, nothing when it may close. */
export function ask(id, { prepare, submit }) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  const form = dialog.querySelector('form');
  form.reset();
  if (part(dialog, 'fault')) fault(dialog, '');
  prepare?.(dialog, form);
  const stop = new AbortController();
  const { signal } = stop;
  const close = () => dialog.open && dialog.close();
  let busy = false;
  form.addEventListener(
    'submit',
    async (event) => {
      if (form.method === 'get') return;
      event.preventDefault();
      if (busy) return;
      busy = true;
      const wrong = await submit(form, dialog);
      busy = false;
      if (typeof wrong === 'string' && wrong !== '') fault(dialog, wrong);
      else if (wrong !== false) close();
    },
    { signal },
  );
  dialog.addEventListener('click', (event) => event.target.closest('[data-close]') && close(), { signal });
  dialog.addEventListener(
    'close',
    () => {
      stop.abort();
      if (document.activeElement === document.body || dialog.contains(document.activeElement)) document.getElementById('till-scan').focus();
    },
    { signal },
  );
  dialog.showModal();
  const first = form.querySelector('input:not([type=hidden])');
  first?.focus();
  first?.select();
}

export function askQuantity(line, { change, say }) {
  ask('dialog-quantity', {
    prepare: (dialog, form) => {
      part(dialog, 'line').textContent = line.name;
      form.quantity.value = String(line.quantity);
    },
    submit: (form) => {
      const typed = form.quantity.value.normalize('NFKC').trim();
      if (!/^[1-9]\d{0,3}$/.test(typed)) return say('badQuantity');
      change(Number(typed));
      return undefined;
    },
  });
}

/** Discount and price for the line depend on each other: what was typed last holds. */
export function askDiscount(line, { change, floorText, say }) {
  ask('dialog-discount', {
    prepare: (dialog, form) => {
      part(dialog, 'line').textContent = `${line.name} · ${yuan(listFen(line))}`;
      part(dialog, 'floor').textContent = floorText(line);
      form.discount.value = line.discountFen > 0 ? plain(line.discountFen) : '';
      form.amount.value = plain(amountFen(line));
      form.discount.oninput = () => other(form.discount, form.amount);
      form.amount.oninput = () => other(form.amount, form.discount);
      const other = (typed, follows) => {
        const fen = toFen(typed.value || '0');
        follows.value = fen === null || fen > listFen(line) ? '' : plain(listFen(line) - fen);
        if (fen !== null) part(dialog, 'floor').textContent = floorText({ ...line, discountFen: toFen(form.discount.value || '0') ?? 0 });
      };
    },
    submit: (form) => {
      const fen = toFen(form.discount.value || '0');
      if (fen === null || fen > listFen(line)) return say('badAmount');
      change(fen);
      return undefined;
    },
  });
}

function choice(text, take) {
  const item = document.createElement('li');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn full-width';
  button.textContent = text;
  button.addEventListener('click', take);
  item.append(button);
  return item;
}

/** One step for a known phone number; a second Enter makes an unknown one a customer. A part of a name shows whom it fits. */
export function askCustomer({ find, choose, label, none }) {
  ask('dialog-customer', {
    prepare: (dialog, form) => {
      part(dialog, 'new').hidden = true;
      part(dialog, 'submit').textContent = part(dialog, 'submit').dataset.find ??= part(dialog, 'submit').textContent;
      part(dialog, 'matches').replaceChildren();
      form.phone.oninput = () => {
        part(dialog, 'new').hidden = true;
        part(dialog, 'matches').replaceChildren();
        part(dialog, 'submit').textContent = part(dialog, 'submit').dataset.find;
      };
      dialog.querySelector('[data-do="no-customer"]').onclick = () => {
        choose(null);
        dialog.close();
      };
    },
    submit: async (form, dialog) => {
      const creating = !part(dialog, 'new').hidden;
      const answer = await find({ phone: form.phone.value, name: form.name.value, create: creating });
      if (typeof answer === 'string') return answer;
      if (answer.customer) {
        choose(answer.customer);
        return undefined;
      }
      if (answer.matches) {
        fault(dialog, answer.matches.length === 0 ? none : '');
        part(dialog, 'matches').replaceChildren(
          ...answer.matches.map((one) =>
            choice(label(one), () => {
              choose(one);
              dialog.close();
            }),
          ),
        );
        part(dialog, 'matches').querySelector('button')?.focus();
        return false;
      }
      fault(dialog, '');
      part(dialog, 'new').hidden = false;
      part(dialog, 'submit').textContent = part(dialog, 'submit').dataset.create;
      form.name.focus();
      return false;
    },
  });
}

export function askHeld(held, { take, label, note }) {
  ask('dialog-held', {
    prepare: (dialog) => {
      part(dialog, 'none').hidden = held.length > 0;
      part(dialog, 'list').replaceChildren(
        ...held.map((one) =>
          choice(`${label(one)} · ${note(one)}`, () => {
            dialog.close();
            take(one.id);
          }),
        ),
      );
      queueMicrotask(() => part(dialog, 'list').querySelector('button')?.focus());
    },
    submit: () => undefined,
  });
}

export function askApproval(why, finish) {
  ask('dialog-approval', {
    prepare: (dialog) => {
      part(dialog, 'why').textContent = why;
    },
    submit: (form) => finish({ login: form.login.value.trim(), password: form.password.value, code: form.code.value.trim() }),
  });
}

export const askReturn = () => ask('dialog-return', { submit: () => undefined });
