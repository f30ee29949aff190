// <progress-poll src="/jobs/17">: follows { label, done, total, state: running|finished|failed|stopped, href? }. When it ends the
// reader is taken to href, or the page is loaded again; so it is when nobody knows of it any more: another database is in use, or
// the reader was signed out. Asks once a second, less often when nothing moves.

const SOON_MS = 1000;
const LATER_MS = 5000;
const GONE = new Set([401, 403, 404]);
const grouped = (number) => number.toLocaleString('en-US');
const counted = ({ done, total }) => (total > 0 ? `${grouped(done)} / ${grouped(total)}` : done > 0 ? grouped(done) : '');

class ProgressPoll extends HTMLElement {
  connectedCallback() {
    this.wait = SOON_MS;
    this.timer = setTimeout(() => this.ask(), this.wait);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  async ask() {
    try {
      const response = await fetch(this.getAttribute('src'), { headers: { accept: 'application/json' }, credentials: 'same-origin' });
      if (response.redirected || GONE.has(response.status)) {
        location.reload();
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      const job = await response.json();
      this.show(job);
      if (job.state !== 'running') {
        if (job.href) location.assign(job.href);
        else location.reload();
        return;
      }
    } catch {
      this.wait = LATER_MS;
    }
    if (this.isConnected) this.timer = setTimeout(() => this.ask(), document.hidden ? LATER_MS : this.wait);
  }

  show(job) {
    const bar = this.querySelector('progress');
    this.wait = bar.value === job.done ? Math.min(this.wait * 1.5, LATER_MS) : SOON_MS;
    bar.max = job.total || 1;
    bar.value = job.done;
    this.querySelector('[data-of]').textContent = counted(job);
    if (job.label) this.querySelector('[data-label]').textContent = job.label;
  }
}

customElements.define('progress-poll', ProgressPoll);
