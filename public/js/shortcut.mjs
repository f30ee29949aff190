// data-shortcut="/" focuses a field, data-shortcut="F6" presses a button or follows a link. Letters and signs work only
// outside of fields; function keys everywhere, and the browser's own meaning of them is suppressed.

const isEditable = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || /^(textarea|select)$/i.test(element.tagName) || element.matches('input:not([type=checkbox], [type=radio])'));

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const isFunctionKey = /^F\d{1,2}$/.test(event.key);
  if (!isFunctionKey && isEditable(event.target)) return;
  if (document.querySelector('dialog[open]')) return;
  const target = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]:not(:disabled)`);
  if (!target || target.getClientRects().length === 0) return;
  event.preventDefault();
  if (isEditable(target)) {
    target.focus();
    target.select?.();
  } else {
    target.click();
  }
});
