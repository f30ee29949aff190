import { invalid } from './errors';
import { parseScanLine, type ScannedIdentifier, type ScanProblem } from './scan-line';

/** One device as pasted: `line` counts from 1; `repeats` is the earlier line with the same numbers (a double scan). */
export interface PastedDevice {
  line: number;
  text: string;
  identifiers: ScannedIdentifier[];
  problems: ScanProblem[];
  repeats?: number;
}

export interface PasteOptions {
  /** IMEIs of one phone on a line. 2 (default): up to two make one device; 1: each number is a device of its own. */
  imeisPerDevice?: 1 | 2;
  maxLines?: number;
}

/**
 * Reads a pasted or uploaded list: a device a line, its one or two IMEIs (and MEID, SN) in any notation of
 * parseScanLine. Labelled numbers of one phone on lines of their own (IMEI1: …, IMEI2: …, SN: …) belong together.
 * Every non-empty line comes back, the unreadable ones with their reason. Throws errors:imei.too_many_lines.
 */
export function parsePaste(text: string, options: PasteOptions = {}): PastedDevice[] {
  const { imeisPerDevice = 2, maxLines = 10_000 } = options;
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/);
  if (lines.length > maxLines) throw invalid('errors:imei.too_many_lines', { count: lines.length, max: maxLines });
  const devices: PastedDevice[] = [];
  let open: { device: PastedDevice; slots: Set<string> } | null = null;
  lines.forEach((raw, index) => {
    const trimmed = raw.trim();
    if (trimmed === '') {
      open = null;
      return;
    }
    const device: PastedDevice = { line: index + 1, text: trimmed.slice(0, 200), ...parseScanLine(trimmed) };
    const slots = labelledSlots(trimmed, device);
    if (open && slots && imeisPerDevice === 2 && [...slots].every((slot) => !open?.slots.has(slot))) {
      open.device.identifiers.push(...device.identifiers);
      open.device.problems.push(...device.problems);
      open.device.text = `${open.device.text} ${device.text}`.slice(0, 200);
      for (const slot of slots) open.slots.add(slot);
      return;
    }
    devices.push(...splitDevices(device, imeisPerDevice));
    open = slots && { device, slots };
  });
  markRepeated(devices);
  return devices;
}

/** The places a fully labelled line fills ("imei1", "sn"), or null when it may stand for a device of its own. */
function labelledSlots(text: string, device: PastedDevice): Set<string> | null {
  const slots = new Set<string>();
  for (const { kind, slot } of device.identifiers) {
    if (kind === 'imei' && !slot) return null;
    if (kind !== 'imei' && !/^\s*(?:S\/?N|MEID|ESN|SERIAL|序列号|机身号)/i.test(text)) return null;
    slots.add(kind + (slot ?? ''));
  }
  return slots.size > 0 ? slots : null;
}

function splitDevices(device: PastedDevice, imeisPerDevice: 1 | 2): PastedDevice[] {
  const imeis = device.identifiers.filter(({ kind }) => kind === 'imei');
  if (imeis.length <= imeisPerDevice) return [device];
  if (imeisPerDevice === 1) {
    if (imeis.length === device.identifiers.length) {
      return imeis.map((imei, index) => ({
        ...device,
        identifiers: [imei],
        problems: index === 0 ? device.problems : [],
      }));
    }
    return [refused(device, 'other_numbers', {})];
  }
  return [refused(device, 'too_many_on_line', { count: imeis.length })];
}

function refused(device: PastedDevice, key: string, details: Record<string, unknown>): PastedDevice {
  const text = device.text.slice(0, 40);
  const problem: ScanProblem = { level: 'refuse', code: `errors:imei.${key}`, text, details: { text, ...details } };
  return { ...device, identifiers: [], problems: [...device.problems, problem] };
}

function markRepeated(devices: PastedDevice[]): void {
  const lineOf = new Map<string, number>();
  for (const device of devices) {
    const keys = device.identifiers.map(({ kind, value }) => `${kind} ${value}`);
    const earlier = keys.map((key) => lineOf.get(key));
    const known = earlier.filter((line) => line !== undefined);
    if (keys.length > 0 && known.length === keys.length && known.every((line) => line === known[0])) {
      device.repeats = known[0];
    } else if (known.length > 0) {
      // The same number beside different ones: two devices cannot share it.
      const text = device.identifiers[earlier.findIndex((line) => line !== undefined)]?.value ?? '';
      const details = { text, line: known[0] };
      device.problems.push({ level: 'refuse', code: 'errors:imei.on_other_line', text, details });
    }
    for (const key of keys) if (!lineOf.has(key)) lineOf.set(key, device.line);
  }
}
