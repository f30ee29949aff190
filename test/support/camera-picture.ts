import { writeFileSync } from 'node:fs';
import { code128Svg } from '../../src/platform/barcode';
import { rasterise } from './rasterise-barcode';

const WIDTH = 640;
const HEIGHT = 480;

/** Writes a film (YUV4MPEG2, one picture repeated) in which a Code 128 label is held before the camera. */
export function filmOfBarcode(file: string, content: string): void {
  const label = rasterise(code128Svg(content, { text: false }), 2);
  const brightness = Buffer.alloc(WIDTH * HEIGHT, 235);
  const left = Math.floor((WIDTH - label.width) / 2);
  const top = Math.floor((HEIGHT - label.height) / 2);
  if (left < 20 || top < 20)
    throw new Error(`the label (${label.width} × ${label.height}) does not fit into the picture`);
  for (let row = 0; row < label.height; row += 1) {
    for (let column = 0; column < label.width; column += 1) {
      const dark = (label.data[(row * label.width + column) * 4] ?? 255) < 128;
      if (dark) brightness[(top + row) * WIDTH + left + column] = 16;
    }
  }
  const colourless = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const picture = Buffer.concat([Buffer.from('FRAME\n'), brightness, colourless]);
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(file, Buffer.concat([head, ...Array.from({ length: 10 }, () => picture)]));
}
