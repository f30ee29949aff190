// <textarea data-count-lines="id of an <output>">: says how many lines with something on them there are.

function count(area) {
  const output = document.getElementById(area.dataset.countLines);
  if (!output) return;
  const lines = area.value.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '').length;
  output.textContent = lines === 0 ? '' : output.dataset.text.replace('#', lines.toLocaleString('en-US'));
}

document.addEventListener('input', (event) => {
  if (event.target.matches?.('textarea[data-count-lines]')) count(event.target);
});
for (const area of document.querySelectorAll('textarea[data-count-lines]')) count(area);
