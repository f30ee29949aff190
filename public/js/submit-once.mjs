// A form that has been sent is not sent again by a second click; the server refuses doubles anyway, this only shows it.
// Forms with data-repeatable, and GET forms, are left alone.

document.addEventListener('submit', (event) => {
  const form = event.target;
  const method = event.submitter?.formMethod || form.method;
  if (event.defaultPrevented || method !== 'post' || 'repeatable' in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = '1';
  event.submitter?.setAttribute('aria-busy', 'true');
});

// Coming back through the browser's history finds the form usable again.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    form.querySelector('[aria-busy]')?.removeAttribute('aria-busy');
  }
});
