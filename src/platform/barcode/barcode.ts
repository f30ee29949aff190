import { code128, drawingSVG, ean13, qrcode, type RenderOptions } from 'bwip-js/generic';
import { DomainError } from '../../kernel';

export interface LinearOptions {
  /** Width of the thinnest bar; 0.25 suits 203-dpi label printers (2 dots), 0.33 is the EAN norm. */
  moduleMm?: number;
  /** Height of the bars. */
  heightMm?: number;
  /** Printed below the bars; the content if true. */
  text?: string | boolean;
}

export interface QrOptions {
  /** Side with the quiet zone. */
  sizeMm?: number;
  /** Share of the symbol that may be unreadable: L 7 %, M 15 %, Q 25 %, H 30 %. */
  level?: 'L' | 'M' | 'Q' | 'H';
}

const TEXT_SIZE = 9;

/** Code 128 (ISO/IEC 15417) of printable ASCII, e.g. an IMEI or a document number. Throws errors:barcode.content. */
export function code128Svg(content: string, options: LinearOptions = {}): string {
  if (!/^[\x20-\x7e]{1,80}$/.test(content)) throw refuse(content);
  const { moduleMm = 0.25, heightMm = 12, text = true } = options;
  const drawing = { bcid: 'code128', text: content, ...linear(content, text, heightMm, moduleMm), paddingwidth: 10 };
  return frame(content, draw(content, drawing, code128), moduleMm);
}

/** EAN-13 (GS1 general specifications 5.2.1) of 12 digits, or 13 with a right check digit. Throws errors:barcode.content. */
export function ean13Svg(content: string, options: LinearOptions = {}): string {
  if (!/^\d{12,13}$/.test(content)) throw refuse(content);
  const { moduleMm = 0.33, heightMm = 18, text = true } = options;
  const drawing = { bcid: 'ean13', text: content, ...linear(content, text, heightMm, moduleMm), paddingwidth: 11 };
  return frame(content, draw(content, drawing, ean13), moduleMm);
}

/** QR code (ISO/IEC 18004) of any text, in UTF-8. Throws errors:barcode.content when it does not fit. */
export function qrSvg(content: string, options: QrOptions = {}): string {
  const { sizeMm = 25, level = 'M' } = options;
  if (content === '' || Buffer.byteLength(content) > 1000) throw refuse(content);
  const drawing = { bcid: 'qrcode', text: content, eclevel: level, scale: 1, padding: 4, backgroundcolor: 'ffffff' };
  const svg = draw(content, drawing, qrcode);
  return frame(content, svg.replaceAll('<path ', '<path shape-rendering="crispEdges" '), sizeMm / viewBox(svg).width);
}

function linear(content: string, text: string | boolean, heightMm: number, moduleMm: number): Partial<RenderOptions> {
  const caption = text === true ? content : text;
  return {
    scale: 1,
    // bwip-js takes millimetres at 72 dpi and one unit a module; frame() gives the units their true size.
    height: (heightMm / moduleMm / 72) * 25.4,
    paddingheight: 1,
    backgroundcolor: 'ffffff',
    ...(caption ? { includetext: true, textsize: TEXT_SIZE, textxalign: 'center' as const } : {}),
    ...(typeof text === 'string' ? { alttext: text } : {}),
  };
}

type Drawing = ReturnType<typeof drawingSVG>;
type Encoder = (options: RenderOptions, drawing: Drawing) => string;

function draw(content: string, options: RenderOptions, encoder: Encoder): string {
  try {
    // Bars are the paths with a stroke: they keep hard edges, the letters below stay smooth.
    return encoder(options, drawingSVG()).replaceAll('<path stroke', '<path shape-rendering="crispEdges" stroke');
  } catch (error) {
    // Everything that bwip-js throws is about the content: a wrong check digit, too much for the symbol.
    throw refuse(content, error);
  }
}

function viewBox(svg: string): { width: number; height: number } {
  const [, width = '1', height = '1'] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}

/** Gives the drawing its size on paper and a name for screen readers. */
function frame(content: string, svg: string, unitMm: number): string {
  const { width, height } = viewBox(svg);
  const size = `width="${(width * unitMm).toFixed(2)}mm" height="${(height * unitMm).toFixed(2)}mm"`;
  const title = content.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return svg.replace(/<svg ([^>]*)>/, `<svg $1 ${size} role="img"><title>${title}</title>`);
}

function refuse(content: string, cause?: unknown): DomainError {
  return new DomainError('errors:barcode.content', { details: { text: content.slice(0, 40) }, cause });
}
