// <file-drop> round a file field: files may be dropped on it; says what was chosen.

class FileDrop extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector('input[type=file]');
    this.output = this.querySelector('output');
    this.input.addEventListener('change', () => this.tell());
    for (const type of ['dragenter', 'dragover']) {
      this.addEventListener(type, (event) => {
        if (![...event.dataTransfer.types].includes('Files')) return;
        event.preventDefault();
        this.classList.add('over');
      });
    }
    for (const type of ['dragleave', 'drop']) this.addEventListener(type, () => this.classList.remove('over'));
    this.addEventListener('drop', (event) => this.take(event));
  }

  take(event) {
    const dropped = event.dataTransfer.files;
    if (dropped.length === 0) return;
    event.preventDefault();
    const files = new DataTransfer();
    for (const file of this.input.multiple ? dropped : [dropped[0]]) files.items.add(file);
    this.input.files = files.files;
    this.tell();
  }

  tell() {
    const files = this.input.files;
    const only = files.length === 1 ? files[0].name : '';
    this.output.textContent = files.length === 0 ? '' : only || this.dataset.chosen.replace('#', files.length);
  }
}

customElements.define('file-drop', FileDrop);
