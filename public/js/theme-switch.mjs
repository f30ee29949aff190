// <theme-switch> round the form that changes the theme: the page changes at once, the server is told beside it.

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener('submit', (event) => this.change(event));
  }

  async change(event) {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector('button[name=theme]');
    const theme = button.value;
    const body = new URLSearchParams(new FormData(form));
    body.set('theme', theme);
    document.documentElement.dataset.theme = theme;
    const other = theme === 'dark' ? 'light' : 'dark';
    button.value = other;
    button.querySelector('span').textContent = button.dataset[other];
    const response = await fetch(form.action, { method: 'POST', body, redirect: 'manual', credentials: 'same-origin' });
    if (response.type !== 'opaqueredirect' && !response.ok) {
      document.documentElement.dataset.theme = other;
      form.submit();
    }
  }
}

customElements.define('theme-switch', ThemeSwitch);
