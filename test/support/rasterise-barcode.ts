interface Bitmap {
  data: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
  colorSpace: 'srgb';
}

/**
 * Draws the bars of a barcode's SVG: vertical strokes and rectangular outlines (even-odd), as a printer would. Letters
 * are left out. `scale` is pixels per unit.
 */
export function rasterise(svg: string, scale: number): Bitmap {
  const [, w = '1', h = '1'] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  const width = Math.ceil(Number(w) * scale);
  const height = Math.ceil(Number(h) * scale);
  const dark = new Uint8Array(width * height);
  for (const [, attributes = '', d = ''] of svg.matchAll(/<path ([^>]*?)d="([^"]*)"/g)) {
    const stroke = Number(/stroke-width="([\d.]+)"/.exec(attributes)?.[1] ?? 0);
    if (stroke > 0) {
      for (const [, x, y1, , y2] of d.matchAll(/M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)/g)) {
        const left = Math.round((Number(x) - stroke / 2) * scale);
        const right = Math.round((Number(x) + stroke / 2) * scale);
        const top = Math.round(Math.min(Number(y1), Number(y2)) * scale);
        const bottom = Math.round(Math.max(Number(y1), Number(y2)) * scale);
        for (let row = top; row < bottom; row += 1) dark.fill(1, row * width + left, row * width + right);
      }
    } else if (!/[QC]/.test(d)) {
      fillOutlines(d, scale, dark, width, height);
    }
  }
  const data = new Uint8ClampedArray(width * height * 4);
  dark.forEach((ink, index) => data.set([ink ? 0 : 255, ink ? 0 : 255, ink ? 0 : 255, 255], index * 4));
  return { data, width, height, colorSpace: 'srgb' };
}

function fillOutlines(d: string, scale: number, dark: Uint8Array, width: number, height: number): void {
  const edges = d.split('Z').flatMap((outline) => {
    const points = [...outline.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => ({
      x: Number(x) * scale,
      y: Number(y) * scale,
    }));
    return points.map((from, index) => ({ from, to: points[(index + 1) % points.length] ?? from }));
  });
  for (let row = 0; row < height; row += 1) {
    const crossings = edges
      .filter(({ from, to }) => Math.min(from.y, to.y) <= row + 0.5 && row + 0.5 < Math.max(from.y, to.y))
      .map(({ from }) => Math.round(from.x))
      .sort((a, b) => a - b);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      for (let x = crossings[pair] ?? 0; x < (crossings[pair + 1] ?? 0); x += 1) {
        const at = row * width + x;
        dark[at] = dark[at] ? 0 : 1;
      }
    }
  }
}
