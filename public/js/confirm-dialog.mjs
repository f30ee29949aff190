// <a href="/x/17/reversal/new" data-confirm>: shows the form of that confirm page in a dialog. If anything is unusual
// (no answer, signed out, no such form) the link is simply followed, so the page stays the one source of the question.

async function fetchQuestion(href) {
  const response = await fetch(href, { headers: { accept: 'text/html' }, credentials: 'same-origin' });
  if (!response.ok || response.redirected) return null;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  return page.getElementById('ask');
}

function show(question, opener) {
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-labelledby', 'ask-title');
  question.classList.remove('card');
  dialog.append(document.adoptNode(question));
  document.body.append(dialog);
  dialog.addEventListener('close', () => {
    dialog.remove();
    opener.focus();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target.closest('[data-cancel]')) {
      event.preventDefault();
      dialog.close();
    }
  });
  dialog.showModal();
  (dialog.querySelector('[aria-invalid="true"]') ?? dialog.querySelector('[data-cancel]'))?.focus();
}

document.addEventListener('click', async (event) => {
  const link = event.target.closest?.('a[data-confirm]');
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (typeof HTMLDialogElement === 'undefined') return;
  event.preventDefault();
  if (link.getAttribute('aria-busy') === 'true') return;
  link.setAttribute('aria-busy', 'true');
  try {
    const question = await fetchQuestion(link.href);
    if (question) show(question, link);
    else location.assign(link.href);
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute('aria-busy');
  }
});
