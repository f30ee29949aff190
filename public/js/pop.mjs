// Menus are <details class="pop"> and open without script; this closes them on a click elsewhere and on Escape.

document.addEventListener('click', (event) => {
  for (const pop of document.querySelectorAll('details.pop[open]')) {
    if (!pop.contains(event.target)) pop.open = false;
  }
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const pop = document.activeElement?.closest?.('details.pop[open]') ?? document.querySelector('details.pop[open]');
  if (!pop) return;
  pop.open = false;
  pop.querySelector('summary').focus();
});
