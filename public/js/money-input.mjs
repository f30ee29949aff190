// <input data-money>: takes what people type (full-width digits, spaces, ¥, thousands commas) and shows 1234.50 on leaving.
// Anything that is not an amount is left as typed: the server says what is wrong beside the field.

export function normalizeMoney(typed) {
  const text = typed.normalize('NFKC').replace(/[\s,¥￥元]/g, '').replace(/^[−–—]/, '-');
  const match = /^(-?)(\d*)(?:\.(\d{0,2}))?$/.exec(text);
  if (!match || (match[2] === '' && !match[3])) return null;
  const whole = match[2].replace(/^0+(?=\d)/, '') || '0';
  return `${match[1]}${whole}.${(match[3] ?? '').padEnd(2, '0')}`;
}

document.addEventListener('focusin', (event) => {
  if (event.target.matches?.('input[data-money]')) event.target.select();
});

document.addEventListener('focusout', (event) => {
  const input = event.target;
  if (!input.matches?.('input[data-money]') || input.value === '') return;
  const amount = normalizeMoney(input.value);
  if (amount === null || amount === input.value) return;
  input.value = amount;
  input.dispatchEvent(new Event('change', { bubbles: true }));
});
