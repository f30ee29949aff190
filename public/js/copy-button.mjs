// <button data-copy="352099001761481" data-done="已复制">: copies plain digits. One listener for the whole page, because
// a list has fifty of them.

async function copy(text) {
  // The clipboard interface exists on HTTPS and localhost only; an intranet page over HTTP uses the old way.
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  area.setAttribute('readonly', '');
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('copy refused');
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest?.('[data-copy]');
  if (!button) return;
  event.preventDefault();
  try {
    await copy(button.dataset.copy);
  } catch {
    return;
  }
  const label = button.getAttribute('aria-label');
  button.classList.add('done');
  button.title = button.dataset.done ?? '';
  button.setAttribute('aria-label', button.dataset.done ?? label);
  button.focus();
  setTimeout(() => {
    button.classList.remove('done');
    button.removeAttribute('title');
    button.setAttribute('aria-label', label);
  }, 1500);
});
