// The keys of the till. Function keys work everywhere but under an open dialog, where the browser's own meaning of them
// (reload, developer tools) is suppressed all the same. Del, PgDn and the arrows work while the scan field is empty.

const isEditable = (element) => element instanceof HTMLElement && element.matches('input:not([type=checkbox], [type=radio]), textarea, select');

/** `actions`: key → work; `step(±1)` moves the selection. The bar's buttons do the same by their data-key. */
export function tillKeys({ step, ...actions }) {
  const scanField = document.getElementById('till-scan');
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isFunctionKey = /^F\d{1,2}$/.test(event.key) && event.key !== 'F11';
    if (isFunctionKey) event.preventDefault();
    if (document.querySelector('dialog[open]')) return;
    if (isFunctionKey) return void actions[event.key]?.();
    const inScan = event.target === scanField;
    const mayEditLines = (inScan && scanField.value === '') || !isEditable(event.target);
    if (event.key === 'Escape') actions.Escape();
    else if (event.key === 'Delete' && mayEditLines) actions.Delete();
    else if (event.key === 'PageDown' && mayEditLines && actions.PageDown) actions.PageDown();
    else if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && mayEditLines && !event.defaultPrevented)
      step(event.key === 'ArrowUp' ? -1 : 1);
    else return;
    event.preventDefault();
  });
  for (const button of document.querySelectorAll('[data-key]'))
    button.addEventListener('click', () => actions[button.dataset.key]?.());
}
